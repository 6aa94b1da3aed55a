/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Content in the window: as text by its type, as pictures, and what is said where it is odd. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-body-pane.h"
#include "rt-body-text.h"
#include "window-words.h"

#include <string.h>

typedef struct
{
  const char *name, *type, *in;
  gsize length; /* 0: up to its NUL */
  const char *out, *language, *note;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "JSON is indented", "application/json", "{\"a\":[1,{}],\"b\":\"x,{\"}", 0,
    "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": \"x,{\"\n}", "json", NULL },
  { "… by its suffix", "application/problem+json; charset=utf-8", "[]", 0, "[]", "json", NULL },
  { "… cut, too", "application/json", "{\"cut", 0, "{\n  \"cut", "json", NULL },
  { "HTML is coloured", "text/html", "<p>a</p>", 0, "<p>a</p>", "html", NULL },
  { "a form has a line a field", "application/x-www-form-urlencoded", "a=1+2&b=%C3%A9&c", 0, "a = 1 2\nb = é\nc\n", NULL, NULL },
  { "without a type it is text", "", "plain", 0, "plain", NULL, NULL },
  { "parts", "multipart/form-data; boundary=\"x y\"",
    "--x y\r\nContent-Disposition: form-data; name=\"tea\"\r\n\r\ngreen\r\n--x y\r\n"
    "Content-Type: application/json\r\n\r\n[1]\r\n--x y--", 0,
    "Part 1 · text/plain · 5 bytes · form-data; name=\"tea\"\ngreen\n\n"
    "Part 2 · application/json · 3 bytes\n[\n  1\n]\n\n", NULL, NULL },
  { "parts without a boundary", "multipart/mixed", "--x", 0, "--x", NULL, NULL },
  { "parts whose boundary is another", "multipart/mixed; boundary=y", "--x\r\n\r\na\r\n--x--", 0,
    "No part: its boundary stands nowhere in it.", NULL, NULL },
  { "events", "text/event-stream", "event: tick\nid: 7\ndata: a\ndata: b\n\n: still here\n\ndata: c\n", 0,
    "Event 1 · tick · id 7\na\nb\n\nNo event: : still here\n\n"
    "Event 2 · message · not ended: no script hears of it\nc\n\n", NULL, NULL },
  { "what claims to be text and is none", "text/plain", "\377\0\1abcdef", 9,
    "00000  ff 00 01 61 62 63 64 65 66                       ...abcdef\n", NULL, NULL },
  { "what is binary and says so", "application/octet-stream", "\377abcdef", 7,
    "00000  ff 61 62 63 64 65 66                             .abcdef\n", NULL, NULL },
  { "text in the charset that it names", "text/plain; charset=iso-8859-1", "caf\351", 4, "café", NULL, "as iso-8859-1" },
  { "… of two bytes", "text/html; charset=utf-16le", "<\0p\0>\0", 6, "<p>", "html", "as utf-16le" },
  { "text that is not in the charset that it names", "text/plain; charset=utf-8", "caf\351 au lait", 12,
    "caf\\xe9 au lait", NULL, "bytes that are no UTF-8 are shown as \\xHH" },
  { "a charset that there is not", "text/plain; charset=klingon", "café", 0, "café", NULL, NULL },
  { "a character that is cut at the end", "text/plain", "caf\303", 4, "caf", NULL, NULL },
  { "nothing", "application/json", "", 0, "", NULL, NULL },
};
/* clang-format on */

static void
becomes_text (void **state)
{
  const Row *row = *state;
  g_autoptr (GBytes) bytes
      = g_bytes_new_static (row->in, row->length > 0 ? row->length : strlen (row->in));
  g_autoptr (RtBodyText) text = rt_body_text_new (row->type, bytes);

  assert_string_equal (text->text, row->out);
  assert_string_equal (text->language != NULL ? text->language : "",
                       row->language != NULL ? row->language : "");
  assert_string_equal (text->note != NULL ? text->note : "", row->note != NULL ? row->note : "");
  assert_int_equal (text->pictures->len, 0);
}

