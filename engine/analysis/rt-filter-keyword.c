/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The names that a term may have, and how the value of each is read. */
#include "rt-filter-private.h"

#include "rt-needle.h"
#include "rt-time.h"

#include <string.h>

/* clang-format off */
static const char *const is_values[] = {
  [2 * RT_FILTER_IS_RUNNING] = "running", "without an end yet",
  [2 * RT_FILTER_IS_FAILED] = "failed", "without a whole response, for good",
  [2 * RT_FILTER_IS_ERROR] = "error", "failed, or answered by 4xx or 5xx",
  [2 * RT_FILTER_IS_REDIRECT] = "redirect", "answered by 3xx with a Location",
  [2 * RT_FILTER_IS_PREFLIGHT] = "preflight", "a CORS preflight",
  [2 * RT_FILTER_IS_RETRIED] = "retried", "sent again by its client",
  [2 * RT_FILTER_IS_FROM_CACHE] = "from-cache", "answered by a cache, as Age or Cache-Status say",
  [2 * RT_FILTER_IS_RECONSTRUCTED] = "reconstructed", "from a source that kept no bytes",
  [2 * RT_FILTER_IS_SECURE] = "secure", "over TLS",
  [2 * RT_FILTER_IS_MARKED] = "marked", "marked by you",
  NULL,
};
static const char *const has_values[] = {
  [2 * RT_FILTER_HAS_NOTE] = "note", "you wrote something at it",
  [2 * RT_FILTER_HAS_WARNING] = "warning", "something about it is unwise",
  [2 * RT_FILTER_HAS_PROBLEM] = "problem", "something about it is wrong",
  NULL,
};
static const char *const scheme_values[] = { "http", NULL, "https", NULL, NULL };

static const RtFilterKeyword keywords[] = {
  { RT_FILTER_METHOD, "method", "the method: GET", NULL },
  { RT_FILTER_STATUS_CODE, "status-code", "the status: 404, 4xx, >=400, 200-299", NULL },
  { RT_FILTER_DOMAIN, "domain", "host of the target: shop.test, *.shop.test", NULL },
  { RT_FILTER_SCHEME, "scheme", "scheme of the target", scheme_values },
  { RT_FILTER_URL, "url", "part of the target URL: /cart, or a pattern: *.css", NULL },
  { RT_FILTER_MIME_TYPE, "mime-type", "media type of the response: text/html, image/*", NULL },
  { RT_FILTER_LARGER_THAN, "larger-than", "size of the response: 100, 4k, 1M", NULL },
  { RT_FILTER_SMALLER_THAN, "smaller-than", "size of the response: 100, 4k, 1M", NULL },
  { RT_FILTER_DURATION, "duration", "how long it took: >100ms, <=2s", NULL },
  { RT_FILTER_PARTY, "party", "name of the client or the server", NULL },
  { RT_FILTER_CONNECTION, "connection", "number of the connection: 3", NULL },
  { RT_FILTER_NUMBER, "number", "number of the exchange: 7, 10-20", NULL },
  { RT_FILTER_HAS_REQUEST_HEADER, "has-request-header", "a field of the request: if-match", NULL },
  { RT_FILTER_HAS_RESPONSE_HEADER, "has-response-header", "a field of the response: etag", NULL },
  { RT_FILTER_COOKIE_NAME, "cookie-name", "a cookie that was sent: sid", NULL },
  { RT_FILTER_SET_COOKIE_NAME, "set-cookie-name", "a cookie that was set: sid", NULL },
  { RT_FILTER_PRIORITY, "priority", "urgency in the request's Priority field: 0 to 7", NULL },
  { RT_FILTER_BODY, "body", "text in either content, codings undone", NULL },
  { RT_FILTER_REQUEST_BODY, "request-body", "text in the content of the request", NULL },
  { RT_FILTER_RESPONSE_BODY, "response-body", "text in the content of the response", NULL },
  { RT_FILTER_BYTES, "bytes", "bytes in either message, in hexadecimal: DEADBEEF", NULL },
  { RT_FILTER_IS, "is", "what became of it", is_values },
  { RT_FILTER_HAS, "has", "what is to be said of it", has_values },
};
/* clang-format on */

