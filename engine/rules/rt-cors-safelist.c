/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lists of the Fetch standard: what a script may send anywhere without asking first, what it
 * may never send, and what it may read of any answer. */
#include "rt-cors.h"

#include "rt-media-type.h"
#include "rt-scan.h"

static gboolean
is_one_of (RtText text, const char *const *names, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (rt_text_is_nocase (text, names[i]))
      return TRUE;
  return FALSE;
}

/**
 * rt_cors_method_is_safelisted:
 * @method: as written; case counts
 *
 * Source: fetch#cors-safelisted-method.
 *
 * Returns: whether a form could send it, so that no preflight is needed for it
 */
gboolean
rt_cors_method_is_safelisted (RtText method)
{
  return rt_text_is (method, "GET") || rt_text_is (method, "HEAD") || rt_text_is (method, "POST");
}

/**
 * rt_cors_method_is_forbidden:
 * @method: as written
 *
 * Source: fetch#forbidden-method.
 *
 * Returns: whether a browser refuses to send it for a script
 */
gboolean
rt_cors_method_is_forbidden (RtText method)
{
  static const char *const names[] = { "CONNECT", "TRACE", "TRACK" };

  return is_one_of (method, names, G_N_ELEMENTS (names));
}

/* fetch#cors-unsafe-request-header-byte */
static gboolean
is_unsafe_byte (char c)
{
  guchar byte = (guchar)c;

  return (byte < 0x20 && byte != '\t') || byte == 0x7f || strchr ("\"():<>?@[\\]{}", c) != NULL;
}

static gboolean
has_unsafe_byte (RtText value)
{
  for (gsize i = 0; i < value.length; i++)
    if (is_unsafe_byte (value.at[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_plain_language (RtText value)
{
  for (gsize i = 0; i < value.length; i++)
    if (!g_ascii_isalnum (value.at[i])
        && (value.at[i] == '\0' || strchr (" *,-.;=", value.at[i]) == NULL))
      return FALSE;
  return TRUE;
}

static gboolean
is_form_type (RtText value)
{
  static const char *const forms[]
      = { "application/x-www-form-urlencoded", "multipart/form-data", "text/plain" };
  RtMediaType type;

  return !has_unsafe_byte (value) && rt_mime_type_parse (value, &type)
         && is_one_of (type.essence, forms, G_N_ELEMENTS (forms));
}

/* One range with a start, white space nowhere (fetch#simple-range-header-value). */
static gboolean
is_simple_range (RtText value)
{
  RtText rest = value;
  RtText digits;
  guint64 first, last;

  if (!rt_text_starts_with (value, RT_TEXT ("bytes=")))
    return FALSE;
  rt_skip (&rest, strlen ("bytes="));
  digits = rt_take_digits (&rest);
  if (!rt_text_to_uint64 (digits, &first) || !rt_take_char (&rest, '-'))
    return FALSE;
  if (rest.length == 0)
    return TRUE;
  digits = rt_take_digits (&rest);
  return rest.length == 0 && rt_text_to_uint64 (digits, &last) && first <= last;
}

/**
 * rt_cors_field_is_safelisted:
 * @field: of a request, as a script set it
 *
 * Source: fetch#cors-safelisted-request-header.
 *
 * Returns: whether a page could send it without a script, so that no preflight is needed for it
 */
gboolean
rt_cors_field_is_safelisted (const RtField *field)
{
  if (field->value.length > RT_CORS_SAFELIST_VALUE_MAX)
    return FALSE;
  if (rt_text_is_nocase (field->name, "Accept"))
    return !has_unsafe_byte (field->value);
  if (rt_text_is_nocase (field->name, "Accept-Language")
      || rt_text_is_nocase (field->name, "Content-Language"))
    return is_plain_language (field->value);
  if (rt_text_is_nocase (field->name, "Content-Type"))
    return is_form_type (field->value);
  if (rt_text_is_nocase (field->name, "Range"))
    return is_simple_range (field->value);
  return FALSE;
}

static gboolean
starts_with_nocase (RtText text, RtText prefix)
{
  return text.length >= prefix.length
         && rt_text_equal_nocase (rt_text_sub (text, 0, prefix.length), prefix);
}

static gboolean
overrides_forbidden_method (const RtField *field)
{
  static const char *const names[]
      = { "X-HTTP-Method", "X-HTTP-Method-Override", "X-Method-Override" };
  RtText rest = field->value;
  RtText method;

  if (!is_one_of (field->name, names, G_N_ELEMENTS (names)))
    return FALSE;
  while (rt_list_next (&rest, &method))
    if (rt_cors_method_is_forbidden (method))
      return TRUE;
  return FALSE;
}

/**
 * rt_cors_field_is_forbidden:
 * @field: of a request, as a script set it
 *
 * Source: fetch#forbidden-request-header.
 *
 * Returns: whether a browser drops it, because only the browser itself may say that
 */
gboolean
rt_cors_field_is_forbidden (const RtField *field)
{
  static const char *const names[] = {
    "Accept-Charset",
    "Accept-Encoding",
    "Access-Control-Request-Headers",
    "Access-Control-Request-Method",
    "Connection",
    "Content-Length",
    "Cookie",
    "Cookie2",
    "Date",
    "DNT",
    "Expect",
    "Host",
    "Keep-Alive",
    "Origin",
    "Referer",
    "Set-Cookie",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "Via",
  };

  return is_one_of (field->name, names, G_N_ELEMENTS (names))
         || starts_with_nocase (field->name, RT_TEXT ("proxy-"))
         || starts_with_nocase (field->name, RT_TEXT ("sec-"))
         || overrides_forbidden_method (field);
}

/**
 * rt_cors_response_name_is_safelisted:
 * @name: of a response field
 *
 * Source: fetch#cors-safelisted-response-header-name.
 *
 * Returns: whether a script may read it in any answer that it may read at all
 */
gboolean
rt_cors_response_name_is_safelisted (RtText name)
{
  static const char *const names[]
      = { "Cache-Control", "Content-Language", "Content-Length", "Content-Type",
          "Expires",       "Last-Modified",    "Pragma" };

  return is_one_of (name, names, G_N_ELEMENTS (names));
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_ascii_strcasecmp (*(const char *const *)a, *(const char *const *)b);
}

static void
add_lower (GPtrArray *names, RtText name)
{
  char *lower = g_ascii_strdown (name.at, (gssize)name.length);

  if (g_ptr_array_find_with_equal_func (names, lower, g_str_equal, NULL))
    g_free (lower);
  else
    g_ptr_array_add (names, lower);
}

/**
 * rt_cors_dup_unsafe_names:
 * @fields: of a request, as a script set them
 *
 * Source: fetch#cors-unsafe-request-header-names: names that need a preflight by themselves, and
 * all of them where the safe ones are too long together.
 *
 * Returns: (transfer full) (element-type utf8): in lower case, each once, sorted: what
 *   Access-Control-Request-Headers lists
 */
GPtrArray *
rt_cors_dup_unsafe_names (RtFields *fields)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  gsize safe = 0;

  for (guint i = 0; i < rt_fields_get_length (fields); i++)
    {
      const RtField *field = rt_fields_get (fields, i);

      if (rt_cors_field_is_safelisted (field))
        safe += field->value.length;
      else
        add_lower (names, field->name);
    }
  if (safe > RT_CORS_SAFELIST_TOTAL_MAX)
    for (guint i = 0; i < rt_fields_get_length (fields); i++)
      add_lower (names, rt_fields_get (fields, i)->name);
  g_ptr_array_sort (names, compare_names);
  return names;
}
