/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lane headers: icon, name, role. They stay while the rest scrolls. */
#include "rt-timeline-scene-private.h"

#include <math.h>
#include <string.h>

#define ICON RT_HEADER_ICON
#define MIN_GAP 30.0 /* of lanes nearer than that only the icons are shown, as large as fits */

/* Draws an icon in a box of 24 units at @x, @y. */
typedef void (*PaintIcon) (const RtPainter *painter, double x, double y, const RtColor *ink);

static void
paint_frame (const RtPainter *painter,
             double x,
             double y,
             double width,
             double height,
             double radius,
             const RtColor *ink)
{
  double unit = painter->unit;

  painter->sink->klass->rounded (painter->sink, x, y, width * unit, height * unit, radius * unit,
                                 NULL, ink, 1.6 * unit);
}

static void
paint_window (const RtPainter *painter, double x, double y, const RtColor *ink)
{
  double unit = painter->unit;

  paint_frame (painter, x + 5 * unit, y + 6 * unit, 14, 12, 3, ink);
  rt_sink_rectangle (painter->sink, x + 5 * unit, y + 9.4 * unit, 14 * unit, 1.6 * unit, ink);
}

static void
paint_prompt (const RtPainter *painter, double x, double y, const RtColor *ink)
{
  double unit = painter->unit;

  paint_frame (painter, x + 4.5 * unit, y + 6 * unit, 15, 12, 3, ink);
  painter->sink->klass->line (painter->sink, x + 8 * unit, y + 9.6 * unit, x + 10.6 * unit,
                              y + 12 * unit, 1.6 * unit, ink, 0);
  painter->sink->klass->line (painter->sink, x + 10.6 * unit, y + 12 * unit, x + 8 * unit,
                              y + 14.4 * unit, 1.6 * unit, ink, 0);
  painter->sink->klass->line (painter->sink, x + 12 * unit, y + 14.8 * unit, x + 15.8 * unit,
                              y + 14.8 * unit, 1.6 * unit, ink, 0);
}

static void
paint_stack (const RtPainter *painter, double x, double y, const RtColor *ink)
{
  double unit = painter->unit;

  for (guint i = 0; i < 3; i++)
    painter->sink->klass->rounded (painter->sink, x + 5 * unit, y + (5.5 + i * 4.7) * unit,
                                   14 * unit, 3.4 * unit, 1.7 * unit, ink, NULL, 0);
}

static void
paint_gate (const RtPainter *painter, double x, double y, const RtColor *ink)
{
  double unit = painter->unit;

  paint_frame (painter, x + 9 * unit, y + 5 * unit, 6, 14, 2, ink);
  rt_sink_rectangle (painter->sink, x + 4 * unit, y + 11 * unit, 16 * unit, 2 * unit, ink);
}

static void
paint_server (const RtPainter *painter, double x, double y, const RtColor *ink)
{
  double unit = painter->unit;

  for (guint i = 0; i < 2; i++)
    {
      paint_frame (painter, x + 5 * unit, y + (5 + i * 7.5) * unit, 14, 6.2, 2, ink);
      rt_sink_rectangle (painter->sink, x + 7.6 * unit, y + (7.2 + i * 7.5) * unit, 2 * unit,
                         2 * unit, ink);
    }
}

static const struct
{
  const char *kind;
  PaintIcon paint;
  RtTimelineKind ink;
} icons[] = {
  { "browser", paint_window, RT_TIMELINE_REQUEST },
  { "client", paint_prompt, RT_TIMELINE_REQUEST },
  { "byte-client", paint_prompt, RT_TIMELINE_REQUEST },
  { "program", paint_prompt, RT_TIMELINE_REQUEST },
  { "cache", paint_stack, RT_TIMELINE_CACHE },
  { "gateway", paint_gate, RT_TIMELINE_CACHE },
  { "proxy", paint_gate, RT_TIMELINE_CACHE },
  { "origin", paint_server, RT_TIMELINE_RESPONSE },
};

static void
paint_icon (const RtPainter *painter, const char *kind, double x, double y)
{
  guint i = 0;
  RtColor under;

  while (i + 1 < G_N_ELEMENTS (icons) && strcmp (icons[i].kind, kind) != 0)
    i++;
  under = rt_color_with_alpha (painter->theme->ink[icons[i].ink], 0.16);
  painter->sink->klass->rounded (painter->sink, x, y, ICON * painter->unit, ICON * painter->unit,
                                 7 * painter->unit, &under, NULL, 0);
  icons[i].paint (painter, x, y, &painter->theme->ink[icons[i].ink]);
}

static const char *
lane_kind (const RtPainter *painter, const RtLaneGeometry *lane)
{
  return rt_timeline_model_get_party (painter->model, lane->party)->kind;
}

