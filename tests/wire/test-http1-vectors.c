/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Content-Length as the web platform tests have it: `wpt/content-lengths.json` in the folder named
 * by RT_VECTORS. An answer of 42 there means that browsers take a value that is no number for no
 * value at all; RFC 9112 §6.3 has it refused, and so do we. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-http1.h"

#include <json-glib/json-glib.h>

#define NO_VALUE 42

/* Our reading of one vector: the length, or -1 if the response is refused. */
static gint64
read_length (const char *fields)
{
  g_autofree char *text = g_strdup_printf ("HTTP/1.1 200 OK\r\n%s\r\n\r\n", fields);
  g_autoptr (RtHttp1Reader) reader
      = rt_http1_reader_new (RT_MESSAGE_RESPONSE, RT_HTTP1_STRICT, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  RtHttp1Event event;

  rt_http1_reader_feed (reader, bytes, RT_SPAN_NONE);
  event = rt_http1_reader_next (reader);
  if (event.kind != RT_HTTP1_HEAD)
    {
      assert_int_equal (event.kind, RT_HTTP1_ERROR);
      return -1;
    }
  assert_int_equal (event.message->framing, RT_FRAMING_LENGTH);
  return (gint64)event.message->content_length;
}

static void
content_lengths_are_read_as_browsers_read_them (void **state)
{
  g_autofree char *path
      = g_build_filename (g_getenv ("RT_VECTORS"), "wpt", "content-lengths.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *vectors;

  assert_true (json_parser_load_from_file (parser, path, NULL));
  vectors = json_node_get_array (json_parser_get_root (parser));
  assert_true (json_array_get_length (vectors) > 0);
  for (guint i = 0; i < json_array_get_length (vectors); i++)
    {
      JsonObject *vector = json_array_get_object_element (vectors, i);
      const char *fields = json_object_get_string_member (vector, "input");
      gint64 expected = json_object_get_null_member (vector, "output")
                            ? -1
                            : json_object_get_int_member (vector, "output");
      gint64 length = read_length (fields);

      print_message ("# %u: %" G_GINT64_FORMAT "\n", i, length);
      if (expected == NO_VALUE && length != NO_VALUE)
        expected = -1;
      assert_int_equal (length, expected);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (content_lengths_are_read_as_browsers_read_them),
  };

  if (g_getenv ("RT_VECTORS") == NULL || *g_getenv ("RT_VECTORS") == '\0')
    {
      print_message ("1..0 # SKIP no vectors: -Dvectors=FOLDER\n");
      return 0;
    }
  return cmocka_run_group_tests (tests, NULL, NULL);
}
