/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Validation and its consequences: conditions, updates, combination of parts, invalidation. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"
#include "rt-cache-invalidate.h"
#include "rt-cache-partial.h"
#include "rt-cache-status.h"
#include "rt-cache-validate.h"

/* 1994-11-06T08:49:37Z. */
#define NOW (G_GINT64_CONSTANT (784111777) * RT_TIME_SEC)
#define DATE "Date: Sun, 06 Nov 1994 08:49:37 GMT\n"
#define OLD "Last-Modified: Sat, 05 Nov 1994 08:49:37 GMT\n"
#define OTHER "Last-Modified: Fri, 04 Nov 1994 08:49:37 GMT\n"
#define URI "http://a.test/a"
#define OK "HTTP/1.1 200 OK\n" DATE
#define NOT_MODIFIED "HTTP/1.1 304 Not Modified\n"
#define PART "HTTP/1.1 206 Part\n" DATE

typedef enum
{
  UPDATE,
  UPDATE_AMONG_OTHERS,
  HEAD,
  COMBINE,
} Kind;

typedef struct
{
  const char *name;
  Kind kind;
  const char *stored, *answer;
  const char *want, *clause;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "a 304 with the stored strong tag", UPDATE, OK "ETag: \"a\"\n", NOT_MODIFIED "ETag: \"a\"\n", "update", "cache.update.strong" },
  { "a 304 with another strong tag", UPDATE, OK "ETag: \"a\"\n", NOT_MODIFIED "ETag: \"b\"\n", "another", "cache.update.strong" },
  { "a 304 with the strong form of a weak tag", UPDATE, OK "ETag: W/\"a\"\n", NOT_MODIFIED "ETag: \"a\"\n", "another", "cache.update.strong" },
  { "a 304 with the stored weak tag", UPDATE, OK "ETag: W/\"a\"\n", NOT_MODIFIED "ETag: W/\"a\"\n", "update", "cache.update.weak" },
  { "a 304 with another weak tag", UPDATE, OK "ETag: W/\"a\"\n", NOT_MODIFIED "ETag: W/\"b\"\n", "another", "cache.update.weak" },
  { "a 304 with the stored date", UPDATE, OK OLD, NOT_MODIFIED OLD, "update", "cache.update.weak" },
  { "a 304 with another date", UPDATE, OK OLD, NOT_MODIFIED OTHER, "another", "cache.update.weak" },
  { "a 304 with nothing, and nothing is stored", UPDATE, OK "X: y\n", NOT_MODIFIED "X: y\n", "update", "cache.update.none" },
  { "a 304 with nothing, asked about this alone", UPDATE, OK "ETag: \"a\"\n", NOT_MODIFIED "X: y\n", "update", "cache.update.asked" },
  { "a 304 with nothing, asked about several", UPDATE_AMONG_OTHERS, OK "ETag: \"a\"\n", NOT_MODIFIED "X: y\n", "another", "cache.update.asked" },
  { "a 200 updates nothing", UPDATE, OK "ETag: \"a\"\n", OK "ETag: \"a\"\n", "another", "cache.update.304" },

  { "a HEAD that says the same", HEAD, OK "ETag: \"a\"\n" OLD "Content-Length: 5\n", OK "ETag: \"a\"\n" OLD "Content-Length: 5\n", "update", "cache.update-head.content-length" },
  { "a HEAD that says less", HEAD, OK "ETag: \"a\"\n" OLD "Content-Length: 5\n", OK "X: y\n", "update", "cache.update-head.status" },
  { "a HEAD with another tag", HEAD, OK "ETag: \"a\"\n", OK "ETag: \"b\"\n", "stale", "cache.update-head.etag" },
  { "a HEAD with a tag where none is stored", HEAD, OK "X: y\n", OK "ETag: \"b\"\n", "stale", "cache.update-head.etag" },
  { "a HEAD with another date", HEAD, OK OLD, OK OTHER, "stale", "cache.update-head.last-modified" },
  { "a HEAD with another length", HEAD, OK "Content-Length: 5\n", OK "Content-Length: 6\n", "stale", "cache.update-head.content-length" },
  { "a HEAD that fails", HEAD, OK "ETag: \"a\"\n", "HTTP/1.1 500 Oh\nETag: \"b\"\n", "another", "cache.update-head.status" },

  { "parts that follow one another", COMBINE, PART "ETag: \"a\"\nContent-Range: bytes 0-4/20\n", PART "ETag: \"a\"\nContent-Range: bytes 5-9/20\n", "combine 0-9", "cache.combine.touch" },
  { "parts that overlap", COMBINE, PART "ETag: \"a\"\nContent-Range: bytes 5-14/20\n", PART "ETag: \"a\"\nContent-Range: bytes 0-9/20\n", "combine 0-14", "cache.combine.touch" },
  { "the rest of all", COMBINE, PART "ETag: \"a\"\nContent-Range: bytes 0-4/10\n", PART "ETag: \"a\"\nContent-Range: bytes 5-9/10\n", "complete 0-9", "cache.combine.touch" },
  { "parts with a gap between", COMBINE, PART "ETag: \"a\"\nContent-Range: bytes 0-4/10\n", PART "ETag: \"a\"\nContent-Range: bytes 6-9/10\n", "separate", "cache.combine.touch" },
  { "parts with another tag", COMBINE, PART "ETag: \"a\"\nContent-Range: bytes 0-4/10\n", PART "ETag: \"b\"\nContent-Range: bytes 5-9/10\n", "separate", "cache.combine.validator" },
  { "parts with weak tags", COMBINE, PART "ETag: W/\"a\"\nContent-Range: bytes 0-4/10\n", PART "ETag: W/\"a\"\nContent-Range: bytes 5-9/10\n", "separate", "cache.combine.strong" },
  { "parts without validators", COMBINE, PART "Content-Range: bytes 0-4/10\n", PART "Content-Range: bytes 5-9/10\n", "separate", "cache.combine.strong" },
  { "parts with a strong date", COMBINE, PART OLD "Content-Range: bytes 0-4/10\n", PART OLD "Content-Range: bytes 5-9/10\n", "complete 0-9", "cache.combine.touch" },
  { "parts with a date of this very second", COMBINE, PART "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\nContent-Range: bytes 0-4/10\n", PART "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\nContent-Range: bytes 5-9/10\n", "separate", "cache.combine.strong" },
  { "a part with a tag where only a date is stored", COMBINE, PART OLD "Content-Range: bytes 0-4/10\n", PART OLD "ETag: \"a\"\nContent-Range: bytes 5-9/10\n", "separate", "cache.combine.validator" },
  { "parts of different lengths", COMBINE, PART "ETag: \"a\"\nContent-Range: bytes 0-4/10\n", PART "ETag: \"a\"\nContent-Range: bytes 5-9/11\n", "separate", "cache.combine.length" },
  { "a part of an unknown length", COMBINE, PART "ETag: \"a\"\nContent-Range: bytes 0-4/10\n", PART "ETag: \"a\"\nContent-Range: bytes 5-9/*\n", "complete 0-9", "cache.combine.touch" },
  { "a 200 is no part", COMBINE, PART "ETag: \"a\"\nContent-Range: bytes 0-4/10\n", OK "ETag: \"a\"\nContent-Range: bytes 5-9/10\n", "separate", "cache.combine.206" },
  { "a whole response is no part", COMBINE, OK "ETag: \"a\"\nContent-Range: bytes 0-4/10\n", PART "ETag: \"a\"\nContent-Range: bytes 5-9/10\n", "separate", "cache.combine.stored" },
};
/* clang-format on */

