/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bytes as a lesson writes them. Each line ends with CR LF on the wire, but for one that ends with
 * a backslash, which ends with nothing; `\\r`, `\\n`, `\\t`, `\\0`, `\\xHH` and `\\\\` are the
 * bytes they are in C. A line `... 5s` is none: what follows it is sent five seconds later. */
#include "rt-byte-text.h"

#include "rt-message-template.h"

#include <string.h>

/** MAX_PIECES: of one step. */
#define MAX_PIECES 10000

/* One escape, from its backslash on. Returns where it ends; NULL: there is none of the kind. */
static const char *
take_escape (const char *at, GByteArray *out)
{
  static const char letters[] = "rnt0\\";
  static const guint8 values[] = { '\r', '\n', '\t', 0, '\\' };
  const char *letter = at[1] != '\0' ? strchr (letters, at[1]) : NULL;
  guint8 byte;

  if (letter != NULL)
    {
      g_byte_array_append (out, &values[letter - letters], 1);
      return at + 2;
    }
  if (at[1] != 'x' || !g_ascii_isxdigit (at[2]) || !g_ascii_isxdigit (at[3]))
    return NULL;
  byte = (guint8)(g_ascii_xdigit_value (at[2]) * 16 + g_ascii_xdigit_value (at[3]));
  g_byte_array_append (out, &byte, 1);
  return at + 4;
}

static gboolean
take_line (const char *line, GByteArray *out, const RtPlace *place, GError **error)
{
  for (const char *at = line; *at != '\0';)
    {
      if (*at != '\\')
        {
          g_byte_array_append (out, (const guint8 *)at++, 1);
          continue;
        }
      if (at[1] == '\0')
        return TRUE;
      at = take_escape (at, out);
      if (at == NULL)
        {
          rt_set_error (error, RT_ERROR_SYNTAX, place,
                        "\\r, \\n, \\t, \\0, \\xHH, \\\\, or \\ at the line's end",
                        "a backslash escapes nothing");
          return FALSE;
        }
    }
  g_byte_array_append (out, (const guint8 *)"\r\n", 2);
  return TRUE;
}

/* What was gathered, in pieces; the first of them @delay after what stands before it. */
static gboolean
flush (GByteArray *gathered,
       guint piece,
       RtTime every,
       RtTime delay,
       GArray *pieces,
       const RtPlace *place,
       GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (gathered->data, gathered->len);
  guint n;
  g_autofree RtBytePiece *cut = rt_byte_pieces_new (bytes, piece, every, 0, &n);

  g_byte_array_set_size (gathered, 0);
  if (n > 0)
    cut[0].delay = delay;
  g_array_append_vals (pieces, cut, n);
  if (pieces->len <= MAX_PIECES)
    return TRUE;
  rt_set_error (error, RT_ERROR_LIMIT, place, NULL, "the bytes are sent in more than %d pieces",
                MAX_PIECES);
  return FALSE;
}

static void
piece_clear (gpointer data)
{
  g_bytes_unref (((RtBytePiece *)data)->bytes);
}

/**
 * rt_byte_text_parse:
 * @text: the lines
 * @piece: how many bytes go out at a time; 0: all up to the next pause
 * @every: how long it is from one piece to the next
 * @place: of the first line
 * @ret_n: (out): how many pieces
 *
 * Errors: %RT_ERROR_SYNTAX, %RT_ERROR_LIMIT.
 *
 * Returns: (nullable) (transfer full) (array length=ret_n): the pieces
 */
RtBytePiece *
rt_byte_text_parse (
    const char *text, guint piece, RtTime every, const RtPlace *place, guint *ret_n, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n_lines = g_strv_length (lines);
  g_autoptr (GByteArray) gathered = g_byte_array_new ();
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (RtBytePiece));
  RtPlace here = *place;
  RtTime delay = 0;

  g_array_set_clear_func (pieces, piece_clear);
  /* The block's text ends with a line break: nothing stands behind it. */
  if (n_lines > 0 && *lines[n_lines - 1] == '\0')
    n_lines--;
  for (guint i = 0; i < n_lines; i++, here.line++)
    {
      RtTime pause;

      if (!g_str_has_prefix (lines[i], "... "))
        {
          if (!take_line (lines[i], gathered, &here, error))
            return NULL;
          continue;
        }
      if (!rt_duration_parse (lines[i] + strlen ("... "), &pause, NULL) || pause < 0
          || pause > RT_TIME_DAY)
        {
          rt_set_error (error, RT_ERROR_SYNTAX, &here, "a pause such as “... 5s”", "“%s” is none",
                        lines[i]);
          return NULL;
        }
      if (!flush (gathered, piece, every, delay, pieces, &here, error))
        return NULL;
      delay = pieces->len > 0 ? pause : delay + pause;
    }
  if (!flush (gathered, piece, every, delay, pieces, &here, error))
    return NULL;
  *ret_n = pieces->len;
  g_array_set_clear_func (pieces, NULL);
  return (RtBytePiece *)(gpointer)g_array_free (g_steal_pointer (&pieces), FALSE);
}

/**
 * rt_byte_text_check:
 * @step: sends bytes
 * @names: (element-type utf8): what can be inserted
 * @place: of the first line
 *
 * Returns: whether it can be sent
 */
gboolean
rt_byte_text_check (const RtStep *step, GPtrArray *names, const RtPlace *place, GError **error)
{
  guint n = 0;
  RtBytePiece *pieces;

  if (!rt_template_check (step->message, names, place, error))
    return FALSE;
  pieces = rt_byte_text_parse (step->message, step->piece, step->every, place, &n, error);
  if (pieces == NULL && error != NULL && *error != NULL)
    return FALSE;
  rt_byte_pieces_free (pieces, n);
  return TRUE;
}
