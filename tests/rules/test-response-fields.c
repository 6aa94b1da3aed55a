/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a response's fields owe: one row a demand that is not met, and what must not be complained
 * about. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"
#include "rt-response-fields.h"

typedef struct
{
  const char *name;
  const char *request,
      *response; /* fields of the request; status line and fields of the response */
  gboolean has_content;
  const char *clause; /* that is not met; NULL: all are */
} Row;

#define DATE "Date: Thu, 01 Jan 2026 12:00:00 GMT\n"

/* clang-format off */
static const Row rows[] = {
  { "an answer that is in order", "", "200 OK\n" DATE "Last-Modified: Thu, 01 Jan 2026 12:00:00 GMT\nETag: \"1\"\nContent-Type: text/plain\nAge: 3\n", TRUE, NULL },
  { "ETag twice", "", "200 OK\nETag: \"1\"\nETag: \"1\"\n", .clause = "response.single" },
  { "Content-Type twice", "", "200 OK\nContent-Type: a/b\nContent-Type: a/b\n", TRUE, "response.single" },
  { "Set-Cookie twice is usual", "", "200 OK\nSet-Cookie: a=b\nSet-Cookie: c=d\n", .clause = NULL },
  { "Vary twice is a list", "", "200 OK\nVary: A\nVary: B\n", .clause = NULL },
  { "Date in local time", "", "200 OK\nDate: 2026-01-01T12:00:00+02:00\n", .clause = "response.date" },
  { "Date in the old form of RFC 850", "", "200 OK\nDate: Thursday, 01-Jan-26 12:00:00 GMT\n", .clause = NULL },
  { "Last-Modified that is no date", "", "200 OK\nLast-Modified: yesterday\n", .clause = "response.last-modified" },
  { "changed after it was sent", "", "200 OK\n" DATE "Last-Modified: Thu, 01 Jan 2026 12:00:01 GMT\n", .clause = "response.last-modified.later" },
  { "Expires: never", "", "200 OK\nExpires: never\n", .clause = "response.expires" },
  { "Expires: 0 is a custom", "", "200 OK\nExpires: 0\n", .clause = NULL },
  { "Expires: -1 is a custom", "", "200 OK\nExpires: -1\n", .clause = NULL },
  { "Age that is no number", "", "200 OK\nAge: 1.5\n", .clause = "response.age" },
  { "Retry-After in words", "", "503 Service Unavailable\nRetry-After: soon\n", .clause = "response.retry-after" },
  { "Retry-After in seconds", "", "503 Service Unavailable\nRetry-After: 120\n", .clause = NULL },
  { "Retry-After as a date", "", "503 Service Unavailable\nRetry-After: Thu, 01 Jan 2026 12:00:00 GMT\n", .clause = NULL },
  { "ETag without quotes", "", "200 OK\nETag: abc\n", .clause = "response.etag" },
  { "a weak ETag", "", "200 OK\nETag: W/\"abc\"\n", .clause = NULL },
  { "Content-Range that ends before it begins", "Range: bytes=0-1\n", "206 Partial Content\nContent-Range: bytes 5-1/9\n", .clause = "response.content-range" },
  { "a 206 that nobody asked for", "", "206 Partial Content\nContent-Range: bytes 0-1/9\n", .clause = "response.206.asked" },
  { "a 206 without Content-Range", "Range: bytes=0-1\n", "206 Partial Content\n", .clause = "response.206.content-range" },
  { "a 206 of two parts", "Range: bytes=0-1,4-5\n", "206 Partial Content\nContent-Type: multipart/byteranges; boundary=x\n", TRUE, NULL },
  { "a 416 without the length", "Range: bytes=9-\n", "416 Range Not Satisfiable\n", .clause = "response.416.content-range" },
  { "a 416 with the length", "Range: bytes=9-\n", "416 Range Not Satisfiable\nContent-Range: bytes */9\n", .clause = NULL },
  { "a 401 without a challenge", "", "401 Unauthorized\n", .clause = "response.401" },
  { "a 401 with one", "", "401 Unauthorized\nWWW-Authenticate: Basic realm=\"a\"\n", .clause = NULL },
  { "a 403 needs none", "", "403 Forbidden\n", .clause = NULL },
  { "a 407 without a challenge", "", "407 Proxy Authentication Required\n", .clause = "response.407" },
  { "a 405 without Allow", "", "405 Method Not Allowed\n", .clause = "response.405" },
  { "a 405 whose Allow is empty", "", "405 Method Not Allowed\nAllow:\n", .clause = NULL },
  { "a 426 without Upgrade", "", "426 Upgrade Required\n", .clause = "response.426" },
  { "content of no type", "", "200 OK\n", TRUE, "response.content-type" },
  { "no content needs no type", "", "200 OK\n", .clause = NULL },
  { "a type that is none", "", "200 OK\nContent-Type: html\n", TRUE, "response.content-type.valid" },
  { "a redirection to nowhere", "", "302 Found\n", .clause = "response.location" },
  { "a 304 goes nowhere", "If-None-Match: \"1\"\n", "304 Not Modified\nETag: \"1\"\n", .clause = NULL },
};
/* clang-format on */

