/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Strict transport security: what is noted, and what it then does to http. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"
#include "rt-hsts.h"

typedef struct
{
  const char *name;
  const char *host, *field;
  gboolean insecure, untrusted;
  const char *want, *clause;
} NoteRow;

#define STS "Strict-Transport-Security: "

/* clang-format off */
static const NoteRow note_rows[] = {
  { "a year", "a.test", STS "max-age=31536000\n", .want = "noted", .clause = "hsts.note.max-age" },
  { "no field", "a.test", "X: y\n", .want = "ignored", .clause = "hsts.note.present" },
  { "said without TLS", "a.test", STS "max-age=60\n", .insecure = TRUE, .want = "ignored", .clause = "hsts.note.secure" },
  { "said behind a bad certificate", "a.test", STS "max-age=60\n", .untrusted = TRUE, .want = "ignored", .clause = "hsts.note.trusted" },
  { "said by an IPv4 address", "192.0.2.1", STS "max-age=60\n", .want = "ignored", .clause = "hsts.note.name" },
  { "said by an IPv6 address", "[2001:db8::1]", STS "max-age=60\n", .want = "ignored", .clause = "hsts.note.name" },
  { "without max-age", "a.test", STS "includeSubDomains\n", .want = "ignored", .clause = "hsts.note.valid" },
  { "max-age twice", "a.test", STS "max-age=60; max-age=60\n", .want = "ignored", .clause = "hsts.note.valid" },
  { "max-age that is no number", "a.test", STS "max-age=soon\n", .want = "ignored", .clause = "hsts.note.valid" },
  { "max-age in quotes", "a.test", STS "max-age=\"60\"\n", .want = "noted", .clause = "hsts.note.max-age" },
  { "max-age with case and empty directives", "a.test", STS " ;;Max-Age=60 ; ;\n", .want = "noted", .clause = "hsts.note.max-age" },
  { "includeSubDomains with a value", "a.test", STS "max-age=60; includeSubDomains=1\n", .want = "ignored", .clause = "hsts.note.valid" },
  { "a directive nobody knows", "a.test", STS "max-age=60; preload; x=\"a;b\"\n", .want = "noted", .clause = "hsts.note.max-age" },
  { "max-age 0", "a.test", STS "max-age=0; includeSubDomains\n", .want = "forgotten", .clause = "hsts.note.max-age" },
  { "only the first field counts", "a.test", STS "max-age=0\n" STS "max-age=60\n", .want = "forgotten", .clause = "hsts.note.max-age" },
};
/* clang-format on */

static char *
run_note (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  static const char *const names[] = { "ignored", "noted", "forgotten" };
  const NoteRow *row = data;
  g_autoptr (RtHsts) hsts = rt_hsts_new ();

  return g_strdup (names[rt_hsts_note_decide (hsts, rt_text (row->host), !row->insecure,
                                              !row->untrusted, messages[0], 0, why)]);
}

static void
test_note (void **state)
{
  static const char *const alternatives[] = { "max-age=60", "max-age=0", NULL };
  const NoteRow *row = *state;
  g_autofree char *text = g_strconcat ("HTTP/1.1 200 OK\n", row->field, NULL);
  HonestyCase c = { row->name, { text }, run_note, row, alternatives };

  honesty_check_answer (&c, row->want, row->clause);
}

static void
note (RtHsts *hsts, const char *host, const char *value, RtTime now)
{
  g_autofree char *text = g_strdup_printf ("HTTP/1.1 200 OK\n" STS "%s\n", value);
  g_autoptr (RtMessage) response = honesty_message_new (text, 1);

  rt_hsts_note_decide (hsts, rt_text (host), TRUE, TRUE, response, now, NULL);
}

typedef struct
{
  const char *name;
  const char *host;
  RtTime now;
  gboolean want;
  const char *clause;
} UpgradeRow;

