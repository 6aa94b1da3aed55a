/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sending recorded requests again from the window: what is asked before, what goes out, what is
 * said of the answers. The server is a socket of this machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-comparison-window.h"
#include "rt-lesson-library.h"
#include "rt-recorder.h"
#include "rt-resend-dialog.h"
#include "rt-scenario.h"
#include "window-words.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

/* The server */

typedef struct
{
  GSocketService *service;
  guint16 port;
  gint silent; /* it takes requests and says nothing */
  GMutex lock;
  GString *got;
} Server;

static gboolean
serve_cb (GThreadedSocketService *service,
          GSocketConnection *connection,
          GObject *source,
          gpointer data)
{
  static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                               "Content-Length: 2\r\n\r\nok";
  Server *server = data;
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  char part[4096];
  gssize n;

  while ((n = g_input_stream_read (in, part, sizeof part, NULL, NULL)) > 0)
    {
      g_mutex_lock (&server->lock);
      g_string_append_len (server->got, part, n);
      g_mutex_unlock (&server->lock);
      if (!g_atomic_int_get (&server->silent))
        g_output_stream_write_all (out, answer, strlen (answer), NULL, NULL, NULL);
    }
  return TRUE;
}

static Server *
server_new (gboolean silent)
{
  Server *server = g_new0 (Server, 1);

  server->silent = silent;
  server->got = g_string_new (NULL);
  g_mutex_init (&server->lock);
  server->service = g_threaded_socket_service_new (8);
  server->port
      = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (server->service), NULL, NULL);
  g_signal_connect (server->service, "run", G_CALLBACK (serve_cb), server);
  g_socket_service_start (server->service);
  return server;
}

static char *
server_dup_got (Server *server)
{
  char *got;

  g_mutex_lock (&server->lock);
  got = g_strdup (server->got->str);
  g_mutex_unlock (&server->lock);
  return got;
}

/* Its threads may still read what they were sent: it stays as long as the program. */
static void
server_stop (Server *server)
{
  g_socket_service_stop (server->service);
  g_socket_listener_close (G_SOCKET_LISTENER (server->service));
}

/* The window */

static gboolean
shows_recording (gpointer fixture)
{
  RtView *view = window_shown (fixture);

  return view != NULL && rt_view_get_play (view) == NULL;
}

/* The first run of @lesson, as if a proxy had recorded it. */
static void
open_recording (WindowFixture *fixture, const char *lesson_name, RtRunSource source)
{
  g_autofree char *path = g_build_filename (fixture->folder, "capture.roundtrip", NULL);
  g_autoptr (RtLesson) lesson = rt_lesson_open (lesson_name, NULL);
  g_autoptr (RtSession) session = rt_session_create (path, NULL);
  RtRecorder *recorder = rt_session_begin_run (
      session, &(RtRunInfo){ .name = "capture", .source = source }, NULL, NULL, NULL);
  const RtPlayOptions options = { .sink = rt_recorder_add_page, .data = recorder };
  g_autoptr (RtPlay) play = rt_play_new (lesson, lesson->runs->pdata[0], &options, NULL);

  assert_non_null (play);
  assert_true (rt_recorder_finish (recorder, NULL));
  rt_window_open (fixture->window, path);
  assert_true (window_fixture_wait (fixture, shows_recording, fixture));
  window_fixture_settle (fixture);
}

static RtResendDialog *
ask (WindowFixture *fixture, guint exchange, Server *server)
{
  RtResendDialog *dialog;
  g_autofree char *to
      = server != NULL ? g_strdup_printf ("127.0.0.1:%u", server->port) : g_strdup ("");

  rt_view_select (window_shown (fixture), exchange, TRUE, RT_SPAN_NONE);
  window_fixture_do (fixture, "win.branch", NULL);
  dialog = RT_RESEND_DIALOG (window_fixture_get_above (fixture));
  rt_resend_dialog_set_to (dialog, to);
  return dialog;
}

static void
expect_words (RtResendDialog *dialog, const char *want)
{
  g_autoptr (GString) words = g_string_new (NULL);

  window_collect_words (GTK_WIDGET (dialog), NULL, words);
  if (strstr (words->str, want) != NULL)
    return;
  print_message ("# %s\n# … is not in:\n# %s\n", want, words->str);
  fail ();
}

