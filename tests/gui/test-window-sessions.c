/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Recorded sessions in the window. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-session-list.h"
#include "rt-session-rows.h"
#include "rt-symptom-list.h"
#include "rt-user-settings.h"
#include "window-words.h"

#include <string.h>
#include <unistd.h>

static gboolean
shows_session (gpointer data)
{
  RtView *view = window_shown (data);

  return view != NULL && rt_view_get_play (view) == NULL;
}

static void
every_run_is_recorded_and_can_be_opened (void **state)
{
  WindowFixture *fixture = *state;
  GPtrArray *sessions = rt_tutor_get_sessions (window_tutor (fixture));
  g_autofree char *target = NULL;

  assert_non_null (sessions);
  assert_true (sessions->len >= 1);
  target = g_variant_print (
      g_variant_ref_sink (g_variant_new_string (((RtLibraryEntry *)sessions->pdata[0])->path)),
      FALSE);
  window_fixture_do (fixture, "win.open-session", target);
  assert_true (window_fixture_wait (fixture, shows_session, fixture));
  assert_int_equal (window_n_exchanges (window_shown (fixture)), 5);
}

static void
a_session_offers_all_its_runs (void **state)
{
  WindowFixture *fixture = *state;
  GtkDropDown *runs = GTK_DROP_DOWN (
      window_find (GTK_WIDGET (rt_window_get_stage (fixture->window)), GTK_TYPE_DROP_DOWN));
  const RtLesson *lesson = rt_tutor_get_lesson (window_tutor (fixture));

  every_run_is_recorded_and_can_be_opened (state);
  assert_int_equal (g_list_model_get_n_items (gtk_drop_down_get_model (runs)), lesson->runs->len);
  assert_int_equal (gtk_drop_down_get_selected (runs), 0);
  gtk_drop_down_set_selected (runs, 1);
  assert_null (rt_view_get_play (window_shown (fixture)));
  assert_string_equal (rt_view_get_title (window_shown (fixture)),
                       ((const RtScenario *)lesson->runs->pdata[1])->name);
  assert_int_equal (gtk_drop_down_get_selected (runs), 1);
  /* The lesson's own runs are back with the lesson; of the second nothing was said yet. */
  window_show_page (fixture, 0);
  assert_non_null (rt_view_get_play (window_shown (fixture)));
  assert_int_equal (g_list_model_get_n_items (gtk_drop_down_get_model (runs)), 1);
}

/* Rows of a file, as a long session lists them */

static gboolean
is_searched (gpointer rows)
{
  return rt_session_rows_get_progress (rows) < 0;
}

static gboolean
has_row (gpointer item)
{
  return rt_exchange_item_get_row (item) != NULL;
}

static void
search (WindowFixture *fixture, RtSessionRows *rows, const char *text, RtExchangeOrder order)
{
  g_autoptr (RtFilter) filter = text != NULL ? rt_filter_new (text, NULL) : NULL;

  rt_session_rows_search (rows, filter, order, FALSE);
  assert_true (window_fixture_wait (fixture, is_searched, rows));
}

static guint
status_at (WindowFixture *fixture, RtSessionRows *rows, guint i)
{
  g_autoptr (RtExchangeItem) item = g_list_model_get_item (G_LIST_MODEL (rows), i);

  assert_true (window_fixture_wait (fixture, has_row, item));
  return rt_exchange_item_get_row (item)->status;
}

static void
rows_of_a_file_are_read_when_they_are_seen (void **state)
{
  WindowFixture *fixture = *state;
  GPtrArray *sessions = rt_tutor_get_sessions (window_tutor (fixture));
  g_autoptr (RtSession) session
      = rt_session_open (((RtLibraryEntry *)sessions->pdata[0])->path, NULL);
  g_autoptr (RtExchangeList) list = rt_exchange_list_new (session, NULL);
  g_autoptr (RtSessionRows) rows = rt_session_rows_new (list, 1);

  assert_int_equal (g_list_model_get_n_items (G_LIST_MODEL (rows)), 0);
  search (fixture, rows, NULL, RT_EXCHANGE_BY_START);
  assert_int_equal (g_list_model_get_n_items (G_LIST_MODEL (rows)), 5);
  assert_int_equal (status_at (fixture, rows, 0), 200);
  search (fixture, rows, NULL, RT_EXCHANGE_BY_STATUS);
  assert_int_equal (status_at (fixture, rows, 4), 204);
  search (fixture, rows, "method:PUT", RT_EXCHANGE_BY_START);
  assert_int_equal (g_list_model_get_n_items (G_LIST_MODEL (rows)), 2);
  /* One that is overtaken or cancelled changes nothing. */
  rt_session_rows_search (rows, NULL, RT_EXCHANGE_BY_START, FALSE);
  rt_session_rows_cancel (rows);
  assert_int_equal (rt_session_rows_get_progress (rows), -1);
  search (fixture, rows, "status-code:404", RT_EXCHANGE_BY_START);
  assert_int_equal (g_list_model_get_n_items (G_LIST_MODEL (rows)), 0);
}

