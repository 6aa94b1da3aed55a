/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Marks and notes of one's own, comparing two exchanges, and copying. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-comparison-window.h"
#include "rt-note-editor.h"
#include "rt-notebook.h"
#include "window-words.h"

#include <string.h>

static GtkWindow *
find_window (GType type)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *at = windows; at != NULL; at = at->next)
    if (g_type_is_a (G_OBJECT_TYPE (at->data), type))
      return at->data;
  return NULL;
}

static RtFilterMarks
state_of (WindowFixture *fixture, guint exchange)
{
  return rt_notebook_get_state (rt_notebook_of (window_shown (fixture)), exchange);
}

static void
write_note (WindowFixture *fixture, const char *text)
{
  GtkWindow *editor;

  window_fixture_do (fixture, "win.note", NULL);
  editor = find_window (RT_TYPE_NOTE_EDITOR);
  assert_non_null (editor);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (
                                window_find (GTK_WIDGET (editor), GTK_TYPE_TEXT_VIEW))),
                            text, -1);
  assert_true (gtk_widget_activate_action (GTK_WIDGET (editor), "note.save", NULL));
  window_fixture_settle (fixture);
  assert_null (find_window (RT_TYPE_NOTE_EDITOR));
}

static void
a_mark_comes_and_goes (void **state)
{
  WindowFixture *fixture = *state;

  rt_view_select (window_shown (fixture), 2, FALSE, RT_SPAN_NONE);
  window_fixture_do (fixture, "win.mark", NULL);
  assert_int_equal (state_of (fixture, 2), RT_FILTER_MARKED);
  assert_int_equal (state_of (fixture, 1), RT_FILTER_UNMARKED);
  window_fixture_do (fixture, "win.mark", NULL);
  assert_int_equal (state_of (fixture, 2), RT_FILTER_UNMARKED);
}

static void
a_note_is_shown_in_all_panes_and_can_be_filtered (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *inspector = GTK_WIDGET (rt_window_get_inspector (fixture->window));
  GtkWidget *filter = window_find (inspector, GTK_TYPE_SEARCH_ENTRY);
  GtkListView *list = GTK_LIST_VIEW (window_find_styled (inspector, "exchanges"));
  GListModel *rows = G_LIST_MODEL (gtk_list_view_get_model (list));
  g_autoptr (GString) words = g_string_new (NULL);
  RtView *view = window_shown (fixture);

  rt_view_select (
      view, 1, FALSE,
      rt_analysis_get_exchange (rt_view_get_analysis (view), 1)->response->message->start_line);
  write_note (fixture, "Remember <b>this</b> line");
  assert_int_equal (state_of (fixture, 1), RT_FILTER_MARKED | RT_FILTER_NOTED);
  window_collect_words (inspector, NULL, words);
  assert_non_null (strstr (words->str, "Remember <b>this</b> line"));
  assert_non_null (strstr (words->str, "with a note"));
  gtk_editable_set_text (GTK_EDITABLE (filter), "has:note");
  g_signal_emit_by_name (filter, "search-changed");
  assert_int_equal (g_list_model_get_n_items (rows), 1);
  gtk_editable_set_text (GTK_EDITABLE (filter), "-is:marked");
  g_signal_emit_by_name (filter, "search-changed");
  assert_int_equal (g_list_model_get_n_items (rows), 1);
  gtk_editable_set_text (GTK_EDITABLE (filter), "");
  /* The layer can be switched off. */
  window_fixture_do (fixture, "win.my-notes", NULL);
  g_string_truncate (words, 0);
  window_collect_words (inspector, NULL, words);
  assert_null (strstr (words->str, "Remember"));
  /* An editor without words leaves a mark; Delete takes that. */
  write_note (fixture, "");
  assert_int_equal (state_of (fixture, 1), RT_FILTER_MARKED);
  window_fixture_do (fixture, "win.note", NULL);
  gtk_widget_activate_action (GTK_WIDGET (find_window (RT_TYPE_NOTE_EDITOR)), "note.remove", NULL);
  window_fixture_settle (fixture);
  assert_int_equal (state_of (fixture, 1), RT_FILTER_UNMARKED);
}

