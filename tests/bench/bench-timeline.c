/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a timeline of 20,000 messages costs: laying it out once, and going through the visible part
 * of the scene for every frame. */
#include "rt-timeline-scene.h"
#include "timeline-models.h"

#include <stdlib.h>

#define N_MESSAGES 20000
#define N_FRAMES 400

/* Takes everything and draws nothing: what is left is the scene itself. */
static void
skip_rounded (RtSink *sink,
              double x,
              double y,
              double width,
              double height,
              double radius,
              const RtColor *fill,
              const RtColor *stroke,
              double stroke_width)
{
}

static void
skip_line (RtSink *sink,
           double x0,
           double y0,
           double x1,
           double y1,
           double width,
           const RtColor *color,
           double dash)
{
}

static void
skip_polygon (RtSink *sink, const double *points, guint n, const RtColor *color)
{
}

static void
skip_text (RtSink *sink,
           double x,
           double y,
           const char *text,
           RtTextStyle style,
           double scale,
           const RtColor *color)
{
}

static void
skip_begin (RtSink *sink, double x, double y, double width, double height)
{
}

static void
skip_end (RtSink *sink)
{
}

static const RtSinkClass skip_class
    = { skip_rounded, skip_line, skip_polygon, skip_text, skip_begin, skip_end };

static int
compare_usec (gconstpointer a, gconstpointer b)
{
  gint64 p = *(const gint64 *)a;
  gint64 q = *(const gint64 *)b;

  return p < q ? -1 : p > q;
}

/* Scrolls from the top to the bottom, drawing into @sink; prints the median and the 95th of 100. */
static void
measure_frames (const char *what, const RtTimelineLayout *layout, RtSink *sink, gboolean playing)
{
  g_autoptr (GArray) usec = g_array_new (FALSE, FALSE, sizeof (gint64));
  RtTimelineView view = { .width = 1280,
                          .height = 800,
                          .hover = RT_TIMELINE_NONE,
                          .selected = RT_TIMELINE_NONE,
                          .different = RT_TIMELINE_NONE,
                          .now = RT_TIME_UNKNOWN };

  for (guint i = 0; i < N_FRAMES; i++)
    {
      gint64 start;
      gint64 took;

      view.scroll = (layout->height - view.height) * i / N_FRAMES;
      if (playing)
        view.now = rt_timeline_scale_time (layout->scale, view.scroll + 400);
      start = g_get_monotonic_time ();
      rt_timeline_scene_draw (layout, &view, sink);
      took = g_get_monotonic_time () - start;
      g_array_append_val (usec, took);
    }
  g_array_sort (usec, compare_usec);
  g_print ("timeline %-28s p50 %6.2f ms  p95 %6.2f ms\n", what,
           g_array_index (usec, gint64, N_FRAMES / 2) / 1000.0,
           g_array_index (usec, gint64, N_FRAMES * 95 / 100) / 1000.0);
}

static RtTimelineLayout *
lay_out (const RtTimelineModel *model, RtFonts *fonts, double zoom)
{
  RtTimelineParams params
      = { .width = 1280, .text_scale = 1, .zoom = zoom, .measure = rt_fonts_get_measure (fonts) };
  gint64 start = g_get_monotonic_time ();
  RtTimelineLayout *layout = rt_timeline_layout_new (model, &params);

  g_print ("timeline layout, zoom %-14g %6.2f ms, %.0f px\n", zoom,
           (g_get_monotonic_time () - start) / 1000.0, layout->height);
  return layout;
}

int
main (void)
{
  g_autoptr (RtTimelineModel) model = rt_sample_many (N_MESSAGES);
  g_autoptr (RtFonts) fonts = rt_fonts_new_for_pictures ();
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 1280, 800);
  cairo_t *cr = cairo_create (surface);
  static const double zooms[] = { 1, 0.12, 0.0005 };
  RtCairoSink cairo;
  RtSink skip = { &skip_class };

  rt_cairo_sink_init (&cairo, cr, fonts);
  for (guint i = 0; i < G_N_ELEMENTS (zooms); i++)
    {
      g_autoptr (RtTimelineLayout) layout = lay_out (model, fonts, zooms[i]);

      measure_frames ("scene alone, scrolling", layout, &skip, FALSE);
      measure_frames ("scene and cairo, scrolling", layout, &cairo.sink, FALSE);
      measure_frames ("scene and cairo, playing", layout, &cairo.sink, TRUE);
    }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return EXIT_SUCCESS;
}
