/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reuse: each row what was stored (the request and the response), a request that comes some seconds
 * later, and what becomes of it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"
#include "rt-cache-reuse.h"
#include "rt-cache-vary.h"

/* 1994-11-06T08:49:37Z. */
#define NOW (G_GINT64_CONSTANT (784111777) * RT_TIME_SEC)
#define DATE "Date: Sun, 06 Nov 1994 08:49:37 GMT\n"
#define GET "GET /a HTTP/1.1\nHost: a.test\n"
#define OK "HTTP/1.1 200 OK\n" DATE
#define PART "HTTP/1.1 206 Part\n" DATE "Cache-Control: max-age=60\n"

typedef struct
{
  const char *name;
  const char *stored_for, *stored, *request;
  gint64 later;
  RtCacheReuse want;
  const char *clause;
  gboolean private_cache;
} Row;

#define FRESH RT_CACHE_REUSE_FRESH
#define STALE RT_CACHE_REUSE_STALE
#define VALIDATE RT_CACHE_REUSE_VALIDATE
#define NO RT_CACHE_REUSE_NO

/* clang-format off */
static const Row rows[] = {
  { "a fresh response answers", GET, OK "Cache-Control: max-age=60\n", GET, 59, FRESH, "freshness.fresh" },
  { "a stale one is validated", GET, OK "Cache-Control: max-age=60\n", GET, 60, VALIDATE, "freshness.fresh" },
  { "one without any lifetime is validated", GET, OK "X: y\n", GET, 0, VALIDATE, "freshness.guess" },
  { "a HEAD is answered by what a GET got", GET, OK "Cache-Control: max-age=60\n", "HEAD /a HTTP/1.1\nHost: a.test\n", 1, FRESH, "freshness.fresh" },
  { "a POST goes on", GET, OK "Cache-Control: max-age=60\n", "POST /a HTTP/1.1\nHost: a.test\n", 1, NO, "cache.reuse.method" },
  { "another path is another target", GET, OK "Cache-Control: max-age=60\n", "GET /b HTTP/1.1\nHost: a.test\n", 1, NO, "cache.reuse.target" },
  { "another query is another target", GET, OK "Cache-Control: max-age=60\n", "GET /a?1 HTTP/1.1\nHost: a.test\n", 1, NO, "cache.reuse.target" },
  { "another host is another target", GET, OK "Cache-Control: max-age=60\n", "GET /a HTTP/1.1\nHost: b.test\n", 1, NO, "cache.reuse.target" },
  { "a GET gets what a POST left", "POST /a HTTP/1.1\nHost: a.test\n", OK "Cache-Control: max-age=60\nContent-Location: /a\n", GET, 1, FRESH, "freshness.fresh" },

  { "Vary: the same field", GET "Foo: 1\n", OK "Vary: Foo\nCache-Control: max-age=60\n", GET "Foo: 1\n", 1, FRESH, "freshness.fresh" },
  { "Vary: another value", GET "Foo: 1\n", OK "Vary: Foo\nCache-Control: max-age=60\n", GET "Foo: 2\n", 1, NO, "cache.vary.field" },
  { "Vary: another case of an unknown field", GET "Foo: a\n", OK "Vary: Foo\nCache-Control: max-age=60\n", GET "Foo: A\n", 1, NO, "cache.vary.field" },
  { "Vary: the name in any case", GET "FOO: 1\n", OK "Vary: foo\nCache-Control: max-age=60\n", GET "Foo: 1\n", 1, FRESH, "freshness.fresh" },
  { "Vary: the field lacks now", GET "Foo: 1\n", OK "Vary: Foo\nCache-Control: max-age=60\n", GET, 1, NO, "cache.vary.field" },
  { "Vary: the field lacked then", GET, OK "Vary: Foo\nCache-Control: max-age=60\n", GET "Foo: 1\n", 1, NO, "cache.vary.field" },
  { "Vary: an empty field is not an absent one", GET, OK "Vary: Foo\nCache-Control: max-age=60\n", GET "Foo: \n", 1, NO, "cache.vary.field" },
  { "Vary: the field lacks in both", GET, OK "Vary: Foo\nCache-Control: max-age=60\n", GET, 1, FRESH, "freshness.fresh" },
  { "Vary: other fields do not matter", GET "Foo: 1\nBar: 1\n", OK "Vary: Foo\nCache-Control: max-age=60\n", GET "Foo: 1\nBar: 2\n", 1, FRESH, "freshness.fresh" },
  { "Vary: the second of three differs", GET "A: 1\nB: 2\nC: 3\n", OK "Vary: A, B\nVary: C\nCache-Control: max-age=60\n", GET "A: 1\nC: 3\nB: 22\n", 1, NO, "cache.vary.field" },
  { "Vary: three are equal, in another order", GET "A: 1\nB: 2\nC: 3\n", OK "Vary: A, B\nVary: C\nCache-Control: max-age=60\n", GET "C: 3\nB: 2\nA: 1\n", 1, FRESH, "freshness.fresh" },
  { "Vary: lines are combined", GET "Foo: 1, 2\n", OK "Vary: Foo\nCache-Control: max-age=60\n", GET "Foo: 1\nFoo: 2\n", 1, FRESH, "freshness.fresh" },
  { "Vary: white space around commas does not count", GET "Foo: 1,2\n", OK "Vary: Foo\nCache-Control: max-age=60\n", GET "Foo: 1 ,  2\n", 1, FRESH, "freshness.fresh" },
  { "Vary: the order of an unknown field counts", GET "Foo: 1, 2\n", OK "Vary: Foo\nCache-Control: max-age=60\n", GET "Foo: 2, 1\n", 1, NO, "cache.vary.field" },
  { "Vary: the order of languages does not count", GET "Accept-Language: en, de\n", OK "Vary: Accept-Language\nCache-Control: max-age=60\n", GET "Accept-Language: de, en\n", 1, FRESH, "freshness.fresh" },
  { "Vary: the case of languages does not count", GET "Accept-Language: en, de\n", OK "Vary: Accept-Language\nCache-Control: max-age=60\n", GET "Accept-Language: eN, De\n", 1, FRESH, "freshness.fresh" },
  { "Vary: white space in languages does not count", GET "Accept-Language: en;q=0.5, de\n", OK "Vary: Accept-Language\nCache-Control: max-age=60\n", GET "Accept-Language:  en ; q=0.50,de\n", 1, FRESH, "freshness.fresh" },
  { "Vary: the weight of languages counts", GET "Accept-Language: en;q=0.5, de\n", OK "Vary: Accept-Language\nCache-Control: max-age=60\n", GET "Accept-Language: en;q=0.6, de\n", 1, NO, "cache.vary.field" },
  { "Vary: one language more", GET "Accept-Language: en, de\n", OK "Vary: Accept-Language\nCache-Control: max-age=60\n", GET "Accept-Language: en, de, de\n", 1, NO, "cache.vary.field" },
  { "Vary: the stored language is liked best", GET "Accept-Language: en, de\n", OK "Vary: Accept-Language\nContent-Language: de\nCache-Control: max-age=60\n", GET "Accept-Language: fr;q=0.5, de;q=1.0\n", 1, FRESH, "freshness.fresh" },
  { "Vary: the stored language is not liked best", GET "Accept-Language: en, de\n", OK "Vary: Accept-Language\nContent-Language: de\nCache-Control: max-age=60\n", GET "Accept-Language: fr, de\n", 1, NO, "cache.vary.field" },
  { "Vary: encodings in another order", GET "Accept-Encoding: gzip, br\n", OK "Vary: Accept-Encoding\nCache-Control: max-age=60\n", GET "Accept-Encoding: br, GZIP\n", 1, FRESH, "freshness.fresh" },
  { "Vary: a refused encoding is not an accepted one", GET "Accept-Encoding: gzip\n", OK "Vary: Accept-Encoding\nCache-Control: max-age=60\n", GET "Accept-Encoding: gzip;q=0\n", 1, NO, "cache.vary.field" },
  { "Vary: media types in another order", GET "Accept: text/html, a/b;q=0.2\n", OK "Vary: Accept\nCache-Control: max-age=60\n", GET "Accept: a/b;q=0.2, text/html\n", 1, FRESH, "freshness.fresh" },
  { "Vary: * matches nothing", GET, OK "Vary: *\nCache-Control: max-age=60\n", GET, 1, NO, "cache.vary.star" },
  { "Vary: * behind a name matches nothing", GET, OK "Vary: Foo, *\nCache-Control: max-age=60\n", GET, 1, NO, "cache.vary.star" },
  { "Vary: * behind an empty element matches nothing", GET, OK "Vary: , *\nCache-Control: max-age=60\n", GET, 1, NO, "cache.vary.star" },

  { "no-cache in the request", GET, OK "Cache-Control: max-age=60\n", GET "Cache-Control: no-cache\n", 1, VALIDATE, "cache.reuse.request-no-cache" },
  { "no-cache in the request that follows no grammar", GET, OK "Cache-Control: max-age=60\n", GET "Cache-Control: no-cache=\n", 1, VALIDATE, "cache.reuse.request-no-cache" },
  { "Pragma: no-cache", GET, OK "Cache-Control: max-age=60\n", GET "Pragma: no-cache\n", 1, VALIDATE, "cache.reuse.pragma" },
  { "Pragma: something else", GET, OK "Cache-Control: max-age=60\n", GET "Pragma: foo\n", 1, FRESH, "freshness.fresh" },
  { "Pragma beside Cache-Control does not count", GET, OK "Cache-Control: max-age=60\n", GET "Pragma: no-cache\nCache-Control: max-age=100\n", 1, FRESH, "cache.reuse.request-max-age" },
  { "Pragma in a response means nothing", GET, OK "Cache-Control: max-age=60\nPragma: no-cache\n", GET, 1, FRESH, "freshness.fresh" },
  { "no-store in the request forbids no reuse", GET, OK "Cache-Control: max-age=60\n", GET "Cache-Control: no-store\n", 1, FRESH, "freshness.fresh" },
  { "no-cache in the response", GET, OK "Cache-Control: max-age=60, no-cache\n", GET, 1, VALIDATE, "cache.reuse.no-cache" },
  { "no-cache in the response, in any case", GET, OK "Cache-Control: max-age=60, No-CaChE\n", GET, 1, VALIDATE, "cache.reuse.no-cache" },
  { "no-cache with field names lets the rest be reused", GET, OK "Cache-Control: max-age=60, no-cache=\"X\"\nX: 1\n", GET, 1, FRESH, "freshness.fresh" },
  { "no-cache with an empty list is no-cache", GET, OK "Cache-Control: max-age=60, no-cache=\"\"\n", GET, 1, VALIDATE, "cache.reuse.no-cache" },
  { "CDN-Cache-Control: no-cache", GET, OK "Cache-Control: max-age=60\nCDN-Cache-Control: no-cache\n", GET, 1, VALIDATE, "cache.reuse.no-cache" },

  { "the request's max-age, young enough", GET, OK "Cache-Control: max-age=60\n", GET "Cache-Control: max-age=10\n", 10, FRESH, "cache.reuse.request-max-age" },
  { "the request's max-age, too old", GET, OK "Cache-Control: max-age=60\n", GET "Cache-Control: max-age=10\n", 11, VALIDATE, "cache.reuse.request-max-age" },
  { "the request's max-age=0", GET, OK "Cache-Control: max-age=60\n", GET "Cache-Control: max-age=0\n", 0, VALIDATE, "cache.reuse.request-max-age" },
  { "the request's max-age counts Age", GET, OK "Age: 20\nCache-Control: max-age=60\n", GET "Cache-Control: max-age=10\n", 0, VALIDATE, "cache.reuse.request-max-age" },
  { "the request's max-age that is no number", GET, OK "Cache-Control: max-age=60\n", GET "Cache-Control: max-age=x\n", 5, FRESH, NULL },
  { "a reload of what is immutable", GET, OK "Cache-Control: max-age=60, immutable\n", GET "Cache-Control: max-age=0\n", 5, FRESH, "cache.reuse.immutable" },
  { "a reload of what was immutable", GET, OK "Cache-Control: max-age=60, immutable\n", GET "Cache-Control: max-age=0\n", 60, VALIDATE, "freshness.fresh" },
  { "no-cache for what is immutable", GET, OK "Cache-Control: max-age=60, immutable\n", GET "Cache-Control: no-cache\n", 5, VALIDATE, "cache.reuse.request-no-cache" },
  { "min-fresh, fresh for long enough", GET, OK "Cache-Control: max-age=60\n", GET "Cache-Control: min-fresh=10\n", 50, FRESH, "cache.reuse.min-fresh" },
  { "min-fresh, not for long enough", GET, OK "Cache-Control: max-age=60\n", GET "Cache-Control: min-fresh=10\n", 51, VALIDATE, "cache.reuse.min-fresh" },

  { "max-stale accepts what is stale", GET, OK "Cache-Control: max-age=60\n", GET "Cache-Control: max-stale\n", 6000, STALE, "cache.reuse.max-stale" },
  { "max-stale up to a limit, within", GET, OK "Cache-Control: max-age=60\n", GET "Cache-Control: max-stale=10\n", 70, STALE, "cache.reuse.max-stale" },
  { "max-stale up to a limit, beyond", GET, OK "Cache-Control: max-age=60\n", GET "Cache-Control: max-stale=10\n", 71, VALIDATE, "cache.reuse.max-stale" },
  { "max-stale that is no number accepts nothing", GET, OK "Cache-Control: max-age=60\n", GET "Cache-Control: max-stale=x\n", 70, VALIDATE, "cache.reuse.max-stale" },
  { "must-revalidate while fresh", GET, OK "Cache-Control: max-age=60, must-revalidate\n", GET, 1, FRESH, "freshness.fresh" },
  { "must-revalidate forbids what max-stale accepts", GET, OK "Cache-Control: max-age=60, must-revalidate\n", GET "Cache-Control: max-stale\n", 60, VALIDATE, "cache.reuse.must-revalidate" },
  { "proxy-revalidate in a shared cache", GET, OK "Cache-Control: max-age=60, proxy-revalidate\n", GET "Cache-Control: max-stale\n", 60, VALIDATE, "cache.reuse.proxy-revalidate" },
  { "proxy-revalidate in a private cache", GET, OK "Cache-Control: max-age=60, proxy-revalidate\n", GET "Cache-Control: max-stale\n", 60, STALE, "cache.reuse.max-stale", TRUE },
  { "s-maxage in a shared cache", GET, OK "Cache-Control: s-maxage=60\n", GET "Cache-Control: max-stale\n", 60, VALIDATE, "cache.reuse.s-maxage" },
  { "s-maxage in a private cache", GET, OK "Cache-Control: max-age=60, s-maxage=60\n", GET "Cache-Control: max-stale\n", 60, STALE, "cache.reuse.max-stale", TRUE },
  { "stale-while-revalidate, within", GET, OK "Cache-Control: max-age=60, stale-while-revalidate=30\n", GET, 89, RT_CACHE_REUSE_WHILE_REVALIDATE, "cache.reuse.stale-while-revalidate" },
  { "stale-while-revalidate, beyond", GET, OK "Cache-Control: max-age=60, stale-while-revalidate=30\n", GET, 90, VALIDATE, "cache.reuse.stale-while-revalidate" },
  { "stale-while-revalidate against must-revalidate", GET, OK "Cache-Control: max-age=60, must-revalidate, stale-while-revalidate=30\n", GET, 70, VALIDATE, "cache.reuse.must-revalidate" },
  { "stale-while-revalidate that is no number", GET, OK "Cache-Control: max-age=60, stale-while-revalidate=x\n", GET, 70, VALIDATE, "cache.reuse.stale-while-revalidate" },

  { "only-if-cached of what is fresh", GET, OK "Cache-Control: max-age=60\n", GET "Cache-Control: only-if-cached\n", 1, FRESH, "freshness.fresh" },
  { "only-if-cached of what is stale", GET, OK "Cache-Control: max-age=60\n", GET "Cache-Control: only-if-cached\n", 60, RT_CACHE_REUSE_TIMEOUT, "cache.reuse.only-if-cached" },
  { "only-if-cached of another variant", GET "Foo: 1\n", OK "Vary: Foo\nCache-Control: max-age=60\n", GET "Foo: 2\nCache-Control: only-if-cached\n", 1, RT_CACHE_REUSE_TIMEOUT, "cache.reuse.only-if-cached" },
  { "only-if-cached of what max-stale accepts", GET, OK "Cache-Control: max-age=60\n", GET "Cache-Control: only-if-cached, max-stale\n", 60, STALE, "cache.reuse.max-stale" },

  { "a part has what is asked for", GET, PART "Content-Range: bytes 2-8/10\n", GET "Range: bytes=3-8\n", 1, FRESH, "freshness.fresh" },
  { "a part has two ranges that are asked for", GET, PART "Content-Range: bytes 2-8/10\n", GET "Range: bytes=2-2,4-5\n", 1, FRESH, "freshness.fresh" },
  { "a part lacks its last byte", GET, PART "Content-Range: bytes 2-8/10\n", GET "Range: bytes=3-9\n", 1, NO, "cache.reuse.covers" },
  { "a part lacks its first byte", GET, PART "Content-Range: bytes 2-8/10\n", GET "Range: bytes=1-3\n", 1, NO, "cache.reuse.covers" },
  { "a part has the open end", GET, PART "Content-Range: bytes 4-9/10\n", GET "Range: bytes=5-\n", 1, FRESH, "freshness.fresh" },
  { "a part has the suffix", GET, PART "Content-Range: bytes 4-9/10\n", GET "Range: bytes=-2\n", 1, FRESH, "freshness.fresh" },
  { "a part without a complete length knows no suffix", GET, PART "Content-Range: bytes 4-9/*\n", GET "Range: bytes=-2\n", 1, NO, "cache.reuse.covers" },
  { "a part does not answer for the whole", GET, PART "Content-Range: bytes 0-4/10\n", GET, 1, NO, "cache.reuse.covers" },
  { "a part does not answer where If-Range could want the whole", GET, PART "Content-Range: bytes 0-4/10\n", GET "Range: bytes=0-1\nIf-Range: \"x\"\n", 1, NO, "cache.reuse.covers" },
  { "a whole response answers a range", GET, OK "Cache-Control: max-age=60\n", GET "Range: bytes=0-1\n", 1, FRESH, "freshness.fresh" },
};
/* clang-format on */

