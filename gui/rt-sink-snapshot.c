/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The GtkSnapshot sink. */
#include "rt-sink-snapshot.h"

#include <math.h>

G_STATIC_ASSERT (sizeof (RtColor) == sizeof (GdkRGBA));

#define SELF(sink) ((RtSnapshotSink *)(sink))
#define RGBA(color) ((const GdkRGBA *)(color))

static void
snapshot_rounded (RtSink *sink,
                  double x,
                  double y,
                  double width,
                  double height,
                  double radius,
                  const RtColor *fill,
                  const RtColor *stroke,
                  double stroke_width)
{
  GtkSnapshot *snapshot = SELF (sink)->snapshot;
  GskRoundedRect rounded;
  float r = (float)CLAMP (radius, 0, MIN (width, height) / 2);

  if (width <= 0 || height <= 0)
    return;
  if (SELF (sink)->shapes.cr != NULL)
    {
      SELF (sink)->shapes.sink.klass->rounded (&SELF (sink)->shapes.sink, x, y, width, height,
                                               radius, fill, stroke, stroke_width);
      return;
    }
  gsk_rounded_rect_init_from_rect (
      &rounded, &GRAPHENE_RECT_INIT ((float)x, (float)y, (float)width, (float)height), r);
  if (fill != NULL && r <= 0)
    gtk_snapshot_append_color (snapshot, RGBA (fill), &rounded.bounds);
  else if (fill != NULL)
    {
      gtk_snapshot_push_rounded_clip (snapshot, &rounded);
      gtk_snapshot_append_color (snapshot, RGBA (fill), &rounded.bounds);
      gtk_snapshot_pop (snapshot);
    }
  if (stroke != NULL)
    {
      float w = (float)stroke_width;
      const GdkRGBA *c = RGBA (stroke);

      gtk_snapshot_append_border (snapshot, &rounded, (float[]){ w, w, w, w },
                                  (GdkRGBA[]){ *c, *c, *c, *c });
    }
}

/* A cairo sink for one shape that stands outside the shapes' node. */
static cairo_t *
begin_single (RtSink *sink, RtCairoSink *cairo, double x0, double y0, double x1, double y1)
{
  cairo_t *cr = gtk_snapshot_append_cairo (
      SELF (sink)->snapshot,
      &GRAPHENE_RECT_INIT ((float)floor (x0) - 3, (float)floor (y0) - 3, (float)ceil (x1 - x0) + 6,
                           (float)ceil (y1 - y0) + 6));

  rt_cairo_sink_init (cairo, cr, SELF (sink)->fonts);
  return cr;
}

static void
snapshot_line (RtSink *sink,
               double x0,
               double y0,
               double x1,
               double y1,
               double width,
               const RtColor *color,
               double dash)
{
  RtCairoSink single;
  cairo_t *cr;

  if (SELF (sink)->shapes.cr != NULL)
    {
      SELF (sink)->shapes.sink.klass->line (&SELF (sink)->shapes.sink, x0, y0, x1, y1, width, color,
                                            dash);
      return;
    }
  cr = begin_single (sink, &single, MIN (x0, x1), MIN (y0, y1), MAX (x0, x1), MAX (y0, y1));
  single.sink.klass->line (&single.sink, x0, y0, x1, y1, width, color, dash);
  cairo_destroy (cr);
}

static void
snapshot_polygon (RtSink *sink, const double *points, guint n, const RtColor *color)
{
  double x0 = points[0], y0 = points[1], x1 = points[0], y1 = points[1];
  RtCairoSink single;
  cairo_t *cr;

  if (SELF (sink)->shapes.cr != NULL)
    {
      SELF (sink)->shapes.sink.klass->polygon (&SELF (sink)->shapes.sink, points, n, color);
      return;
    }
  for (guint i = 1; i < n; i++)
    {
      x0 = MIN (x0, points[2 * i]);
      y0 = MIN (y0, points[2 * i + 1]);
      x1 = MAX (x1, points[2 * i]);
      y1 = MAX (y1, points[2 * i + 1]);
    }
  cr = begin_single (sink, &single, x0, y0, x1, y1);
  single.sink.klass->polygon (&single.sink, points, n, color);
  cairo_destroy (cr);
}

static void
snapshot_text (RtSink *sink,
               double x,
               double y,
               const char *text,
               RtTextStyle style,
               double scale,
               const RtColor *color)
{
  GtkSnapshot *snapshot = SELF (sink)->snapshot;
  PangoLayout *layout = rt_fonts_get_line (SELF (sink)->fonts, style, scale, text);
  double baseline = pango_layout_get_baseline (layout) / (double)PANGO_SCALE;

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float)x, (float)(y - baseline)));
  gtk_snapshot_append_layout (snapshot, layout, RGBA (color));
  gtk_snapshot_restore (snapshot);
}

static void
snapshot_begin_shapes (RtSink *sink, double x, double y, double width, double height)
{
  double left = MAX (x, SELF (sink)->x);
  double right = MIN (x + width, SELF (sink)->x + SELF (sink)->width);
  cairo_t *cr = gtk_snapshot_append_cairo (SELF (sink)->snapshot,
                                           &GRAPHENE_RECT_INIT ((float)left, (float)y,
                                                                (float)MAX (1, right - left),
                                                                (float)MAX (1, height)));

  rt_cairo_sink_init (&SELF (sink)->shapes, cr, SELF (sink)->fonts);
}

static void
snapshot_end_shapes (RtSink *sink)
{
  g_clear_pointer (&SELF (sink)->shapes.cr, cairo_destroy);
}

static const RtSinkClass snapshot_sink_class = {
  .rounded = snapshot_rounded,
  .line = snapshot_line,
  .polygon = snapshot_polygon,
  .text = snapshot_text,
  .begin_shapes = snapshot_begin_shapes,
  .end_shapes = snapshot_end_shapes,
};

/**
 * rt_snapshot_sink_init:
 * @self: to be initialised; nothing in it needs releasing
 * @snapshot: outlives @self
 * @fonts: outlives @self
 * @x: of the first visible column
 * @width: of the visible columns
 */
void
rt_snapshot_sink_init (
    RtSnapshotSink *self, GtkSnapshot *snapshot, RtFonts *fonts, double x, double width)
{
  *self = (RtSnapshotSink){
    .sink = { &snapshot_sink_class }, .x = x, .width = width, .snapshot = snapshot, .fonts = fonts
  };
}