static gboolean
has_lesson (gpointer window)
{
  return rt_tutor_get_lesson (rt_window_get_tutor (window)) != NULL;
}

static void
a_note_is_there_when_the_lesson_is_opened_again (void **state)
{
  WindowFixture *fixture = *state;
  RtWindow *second;
  RtView *view;

  rt_view_select (window_shown (fixture), 1, FALSE, RT_SPAN_NONE);
  write_note (fixture, "For tomorrow");
  /* Two workers: the second reads once the first has written. */
  window_fixture_load (fixture, "lost-update");
  second = rt_window_new (GTK_APPLICATION (fixture->application));
  rt_window_open (second, "lost-update");
  assert_true (window_fixture_wait (fixture, has_lesson, second));
  view = rt_tutor_get_view (rt_window_get_tutor (second), 0);
  assert_string_equal (rt_notebook_find (rt_notebook_of (view), 1, RT_SPAN_NONE)->text,
                       "For tomorrow");
  gtk_window_destroy (GTK_WINDOW (second));
}

static gboolean
shows_session (gpointer data)
{
  RtView *view = window_shown (data);

  return view != NULL && rt_view_get_play (view) == NULL;
}

static gboolean
shows_no_session (gpointer data)
{
  return !shows_session (data);
}

static void
open_session (WindowFixture *fixture, const char *path)
{
  g_autofree char *target
      = g_variant_print (g_variant_ref_sink (g_variant_new_string (path)), FALSE);

  window_fixture_do (fixture, "win.open-session", target);
  assert_true (window_fixture_wait (fixture, shows_session, fixture));
}

static void
a_note_on_a_session_is_kept_in_its_file (void **state)
{
  WindowFixture *fixture = *state;
  g_autofree char *path = g_strdup (
      ((RtLibraryEntry *)rt_tutor_get_sessions (window_tutor (fixture))->pdata[0])->path);

  open_session (fixture, path);
  rt_view_select (window_shown (fixture), 3, TRUE, RT_SPAN_NONE);
  write_note (fixture, "Kept in the file");
  rt_window_show_run (fixture->window, 0);
  assert_true (window_fixture_wait (fixture, shows_no_session, fixture));
  open_session (fixture, path);
  assert_int_equal (state_of (fixture, 3), RT_FILTER_MARKED | RT_FILTER_NOTED);
}

static void
two_exchanges_are_compared (void **state)
{
  WindowFixture *fixture = *state;
  GtkWindow *comparison;
  g_autoptr (GString) words = g_string_new (NULL);

  rt_view_select (window_shown (fixture), 1, FALSE, RT_SPAN_NONE);
  window_fixture_do (fixture, "win.compare", NULL);
  assert_null (find_window (RT_TYPE_COMPARISON_WINDOW));
  rt_view_select (window_shown (fixture), 2, FALSE, RT_SPAN_NONE);
  window_fixture_do (fixture, "win.compare", NULL);
  comparison = find_window (RT_TYPE_COMPARISON_WINDOW);
  assert_non_null (comparison);
  window_collect_words (GTK_WIDGET (comparison), NULL, words);
  assert_non_null (strstr (words->str, "REQUEST"));
  assert_non_null (strstr (words->str, "="));
  /* Both read the same; what they say of themselves differs at most. */
  assert_true (rt_comparison_window_get_n_differences (RT_COMPARISON_WINDOW (comparison)) < 6);
  gtk_window_destroy (comparison);
}

