/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Filters: what each term matches, what is said of a filter that cannot be understood, and what
 * could stand where the cursor is. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "log-builder.h"
#include "rt-filter.h"
#include "rt-gzip.h"

static Builder log_of_tests;
static RtAnalysis *analysis;

static void
send_exchange (const char *request, const char *response)
{
  build_send (&log_of_tests, RT_FORWARD, request);
  if (response != NULL)
    build_send (&log_of_tests, RT_BACKWARD, response);
}

static void
send_gzip (void)
{
  g_autoptr (GBytes) plain = g_bytes_new_static ("inside of the coding", 20);
  g_autoptr (GBytes) coded = rt_gzip (plain);
  g_autofree char *head = g_strdup_printf (
      "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\n"
      "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
      g_bytes_get_size (coded));
  RtSpan span;

  build_send (&log_of_tests, RT_FORWARD, "GET /coded HTTP/1.1\r\nHost: www.shop.test\r\n\r\n");
  build_send (&log_of_tests, RT_BACKWARD, head);
  span = rt_log_write (log_of_tests.log, log_of_tests.buffers[RT_BACKWARD], coded);
  build_event (&log_of_tests, RT_EVENT_SENT, log_of_tests.server, span, NULL);
  build_received (&log_of_tests, RT_BACKWARD, span);
}

/* Seven exchanges; the rows below name them by number. */
static int
set_up (void **state)
{
  log_of_tests = build_log ();
  send_exchange ("GET /cart?item=7 HTTP/1.1\r\nHost: api.shop.test\r\nCookie: sid=1; theme=dark\r\n"
                 "Priority: u=1\r\n\r\n",
                 "HTTP/1.1 200 OK\r\nETag: \"abc\"\r\nContent-Type: application/json\r\n"
                 "Set-Cookie: seen=1\r\nContent-Length: 13\r\n\r\n{\"cheese\": 3}");
  send_exchange ("PUT /cart HTTP/1.1\r\nHost: api.shop.test:80\r\nIf-Match: \"old\"\r\n"
                 "Content-Length: 5\r\n\r\nBread",
                 "HTTP/1.1 412 Precondition Failed\r\nContent-Length: 0\r\n\r\n");
  send_exchange ("OPTIONS /cart HTTP/1.1\r\nHost: api.shop.test\r\nOrigin: https://a.test\r\n"
                 "Access-Control-Request-Method: PUT\r\n\r\n",
                 "HTTP/1.1 204 No Content\r\nAge: 7\r\n\r\n");
  send_exchange ("GET /old HTTP/1.1\r\nHost: www.shop.test\r\n\r\n",
                 "HTTP/1.1 301 Moved Permanently\r\nLocation: /new\r\nCache-Status: edge; hit\r\n"
                 "Content-Length: 0\r\n\r\n");
  send_gzip ();
  send_exchange ("GET /chunks HTTP/1.1\r\nHost: other.test\r\n\r\n",
                 "HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "4\r\nbutt\r\n4\r\nered\r\n0\r\n\r\n");
  send_exchange ("GET /waits HTTP/1.1\r\nHost: api.shop.test\r\n\r\n", NULL);
  analysis = build_analysis (&log_of_tests, G_MAXUINT64);
  return 0;
}

static int
tear_down (void **state)
{
  rt_analysis_free (analysis);
  rt_log_free (log_of_tests.log);
  return 0;
}

typedef struct
{
  const char *filter, *matches;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "", "1 2 3 4 5 6 7" },
  { "   ", "1 2 3 4 5 6 7" },
  { "method:get", "1 4 5 6 7" },
  { "-method:GET", "2 3" },
  { "method:P*", "2" },
  { "status-code:412", "2" },
  { "status-code:4xx", "2" },
  { "status-code:2*", "1 3 5" },
  { "status-code:>=400", "2 6" },
  { "status-code:>412", "6" },
  { "status-code:<300", "1 3 5" },
  { "status-code:300-412", "2 4" },
  { "-status-code:200", "2 3 4 6 7" },
  { "domain:api.shop.test", "1 2 3 7" },
  { "domain:*.shop.test", "1 2 3 4 5 7" },
  { "domain:shop.test", "" },
  { "scheme:http", "1 2 3 4 5 6 7" },
  { "scheme:https", "" },
  { "url:/cart", "1 2 3" },
  { "url:shop.test/cart", "1 3" },
  { "url:*cart", "2 3" },
  { "mime-type:application/json", "1" },
  { "mime-type:text/*", "5" },
  { "larger-than:0", "1 2 3 4 5 6" },
  { "larger-than:70 smaller-than:110", "4 6" },
  { "larger-than:1k", "" },
  { "smaller-than:1k", "1 2 3 4 5 6 7" },
  { "duration:>1ms", "1 2 3 4 5 6" },
  { "duration:>1s", "" },
  { "party:ann", "1 2 3 4 5 6 7" },
  { "party:api*", "1 2 3 4 5 6 7" },
  { "party:bob", "" },
  { "connection:1", "1 2 3 4 5 6 7" },
  { "connection:2", "" },
  { "number:2-3", "2 3" },
  { "has-request-header:If-Match", "2" },
  { "has-request-header:access-*", "3" },
  { "has-response-header:etag", "1" },
  { "-has-response-header:content-length", "3 6 7" },
  { "cookie-name:sid", "1" },
  { "cookie-name:SID", "1" },
  { "cookie-name:seen", "" },
  { "set-cookie-name:seen", "1" },
  { "priority:1", "1" },
  { "priority:3", "2 3 4 5 6 7" },
  { "priority:<3", "1" },
  { "body:cheese", "1" },
  { "body:CHEESE", "1" },
  { "body:bread", "2" },
  { "request-body:bread", "2" },
  { "response-body:bread", "" },
  { "body:\"inside of\"", "5" },
  { "body:buttered", "6" },
  { "body:precondition", "" },
  { "bytes:7B2263", "1" },
  { "bytes:\"7b 22 63\"", "1" },
  { "bytes:1f8b", "5" },
  { "is:running", "7" },
  { "-is:running", "1 2 3 4 5 6" },
  { "is:failed", "" },
  { "is:error", "2 6" },
  { "is:redirect", "4" },
  { "is:preflight", "3" },
  { "is:from-cache", "3 4" },
  { "is:retried", "" },
  { "is:reconstructed", "" },
  { "is:secure", "" },
  { "is:marked", "2 4" },
  { "has:note", "4" },
  { "cheese", "1" },
  { "inside", "5" },
  { "buttered", "6" },
  { "\"Precondition Failed\"", "2" },
  { "-cheese -bread", "3 4 5 6 7" },
  { "/chee[sz]e/", "1" },
  { "/BUTT?ered$/", "6" },
  { "-/./", "" },
  { "/cart", "1 2 3" },
  { "/a b/ method:GET", "" },
  { "http://unquoted", "" },
  { "-", "1 2 3 4 5 6" },
  { "method:GET status-code:200 domain:api.shop.test", "1" },
  { "has-response-header:etag -\"no such text\"", "1" },
};
/* clang-format on */

