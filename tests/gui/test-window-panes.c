/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Timeline, transport, list, fields, bytes and meaning: one selection, one moment. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-exchange-item.h"
#include "rt-filter-help.h"
#include "window-words.h"

#include <string.h>

static void
selection_is_one_in_all_panes (void **state)
{
  WindowFixture *fixture = *state;
  RtView *view;
  const RtTransfer *response;
  const RtField *field;
  gboolean request;
  RtTimeline *timeline = rt_stage_get_timeline (rt_window_get_stage (fixture->window));
  GtkTextView *bytes;
  GtkTextIter iter;
  GtkTextBuffer *buffer;

  view = window_shown (fixture);
  rt_timeline_set_selected (timeline, 2, FALSE);
  assert_int_equal (rt_view_get_selection (view).exchange, 2);
  response = rt_view_get_transfer (view);
  field = rt_fields_first (response->message->fields, "ETag");
  assert_non_null (field);
  rt_view_select (view, 2, FALSE, field->line);
  window_fixture_settle (fixture);
  assert_int_equal (rt_timeline_get_selected (timeline, &request), 2);
  assert_false (request);
  /* The caret in the bytes chooses the field it stands in. */
  bytes = GTK_TEXT_VIEW (gtk_widget_get_first_child (gtk_widget_get_first_child (window_find (
      GTK_WIDGET (rt_window_get_inspector (fixture->window)), g_type_from_name ("RtBytesPane")))));
  buffer = gtk_text_view_get_buffer (bytes);
  gtk_text_buffer_get_iter_at_offset (buffer, &iter, 3);
  gtk_text_buffer_place_cursor (buffer, &iter);
  assert_int_equal (rt_view_get_selection (view).span.offset, response->message->start_line.offset);
  assert_int_equal (rt_view_get_selection (view).span.length, response->message->start_line.length);
}

static void
playback_moves_and_stops_at_the_cut (void **state)
{
  WindowFixture *fixture = *state;
  RtView *view = window_shown (fixture);
  RtAnalysis *analysis = rt_view_get_analysis (view);

  window_fixture_do (fixture, "win.first", NULL);
  assert_true (rt_view_get_now (view) == rt_analysis_get_start (analysis));
  window_fixture_do (fixture, "win.step", "1");
  assert_true (rt_view_get_now (view) > rt_analysis_get_start (analysis));
  for (guint i = 0; i < 100; i++)
    rt_view_step (view, 1);
  assert_true (rt_view_get_now (view) == rt_analysis_get_end (analysis));
  window_fixture_do (fixture, "win.step", "-1");
  assert_true (rt_view_get_now (view) < rt_analysis_get_end (analysis));
  window_fixture_do (fixture, "win.last", NULL);
  assert_true (rt_view_get_now (view) == RT_TIME_UNKNOWN);
  window_fixture_do (fixture, "win.play", NULL);
  assert_true (
      rt_transport_get_playing (rt_stage_get_transport (rt_window_get_stage (fixture->window))));
  window_fixture_do (fixture, "win.play", NULL);
  assert_false (
      rt_transport_get_playing (rt_stage_get_transport (rt_window_get_stage (fixture->window))));
}

static void
rows_and_exchanges_are_walked (void **state)
{
  WindowFixture *fixture = *state;
  RtView *view = window_shown (fixture);

  rt_view_select (view, 0, FALSE, RT_SPAN_NONE);
  window_fixture_do (fixture, "win.next-exchange", "1");
  assert_int_equal (rt_view_get_selection (view).exchange, 1);
  window_fixture_do (fixture, "win.next-exchange", "1");
  window_fixture_do (fixture, "win.next-exchange", "1");
  assert_int_equal (rt_view_get_selection (view).exchange, 2);
  window_fixture_do (fixture, "win.move-row", "-1");
  assert_true (rt_view_get_selection (view).request);
}

static void
the_filter_narrows_the_list (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *list
      = window_find_styled (GTK_WIDGET (rt_window_get_inspector (fixture->window)), "exchanges");
  GListModel *model = G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (list)));
  GtkWidget *entry
      = window_find (GTK_WIDGET (rt_window_get_inspector (fixture->window)), GTK_TYPE_SEARCH_ENTRY);

  window_answer (fixture, 0, RT_TUTOR_SKIPPED);
  window_fixture_do (fixture, "win.run", "uint32 0");
  assert_int_equal (g_list_model_get_n_items (model), 5);
  window_fixture_do (fixture, "win.filter", NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), "method:PUT");
  g_signal_emit_by_name (entry, "search-changed");
  assert_int_equal (g_list_model_get_n_items (model), 2);
  gtk_editable_set_text (GTK_EDITABLE (entry), "status-code:2* -has-response-header:etag");
  g_signal_emit_by_name (entry, "search-changed");
  assert_true (g_list_model_get_n_items (model) < 5);
  gtk_editable_set_text (GTK_EDITABLE (entry), "statuscode:200");
  g_signal_emit_by_name (entry, "search-changed");
  g_signal_emit_by_name (entry, "stop-search");
  g_signal_emit_by_name (entry, "search-changed");
  assert_int_equal (g_list_model_get_n_items (model), 5);
}

