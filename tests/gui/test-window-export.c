/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is taken out of the window: to files, to the clipboard, with and without secrets. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-action-table.h"
#include "rt-export.h"
#include "rt-redacted-window.h"
#include "window-words.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  gboolean done;
  char *failed;
} Outcome;

static void
exported_cb (Outcome *outcome)
{
  outcome->done = TRUE;
}

static void
failed_cb (Outcome *outcome, const GError *error)
{
  outcome->done = TRUE;
  outcome->failed = g_strdup (error->message);
}

static gboolean
is_done (gpointer outcome)
{
  return ((Outcome *)outcome)->done;
}

/* Returns why it failed, or NULL. */
static char *export(WindowFixture *fixture, const char *kind, const char *path, gboolean redact)
{
  RtTutor *tutor = window_tutor (fixture);
  Outcome outcome = { 0 };
  gulong exported
      = g_signal_connect_swapped (tutor, "exported", G_CALLBACK (exported_cb), &outcome);
  gulong failed = g_signal_connect_swapped (tutor, "failed", G_CALLBACK (failed_cb), &outcome);

  rt_window_export (fixture->window, kind, path, redact);
  assert_true (window_fixture_wait (fixture, is_done, &outcome));
  g_signal_handler_disconnect (tutor, exported);
  g_signal_handler_disconnect (tutor, failed);
  return outcome.failed;
}

/* Returns what is in the file. */
static char *
export_text (WindowFixture *fixture, const char *kind, gboolean redact, gsize *ret_length)
{
  const RtExportKind *found = rt_export_kind_find (kind);
  g_autofree char *path = g_strconcat (fixture->folder, "/export", found->suffix, NULL);
  g_autofree char *failed = export(fixture, kind, path, redact);
  char *text;

  if (failed != NULL)
    fail_msg ("%s: %s", kind, failed);
  assert_true (g_file_get_contents (path, &text, ret_length, NULL));
  return text;
}

static void
answer_all (WindowFixture *fixture)
{
  window_answer (fixture, 0, 2);
  window_answer (fixture, 1, 8);
  window_fixture_stop (fixture);
}

static void
every_kind_is_written (void **state)
{
  static const struct
  {
    const char *kind, *begins, *has;
  } rows[] = {
    { "timeline-svg", "<svg", "412" },
    { "timeline-pdf", "%PDF-", NULL },
    { "timeline-png", "\x89PNG", NULL },
    { "lesson", "<!DOCTYPE html>", "412" },
    { "transcript", "", "412" },
    { "curl", "curl ", "api.shop.test" },
    { "raw", "PUT ", "\r\n\r\n" },
    { "har", "{", "\"entries\"" },
    { "session-roundtrip", "SQLite format 3", NULL },
    { "session-har", "{", "412" },
    { "session-pcapng", "\x0a\x0d\x0d\x0a", NULL },
  };
  WindowFixture *fixture = *state;

  answer_all (fixture);
  window_fixture_do (fixture, "win.run", "uint32 1");
  window_fixture_stop (fixture);
  rt_view_select (window_shown (fixture), 4, FALSE, RT_SPAN_NONE);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gsize length;
      g_autofree char *text = export_text (fixture, rows[i].kind, FALSE, &length);

      if (length < 20 || strncmp (text, rows[i].begins, strlen (rows[i].begins)) != 0)
        fail_msg ("%s begins with “%.20s”", rows[i].kind, text);
      if (rows[i].has != NULL && strstr (text, rows[i].has) == NULL)
        fail_msg ("%s has no “%s”", rows[i].kind, rows[i].has);
    }
}

static void
every_kind_of_the_menu_is_known (void **state)
{
  guint n;
  const RtActionInfo *actions = rt_actions_get (&n);

  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (actions[i].name, "win.export") == 0)
      {
        g_autoptr (GVariant) target = rt_action_dup_target (&actions[i]);

        if (rt_export_kind_find (g_variant_get_string (target, NULL)) == NULL)
          fail_msg ("%s is no kind", actions[i].target);
      }
}

