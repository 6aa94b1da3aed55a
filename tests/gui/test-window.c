/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The window as a whole: what it opens on, what it must not tell, what its actions do. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-challenge-pane.h"
#include "rt-list-row.h"
#include "rt-prediction-card.h"
#include "rt-timeline-item.h"
#include "rt-timeline-picture.h"
#include "rt-transcript.h"
#include "window-fixture.h"

#include <string.h>

static int
set_up (void **state)
{
  WindowFixture *fixture = window_fixture_new (1280, 800);

  window_fixture_load (fixture, "lost-update");
  *state = fixture;
  return 0;
}

static int
tear_down (void **state)
{
  window_fixture_free (*state);
  return 0;
}

static RtTutor *
tutor (WindowFixture *fixture)
{
  return rt_window_get_tutor (fixture->window);
}

static RtView *
shown (WindowFixture *fixture)
{
  return rt_stage_get_view (rt_window_get_stage (fixture->window));
}

static guint
n_exchanges (RtView *view)
{
  return rt_analysis_get_exchanges (rt_view_get_analysis (view))->len;
}

static const RtPrediction *
prediction (WindowFixture *fixture, guint i)
{
  return rt_tutor_get_lesson (tutor (fixture))->predictions->pdata[i];
}

static void
show_page (WindowFixture *fixture, guint page)
{
  rt_narrative_set_page (rt_window_get_narrative (fixture->window), page);
}

static void
answer (WindowFixture *fixture, guint i, guint options)
{
  rt_tutor_answer (tutor (fixture), prediction (fixture, i), options);
  window_fixture_stop (fixture);
}

/* Finds a widget of @type below @widget. */
static GtkWidget *
find (GtkWidget *widget, GType type)
{
  GtkWidget *found = NULL;

  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find (child, type);
  return found;
}

/* Finds a widget of a style class. */
static GtkWidget *
find_styled (GtkWidget *widget, const char *style)
{
  GtkWidget *found = NULL;

  if (gtk_widget_has_css_class (widget, style))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_styled (child, style);
  return found;
}

/* All the words there are */

static void
add_words (GString *words, const char *text)
{
  if (text != NULL && *text != '\0')
    g_string_append_printf (words, "%s\n", text);
}

static void
add_buffer (GString *words, GtkTextView *view)
{
  GtkTextIter start, end;
  g_autofree char *text = NULL;

  gtk_text_buffer_get_bounds (gtk_text_view_get_buffer (view), &start, &end);
  text = gtk_text_buffer_get_text (gtk_text_view_get_buffer (view), &start, &end, TRUE);
  add_words (words, text);
}

static void
add_model (GString *words, GListModel *model)
{
  for (guint i = 0; model != NULL && i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (model, i);

      if (GTK_IS_STRING_OBJECT (item))
        add_words (words, gtk_string_object_get_string (GTK_STRING_OBJECT (item)));
      else if (RT_IS_EXCHANGE_ITEM (item))
        {
          g_autoptr (GtkWidget) row = g_object_ref_sink (rt_list_row_new ());

          rt_list_row_set_item (RT_LIST_ROW (row), RT_EXCHANGE_ITEM (item));
          add_words (words, rt_list_row_get_words (RT_LIST_ROW (row)));
        }
    }
}

/* What a screen reader is told. GTK shows a value only to those who expect another. */
static void
add_accessible (GString *words, GtkAccessible *accessible)
{
  static const GtkAccessibleProperty properties[]
      = { GTK_ACCESSIBLE_PROPERTY_LABEL, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
          GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT };

  for (gsize i = 0; i < G_N_ELEMENTS (properties); i++)
    if (gtk_test_accessible_has_property (accessible, properties[i]))
      {
        g_autofree char *value
            = gtk_test_accessible_check_property (accessible, properties[i], "\001");

        add_words (words, value);
      }
}

