/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * In front of a class: a clicker's keys, votes, the mask, and what is not kept. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-presenter-notes.h"
#include "rt-presenter-pane.h"
#include "window-fixture.h"

#include <string.h>

/* Votes */

static void
type (RtTally *tally, const char *keys)
{
  for (; *keys != '\0'; keys++)
    switch (*keys)
      {
      case '!':
        assert_true (rt_tally_enter (tally));
        break;
      case '<':
        assert_true (rt_tally_take_back (tally));
        break;
      default:
        assert_true (rt_tally_type (tally, (guint)(*keys - '0')));
      }
}

static void
an_option_a_count_and_enter_are_votes (void **state)
{
  g_autoptr (RtTally) tally = rt_tally_new (4);

  type (tally, "17!214!3!");
  assert_int_equal (rt_tally_get_votes (tally, 0), 7);
  assert_int_equal (rt_tally_get_votes (tally, 1), 14);
  assert_int_equal (rt_tally_get_votes (tally, 2), 1);
  assert_int_equal (rt_tally_get_votes (tally, 3), 0);
  assert_int_equal (rt_tally_get_total (tally), 22);
  assert_int_equal (rt_tally_get_leading (tally), 1u << 1);
}

static void
backspace_takes_back_digits_then_votes (void **state)
{
  g_autoptr (RtTally) tally = rt_tally_new (4);
  g_autofree char *typed = NULL;

  type (tally, "17!25<");
  typed = rt_tally_dup_typed (tally);
  assert_string_equal (typed, "2: _");
  type (tally, "<<");
  assert_int_equal (rt_tally_get_total (tally), 0);
  assert_false (rt_tally_take_back (tally));
}

static void
what_is_no_option_is_not_taken (void **state)
{
  g_autoptr (RtTally) tally = rt_tally_new (3);

  assert_false (rt_tally_type (tally, 0));
  assert_false (rt_tally_type (tally, 4));
  assert_false (rt_tally_enter (tally));
  type (tally, "39999");
  assert_false (rt_tally_type (tally, 9));
  type (tally, "!");
  assert_int_equal (rt_tally_get_votes (tally, 2), 9999);
}

/* The window */

static void
present (WindowFixture *fixture)
{
  window_fixture_do (fixture, "win.presenter", NULL);
}

static void
press (WindowFixture *fixture, guint key)
{
  rt_presenter_key (rt_window_get_presenter (fixture->window), key);
  window_fixture_settle (fixture);
}

static const RtPrediction *
prediction (WindowFixture *fixture, guint i)
{
  return rt_tutor_get_lesson (window_tutor (fixture))->predictions->pdata[i];
}

static guint
answer (WindowFixture *fixture, guint i)
{
  return rt_tutor_get_answer (window_tutor (fixture), prediction (fixture, i));
}

/* Until the first question is open. */
static void
go_to_question (WindowFixture *fixture)
{
  press (fixture, GDK_KEY_Page_Down);
  assert_ptr_equal (rt_presenter_get_question (rt_window_get_presenter (fixture->window)),
                    prediction (fixture, 0));
}

static void
it_starts_masked_whatever_was_predicted (void **state)
{
  WindowFixture *fixture = *state;

  rt_tutor_answer (window_tutor (fixture), prediction (fixture, 0), 1);
  window_fixture_stop (fixture);
  present (fixture);
  assert_int_equal (answer (fixture, 0), RT_TUTOR_UNANSWERED);
  assert_true (rt_view_get_masked (window_shown (fixture)));
  window_fixture_do (fixture, "win.presenter", NULL);
}

static void
a_clicker_reveals_and_goes_on (void **state)
{
  WindowFixture *fixture = *state;

  present (fixture);
  go_to_question (fixture);
  press (fixture, GDK_KEY_2);
  press (fixture, GDK_KEY_5);
  press (fixture, GDK_KEY_Return);
  press (fixture, GDK_KEY_Page_Down);
  assert_int_equal (answer (fixture, 0), 2);
  assert_true (rt_presenter_is_revealed (rt_window_get_presenter (fixture->window)));
  window_fixture_stop (fixture);
  press (fixture, GDK_KEY_Page_Down);
  assert_int_equal (rt_narrative_get_page (rt_window_get_narrative (fixture->window)), 2);
  window_fixture_do (fixture, "win.presenter", NULL);
}

