/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hand-made logs and the comparison of readers. */
#include "rt-test-record.h"

#include <glib/gstdio.h>
#include <string.h>

int
rt_test_setup (void **state)
{
  *state = g_dir_make_tmp ("roundtrip-record-XXXXXX", NULL);
  return *state != NULL ? 0 : -1;
}

int
rt_test_teardown (void **state)
{
  g_autoptr (GDir) folder = g_dir_open (*state, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (*state, name, NULL);

      g_chmod (path, 0700);
      g_unlink (path);
    }
  g_rmdir (*state);
  g_free (*state);
  return 0;
}

char *
rt_test_path (void **state, const char *name)
{
  return g_build_filename (*state, name, NULL);
}

void
rt_test_log_init (RtTestLog *test, RtLogSink sink, gpointer data, guint64 seed)
{
  test->log = rt_log_new (RT_LOG_KEEP_ALL, sink, data);
  test->now = RT_TIME_SEC;
  rt_random_init (&test->random, seed);
  test->client = rt_log_add_party (test->log, test->now, "ann", "client");
  test->server = rt_log_add_party (test->log, test->now, "api.test", "origin");
}

void
rt_test_log_clear (RtTestLog *test)
{
  g_clear_pointer (&test->log, rt_log_free);
}

static void
append (RtTestLog *test,
        RtEventKind kind,
        RtConnection connection,
        RtPartyId party,
        RtSpan span,
        GVariant *detail)
{
  guint64 length = rt_log_get_length (test->log);

  test->now += (RtTime)rt_random_below (&test->random, 1000);
  rt_log_append (test->log,
                 &(RtEvent){ .time = test->now,
                             .cause = length > 0 ? length - 1 : RT_EVENT_NONE,
                             .span = span,
                             .connection = connection,
                             .party = party,
                             .kind = kind },
                 detail);
}

RtConnection
rt_test_log_connect (RtTestLog *test, RtBufferId buffers[2])
{
  RtConnection connection = rt_log_next_connection (test->log);

  append (test, RT_EVENT_CONNECT, connection, test->client, RT_SPAN_NONE,
          g_variant_new ("(sqsq)", "api.test", 80, "tcp", test->server));
  buffers[RT_FORWARD] = rt_log_add_buffer (test->log, test->now, connection, test->client,
                                           RT_FORWARD, RT_BYTES_CROSSED, 0);
  buffers[RT_BACKWARD] = rt_log_add_buffer (test->log, test->now, connection, test->server,
                                            RT_BACKWARD, RT_BYTES_CROSSED, 0);
  append (test, RT_EVENT_ESTABLISHED, connection, test->client, RT_SPAN_NONE, NULL);
  append (test, RT_EVENT_ESTABLISHED, connection, test->server, RT_SPAN_NONE, NULL);
  return connection;
}

RtSpan
rt_test_log_send (RtTestLog *test,
                  RtConnection connection,
                  RtBufferId buffer,
                  RtDirection direction,
                  const void *bytes,
                  gsize size)
{
  g_autoptr (GBytes) copy = g_bytes_new (bytes, size);
  RtSpan span = rt_log_write (test->log, buffer, copy);
  gboolean forward = direction == RT_FORWARD;

  append (test, RT_EVENT_SENT, connection, forward ? test->client : test->server, span, NULL);
  append (test, RT_EVENT_RECEIVED, connection, forward ? test->server : test->client, span, NULL);
  return span;
}