/* The list in the sidebar */

static guint
n_sessions (WindowFixture *fixture)
{
  GPtrArray *sessions = rt_tutor_get_sessions (window_tutor (fixture));

  return sessions != NULL ? sessions->len : 0;
}

static const RtLibraryEntry *
first_session (WindowFixture *fixture)
{
  return rt_tutor_get_sessions (window_tutor (fixture))->pdata[0];
}

static gboolean
is_renamed (gpointer fixture)
{
  return g_str_equal (first_session (fixture)->name, "Monday’s class");
}

static gboolean
is_pinned (gpointer fixture)
{
  return first_session (fixture)->pinned;
}

static gboolean
is_empty (gpointer fixture)
{
  return n_sessions (fixture) == 0;
}

static RtSessionList *
session_list (WindowFixture *fixture)
{
  return RT_SESSION_LIST (window_find (GTK_WIDGET (fixture->window), RT_TYPE_SESSION_LIST));
}

static AdwMessageDialog *
find_dialog (WindowFixture *fixture)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *at = windows; at != NULL; at = at->next)
    if (ADW_IS_MESSAGE_DIALOG (at->data))
      return at->data;
  fail_msg ("there is no dialog");
  return NULL;
}

static void
sessions_are_renamed_pinned_and_deleted (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *list = GTK_WIDGET (session_list (fixture));
  g_autofree char *path = g_strdup (first_session (fixture)->path);
  AdwMessageDialog *dialog;

  g_settings_set_string (rt_user_settings_get (), RT_KEY_SIDEBAR_PAGE, "sessions");
  window_fixture_do (fixture, "win.sidebar", NULL);
  gtk_widget_activate_action (list, "session.rename", "s", path);
  dialog = find_dialog (fixture);
  gtk_editable_set_text (GTK_EDITABLE (adw_message_dialog_get_extra_child (dialog)),
                         "Monday’s class");
  adw_message_dialog_response (dialog, "rename");
  gtk_window_destroy (GTK_WINDOW (dialog));
  assert_true (window_fixture_wait (fixture, is_renamed, fixture));
  gtk_widget_activate_action (list, "session.pin", "s", path);
  assert_true (window_fixture_wait (fixture, is_pinned, fixture));
  gtk_widget_activate_action (list, "session.delete", "s", path);
  dialog = find_dialog (fixture);
  adw_message_dialog_response (dialog, "cancel");
  gtk_window_destroy (GTK_WINDOW (dialog));
  assert_int_equal (n_sessions (fixture), 1);
  gtk_widget_activate_action (list, "session.delete", "s", path);
  dialog = find_dialog (fixture);
  adw_message_dialog_response (dialog, "delete");
  gtk_window_destroy (GTK_WINDOW (dialog));
  assert_true (window_fixture_wait (fixture, is_empty, fixture));
  assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static gboolean
has_excess (gpointer fixture)
{
  return rt_tutor_get_excess (window_tutor (fixture)) != NULL;
}

static void
it_is_said_before_sessions_are_deleted (void **state)
{
  WindowFixture *fixture = *state;
  g_autofree char *path = g_strdup (first_session (fixture)->path);
  AdwMessageDialog *dialog;

  /* Grown beyond the least that can be allowed. */
  assert_int_equal (truncate (path, 11 * 1000 * 1000), 0);
  g_settings_set_int (rt_user_settings_get (), RT_KEY_CAP, 10);
  rt_tutor_list_shelf (window_tutor (fixture));
  assert_true (window_fixture_wait (fixture, has_excess, fixture));
  assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  window_fixture_do (fixture, "win.make-room", NULL);
  dialog = find_dialog (fixture);
  assert_non_null (strstr (adw_message_dialog_get_body (dialog), first_session (fixture)->name));
  adw_message_dialog_response (dialog, "delete");
  gtk_window_destroy (GTK_WINDOW (dialog));
  assert_true (window_fixture_wait (fixture, is_empty, fixture));
}

static void
a_symptom_leads_to_its_first_check (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *list = window_find (GTK_WIDGET (fixture->window), RT_TYPE_SYMPTOM_LIST);
  g_autoptr (GString) words = g_string_new (NULL);

  window_fixture_do (fixture, "win.symptom", "'cors-blocked'");
  assert_true (gtk_widget_get_mapped (list));
  window_collect_words (list, NULL, words);
  assert_non_null (strstr (words->str, "Access-Control-Allow-Origin"));
  assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (fixture->window)), list));
}