static const char *const alternatives[] = {
  "\"a\"", "\"b\"", "W/\"a\"", "206", "500", "bytes 0-4/10", "bytes 5-9/10", "bytes 0-4/11", NULL,
};

static RtCachePolicy *
stored (RtMessage *response)
{
  g_autoptr (RtMessage) request = rt_message_new_request ("GET", "/a");

  return rt_cache_policy_new (&rt_cache_settings_shared, request, URI, response, NOW, NOW);
}

static char *
run (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const Row *row = data;
  g_autoptr (RtCachePolicy) policy = stored (messages[0]);
  RtCacheCombine combine;

  if (row->kind == HEAD)
    return g_strdup (rt_cache_update_name (rt_cache_update_head_decide (policy, messages[1], why)));
  if (row->kind != COMBINE)
    return g_strdup (rt_cache_update_name (
        rt_cache_update_decide (policy, messages[1], row->kind == UPDATE, why)));
  combine = rt_cache_combine_decide (policy, messages[1], why);
  if (!combine.combine)
    return g_strdup ("separate");
  return g_strdup_printf ("%s %u-%u", combine.complete ? "complete" : "combine",
                          (guint)combine.first, (guint)combine.last);
}

static void
test_row (void **state)
{
  const Row *row = *state;
  HonestyCase c = { row->name, { row->stored, row->answer }, run, row, alternatives };

  honesty_check_answer (&c, row->want, row->clause);
}