static RtBodyText *
text_of (const char *type, const char *begin, char filling, gsize n)
{
  g_autoptr (GString) content = g_string_new (begin);
  g_autoptr (GBytes) bytes = NULL;
  gsize length = content->len;

  g_string_set_size (content, length + n);
  memset (content->str + length, filling, n);
  bytes = g_bytes_new (content->str, content->len);
  return rt_body_text_new (type, bytes);
}

static void
large_content_is_shown_in_part (void **state)
{
  static const struct
  {
    const char *type;
    char filling;
  } kinds[] = { { "application/json", '[' },
                { "application/json", '"' },
                { "text/plain", 'a' },
                { "text/plain", '\n' },
                { "application/x-tar", '\0' },
                { "text/event-stream", 'a' },
                { "multipart/mixed; boundary=x", 'a' } };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (RtBodyText) text
          = text_of (kinds[i].type, "--x\r\n\r\n", kinds[i].filling, 20 * 1000 * 1000);

      assert_true (strlen (text->text) < 2 * 1024 * 1024);
      assert_non_null (strstr (text->note, "only the beginning is shown"));
    }
}

static void
long_lines_are_broken (void **state)
{
  g_autoptr (RtBodyText) text = text_of ("text/javascript", "", 'a', 100 * 1000);
  g_auto (GStrv) lines = g_strsplit (text->text, "\n", -1);

  assert_int_equal (g_strv_length (lines), 25);
  assert_string_equal (text->note, "long lines are broken");
}

/* Pictures */

/* Of one pixel. */
static const char dot[]
    = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
      "gg==";

static void
parts_that_are_pictures_are_pictures (void **state)
{
  gsize length;
  g_autofree guchar *png = g_base64_decode (dot, &length);
  g_autoptr (GByteArray) content = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (RtBodyText) text = NULL;
  const RtBodyPicture *picture;
  static const char first[] = "--x\r\nContent-Type: image/png\r\n\r\n";
  static const char last[] = "\r\n--x\r\n\r\ngrün\r\n--x--\r\n";

  g_byte_array_append (content, (const guint8 *)first, strlen (first));
  g_byte_array_append (content, png, (guint)length);
  g_byte_array_append (content, (const guint8 *)last, strlen (last));
  bytes = g_bytes_new (content->data, content->len);
  text = rt_body_text_new ("multipart/form-data; boundary=x", bytes);
  assert_int_equal (text->pictures->len, 1);
  picture = text->pictures->pdata[0];
  assert_string_equal (picture->media_type, "image/png");
  assert_int_equal (gdk_texture_get_width (picture->texture), 1);
  assert_string_equal (text->text, "Part 1 · image/png · 70 bytes\n\n\n"
                                   "Part 2 · text/plain · 5 bytes\ngrün\n\n");
  assert_int_equal (picture->offset, strlen ("Part 1 . image/png . 70 bytes\n"));
}

static void
a_part_that_is_no_picture_is_shown_all_the_same (void **state)
{
  g_autoptr (GBytes) bytes
      = g_bytes_new_static ("--x\r\nContent-Type: image/png\r\n\r\nabc\r\n--x--",
                            strlen ("--x\r\nContent-Type: image/png\r\n\r\nabc\r\n--x--"));
  g_autoptr (RtBodyText) text = rt_body_text_new ("multipart/mixed; boundary=x", bytes);

  assert_int_equal (text->pictures->len, 0);
  assert_non_null (strstr (text->text, "3 bytes\nno picture can be made of it: "));
  assert_non_null (strstr (text->text, "\nabc\n"));
}

