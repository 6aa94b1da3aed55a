/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A lesson on ports, from the window: programs outside come, and what they do is seen. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-challenge-pane.h"
#include "window-words.h"

#include <string.h>

static RtLivePane *
pane (WindowFixture *fixture)
{
  return rt_window_get_live (fixture->window);
}

static gboolean
is_ready (gpointer fixture)
{
  RtLiveServer *server = rt_live_pane_get_server (pane (fixture));

  return server != NULL && window_shown (fixture) == rt_live_server_get_view (server);
}

static gboolean
has_ended (gpointer fixture)
{
  return !rt_live_pane_get_serving (pane (fixture));
}

static guint
n_ended (WindowFixture *fixture)
{
  RtView *view = rt_live_server_get_view (rt_live_pane_get_server (pane (fixture)));
  GPtrArray *exchanges = rt_analysis_get_exchanges (rt_view_get_analysis (view));
  guint n = 0;

  for (guint i = 0; i < exchanges->len; i++)
    n += ((const RtExchange *)exchanges->pdata[i])->ended != RT_TIME_UNKNOWN;
  return n;
}

static gboolean
has_exchange (gpointer fixture)
{
  return n_ended (fixture) >= 1;
}

static gboolean
has_two_exchanges (gpointer fixture)
{
  return n_ended (fixture) >= 2;
}

static const RtLivePort *
first_port (WindowFixture *fixture)
{
  return rt_live_server_get_ports (rt_live_pane_get_server (pane (fixture)))->pdata[0];
}

static void
start (WindowFixture *fixture)
{
  rt_live_pane_set_port (pane (fixture), 0);
  window_fixture_do (fixture, "win.live", NULL);
  assert_true (window_fixture_wait (fixture, is_ready, fixture));
}

static void
stop (WindowFixture *fixture)
{
  window_fixture_do (fixture, "win.live", NULL);
  assert_true (window_fixture_wait (fixture, has_ended, fixture));
}

/* A program outside: sends, and reads until the server closes. */
typedef struct
{
  guint16 port;
  const char *request;
} Outside;

static gpointer
ask (gpointer data)
{
  const Outside *outside = data;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection
      = g_socket_client_connect_to_host (client, "127.0.0.1", outside->port, NULL, NULL);
  GString *answer = g_string_new (NULL);
  char part[512];
  gssize n;

  if (connection == NULL)
    return answer;
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)),
                             outside->request, strlen (outside->request), NULL, NULL, NULL);
  while ((n = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), part,
                                   sizeof part, NULL, NULL))
         > 0)
    g_string_append_len (answer, part, n);
  return answer;
}

#define GET                                                                                        \
  "GET /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\nConnection: close\r\nAuthorization: "             \
  "Bearer abc\r\n\r\n"

/* Returns what was answered once the window has it. */
static char *
send_and_wait (WindowFixture *fixture, const char *request, gboolean (*done) (gpointer))
{
  const Outside outside = { first_port (fixture)->real_port, request };
  GThread *thread = g_thread_new ("outside", ask, (gpointer)&outside);

  assert_true (window_fixture_wait (fixture, done, fixture));
  window_fixture_settle (fixture);
  return g_string_free (g_thread_join (thread), FALSE);
}

