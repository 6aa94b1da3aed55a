/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A lesson in the window: predictions, counter-examples, the challenge, a class. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-challenge-pane.h"
#include "rt-prediction-card.h"
#include "window-words.h"

#include <string.h>

static void
next_waits_for_the_prediction (void **state)
{
  WindowFixture *fixture = *state;
  RtNarrative *narrative = rt_window_get_narrative (fixture->window);

  assert_int_equal (rt_narrative_get_page (narrative), 0);
  window_fixture_do (fixture, "win.page", "1");
  assert_int_equal (rt_narrative_get_page (narrative), 1);
  window_fixture_do (fixture, "win.page", "1");
  assert_int_equal (rt_narrative_get_page (narrative), 1);
  window_show_page (fixture, 7);
  assert_int_equal (rt_narrative_get_page (narrative), 1);
  window_answer (fixture, 0, 2);
  window_fixture_do (fixture, "win.page", "1");
  assert_int_equal (rt_narrative_get_page (narrative), 2);
  window_fixture_do (fixture, "win.page", "-1");
  assert_int_equal (rt_narrative_get_page (narrative), 1);
}

static void
skip_shows_what_happens_without_praise (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *card;
  g_autoptr (GString) words = g_string_new (NULL);

  window_show_page (fixture, 1);
  card = rt_narrative_get_card (rt_window_get_narrative (fixture->window));
  assert_true (gtk_widget_activate_action (card, "card.skip", NULL));
  window_fixture_stop (fixture);
  assert_int_equal (rt_tutor_get_answer (window_tutor (fixture), window_prediction (fixture, 0)),
                    RT_TUTOR_SKIPPED);
  window_collect_words (window_find (GTK_WIDGET (fixture->window), RT_TYPE_PREDICTION_CARD), NULL,
                        words);
  assert_non_null (strstr (words->str, "Not predicted"));
  assert_null (strstr (words->str, "You said"));
}

static gboolean
shows_another_view (gpointer data)
{
  WindowFixture *fixture = data;

  return window_shown (fixture) != rt_tutor_get_view (window_tutor (fixture), 0);
}

static void
a_wrong_answer_gets_feedback_and_a_counter_example (void **state)
{
  WindowFixture *fixture = *state;
  g_autoptr (GString) words = g_string_new (NULL);
  g_autofree char *feedback = NULL;
  const RtOption *option;
  GtkWidget *card;

  window_show_page (fixture, 1);
  window_answer (fixture, 0, 1);
  card = window_find (GTK_WIDGET (fixture->window), RT_TYPE_PREDICTION_CARD);
  window_collect_words (card, NULL, words);
  option = window_prediction (fixture, 0)->options->pdata[0];
  feedback = rt_inlines_dup_text (
      rt_lesson_get_misconception (rt_tutor_get_lesson (window_tutor (fixture)),
                                   option->misconception)
          ->feedback);
  assert_non_null (strstr (words->str, "You said"));
  assert_non_null (strstr (words->str, feedback));
  assert_true (gtk_widget_activate_action (card, "card.prove", "s", option->misconception));
  assert_true (window_fixture_wait (fixture, shows_another_view, fixture));
}

static gboolean
is_loaded_with_answer (gpointer data)
{
  WindowFixture *fixture = data;

  return rt_tutor_get_lesson (window_tutor (fixture)) != NULL;
}

static gboolean
has_lesson (gpointer window)
{
  return rt_tutor_get_lesson (rt_window_get_tutor (window)) != NULL;
}

static void
an_answer_is_kept_for_the_next_window (void **state)
{
  WindowFixture *fixture = *state;
  RtWindow *second;

  window_answer (fixture, 0, 4);
  second = rt_window_new (GTK_APPLICATION (fixture->application));
  /* Two workers: the second reads once the first has written. */
  window_fixture_load (fixture, "lost-update");
  rt_window_open (second, "lost-update");
  window_fixture_wait (fixture, has_lesson, second);
  assert_non_null (rt_tutor_get_lesson (rt_window_get_tutor (second)));
  assert_int_equal (rt_tutor_get_answer (
                        rt_window_get_tutor (second),
                        rt_tutor_get_lesson (rt_window_get_tutor (second))->predictions->pdata[0]),
                    4);
  gtk_window_destroy (GTK_WINDOW (second));
  assert_true (is_loaded_with_answer (fixture));
}

