/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads filters. Terms are separated by spaces outside of quotes; a minus turns one around;
 * `/…/` is a regular expression; what has no name is looked for in both messages. */
#include "rt-filter-private.h"

#include <string.h>

static void
clear_term (gpointer data)
{
  RtFilterTerm *term = data;

  g_free (term->value);
  g_clear_pointer (&term->bytes, g_bytes_unref);
  g_clear_pointer (&term->regex, g_regex_unref);
}

/* The slash that ends a regular expression: the first one not escaped that a space follows. NULL:
 * it is text, such as a path. */
static const char *
find_regex_end (const char *at)
{
  for (at++; *at != '\0'; at++)
    {
      if (*at == '\\' && at[1] != '\0')
        at++;
      else if (*at == '/' && (at[1] == ' ' || at[1] == '\0'))
        return at;
    }
  return NULL;
}

/* Up to the space that ends the term; quotes are left out of @text, and \" is a quote in them.
 * NULL: a quote is not closed. */
static const char *
read_word (const char *at, GString *text)
{
  gboolean quoted = FALSE;

  for (; *at != '\0' && (quoted || *at != ' '); at++)
    {
      if (*at == '"')
        quoted = !quoted;
      else
        {
          if (*at == '\\' && quoted && (at[1] == '"' || at[1] == '\\'))
            at++;
          g_string_append_c (text, *at);
        }
    }
  return quoted ? NULL : at;
}

/**
 * rt_filter_skip_term:
 * @at: where a term begins
 *
 * Returns: where it ends, even if it is not finished
 */
const char *
rt_filter_skip_term (const char *at)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *end;

  at += *at == '-' ? 1 : 0;
  end = *at == '/' ? find_regex_end (at) : NULL;
  if (end != NULL)
    return end + 1;
  end = read_word (at, text);
  return end != NULL ? end : at + strlen (at);
}

