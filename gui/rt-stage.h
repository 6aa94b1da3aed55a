/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where a run is watched: which run, the timeline, the transport bar, the current card. */
#pragma once

#include <gtk/gtk.h>

#include "rt-timeline.h"
#include "rt-transport.h"

G_BEGIN_DECLS

/**
 * RtStage:
 *
 * Signals: `run-chosen (guint)`: another of the runs is to be shown; `beside-chosen (guint)`: …
 * beside it; 0: none.
 */
#define RT_TYPE_STAGE (rt_stage_get_type ())
G_DECLARE_FINAL_TYPE (RtStage, rt_stage, RT, STAGE, GtkWidget)

void rt_stage_set_view (RtStage *self, RtView *view);
RtView *rt_stage_get_view (RtStage *self);
void rt_stage_set_runs (RtStage *self, const char *const *names, guint chosen, const char *note);
RtTimeline *rt_stage_get_timeline (RtStage *self);
RtTransport *rt_stage_get_transport (RtStage *self);
void rt_stage_set_beside (RtStage *self, RtView *view, const char *changes);
RtView *rt_stage_get_beside (RtStage *self);
RtView *rt_stage_get_acting_view (RtStage *self);
void rt_stage_set_others (RtStage *self, const char *const *names, guint chosen);
void rt_stage_set_discardable (RtStage *self, gboolean discardable);
RtTimeline *rt_stage_get_other_timeline (RtStage *self);
const char *rt_stage_get_caption (RtStage *self);
void rt_stage_set_true_scale (RtStage *self, gboolean true_scale);

G_END_DECLS