/* Files of other programs */

static const char capture[]
    = "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"t\",\"version\":\"1\"},\"entries\":[{"
      "\"startedDateTime\":\"2026-01-01T12:00:00.000Z\",\"time\":12,\"request\":{\"method\":"
      "\"GET\","
      "\"url\":\"http://shop.test/tea\",\"httpVersion\":\"HTTP/1.1\",\"cookies\":[],\"headers\":["
      "{\"name\":\"Host\",\"value\":\"shop.test\"}],\"queryString\":[],\"headersSize\":-1,"
      "\"bodySize\":0},\"response\":{\"status\":200,\"statusText\":\"OK\",\"httpVersion\":"
      "\"HTTP/1.1\",\"cookies\":[],\"headers\":[],\"content\":{\"size\":5,\"mimeType\":\"text/"
      "plain\","
      "\"text\":\"green\"},\"redirectURL\":\"\",\"headersSize\":-1,\"bodySize\":5},\"cache\":{},"
      "\"timings\":{\"send\":1,\"wait\":10,\"receive\":1}}]}}";

static void
an_archive_becomes_a_session_and_is_shown (void **state)
{
  WindowFixture *fixture = *state;
  g_autofree char *path = g_build_filename (fixture->folder, "of another program.har", NULL);
  g_autoptr (GString) words = g_string_new (NULL);

  assert_true (g_file_set_contents (path, capture, -1, NULL));
  rt_window_open (fixture->window, path);
  assert_true (window_fixture_wait (fixture, shows_session, fixture));
  assert_int_equal (window_n_exchanges (window_shown (fixture)), 1);
  window_collect_words (GTK_WIDGET (rt_window_get_inspector (fixture->window)), NULL, words);
  assert_non_null (strstr (words->str, "/tea"));
}

static GtkListBoxRow *
find_row (WindowFixture *fixture, const char *what)
{
  GtkListBox *list
      = GTK_LIST_BOX (window_find (GTK_WIDGET (session_list (fixture)), GTK_TYPE_LIST_BOX));
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (list, i)) != NULL; i++)
    {
      g_autoptr (GString) words = g_string_new (NULL);

      window_collect_words (GTK_WIDGET (row), NULL, words);
      if (strstr (words->str, what) != NULL)
        return row;
    }
  fail_msg ("no row has “%s”", what);
  return NULL;
}

static gboolean
has_finding (WindowFixture *fixture, const char *name)
{
  GPtrArray *notes = rt_analysis_get_notes (rt_view_get_analysis (window_shown (fixture)));

  for (guint i = 0; i < notes->len; i++)
    if (g_strcmp0 (((const RtNote *)notes->pdata[i])->finding, name) == 0)
      return TRUE;
  return FALSE;
}

static void
a_sample_is_opened_with_what_is_found_in_it (void **state)
{
  WindowFixture *fixture = *state;
  g_autoptr (GString) words = g_string_new (NULL);
  GtkListBoxRow *row;

  g_settings_set_string (rt_user_settings_get (), RT_KEY_SIDEBAR_PAGE, "sessions");
  row = find_row (fixture, "lost-update.pcap");
  g_signal_emit_by_name (gtk_widget_get_parent (GTK_WIDGET (row)), "row-activated", row);
  assert_true (window_fixture_wait (fixture, shows_session, fixture));
  assert_int_equal (window_n_exchanges (window_shown (fixture)), 2);
  assert_true (has_finding (fixture, "update.lost"));
  rt_view_select (window_shown (fixture), 2, TRUE, RT_SPAN_NONE);
  window_collect_words (GTK_WIDGET (rt_window_get_inspector (fixture->window)), NULL, words);
  assert_non_null (strstr (words->str, "The change names no version"));
  assert_non_null (strstr (words->str, "the request carries a precondition"));
  assert_non_null (strstr (words->str, "A saved change is gone"));
}

static guint
count_windows (WindowFixture *fixture)
{
  return g_list_length (gtk_application_get_windows (GTK_APPLICATION (fixture->application)));
}

static gboolean
is_third (gpointer fixture)
{
  return count_windows (fixture) == 3;
}

