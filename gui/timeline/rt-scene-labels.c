/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pills with their badges and telling fields, the chips of connections, what did not happen, and
 * the numbers of notes. */
#include "rt-timeline-scene-private.h"

#include <math.h>

#define BADGE_ROOM 22.0

/* A shield, drawn in a box of 2 × @r. */
static void
paint_shield (const RtPainter *painter, double x, double y, double r, const RtColor *ink)
{
  static const double outline[] = {
    0, -1, 0.85, -0.68, 0.85, 0.05, 0.62, 0.5, 0, 1, -0.62, 0.5, -0.85, 0.05, -0.85, -0.68,
  };
  double points[G_N_ELEMENTS (outline)];
  double unit = r / 9;

  for (guint i = 0; i < G_N_ELEMENTS (outline); i += 2)
    {
      points[i] = x + outline[i] * r;
      points[i + 1] = y + outline[i + 1] * r;
    }
  painter->sink->klass->polygon (painter->sink, points, G_N_ELEMENTS (outline) / 2, ink);
  painter->sink->klass->line (painter->sink, x - 3.6 * unit, y - 0.4 * unit, x - 0.8 * unit,
                              y + 2.6 * unit, 1.8 * unit, &painter->theme->on_ink, 0);
  painter->sink->klass->line (painter->sink, x - 1.2 * unit, y + 2.6 * unit, x + 3.8 * unit,
                              y - 3 * unit, 1.8 * unit, &painter->theme->on_ink, 0);
}

static void
paint_triangle (const RtPainter *painter, double x, double y, double r, const RtColor *ink)
{
  double points[] = { x, y - r, x + r, y + r * 0.8, x - r, y + r * 0.8 };

  painter->sink->klass->polygon (painter->sink, points, 3, ink);
  rt_paint_text_centred (painter, x, y + 1.5 * painter->unit, "!", RT_TEXT_MARK,
                         &painter->theme->on_ink);
}

static void
paint_bolt (const RtPainter *painter, double x, double y, double r, const RtColor *ink)
{
  static const double outline[]
      = { 0.18, -0.7, -0.42, 0.12, -0.04, 0.12, -0.18, 0.7, 0.42, -0.12, 0.04, -0.12 };
  double points[G_N_ELEMENTS (outline)];

  for (guint i = 0; i < G_N_ELEMENTS (outline); i += 2)
    {
      points[i] = x + outline[i] * r;
      points[i + 1] = y + outline[i + 1] * r;
    }
  painter->sink->klass->rounded (painter->sink, x - r, y - r, 2 * r, 2 * r, r, ink, NULL, 0);
  painter->sink->klass->polygon (painter->sink, points, G_N_ELEMENTS (outline) / 2,
                                 &painter->theme->on_ink);
}

/* Each badge has a shape of its own. */
static void
paint_badge (const RtPainter *painter, RtTimelineBadge badge, double x, double y)
{
  double r = 9 * painter->unit;

  switch (badge)
    {
    case RT_TIMELINE_SHIELD:
      paint_shield (painter, x, y, r, &painter->theme->good);
      break;
    case RT_TIMELINE_WARNING:
      paint_triangle (painter, x, y, r, &painter->theme->warning);
      break;
    case RT_TIMELINE_PROBLEM:
      painter->sink->klass->rounded (painter->sink, x - r, y - r, 2 * r, 2 * r, r,
                                     &painter->theme->ink[RT_TIMELINE_ERROR], NULL, 0);
      rt_paint_text_centred (painter, x, y, "!", RT_TEXT_CODE, &painter->theme->on_ink);
      break;
    case RT_TIMELINE_BOLT:
      paint_bolt (painter, x, y, r, &painter->theme->ink[RT_TIMELINE_CACHE]);
      break;
    case RT_TIMELINE_NO_BADGE:
    default:
      break;
    }
}

