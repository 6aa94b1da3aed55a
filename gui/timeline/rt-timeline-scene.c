/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The scene: backdrop, time axis, lanes, then everything on them, the present, the headers. */
#include "rt-timeline-scene-private.h"

#include <math.h>

/* Base line below the middle of a line of text, in its size. */
#define BASELINE 0.345

/* Draws @text from @x on, its middle at @middle. */
void
rt_paint_text (const RtPainter *painter,
               double x,
               double middle,
               const char *text,
               RtTextStyle style,
               const RtColor *color)
{
  double size = rt_text_style_face (style)->size * painter->unit;

  painter->sink->klass->text (painter->sink, x, round (middle + size * BASELINE), text, style,
                              painter->unit, color);
}

void
rt_paint_text_centred (const RtPainter *painter,
                       double x,
                       double middle,
                       const char *text,
                       RtTextStyle style,
                       const RtColor *color)
{
  rt_paint_text (painter, x - rt_painter_width (painter, style, text) / 2, middle, text, style,
                 color);
}

/* Lost or cut off here. */
void
rt_paint_cross (const RtPainter *painter, double x, double y, const RtColor *color)
{
  double r = 6 * painter->unit;
  double width = 2.6 * painter->unit * painter->theme->line;

  painter->sink->klass->line (painter->sink, x - r, y - r, x + r, y + r, width, color, 0);
  painter->sink->klass->line (painter->sink, x - r, y + r, x + r, y - r, width, color, 0);
}

/* The head of an arrow that comes from @x0, @y0. */
void
rt_paint_arrow (const RtPainter *painter,
                double x0,
                double y0,
                double x1,
                double y1,
                double length,
                const RtColor *color)
{
  double angle = atan2 (y1 - y0, x1 - x0);
  double half = 0.42;
  double points[] = {
    x1,
    y1,
    x1 - length * cos (angle - half),
    y1 - length * sin (angle - half),
    x1 - length * 0.72 * cos (angle),
    y1 - length * 0.72 * sin (angle),
    x1 - length * cos (angle + half),
    y1 - length * sin (angle + half),
  };

  painter->sink->klass->polygon (painter->sink, points, 4, color);
}

/* What a note is drawn in: the engine's say how grave it is. */
const RtColor *
rt_paint_card_ink (const RtPainter *painter, const RtTimelineCard *card)
{
  if (card->layer == RT_TIMELINE_LAYER_ENGINE)
    return rt_theme_severity_ink (painter->theme, card->severity);
  return card->layer == RT_TIMELINE_LAYER_AUTHOR ? &painter->theme->ink[RT_TIMELINE_PREFLIGHT]
                                                 : &painter->theme->dim;
}

/* The number that a note has in timeline, inspector and card: the engine's in a circle, those that
 * somebody wrote in a square. */
void
rt_paint_mark (const RtPainter *painter, double x, double y, const RtTimelineCard *card)
{
  double r = RT_MARK_SIZE / 2 * painter->unit;
  double half = rt_mark_width (card->mark) / 2 * painter->unit;

  painter->sink->klass->rounded (painter->sink, x - half, y - r, 2 * half, 2 * r,
                                 card->layer == RT_TIMELINE_LAYER_ENGINE ? r : 4 * painter->unit,
                                 rt_paint_card_ink (painter, card), &painter->theme->surface,
                                 1.5 * painter->unit);
  rt_paint_text_centred (painter, x, y, card->mark, RT_TEXT_MARK, &painter->theme->on_ink);
}

