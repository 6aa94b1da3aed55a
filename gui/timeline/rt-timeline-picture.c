/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pictures of a timeline: the screen's own scene, its lane headers included. The same model gives
 * the same bytes: nothing of the desktop's settings, the time or the machine goes into them. */
#include "rt-timeline-picture.h"

#include "rt-error.h"
#include "rt-timeline-scene.h"

#include <cairo-pdf.h>
#include <math.h>

#define DEFAULT_WIDTH 1280
/* Text may become this many times smaller before it gives way to arrows, and they to counts. */
#define MAX_SHRINK 2.5
/* Pixels of a PNG for one of the scene. */
#define PNG_DENSITY 1

/* How a scene is put on a page: laid out @width wide, then multiplied with @scale. */
typedef struct
{
  RtTimelineLayout *layout;
  double width, height, scale;
} Page;

static RtTimelineLayout *
lay_out (const RtTimelineModel *model,
         const RtPictureOptions *options,
         RtMeasure measure,
         double shrink,
         double zoom)
{
  RtTimelineParams params = {
    .width = (options->width != 0 ? options->width : DEFAULT_WIDTH) * shrink,
    .text_scale = options->text_scale > 0 ? options->text_scale : 1,
    .zoom = zoom,
    .true_scale = options->true_scale,
    .no_cards = model->cards->len == 0,
    .measure = measure,
  };

  return rt_timeline_layout_new (model, &params);
}

/* A scene that is higher than its page is laid out wider until, shrunk to the page, it fits; where
 * that would make the text too small, time is drawn together instead. */
static Page
compose (const RtTimelineModel *model, const RtPictureOptions *options, RtMeasure measure)
{
  Page page = { .layout = lay_out (model, options, measure, 1, 1), .scale = 1 };
  double shrink = 1;
  double zoom = 1;

  page.width = page.layout->params.width;
  page.height = options->height != 0 ? options->height : ceil (page.layout->height);
  for (guint i = 0; i < 8 && page.layout->height * page.scale > page.height; i++)
    {
      double excess = page.layout->height * page.scale / page.height * 1.002;

      if (shrink * excess <= MAX_SHRINK && zoom >= 1)
        shrink *= excess;
      else
        {
          shrink = 1;
          zoom /= zoom >= 1 ? page.layout->height / page.height * 1.1 : excess * 1.05;
        }
      rt_timeline_layout_free (page.layout);
      page.layout = lay_out (model, options, measure, shrink, zoom);
      page.scale = 1 / shrink;
    }
  return page;
}

static void
draw_page (const Page *page, const RtPictureOptions *options, RtSink *sink)
{
  RtTimelineView view = {
    .width = page->width / page->scale,
    .height = page->height / page->scale,
    .hover = RT_TIMELINE_NONE,
    .selected = RT_TIMELINE_NONE,
    .different = RT_TIMELINE_NONE,
    .now = options->now,
    .scheme = options->scheme,
  };

  rt_timeline_scene_draw (page->layout, &view, sink);
}

/**
 * rt_timeline_picture_svg:
 * @measure: of the fonts that the picture will be seen with
 *
 * Returns: (transfer full): an SVG document with real text
 */
GString *
rt_timeline_picture_svg (const RtTimelineModel *model,
                         const RtPictureOptions *options,
                         RtMeasure measure)
{
  GString *out = g_string_new (NULL);
  Page page = compose (model, options, measure);
  RtSvgSink sink;

  rt_svg_sink_init (&sink, out);
  rt_svg_sink_begin (&sink, page.width, page.height, page.scale);
  draw_page (&page, options, &sink.sink);
  rt_svg_sink_end (&sink);
  rt_timeline_layout_free (page.layout);
  return out;
}

static void
draw_on_surface (const Page *page,
                 const RtPictureOptions *options,
                 RtFonts *fonts,
                 cairo_surface_t *surface,
                 double density)
{
  cairo_t *cr = cairo_create (surface);
  RtCairoSink sink;

  cairo_scale (cr, page->scale * density, page->scale * density);
  rt_cairo_sink_init (&sink, cr, fonts);
  draw_page (page, options, &sink.sink);
  cairo_destroy (cr);
}

static cairo_status_t
append_bytes (void *data, const unsigned char *bytes, unsigned int length)
{
  g_byte_array_append (data, bytes, length);
  return CAIRO_STATUS_SUCCESS;
}

/* A PDF says when it was made; ours does not. */
static GByteArray *
make_pdf (const Page *page, const RtPictureOptions *options, RtFonts *fonts)
{
  GByteArray *out = g_byte_array_new ();
  cairo_surface_t *surface
      = cairo_pdf_surface_create_for_stream (append_bytes, out, page->width, page->height);

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
  draw_on_surface (page, options, fonts, surface, 1);
  cairo_surface_finish (surface);
  cairo_surface_destroy (surface);
  return out;
}

static GByteArray *
make_png (const Page *page, const RtPictureOptions *options, RtFonts *fonts)
{
  GByteArray *out = g_byte_array_new ();
  cairo_surface_t *surface = cairo_image_surface_create (
      CAIRO_FORMAT_RGB24, (int)page->width * PNG_DENSITY, (int)page->height * PNG_DENSITY);

  draw_on_surface (page, options, fonts, surface, PNG_DENSITY);
  cairo_surface_write_to_png_stream (surface, append_bytes, out);
  cairo_surface_destroy (surface);
  return out;
}

/**
 * rt_timeline_picture_write:
 * @path: its ending says which kind: `.svg`, `.png` or `.pdf`
 *
 * Errors: %RT_ERROR_UNSUPPORTED for another ending, %RT_ERROR_LIMIT where a PNG would be too high,
 * those of the file system.
 *
 * Returns: TRUE if the file is written
 */
gboolean
rt_timeline_picture_write (const RtTimelineModel *model,
                           const RtPictureOptions *options,
                           const char *path,
                           GError **error)
{
  g_autoptr (RtFonts) fonts = rt_fonts_new_for_pictures ();
  g_autoptr (GByteArray) bytes = NULL;
  Page page;

  if (g_str_has_suffix (path, ".svg"))
    {
      g_autoptr (GString) svg
          = rt_timeline_picture_svg (model, options, rt_fonts_get_measure (fonts));

      return g_file_set_contents (path, svg->str, (gssize)svg->len, error);
    }
  if (!g_str_has_suffix (path, ".png") && !g_str_has_suffix (path, ".pdf"))
    {
      rt_set_error (error, RT_ERROR_UNSUPPORTED, &(RtPlace){ .file = path },
                    "a name that ends in .svg, .png or .pdf", "no such kind of picture");
      return FALSE;
    }
  page = compose (model, options, rt_fonts_get_measure (fonts));
  if (g_str_has_suffix (path, ".pdf"))
    bytes = make_pdf (&page, options, fonts);
  else if (page.height <= RT_PICTURE_MAX_SIZE)
    bytes = make_png (&page, options, fonts);
  else
    rt_set_error (error, RT_ERROR_LIMIT, &(RtPlace){ .file = path },
                  "a size to scale the picture to, or .svg",
                  "the picture would be %.0f pixels high, more than %d", page.height,
                  RT_PICTURE_MAX_SIZE);
  rt_timeline_layout_free (page.layout);
  return bytes != NULL
         && g_file_set_contents (path, (const char *)bytes->data, (gssize)bytes->len, error);
}
