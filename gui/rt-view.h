/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A view of (log, cut): the one thing that every widget reads. It feeds its own analysis up to the
 * cut and no further, so that what may not be known yet is nowhere in the window. It also knows
 * what is selected and where playback stands, so that the widgets agree. */
#pragma once

#include <glib-object.h>

#include "rt-analysis.h"
#include "rt-excerpt.h"
#include "rt-run-overview.h"
#include "rt-scenario.h"
#include "rt-session.h"
#include "rt-timeline-model.h"

G_BEGIN_DECLS

/**
 * RtView:
 *
 * Signals: `changed`: it was fed more; `selected`: another exchange, message or span; `moved`:
 * playback stands elsewhere; `noted`: other notes are shown; `wanted`: another part of a long run
 * is to be shown, or not any more, or an overview of it; `overviewed`: that is there.
 */
#define RT_TYPE_VIEW (rt_view_get_type ())
G_DECLARE_FINAL_TYPE (RtView, rt_view, RT, VIEW, GObject)

/**
 * RtViewSelection:
 * @exchange: its id, 0 = none
 * @request: its request, not its response
 * @span: the bytes that are marked; none: the message as a whole
 */
typedef struct
{
  guint exchange;
  gboolean request;
  RtSpan span;
} RtViewSelection;

/**
 * RtViewWant:
 * @RT_VIEW_WANTS_EXCHANGE: the part around an exchange, which is then selected
 * @RT_VIEW_WANTS_TIME: … around a time
 * @RT_VIEW_WANTS_EVENT: … around an event
 */
typedef enum
{
  RT_VIEW_WANTS_NOTHING,
  RT_VIEW_WANTS_EXCHANGE,
  RT_VIEW_WANTS_TIME,
  RT_VIEW_WANTS_EVENT,
} RtViewWant;

/**
 * RtViewWanted:
 * @exchange, @request, @span: of %RT_VIEW_WANTS_EXCHANGE
 *
 * What is to be shown, and is in no part that was read.
 */
typedef struct
{
  RtViewWant kind;
  guint exchange;
  gboolean request;
  RtSpan span;
  RtTime time;
  guint64 event;
} RtViewWanted;

RtView *rt_view_new (RtReader *reader, const char *title);
RtView *rt_view_new_for_play (RtPlay *play);
void rt_view_set_observed (RtView *self, gboolean observed);
gboolean rt_view_get_observed (RtView *self);

const char *rt_view_get_title (RtView *self);
RtPlay *rt_view_get_play (RtView *self);
RtAnalysis *rt_view_get_analysis (RtView *self);
const RtTimelineModel *rt_view_get_model (RtView *self);
const GArray *rt_view_get_moments (RtView *self);

gboolean rt_view_set_cut (RtView *self, guint64 cut, GError **error);
gboolean rt_view_get_masked (RtView *self);
gboolean rt_view_get_part (RtView *self, guint64 *ret_first, guint64 *ret_end, guint64 *ret_all);
RtExcerpt *rt_view_get_excerpt (RtView *self);
const RtViewWanted *rt_view_get_wanted (RtView *self);
void rt_view_want_time (RtView *self, RtTime time);
gboolean rt_view_want_more (RtView *self, int direction);
RtAnalysis *rt_view_take_part (
    RtView *self, RtExcerpt *excerpt, RtAnalysis *analysis, RtTimelineModel *model, guint exchange);
gboolean rt_view_get_wants_overview (RtView *self);
void rt_view_want_overview (RtView *self);
void rt_view_take_overview (RtView *self, RtRunOverview *overview);
RtTimelineModel *rt_view_new_overview (RtView *self);
void rt_view_give_up (RtView *self, const char *why);
const char *rt_view_get_trouble (RtView *self);
RtTime rt_view_get_old_end (RtView *self);

void rt_view_select (RtView *self, guint exchange, gboolean request, RtSpan span);
RtViewSelection rt_view_get_selection (RtView *self);
const RtExchange *rt_view_get_exchange (RtView *self);
const RtTransfer *rt_view_get_transfer (RtView *self);

void rt_view_set_now (RtView *self, RtTime now);
RtTime rt_view_get_now (RtView *self);
void rt_view_step (RtView *self, int by);

void rt_view_set_file (RtView *self, const char *path, RtRunSource source);
const char *rt_view_get_file (RtView *self);
gboolean rt_view_get_is_private (RtView *self);
RtReader *rt_view_dup_reader (RtView *self);
guint64 rt_view_get_cut (RtView *self);
gboolean rt_view_follow (RtView *self, GError **error);

GPtrArray *rt_view_dup_notes (RtView *self); /* RtTimelineNote */
guint rt_view_get_hidden_layers (RtView *self);
void rt_view_set_notes (RtView *self, RtTimelineLayer layer, GPtrArray *notes);
void rt_view_set_hidden_layers (RtView *self, guint layers);
RtTimelineModel *rt_view_dup_model (RtView *self);

G_END_DECLS
