/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The longer operations on borrowed text. */
#include "rt-text.h"

/**
 * rt_text_trim:
 * @text: text
 *
 * Returns: @text without spaces and tabs at both ends (OWS, RFC 9110 §5.6.3)
 */
RtText
rt_text_trim (RtText text)
{
  while (text.length > 0 && (text.at[0] == ' ' || text.at[0] == '\t'))
    text = rt_text_sub (text, 1, text.length - 1);
  while (text.length > 0 && (text.at[text.length - 1] == ' ' || text.at[text.length - 1] == '\t'))
    text.length--;
  return text;
}

/**
 * rt_text_find:
 * @text: where to look
 * @needle: what to look for, byte for byte; not empty
 *
 * Returns: the offset of the first occurrence, or -1
 */
gssize
rt_text_find (RtText text, RtText needle)
{
  const char *hit
      = text.length > 0 ? memmem (text.at, text.length, needle.at, needle.length) : NULL;

  return hit != NULL ? hit - text.at : -1;
}

/**
 * rt_text_to_uint64:
 * @text: one or more decimal digits and nothing else
 * @ret_value: (out): the number; untouched on failure
 *
 * Returns: whether it is a number below 2^64
 */
gboolean
rt_text_to_uint64 (RtText text, guint64 *ret_value)
{
  guint64 value = 0;

  if (text.length == 0)
    return FALSE;
  for (gsize i = 0; i < text.length; i++)
    if (!g_ascii_isdigit (text.at[i]) || !g_uint64_checked_mul (&value, value, 10)
        || !g_uint64_checked_add (&value, value, (guint64)(text.at[i] - '0')))
      return FALSE;
  *ret_value = value;
  return TRUE;
}

/**
 * rt_text_escape:
 * @text: any bytes
 *
 * Returns: (transfer full): UTF-8 that can be shown: what is no valid UTF-8 and every control
 *   character becomes `\xHH` (CR, LF and TAB `\r`, `\n`, `\t`)
 */
char *
rt_text_escape (RtText text)
{
  GString *out;
  gsize plain = 0;

  while (plain < text.length && g_ascii_isprint (text.at[plain]))
    plain++;
  if (plain == text.length)
    return rt_text_dup (text);
  out = g_string_sized_new (text.length);
  for (gsize i = 0; i < text.length;)
    {
      gunichar c = g_utf8_get_char_validated (text.at + i, (gssize)(text.length - i));
      guchar byte = (guchar)text.at[i];

      if (c == '\r' || c == '\n' || c == '\t')
        g_string_append (out, c == '\r' ? "\\r" : c == '\n' ? "\\n" : "\\t");
      else if (c == (gunichar)-1 || c == (gunichar)-2 || g_unichar_iscntrl (c))
        {
          g_string_append_printf (out, "\\x%02x", byte);
          i++;
          continue;
        }
      else
        g_string_append_unichar (out, c);
      i += (gsize)g_unichar_to_utf8 (c, NULL);
    }
  return g_string_free (out, FALSE);
}
