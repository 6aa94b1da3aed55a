/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between the files that make a layout. */
#pragma once

#include "rt-timeline-layout.h"
#include "rt-timeline-placer.h"

G_BEGIN_DECLS

/* Half of what stands on a lane: rails to both sides. */
#define RT_LANE_HALF 6.0

/* From a lane to the far edge of the sub-lane of its own store. */
#define RT_STORE_OFFSET 26.0

/* A lane's icon with the gap to its name. */
#define RT_HEADER_ICON 24.0
#define RT_HEADER_ICON_ROOM 33.0

/* Height of a line of a telling field. */
#define RT_META_LINE 16.0

void rt_timeline_lay_lanes (RtTimelineLayout *layout);
void rt_timeline_lay_rails (RtTimelineLayout *layout);
void rt_timeline_lay_labels (RtTimelineLayout *layout);
void rt_timeline_lay_pills (RtTimelineLayout *layout, const RtPlacers *placers);
void rt_timeline_lay_cards (RtTimelineLayout *layout);

const char *rt_timeline_layout_string (RtTimelineLayout *layout, const char *string);
const char *
rt_timeline_fitting (RtTimelineLayout *layout, RtTextStyle style, const char *text, double room);
double rt_timeline_notice_half (const RtTimelineLayout *layout, const RtTimelineDecision *decision);
double rt_timeline_keep_inside (const RtTimelineLayout *layout, double x, double width);

static inline double
rt_timeline_width (const RtTimelineLayout *layout, RtTextStyle style, const char *text)
{
  const RtMeasure *measure = &layout->params.measure;

  return measure->width (measure->data, style, text, -1) * layout->params.text_scale;
}

G_END_DECLS
