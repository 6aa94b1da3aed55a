/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The moments of an analysis at which something happens, and how playback moves between them. */
#pragma once

#include "rt-analysis.h"

G_BEGIN_DECLS

GArray *rt_playback_moments (RtAnalysis *analysis);
RtTime rt_playback_advance (const GArray *moments, RtTime now, gint64 wall_usec, double speed);
RtTime rt_playback_step (const GArray *moments, RtTime now, int by);
double rt_playback_position (const GArray *moments, RtTime now);
RtTime rt_playback_time (const GArray *moments, double position);

G_END_DECLS