static void
paint_meta (const RtPainter *painter, guint i, const RtMessageGeometry *geometry)
{
  const RtBox *box = &geometry->meta_box;
  RtColor under = rt_color_with_alpha (painter->theme->background, 0.84);
  double y = box->y + painter->shift;

  if (geometry->meta[0] == NULL)
    return;
  if (i == painter->view->different)
    y += 5 * painter->unit; /* below the ring */
  painter->sink->klass->rounded (painter->sink, box->x, y, box->width, box->height,
                                 5 * painter->unit, &under, NULL, 0);
  for (guint line = 0; line < RT_TIMELINE_META_LINES && geometry->meta[line] != NULL; line++)
    rt_paint_text_centred (painter, box->x + box->width / 2,
                           y + (line + 0.5) * RT_META_LINE * painter->unit, geometry->meta[line],
                           RT_TEXT_META, &painter->theme->dim);
}

/* A ring around the first message that differs, and a sign at its right end. */
static void
paint_difference (const RtPainter *painter, const RtBox *box)
{
  double unit = painter->unit;
  double r = 9 * unit;
  double x = box->x + box->width + 4 * unit;

  painter->sink->klass->rounded (painter->sink, box->x - 4 * unit, box->y - 4 * unit,
                                 box->width + 8 * unit, box->height + 8 * unit,
                                 box->height / 2 + 4 * unit, NULL, &painter->theme->now, 2 * unit);
  painter->sink->klass->rounded (painter->sink, x, box->y + box->height / 2 - r, 2 * r, 2 * r, r,
                                 &painter->theme->now, NULL, 0);
  rt_paint_text_centred (painter, x + r, box->y + box->height / 2, "≠", RT_TEXT_CODE,
                         &painter->theme->on_ink);
}

static void
paint_pill_box (const RtPainter *painter, guint i, const RtBox *box, const RtColor *ink)
{
  const RtTimelineMessage *message = rt_timeline_model_get_message (painter->model, i);
  double unit = painter->unit;
  double radius = box->height / 2;
  double stroke = (rt_painter_is_hot (painter, i) ? 2.4 : 1.3) * unit * painter->theme->line;

  if (i == painter->view->selected)
    {
      RtColor halo = rt_color_with_alpha (*ink, 0.30);

      painter->sink->klass->rounded (painter->sink, box->x - 4 * unit, box->y - 4 * unit,
                                     box->width + 8 * unit, box->height + 8 * unit,
                                     radius + 4 * unit, &halo, NULL, 0);
    }
  if (i == painter->view->different)
    paint_difference (painter, box);
  if (painter->theme->shadow.alpha > 0)
    painter->sink->klass->rounded (painter->sink, box->x, box->y + 1.5 * unit, box->width,
                                   box->height, radius, &painter->theme->shadow, NULL, 0);
  painter->sink->klass->rounded (painter->sink, box->x, box->y, box->width, box->height, radius,
                                 &painter->theme->surface, ink, stroke);
  if (message->kind == RT_TIMELINE_PREFLIGHT)
    painter->sink->klass->rounded (painter->sink, box->x + 3 * unit, box->y + 3 * unit,
                                   box->width - 6 * unit, box->height - 6 * unit, radius - 3 * unit,
                                   NULL, ink, unit);
}

/* From a pill that found no room beside its band up to it. */
static void
paint_far_line (const RtPainter *painter,
                const RtMessageGeometry *geometry,
                const RtBox *box,
                const RtColor *ink)
{
  double x = box->x + box->width / 2;
  double at = CLAMP ((x - geometry->x0) / (geometry->x1 - geometry->x0), 0, 1);
  double y = geometry->sent0 + (geometry->received0 - geometry->sent0) * at + painter->shift;

  painter->sink->klass->line (painter->sink, x, y, x, box->y, painter->unit, ink, 0);
}

