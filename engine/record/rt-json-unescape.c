/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a string of JSON says, RFC 8259 §7. */
#include "rt-json-bytes.h"
#include "rt-json-reader.h"

#include <string.h>

/* Four digits behind `\u`; FALSE if there are no four. */
static gboolean
take_hex (const char *at, const char *end, gunichar *ret_unit)
{
  gunichar unit = 0;

  if (end - at < 4)
    return FALSE;
  for (int i = 0; i < 4; i++)
    {
      if (!g_ascii_isxdigit (at[i]))
        return FALSE;
      unit = unit * 16 + (gunichar)g_ascii_xdigit_value (at[i]);
    }
  *ret_unit = unit;
  return TRUE;
}

/* Behind `\u`. A half of a pair alone stands for no character. Returns what follows. */
static const char *
unescape_unicode (const char *at, const char *end, char **to, gboolean *good)
{
  gunichar unit, low;

  if (!take_hex (at, end, &unit))
    {
      *good = FALSE;
      *to = mempcpy (*to, "\\u", 2);
      return at;
    }
  at += 4;
  if (unit >= 0xd800 && unit < 0xdc00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u'
      && take_hex (at + 2, end, &low) && low >= 0xdc00 && low < 0xe000)
    {
      unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
      at += 6;
    }
  if (unit >= 0xd800 && unit < 0xe000)
    {
      *good = FALSE;
      unit = 0xfffd;
    }
  *to += g_unichar_to_utf8 (unit, *to);
  return at;
}

/* What the character behind a backslash stands for, 0: nothing. */
static char
meaning_of (char escape)
{
  switch (escape)
    {
    case '"':
    case '\\':
    case '/':
      return escape;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return '\0';
    }
}

/* Behind a backslash. Returns what follows. */
static const char *
unescape_one (const char *at, const char *end, char **to, gboolean *good)
{
  char meant = at < end ? meaning_of (*at) : '\0';

  if (at < end && *at == 'u')
    return unescape_unicode (at + 1, end, to, good);
  *good &= meant != '\0';
  *(*to)++ = meant != '\0' ? meant : '\\';
  return meant != '\0' ? at + 1 : at;
}

/* Copies up to the next backslash, eight bytes at a time, for the same reason as find_special().
 * There is room for as many bytes behind @to as there are from @at to @end. */
static const char *
copy_plain (const char *at, const char *end, char **to)
{
  for (; end - at >= 8; at += 8, *to += 8)
    {
      guint64 word;

      memcpy (&word, at, sizeof word);
      if (rt_json_zeros (word ^ RT_JSON_ALL ('\\')) != 0)
        break;
      memcpy (*to, &word, sizeof word);
    }
  while (at < end && *at != '\\')
    *(*to)++ = *at++;
  return at;
}

/**
 * rt_json_unescape:
 * @text: a string's inside
 * @out: what it says is appended to it
 *
 * Returns: %FALSE if there is an escape that says nothing: it is kept as it stands, and half a
 *   surrogate pair becomes U+FFFD
 */
gboolean
rt_json_unescape (RtText text, GByteArray *out)
{
  const char *at = text.at;
  const char *end = text.at + text.length;
  guint length = out->len;
  gboolean good = TRUE;
  char *to;

  if (text.length == 0)
    return TRUE;
  /* No escape is shorter than what it says. */
  g_byte_array_set_size (out, length + (guint)text.length);
  to = (char *)out->data + length;
  while ((at = copy_plain (at, end, &to)) < end)
    at = unescape_one (at + 1, end, &to, &good);
  g_byte_array_set_size (out, (guint)(to - (char *)out->data));
  return good;
}
