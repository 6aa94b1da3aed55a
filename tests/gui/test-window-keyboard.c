/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Real input from xdotool, no action called by name: a lesson and every tool by keyboard alone, and
 * a prediction, a message and a byte by mouse. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-list-row.h"
#include "rt-timeline-item.h"
#include "window-input.h"
#include "window-words.h"

#include <string.h>

static int
set_up_high (void **state, int height)
{
  WindowFixture *fixture = window_fixture_new (1280, height);

  window_fixture_load (fixture, "lost-update");
  window_input_focus (fixture);
  *state = fixture;
  return 0;
}

static int
set_up (void **state)
{
  return set_up_high (state, 800);
}

/* All of the question is in sight. */
static int
set_up_tall (void **state)
{
  return set_up_high (state, 1150);
}

static int
tear_down (void **state)
{
  window_fixture_free (*state);
  return 0;
}

/* Until a letter means something. */
static void
go_to_timeline (WindowFixture *fixture)
{
  GtkWidget *timeline = GTK_WIDGET (rt_stage_get_timeline (rt_window_get_stage (fixture->window)));

  for (guint i = 0; i < 8; i++)
    {
      if (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == timeline)
        return;
      window_input_press (fixture, "F6");
    }
  fail_msg ("F6 does not lead to the timeline");
}

/* To the question; the first option is ticked, or the one @down below it. */
static void
predict (WindowFixture *fixture, guint i, guint down)
{
  const RtPrediction *prediction
      = rt_tutor_get_lesson (rt_window_get_tutor (fixture->window))->predictions->pdata[i];

  go_to_timeline (fixture);
  window_input_press (fixture, "p");
  window_input_press (fixture, "space");
  for (guint j = 0; j < down; j++)
    window_input_press (fixture, "Down");
  window_input_press (fixture, "space");
  window_input_press (fixture, "ctrl+Return");
  assert_int_equal (rt_tutor_get_answer (rt_window_get_tutor (fixture->window), prediction),
                    1u << down);
  window_fixture_stop (fixture);
}

static void
a_lesson_is_taken_by_keyboard_alone (void **state)
{
  WindowFixture *fixture = *state;
  RtNarrative *narrative = rt_window_get_narrative (fixture->window);
  RtView *view;

  window_input_press (fixture, "alt+Right");
  assert_int_equal (rt_narrative_get_page (narrative), 1);
  predict (fixture, 0, 1);
  window_input_press (fixture, "alt+Right");
  assert_int_equal (rt_narrative_get_page (narrative), 2);
  predict (fixture, 1, 3);
  /* What happened is walked through and read. */
  view = rt_stage_get_view (rt_window_get_stage (fixture->window));
  go_to_timeline (fixture);
  window_input_press (fixture, "Home");
  assert_true (rt_view_get_now (view) == rt_analysis_get_start (rt_view_get_analysis (view)));
  window_input_press (fixture, "Right");
  assert_true (rt_view_get_now (view) > rt_analysis_get_start (rt_view_get_analysis (view)));
  window_input_press (fixture, "End");
  window_input_press (fixture, "shift+Right");
  assert_int_equal (rt_view_get_selection (view).exchange, 2);
  window_input_press (fixture, "Return");
  window_input_press (fixture, "Down");
  assert_false (rt_span_is_none (rt_view_get_selection (view).span));
  for (guint i = 0; i < 12; i++)
    window_input_press (fixture, "alt+Right");
  assert_int_equal (rt_narrative_get_page (narrative) + 1,
                    rt_tutor_get_lesson (rt_window_get_tutor (fixture->window))->pages->len);
}

static GtkWidget *
focus_of (WindowFixture *fixture)
{
  return gtk_window_get_focus (GTK_WINDOW (fixture->window));
}

static gboolean
focus_is_in (WindowFixture *fixture, const char *type)
{
  return focus_of (fixture) != NULL
         && gtk_widget_get_ancestor (focus_of (fixture), g_type_from_name (type)) != NULL;
}

