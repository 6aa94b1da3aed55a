/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Members of the objects of a HAR. Numbers are integers of microseconds written as milliseconds: no
 * floating point. */
#include "rt-har-private.h"
#include "rt-har-write-private.h"
#include "rt-json-value.h"

/**
 * rt_har_append_text:
 * @text: bytes of a peer: what is no UTF-8 is taken for ISO 8859-1, as fields once were
 *
 * Appends a JSON string.
 */
void
rt_har_append_text (GString *out, RtText text)
{
  g_autoptr (GString) latin1 = NULL;

  if (text.length == 0 || g_utf8_validate_len (text.at, text.length, NULL))
    {
      rt_json_append_string (out, text);
      return;
    }
  latin1 = g_string_new (NULL);
  for (gsize i = 0; i < text.length; i++)
    g_string_append_unichar (latin1, (guchar)text.at[i]);
  rt_json_append_string (out, (RtText){ latin1->str, latin1->len });
}

/** rt_har_append_member: with a comma behind it, as all of these. */
void
rt_har_append_member (GString *out, const char *name, RtText value)
{
  g_string_append_printf (out, "\"%s\":", name);
  rt_har_append_text (out, value);
  g_string_append_c (out, ',');
}

void
rt_har_append_number (GString *out, const char *name, gint64 value)
{
  g_string_append_printf (out, "\"%s\":%" G_GINT64_FORMAT ",", name, value);
}

/** rt_har_append_msec: as milliseconds; a negative number is not known. */
void
rt_har_append_msec (GString *out, const char *name, gint64 usec)
{
  if (usec < 0)
    rt_har_append_number (out, name, RT_HAR_UNKNOWN);
  else
    g_string_append_printf (out, "\"%s\":%" G_GINT64_FORMAT ".%03d,", name, usec / 1000,
                            (int)(usec % 1000));
}

/** rt_har_close_with: @bracket in the place of the comma behind the last member or element. */
void
rt_har_close_with (GString *out, const char *bracket)
{
  if (out->str[out->len - 1] == ',')
    g_string_truncate (out, out->len - 1);
  g_string_append (out, bracket);
}
