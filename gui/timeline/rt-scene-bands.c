/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What crossed: rails of connections, handshake segments, and the slanted bands of messages. A
 * band's edges are first and last byte, sent and received. Solid crossed; dashed did not happen. */
#include "rt-timeline-scene-private.h"

#include <math.h>

#define RAIL_WIDTH 8.0

static void
paint_rail_end (
    const RtPainter *painter, const RtTimelineRail *rail, double x, double y0, double y1)
{
  double unit = painter->unit;
  double width = RAIL_WIDTH * unit;
  const RtTheme *theme = painter->theme;
  RtColor edge = rt_color_with_alpha (theme->rail, theme->line > 1 ? 1 : 0.5);

  x = round (x - width / 2);
  painter->sink->klass->rounded (painter->sink, x, y0, width, y1 - y0, width / 2,
                                 &theme->background, NULL, 0);
  painter->sink->klass->rounded (painter->sink, x, y0, width, y1 - y0, width / 2, &theme->rail_fill,
                                 &edge, theme->line * unit);
  if (!rail->before)
    painter->sink->klass->rounded (painter->sink, x - unit, y0 - unit, width + 2 * unit, 4 * unit,
                                   2 * unit, &theme->rail, NULL, 0);
  /* The cap below says that it was closed; a connection that is still open has none. */
  if (rail->closed != RT_TIME_UNKNOWN)
    painter->sink->klass->rounded (painter->sink, x - unit, y1 - 3 * unit, width + 2 * unit,
                                   4 * unit, 2 * unit, &theme->rail, NULL, 0);
}

/* Index of the first rail that may be visible. */
static guint
first_rail (const RtPainter *painter)
{
  const GArray *rails = painter->layout->rails;
  guint low = 0;
  guint high = rails->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (rails, RtRailGeometry, middle).max_y1 < painter->top)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

void
rt_paint_rails (const RtPainter *painter)
{
  const GArray *rails = painter->layout->rails;

  for (guint i = first_rail (painter); i < rails->len; i++)
    {
      const RtTimelineRail *rail = &g_array_index (painter->model->rails, RtTimelineRail, i);
      const RtRailGeometry *geometry = &g_array_index (rails, RtRailGeometry, i);
      double y0 = geometry->y0 + painter->shift;
      double y1 = geometry->y1 + painter->shift;

      if (geometry->y0 > painter->bottom)
        return;
      if (geometry->y1 < painter->top)
        continue;
      paint_rail_end (painter, rail, geometry->x_from, y0, y1);
      paint_rail_end (painter, rail, geometry->x_to, y0, y1);
      if (rail->end == RT_CONNECTION_CUT || rail->end == RT_CONNECTION_FAILED)
        {
          rt_paint_cross (painter, geometry->x_from, y1 - 2 * painter->unit,
                          &painter->theme->ink[RT_TIMELINE_ERROR]);
          rt_paint_cross (painter, geometry->x_to, y1 - 2 * painter->unit,
                          &painter->theme->ink[RT_TIMELINE_ERROR]);
        }
    }
}

static void
paint_segment (const RtPainter *painter, const RtTimelineSegment *segment)
{
  const RtRailGeometry *rail
      = &g_array_index (painter->layout->rails, RtRailGeometry, segment->rail);
  const RtTimelineRail *of = &g_array_index (painter->model->rails, RtTimelineRail, segment->rail);
  double unit = painter->unit;
  double x0 = segment->from == of->from ? rail->x_from : rail->x_to;
  double x1 = segment->from == of->from ? rail->x_to : rail->x_from;
  double y0 = rt_timeline_layout_y (painter->layout, segment->sent) + painter->shift;
  RtColor ink = segment->lost ? painter->theme->ink[RT_TIMELINE_ERROR]
                              : rt_color_with_alpha (painter->theme->rail, 0.62);
  double y1;

  x0 += (x1 > x0 ? 4 : -4) * unit;
  x1 += (x1 > x0 ? -4 : 4) * unit;
  if (segment->received == RT_TIME_UNKNOWN)
    {
      x1 = x0 + (x1 - x0) * 0.55;
      y1 = y0 + 14 * unit;
    }
  else
    y1 = rt_timeline_layout_y (painter->layout, segment->received) + painter->shift;
  painter->sink->klass->line (painter->sink, x0, y0, x1, y1, 1.2 * unit * painter->theme->line,
                              &ink, 0);
  if (segment->lost)
    rt_paint_cross (painter, x1, y1, &ink);
  else if (segment->received != RT_TIME_UNKNOWN)
    rt_paint_arrow (painter, x0, y0, x1, y1, 7 * unit, &ink);
}

