/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the window must not tell before it was predicted. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "window-words.h"

#include <string.h>

static void
assert_untold (const char *words, const char *const *secrets)
{
  g_auto (GStrv) lines = g_strsplit (words, "\n", -1);

  for (; *secrets != NULL; secrets++)
    for (guint i = 0; lines[i] != NULL; i++)
      if (strstr (lines[i], *secrets) != NULL)
        fail_msg ("the window says “%s” before the prediction: “%s”", *secrets, lines[i]);
}

static char *
feedback_of (WindowFixture *fixture, guint i)
{
  const RtMisconception *wrong
      = rt_tutor_get_lesson (window_tutor (fixture))->misconceptions->pdata[i];

  return rt_inlines_dup_text (wrong->feedback);
}

static void
nothing_tells_the_first_answer (void **state)
{
  WindowFixture *fixture = *state;
  static const char *const secrets[]
      = { "204", "No Content", "\"2\"", "428", "Look at the two answers", "v2", "v3", NULL };
  g_autofree char *words = NULL;

  window_show_page (fixture, 1);
  assert_non_null (rt_narrative_get_card (rt_window_get_narrative (fixture->window)));
  words = window_dup_all_words (fixture, NULL);
  assert_untold (words, secrets);
  for (guint i = 0; i < rt_tutor_get_lesson (window_tutor (fixture))->misconceptions->len; i++)
    {
      g_autofree char *feedback = feedback_of (fixture, i);

      assert_null (strstr (words, feedback));
    }
  g_clear_pointer (&words, g_free);
  window_answer (fixture, 0, 2);
  words = window_dup_all_words (fixture, NULL);
  assert_non_null (strstr (words, "204"));
  assert_non_null (strstr (words, "Look at the two answers"));
}

static void
nothing_tells_the_second_answer (void **state)
{
  WindowFixture *fixture = *state;
  static const char *const secrets[]
      = { "answered 412", "Precondition Failed",  "rescue", "saved from",
          "428",          "one line of 13 bytes", NULL };
  g_autofree char *words = NULL;
  GtkWidget *card;

  window_answer (fixture, 0, RT_TUTOR_SKIPPED);
  window_show_page (fixture, 2);
  card = rt_narrative_get_card (rt_window_get_narrative (fixture->window));
  assert_non_null (card);
  /* Its options name statuses: that is the question, not the answer. */
  words = window_dup_all_words (fixture, card);
  assert_untold (words, secrets);
  g_clear_pointer (&words, g_free);
  window_answer (fixture, 1, 8);
  words = window_dup_all_words (fixture, NULL);
  assert_non_null (strstr (words, "Precondition Failed"));
  assert_non_null (strstr (words, "saved from"));
}

static void
a_play_has_no_answer_of_a_later_run (void **state)
{
  WindowFixture *fixture = *state;

  assert_true (rt_view_get_masked (rt_tutor_get_view (window_tutor (fixture), 0)));
  assert_int_equal (window_n_exchanges (rt_tutor_get_view (window_tutor (fixture), 0)), 2);
  for (guint i = 1; i < rt_tutor_get_lesson (window_tutor (fixture))->runs->len; i++)
    assert_int_equal (window_n_exchanges (rt_tutor_get_view (window_tutor (fixture), i)), 0);
  window_answer (fixture, 0, 2);
  assert_false (rt_view_get_masked (rt_tutor_get_view (window_tutor (fixture), 0)));
  assert_int_equal (window_n_exchanges (rt_tutor_get_view (window_tutor (fixture), 0)), 5);
  assert_int_equal (window_n_exchanges (rt_tutor_get_view (window_tutor (fixture), 1)), 3);
  assert_int_equal (window_n_exchanges (rt_tutor_get_view (window_tutor (fixture), 2)), 0);
}

#define WINDOW_TEST(name) cmocka_unit_test_setup_teardown (name, window_set_up, window_tear_down)

int
main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    WINDOW_TEST (nothing_tells_the_first_answer),
    WINDOW_TEST (nothing_tells_the_second_answer),
    WINDOW_TEST (a_play_has_no_answer_of_a_later_run),
  };

  /* Samples stand in the sidebar, and tell of traffic of their own. */
  g_setenv ("ROUNDTRIP_SAMPLES", "/nonexistent", TRUE);
  window_fixture_init ();
  if (argc > 1)
    cmocka_set_test_filter (argv[1]);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
