/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Preconditions: each row a request, what the recipient knows, and what is to come out. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"
#include "rt-date.h"
#include "rt-methods.h"
#include "rt-preconditions.h"

/* 1994-11-06T08:49:37Z, the date of RFC 9110's examples, and an hour later. */
#define MODIFIED (G_GINT64_CONSTANT (784111777) * RT_TIME_SEC)
#define NOW (MODIFIED + RT_TIME_HOUR)
#define MODIFIED_TEXT "Sun, 06 Nov 1994 08:49:37 GMT"
#define EARLIER_TEXT "Sun, 06 Nov 1994 08:49:36 GMT"
#define LATER_TEXT "Sun, 06 Nov 1994 08:49:38 GMT"

#define KNOWN .exists = TRUE, .etag = { "\"v2\"", 4 }, .has_modified = TRUE, .modified = MODIFIED

typedef struct
{
  const char *name;
  const char *request;
  RtPreconditionState state;
  RtPrecondition want;
  const char *clause;
  RtTime now;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "a request without conditions goes on", "GET /a HTTP/1.1\nHost: a\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.conditional" },
  { "conditions of OPTIONS are ignored", "OPTIONS /a HTTP/1.1\nIf-Match: \"v1\"\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.method" },
  { "conditions of TRACE are ignored", "TRACE /a HTTP/1.1\nIf-None-Match: *\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.method" },
  { "conditions of CONNECT are ignored", "CONNECT a:80 HTTP/1.1\nIf-Match: \"v1\"\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.method" },
  { "conditions do not count where the answer is a 404", "GET /a HTTP/1.1\nIf-Match: \"v1\"\n", { .status = 404 }, RT_PRECONDITION_PROCEED, "precondition.status" },
  { "conditions do not count where the answer is a 301", "GET /a HTTP/1.1\nIf-None-Match: \"v2\"\n", { KNOWN, .status = 301 }, RT_PRECONDITION_PROCEED, "precondition.status" },
  { "conditions count where the answer is a 412 anyway", "PUT /a HTTP/1.1\nIf-Match: \"v1\"\n", { KNOWN, .status = 412 }, RT_PRECONDITION_FAILED, "precondition.if-match" },
  { "conditions count where the answer is a 204", "PUT /a HTTP/1.1\nIf-Match: \"v1\"\n", { KNOWN, .status = 204 }, RT_PRECONDITION_FAILED, "precondition.if-match" },

  { "If-Match with the current tag", "PUT /a HTTP/1.1\nIf-Match: \"v2\"\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.if-match" },
  { "If-Match with an old tag", "PUT /a HTTP/1.1\nIf-Match: \"v1\"\n", { KNOWN }, RT_PRECONDITION_FAILED, "precondition.if-match" },
  { "If-Match compares with case", "PUT /a HTTP/1.1\nIf-Match: \"V2\"\n", { KNOWN }, RT_PRECONDITION_FAILED, "precondition.if-match" },
  { "If-Match of a GET fails with 412 too", "GET /a HTTP/1.1\nIf-Match: \"v1\"\n", { KNOWN }, RT_PRECONDITION_FAILED, "precondition.if-match" },
  { "If-Match finds the second of three tags", "PUT /a HTTP/1.1\nIf-Match: \"v1\", \"v2\" ,\"v3\"\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.if-match" },
  { "If-Match finds a tag in its second line", "PUT /a HTTP/1.1\nIf-Match: \"v1\"\nX: y\nIf-Match: \"v2\"\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.if-match" },
  { "If-Match of many tags, none of them current", "PUT /a HTTP/1.1\nIf-Match: \"v1\", \"v3\"\nIf-Match: \"v4\"\n", { KNOWN }, RT_PRECONDITION_FAILED, "precondition.if-match" },
  { "If-Match splits no tag at its comma", "PUT /a HTTP/1.1\nIf-Match: \"v1,\"v2\"\"\n", { KNOWN }, RT_PRECONDITION_FAILED, "precondition.if-match" },
  { "If-Match takes a weak tag for no match", "PUT /a HTTP/1.1\nIf-Match: W/\"v2\"\n", { KNOWN }, RT_PRECONDITION_FAILED, "precondition.if-match" },
  { "If-Match never matches a weak current tag", "PUT /a HTTP/1.1\nIf-Match: W/\"v2\"\n", { .exists = TRUE, .etag = { "W/\"v2\"", 6 } }, RT_PRECONDITION_FAILED, "precondition.if-match" },
  { "If-Match: * where something is", "PUT /a HTTP/1.1\nIf-Match: *\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.if-match" },
  { "If-Match: * where nothing is", "PUT /a HTTP/1.1\nIf-Match: *\n", { 0 }, RT_PRECONDITION_FAILED, "precondition.if-match.exists" },
  { "If-Match with a tag where nothing is", "PUT /a HTTP/1.1\nIf-Match: \"v2\"\n", { 0 }, RT_PRECONDITION_FAILED, "precondition.if-match.exists" },
  { "If-Match: * beside a tag is no star", "PUT /a HTTP/1.1\nIf-Match: *, \"v1\"\n", { KNOWN }, RT_PRECONDITION_FAILED, "precondition.if-match" },
  { "If-Match without quotes matches nothing", "PUT /a HTTP/1.1\nIf-Match: v2\n", { KNOWN }, RT_PRECONDITION_FAILED, "precondition.if-match" },
  { "an empty If-Match matches nothing", "PUT /a HTTP/1.1\nIf-Match: \n", { KNOWN }, RT_PRECONDITION_FAILED, "precondition.if-match" },
  { "If-Match where no tag is known", "PUT /a HTTP/1.1\nIf-Match: \"v2\"\n", { .exists = TRUE }, RT_PRECONDITION_FAILED, NULL },
  { "a repeated change that was already made is no failure", "PUT /a HTTP/1.1\nIf-Match: \"v1\"\n", { KNOWN, .already_applied = TRUE }, RT_PRECONDITION_ALREADY_APPLIED, "precondition.already-applied" },
  { "a DELETE of what is gone may count as done", "DELETE /a HTTP/1.1\nIf-Match: \"v1\"\n", { .already_applied = TRUE }, RT_PRECONDITION_ALREADY_APPLIED, "precondition.already-applied" },

  { "If-Unmodified-Since at the very date", "PUT /a HTTP/1.1\nIf-Unmodified-Since: " MODIFIED_TEXT "\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.if-unmodified-since" },
  { "If-Unmodified-Since after the date", "PUT /a HTTP/1.1\nIf-Unmodified-Since: " LATER_TEXT "\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.if-unmodified-since" },
  { "If-Unmodified-Since before the date", "PUT /a HTTP/1.1\nIf-Unmodified-Since: " EARLIER_TEXT "\n", { KNOWN }, RT_PRECONDITION_FAILED, "precondition.if-unmodified-since" },
  { "If-Unmodified-Since sees no change within its second", "PUT /a HTTP/1.1\nIf-Unmodified-Since: " MODIFIED_TEXT "\n", { .exists = TRUE, .has_modified = TRUE, .modified = MODIFIED + 900 * RT_TIME_MSEC }, RT_PRECONDITION_PROCEED, "precondition.if-unmodified-since" },
  { "an invalid If-Unmodified-Since is ignored", "PUT /a HTTP/1.1\nIf-Unmodified-Since: yesterday\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.if-unmodified-since.date" },
  { "two If-Unmodified-Since are ignored", "PUT /a HTTP/1.1\nIf-Unmodified-Since: " EARLIER_TEXT "\nIf-Unmodified-Since: " EARLIER_TEXT "\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.if-unmodified-since.date" },
  { "If-Unmodified-Since where no date is known is ignored", "PUT /a HTTP/1.1\nIf-Unmodified-Since: " EARLIER_TEXT "\n", { .exists = TRUE, .etag = { "\"v2\"", 4 } }, RT_PRECONDITION_PROCEED, "precondition.if-unmodified-since.known" },
  { "If-Unmodified-Since beside If-Match is ignored", "PUT /a HTTP/1.1\nIf-Match: \"v2\"\nIf-Unmodified-Since: " EARLIER_TEXT "\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.if-match" },
  { "If-Unmodified-Since failing where the change was made before", "PUT /a HTTP/1.1\nIf-Unmodified-Since: " EARLIER_TEXT "\n", { KNOWN, .already_applied = TRUE }, RT_PRECONDITION_ALREADY_APPLIED, "precondition.already-applied" },
  { "If-Unmodified-Since in the form of RFC 850", "PUT /a HTTP/1.1\nIf-Unmodified-Since: Sunday, 06-Nov-94 08:49:36 GMT\n", { KNOWN }, RT_PRECONDITION_FAILED, "precondition.if-unmodified-since" },
  { "If-Unmodified-Since in the form of asctime", "PUT /a HTTP/1.1\nIf-Unmodified-Since: Sun Nov  6 08:49:36 1994\n", { KNOWN }, RT_PRECONDITION_FAILED, "precondition.if-unmodified-since" },

  { "If-None-Match with the current tag, GET", "GET /a HTTP/1.1\nIf-None-Match: \"v2\"\n", { KNOWN }, RT_PRECONDITION_NOT_MODIFIED, "precondition.if-none-match.read" },
  { "If-None-Match with the current tag, HEAD", "HEAD /a HTTP/1.1\nIf-None-Match: \"v2\"\n", { KNOWN }, RT_PRECONDITION_NOT_MODIFIED, "precondition.if-none-match.read" },
  { "If-None-Match with the current tag, PUT", "PUT /a HTTP/1.1\nIf-None-Match: \"v2\"\n", { KNOWN }, RT_PRECONDITION_FAILED, "precondition.if-none-match.change" },
  { "If-None-Match with another tag, GET", "GET /a HTTP/1.1\nIf-None-Match: \"v1\"\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.if-none-match.read" },
  { "If-None-Match with a weak tag still matches", "GET /a HTTP/1.1\nIf-None-Match: W/\"v2\"\n", { KNOWN }, RT_PRECONDITION_NOT_MODIFIED, "precondition.if-none-match.read" },
  { "If-None-Match with the strong form of a weak tag still matches", "GET /a HTTP/1.1\nIf-None-Match: \"v2\"\n", { .exists = TRUE, .etag = { "W/\"v2\"", 6 } }, RT_PRECONDITION_NOT_MODIFIED, "precondition.if-none-match.read" },
  { "If-None-Match finds the last of many", "GET /a HTTP/1.1\nIf-None-Match: \"a\", W/\"b\"\nIf-None-Match: ,, \"v2\"\n", { KNOWN }, RT_PRECONDITION_NOT_MODIFIED, "precondition.if-none-match.read" },
  { "If-None-Match: * creates where nothing is", "PUT /a HTTP/1.1\nIf-None-Match: *\n", { 0 }, RT_PRECONDITION_PROCEED, "precondition.if-none-match.exists" },
  { "If-None-Match: * creates nothing over what is", "PUT /a HTTP/1.1\nIf-None-Match: *\n", { KNOWN }, RT_PRECONDITION_FAILED, "precondition.if-none-match.change" },
  { "If-None-Match: * of a GET", "GET /a HTTP/1.1\nIf-None-Match: *\n", { KNOWN }, RT_PRECONDITION_NOT_MODIFIED, "precondition.if-none-match.read" },
  { "If-None-Match without quotes matches nothing", "GET /a HTTP/1.1\nIf-None-Match: v2\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.if-none-match.read" },
  { "If-None-Match with obs-text", "GET /a HTTP/1.1\nIf-None-Match: \"\xc3\xbc\"\n", { .exists = TRUE, .etag = { "\"\xc3\xbc\"", 4 } }, RT_PRECONDITION_NOT_MODIFIED, "precondition.if-none-match.read" },
  { "If-None-Match wins over If-Modified-Since", "GET /a HTTP/1.1\nIf-None-Match: \"v1\"\nIf-Modified-Since: " MODIFIED_TEXT "\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.if-none-match.read" },
  { "If-Match is asked before If-None-Match", "PUT /a HTTP/1.1\nIf-None-Match: \"v1\"\nIf-Match: \"v1\"\n", { KNOWN }, RT_PRECONDITION_FAILED, "precondition.if-match" },
  { "If-Match holds, If-None-Match does not", "GET /a HTTP/1.1\nIf-None-Match: \"v2\"\nIf-Match: \"v2\"\n", { KNOWN }, RT_PRECONDITION_NOT_MODIFIED, "precondition.if-none-match.read" },

  { "If-Modified-Since at the very date", "GET /a HTTP/1.1\nIf-Modified-Since: " MODIFIED_TEXT "\n", { KNOWN }, RT_PRECONDITION_NOT_MODIFIED, "precondition.if-modified-since" },
  { "If-Modified-Since after the date", "HEAD /a HTTP/1.1\nIf-Modified-Since: " LATER_TEXT "\n", { KNOWN }, RT_PRECONDITION_NOT_MODIFIED, "precondition.if-modified-since" },
  { "If-Modified-Since before the date", "GET /a HTTP/1.1\nIf-Modified-Since: " EARLIER_TEXT "\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.if-modified-since" },
  { "If-Modified-Since sees no change within its second", "GET /a HTTP/1.1\nIf-Modified-Since: " MODIFIED_TEXT "\n", { .exists = TRUE, .has_modified = TRUE, .modified = MODIFIED + 1 }, RT_PRECONDITION_NOT_MODIFIED, "precondition.if-modified-since" },
  { "If-Modified-Since of a PUT is ignored", "PUT /a HTTP/1.1\nIf-Modified-Since: " MODIFIED_TEXT "\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.if-modified-since.method" },
  { "an invalid If-Modified-Since is ignored", "GET /a HTTP/1.1\nIf-Modified-Since: 0\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.if-modified-since.date" },
  { "two dates in If-Modified-Since are ignored", "GET /a HTTP/1.1\nIf-Modified-Since: " LATER_TEXT ", " LATER_TEXT "\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.if-modified-since.date" },
  { "If-Modified-Since where no date is known is ignored", "GET /a HTTP/1.1\nIf-Modified-Since: " LATER_TEXT "\n", { .exists = TRUE }, RT_PRECONDITION_PROCEED, "precondition.if-modified-since.known" },
  { "If-Modified-Since of a time before 1970", "GET /a HTTP/1.1\nIf-Modified-Since: Sat, 01 Jan 0001 00:00:00 GMT\n", { KNOWN }, RT_PRECONDITION_PROCEED, NULL },

  { "If-Range with the current tag", "GET /a HTTP/1.1\nRange: bytes=0-4\nIf-Range: \"v2\"\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.if-range.etag" },
  { "If-Range with an old tag", "GET /a HTTP/1.1\nRange: bytes=0-4\nIf-Range: \"v1\"\n", { KNOWN }, RT_PRECONDITION_IGNORE_RANGE, "precondition.if-range.etag" },
  { "If-Range with a weak tag never matches", "GET /a HTTP/1.1\nRange: bytes=0-4\nIf-Range: W/\"v2\"\n", { KNOWN }, RT_PRECONDITION_IGNORE_RANGE, "precondition.if-range.etag" },
  { "If-Range with the exact date", "GET /a HTTP/1.1\nRange: bytes=0-4\nIf-Range: " MODIFIED_TEXT "\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.if-range.date" },
  { "If-Range with a later date is no match", "GET /a HTTP/1.1\nRange: bytes=0-4\nIf-Range: " LATER_TEXT "\n", { KNOWN }, RT_PRECONDITION_IGNORE_RANGE, "precondition.if-range.date" },
  { "If-Range with a date whose second saw two versions", "GET /a HTTP/1.1\nRange: bytes=0-4\nIf-Range: " MODIFIED_TEXT "\n", { KNOWN, .changed_twice = TRUE }, RT_PRECONDITION_IGNORE_RANGE, "precondition.if-range.strong-date" },
  { "If-Range with a date whose second is not over", "GET /a HTTP/1.1\nRange: bytes=0-4\nIf-Range: " MODIFIED_TEXT "\n", { KNOWN }, RT_PRECONDITION_IGNORE_RANGE, "precondition.if-range.strong-date", MODIFIED + 5 },
  { "If-Range that is neither tag nor date", "GET /a HTTP/1.1\nRange: bytes=0-4\nIf-Range: v2\n", { KNOWN }, RT_PRECONDITION_IGNORE_RANGE, "precondition.if-range.valid" },
  { "two If-Range lines are no If-Range", "GET /a HTTP/1.1\nRange: bytes=0-4\nIf-Range: \"v2\"\nIf-Range: \"v2\"\n", { KNOWN }, RT_PRECONDITION_IGNORE_RANGE, "precondition.if-range.valid" },
  { "If-Range without Range is ignored", "GET /a HTTP/1.1\nIf-Range: \"v1\"\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.if-range.range" },
  { "If-Range of a HEAD is ignored", "HEAD /a HTTP/1.1\nRange: bytes=0-4\nIf-Range: \"v1\"\n", { KNOWN }, RT_PRECONDITION_PROCEED, "precondition.if-range.range" },
  { "If-Range after an If-Match that holds", "GET /a HTTP/1.1\nRange: bytes=0-4\nIf-Match: \"v2\"\nIf-Range: \"v1\"\n", { KNOWN }, RT_PRECONDITION_IGNORE_RANGE, "precondition.if-range.etag" },

  { "a cache leaves If-Match to the origin server", "GET /a HTTP/1.1\nIf-Match: \"v1\"\n", { KNOWN, .is_cache = TRUE }, RT_PRECONDITION_PROCEED, "precondition.origin" },
  { "a cache answers If-None-Match", "GET /a HTTP/1.1\nIf-None-Match: \"v2\"\n", { KNOWN, .is_cache = TRUE }, RT_PRECONDITION_NOT_MODIFIED, "precondition.if-none-match.read" },

  { "a PUT without the required If-Match", "PUT /a HTTP/1.1\nHost: a\n", { KNOWN, .require_if_match = TRUE }, RT_PRECONDITION_REQUIRED, "precondition.required" },
  { "a DELETE without the required If-Match", "DELETE /a HTTP/1.1\nHost: a\n", { KNOWN, .require_if_match = TRUE }, RT_PRECONDITION_REQUIRED, "precondition.required" },
  { "If-Unmodified-Since is not the required If-Match", "PATCH /a HTTP/1.1\nIf-Unmodified-Since: " LATER_TEXT "\n", { KNOWN, .require_if_match = TRUE }, RT_PRECONDITION_REQUIRED, "precondition.required" },
  { "a PUT with the required If-Match", "PUT /a HTTP/1.1\nIf-Match: \"v2\"\n", { KNOWN, .require_if_match = TRUE }, RT_PRECONDITION_PROCEED, "precondition.required" },
  { "a wrong If-Match is 412, not 428", "PUT /a HTTP/1.1\nIf-Match: \"v1\"\n", { KNOWN, .require_if_match = TRUE }, RT_PRECONDITION_FAILED, "precondition.if-match" },
  { "a GET needs no condition", "GET /a HTTP/1.1\nHost: a\n", { KNOWN, .require_if_match = TRUE }, RT_PRECONDITION_PROCEED, "precondition.required.method" },
  { "a PUT that creates needs no condition", "PUT /a HTTP/1.1\nHost: a\n", { .require_if_match = TRUE }, RT_PRECONDITION_PROCEED, "precondition.required.exists" },
  { "a PUT that fails anyway is not asked for a condition", "PUT /a HTTP/1.1\nHost: a\n", { KNOWN, .require_if_match = TRUE, .status = 403 }, RT_PRECONDITION_PROCEED, "precondition.conditional" },
};
/* clang-format on */

