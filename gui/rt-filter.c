/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Terms are separated by spaces and all have to hold; a minus turns one around; what has no name is
 * searched for in targets, fields and contents. A term compares texts and numbers of an exchange:
 * what they mean in HTTP is not known here. */
#include "rt-filter.h"

#include "rt-error.h"

#include <string.h>

/** MAX_TERMS: of one filter. */
#define MAX_TERMS 32

typedef struct _Term Term;

typedef gboolean (*TermTest) (const Term *term, RtAnalysis *analysis, const RtExchange *exchange);

struct _Term
{
  TermTest test;
  gboolean negated;
  char *value;
  guint64 number;
};

struct _RtFilter
{
  GArray *terms; /* Term */
};

/* ASCII case is ignored; `*` at the end stands for anything. */
static gboolean
text_matches (RtText text, const char *pattern)
{
  gsize length = strlen (pattern);

  if (length > 0 && pattern[length - 1] == '*')
    return text.length >= length - 1
           && g_ascii_strncasecmp (text.at != NULL ? text.at : "", pattern, length - 1) == 0;
  return rt_text_is_nocase (text, pattern);
}

static gboolean
text_contains (RtText text, const char *needle)
{
  gsize length = strlen (needle);

  for (gsize i = 0; i + length <= text.length; i++)
    if (g_ascii_strncasecmp (text.at + i, needle, length) == 0)
      return TRUE;
  return FALSE;
}

static const RtMessage *
message_of (const RtTransfer *transfer)
{
  return transfer != NULL && transfer->has_head ? transfer->message : NULL;
}

static gboolean
test_method (const Term *term, RtAnalysis *analysis, const RtExchange *exchange)
{
  const RtMessage *request = message_of (exchange->request);

  return request != NULL && text_matches (request->method, term->value);
}

static gboolean
test_status (const Term *term, RtAnalysis *analysis, const RtExchange *exchange)
{
  const RtMessage *response = message_of (exchange->response);
  g_autofree char *status = NULL;

  if (response == NULL)
    return FALSE;
  status = g_strdup_printf ("%u", response->status);
  return text_matches (rt_text (status), term->value);
}

static gboolean
test_domain (const Term *term, RtAnalysis *analysis, const RtExchange *exchange)
{
  RtText authority = rt_text (exchange->authority);
  const char *value = term->value;

  /* As the tools have it: *.shop.test. */
  if (g_str_has_prefix (value, "*."))
    return g_str_has_suffix (exchange->authority, value + 1);
  return text_matches (authority, value);
}

static gboolean
test_larger (const Term *term, RtAnalysis *analysis, const RtExchange *exchange)
{
  return exchange->response != NULL && exchange->response->whole.length > term->number;
}

static gboolean
test_failed (const Term *term, RtAnalysis *analysis, const RtExchange *exchange)
{
  if (g_str_equal (term->value, "failed"))
    return exchange->failed != NULL;
  return exchange->failed == NULL && exchange->response == NULL;
}

static gboolean
has_field (const RtTransfer *transfer, const char *name)
{
  const RtMessage *message = message_of (transfer);

  return message != NULL && rt_fields_first (message->fields, name) != NULL;
}

static gboolean
test_request_field (const Term *term, RtAnalysis *analysis, const RtExchange *exchange)
{
  return has_field (exchange->request, term->value);
}

static gboolean
test_response_field (const Term *term, RtAnalysis *analysis, const RtExchange *exchange)
{
  return has_field (exchange->response, term->value);
}

static gboolean
transfer_contains (RtAnalysis *analysis, const RtTransfer *transfer, const char *needle)
{
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GBytes) head = NULL;
  RtText text;

  if (transfer == NULL)
    return FALSE;
  head = rt_analysis_dup_bytes (analysis, transfer->message->head, NULL);
  if (head != NULL)
    {
      text.at = g_bytes_get_data (head, &text.length);
      if (text_contains (text, needle))
        return TRUE;
    }
  content = rt_analysis_dup_content (analysis, transfer);
  if (content == NULL)
    return FALSE;
  text.at = g_bytes_get_data (content, &text.length);
  return text_contains (text, needle);
}

static gboolean
test_text (const Term *term, RtAnalysis *analysis, const RtExchange *exchange)
{
  return transfer_contains (analysis, exchange->request, term->value)
         || transfer_contains (analysis, exchange->response, term->value);
}

