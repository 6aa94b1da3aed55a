/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Media types. The grammar of RFC 9110 §8.3.1 refuses what it does not know; the algorithm of the
 * WHATWG MIME Sniffing standard makes the best of it, as browsers do. */
#include "rt-media-type.h"

/**
 * rt_media_type_parse:
 * @value: the value of Content-Type
 * @ret_type: (out): untouched on failure
 *
 * Source: RFC 9110 §8.3.1, every parameter well-formed and with a value.
 *
 * Returns: whether it follows the grammar
 */
gboolean
rt_media_type_parse (RtText value, RtMediaType *ret_type)
{
  RtText rest = value;
  RtMediaType type = { .type = rt_take_token (&rest) };
  RtText parameters;
  RtParameter p;

  if (type.type.length == 0 || !rt_take_char (&rest, '/'))
    return FALSE;
  type.subtype = rt_take_token (&rest);
  if (type.subtype.length == 0)
    return FALSE;
  type.essence = rt_taken (value, rest);
  type.parameters = parameters = rest;
  rt_take_ows (&rest);
  if (rest.length > 0 && rest.at[0] != ';')
    return FALSE;
  while (rt_parameter_next (&parameters, &p))
    if (p.kind != RT_PARAMETER_TOKEN && p.kind != RT_PARAMETER_QUOTED)
      return FALSE;
  *ret_type = type;
  return TRUE;
}

/**
 * rt_media_type_is:
 * @type: a media type
 * @essence: `text/html`
 *
 * Returns: whether that is its essence
 */
gboolean
rt_media_type_is (const RtMediaType *type, const char *essence)
{
  return rt_text_is_nocase (type->essence, essence);
}

/* HTTP whitespace of the Fetch standard: line breaks belong to it. */
static gboolean
is_http_whitespace (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static RtText
strip_end (RtText text)
{
  while (text.length > 0 && is_http_whitespace (text.at[text.length - 1]))
    text.length--;
  return text;
}

/**
 * rt_mime_type_parse:
 * @value: the value of Content-Type
 * @ret_type: (out): untouched on failure
 *
 * Source: mimesniff#parse-a-mime-type.
 *
 * Returns: whether there is a type and a subtype; malformed parameters do not matter
 */
gboolean
rt_mime_type_parse (RtText value, RtMediaType *ret_type)
{
  RtText rest = strip_end (value);
  RtText start;
  RtMediaType type;

  rt_take_while (&rest, is_http_whitespace);
  start = rest;
  type.type = rt_take_until (&rest, "/");
  if (!rt_text_is_token (type.type) || !rt_take_char (&rest, '/'))
    return FALSE;
  type.subtype = strip_end (rt_take_until (&rest, ";"));
  if (!rt_text_is_token (type.subtype))
    return FALSE;
  type.essence = rt_text_sub (start, 0, type.type.length + 1 + type.subtype.length);
  type.parameters = rest;
  *ret_type = type;
  return TRUE;
}

/* fetch#collect-an-http-quoted-string: unlike RFC 9110's, it may be cut off by the end. */
static RtText
take_loose_quoted (RtText *rest)
{
  RtText start;
  RtText raw;

  rt_skip (rest, 1);
  start = *rest;
  while (rest->length > 0 && rest->at[0] != '"')
    rt_skip (rest, rest->at[0] == '\\' && rest->length > 1 ? 2 : 1);
  raw = rt_taken (start, *rest);
  rt_take_char (rest, '"');
  return raw;
}

static gboolean
is_all_quoted_text (RtText text)
{
  rt_take_while (&text, rt_is_quoted_text_char);
  return text.length == 0;
}

/**
 * rt_mime_parameter_next:
 * @rest: (inout): cursor; starts as #RtMediaType.parameters
 * @ret_parameter: (out): the next parameter that browsers see; never a malformed one
 *
 * Of two with the same name only the first counts: that is for the caller.
 *
 * Source: mimesniff#parse-a-mime-type, step 11.
 *
 * Returns: %FALSE at the end
 */
gboolean
rt_mime_parameter_next (RtText *rest, RtParameter *ret_parameter)
{
  while (rt_take_char (rest, ';'))
    {
      RtParameter p = { .kind = RT_PARAMETER_TOKEN };
      RtText start;

      rt_take_while (rest, is_http_whitespace);
      start = *rest;
      p.name = rt_take_until (rest, ";=");
      if (!rt_take_char (rest, '=') || rest->length == 0)
        continue;
      if (rest->at[0] == '"')
        {
          p.kind = RT_PARAMETER_QUOTED;
          p.value = take_loose_quoted (rest);
          p.whole = rt_taken (start, *rest);
          rt_take_until (rest, ";");
        }
      else
        {
          p.value = strip_end (rt_take_until (rest, ";"));
          p.whole = strip_end (rt_taken (start, *rest));
          if (p.value.length == 0)
            continue;
        }
      if (rt_text_is_token (p.name) && is_all_quoted_text (p.value))
        {
          *ret_parameter = p;
          return TRUE;
        }
    }
  return FALSE;
}

/**
 * rt_mime_type_find_parameter:
 * @type: from rt_mime_type_parse()
 * @name: case is ignored
 * @ret_parameter: (out): the parameter that counts
 *
 * Returns: whether there is one
 */
gboolean
rt_mime_type_find_parameter (const RtMediaType *type, const char *name, RtParameter *ret_parameter)
{
  RtText rest = type->parameters;
  RtParameter p;

  while (rt_mime_parameter_next (&rest, &p))
    if (rt_text_is_nocase (p.name, name))
      {
        *ret_parameter = p;
        return TRUE;
      }
  return FALSE;
}

static void
append_lowercase (GString *out, RtText text)
{
  for (gsize i = 0; i < text.length; i++)
    g_string_append_c (out, g_ascii_tolower (text.at[i]));
}

/**
 * rt_mime_type_serialize:
 * @type: from rt_mime_type_parse()
 *
 * Source: mimesniff#serialize-a-mime-type.
 *
 * Returns: (transfer full): the type as browsers understood it
 */
char *
rt_mime_type_serialize (const RtMediaType *type)
{
  GString *out = g_string_new (NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  RtText rest = type->parameters;
  RtParameter p;

  append_lowercase (out, type->essence);
  while (rt_mime_parameter_next (&rest, &p))
    {
      g_autofree char *value = NULL;

      if (!g_hash_table_add (seen, g_ascii_strdown (p.name.at, (gssize)p.name.length)))
        continue;
      value = rt_parameter_dup_value (&p);
      g_string_append_c (out, ';');
      append_lowercase (out, p.name);
      g_string_append_c (out, '=');
      if (rt_text_is_token (rt_text (value)))
        g_string_append (out, value);
      else
        rt_quoted_append (out, rt_text (value));
    }
  return g_string_free (out, FALSE);
}
