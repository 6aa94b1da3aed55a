/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether a filter matches an exchange of an analysis. The engine that searches session files asks
 * the same of their table; a test holds the two together. */
#include "rt-filter-private.h"

#include "rt-content.h"
#include "rt-needle.h"
#include "rt-traits.h"

#include <string.h>

typedef struct
{
  RtAnalysis *analysis;
  const RtExchange *exchange;
  RtFilterMarks marks;
} Subject;

static const RtMessage *
head_of (const RtTransfer *transfer)
{
  return transfer != NULL && transfer->has_head ? transfer->message : NULL;
}

static gboolean
in_range (const RtFilterTerm *term, guint64 number)
{
  return number <= G_MAXINT64 && (gint64)number >= term->first && (gint64)number <= term->last;
}

/**
 * rt_filter_matches_authority:
 * @pattern: the value of `domain:`
 * @authority: host and perhaps port
 *
 * Returns: whether @pattern fits @authority, with its port or without
 */
gboolean
rt_filter_matches_authority (const char *pattern, const char *authority)
{
  const char *port = strrchr (authority, ':');
  gboolean bracket = port != NULL && strchr (port, ']') != NULL;
  gsize length = port != NULL && !bracket ? (gsize)(port - authority) : strlen (authority);

  return rt_pattern_matches (pattern, rt_text (authority))
         || rt_pattern_matches (pattern, (RtText){ authority, length });
}

/* What the address bar would say; a pattern has to fit the whole, text anywhere. */
static gboolean
matches_url (const RtFilterTerm *term, const RtExchange *exchange)
{
  const RtMessage *request = head_of (exchange->request);
  g_autofree char *pattern = g_strdup_printf ("*%s*", term->value);
  g_autoptr (GString) url = g_string_new (NULL);

  if (request == NULL)
    return FALSE;
  if (request->target.length > 0 && request->target.at[0] == '/')
    g_string_append_printf (url, "%s://%s", exchange->scheme, exchange->authority);
  g_string_append_len (url, request->target.at, (gssize)request->target.length);
  return rt_pattern_matches (strchr (term->value, '*') != NULL ? term->value : pattern,
                             (RtText){ url->str, url->len });
}

static gboolean
matches_media_type (const RtFilterTerm *term, const RtExchange *exchange)
{
  RtText essence;

  return rt_traits_get_media_type (exchange, &essence) && rt_pattern_matches (term->value, essence);
}

static gboolean
matches_name (const RtFilterTerm *term, const RtTransfer *transfer, char mark)
{
  g_autofree char *names = rt_traits_dup_names (transfer);
  g_autofree char *pattern
      = mark == ':' ? g_ascii_strdown (term->value, -1) : g_strdup (term->value);

  return rt_traits_names_contain (names, mark, pattern);
}

static gboolean
matches_party (const RtFilterTerm *term, const Subject *subject)
{
  const RtPartyInfo *client = rt_analysis_get_party (subject->analysis, subject->exchange->client);
  const RtPartyInfo *server = rt_analysis_get_party (subject->analysis, subject->exchange->server);

  return (client != NULL && rt_pattern_matches (term->value, rt_text (client->name)))
         || (server != NULL && rt_pattern_matches (term->value, rt_text (server->name)));
}

/**
 * rt_filter_term_finds:
 * @term: a term that looks for bytes
 *
 * Returns: whether they are @in
 */
gboolean
rt_filter_term_finds (const RtFilterTerm *term, RtText in)
{
  RtNeedle needle = { .ignore_case = term->ignore_case };

  if (term->bytes != NULL)
    needle.text.at = g_bytes_get_data (term->bytes, &needle.text.length);
  if (term->bytes != NULL && rt_needle_find (&needle, in, 0) < 0)
    return FALSE;
  return term->regex == NULL
         || (in.length <= G_MAXSSIZE
             && g_regex_match_full (term->regex, in.at != NULL ? in.at : "", (gssize)in.length, 0,
                                    0, NULL, NULL));
}