static void
going_back_masks_again (void **state)
{
  WindowFixture *fixture = *state;

  present (fixture);
  go_to_question (fixture);
  press (fixture, GDK_KEY_Page_Down);
  assert_int_equal (answer (fixture, 0), RT_TUTOR_SKIPPED);
  press (fixture, GDK_KEY_Page_Up);
  assert_int_equal (answer (fixture, 0), RT_TUTOR_UNANSWERED);
  assert_true (rt_view_get_masked (window_shown (fixture)));
  press (fixture, GDK_KEY_Page_Up);
  assert_int_equal (rt_narrative_get_page (rt_window_get_narrative (fixture->window)), 0);
  window_fixture_do (fixture, "win.presenter", NULL);
}

static gboolean
says (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (says (child, text))
      return TRUE;
  return FALSE;
}

static void
votes_are_shown_when_the_answer_is (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *pane;

  present (fixture);
  go_to_question (fixture);
  pane = window_find (GTK_WIDGET (fixture->window), RT_TYPE_PRESENTER_PANE);
  press (fixture, GDK_KEY_1);
  press (fixture, GDK_KEY_7);
  press (fixture, GDK_KEY_Return);
  press (fixture, GDK_KEY_2);
  press (fixture, GDK_KEY_4);
  press (fixture, GDK_KEY_Return);
  assert_true (says (pane, "11 votes"));
  assert_false (says (pane, "7 votes"));
  assert_false (says (pane, "✓"));
  press (fixture, GDK_KEY_Page_Down);
  assert_true (says (pane, "7 votes"));
  assert_true (says (pane, "4 votes"));
  assert_true (says (pane, "✓"));
  window_fixture_do (fixture, "win.presenter", NULL);
}

static void
the_next_class_begins_anew (void **state)
{
  WindowFixture *fixture = *state;
  RtPresenter *presenter;

  present (fixture);
  presenter = rt_window_get_presenter (fixture->window);
  go_to_question (fixture);
  press (fixture, GDK_KEY_1);
  press (fixture, GDK_KEY_Return);
  press (fixture, GDK_KEY_Page_Down);
  press (fixture, GDK_KEY_F8);
  assert_int_equal (answer (fixture, 0), RT_TUTOR_UNANSWERED);
  assert_int_equal (rt_narrative_get_page (rt_window_get_narrative (fixture->window)), 0);
  go_to_question (fixture);
  assert_int_equal (rt_tally_get_total (rt_presenter_get_tally (presenter)), 0);
  window_fixture_do (fixture, "win.presenter", NULL);
}

static gboolean
is_as_before (gpointer data)
{
  return answer (data, 0) == 4;
}

static void
nothing_of_it_is_kept (void **state)
{
  WindowFixture *fixture = *state;

  rt_tutor_answer (window_tutor (fixture), prediction (fixture, 0), 4);
  window_fixture_stop (fixture);
  present (fixture);
  go_to_question (fixture);
  press (fixture, GDK_KEY_1);
  press (fixture, GDK_KEY_Return);
  press (fixture, GDK_KEY_Page_Down);
  window_fixture_do (fixture, "win.presenter", NULL);
  assert_true (window_fixture_wait (fixture, is_as_before, fixture));
}

static void
the_row_of_the_moment_lies_in_the_light (void **state)
{
  WindowFixture *fixture = *state;
  const RtExchange *second;

  present (fixture);
  go_to_question (fixture);
  second = rt_analysis_get_exchange (rt_view_get_analysis (window_shown (fixture)), 2);
  rt_view_set_now (window_shown (fixture), second->request->sent_first);
  assert_int_equal (rt_view_get_selection (window_shown (fixture)).exchange, 2);
  assert_true (rt_view_get_selection (window_shown (fixture)).request);
  window_fixture_do (fixture, "win.presenter", NULL);
}

