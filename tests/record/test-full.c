/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A recording on a disk that is full, as the system has it: a small file system in memory, which a
 * process of its own mounts where nobody else sees it; where that is not allowed, a limit on the
 * size of files. */
#include "rt-test-record.h"

#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define DISK_OPTIONS "size=26m"
#define BALLAST (24 * 1024 * 1024)
#define LIMIT (1024 * 1024)

/* In the process of its own a failure is told and ends it. */
#define CHECK(condition)                                                                           \
  do                                                                                               \
    if (!(condition))                                                                              \
      {                                                                                            \
        fprintf (stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                   \
        _exit (1);                                                                                 \
      }                                                                                            \
  while (0)

typedef struct
{
  char *ballast; /* NULL: files are limited */
  RtSession *session;
  RtRecorder *recorder;
  RtTestLog log;
  RtConnection connection;
  RtBufferId buffers[2];
  gint paused, resumed, others; /* atomic */
} Fixture;

static void
notice_cb (const RtNotice *notice, gpointer data)
{
  Fixture *fixture = data;

  if (notice->kind == RT_NOTICE_PAUSED)
    g_atomic_int_inc (&fixture->paused);
  else if (notice->kind == RT_NOTICE_RESUMED)
    g_atomic_int_inc (&fixture->resumed);
  else
    g_atomic_int_inc (&fixture->others);
}

/* Gives @folder little room. */
static void
fill (Fixture *fixture, const char *folder)
{
  struct rlimit limit = { LIMIT, RLIM_INFINITY };
  g_autofree char *bytes = g_malloc0 (BALLAST);

  if (unshare (geteuid () == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) == 0
      && mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
      && mount ("tmpfs", folder, "tmpfs", 0, DISK_OPTIONS) == 0)
    {
      fixture->ballast = g_build_filename (folder, "ballast", NULL);
      CHECK (g_file_set_contents_full (fixture->ballast, bytes, BALLAST, G_FILE_SET_CONTENTS_NONE,
                                       0600, NULL));
      return;
    }
  signal (SIGXFSZ, SIG_IGN);
  CHECK (setrlimit (RLIMIT_FSIZE, &limit) == 0);
}

static void
make_room (Fixture *fixture)
{
  struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };

  if (fixture->ballast != NULL)
    CHECK (g_unlink (fixture->ballast) == 0);
  else
    CHECK (setrlimit (RLIMIT_FSIZE, &limit) == 0);
}

static void
add_exchanges (Fixture *fixture, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *body = rt_test_body (rt_log_get_length (fixture->log.log), 5000);

      rt_test_log_exchange (&fixture->log, fixture->connection, fixture->buffers, 200, body, 5000);
    }
  rt_log_flush (fixture->log.log);
}

static void
check_file (Fixture *fixture, const char *path)
{
  g_autoptr (RtSession) session = rt_session_open (path, NULL);
  g_autoptr (RtReader) reader = session != NULL ? rt_session_open_run (session, 1, NULL) : NULL;
  RtReader *kept = rt_log_get_reader (fixture->log.log);
  g_autoptr (RtRunInfo) info = NULL;
  guint64 length = rt_log_get_length (fixture->log.log);

  CHECK (reader != NULL && rt_reader_get_length (reader) == length);
  info = rt_session_get_run (session, 1, NULL);
  CHECK (info->finished);
  for (guint64 at = 0; at < length; at++)
    {
      g_autoptr (RtPage) written = rt_reader_dup_page (reader, at, NULL);
      g_autoptr (RtPage) page = rt_reader_dup_page (kept, at, NULL);
      RtSpan span = page->events[at - page->first].span;
      g_autoptr (GBytes) is = NULL;
      g_autoptr (GBytes) was = NULL;

      CHECK (written != NULL);
      CHECK (written->events[at - written->first].kind == page->events[at - page->first].kind);
      if (span.length == 0)
        continue;
      is = rt_reader_dup_bytes (reader, span, NULL);
      was = rt_reader_dup_bytes (kept, span, NULL);
      CHECK (is != NULL && g_bytes_equal (is, was));
    }
}

static void
record (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "a.roundtrip", NULL);
  g_autoptr (GError) error = NULL;
  Fixture fixture = { 0 };

  fill (&fixture, folder);
  fixture.session = rt_session_create (path, &error);
  CHECK (fixture.session != NULL);
  fixture.recorder = rt_session_begin_run (
      fixture.session, &(RtRunInfo){ .name = (char *)"A", .source = RT_SOURCE_LESSON }, notice_cb,
      &fixture, NULL);
  rt_test_log_init (&fixture.log, rt_recorder_add_page, fixture.recorder, 1);
  fixture.connection = rt_test_log_connect (&fixture.log, fixture.buffers);
  for (guint i = 0; i < 40 && g_atomic_int_get (&fixture.paused) == 0; i++)
    {
      add_exchanges (&fixture, 50);
      rt_recorder_flush (fixture.recorder, NULL);
    }
  CHECK (g_atomic_int_get (&fixture.paused) == 1);
  CHECK (!rt_recorder_flush (fixture.recorder, &error));
  CHECK (strstr (error->message, path) != NULL);
  CHECK (fixture.ballast == NULL || strstr (error->message, "the disk is full") != NULL);
  add_exchanges (&fixture, 20);
  CHECK (!rt_recorder_flush (fixture.recorder, NULL));
  CHECK (g_atomic_int_get (&fixture.resumed) == 0);

  make_room (&fixture);
  CHECK (rt_recorder_flush (fixture.recorder, NULL));
  CHECK (g_atomic_int_get (&fixture.paused) == 1 && g_atomic_int_get (&fixture.resumed) == 1);
  add_exchanges (&fixture, 20);
  CHECK (rt_recorder_finish (fixture.recorder, NULL));
  CHECK (g_atomic_int_get (&fixture.others) == 0);
  rt_session_unref (fixture.session);
  check_file (&fixture, path);
  fprintf (stderr, "# on %s\n", fixture.ballast != NULL ? "a small disk" : "a disk of small files");
  _exit (0);
}

static void
test_full (void **state)
{
  g_autofree char *folder = rt_test_path (state, "disk");
  int status;
  pid_t child;

  assert_int_equal (g_mkdir (folder, 0700), 0);
  child = fork ();
  if (child == 0)
    record (folder);
  assert_int_equal (waitpid (child, &status, 0), child);
  assert_true (WIFEXITED (status));
  assert_int_equal (WEXITSTATUS (status), 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    RT_TEST ("a disk that is full pauses the recording, and nothing is lost", test_full),
  };

  return cmocka_run_group_tests_name ("full", tests, NULL, NULL);
}
