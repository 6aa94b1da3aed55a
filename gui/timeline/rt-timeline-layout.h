/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where everything of a timeline stands. Pure: a model and some numbers in, doubles out; y counts
 * from below the lane headers. */
#pragma once

#include "rt-text-style.h"
#include "rt-timeline-model.h"
#include "rt-timeline-scale.h"

G_BEGIN_DECLS

/** RT_TIMELINE_MAX_LANES: with more parties than this, lanes fold. */
#define RT_TIMELINE_MAX_LANES 8

/**
 * RtTimelineParams:
 * @width: of all, in pixels; what is made of it may be wider where lanes are unfolded
 * @text_scale: everything grows with it
 * @zoom: of time: 1 = legible
 * @unfolded: a lane for each party however many there are
 * @selected: party that keeps a lane of its own, 0 = none
 */
typedef struct
{
  double width, text_scale, zoom;
  gboolean true_scale, unfolded, no_cards;
  RtPartyId selected;
  RtMeasure measure;
} RtTimelineParams;

/**
 * RtTimelineLevel:
 * @RT_TIMELINE_FULL: bands with their labels
 * @RT_TIMELINE_ARROWS: bands alone
 * @RT_TIMELINE_HEAT: one column of counts a link
 *
 * How much is shown, by how much room a message has.
 */
typedef enum
{
  RT_TIMELINE_FULL,
  RT_TIMELINE_ARROWS,
  RT_TIMELINE_HEAT,
} RtTimelineLevel;

typedef struct
{
  double x, y, width, height;
} RtBox;

/**
 * RtLaneGeometry:
 * @party: index of the party, or of the first one of a fold
 * @n_parties: more than one: a fold
 * @store: it has a store of its own, a sub-lane
 */
typedef struct
{
  double x;
  gboolean store;
  guint party, n_parties;
  const char *name, *role;
} RtLaneGeometry;

/**
 * RtRailGeometry:
 * @x_from, @x_to: middle of the rail at each end
 * @chip: where its name stands; of no width: nowhere
 */
typedef struct
{
  double x_from, x_to, y0, y1, max_y1;
  RtBox chip;
  const char *name;
} RtRailGeometry;

/**
 * RtMessageGeometry:
 * @x0, @x1: of the sender's and the receiver's end
 * @sent0, @sent1, @received0, @received1: y of the band's corners
 * @max_bottom: the lowest @bottom up to here, for searching
 * @pill: of no width: there was no room
 * @text: (nullable): as much of the target as fits; a reason phrase fits whole or not at all
 * @meta: (nullable): likewise
 * @reused: where that chip stands; of no width: nowhere
 */
typedef struct
{
  double x0, x1, sent0, sent1, received0, received1;
  double top, bottom, max_bottom;
  RtBox pill, meta_box, reused;
  const char *text, *meta;
} RtMessageGeometry;

/** RtCardGeometry: @anchor_x, @anchor_y: what it is about */
typedef struct
{
  RtBox box;
  double anchor_x, anchor_y;
  char **title, **text;
} RtCardGeometry;

/** RtDecisionGeometry: @box: its text's place; of no width: no room */
typedef struct
{
  double x, y, x_to;
  RtBox box;
  const char *text;
} RtDecisionGeometry;

/** RtStripGeometry: a column. */
typedef struct
{
  double x, width;
  const char *label, *owner;
} RtStripGeometry;

/**
 * RtTimelineLayout:
 * @lane_of: (array): by party: its lane
 * @gap: between two lanes
 * @numbers: (element-type RtBox): of the notes, on their lanes
 * @strips: (element-type RtStripGeometry): as many as there is room for
 * @cards: (element-type RtCardGeometry): empty where there is no room beside the timeline
 * @segments: (element-type RtBox): where their names stand; of no width: nowhere
 * @awaited: the masked pill
 */
typedef struct
{
  RtTimelineParams params;
  const RtTimelineModel *model;
  RtTimelineScale *scale;
  RtTimelineLevel level;
  double gutter, header, gap, lanes_end, card_x, card_width, height;
  guint n_lanes, *lane_of;
  GArray *lanes, *rails, *messages, *segments, *numbers, *decisions, *strips, *cards;
  RtBox awaited;
  GStringChunk *strings;
} RtTimelineLayout;

RtTimelineLayout *rt_timeline_layout_new (const RtTimelineModel *model,
                                          const RtTimelineParams *params);
void rt_timeline_layout_free (RtTimelineLayout *layout);

double rt_timeline_layout_y (const RtTimelineLayout *layout, RtTime time);
double rt_timeline_layout_lane_x (const RtTimelineLayout *layout, guint party);
void rt_timeline_layout_visible (
    const RtTimelineLayout *layout, double top, double bottom, guint *ret_first, guint *ret_end);
guint rt_timeline_layout_hit (const RtTimelineLayout *layout, double x, double y);
guint rt_timeline_layout_hit_number (const RtTimelineLayout *layout, double x, double y);
guint rt_timeline_layout_hit_card (const RtTimelineLayout *layout, double x, double y);

const RtMessageGeometry *rt_timeline_layout_get_message (const RtTimelineLayout *layout, guint i);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtTimelineLayout, rt_timeline_layout_free)

G_END_DECLS