static void
paint_pill (const RtPainter *painter, guint i)
{
  const RtTimelineMessage *message = rt_timeline_model_get_message (painter->model, i);
  const RtMessageGeometry *geometry = rt_timeline_layout_get_message (painter->layout, i);
  const RtColor *ink = &painter->theme->ink[message->kind];
  double unit = painter->unit;
  double badge = message->badge != RT_TIMELINE_NO_BADGE ? BADGE_ROOM * unit : 0;
  RtBox box = { round (geometry->pill.x + badge), round (geometry->pill.y + painter->shift),
                geometry->pill.width - badge, geometry->pill.height };
  double x = box.x + 9 * unit;
  double middle = box.y + box.height / 2;

  if (geometry->far)
    paint_far_line (painter, geometry, &box, ink);
  paint_meta (painter, i, geometry);
  paint_pill_box (painter, i, &box, ink);
  rt_paint_text (painter, x, middle, message->code, RT_TEXT_CODE, ink);
  if (geometry->text != NULL)
    rt_paint_text (painter, x + rt_painter_width (painter, RT_TEXT_CODE, message->code) + 6 * unit,
                   middle, geometry->text, RT_TEXT_TARGET, &painter->theme->text);
  paint_badge (painter, message->badge, box.x - 12 * unit, middle);
}

/* The padlock of a connection with TLS. */
static void
paint_lock (const RtPainter *painter, double x, double middle, const RtColor *ink)
{
  double unit = painter->unit;

  painter->sink->klass->rounded (painter->sink, x + 1.5 * unit, middle - 5.5 * unit, 6 * unit,
                                 8 * unit, 3 * unit, NULL, ink, 1.3 * unit);
  painter->sink->klass->rounded (painter->sink, x, middle - 1.5 * unit, 9 * unit, 6.5 * unit,
                                 1.5 * unit, ink, NULL, 0);
}

static void
paint_chip (const RtPainter *painter, const RtBox *box, const char *text, gboolean lock)
{
  double unit = painter->unit;
  double x = round (box->x);
  double y = round (box->y + painter->shift);
  double middle = y + box->height / 2;

  if (box->width <= 0)
    return;
  painter->sink->klass->rounded (painter->sink, x, y, box->width, box->height, 6 * unit,
                                 &painter->theme->background, &painter->theme->rail, unit);
  if (lock)
    paint_lock (painter, x + 5 * unit, middle, &painter->theme->rail);
  rt_paint_text (painter, x + (lock ? 19 : 6) * unit, middle, text, RT_TEXT_CHIP,
                 &painter->theme->rail);
}

static void
paint_rail_chips (const RtPainter *painter, RtPaintPass pass)
{
  const GArray *rails = painter->layout->rails;
  RtTime from = rt_timeline_scale_time (painter->layout->scale, painter->top - 60 * painter->unit);

  for (guint i = rt_paint_first_since (painter->model->rails, sizeof (RtTimelineRail),
                                       G_STRUCT_OFFSET (RtTimelineRail, opened), from);
       i < rails->len; i++)
    {
      const RtTimelineRail *rail = &g_array_index (painter->model->rails, RtTimelineRail, i);
      const RtRailGeometry *geometry = &g_array_index (rails, RtRailGeometry, i);

      if (geometry->y0 > painter->bottom + 40)
        return;
      if (rt_painter_is_future (painter, rail->opened) == (pass == RT_PAINT_FUTURE))
        paint_chip (painter, &geometry->chip, geometry->name, rail->secure);
    }
}

static void
paint_segment_names (const RtPainter *painter, RtPaintPass pass)
{
  const GArray *segments = painter->model->segments;
  RtTime from = rt_timeline_scale_time (painter->layout->scale, painter->top - 100 * painter->unit);

  for (guint i = rt_paint_first_since (segments, sizeof (RtTimelineSegment),
                                       G_STRUCT_OFFSET (RtTimelineSegment, sent), from);
       i < segments->len; i++)
    {
      const RtTimelineSegment *segment = &g_array_index (segments, RtTimelineSegment, i);
      const RtBox *box = &g_array_index (painter->layout->segments, RtBox, i);

      if (rt_timeline_layout_y (painter->layout, segment->sent) > painter->bottom)
        return;
      if (box->width <= 0
          || rt_painter_is_future (painter, segment->sent) != (pass == RT_PAINT_FUTURE))
        continue;
      rt_sink_rectangle (painter->sink, box->x, box->y + painter->shift, box->width, box->height,
                         &painter->theme->background);
      rt_paint_text_centred (painter, box->x + box->width / 2,
                             box->y + painter->shift + box->height / 2, segment->name,
                             RT_TEXT_SEGMENT, &painter->theme->dim);
    }
}

