/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Freshness: each row a response that a cache got at NOW, some seconds later. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"
#include "rt-freshness.h"

/* 1994-11-06T08:49:37Z. */
#define NOW (G_GINT64_CONSTANT (784111777) * RT_TIME_SEC)
#define DATE "Date: Sun, 06 Nov 1994 08:49:37 GMT\n"
#define MINUTE_LATER "Sun, 06 Nov 1994 08:50:37 GMT"
#define MINUTE_AGO "Sun, 06 Nov 1994 08:48:37 GMT"
#define DAY_AGO "Sat, 05 Nov 1994 08:49:37 GMT"
#define YEAR_AGO "Sat, 06 Nov 1993 08:49:37 GMT"

typedef struct
{
  const char *name;
  const char *response;
  gint64 later; /* seconds in the cache */
  gint64 lifetime, age;
  const char *basis;
  const char *clause;
  gboolean private_cache;
  gint64 delay; /* seconds between request and response */
} Row;

#define FRESH "freshness.fresh"

/* clang-format off */
static const Row rows[] = {
  { "max-age sets the lifetime", "HTTP/1.1 200 OK\n" DATE "Cache-Control: max-age=60\n", 59, 60, 59, "max-age", FRESH },
  { "at the end of its lifetime it is stale", "HTTP/1.1 200 OK\n" DATE "Cache-Control: max-age=60\n", 60, 60, 60, "max-age", FRESH },
  { "max-age in any case", "HTTP/1.1 200 OK\nCache-Control: public, MaX-aGe=60\n", 1, 60, 1, "max-age", FRESH },
  { "max-age=0 is stale at once", "HTTP/1.1 200 OK\nCache-Control: max-age=0\n", 0, 0, 0, "max-age", FRESH },
  { "a quoted max-age counts", "HTTP/1.1 200 OK\nCache-Control: max-age=\"60\"\n", 0, 60, 0, "max-age", FRESH },
  { "max-age with leading zeros", "HTTP/1.1 200 OK\nCache-Control: max-age=0060\n", 0, 60, 0, "max-age", FRESH },
  { "max-age of 2^31 is very long", "HTTP/1.1 200 OK\nCache-Control: max-age=2147483648\n", 0, 2147483648, 0, "max-age", FRESH },
  { "a max-age too large for 64 bits is very long", "HTTP/1.1 200 OK\nCache-Control: max-age=99999999999999999999999\n", 5, 2147483648, 5, "max-age", FRESH },
  { "a negative max-age makes it stale", "HTTP/1.1 200 OK\nCache-Control: max-age=-60\n", 0, 0, 0, "max-age", FRESH },
  { "a fractional max-age makes it stale", "HTTP/1.1 200 OK\nCache-Control: max-age=60.5\n", 0, 0, 0, "max-age", FRESH },
  { "a max-age of letters makes it stale", "HTTP/1.1 200 OK\nCache-Control: max-age=a60\n", 0, 0, 0, "max-age", FRESH },
  { "a max-age without argument makes it stale", "HTTP/1.1 200 OK\nCache-Control: max-age\n", 0, 0, 0, "max-age", FRESH },
  { "a max-age in single quotes makes it stale", "HTTP/1.1 200 OK\nCache-Control: max-age='60'\n", 0, 0, 0, "max-age", FRESH },
  { "a space before = makes it stale", "HTTP/1.1 200 OK\nCache-Control: max-age =60\n", 0, 0, 0, "max-age", FRESH },
  { "an empty max-age makes it stale", "HTTP/1.1 200 OK\nCache-Control: max-age=\n", 0, 0, 0, "max-age", FRESH },
  { "of two max-age the first counts, one line", "HTTP/1.1 200 OK\nCache-Control: max-age=60, max-age=1\n", 2, 60, 2, "max-age", FRESH },
  { "of two max-age the first counts, two lines", "HTTP/1.1 200 OK\nCache-Control: max-age=1\nCache-Control: max-age=60\n", 2, 1, 2, "max-age", FRESH },
  { "max-age in a quoted string is none", "HTTP/1.1 200 OK\nCache-Control: x=\"max-age=60, max-age=61\", max-age=1\n", 2, 1, 2, "max-age", FRESH },
  { "max-age wins over Expires", "HTTP/1.1 200 OK\n" DATE "Expires: " MINUTE_AGO "\nCache-Control: max-age=60\n", 1, 60, 1, "max-age", FRESH },
  { "max-age=0 wins over a later Expires", "HTTP/1.1 200 OK\n" DATE "Expires: " MINUTE_LATER "\nCache-Control: max-age=0\n", 1, 0, 1, "max-age", FRESH },

  { "s-maxage wins in a shared cache", "HTTP/1.1 200 OK\nCache-Control: max-age=600, s-maxage=60\n", 61, 60, 61, "s-maxage", FRESH },
  { "s-maxage wins over max-age=0", "HTTP/1.1 200 OK\nCache-Control: max-age=0, s-maxage=60\n", 1, 60, 1, "s-maxage", FRESH },
  { "s-maxage means nothing to a private cache", "HTTP/1.1 200 OK\nCache-Control: max-age=600, s-maxage=60\n", 61, 600, 61, "max-age", FRESH, .private_cache = TRUE },
  { "an invalid s-maxage makes it stale", "HTTP/1.1 200 OK\nCache-Control: max-age=600, s-maxage=x\n", 0, 0, 0, "s-maxage", FRESH },

  { "Expires minus Date", "HTTP/1.1 200 OK\n" DATE "Expires: " MINUTE_LATER "\n", 59, 60, 59, "expires", FRESH },
  { "Expires at Date is stale", "HTTP/1.1 200 OK\n" DATE "Expires: Sun, 06 Nov 1994 08:49:37 GMT\n", 0, 0, 0, "expires", FRESH },
  { "Expires before Date is stale", "HTTP/1.1 200 OK\n" DATE "Expires: " MINUTE_AGO "\n", 0, 0, 0, "expires", FRESH },
  { "Expires: 0 is stale", "HTTP/1.1 200 OK\n" DATE "Expires: 0\n", 0, 0, 0, "expires", FRESH },
  { "an empty Expires is stale", "HTTP/1.1 200 OK\n" DATE "Expires: \n", 0, 0, 0, "expires", FRESH },
  { "Expires without Date counts from when it came", "HTTP/1.1 200 OK\nExpires: " MINUTE_LATER "\n", 1, 60, 1, "expires", FRESH },
  { "Expires with an invalid Date counts from when it came", "HTTP/1.1 200 OK\nDate: foo\nExpires: " MINUTE_LATER "\n", 1, 60, 1, "expires", FRESH },
  { "Expires relative to a clock that is slow", "HTTP/1.1 200 OK\nDate: " MINUTE_AGO "\nExpires: Sun, 06 Nov 1994 08:49:37 GMT\n", 0, 60, 60, "expires", FRESH },
  { "Expires in the form of RFC 850", "HTTP/1.1 200 OK\n" DATE "Expires: Sunday, 06-Nov-94 08:50:37 GMT\n", 0, 60, 0, "expires", FRESH },
  { "Expires in the form of asctime", "HTTP/1.1 200 OK\n" DATE "Expires: Sun Nov  6 08:50:37 1994\n", 0, 60, 0, "expires", FRESH },
  { "Expires in the wrong case", "HTTP/1.1 200 OK\n" DATE "Expires: sUn, 06 nOV 1994 08:50:37 gmt\n", 0, 60, 0, "expires", FRESH },
  { "Expires in another zone is invalid", "HTTP/1.1 200 OK\n" DATE "Expires: Thu, 18 Aug 2050 02:01:18 AEST\n", 0, 0, 0, "expires", FRESH },
  { "Expires in UTC is invalid", "HTTP/1.1 200 OK\n" DATE "Expires: Thu, 18 Aug 2050 02:01:18 UTC\n", 0, 0, 0, "expires", FRESH },
  { "Expires with one digit of hour is invalid", "HTTP/1.1 200 OK\n" DATE "Expires: Thu, 18 Aug 2050 2:01:18 GMT\n", 0, 0, 0, "expires", FRESH },
  { "Expires with two digits of year is invalid", "HTTP/1.1 200 OK\n" DATE "Expires: Thu, 18 Aug 50 02:01:18 GMT\n", 0, 0, 0, "expires", FRESH },
  { "Expires without its comma is invalid", "HTTP/1.1 200 OK\n" DATE "Expires: Thu 18 Aug 2050 02:01:18 GMT\n", 0, 0, 0, "expires", FRESH },
  { "Expires with two spaces is invalid", "HTTP/1.1 200 OK\n" DATE "Expires: Thu, 18  Aug  2050 02:01:18 GMT\n", 0, 0, 0, "expires", FRESH },
  { "Expires with dashes is invalid", "HTTP/1.1 200 OK\n" DATE "Expires: Thu, 18-Aug-2050 02:01:18 GMT\n", 0, 0, 0, "expires", FRESH },
  { "Expires with periods in its time is invalid", "HTTP/1.1 200 OK\n" DATE "Expires: Thu, 18 Aug 2050 02.01.18 GMT\n", 0, 0, 0, "expires", FRESH },
  { "Expires far in the future", "HTTP/1.1 200 OK\nExpires: Sun, 21 Nov 2286 04:46:39 GMT\nDate: Sun, 21 Nov 2286 04:46:38 GMT\n", 0, 1, 0, "expires", FRESH },

  { "a tenth of the time since it was modified", "HTTP/1.1 200 OK\n" DATE "Last-Modified: " DAY_AGO "\n", 60, 8640, 60, "heuristic", FRESH },
  { "a guess ends at a week", "HTTP/1.1 200 OK\n" DATE "Last-Modified: " YEAR_AGO "\n", 0, 604800, 0, "heuristic", FRESH },
  { "a 404 lets one guess", "HTTP/1.1 404 Not Found\n" DATE "Last-Modified: " DAY_AGO "\n", 0, 8640, 0, "heuristic", FRESH },
  { "a 403 lets nobody guess", "HTTP/1.1 403 Forbidden\n" DATE "Last-Modified: " DAY_AGO "\n", 0, 0, 0, "none", "freshness.may-guess" },
  { "a 599 lets nobody guess", "HTTP/1.1 599 Eh\n" DATE "Last-Modified: " DAY_AGO "\n", 0, 0, 0, "none", "freshness.may-guess" },
  { "public lets one guess about a 599", "HTTP/1.1 599 Eh\n" DATE "Last-Modified: " DAY_AGO "\nCache-Control: public\n", 0, 8640, 0, "heuristic", FRESH },
  { "no Last-Modified, no guess", "HTTP/1.1 200 OK\n" DATE, 0, 0, 0, "none", "freshness.guess" },
  { "an invalid Last-Modified, no guess", "HTTP/1.1 200 OK\n" DATE "Last-Modified: 7\n", 0, 0, 0, "none", "freshness.guess" },
  { "a Last-Modified in the future gives nothing", "HTTP/1.1 200 OK\n" DATE "Last-Modified: " MINUTE_LATER "\n", 0, 0, 0, "heuristic", FRESH },

  { "Age counts", "HTTP/1.1 200 OK\n" DATE "Cache-Control: max-age=60\nAge: 25\n", 40, 60, 65, "max-age", FRESH },
  { "an older Date counts as age", "HTTP/1.1 200 OK\nDate: " MINUTE_AGO "\nCache-Control: max-age=60\n", 0, 60, 60, "max-age", FRESH },
  { "the larger of both ages counts", "HTTP/1.1 200 OK\nDate: " MINUTE_AGO "\nCache-Control: max-age=100\nAge: 90\n", 5, 100, 95, "max-age", FRESH },
  { "a Date in the future is no age", "HTTP/1.1 200 OK\nDate: " MINUTE_LATER "\nCache-Control: max-age=60\n", 0, 60, 0, "max-age", FRESH },
  { "the time that the answer took counts", "HTTP/1.1 200 OK\n" DATE "Cache-Control: max-age=60\nAge: 10\n", 0, 60, 15, "max-age", FRESH, .delay = 5 },
  { "Age that is no number is ignored", "HTTP/1.1 200 OK\n" DATE "Cache-Control: max-age=60\nAge: abc\n", 0, 60, 0, "max-age", FRESH },
  { "a negative Age is ignored", "HTTP/1.1 200 OK\n" DATE "Cache-Control: max-age=60\nAge: -7200\n", 0, 60, 0, "max-age", FRESH },
  { "a fractional Age is ignored", "HTTP/1.1 200 OK\n" DATE "Cache-Control: max-age=60\nAge: 7200.0\n", 0, 60, 0, "max-age", FRESH },
  { "Age of 2^31 is very old", "HTTP/1.1 200 OK\n" DATE "Cache-Control: max-age=60\nAge: 2147483649\n", 0, 60, 2147483648, "max-age", FRESH },
  { "of a list in Age the first member counts, old", "HTTP/1.1 200 OK\n" DATE "Cache-Control: max-age=60\nAge: 7200, 0\n", 0, 60, 7200, "max-age", FRESH },
  { "of a list in Age the first member counts, young", "HTTP/1.1 200 OK\n" DATE "Cache-Control: max-age=60\nAge: 0, 7200\n", 0, 60, 0, "max-age", FRESH },
  { "of two Age lines the first counts", "HTTP/1.1 200 OK\n" DATE "Cache-Control: max-age=60\nAge: 7200\nAge: 0\n", 0, 60, 7200, "max-age", FRESH },

  { "CDN-Cache-Control takes the place of Cache-Control", "HTTP/1.1 200 OK\nCache-Control: max-age=1\nCDN-Cache-Control: max-age=60\n", 5, 60, 5, "max-age", FRESH },
  { "CDN-Cache-Control shorter than Cache-Control", "HTTP/1.1 200 OK\nCache-Control: max-age=60\nCDN-Cache-Control: max-age=1\n", 5, 1, 5, "max-age", FRESH },
  { "CDN-Cache-Control takes the place of Expires", "HTTP/1.1 200 OK\n" DATE "Expires: " MINUTE_AGO "\nCDN-Cache-Control: max-age=60\n", 5, 60, 5, "max-age", FRESH },
  { "CDN-Cache-Control without freshness leaves Expires out", "HTTP/1.1 200 OK\n" DATE "Expires: " MINUTE_LATER "\nCDN-Cache-Control: x\n", 5, 0, 5, "none", "freshness.guess" },
  { "CDN-Cache-Control means nothing to a private cache", "HTTP/1.1 200 OK\nCache-Control: max-age=1\nCDN-Cache-Control: max-age=60\n", 5, 1, 5, "max-age", FRESH, .private_cache = TRUE },
  { "CDN-Cache-Control that does not parse is ignored", "HTTP/1.1 200 OK\nCache-Control: max-age=1\nCDN-Cache-Control: max-age=60, &&&\n", 5, 1, 5, "max-age", FRESH },
  { "CDN-Cache-Control with a string for seconds is ignored", "HTTP/1.1 200 OK\nCache-Control: max-age=1\nCDN-Cache-Control: max-age=\"60\"\n", 5, 1, 5, "max-age", FRESH },
  { "an empty CDN-Cache-Control is ignored", "HTTP/1.1 200 OK\nCache-Control: max-age=1\nCDN-Cache-Control: \n", 5, 1, 5, "max-age", FRESH },
  { "CDN-Cache-Control: the last of two max-age counts, as in a dictionary", "HTTP/1.1 200 OK\nCDN-Cache-Control: max-age=1, max-age=60\n", 5, 60, 5, "max-age", FRESH },
  { "CDN-Cache-Control: 99999999999", "HTTP/1.1 200 OK\nCDN-Cache-Control: max-age=99999999999\n", 5, 2147483648, 5, "max-age", FRESH },
};
/* clang-format on */

