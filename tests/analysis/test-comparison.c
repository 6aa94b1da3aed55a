/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two exchanges beside each other: which elements are compared with which, and what is said. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "scenario.h"

#include "rt-comparison.h"

#define RESPONSE(head, content) "HTTP/1.1 " head "\r\n\r\n" content
#define LENGTH_5 "200 OK\r\nContent-Length: 5"

typedef struct
{
  const char *name;
  const char *left_request, *left_response;   /* response NULL: none came */
  const char *right_request, *right_response; /* request NULL: there is no exchange */
  const char *ignore;
  const char *want; /* a line for each item that is not the same */
} Row;

/* clang-format off */
static const Row rows[] = {
  { "equal exchanges do not differ", GET, OK, GET, OK, NULL, "" },
  { "a method differs", GET, OK, "HEAD /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\n\r\n",
    "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 5\r\n\r\n", NULL,
    "changed request: method: “GET” on the left, “HEAD” on the right\n"
    "left response: content: 5 bytes on the left, none on the right\n" },
  { "a target differs", GET, OK, GET_2, OK, NULL,
    "changed request: target: “/doc/1” on the left, “/doc/2” on the right\n" },
  { "a version differs", GET, OK, "GET /doc/1 HTTP/1.0\r\nHost: api.shop.test\r\n\r\n", OK, NULL,
    "changed request: version: “HTTP/1.1” on the left, “HTTP/1.0” on the right\n" },
  { "status and reason differ", GET, RESPONSE ("404 Not Found\r\nContent-Length: 0", ""), GET,
    RESPONSE ("200 OK\r\nContent-Length: 0", ""), NULL,
    "changed response: status: “404” on the left, “200” on the right\n"
    "changed response: reason phrase: “Not Found” on the left, “OK” on the right\n" },
  { "field names compare in any case", GET, OK,
    "GET /doc/1 HTTP/1.1\r\nhost: api.shop.test\r\n\r\n", OK, NULL, "" },
  { "the order of different fields does not count", GET,
    RESPONSE ("204 No Content\r\nA: 1\r\nB: 2", ""), GET,
    RESPONSE ("204 No Content\r\nB: 2\r\nA: 1", ""), NULL, "" },
  { "the order of lines with one name counts", GET,
    RESPONSE ("204 No Content\r\nA: 1\r\nA: 2", ""), GET,
    RESPONSE ("204 No Content\r\nA: 2\r\nA: 1", ""), NULL,
    "changed response: field A: “1” on the left, “2” on the right\n"
    "changed response: field A: “2” on the left, “1” on the right\n" },
  { "what is on one side alone stands where it stood", GET,
    RESPONSE ("204 No Content\r\nA: 1\r\nC: 3", ""), GET,
    RESPONSE ("204 No Content\r\nZ: 0\r\nA: 1\r\nB: 2", ""), NULL,
    "right response: field Z: nothing on the left, “0” on the right\n"
    "right response: field B: nothing on the left, “2” on the right\n"
    "left response: field C: “3” on the left, nothing on the right\n" },
  { "an empty value is a value", GET, RESPONSE ("204 No Content\r\nA:", ""), GET,
    RESPONSE ("204 No Content", ""), NULL,
    "left response: field A: “” on the left, nothing on the right\n" },
  { "a field that is ignored does not count", GET,
    RESPONSE ("204 No Content\r\nDate: now", ""), GET,
    RESPONSE ("204 No Content\r\ndate: then", ""), "DATE",
    "ignored response: field Date: not compared\n" },
  { "the first byte that differs is named", GET, RESPONSE (LENGTH_5, "hello"), GET,
    RESPONSE (LENGTH_5, "help!"), NULL,
    "changed response: content: 5 bytes on the left, 5 on the right; the first difference is at "
    "byte 3\n" },
  { "of contents of two lengths the shorter one's end differs", GET,
    RESPONSE ("200 OK\r\nTransfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n"), GET,
    RESPONSE ("200 OK\r\nTransfer-Encoding: chunked", "6\r\nhello!\r\n0\r\n\r\n"), NULL,
    "changed response: content: 5 bytes on the left, 6 on the right; the first difference is at "
    "byte 5\n" },
  { "chunks are the connection's affair", GET,
    RESPONSE ("200 OK\r\nTransfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n"), GET,
    RESPONSE ("200 OK\r\nTransfer-Encoding: chunked", "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"),
    NULL, "" },
  { "trailers are compared", GET,
    RESPONSE ("200 OK\r\nTransfer-Encoding: chunked", "0\r\nSum: 1\r\n\r\n"), GET,
    RESPONSE ("200 OK\r\nTransfer-Encoding: chunked", "0\r\nSum: 2\r\n\r\n"), NULL,
    "changed response: trailer Sum: “1” on the left, “2” on the right\n" },
  { "interim responses are compared", GET,
    RESPONSE ("103 Early Hints", "HTTP/1.1 204 No Content\r\n\r\n"), GET,
    RESPONSE ("204 No Content", ""), NULL,
    "left interim response 1: status: “103” on the left, nothing on the right\n"
    "left interim response 1: reason phrase: “Early Hints” on the left, nothing on the right\n"
    "left interim response 1: version: “HTTP/1.1” on the left, nothing on the right\n" },
  { "an exchange without an answer says why", GET, NULL, GET, RESPONSE ("204 No Content", ""),
    NULL,
    "right response: status: nothing on the left, “204” on the right\n"
    "right response: reason phrase: nothing on the left, “No Content” on the right\n"
    "right response: version: nothing on the left, “HTTP/1.1” on the right\n"
    "left outcome: “The connection was closed before a response came” on the left, nothing on the "
    "right\n" },
  { "an exchange of one side alone is there alone",
    "GET / HTTP/1.1\r\n\r\n", RESPONSE ("204 No Content", ""), NULL, NULL, NULL,
    "left request: method: “GET” on the left, nothing on the right\n"
    "left request: scheme: “http” on the left, nothing on the right\n"
    "left request: target: “/” on the left, nothing on the right\n"
    "left request: version: “HTTP/1.1” on the left, nothing on the right\n"
    "left response: status: “204” on the left, nothing on the right\n"
    "left response: reason phrase: “No Content” on the left, nothing on the right\n"
    "left response: version: “HTTP/1.1” on the left, nothing on the right\n" },
  { "what peers send is shown printable and short", GET,
    RESPONSE ("204 No Content\r\nA: \x01", ""), GET,
    RESPONSE ("204 No Content\r\nA: "
              "0123456789012345678901234567890123456789012345678901234567890123456789", ""), NULL,
    "changed response: field A: “\\x01” on the left, "
    "“012345678901234567890123456789012345678901234567890123456789…” on the right\n" },
};
/* clang-format on */

