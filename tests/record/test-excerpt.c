/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A part of a run says of its exchanges what an analysis of the whole run says. The run is as
 * disorderly as they come: many connections at once, pipelining, chunks, messages in pieces,
 * bytes that arrive long after they left, a download and a tunnel that last through all of it, and
 * bodies that look like messages. */
#include "rt-test-record.h"

#include "rt-excerpt.h"
#include "rt-format.h"
#include "rt-observer.h"

#include <string.h>

#define N_LINES 24
#define N_EVENTS 60000
#define PART 3000

typedef struct
{
  RtEventKind kind;
  RtDirection way;
  RtSpan span;
} Action;

typedef struct
{
  RtConnection connection;
  RtBufferId buffers[2];
  GQueue actions; /* Action: what happens next on it */
  guint kind;     /* 0: a download, 1: a tunnel, else exchanges */
} TestLine;

typedef struct
{
  RtTestLog test;
  TestLine lines[N_LINES];
  guint n_requests;
} Mess;

static guint
below (Mess *mess, guint n)
{
  return (guint)rt_random_below (&mess->test.random, n);
}

static void
then (TestLine *line, RtEventKind kind, RtDirection way, RtSpan span)
{
  Action *action = g_new (Action, 1);

  *action = (Action){ kind, way, span };
  g_queue_push_tail (&line->actions, action);
}

/* Writes it in pieces, all of which leave before the first one arrives. */
static void
say (Mess *mess, TestLine *line, RtDirection way, const char *text, guint n_pieces)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  RtSpan span = rt_log_write (mess->test.log, line->buffers[way], bytes);

  for (guint kind = RT_EVENT_SENT; kind <= RT_EVENT_RECEIVED; kind++)
    for (guint i = 0; i < n_pieces; i++)
      {
        guint from = span.length * i / n_pieces;

        then (line, kind, way, rt_span_sub (span, from, span.length * (i + 1) / n_pieces - from));
      }
}

static void
connect_line (Mess *mess, TestLine *line)
{
  RtTestLog *test = &mess->test;

  line->connection = rt_test_log_connect (test, line->buffers);
}

static char *
request (Mess *mess)
{
  return g_strdup_printf ("GET /%u HTTP/1.1\r\nHost: api.test\r\n\r\n", ++mess->n_requests);
}

/* A body that could be taken for messages. */
static char *
response (Mess *mess)
{
  static const char trap[] = "GET / HTTP/1.1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  if (below (mess, 3) == 0)
    return g_strdup_printf ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "%zx\r\n%s\r\n3\r\nabc\r\n0\r\n\r\n",
                            strlen (trap), trap);
  if (below (mess, 10) == 0)
    return g_strdup ("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
  return g_strdup_printf ("HTTP/1.1 404 Not Found\r\nContent-Length: %zu\r\n\r\n%s", strlen (trap),
                          trap);
}

static void
plan_exchanges (Mess *mess, TestLine *line)
{
  guint n = 1 + below (mess, 3);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = request (mess);

      say (mess, line, RT_FORWARD, text, 1 + below (mess, 3));
    }
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = response (mess);

      say (mess, line, RT_BACKWARD, text, 1 + below (mess, 4));
    }
}

static void
plan (Mess *mess, TestLine *line)
{
  if (line->kind == 0)
    say (mess, line, RT_BACKWARD, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 1);
  else if (line->kind == 1)
    say (mess, line, below (mess, 2) ? RT_FORWARD : RT_BACKWARD, "GET /inner HTTP/1.1\r\n\r\n", 1);
  else if (line->kind > 2 && line->connection != 0 && below (mess, 12) == 0)
    {
      /* Both are done with it: the next exchange goes over another. */
      then (line, RT_EVENT_EOF, RT_FORWARD, (RtSpan){ .buffer = line->buffers[RT_FORWARD] });
      then (line, RT_EVENT_EOF, RT_BACKWARD, (RtSpan){ .buffer = line->buffers[RT_BACKWARD] });
      then (line, RT_EVENT_CONNECT, RT_FORWARD, RT_SPAN_NONE);
    }
  else
    plan_exchanges (mess, line);
}