static void
every_pane_is_reached_by_f6 (void **state)
{
  static const char *const panes[] = { "RtTimeline",    "RtInspector", "RtFieldsPane",
                                       "RtMeaningPane", "RtNarrative", "RtTimeline" };
  WindowFixture *fixture = *state;

  window_answer (fixture, 0, 2);
  window_fixture_settle (fixture);
  rt_view_select (window_shown (fixture), 4, TRUE, RT_SPAN_NONE);
  go_to_timeline (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (panes); i++)
    {
      if (!focus_is_in (fixture, panes[i]))
        fail_msg ("F6, %zu times, leads to %s, not to %s", i,
                  focus_of (fixture) != NULL ? G_OBJECT_TYPE_NAME (focus_of (fixture)) : "nothing",
                  panes[i]);
      window_input_press (fixture, "F6");
    }
  /* And back again. */
  go_to_timeline (fixture);
  window_input_press (fixture, "F6");
  window_input_press (fixture, "F6");
  assert_true (focus_is_in (fixture, "RtFieldsPane"));
  window_input_press (fixture, "shift+F6");
  assert_false (focus_is_in (fixture, "RtFieldsPane"));
  assert_true (focus_is_in (fixture, "RtInspector"));
}

static void
rows_are_walked_and_filtered_by_keyboard (void **state)
{
  WindowFixture *fixture = *state;
  RtInspector *inspector = rt_window_get_inspector (fixture->window);
  GtkWidget *list;
  guint before;

  window_answer (fixture, 0, 2);
  go_to_timeline (fixture);
  window_input_press (fixture, "F6");
  before = rt_view_get_selection (window_shown (fixture)).exchange;
  window_input_press (fixture, "j");
  window_input_press (fixture, "j");
  assert_int_equal (rt_view_get_selection (window_shown (fixture)).exchange, before + 1);
  window_input_press (fixture, "k");
  window_input_press (fixture, "k");
  assert_int_equal (rt_view_get_selection (window_shown (fixture)).exchange, before);
  window_input_press (fixture, "slash");
  assert_true (GTK_IS_EDITABLE (focus_of (fixture)));
  window_input_type (fixture, "method:PUT");
  list = gtk_widget_get_ancestor (window_find (GTK_WIDGET (inspector), RT_TYPE_LIST_ROW),
                                  GTK_TYPE_LIST_VIEW);
  assert_true (window_input_wait_rows (fixture, GTK_LIST_VIEW (list), 2));
  window_input_press (fixture, "Escape");
  window_input_press (fixture, "Escape");
  assert_true (window_input_wait_rows (fixture, GTK_LIST_VIEW (list), 5));
}

static void
commands_are_found_by_keyboard (void **state)
{
  WindowFixture *fixture = *state;
  RtTransport *transport = rt_stage_get_transport (rt_window_get_stage (fixture->window));

  window_input_press (fixture, "ctrl+k");
  assert_true (window_input_wait_above (fixture, TRUE));
  window_input_type (fixture, "True scale");
  window_input_press (fixture, "Return");
  assert_true (window_input_wait_above (fixture, FALSE));
  assert_true (
      rt_timeline_get_true_scale (rt_stage_get_timeline (rt_window_get_stage (fixture->window))));
  assert_false (rt_transport_get_playing (transport));
}

static void
a_class_is_led_by_keyboard (void **state)
{
  WindowFixture *fixture = *state;
  RtPresenter *presenter;

  window_input_focus (fixture);
  window_input_press (fixture, "F5");
  presenter = rt_window_get_presenter (fixture->window);
  for (guint i = 0; i < 3 && rt_presenter_get_question (presenter) == NULL; i++)
    window_input_press (fixture, "Next");
  assert_non_null (rt_presenter_get_question (presenter));
  window_input_press (fixture, "2");
  window_input_press (fixture, "7");
  window_input_press (fixture, "Return");
  assert_int_equal (rt_tally_get_votes (rt_presenter_get_tally (presenter), 1), 7);
  window_input_press (fixture, "BackSpace");
  assert_int_equal (rt_tally_get_total (rt_presenter_get_tally (presenter)), 0);
  window_input_press (fixture, "Next");
  assert_true (rt_presenter_is_revealed (presenter));
  window_input_press (fixture, "F5");
  assert_false (rt_tutor_get_presenting (window_tutor (fixture)));
}

