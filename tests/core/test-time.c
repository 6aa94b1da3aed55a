/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Calendar arithmetic and the text forms of times and durations. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rt-calendar.h"
#include "rt-error.h"
#include "rt-time.h"

typedef struct
{
  const char *name, *text;
  gint64 want;
  const char *back; /* what it is formatted as; NULL: it is refused */
} Row;

/* clang-format off */
static const Row times[] = {
  { "the epoch is 0", "1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z" },
  { "a day later", "1970-01-02T00:00:00Z", RT_TIME_DAY, "1970-01-02T00:00:00Z" },
  { "a second before the epoch", "1969-12-31T23:59:59Z", -RT_TIME_SEC, "1969-12-31T23:59:59Z" },
  { "a microsecond before the epoch", "1969-12-31T23:59:59.999999Z", -1, "1969-12-31T23:59:59.999999Z" },
  { "milliseconds", "1970-01-01T00:00:00.25Z", 250000, "1970-01-01T00:00:00.250Z" },
  { "digits below a microsecond are cut", "1970-01-01T00:00:00.1234567Z", 123456, "1970-01-01T00:00:00.123456Z" },
  { "2000 is a leap year", "2000-02-29T00:00:00Z", G_GINT64_CONSTANT (951782400000000), "2000-02-29T00:00:00Z" },
  { "the year 0", "0000-01-01T00:00:00Z", G_GINT64_CONSTANT (-62167219200000000), "0000-01-01T00:00:00Z" },
  { "the year 9999", "9999-12-31T23:59:59Z", G_GINT64_CONSTANT (253402300799000000), "9999-12-31T23:59:59Z" },
  { "a leap second is the next minute's first", "2016-12-31T23:59:60Z", G_GINT64_CONSTANT (1483228800000000), "2017-01-01T00:00:00Z" },
  { "1900 is no leap year", "1900-02-29T00:00:00Z", 0, NULL },
  { "no zone but Z", "1970-01-01T00:00:00+01:00", 0, NULL },
  { "no month 13", "1970-13-01T00:00:00Z", 0, NULL },
  { "no month 0", "1970-00-01T00:00:00Z", 0, NULL },
  { "no day 32", "1970-01-32T00:00:00Z", 0, NULL },
  { "no hour 24", "1970-01-01T24:00:00Z", 0, NULL },
  { "no second 61", "1970-01-01T00:00:61Z", 0, NULL },
  { "no date alone", "1970-01-01", 0, NULL },
  { "no dot without digits", "1970-01-01T00:00:00.Z", 0, NULL },
  { "nothing behind it", "1970-01-01T00:00:00Z ", 0, NULL },
  { "no sign", "-970-01-01T00:00:00Z", 0, NULL },
  { "not empty", "", 0, NULL },
};

static const Row durations[] = {
  { "milliseconds", "250ms", 250000, "250 ms" },
  { "a fraction", "1.5s", 1500000, "1.5 s" },
  { "with a sign", "+1h", RT_TIME_HOUR, "1 h" },
  { "nothing", "0s", 0, "0 ms" },
  { "microseconds", "240us", 240, "240 µs" },
  { "a fraction of a microsecond is cut", "1.5us", 1, "1 µs" },
  { "half a day", "0.5d", 12 * RT_TIME_HOUR, "12 h" },
  { "90 seconds stay seconds", "90s", 90 * RT_TIME_SEC, "90 s" },
  { "120 seconds are minutes", "120s", 120 * RT_TIME_SEC, "2 min" },
  { "hundredths below 10", "1.25s", 1250000, "1.25 s" },
  { "leading zero of hundredths", "1.05s", 1050000, "1.05 s" },
  { "tenths below 100", "12.55ms", 12550, "12.5 ms" },
  { "no tenth of nothing", "12.05ms", 12050, "12 ms" },
  { "cut, not rounded", "0.9999s", 999900, "999 ms" },
  { "no unit", "250", 0, NULL },
  { "no number", "ms", 0, NULL },
  { "no space", "250 ms", 0, NULL },
  { "no such unit", "1y", 0, NULL },
  { "nothing negative", "-1s", 0, NULL },
  { "no dot alone", "1.s", 0, NULL },
  { "too long a time", "999999999999d", 0, NULL },
  { "far too many digits", "99999999999999999999999s", 0, NULL },
  { "not empty", "", 0, NULL },
};
/* clang-format on */

static void
check (const Row *row,
       gboolean (*parse) (const char *, RtTime *, GError **),
       char *(*format) (RtTime))
{
  RtTime value = 4711;
  g_autoptr (GError) error = NULL;
  g_autofree char *back = NULL;
  gboolean ok = parse (row->text, &value, &error);

  assert_int_equal (ok, row->back != NULL);
  if (!ok)
    {
      assert_int_equal (value, 4711);
      assert_true (g_error_matches (error, RT_ERROR, RT_ERROR_SYNTAX));
      assert_non_null (strstr (error->message, "expected"));
      return;
    }
  assert_int_equal (value, row->want);
  back = format (value);
  assert_string_equal (back, row->back);
}

static void
test_time (void **state)
{
  check (*state, rt_time_parse, rt_time_format);
}

static void
test_duration (void **state)
{
  check (*state, rt_duration_parse, rt_duration_format);
}

static void
test_every_day_is_followed_by_the_next (void **state)
{
  RtTime time = rt_time_from_civil (&(RtCivil){ .year = 1599, .month = 12, .day = 31 });
  RtCivil last = rt_civil_from_time (time);

  for (int i = 0; i < 800 * 366; i++)
    {
      RtCivil next = rt_civil_from_time (time += RT_TIME_DAY);

      assert_true (rt_civil_is_valid (&next));
      assert_int_equal (rt_time_from_civil (&next), time);
      assert_int_equal (next.weekday, (last.weekday + 1) % 7);
      assert_true (next.day == last.day + 1 || next.day == 1);
      last = next;
    }
}

static void
test_the_calendar_has_two_ends (void **state)
{
  assert_int_equal (RT_TIME_FIRST,
                    rt_time_from_civil (&(RtCivil){ .year = 0, .month = 1, .day = 1 }));
  assert_int_equal (RT_TIME_LAST,
                    rt_time_from_civil (&(RtCivil){ .year = 9999, .month = 12, .day = 31 }));
}

static void
test_extremes_do_no_harm (void **state)
{
  g_autofree char *negative = rt_duration_format (-1500000);

  assert_string_equal (negative, "−1.5 s");
  for (int i = 0; i < 2; i++)
    {
      RtTime extreme = i == 0 ? G_MININT64 : G_MAXINT64;
      g_autofree char *time = rt_time_format (extreme);
      g_autofree char *duration = rt_duration_format (extreme);

      assert_non_null (time);
      assert_non_null (duration);
    }
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (times) + G_N_ELEMENTS (durations) + 3];
  gsize n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    tests[n++] = (struct CMUnitTest){ times[i].name, test_time, NULL, NULL, (gpointer)&times[i] };
  for (gsize i = 0; i < G_N_ELEMENTS (durations); i++)
    tests[n++] = (struct CMUnitTest){ durations[i].name, test_duration, NULL, NULL,
                                      (gpointer)&durations[i] };
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_every_day_is_followed_by_the_next);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_the_calendar_has_two_ends);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_extremes_do_no_harm);
  return _cmocka_run_group_tests ("times and durations", tests, n, NULL, NULL);
}
