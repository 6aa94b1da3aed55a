/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tokens, quoted strings and comments of RFC 9110 §5.6, taken from the start of a cursor. */
#include "rt-scan.h"

/* How deep comments may nest: a cap, since a peer chooses it. */
#define COMMENT_DEPTH_MAX 32

/**
 * rt_is_token_char:
 * @c: a byte
 *
 * Returns: whether it is a `tchar`, RFC 9110 §5.6.2
 */
gboolean
rt_is_token_char (char c)
{
  /* clang-format off */
  static const guint8 marks[128] = {
    ['!'] = 1, ['#'] = 1, ['$'] = 1, ['%'] = 1, ['&'] = 1, ['\''] = 1, ['*'] = 1, ['+'] = 1,
    ['-'] = 1, ['.'] = 1, ['^'] = 1, ['_'] = 1, ['`'] = 1, ['|'] = 1, ['~'] = 1,
  };
  /* clang-format on */

  return g_ascii_isalnum (c) || ((guchar)c < G_N_ELEMENTS (marks) && marks[(guchar)c]);
}

/**
 * rt_is_quoted_text_char:
 * @c: a byte
 *
 * Returns: whether it may stand in a quoted string, escaped or not: HTAB, SP, VCHAR, obs-text
 *   (RFC 9110 §5.6.4)
 */
gboolean
rt_is_quoted_text_char (char c)
{
  return c == '\t' || ((guchar)c >= 0x20 && c != 0x7f);
}

/**
 * rt_text_is_token:
 * @text: any bytes
 *
 * Returns: whether it is a `token`, RFC 9110 §5.6.2; the empty text is none
 */
gboolean
rt_text_is_token (RtText text)
{
  RtText rest = text;

  return text.length > 0 && rt_take_token (&rest).length == text.length;
}

/**
 * rt_take_ows:
 * @rest: (inout): cursor
 *
 * Returns: the number of spaces and tabs taken, RFC 9110 §5.6.3
 */
gsize
rt_take_ows (RtText *rest)
{
  gsize n = 0;

  while (n < rest->length && (rest->at[n] == ' ' || rest->at[n] == '\t'))
    n++;
  rt_skip (rest, n);
  return n;
}

/**
 * rt_take_while:
 * @rest: (inout): cursor
 * @accepts: the bytes wanted
 *
 * Returns: the longest run of them; may be empty
 */
RtText
rt_take_while (RtText *rest, gboolean (*accepts) (char c))
{
  RtText start = *rest;
  gsize n = 0;

  while (n < rest->length && accepts (rest->at[n]))
    n++;
  rt_skip (rest, n);
  return rt_taken (start, *rest);
}

/**
 * rt_take_until:
 * @rest: (inout): cursor
 * @stops: ASCII bytes that end the run
 *
 * Returns: what stands before the first of @stops, or all; the stop is not taken
 */
RtText
rt_take_until (RtText *rest, const char *stops)
{
  RtText start = *rest;
  gsize n = 0;

  while (n < rest->length && (rest->at[n] == '\0' || strchr (stops, rest->at[n]) == NULL))
    n++;
  rt_skip (rest, n);
  return rt_taken (start, *rest);
}

/**
 * rt_take_token:
 * @rest: (inout): cursor
 *
 * Returns: a token, RFC 9110 §5.6.2, or the empty text where none starts
 */
RtText
rt_take_token (RtText *rest)
{
  return rt_take_while (rest, rt_is_token_char);
}

static gboolean
is_digit (char c)
{
  return g_ascii_isdigit (c);
}

/**
 * rt_take_digits:
 * @rest: (inout): cursor
 *
 * Returns: `*DIGIT`
 */
RtText
rt_take_digits (RtText *rest)
{
  return rt_take_while (rest, is_digit);
}

/**
 * rt_take_quoted:
 * @rest: (inout): cursor; not moved on failure
 * @ret_raw: (out): what stands between the quotes, escapes and all
 *
 * Source: RFC 9110 §5.6.4.
 *
 * Returns: whether a complete quoted string stood there
 */