/* By mouse */

static void
click (WindowFixture *fixture, GtkWidget *widget)
{
  assert_non_null (widget);
  window_input_click (fixture, widget, gtk_widget_get_width (widget) / 2.0,
                      gtk_widget_get_height (widget) / 2.0);
}

/* The pill of the first message that is in sight and whose words begin or go on so. */
static GtkWidget *
find_message (WindowFixture *fixture, const char *words)
{
  GtkWidget *timeline = GTK_WIDGET (rt_stage_get_timeline (rt_window_get_stage (fixture->window)));

  for (GtkWidget *item = gtk_widget_get_first_child (timeline); item != NULL;
       item = gtk_widget_get_next_sibling (item))
    if (RT_IS_TIMELINE_ITEM (item)
        && strstr (rt_timeline_item_get_words (RT_TIMELINE_ITEM (item)), words) != NULL)
      return item;
  return NULL;
}

static gboolean
is_answered (gpointer fixture)
{
  return rt_tutor_get_answer (window_tutor (fixture), window_prediction (fixture, 0)) == 2;
}

static gboolean
is_put_selected (gpointer fixture)
{
  return rt_view_get_selection (window_shown (fixture)).exchange == 4;
}

static gboolean
is_byte_selected (gpointer fixture)
{
  return !rt_span_is_none (rt_view_get_selection (window_shown (fixture)).span);
}

static void
a_prediction_a_message_and_a_byte_are_clicked (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *narrative = GTK_WIDGET (rt_window_get_narrative (fixture->window));
  GtkWidget *inspector = GTK_WIDGET (rt_window_get_inspector (fixture->window));
  GtkWidget *card, *option, *text;
  GtkTextIter iter;
  GdkRectangle place;
  int x, y;

  click (fixture, window_find_label (narrative, "Next step"));
  window_fixture_settle (fixture);
  card = window_find (narrative, g_type_from_name ("RtPredictionCard"));
  option = gtk_widget_get_next_sibling (window_find (card, GTK_TYPE_CHECK_BUTTON));
  click (fixture, option);
  click (fixture, window_find_label (card, "Check and play"));
  assert_true (window_fixture_wait (fixture, is_answered, fixture));
  window_fixture_stop (fixture);
  window_fixture_settle (fixture);
  /* What stands in the timeline can be clicked, and so can a byte of it. */
  click (fixture, find_message (fixture, "bob to api.shop.test: PUT"));
  assert_true (window_fixture_wait (fixture, is_put_selected, fixture));
  click (fixture, window_find_label (inspector, "Bytes"));
  window_fixture_settle (fixture);
  text
      = window_find (window_find (inspector, g_type_from_name ("RtBytesPane")), GTK_TYPE_TEXT_VIEW);
  gtk_text_buffer_get_iter_at_offset (gtk_text_view_get_buffer (GTK_TEXT_VIEW (text)), &iter, 3);
  gtk_text_view_get_iter_location (GTK_TEXT_VIEW (text), &iter, &place);
  gtk_text_view_buffer_to_window_coords (GTK_TEXT_VIEW (text), GTK_TEXT_WINDOW_WIDGET, place.x + 1,
                                         place.y + place.height / 2, &x, &y);
  window_input_click (fixture, text, x, y);
  assert_true (window_fixture_wait (fixture, is_byte_selected, fixture));
}

typedef struct
{
  GtkAdjustment *vertical;
  double from;
  gboolean down;
} Scroll;

static gboolean
is_scrolled (gpointer data)
{
  const Scroll *scroll = data;
  double value = gtk_adjustment_get_value (scroll->vertical);

  return scroll->down ? value > scroll->from : value < scroll->from;
}

