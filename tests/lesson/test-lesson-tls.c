/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lessons over TLS: what an author can write, and what comes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-scenario.h"

#include <string.h>

/* One run: a GET over https from a server that is set up like this, and what then has to be so. */
typedef struct
{
  const char *name, *tls, *to, *checks;
  const char *client; /* nullable: its settings */
} Row;

#define ANSWERED "last response status == 200\ncount connections == 1\n"
#define REFUSED "count requests == 0\ncount connections == 1\n"

/* clang-format off */
static const Row rows[] = {
  { "over https", "tls: true", "https://shop.test", ANSWERED "decision certificate.name holds\n" },
  { "over http beside it", "tls: true", "http://shop.test", ANSWERED },
  { "over http, as ever", "", "shop.test", ANSWERED },
  { "without TLS there is no https", "", "https://shop.test", REFUSED },
  { "TLS can be off", "tls: false", "https://shop.test", REFUSED },
  { "without a plain port there is no http", "tls: {plain: false}", "shop.test", REFUSED },
  { "an expired certificate", "tls: {until: '2025-12-31T00:00:00Z'}", "https://shop.test", REFUSED "decision certificate.until fails in step 1\n" },
  { "a certificate of tomorrow", "tls: {from: '2026-01-02T00:00:00Z'}", "https://shop.test", REFUSED "decision certificate.from fails in step 1\n" },
  { "somebody else's certificate", "tls: {name: other.test}", "https://shop.test", REFUSED "decision certificate.name fails in step 1\n" },
  { "a certificate that vouches for itself", "tls: {issuer: self}", "https://shop.test", REFUSED "decision certificate.issuer fails in step 1\n" },
  { "a certificate of a stranger's", "tls: {issuer: stranger}", "https://shop.test", REFUSED "decision certificate.trusted fails in step 1\n" },
  { "a certificate that nobody looks at", "tls: {issuer: self}", "https://shop.test", ANSWERED "decision certificate.checked fails in step 1\n", "```client ann\nverify: false\n```\n\n" },
  { "an older version", "tls: {newest: 1.2}", "https://shop.test", ANSWERED },
};
/* clang-format on */

static char *
write_lesson (const Row *row)
{
  return g_strdup_printf (
      "---\n"
      "title: T\ntopic: Security\nsummary: s\nlevel: 1\nminutes: 1\n"
      "clock: 2026-01-01T12:00:00Z\n"
      "parties:\n  ann: client\n  shop.test: origin\n---\n\n"
      "```origin shop.test\n%s\n/doc:\n  kind: document\n  content: text\n```\n\n"
      "%s```http ann -> %s\nGET /doc HTTP/1.1\nHost: shop.test\n```\n\n"
      "```check\n%s```\n",
      row->tls, row->client != NULL ? row->client : "", row->to, row->checks);
}

static void
test_row (void **state)
{
  g_autofree char *text = write_lesson (*state);
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLesson) lesson = rt_lesson_new_from_text ("01-t.md", text, strlen (text), &error);
  g_autoptr (RtPlay) play = NULL;

  if (lesson == NULL)
    fail_msg ("%s", error->message);
  play = rt_play_new (lesson, lesson->runs->pdata[0], NULL, &error);
  if (play == NULL)
    fail_msg ("%s", error->message);
  for (guint i = 0; i < rt_play_get_results (play)->len; i++)
    {
      const RtCheckResult *result = rt_play_get_results (play)->pdata[i];

      if (!result->holds)
        fail_msg ("%s", result->message);
    }
  assert_true (rt_play_get_passed (play));
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows)];

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("lesson-tls", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
