/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is recorded is read again: events, details, bytes, runs, exchanges, marks. */
#include "rt-test-record.h"

#include <glib/gstdio.h>
#include <string.h>

#define BIG (700 * 1000)

static RtSession *
create (void **state)
{
  g_autofree char *path = rt_test_path (state, "a.roundtrip");
  g_autoptr (GError) error = NULL;
  RtSession *session = rt_session_create (path, &error);

  if (session == NULL)
    fail_msg ("%s", error->message);
  return session;
}

static RtRecorder *
begin (RtSession *session, const char *name)
{
  g_autoptr (GError) error = NULL;
  const RtRunInfo about = { .name = (char *)name,
                            .title = (char *)"Without If-Match",
                            .started = 5,
                            .lesson_path = (char *)"lessons/11-lost-update.md",
                            .lesson_text = (char *)"# Lost update\n",
                            .metadata = (char *)"{\"driver\":\"sim\"}" };
  RtRecorder *recorder = rt_session_begin_run (session, &about, NULL, NULL, &error);

  if (recorder == NULL)
    fail_msg ("%s", error->message);
  return recorder;
}

static void
finish (RtTestLog *test, RtRecorder *recorder)
{
  g_autoptr (GError) error = NULL;

  rt_log_flush (test->log);
  if (!rt_recorder_finish (recorder, &error))
    fail_msg ("%s", error->message);
}

static void
assert_run_equal (RtSession *session, gint64 run, RtTestLog *test)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtReader) reader = rt_session_open_run (session, run, &error);

  if (reader == NULL)
    fail_msg ("%s", error->message);
  rt_test_assert_equal (reader, rt_log_get_reader (test->log));
}

/* Bodies below, at and above every size at which bytes are stored in another way. */
static void
test_round_trip (void **state)
{
  static const gsize sizes[] = { 0, 1, 100, 16383, 16384, 16385, 65535, 65536, 70000, 200000, BIG };
  g_autoptr (RtSession) session = create (state);
  RtRecorder *recorder = begin (session, "A");
  RtBufferId buffers[2];
  RtTestLog test;

  rt_test_log_init (&test, rt_recorder_add_page, recorder, 1);
  for (guint i = 0; i < 3 * G_N_ELEMENTS (sizes); i++)
    {
      RtConnection connection = rt_test_log_connect (&test, buffers);
      g_autofree char *body = rt_test_body (i % 4, BIG);

      rt_test_log_exchange (&test, connection, buffers, 200, body, sizes[i % G_N_ELEMENTS (sizes)]);
    }
  finish (&test, recorder);
  assert_run_equal (session, 1, &test);
  rt_test_log_clear (&test);
}

static void
test_many_runs (void **state)
{
  g_autoptr (RtSession) session = create (state);
  RtRecorder *recorders[3];
  RtTestLog tests[3];
  RtBufferId buffers[3][2];
  RtConnection connections[3];
  g_autoptr (GPtrArray) runs = NULL;

  for (guint i = 0; i < 3; i++)
    {
      recorders[i] = begin (session, (const char *[]){ "A", "B", "C" }[i]);
      rt_test_log_init (&tests[i], rt_recorder_add_page, recorders[i], i);
      connections[i] = rt_test_log_connect (&tests[i], buffers[i]);
    }
  for (guint i = 0; i < 900; i++)
    {
      rt_test_log_exchange (&tests[i % 3], connections[i % 3], buffers[i % 3], 200, "body", 4);
      if (i % 7 == 0)
        rt_log_flush (tests[i % 3].log);
    }
  for (guint i = 0; i < 3; i++)
    finish (&tests[i], recorders[i]);
  for (guint i = 0; i < 3; i++)
    {
      assert_run_equal (session, i + 1, &tests[i]);
      rt_test_log_clear (&tests[i]);
    }
  runs = rt_session_list_runs (session, NULL);
  assert_int_equal (runs->len, 3);
  assert_string_equal (((RtRunInfo *)runs->pdata[1])->name, "B");
  assert_string_equal (((RtRunInfo *)runs->pdata[2])->lesson_text, "# Lost update\n");
  assert_true (((RtRunInfo *)runs->pdata[2])->finished);
  assert_false (((RtRunInfo *)runs->pdata[2])->stale);
}