/* clang-format off */
static const char *const term_names[] = {
  "method", "status-code", "domain", "larger-than", "is", "has-request-header",
  "has-response-header",
};
static const TermTest term_tests[G_N_ELEMENTS (term_names)] = {
  test_method, test_status, test_domain, test_larger, test_failed, test_request_field,
  test_response_field,
};
/* clang-format on */

static gboolean
read_size (const char *text, guint64 *ret_size, GError **error)
{
  gsize digits = strspn (text, "0123456789");
  guint64 factor = 1;
  guint64 number;

  if (g_ascii_tolower (text[digits]) == 'k')
    factor = 1000;
  else if (g_ascii_tolower (text[digits]) == 'm')
    factor = 1000000;
  if (!rt_text_to_uint64 ((RtText){ text, digits }, &number) || number > G_MAXUINT64 / 1000000
      || strlen (text) > digits + (factor > 1 ? 1 : 0))
    {
      rt_set_error (error, RT_ERROR_SYNTAX, NULL, "a size: 100, 4k, 1M", "“%s” is no size", text);
      return FALSE;
    }
  *ret_size = number * factor;
  return TRUE;
}

static gboolean
read_named (Term *term, const char *name, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (term_names); i++)
    if (g_str_equal (term_names[i], name))
      {
        term->test = term_tests[i];
        if (term->test == test_larger)
          return read_size (term->value, &term->number, error);
        if (term->test == test_failed && !g_str_equal (term->value, "failed")
            && !g_str_equal (term->value, "running"))
          {
            rt_set_error (error, RT_ERROR_SYNTAX, NULL, "is:failed or is:running",
                          "“is:%s” is not known", term->value);
            return FALSE;
          }
        return TRUE;
      }
  rt_set_unknown (error, NULL, "filter", name, term_names, G_N_ELEMENTS (term_names));
  return FALSE;
}

/* One term, up to a space outside of quotes. */
static const char *
read_term (const char *at, Term *term, GError **error)
{
  GString *text = g_string_new (NULL);
  g_autofree char *name = NULL;
  gboolean quoted = FALSE, fine = TRUE;

  term->negated = *at == '-';
  for (at += term->negated ? 1 : 0; *at != '\0' && (quoted || *at != ' '); at++)
    {
      if (*at == '"')
        quoted = !quoted;
      else if (*at == ':' && !quoted && name == NULL)
        {
          name = g_strdup (text->str);
          g_string_truncate (text, 0);
        }
      else
        g_string_append_c (text, *at);
    }
  term->value = g_string_free (text, FALSE);
  term->test = test_text;
  if (name != NULL)
    fine = read_named (term, name, error);
  return fine ? at : NULL;
}

static void
term_clear (gpointer data)
{
  g_free (((Term *)data)->value);
}

/**
 * rt_filter_new:
 * @text: terms: `NAME:VALUE`, `"text"`; each may have a minus before it
 *
 * Errors: %RT_ERROR_UNKNOWN: no such name; %RT_ERROR_SYNTAX; %RT_ERROR_LIMIT.
 *
 * Returns: (nullable) (transfer full): the filter
 */
RtFilter *
rt_filter_new (const char *text, GError **error)
{
  g_autoptr (RtFilter) filter = g_new0 (RtFilter, 1);
  const char *at = text;

  filter->terms = g_array_new (FALSE, TRUE, sizeof (Term));
  g_array_set_clear_func (filter->terms, term_clear);
  while (*(at += strspn (at, " ")) != '\0')
    {
      Term term = { 0 };

      if (filter->terms->len == MAX_TERMS)
        {
          rt_set_error (error, RT_ERROR_LIMIT, NULL, "at most 32 terms", "the filter is too long");
          return NULL;
        }
      at = read_term (at, &term, error);
      g_array_append_val (filter->terms, term);
      if (at == NULL)
        return NULL;
    }
  return g_steal_pointer (&filter);
}

void
rt_filter_free (RtFilter *filter)
{
  g_array_unref (filter->terms);
  g_free (filter);
}

/** rt_filter_matches: Returns: whether every term holds for @exchange */
gboolean
rt_filter_matches (const RtFilter *filter, RtAnalysis *analysis, const RtExchange *exchange)
{
  for (guint i = 0; i < filter->terms->len; i++)
    {
      const Term *term = &g_array_index (filter->terms, Term, i);

      if (term->test (term, analysis, exchange) == term->negated)
        return FALSE;
    }
  return TRUE;
}

/** rt_filter_get_names: Returns: the names that a term may have */
const char *const *
rt_filter_get_names (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (term_names);
  return term_names;
}