gboolean
rt_take_quoted (RtText *rest, RtText *ret_raw)
{
  if (rt_peek (*rest) != '"')
    return FALSE;
  for (gsize i = 1; i < rest->length; i++)
    {
      if (rest->at[i] == '"')
        {
          *ret_raw = rt_text_sub (*rest, 1, i - 1);
          rt_skip (rest, i + 1);
          return TRUE;
        }
      if (rest->at[i] == '\\')
        i++;
      if (i < rest->length && !rt_is_quoted_text_char (rest->at[i]))
        return FALSE;
    }
  return FALSE;
}

/**
 * rt_take_comment:
 * @rest: (inout): cursor; not moved on failure
 * @ret_raw: (out): what stands between the outer parentheses
 *
 * Source: RFC 9110 §5.6.5. Comments nest.
 *
 * Returns: whether a complete comment stood there
 */
gboolean
rt_take_comment (RtText *rest, RtText *ret_raw)
{
  guint depth = 0;

  if (rt_peek (*rest) != '(')
    return FALSE;
  for (gsize i = 0; i < rest->length; i++)
    {
      if (rest->at[i] == '\\')
        i++;
      else if (rest->at[i] == '(' && ++depth > COMMENT_DEPTH_MAX)
        return FALSE;
      else if (rest->at[i] == ')' && --depth == 0)
        {
          *ret_raw = rt_text_sub (*rest, 1, i - 1);
          rt_skip (rest, i + 1);
          return TRUE;
        }
      if (i < rest->length && !rt_is_quoted_text_char (rest->at[i]))
        return FALSE;
    }
  return FALSE;
}

/**
 * rt_quoted_unescape:
 * @raw: the inside of a quoted string
 * @out: (array): room for @raw's length in bytes; may be where @raw stands
 *
 * Returns: how many bytes were written; no NUL is added
 */
gsize
rt_quoted_unescape (RtText raw, char *out)
{
  gsize n = 0;

  for (gsize i = 0; i < raw.length; i++)
    {
      if (raw.at[i] == '\\' && i + 1 < raw.length)
        i++;
      out[n++] = raw.at[i];
    }
  return n;
}

/**
 * rt_quoted_dup:
 * @raw: the inside of a quoted string
 *
 * Returns: (transfer full): its value
 */
char *
rt_quoted_dup (RtText raw)
{
  char *out = g_malloc (raw.length + 1);

  out[rt_quoted_unescape (raw, out)] = '\0';
  return out;
}

/**
 * rt_quoted_equal:
 * @raw: the inside of a quoted string
 * @plain: what its value is compared with
 * @ignore_case: of ASCII letters
 *
 * Returns: whether they are equal; nothing is allocated
 */
gboolean
rt_quoted_equal (RtText raw, RtText plain, gboolean ignore_case)
{
  gsize n = 0;

  for (gsize i = 0; i < raw.length; i++)
    {
      char a, b;

      if (raw.at[i] == '\\' && i + 1 < raw.length)
        i++;
      if (n == plain.length)
        return FALSE;
      a = raw.at[i];
      b = plain.at[n++];
      if (a != b && !(ignore_case && g_ascii_tolower (a) == g_ascii_tolower (b)))
        return FALSE;
    }
  return n == plain.length;
}

/**
 * rt_quoted_append:
 * @out: (inout): appended to
 * @plain: a value
 *
 * Writes @plain as a quoted string, the quotes included. A sender ought not to escape more than
 * DQUOTE and backslash (RFC 9110 §5.6.4).
 */
void
rt_quoted_append (GString *out, RtText plain)
{
  g_string_append_c (out, '"');
  for (gsize i = 0; i < plain.length; i++)
    {
      if (plain.at[i] == '"' || plain.at[i] == '\\')
        g_string_append_c (out, '\\');
      g_string_append_c (out, plain.at[i]);
    }
  g_string_append_c (out, '"');
}