static const char *const alternatives[] = {
  "500",
  "/a",
  "a.test",
  "bytes=2-3",
  "bytes=0-9",
  "stale-while-revalidate=99999999",
  "min-fresh=99999999",
  "1",
  "2",
  "de",
  "en",
  "max-age=1",
  NULL,
};

static char *
uri_of (RtMessage *request)
{
  const RtField *host = rt_fields_first (request->fields, "Host");
  g_autofree char *authority = rt_text_dup (host != NULL ? host->value : RT_TEXT (""));
  g_autofree char *path = rt_text_dup (request->target);

  return g_strconcat ("http://", authority, path, NULL);
}

/* The URI that the response was stored for is the party's own knowledge, not read from bytes. */
static RtCachePolicy *
policy_of (const Row *row, RtMessage *request, RtMessage *response)
{
  return rt_cache_policy_new (row->private_cache ? &rt_cache_settings_private
                                                 : &rt_cache_settings_shared,
                              request, "http://a.test/a", response, NOW, NOW);
}

static char *
run (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const Row *row = data;
  g_autofree char *uri = uri_of (messages[2]);
  g_autoptr (RtCachePolicy) policy = policy_of (row, messages[0], messages[1]);

  return g_strdup (rt_cache_reuse_name (
      rt_cache_reuse_decide (policy, messages[2], uri, NOW + row->later * RT_TIME_SEC, why)));
}