void
rt_test_log_exchange (RtTestLog *test,
                      RtConnection connection,
                      const RtBufferId buffers[2],
                      guint status,
                      const void *body,
                      gsize size)
{
  g_autofree char *request
      = g_strdup_printf ("GET /%" G_GUINT64_FORMAT " HTTP/1.1\r\nHost: api.test\r\n\r\n",
                         rt_random_below (&test->random, 1000));
  g_autofree char *head = g_strdup_printf ("HTTP/1.1 %u Whatever\r\nX-Now: %" G_GINT64_FORMAT
                                           "\r\nContent-Length: %zu\r\n\r\n",
                                           status, test->now, size);
  g_autoptr (GByteArray) response = g_byte_array_new ();

  g_byte_array_append (response, (const guint8 *)head, (guint)strlen (head));
  g_byte_array_append (response, body, (guint)size);
  rt_test_log_send (test, connection, buffers[RT_FORWARD], RT_FORWARD, request, strlen (request));
  rt_test_log_send (test, connection, buffers[RT_BACKWARD], RT_BACKWARD, response->data,
                    response->len);
}

char *
rt_test_body (guint64 seed, gsize size)
{
  char *body = g_malloc (size);
  RtRandom random;

  rt_random_init (&random, seed);
  for (gsize i = 0; i < size; i++)
    body[i] = (char)rt_random_next (&random);
  return body;
}

static void
assert_same_detail (const RtPage *a, guint i, const RtPage *b, guint j)
{
  g_autoptr (GVariant) left = rt_page_dup_detail (a, i);
  g_autoptr (GVariant) right = rt_page_dup_detail (b, j);

  assert_int_equal (left != NULL, right != NULL);
  if (left != NULL)
    assert_true (g_variant_equal (left, right));
}

static void
assert_same_bytes (RtReader *is, RtReader *want, RtSpan span)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) left = rt_reader_dup_bytes (is, span, &error);
  g_autoptr (GBytes) right = rt_reader_dup_bytes (want, span, NULL);

  if (left == NULL)
    fail_msg ("%s", error->message);
  assert_non_null (right);
  assert_true (g_bytes_equal (left, right));
}

void
rt_test_assert_equal (RtReader *is, RtReader *want)
{
  guint64 length = rt_reader_get_length (want);

  assert_int_equal (rt_reader_get_length (is), length);
  for (guint64 at = 0; at < length; at++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RtPage) a = rt_reader_dup_page (is, at, &error);
      g_autoptr (RtPage) b = rt_reader_dup_page (want, at, NULL);
      guint i, j;
      RtEvent left, right;

      if (a == NULL)
        fail_msg ("%s", error->message);
      i = (guint)(at - a->first);
      j = (guint)(at - b->first);
      left = a->events[i];
      right = b->events[j];
      left.detail = right.detail = 0;
      assert_memory_equal (&left, &right, sizeof left);
      assert_same_detail (a, i, b, j);
      assert_same_bytes (is, want, right.span);
    }
}

GBytes *
rt_test_read_file (const char *path)
{
  char *data;
  gsize size;

  assert_true (g_file_get_contents (path, &data, &size, NULL));
  return g_bytes_new_take (data, size);
}

void
rt_test_write_file (const char *path, const void *data, gsize size)
{
  assert_true (g_file_set_contents (path, data, (gssize)size, NULL));
}

/* A session of one finished run with bodies of many sizes. */
char *
rt_test_record (void **state, const char *name, guint n_exchanges)
{
  g_autofree char *path = rt_test_path (state, name);
  g_autoptr (RtSession) session = rt_session_create (path, NULL);
  RtRecorder *recorder;
  RtBufferId buffers[2];
  RtConnection connection;
  RtTestLog test;

  assert_non_null (session);
  recorder = rt_session_begin_run (session, &(RtRunInfo){ .name = (char *)"A" }, NULL, NULL, NULL);
  assert_non_null (recorder);
  rt_test_log_init (&test, rt_recorder_add_page, recorder, 7);
  connection = rt_test_log_connect (&test, buffers);
  for (guint i = 0; i < n_exchanges; i++)
    {
      gsize size = rt_random_below (&test.random, 6000);
      g_autofree char *body = rt_test_body (i, size);

      rt_test_log_exchange (&test, connection, buffers, 200, body, size);
    }
  rt_log_flush (test.log);
  assert_true (rt_recorder_finish (recorder, NULL));
  rt_test_log_clear (&test);
  return g_steal_pointer (&path);
}