/* An action that is off does nothing. */
static gboolean
can_send (RtResendDialog *dialog)
{
  return gtk_widget_get_sensitive (window_find_label (GTK_WIDGET (dialog), "_Send"));
}

static GtkWidget *
find_check (GtkWidget *widget, const char *label)
{
  GtkWidget *found = NULL;

  if (GTK_IS_CHECK_BUTTON (widget)
      && g_str_equal (gtk_check_button_get_label (GTK_CHECK_BUTTON (widget)), label))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_check (child, label);
  return found;
}

static void
tick (RtResendDialog *dialog, const char *label)
{
  GtkWidget *check = find_check (GTK_WIDGET (dialog), label);

  assert_non_null (check);
  assert_true (gtk_widget_get_visible (check));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
}

static gboolean
has_outcome (gpointer dialog)
{
  GtkWidget *outcome = window_find_styled (dialog, "outcome");

  return gtk_widget_get_visible (outcome);
}

static void
send_and_wait (WindowFixture *fixture, RtResendDialog *dialog)
{
  assert_true (can_send (dialog));
  assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "resend.send", NULL));
  assert_true (window_fixture_wait (fixture, has_outcome, dialog));
}

static void
close_dialog (WindowFixture *fixture, RtResendDialog *dialog)
{
  gtk_window_destroy (GTK_WINDOW (dialog));
  window_fixture_settle (fixture);
}

static void
a_request_is_sent_and_its_answer_compared (void **state)
{
  WindowFixture *fixture = *state;
  Server *server = server_new (FALSE);
  RtResendDialog *dialog;
  GtkListBox *results;
  GtkWindow *comparison;
  g_autofree char *got = NULL;

  open_recording (fixture, "lost-update", RT_SOURCE_CAPTURE);
  dialog = ask (fixture, 1, server);
  expect_words (dialog, "To 127.0.0.1, port");
  expect_words (dialog, "1 × GET");
  send_and_wait (fixture, dialog);
  expect_words (dialog, "1 sent: 0 as recorded, 1 different, 0 without an answer; 0 not sent");
  expect_words (dialog, "GET /doc/1 → 200, ");
  got = server_dup_got (server);
  assert_true (g_str_has_prefix (got, "GET /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\n"));
  results = GTK_LIST_BOX (window_find_styled (GTK_WIDGET (dialog), "probes"));
  g_signal_emit_by_name (results, "row-activated", gtk_list_box_get_row_at_index (results, 0));
  comparison = NULL;
  {
    g_autoptr (GList) windows = gtk_window_list_toplevels ();

    for (GList *at = windows; at != NULL; at = at->next)
      if (RT_IS_COMPARISON_WINDOW (at->data))
        comparison = at->data;
  }
  assert_non_null (comparison);
  assert_true (rt_comparison_window_get_n_differences (RT_COMPARISON_WINDOW (comparison)) > 0);
  gtk_window_destroy (comparison);
  close_dialog (fixture, dialog);
  server_stop (server);
}

static void
what_was_edited_is_sent (void **state)
{
  WindowFixture *fixture = *state;
  Server *server = server_new (FALSE);
  RtResendDialog *dialog;
  g_autofree char *got = NULL;

  open_recording (fixture, "lost-update", RT_SOURCE_CAPTURE);
  dialog = ask (fixture, 1, server);
  rt_request_editor_set_text (rt_resend_dialog_get_editor (dialog),
                              "GET /mine HTTP/1.1\nHost: a.test\nX: \\xff\n\n");
  send_and_wait (fixture, dialog);
  got = server_dup_got (server);
  assert_string_equal (got, "GET /mine HTTP/1.1\r\nHost: a.test\r\nX: \xff\r\n\r\n");
  close_dialog (fixture, dialog);
  server_stop (server);
}

