/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A challenge that asks for a request: its editor, what is said of the bytes, the probes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-challenge-pane.h"
#include "rt-request-editor.h"
#include "window-words.h"

#include <string.h>

/* The pane of @lesson's challenge, all of whose questions were skipped. */
static GtkWidget *
open_challenge (WindowFixture *fixture, const char *lesson)
{
  GPtrArray *predictions;

  window_fixture_load (fixture, lesson);
  predictions = rt_tutor_get_lesson (window_tutor (fixture))->predictions;
  for (guint i = 0; i < predictions->len; i++)
    window_answer (fixture, i, RT_TUTOR_SKIPPED);
  window_show_page (fixture, G_MAXUINT);
  window_fixture_settle (fixture);
  return window_find (GTK_WIDGET (fixture->window), RT_TYPE_CHALLENGE_PANE);
}

static int
set_up (void **state)
{
  *state = window_fixture_new (1280, 800);
  return 0;
}

static RtRequestEditor *
editor_of (GtkWidget *pane)
{
  return RT_REQUEST_EDITOR (window_find (pane, RT_TYPE_REQUEST_EDITOR));
}

static gboolean
has_result (gpointer pane)
{
  g_autoptr (GString) words = g_string_new (NULL);

  window_collect_words (pane, NULL, words);
  return strstr (words->str, "probes fail") != NULL || strstr (words->str, "Solved") != NULL;
}

static void
expect_words (GtkWidget *pane, const char *want)
{
  g_autoptr (GString) words = g_string_new (NULL);

  window_collect_words (pane, NULL, words);
  if (strstr (words->str, want) != NULL)
    return;
  print_message ("# %s\n", words->str);
  fail ();
}

static void
a_request_is_edited_as_lines (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *pane = open_challenge (fixture, "smallest-request");
  g_autofree char *text = NULL;

  assert_non_null (editor_of (pane));
  text = rt_request_editor_dup_text (editor_of (pane));
  assert_string_equal (text, "GET / HTTP/1.1\nUser-Agent: Ann/1.0 (typed by hand)\n"
                             "Accept: text/html, text/plain\n\n");
  expect_words (pane, "What ann sends");
  expect_words (pane, "1 request, 86 bytes");
  expect_words (pane, "Line 1: not kept: a request of HTTP/1.1 has a Host field");
}

static void
what_is_said_follows_the_text (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *pane = open_challenge (fixture, "smallest-request");

  rt_challenge_pane_set_request (RT_CHALLENGE_PANE (pane), 0, "GET / HTTP/1.1\nHost: a\n\n");
  assert_int_equal (rt_request_editor_get_report (editor_of (pane))->remarks->len, 0);
  rt_challenge_pane_set_request (RT_CHALLENGE_PANE (pane), 0, "GET / HTTP/1.1\nHost: \\q\n\n");
  assert_null (rt_request_editor_get_report (editor_of (pane))->bytes);
  expect_words (pane, "cannot be sent");
  expect_words (pane, "a backslash escapes nothing");
}

static void
run (WindowFixture *fixture, GtkWidget *pane)
{
  assert_true (gtk_widget_activate_action (pane, "challenge.run", NULL));
  assert_true (window_fixture_wait (fixture, has_result, pane));
}

static void
the_request_is_what_the_probes_send (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *pane = open_challenge (fixture, "smallest-request");
  GtkListBox *probes;

  run (fixture, pane);
  assert_false (rt_tutor_get_passed (window_tutor (fixture)));
  probes = GTK_LIST_BOX (window_find_styled (pane, "probes"));
  g_signal_emit_by_name (probes, "row-activated", gtk_list_box_get_row_at_index (probes, 0));
  window_fixture_settle (fixture);
  assert_int_equal (rt_view_get_exchange (window_shown (fixture))->response->message->status, 400);
}

static void
the_smallest_request_solves_it (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *pane = open_challenge (fixture, "smallest-request");

  rt_challenge_pane_set_request (RT_CHALLENGE_PANE (pane), 0, "GET / HTTP/1.1\nHost:tea.test\n\n");
  run (fixture, pane);
  assert_true (rt_tutor_get_passed (window_tutor (fixture)));
  assert_true (gtk_widget_activate_action (pane, "challenge.reset", NULL));
  {
    g_autofree char *text = rt_request_editor_dup_text (editor_of (pane));

    assert_non_null (strstr (text, "User-Agent"));
  }
}

