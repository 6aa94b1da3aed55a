/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Ranges: each row a request for a representation of so many bytes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"
#include "rt-range-select.h"

typedef struct
{
  const char *name;
  const char *request;
  guint64 length;
  const char *want;
  const char *clause;
  gboolean unsupported;
} Row;

#define GET "GET /a HTTP/1.1\n"

/* clang-format off */
static const Row rows[] = {
  { "no Range", GET "X: y\n", 10, "200", "range.present" },
  { "Range of a HEAD is ignored", "HEAD /a HTTP/1.1\nRange: bytes=0-1\n", 10, "200", "range.method" },
  { "Range of a PUT is ignored", "PUT /a HTTP/1.1\nRange: bytes=0-1\n", 10, "200", "range.method" },
  { "a resource without ranges sends everything", GET "Range: bytes=0-1\n", 10, "200", "range.supported", TRUE },
  { "an unknown unit is ignored", GET "Range: seconds=0-1\n", 10, "200", "range.unit" },
  { "the unit in any case", GET "Range: BYTES=0-1\n", 10, "206 0-1", "range.single" },
  { "the first two bytes", GET "Range: bytes=0-1\n", 10, "206 0-1", "range.single" },
  { "the last byte by its position", GET "Range: bytes=9-9\n", 10, "206 9-9", "range.single" },
  { "an end behind the end is cut", GET "Range: bytes=5-99\n", 10, "206 5-9", "range.single" },
  { "an end too large for 64 bits is cut", GET "Range: bytes=5-99999999999999999999999\n", 10, "206 5-9", "range.single" },
  { "an open range", GET "Range: bytes=5-\n", 10, "206 5-9", "range.single" },
  { "a suffix", GET "Range: bytes=-3\n", 10, "206 7-9", "range.single" },
  { "a suffix longer than everything", GET "Range: bytes=-30\n", 10, "206 0-9", "range.single" },
  { "everything as a range", GET "Range: bytes=0-\n", 10, "206 0-9", "range.single" },
  { "a start behind the end", GET "Range: bytes=10-\n", 10, "416", "range.satisfiable" },
  { "a suffix of nothing", GET "Range: bytes=-0\n", 10, "416", "range.satisfiable" },
  { "a start too large for 64 bits", GET "Range: bytes=99999999999999999999999-\n", 10, "416", "range.satisfiable" },
  { "a range of an empty representation", GET "Range: bytes=0-\n", 0, "416", "range.satisfiable" },
  { "a suffix of an empty representation", GET "Range: bytes=-5\n", 0, "200", "range.empty" },
  { "a range that ends before it starts is ignored", GET "Range: bytes=5-2\n", 10, "200", "range.valid" },
  { "a range that is none is ignored", GET "Range: bytes=a-b\n", 10, "200", "range.valid" },
  { "an empty set is ignored", GET "Range: bytes=\n", 10, "200", "range.valid" },
  { "a lone dash is ignored", GET "Range: bytes=-\n", 10, "200", "range.valid" },
  { "no unit at all is ignored", GET "Range: 0-1\n", 10, "200", "range.valid" },
  { "one bad range spoils the others", GET "Range: bytes=0-1, 5-2\n", 10, "200", "range.valid" },
  { "two Range lines are ignored", GET "Range: bytes=0-1\nRange: bytes=3-4\n", 10, "200", "range.valid" },
  { "two ranges", GET "Range: bytes=0-1, 4-5\n", 10, "206 0-1 4-5", "range.single" },
  { "two ranges stay in the order asked for", GET "Range: bytes=4-5,0-1\n", 10, "206 4-5 0-1", "range.single" },
  { "empty elements do not count", GET "Range: bytes=,0-1,,4-5,\n", 10, "206 0-1 4-5", "range.single" },
  { "two that overlap are joined", GET "Range: bytes=0-4,3-6\n", 10, "206 0-6", "range.single" },
  { "two that follow one another are joined", GET "Range: bytes=0-4,5-6\n", 10, "206 0-6", "range.single" },
  { "two with a byte between are not", GET "Range: bytes=0-4,6-7\n", 10, "206 0-4 6-7", "range.single" },
  { "one within another is joined", GET "Range: bytes=0-8,3-4\n", 10, "206 0-8", "range.single" },
  { "the third joins the first two", GET "Range: bytes=0-1,8-9,2-7\n", 10, "206 0-9", "range.single" },
  { "joined ones stay where the first stood", GET "Range: bytes=6-7,0-0,2-3,1-1\n", 10, "206 6-7 0-3", "range.single" },
  { "the same range thrice", GET "Range: bytes=0-1,0-1,0-1\n", 10, "206 0-1", "range.single" },
  { "what can't be satisfied is left out", GET "Range: bytes=20-30,0-1\n", 10, "206 0-1", "range.single" },
  { "a suffix joins a range", GET "Range: bytes=-3,5-6\n", 10, "206 5-9", "range.single" },
  { "none of two can be satisfied", GET "Range: bytes=20-30,40-\n", 10, "416", "range.satisfiable" },
};
/* clang-format on */