/* What the inspector says while it waits, and an exchange that is pointed at. */
static void
it_is_said_what_a_comparison_waits_for (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *waiting
      = window_find_styled (GTK_WIDGET (rt_window_get_inspector (fixture->window)), "comparing");
  GtkWindow *comparison;

  assert_false (gtk_widget_get_visible (waiting));
  rt_view_select (window_shown (fixture), 1, FALSE, RT_SPAN_NONE);
  window_fixture_do (fixture, "win.compare", NULL);
  assert_true (gtk_widget_get_visible (waiting));
  window_fixture_do (fixture, "win.cancel-comparing", NULL);
  assert_false (gtk_widget_get_visible (waiting));
  window_fixture_do (fixture, "win.compare-with", "uint32 1");
  assert_null (find_window (RT_TYPE_COMPARISON_WINDOW));
  window_fixture_do (fixture, "win.compare-with", "uint32 2");
  comparison = find_window (RT_TYPE_COMPARISON_WINDOW);
  assert_non_null (comparison);
  gtk_window_destroy (comparison);
}

static GtkWidget *
open_menu_of (WindowFixture *fixture, GtkWidget *widget)
{
  window_fixture_settle (fixture);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_POPOVER_MENU (child) && gtk_widget_get_visible (child))
      return child;
  return NULL;
}

/* Closes it, too. */
static gboolean
menu_offers (WindowFixture *fixture, GtkWidget *widget, const char *label)
{
  GtkWidget *menu = open_menu_of (fixture, widget);
  g_autoptr (GString) words = g_string_new (NULL);

  if (menu == NULL)
    return FALSE;
  window_collect_words (menu, NULL, words);
  gtk_popover_popdown (GTK_POPOVER (menu));
  window_fixture_settle (fixture);
  return strstr (words->str, label) != NULL;
}

static void
a_message_of_the_timeline_has_a_menu (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *timeline = GTK_WIDGET (rt_stage_get_timeline (rt_window_get_stage (fixture->window)));

  rt_view_select (window_shown (fixture), 1, FALSE, RT_SPAN_NONE);
  window_fixture_settle (fixture);
  gtk_widget_activate_action (timeline, "timeline.menu", NULL);
  assert_true (menu_offers (fixture, timeline, "Copy the request as a curl command"));
  gtk_widget_activate_action (timeline, "timeline.menu", NULL);
  assert_true (menu_offers (fixture, timeline, "Compare with"));
}

static void
press_menu_key (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);
      guint n = GTK_IS_SHORTCUT_CONTROLLER (controller)
                    ? g_list_model_get_n_items (G_LIST_MODEL (controller))
                    : 0;

      for (guint j = 0; j < n; j++)
        {
          g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), j);
          g_autofree char *keys
              = gtk_shortcut_trigger_to_string (gtk_shortcut_get_trigger (shortcut));

          if (strstr (keys, "Menu") != NULL)
            gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, widget, NULL);
        }
    }
}

static void
lists_have_a_menu_by_key (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *inspector = GTK_WIDGET (rt_window_get_inspector (fixture->window));
  GtkWidget *exchanges = window_find_styled (inspector, "exchanges");
  GtkWidget *fields = window_find (window_find (inspector, g_type_from_name ("RtFieldsPane")),
                                   GTK_TYPE_LIST_VIEW);
  RtView *view = window_shown (fixture);

  rt_view_select (
      view, 1, FALSE,
      rt_analysis_get_exchange (rt_view_get_analysis (view), 1)->response->message->start_line);
  window_fixture_settle (fixture);
  press_menu_key (exchanges);
  assert_true (menu_offers (fixture, exchanges, "Mark the exchange"));
  press_menu_key (fields);
  assert_true (menu_offers (fixture, fields, "Copy the value"));
}

