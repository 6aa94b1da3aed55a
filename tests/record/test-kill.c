/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A program that records is killed, again and again: each file opens, and what the recorder has
 * acknowledged is in it, as is what is older than a moment. Usage: test-kill [KILLS] */
#include "rt-test-record.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define KILLS 10
/* ./dev test --long */
#define KILLS_LONG 100

static guint n_kills = KILLS;

typedef struct
{
  RtRecorder *recorder;
  RtTestLog test;
  RtConnection connection;
  RtBufferId buffers[2];
} Recording;

static void
begin (Recording *recording, const char *path)
{
  RtSession *session = rt_session_create (path, NULL);

  recording->recorder = rt_session_begin_run (
      session, &(RtRunInfo){ .name = (char *)"A", .source = RT_SOURCE_CAPTURE }, NULL, NULL, NULL);
  rt_test_log_init (&recording->test, rt_recorder_add_page, recording->recorder, 1);
  recording->connection = rt_test_log_connect (&recording->test, recording->buffers);
}

/* Returns how many events there are. */
static guint64
add_exchanges (Recording *recording, guint n)
{
  for (guint i = 0; i < n; i++)
    rt_test_log_exchange (&recording->test, recording->connection, recording->buffers, 200,
                          "0123456789", 10);
  rt_log_flush (recording->test.log);
  return rt_log_get_length (recording->test.log);
}

/* Records until it is killed; after each acknowledged flush it tells how many events are safe. */
static void
record_forever (const char *path, int tell)
{
  Recording recording;

  begin (&recording, path);
  for (;;)
    {
      guint64 length = add_exchanges (&recording, 20);

      if (!rt_recorder_flush (recording.recorder, NULL)
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
remove_session (const char *path)
{
  static const char *const endings[] = { "", "-wal", "-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *file = g_strconcat (path, endings[i], NULL);

      unlink (file);
    }
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

/* -- Without asking for anything to be written -- */

/* How old what is lost may be: 20 ms of waiting and a commit. Asked of the long loop alone: how
 * long a commit takes is up to the machine, and whoever runs all tests has little of it to spare.
 */
#define LOST_MAX_MSEC 100
#define PACE_USEC 500

typedef struct
{
  gint64 when; /* monotonic */
  guint64 length;
} Told;

static void
record_steadily (const char *path, int tell)
{
  Recording recording;

  begin (&recording, path);
  for (;;)
    {
      Told told = { .length = add_exchanges (&recording, 5) };

      told.when = g_get_monotonic_time ();
      if (write (tell, &told, sizeof told) != sizeof told)
        _exit (1);
      g_usleep (PACE_USEC);
    }
}

/* Returns how old the oldest event is that the file lacks, in microseconds. */
static gint64
kill_and_look (const char *path, guint after)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Told));
  g_autoptr (RtSession) session = NULL;
  g_autoptr (RtReader) reader = NULL;
  gint64 killed;
  int ends[2];
  pid_t child;
  Told told;

  assert_int_equal (pipe (ends), 0);
  child = fork ();
  if (child == 0)
    {
      close (ends[0]);
      record_steadily (path, ends[1]);
    }
  close (ends[1]);
  for (guint i = 0; i < after && read (ends[0], &told, sizeof told) == sizeof told; i++)
    g_array_append_val (all, told);
  killed = g_get_monotonic_time ();
  kill (child, SIGKILL);
  close (ends[0]);
  assert_int_equal (waitpid (child, NULL, 0), child);
  session = rt_session_open (path, NULL);
  assert_non_null (session);
  reader = rt_session_open_run (session, 1, NULL);
  assert_non_null (reader);
  for (guint i = 0; i < all->len; i++)
    if (g_array_index (all, Told, i).length > rt_reader_get_length (reader))
      return killed - g_array_index (all, Told, i).when;
  return 0;
}

static void
test_age (void **state)
{
  gint64 worst = 0;

  for (guint i = 0; i < n_kills; i++)
    {
      g_autofree char *name = g_strdup_printf ("age-%u.roundtrip", i);
      g_autofree char *path = rt_test_path (state, name);

      gint64 age = kill_and_look (path, 200 + i * 7);

      worst = MAX (worst, age);
      remove_session (path);
    }
  print_message ("# what was lost was %.1f ms old at most\n", (double)worst / 1e3);
  if (n_kills > KILLS)
    assert_true (worst <= LOST_MAX_MSEC * 1000);
}

int
main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    RT_TEST ("what was acknowledged outlives kill -9", test_kill),
    RT_TEST ("so does what is older than a tenth of a second", test_age),
  };

  if (g_strcmp0 (g_getenv ("RT_TEST_LONG"), "yes") == 0)
    n_kills = KILLS_LONG;
  if (argc > 1)
    n_kills = (guint)g_ascii_strtoull (argv[1], NULL, 10);
  return cmocka_run_group_tests_name ("kill", tests, NULL, NULL);
}
