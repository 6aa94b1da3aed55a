/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What stands beside the lanes: state strips and explanation cards. */
#include "rt-timeline-scene-private.h"

#include <math.h>

/* A strip's column at one value: a box, or a wedge that runs dry where the value does. */
static void
paint_change (const RtPainter *painter,
              const RtStripGeometry *strip,
              const RtTimelineChange *change,
              double y0,
              double y1)
{
  RtColor fill = rt_color_with_alpha (painter->theme->ink[RT_TIMELINE_CACHE], 0.20);
  double x = strip->x + 4 * painter->unit;
  double width = strip->width - 8 * painter->unit;
  double dry, left;

  if (change->drains == RT_TIME_UNKNOWN)
    {
      fill = rt_color_with_alpha (painter->theme->rail, 0.12);
      rt_sink_rectangle (painter->sink, x, y0, width, y1 - y0, &fill);
      /* Of a pool the part that is taken is darker, and red when nothing is left. */
      if (change->pool && change->share < 1)
        rt_sink_rectangle (painter->sink, x, y0, width * change->share, y1 - y0, &fill);
      else if (change->pool)
        {
          fill = rt_color_with_alpha (painter->theme->ink[RT_TIMELINE_ERROR], 0.24);
          rt_sink_rectangle (painter->sink, x, y0, width, y1 - y0, &fill);
        }
      return;
    }
  dry = rt_timeline_layout_y (painter->layout, change->drains) + painter->shift;
  left = dry > y0 ? CLAMP ((dry - y1) / (dry - y0), 0, 1) : 0;
  painter->sink->klass->polygon (painter->sink,
                                 (double[]){ x, y0, x + width, y0, x + width * left,
                                             MIN (y1, MAX (dry, y0)), x, MIN (y1, MAX (dry, y0)) },
                                 4, &fill);
}

void
rt_paint_strips (const RtPainter *painter)
{
  const RtTimelineLayout *layout = painter->layout;

  for (guint i = 0; i < layout->strips->len; i++)
    {
      const RtStripGeometry *geometry = &g_array_index (layout->strips, RtStripGeometry, i);
      const RtTimelineStrip *strip
          = &g_array_index (painter->model->strips, RtTimelineStrip, geometry->strip);

      for (guint j = 0; j < strip->n; j++)
        {
          const RtTimelineChange *change
              = &g_array_index (painter->model->changes, RtTimelineChange, strip->first + j);
          RtTime until = j + 1 < strip->n ? change[1].time : painter->model->end;
          double y0 = round (rt_timeline_layout_y (layout, change->time));
          double y1 = round (rt_timeline_layout_y (layout, until));

          if (j + 1 == strip->n)
            y1 += 12 * painter->unit;
          if (y1 < painter->top || y0 > painter->bottom || change->text == NULL)
            continue;
          paint_change (painter, geometry, change, y0 + painter->shift, y1 + painter->shift);
          painter->sink->klass->line (
              painter->sink, geometry->x + 2 * painter->unit, y0 + painter->shift,
              geometry->x + geometry->width - 2 * painter->unit, y0 + painter->shift,
              2 * painter->unit, &painter->theme->rail, 0);
        }
    }
}

/* The values of a strip, each at its change; those that would lie upon one another give way. */
static void
paint_strip_values (const RtPainter *painter, guint i)
{
  const RtStripGeometry *geometry = &g_array_index (painter->layout->strips, RtStripGeometry, i);
  const RtTimelineStrip *strip
      = &g_array_index (painter->model->strips, RtTimelineStrip, geometry->strip);
  double line = 14 * painter->unit;
  double below = -G_MAXDOUBLE;

  for (guint j = 0; j < strip->n; j++)
    {
      const RtTimelineChange *change
          = &g_array_index (painter->model->changes, RtTimelineChange, strip->first + j);
      double y = rt_timeline_layout_y (painter->layout, change->time);
      double middle = MAX (y + 10 * painter->unit, below);
      const RtMeasure *measure = &painter->layout->params.measure;
      g_autofree char *text = rt_measure_dup_fitting (measure, RT_TEXT_CHIP,
                                                      change->text != NULL ? change->text : "gone",
                                                      geometry->width / painter->unit - 10);

      if (middle > painter->bottom)
        return;
      /* What the next change hides at once is not said. */
      if (j + 1 < strip->n
          && rt_timeline_layout_y (painter->layout, change[1].time) < y + line + 2 * painter->unit)
        continue;
      below = middle + line;
      if (middle > painter->top - line)
        rt_paint_text_centred (
            painter, geometry->x + geometry->width / 2, middle + painter->shift, text, RT_TEXT_CHIP,
            rt_painter_is_future (painter, change->time) ? &painter->theme->lane
                                                         : &painter->theme->text);
    }
}