static void
begin_line (Mess *mess, TestLine *line, guint kind)
{
  line->kind = kind;
  connect_line (mess, line);
  if (kind == 0)
    {
      say (mess, line, RT_FORWARD, "GET /download HTTP/1.1\r\nHost: api.test\r\n\r\n", 1);
      say (mess, line, RT_BACKWARD, "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", 1);
    }
  else if (kind == 1)
    {
      say (mess, line, RT_FORWARD, "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n", 1);
      say (mess, line, RT_BACKWARD, "HTTP/1.1 200 OK\r\n\r\n", 1);
    }
}

static void
step (Mess *mess)
{
  TestLine *line = &mess->lines[below (mess, N_LINES)];
  RtTestLog *test = &mess->test;
  g_autofree Action *action = NULL;

  if (g_queue_is_empty (&line->actions))
    plan (mess, line);
  action = g_queue_pop_head (&line->actions);
  if (action->kind == RT_EVENT_CONNECT)
    {
      connect_line (mess, line);
      return;
    }
  test->now += below (mess, 50);
  rt_log_append (test->log,
                 &(RtEvent){ .time = test->now,
                             .cause = rt_log_get_length (test->log) - 1 - below (mess, 30),
                             .span = action->span,
                             .connection = line->connection,
                             .party = (action->way == RT_FORWARD) == (action->kind == RT_EVENT_SENT)
                                          ? test->client
                                          : test->server,
                             .kind = action->kind },
                 NULL);
}

/* The run, recorded; @log: the same in memory. */
static char *
record_mess (void **state, Mess *mess)
{
  g_autofree char *path = rt_test_path (state, "mess.roundtrip");
  g_autoptr (RtSession) session = rt_session_create (path, NULL);
  RtRecorder *recorder
      = rt_session_begin_run (session, &(RtRunInfo){ .name = (char *)"A" }, NULL, NULL, NULL);

  rt_test_log_init (&mess->test, rt_recorder_add_page, recorder, 3);
  for (guint i = 0; i < N_LINES; i++)
    begin_line (mess, &mess->lines[i], i);
  for (guint i = 0; i < N_EVENTS; i++)
    {
      if (i % 4000 == 0)
        rt_log_add_party (mess->test.log, mess->test.now, "late", "client");
      step (mess);
    }
  rt_log_flush (mess->test.log);
  assert_true (rt_recorder_finish (recorder, NULL));
  return g_steal_pointer (&path);
}

static void
clear_mess (Mess *mess)
{
  for (guint i = 0; i < N_LINES; i++)
    g_queue_clear_full (&mess->lines[i].actions, g_free);
  rt_test_log_clear (&mess->test);
}

static void
assert_same_transfer (const RtTransfer *is, const RtTransfer *want, guint number)
{
  if ((is == NULL) != (want == NULL))
    fail_msg ("exchange %u has one message more or less", number);
  if (is == NULL)
    return;
  assert_true (rt_text_equal (is->message->target, want->message->target));
  assert_int_equal (is->message->status, want->message->status);
  assert_memory_equal (&is->whole, &want->whole, sizeof is->whole);
  assert_int_equal (is->complete, want->complete);
  assert_int_equal (is->sent_first, want->sent_first);
  assert_int_equal (is->received_last, want->received_last);
  assert_int_equal (is->from, want->from);
  assert_int_equal (is->to, want->to);
}

static void
assert_same_connection (RtAnalysis *part, RtAnalysis *whole, RtConnection id)
{
  const RtConnectionInfo *is = rt_analysis_get_connection (part, id);
  const RtConnectionInfo *want = rt_analysis_get_connection (whole, id);

  assert_non_null (is);
  assert_int_equal (is->opened, want->opened);
  assert_int_equal (is->established, want->established);
  assert_int_equal (is->from, want->from);
  assert_int_equal (is->to, want->to);
  assert_string_equal (is->host, want->host);
}