typedef struct
{
  const char *name;
  const char *request, *answer;
  const char *want, *clause;
} InvalidateRow;

/* clang-format off */
static const InvalidateRow invalidate_rows[] = {
  { "a POST that succeeds", "POST /a HTTP/1.1\n", OK, "target - -", "cache.invalidate.status" },
  { "a DELETE answered by a redirect", "DELETE /a HTTP/1.1\n", "HTTP/1.1 303 See\n", "target - -", "cache.invalidate.status" },
  { "a PUT that fails", "PUT /a HTTP/1.1\n", "HTTP/1.1 500 Oh\n", "nothing - -", "cache.invalidate.status" },
  { "a PUT that is refused", "PUT /a HTTP/1.1\n", "HTTP/1.1 412 Oh\n", "nothing - -", "cache.invalidate.status" },
  { "a method that nobody knows", "M-FOO /a HTTP/1.1\n", OK, "target - -", "cache.invalidate.status" },
  { "a GET", "GET /a HTTP/1.1\n", OK "Location: /b\n", "nothing - -", "cache.invalidate.method" },
  { "an OPTIONS", "OPTIONS /a HTTP/1.1\n", OK, "nothing - -", "cache.invalidate.method" },
  { "Location of the same origin", "POST /a HTTP/1.1\n", OK "Location: /b\n", "target http://a.test/b -", "cache.invalidate.location" },
  { "Location with the default port and a fragment", "POST /a HTTP/1.1\n", OK "Location: http://A.test:80/b#c\n", "target http://a.test/b -", "cache.invalidate.location" },
  { "Location of another origin", "POST /a HTTP/1.1\n", OK "Location: http://b.test/b\n", "target - -", "cache.invalidate.location" },
  { "Location of another scheme", "POST /a HTTP/1.1\n", OK "Location: https://a.test/b\n", "target - -", "cache.invalidate.location" },
  { "Location of another port", "POST /a HTTP/1.1\n", OK "Location: http://a.test:81/b\n", "target - -", "cache.invalidate.location" },
  { "Location that is no URI", "POST /a HTTP/1.1\n", OK "Location: http://[/b\n", "target - -", "cache.invalidate.location" },
  { "Content-Location of the same origin", "PUT /a HTTP/1.1\n", OK "Content-Location: ../c?d\n", "target - http://a.test/c?d", "cache.invalidate.content-location" },
  { "Content-Location of another origin", "PUT /a HTTP/1.1\n", OK "Content-Location: //b.test/c\n", "target - -", "cache.invalidate.content-location" },
};
/* clang-format on */

static char *
run_invalidate (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  g_auto (RtCacheInvalidation) i = rt_cache_invalidate_decide (messages[0], URI, messages[1], why);

  return g_strdup_printf ("%s %s %s", i.target ? "target" : "nothing",
                          i.location != NULL ? i.location : "-",
                          i.content_location != NULL ? i.content_location : "-");
}

static void
test_invalidate_row (void **state)
{
  static const char *const values[] = { "PUT", "http://a.test/x", "http://x.test/", "500", NULL };
  const InvalidateRow *row = *state;
  HonestyCase c = { row->name, { row->request, row->answer }, run_invalidate, row, values };

  honesty_check_answer (&c, row->want, row->clause);
}

static char *
dump (RtFields *fields)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < rt_fields_get_length (fields); i++)
    {
      const RtField *f = rt_fields_get (fields, i);

      g_string_append_printf (out, "%.*s: %.*s\n", (int)f->name.length, f->name.at,
                              (int)f->value.length, f->value.at);
    }
  return g_string_free (out, FALSE);
}

static RtCachePolicy *
stored_text (const char *text)
{
  g_autoptr (RtMessage) response = honesty_message_new (text, 1);

  return stored (response);
}