static void
collect (GtkWidget *widget, GtkWidget *except, GString *words)
{
  if (widget == except)
    return;
  add_words (words, gtk_widget_get_tooltip_text (widget));
  add_accessible (words, GTK_ACCESSIBLE (widget));
  if (GTK_IS_LABEL (widget))
    add_words (words, gtk_label_get_text (GTK_LABEL (widget)));
  else if (GTK_IS_TEXT_VIEW (widget))
    add_buffer (words, GTK_TEXT_VIEW (widget));
  else if (GTK_IS_EDITABLE (widget))
    add_words (words, gtk_editable_get_text (GTK_EDITABLE (widget)));
  else if (GTK_IS_LIST_VIEW (widget))
    add_model (words, G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (widget))));
  else if (GTK_IS_DROP_DOWN (widget))
    add_model (words, gtk_drop_down_get_model (GTK_DROP_DOWN (widget)));
  else if (RT_IS_TIMELINE_ITEM (widget))
    add_words (words, rt_timeline_item_get_words (RT_TIMELINE_ITEM (widget)));
  else if (RT_IS_LIST_ROW (widget))
    add_words (words, rt_list_row_get_words (RT_LIST_ROW (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect (child, except, words);
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

/* A picture's texts; its coordinates are numbers as well. */
static void
add_svg (GString *words, const char *svg)
{
  g_autoptr (GRegex) tags = g_regex_new ("<[^>]*>", 0, 0, NULL);
  g_autofree char *text = g_regex_replace_literal (tags, svg, -1, 0, "\n", 0, NULL);

  add_words (words, text);
}

/* What can be taken out of the window: clipboard, picture. */
static void
add_exports (WindowFixture *fixture, GString *words)
{
  Paste paste = { 0 };
  RtPictureOptions options = { .now = RT_TIME_UNKNOWN };
  g_autoptr (RtFonts) fonts = rt_fonts_new_for_pictures ();
  RtTimeline *timeline = rt_stage_get_timeline (rt_window_get_stage (fixture->window));
  GString *svg = rt_timeline_picture_svg (rt_timeline_get_model (timeline), &options,
                                          rt_fonts_get_measure (fonts));

  window_fixture_do (fixture, "win.copy-transcript", NULL);
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (fixture->window)), NULL,
                                 pasted_cb, &paste);
  assert_true (window_fixture_wait (fixture, is_pasted, &paste));
  add_words (words, paste.text);
  add_svg (words, svg->str);
  g_free (paste.text);
  g_string_free (svg, TRUE);
}

static char *
all_words (WindowFixture *fixture, GtkWidget *except)
{
  GString *words = g_string_new (NULL);
  RtView *view = shown (fixture);

  for (guint i = 1; i <= n_exchanges (view); i++)
    for (guint request = 0; request < 2; request++)
      {
        rt_view_select (view, i, request, RT_SPAN_NONE);
        collect (GTK_WIDGET (fixture->window), except, words);
      }
  window_fixture_settle (fixture);
  collect (GTK_WIDGET (fixture->window), except, words);
  add_exports (fixture, words);
  return g_string_free (words, FALSE);
}

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
  const RtMisconception *wrong = rt_tutor_get_lesson (tutor (fixture))->misconceptions->pdata[i];

  return rt_inlines_dup_text (wrong->feedback);
}

static void
nothing_tells_the_first_answer (void **state)
{
  WindowFixture *fixture = *state;
  static const char *const secrets[]
      = { "204", "No Content", "\"2\"", "428", "Look at the two answers", "v2", "v3", NULL };
  g_autofree char *words = NULL;

  show_page (fixture, 1);
  assert_non_null (rt_narrative_get_card (rt_window_get_narrative (fixture->window)));
  words = all_words (fixture, NULL);
  assert_untold (words, secrets);
  for (guint i = 0; i < rt_tutor_get_lesson (tutor (fixture))->misconceptions->len; i++)
    {
      g_autofree char *feedback = feedback_of (fixture, i);

      assert_null (strstr (words, feedback));
    }
  g_clear_pointer (&words, g_free);
  answer (fixture, 0, 2);
  words = all_words (fixture, NULL);
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

  answer (fixture, 0, RT_TUTOR_SKIPPED);
  show_page (fixture, 2);
  card = rt_narrative_get_card (rt_window_get_narrative (fixture->window));
  assert_non_null (card);
  /* Its options name statuses: that is the question, not the answer. */
  words = all_words (fixture, card);
  assert_untold (words, secrets);
  g_clear_pointer (&words, g_free);
  answer (fixture, 1, 8);
  words = all_words (fixture, NULL);
  assert_non_null (strstr (words, "Precondition Failed"));
  assert_non_null (strstr (words, "saved from"));
}

