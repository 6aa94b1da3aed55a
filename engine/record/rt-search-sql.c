/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What of a filter the table `exchange` can answer, as SQL. The comparisons are functions of the
 * analysis, lent to SQLite, so that both say the same. */
#include "rt-search-private.h"

#include "rt-needle.h"
#include "rt-traits.h"

/* Whether what @term looks for is in the bytes of messages, which no table has. */
gboolean
rt_search_is_of_bytes (const RtFilterTerm *term)
{
  return term->bytes != NULL || term->regex != NULL;
}

/**
 * rt_search_looks_at:
 * @message: 0 for the request, 1 for the response
 * @content: its content, else its head
 *
 * Returns: whether @term looks there
 */
gboolean
rt_search_looks_at (const RtFilterTerm *term, guint message, gboolean content)
{
  switch (term->key)
    {
    case RT_FILTER_BODY:
      return content;
    case RT_FILTER_REQUEST_BODY:
      return content && message == 0;
    case RT_FILTER_RESPONSE_BODY:
      return content && message == 1;
    default:
      return TRUE;
    }
}

static RtText
text_of (sqlite3_value *value)
{
  const char *text = (const char *)sqlite3_value_text (value);

  return (RtText){ text, text != NULL ? (gsize)sqlite3_value_bytes (value) : 0 };
}

static void
matches_cb (sqlite3_context *context, int n, sqlite3_value **values)
{
  RtText text = text_of (values[1]);

  sqlite3_result_int (
      context,
      text.at != NULL && rt_pattern_matches ((const char *)sqlite3_value_text (values[0]), text));
}

static void
authority_cb (sqlite3_context *context, int n, sqlite3_value **values)
{
  RtText text = text_of (values[1]);

  sqlite3_result_int (context, text.at != NULL
                                   && rt_filter_matches_authority (
                                       (const char *)sqlite3_value_text (values[0]), text.at));
}

static void
names_cb (sqlite3_context *context, int n, sqlite3_value **values)
{
  const char *mark = (const char *)sqlite3_value_text (values[0]);

  sqlite3_result_int (context,
                      rt_traits_names_contain ((const char *)sqlite3_value_text (values[2]), *mark,
                                               (const char *)sqlite3_value_text (values[1])));
}

/**
 * rt_search_add_functions:
 * @db: where conditions of rt_search_write_condition() are to be used
 */
void
rt_search_add_functions (sqlite3 *db)
{
  const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;

  sqlite3_create_function_v2 (db, "rt_matches", 2, flags, NULL, matches_cb, NULL, NULL, NULL);
  sqlite3_create_function_v2 (db, "rt_authority", 2, flags, NULL, authority_cb, NULL, NULL, NULL);
  sqlite3_create_function_v2 (db, "rt_names", 3, flags, NULL, names_cb, NULL, NULL, NULL);
}

typedef struct
{
  GString *sql;
  GPtrArray *values;
} Writing;

/* The number of a new parameter. */
static guint
text (Writing *writing, const char *value)
{
  g_ptr_array_add (writing->values, g_variant_ref_sink (g_variant_new_string (value)));
  return writing->values->len;
}

static guint
number (Writing *writing, gint64 value)
{
  g_ptr_array_add (writing->values, g_variant_ref_sink (g_variant_new_int64 (value)));
  return writing->values->len;
}

/* How a key is asked of a column. */
typedef void (*PutFunc) (Writing *writing, const RtFilterTerm *term, const char *column);

static void
put_call (Writing *writing, const char *function, const char *value, const char *column)
{
  g_string_append_printf (writing->sql, "%s (?%u, %s)", function, text (writing, value), column);
}

static void
put_pattern (Writing *writing, const RtFilterTerm *term, const char *column)
{
  put_call (writing, "rt_matches", term->value, column);
}

static void
put_authority (Writing *writing, const RtFilterTerm *term, const char *column)
{
  put_call (writing, "rt_authority", term->value, column);
}

static void
put_range (Writing *writing, const RtFilterTerm *term, const char *column)
{
  guint first = number (writing, term->first);

  g_string_append_printf (writing->sql, "%s BETWEEN ?%u AND ?%u", column, first,
                          number (writing, term->last));
}

/* Few messages differ in the names of their fields: they are compared once each. */
static void
put_names (Writing *writing, const char *column, char mark, const char *pattern)
{
  g_string_append_printf (writing->sql,
                          "%s IN (SELECT id FROM names WHERE rt_names ('%c', ?%u, text))", column,
                          mark, text (writing, pattern));
}

static void
put_field (Writing *writing, const RtFilterTerm *term, const char *column)
{
  g_autofree char *lower = g_ascii_strdown (term->value, -1);

  put_names (writing, column, ':', lower);
}

static void
put_cookie (Writing *writing, const RtFilterTerm *term, const char *column)
{
  put_names (writing, column, '=', term->value);
}

static void
put_url (Writing *writing, const RtFilterTerm *term, const char *column)
{
  g_autofree char *pattern = strchr (term->value, '*') != NULL
                                 ? g_strdup (term->value)
                                 : g_strdup_printf ("*%s*", term->value);

  put_call (writing, "rt_matches", pattern, column);
}

/* 3 is the urgency of a request that says none, RFC 9218 §4.1. */
static void
put_priority (Writing *writing, const RtFilterTerm *term, const char *column)
{
  g_string_append_printf (writing->sql, "%s IS NOT NULL AND (0", column);
  for (gint64 urgency = MAX (term->first, 0); urgency <= MIN (term->last, 7); urgency++)
    {
      char digit[2] = { (char)('0' + urgency), '\0' };

      g_string_append (writing->sql, urgency == 3 ? " OR NOT " : " OR ");
      put_names (writing, column, '!', urgency == 3 ? "*" : digit);
    }
  g_string_append_c (writing->sql, ')');
}

