/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the window does for each frame of a timeline of 20,000 messages: building the nodes, and
 * drawing them as GTK's cairo renderer does, at 1280 × 800. */
#include "rt-sink-snapshot.h"
#include "rt-timeline-scene.h"
#include "timeline-models.h"

#include <stdlib.h>

#define N_MESSAGES 20000
#define N_FRAMES 300

static int
compare_usec (gconstpointer a, gconstpointer b)
{
  gint64 p = *(const gint64 *)a;
  gint64 q = *(const gint64 *)b;

  return p < q ? -1 : p > q;
}

static void
print_times (const char *what, GArray *usec)
{
  g_array_sort (usec, compare_usec);
  g_print ("timeline %-28s p50 %6.2f ms  p95 %6.2f ms\n", what,
           g_array_index (usec, gint64, usec->len / 2) / 1000.0,
           g_array_index (usec, gint64, usec->len * 95 / 100) / 1000.0);
}

static GskRenderNode *
build_nodes (const RtTimelineLayout *layout, const RtTimelineView *view, RtFonts *fonts)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  RtSnapshotSink sink;

  rt_snapshot_sink_init (&sink, snapshot, fonts, 0, view->width);
  rt_timeline_scene_draw (layout, view, &sink.sink);
  return gtk_snapshot_free_to_node (snapshot);
}

/* From the top to the bottom, @playing or scrolling. */
static void
measure_frames (const RtTimelineLayout *layout, RtFonts *fonts, cairo_t *cr, gboolean playing)
{
  g_autoptr (GArray) building = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (gint64));
  RtTimelineView view = { .width = 1280,
                          .height = 800,
                          .hover = RT_TIMELINE_NONE,
                          .selected = RT_TIMELINE_NONE,
                          .different = RT_TIMELINE_NONE,
                          .now = RT_TIME_UNKNOWN };

  for (guint i = 0; i < N_FRAMES; i++)
    {
      gint64 start = g_get_monotonic_time ();
      GskRenderNode *node;
      gint64 took;

      view.scroll = (layout->height - view.height) * i / N_FRAMES;
      if (playing)
        view.now = rt_timeline_scale_time (layout->scale, view.scroll + 400);
      node = build_nodes (layout, &view, fonts);
      took = g_get_monotonic_time () - start;
      g_array_append_val (building, took);
      gsk_render_node_draw (node, cr);
      took = g_get_monotonic_time () - start;
      g_array_append_val (all, took);
      gsk_render_node_unref (node);
    }
  print_times (playing ? "building nodes, playing" : "building nodes, scrolling", building);
  print_times (playing ? "whole frame, playing" : "whole frame, scrolling", all);
}

static void
measure (void)
{
  g_autoptr (RtTimelineModel) model = rt_sample_many (N_MESSAGES);
  g_autoptr (RtFonts) fonts = rt_fonts_new_for_pictures ();
  RtTimelineParams params
      = { .width = 1280, .text_scale = 1, .zoom = 1, .measure = rt_fonts_get_measure (fonts) };
  g_autoptr (RtTimelineLayout) layout = rt_timeline_layout_new (model, &params);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 1280, 800);
  cairo_t *cr = cairo_create (surface);

  measure_frames (layout, fonts, cr, FALSE);
  measure_frames (layout, fonts, cr, TRUE);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

int
main (void)
{
  if (!gtk_init_check ())
    {
      g_print ("timeline nodes: skipped, there is no display\n");
      return 77;
    }
  measure ();
  return EXIT_SUCCESS;
}