/* Index of the first element whose time, at @offset in it, is not before @from. */
guint
rt_paint_first_since (const GArray *array, gsize size, gsize offset, RtTime from)
{
  guint low = 0;
  guint high = array->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (*(const RtTime *)(gconstpointer)(array->data + middle * size + offset) < from)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
paint_backdrop (const RtPainter *painter)
{
  const RtTimelineLayout *layout = painter->layout;
  double top = layout->header;
  double height = painter->view->height - top;

  rt_sink_rectangle (painter->sink, 0, 0, painter->view->width, painter->view->height,
                     &painter->theme->background);
  if (painter->theme->stripe.alpha <= 0)
    return;
  for (guint i = 0; i < layout->n_lanes; i += 2)
    {
      double x = g_array_index (layout->lanes, RtLaneGeometry, i).x;
      double x0 = i == 0 ? layout->gutter : x - layout->gap / 2;
      double x1 = i + 1 == layout->n_lanes ? layout->lanes_end : x + layout->gap / 2;

      rt_sink_rectangle (painter->sink, round (x0), top, round (x1) - round (x0), height,
                         &painter->theme->stripe);
    }
}

static void
paint_tick (const RtPainter *painter, const RtTimelineTick *tick)
{
  const RtTimelineLayout *layout = painter->layout;
  double y = round (tick->y + painter->shift);
  g_autofree char *text = rt_timeline_format_moment (tick->time, tick->base, painter->model->start);
  double room = layout->gutter - 8 * painter->unit;
  double width = rt_painter_width (painter, RT_TEXT_TICK, text);

  /* Of many digits the unit goes: its neighbours have it. */
  if (width > room && strrchr (text, ' ') != NULL)
    {
      *strrchr (text, ' ') = '\0';
      width = rt_painter_width (painter, RT_TEXT_TICK, text);
    }

  rt_sink_rectangle (painter->sink, layout->gutter, y, layout->lanes_end - layout->gutter, 1,
                     &painter->theme->grid);
  rt_paint_text (painter, MAX (painter->unit, room - width), y, text, RT_TEXT_TICK,
                 &painter->theme->dim);
}

/* Index of the first tick that is not above @y. */
static guint
first_tick (const GArray *ticks, double y)
{
  guint low = 0;
  guint high = ticks->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (ticks, RtTimelineTick, middle).y < y)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
paint_axis (const RtPainter *painter)
{
  const GArray *ticks = rt_timeline_scale_get_ticks (painter->layout->scale);

  for (guint i = first_tick (ticks, painter->top - 20); i < ticks->len; i++)
    {
      const RtTimelineTick *tick = &g_array_index (ticks, RtTimelineTick, i);

      if (tick->y > painter->bottom + 20)
        return;
      paint_tick (painter, tick);
    }
}

static void
paint_lanes (const RtPainter *painter)
{
  const RtTimelineLayout *layout = painter->layout;
  double width = (painter->theme->line > 1 ? 2.5 : 2) * painter->unit;
  double height = painter->view->height - layout->header;

  for (guint i = 0; i < layout->n_lanes; i++)
    {
      const RtLaneGeometry *lane = &g_array_index (layout->lanes, RtLaneGeometry, i);

      rt_sink_rectangle (painter->sink, round (lane->x - width / 2), layout->header, width, height,
                         &painter->theme->lane);
      if (lane->store)
        rt_sink_rectangle (painter->sink, round (lane->x - RT_STORE_LINE * painter->unit),
                           layout->header, 1, height, &painter->theme->lane);
    }
}

/* A stretch of time in which nothing is under way, and how long it is. */
static void
paint_idle (const RtPainter *painter)
{
  const RtTimelineLayout *layout = painter->layout;
  const GArray *idle = rt_timeline_scale_get_idle (layout->scale);
  double height = 24 * painter->unit;
  double width = layout->lanes_end - layout->gutter;

  for (guint i = 0; i < idle->len; i++)
    {
      const RtTimelineIdle *at = &g_array_index (idle, RtTimelineIdle, i);
      double middle = round ((at->y0 + at->y1) / 2 + painter->shift);
      g_autofree char *span = rt_duration_format (at->to - at->from);
      g_autofree char *text = g_strdup_printf ("%s pass", span);

      if (at->y0 > painter->bottom)
        return;
      if (at->y1 < painter->top || at->y1 - at->y0 < height)
        continue;
      painter->sink->klass->rounded (painter->sink, layout->gutter, middle - height / 2, width,
                                     height, height / 2, &painter->theme->background, NULL, 0);
      painter->sink->klass->rounded (painter->sink, layout->gutter, middle - height / 2, width,
                                     height, height / 2, &painter->theme->grid, NULL, 0);
      rt_paint_text_centred (painter, layout->gutter + width / 2, middle, text, RT_TEXT_NOTICE,
                             &painter->theme->dim);
    }
}

/* The next event, of which nothing may be known. */
static void
paint_awaited (const RtPainter *painter)
{
  const RtBox *box = &painter->layout->awaited;
  double y = box->y + painter->shift;

  if (box->width <= 0)
    return;
  painter->sink->klass->rounded (painter->sink, box->x, y, box->width, box->height, box->height / 2,
                                 &painter->theme->surface, &painter->theme->dim,
                                 1.6 * painter->unit);
  rt_paint_text_centred (painter, box->x + box->width / 2, y + box->height / 2, "?", RT_TEXT_LANE,
                         &painter->theme->text);
}

static void
paint_future (const RtPainter *painter)
{
  double y = MAX (painter->now, painter->layout->header);

  if (painter->view->now != RT_TIME_UNKNOWN && y < painter->view->height)
    rt_sink_rectangle (painter->sink, 0, y,
                       painter->layout->card_width > 0 ? painter->layout->card_x - 4 * painter->unit
                                                       : painter->view->width,
                       painter->view->height - y, &painter->theme->fade);
}

/* All but the row of the selected message lies in the shade. */
static void
paint_spotlight (const RtPainter *painter)
{
  const RtTimelineLayout *layout = painter->layout;
  const RtMessageGeometry *row;
  RtColor shade = rt_color_with_alpha (painter->theme->background, 0.62);
  double margin = 14 * painter->unit;
  double width = painter->view->width;
  double top, bottom;

  if (!painter->view->spotlight || painter->view->selected == RT_TIMELINE_NONE
      || painter->view->selected >= layout->messages->len)
    return;
  row = rt_timeline_layout_get_message (layout, painter->view->selected);
  top = MAX (row->top + painter->shift - margin, layout->header);
  bottom = MAX (row->bottom + painter->shift + margin, layout->header);
  rt_sink_rectangle (painter->sink, 0, layout->header, width, top - layout->header, &shade);
  if (bottom < painter->view->height)
    rt_sink_rectangle (painter->sink, 0, bottom, width, painter->view->height - bottom, &shade);
}

/* No more digits than can be read while they change. */
static RtTime
round_moment (RtTime time)
{
  RtTime unit = time < 10 * RT_TIME_MSEC ? 1
                : time < RT_TIME_SEC     ? RT_TIME_MSEC / 10
                : time < RT_TIME_MINUTE  ? RT_TIME_MSEC
                : time < RT_TIME_HOUR    ? RT_TIME_SEC
                                         : RT_TIME_MINUTE;

  return time / unit * unit;
}

static void
paint_now (const RtPainter *painter)
{
  const RtTimelineLayout *layout = painter->layout;
  RtTime base = rt_timeline_scale_get_base (layout->scale, painter->view->now);
  RtTime at = painter->view->now - base;
  double y = round (painter->now);
  double height = 22 * painter->unit;
  g_autofree char *text = NULL;
  double width, end;

  if (painter->view->now == RT_TIME_UNKNOWN || y < layout->header || y > painter->view->height)
    return;
  end = layout->card_width > 0 ? layout->card_x - 10 * painter->unit : painter->view->width;
  rt_paint_in_flight (painter);
  rt_sink_rectangle (painter->sink, layout->gutter - 6 * painter->unit, y - painter->unit,
                     end - layout->gutter + 6 * painter->unit, 2 * painter->unit,
                     &painter->theme->now);
  at = MAX (0, round_moment (at));
  text = rt_timeline_format_moment (at, base, painter->model->start);
  width = rt_painter_width (painter, RT_TEXT_NOW, text) + 14 * painter->unit;
  painter->sink->klass->rounded (painter->sink, MAX (2, layout->gutter - 3 * painter->unit - width),
                                 y - height / 2, width, height, height / 2, &painter->theme->now,
                                 NULL, 0);
  rt_paint_text (painter, MAX (2, layout->gutter - 3 * painter->unit - width) + 7 * painter->unit,
                 y, text, RT_TEXT_NOW, &painter->theme->on_ink);
}

static void
paint_shapes (const RtPainter *painter)
{
  double header = painter->layout->header;

  painter->sink->klass->begin_shapes (painter->sink, 0, header, painter->view->width,
                                      painter->view->height - header);
  rt_paint_leaders (painter);
  rt_paint_strips (painter);
  if (painter->layout->level != RT_TIMELINE_HEAT)
    {
      rt_paint_segments (painter);
      rt_paint_bands (painter);
    }
  rt_paint_decision_lines (painter);
  painter->sink->klass->end_shapes (painter->sink);
}

/**
 * rt_timeline_scene_draw:
 * @layout: where everything stands
 * @view: the visible part, and what is marked in it
 * @sink: draws it, with 0, 0 at the top left of the visible part
 */
void
rt_timeline_scene_draw (const RtTimelineLayout *layout, const RtTimelineView *view, RtSink *sink)
{
  RtPainter painter = {
    .layout = layout,
    .model = layout->model,
    .view = view,
    .theme = rt_theme_get (view->scheme),
    .sink = sink,
    .unit = layout->params.text_scale,
    .shift = layout->header - view->scroll,
    .top = view->scroll,
    .bottom = view->scroll + view->height - layout->header,
    .now = view->height + 1,
  };

  if (view->now != RT_TIME_UNKNOWN)
    painter.now = rt_timeline_layout_y (layout, view->now) + painter.shift;
  rt_timeline_layout_visible (layout, painter.top, painter.bottom, &painter.first, &painter.end);
  paint_backdrop (&painter);
  paint_axis (&painter);
  paint_lanes (&painter);
  if (layout->level == RT_TIMELINE_HEAT)
    rt_paint_heat (&painter);
  else
    rt_paint_rails (&painter);
  paint_idle (&painter);
  paint_shapes (&painter);
  rt_paint_labels (&painter, RT_PAINT_FUTURE);
  paint_future (&painter);
  paint_now (&painter);
  rt_paint_labels (&painter, RT_PAINT_PAST);
  paint_spotlight (&painter);
  paint_awaited (&painter);
  rt_paint_cards (&painter);
  if (layout->level == RT_TIMELINE_HEAT)
    rt_paint_heat_legend (&painter);
  rt_paint_header (&painter);
}