static RtTime
noon (void)
{
  RtTime now = 0;

  rt_time_parse ("2026-01-01T12:00:00Z", &now, NULL);
  return now;
}

static char *
run (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const Row *row = data;
  const RtResponseSeen seen = { noon (), row->has_content };

  return g_strdup_printf ("%u",
                          rt_response_fields_decide (messages[0], messages[1], &seen, 0, why));
}

static const char *const alternatives[]
    = { "206",   "301", "401", "405", "407", "416", "426", "a/b", "Thu, 01 Jan 2026 12:00:00 GMT",
        "Range", NULL };

static void
test_row (void **state)
{
  const Row *row = *state;
  g_autofree char *request = g_strconcat ("GET /a HTTP/1.1\n", row->request, NULL);
  g_autofree char *response = g_strconcat ("HTTP/1.1 ", row->response, NULL);
  HonestyCase c = { row->name, { request, response }, run, row, alternatives };
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autofree char *answer = honesty_run (&c, why);

  assert_string_equal (rt_decision_get_verdict (why), row->clause != NULL ? "faulty" : "fine");
  honesty_assert_decides (why, row->clause != NULL ? row->clause : "response.location");
  honesty_check (&c);
}

static void
test_each_fault_is_told_once (void **state)
{
  g_autoptr (RtMessage) request = honesty_message_new ("GET / HTTP/1.1\n", 1);
  g_autoptr (RtMessage) response
      = honesty_message_new ("HTTP/1.1 405 No\nETag: a\nRetry-After: b\nAge: c\n", 2);
  const RtResponseSeen seen = { noon (), FALSE };
  const char *want[] = { "response.age", "response.retry-after", "response.etag", "response.405" };
  guint from = 0;

  for (guint i = 0; i < G_N_ELEMENTS (want); i++)
    {
      g_autoptr (RtDecision) why = rt_decision_new ();

      from = rt_response_fields_decide (request, response, &seen, from, why);
      assert_int_not_equal (from, 0);
      honesty_assert_decides (why, want[i]);
    }
  assert_int_equal (rt_response_fields_decide (request, response, &seen, from, NULL), 0);
}

static void
test_a_source_without_bytes_may_list_a_field_twice (void **state)
{
  g_autoptr (RtMessage) request = honesty_message_new ("GET / HTTP/1.1\n", 1);
  g_autoptr (RtMessage) response
      = honesty_message_new ("HTTP/1.1 200 OK\nETag: \"1\"\nETag: \"1\"\n", 2);

  response->reconstructed = TRUE;
  assert_int_equal (
      rt_response_fields_decide (request, response, &(RtResponseSeen){ noon (), FALSE }, 0, NULL),
      0);
}

/* 304 */

typedef struct
{
  const char *name;
  const char *request, *earlier, *response;
  gboolean want;
  const char *clause;
} NotModifiedRow;

/* clang-format off */
static const NotModifiedRow not_modified_rows[] = {
  { "304: nobody asked", "", "ETag: \"1\"\n", "ETag: \"1\"\n", FALSE, "not-modified.asked" },
  { "304: all is repeated", "If-None-Match: \"1\"\n", "ETag: \"1\"\nVary: Accept\nContent-Type: a/b\n", "ETag: \"1\"\nVary: Accept\n", TRUE, "not-modified.repeats" },
  { "304: Vary is gone", "If-None-Match: \"1\"\n", "ETag: \"1\"\nVary: Accept\n", "ETag: \"1\"\n", FALSE, "not-modified.repeats" },
  { "304: ETag is gone", "If-Modified-Since: Thu, 01 Jan 2026 12:00:00 GMT\n", "ETag: \"1\"\nCache-Control: no-cache\n", "Cache-Control: no-cache\n", FALSE, "not-modified.repeats" },
  { "304: Cache-Control is gone", "If-None-Match: \"1\"\n", "ETag: \"1\"\nCache-Control: no-cache\n", "ETag: \"1\"\n", FALSE, "not-modified.repeats" },
};
/* clang-format on */

static char *
run_not_modified (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  return g_strdup (rt_not_modified_decide (messages[0], messages[1], messages[2], why) ? "fine"
                                                                                       : "faulty");
}