static void
a_play_has_no_answer_of_a_later_run (void **state)
{
  WindowFixture *fixture = *state;

  assert_true (rt_view_get_masked (rt_tutor_get_view (tutor (fixture), 0)));
  assert_int_equal (n_exchanges (rt_tutor_get_view (tutor (fixture), 0)), 2);
  for (guint i = 1; i < rt_tutor_get_lesson (tutor (fixture))->runs->len; i++)
    assert_int_equal (n_exchanges (rt_tutor_get_view (tutor (fixture), i)), 0);
  answer (fixture, 0, 2);
  assert_false (rt_view_get_masked (rt_tutor_get_view (tutor (fixture), 0)));
  assert_int_equal (n_exchanges (rt_tutor_get_view (tutor (fixture), 0)), 5);
  assert_int_equal (n_exchanges (rt_tutor_get_view (tutor (fixture), 1)), 3);
  assert_int_equal (n_exchanges (rt_tutor_get_view (tutor (fixture), 2)), 0);
}

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
  show_page (fixture, 7);
  assert_int_equal (rt_narrative_get_page (narrative), 1);
  answer (fixture, 0, 2);
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

  show_page (fixture, 1);
  card = rt_narrative_get_card (rt_window_get_narrative (fixture->window));
  assert_true (gtk_widget_activate_action (card, "card.skip", NULL));
  window_fixture_stop (fixture);
  assert_int_equal (rt_tutor_get_answer (tutor (fixture), prediction (fixture, 0)),
                    RT_TUTOR_SKIPPED);
  collect (find (GTK_WIDGET (fixture->window), RT_TYPE_PREDICTION_CARD), NULL, words);
  assert_non_null (strstr (words->str, "Not predicted"));
  assert_null (strstr (words->str, "You said"));
}

static gboolean
shows_another_view (gpointer data)
{
  WindowFixture *fixture = data;

  return shown (fixture) != rt_tutor_get_view (tutor (fixture), 0);
}

