/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the connections' rails stand: beside their lanes, on the side of the other end, next to
 * one another while they are open together. */
#include "rt-timeline-layout-private.h"

/* From the lane to the first rail, and from rail to rail. */
#define RAIL_OFFSET 5.0
#define RAIL_STEP 11.0
/* More connections side by side than this share a place. */
#define MAX_SLOTS 5
/* A rail reaches a little beyond its first and last segment. */
#define OVERHANG 9.0

/* y at which each slot of a lane's side becomes free. */
typedef struct
{
  double free_from[MAX_SLOTS];
} Slots;

static guint
take_slot (Slots *slots, double y0, double y1)
{
  for (guint i = 0; i < MAX_SLOTS; i++)
    if (slots->free_from[i] <= y0)
      {
        slots->free_from[i] = y1;
        return i;
      }
  return MAX_SLOTS - 1;
}

/* x of the rail's end at @party; @toward: the party at its other end. */
static double
rail_x (RtTimelineLayout *layout, Slots *slots, guint party, guint toward, double y0, double y1)
{
  double x = rt_timeline_layout_lane_x (layout, party);
  gboolean right = rt_timeline_layout_lane_x (layout, toward) >= x;
  guint slot = take_slot (&slots[2 * layout->lane_of[party] + (right ? 1 : 0)], y0, y1);
  double most = MAX (0, layout->gap / layout->params.text_scale / 4 - RAIL_OFFSET);
  double offset = (RAIL_OFFSET + MIN (slot * RAIL_STEP, most)) * layout->params.text_scale;

  return right ? x + offset : x - offset;
}

/* Sets the rails. Those that are open at the end of what is known reach to it. */
void
rt_timeline_lay_rails (RtTimelineLayout *layout)
{
  const RtTimelineModel *model = layout->model;
  double overhang = OVERHANG * layout->params.text_scale;
  g_autofree Slots *slots = g_new (Slots, 2 * MAX (1, layout->n_lanes));
  double max = -G_MAXDOUBLE;

  for (guint i = 0; i < 2 * layout->n_lanes; i++)
    for (guint j = 0; j < MAX_SLOTS; j++)
      slots[i].free_from[j] = -G_MAXDOUBLE;
  for (guint i = 0; i < model->rails->len; i++)
    {
      const RtTimelineRail *rail = &g_array_index (model->rails, RtTimelineRail, i);
      RtTime closed = rail->closed != RT_TIME_UNKNOWN ? rail->closed : model->end;
      g_autofree char *name = g_strdup_printf ("conn %u", rail->id);
      RtRailGeometry geometry = {
        .y0 = rt_timeline_layout_y (layout, rail->opened) - overhang,
        .y1 = rt_timeline_layout_y (layout, closed) + overhang,
        .name = rt_timeline_layout_string (layout, name),
      };

      geometry.x_from
          = rail_x (layout, slots, rail->from, rail->to, geometry.y0, geometry.y1 + overhang);
      geometry.x_to
          = rail_x (layout, slots, rail->to, rail->from, geometry.y0, geometry.y1 + overhang);
      geometry.max_y1 = max = MAX (max, geometry.y1);
      g_array_append_val (layout->rails, geometry);
    }
}
