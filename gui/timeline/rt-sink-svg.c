/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The SVG sink: few, plain elements and real text, the same bytes for the same scene. Numbers are
 * written with two decimals at most and a point, whatever the locale. */
#include "rt-sink.h"

#include <math.h>

static void
add_number (GString *out, const char *before, double value)
{
  gint64 hundredths = llround (value * 100);
  gint64 whole = ABS (hundredths) / 100;
  gint64 rest = ABS (hundredths) % 100;

  g_string_append (out, before);
  if (hundredths < 0)
    g_string_append_c (out, '-');
  g_string_append_printf (out, "%" G_GINT64_FORMAT, whole);
  if (rest != 0)
    g_string_append_printf (out, rest % 10 == 0 ? ".%" G_GINT64_FORMAT : ".%02" G_GINT64_FORMAT,
                            rest % 10 == 0 ? rest / 10 : rest);
}

static void
add_attribute (GString *out, const char *name, double value)
{
  g_string_append_printf (out, " %s=\"", name);
  add_number (out, "", value);
  g_string_append_c (out, '"');
}

static void
add_color (GString *out, const char *name, const RtColor *color)
{
  g_string_append_printf (out, " %s=\"#%02x%02x%02x\"", name, (int)lround (color->red * 255),
                          (int)lround (color->green * 255), (int)lround (color->blue * 255));
  if (color->alpha < 1)
    {
      g_string_append_printf (out, " %s-opacity=\"", name);
      add_number (out, "", color->alpha);
      g_string_append_c (out, '"');
    }
}

static void
svg_rounded (RtSink *sink,
             double x,
             double y,
             double width,
             double height,
             double radius,
             const RtColor *fill,
             const RtColor *stroke,
             double stroke_width)
{
  GString *out = ((RtSvgSink *)sink)->out;
  double inset = stroke != NULL ? stroke_width / 2 : 0;
  double r = MIN (radius, MIN (width, height) / 2);

  g_string_append (out, "<rect");
  add_attribute (out, "x", x + inset);
  add_attribute (out, "y", y + inset);
  add_attribute (out, "width", MAX (0, width - 2 * inset));
  add_attribute (out, "height", MAX (0, height - 2 * inset));
  if (r > 0)
    add_attribute (out, "rx", MAX (0, r - inset));
  if (fill != NULL)
    add_color (out, "fill", fill);
  else
    g_string_append (out, " fill=\"none\"");
  if (stroke != NULL)
    {
      add_color (out, "stroke", stroke);
      add_attribute (out, "stroke-width", stroke_width);
    }
  g_string_append (out, "/>\n");
}

static void
svg_line (RtSink *sink,
          double x0,
          double y0,
          double x1,
          double y1,
          double width,
          const RtColor *color,
          double dash)
{
  GString *out = ((RtSvgSink *)sink)->out;

  add_number (out, "<path d=\"M", x0);
  add_number (out, " ", y0);
  add_number (out, "L", x1);
  add_number (out, " ", y1);
  g_string_append_c (out, '"');
  add_color (out, "stroke", color);
  add_attribute (out, "stroke-width", width);
  if (dash > 0)
    {
      add_number (out, " stroke-dasharray=\"", dash);
      add_number (out, " ", dash * 0.8);
      g_string_append_c (out, '"');
    }
  g_string_append (out, "/>\n");
}

static void
svg_polygon (RtSink *sink, const double *points, guint n, const RtColor *color)
{
  GString *out = ((RtSvgSink *)sink)->out;

  for (guint i = 0; i < n; i++)
    {
      add_number (out, i == 0 ? "<path d=\"M" : "L", points[2 * i]);
      add_number (out, " ", points[2 * i + 1]);
    }
  g_string_append (out, "z\"");
  add_color (out, "fill", color);
  g_string_append (out, "/>\n");
}

static void
svg_text (RtSink *sink,
          double x,
          double y,
          const char *text,
          RtTextStyle style,
          double scale,
          const RtColor *color)
{
  GString *out = ((RtSvgSink *)sink)->out;
  const RtTextFace *face = rt_text_style_face (style);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append (out, "<text");
  add_attribute (out, "x", x);
  add_attribute (out, "y", y);
  g_string_append_printf (out, " font-family=\"%s\"", face->family);
  add_attribute (out, "font-size", face->size * scale);
  if (face->weight != 400)
    g_string_append_printf (out, " font-weight=\"%d\"", face->weight);
  add_color (out, "fill", color);
  g_string_append_printf (out, ">%s</text>\n", escaped);
}

static void
svg_begin_shapes (RtSink *sink, double x, double y, double width, double height)
{
  g_string_append (((RtSvgSink *)sink)->out, "<g>\n");
}

static void
svg_end_shapes (RtSink *sink)
{
  g_string_append (((RtSvgSink *)sink)->out, "</g>\n");
}

static const RtSinkClass svg_sink_class = {
  .rounded = svg_rounded,
  .line = svg_line,
  .polygon = svg_polygon,
  .text = svg_text,
  .begin_shapes = svg_begin_shapes,
  .end_shapes = svg_end_shapes,
};

/**
 * rt_svg_sink_init:
 * @self: to be initialised; nothing in it needs releasing
 * @out: outlives @self
 */
void
rt_svg_sink_init (RtSvgSink *self, GString *out)
{
  *self = (RtSvgSink){ { &svg_sink_class }, out };
}

/**
 * rt_svg_sink_begin:
 * @width: of the picture
 * @height: of the picture
 * @scale: what the scene is multiplied with
 *
 * Opens the document; what is drawn then lands in it.
 */
void
rt_svg_sink_begin (RtSvgSink *self, double width, double height, double scale)
{
  g_string_append (self->out, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
  add_attribute (self->out, "width", width);
  add_attribute (self->out, "height", height);
  add_number (self->out, " viewBox=\"0 0 ", width / scale);
  add_number (self->out, " ", height / scale);
  g_string_append (self->out, "\" xml:space=\"preserve\">\n");
}

void
rt_svg_sink_end (RtSvgSink *self)
{
  g_string_append (self->out, "</svg>\n");
}