static void
a_wrong_answer_gets_feedback_and_a_counter_example (void **state)
{
  WindowFixture *fixture = *state;
  g_autoptr (GString) words = g_string_new (NULL);
  g_autofree char *feedback = NULL;
  const RtOption *option;
  GtkWidget *card;

  show_page (fixture, 1);
  answer (fixture, 0, 1);
  card = find (GTK_WIDGET (fixture->window), RT_TYPE_PREDICTION_CARD);
  collect (card, NULL, words);
  option = prediction (fixture, 0)->options->pdata[0];
  feedback = rt_inlines_dup_text (
      rt_lesson_get_misconception (rt_tutor_get_lesson (tutor (fixture)), option->misconception)
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

  return rt_tutor_get_lesson (tutor (fixture)) != NULL;
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

  answer (fixture, 0, 4);
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

  view = shown (fixture);
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
  bytes = GTK_TEXT_VIEW (gtk_widget_get_first_child (gtk_widget_get_first_child (find (
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
  RtView *view = shown (fixture);
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
  RtView *view = shown (fixture);

  rt_view_select (view, 0, FALSE, RT_SPAN_NONE);
  window_fixture_do (fixture, "win.next-exchange", "1");
  assert_int_equal (rt_view_get_selection (view).exchange, 1);
  window_fixture_do (fixture, "win.next-exchange", "1");
  window_fixture_do (fixture, "win.next-exchange", "1");
  assert_int_equal (rt_view_get_selection (view).exchange, 2);
  window_fixture_do (fixture, "win.move-row", "-1");
  assert_true (rt_view_get_selection (view).request);
}

static gboolean
has_rows (gpointer data)
{
  GtkWidget *pane = data;
  GtkWidget *list = find (pane, GTK_TYPE_LIST_BOX);

  return list != NULL && gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 0) != NULL;
}

static gboolean
is_passed (gpointer data)
{
  return rt_tutor_get_passed (tutor (data));
}

static void
a_red_probe_leads_to_its_exchange (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *pane;
  GtkListBoxRow *row;

  answer (fixture, 0, RT_TUTOR_SKIPPED);
  answer (fixture, 1, RT_TUTOR_SKIPPED);
  show_page (fixture, G_MAXUINT);
  pane = find (GTK_WIDGET (fixture->window), RT_TYPE_CHALLENGE_PANE);
  assert_non_null (pane);
  assert_true (gtk_widget_activate_action (pane, "challenge.run", NULL));
  assert_true (window_fixture_wait (fixture, has_rows, pane));
  row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (find (pane, GTK_TYPE_LIST_BOX)), 0);
  assert_true (gtk_widget_has_css_class (GTK_WIDGET (row), "wrong"));
  g_signal_emit_by_name (find (pane, GTK_TYPE_LIST_BOX), "row-activated", row);
  window_fixture_settle (fixture);
  assert_int_not_equal (rt_view_get_selection (shown (fixture)).exchange, 0);
  assert_true (rt_play_get_scenario (rt_view_get_play (shown (fixture)))->probe != RT_PROBE_NONE);
}

static void
the_challenge_can_be_solved (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *pane;
  g_autofree char *solution = NULL;

  answer (fixture, 0, RT_TUTOR_SKIPPED);
  answer (fixture, 1, RT_TUTOR_SKIPPED);
  show_page (fixture, G_MAXUINT);
  pane = find (GTK_WIDGET (fixture->window), RT_TYPE_CHALLENGE_PANE);
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

  collect (pane, NULL, words);
  return strstr (words->str, "docment”") != NULL;
}

static void
settings_that_are_no_yaml_get_a_message (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *pane;
  g_autoptr (GString) words = g_string_new (NULL);

  answer (fixture, 0, RT_TUTOR_SKIPPED);
  answer (fixture, 1, RT_TUTOR_SKIPPED);
  show_page (fixture, G_MAXUINT);
  pane = find (GTK_WIDGET (fixture->window), RT_TYPE_CHALLENGE_PANE);
  rt_challenge_pane_set_text (RT_CHALLENGE_PANE (pane),
                              "api.shop.test:\n  /doc/1:\n    kind: docment\n");
  assert_true (gtk_widget_activate_action (pane, "challenge.run", NULL));
  window_fixture_wait (fixture, names_the_slip, pane);
  collect (pane, NULL, words);
  assert_non_null (strstr (words->str, ":3"));
}

static void
the_filter_narrows_the_list (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *list
      = find_styled (GTK_WIDGET (rt_window_get_inspector (fixture->window)), "exchanges");
  GListModel *model = G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (list)));
  GtkWidget *entry
      = find (GTK_WIDGET (rt_window_get_inspector (fixture->window)), GTK_TYPE_SEARCH_ENTRY);

  answer (fixture, 0, RT_TUTOR_SKIPPED);
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

static gboolean
has_the_answer_of_before (gpointer fixture)
{
  return rt_tutor_get_answer (tutor (fixture), prediction (fixture, 0)) == 2;
}

static void
presenting_starts_masked_and_keeps_nothing (void **state)
{
  WindowFixture *fixture = *state;

  answer (fixture, 0, 2);
  window_fixture_do (fixture, "win.presenter", NULL);
  assert_true (rt_tutor_get_presenting (tutor (fixture)));
  assert_int_equal (rt_tutor_get_answer (tutor (fixture), prediction (fixture, 0)),
                    RT_TUTOR_UNANSWERED);
  answer (fixture, 0, 1);
  window_fixture_do (fixture, "win.presenter", NULL);
  window_fixture_load (fixture, "lost-update");
  window_fixture_wait (fixture, has_the_answer_of_before, fixture);
  assert_int_equal (rt_tutor_get_answer (tutor (fixture), prediction (fixture, 0)), 2);
}

static void
beginning_anew_forgets_the_answers (void **state)
{
  WindowFixture *fixture = *state;

  answer (fixture, 0, 2);
  window_fixture_do (fixture, "win.reset-lesson", NULL);
  assert_int_equal (rt_tutor_get_answer (tutor (fixture), prediction (fixture, 0)),
                    RT_TUTOR_UNANSWERED);
  assert_true (rt_view_get_masked (rt_tutor_get_view (tutor (fixture), 0)));
}

static gboolean
shows_session (gpointer data)
{
  RtView *view = shown (data);

  return view != NULL && rt_view_get_play (view) == NULL;
}

static void
every_run_is_recorded_and_can_be_opened (void **state)
{
  WindowFixture *fixture = *state;
  GPtrArray *sessions = rt_tutor_get_sessions (tutor (fixture));
  g_autofree char *target = NULL;

  assert_non_null (sessions);
  assert_true (sessions->len >= 1);
  target = g_variant_print (
      g_variant_ref_sink (g_variant_new_string (((RtLibraryEntry *)sessions->pdata[0])->path)),
      FALSE);
  window_fixture_do (fixture, "win.open-session", target);
  assert_true (window_fixture_wait (fixture, shows_session, fixture));
  assert_int_equal (n_exchanges (shown (fixture)), 5);
}

static void
a_session_offers_all_its_runs (void **state)
{
  WindowFixture *fixture = *state;
  GtkDropDown *runs = GTK_DROP_DOWN (
      find (GTK_WIDGET (rt_window_get_stage (fixture->window)), GTK_TYPE_DROP_DOWN));
  const RtLesson *lesson = rt_tutor_get_lesson (tutor (fixture));

  every_run_is_recorded_and_can_be_opened (state);
  assert_int_equal (g_list_model_get_n_items (gtk_drop_down_get_model (runs)), lesson->runs->len);
  assert_int_equal (gtk_drop_down_get_selected (runs), 0);
  gtk_drop_down_set_selected (runs, 1);
  assert_null (rt_view_get_play (shown (fixture)));
  assert_string_equal (rt_view_get_title (shown (fixture)),
                       ((const RtScenario *)lesson->runs->pdata[1])->name);
  assert_int_equal (gtk_drop_down_get_selected (runs), 1);
  /* The lesson's own runs are back with the lesson; of the second nothing was said yet. */
  show_page (fixture, 0);
  assert_non_null (rt_view_get_play (shown (fixture)));
  assert_int_equal (g_list_model_get_n_items (gtk_drop_down_get_model (runs)), 1);
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
  GtkScrolledWindow *scrolled = GTK_SCROLLED_WINDOW (find (narrative, GTK_TYPE_SCROLLED_WINDOW));
  RtTimeline *timeline = rt_stage_get_timeline (rt_window_get_stage (fixture->window));
  graphene_rect_t bounds;
  GtkWidget *card;

  show_page (fixture, 1);
  window_fixture_settle (fixture);
  assert_true (scrolled_by (timeline) == 0);
  rt_tutor_answer (tutor (fixture), prediction (fixture, 0), 1);
  rt_transport_set_playing (rt_stage_get_transport (rt_window_get_stage (fixture->window)), FALSE);
  for (guint i = 0; i < 15; i++)
    window_fixture_settle (fixture);
  card = find (narrative, RT_TYPE_PREDICTION_CARD);
  assert_true (gtk_widget_compute_bounds (card, GTK_WIDGET (scrolled), &bounds));
  assert_true (bounds.origin.y >= 0);
  assert_true (bounds.size.height > gtk_widget_get_height (GTK_WIDGET (scrolled))
               || bounds.origin.y + bounds.size.height
                      <= gtk_widget_get_height (GTK_WIDGET (scrolled)));
  /* What was hidden until now is far below the first exchanges. */
  assert_true (scrolled_by (timeline) > 0);
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

  g_signal_connect_swapped (tutor (fixture), "failed", G_CALLBACK (failed_cb), &failed);
  window_fixture_do (fixture, "win.open-lesson", "'no-such-lesson'");
  assert_true (window_fixture_wait (fixture, is_set, &failed));
  assert_string_equal (rt_tutor_get_lesson (tutor (fixture))->name, "lost-update");
}

#define WINDOW_TEST(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)

int
main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    WINDOW_TEST (nothing_tells_the_first_answer),
    WINDOW_TEST (nothing_tells_the_second_answer),
    WINDOW_TEST (a_play_has_no_answer_of_a_later_run),
    WINDOW_TEST (next_waits_for_the_prediction),
    WINDOW_TEST (skip_shows_what_happens_without_praise),
    WINDOW_TEST (a_wrong_answer_gets_feedback_and_a_counter_example),
    WINDOW_TEST (an_answer_is_kept_for_the_next_window),
    WINDOW_TEST (selection_is_one_in_all_panes),
    WINDOW_TEST (playback_moves_and_stops_at_the_cut),
    WINDOW_TEST (rows_and_exchanges_are_walked),
    WINDOW_TEST (a_red_probe_leads_to_its_exchange),
    WINDOW_TEST (the_challenge_can_be_solved),
    WINDOW_TEST (settings_that_are_no_yaml_get_a_message),
    WINDOW_TEST (the_filter_narrows_the_list),
    WINDOW_TEST (presenting_starts_masked_and_keeps_nothing),
    WINDOW_TEST (beginning_anew_forgets_the_answers),
    WINDOW_TEST (every_run_is_recorded_and_can_be_opened),
    WINDOW_TEST (a_session_offers_all_its_runs),
    WINDOW_TEST (an_answer_is_scrolled_to),
    WINDOW_TEST (narrow_has_tabs_and_wide_has_panes),
    WINDOW_TEST (the_other_actions_can_be_done),
    WINDOW_TEST (a_lesson_that_is_none_is_named),
  };

  window_fixture_init ();
  if (argc > 1)
    cmocka_set_test_filter (argv[1]);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