static void
test_an_update_replaces_fields_by_name (void **state)
{
  g_autoptr (RtCachePolicy) policy = stored_text (
      "HTTP/1.1 200 OK\nAge: 9\nA: 1\nB: 1\nContent-Length: 5\nContent-Encoding: gzip\nB: 2\n");
  g_autoptr (RtMessage) answer = honesty_message_new (
      NOT_MODIFIED "b: 3\nC: 4\nContent-Length: 0\nContent-Encoding: br\nConnection: D\nD: 5\n"
                   "Keep-Alive: 6\nB: 7\n",
      2);
  g_autoptr (RtFields) updated = rt_cache_updated_fields (policy, answer->fields);
  g_autofree char *text = dump (updated);

  assert_string_equal (text, "A: 1\nContent-Length: 5\nContent-Encoding: gzip\nb: 3\nC: 4\nB: 7\n");
}

static void
test_an_update_starts_a_new_life (void **state)
{
  g_autoptr (RtCachePolicy) policy
      = stored_text (OK "Cache-Control: max-age=60\nETag: \"a\"\nVary: Foo\n");
  g_autoptr (RtMessage) answer
      = honesty_message_new (NOT_MODIFIED "Date: Sun, 06 Nov 1994 09:49:37 GMT\n", 2);
  g_autoptr (RtMessage) response = rt_message_new_response (200, "OK");
  g_autoptr (RtFields) updated = rt_cache_updated_fields (policy, answer->fields);
  g_autoptr (RtCachePolicy) next = NULL;
  RtTime later = NOW + RT_TIME_HOUR;

  for (guint i = 0; i < rt_fields_get_length (updated); i++)
    rt_fields_append_field (response->fields, rt_fields_get (updated, i));
  next = rt_cache_policy_new_updated (policy, response, later, later);
  assert_false (rt_freshness_decide (policy, later, NULL).fresh);
  assert_true (rt_freshness_decide (next, later, NULL).fresh);
  assert_string_equal (next->uri, URI);
}

static void
test_conditions_name_all_candidates (void **state)
{
  g_autoptr (RtCachePolicy) a = stored_text (OK "ETag: \"a\"\n" OLD);
  g_autoptr (RtCachePolicy) b = stored_text (OK "ETag: W/\"b\"\n");
  g_autoptr (RtCachePolicy) none = stored_text (OK "ETag: nonsense\n");
  RtCachePolicy *all[] = { a, none, b };
  RtCachePolicy *nothing[] = { none };
  g_autoptr (RtMessage) request
      = honesty_message_new ("If-None-Match: \"client\"\nIf-Modified-Since: x\nFoo: 1\n", 1);
  g_autofree char *text = NULL;

  assert_int_equal (rt_cache_add_conditions (request->fields, nothing, 1), 0);
  assert_int_equal (rt_cache_add_conditions (request->fields, all, 3), 3);
  text = dump (request->fields);
  assert_string_equal (text, "Foo: 1\nIf-None-Match: \"a\", W/\"b\"\n"
                             "If-Modified-Since: Sat, 05 Nov 1994 08:49:37 GMT\n");
}

static char *
missing_of (const char *response)
{
  g_autoptr (RtCachePolicy) policy = stored_text (response);
  g_autoptr (RtFields) fields = rt_fields_new ();

  return rt_cache_missing_range (policy, fields) ? dump (fields) : g_strdup ("nothing");
}

static void
test_what_is_missing_is_asked_for (void **state)
{
  g_autofree char *end = missing_of (PART "ETag: \"a\"\nContent-Range: bytes 0-4/10\n");
  g_autofree char *start = missing_of (PART OLD "Content-Range: bytes 6-9/10\n");
  g_autofree char *middle = missing_of (PART "ETag: \"a\"\nContent-Range: bytes 2-4/10\n");
  g_autofree char *weak = missing_of (PART "ETag: W/\"a\"\nContent-Range: bytes 0-4/*\n");

  assert_string_equal (end, "Range: bytes=5-\nIf-Range: \"a\"\n");
  assert_string_equal (start, "Range: bytes=0-5\nIf-Range: Sat, 05 Nov 1994 08:49:37 GMT\n");
  assert_string_equal (middle, "nothing");
  assert_string_equal (weak, "Range: bytes=5-\n");
}