/* Segments are in the order they were sent in; none is under way for longer than a screen. */
void
rt_paint_segments (const RtPainter *painter)
{
  const GArray *segments = painter->model->segments;
  RtTime from
      = rt_timeline_scale_time (painter->layout->scale, painter->top - painter->view->height);
  RtTime to = rt_timeline_scale_time (painter->layout->scale, painter->bottom);

  for (guint i = rt_paint_first_since (segments, sizeof (RtTimelineSegment),
                                       G_STRUCT_OFFSET (RtTimelineSegment, sent), from);
       i < segments->len; i++)
    {
      const RtTimelineSegment *segment = &g_array_index (segments, RtTimelineSegment, i);

      if (segment->sent > to)
        return;
      paint_segment (painter, segment);
    }
}

/* Slanted lines across a band that waited in a buffer. */
static void
paint_hatch (const RtPainter *painter, const RtMessageGeometry *geometry, const RtColor *ink)
{
  RtColor thin = rt_color_with_alpha (*ink, 0.45);
  double length = fabs (geometry->x1 - geometry->x0);
  guint n = (guint)(length / (9 * painter->unit));

  for (guint i = 1; i < n; i++)
    {
      double at = (double)i / n;
      double x = geometry->x0 + (geometry->x1 - geometry->x0) * at;
      double y0 = geometry->sent0 + (geometry->received0 - geometry->sent0) * at;
      double y1 = geometry->sent1 + (geometry->received1 - geometry->sent1) * at;

      painter->sink->klass->line (painter->sink, x + 3 * painter->unit, y0 + painter->shift,
                                  x - 3 * painter->unit, y1 + painter->shift, painter->unit, &thin,
                                  0);
    }
}

static void
paint_body (const RtPainter *painter,
            const RtTimelineMessage *message,
            const RtMessageGeometry *geometry,
            gboolean hot)
{
  RtColor fill = painter->theme->fill[message->kind];
  double s0 = geometry->sent0 + painter->shift;
  double s1 = geometry->sent1 + painter->shift;
  double r0 = geometry->received0 + painter->shift;
  double r1 = geometry->received1 + painter->shift;
  double head[] = {
    geometry->x0, s0,
    geometry->x1, r0,
    geometry->x1, r0 + (r1 - r0) * message->head,
    geometry->x0, s0 + (s1 - s0) * message->head,
  };
  double whole[] = { geometry->x0, s0, geometry->x1, r0, geometry->x1, r1, geometry->x0, s1 };

  fill.alpha *= hot ? 1.8f : 1;
  painter->sink->klass->polygon (painter->sink, whole, 4, &fill);
  fill.alpha = MIN (1, fill.alpha * 1.5f);
  if (message->head < 1)
    painter->sink->klass->polygon (painter->sink, head, 4, &fill);
}

static void
paint_band (const RtPainter *painter, guint i)
{
  const RtTimelineMessage *message = rt_timeline_model_get_message (painter->model, i);
  const RtMessageGeometry *geometry = rt_timeline_layout_get_message (painter->layout, i);
  const RtColor *ink = &painter->theme->ink[message->kind];
  RtColor last = rt_color_with_alpha (*ink, 0.55);
  gboolean hot = rt_painter_is_hot (painter, i);
  gboolean arrives = message->received_first != RT_TIME_UNKNOWN;
  double unit = painter->unit;
  double width = (hot ? 3.4 : 2.4) * unit * painter->theme->line;
  double head = 13 * unit;
  double y0 = geometry->sent0 + painter->shift;
  double y1 = geometry->received0 + painter->shift;
  double angle = atan2 (y1 - y0, geometry->x1 - geometry->x0);

  if (painter->layout->level == RT_TIMELINE_ARROWS)
    head = 8 * unit;
  paint_body (painter, message, geometry, hot);
  if (message->buffered)
    paint_hatch (painter, geometry, ink);
  painter->sink->klass->line (painter->sink, geometry->x0, y0,
                              geometry->x1 - (arrives ? cos (angle) * head * 0.6 : 0),
                              y1 - (arrives ? sin (angle) * head * 0.6 : 0), width, ink, 0);
  if (message->retry)
    painter->sink->klass->line (painter->sink, geometry->x0, y0 - 5 * unit, geometry->x1,
                                y1 - 5 * unit, 1.4 * unit, ink, 0);
  painter->sink->klass->line (painter->sink, geometry->x0, geometry->sent1 + painter->shift,
                              geometry->x1, geometry->received1 + painter->shift, unit, &last, 0);
  if (arrives)
    rt_paint_arrow (painter, geometry->x0, y0, geometry->x1, y1, head, ink);
  if (message->cut)
    rt_paint_cross (painter, geometry->x1, geometry->received1 + painter->shift,
                    &painter->theme->ink[RT_TIMELINE_ERROR]);
}