static void
what_may_change_something_is_agreed_to (void **state)
{
  WindowFixture *fixture = *state;
  Server *server = server_new (FALSE);
  RtResendDialog *dialog;

  open_recording (fixture, "lost-update", RT_SOURCE_CAPTURE);
  dialog = ask (fixture, 3, server);
  expect_words (dialog, "1 × PUT, which may change something there");
  assert_false (can_send (dialog));
  tick (dialog, "Send what may change something there");
  assert_true (can_send (dialog));
  /* It was another request that was agreed to. */
  rt_request_editor_set_text (rt_resend_dialog_get_editor (dialog),
                              "DELETE /doc/1 HTTP/1.1\nHost: a\n\n");
  assert_false (can_send (dialog));
  rt_request_editor_set_text (rt_resend_dialog_get_editor (dialog),
                              "GET /doc/1 HTTP/1.1\nHost: a\n\n");
  assert_true (can_send (dialog));
  close_dialog (fixture, dialog);
  server_stop (server);
}

static void
another_machine_is_agreed_to (void **state)
{
  WindowFixture *fixture = *state;
  RtResendDialog *dialog;

  open_recording (fixture, "lost-update", RT_SOURCE_CAPTURE);
  dialog = ask (fixture, 1, NULL);
  assert_false (can_send (dialog));
  expect_words (dialog, "Where to?");
  rt_resend_dialog_set_to (dialog, "shop.invalid");
  assert_false (can_send (dialog));
  expect_words (dialog, "is no address");
  rt_resend_dialog_set_to (dialog, "https://shop.invalid");
  assert_false (can_send (dialog));
  expect_words (dialog, "To shop.invalid, port 443, which is another machine");
  tick (dialog, "Send to another machine");
  assert_true (can_send (dialog));
  rt_resend_dialog_set_to (dialog, "https://shop.invalid:8443");
  assert_false (can_send (dialog));
  close_dialog (fixture, dialog);
}

static void
what_is_no_single_request_stays_here (void **state)
{
  static const struct
  {
    const char *text, *why;
  } rows[] = { { "GET / HTTP/1.1\nHost: a\n\nGET / HTTP/1.1\nHost: a\n\n", "it is 2 requests" },
               { "GET / HTTP/1.1\nHost: a\n", "it is no whole request" },
               { "GET / HTTP/1.1\nHost: \\q\n\n", "These bytes cannot be sent" },
               { "", "it is no whole request" } };
  WindowFixture *fixture = *state;
  Server *server = server_new (FALSE);
  RtResendDialog *dialog;

  open_recording (fixture, "lost-update", RT_SOURCE_CAPTURE);
  dialog = ask (fixture, 1, server);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      rt_request_editor_set_text (rt_resend_dialog_get_editor (dialog), rows[i].text);
      assert_false (can_send (dialog));
      expect_words (dialog, rows[i].why);
    }
  close_dialog (fixture, dialog);
  server_stop (server);
}

static void
all_that_are_listed_go_one_after_the_other (void **state)
{
  WindowFixture *fixture = *state;
  Server *server = server_new (FALSE);
  RtResendDialog *dialog;
  RtView *view;

  open_recording (fixture, "lost-update", RT_SOURCE_CAPTURE);
  dialog = ask (fixture, 1, server);
  rt_resend_dialog_set_all (dialog, TRUE);
  expect_words (dialog, "3 · PUT /doc/1");
  expect_words (dialog, "2 × PUT, which may change something there");
  tick (dialog, "Send what may change something there");
  send_and_wait (fixture, dialog);
  expect_words (dialog, "5 sent: 0 as recorded, 5 different, 0 without an answer; 0 not sent");
  view = rt_resending_get_view (rt_resend_dialog_get_resending (dialog));
  assert_int_equal (window_n_exchanges (view), 5);
  assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "resend.show", NULL));
  window_fixture_settle (fixture);
  server_stop (server);
}

static gboolean
shows_what_was_sent (gpointer fixture)
{
  RtView *view = window_shown (fixture);

  return view != NULL && g_str_equal (rt_view_get_title (view), "replay");
}

static void
what_happened_can_be_looked_at (void **state)
{
  WindowFixture *fixture = *state;
  Server *server = server_new (FALSE);
  RtResendDialog *dialog;

  open_recording (fixture, "lost-update", RT_SOURCE_CAPTURE);
  dialog = ask (fixture, 1, server);
  send_and_wait (fixture, dialog);
  assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "resend.show", NULL));
  assert_true (window_fixture_wait (fixture, shows_what_was_sent, fixture));
  assert_int_equal (window_n_exchanges (window_shown (fixture)), 1);
  server_stop (server);
}

