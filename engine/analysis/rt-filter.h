/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Filters of exchanges in the syntax of browsers' developer tools:
 * `status-code:412 method:PUT -has-response-header:etag "some text" /regex/`. */
#pragma once

#include "rt-analysis.h"

G_BEGIN_DECLS

/** RT_FILTER_TERMS_MAX: of one filter. */
#define RT_FILTER_TERMS_MAX 32
/** RT_FILTER_LENGTH_MAX: bytes of its text. */
#define RT_FILTER_LENGTH_MAX 4096

/**
 * RtFilterKey:
 * @RT_FILTER_TEXT: a term without a name: bytes in head or content of either message
 * @RT_FILTER_REGEX: likewise a regular expression
 *
 * What a term looks at. rt_filter_get_keywords() tells the others.
 */
typedef enum
{
  RT_FILTER_TEXT,
  RT_FILTER_REGEX,
  RT_FILTER_METHOD,
  RT_FILTER_STATUS_CODE,
  RT_FILTER_DOMAIN,
  RT_FILTER_SCHEME,
  RT_FILTER_URL,
  RT_FILTER_MIME_TYPE,
  RT_FILTER_LARGER_THAN,
  RT_FILTER_SMALLER_THAN,
  RT_FILTER_DURATION,
  RT_FILTER_PARTY,
  RT_FILTER_CONNECTION,
  RT_FILTER_NUMBER,
  RT_FILTER_HAS_REQUEST_HEADER,
  RT_FILTER_HAS_RESPONSE_HEADER,
  RT_FILTER_COOKIE_NAME,
  RT_FILTER_SET_COOKIE_NAME,
  RT_FILTER_PRIORITY,
  RT_FILTER_BODY,
  RT_FILTER_REQUEST_BODY,
  RT_FILTER_RESPONSE_BODY,
  RT_FILTER_BYTES,
  RT_FILTER_IS,
  RT_FILTER_HAS,
  RT_N_FILTER_KEYS,
} RtFilterKey;

/** RtFilterIs: what `is:` can ask; the number of such a term. */
typedef enum
{
  RT_FILTER_IS_RUNNING,
  RT_FILTER_IS_FAILED,
  RT_FILTER_IS_ERROR,
  RT_FILTER_IS_REDIRECT,
  RT_FILTER_IS_PREFLIGHT,
  RT_FILTER_IS_RETRIED,
  RT_FILTER_IS_FROM_CACHE,
  RT_FILTER_IS_RECONSTRUCTED,
  RT_FILTER_IS_SECURE,
  RT_FILTER_IS_MARKED,
} RtFilterIs;

/** RtFilterHas: what `has:` can ask; the number of such a term. */
typedef enum
{
  RT_FILTER_HAS_NOTE,
  RT_FILTER_HAS_WARNING,
  RT_FILTER_HAS_PROBLEM,
} RtFilterHas;

/**
 * RtFilterTerm:
 * @negated: a minus stood before it
 * @value: what stood behind the colon, quotes removed
 * @first, @last: of a key that compares numbers, the range that matches: bytes, microseconds, …;
 *   for `is:` and `has:` @first says which
 * @bytes: (nullable): of a key that looks for bytes, these; of a regular expression, what every
 *   match has in it, if that is known; @ignore_case: of letters
 * @regex: (nullable): of %RT_FILTER_REGEX
 *
 * One condition.
 */
typedef struct
{
  RtFilterKey key;
  gboolean negated;
  char *value;
  gint64 first, last;
  GBytes *bytes;
  gboolean ignore_case;
  GRegex *regex;
} RtFilterTerm;

/**
 * RtFilter:
 *
 * Terms that all have to hold. Immutable and reference-counted, so any thread may use it.
 */
typedef struct _RtFilter RtFilter;

RtFilter *rt_filter_new (const char *text, GError **error);
RtFilter *rt_filter_ref (RtFilter *filter);
void rt_filter_unref (RtFilter *filter);

guint rt_filter_get_n_terms (const RtFilter *filter);
const RtFilterTerm *rt_filter_get_term (const RtFilter *filter, guint i);
gboolean rt_filter_term_finds (const RtFilterTerm *term, RtText in);

/**
 * RtFilterMarks:
 * @RT_FILTER_MARKED: the user set a mark at it; @RT_FILTER_NOTED: … and wrote something
 */
typedef enum
{
  RT_FILTER_UNMARKED = 0,
  RT_FILTER_MARKED = 1 << 0,
  RT_FILTER_NOTED = 1 << 1,
} RtFilterMarks;

gboolean rt_filter_matches (const RtFilter *filter,
                            RtAnalysis *analysis,
                            const RtExchange *exchange,
                            RtFilterMarks marks);
gboolean rt_filter_asks_for_marks (const RtFilter *filter);
gboolean rt_filter_matches_authority (const char *pattern, const char *authority);

/**
 * RtFilterKeyword:
 * @name: before the colon
 * @help: what it asks, a phrase: `the status of the response: 404, 4xx, >=400`
 * @values: (nullable) (array zero-terminated=1): all values there are, each followed by its help
 */
typedef struct
{
  RtFilterKey key;
  const char *name, *help;
  const char *const *values;
} RtFilterKeyword;

const RtFilterKeyword *rt_filter_get_keywords (guint *ret_n);

/**
 * RtFilterCompletion:
 * @text: what would stand in place of the characters from @start to @end (in bytes)
 * @help: (nullable): what it means
 */
typedef struct
{
  char *text;
  const char *help;
  gsize start, end;
} RtFilterCompletion;

void rt_filter_completion_free (RtFilterCompletion *completion);

/** RtFilterValuesFunc: (nullable): values of a key that are to be found where one looks. */
typedef char **(*RtFilterValuesFunc) (RtFilterKey key, gpointer data);

GPtrArray *rt_filter_complete (const char *text,
                               gsize cursor,
                               RtFilterValuesFunc values,
                               gpointer data);                    /* RtFilterCompletion */
char **rt_filter_dup_values (RtFilterKey key, gpointer analysis); /* a RtFilterValuesFunc */
char **rt_filter_sort_values (GPtrArray *texts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtFilter, rt_filter_unref)

G_END_DECLS
