/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A program that records is killed, again and again: each file opens, and what the recorder has
 * acknowledged is in it. Usage: test-kill [KILLS] */
#include "rt-test-record.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define KILLS 10

static guint n_kills = KILLS;

/* Records until it is killed; after each acknowledged flush it tells how many events are safe. */
static void
record_forever (const char *path, int tell)
{
  RtSession *session = rt_session_create (path, NULL);
  RtRecorder *recorder = rt_session_begin_run (
      session, &(RtRunInfo){ .name = (char *)"A", .source = RT_SOURCE_CAPTURE }, NULL, NULL, NULL);
  RtBufferId buffers[2];
  RtConnection connection;
  RtTestLog test;

  rt_test_log_init (&test, rt_recorder_add_page, recorder, 1);
  connection = rt_test_log_connect (&test, buffers);
  for (;;)
    {
      guint64 length;

      for (guint i = 0; i < 20; i++)
        rt_test_log_exchange (&test, connection, buffers, 200, "0123456789", 10);
      rt_log_flush (test.log);
      length = rt_log_get_length (test.log);
      if (!rt_recorder_flush (recorder, NULL)
          || write (tell, &length, sizeof length) != sizeof length)
        _exit (1);
    }
}

/* Returns how many events the child said were safe before it was killed. */
static guint64
record_and_kill (const char *path, guint after)
{
  guint64 safe = 0;
  int ends[2];
  pid_t child;

  assert_int_equal (pipe (ends), 0);
  child = fork ();
  if (child == 0)
    {
      close (ends[0]);
      record_forever (path, ends[1]);
    }
  close (ends[1]);
  for (guint i = 0; i < after; i++)
    assert_int_equal (read (ends[0], &safe, sizeof safe), sizeof safe);
  kill (child, SIGKILL);
  while (read (ends[0], &safe, sizeof safe) == sizeof safe)
    ;
  close (ends[0]);
  assert_int_equal (waitpid (child, NULL, 0), child);
  return safe;
}

static void
test_kill (void **state)
{
  for (guint i = 0; i < n_kills; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.roundtrip", i);
      g_autofree char *path = rt_test_path (state, name);
      guint64 safe = record_and_kill (path, 1 + i * 3);
      g_autoptr (GError) error = NULL;
      g_autoptr (RtSession) session = rt_session_open (path, &error);
      g_autoptr (RtReader) reader = NULL;
      g_autoptr (RtRunInfo) info = NULL;
      g_autoptr (GPtrArray) rows = NULL;
      guint64 length;

      if (session == NULL)
        fail_msg ("%s", error->message);
      reader = rt_session_open_run (session, 1, NULL);
      length = rt_reader_get_length (reader);
      assert_true (length >= safe);
      for (guint64 at = 0; at < length;)
        {
          g_autoptr (RtPage) page = rt_reader_dup_page (reader, at, &error);

          if (page == NULL)
            fail_msg ("%s", error->message);
          at = page->first + page->n;
        }
      info = rt_session_get_run (session, 1, NULL);
      assert_false (info->finished);
      assert_true (rt_session_refresh_exchanges (session, 1, NULL));
      rows
          = rt_session_list_exchanges (session, &(RtExchangeQuery){ .run = 1 }, 0, G_MAXUINT, NULL);
      assert_int_equal (rows->len, (length - 7) / 4);
    }
}

int
main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    RT_TEST ("what was acknowledged outlives kill -9", test_kill),
  };

  if (argc > 1)
    n_kills = (guint)g_ascii_strtoull (argv[1], NULL, 10);
  return cmocka_run_group_tests_name ("kill", tests, NULL, NULL);
}
