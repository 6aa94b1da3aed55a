/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Negotiation: each row a request for one of three resources. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"
#include "rt-negotiate.h"

#define TEXT(s)                                                                                    \
  {                                                                                                \
    s, sizeof s - 1                                                                                \
  }

static const RtVariant types[] = { { TEXT ("text/html") }, { TEXT ("application/json") } };
static const RtVariant languages[]
    = { { TEXT ("text/html"), TEXT ("en-GB") }, { TEXT ("text/html"), TEXT ("fr") } };
static const RtVariant codings[] = { { .coding = TEXT ("gzip") }, { .coding = TEXT ("identity") } };

typedef struct
{
  const char *name;
  const char *request;
  const RtVariant *variants;
  const char *want;
  const char *clause;
  gboolean strict;
} Row;

#define GET "GET /a HTTP/1.1\n"

/* clang-format off */
static const Row rows[] = {
  { "without a wish the first is sent", GET "X: y\n", types, "chosen 0 Accept", "negotiate.stated" },
  { "Accept: */*", GET "Accept: */*\n", types, "chosen 0 Accept", "negotiate.first" },
  { "the exact type", GET "Accept: application/json\n", types, "chosen 1 Accept", "negotiate.first" },
  { "the type in any case", GET "Accept: Application/JSON\n", types, "chosen 1 Accept", "negotiate.first" },
  { "a higher weight wins", GET "Accept: text/html;q=0.5, application/json;q=0.6\n", types, "chosen 1 Accept", "negotiate.first" },
  { "equal weights: the server's first", GET "Accept: application/json, text/html\n", types, "chosen 0 Accept", "negotiate.first" },
  { "the more specific range counts", GET "Accept: */*, text/html;q=0.1\n", types, "chosen 1 Accept", "negotiate.first" },
  { "a weight of 0 refuses", GET "Accept: */*, text/html;q=0\n", types, "chosen 1 Accept", "negotiate.first" },
  { "nothing acceptable: the first all the same", GET "Accept: image/png\n", types, "default 0 Accept", "negotiate.lenient" },
  { "nothing acceptable: 406 of a strict server", GET "Accept: image/png\n", types, "406 0 Accept", "negotiate.lenient", TRUE },
  { "two lines are one list", GET "Accept: image/png\nAccept: application/json\n", types, "chosen 1 Accept", "negotiate.first" },
  { "a refusal in the second line", GET "Accept: */*\nAccept: text/html;q=0\n", types, "chosen 1 Accept", "negotiate.first" },
  { "an empty Accept says nothing", GET "Accept: \n", types, "chosen 0 Accept", NULL },
  { "the second language", GET "Accept-Language: fr, en;q=0.5\n", languages, "chosen 1 Accept-Language", "negotiate.first" },
  { "a range matches the longer tag", GET "Accept-Language: en\n", languages, "chosen 0 Accept-Language", "negotiate.first" },
  { "no language known: 406 of a strict server", GET "Accept-Language: de\n", languages, "406 0 Accept-Language", "negotiate.lenient", TRUE },
  { "gzip where it is accepted", GET "Accept-Encoding: gzip, br\n", codings, "chosen 0 Accept-Encoding", "negotiate.first" },
  { "gzip;q=0 is refused", GET "Accept-Encoding: gzip;q=0\n", codings, "chosen 1 Accept-Encoding", "negotiate.first" },
  { "identity needs no naming", GET "Accept-Encoding: br\n", codings, "chosen 1 Accept-Encoding", "negotiate.first" },
  { "identity can be refused", GET "Accept-Encoding: identity;q=0\n", codings, "406 0 Accept-Encoding", "negotiate.lenient", TRUE },
  { "*;q=0 refuses identity too", GET "Accept-Encoding: *;q=0\n", codings, "406 0 Accept-Encoding", "negotiate.lenient", TRUE },
  { "an empty Accept-Encoding wants identity", GET "Accept-Encoding: \n", codings, "chosen 1 Accept-Encoding", "negotiate.first" },
  { "type and language multiply", GET "Accept: text/html\nAccept-Language: fr;q=0.2, en;q=0.1\n", languages, "chosen 1 Accept-Language", "negotiate.first" },
};
/* clang-format on */

static const char *const alternatives[]
    = { "application/json", "text/html", "fr", "en", "gzip", "identity;q=0, gzip", "de", NULL };

static char *
run (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const Row *row = data;
  RtNegotiation n = rt_negotiate_decide (messages[0], row->variants, 2, row->strict, why);
  g_autofree char *vary = rt_negotiation_vary (&n);

  return g_strdup_printf ("%s %u %s", rt_negotiation_name (n.verdict), n.chosen, vary);
}

static void
test_row (void **state)
{
  const Row *row = *state;
  HonestyCase c = { row->name, { row->request }, run, row, alternatives };

  honesty_check_answer (&c, row->want, row->clause);
}

static void
test_what_has_one_form_varies_by_nothing (void **state)
{
  g_autoptr (RtMessage) request = rt_message_new_request ("GET", "/a");
  RtNegotiation n = rt_negotiate_decide (request, types, 1, FALSE, NULL);

  assert_null (rt_negotiation_vary (&n));
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + 1]
      = { cmocka_unit_test (test_what_has_one_form_varies_by_nothing) };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i + 1] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("negotiate", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