static void
test_row (void **state)
{
  const Row *row = *state;
  HonestyCase c
      = { row->name, { row->stored_for, row->stored, row->request }, run, row, alternatives };

  honesty_check_answer (&c, rt_cache_reuse_name (row->want), row->clause);
}

typedef struct
{
  const char *name;
  const char *stored, *request;
  const char *answer; /* NULL: nobody answers */
  gint64 later;
  RtCacheError want;
  const char *clause;
  gboolean on_error, not_when_disconnected;
} ErrorRow;

#define SERVE RT_CACHE_ERROR_SERVE_STALE
#define FORWARD RT_CACHE_ERROR_FORWARD
#define TIMEOUT RT_CACHE_ERROR_TIMEOUT

/* clang-format off */
static const ErrorRow error_rows[] = {
  { "nobody answers: a stale response does", OK "Cache-Control: max-age=60\n", GET, NULL, 90, SERVE, "cache.error.disconnected" },
  { "nobody answers, in a cache that serves nothing stale", OK "Cache-Control: max-age=60\n", GET, NULL, 90, TIMEOUT, "cache.error.disconnected", .not_when_disconnected = TRUE },
  { "a 503 is handed on", OK "Cache-Control: max-age=60\n", GET, "HTTP/1.1 503 No\n", 90, FORWARD, "cache.error.disconnected" },
  { "a 503 is taken for a failure by a cache that does so", OK "Cache-Control: max-age=60\n", GET, "HTTP/1.1 503 No\n", 90, SERVE, "cache.error.disconnected", .on_error = TRUE },
  { "a 404 is no failure", OK "Cache-Control: max-age=60, stale-if-error=60\n", GET, "HTTP/1.1 404 No\n", 90, FORWARD, "cache.error.failure" },
  { "stale-if-error, within", OK "Cache-Control: max-age=60, stale-if-error=60\n", GET, "HTTP/1.1 500 No\n", 119, SERVE, "cache.error.stale-if-error" },
  { "stale-if-error, beyond", OK "Cache-Control: max-age=60, stale-if-error=60\n", GET, "HTTP/1.1 500 No\n", 120, FORWARD, NULL },
  { "stale-if-error in the request", OK "Cache-Control: max-age=60\n", GET "Cache-Control: stale-if-error=60\n", "HTTP/1.1 502 No\n", 90, SERVE, "cache.error.stale-if-error" },
  { "stale-if-error where nobody answers", OK "Cache-Control: max-age=60, stale-if-error=60\n", GET, NULL, 90, SERVE, "cache.error.stale-if-error", .not_when_disconnected = TRUE },
  { "must-revalidate: 504 rather than stale", OK "Cache-Control: max-age=60, must-revalidate\n", GET, NULL, 90, TIMEOUT, "cache.reuse.must-revalidate" },
  { "must-revalidate against stale-if-error", OK "Cache-Control: max-age=60, must-revalidate, stale-if-error=60\n", GET, "HTTP/1.1 500 No\n", 90, FORWARD, "cache.reuse.must-revalidate" },
  { "proxy-revalidate: 504 rather than stale", OK "Cache-Control: max-age=60, proxy-revalidate\n", GET, NULL, 90, TIMEOUT, "cache.reuse.proxy-revalidate" },
  { "s-maxage: 504 rather than stale", OK "Cache-Control: s-maxage=60\n", GET, NULL, 90, TIMEOUT, "cache.reuse.s-maxage" },
  { "no-cache: 504 rather than unvalidated", OK "Cache-Control: max-age=60, no-cache\n", GET, NULL, 9, TIMEOUT, "cache.reuse.no-cache" },
  { "must-revalidate of what is still fresh", OK "Cache-Control: max-age=60, must-revalidate\n", GET "Cache-Control: max-age=0\n", NULL, 9, SERVE, "cache.error.disconnected" },
};
/* clang-format on */