static void
assert_located (const char *response, const char *range, guint64 offset, guint64 length)
{
  g_autoptr (RtCachePolicy) policy = stored_text (response);
  RtText rest = rt_text (range);
  RtRangeSpec spec;
  guint64 at = 99, n = 99;

  assert_true (rt_range_next (&rest, &spec));
  assert_int_equal (rt_cache_part_locate (policy, &spec, 5, &at, &n), length > 0);
  if (length > 0)
    {
      assert_int_equal (at, offset);
      assert_int_equal (n, length);
    }
}

static void
test_ranges_are_found_in_a_part (void **state)
{
  assert_located (PART "Content-Range: bytes 5-9/10\n", "6-7", 1, 2);
  assert_located (PART "Content-Range: bytes 5-9/10\n", "6-", 1, 4);
  assert_located (PART "Content-Range: bytes 5-9/10\n", "-2", 3, 2);
  assert_located (PART "Content-Range: bytes 5-9/10\n", "4-5", 0, 0);
  assert_located (PART "Content-Range: bytes 5-9/20\n", "-2", 0, 0);
  assert_located (PART "Content-Range: bytes 5-9/*\n", "6-7", 1, 2);
  assert_located (PART "Content-Range: bytes 5-9/*\n", "6-", 0, 0);
  assert_located (OK, "0-1", 0, 0);
}

/* Six bytes announced, five sent: the end is the end. */
static void
test_a_lying_content_range_costs_no_byte_that_is_there (void **state)
{
  assert_located (PART "Content-Range: bytes 4-9/10\n", "-5", 0, 5);
  assert_located (PART "Content-Range: bytes 4-9/10\n", "-1", 4, 1);
  assert_located (PART "Content-Range: bytes 4-9/10\n", "9-9", 0, 0);
}

static RtPrecondition
asked_of_cache (const char *response, const char *request_text)
{
  g_autoptr (RtCachePolicy) policy = stored_text (response);
  g_autoptr (RtMessage) request = honesty_message_new (request_text, 2);
  RtPreconditionState known = rt_cache_precondition_state (policy);

  return rt_precondition_decide (request, &known, NOW + RT_TIME_HOUR, NULL);
}

#define AT_DATE "Sun, 06 Nov 1994 08:49:37 GMT\n"
#define BEFORE_DATE "Sun, 06 Nov 1994 08:49:36 GMT\n"

static void
test_a_cache_answers_conditions (void **state)
{
  assert_int_equal (asked_of_cache (OK "ETag: \"a\"\n", "If-None-Match: \"a\"\n"),
                    RT_PRECONDITION_NOT_MODIFIED);
  assert_int_equal (asked_of_cache (OK OLD, "If-Modified-Since: " BEFORE_DATE),
                    RT_PRECONDITION_NOT_MODIFIED);
  assert_int_equal (asked_of_cache (OK, "If-Modified-Since: " AT_DATE),
                    RT_PRECONDITION_NOT_MODIFIED);
  assert_int_equal (asked_of_cache (OK, "If-Modified-Since: " BEFORE_DATE),
                    RT_PRECONDITION_PROCEED);
  assert_int_equal (asked_of_cache ("HTTP/1.1 200 OK\n", "If-Modified-Since: " AT_DATE),
                    RT_PRECONDITION_NOT_MODIFIED);
  assert_int_equal (asked_of_cache ("HTTP/1.1 404 No\nETag: \"a\"\n", "If-None-Match: \"a\"\n"),
                    RT_PRECONDITION_PROCEED);
  assert_int_equal (asked_of_cache (OK, "Range: bytes=0-1\nIf-Range: " AT_DATE),
                    RT_PRECONDITION_IGNORE_RANGE);
}

static void
test_combined_parts_have_the_fields_of_the_new_one (void **state)
{
  g_autoptr (RtCachePolicy) policy = stored_text (
      PART "ETag: \"a\"\nA: 1\nB: 1\nContent-Range: bytes 0-4/10\nContent-Length: 5\n");
  g_autoptr (RtMessage) answer = honesty_message_new (
      "HTTP/1.1 206 Part\nETag: \"a\"\nA: 2\nContent-Range: bytes 5-9/10\n", 2);
  RtCacheCombine how = rt_cache_combine_decide (policy, answer, NULL);
  g_autoptr (RtFields) fields = rt_cache_combined_fields (policy, answer->fields, &how);
  g_autofree char *length = rt_fields_dup_combined (fields, "Content-Length");
  g_autofree char *a = rt_fields_dup_combined (fields, "A");
  g_autofree char *b = rt_fields_dup_combined (fields, "B");

  assert_true (how.complete);
  assert_string_equal (length, "10");
  assert_string_equal (a, "2");
  assert_string_equal (b, "1");
  assert_null (rt_fields_first (fields, "Content-Range"));
}

