/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lane headers: icon, name, role. They stay while the rest scrolls. */
#include "rt-timeline-scene-private.h"

#include <math.h>
#include <string.h>

#define ICON 24.0
#define ICON_GAP 9.0
#define MIN_ROOM 30.0

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

/* Name over role; with the icon beside them where all of it fits between the neighbours. */
static void
paint_lane_header (const RtPainter *painter, const RtLaneGeometry *lane)
{
  const RtMeasure *measure = &painter->layout->params.measure;
  double unit = painter->unit;
  double height = painter->layout->header;
  double room = MIN (painter->layout->gap - 8 * unit,
                     2
                         * MIN (lane->x - painter->layout->gutter / 2,
                                painter->layout->lanes_end + 8 * unit - lane->x));
  double icon = (ICON + ICON_GAP) * unit;
  g_autofree char *name = rt_measure_dup_fitting (measure, RT_TEXT_LANE, lane->name, room / unit);
  g_autofree char *role = rt_measure_dup_fitting (measure, RT_TEXT_ROLE, lane->role, room / unit);
  double name_width = rt_painter_width (painter, RT_TEXT_LANE, name);
  double role_width = rt_painter_width (painter, RT_TEXT_ROLE, role);
  double width = MAX (name_width, role_width);
  double x = lane->x - width / 2;
  double ring = 10 * unit;

  if (room < MIN_ROOM * unit)
    ; /* Lanes without end: only their lines can be told apart. */
  else if (width + icon <= room)
    {
      x = round (lane->x - (width + icon) / 2);
      paint_icon (painter, rt_timeline_model_get_party (painter->model, lane->party)->kind, x,
                  round ((height - ICON * unit) / 2 - 2 * unit));
      x += icon;
      rt_paint_text (painter, x, height / 2 - 10 * unit, name, RT_TEXT_LANE, &painter->theme->text);
      rt_paint_text (painter, x, height / 2 + 7 * unit, role, RT_TEXT_ROLE, &painter->theme->dim);
    }
  else
    {
      rt_paint_text_centred (painter, lane->x, height / 2 - 10 * unit, name, RT_TEXT_LANE,
                             &painter->theme->text);
      rt_paint_text_centred (painter, lane->x, height / 2 + 7 * unit, role, RT_TEXT_ROLE,
                             &painter->theme->dim);
    }
  painter->sink->klass->rounded (painter->sink, lane->x - ring / 2, height - ring / 2, ring, ring,
                                 ring / 2, &painter->theme->surface, &painter->theme->dim,
                                 2 * unit);
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
    paint_lane_header (painter, &g_array_index (layout->lanes, RtLaneGeometry, i));
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