/* What did not happen, in words, in a dashed outline. */
static void
paint_non_events (const RtPainter *painter, RtPaintPass pass)
{
  const GArray *decisions = painter->layout->decisions;
  double unit = painter->unit;
  RtTime from = rt_timeline_scale_time (painter->layout->scale, painter->top - 100 * unit);

  for (guint i = rt_paint_first_since (painter->model->decisions, sizeof (RtTimelineDecision),
                                       G_STRUCT_OFFSET (RtTimelineDecision, time), from);
       i < decisions->len; i++)
    {
      const RtTimelineDecision *decision
          = &g_array_index (painter->model->decisions, RtTimelineDecision, i);
      const RtDecisionGeometry *geometry = &g_array_index (decisions, RtDecisionGeometry, i);
      const RtBox *box = &geometry->box;
      double y = round (box->y + painter->shift);

      if (geometry->y > painter->bottom + 100 * unit)
        return;
      if (box->width <= 0
          || rt_painter_is_future (painter, decision->time) != (pass == RT_PAINT_FUTURE))
        continue;
      painter->sink->klass->rounded (painter->sink, box->x, y, box->width, box->height, 6 * unit,
                                     &painter->theme->background, NULL, 0);
      for (guint side = 0; side < 2; side++)
        {
          double edge = side == 0 ? y + 0.5 : y + box->height - 0.5;
          double end = side == 0 ? box->x + 0.5 : box->x + box->width - 0.5;

          painter->sink->klass->line (painter->sink, box->x, edge, box->x + box->width, edge, unit,
                                      &painter->theme->dim, 4 * unit);
          painter->sink->klass->line (painter->sink, end, y, end, y + box->height, unit,
                                      &painter->theme->dim, 4 * unit);
        }
      for (guint line = 0; line < RT_TIMELINE_NOTICE_LINES && geometry->lines[line] != NULL; line++)
        rt_paint_text_centred (painter, box->x + box->width / 2,
                               y + (3 + (line + 0.5) * RT_META_LINE) * unit, geometry->lines[line],
                               RT_TEXT_META, &painter->theme->text);
    }
}

/* A note's number on the lane that it is about. */
static void
paint_numbers (const RtPainter *painter, RtPaintPass pass)
{
  const GArray *cards = painter->model->cards;
  RtTime from = rt_timeline_scale_time (painter->layout->scale, painter->top - 120 * painter->unit);

  for (guint i = rt_paint_first_since (cards, sizeof (RtTimelineCard),
                                       G_STRUCT_OFFSET (RtTimelineCard, time), from);
       i < cards->len; i++)
    {
      const RtTimelineCard *card = &g_array_index (cards, RtTimelineCard, i);
      const RtBox *box = &g_array_index (painter->layout->numbers, RtBox, i);

      if (rt_timeline_layout_y (painter->layout, card->time) > painter->bottom + 20)
        return;
      if (rt_painter_is_future (painter, card->time) != (pass == RT_PAINT_FUTURE))
        continue;
      rt_paint_mark (painter, box->x + box->width / 2, box->y + box->height / 2 + painter->shift,
                     card);
    }
}

/* Draws the labels of what is past, or of what is still to come. */
void
rt_paint_labels (const RtPainter *painter, RtPaintPass pass)
{
  if (painter->layout->level == RT_TIMELINE_HEAT)
    return;
  paint_rail_chips (painter, pass);
  if (painter->layout->level == RT_TIMELINE_FULL)
    paint_segment_names (painter, pass);
  paint_non_events (painter, pass);
  for (guint i = painter->first; i < painter->end; i++)
    {
      const RtTimelineMessage *message = rt_timeline_model_get_message (painter->model, i);
      const RtMessageGeometry *geometry = rt_timeline_layout_get_message (painter->layout, i);

      if (rt_painter_is_future (painter, message->sent_first) != (pass == RT_PAINT_FUTURE))
        continue;
      paint_chip (painter, &geometry->reused, "reused", FALSE);
      if (geometry->pill.width > 0)
        paint_pill (painter, i);
    }
  if (painter->layout->level == RT_TIMELINE_FULL)
    paint_numbers (painter, pass);
}