static void
assert_status (RtCacheStatus status, const char *want)
{
  g_autofree char *text = rt_cache_status_format (&status);

  assert_string_equal (text, want);
}

static void
test_cache_status (void **state)
{
  assert_status ((RtCacheStatus){ .name = "a", .has_ttl = TRUE, .ttl = 376 }, "a; hit; ttl=376");
  assert_status (
      (RtCacheStatus){ .name = "a", .forward = RT_CACHE_FORWARD_URI_MISS, .stored = TRUE },
      "a; fwd=uri-miss; stored");
  assert_status ((RtCacheStatus){ .name = "a",
                                  .forward = RT_CACHE_FORWARD_STALE,
                                  .forward_status = 304,
                                  .has_ttl = TRUE,
                                  .ttl = -3,
                                  .collapsed = TRUE,
                                  .detail = "x" },
                 "a; fwd=stale; fwd-status=304; ttl=-3; collapsed; detail=x");
}

static RtCacheForward
reason_of (const char *response, const char *request_text, gint64 later)
{
  g_autoptr (RtCachePolicy) policy = response != NULL ? stored_text (response) : NULL;
  g_autoptr (RtMessage) request = honesty_message_new (request_text, 2);

  return rt_cache_forward_reason (policy, request, URI, NOW + later * RT_TIME_SEC);
}

static void
test_why_a_request_is_forwarded (void **state)
{
  assert_int_equal (reason_of (NULL, "GET /a HTTP/1.1\n", 0), RT_CACHE_FORWARD_URI_MISS);
  assert_int_equal (reason_of (OK, "PUT /a HTTP/1.1\n", 0), RT_CACHE_FORWARD_METHOD);
  assert_int_equal (reason_of (OK "Vary: A\n", "GET /a HTTP/1.1\nA: 1\n", 0),
                    RT_CACHE_FORWARD_VARY_MISS);
  assert_int_equal (reason_of (PART "Content-Range: bytes 0-4/10\n", "GET /a HTTP/1.1\n", 0),
                    RT_CACHE_FORWARD_PARTIAL);
  assert_int_equal (reason_of (OK "Cache-Control: max-age=60\n", "GET /a HTTP/1.1\n", 60),
                    RT_CACHE_FORWARD_STALE);
  assert_int_equal (
      reason_of (OK "Cache-Control: max-age=60\n", "GET /a HTTP/1.1\nCache-Control: no-cache\n", 1),
      RT_CACHE_FORWARD_REQUEST);
}

int
main (void)
{
  static const struct CMUnitTest single[] = {
    cmocka_unit_test (test_an_update_replaces_fields_by_name),
    cmocka_unit_test (test_an_update_starts_a_new_life),
    cmocka_unit_test (test_conditions_name_all_candidates),
    cmocka_unit_test (test_what_is_missing_is_asked_for),
    cmocka_unit_test (test_ranges_are_found_in_a_part),
    cmocka_unit_test (test_a_lying_content_range_costs_no_byte_that_is_there),
    cmocka_unit_test (test_a_cache_answers_conditions),
    cmocka_unit_test (test_combined_parts_have_the_fields_of_the_new_one),
    cmocka_unit_test (test_cache_status),
    cmocka_unit_test (test_why_a_request_is_forwarded),
  };
  struct CMUnitTest
      tests[G_N_ELEMENTS (rows) + G_N_ELEMENTS (invalidate_rows) + G_N_ELEMENTS (single)];
  gsize n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (single); i++)
    tests[n++] = single[i];
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[n++] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  for (gsize i = 0; i < G_N_ELEMENTS (invalidate_rows); i++)
    tests[n++] = (struct CMUnitTest){ invalidate_rows[i].name, test_invalidate_row, NULL, NULL,
                                      (void *)&invalidate_rows[i] };
  return _cmocka_run_group_tests ("cache-update", tests, n, NULL, NULL);
}