/* Drops files onto the window as the display does. */
static void
drop_files (WindowFixture *fixture, GSList *files)
{
  g_autoptr (GListModel) controllers
      = gtk_widget_observe_controllers (GTK_WIDGET (fixture->window));
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean taken = FALSE;

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, gdk_file_list_new_from_list (files));
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        g_signal_emit_by_name (controller, "drop", &value, 10.0, 10.0, &taken);
    }
  assert_true (taken);
}

static void
of_files_that_are_dropped_each_further_one_gets_a_window (void **state)
{
  WindowFixture *fixture = *state;
  g_autoslist (GFile) files = NULL;
  GList *windows;

  for (guint i = 3; i > 0; i--)
    {
      g_autofree char *name = g_strdup_printf ("%u.har", i);
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      assert_true (g_file_set_contents (path, capture, -1, NULL));
      files = g_slist_prepend (files, g_file_new_for_path (path));
    }
  assert_int_equal (count_windows (fixture), 1);
  drop_files (fixture, files);
  assert_true (window_fixture_wait (fixture, shows_session, fixture));
  assert_true (window_fixture_wait (fixture, is_third, fixture));
  windows = gtk_application_get_windows (GTK_APPLICATION (fixture->application));
  while (windows != NULL)
    {
      GtkWindow *window = windows->data;

      windows = windows->next;
      if (window != GTK_WINDOW (fixture->window))
        gtk_window_destroy (window);
    }
}

static gboolean
is_idle (gpointer tutor)
{
  return g_object_get_data (tutor, "test-idle") != NULL;
}

static void
working_cb (RtTutor *tutor, const char *path)
{
  g_object_set_data (G_OBJECT (tutor), "test-idle", path == NULL ? tutor : NULL);
}

/* Cancelled before its thread has read anything: nothing is shown, and no error is. */
static void
an_import_that_is_cancelled_shows_nothing (void **state)
{
  WindowFixture *fixture = *state;
  g_autofree char *path = g_build_filename (fixture->folder, "long.har", NULL);
  g_autoptr (GString) archive = g_string_new (NULL);
  const char *entry = strstr (capture, "[{\"started") + 1;
  const char *end = strstr (capture, "]}}");

  g_string_append_len (archive, capture, entry - capture);
  for (guint i = 0; i < 20000; i++)
    {
      g_string_append (archive, i > 0 ? "," : "");
      g_string_append_len (archive, entry, strrchr (entry, ']') - entry);
    }
  g_string_append (archive, end != NULL ? end : "]}}");
  assert_true (g_file_set_contents (path, archive->str, -1, NULL));
  g_signal_connect (window_tutor (fixture), "working", G_CALLBACK (working_cb), NULL);
  rt_window_open (fixture->window, path);
  window_fixture_do (fixture, "win.cancel", NULL);
  assert_true (window_fixture_wait (fixture, is_idle, window_tutor (fixture)));
  assert_false (shows_session (fixture));
}

static gboolean
is_set (gpointer flag)
{
  return *(gboolean *)flag;
}

static void
failed_cb (gboolean *failed)
{
  *failed = TRUE;
}

static void
a_file_that_is_no_traffic_is_refused (void **state)
{
  WindowFixture *fixture = *state;
  g_autofree char *path = g_build_filename (fixture->folder, "shopping.list", NULL);
  gboolean failed = FALSE;

  assert_true (g_file_set_contents (path, "tea, milk", -1, NULL));
  g_signal_connect_swapped (window_tutor (fixture), "failed", G_CALLBACK (failed_cb), &failed);
  rt_window_open (fixture->window, path);
  assert_true (window_fixture_wait (fixture, is_set, &failed));
  assert_false (shows_session (fixture));
}

#define WINDOW_TEST(name) cmocka_unit_test_setup_teardown (name, window_set_up, window_tear_down)

int
main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    WINDOW_TEST (every_run_is_recorded_and_can_be_opened),
    WINDOW_TEST (a_session_offers_all_its_runs),
    WINDOW_TEST (rows_of_a_file_are_read_when_they_are_seen),
    WINDOW_TEST (sessions_are_renamed_pinned_and_deleted),
    WINDOW_TEST (it_is_said_before_sessions_are_deleted),
    WINDOW_TEST (an_archive_becomes_a_session_and_is_shown),
    WINDOW_TEST (a_sample_is_opened_with_what_is_found_in_it),
    WINDOW_TEST (a_file_that_is_no_traffic_is_refused),
    WINDOW_TEST (of_files_that_are_dropped_each_further_one_gets_a_window),
    WINDOW_TEST (an_import_that_is_cancelled_shows_nothing),
    WINDOW_TEST (a_symptom_leads_to_its_first_check),
  };

  window_fixture_init ();
  if (argc > 1)
    cmocka_set_test_filter (argv[1]);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