/* The table `marked` is made by whoever asks. */
static void
put_marked (Writing *writing, gboolean noted)
{
  g_string_append_printf (writing->sql,
                          "EXISTS (SELECT 1 FROM temp.marked WHERE marked.run = exchange.run"
                          " AND marked.connection = exchange.connection"
                          " AND marked.event BETWEEN first_event AND last_event%s)",
                          noted ? " AND noted" : "");
}

static void
put_is (Writing *writing, const RtFilterTerm *term, const char *column)
{
  static const RtTraitFlags flags[] = {
    [RT_FILTER_IS_FAILED] = RT_TRAIT_FAILED,
    [RT_FILTER_IS_REDIRECT] = RT_TRAIT_REDIRECT,
    [RT_FILTER_IS_PREFLIGHT] = RT_TRAIT_PREFLIGHT,
    [RT_FILTER_IS_RETRIED] = RT_TRAIT_RETRIED,
    [RT_FILTER_IS_FROM_CACHE] = RT_TRAIT_FROM_CACHE,
    [RT_FILTER_IS_RECONSTRUCTED] = RT_TRAIT_RECONSTRUCTED,
    [RT_FILTER_IS_SECURE] = RT_TRAIT_SECURE,
  };

  if (term->first == RT_FILTER_IS_RUNNING)
    g_string_append_printf (writing->sql, "duration_usec IS NULL AND NOT %s & %u", column,
                            (guint)RT_TRAIT_FAILED);
  else if (term->first == RT_FILTER_IS_ERROR)
    g_string_append_printf (writing->sql, "status >= 400 OR %s & %u", column,
                            (guint)RT_TRAIT_FAILED);
  else if (term->first == RT_FILTER_IS_MARKED)
    put_marked (writing, FALSE);
  else
    g_string_append_printf (writing->sql, "%s & %u", column, (guint)flags[term->first]);
}

static void
put_has (Writing *writing, const RtFilterTerm *term, const char *column)
{
  if (term->first == RT_FILTER_HAS_NOTE)
    put_marked (writing, TRUE);
  else
    g_string_append_printf (
        writing->sql, "%s & %u", column,
        (guint)(term->first == RT_FILTER_HAS_WARNING ? RT_TRAIT_WARNING : RT_TRAIT_PROBLEM));
}

static void
put_party (Writing *writing, const RtFilterTerm *term, const char *column)
{
  put_pattern (writing, term, "client");
  g_string_append (writing->sql, " OR ");
  put_pattern (writing, term, column);
}

/* clang-format off */
#define URL "iif (substr (target, 1, 1) = '/', scheme || '://' || authority || target, target)"

static const struct { PutFunc put; const char *column; } columns[RT_N_FILTER_KEYS] = {
  [RT_FILTER_METHOD] = { put_pattern, "method" },
  [RT_FILTER_STATUS_CODE] = { put_range, "status" },
  [RT_FILTER_DOMAIN] = { put_authority, "authority" },
  [RT_FILTER_SCHEME] = { put_pattern, "scheme" },
  [RT_FILTER_URL] = { put_url, URL },
  [RT_FILTER_MIME_TYPE] = { put_pattern, "media_type" },
  [RT_FILTER_LARGER_THAN] = { put_range, "response_bytes" },
  [RT_FILTER_SMALLER_THAN] = { put_range, "response_bytes" },
  [RT_FILTER_DURATION] = { put_range, "duration_usec" },
  [RT_FILTER_PARTY] = { put_party, "server" },
  [RT_FILTER_CONNECTION] = { put_range, "connection" },
  [RT_FILTER_NUMBER] = { put_range, "number" },
  [RT_FILTER_HAS_REQUEST_HEADER] = { put_field, "request_names" },
  [RT_FILTER_HAS_RESPONSE_HEADER] = { put_field, "response_names" },
  [RT_FILTER_COOKIE_NAME] = { put_cookie, "request_names" },
  [RT_FILTER_SET_COOKIE_NAME] = { put_cookie, "response_names" },
  [RT_FILTER_PRIORITY] = { put_priority, "request_names" },
  [RT_FILTER_IS] = { put_is, "flags" },
  [RT_FILTER_HAS] = { put_has, "flags" },
};
/* clang-format on */

/**
 * rt_search_write_condition:
 * @values: (element-type GVariant): the parameters are appended to it
 *
 * Returns: (transfer full) (nullable): a condition on rows of `exchange` for the terms that are not
 *   of bytes; %NULL: there are none
 */
char *
rt_search_write_condition (const RtFilter *filter, GPtrArray *values)
{
  Writing writing = { g_string_new (NULL), values };

  for (guint i = 0; i < rt_filter_get_n_terms (filter); i++)
    {
      const RtFilterTerm *term = rt_filter_get_term (filter, i);

      if (rt_search_is_of_bytes (term))
        continue;
      g_string_append (writing.sql, writing.sql->len > 0 ? " AND " : "");
      /* What is not known does not match, but its contrary does. */
      g_string_append (writing.sql, term->negated ? "NOT ifnull ((" : "(");
      columns[term->key].put (&writing, term, columns[term->key].column);
      g_string_append (writing.sql, term->negated ? "), 0)" : ")");
    }
  return g_string_free (writing.sql, writing.sql->len == 0);
}