/* clang-format off */
/* a.test is known for a minute with all names below it, b.test alone. */
static const UpgradeRow upgrade_rows[] = {
  { "upgrade: the host itself", "a.test", 0, TRUE, "hsts.upgrade.expired" },
  { "upgrade: names have no case", "A.Test", 0, TRUE, "hsts.upgrade.expired" },
  { "upgrade: a dot at the end", "a.test.", 0, TRUE, "hsts.upgrade.expired" },
  { "upgrade: a name below", "www.a.test", 0, TRUE, "hsts.upgrade.expired" },
  { "upgrade: a name two below", "x.www.a.test", 0, TRUE, "hsts.upgrade.expired" },
  { "upgrade: a name that only ends alike", "nota.test", 0, FALSE, "hsts.upgrade.known" },
  { "upgrade: the name above", "test", 0, FALSE, "hsts.upgrade.known" },
  { "upgrade: without includeSubDomains", "b.test", 0, TRUE, "hsts.upgrade.expired" },
  { "upgrade: a name below, without includeSubDomains", "www.b.test", 0, FALSE, "hsts.upgrade.known" },
  { "upgrade: just before it expires", "a.test", RT_TIME_MINUTE - 1, TRUE, "hsts.upgrade.expired" },
  { "upgrade: when it expires", "a.test", RT_TIME_MINUTE, FALSE, "hsts.upgrade.expired" },
  { "upgrade: an address", "192.0.2.1", 0, FALSE, "hsts.upgrade.name" },
};
/* clang-format on */

static char *
run_upgrade (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const UpgradeRow *row = data;
  g_autoptr (RtHsts) hsts = rt_hsts_new ();

  note (hsts, "a.test", "max-age=60; includeSubDomains", 0);
  note (hsts, "b.test", "max-age=60", 0);
  return g_strdup (rt_hsts_upgrade_decide (hsts, rt_text (row->host), row->now, why) ? "upgrade"
                                                                                     : "leave");
}

static void
test_upgrade (void **state)
{
  const UpgradeRow *row = *state;
  HonestyCase c = { row->name, { NULL }, run_upgrade, row, NULL };

  honesty_check_answer (&c, row->want ? "upgrade" : "leave", row->clause);
}

static void
test_forget (void **state)
{
  g_autoptr (RtHsts) hsts = rt_hsts_new ();

  note (hsts, "a.test", "max-age=60", 0);
  note (hsts, "a.test", "max-age=0", 1);
  assert_false (rt_hsts_upgrade_decide (hsts, RT_TEXT ("a.test"), 2, NULL));
}

static void
test_parent_outlives (void **state)
{
  g_autoptr (RtHsts) hsts = rt_hsts_new ();

  note (hsts, "www.a.test", "max-age=1", 0);
  note (hsts, "a.test", "max-age=60; includeSubDomains", 0);
  assert_true (rt_hsts_upgrade_decide (hsts, RT_TEXT ("www.a.test"), 2 * RT_TIME_SEC, NULL));
}

int
main (void)
{
  enum
  {
    N_NOTE = G_N_ELEMENTS (note_rows),
    N_UPGRADE = G_N_ELEMENTS (upgrade_rows),
  };
  struct CMUnitTest tests[2 + N_NOTE + N_UPGRADE] = {
    cmocka_unit_test (test_forget),
    cmocka_unit_test (test_parent_outlives),
  };
  gsize n = 2;

  for (gsize i = 0; i < N_NOTE; i++)
    tests[n++]
        = (struct CMUnitTest){ note_rows[i].name, test_note, NULL, NULL, (void *)&note_rows[i] };
  for (gsize i = 0; i < N_UPGRADE; i++)
    tests[n++] = (struct CMUnitTest){ upgrade_rows[i].name, test_upgrade, NULL, NULL,
                                      (void *)&upgrade_rows[i] };
  return _cmocka_run_group_tests ("hsts", tests, n, NULL, NULL);
}