static gboolean
has_request (gpointer data)
{
  g_autofree char *got = server_dup_got (data);

  return *got != '\0';
}

static void
it_can_be_stopped (void **state)
{
  WindowFixture *fixture = *state;
  Server *server = server_new (TRUE);
  RtResendDialog *dialog;

  open_recording (fixture, "lost-update", RT_SOURCE_CAPTURE);
  dialog = ask (fixture, 1, server);
  rt_resend_dialog_set_all (dialog, TRUE);
  tick (dialog, "Send what may change something there");
  assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "resend.send", NULL));
  assert_false (can_send (dialog));
  assert_true (window_fixture_wait (fixture, has_request, server));
  assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "resend.stop", NULL));
  assert_true (window_fixture_wait (fixture, has_outcome, dialog));
  expect_words (dialog, "1 sent: 0 as recorded, 0 different, 1 without an answer; 4 not sent");
  close_dialog (fixture, dialog);
  server_stop (server);
}

static void
nobody_is_there (void **state)
{
  WindowFixture *fixture = *state;
  Server *server = server_new (FALSE);
  RtResendDialog *dialog;

  server_stop (server);
  open_recording (fixture, "lost-update", RT_SOURCE_CAPTURE);
  dialog = ask (fixture, 1, server);
  send_and_wait (fixture, dialog);
  expect_words (dialog, "1 without an answer");
  close_dialog (fixture, dialog);
}

static void
credentials_stay_here_unless_they_are_wanted (void **state)
{
  WindowFixture *fixture = *state;
  RtResendDialog *dialog;
  GPtrArray *exchanges;
  guint with_cookie = 0;

  open_recording (fixture, "cookies", RT_SOURCE_CAPTURE);
  exchanges = rt_analysis_get_exchanges (rt_view_get_analysis (window_shown (fixture)));
  for (guint i = 0; i < exchanges->len && with_cookie == 0; i++)
    {
      const RtExchange *exchange = exchanges->pdata[i];

      if (rt_fields_first (exchange->request->message->fields, "Cookie") != NULL)
        with_cookie = exchange->id;
    }
  assert_int_not_equal (with_cookie, 0);
  dialog = ask (fixture, with_cookie, NULL);
  expect_words (dialog, "Left out: Cookie");
  {
    g_autofree char *text = rt_request_editor_dup_text (rt_resend_dialog_get_editor (dialog));

    assert_null (strstr (text, "Cookie:"));
  }
  tick (dialog, "With the credentials that were recorded");
  {
    g_autofree char *text = rt_request_editor_dup_text (rt_resend_dialog_get_editor (dialog));

    assert_non_null (strstr (text, "Cookie:"));
  }
  close_dialog (fixture, dialog);
}

/* Whatever somebody agrees to. */
static void
a_lesson_sends_to_no_other_machine (void **state)
{
  WindowFixture *fixture = *state;
  RtResendDialog *dialog;

  open_recording (fixture, "lost-update", RT_SOURCE_LESSON);
  dialog = ask (fixture, 1, NULL);
  rt_resend_dialog_set_to (dialog, "http://shop.invalid");
  tick (dialog, "Send to another machine");
  send_and_wait (fixture, dialog);
  expect_words (dialog, "what a lesson recorded is never sent to another machine");
  close_dialog (fixture, dialog);
}

#define WINDOW_TEST(name) cmocka_unit_test_setup_teardown (name, window_set_up, window_tear_down)

int
main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    WINDOW_TEST (a_request_is_sent_and_its_answer_compared),
    WINDOW_TEST (what_was_edited_is_sent),
    WINDOW_TEST (what_may_change_something_is_agreed_to),
    WINDOW_TEST (another_machine_is_agreed_to),
    WINDOW_TEST (what_is_no_single_request_stays_here),
    WINDOW_TEST (all_that_are_listed_go_one_after_the_other),
    WINDOW_TEST (what_happened_can_be_looked_at),
    WINDOW_TEST (it_can_be_stopped),
    WINDOW_TEST (nobody_is_there),
    WINDOW_TEST (credentials_stay_here_unless_they_are_wanted),
    WINDOW_TEST (a_lesson_sends_to_no_other_machine),
  };

  window_fixture_init ();
  if (argc > 1)
    cmocka_set_test_filter (argv[1]);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
