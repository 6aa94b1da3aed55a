/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Runs side by side, branches, the author's notes, and lanes that are arranged. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-branch-dialog.h"
#include "rt-comparison-window.h"
#include "rt-notebook.h"
#include "window-fixture.h"

#include <string.h>

static void
answer_all (WindowFixture *fixture)
{
  RtTutor *tutor = window_tutor (fixture);
  GPtrArray *predictions = rt_tutor_get_lesson (tutor)->predictions;

  for (guint i = 0; i < predictions->len; i++)
    rt_tutor_answer (tutor, predictions->pdata[i], 1);
  window_show_page (fixture, 2);
  window_fixture_do (fixture, "win.run", "uint32 0");
  window_fixture_stop (fixture);
}

static RtStage *
stage (WindowFixture *fixture)
{
  return rt_window_get_stage (fixture->window);
}

static void
two_runs_stand_side_by_side_and_say_what_differs_first (void **state)
{
  WindowFixture *fixture = *state;

  answer_all (fixture);
  window_fixture_do (fixture, "win.beside", "uint32 2");
  assert_ptr_equal (rt_stage_get_beside (stage (fixture)),
                    rt_tutor_get_view (window_tutor (fixture), 1));
  assert_non_null (strstr (rt_stage_get_caption (stage (fixture)), "First difference: "));
  assert_non_null (strstr (rt_stage_get_caption (stage (fixture)), "If-Match"));
  assert_true (gtk_widget_get_visible (GTK_WIDGET (rt_stage_get_other_timeline (stage (fixture)))));
  window_fixture_do (fixture, "win.beside", "uint32 0");
  assert_null (rt_stage_get_beside (stage (fixture)));
}

static void
playing_one_plays_the_other (void **state)
{
  WindowFixture *fixture = *state;
  RtTime at;

  answer_all (fixture);
  window_fixture_do (fixture, "win.beside", "uint32 2");
  at = rt_analysis_get_start (rt_view_get_analysis (window_shown (fixture))) + 30 * RT_TIME_MSEC;
  rt_view_set_now (window_shown (fixture), at);
  assert_int_equal (rt_timeline_get_now (rt_stage_get_other_timeline (stage (fixture))), at);
}

/* Both are shown, the fourth exchange of the first and the third of the other are selected, and
 * the other has the focus. */
static RtView *
point_into_the_other (WindowFixture *fixture)
{
  RtTimeline *other = rt_stage_get_other_timeline (stage (fixture));

  answer_all (fixture);
  window_fixture_do (fixture, "win.beside", "uint32 2");
  rt_view_select (window_shown (fixture), 4, TRUE, RT_SPAN_NONE);
  rt_timeline_set_selected (other, 3, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (other));
  return rt_stage_get_beside (stage (fixture));
}

static void
keys_and_menu_of_the_run_beside_are_about_its_exchange (void **state)
{
  WindowFixture *fixture = *state;
  RtView *beside = point_into_the_other (fixture);

  assert_int_equal (rt_view_get_selection (beside).exchange, 3);
  assert_ptr_equal (rt_stage_get_acting_view (stage (fixture)), beside);
  window_fixture_do (fixture, "win.mark", NULL);
  assert_non_null (rt_notebook_find (rt_notebook_of (beside), 3, RT_SPAN_NONE));
  assert_null (rt_notebook_find (rt_notebook_of (window_shown (fixture)), 4, RT_SPAN_NONE));
  window_fixture_do (fixture, "win.mark", NULL);
  gtk_widget_grab_focus (GTK_WIDGET (rt_stage_get_timeline (stage (fixture))));
  assert_ptr_equal (rt_stage_get_acting_view (stage (fixture)), window_shown (fixture));
}

