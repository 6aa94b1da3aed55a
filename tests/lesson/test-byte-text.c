/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bytes as a lesson writes them: which pieces go out, and when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-byte-text.h"

#include <string.h>

typedef struct
{
  const char *name, *text;
  guint piece;
  RtTime every;
  const char *want; /* `+DELAY bytes` a piece, escaped; or the error */
} Row;

/* clang-format off */
static const Row rows[] = {
  { "a line ends with CR LF", "GET /\n", 0, 0, "+0 GET /\\r\\n|" },
  { "also the last, where nothing ends it", "GET /", 0, 0, "+0 GET /\\r\\n|" },
  { "an empty line is an empty line", "a\n\n", 0, 0, "+0 a\\r\\n\\r\\n|" },
  { "a backslash takes the line's end away", "GET \\\n/\\\n", 0, 0, "+0 GET /|" },
  { "bytes as in C", "a\\r\\n\\t\\0\\xfF\\\\\\\n", 0, 0, "+0 a\\r\\n\\t\\x00\\xff\\\\|" },
  { "a pause parts pieces", "a\n... 2s\nb\n", 0, 0, "+0 a\\r\\n|+2000000 b\\r\\n|" },
  { "two pauses add up", "... 1s\n... 2s\nb\n", 0, 0, "+3000000 b\\r\\n|" },
  { "a dribble", "abc\\\n", 1, 500, "+0 a|+500 b|+500 c|" },
  { "a pause within a dribble", "ab\\\n... 1s\ncd\\\n", 1, 500, "+0 a|+500 b|+1000000 c|+500 d|" },
  { "nothing", "", 0, 0, "" },
  { "an escape that there is not", "a\n\\q\n", 0, 0,
    "l.md:8: a backslash escapes nothing; expected \\r, \\n, \\t, \\0, \\xHH, \\\\, or \\ at the line's end" },
  { "half a byte", "\\x1\n", 0, 0,
    "l.md:7: a backslash escapes nothing; expected \\r, \\n, \\t, \\0, \\xHH, \\\\, or \\ at the line's end" },
  { "a pause that is none", "... long\n", 0, 0,
    "l.md:7: “... long” is none; expected a pause such as “... 5s”" },
};
/* clang-format on */

static void
is_sent (void **state)
{
  const Row *row = *state;
  const RtPlace place = { "l.md", 7, 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  guint n = 0;
  RtBytePiece *pieces = rt_byte_text_parse (row->text, row->piece, row->every, &place, &n, &error);

  if (error != NULL)
    {
      assert_null (pieces);
      assert_string_equal (error->message, row->want);
      return;
    }
  for (guint i = 0; i < n; i++)
    {
      gsize length;
      const char *bytes = g_bytes_get_data (pieces[i].bytes, &length);

      g_string_append_printf (out, "+%" G_GINT64_FORMAT " ", pieces[i].delay);
      for (gsize j = 0; j < length; j++)
        {
          static const char *const names = "\r\n\t\\";
          static const char letters[] = "rnt\\";
          const char *at = bytes[j] != '\0' ? strchr (names, bytes[j]) : NULL;

          if (at != NULL)
            g_string_append_printf (out, "\\%c", letters[at - names]);
          else if (g_ascii_isprint (bytes[j]))
            g_string_append_c (out, bytes[j]);
          else
            g_string_append_printf (out, "\\x%02x", (guint8)bytes[j]);
        }
      g_string_append_c (out, '|');
    }
  rt_byte_pieces_free (pieces, n);
  assert_string_equal (out->str, row->want);
}

typedef struct
{
  const char *name, *bytes;
  gsize length;
  const char *want;
} Written;

/* clang-format off */
static const Written written[] = {
  { "lines are written as lines", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 27, "GET / HTTP/1.1\nHost: a\n\n" },
  { "what has no line end is written without one", "a\r\ntea", 6, "a\ntea\\\n" },
  { "a bare LF is seen", "a\nb", 3, "a\\n\\\nb\\\n" },
  { "a bare CR is seen", "a\rb\r\n", 5, "a\\rb\n" },
  { "bytes that are no text are numbers", "\xff\0\x1b\r\n", 5, "\\xff\\x00\\x1b\n" },
  { "text is text", "gr\xc3\xbc\xc3\x9f\r\n", 8, "gr\xc3\xbc\xc3\x9f\n" },
  { "half a character is a number", "\xc3", 1, "\\xc3\\\n" },
  { "a backslash is two", "a\\n\r\n", 5, "a\\\\n\n" },
  { "what looks like a pause is none", "... 5s\r\n", 8, "\\x2e.. 5s\n" },
  { "a direction that is turned around is seen", "\xe2\x80\xae" "a\r\n", 6, "\\xe2\\x80\\xaea\n" },
  { "no bytes are no text", "", 0, "" },
};
/* clang-format on */

static void
is_written (void **state)
{
  const Written *row = *state;
  const RtPlace place = { "l.md", 1, 0 };
  g_autofree char *text = rt_byte_text_write ((RtText){ row->bytes, row->length });
  g_autoptr (GByteArray) back = rt_byte_text_flatten (text, &place, NULL, NULL);

  assert_string_equal (text, row->want);
  assert_non_null (back);
  assert_int_equal (back->len, row->length);
  assert_memory_equal (back->data, row->bytes, row->length);
}

static void
lines_know_where_they_begin (void **state)
{
  const RtPlace place = { "l.md", 1, 0 };
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (GByteArray) bytes
      = rt_byte_text_flatten ("ab\n... 1s\nc\\\n\x41\n", &place, lines, NULL);
  static const gsize want[] = { 0, 4, 4, 5 };

  assert_int_equal (bytes->len, 8);
  assert_int_equal (lines->len, G_N_ELEMENTS (want));
  assert_memory_equal (lines->data, want, sizeof want);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + G_N_ELEMENTS (written) + 1];
  struct CMUnitTest *next = tests;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    *next++ = (struct CMUnitTest){ rows[i].name, is_sent, NULL, NULL, (void *)&rows[i] };
  for (gsize i = 0; i < G_N_ELEMENTS (written); i++)
    *next++ = (struct CMUnitTest){ written[i].name, is_written, NULL, NULL, (void *)&written[i] };
  *next = (struct CMUnitTest)cmocka_unit_test (lines_know_where_they_begin);
  return _cmocka_run_group_tests ("byte text", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