/* All exchanges of the part that were over before its end. */
static guint
compare_part (RtAnalysis *part, RtAnalysis *whole, const RtExcerpt *excerpt)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (part);
  guint n = 0;

  for (guint i = 0; i < exchanges->len; i++)
    {
      const RtExchange *is = exchanges->pdata[i];
      const RtExchange *want = rt_analysis_get_exchange (whole, is->id);

      if (want == NULL)
        fail_msg ("exchange %u is not in the whole", is->id);
      assert_same_connection (part, whole, is->connection);
      if (want->response == NULL || !want->response->complete
          || want->response->last_event + 200 > excerpt->end)
        continue;
      assert_same_transfer (is->request, want->request, is->id);
      assert_same_transfer (is->response, want->response, is->id);
      assert_int_equal (is->interim->len, want->interim->len);
      assert_int_equal (is->started, want->started);
      n++;
    }
  return n;
}

/* Each exchange of the whole that began in the part is in the part. */
static void
assert_none_is_missing (RtAnalysis *part, RtAnalysis *whole, const RtExcerpt *excerpt)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (whole);

  for (guint i = 0; i < exchanges->len; i++)
    {
      const RtExchange *exchange = exchanges->pdata[i];

      if (exchange->request != NULL && exchange->request->first_event >= excerpt->first
          && exchange->request->first_event < excerpt->end
          && rt_analysis_get_exchange (part, exchange->id) == NULL)
        fail_msg ("exchange %u is missing from the part", exchange->id);
    }
}

static void
test_parts (void **state)
{
  static const guint64 around[] = { 0, 1000, 9000, 20011, 31337, 45001, 59000, 70000 };
  Mess mess = { 0 };
  g_autofree char *path = record_mess (state, &mess);
  g_autoptr (RtSession) session = rt_session_open (path, NULL);
  g_autoptr (RtRunMap) map = rt_run_map_new (session, 1, NULL, NULL);
  g_autoptr (RtAnalysis) whole = rt_analysis_new ();

  assert_true (
      rt_analysis_feed_reader (whole, rt_log_get_reader (mess.test.log), G_MAXUINT64, NULL));
  assert_int_equal (rt_run_map_get_length (map), rt_log_get_length (mess.test.log));
  for (guint i = 0; i < G_N_ELEMENTS (around); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RtExcerpt) excerpt = rt_excerpt_new (map, around[i], PART, &error);
      g_autoptr (RtAnalysis) part = NULL;

      assert_null (error);
      assert_true (excerpt->end - excerpt->first >= PART);
      assert_true (excerpt->end - excerpt->begin < 3 * PART);
      part = rt_excerpt_analyse (excerpt, FALSE, &error);
      assert_null (error);
      assert_true (rt_analysis_get_parties (part)->len >= 2 + excerpt->first / 4100);
      assert_true (compare_part (part, whole, excerpt) > 200);
      assert_none_is_missing (part, whole, excerpt);
    }
  clear_mess (&mess);
}

