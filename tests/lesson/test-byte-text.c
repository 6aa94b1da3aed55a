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

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows)];

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, is_sent, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("byte text", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