/* The icon beside name over role. */
static void
paint_wide_header (const RtPainter *painter, const RtLaneGeometry *lane)
{
  double unit = painter->unit;
  double height = painter->layout->header;
  double x = round (lane->x - (lane->width + RT_HEADER_ICON_ROOM * unit) / 2);

  paint_icon (painter, lane_kind (painter, lane), x, round ((height - ICON * unit) / 2 - 2 * unit));
  x += RT_HEADER_ICON_ROOM * unit;
  rt_paint_text (painter, x, height / 2 - 10 * unit, lane->lines[0], RT_TEXT_LANE,
                 &painter->theme->text);
  rt_paint_text (painter, x, height / 2 + 7 * unit, lane->role, RT_TEXT_ROLE, &painter->theme->dim);
}

/* The icon above the name, that above the role. */
static void
paint_stacked_header (const RtPainter *painter, const RtLaneGeometry *lane)
{
  double unit = painter->unit;
  double y = 36 * unit;

  paint_icon (painter, lane_kind (painter, lane), round (lane->x - ICON * unit / 2), 4 * unit);
  for (guint i = 0; i < G_N_ELEMENTS (lane->lines) && lane->lines[i] != NULL; i++)
    {
      rt_paint_text_centred (painter, lane->x, y, lane->lines[i], RT_TEXT_LANE,
                             &painter->theme->text);
      y += 15 * unit;
    }
  rt_paint_text_centred (painter, lane->x, y, lane->role, RT_TEXT_ROLE, &painter->theme->dim);
}

/* No name would fit. */
static void
paint_icon_alone (const RtPainter *painter, const RtLaneGeometry *lane)
{
  RtPainter small = *painter;

  small.unit = MIN (painter->unit, (painter->layout->gap - 2 * painter->unit) / ICON);
  if (small.unit > 0)
    paint_icon (&small, lane_kind (painter, lane), lane->x - ICON * small.unit / 2,
                4 * painter->unit);
}

/* A ring on the lane; filled: it is pinned. */
static void
paint_ring (const RtPainter *painter, const RtLaneGeometry *lane)
{
  double ring = 10 * painter->unit;
  double y = painter->layout->header - ring / 2;

  painter->sink->klass->rounded (painter->sink, lane->x - ring / 2, y, ring, ring, ring / 2,
                                 lane->pinned ? &painter->theme->text : &painter->theme->surface,
                                 &painter->theme->dim, 2 * painter->unit);
}

static void
paint_lane_header (const RtPainter *painter, guint i)
{
  const RtTimelineLayout *layout = painter->layout;
  const RtLaneGeometry *lane = &g_array_index (layout->lanes, RtLaneGeometry, i);
  double unit = painter->unit;

  if (painter->view->lane == i + 1)
    painter->sink->klass->rounded (painter->sink, lane->x - layout->gap / 2 + 2 * unit, 2 * unit,
                                   layout->gap - 4 * unit, layout->header - 8 * unit, 8 * unit,
                                   NULL, &painter->theme->ink[RT_TIMELINE_REQUEST], 2 * unit);
  if (layout->gap >= MIN_GAP * unit)
    {
      if (layout->stacked)
        paint_stacked_header (painter, lane);
      else
        paint_wide_header (painter, lane);
    }
  else
    paint_icon_alone (painter, lane);
  paint_ring (painter, lane);
}

/* Draws the headers over what scrolled under them. */
void
rt_paint_header (const RtPainter *painter)
{
  const RtTimelineLayout *layout = painter->layout;
  RtColor edge = rt_color_with_alpha (painter->theme->lane, painter->theme->line > 1 ? 1 : 0.18);
  double unit = painter->unit;
  double height = layout->header;
  double width = rt_painter_width (painter, RT_TEXT_ROLE, "time");

  rt_sink_rectangle (painter->sink, 0, 0, painter->view->width, height, &painter->theme->surface);
  rt_sink_rectangle (painter->sink, 0, height - 1, painter->view->width, 1, &edge);
  rt_paint_text (painter, layout->gutter - 8 * unit - width, height / 2 + 7 * unit, "time",
                 RT_TEXT_ROLE, &painter->theme->dim);
  for (guint i = 0; i < layout->n_lanes; i++)
    paint_lane_header (painter, i);
  for (guint i = 0; i < layout->strips->len; i++)
    {
      const RtStripGeometry *strip = &g_array_index (layout->strips, RtStripGeometry, i);
      double x = strip->x + strip->width / 2;

      rt_paint_text_centred (painter, x, height / 2 - 8 * unit, strip->label, RT_TEXT_CHIP,
                             &painter->theme->text);
      rt_paint_text_centred (painter, x, height / 2 + 7 * unit, strip->owner, RT_TEXT_SEGMENT,
                             &painter->theme->dim);
    }
  if (layout->card_width > 0)
    rt_paint_text (painter, layout->card_x, height / 2, "What happened and why", RT_TEXT_CARD_TITLE,
                   &painter->theme->dim);
}
