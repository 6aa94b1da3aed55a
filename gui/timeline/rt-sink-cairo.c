/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The cairo sink: pictures and pages, and the window's slanted shapes. */
#include "rt-sink.h"

#include <pango/pangocairo.h>

#define CR(sink) (((RtCairoSink *)(sink))->cr)

static void
set_color (cairo_t *cr, const RtColor *color)
{
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha);
}

static void
path_rounded (cairo_t *cr, double x, double y, double width, double height, double radius)
{
  double r = MIN (radius, MIN (width, height) / 2);

  if (r <= 0)
    {
      cairo_rectangle (cr, x, y, width, height);
      return;
    }
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - r, y + r, r, -G_PI / 2, 0);
  cairo_arc (cr, x + width - r, y + height - r, r, 0, G_PI / 2);
  cairo_arc (cr, x + r, y + height - r, r, G_PI / 2, G_PI);
  cairo_arc (cr, x + r, y + r, r, G_PI, 1.5 * G_PI);
  cairo_close_path (cr);
}

static void
cairo_rounded (RtSink *sink,
               double x,
               double y,
               double width,
               double height,
               double radius,
               const RtColor *fill,
               const RtColor *stroke,
               double stroke_width)
{
  cairo_t *cr = CR (sink);

  if (fill != NULL)
    {
      set_color (cr, fill);
      path_rounded (cr, x, y, width, height, radius);
      cairo_fill (cr);
    }
  if (stroke != NULL)
    {
      set_color (cr, stroke);
      cairo_set_dash (cr, NULL, 0, 0);
      cairo_set_line_width (cr, stroke_width);
      path_rounded (cr, x + stroke_width / 2, y + stroke_width / 2, width - stroke_width,
                    height - stroke_width, MAX (0, radius - stroke_width / 2));
      cairo_stroke (cr);
    }
}

static void
cairo_line (RtSink *sink,
            double x0,
            double y0,
            double x1,
            double y1,
            double width,
            const RtColor *color,
            double dash)
{
  cairo_t *cr = CR (sink);
  double dashes[] = { dash, dash * 0.8 };

  set_color (cr, color);
  cairo_set_line_width (cr, width);
  cairo_set_dash (cr, dashes, dash > 0 ? 2 : 0, 0);
  cairo_move_to (cr, x0, y0);
  cairo_line_to (cr, x1, y1);
  cairo_stroke (cr);
}

static void
cairo_polygon (RtSink *sink, const double *points, guint n, const RtColor *color)
{
  cairo_t *cr = CR (sink);

  set_color (cr, color);
  for (guint i = 0; i < n; i++)
    cairo_line_to (cr, points[2 * i], points[2 * i + 1]);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
cairo_text (RtSink *sink,
            double x,
            double y,
            const char *text,
            RtTextStyle style,
            double scale,
            const RtColor *color)
{
  RtCairoSink *self = (RtCairoSink *)sink;
  PangoLayout *layout = rt_fonts_get_line (self->fonts, style, scale, text);

  set_color (self->cr, color);
  cairo_move_to (self->cr, x, y);
  pango_cairo_show_layout_line (self->cr, pango_layout_get_line_readonly (layout, 0));
  cairo_new_path (self->cr);
}

static void
cairo_shapes (RtSink *sink, double x, double y, double width, double height)
{
}

static void
cairo_end_shapes (RtSink *sink)
{
}

static const RtSinkClass cairo_sink_class = {
  .rounded = cairo_rounded,
  .line = cairo_line,
  .polygon = cairo_polygon,
  .text = cairo_text,
  .begin_shapes = cairo_shapes,
  .end_shapes = cairo_end_shapes,
};

/**
 * rt_cairo_sink_init:
 * @self: to be initialised; nothing in it needs releasing
 * @cr: where to draw; outlives @self
 * @fonts: outlives @self
 */
void
rt_cairo_sink_init (RtCairoSink *self, cairo_t *cr, RtFonts *fonts)
{
  *self = (RtCairoSink){ { &cairo_sink_class }, cr, fonts };
}