static void
a_picture_that_is_too_large_is_not_made (void **state)
{
  gsize length;
  g_autofree guchar *png = g_base64_decode (dot, &length);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *why_not = NULL;
  guint32 crc;

  /* Its header says 100000 × 100000; the checksum behind it is that of the new header. */
  memcpy (png + 16, "\0\1\206\240\0\1\206\240", 8);
  crc = 0xffffffff;
  for (gsize i = 12; i < 29; i++)
    {
      crc ^= png[i];
      for (guint bit = 0; bit < 8; bit++)
        crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }
  crc = GUINT32_TO_BE (~crc);
  memcpy (png + 29, &crc, 4);
  bytes = g_bytes_new (png, length);
  assert_null (rt_body_image_new (bytes, &why_not));
  assert_string_equal (why_not, "a picture of 100000 × 100000 pixels is too large to be shown");
}

/* In the window */

static gboolean
has_body (gpointer pane)
{
  GtkTextView *text = GTK_TEXT_VIEW (window_find (pane, GTK_TYPE_TEXT_VIEW));

  return gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (text)) > 0;
}

static void
the_body_is_shown_with_its_type (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *inspector = GTK_WIDGET (rt_window_get_inspector (fixture->window));
  GtkWidget *body = window_find (inspector, RT_TYPE_BODY_PANE);
  GtkWidget *button = window_find_label (inspector, "Body");
  g_autoptr (GString) words = g_string_new (NULL);

  rt_view_select (window_shown (fixture), 1, FALSE, RT_SPAN_NONE);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
  assert_true (window_fixture_wait (fixture, has_body, body));
  assert_true (gtk_widget_get_visible (body));
  window_collect_words (body, NULL, words);
  assert_non_null (strstr (words->str, "text/plain"));
}

/* An archive with one answer. */
static void
open_archive (WindowFixture *fixture, const char *type, const char *encoding, const char *content)
{
  g_autofree char *path = g_build_filename (fixture->folder, "one.har", NULL);
  g_autofree char *text = g_strdup_printf (
      "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"t\",\"version\":\"1\"},\"entries\":[{"
      "\"startedDateTime\":\"2026-01-01T12:00:00.000Z\",\"time\":12,\"request\":{\"method\":"
      "\"GET\",\"url\":\"http://shop.test/x\",\"httpVersion\":\"HTTP/1.1\",\"cookies\":[],"
      "\"headers\":[],\"queryString\":[],\"headersSize\":-1,\"bodySize\":0},\"response\":{"
      "\"status\":200,\"statusText\":\"OK\",\"httpVersion\":\"HTTP/1.1\",\"cookies\":[],"
      "\"headers\":[{\"name\":\"Content-Type\",\"value\":\"%s\"}],\"content\":{\"size\":70,"
      "\"mimeType\":\"%s\"%s%s},\"redirectURL\":\"\","
      "\"headersSize\":-1,\"bodySize\":70},\"cache\":{},\"timings\":{\"send\":1,\"wait\":10,"
      "\"receive\":1}}]}}",
      type, type, encoding, content);

  assert_true (g_file_set_contents (path, text, -1, NULL));
  rt_window_open (fixture->window, path);
}

static gboolean
shows_archive (gpointer data)
{
  RtView *view = window_shown (data);

  return view != NULL && rt_view_get_play (view) == NULL;
}

static GtkWidget *
show_body (WindowFixture *fixture)
{
  GtkWidget *inspector = GTK_WIDGET (rt_window_get_inspector (fixture->window));

  assert_true (window_fixture_wait (fixture, shows_archive, fixture));
  rt_view_select (window_shown (fixture), 1, FALSE, RT_SPAN_NONE);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (window_find_label (inspector, "Body")), TRUE);
  return window_find (inspector, RT_TYPE_BODY_PANE);
}

static gboolean
shows_picture (gpointer pane)
{
  GtkPicture *image = GTK_PICTURE (window_find (pane, GTK_TYPE_PICTURE));

  return gtk_picture_get_paintable (image) != NULL
         && gtk_widget_get_child_visible (GTK_WIDGET (image));
}