static void
the_notes_say_what_comes_next (void **state)
{
  WindowFixture *fixture = *state;
  RtPresenterNotes *notes;

  present (fixture);
  go_to_question (fixture);
  notes = rt_presenter_notes_new (rt_window_get_presenter (fixture->window));
  assert_true (says (GTK_WIDGET (notes), "Next: Reveal the answer and play"));
  assert_true (says (GTK_WIDGET (notes), "2 ✓"));
  press (fixture, GDK_KEY_Page_Down);
  window_fixture_stop (fixture);
  press (fixture, GDK_KEY_Page_Down);
  assert_true (says (GTK_WIDGET (notes), "Bob's PUT says"));
  gtk_window_destroy (GTK_WINDOW (notes));
  window_fixture_do (fixture, "win.presenter", NULL);
}

static gboolean
is_enabled (WindowFixture *fixture, const char *action)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (fixture->window), action);
}

/* What its keys do stands in the menu, too; out of a class's sight it would do nothing. */
static void
its_tools_are_actions_while_there_is_a_class (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *toasts = window_find (GTK_WIDGET (fixture->window), ADW_TYPE_TOAST_OVERLAY);

  assert_false (is_enabled (fixture, "presenter-notes"));
  present (fixture);
  window_fixture_do (fixture, "win.presenter-notes", NULL);
  assert_true (RT_IS_PRESENTER_NOTES (window_fixture_get_above (fixture)));
  window_fixture_do (fixture, "win.presenter-notes", NULL);
  assert_null (window_fixture_get_above (fixture));
  window_fixture_do (fixture, "win.presenter-blank", NULL);
  assert_true (gtk_widget_get_opacity (toasts) == 0);
  window_fixture_do (fixture, "win.presenter-blank", NULL);
  assert_true (gtk_widget_get_opacity (toasts) == 1);
  go_to_question (fixture);
  window_fixture_do (fixture, "win.presenter-reset", NULL);
  assert_int_equal (rt_narrative_get_page (rt_window_get_narrative (fixture->window)), 0);
  window_fixture_do (fixture, "win.presenter", NULL);
  assert_false (is_enabled (fixture, "presenter-blank"));
}

static gboolean
is_below (GtkWidget *widget, GtkWidget *other)
{
  return gtk_widget_is_ancestor (widget, gtk_widget_get_parent (other));
}

/* The lesson on ports is for a class, too, and comes back to where the text is. */
static void
the_ports_are_shown_to_a_class (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *live = GTK_WIDGET (rt_window_get_live (fixture->window));
  GtkWidget *narrative = GTK_WIDGET (rt_window_get_narrative (fixture->window));

  assert_true (is_below (live, narrative));
  present (fixture);
  assert_true (gtk_widget_get_mapped (live));
  assert_false (gtk_widget_get_mapped (narrative));
  window_fixture_do (fixture, "win.presenter", NULL);
  assert_true (gtk_widget_get_mapped (live));
  assert_true (is_below (live, narrative));
}

#define WINDOW_TEST(name) cmocka_unit_test_setup_teardown (name, window_set_up, window_tear_down)

int
main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (an_option_a_count_and_enter_are_votes),
    cmocka_unit_test (backspace_takes_back_digits_then_votes),
    cmocka_unit_test (what_is_no_option_is_not_taken),
    WINDOW_TEST (it_starts_masked_whatever_was_predicted),
    WINDOW_TEST (a_clicker_reveals_and_goes_on),
    WINDOW_TEST (going_back_masks_again),
    WINDOW_TEST (votes_are_shown_when_the_answer_is),
    WINDOW_TEST (the_next_class_begins_anew),
    WINDOW_TEST (nothing_of_it_is_kept),
    WINDOW_TEST (the_row_of_the_moment_lies_in_the_light),
    WINDOW_TEST (the_notes_say_what_comes_next),
    WINDOW_TEST (its_tools_are_actions_while_there_is_a_class),
    WINDOW_TEST (the_ports_are_shown_to_a_class),
  };

  window_fixture_init ();
  if (argc > 1)
    cmocka_set_test_filter (argv[1]);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