static RtFilterMarks
marks_of (guint exchange)
{
  if (exchange == 4)
    return RT_FILTER_MARKED | RT_FILTER_NOTED;
  return exchange == 2 ? RT_FILTER_MARKED : RT_FILTER_UNMARKED;
}

static void
test_row (void **state)
{
  const Row *row = *state;
  GPtrArray *exchanges = rt_analysis_get_exchanges (analysis);
  g_autoptr (GError) error = NULL;
  g_autoptr (RtFilter) filter = rt_filter_new (row->filter, &error);
  g_autoptr (GString) matches = g_string_new (NULL);

  assert_null (error);
  for (guint i = 0; i < exchanges->len; i++)
    if (rt_filter_matches (filter, analysis, exchanges->pdata[i], marks_of (i + 1)))
      g_string_append_printf (matches, "%s%u", matches->len > 0 ? " " : "", i + 1);
  assert_string_equal (matches->str, row->matches);
}

typedef struct
{
  const char *filter, *message;
} Bad;

/* clang-format off */
static const Bad bad[] = {
  { "metod:GET", "filter:1:1: there is no filter “metod”; expected “method”" },
  { "cheese  status-code:abc", "filter:1:9: “status-code:” cannot be “abc”; "
                               "expected the status: 404, 4xx, >=400, 200-299" },
  { "status-code:", "filter:1:1: “status-code:” has no value; "
                    "expected the status: 404, 4xx, >=400, 200-299" },
  { "is:runing", "filter:1:1: there is no is “runing”; expected “running”" },
  { "larger-than:4x", "filter:1:1: “larger-than:” cannot be “4x”; "
                      "expected size of the response: 100, 4k, 1M" },
  { "larger-than:99999999999999999999", "filter:1:1: “larger-than:” cannot be "
    "“99999999999999999999”; expected size of the response: 100, 4k, 1M" },
  { "bytes:ABC", "filter:1:1: “bytes:” cannot be “ABC”; expected bytes in either message, in "
                 "hexadecimal: DEADBEEF" },
  { "ü \"open", "filter:1:3: the text that begins with a quote does not end; "
                "expected a second quote" },
  { "\"\"", "filter:1:1: there is no text; expected text between the quotes" },
  { "a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a",
    "the filter is too long; expected at most 32 terms" },
};
/* clang-format on */

