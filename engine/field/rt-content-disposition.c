/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Content-Disposition (RFC 6266) and ext-value (RFC 8187). */
#include "rt-content-disposition.h"

#include "rt-percent.h"

/* attr-char: what an ext-value need not percent-encode, RFC 8187 §3.2.1 */
static gboolean
is_attr_char (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("!#$&+-.^_`|~", c) != NULL);
}

/**
 * rt_content_disposition_parse:
 * @value: the field value
 * @ret_disposition: (out): untouched on failure
 *
 * Source: RFC 6266 §4.1. Two parameters of one name make it invalid, and so do more
 * than %RT_PARAMETERS_MAX.
 *
 * Returns: whether it follows the grammar
 */
gboolean
rt_content_disposition_parse (RtText value, RtContentDisposition *ret_disposition)
{
  RtContentDisposition disposition = { .type = rt_take_token (&value), .parameters = value };
  RtText rest = value;
  RtParameter p, first;

  rt_take_ows (&value);
  if (disposition.type.length == 0 || (value.length > 0 && value.at[0] != ';'))
    return FALSE;
  for (guint n = 0; rt_parameter_next (&rest, &p); n++)
    {
      g_autofree char *name = rt_text_dup (p.name);

      if ((p.kind != RT_PARAMETER_TOKEN && p.kind != RT_PARAMETER_QUOTED) || n == RT_PARAMETERS_MAX)
        return FALSE;
      if (!rt_parameter_find (disposition.parameters, name, &first) || first.whole.at != p.whole.at)
        return FALSE;
    }
  *ret_disposition = disposition;
  return TRUE;
}

static GString *
decode_value_chars (RtText text)
{
  g_autoptr (GString) out = g_string_sized_new (text.length);
  char byte;

  while (text.length > 0)
    if (rt_percent_take (&text, &byte))
      g_string_append_c (out, byte);
    else if (is_attr_char (text.at[0]))
      {
        g_string_append_c (out, text.at[0]);
        rt_skip (&text, 1);
      }
    else
      return NULL;
  return g_steal_pointer (&out);
}

static char *
latin1_to_utf8 (const char *text, gsize length)
{
  GString *out = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    g_string_append_unichar (out, (guchar)text[i]);
  return g_string_free (out, FALSE);
}

/**
 * rt_ext_value_dup:
 * @text: `UTF-8'en'%e2%82%ac%20rates`
 *
 * Source: RFC 8187 §3.2. UTF-8 and, since senders used it, ISO-8859-1.
 *
 * Returns: (transfer full) (nullable): its text in UTF-8; %NULL where it is malformed, in another
 *   charset, or holds a NUL
 */
char *
rt_ext_value_dup (RtText text)
{
  RtText charset = rt_take_until (&text, "'");
  g_autoptr (GString) bytes = NULL;

  if (!rt_take_char (&text, '\''))
    return NULL;
  rt_take_until (&text, "'");
  if (!rt_take_char (&text, '\''))
    return NULL;
  bytes = decode_value_chars (text);
  if (bytes == NULL || memchr (bytes->str, '\0', bytes->len) != NULL)
    return NULL;
  if (rt_text_is_nocase (charset, "UTF-8"))
    return g_utf8_validate (bytes->str, (gssize)bytes->len, NULL) ? g_strdup (bytes->str) : NULL;
  if (rt_text_is_nocase (charset, "ISO-8859-1"))
    return latin1_to_utf8 (bytes->str, bytes->len);
  return NULL;
}

/**
 * rt_ext_value_format:
 * @text: UTF-8
 *
 * Returns: (transfer full): the ext-value that means it
 */
char *
rt_ext_value_format (const char *text)
{
  GString *out = g_string_new ("UTF-8''");

  for (const char *at = text; *at != '\0'; at++)
    if (is_attr_char (*at))
      g_string_append_c (out, *at);
    else
      g_string_append_printf (out, "%%%02X", (guchar)*at);
  return g_string_free (out, FALSE);
}

/* The value of `filename`: bytes that are no UTF-8 are ISO-8859-1 (RFC 6266 §4.3). */
static char *
dup_plain_filename (const RtParameter *p)
{
  g_autofree char *bytes = rt_parameter_dup_value (p);

  if (g_utf8_validate (bytes, -1, NULL))
    return g_steal_pointer (&bytes);
  return latin1_to_utf8 (bytes, strlen (bytes));
}

/**
 * rt_content_disposition_dup_filename:
 * @disposition: a disposition
 *
 * `filename*` is preferred over `filename`. Only what follows the last slash or backslash counts: a
 * peer must not choose a folder (RFC 6266 §4.3).
 *
 * Returns: (transfer full) (nullable): the name in UTF-8; %NULL where there is none that names a
 *   file
 */
char *
rt_content_disposition_dup_filename (const RtContentDisposition *disposition)
{
  g_autofree char *name = NULL;
  RtParameter p;
  const char *last;

  if (rt_parameter_find (disposition->parameters, "filename*", &p) && p.kind == RT_PARAMETER_TOKEN)
    name = rt_ext_value_dup (p.value);
  if (name == NULL && rt_parameter_find (disposition->parameters, "filename", &p))
    name = dup_plain_filename (&p);
  if (name == NULL)
    return NULL;
  last = name;
  for (const char *at = name; *at != '\0'; at++)
    if (*at == '/' || *at == '\\')
      last = at + 1;
  if (*last == '\0' || strcmp (last, ".") == 0 || strcmp (last, "..") == 0)
    return NULL;
  return g_strdup (last);
}