static char *
run_error (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const ErrorRow *row = data;
  RtCacheSettings settings = rt_cache_settings_shared;
  g_autoptr (RtCachePolicy) policy = NULL;

  settings.stale_on_error = row->on_error;
  settings.stale_when_disconnected = !row->not_when_disconnected;
  policy = rt_cache_policy_new (&settings, messages[0], "http://a.test/a", messages[1], NOW, NOW);
  return g_strdup (rt_cache_error_name (rt_cache_error_decide (
      policy, messages[2], messages[3], NOW + row->later * RT_TIME_SEC, why)));
}

static void
test_error_row (void **state)
{
  const ErrorRow *row = *state;
  HonestyCase c = {
    row->name, { GET, row->stored, row->request, row->answer }, run_error, row, alternatives
  };

  honesty_check_answer (&c, rt_cache_error_name (row->want), row->clause);
}

static RtCachePolicy *
stored (const char *request, const char *response, gint64 at)
{
  g_autoptr (RtMessage) asked = honesty_message_new (request, 1);
  g_autoptr (RtMessage) answer = honesty_message_new (response, 2);

  return rt_cache_policy_new (&rt_cache_settings_shared, asked, "http://a.test/a", answer,
                              NOW + at * RT_TIME_SEC, NOW + at * RT_TIME_SEC);
}

