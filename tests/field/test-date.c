/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HTTP dates and cookie dates. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rt-date.h"

typedef struct
{
  const char *name, *text, *strict, *tolerant;
} Row;

/* What each strictness makes of a text on 2026-01-01; NULL = no date. */
/* clang-format off */
static const Row rows[] = {
  { "IMF-fixdate", "Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT" },
  { "RFC 850", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT" },
  { "asctime", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT" },
  { "asctime, two-digit day", "Wed Nov 16 08:49:37 1994", "Wed, 16 Nov 1994 08:49:37 GMT", "Wed, 16 Nov 1994 08:49:37 GMT" },
  { "RFC 850, less than 50 years ahead", "Wednesday, 01-Jan-75 00:00:00 GMT", NULL, "Tue, 01 Jan 2075 00:00:00 GMT" },
  { "RFC 850, 50 years ahead", "Wednesday, 01-Jan-76 00:00:00 GMT", "Wed, 01 Jan 2076 00:00:00 GMT", "Wed, 01 Jan 2076 00:00:00 GMT" },
  { "RFC 850, a second more than 50 years ahead is past", "Thursday, 01-Jan-76 00:00:01 GMT", "Thu, 01 Jan 1976 00:00:01 GMT", "Thu, 01 Jan 1976 00:00:01 GMT" },
  { "wrong day of the week", "Mon, 06 Nov 1994 08:49:37 GMT", NULL, "Sun, 06 Nov 1994 08:49:37 GMT" },
  { "wrong case", "sun, 06 nov 1994 08:49:37 gmt", NULL, "Sun, 06 Nov 1994 08:49:37 GMT" },
  { "one-digit day", "Sun, 6 Nov 1994 08:49:37 GMT", NULL, "Sun, 06 Nov 1994 08:49:37 GMT" },
  { "one-digit hour", "Sun, 06 Nov 1994 8:49:37 GMT", NULL, "Sun, 06 Nov 1994 08:49:37 GMT" },
  { "UTC by its other name", "Sun, 06 Nov 1994 08:49:37 UTC", NULL, "Sun, 06 Nov 1994 08:49:37 GMT" },
  { "another zone", "Sun, 06 Nov 1994 08:49:37 AEST", NULL, NULL },
  { "no zone", "Sun, 06 Nov 1994 08:49:37", NULL, NULL },
  { "numeric zone", "Sun, 06 Nov 1994 08:49:37 +0000", NULL, NULL },
  { "leap second", "Sat, 31 Dec 2016 23:59:60 GMT", "Sun, 01 Jan 2017 00:00:00 GMT", "Sun, 01 Jan 2017 00:00:00 GMT" },
  { "30 February", "Sun, 30 Feb 1994 08:49:37 GMT", NULL, NULL },
  { "29 February of a leap year", "Thu, 29 Feb 2024 00:00:00 GMT", "Thu, 29 Feb 2024 00:00:00 GMT", "Thu, 29 Feb 2024 00:00:00 GMT" },
  { "hour 24", "Sun, 06 Nov 1994 24:00:00 GMT", NULL, NULL },
  { "a number", "0", NULL, NULL },
  { "minus one", "-1", NULL, NULL },
  { "empty", "", NULL, NULL },
  { "cut off", "Sun, 06 Nov 1994 08:49:3", NULL, NULL },
  { "something behind it", "Sun, 06 Nov 1994 08:49:37 GMT ", NULL, NULL },
  { "two spaces", "Sun,  06 Nov 1994 08:49:37 GMT", NULL, NULL },
  { "the last year", "Fri, 31 Dec 9999 23:59:59 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Fri, 31 Dec 9999 23:59:59 GMT" },
  { "two years' digits in IMF form", "Sun, 06 Nov 94 08:49:37 GMT", NULL, NULL },
};
/* clang-format on */

static void
check (const char *text, RtDateStrictness strictness, const char *want)
{
  const RtTime now = G_GINT64_CONSTANT (1767225600) * RT_TIME_SEC; /* 2026-01-01 */
  RtTime time = -1;
  char got[RT_DATE_LENGTH + 1];
  g_autofree char *exact = g_memdup2 (text, MAX (strlen (text), 1));

  if (!rt_http_date_parse ((RtText){ exact, strlen (text) }, now, strictness, &time))
    {
      assert_int_equal (time, -1);
      assert_null (want);
      return;
    }
  rt_http_date_format (time, got);
  assert_non_null (want);
  assert_string_equal (got, want);
}

static void
test_row (void **state)
{
  const Row *row = *state;

  check (row->text, RT_DATE_STRICT, row->strict);
  check (row->text, RT_DATE_TOLERANT, row->tolerant);
}

static void
test_cookie_date (void **state)
{
  static const struct
  {
    const char *text, *want;
  } cases[] = {
    { "Wed, 1-Jan-70 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT" },
    { "01 Jan 69 00:00:00", "Tue, 01 Jan 2069 00:00:00 GMT" },
    { "2037 31 dec 23:55:55", "Thu, 31 Dec 2037 23:55:55 GMT" },
    { "January 5 2020 1:2:3", "Sun, 05 Jan 2020 01:02:03 GMT" },
    { "1 Jan 1600 00:00:00", NULL },
    { "1 Jan 2020 24:00:00", NULL },
    { "1 Jan 2020 00:00:60", NULL },
    { "30 Feb 2020 00:00:00", NULL },
    { "1 Jan 2020", NULL },
    { "1 Jan 12345 00:00:00", NULL },
    { "", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      RtTime time;
      g_autofree char *got
          = rt_cookie_date_parse (rt_text (cases[i].text), &time) ? rt_http_date_dup (time) : NULL;

      if (g_strcmp0 (got, cases[i].want) != 0)
        fail_msg ("“%s” is %s", cases[i].text, got != NULL ? got : "no date");
    }
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + 1];
  gsize n = 0;

  for (; n < G_N_ELEMENTS (rows); n++)
    tests[n] = (struct CMUnitTest){ .name = rows[n].name,
                                    .test_func = test_row,
                                    .initial_state = (void *)&rows[n] };
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_cookie_date);
  return _cmocka_run_group_tests ("dates", tests, n, NULL, NULL);
}
