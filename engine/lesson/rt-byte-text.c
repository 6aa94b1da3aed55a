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

/* The text's lines. It ends with a line break: nothing stands behind that. */
static char **
split_lines (const char *text)
{
  char **lines = g_strsplit (text, "\n", -1);
  guint n = g_strv_length (lines);

  if (n > 0 && *lines[n - 1] == '\0')
    g_clear_pointer (&lines[n - 1], g_free);
  return lines;
}

/* `... 5s`. */
static gboolean
is_pause (const char *line)
{
  return g_str_has_prefix (line, "... ");
}

static gboolean
read_pause (const char *line, RtTime *ret_pause, const RtPlace *place, GError **error)
{
  if (rt_duration_parse (line + strlen ("... "), ret_pause, NULL) && *ret_pause >= 0
      && *ret_pause <= RT_TIME_DAY)
    return TRUE;
  rt_set_error (error, RT_ERROR_SYNTAX, place, "a pause such as “... 5s”", "“%s” is none", line);
  return FALSE;
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
  g_auto (GStrv) lines = split_lines (text);
  g_autoptr (GByteArray) gathered = g_byte_array_new ();
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (RtBytePiece));
  RtPlace here = *place;
  RtTime delay = 0;

  g_array_set_clear_func (pieces, piece_clear);
  for (guint i = 0; lines[i] != NULL; i++, here.line++)
    {
      RtTime pause;

      if (!is_pause (lines[i]))
        {
          if (!take_line (lines[i], gathered, &here, error))
            return NULL;
          continue;
        }
      if (!read_pause (lines[i], &pause, &here, error)
          || !flush (gathered, piece, every, delay, pieces, &here, error))
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
 * rt_byte_text_flatten:
 * @text: the lines
 * @place: of the first line
 * @lines: (nullable) (element-type gsize): gets the offset at which each line of @text begins
 *
 * Errors: %RT_ERROR_SYNTAX.
 *
 * Returns: (nullable) (transfer full): all that is sent, whatever the pauses
 */
GByteArray *
rt_byte_text_flatten (const char *text, const RtPlace *place, GArray *lines, GError **error)
{
  g_auto (GStrv) split = split_lines (text);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  RtPlace here = *place;

  for (guint i = 0; split[i] != NULL; i++, here.line++)
    {
      gsize at = out->len;
      RtTime pause;

      if (lines != NULL)
        g_array_append_val (lines, at);
      if (is_pause (split[i]) ? !read_pause (split[i], &pause, &here, error)
                              : !take_line (split[i], out, &here, error))
        return NULL;
    }
  return g_steal_pointer (&out);
}

/* One byte that is no text, or would not be read as what it is. */
static void
append_escape (GString *out, guint8 byte)
{
  static const char bytes[] = "\r\n\t\\";
  static const char letters[] = "rnt\\";
  const char *known = byte != '\0' ? strchr (bytes, byte) : NULL;

  if (known != NULL)
    g_string_append_printf (out, "\\%c", letters[known - bytes]);
  else
    g_string_append_printf (out, "\\x%02x", byte);
}

/* Whether what stands at @at is shown as it is, and how many bytes it has. A direction that is
 * turned around, say, would show another text than is sent. */
static gsize
length_of_plain (const char *at, gsize left)
{
  gunichar c = g_utf8_get_char_validated (at, (gssize)left);

  if (c == (gunichar)-1 || c == (gunichar)-2 || c == '\\' || !g_unichar_isprint (c) || c == 0x2028
      || c == 0x2029)
    return 0;
  return (gsize)g_unichar_to_utf8 (c, NULL);
}

/**
 * rt_byte_text_write:
 * @bytes: any
 *
 * Returns: (transfer full): UTF-8 that rt_byte_text_parse() makes the same bytes of
 */
char *
rt_byte_text_write (RtText bytes)
{
  GString *out = g_string_sized_new (bytes.length + 16);
  gsize line = 0; /* where the line begins in @out */

  for (gsize i = 0; i < bytes.length;)
    {
      const char *at = bytes.at + i;
      gsize left = bytes.length - i;
      gsize plain = length_of_plain (at, left);

      if (left >= 2 && at[0] == '\r' && at[1] == '\n')
        {
          g_string_append_c (out, '\n');
          line = out->len;
          i += 2;
        }
      else if (*at == '.' && out->len == line && left >= 4 && memcmp (at, "... ", 4) == 0)
        {
          append_escape (out, '.'); /* it would be a pause */
          i++;
        }
      else if (plain > 0)
        {
          g_string_append_len (out, at, (gssize)plain);
          i += plain;
        }
      else
        {
          append_escape (out, (guint8)*at);
          i++;
          if (*at != '\n' || i >= bytes.length)
            continue;
          g_string_append (out, "\\\n");
          line = out->len;
        }
    }
  if (out->len > line)
    g_string_append (out, "\\\n");
  return g_string_free (out, FALSE);
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