static void
exports_keep_the_mask (void **state)
{
  WindowFixture *fixture = *state;
  g_autofree char *svg = NULL, *transcript = NULL, *failed = NULL;
  g_autofree char *path = g_strconcat (fixture->folder, "/masked.har", NULL);

  window_answer (fixture, 0, 2);
  window_fixture_do (fixture, "win.run", "uint32 1");
  window_fixture_stop (fixture);
  svg = export_text (fixture, "timeline-svg", FALSE, NULL);
  assert_null (strstr (svg, "Precondition Failed"));
  transcript = export_text (fixture, "transcript", FALSE, NULL);
  assert_null (strstr (transcript, "Precondition Failed"));
  /* A file of the session would have all of it. */
  failed = export(fixture, "session-har", path, FALSE);
  assert_non_null (failed);
  assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
a_file_that_cannot_be_written_is_told (void **state)
{
  WindowFixture *fixture = *state;
  g_autofree char *path = g_strconcat (fixture->folder, "/no such folder/lesson.html", NULL);
  g_autofree char *failed = export(fixture, "lesson", path, FALSE);

  assert_non_null (failed);
  assert_non_null (strstr (failed, "no such folder"));
}

static void
what_is_not_there_is_not_exported (void **state)
{
  g_autoptr (GError) error = NULL;

  assert_null (rt_export_new (rt_export_kind_find ("transcript"), NULL, NULL, NULL, FALSE, &error));
  assert_non_null (error);
  g_clear_error (&error);
  assert_null (rt_export_new (rt_export_kind_find ("lesson"), NULL, NULL, NULL, FALSE, &error));
  assert_non_null (error);
}

/* Traffic of people's own */

#define SECRET "c2VzYW1lLW9wZW4tMTIzNDU2"

static const char capture[]
    = "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"t\",\"version\":\"1\"},\"entries\":[{"
      "\"startedDateTime\":\"2026-01-01T12:00:00.000Z\",\"time\":12,\"request\":{\"method\":"
      "\"GET\","
      "\"url\":\"http://shop.test/tea\",\"httpVersion\":\"HTTP/1.1\",\"cookies\":[],\"headers\":["
      "{\"name\":\"Host\",\"value\":\"shop.test\"},{\"name\":\"Authorization\",\"value\":"
      "\"Bearer " SECRET "\"}],\"queryString\":[],\"headersSize\":-1,"
      "\"bodySize\":0},\"response\":{\"status\":200,\"statusText\":\"OK\",\"httpVersion\":"
      "\"HTTP/1.1\",\"cookies\":[],\"headers\":[],\"content\":{\"size\":5,\"mimeType\":\"text/"
      "plain\","
      "\"text\":\"green\"},\"redirectURL\":\"\",\"headersSize\":-1,\"bodySize\":5},\"cache\":{},"
      "\"timings\":{\"send\":1,\"wait\":10,\"receive\":1}}]}}";

static gboolean
shows_session (gpointer data)
{
  RtView *view = window_shown (data);

  return view != NULL && rt_view_get_play (view) == NULL;
}

static void
open_archive (WindowFixture *fixture, const char *text)
{
  g_autofree char *path = g_build_filename (fixture->folder, "shopping.har", NULL);

  assert_true (g_file_set_contents (path, text, -1, NULL));
  rt_window_open (fixture->window, path);
  assert_true (window_fixture_wait (fixture, shows_session, fixture));
  assert_true (rt_view_get_is_private (window_shown (fixture)));
}

static void
open_capture (WindowFixture *fixture)
{
  open_archive (fixture, capture);
}

/* The same request over and over: more than a page of events. */
static void
open_long_capture (WindowFixture *fixture, guint n)
{
  const char *from = strchr (capture, '[') + 1;
  const char *to = strrchr (capture, ']');
  g_autoptr (GString) text = g_string_new_len (capture, from - capture);

  for (guint i = 0; i < n; i++)
    {
      g_string_append (text, i > 0 ? "," : "");
      g_string_append_len (text, from, to - from);
    }
  g_string_append (text, to);
  open_archive (fixture, text->str);
}

static void
secrets_of_ones_own_are_kept_back (void **state)
{
  static const char *const kinds[]
      = { "timeline-svg", "transcript", "curl", "raw", "har", "session-har", "session-pcapng" };
  WindowFixture *fixture = *state;

  open_capture (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gsize length;
      g_autofree char *redacted = export_text (fixture, kinds[i], TRUE, &length);

      if (memmem (redacted, length, SECRET, strlen (SECRET)) != NULL)
        fail_msg ("%s tells the secret", kinds[i]);
    }
  for (gsize i = 1; i < G_N_ELEMENTS (kinds); i++)
    {
      gsize length;
      g_autofree char *whole = export_text (fixture, kinds[i], FALSE, &length);

      if (memmem (whole, length, SECRET, strlen (SECRET)) == NULL)
        fail_msg ("%s lacks what was to be in it", kinds[i]);
    }
}

static void
what_was_replaced_is_listed (void **state)
{
  WindowFixture *fixture = *state;
  g_autofree char *redacted = NULL;
  g_autoptr (GString) words = g_string_new (NULL);
  GtkWindow *list;

  open_capture (fixture);
  redacted = export_text (fixture, "session-har", TRUE, NULL);
  window_fixture_do (fixture, "win.redacted", NULL);
  list = window_fixture_get_above (fixture);
  assert_true (RT_IS_REDACTED_WINDOW (list));
  window_collect_words (GTK_WIDGET (list), NULL, words);
  if (strstr (words->str, "credentials: Bearer") == NULL)
    fail_msg ("it says “%s”", words->str);
  assert_null (strstr (words->str, SECRET));
  gtk_window_destroy (list);
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
is_pasted (gpointer paste)
{
  return ((Paste *)paste)->done;
}

/* Does it, and returns what is on the clipboard then. */
static char *
copy (WindowFixture *fixture, const char *action, const char *target)
{
  Outcome outcome = { 0 };
  Paste paste = { 0 };
  gulong id = g_signal_connect_swapped (window_tutor (fixture), "exported",
                                        G_CALLBACK (exported_cb), &outcome);

  window_fixture_do (fixture, action, target);
  assert_true (window_fixture_wait (fixture, is_done, &outcome));
  g_signal_handler_disconnect (window_tutor (fixture), id);
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (fixture->window)), NULL,
                                 pasted_cb, &paste);
  assert_true (window_fixture_wait (fixture, is_pasted, &paste));
  return paste.text;
}