static void
test_not_modified (void **state)
{
  static const char *const names[]
      = { "If-None-Match", "Vary", "ETag", "Cache-Control", "Expires", NULL };
  const NotModifiedRow *row = *state;
  g_autofree char *request = g_strconcat ("GET /a HTTP/1.1\n", row->request, NULL);
  g_autofree char *earlier = g_strconcat ("HTTP/1.1 200 OK\n", row->earlier, NULL);
  g_autofree char *response = g_strconcat ("HTTP/1.1 304 Not Modified\n", row->response, NULL);
  HonestyCase c = { row->name, { request, earlier, response }, run_not_modified, row, names };
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autofree char *answer = honesty_run (&c, why);

  assert_string_equal (answer, row->want ? "fine" : "faulty");
  honesty_assert_decides (why, row->clause);
  honesty_check (&c);
}

/* Vary */

typedef struct
{
  const char *name;
  const char *accept_one, *one, *accept_other, *other;
  const char *want, *clause;
} VaryRow;

/* clang-format off */
static const VaryRow vary_rows[] = {
  { "Vary: the same to all", "Accept: a/b\n", "Content-Type: a/b\n", "Accept: a/c\n", "Content-Type: a/b\n", "same", "vary.named.differs" },
  { "Vary: another type by another Accept", "Accept: a/b\n", "Content-Type: a/b\n", "Accept: a/c\n", "Content-Type: a/c\n", "missing", "vary.named" },
  { "Vary: … and it is named", "Accept: a/b\n", "Content-Type: a/b\n", "Accept: a/c\n", "Content-Type: a/c\nVary: accept\n", "named", "vary.named" },
  { "Vary: … by a star", "Accept: a/b\n", "Content-Type: a/b\n", "Accept: a/c\n", "Content-Type: a/c\nVary: *\n", "named", "vary.named" },
  { "Vary: the type changed by itself", "Accept: a/b\n", "Content-Type: a/b\n", "Accept: a/b\n", "Content-Type: a/c\n", "same", "vary.named.differs" },
  { "Vary: another language", "Accept-Language: de\n", "Content-Language: de\n", "Accept-Language: en\n", "Content-Language: en\nVary: Accept\n", "missing", "vary.named" },
  { "Vary: gzip to who accepts it", "", "", "Accept-Encoding: gzip\n", "Content-Encoding: gzip\n", "missing", "vary.named" },
};
/* clang-format on */

static char *
run_vary (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const RtAnswered one = { messages[0], messages[1] };
  const RtAnswered other = { messages[2], messages[3] };
  g_autoptr (RtDecision) own = rt_decision_new ();

  rt_vary_named_decide (&one, &other, why);
  rt_vary_named_decide (&one, &other, own);
  return g_strdup (rt_decision_get_verdict (own));
}

static void
test_vary (void **state)
{
  const VaryRow *row = *state;
  g_autofree char *a = g_strconcat ("GET /a HTTP/1.1\n", row->accept_one, NULL);
  g_autofree char *b = g_strconcat ("HTTP/1.1 200 OK\n", row->one, NULL);
  g_autofree char *c = g_strconcat ("GET /a HTTP/1.1\n", row->accept_other, NULL);
  g_autofree char *d = g_strconcat ("HTTP/1.1 200 OK\n", row->other, NULL);
  HonestyCase honesty = { row->name, { a, b, c, d }, run_vary, row, NULL };
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autofree char *answer = honesty_run (&honesty, why);

  assert_string_equal (answer, row->want);
  honesty_assert_decides (why, row->clause);
  honesty_check (&honesty);
}

int
main (void)
{
  enum
  {
    N_ROWS = G_N_ELEMENTS (rows),
    N_NOT_MODIFIED = G_N_ELEMENTS (not_modified_rows),
    N_VARY = G_N_ELEMENTS (vary_rows),
  };
  struct CMUnitTest tests[2 + N_ROWS + N_NOT_MODIFIED + N_VARY] = {
    cmocka_unit_test (test_each_fault_is_told_once),
    cmocka_unit_test (test_a_source_without_bytes_may_list_a_field_twice),
  };
  gsize n = 2;

  for (gsize i = 0; i < N_ROWS; i++)
    tests[n++] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  for (gsize i = 0; i < N_NOT_MODIFIED; i++)
    tests[n++] = (struct CMUnitTest){ not_modified_rows[i].name, test_not_modified, NULL, NULL,
                                      (void *)&not_modified_rows[i] };
  for (gsize i = 0; i < N_VARY; i++)
    tests[n++]
        = (struct CMUnitTest){ vary_rows[i].name, test_vary, NULL, NULL, (void *)&vary_rows[i] };
  return _cmocka_run_group_tests ("response-fields", tests, n, NULL, NULL);
}
