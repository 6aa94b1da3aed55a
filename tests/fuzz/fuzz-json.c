/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariant: the tokens of a document do not depend on how it is cut into pieces, brackets close in
 * the order in which they were opened, and what the strict reader takes this one takes. */
#include "rt-json-reader.h"
#include "rt-json-value.h"

#include <stdint.h>

static void
add_token (GString *out, const RtJsonToken *token)
{
  g_string_append_printf (out, "%d %" G_GUINT64_FORMAT " %u:%u %s ", token->kind, token->offset,
                          token->line, token->column, token->odd != NULL ? token->odd : "");
  g_string_append_len (out, token->text.at, (gssize)token->text.length);
  g_string_append_c (out, '\n');
}

/* All the tokens as text; @ret_end: the last. */
static char *
read_all (RtText document, gsize piece, RtJsonTokenKind *ret_end)
{
  g_autoptr (RtJsonReader) reader = rt_json_reader_new ();
  g_autoptr (GByteArray) plain = g_byte_array_new ();
  GString *out = g_string_new (NULL);
  guint depth = 0;
  gsize at = 0;

  for (;;)
    {
      RtJsonToken token;

      rt_json_reader_next (reader, &token);
      if (token.kind == RT_JSON_TOKEN_MORE)
        {
          gsize take = MIN (piece, document.length - at);

          if (take == 0)
            rt_json_reader_end (reader);
          rt_json_reader_feed (reader, rt_text_sub (document, at, take));
          at += take;
          continue;
        }
      add_token (out, &token);
      if (token.kind == RT_JSON_TOKEN_OBJECT || token.kind == RT_JSON_TOKEN_ARRAY)
        depth++;
      if (token.kind == RT_JSON_TOKEN_OBJECT_END || token.kind == RT_JSON_TOKEN_ARRAY_END)
        depth--;
      g_assert (depth == rt_json_reader_get_depth (reader));
      if (token.kind == RT_JSON_TOKEN_STRING)
        rt_json_unescape (token.text, plain);
      if (token.kind == RT_JSON_TOKEN_DONE || token.kind == RT_JSON_TOKEN_ERROR)
        {
          *ret_end = token.kind;
          return g_string_free (out, FALSE);
        }
    }
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  RtText document = { (const char *)data, size };
  RtJsonTokenKind end, other;
  g_autofree char *whole = NULL;
  g_autofree char *bytes = NULL;
  RtJson value;

  if (size == 0)
    document.at = "";
  whole = read_all (document, size + 1, &end);
  bytes = read_all (document, 1, &other);
  g_assert_cmpint (end, ==, other);
  g_assert_cmpstr (whole, ==, bytes);
  if (rt_json_parse (document, &value))
    g_assert_cmpint (end, ==, RT_JSON_TOKEN_DONE);
  return 0;
}