static void
copies_are_without_secrets_unless_asked_for (void **state)
{
  WindowFixture *fixture = *state;
  g_autofree char *curl = NULL, *whole = NULL, *transcript = NULL;

  open_capture (fixture);
  curl = copy (fixture, "win.copy-curl", NULL);
  assert_true (g_str_has_prefix (curl, "curl "));
  assert_null (strstr (curl, SECRET));
  transcript = copy (fixture, "win.copy-transcript", NULL);
  assert_null (strstr (transcript, SECRET));
  whole = copy (fixture, "win.copy-whole", "'curl'");
  assert_non_null (strstr (whole, SECRET));
}

/* The field that has the secret. */
static const RtField *
find_secret (RtView *view)
{
  RtFields *fields = rt_view_get_exchange (view)->request->message->fields;

  for (guint i = 0; i < rt_fields_get_length (fields); i++)
    {
      const RtField *field = rt_fields_get (fields, i);

      if (g_strstr_len (field->value.at, (gssize)field->value.length, SECRET) != NULL)
        return field;
    }
  fail_msg ("the request has no such field");
  return NULL;
}

static void
so_is_what_is_marked (void **state)
{
  WindowFixture *fixture = *state;
  g_autoptr (GString) number = g_string_new (NULL);
  g_autofree char *value = NULL, *bytes = NULL, *hex = NULL, *whole = NULL;
  const RtField *field;
  RtView *view;

  open_capture (fixture);
  view = window_shown (fixture);
  rt_view_select (view, rt_view_get_selection (view).exchange, TRUE, RT_SPAN_NONE);
  field = find_secret (view);
  rt_view_select (view, rt_view_get_selection (view).exchange, TRUE, field->value_span);
  value = copy (fixture, "win.copy-value", NULL);
  assert_int_equal (strlen (value), field->value.length);
  assert_null (strstr (value, SECRET));
  bytes = copy (fixture, "win.copy-bytes", NULL);
  assert_int_equal (strlen (bytes), field->value.length);
  assert_null (strstr (bytes, SECRET));
  hex = copy (fixture, "win.copy-hex", NULL);
  for (const char *at = SECRET; *at != '\0'; at++)
    g_string_append_printf (number, "%02x ", (guchar)*at);
  assert_null (strstr (hex, number->str));
  whole = copy (fixture, "win.copy-whole", "'value'");
  assert_non_null (strstr (whole, SECRET));
}