/* A layer that is hidden is so in timeline, strip and inspector at once. */
static void
hidden_layers_are_hidden_everywhere (void **state)
{
  static const char *const actions[] = { "win.author-notes", "win.engine-notes", "win.my-notes" };
  WindowFixture *fixture = *state;
  RtView *view = window_shown (fixture);
  GtkWidget *strip = window_find (GTK_WIDGET (rt_window_get_stage (fixture->window)),
                                  g_type_from_name ("RtCardStrip"));
  g_autoptr (GString) words = g_string_new (NULL);

  rt_view_select (view, 1, FALSE, RT_SPAN_NONE);
  write_note (fixture, "Mine");
  assert_true (rt_view_get_model (view)->cards->len > 0);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    window_fixture_do (fixture, actions[i], NULL);
  assert_int_equal (rt_view_get_model (view)->cards->len, 0);
  assert_int_equal (
      rt_timeline_get_model (rt_stage_get_timeline (rt_window_get_stage (fixture->window)))
          ->cards->len,
      0);
  assert_false (gtk_widget_get_visible (gtk_widget_get_first_child (strip)));
  window_collect_words (GTK_WIDGET (rt_window_get_inspector (fixture->window)), NULL, words);
  assert_null (strstr (words->str, "Mine"));
}

typedef struct
{
  gboolean done;
  char *text;
} Paste;

static void
pasted_cb (GObject *clipboard, GAsyncResult *result, gpointer data)
{
  Paste *paste = data;

  paste->text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, NULL);
  paste->done = TRUE;
}

static gboolean
is_pasted (gpointer data)
{
  return ((Paste *)data)->done;
}

static void
exported_cb (gboolean *exported)
{
  *exported = TRUE;
}

static gboolean
is_exported (gpointer exported)
{
  return *(gboolean *)exported;
}

static char *
copied (WindowFixture *fixture, const char *action)
{
  RtTutor *tutor = rt_window_get_tutor (fixture->window);
  Paste paste = { 0 };
  gboolean exported = FALSE;
  gulong id = g_signal_connect_swapped (tutor, "exported", G_CALLBACK (exported_cb), &exported);

  window_fixture_do (fixture, action, NULL);
  assert_true (window_fixture_wait (fixture, is_exported, &exported));
  g_signal_handler_disconnect (tutor, id);
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (fixture->window)), NULL,
                                 pasted_cb, &paste);
  assert_true (window_fixture_wait (fixture, is_pasted, &paste));
  return paste.text;
}

static void
values_and_bytes_are_copied (void **state)
{
  WindowFixture *fixture = *state;
  RtView *view = window_shown (fixture);
  const RtExchange *exchange = rt_analysis_get_exchange (rt_view_get_analysis (view), 1);
  g_autofree char *address = NULL, *bytes = NULL, *hex = NULL, *value = NULL;
  const RtField *field;

  rt_view_select (view, 1, FALSE, exchange->response->message->start_line);
  address = copied (fixture, "win.copy-address");
  assert_true (g_str_has_prefix (address, "http"));
  assert_non_null (strstr (address, "://"));
  bytes = copied (fixture, "win.copy-bytes");
  assert_string_equal (bytes, "HTTP/1.1 200 OK");
  hex = copied (fixture, "win.copy-hex");
  assert_true (g_str_has_prefix (hex, "48 54 54 50"));
  field = rt_fields_get (exchange->response->message->fields, 0);
  rt_view_select (view, 1, FALSE, field->value_span);
  value = copied (fixture, "win.copy-value");
  assert_int_equal (strlen (value), field->value.length);
  assert_memory_equal (value, field->value.at, field->value.length);
}

#define WINDOW_TEST(name) cmocka_unit_test_setup_teardown (name, window_set_up, window_tear_down)

int
main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    WINDOW_TEST (a_mark_comes_and_goes),
    WINDOW_TEST (a_note_is_shown_in_all_panes_and_can_be_filtered),
    WINDOW_TEST (a_note_is_there_when_the_lesson_is_opened_again),
    WINDOW_TEST (a_note_on_a_session_is_kept_in_its_file),
    WINDOW_TEST (two_exchanges_are_compared),
    WINDOW_TEST (it_is_said_what_a_comparison_waits_for),
    WINDOW_TEST (a_message_of_the_timeline_has_a_menu),
    WINDOW_TEST (lists_have_a_menu_by_key),
    WINDOW_TEST (hidden_layers_are_hidden_everywhere),
    WINDOW_TEST (values_and_bytes_are_copied),
  };

  window_fixture_init ();
  if (argc > 1)
    cmocka_set_test_filter (argv[1]);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