static void
the_run_beside_has_a_menu_of_its_own (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *other;

  point_into_the_other (fixture);
  other = GTK_WIDGET (rt_stage_get_other_timeline (stage (fixture)));
  assert_null (window_find (other, GTK_TYPE_POPOVER_MENU));
  g_signal_emit_by_name (other, "menu", 40.0, 90.0);
  assert_non_null (window_find (other, GTK_TYPE_POPOVER_MENU));
}

static void
an_exchange_of_one_run_is_compared_with_one_of_the_other (void **state)
{
  WindowFixture *fixture = *state;
  GtkWindow *comparison;

  point_into_the_other (fixture);
  g_signal_emit_by_name (rt_stage_get_other_timeline (stage (fixture)), "compare", 4);
  comparison = window_fixture_get_above (fixture);
  assert_true (RT_IS_COMPARISON_WINDOW (comparison));
  assert_true (rt_comparison_window_get_n_differences (RT_COMPARISON_WINDOW (comparison)) > 0);
  gtk_window_destroy (comparison);
}

static gboolean
has_branch (gpointer data)
{
  return rt_stage_get_beside (stage (data)) != NULL;
}

static void
make_branch (WindowFixture *fixture, const char *change)
{
  answer_all (fixture);
  window_fixture_do (fixture, "win.make-branch", change);
  assert_true (window_fixture_wait (fixture, has_branch, fixture));
  window_fixture_settle (fixture);
}

static void
one_thing_that_is_changed_runs_beside_the_old (void **state)
{
  WindowFixture *fixture = *state;
  GPtrArray *branches = rt_tutor_get_branches (window_tutor (fixture));

  make_branch (fixture, "'step 4 set If-Match: \"1\"'");
  assert_int_equal (branches->len, 1);
  assert_string_equal (((const RtTutorBranch *)branches->pdata[0])->name, "without If-Match, 1");
  assert_non_null (
      strstr (rt_stage_get_caption (stage (fixture)), "Changed: step 4 set If-Match: \"1\""));
  assert_non_null (strstr (rt_stage_get_caption (stage (fixture)), "First difference: "));
}

static void
a_setting_of_a_server_can_be_changed (void **state)
{
  WindowFixture *fixture = *state;
  RtAnalysis *branch;

  make_branch (fixture, "'origin api.shop.test /doc/1 require: if-match'");
  branch = rt_view_get_analysis (rt_stage_get_beside (stage (fixture)));
  assert_int_equal (rt_analysis_get_exchange (branch, 3)->response->message->status, 428);
}

static void
a_branch_can_be_discarded (void **state)
{
  WindowFixture *fixture = *state;

  make_branch (fixture, "'step 4 set If-Match: \"1\"'");
  window_fixture_do (fixture, "win.discard-branch", NULL);
  assert_int_equal (rt_tutor_get_branches (window_tutor (fixture))->len, 0);
  assert_null (rt_stage_get_beside (stage (fixture)));
}

static void
a_branch_shows_nothing_that_was_not_predicted (void **state)
{
  WindowFixture *fixture = *state;
  RtView *branch;

  window_show_page (fixture, 1);
  window_fixture_do (fixture, "win.make-branch", "'step 1 set Accept: text/plain'");
  assert_true (window_fixture_wait (fixture, has_branch, fixture));
  branch = rt_stage_get_beside (stage (fixture));
  assert_true (rt_view_get_masked (branch));
  assert_int_equal (window_n_exchanges (branch), 2);
}

static void
take_change (char **slot, const char *change)
{
  g_free (*slot);
  *slot = g_strdup (change);
}