static void
test_bad (void **state)
{
  const Bad *row = *state;
  g_autoptr (GError) error = NULL;

  assert_null (rt_filter_new (row->filter, &error));
  assert_string_equal (error->message, row->message);
}

static void
test_bad_regex (void **state)
{
  g_autoptr (GError) error = NULL;

  assert_null (rt_filter_new ("-/a(b/", &error));
  assert_true (g_str_has_prefix (error->message, "filter:1:1: "));
  assert_true (
      g_str_has_suffix (error->message, "; expected a regular expression as Perl has them"));
}

typedef struct
{
  const char *text; /* | is the cursor */
  const char *completions;
} Completing;

/* clang-format off */
static const Completing completing[] = {
  { "me|", "0-2 method:" },
  { "-me|", "1-3 method:" },
  { "cheese status|", "7-13 status-code:" },
  { "me| cheese", "0-2 method:" },
  { "is:re|", "3-5 redirect, 3-5 retried, 3-5 reconstructed" },
  { "is:RU|", "3-5 running" },
  { "scheme:|", "7-7 http, 7-7 https" },
  { "method:|", "7-7 GET, 7-7 OPTIONS, 7-7 PUT" },
  { "method:p|ut", "7-10 PUT" },
  { "status-code:4|", "12-13 412" },
  { "domain:api.shop.test:|", "7-21 api.shop.test:80" },
  { "cookie-name:|", "12-12 sid, 12-12 theme" },
  { "has-response-header:e|", "20-21 etag" },
  { "mime-type:|", "10-10 application/json, 10-10 text/html" },
  { "nothing:|", "" },
  { "\"a b\" has|", "6-9 has-request-header:, 6-9 has-response-header:, 6-9 has:" },
};
/* clang-format on */

static void
test_completion (void **state)
{
  const Completing *row = *state;
  gsize cursor = (gsize)(strchr (row->text, '|') - row->text);
  g_autofree char *text
      = g_strdup_printf ("%.*s%s", (int)cursor, row->text, row->text + cursor + 1);
  g_autoptr (GPtrArray) found = rt_filter_complete (text, cursor, rt_filter_dup_values, analysis);
  g_autoptr (GString) told = g_string_new (NULL);

  for (guint i = 0; i < found->len; i++)
    {
      const RtFilterCompletion *completion = found->pdata[i];

      g_string_append_printf (told, "%s%u-%u %s", i > 0 ? ", " : "", (guint)completion->start,
                              (guint)completion->end, completion->text);
    }
  assert_string_equal (told->str, row->completions);
}

static void
test_nothing_typed (void **state)
{
  guint n;
  g_autoptr (GPtrArray) found = NULL;

  rt_filter_get_keywords (&n);
  found = rt_filter_complete ("method:GET ", 11, NULL, NULL);
  assert_int_equal (found->len, n);
  for (guint i = 0; i < n; i++)
    assert_non_null (((RtFilterCompletion *)found->pdata[i])->help);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + G_N_ELEMENTS (bad) + G_N_ELEMENTS (completing) + 2]
      = {
          { "a bad regular expression names its place", test_bad_regex, NULL, NULL, NULL },
          { "every name is offered where nothing was typed", test_nothing_typed, NULL, NULL, NULL },
        };
  gsize n = 2;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[n++] = (struct CMUnitTest){ rows[i].filter, test_row, NULL, NULL, (void *)&rows[i] };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    tests[n++] = (struct CMUnitTest){ bad[i].filter, test_bad, NULL, NULL, (void *)&bad[i] };
  for (gsize i = 0; i < G_N_ELEMENTS (completing); i++)
    tests[n++] = (struct CMUnitTest){ completing[i].text, test_completion, NULL, NULL,
                                      (void *)&completing[i] };
  return _cmocka_run_group_tests ("filters", tests, n, set_up, tear_down);
}
