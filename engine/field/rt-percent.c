/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Percent-encoding. It works on bytes: what is not ASCII is always encoded, so nothing needs to
 * know where a character ends. */
#include "rt-percent.h"

#include "rt-scan.h"

/* What each set holds of printable ASCII, url#percent-encoded-bytes. */
static const char *const sets[] = {
  [RT_PERCENT_C0_CONTROL] = "",
  [RT_PERCENT_FRAGMENT] = " \"<>`",
  [RT_PERCENT_QUERY] = " \"#<>",
  [RT_PERCENT_SPECIAL_QUERY] = " \"#<>'",
  [RT_PERCENT_PATH] = " \"#<>?^`{}",
  [RT_PERCENT_USERINFO] = " \"#<>?^`{}/:;=@[\\]|",
  [RT_PERCENT_COMPONENT] = " \"#<>?^`{}/:;=@[\\]|$%&+,",
};

/**
 * rt_percent_set_contains:
 * @set: a set
 * @c: a byte
 *
 * Returns: whether @c is encoded
 */
gboolean
rt_percent_set_contains (RtPercentSet set, char c)
{
  return (guchar)c < 0x20 || (guchar)c > 0x7e || strchr (sets[set], c) != NULL;
}

/**
 * rt_percent_append:
 * @out: (inout): appended to
 * @set: what is encoded
 * @c: a byte
 */
void
rt_percent_append (GString *out, RtPercentSet set, char c)
{
  if (rt_percent_set_contains (set, c))
    g_string_append_printf (out, "%%%02X", (guchar)c);
  else
    g_string_append_c (out, c);
}

/**
 * rt_percent_encode:
 * @out: (inout): appended to
 * @set: what is encoded
 * @text: any bytes
 */
void
rt_percent_encode (GString *out, RtPercentSet set, RtText text)
{
  for (gsize i = 0; i < text.length; i++)
    rt_percent_append (out, set, text.at[i]);
}

/**
 * rt_percent_take:
 * @rest: (inout): cursor; not moved on failure
 * @ret_byte: (out): the byte meant
 *
 * Returns: whether `%` and two hex digits stood there
 */
gboolean
rt_percent_take (RtText *rest, char *ret_byte)
{
  if (rest->length < 3 || rest->at[0] != '%' || !g_ascii_isxdigit (rest->at[1])
      || !g_ascii_isxdigit (rest->at[2]))
    return FALSE;
  *ret_byte = (char)(g_ascii_xdigit_value (rest->at[1]) << 4 | g_ascii_xdigit_value (rest->at[2]));
  rt_skip (rest, 3);
  return TRUE;
}

/**
 * rt_percent_decode:
 * @out: (inout): appended to; may come to hold any byte
 * @text: what is no complete escape stands for itself
 */
void
rt_percent_decode (GString *out, RtText text)
{
  char byte;

  while (text.length > 0)
    if (rt_percent_take (&text, &byte))
      g_string_append_c (out, byte);
    else
      {
        g_string_append_c (out, text.at[0]);
        rt_skip (&text, 1);
      }
}
