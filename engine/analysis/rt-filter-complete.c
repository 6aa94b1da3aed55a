/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What could stand where the cursor is: names, and values of them. */
#include "rt-filter-private.h"

#include "rt-reference.h"
#include "rt-traits.h"

#include <string.h>

/** VALUES_MAX: values that are offered of one key. */
#define VALUES_MAX 100

void
rt_filter_completion_free (RtFilterCompletion *completion)
{
  g_free (completion->text);
  g_free (completion);
}

typedef struct
{
  GPtrArray *found;
  const char *text;
  gsize start, end; /* of what is replaced */
} Completing;

static void
add (Completing *completing, char *text, const char *help)
{
  RtFilterCompletion *completion = g_new (RtFilterCompletion, 1);

  *completion = (RtFilterCompletion){ text, help, completing->start, completing->end };
  g_ptr_array_add (completing->found, completion);
}

/* Whether @name begins with what stands before the cursor, any case. */
static gboolean
begins (const Completing *completing, gsize cursor, const char *name)
{
  gsize length = cursor - completing->start;
  const char *typed = completing->text + completing->start;

  if (length > 0 && *typed == '"')
    {
      typed++;
      length--;
    }
  return g_ascii_strncasecmp (name, typed, length) == 0;
}

static void
add_names (Completing *completing, gsize cursor)
{
  guint n;
  const RtFilterKeyword *keywords = rt_filter_get_keywords (&n);

  for (guint i = 0; i < n; i++)
    if (begins (completing, cursor, keywords[i].name))
      add (completing, g_strconcat (keywords[i].name, ":", NULL), keywords[i].help);
}

static char *
quote (const char *value)
{
  g_autoptr (GString) text = g_string_new (value);

  if (strpbrk (value, " \"\\") == NULL)
    return g_strdup (value);
  g_string_replace (text, "\\", "\\\\", 0);
  g_string_replace (text, "\"", "\\\"", 0);
  return g_strdup_printf ("\"%s\"", text->str);
}

static void
add_values (Completing *completing,
            gsize cursor,
            const RtFilterKeyword *keyword,
            RtFilterValuesFunc values,
            gpointer data)
{
  g_auto (GStrv) found = NULL;

  for (guint i = 0; keyword->values != NULL && keyword->values[i] != NULL; i += 2)
    if (begins (completing, cursor, keyword->values[i]))
      add (completing, g_strdup (keyword->values[i]), keyword->values[i + 1]);
  if (keyword->values != NULL || values == NULL)
    return;
  found = values (keyword->key, data);
  for (guint i = 0; found != NULL && found[i] != NULL; i++)
    if (begins (completing, cursor, found[i]))
      add (completing, quote (found[i]), NULL);
}

/**
 * rt_filter_complete:
 * @text: what was written so far
 * @cursor: where it goes on, in bytes
 * @values: (nullable): asked for the values of a key that has no list of its own
 *
 * Returns: (transfer full) (element-type RtFilterCompletion): what could stand at the cursor
 */
GPtrArray *
rt_filter_complete (const char *text, gsize cursor, RtFilterValuesFunc values, gpointer data)
{
  g_autofree char *name = NULL;
  const RtFilterKeyword *keyword;
  const char *at = text;
  const char *end = text;
  const char *colon;
  Completing completing = { .text = text };

  cursor = MIN (cursor, strlen (text));
  completing.found = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_filter_completion_free);
  /* The term that the cursor is in, or a new one. */
  while ((gsize)((at = end + strspn (end, " ")) - text) < cursor)
    {
      end = rt_filter_skip_term (at);
      if ((gsize)(end - text) >= cursor)
        break;
    }
  if ((gsize)(at - text) > cursor || (gsize)(end - text) < cursor)
    at = end = text + cursor;
  at += *at == '-' && (gsize)(at - text) < cursor ? 1 : 0;
  completing.start = (gsize)(at - text);
  completing.end = MAX ((gsize)(end - text), cursor);
  colon = memchr (at, ':', cursor - completing.start);
  if (colon == NULL)
    {
      add_names (&completing, cursor);
      return completing.found;
    }
  name = g_strndup (at, (gsize)(colon - at));
  keyword = rt_filter_find_keyword (name);
  completing.start = (gsize)(colon - text) + 1;
  if (keyword != NULL)
    add_values (&completing, cursor, keyword, values, data);
  return completing.found;
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void
take_names (GPtrArray *texts, const RtTransfer *transfer, char mark)
{
  g_autofree char *names = rt_traits_dup_names (transfer);
  g_auto (GStrv) lines = names != NULL ? g_strsplit (names, "\n", -1) : NULL;

  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    if (lines[i][0] == mark)
      g_ptr_array_add (texts, g_strdup (lines[i] + 1));
}