static const char *const alternatives[] = { "max-age=1", "s-maxage=99999999", MINUTE_LATER, NULL };

static RtFreshness
freshness_of (RtMessage *response, const Row *row, RtDecision *why)
{
  g_autoptr (RtMessage) request = rt_message_new_request ("GET", "/a");
  g_autoptr (RtCachePolicy) policy = rt_cache_policy_new (
      row->private_cache ? &rt_cache_settings_private : &rt_cache_settings_shared, request,
      "http://a/a", response, NOW - row->delay * RT_TIME_SEC, NOW);

  return rt_freshness_decide (policy, NOW + row->later * RT_TIME_SEC, why);
}

static char *
run (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  return g_strdup (freshness_of (messages[0], data, why).fresh ? "fresh" : "stale");
}

static void
test_row (void **state)
{
  const Row *row = *state;
  HonestyCase c = { row->name, { row->response }, run, row, alternatives };
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autoptr (RtMessage) response = honesty_message_new (row->response, 1);
  RtFreshness f = freshness_of (response, row, why);

  assert_string_equal (rt_lifetime_basis_name (f.basis), row->basis);
  assert_int_equal (f.lifetime, row->lifetime * RT_TIME_SEC);
  assert_int_equal (f.age, row->age * RT_TIME_SEC);
  assert_int_equal (f.fresh, row->lifetime > row->age);
  assert_string_equal (rt_decision_get_verdict (why), f.fresh ? "fresh" : "stale");
  honesty_assert_decides (why, row->clause);
  honesty_check (&c);
}

/* Date is in whole seconds: a response that came late in its second is not older for it. */
static void
test_fraction_of_a_second_is_no_age (void **state)
{
  g_autoptr (RtMessage) request = rt_message_new_request ("GET", "/a");
  g_autoptr (RtMessage) response
      = honesty_message_new ("HTTP/1.1 200 OK\n" DATE "Cache-Control: max-age=1\n", 1);
  g_autoptr (RtCachePolicy) policy
      = rt_cache_policy_new (&rt_cache_settings_shared, request, "http://a/a", response,
                             NOW + 900 * RT_TIME_MSEC, NOW + 900 * RT_TIME_MSEC);

  assert_int_equal (rt_cache_policy_get_age (policy, NOW + 900 * RT_TIME_MSEC), 0);
  assert_true (rt_freshness_decide (policy, NOW + 1800 * RT_TIME_MSEC, NULL).fresh);
  assert_false (rt_freshness_decide (policy, NOW + 1900 * RT_TIME_MSEC, NULL).fresh);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + 1]
      = { cmocka_unit_test (test_fraction_of_a_second_is_no_age) };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i + 1] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("freshness", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