static void
what_comes_is_followed_in_the_window (void **state)
{
  WindowFixture *fixture = *state;
  g_autoptr (GString) words = g_string_new (NULL);
  g_autofree char *first = NULL, *second = NULL;
  RtView *view;

  start (fixture);
  first = send_and_wait (fixture, GET, has_exchange);
  assert_true (g_str_has_prefix (first, "HTTP/1.1 200"));
  view = window_shown (fixture);
  assert_int_equal (rt_view_get_selection (view).exchange, 1);
  assert_int_equal (
      rt_analysis_get_exchanges (rt_stage_get_view (rt_window_get_stage (fixture->window)) == view
                                     ? rt_view_get_analysis (view)
                                     : NULL)
          ->len,
      1);
  second = send_and_wait (fixture, GET, has_two_exchanges);
  assert_int_equal (rt_view_get_selection (view).exchange, 2);
  window_collect_words (GTK_WIDGET (fixture->window), NULL, words);
  assert_non_null (strstr (words->str, "curl"));
  assert_non_null (strstr (words->str, "/doc/1"));
  assert_true (rt_view_get_is_private (view));
  /* Who takes it there writes nothing down, and the picture shows it arrive all the same. */
  for (guint i = 0; i < rt_view_get_model (view)->messages->len; i++)
    assert_true (rt_timeline_model_get_message (rt_view_get_model (view), i)->received_first
                 != RT_TIME_UNKNOWN);
  stop (fixture);
}

static gboolean
is_recorded (gpointer fixture)
{
  GPtrArray *sessions = rt_tutor_get_sessions (window_tutor (fixture));

  for (guint i = 0; sessions != NULL && i < sessions->len; i++)
    if (strstr (((const RtLibraryEntry *)sessions->pdata[i])->name, "(live)") != NULL)
      return TRUE;
  return FALSE;
}

static void
what_came_is_recorded (void **state)
{
  WindowFixture *fixture = *state;
  g_autofree char *answer = NULL;
  RtView *view;

  start (fixture);
  answer = send_and_wait (fixture, GET, has_exchange);
  view = window_shown (fixture);
  stop (fixture);
  assert_true (window_fixture_wait (fixture, is_recorded, fixture));
  assert_non_null (rt_view_get_file (view));
  assert_true (g_file_test (rt_view_get_file (view), G_FILE_TEST_EXISTS));
}

static void
a_port_in_use_is_told (void **state)
{
  WindowFixture *fixture = *state;
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) taken = NULL;
  g_autofree char *number = NULL;
  guint16 port;

  assert_true (g_socket_listener_add_address (listener, any, G_SOCKET_TYPE_STREAM,
                                              G_SOCKET_PROTOCOL_TCP, NULL, &taken, NULL));
  port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (taken));
  number = g_strdup_printf ("%u", port);
  rt_live_pane_set_port (pane (fixture), port);
  window_fixture_do (fixture, "win.live", NULL);
  assert_true (window_fixture_wait (fixture, has_ended, fixture));
  if (strstr (rt_live_pane_get_status (pane (fixture)), number) == NULL)
    fail_msg ("it says “%s”", rt_live_pane_get_status (pane (fixture)));
  assert_false (is_recorded (fixture));
  /* It can be tried again at once. */
  start (fixture);
  stop (fixture);
}

static void
an_answer_that_is_no_yaml_is_told (void **state)
{
  WindowFixture *fixture = *state;

  rt_live_pane_set_port (pane (fixture), 0);
  window_fixture_do (fixture, "win.live-answer", "'settings: ['");
  assert_true (window_fixture_wait (fixture, has_ended, fixture));
  assert_non_null (strstr (rt_live_pane_get_status (pane (fixture)), "settings"));
}

static void
another_lesson_stops_it (void **state)
{
  WindowFixture *fixture = *state;

  start (fixture);
  window_fixture_load (fixture, "no-cache");
  assert_true (window_fixture_wait (fixture, has_ended, fixture));
}

static void
a_window_may_go_while_it_serves (void **state)
{
  WindowFixture *fixture = window_fixture_new (1280, 800);

  window_fixture_load (fixture, "lost-update");
  start (fixture);
  window_fixture_free (fixture);
}

/* The learner's settings, and requests like those of the probes. */