static void
an_image_is_shown_as_one (void **state)
{
  WindowFixture *fixture = *state;
  g_autofree char *content = g_strdup_printf (",\"text\":\"%s\"", dot);

  open_archive (fixture, "image/png", ",\"encoding\":\"base64\"", content);
  assert_true (window_fixture_wait (fixture, shows_picture, show_body (fixture)));
}

static void
an_image_among_parts_is_shown_as_one (void **state)
{
  WindowFixture *fixture = *state;
  static const char begin[] = "--x\r\nContent-Type: image/png\r\n\r\n";
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gsize length;
  g_autofree guchar *png = g_base64_decode (dot, &length);
  g_autofree char *coded = NULL;
  g_autofree char *content = NULL;
  GtkWidget *body;

  g_byte_array_append (bytes, (const guint8 *)begin, strlen (begin));
  g_byte_array_append (bytes, png, (guint)length);
  g_byte_array_append (bytes, (const guint8 *)"\r\n--x--", 7);
  coded = g_base64_encode (bytes->data, bytes->len);
  content = g_strdup_printf (",\"text\":\"%s\"", coded);
  open_archive (fixture, "multipart/mixed; boundary=x", ",\"encoding\":\"base64\"", content);
  body = show_body (fixture);
  assert_true (window_fixture_wait (fixture, has_body, body));
  assert_non_null (window_find (window_find (body, GTK_TYPE_TEXT_VIEW), GTK_TYPE_PICTURE));
  window_fixture_settle (fixture);
}

static gboolean
says (GtkWidget *body, const char *want)
{
  g_autoptr (GString) words = g_string_new (NULL);

  window_collect_words (body, NULL, words);
  return strstr (words->str, want) != NULL;
}

static gboolean
says_missing (gpointer body)
{
  return says (body, "The content is missing");
}

static void
missing_content_is_not_empty (void **state)
{
  WindowFixture *fixture = *state;

  open_archive (fixture, "text/plain", "", "");
  assert_true (window_fixture_wait (fixture, says_missing, show_body (fixture)));
}

static gboolean
says_beginning (gpointer body)
{
  return says (body, "only the beginning is shown");
}

/* It is asked for, and comes later: until then the pane has nothing. */
static void
much_content_does_not_hold_up_the_window (void **state)
{
  WindowFixture *fixture = *state;
  g_autoptr (GString) json = g_string_new (",\"text\":\"[0");
  GtkWidget *body;

  while (json->len < 20 * 1000 * 1000)
    g_string_append (json, ",1234567890");
  g_string_append (json, "]\"");
  open_archive (fixture, "application/json", "", json->str);
  body = show_body (fixture);
  assert_false (has_body (body));
  assert_true (window_fixture_wait (fixture, says_beginning, body));
  assert_true (has_body (body));
}

#define WINDOW_TEST(name) cmocka_unit_test_setup_teardown (name, window_set_up, window_tear_down)

int
main (int argc, char **argv)
{
  const struct CMUnitTest others[] = {
    cmocka_unit_test (large_content_is_shown_in_part),
    cmocka_unit_test (long_lines_are_broken),
    cmocka_unit_test (parts_that_are_pictures_are_pictures),
    cmocka_unit_test (a_part_that_is_no_picture_is_shown_all_the_same),
    cmocka_unit_test (a_picture_that_is_too_large_is_not_made),
    WINDOW_TEST (the_body_is_shown_with_its_type),
    WINDOW_TEST (an_image_is_shown_as_one),
    WINDOW_TEST (an_image_among_parts_is_shown_as_one),
    WINDOW_TEST (missing_content_is_not_empty),
    WINDOW_TEST (much_content_does_not_hold_up_the_window),
  };
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + G_N_ELEMENTS (others)];

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, becomes_text, NULL, NULL, (void *)&rows[i] };
  memcpy (tests + G_N_ELEMENTS (rows), others, sizeof others);
  window_fixture_init ();
  if (argc > 1)
    cmocka_set_test_filter (argv[1]);
  return _cmocka_run_group_tests ("window-body", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