static void
narrow_has_tabs_and_wide_has_panes (void **state)
{
  WindowFixture *fixture = *state;
  static const char *const tabs[] = { "lesson", "timeline", "messages" };

  rt_window_set_size (fixture->window, 720, 900);
  window_fixture_settle (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (tabs); i++)
    {
      rt_window_show_tab (fixture->window, tabs[i]);
      window_fixture_settle (fixture);
      assert_int_equal (
          gtk_widget_get_mapped (GTK_WIDGET (rt_window_get_narrative (fixture->window))), i == 0);
      assert_int_equal (gtk_widget_get_mapped (GTK_WIDGET (rt_window_get_stage (fixture->window))),
                        i == 1);
      assert_int_equal (
          gtk_widget_get_mapped (GTK_WIDGET (rt_window_get_inspector (fixture->window))), i == 2);
    }
}

static void
the_other_actions_can_be_done (void **state)
{
  WindowFixture *fixture = *state;

  window_fixture_do (fixture, "win.scale", "'true'");
  assert_true (
      rt_timeline_get_true_scale (rt_stage_get_timeline (rt_window_get_stage (fixture->window))));
  window_fixture_do (fixture, "win.scale", "'legible'");
  window_fixture_do (fixture, "win.sidebar", NULL);
  window_fixture_do (fixture, "win.predict", NULL);
  window_fixture_do (fixture, "win.rerun", NULL);
  window_fixture_do (fixture, "win.inspect", NULL);
  for (guint i = 0; i < 3; i++)
    window_fixture_do (fixture, "win.pane", "1");
  window_fixture_stop (fixture);
}

static void
the_list_is_sorted (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *inspector = GTK_WIDGET (rt_window_get_inspector (fixture->window));
  GtkWidget *list = window_find_styled (inspector, "exchanges");
  GListModel *rows = G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (list)));
  RtAnalysis *analysis;

  window_answer (fixture, 0, 2);
  analysis = rt_view_get_analysis (window_shown (fixture));
  assert_true (gtk_widget_activate_action (inspector, "order.by", "i", RT_EXCHANGE_BY_STATUS));
  assert_true (gtk_widget_activate_action (inspector, "order.descending", NULL));
  for (guint i = 0; i + 1 < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (RtExchangeItem) item = g_list_model_get_item (rows, i);
      g_autoptr (RtExchangeItem) next = g_list_model_get_item (rows, i + 1);

      assert_true (rt_analysis_get_exchange (analysis, rt_exchange_item_get_id (item))
                       ->response->message->status
                   >= rt_analysis_get_exchange (analysis, rt_exchange_item_get_id (next))
                          ->response->message->status);
    }
}

static void
what_may_stand_in_a_filter_is_offered (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *inspector = GTK_WIDGET (rt_window_get_inspector (fixture->window));
  GtkWidget *filter = window_find (inspector, GTK_TYPE_SEARCH_ENTRY);
  RtFilterHelp *help = RT_FILTER_HELP (window_find (filter, RT_TYPE_FILTER_HELP));

  window_fixture_do (fixture, "win.filter", NULL);
  gtk_editable_set_text (GTK_EDITABLE (filter), "stat");
  gtk_editable_set_position (GTK_EDITABLE (filter), -1);
  assert_true (rt_filter_help_get_n (help) >= 1);
  assert_true (rt_filter_help_accept (help));
  assert_true (g_str_has_prefix (gtk_editable_get_text (GTK_EDITABLE (filter)), "status-code:"));
  gtk_editable_set_text (GTK_EDITABLE (filter), "");
}

#define WINDOW_TEST(name) cmocka_unit_test_setup_teardown (name, window_set_up, window_tear_down)

int
main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    WINDOW_TEST (selection_is_one_in_all_panes),
    WINDOW_TEST (playback_moves_and_stops_at_the_cut),
    WINDOW_TEST (rows_and_exchanges_are_walked),
    WINDOW_TEST (the_filter_narrows_the_list),
    WINDOW_TEST (the_list_is_sorted),
    WINDOW_TEST (what_may_stand_in_a_filter_is_offered),
    WINDOW_TEST (narrow_has_tabs_and_wide_has_panes),
    WINDOW_TEST (the_other_actions_can_be_done),
  };

  window_fixture_init ();
  if (argc > 1)
    cmocka_set_test_filter (argv[1]);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