static void
test_reopened (void **state)
{
  g_autofree char *path = rt_test_path (state, "a.roundtrip");
  g_autofree char *wal = rt_test_path (state, "a.roundtrip-wal");
  RtSession *session = create (state);
  RtRecorder *recorder = begin (session, "A");
  RtBufferId buffers[2];
  RtConnection connection;
  g_autoptr (RtRunInfo) info = NULL;
  RtTestLog test;

  rt_test_log_init (&test, rt_recorder_add_page, recorder, 1);
  connection = rt_test_log_connect (&test, buffers);
  rt_test_log_exchange (&test, connection, buffers, 404, "none", 4);
  finish (&test, recorder);
  rt_session_unref (session);
  assert_false (g_file_test (wal, G_FILE_TEST_EXISTS));

  session = rt_session_open (path, NULL);
  assert_non_null (session);
  assert_run_equal (session, 1, &test);
  info = rt_session_get_run (session, 1, NULL);
  assert_string_equal (info->title, "Without If-Match");
  assert_string_equal (info->lesson_path, "lessons/11-lost-update.md");
  assert_string_equal (info->metadata, "{\"driver\":\"sim\"}");
  assert_int_equal (info->started, 5);
  rt_session_unref (session);
  rt_test_log_clear (&test);
}

static void
test_small_events (void **state)
{
  g_autoptr (RtSession) session = create (state);
  RtRecorder *recorder = begin (session, "A");
  g_autoptr (RtReader) reader = NULL;
  RtBufferId buffers[2];
  RtConnection connection;
  RtTestLog test;

  rt_test_log_init (&test, rt_recorder_add_page, recorder, 1);
  connection = rt_test_log_connect (&test, buffers);
  for (guint i = 0; i < 50000; i++)
    rt_test_log_send (&test, connection, buffers[i & 1], i & 1, "x", i % 3 == 0);
  finish (&test, recorder);
  reader = rt_session_open_run (session, 1, NULL);
  assert_int_equal (rt_reader_get_length (reader), rt_log_get_length (test.log));
  rt_test_assert_equal (reader, rt_log_get_reader (test.log));
  rt_test_log_clear (&test);
}

static void
test_bytes_before_events (void **state)
{
  g_autoptr (RtSession) session = create (state);
  RtRecorder *recorder = begin (session, "A");
  RtBufferId buffers[2];
  RtConnection connection;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("early", 5);
  RtSpan span;
  RtTestLog test;

  rt_test_log_init (&test, rt_recorder_add_page, recorder, 1);
  connection = rt_test_log_connect (&test, buffers);
  rt_log_flush (test.log);
  span = rt_log_write (test.log, buffers[0], bytes);
  rt_log_flush (test.log);
  rt_log_append (test.log,
                 &(RtEvent){ .time = test.now,
                             .cause = RT_EVENT_NONE,
                             .span = span,
                             .connection = connection,
                             .party = 1,
                             .kind = RT_EVENT_SENT },
                 NULL);
  finish (&test, recorder);
  assert_run_equal (session, 1, &test);
  rt_test_log_clear (&test);
}

static void
test_read_while_recorded (void **state)
{
  g_autoptr (RtSession) session = create (state);
  RtRecorder *recorder = begin (session, "A");
  RtBufferId buffers[2];
  RtConnection connection;
  g_autoptr (RtReader) reader = NULL;
  RtTestLog test;

  rt_test_log_init (&test, rt_recorder_add_page, recorder, 1);
  connection = rt_test_log_connect (&test, buffers);
  reader = rt_session_open_run (session, 1, NULL);
  for (guint i = 0; i < 20; i++)
    {
      rt_test_log_exchange (&test, connection, buffers, 200, "body", 4);
      rt_log_flush (test.log);
      assert_true (rt_recorder_flush (recorder, NULL));
      rt_test_assert_equal (reader, rt_log_get_reader (test.log));
    }
  finish (&test, recorder);
  rt_test_log_clear (&test);
}

