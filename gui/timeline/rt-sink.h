/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the scene is drawn into: one vocabulary, several backends. */
#pragma once

#include <cairo.h>

#include "rt-fonts.h"

G_BEGIN_DECLS

/** RtColor: sRGB, each 0 to 1. */
typedef struct
{
  float red, green, blue, alpha;
} RtColor;

typedef struct _RtSink RtSink;

/**
 * RtSinkClass:
 * @rounded: a rectangle with corners of @radius; @fill, @stroke: (nullable); the stroke lies inside
 * @line: @dash: length of the dashes, 0 = solid
 * @polygon: @points: (array length=2*n): x and y in turn
 * @text: from @x on the base line @y; @scale: text scale
 * @begin_shapes: polygons and lines follow, up to @end_shapes, all of them in the rectangle
 */
typedef struct
{
  void (*rounded) (RtSink *sink,
                   double x,
                   double y,
                   double width,
                   double height,
                   double radius,
                   const RtColor *fill,
                   const RtColor *stroke,
                   double stroke_width);
  void (*line) (RtSink *sink,
                double x0,
                double y0,
                double x1,
                double y1,
                double width,
                const RtColor *color,
                double dash);
  void (*polygon) (RtSink *sink, const double *points, guint n, const RtColor *color);
  void (*text) (RtSink *sink,
                double x,
                double y,
                const char *text,
                RtTextStyle style,
                double scale,
                const RtColor *color);
  void (*begin_shapes) (RtSink *sink, double x, double y, double width, double height);
  void (*end_shapes) (RtSink *sink);
} RtSinkClass;

/** RtSink: first member of every backend. */
struct _RtSink
{
  const RtSinkClass *klass;
};

static inline void
rt_sink_rectangle (
    RtSink *sink, double x, double y, double width, double height, const RtColor *fill)
{
  sink->klass->rounded (sink, x, y, width, height, 0, fill, NULL, 0);
}

/** RtCairoSink: draws with cairo. Initialise with rt_cairo_sink_init(). */
typedef struct
{
  RtSink sink;
  cairo_t *cr;
  RtFonts *fonts;
} RtCairoSink;

void rt_cairo_sink_init (RtCairoSink *self, cairo_t *cr, RtFonts *fonts);

/** RtSvgSink: writes SVG elements to @out. Initialise with rt_svg_sink_init(). */
typedef struct
{
  RtSink sink;
  GString *out;
} RtSvgSink;

void rt_svg_sink_init (RtSvgSink *self, GString *out);
void rt_svg_sink_begin (RtSvgSink *self, double width, double height, double scale);
void rt_svg_sink_end (RtSvgSink *self);

G_END_DECLS