/**
 * rt_filter_get_keywords:
 * @ret_n: (out): how many
 *
 * Returns: (array length=ret_n): the names that a term may have
 */
const RtFilterKeyword *
rt_filter_get_keywords (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (keywords);
  return keywords;
}

const RtFilterKeyword *
rt_filter_find_keyword (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keywords); i++)
    if (g_ascii_strcasecmp (keywords[i].name, name) == 0)
      return &keywords[i];
  return NULL;
}

/* A whole number with a unit; where it ends is told. */
static gboolean
read_number (const char **at, const char *const *units, const guint64 *factors, gint64 *ret_number)
{
  gsize digits = strspn (*at, "0123456789");
  guint64 number;

  if (!rt_text_to_uint64 ((RtText){ *at, digits }, &number))
    return FALSE;
  *at += digits;
  for (guint i = 0; units[i] != NULL; i++)
    {
      gsize length = strlen (units[i]);

      if (g_ascii_strncasecmp (*at, units[i], length) != 0 || g_ascii_isalpha ((*at)[length]))
        continue;
      if (number > G_MAXINT64 / factors[i])
        return FALSE;
      *at += length;
      *ret_number = (gint64)(number * factors[i]);
      return TRUE;
    }
  return FALSE;
}

static const char *const no_units[] = { "", NULL };
static const guint64 no_factors[] = { 1 };
static const char *const size_units[] = { "", "b", "kb", "k", "mb", "m", "gb", "g", NULL };
static const guint64 size_factors[]
    = { 1, 1, 1000, 1000, 1000000, 1000000, 1000000000, 1000000000 };
static const char *const time_units[] = { "us", "ms", "s", "min", "", NULL };
static const guint64 time_factors[]
    = { 1, RT_TIME_MSEC, RT_TIME_SEC, 60 * RT_TIME_SEC, RT_TIME_MSEC };

/* `7`, `>7`, `<=7`, `7-9` */
static gboolean
read_range (RtFilterTerm *term, const char *const *units, const guint64 *factors)
{
  const char *at = term->value;
  gboolean more = *at == '>';
  gboolean less = *at == '<';
  gboolean equal;
  gint64 number;

  at += more || less ? 1 : 0;
  equal = *at == '=';
  at += equal ? 1 : 0;
  if (!read_number (&at, units, factors, &number))
    return FALSE;
  term->first = less ? 0 : number + (more && !equal && number < G_MAXINT64 ? 1 : 0);
  term->last = more ? G_MAXINT64 : number - (less && !equal ? 1 : 0);
  if (*at == '-' && !more && !less)
    {
      at++;
      if (!read_number (&at, units, factors, &term->last))
        return FALSE;
    }
  return *at == '\0';
}

/* `4xx`, `4*` and `40*` besides */
static gboolean
read_status (RtFilterTerm *term)
{
  const char *value = term->value;
  gsize length = strlen (value);
  gsize digits = strspn (value, "0123456789");
  gsize open = length > digits ? strspn (value + digits, "xX*") : 0;

  if (digits > 0 && digits < 3 && open > 0 && digits + open == length
      && (length == 3 || value[digits] == '*'))
    {
      term->first = g_ascii_strtoll (value, NULL, 10) * (digits == 1 ? 100 : 10);
      term->last = term->first + (digits == 1 ? 99 : 9);
      return TRUE;
    }
  return read_range (term, no_units, no_factors);
}

/* Bytes may be separated: `DE AD BE EF`, `de:ad`. */
static gboolean
read_hex (RtFilterTerm *term)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const char *at = term->value;

  while (*at != '\0')
    {
      guint8 byte;

      if (*at == ' ' || *at == ':')
        {
          at++;
          continue;
        }
      if (!g_ascii_isxdigit (at[0]) || !g_ascii_isxdigit (at[1]))
        return FALSE;
      byte = (guint8)(g_ascii_xdigit_value (at[0]) * 16 + g_ascii_xdigit_value (at[1]));
      g_byte_array_append (bytes, &byte, 1);
      at += 2;
    }
  if (bytes->len == 0)
    return FALSE;
  term->bytes = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  return TRUE;
}