/* From what a card explains to the card. Solid: dashed lines are for what did not happen. */
void
rt_paint_leaders (const RtPainter *painter)
{
  const RtTimelineLayout *layout = painter->layout;
  double unit = painter->unit;

  for (guint i = 0; i < layout->cards->len; i++)
    {
      const RtTimelineCard *card = &g_array_index (painter->model->cards, RtTimelineCard, i);
      const RtCardGeometry *geometry = &g_array_index (layout->cards, RtCardGeometry, i);
      gboolean hot
          = card->message != RT_TIMELINE_NONE && rt_painter_is_hot (painter, card->message);
      RtColor ink = rt_color_with_alpha (*rt_paint_card_ink (painter, card), hot ? 1 : 0.38);
      double y = geometry->anchor_y + painter->shift;
      double card_y = geometry->box.y + 20 * unit + painter->shift;
      double turn = layout->card_x - 10 * unit;

      if (geometry->anchor_y > painter->bottom)
        return;
      if (geometry->box.y + geometry->box.height < painter->top)
        continue;
      painter->sink->klass->line (painter->sink, geometry->anchor_x + 10 * unit, y, turn, y, unit,
                                  &ink, 0);
      painter->sink->klass->line (painter->sink, turn, y, turn, card_y, unit, &ink, 0);
      painter->sink->klass->line (painter->sink, turn, card_y, layout->card_x, card_y, unit, &ink,
                                  0);
    }
}

static double
paint_lines (const RtPainter *painter,
             char **lines,
             double x,
             double y,
             double height,
             RtTextStyle style,
             const RtColor *color)
{
  for (guint i = 0; lines[i] != NULL; i++)
    {
      rt_paint_text (painter, x, y + height / 2, lines[i], style, color);
      y += height;
    }
  return y;
}

static void
paint_card (const RtPainter *painter, const RtTimelineCard *card, const RtCardGeometry *geometry)
{
  const RtTheme *theme = painter->theme;
  const RtColor *ink = rt_paint_card_ink (painter, card);
  const RtBox *box = &geometry->box;
  gboolean hot = card->message != RT_TIMELINE_NONE && rt_painter_is_hot (painter, card->message);
  RtColor edge = hot ? *ink : rt_color_with_alpha (theme->lane, theme->line > 1 ? 1 : 0.16);
  double unit = painter->unit;
  double x = box->x + 20 * unit;
  double y = round (box->y + painter->shift);

  painter->sink->klass->rounded (painter->sink, box->x, y + 2 * unit, box->width, box->height,
                                 10 * unit, &theme->shadow, NULL, 0);
  painter->sink->klass->rounded (painter->sink, box->x, y, box->width, box->height, 10 * unit,
                                 &theme->surface, &edge, unit);
  painter->sink->klass->rounded (painter->sink, box->x + 7 * unit, y + 10 * unit, 4 * unit,
                                 box->height - 20 * unit, 2 * unit, ink, NULL, 0);
  rt_paint_mark (painter, box->x + box->width - 8 * unit - rt_mark_width (card->mark) / 2 * unit,
                 y + 19 * unit, card);
  y = paint_lines (painter, geometry->title, x, y + 10 * unit, 18 * unit, RT_TEXT_CARD_TITLE, ink);
  y = paint_lines (painter, geometry->text, x, y, 16.5 * unit, RT_TEXT_CARD, &theme->text);
  paint_lines (painter, geometry->reference, x, y + 0.5 * unit, 19 * unit, RT_TEXT_REFERENCE,
               &theme->ink[RT_TIMELINE_REQUEST]);
}

void
rt_paint_cards (const RtPainter *painter)
{
  const RtTimelineLayout *layout = painter->layout;

  for (guint i = 0; i < layout->strips->len; i++)
    paint_strip_values (painter, i);
  for (guint i = 0; i < layout->cards->len; i++)
    {
      const RtTimelineCard *card = &g_array_index (painter->model->cards, RtTimelineCard, i);
      const RtCardGeometry *geometry = &g_array_index (layout->cards, RtCardGeometry, i);

      if (geometry->box.y > painter->bottom)
        return;
      if (geometry->box.y + geometry->box.height < painter->top)
        continue;
      paint_card (painter, card, geometry);
      if (rt_painter_is_future (painter, card->time))
        rt_sink_rectangle (painter->sink, geometry->box.x - 2, geometry->box.y + painter->shift - 2,
                           geometry->box.width + 4, geometry->box.height + 6,
                           &painter->theme->fade);
    }
}
