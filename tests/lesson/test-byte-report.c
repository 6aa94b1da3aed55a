/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is said of bytes while they are written: which line, how bad, in which words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-byte-report.h"

#include <string.h>

typedef struct
{
  const char *name, *text;
  const char *want; /* summary, then a line a remark */
} Row;

#define HOLDS "not kept: "

/* clang-format off */
static const Row rows[] = {
  { "a request that is in order has no remarks",
    "GET / HTTP/1.1\nHost: a.test\n\n", "1 request, 32 bytes\n" },
  { "nothing", "", "0 requests, 0 bytes\n" },
  { "Host is missing",
    "GET / HTTP/1.1\nAccept: */*\n\n",
    "1 request, 31 bytes\n1 problem: " HOLDS "a request of HTTP/1.1 has a Host field (RFC 9112 §3.2)\n" },
  { "the empty line is missing",
    "GET / HTTP/1.1\nHost: a.test\n",
    "1 request, 30 bytes, not whole\n2 warning: the empty line that ends the header section is missing: "
    "a server waits for more (RFC 9112 §2.1)\n" },
  { "the content is longer than it says",
    "PUT / HTTP/1.1\nHost: a.test\nContent-Length: 5\n\ntea time\\\nGET / HTTP/1.1\nHost: a.test\n\n",
    "2 requests, 91 bytes\n5 warning: the content ends within this line, by Content-Length: its last 3 "
    "bytes begin the next request (RFC 9112 §6.3)\n" },
  { "the content is shorter than it says",
    "PUT / HTTP/1.1\nHost: a.test\nContent-Length: 20\n\ntea time\\\n",
    "1 request, 60 bytes, not whole\n3 warning: Content-Length promises 20 bytes, here are 8: a server "
    "waits for the rest (RFC 9112 §6.3)\n" },
  { "the content is as long as it says",
    "PUT / HTTP/1.1\nHost: a.test\nContent-Length: 8\n\ntea time\\\nGET / HTTP/1.1\nHost: a.test\n\n",
    "2 requests, 91 bytes\n" },
  { "the last chunk is missing",
    "PUT / HTTP/1.1\nHost: a.test\nTransfer-Encoding: chunked\n\n3\ntea\n",
    "1 request, 68 bytes, not whole\n6 warning: the last chunk and the empty line after it are missing: "
    "a server waits for more (RFC 9112 §7.1)\n" },
  { "a pause is no line of the request",
    "GET / HTTP/1.1\n... 2s\nAccept: */*\n\n",
    "1 request, 31 bytes\n1 problem: " HOLDS "a request of HTTP/1.1 has a Host field (RFC 9112 §3.2)\n" },
  { "both ways to frame it",
    "POST / HTTP/1.1\nHost: a.test\nContent-Length: 5\nTransfer-Encoding: chunked\n\n0\n\n",
    "1 request, 85 bytes\n3 problem: " HOLDS "Content-Length and Transfer-Encoding do not meet in one "
    "message: that is how requests are smuggled (RFC 9112 §6.3)\n" },
  { "an escape that there is not",
    "GET / HTTP/1.1\nHost: \\q\n\n",
    "cannot be sent\n2 problem: line 2: a backslash escapes nothing; expected \\r, \\n, \\t, \\0, \\xHH, \\\\, "
    "or \\ at the line's end\n" },
};
/* clang-format on */

static const char *
name_of (RtSeverity severity)
{
  static const char *const names[] = { "good", "info", "warning", "problem" };

  return names[severity];
}

static void
is_said (void **state)
{
  const Row *row = *state;
  g_autoptr (RtByteReport) report = rt_byte_report_new (row->text, NULL);
  g_autofree char *summary = rt_byte_report_dup_summary (report);
  g_autoptr (GString) out = g_string_new (summary);

  g_string_append_c (out, '\n');
  for (guint i = 0; i < report->remarks->len; i++)
    {
      const RtByteRemark *remark = report->remarks->pdata[i];

      g_string_append_printf (out, "%u %s: %s", remark->line, name_of (remark->severity),
                              remark->text);
      if (remark->reference != NULL)
        g_string_append_printf (out, " (%s)", remark->reference);
      g_string_append_c (out, '\n');
      assert_true (rt_byte_report_get_severity (report, remark->line) >= remark->severity);
    }
  assert_string_equal (out->str, row->want);
}

static void
content_that_nothing_announces (void **state)
{
  g_autoptr (RtByteReport) report
      = rt_byte_report_new ("POST / HTTP/1.1\nHost: a.test\n\nwhich=tea\n", NULL);
  const RtByteRemark *remark;

  assert_true (report->remarks->len > 0);
  remark = report->remarks->pdata[0];
  assert_int_equal (remark->line, 4);
  assert_int_equal (rt_byte_report_get_severity (report, 3), RT_SEVERITY_GOOD);
}

static void
the_rest_is_counted (void **state)
{
  g_autoptr (GBytes) rest = g_bytes_new_static ("12345", 5);
  g_autoptr (RtByteReport) report
      = rt_byte_report_new ("PUT / HTTP/1.1\nHost: a\nContent-Length: 5\n\n", rest);

  assert_int_equal (report->remarks->len, 0);
  assert_true (report->complete);
  assert_int_equal (g_bytes_get_size (report->bytes), 51);
}

static void
remarks_have_a_cap (void **state)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (RtByteReport) report = NULL;

  for (guint i = 0; i < 500; i++)
    g_string_append (text, "GET / HTTP/1.1\n\n");
  report = rt_byte_report_new (text->str, NULL);
  assert_int_equal (report->n_requests, 500);
  assert_int_equal (report->remarks->len, 50);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + 3];

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, is_said, NULL, NULL, (void *)&rows[i] };
  tests[G_N_ELEMENTS (rows)] = (struct CMUnitTest)cmocka_unit_test (content_that_nothing_announces);
  tests[G_N_ELEMENTS (rows) + 1] = (struct CMUnitTest)cmocka_unit_test (remarks_have_a_cap);
  tests[G_N_ELEMENTS (rows) + 2] = (struct CMUnitTest)cmocka_unit_test (the_rest_is_counted);
  return _cmocka_run_group_tests ("byte report", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
