/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a decision costs, with and without its explanation: nanoseconds and allocations each. */
#include "rt-cache-reuse.h"
#include "rt-cache-store.h"
#include "rt-preconditions.h"

#include <stdio.h>

#define ROUNDS 200000
#define NOW (G_GINT64_CONSTANT (784111777) * RT_TIME_SEC)

static guint64 n_allocations;

/* Sanitisers have an allocator of their own: there nothing is counted. */
#ifndef __SANITIZE_ADDRESS__
#define COUNTS TRUE

extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t n, size_t size);
extern void *__libc_realloc (void *old, size_t size);

void *
malloc (size_t size)
{
  n_allocations++;
  return __libc_malloc (size);
}

void *
calloc (size_t n, size_t size)
{
  n_allocations++;
  return __libc_calloc (n, size);
}

void *
realloc (void *old, size_t size)
{
  n_allocations++;
  return __libc_realloc (old, size);
}
#else
#define COUNTS FALSE
#endif

/* What a browser sends and a server answers. */
static const char *const request_fields[][2] = {
  { "Host", "shop.test" },
  { "User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)" },
  { "Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8" },
  { "Accept-Language", "en-GB,en;q=0.9,de;q=0.7" },
  { "Accept-Encoding", "gzip, deflate, br" },
  { "Cache-Control", "max-age=3600" },
  { "Connection", "keep-alive" },
  { "Cookie", "session=0123456789abcdef; theme=dark" },
  { "Referer", "http://shop.test/" },
  { "Sec-Fetch-Dest", "document" },
  { "Sec-Fetch-Mode", "navigate" },
  { "If-None-Match", "\"v41\", \"v40\"" },
};

static const char *const response_fields[][2] = {
  { "Date", "Sun, 06 Nov 1994 08:49:37 GMT" },
  { "Server", "test" },
  { "Content-Type", "text/html; charset=utf-8" },
  { "Content-Length", "1234" },
  { "Cache-Control", "public, max-age=600, stale-while-revalidate=30" },
  { "ETag", "\"v42\"" },
  { "Last-Modified", "Sat, 05 Nov 1994 08:49:37 GMT" },
  { "Vary", "Accept-Encoding, Accept-Language" },
  { "Age", "5" },
};

typedef struct
{
  RtMessage *request, *response;
  RtCachePolicy *policy;
} Bench;

typedef void (*Decide) (Bench *bench, RtDecision *why);

static void
decide_freshness (Bench *b, RtDecision *why)
{
  g_assert (rt_freshness_decide (b->policy, NOW + RT_TIME_MINUTE, why).fresh);
}

static void
decide_reuse (Bench *b, RtDecision *why)
{
  g_assert (
      rt_cache_reuse_decide (b->policy, b->request, "http://shop.test/a", NOW + RT_TIME_MINUTE, why)
      == RT_CACHE_REUSE_FRESH);
}

static void
decide_store (Bench *b, RtDecision *why)
{
  g_assert (rt_cache_store_decide (&rt_cache_settings_shared, b->request, "http://shop.test/a",
                                   b->response, why));
}

static void
decide_precondition (Bench *b, RtDecision *why)
{
  RtPreconditionState state = { .exists = TRUE, .etag = RT_TEXT ("\"v42\"") };

  g_assert (rt_precondition_decide (b->request, &state, NOW, why) == RT_PRECONDITION_PROCEED);
}

static void
measure (Bench *bench, const char *name, Decide decide, gboolean explained)
{
  guint rounds = explained ? ROUNDS / 10 : ROUNDS;
  guint64 before = n_allocations;
  gint64 start = g_get_monotonic_time ();
  gint64 elapsed;

  for (guint i = 0; i < rounds; i++)
    {
      g_autoptr (RtDecision) why = explained ? rt_decision_new () : NULL;

      decide (bench, why);
      if (explained)
        rt_decision_get_n_checks (why);
    }
  elapsed = g_get_monotonic_time () - start;
  printf ("%-14s %-11s %6" G_GINT64_FORMAT " ns", name, explained ? "explained" : "unexplained",
          elapsed * 1000 / rounds);
  if (COUNTS)
    printf ("  %3" G_GUINT64_FORMAT " allocations", (n_allocations - before) / rounds);
  printf ("\n");
}

int
main (void)
{
  static const struct
  {
    const char *name;
    Decide decide;
  } cases[] = {
    { "freshness", decide_freshness },
    { "reuse", decide_reuse },
    { "store", decide_store },
    { "precondition", decide_precondition },
  };
  Bench bench = { rt_message_new_request ("GET", "/a"), rt_message_new_response (200, "OK") };

  for (gsize i = 0; i < G_N_ELEMENTS (request_fields); i++)
    rt_fields_append (bench.request->fields, request_fields[i][0], request_fields[i][1]);
  for (gsize i = 0; i < G_N_ELEMENTS (response_fields); i++)
    rt_fields_append (bench.response->fields, response_fields[i][0], response_fields[i][1]);
  bench.policy = rt_cache_policy_new (&rt_cache_settings_shared, bench.request,
                                      "http://shop.test/a", bench.response, NOW, NOW);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      measure (&bench, cases[i].name, cases[i].decide, FALSE);
      measure (&bench, cases[i].name, cases[i].decide, TRUE);
    }
  rt_cache_policy_unref (bench.policy);
  rt_message_unref (bench.request);
  rt_message_unref (bench.response);
  return 0;
}