static gboolean
has_rows (gpointer data)
{
  GtkWidget *pane = data;
  GtkWidget *list = window_find (pane, GTK_TYPE_LIST_BOX);

  return list != NULL && gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 0) != NULL;
}

static gboolean
is_passed (gpointer data)
{
  return rt_tutor_get_passed (window_tutor (data));
}

static void
a_red_probe_leads_to_its_exchange (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *pane;
  GtkListBoxRow *row;

  window_answer (fixture, 0, RT_TUTOR_SKIPPED);
  window_answer (fixture, 1, RT_TUTOR_SKIPPED);
  window_show_page (fixture, G_MAXUINT);
  pane = window_find (GTK_WIDGET (fixture->window), RT_TYPE_CHALLENGE_PANE);
  assert_non_null (pane);
  assert_true (gtk_widget_activate_action (pane, "challenge.run", NULL));
  assert_true (window_fixture_wait (fixture, has_rows, pane));
  row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (window_find (pane, GTK_TYPE_LIST_BOX)), 0);
  assert_true (gtk_widget_has_css_class (GTK_WIDGET (row), "wrong"));
  g_signal_emit_by_name (window_find (pane, GTK_TYPE_LIST_BOX), "row-activated", row);
  window_fixture_settle (fixture);
  assert_int_not_equal (rt_view_get_selection (window_shown (fixture)).exchange, 0);
  assert_true (rt_play_get_scenario (rt_view_get_play (window_shown (fixture)))->probe
               != RT_PROBE_NONE);
}

static void
the_challenge_can_be_solved (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *pane;
  g_autofree char *solution = NULL;

  window_answer (fixture, 0, RT_TUTOR_SKIPPED);
  window_answer (fixture, 1, RT_TUTOR_SKIPPED);
  window_show_page (fixture, G_MAXUINT);
  pane = window_find (GTK_WIDGET (fixture->window), RT_TYPE_CHALLENGE_PANE);
  assert_true (g_file_get_contents (RT_SOLUTION, &solution, NULL, NULL));
  rt_challenge_pane_set_text (RT_CHALLENGE_PANE (pane), solution);
  assert_true (gtk_widget_activate_action (pane, "challenge.run", NULL));
  assert_true (window_fixture_wait (fixture, is_passed, fixture));
  assert_true (gtk_widget_activate_action (pane, "challenge.hint", NULL));
  assert_true (gtk_widget_activate_action (pane, "challenge.reset", NULL));
}

static gboolean
names_the_slip (gpointer pane)
{
  g_autoptr (GString) words = g_string_new (NULL);

  window_collect_words (pane, NULL, words);
  return strstr (words->str, "docment”") != NULL;
}

static void
settings_that_are_no_yaml_get_a_message (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *pane;
  g_autoptr (GString) words = g_string_new (NULL);

  window_answer (fixture, 0, RT_TUTOR_SKIPPED);
  window_answer (fixture, 1, RT_TUTOR_SKIPPED);
  window_show_page (fixture, G_MAXUINT);
  pane = window_find (GTK_WIDGET (fixture->window), RT_TYPE_CHALLENGE_PANE);
  rt_challenge_pane_set_text (RT_CHALLENGE_PANE (pane),
                              "api.shop.test:\n  /doc/1:\n    kind: docment\n");
  assert_true (gtk_widget_activate_action (pane, "challenge.run", NULL));
  window_fixture_wait (fixture, names_the_slip, pane);
  window_collect_words (pane, NULL, words);
  assert_non_null (strstr (words->str, ":3"));
}

static gboolean
has_the_answer_of_before (gpointer fixture)
{
  return rt_tutor_get_answer (window_tutor (fixture), window_prediction (fixture, 0)) == 2;
}

static void
presenting_starts_masked_and_keeps_nothing (void **state)
{
  WindowFixture *fixture = *state;

  window_answer (fixture, 0, 2);
  window_fixture_do (fixture, "win.presenter", NULL);
  assert_true (rt_tutor_get_presenting (window_tutor (fixture)));
  assert_int_equal (rt_tutor_get_answer (window_tutor (fixture), window_prediction (fixture, 0)),
                    RT_TUTOR_UNANSWERED);
  window_answer (fixture, 0, 1);
  window_fixture_do (fixture, "win.presenter", NULL);
  window_fixture_load (fixture, "lost-update");
  window_fixture_wait (fixture, has_the_answer_of_before, fixture);
  assert_int_equal (rt_tutor_get_answer (window_tutor (fixture), window_prediction (fixture, 0)),
                    2);
}