/* The question for a file */

static GtkFileChooser *
ask_for_file (WindowFixture *fixture, const char *kind)
{
  g_autofree char *target = g_strdup_printf ("'%s'", kind);
  GtkWindow *above;

  window_fixture_do (fixture, "win.export", target);
  above = window_fixture_get_above (fixture);
  assert_true (GTK_IS_FILE_CHOOSER (above));
  return GTK_FILE_CHOOSER (above);
}

static gboolean
is_chosen (gpointer chooser)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (chooser);

  return file != NULL;
}

/* Says yes to the file that is offered, in the fixture's folder; returns what is in it then. */
static char *
accept (WindowFixture *fixture, GtkFileChooser *chooser, gsize *ret_length)
{
  g_autoptr (GFile) folder = g_file_new_for_path (fixture->folder);
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;
  Outcome outcome = { 0 };
  gulong exported = g_signal_connect_swapped (window_tutor (fixture), "exported",
                                              G_CALLBACK (exported_cb), &outcome);
  char *text;

  gtk_file_chooser_set_current_folder (chooser, folder, NULL);
  assert_true (window_fixture_wait (fixture, is_chosen, chooser));
  window_fixture_settle (fixture);
  file = gtk_file_chooser_get_file (chooser);
  path = g_file_get_path (file);
  /* It looks at the folder first. */
  for (guint i = 0; i < 20; i++)
    window_fixture_settle (fixture);
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_ACCEPT);
  assert_true (window_fixture_wait (fixture, is_done, &outcome));
  g_signal_handler_disconnect (window_tutor (fixture), exported);
  assert_true (g_file_get_contents (path, &text, ret_length, NULL));
  return text;
}

static void
the_question_for_a_file_offers_to_keep_secrets_back (void **state)
{
  WindowFixture *fixture = *state;
  GtkFileChooser *chooser;
  g_autofree char *redacted = NULL, *whole = NULL;

  open_capture (fixture);
  chooser = ask_for_file (fixture, "curl");
  assert_string_equal (gtk_file_chooser_get_choice (chooser, "redact"), "true");
  redacted = accept (fixture, chooser, NULL);
  assert_null (strstr (redacted, SECRET));
  chooser = ask_for_file (fixture, "curl");
  gtk_file_chooser_set_choice (chooser, "redact", "false");
  gtk_file_chooser_set_current_name (chooser, "whole.sh");
  whole = accept (fixture, chooser, NULL);
  assert_non_null (strstr (whole, SECRET));
}

static void
a_lesson_has_no_secrets_to_keep_back (void **state)
{
  WindowFixture *fixture = *state;
  GtkFileChooser *chooser;

  answer_all (fixture);
  chooser = ask_for_file (fixture, "transcript");
  assert_string_equal (gtk_file_chooser_get_choice (chooser, "redact"), "false");
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_CANCEL);
  window_fixture_settle (fixture);
  chooser = ask_for_file (fixture, "lesson");
  assert_null (gtk_file_chooser_get_choice (chooser, "redact"));
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_CANCEL);
  window_fixture_settle (fixture);
}