static const char lesson[] = "---\n"
                             "title: Tea\n"
                             "topic: tests\n"
                             "summary: A challenge for programs outside.\n"
                             "level: 1\n"
                             "minutes: 1\n"
                             "symptoms: [lost-update]\n"
                             "rfc: [9110#13.1.1]\n"
                             "clock: 2026-01-01T12:00:00Z\n"
                             "parties:\n"
                             "  ann: client\n"
                             "  api.shop.test: origin\n"
                             "---\n"
                             "Words.\n\n"
                             "```origin api.shop.test\n"
                             "/tea:\n"
                             "  kind: document\n"
                             "  content: green\n"
                             "```\n\n"
                             "```http ann -> api.shop.test\n"
                             "GET /tea HTTP/1.1\n"
                             "Host: api.shop.test\n"
                             "```\n\n"
                             "```challenge Coffee\n"
                             "Serve coffee as well.\n"
                             "```\n\n"
                             "```starter\n"
                             "api.shop.test:\n"
                             "  /tea:\n"
                             "    kind: document\n"
                             "    content: green\n"
                             "```\n\n"
                             "```probe symptom there is coffee\n"
                             "```\n\n"
                             "```http ann -> api.shop.test\n"
                             "GET /coffee HTTP/1.1\n"
                             "Host: api.shop.test\n"
                             "```\n\n"
                             "```check\n"
                             "last response status == 200\n"
                             "```\n\n"
                             "```probe good there is tea\n"
                             "```\n\n"
                             "```http ann -> api.shop.test\n"
                             "GET /tea HTTP/1.1\n"
                             "Host: api.shop.test\n"
                             "```\n\n"
                             "```check\n"
                             "last response status == 200\n"
                             "```\n";

#define ASK(path) "GET " path " HTTP/1.1\r\nHost: api.shop.test\r\nConnection: close\r\n\r\n"

static const char answer[] = "api.shop.test:\n"
                             "  /tea:\n    kind: document\n    content: green\n"
                             "  /coffee:\n    kind: document\n    content: black\n";

static gboolean
has_tea (gpointer fixture)
{
  return g_str_equal (rt_tutor_get_lesson (window_tutor (fixture))->title, "Tea");
}

static gboolean
is_passed (gpointer fixture)
{
  return rt_tutor_get_passed (window_tutor (fixture));
}

static void
a_challenge_is_solved_from_outside (void **state)
{
  WindowFixture *fixture = *state;
  g_autofree char *path = g_build_filename (fixture->folder, "90-tea.md", NULL);
  g_autofree char *target
      = g_variant_print (g_variant_ref_sink (g_variant_new_string (answer)), FALSE);
  g_autofree char *first = NULL, *second = NULL;

  assert_true (g_file_set_contents (path, lesson, -1, NULL));
  window_fixture_load (fixture, path);
  assert_true (window_fixture_wait (fixture, has_tea, fixture));
  rt_live_pane_set_port (pane (fixture), 0);
  window_fixture_do (fixture, "win.live-answer", target);
  assert_true (window_fixture_wait (fixture, is_ready, fixture));
  first = send_and_wait (fixture, ASK ("/coffee"), has_exchange);
  assert_true (g_str_has_prefix (first, "HTTP/1.1 200"));
  assert_false (is_passed (fixture));
  second = send_and_wait (fixture, ASK ("/tea"), has_two_exchanges);
  assert_true (window_fixture_wait (fixture, is_passed, fixture));
  stop (fixture);
}

#define WINDOW_TEST(name) cmocka_unit_test_setup_teardown (name, window_set_up, window_tear_down)

int
main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    WINDOW_TEST (what_comes_is_followed_in_the_window),
    WINDOW_TEST (what_came_is_recorded),
    WINDOW_TEST (a_port_in_use_is_told),
    WINDOW_TEST (an_answer_that_is_no_yaml_is_told),
    WINDOW_TEST (another_lesson_stops_it),
    cmocka_unit_test (a_window_may_go_while_it_serves),
    WINDOW_TEST (a_challenge_is_solved_from_outside),
  };

  window_fixture_init ();
  if (argc > 1)
    cmocka_set_test_filter (argv[1]);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