void
rt_paint_bands (const RtPainter *painter)
{
  for (guint i = painter->first; i < painter->end; i++)
    paint_band (painter, i);
}

/* A dashed line toward where the message would have gone, crossed out at its end; an own store's
 * look-up is a thin mark on the sub-lane. */
void
rt_paint_decision_lines (const RtPainter *painter)
{
  const RtTimelineLayout *layout = painter->layout;
  double unit = painter->unit;
  RtTime from = rt_timeline_scale_time (layout->scale, painter->top - 40 * unit);

  for (guint i = rt_paint_first_since (painter->model->decisions, sizeof (RtTimelineDecision),
                                       G_STRUCT_OFFSET (RtTimelineDecision, time), from);
       i < layout->decisions->len; i++)
    {
      const RtTimelineDecision *decision
          = &g_array_index (painter->model->decisions, RtTimelineDecision, i);
      const RtDecisionGeometry *geometry
          = &g_array_index (layout->decisions, RtDecisionGeometry, i);
      double y = geometry->y + painter->shift;

      if (geometry->y > painter->bottom + 40 * unit)
        return;
      if (decision->own_store)
        {
          double lane = rt_timeline_layout_lane_x (layout, decision->party);
          double store = lane - RT_STORE_LINE * unit;

          painter->sink->klass->line (painter->sink, store, y - 7 * unit, store, y + 7 * unit,
                                      1.4 * unit, &painter->theme->ink[RT_TIMELINE_CACHE], 0);
          painter->sink->klass->line (painter->sink, lane, y - 3 * unit, store + 2 * unit,
                                      y - 3 * unit, 1.2 * unit,
                                      &painter->theme->ink[RT_TIMELINE_CACHE], 0);
          painter->sink->klass->line (painter->sink, store + 2 * unit, y + 3 * unit, lane,
                                      y + 3 * unit, 1.2 * unit,
                                      &painter->theme->ink[RT_TIMELINE_CACHE], 0);
        }
      if (decision->acted)
        continue;
      painter->sink->klass->line (painter->sink, geometry->x, y, geometry->x_to, y,
                                  2 * unit * painter->theme->line, &painter->theme->dim, 5 * unit);
    }
}

/* The bytes that are under way at the present glow on its line. */
void
rt_paint_in_flight (const RtPainter *painter)
{
  RtTime now = painter->view->now;
  double y = painter->now;
  double r = 7 * painter->unit;
  double around = 5 * painter->unit;

  for (guint i = painter->first; i < painter->end; i++)
    {
      const RtTimelineMessage *message = rt_timeline_model_get_message (painter->model, i);
      const RtMessageGeometry *geometry = rt_timeline_layout_get_message (painter->layout, i);
      const RtColor *ink = &painter->theme->ink[message->kind];
      RtColor glow = rt_color_with_alpha (*ink, 0.30);
      double first, last, x0, x1;

      if (now < message->sent_first || message->received_last == RT_TIME_UNKNOWN
          || now > message->received_last)
        continue;
      first = (now - message->sent_first)
              / MAX (1.0, (double)(message->received_first - message->sent_first));
      last = (now - message->sent_last)
             / MAX (1.0, (double)(message->received_last - message->sent_last));
      x0 = geometry->x0 + (geometry->x1 - geometry->x0) * CLAMP (first, 0, 1);
      x1 = geometry->x0 + (geometry->x1 - geometry->x0) * CLAMP (last, 0, 1);
      if (x0 > x1)
        {
          double swap = x0;

          x0 = x1;
          x1 = swap;
        }
      painter->sink->klass->rounded (painter->sink, x0 - r - around, y - r - around,
                                     x1 - x0 + 2 * (r + around), 2 * (r + around), r + around,
                                     &glow, NULL, 0);
      painter->sink->klass->rounded (painter->sink, x0 - r, y - r, x1 - x0 + 2 * r, 2 * r, r, ink,
                                     &painter->theme->surface, 2 * painter->unit);
    }
}