static gboolean
read_needle (RtFilterTerm *term)
{
  if (*term->value == '\0')
    return FALSE;
  term->bytes = g_bytes_new (term->value, strlen (term->value));
  term->ignore_case = TRUE;
  return TRUE;
}

static gboolean
read_choice (RtFilterTerm *term,
             const RtFilterKeyword *keyword,
             const RtPlace *place,
             GError **error)
{
  const char *names[32];
  gsize n = 0;

  for (; keyword->values[2 * n] != NULL; n++)
    {
      names[n] = keyword->values[2 * n];
      term->first = (gint64)n;
      if (g_ascii_strcasecmp (names[n], term->value) == 0)
        return TRUE;
    }
  rt_set_unknown (error, place, keyword->name, term->value, names, n);
  return FALSE;
}

static gboolean
read_less_than (RtFilterTerm *term)
{
  const char *at = term->value;

  if (!read_number (&at, size_units, size_factors, &term->last) || *at != '\0')
    return FALSE;
  term->last--;
  return TRUE;
}

static gboolean
read_more_than (RtFilterTerm *term)
{
  const char *at = term->value;

  if (!read_number (&at, size_units, size_factors, &term->first) || *at != '\0')
    return FALSE;
  term->first += term->first < G_MAXINT64 ? 1 : 0;
  term->last = G_MAXINT64;
  return TRUE;
}

static gboolean
read_by_key (RtFilterTerm *term)
{
  switch (term->key)
    {
    case RT_FILTER_STATUS_CODE:
      return read_status (term);
    case RT_FILTER_LARGER_THAN:
      return read_more_than (term);
    case RT_FILTER_SMALLER_THAN:
      return read_less_than (term);
    case RT_FILTER_DURATION:
      return read_range (term, time_units, time_factors);
    case RT_FILTER_CONNECTION:
    case RT_FILTER_NUMBER:
    case RT_FILTER_PRIORITY:
      return read_range (term, no_units, no_factors);
    case RT_FILTER_BODY:
    case RT_FILTER_REQUEST_BODY:
    case RT_FILTER_RESPONSE_BODY:
    case RT_FILTER_TEXT:
      return read_needle (term);
    case RT_FILTER_BYTES:
      return read_hex (term);
    default:
      return *term->value != '\0';
    }
}

/**
 * rt_filter_read_value:
 * @term: its key and value are set
 * @keyword: (nullable): that of its key; %NULL for text
 * @place: where it stands, for the error
 */
gboolean
rt_filter_read_value (RtFilterTerm *term,
                      const RtFilterKeyword *keyword,
                      const RtPlace *place,
                      GError **error)
{
  if (keyword != NULL && (term->key == RT_FILTER_IS || term->key == RT_FILTER_HAS))
    return read_choice (term, keyword, place, error);
  if (read_by_key (term))
    return TRUE;
  if (keyword == NULL)
    rt_set_error (error, RT_ERROR_SYNTAX, place, "text between the quotes", "there is no text");
  else if (*term->value == '\0')
    rt_set_error (error, RT_ERROR_SYNTAX, place, keyword->help, "“%s:” has no value",
                  keyword->name);
  else
    rt_set_error (error, RT_ERROR_SYNTAX, place, keyword->help, "“%s:” cannot be “%s”",
                  keyword->name, term->value);
  return FALSE;
}

/* Bytes of a peer may be no UTF-8: the expression works on bytes. */
gboolean
rt_filter_read_regex (RtFilterTerm *term, const RtPlace *place, GError **error)
{
  g_autoptr (GError) problem = NULL;
  char *literal;

  term->regex
      = g_regex_new (term->value, G_REGEX_CASELESS | G_REGEX_RAW | G_REGEX_OPTIMIZE, 0, &problem);
  if (term->regex != NULL)
    {
      literal = rt_filter_find_literal (term->value);
      term->bytes = literal != NULL ? g_bytes_new_take (literal, strlen (literal)) : NULL;
      term->ignore_case = TRUE;
      return TRUE;
    }
  rt_set_error (error, RT_ERROR_SYNTAX, place, "a regular expression as Perl has them", "%s",
                problem->message);
  return FALSE;
}