static void
a_request_and_settings_are_one_answer (void **state)
{
  WindowFixture *fixture = *state;
  GtkWidget *pane = open_challenge (fixture, "body-end");
  g_autofree char *text = rt_request_editor_dup_text (editor_of (pane));
  g_auto (GStrv) parts = g_strsplit (text, "Content-Length: 10", -1);
  g_autofree char *repaired = g_strjoinv ("Content-Length: 11", parts);

  expect_words (pane, "the content ends within this line");
  rt_challenge_pane_set_request (RT_CHALLENGE_PANE (pane), 0, repaired);
  assert_int_equal (rt_request_editor_get_report (editor_of (pane))->remarks->len, 0);
  run (fixture, pane);
  expect_words (pane, "2 of 5 probes fail");
}

/* As it is shown, and back. */
static void
every_text_comes_back (void **state)
{
  static const char *const texts[] = { "",
                                       "a\n",
                                       "a\\\n",
                                       "a\n\n",
                                       "GET /\nb\\\n",
                                       "a\\\\\n",
                                       "a\\\\\\\n",
                                       "a\n... 5s\n",
                                       "\\\n",
                                       "a\\r\\n\\\nb\\\n",
                                       "tea at four\\\nGET /\n\n" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GtkWidget) editor = g_object_ref_sink (rt_request_editor_new ("x", texts[i]));
      g_autofree char *text = rt_request_editor_dup_text (RT_REQUEST_EDITOR (editor));

      if (!g_str_equal (text, "") || i != 8)
        assert_string_equal (text, texts[i]);
    }
}

static void
what_is_no_text_stays_as_it_is (void **state)
{
  static const struct
  {
    const char *content;
    gsize length, rest;
  } rows[] = { { "tea", 3, 0 },
               { "\377\0", 2, 2 },
               { "", 0, 0 },
               { NULL, 5000, 5000 },
               { NULL, 100000, 100000 } };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GtkWidget) editor = g_object_ref_sink (rt_request_editor_new ("x", ""));
      g_autoptr (GString) bytes = g_string_new ("PUT / HTTP/1.1\r\nHost: a\r\n");
      g_autoptr (GBytes) all = NULL;
      const RtByteReport *report;

      g_string_append_printf (bytes, "Content-Length: %zu\r\n\r\n", rows[i].length);
      for (gsize j = 0; rows[i].content == NULL && j < rows[i].length; j++)
        g_string_append_c (bytes, 'x');
      if (rows[i].content != NULL)
        g_string_append_len (bytes, rows[i].content, (gssize)rows[i].length);
      all = g_bytes_new (bytes->str, bytes->len);
      assert_int_equal (rt_request_editor_set_bytes (RT_REQUEST_EDITOR (editor), all),
                        rows[i].rest);
      report = rt_request_editor_get_report (RT_REQUEST_EDITOR (editor));
      assert_true (g_bytes_equal (report->bytes, all));
      assert_int_equal (report->remarks->len, 0);
    }
}

static void
pasted_line_ends_count_once (void **state)
{
  g_autoptr (GtkWidget) editor
      = g_object_ref_sink (rt_request_editor_new ("x", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  g_autofree char *text = rt_request_editor_dup_text (RT_REQUEST_EDITOR (editor));

  assert_string_equal (text, "GET / HTTP/1.1\nHost: a\n\n");
}

#define WINDOW_TEST(name) cmocka_unit_test_setup_teardown (name, set_up, window_tear_down)

int
main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    WINDOW_TEST (a_request_is_edited_as_lines),
    WINDOW_TEST (what_is_said_follows_the_text),
    WINDOW_TEST (the_request_is_what_the_probes_send),
    WINDOW_TEST (the_smallest_request_solves_it),
    WINDOW_TEST (a_request_and_settings_are_one_answer),
    WINDOW_TEST (every_text_comes_back),
    WINDOW_TEST (pasted_line_ends_count_once),
    WINDOW_TEST (what_is_no_text_stays_as_it_is),
  };

  window_fixture_init ();
  if (argc > 1)
    cmocka_set_test_filter (argv[1]);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