static void
test_of_several_the_most_recent_is_selected (void **state)
{
  g_autoptr (RtCachePolicy) old = stored (GET, OK "Cache-Control: max-age=60\n", 10);
  g_autoptr (RtCachePolicy) recent
      = stored (GET, "HTTP/1.1 200 OK\nDate: Sun, 06 Nov 1994 08:49:38 GMT\n", 1);
  g_autoptr (RtCachePolicy) other = stored (GET "Foo: 1\n", OK "Vary: Foo\n", 20);
  RtCachePolicy *all[] = { old, recent, other };
  g_autoptr (RtMessage) request = honesty_message_new (GET, 3);
  g_autoptr (RtMessage) post = honesty_message_new ("POST /a HTTP/1.1\nHost: a.test\n", 3);

  assert_int_equal (rt_cache_select (all, 3, request, "http://a.test/a"), 1);
  assert_int_equal (rt_cache_select (all, 1, request, "http://a.test/a"), 0);
  assert_int_equal (rt_cache_select (all, 3, post, "http://a.test/a"), 3);
  assert_int_equal (rt_cache_select (all, 3, request, "http://a.test/b"), 3);
}

static char *
value_of (RtFields *fields, const char *name)
{
  g_autofree char *combined = rt_fields_dup_combined (fields, name);

  return combined != NULL ? g_steal_pointer (&combined) : g_strdup ("(none)");
}

