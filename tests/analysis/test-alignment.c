/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which exchange belongs to which. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "log-builder.h"

#include "rt-alignment.h"

/* Exchanges are written `METHOD TARGET STATUS HOST`, the last two as they are needed; pairs
 * `LEFT-RIGHT`, `~` where they are moved. */
typedef struct
{
  const char *name, *left, *right, *want;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "equal logs pair in order", "GET /a, GET /b", "GET /a, GET /b", "1-1 2-2" },
  { "what one side has alone stays alone", "GET /a, GET /b, GET /c", "GET /a, GET /c",
    "1-1 2-0 3-2" },
  { "what the right has alone stands where it stood there", "GET /a, GET /c",
    "GET /z, GET /a, GET /b, GET /c, GET /d", "0-1 1-2 0-3 2-4 0-5" },
  { "nothing on one side leaves the other alone", "GET /a, GET /b", "", "1-0 2-0" },
  { "nothing on both sides is nothing", "", "", "" },
  { "methods tell apart", "GET /a, PUT /a", "PUT /a", "1-0 2-1" },
  { "another query is the same path", "GET /a?x=1, GET /b", "GET /a?x=2, GET /b", "1-1 2-2" },
  { "the same query outweighs the order of others", "GET /a?x=1, GET /a?x=2", "GET /a?x=2",
    "1-0 2-1" },
  { "the authority breaks a tie", "GET / 200 one.test, GET / 200 two.test", "GET / 200 two.test",
    "1-0 2-1" },
  { "the status breaks a tie", "GET / 401, GET / 200", "GET / 200", "1-0 2-1" },
  { "of equals the earliest are paired", "GET / 200, GET / 200", "GET / 200", "1-1 2-0" },
  { "another status still belongs together", "GET / 404", "GET / 200", "1-1" },
  { "a target outweighs everything else together",
    "GET /a?1 200 one.test, GET /a?2 404 two.test", "GET /a?2 200 one.test", "1-0 2-1" },
  { "what changed places is moved", "GET /a, GET /b", "GET /b, GET /a", "1-2~ 2-1" },
  { "of moved ones the first belongs to the first", "GET /m, GET /m, GET /a, GET /b, GET /c",
    "GET /a, GET /b, GET /c, GET /m, GET /m", "1-4~ 2-5~ 3-1 4-2 5-3" },
  { "what is asked of another authority has not moved",
    "GET /m 200 one.test, GET /a, GET /b", "GET /a, GET /b, GET /m 200 two.test",
    "1-0 2-1 3-2 0-3" },
};
/* clang-format on */

static void
send_exchange (Builder *b, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, " ", 4);
  guint n = g_strv_length (parts);
  g_autofree char *request = g_strdup_printf ("%s %s HTTP/1.1\r\nHost: %s\r\n\r\n", parts[0],
                                              parts[1], n > 3 ? parts[3] : "api.shop.test");
  g_autofree char *response
      = g_strdup_printf ("HTTP/1.1 %s X\r\nContent-Length: 0\r\n\r\n", n > 2 ? parts[2] : "200");

  build_send (b, RT_FORWARD, request);
  build_send (b, RT_BACKWARD, response);
}

static RtAnalysis *
analyse (Builder *b, const char *text)
{
  g_auto (GStrv) exchanges = g_strsplit (text, ", ", -1);

  *b = build_log ();
  for (guint i = 0; *text != '\0' && exchanges[i] != NULL; i++)
    send_exchange (b, exchanges[i]);
  return build_analysis (b, G_MAXUINT64);
}

static char *
tell (GArray *pairs)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < pairs->len; i++)
    {
      const RtAlignedPair *pair = &g_array_index (pairs, RtAlignedPair, i);

      g_string_append_printf (out, "%s%u-%u%s", i > 0 ? " " : "", pair->left, pair->right,
                              pair->moved ? "~" : "");
    }
  return g_string_free (out, FALSE);
}

static void
test_row (void **state)
{
  const Row *row = *state;
  Builder b[2];
  g_autoptr (RtAnalysis) left = analyse (&b[0], row->left);
  g_autoptr (RtAnalysis) right = analyse (&b[1], row->right);
  g_autoptr (GArray) pairs = rt_alignment_new (left, right);
  g_autofree char *said = tell (pairs);

  assert_string_equal (said, row->want);
  for (guint i = 0; i < 2; i++)
    rt_log_free (b[i].log);
}

static char *
write_many (guint n, guint step, guint skip)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    if (i % step != skip)
      g_string_append_printf (out, "%sGET /%u", out->len > 0 ? ", " : "", i);
  return g_string_free (out, FALSE);
}

/* 4,999 × 4,999 and more: over what a table is made for. */
static void
test_many (void **state)
{
  g_autofree char *left_text = write_many (5000, 5, 0);
  g_autofree char *right_text = write_many (5001, 7, 0);
  Builder b[2];
  g_autoptr (RtAnalysis) left = analyse (&b[0], left_text);
  g_autoptr (RtAnalysis) right = analyse (&b[1], right_text);
  g_autoptr (GArray) pairs = rt_alignment_new (left, right);
  guint n = 0;

  for (guint i = 0; i < pairs->len; i++)
    {
      const RtAlignedPair *pair = &g_array_index (pairs, RtAlignedPair, i);
      const RtExchange *l = rt_analysis_get_exchange (left, pair->left);
      const RtExchange *r = rt_analysis_get_exchange (right, pair->right);

      if (l == NULL || r == NULL)
        continue;
      n++;
      assert_false (pair->moved);
      assert_true (rt_text_equal (l->request->message->target, r->request->message->target));
    }
  /* Of 0 … 4999 those that neither 5 nor 7 divides. */
  assert_int_equal (n, 5000 - 1000 - 715 + 143);
  for (guint i = 0; i < 2; i++)
    rt_log_free (b[i].log);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + 1];

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  tests[G_N_ELEMENTS (rows)] = (struct CMUnitTest)cmocka_unit_test (test_many);
  return _cmocka_run_group_tests ("alignment", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