/* Requests that overlap, some for long, over eight connections. */
static char *
import_archive (void **state)
{
  g_autofree char *har = rt_test_path (state, "a.har");
  g_autofree char *path = rt_test_path (state, "a.roundtrip");
  g_autoptr (GString) text = g_string_new ("{\"log\":{\"version\":\"1.2\",\"entries\":[");
  g_autoptr (RtImportReport) report = NULL;

  for (guint i = 0; i < 400; i++)
    g_string_append_printf (
        text,
        "%s{\"startedDateTime\":\"2026-01-01T12:00:%02u.%03uZ\",\"time\":%u,\"connection\":\"%u\","
        "\"request\":{\"method\":\"GET\",\"url\":\"http://a.test/%u\",\"httpVersion\":\"HTTP/1.1\","
        "\"headers\":[{\"name\":\"Host\",\"value\":\"a.test\"}]},"
        "\"response\":{\"status\":200,\"statusText\":\"OK\",\"httpVersion\":\"HTTP/1.1\","
        "\"headers\":[],\"content\":{\"size\":19,\"text\":\"HTTP/1.1 200 OK\\r\\n\\r\\n\"}},"
        "\"timings\":{\"send\":1,\"wait\":%u,\"receive\":%u}}",
        i > 0 ? "," : "", i / 10, i % 10 * 100, i % 50 == 0 ? 9003u : 90u, i % 8, i,
        i % 50 == 0 ? 9000u : 50u, i % 50 == 0 ? 2u : 39u);
  g_string_append (text, "]}}");
  rt_test_write_file (har, text->str, text->len);
  report = rt_format_import_to_file (rt_format_for_path (har, NULL), har, path, FALSE,
                                     &(RtImportOptions){ 0 }, NULL);
  assert_non_null (report);
  return g_steal_pointer (&path);
}

static void
test_parts_of_what_was_put_together (void **state)
{
  g_autofree char *path = import_archive (state);
  g_autoptr (RtSession) session = rt_session_open (path, NULL);
  g_autoptr (RtRunMap) map = rt_run_map_new (session, 1, NULL, NULL);
  g_autoptr (RtReader) reader = rt_session_open_run (session, 1, NULL);
  g_autoptr (RtAnalysis) whole = rt_analysis_new ();
  guint64 length = rt_run_map_get_length (map);

  assert_true (rt_analysis_feed_reader (whole, reader, G_MAXUINT64, NULL));
  for (guint64 around = 0; around < length; around += 37)
    {
      g_autoptr (RtExcerpt) excerpt = rt_excerpt_new (map, around, 300, NULL);
      g_autoptr (RtAnalysis) part = rt_excerpt_analyse (excerpt, FALSE, NULL);

      assert_non_null (part);
      compare_part (part, whole, excerpt);
      assert_none_is_missing (part, whole, excerpt);
    }
}

static void
test_finding (void **state)
{
  Mess mess = { 0 };
  g_autofree char *path = record_mess (state, &mess);
  g_autoptr (RtSession) session = rt_session_open (path, NULL);
  g_autoptr (RtRunMap) map = rt_run_map_new (session, 1, NULL, NULL);
  g_autoptr (RtAnalysis) whole = rt_analysis_new ();
  g_autoptr (GError) error = NULL;
  const RtExchange *exchange;
  guint64 event;
  guint number;

  rt_analysis_feed_reader (whole, rt_log_get_reader (mess.test.log), G_MAXUINT64, NULL);
  exchange = rt_analysis_get_exchange (whole, 1234);
  assert_true (rt_run_map_find (map, 1234, &event, NULL));
  assert_int_equal (event, exchange->request->first_event);
  assert_true (rt_run_map_find_time (map, exchange->started, &number, NULL));
  assert_int_equal (rt_analysis_get_exchange (whole, number)->started, exchange->started);
  assert_true (rt_run_map_find_time (map, 0, &number, NULL));
  assert_int_equal (number, 1);
  assert_false (rt_run_map_find (map, 999999, &event, &error));
  assert_true (g_error_matches (error, RT_ERROR, RT_ERROR_MISSING));
  clear_mess (&mess);
}

static void
test_cancelled (void **state)
{
  g_autofree char *path = rt_test_record (state, "a.roundtrip", 10);
  g_autoptr (RtSession) session = rt_session_open (path, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  assert_null (rt_run_map_new (session, 1, cancellable, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    RT_TEST ("any part says what the whole says of the same exchanges", test_parts),
    RT_TEST ("so it does where messages were put together", test_parts_of_what_was_put_together),
    RT_TEST ("exchanges are found by number and time", test_finding),
    RT_TEST ("making a map can be cancelled", test_cancelled),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
