/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The timeline as a widget: a view of one analysis. Put it in a GtkScrolledWindow. */
#pragma once

#include <gtk/gtk.h>

#include "rt-timeline-model.h"

G_BEGIN_DECLS

/**
 * RtTimeline:
 *
 * Signals: `selected (guint exchange, gboolean request)`: a message was chosen here by mouse, key
 * or set_selected (exchange 0: none); `card-activated (guint card)`: a card or its number was
 * clicked: its index in the model; `seek (gint64 time)`: a moment was asked for; `step (gint by)`:
 * ← or → was pressed; `menu (double x, double y)`: the menu of the message that is
 * selected is asked for there; `compare (guint exchange)`: one was pointed at, to be compared;
 * `edge (gint direction)`: the end of what is shown was reached, 1: downwards, -1: upwards;
 * `zoomed-out`: single messages are not shown any more, and there is no overview; `jump (gint64
 * time)`: the messages of that time are wanted.
 */
#define RT_TYPE_TIMELINE (rt_timeline_get_type ())
G_DECLARE_FINAL_TYPE (RtTimeline, rt_timeline, RT, TIMELINE, GtkWidget)

GtkWidget *rt_timeline_new (void);
void rt_timeline_set_analysis (RtTimeline *self, RtAnalysis *analysis, gboolean masked);
void rt_timeline_set_model (RtTimeline *self, RtTimelineModel *model);
const RtTimelineModel *rt_timeline_get_model (RtTimeline *self);
void rt_timeline_set_overview (RtTimeline *self, RtTimelineModel *overview);
gboolean rt_timeline_get_shows_overview (RtTimeline *self);

void rt_timeline_set_now (RtTimeline *self, RtTime now);
RtTime rt_timeline_get_now (RtTimeline *self);

void rt_timeline_set_true_scale (RtTimeline *self, gboolean true_scale);
gboolean rt_timeline_get_true_scale (RtTimeline *self);
void rt_timeline_set_zoom (RtTimeline *self, double zoom);
double rt_timeline_get_zoom (RtTimeline *self);
void rt_timeline_set_text_scale (RtTimeline *self, double text_scale);
void rt_timeline_set_unfolded (RtTimeline *self, gboolean unfolded);
gboolean rt_timeline_get_shows_cards (RtTimeline *self);

void rt_timeline_set_selected (RtTimeline *self, guint exchange, gboolean request);
guint rt_timeline_get_selected (RtTimeline *self, gboolean *ret_request);
double rt_timeline_get_message_y (RtTimeline *self, guint message);
void rt_timeline_set_different (RtTimeline *self, guint exchange, gboolean request);
void rt_timeline_show_different (RtTimeline *self);
void rt_timeline_move_selection (RtTimeline *self, int by);
void rt_timeline_set_spotlight (RtTimeline *self, gboolean spotlight);
void rt_timeline_set_no_cards (RtTimeline *self, gboolean no_cards);
void rt_timeline_pair (RtTimeline *self, RtTimeline *peer);

G_END_DECLS
