/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * When recording meets its limits: a full disk, a full queue. */
#include "rt-test-record.h"

#include <string.h>

typedef struct
{
  gint paused, resumed, dropped, failed; /* atomic */
} Notices;

static void
notice_cb (const RtNotice *notice, gpointer data)
{
  Notices *notices = data;

  switch (notice->kind)
    {
    case RT_NOTICE_PAUSED:
      g_atomic_int_inc (&notices->paused);
      break;
    case RT_NOTICE_RESUMED:
      g_atomic_int_inc (&notices->resumed);
      break;
    case RT_NOTICE_DROPPED:
      g_atomic_int_inc (&notices->dropped);
      break;
    default:
      g_atomic_int_inc (&notices->failed);
    }
}

typedef struct
{
  RtSession *session;
  RtRecorder *recorder;
  Notices notices;
  RtTestLog log;
  RtConnection connection;
  RtBufferId buffers[2];
  char *path;
} Fixture;

static void
begin (Fixture *fixture, void **state, RtRunSource source)
{
  fixture->path = rt_test_path (state, "a.roundtrip");
  fixture->session = rt_session_create (fixture->path, NULL);
  fixture->recorder = rt_session_begin_run (fixture->session,
                                            &(RtRunInfo){ .name = (char *)"A", .source = source },
                                            notice_cb, &fixture->notices, NULL);
  rt_test_log_init (&fixture->log, rt_recorder_add_page, fixture->recorder, 1);
  fixture->connection = rt_test_log_connect (&fixture->log, fixture->buffers);
}

static void
end (Fixture *fixture)
{
  rt_test_log_clear (&fixture->log);
  rt_session_unref (fixture->session);
  g_free (fixture->path);
}

static void
exchanges (Fixture *fixture, guint n, gsize size)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *body = rt_test_body (rt_log_get_length (fixture->log.log), size);

      rt_test_log_exchange (&fixture->log, fixture->connection, fixture->buffers, 200, body, size);
    }
  rt_log_flush (fixture->log.log);
}

static void
test_full_disk (void **state)
{
  Fixture fixture = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (RtReader) reader = NULL;
  guint64 saved;

  begin (&fixture, state, RT_SOURCE_LESSON);
  exchanges (&fixture, 50, 1000);
  assert_true (rt_recorder_flush (fixture.recorder, NULL));
  saved = rt_log_get_length (fixture.log.log);
  rt_recorder_set_file_limit (fixture.recorder, 8192 * 16);
  exchanges (&fixture, 500, 5000);
  assert_false (rt_recorder_flush (fixture.recorder, &error));
  assert_non_null (strstr (error->message, "the disk is full"));
  assert_non_null (strstr (error->message, fixture.path));
  assert_int_equal (g_atomic_int_get (&fixture.notices.paused), 1);
  assert_int_equal (g_atomic_int_get (&fixture.notices.resumed), 0);
  reader = rt_session_open_run (fixture.session, 1, NULL);
  assert_in_range (rt_reader_get_length (reader), saved, rt_log_get_length (fixture.log.log) - 1);

  rt_recorder_set_file_limit (fixture.recorder, 0);
  assert_true (rt_recorder_flush (fixture.recorder, NULL));
  assert_int_equal (g_atomic_int_get (&fixture.notices.resumed), 1);
  assert_int_equal (g_atomic_int_get (&fixture.notices.failed), 0);
  assert_true (rt_recorder_finish (fixture.recorder, NULL));
  rt_test_assert_equal (reader, rt_log_get_reader (fixture.log.log));
  end (&fixture);
}

static void
test_finish_on_full_disk (void **state)
{
  Fixture fixture = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (RtRunInfo) info = NULL;

  begin (&fixture, state, RT_SOURCE_LESSON);
  rt_recorder_set_file_limit (fixture.recorder, 8192 * 16);
  exchanges (&fixture, 500, 5000);
  assert_false (rt_recorder_finish (fixture.recorder, &error));
  assert_non_null (strstr (error->message, "the disk is full"));
  info = rt_session_get_run (fixture.session, 1, NULL);
  assert_false (info->finished);
  end (&fixture);
}

/* The queue is full because nothing can be written. What comes first loses its bytes, what comes
 * then its events; numbers stay true, and the log says what is missing. */
static void
test_full_queue (void **state)
{
  Fixture fixture = { 0 };
  g_autoptr (RtReader) reader = NULL;
  guint64 length, n_gaps = 0;
  guint64 missing = 0;

  begin (&fixture, state, RT_SOURCE_CAPTURE);
  exchanges (&fixture, 50, 1000);
  assert_true (rt_recorder_flush (fixture.recorder, NULL));
  rt_recorder_set_queue_limit (fixture.recorder, 300 * 1000);
  rt_recorder_set_file_limit (fixture.recorder, 8192 * 16);
  for (guint i = 0; i < 100; i++)
    exchanges (&fixture, 20, 5000);
  assert_int_equal (g_atomic_int_get (&fixture.notices.dropped), 1);

  rt_recorder_set_file_limit (fixture.recorder, 0);
  assert_true (rt_recorder_flush (fixture.recorder, NULL));
  exchanges (&fixture, 10, 1000);
  assert_true (rt_recorder_finish (fixture.recorder, NULL));
  reader = rt_session_open_run (fixture.session, 1, NULL);
  length = rt_reader_get_length (reader);
  assert_int_equal (length, rt_log_get_length (fixture.log.log));
  for (guint64 at = 0; at < length;)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, at, NULL);

      assert_non_null (page);
      for (guint i = (guint)(at - page->first); i < page->n; i++)
        {
          g_autoptr (GVariant) detail = NULL;
          guint64 bytes;

          if (page->events[i].kind != RT_EVENT_GAP)
            continue;
          detail = rt_page_dup_detail (page, i);
          g_variant_get (detail, "(t&s)", &bytes, NULL);
          missing += bytes;
          n_gaps++;
        }
      at = page->first + page->n;
    }
  assert_in_range (n_gaps, 1000, length);
  assert_in_range (missing, 1, 100 * 20 * 6000);
  end (&fixture);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    RT_TEST ("a full disk pauses the recording, and it goes on where it was", test_full_disk),
    RT_TEST ("a recording that ends on a full disk says so", test_finish_on_full_disk),
    RT_TEST ("a full queue leaves gaps that are told, and all numbers true", test_full_queue),
  };

  return cmocka_run_group_tests_name ("recorder", tests, NULL, NULL);
}
