/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * States of the window for pictures: content. */
#include "pictures-body.h"

#include "rt-body-pane.h"

#include <cairo.h>
#include <string.h>

static cairo_status_t
append (void *data, const unsigned char *bytes, unsigned int length)
{
  g_byte_array_append (data, bytes, length);
  return CAIRO_STATUS_SUCCESS;
}

/* A cup of tea. */
static void
append_png (GByteArray *out)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 320, 200);
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, 0.96, 0.90, 0.78);
  cairo_paint (cr);
  cairo_set_line_width (cr, 14);
  cairo_set_source_rgb (cr, 0.20, 0.40, 0.65);
  cairo_arc (cr, 215, 105, 28, -1.6, 1.6);
  cairo_stroke (cr);
  cairo_arc (cr, 160, 80, 62, 0, 3.1416);
  cairo_fill (cr);
  cairo_rectangle (cr, 98, 60, 124, 24);
  cairo_fill (cr);
  cairo_rectangle (cr, 80, 160, 160, 10);
  cairo_fill (cr);
  cairo_destroy (cr);
  cairo_surface_write_to_png_stream (surface, append, out);
  cairo_surface_destroy (surface);
}

static gboolean
shows_archive (gpointer fixture)
{
  RtView *view = window_shown (fixture);

  return view != NULL && rt_view_get_play (view) == NULL;
}

static gboolean
has_image (gpointer body)
{
  return window_find (window_find (body, GTK_TYPE_TEXT_VIEW), GTK_TYPE_PICTURE) != NULL;
}

static void
write_archive (const char *path)
{
  static const char first[]
      = "--tea\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n"
        "Assam, second flush\r\n--tea\r\n"
        "Content-Disposition: form-data; name=\"photo\"; filename=\"cup.png\"\r\n"
        "Content-Type: image/png\r\n\r\n";
  static const char last[] = "\r\n--tea\r\nContent-Disposition: form-data; name=\"tags\"\r\n"
                             "Content-Type: application/json\r\n\r\n[\"black\", \"malty\"]\r\n"
                             "--tea--\r\n";
  g_autoptr (GByteArray) content = g_byte_array_new ();
  g_autofree char *coded = NULL;
  g_autofree char *text = NULL;

  g_byte_array_append (content, (const guint8 *)first, strlen (first));
  append_png (content);
  g_byte_array_append (content, (const guint8 *)last, strlen (last));
  coded = g_base64_encode (content->data, content->len);
  text = g_strdup_printf (
      "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"t\",\"version\":\"1\"},\"entries\":[{"
      "\"startedDateTime\":\"2026-01-01T12:00:00.000Z\",\"time\":12,\"request\":{\"method\":"
      "\"GET\",\"url\":\"http://shop.test/teas/7\",\"httpVersion\":\"HTTP/1.1\",\"cookies\":[],"
      "\"headers\":[],\"queryString\":[],\"headersSize\":-1,\"bodySize\":0},\"response\":{"
      "\"status\":200,\"statusText\":\"OK\",\"httpVersion\":\"HTTP/1.1\",\"cookies\":[],"
      "\"headers\":[{\"name\":\"Content-Type\",\"value\":\"multipart/form-data; boundary=tea\"}],"
      "\"content\":{\"size\":%u,\"mimeType\":\"multipart/form-data; boundary=tea\","
      "\"encoding\":\"base64\",\"text\":\"%s\"},\"redirectURL\":\"\",\"headersSize\":-1,"
      "\"bodySize\":%u},\"cache\":{},\"timings\":{\"send\":1,\"wait\":10,\"receive\":1}}]}}",
      content->len, coded, content->len);
  g_file_set_contents (path, text, -1, NULL);
}

/* Parts of a form, one of them a picture. */
void
picture_multipart (WindowFixture *fixture)
{
  GtkWidget *inspector = GTK_WIDGET (rt_window_get_inspector (fixture->window));
  GtkWidget *body = window_find (inspector, RT_TYPE_BODY_PANE);
  g_autofree char *path = g_build_filename (fixture->folder, "tea.har", NULL);

  write_archive (path);
  rt_window_open (fixture->window, path);
  window_fixture_wait (fixture, shows_archive, fixture);
  rt_view_select (window_shown (fixture), 1, FALSE, RT_SPAN_NONE);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (window_find_label (inspector, "Body")), TRUE);
  window_fixture_wait (fixture, has_image, body);
  for (guint i = 0; i < 12; i++)
    window_fixture_settle (fixture);
}