static void
take_party (GPtrArray *texts, RtAnalysis *analysis, RtPartyId id)
{
  const RtPartyInfo *party = rt_analysis_get_party (analysis, id);

  if (party != NULL)
    g_ptr_array_add (texts, g_strdup (party->name));
}

static void
take_values (GPtrArray *texts, RtAnalysis *analysis, RtFilterKey key, const RtExchange *exchange)
{
  const RtTransfer *request = exchange->request;
  const RtTransfer *response = exchange->response;
  RtText text;

  if (key == RT_FILTER_METHOD && request != NULL && request->has_head)
    g_ptr_array_add (texts, rt_text_escape (request->message->method));
  else if (key == RT_FILTER_STATUS_CODE && response != NULL && response->has_head)
    g_ptr_array_add (texts, g_strdup_printf ("%u", response->message->status));
  else if (key == RT_FILTER_DOMAIN && *exchange->authority != '\0')
    g_ptr_array_add (texts, g_strdup (exchange->authority));
  else if (key == RT_FILTER_URL && request != NULL && request->has_head)
    g_ptr_array_add (texts, rt_text_escape (request->message->target));
  else if (key == RT_FILTER_MIME_TYPE && rt_traits_get_media_type (exchange, &text))
    g_ptr_array_add (texts, rt_text_escape (text));
  else if (key == RT_FILTER_HAS_REQUEST_HEADER || key == RT_FILTER_COOKIE_NAME)
    take_names (texts, request, key == RT_FILTER_COOKIE_NAME ? '=' : ':');
  else if (key == RT_FILTER_HAS_RESPONSE_HEADER || key == RT_FILTER_SET_COOKIE_NAME)
    take_names (texts, response, key == RT_FILTER_SET_COOKIE_NAME ? '=' : ':');
  else if (key == RT_FILTER_PARTY)
    {
      take_party (texts, analysis, exchange->client);
      take_party (texts, analysis, exchange->server);
    }
}

/**
 * rt_filter_sort_values:
 * @texts: (transfer full) (element-type utf8): with doubles, in any order
 *
 * Returns: (transfer full): the first 100 of them, sorted
 */
char **
rt_filter_sort_values (GPtrArray *texts)
{
  GPtrArray *sorted = g_ptr_array_new ();

  g_ptr_array_sort (texts, compare_texts);
  for (guint i = 0; i < texts->len && sorted->len < VALUES_MAX; i++)
    if (i == 0 || !g_str_equal (texts->pdata[i], texts->pdata[i - 1]))
      g_ptr_array_add (sorted, g_strdup (texts->pdata[i]));
  g_ptr_array_add (sorted, NULL);
  g_ptr_array_unref (texts);
  return (char **)g_ptr_array_free (sorted, FALSE);
}

/**
 * rt_filter_dup_values:
 * @analysis: (type RtAnalysis): where to look
 *
 * For rt_filter_complete().
 *
 * Returns: (transfer full): the values of @key in the first 10,000 exchanges
 */
char **
rt_filter_dup_values (RtFilterKey key, gpointer analysis)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (analysis);
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < exchanges->len && i < 10000; i++)
    take_values (texts, analysis, key, exchanges->pdata[i]);
  return rt_filter_sort_values (texts);
}