static RtAnalysis *
analyse (Builder *b, const char *request, const char *response)
{
  *b = build_log ();
  if (request != NULL)
    build_send (b, RT_FORWARD, request);
  if (response != NULL)
    build_send (b, RT_BACKWARD, response);
  build_fin (b, RT_BACKWARD);
  return build_analysis (b, G_MAXUINT64);
}

static char *
tell (RtComparison *comparison)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < rt_comparison_get_length (comparison); i++)
    {
      const RtComparedItem *item = rt_comparison_get (comparison, i);
      g_autofree char *name = rt_compared_item_dup_name (item);
      g_autofree char *text = rt_compared_item_dup_text (item);

      if (item->difference != RT_DIFFERENCE_NONE)
        g_string_append_printf (out, "%s %s: %s\n", rt_difference_name (item->difference), name,
                                text);
    }
  return g_string_free (out, FALSE);
}

static void
test_row (void **state)
{
  const Row *row = *state;
  Builder b[2];
  g_autoptr (RtAnalysis) left = analyse (&b[0], row->left_request, row->left_response);
  g_autoptr (RtAnalysis) right = analyse (&b[1], row->right_request, row->right_response);
  const char *ignore[] = { row->ignore, NULL };
  const RtComparisonOptions options = { ignore };
  RtComparison *comparison
      = rt_comparison_new (left, rt_analysis_get_exchange (left, 1), right,
                           rt_analysis_get_exchange (right, 1), row->ignore ? &options : NULL);
  g_autofree char *said = tell (comparison);
  const RtComparedItem *first = rt_comparison_get_first (comparison);

  assert_string_equal (said, row->want);
  assert_int_equal (first != NULL, *row->want != '\0' && row->ignore == NULL);
  assert_int_equal (rt_comparison_count_differences (comparison) > 0, first != NULL);
  rt_comparison_free (comparison);
  for (guint i = 0; i < 2; i++)
    rt_log_free (b[i].log);
}

/* The window marks what an item is about by its spans. */
static void
test_spans (void **state)
{
  Builder b;
  g_autoptr (RtAnalysis) analysis = analyse (&b, GET, OK);
  const RtExchange *exchange = rt_analysis_get_exchange (analysis, 1);
  g_autoptr (RtComparison) comparison
      = rt_comparison_new (analysis, exchange, analysis, exchange, NULL);

  for (guint i = 0; i < rt_comparison_get_length (comparison); i++)
    {
      const RtComparedItem *item = rt_comparison_get (comparison, i);
      g_autoptr (GBytes) bytes = rt_analysis_dup_bytes (analysis, item->left_span, NULL);
      RtText text = { g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes) };

      if (item->part == RT_PART_FIELD)
        assert_true (rt_text_find (text, item->left) > 0);
      else if (item->part == RT_PART_CONTENT)
        assert_true (rt_text_is (text, "hello"));
      else if (item->part != RT_PART_SCHEME)
        assert_true (rt_text_equal (text, item->left));
    }
  rt_log_free (b.log);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + 1];

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  tests[G_N_ELEMENTS (rows)] = (struct CMUnitTest)cmocka_unit_test (test_spans);
  return _cmocka_run_group_tests ("comparison", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