static void
test_age_takes_the_place_of_age (void **state)
{
  g_autoptr (RtCachePolicy) policy
      = stored (GET, OK "Age: 5\nX: y\nCache-Control: max-age=60, no-cache=\"X\"\nAge: 7\n", 0);
  g_autoptr (RtFields) fields = rt_cache_reused_fields (policy, NOW + 3900 * RT_TIME_MSEC, FALSE);
  g_autoptr (RtFields) validated = rt_cache_reused_fields (policy, NOW, TRUE);
  g_autofree char *age = value_of (fields, "Age");
  g_autofree char *x = value_of (fields, "X");
  g_autofree char *validated_x = value_of (validated, "X");

  assert_string_equal (age, "8");
  assert_string_equal (x, "(none)");
  assert_string_equal (validated_x, "y");
}

static void
test_only_if_cached_needs_504 (void **state)
{
  g_autoptr (RtMessage) plain = honesty_message_new (GET, 1);
  g_autoptr (RtMessage) only = honesty_message_new (GET "Cache-Control: only-if-cached\n", 1);

  assert_false (rt_cache_needs_504 (plain));
  assert_true (rt_cache_needs_504 (only));
}

/* Too many members to look away from their order: they are compared as they stand. */
static void
test_a_long_selecting_field_is_bounded (void **state)
{
  g_autoptr (GString) up = g_string_new (GET "Accept-Language: ");
  g_autoptr (GString) down = g_string_new (GET "Accept-Language: ");
  g_autoptr (RtMessage) a = NULL;
  g_autoptr (RtMessage) b = NULL;

  for (int i = 0; i < 1000; i++)
    {
      g_string_append_printf (up, "x-%d,", i);
      g_string_append_printf (down, "x-%d,", 999 - i);
    }
  g_string_append_c (up, '\n');
  g_string_append_c (down, '\n');
  a = honesty_message_new (up->str, 1);
  b = honesty_message_new (down->str, 1);
  assert_true (rt_selecting_equal (RT_TEXT ("accept-language"), a->fields, a->fields));
  assert_false (rt_selecting_equal (RT_TEXT ("accept-language"), a->fields, b->fields));
}