static const char *const alternatives[]
    = { "bytes=0-0", "bytes=0-0,2-2", "bytes=5-", "seconds=1-2", "bytes=99-", "HEAD", NULL };

static char *
selection_text (const RtRangeSelection *s)
{
  GString *out = g_string_new (rt_range_verdict_name (s->verdict));

  for (guint i = 0; i < s->n; i++)
    g_string_append_printf (out, " %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT, s->ranges[i].first,
                            s->ranges[i].last);
  return g_string_free (out, FALSE);
}

static char *
run (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const Row *row = data;
  RtRangeSelection selection;

  rt_range_select_decide (messages[0], row->length, !row->unsupported, &selection, why);
  return selection_text (&selection);
}

static void
test_row (void **state)
{
  const Row *row = *state;
  HonestyCase c = { row->name, { row->request }, run, row, alternatives };

  honesty_check_answer (&c, row->want, row->clause);
}

static void
select_of (const char *range, guint64 length, RtRangeSelection *ret_selection)
{
  g_autoptr (RtMessage) request = rt_message_new_request ("GET", "/a");

  rt_fields_append (request->fields, "Range", range);
  rt_range_select_decide (request, length, TRUE, ret_selection, NULL);
}

static void
test_more_ranges_than_anybody_needs_are_ignored (void **state)
{
  g_autoptr (GString) range = g_string_new ("bytes=0-0");
  RtRangeSelection s;

  for (int i = 1; i < RT_RANGE_SELECT_MAX; i++)
    g_string_append_printf (range, ",%d-%d", 2 * i, 2 * i);
  select_of (range->str, 1000, &s);
  assert_int_equal (s.verdict, RT_RANGE_PARTIAL);
  assert_int_equal (s.n, RT_RANGE_SELECT_MAX);
  g_string_append (range, ",999-999");
  select_of (range->str, 1000, &s);
  assert_int_equal (s.verdict, RT_RANGE_WHOLE);
}

static void
test_content_range (void **state)
{
  RtRangeSelection s;
  g_autofree char *part = NULL;
  g_autofree char *none = NULL;

  select_of ("bytes=2-3", 10, &s);
  part = rt_range_content_range (&s, 0);
  assert_string_equal (part, "bytes 2-3/10");
  assert_int_equal (rt_range_content_length (&s, "b", "text/plain"), 2);
  select_of ("bytes=20-", 10, &s);
  none = rt_range_content_range (&s, 0);
  assert_string_equal (none, "bytes */10");
}

static void
test_parts (void **state)
{
  RtRangeSelection s;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *end = rt_range_parts_end ("b");

  select_of ("bytes=0-1,4-6", 10, &s);
  first = rt_range_part_head (&s, 0, "b", "text/plain");
  second = rt_range_part_head (&s, 1, "b", NULL);
  assert_string_equal (first,
                       "--b\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-1/10\r\n\r\n");
  assert_string_equal (second, "\r\n--b\r\nContent-Range: bytes 4-6/10\r\n\r\n");
  assert_string_equal (end, "\r\n--b--\r\n");
  assert_int_equal (rt_range_content_length (&s, "b", NULL),
                    strlen ("--b\r\nContent-Range: bytes 0-1/10\r\n\r\n") + 2 + strlen (second) + 3
                        + strlen (end));
}

#define N_SINGLE 3

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + N_SINGLE] = {
    cmocka_unit_test (test_more_ranges_than_anybody_needs_are_ignored),
    cmocka_unit_test (test_content_range),
    cmocka_unit_test (test_parts),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i + N_SINGLE]
        = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("range-select", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