/* What scrolls @widget; a box of code has one of its own, which does not scroll. */
static GtkScrolledWindow *
find_scrolled (GtkWidget *widget)
{
  GtkWidget *scrolled = gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *vertical = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));

  return gtk_adjustment_get_upper (vertical) > gtk_adjustment_get_page_size (vertical)
             ? GTK_SCROLLED_WINDOW (scrolled)
             : find_scrolled (gtk_widget_get_parent (scrolled));
}

/* Brings the middle of @widget to that of what scrolls it. */
static void
bring_to_sight (GtkWidget *widget, GtkScrolledWindow *scrolled)
{
  GtkAdjustment *vertical = gtk_scrolled_window_get_vadjustment (scrolled);
  graphene_point_t at;

  assert_true (gtk_widget_compute_point (
      widget, GTK_WIDGET (scrolled),
      &GRAPHENE_POINT_INIT (0, (float)gtk_widget_get_height (widget) / 2), &at));
  gtk_adjustment_set_value (vertical, gtk_adjustment_get_value (vertical) + at.y
                                          - gtk_adjustment_get_page_size (vertical) / 2);
}

/* The wheel turns what is below the pointer, wherever in it the pointer is: over code, too. */
static void
check_wheel (WindowFixture *fixture, GtkWidget *over, const char *what)
{
  GtkScrolledWindow *scrolled = find_scrolled (over);
  Scroll scroll = { .vertical = gtk_scrolled_window_get_vadjustment (scrolled) };

  for (guint down = 0; down < 2; down++)
    {
      bring_to_sight (over, scrolled);
      window_fixture_settle (fixture);
      scroll.from = gtk_adjustment_get_value (scroll.vertical);
      scroll.down = down;
      window_input_wheel (fixture, over, down);
      if ((down || scroll.from > gtk_adjustment_get_lower (scroll.vertical))
          && !window_fixture_wait (fixture, is_scrolled, &scroll))
        fail_msg ("the wheel does nothing over %s", what);
    }
}

static void
the_wheel_scrolls_what_is_below_the_pointer (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *narrative = GTK_WIDGET (rt_window_get_narrative (fixture->window));

  window_answer (fixture, 0, 2);
  window_show_page (fixture, 2);
  window_fixture_settle (fixture);
  check_wheel (fixture, window_find_styled (narrative, "page-title"), "a page's title");
  check_wheel (fixture, window_find_styled (narrative, "prose"), "a paragraph");
  check_wheel (fixture, window_find (narrative, g_type_from_name ("RtCodeBox")), "a box of code");
  check_wheel (fixture, GTK_WIDGET (rt_stage_get_timeline (rt_window_get_stage (fixture->window))),
               "the timeline");
  rt_view_select (window_shown (fixture), 2, FALSE, RT_SPAN_NONE);
  window_fixture_settle (fixture);
  check_wheel (
      fixture,
      window_find_styled (GTK_WIDGET (rt_window_get_inspector (fixture->window)), "elements"),
      "the fields");
}

int
main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (a_lesson_is_taken_by_keyboard_alone, set_up, tear_down),
    cmocka_unit_test_setup_teardown (every_pane_is_reached_by_f6, set_up, tear_down),
    cmocka_unit_test_setup_teardown (rows_are_walked_and_filtered_by_keyboard, set_up, tear_down),
    cmocka_unit_test_setup_teardown (commands_are_found_by_keyboard, set_up, tear_down),
    cmocka_unit_test_setup_teardown (a_class_is_led_by_keyboard, set_up, tear_down),
    cmocka_unit_test_setup_teardown (a_prediction_a_message_and_a_byte_are_clicked, set_up_tall,
                                     tear_down),
    cmocka_unit_test_setup_teardown (the_wheel_scrolls_what_is_below_the_pointer, set_up,
                                     tear_down),
  };

  window_fixture_init ();
  if (argc > 1)
    cmocka_set_test_filter (argv[1]);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