static void
the_dialog_offers_fields_and_settings (void **state)
{
  WindowFixture *fixture = *state;
  g_autofree char *change = NULL;
  RtBranchDialog *dialog;

  answer_all (fixture);
  rt_view_select (window_shown (fixture), 4, TRUE, RT_SPAN_NONE);
  dialog = rt_branch_dialog_new (window_shown (fixture));
  g_signal_connect_swapped (dialog, "branch", G_CALLBACK (take_change), &change);
  rt_branch_dialog_choose (dialog, "Content-Type of step 4");
  rt_branch_dialog_set_value (dialog, "text/html");
  gtk_widget_activate_action (GTK_WIDGET (dialog), "branch.run", NULL);
  assert_string_equal (change, "step 4 set Content-Type: text/html");
  dialog = rt_branch_dialog_new (window_shown (fixture));
  g_signal_connect_swapped (dialog, "branch", G_CALLBACK (take_change), &change);
  rt_branch_dialog_choose (dialog, "require of api.shop.test /doc/1");
  rt_branch_dialog_set_value (dialog, "if-match");
  gtk_widget_activate_action (GTK_WIDGET (dialog), "branch.run", NULL);
  assert_string_equal (change, "origin api.shop.test /doc/1 require: if-match");
}

static guint
count_layer (RtView *view, RtTimelineLayer layer)
{
  const GArray *cards = rt_view_get_model (view)->cards;
  guint n = 0;

  for (guint i = 0; i < cards->len; i++)
    n += g_array_index (cards, RtTimelineCard, i).layer == layer ? 1 : 0;
  return n;
}

static void
the_authors_notes_come_with_what_they_hang_on (void **state)
{
  WindowFixture *fixture = *state;
  RtTutor *tutor = window_tutor (fixture);
  GPtrArray *predictions = rt_tutor_get_lesson (tutor)->predictions;
  RtView *second = rt_tutor_get_view (tutor, 1);

  assert_int_equal (count_layer (second, RT_TIMELINE_LAYER_AUTHOR), 0);
  rt_tutor_answer (tutor, predictions->pdata[0], 1);
  assert_int_equal (count_layer (second, RT_TIMELINE_LAYER_AUTHOR), 1);
  rt_tutor_answer (tutor, predictions->pdata[1], 1);
  assert_int_equal (count_layer (second, RT_TIMELINE_LAYER_AUTHOR), 2);
}

static void
a_layer_of_notes_can_be_switched_off (void **state)
{
  WindowFixture *fixture = *state;

  answer_all (fixture);
  window_fixture_do (fixture, "win.run", "uint32 1");
  assert_int_equal (count_layer (window_shown (fixture), RT_TIMELINE_LAYER_AUTHOR), 2);
  window_fixture_do (fixture, "win.author-notes", NULL);
  assert_int_equal (count_layer (window_shown (fixture), RT_TIMELINE_LAYER_AUTHOR), 0);
  window_fixture_do (fixture, "win.author-notes", NULL);
  assert_int_equal (count_layer (window_shown (fixture), RT_TIMELINE_LAYER_AUTHOR), 2);
}

#define WINDOW_TEST(name) cmocka_unit_test_setup_teardown (name, window_set_up, window_tear_down)

int
main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    WINDOW_TEST (two_runs_stand_side_by_side_and_say_what_differs_first),
    WINDOW_TEST (playing_one_plays_the_other),
    WINDOW_TEST (keys_and_menu_of_the_run_beside_are_about_its_exchange),
    WINDOW_TEST (the_run_beside_has_a_menu_of_its_own),
    WINDOW_TEST (an_exchange_of_one_run_is_compared_with_one_of_the_other),
    WINDOW_TEST (one_thing_that_is_changed_runs_beside_the_old),
    WINDOW_TEST (a_setting_of_a_server_can_be_changed),
    WINDOW_TEST (a_branch_can_be_discarded),
    WINDOW_TEST (a_branch_shows_nothing_that_was_not_predicted),
    WINDOW_TEST (the_dialog_offers_fields_and_settings),
    WINDOW_TEST (the_authors_notes_come_with_what_they_hang_on),
    WINDOW_TEST (a_layer_of_notes_can_be_switched_off),
  };

  window_fixture_init ();
  if (argc > 1)
    cmocka_set_test_filter (argv[1]);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