static void
test_equal_bodies_once (void **state)
{
  g_autofree char *path = rt_test_path (state, "a.roundtrip");
  RtSession *session = create (state);
  RtRecorder *recorder = begin (session, "A");
  g_autofree char *body = rt_test_body (3, BIG);
  g_autoptr (GBytes) file = NULL;
  RtBufferId buffers[2];
  RtTestLog test;

  rt_test_log_init (&test, rt_recorder_add_page, recorder, 1);
  for (guint i = 0; i < 20; i++)
    {
      RtConnection connection = rt_test_log_connect (&test, buffers);

      rt_test_log_exchange (&test, connection, buffers, 200, body, BIG);
    }
  finish (&test, recorder);
  assert_run_equal (session, 1, &test);
  rt_session_unref (session);
  rt_test_log_clear (&test);
  file = rt_test_read_file (path);
  assert_in_range (g_bytes_get_size (file), BIG, 2 * BIG);
}

static void
test_missing (void **state)
{
  g_autofree char *path = rt_test_record (state, "m.roundtrip", 3);
  g_autoptr (RtSession) session = rt_session_open (path, NULL);
  g_autoptr (RtReader) reader = rt_session_open_run (session, 1, NULL);
  static const RtSpan spans[]
      = { { 0, 1, 99 }, { 1 << 20, 1, 1 }, { 0, G_MAXUINT32, 1 }, { G_MAXUINT64 - 5, 5, 1 } };
  static const guint64 events[] = { 1000, G_MAXINT64, G_MAXUINT64 };

  for (guint i = 0; i < G_N_ELEMENTS (spans); i++)
    {
      g_autoptr (GError) error = NULL;

      assert_null (rt_reader_dup_bytes (reader, spans[i], &error));
      assert_true (g_error_matches (error, RT_ERROR, RT_ERROR_MISSING));
      assert_non_null (strstr (error->message, path));
    }
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    {
      g_autoptr (GError) error = NULL;

      assert_null (rt_reader_dup_page (reader, events[i], &error));
      assert_true (g_error_matches (error, RT_ERROR, RT_ERROR_MISSING));
      assert_non_null (strstr (error->message, path));
    }
  assert_null (rt_session_open_run (session, 2, NULL));
}

static void
test_marks (void **state)
{
  g_autofree char *path = rt_test_record (state, "m.roundtrip", 3);
  g_autoptr (RtSession) session = rt_session_open (path, NULL);
  g_autoptr (GPtrArray) marks = NULL;

  assert_true (rt_session_set_mark (session, 1, 7, "late", NULL));
  assert_true (rt_session_set_mark (session, 1, 2, "", NULL));
  assert_true (rt_session_set_mark (session, 1, 7, "here", NULL));
  assert_true (rt_session_set_mark (session, 1, 5, "gone", NULL));
  assert_true (rt_session_set_mark (session, 1, 5, NULL, NULL));
  marks = rt_session_list_marks (session, 1, NULL);
  assert_int_equal (marks->len, 2);
  assert_int_equal (((RtMark *)marks->pdata[0])->event, 2);
  assert_string_equal (((RtMark *)marks->pdata[1])->text, "here");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    RT_TEST ("bodies of every size are read as they were written", test_round_trip),
    RT_TEST ("several runs of one file do not mix", test_many_runs),
    RT_TEST ("a closed file is one file and opens again", test_reopened),
    RT_TEST ("100,000 small events are read as they were written", test_small_events),
    RT_TEST ("bytes flushed before their event are kept", test_bytes_before_events),
    RT_TEST ("a run is read while it is recorded", test_read_while_recorded),
    RT_TEST ("a body that repeats is stored once", test_equal_bodies_once),
    RT_TEST ("what is not there is said to be missing, with the file's name", test_missing),
    RT_TEST ("marks are set, changed and taken away", test_marks),
  };

  return cmocka_run_group_tests_name ("session", tests, NULL, NULL);
}