static void
beginning_anew_forgets_the_answers (void **state)
{
  WindowFixture *fixture = *state;

  window_answer (fixture, 0, 2);
  window_fixture_do (fixture, "win.reset-lesson", NULL);
  assert_int_equal (rt_tutor_get_answer (window_tutor (fixture), window_prediction (fixture, 0)),
                    RT_TUTOR_UNANSWERED);
  assert_true (rt_view_get_masked (rt_tutor_get_view (window_tutor (fixture), 0)));
}

static double
scrolled_by (RtTimeline *timeline)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (timeline));

  return gtk_adjustment_get_value (adjustment);
}

static void
an_answer_is_scrolled_to (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *narrative = GTK_WIDGET (rt_window_get_narrative (fixture->window));
  GtkScrolledWindow *scrolled
      = GTK_SCROLLED_WINDOW (window_find (narrative, GTK_TYPE_SCROLLED_WINDOW));
  RtTimeline *timeline = rt_stage_get_timeline (rt_window_get_stage (fixture->window));
  graphene_rect_t bounds;
  GtkWidget *card;

  window_show_page (fixture, 1);
  window_fixture_settle (fixture);
  assert_true (scrolled_by (timeline) == 0);
  rt_tutor_answer (window_tutor (fixture), window_prediction (fixture, 0), 1);
  rt_transport_set_playing (rt_stage_get_transport (rt_window_get_stage (fixture->window)), FALSE);
  for (guint i = 0; i < 15; i++)
    window_fixture_settle (fixture);
  card = window_find (narrative, RT_TYPE_PREDICTION_CARD);
  assert_true (gtk_widget_compute_bounds (card, GTK_WIDGET (scrolled), &bounds));
  assert_true (bounds.origin.y >= 0);
  assert_true (bounds.size.height > gtk_widget_get_height (GTK_WIDGET (scrolled))
               || bounds.origin.y + bounds.size.height
                      <= gtk_widget_get_height (GTK_WIDGET (scrolled)));
  /* What was hidden until now is far below the first exchanges. */
  assert_true (scrolled_by (timeline) > 0);
}

/* A lesson that is none: the window says so and stays as it is. */
static void
failed_cb (gboolean *failed)
{
  *failed = TRUE;
}

static gboolean
is_set (gpointer flag)
{
  return *(gboolean *)flag;
}

static void
a_lesson_that_is_none_is_named (void **state)
{
  WindowFixture *fixture = *state;
  gboolean failed = FALSE;

  g_signal_connect_swapped (window_tutor (fixture), "failed", G_CALLBACK (failed_cb), &failed);
  window_fixture_do (fixture, "win.open-lesson", "'no-such-lesson'");
  assert_true (window_fixture_wait (fixture, is_set, &failed));
  assert_string_equal (rt_tutor_get_lesson (window_tutor (fixture))->name, "lost-update");
}

#define WINDOW_TEST(name) cmocka_unit_test_setup_teardown (name, window_set_up, window_tear_down)

int
main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    WINDOW_TEST (next_waits_for_the_prediction),
    WINDOW_TEST (skip_shows_what_happens_without_praise),
    WINDOW_TEST (a_wrong_answer_gets_feedback_and_a_counter_example),
    WINDOW_TEST (an_answer_is_kept_for_the_next_window),
    WINDOW_TEST (a_red_probe_leads_to_its_exchange),
    WINDOW_TEST (the_challenge_can_be_solved),
    WINDOW_TEST (settings_that_are_no_yaml_get_a_message),
    WINDOW_TEST (presenting_starts_masked_and_keeps_nothing),
    WINDOW_TEST (beginning_anew_forgets_the_answers),
    WINDOW_TEST (an_answer_is_scrolled_to),
    WINDOW_TEST (a_lesson_that_is_none_is_named),
  };

  window_fixture_init ();
  if (argc > 1)
    cmocka_set_test_filter (argv[1]);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
