/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The very first launch: no settings, no progress, no sessions. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-list-row.h"
#include "rt-timeline-item.h"
#include "window-words.h"

#include <string.h>

static gboolean
has_lesson (gpointer window)
{
  return rt_tutor_get_lesson (rt_window_get_tutor (window)) != NULL;
}

static int
launch (void **state)
{
  WindowFixture *fixture = window_fixture_launch ();

  assert_true (window_fixture_wait (fixture, has_lesson, fixture->window));
  window_fixture_settle (fixture);
  *state = fixture;
  return 0;
}

static void
the_first_lesson_is_open_at_its_first_page (void **state)
{
  WindowFixture *fixture = *state;
  const RtLesson *lesson = rt_tutor_get_lesson (window_tutor (fixture));

  assert_int_equal (lesson->number, 1);
  assert_string_equal (lesson->name, "smallest-request");
  assert_int_equal (rt_narrative_get_page (rt_window_get_narrative (fixture->window)), 0);
  assert_string_equal (gtk_window_get_title (GTK_WINDOW (fixture->window)), lesson->title);
}

static void
nothing_is_predicted_and_nothing_behind_the_first_question_is_shown (void **state)
{
  WindowFixture *fixture = *state;
  RtTutor *tutor = window_tutor (fixture);
  const RtLesson *lesson = rt_tutor_get_lesson (tutor);

  assert_true (lesson->predictions->len > 0);
  for (guint i = 0; i < lesson->predictions->len; i++)
    assert_int_equal (rt_tutor_get_answer (tutor, lesson->predictions->pdata[i]),
                      RT_TUTOR_UNANSWERED);
  /* The next page asks: there is no other between. */
  window_fixture_do (fixture, "win.page", "1");
  assert_non_null (window_find (GTK_WIDGET (rt_window_get_narrative (fixture->window)),
                                g_type_from_name ("RtPredictionCard")));
}

/* No wizard, no welcome, no dialog. */
static void
there_is_one_window_and_nothing_above_it (void **state)
{
  WindowFixture *fixture = *state;
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  assert_int_equal (g_list_length (windows), 1);
  assert_ptr_equal (windows->data, fixture->window);
  assert_null (window_fixture_get_above (fixture));
  assert_null (window_find (GTK_WIDGET (fixture->window), GTK_TYPE_ASSISTANT));
}

/* The timeline and the list have something in them, and what is selected is explained. */
static void
no_table_is_empty (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *inspector = GTK_WIDGET (rt_window_get_inspector (fixture->window));
  GtkWidget *timeline = GTK_WIDGET (rt_stage_get_timeline (rt_window_get_stage (fixture->window)));
  GtkListView *list = GTK_LIST_VIEW (window_find_styled (inspector, "exchanges"));
  g_autoptr (GString) words = g_string_new (NULL);

  assert_true (window_n_exchanges (window_shown (fixture)) > 0);
  assert_true (g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (list))) > 0);
  assert_non_null (window_find (timeline, RT_TYPE_TIMELINE_ITEM));
  assert_int_not_equal (rt_view_get_selection (window_shown (fixture)).exchange, 0);
  window_collect_words (inspector, NULL, words);
  assert_non_null (strstr (words->str, "GET /"));
}

/* What cannot be opened is said, and the window teaches all the same. */
static void
a_lesson_that_is_not_there_leads_to_the_first (void **state)
{
  WindowFixture *fixture = window_fixture_new (1280, 800);
  g_autoptr (GString) words = g_string_new (NULL);

  rt_window_open (fixture->window, "not-there.md");
  assert_true (window_fixture_wait (fixture, has_lesson, fixture->window));
  window_fixture_settle (fixture);
  assert_int_equal (rt_tutor_get_lesson (window_tutor (fixture))->number, 1);
  window_collect_words (GTK_WIDGET (fixture->window), NULL, words);
  assert_non_null (strstr (words->str, "not-there.md"));
  window_fixture_free (fixture);
}

#define LAUNCH_TEST(name) cmocka_unit_test_setup_teardown (name, launch, window_tear_down)

int
main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    LAUNCH_TEST (the_first_lesson_is_open_at_its_first_page),
    LAUNCH_TEST (nothing_is_predicted_and_nothing_behind_the_first_question_is_shown),
    LAUNCH_TEST (there_is_one_window_and_nothing_above_it),
    LAUNCH_TEST (no_table_is_empty),
    cmocka_unit_test (a_lesson_that_is_not_there_leads_to_the_first),
  };

  window_fixture_init ();
  if (argc > 1)
    cmocka_set_test_filter (argv[1]);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
