/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From a layout to a picture: what is drawn, in which order, in which colours. Screen, page and
 * SVG are the same scene. */
#pragma once

#include "rt-sink.h"
#include "rt-theme.h"
#include "rt-timeline-layout.h"

G_BEGIN_DECLS

/**
 * RtTimelineView:
 * @scroll: y of the first visible line below the header
 * @width, @height: of the visible part, header included
 * @hover, @selected: index of a message, or %RT_TIMELINE_NONE
 * @different: likewise: the first one that is not as in the timeline beside this one
 * @spotlight: … all but the selected one is dimmed
 * @lane: 1 + index of the lane that was chosen by key, 0: none
 * @now: where playback stands; %RT_TIME_UNKNOWN: all is shown
 */
typedef struct
{
  double scroll, width, height;
  guint hover, selected, different, lane;
  gboolean spotlight;
  RtTime now;
  RtScheme scheme;
} RtTimelineView;

void
rt_timeline_scene_draw (const RtTimelineLayout *layout, const RtTimelineView *view, RtSink *sink);

G_END_DECLS
