/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Certificates: whom a client believes, and what stops it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"
#include "rt-certificate.h"

/* The certificates of the table hold from here to a day later. */
#define FROM (1767225600 * RT_TIME_SEC)
#define UNTIL (FROM + RT_TIME_DAY)

typedef struct
{
  const char *name;
  const char *names, *host; /* names: separated by spaces */
  RtTime now;               /* from FROM */
  gboolean other_purpose, self_signed, untrusted, unchecked;
  const char *want, *clause;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "the host's own", "a.test", "a.test", .want = "accept", .clause = "certificate.name" },
  { "one of several names", "b.test a.test", "a.test", .want = "accept", .clause = "certificate.name" },
  { "names have no case", "A.test", "a.TEST", .want = "accept", .clause = "certificate.name" },
  { "a trailing dot", "a.test", "a.test.", .want = "accept", .clause = "certificate.name" },
  { "another host's", "b.test", "a.test", .want = "wrong-name", .clause = "certificate.name" },
  { "no names at all", "", "a.test", .want = "wrong-name", .clause = "certificate.name" },
  { "the host's parent", "a.test", "www.a.test", .want = "wrong-name", .clause = "certificate.name" },
  { "a wildcard", "*.a.test", "www.a.test", .want = "accept", .clause = "certificate.name" },
  { "a wildcard is one label", "*.a.test", "x.www.a.test", .want = "wrong-name", .clause = "certificate.name" },
  { "a wildcard is not none", "*.a.test", "a.test", .want = "wrong-name", .clause = "certificate.name" },
  { "a wildcard needs a label", "*.a.test", ".a.test", .want = "wrong-name", .clause = "certificate.name" },
  { "a wildcard that is part of a label", "w*.a.test", "www.a.test", .want = "wrong-name", .clause = "certificate.name" },
  { "a wildcard that is not the first label", "www.*.test", "www.a.test", .want = "wrong-name", .clause = "certificate.name" },
  { "two wildcards", "*.*.test", "www.*.test", .want = "wrong-name", .clause = "certificate.name" },
  { "an address", "192.0.2.1", "192.0.2.1", .want = "accept", .clause = "certificate.name" },
  { "an IPv6 address", "2001:db8::1", "[2001:db8::1]", .want = "accept", .clause = "certificate.name" },
  { "an IPv6 address in other words", "2001:db8::1", "[2001:DB8:0:0::1]", .want = "accept", .clause = "certificate.name" },
  { "another IPv6 address", "2001:db8::1", "[2001:db8::2]", .want = "wrong-name", .clause = "certificate.name" },
  { "no wildcard for addresses", "*.0.2.1", "192.0.2.1", .want = "wrong-name", .clause = "certificate.name" },
  { "in the first moment", "a.test", "a.test", .now = 0, .want = "accept", .clause = "certificate.name" },
  { "before it", "a.test", "a.test", .now = -1, .want = "not-yet-valid", .clause = "certificate.from" },
  { "in the last second", "a.test", "a.test", .now = UNTIL - FROM + RT_TIME_SEC - 1, .want = "accept", .clause = "certificate.name" },
  { "after it", "a.test", "a.test", .now = UNTIL - FROM + RT_TIME_SEC, .want = "expired", .clause = "certificate.until" },
  { "it vouches for itself", "a.test", "a.test", .self_signed = TRUE, .untrusted = TRUE, .want = "self-signed", .clause = "certificate.issuer" },
  { "… but is trusted by itself", "a.test", "a.test", .self_signed = TRUE, .want = "accept", .clause = "certificate.name" },
  { "a stranger vouches for it", "a.test", "a.test", .untrusted = TRUE, .want = "untrusted", .clause = "certificate.trusted" },
  { "it is a client's", "a.test", "a.test", .other_purpose = TRUE, .want = "wrong-purpose", .clause = "certificate.purpose" },
  { "nobody wants to know", "b.test", "a.test", .untrusted = TRUE, .unchecked = TRUE, .want = "unchecked", .clause = "certificate.checked" },
};
/* clang-format on */

static char *
run (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const Row *row = data;
  RtText names[4];
  RtCertificate certificate = { .names = names,
                                .from = FROM,
                                .until = UNTIL,
                                .other_purpose = row->other_purpose,
                                .self_signed = row->self_signed,
                                .trusted = !row->untrusted };
  g_auto (GStrv) parts = g_strsplit (row->names, " ", G_N_ELEMENTS (names));

  for (guint i = 0; parts[i] != NULL && *parts[i] != '\0'; i++)
    names[certificate.n_names++] = rt_text (parts[i]);
  return g_strdup (rt_certificate_verdict_name (rt_certificate_decide (
      &certificate, rt_text (row->host), !row->unchecked, FROM + row->now, why)));
}

static void
test_row (void **state)
{
  const Row *row = *state;

  honesty_check_answer (&(HonestyCase){ .name = row->name, .run = run, .row = row }, row->want,
                        row->clause);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows)];

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("certificate", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