static gboolean
contains (const RtFilterTerm *term, GBytes *bytes)
{
  RtText text;

  if (bytes == NULL)
    return FALSE;
  text.at = g_bytes_get_data (bytes, &text.length);
  return rt_filter_term_finds (term, text);
}

static gboolean
head_contains (const RtFilterTerm *term, const Subject *subject, const RtTransfer *transfer)
{
  g_autoptr (GBytes) head = NULL;

  if (head_of (transfer) == NULL)
    return FALSE;
  head = rt_analysis_dup_bytes (subject->analysis, transfer->message->head, NULL);
  return contains (term, head);
}

static gboolean
content_contains (const RtFilterTerm *term, const Subject *subject, const RtTransfer *transfer)
{
  g_autoptr (RtContent) content = NULL;

  if (head_of (transfer) == NULL)
    return FALSE;
  content = rt_content_new (subject->analysis, transfer);
  return contains (term, content->bytes);
}

static gboolean
whole_contains (const RtFilterTerm *term, const Subject *subject, const RtTransfer *transfer)
{
  g_autoptr (GBytes) whole = NULL;

  if (transfer == NULL)
    return FALSE;
  whole = rt_analysis_dup_bytes (subject->analysis, transfer->whole, NULL);
  return contains (term, whole);
}

static gboolean
message_contains (const RtFilterTerm *term, const Subject *subject, const RtTransfer *transfer)
{
  return head_contains (term, subject, transfer) || content_contains (term, subject, transfer);
}

/* RFC 9218 §4.1: 3 where nothing is said. */
static gboolean
matches_priority (const RtFilterTerm *term, const RtExchange *exchange)
{
  const RtMessage *request = head_of (exchange->request);

  return request != NULL && in_range (term, rt_traits_get_urgency (request->fields));
}

static gboolean
is_error (const RtExchange *exchange)
{
  const RtMessage *response = head_of (exchange->response);

  return exchange->failed != NULL || (response != NULL && response->status >= 400);
}