static void
test_a_vary_that_names_too_much_matches_nothing (void **state)
{
  g_autoptr (GString) response = g_string_new (OK "Cache-Control: max-age=60\nVary: ");
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autoptr (RtMessage) request = honesty_message_new (GET, 3);
  g_autoptr (RtCachePolicy) few = NULL;
  g_autoptr (RtCachePolicy) many = NULL;

  for (int i = 0; i < RT_VARY_NAMES_MAX; i++)
    g_string_append_printf (response, "%sx%d", i > 0 ? "," : "", i);
  few = stored (GET, response->str, 0);
  g_string_append (response, ",x");
  many = stored (GET, response->str, 0);
  assert_int_equal (rt_cache_reuse_decide (few, request, "http://a.test/a", NOW, NULL),
                    RT_CACHE_REUSE_FRESH);
  assert_int_equal (rt_cache_reuse_decide (many, request, "http://a.test/a", NOW, why),
                    RT_CACHE_REUSE_NO);
  honesty_assert_decides (why, "cache.vary.count");
  print_message ("# decides cache.vary.count: a Vary that names too much matches nothing\n");
}

#define N_SINGLE 5

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + G_N_ELEMENTS (error_rows) + N_SINGLE] = {
    cmocka_unit_test (test_of_several_the_most_recent_is_selected),
    cmocka_unit_test (test_age_takes_the_place_of_age),
    cmocka_unit_test (test_only_if_cached_needs_504),
    cmocka_unit_test (test_a_long_selecting_field_is_bounded),
    cmocka_unit_test (test_a_vary_that_names_too_much_matches_nothing),
  };
  gsize n = N_SINGLE;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[n++] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  for (gsize i = 0; i < G_N_ELEMENTS (error_rows); i++)
    tests[n++] = (struct CMUnitTest){ error_rows[i].name, test_error_row, NULL, NULL,
                                      (void *)&error_rows[i] };
  return _cmocka_run_group_tests ("cache-reuse", tests, n, NULL, NULL);
}