/* `method` of `method:PUT`; NULL: the term is text. A URL is text, too. */
static char *
read_name (const char **at)
{
  gsize length = strspn (*at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-");
  char *name;

  if (length == 0 || (*at)[length] != ':' || g_str_has_prefix (*at + length, "://"))
    return NULL;
  name = g_strndup (*at, length);
  *at += length + 1;
  return name;
}

/* What developer tools of browsers know and traffic does not say in so many words; and what asks
 * for it here. */
static const char *
find_instead (const char *name)
{
  static const char *const others[][2] = {
    { "set-cookie-domain", "/set-cookie:.*domain=shop.test/" },
    { "set-cookie-value", "/set-cookie: *sid=abc/" },
    { "cookie-domain", "domain:*.shop.test cookie-name:sid; a request's cookies name no domain" },
    { "cookie-path", "url:/shop cookie-name:sid; a request's cookies name no path" },
    { "mixed-content", "scheme:http /referer: https/" },
    { "resource-type", "mime-type:image/*, or /sec-fetch-dest: image/" },
    { "has-overrides", "nothing of the kind: overrides are a browser's own" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    if (g_ascii_strcasecmp (others[i][0], name) == 0)
      return others[i][1];
  return NULL;
}

static void
set_unknown_name (GError **error, const RtPlace *place, const char *name)
{
  const char *names[RT_N_FILTER_KEYS];
  guint n;
  const RtFilterKeyword *keywords = rt_filter_get_keywords (&n);
  const char *instead = find_instead (name);

  if (instead != NULL)
    {
      rt_set_error (error, RT_ERROR_UNKNOWN, place, instead, "there is no filter “%s”", name);
      return;
    }
  for (guint i = 0; i < n; i++)
    names[i] = keywords[i].name;
  rt_set_unknown (error, place, "filter", name, names, n);
}

static const char *
read_regex (const char *at, const char *end, RtFilterTerm *term, RtPlace *place, GError **error)
{
  term->key = RT_FILTER_REGEX;
  term->value = g_strndup (at + 1, (gsize)(end - at) - 1);
  return rt_filter_read_regex (term, place, error) ? end + 1 : NULL;
}

static const char *
read_named (const char *at, RtFilterTerm *term, RtPlace *place, GError **error)
{
  g_autofree char *name = read_name (&at);
  g_autoptr (GString) value = g_string_new (NULL);
  const RtFilterKeyword *keyword = NULL;
  const char *end = read_word (at, value);

  if (end == NULL)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, place, "a second quote",
                    "the text that begins with a quote does not end");
      return NULL;
    }
  if (name != NULL)
    {
      keyword = rt_filter_find_keyword (name);
      if (keyword == NULL)
        {
          set_unknown_name (error, place, name);
          return NULL;
        }
      term->key = keyword->key;
    }
  term->value = g_string_free (g_steal_pointer (&value), FALSE);
  return rt_filter_read_value (term, keyword, place, error) ? end : NULL;
}

static const char *
read_term (const char *text, const char *at, RtFilterTerm *term, GError **error)
{
  RtPlace place = { "filter", 1, (guint)g_utf8_strlen (text, at - text) + 1 };
  const char *end;

  term->negated = *at == '-' && at[1] != '\0' && at[1] != ' ';
  at += term->negated ? 1 : 0;
  end = *at == '/' ? find_regex_end (at) : NULL;
  if (end != NULL && end > at + 1)
    return read_regex (at, end, term, &place, error);
  return read_named (at, term, &place, error);
}

static gboolean
check_text (const char *text, GError **error)
{
  const RtPlace place = { "filter", 0, 0 };

  if (strlen (text) > RT_FILTER_LENGTH_MAX)
    rt_set_error (error, RT_ERROR_LIMIT, &place, "at most 4096 bytes", "it is too long");
  else if (!g_utf8_validate (text, -1, NULL))
    rt_set_error (error, RT_ERROR_SYNTAX, &place, "text in UTF-8", "it is no text");
  else
    return TRUE;
  return FALSE;
}

/**
 * rt_filter_new:
 * @text: terms: `NAME:VALUE`, `text`, `"some text"`, `/regular expression/`; each may have a minus
 *   before it. None: everything matches
 *
 * Errors, each with the column: %RT_ERROR_UNKNOWN: no such name; %RT_ERROR_SYNTAX;
 * %RT_ERROR_LIMIT.
 *
 * Returns: (nullable) (transfer full): the filter
 */
RtFilter *
rt_filter_new (const char *text, GError **error)
{
  g_autoptr (RtFilter) filter = g_new0 (RtFilter, 1);
  const char *at = text;

  filter->ref_count = 1;
  filter->terms = g_array_new (FALSE, TRUE, sizeof (RtFilterTerm));
  g_array_set_clear_func (filter->terms, clear_term);
  if (!check_text (text, error))
    return NULL;
  while (*(at += strspn (at, " ")) != '\0')
    {
      RtFilterTerm term = { 0 };

      if (filter->terms->len == RT_FILTER_TERMS_MAX)
        {
          rt_set_error (error, RT_ERROR_LIMIT, NULL, "at most 32 terms", "the filter is too long");
          return NULL;
        }
      at = read_term (text, at, &term, error);
      g_array_append_val (filter->terms, term);
      if (at == NULL)
        return NULL;
    }
  return g_steal_pointer (&filter);
}

RtFilter *
rt_filter_ref (RtFilter *filter)
{
  g_atomic_int_inc (&filter->ref_count);
  return filter;
}

void
rt_filter_unref (RtFilter *filter)
{
  if (!g_atomic_int_dec_and_test (&filter->ref_count))
    return;
  g_array_unref (filter->terms);
  g_free (filter);
}

guint
rt_filter_get_n_terms (const RtFilter *filter)
{
  return filter->terms->len;
}

const RtFilterTerm *
rt_filter_get_term (const RtFilter *filter, guint i)
{
  return &g_array_index (filter->terms, RtFilterTerm, i);
}

/**
 * rt_filter_asks_for_marks:
 *
 * Returns: whether it matters what marks the user set
 */
gboolean
rt_filter_asks_for_marks (const RtFilter *filter)
{
  for (guint i = 0; i < filter->terms->len; i++)
    {
      const RtFilterTerm *term = rt_filter_get_term (filter, i);

      if ((term->key == RT_FILTER_IS && term->first == RT_FILTER_IS_MARKED)
          || (term->key == RT_FILTER_HAS && term->first == RT_FILTER_HAS_NOTE))
        return TRUE;
    }
  return FALSE;
}