static const char *const alternatives[]
    = { "\"v2\"", "\"v1\"", MODIFIED_TEXT, EARLIER_TEXT, LATER_TEXT, "PUT", NULL };

static char *
run (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const Row *row = data;
  RtPrecondition got
      = rt_precondition_decide (messages[0], &row->state, row->now != 0 ? row->now : NOW, why);

  return g_strdup (rt_precondition_name (got));
}

static void
test_row (void **state)
{
  const Row *row = *state;
  HonestyCase c = { row->name, { row->request }, run, row, alternatives };

  honesty_check_answer (&c, rt_precondition_name (row->want), row->clause);
}

static void
test_status (void **state)
{
  assert_int_equal (rt_precondition_status (RT_PRECONDITION_NOT_MODIFIED), 304);
  assert_int_equal (rt_precondition_status (RT_PRECONDITION_FAILED), 412);
  assert_int_equal (rt_precondition_status (RT_PRECONDITION_REQUIRED), 428);
  assert_int_equal (rt_precondition_status (RT_PRECONDITION_PROCEED), 0);
}

static void
test_methods (void **state)
{
  assert_true (rt_method_is_safe (RT_TEXT ("GET")));
  assert_true (rt_method_is_safe (RT_TEXT ("OPTIONS")));
  assert_false (rt_method_is_safe (RT_TEXT ("get")));
  assert_false (rt_method_is_safe (RT_TEXT ("BREW")));
  assert_true (rt_method_is_idempotent (RT_TEXT ("PUT")));
  assert_true (rt_method_is_idempotent (RT_TEXT ("DELETE")));
  assert_false (rt_method_is_idempotent (RT_TEXT ("POST")));
  assert_false (rt_method_is_idempotent (RT_TEXT ("PATCH")));
  assert_true (rt_method_is_cacheable (RT_TEXT ("HEAD")));
  assert_true (rt_method_is_cacheable (RT_TEXT ("POST")));
  assert_false (rt_method_is_cacheable (RT_TEXT ("PUT")));
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + 2] = {
    cmocka_unit_test (test_status),
    cmocka_unit_test (test_methods),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i + 2] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("preconditions", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