/* Half-way */

static void
cancel_cb (guint64 done, guint64 total, gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* @before: (nullable): what was in the file. */
static void
cancel_half_way (WindowFixture *fixture, const char *kind, const char *before)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "exports", NULL);
  g_autofree char *path = g_build_filename (folder, "export", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (RtExport) export = rt_export_new (rt_export_kind_find (kind), window_shown (fixture),
                                               NULL, path, TRUE, &error);
  g_autofree char *after = NULL;

  assert_non_null (export);
  g_mkdir_with_parents (folder, 0755);
  g_remove (path);
  if (before != NULL)
    g_file_set_contents (path, before, -1, NULL);
  export->progress = cancel_cb;
  export->progress_data = cancellable;
  assert_false (rt_export_run (export, cancellable, &error));
  assert_true (g_cancellable_is_cancelled (cancellable));
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fail_msg ("%s: %s", kind, error->message);
  g_file_get_contents (path, &after, NULL, NULL);
  assert_true (g_strcmp0 (after, before) == 0);
  if (count_files (folder) != (before != NULL ? 1 : 0))
    fail_msg ("%s leaves something behind", kind);
}

static void
what_is_cancelled_leaves_no_part_of_a_file (void **state)
{
  static const char *const kinds[] = { "session-roundtrip", "session-har", "session-pcapng" };
  WindowFixture *fixture = *state;

  open_long_capture (fixture, 3000);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      cancel_half_way (fixture, kinds[i], NULL);
      cancel_half_way (fixture, kinds[i], "of yesterday");
    }
}

/* By the button in the window. */
static void
cancelling_in_the_window_is_no_error (void **state)
{
  WindowFixture *fixture = *state;
  g_autofree char *path = g_build_filename (fixture->folder, "cancelled.har", NULL);
  Outcome outcome = { 0 };
  gulong failed, exported;

  open_capture (fixture);
  failed = g_signal_connect_swapped (window_tutor (fixture), "failed", G_CALLBACK (failed_cb),
                                     &outcome);
  exported = g_signal_connect_swapped (window_tutor (fixture), "exported", G_CALLBACK (exported_cb),
                                       &outcome);
  rt_window_export (fixture->window, "session-har", path, TRUE);
  rt_tutor_cancel (window_tutor (fixture));
  /* What is asked for next is done: the thread is free again. */
  rt_window_export (fixture->window, "transcript", NULL, TRUE);
  assert_true (window_fixture_wait (fixture, is_done, &outcome));
  assert_null (outcome.failed);
  g_signal_handler_disconnect (window_tutor (fixture), failed);
  g_signal_handler_disconnect (window_tutor (fixture), exported);
}

#define WINDOW_TEST(name) cmocka_unit_test_setup_teardown (name, window_set_up, window_tear_down)

int
main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    WINDOW_TEST (every_kind_is_written),
    cmocka_unit_test (every_kind_of_the_menu_is_known),
    WINDOW_TEST (exports_keep_the_mask),
    WINDOW_TEST (a_file_that_cannot_be_written_is_told),
    cmocka_unit_test (what_is_not_there_is_not_exported),
    WINDOW_TEST (secrets_of_ones_own_are_kept_back),
    WINDOW_TEST (what_was_replaced_is_listed),
    WINDOW_TEST (copies_are_without_secrets_unless_asked_for),
    WINDOW_TEST (so_is_what_is_marked),
    WINDOW_TEST (the_question_for_a_file_offers_to_keep_secrets_back),
    WINDOW_TEST (a_lesson_has_no_secrets_to_keep_back),
    WINDOW_TEST (what_is_cancelled_leaves_no_part_of_a_file),
    WINDOW_TEST (cancelling_in_the_window_is_no_error),
  };

  window_fixture_init ();
  if (argc > 1)
    cmocka_set_test_filter (argv[1]);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