static gboolean
matches_is (const RtFilterTerm *term, const Subject *subject)
{
  const RtExchange *exchange = subject->exchange;
  RtTraitFlags flags = rt_traits_get_flags (exchange);

  switch ((RtFilterIs)term->first)
    {
    case RT_FILTER_IS_RUNNING:
      return exchange->failed == NULL && exchange->ended == RT_TIME_UNKNOWN;
    case RT_FILTER_IS_FAILED:
      return (flags & RT_TRAIT_FAILED) != 0;
    case RT_FILTER_IS_ERROR:
      return is_error (exchange);
    case RT_FILTER_IS_REDIRECT:
      return (flags & RT_TRAIT_REDIRECT) != 0;
    case RT_FILTER_IS_PREFLIGHT:
      return (flags & RT_TRAIT_PREFLIGHT) != 0;
    case RT_FILTER_IS_RETRIED:
      return (flags & RT_TRAIT_RETRIED) != 0;
    case RT_FILTER_IS_FROM_CACHE:
      return (flags & RT_TRAIT_FROM_CACHE) != 0;
    case RT_FILTER_IS_RECONSTRUCTED:
      return (flags & RT_TRAIT_RECONSTRUCTED) != 0;
    case RT_FILTER_IS_SECURE:
      return (flags & RT_TRAIT_SECURE) != 0;
    case RT_FILTER_IS_MARKED:
      return subject->marks != RT_FILTER_UNMARKED;
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
matches_has (const RtFilterTerm *term, const Subject *subject)
{
  RtTraitFlags flags = rt_traits_get_flags (subject->exchange);

  switch ((RtFilterHas)term->first)
    {
    case RT_FILTER_HAS_NOTE:
      return (subject->marks & RT_FILTER_NOTED) != 0;
    case RT_FILTER_HAS_WARNING:
      return (flags & RT_TRAIT_WARNING) != 0;
    case RT_FILTER_HAS_PROBLEM:
      return (flags & RT_TRAIT_PROBLEM) != 0;
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
matches_number (const RtFilterTerm *term, const RtExchange *exchange)
{
  const RtMessage *response = head_of (exchange->response);

  switch (term->key)
    {
    case RT_FILTER_STATUS_CODE:
      return response != NULL && in_range (term, response->status);
    case RT_FILTER_LARGER_THAN:
    case RT_FILTER_SMALLER_THAN:
      return in_range (term, exchange->response != NULL ? exchange->response->whole.length : 0);
    case RT_FILTER_DURATION:
      return exchange->ended != RT_TIME_UNKNOWN
             && in_range (term, (guint64)(exchange->ended - exchange->started));
    case RT_FILTER_CONNECTION:
      return in_range (term, exchange->connection);
    default:
      return in_range (term, exchange->id);
    }
}

static gboolean
matches_bytes (const RtFilterTerm *term, const Subject *subject)
{
  const RtTransfer *request = subject->exchange->request;
  const RtTransfer *response = subject->exchange->response;

  switch (term->key)
    {
    case RT_FILTER_BODY:
      return content_contains (term, subject, request)
             || content_contains (term, subject, response);
    case RT_FILTER_REQUEST_BODY:
      return content_contains (term, subject, request);
    case RT_FILTER_RESPONSE_BODY:
      return content_contains (term, subject, response);
    case RT_FILTER_BYTES:
      return whole_contains (term, subject, request) || whole_contains (term, subject, response);
    default:
      return message_contains (term, subject, request)
             || message_contains (term, subject, response);
    }
}

static gboolean
matches_term (const RtFilterTerm *term, const Subject *subject)
{
  const RtExchange *exchange = subject->exchange;
  const RtMessage *request = head_of (exchange->request);

  switch (term->key)
    {
    case RT_FILTER_METHOD:
      return request != NULL && rt_pattern_matches (term->value, request->method);
    case RT_FILTER_DOMAIN:
      return rt_filter_matches_authority (term->value, exchange->authority);
    case RT_FILTER_SCHEME:
      return rt_pattern_matches (term->value, rt_text (exchange->scheme));
    case RT_FILTER_URL:
      return matches_url (term, exchange);
    case RT_FILTER_MIME_TYPE:
      return matches_media_type (term, exchange);
    case RT_FILTER_PARTY:
      return matches_party (term, subject);
    case RT_FILTER_HAS_REQUEST_HEADER:
      return matches_name (term, exchange->request, ':');
    case RT_FILTER_HAS_RESPONSE_HEADER:
      return matches_name (term, exchange->response, ':');
    case RT_FILTER_COOKIE_NAME:
      return matches_name (term, exchange->request, '=');
    case RT_FILTER_SET_COOKIE_NAME:
      return matches_name (term, exchange->response, '=');
    case RT_FILTER_PRIORITY:
      return matches_priority (term, exchange);
    case RT_FILTER_IS:
      return matches_is (term, subject);
    case RT_FILTER_HAS:
      return matches_has (term, subject);
    case RT_FILTER_STATUS_CODE:
    case RT_FILTER_LARGER_THAN:
    case RT_FILTER_SMALLER_THAN:
    case RT_FILTER_DURATION:
    case RT_FILTER_CONNECTION:
    case RT_FILTER_NUMBER:
      return matches_number (term, exchange);
    default:
      return matches_bytes (term, subject);
    }
}

/**
 * rt_filter_matches:
 * @analysis: that has @exchange
 * @marks: what the user set at it; matters only if rt_filter_asks_for_marks()
 *
 * Returns: whether every term holds for @exchange
 */
gboolean
rt_filter_matches (const RtFilter *filter,
                   RtAnalysis *analysis,
                   const RtExchange *exchange,
                   RtFilterMarks marks)
{
  const Subject subject = { analysis, exchange, marks };

  for (guint i = 0; i < filter->terms->len; i++)
    {
      const RtFilterTerm *term = rt_filter_get_term (filter, i);

      if (matches_term (term, &subject) == term->negated)
        return FALSE;
    }
  return TRUE;
}
