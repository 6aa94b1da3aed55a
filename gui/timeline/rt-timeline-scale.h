/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From time to y and back, monotone. *Legible* gives each gap between two events 11 to 60 pixels
 * and folds long idle away; *true* gives every millisecond the same height. */
#pragma once

#include "rt-time.h"

G_BEGIN_DECLS

/* Pixels at text scale 1 and zoom 1. */
#define RT_TIMELINE_GAP_MIN 11.0
#define RT_TIMELINE_GAP_MAX 60.0
/* At most for a stretch with nothing but handshakes in it. */
#define RT_TIMELINE_GAP_THIN 26.0
/* Two labels on one link, one below the other. */
#define RT_TIMELINE_LABEL_ROOM 46.0
/* An idle stretch of legible time, its label included. */
#define RT_TIMELINE_IDLE_HEIGHT 56.0
/* … of which the label alone. */
#define RT_TIMELINE_IDLE_BAR 24.0
/* Shorter stretches are not worth folding. */
#define RT_TIMELINE_IDLE_MIN (500 * RT_TIME_MSEC)

/**
 * RtTimelinePoint:
 * @busy: +1 where a message gets under way, -1 where all of it has arrived
 * @thin: likewise for segments without bytes
 * @link: the pair of lanes on which a label is wanted here, %G_MAXUINT for none
 * @half: above and below it nothing is to be folded so near: half of what stands beside it
 * @room: how high that label is with what it keeps free
 *
 * A moment that must be told apart from its neighbours.
 */
typedef struct
{
  RtTime time;
  gint busy, thin;
  guint link;
  double room, half;
} RtTimelinePoint;

/** RtTimelineIdle: from @y0 to @y1 nothing is under way from @from to @to. */
typedef struct
{
  double y0, y1;
  RtTime from, to;
} RtTimelineIdle;

/** RtTimelineTick: a label of the time axis: @time counts from @base. */
typedef struct
{
  double y;
  RtTime time, base;
} RtTimelineTick;

typedef struct _RtTimelineScale RtTimelineScale;

RtTimelineScale *rt_timeline_scale_new (
    RtTimelinePoint *points, guint n_points, gboolean true_scale, double zoom, double text_scale);
void rt_timeline_scale_free (RtTimelineScale *scale);

double rt_timeline_scale_y (const RtTimelineScale *scale, RtTime time);
RtTime rt_timeline_scale_time (const RtTimelineScale *scale, double y);
double rt_timeline_scale_get_end (const RtTimelineScale *scale);
RtTime rt_timeline_scale_get_base (const RtTimelineScale *scale, RtTime time);
const GArray *rt_timeline_scale_get_idle (const RtTimelineScale *scale);
const GArray *rt_timeline_scale_get_ticks (const RtTimelineScale *scale);

char *rt_timeline_format_moment (RtTime time, RtTime base, RtTime start);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtTimelineScale, rt_timeline_scale_free)

G_END_DECLS
