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

/* At most so many lines stand below a pill, and of what did not happen. */
#define RT_TIMELINE_META_LINES 3
#define RT_TIMELINE_NOTICE_LINES 4

/**
 * RtTimelineParams:
 * @width: of all, in pixels; what is made of it may be wider where lanes are unfolded
 * @text_scale: everything grows with it
 * @zoom: of time: 1 = legible
 * @unfolded: a lane for each party however many there are
 * @selected: party that keeps a lane of its own, 0 = none
 * @pinned: (array length=n_pinned): parties that do so, too
 * @order: (array length=n_order): parties whose lanes come first, in this order; those of all the
 *   others follow as they are
 * @stacked: headers have their icon above the name, also where there is room beside it
 * @beside: (nullable): a model whose moments have the same height here as in its own timeline that
 *   is laid out beside this one
 */
typedef struct
{
  double width, text_scale, zoom;
  gboolean true_scale, unfolded, no_cards, stacked;
  RtPartyId selected;
  const RtPartyId *pinned, *order;
  guint n_pinned, n_order;
  const RtTimelineModel *beside;
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

/** RT_MARK_SIZE: height of a note's number, and its width while it is one digit. */
#define RT_MARK_SIZE 17.0

static inline double
rt_mark_width (const char *mark)
{
  return RT_MARK_SIZE + 6.0 * (double)(g_utf8_strlen (mark, -1) - 1);
}

/**
 * RtLaneGeometry:
 * @party: index of the party, or of the first one of a fold
 * @n_parties: more than one: a fold
 * @store: it has a store of its own, a sub-lane
 * @pinned: it keeps its lane
 * @lines: the name as it fits, on one line or two; @role: likewise
 * @width: of the widest of them
 */
typedef struct
{
  double x, width;
  gboolean store, pinned;
  guint party, n_parties;
  const char *name, *role;
  const char *lines[2];
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
 * @far: … there was only room so far from the band that a line leads there
 * @text: (nullable): as much of the target as fits; a reason phrase fits whole or not at all
 * @meta: the lines below the pill, %NULL behind the last: the target, where it has no room in it,
 *   and the telling field
 * @reused: where that chip stands; of no width: nowhere
 */
typedef struct
{
  double x0, x1, sent0, sent1, received0, received1;
  double top, bottom, max_bottom;
  RtBox pill, meta_box, reused;
  gboolean far;
  const char *text;
  const char *meta[RT_TIMELINE_META_LINES];
} RtMessageGeometry;

/** RtCardGeometry: @anchor_x, @anchor_y: what it is about */
typedef struct
{
  RtBox box;
  double anchor_x, anchor_y;
  char **title, **text, **reference;
} RtCardGeometry;

/** RtDecisionGeometry: @box: its text's place; of no width: no room; @lines: %NULL behind the last
 */
typedef struct
{
  double x, y, x_to;
  RtBox box;
  const char *lines[RT_TIMELINE_NOTICE_LINES];
} RtDecisionGeometry;

/** RtStripGeometry: a column. @strip: index of what it shows */
typedef struct
{
  double x, width;
  guint strip;
  const char *label, *owner;
} RtStripGeometry;

/**
 * RtTimelineLayout:
 * @lane_of: (array): by party: its lane
 * @gap: between two lanes
 * @stacked: there is no room for the icons beside the names: they stand above them
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
  gboolean stacked;
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
guint rt_timeline_layout_hit_lane (const RtTimelineLayout *layout, double x);
guint rt_timeline_layout_hit_number (const RtTimelineLayout *layout, double x, double y);
guint rt_timeline_layout_hit_card (const RtTimelineLayout *layout, double x, double y);

const RtMessageGeometry *rt_timeline_layout_get_message (const RtTimelineLayout *layout, guint i);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtTimelineLayout, rt_timeline_layout_free)

G_END_DECLS
