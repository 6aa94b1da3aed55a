/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rows of the table `exchange` say what the analysis says, and are found by key, order and
 * filter. */
#include "rt-test-record.h"

#include "rt-analysis.h"
#include "rt-exchange-walk.h"

#include <sqlite3.h>
#include <string.h>

#define N_CONNECTIONS 5

/* Several connections at a time, some with many exchanges; the last request has no answer. */
static RtSession *
record (void **state, RtTestLog *test, guint n)
{
  g_autofree char *path = rt_test_path (state, "a.roundtrip");
  RtSession *session = rt_session_create (path, NULL);
  RtRecorder *recorder
      = rt_session_begin_run (session, &(RtRunInfo){ .name = (char *)"A" }, NULL, NULL, NULL);
  RtConnection connections[N_CONNECTIONS];
  RtBufferId buffers[N_CONNECTIONS][2];
  g_autofree char *body = rt_test_body (1, 40000);

  rt_test_log_init (test, rt_recorder_add_page, recorder, 1);
  for (guint i = 0; i < N_CONNECTIONS; i++)
    connections[i] = rt_test_log_connect (test, buffers[i]);
  for (guint i = 0; i < n; i++)
    {
      guint c = (guint)rt_random_below (&test->random, N_CONNECTIONS);

      rt_test_log_exchange (test, connections[c], buffers[c], i % 10 == 0 ? 404 : 200, body,
                            rt_random_below (&test->random, i % 50 == 0 ? 40000 : 500));
      if (i % 37 == 0)
        rt_log_flush (test->log);
    }
  rt_test_log_send (test, connections[0], buffers[0][0], RT_FORWARD,
                    "GET /late HTTP/1.1\r\nHost: api.test\r\n\r\n", 38);
  rt_log_flush (test->log);
  assert_true (rt_recorder_finish (recorder, NULL));
  return session;
}

static void
assert_row_equal (const RtExchangeRow *row, const RtExchange *exchange, RtAnalysis *analysis)
{
  const RtTransfer *response = exchange->response;

  assert_int_equal (row->number, exchange->id);
  assert_int_equal (row->started, exchange->started);
  assert_int_equal (row->duration, exchange->ended == RT_TIME_UNKNOWN
                                       ? RT_TIME_NEVER
                                       : exchange->ended - exchange->started);
  assert_int_equal (row->connection, exchange->connection);
  assert_true (rt_text_is (exchange->request->message->method, row->method));
  assert_true (rt_text_is (exchange->request->message->target, row->target));
  assert_string_equal (row->authority, exchange->authority);
  assert_string_equal (row->scheme, exchange->scheme);
  assert_int_equal (row->status, response != NULL ? response->message->status : 0);
  assert_int_equal (row->request_bytes, exchange->request->whole.length);
  assert_int_equal (row->response_bytes, response != NULL ? response->whole.length : 0);
  assert_string_equal (row->client, rt_analysis_get_party (analysis, exchange->client)->name);
  assert_string_equal (row->server, rt_analysis_get_party (analysis, exchange->server)->name);
  assert_int_equal (row->first_event, exchange->request->first_event);
  assert_int_equal (row->last_event,
                    response != NULL ? response->last_event : exchange->request->last_event);
}

static void
assert_rows_equal (RtSession *session, RtTestLog *test)
{
  g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
  g_autoptr (GPtrArray) rows = NULL;
  GPtrArray *exchanges;

  assert_true (rt_analysis_feed_reader (analysis, rt_log_get_reader (test->log),
                                        rt_log_get_length (test->log), NULL));
  exchanges = rt_analysis_get_exchanges (analysis);
  rows = rt_session_list_exchanges (session, &(RtExchangeQuery){ .run = 1 }, 0, 100000, NULL);
  assert_int_equal (rows->len, exchanges->len);
  for (guint i = 0; i < rows->len; i++)
    assert_row_equal (rows->pdata[i], exchanges->pdata[i], analysis);
}

static void
test_equal (void **state)
{
  RtTestLog test;
  g_autoptr (RtSession) session = record (state, &test, 2000);

  assert_rows_equal (session, &test);
  rt_test_log_clear (&test);
}

static void
test_refresh (void **state)
{
  RtTestLog test;
  RtSession *session = record (state, &test, 2000);
  g_autofree char *path = rt_test_path (state, "a.roundtrip");
  g_autoptr (RtRunInfo) before = NULL;
  g_autoptr (RtRunInfo) after = NULL;
  sqlite3 *db;

  rt_session_unref (session);
  sqlite3_open (path, &db);
  sqlite3_exec (db, "DELETE FROM exchange WHERE id > 7; UPDATE run SET analysis_version = 0", NULL,
                NULL, NULL);
  sqlite3_close (db);
  session = rt_session_open (path, NULL);
  before = rt_session_get_run (session, 1, NULL);
  assert_true (before->stale);
  assert_true (rt_session_refresh_exchanges (session, 1, NULL));
  after = rt_session_get_run (session, 1, NULL);
  assert_false (after->stale);
  assert_rows_equal (session, &test);
  rt_session_unref (session);
  rt_test_log_clear (&test);
}

static void
test_pages (void **state)
{
  RtTestLog test;
  g_autoptr (RtSession) session = record (state, &test, 500);
  RtExchangeQuery query = { .run = 1 };
  gint64 after = 0;
  guint number = 0;

  for (guint way = 0; way < 2; way++)
    {
      guint n = 0;

      query.descending = way == 1;
      for (after = 0;;)
        {
          g_autoptr (GPtrArray) rows = rt_session_list_exchanges (session, &query, after, 64, NULL);

          if (rows->len == 0)
            break;
          for (guint i = 0; i < rows->len; i++, n++)
            {
              const RtExchangeRow *row = rows->pdata[i];

              if (n > 0)
                assert_int_equal (row->number, way == 0 ? number + 1 : number - 1);
              number = row->number;
              after = row->id;
            }
        }
      assert_int_equal (n, 501);
    }
  rt_test_log_clear (&test);
}

static void
test_filter (void **state)
{
  RtTestLog test;
  g_autoptr (RtSession) session = record (state, &test, 500);
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func ((GDestroyNotify)g_variant_unref);
  g_autoptr (GArray) ids = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  RtExchangeQuery query = { .run = 1,
                            .where = "status = ?1 AND method = ?2",
                            .values = values,
                            .order = RT_EXCHANGE_BY_RESPONSE_BYTES,
                            .descending = TRUE };

  g_ptr_array_add (values, g_variant_ref_sink (g_variant_new_int64 (404)));
  g_ptr_array_add (values, g_variant_ref_sink (g_variant_new_string ("GET")));
  assert_int_equal (rt_session_count_exchanges (session, &query, NULL), 50);
  ids = rt_session_select_exchanges (session, &query, NULL);
  assert_int_equal (ids->len, 50);
  rows = rt_session_get_exchanges (session, (const gint64 *)(gpointer)ids->data, ids->len, NULL);
  assert_int_equal (rows->len, 50);
  for (guint i = 0; i < rows->len; i++)
    {
      const RtExchangeRow *row = rows->pdata[i];

      assert_int_equal (row->status, 404);
      if (i > 0)
        assert_true (row->response_bytes <= ((RtExchangeRow *)rows->pdata[i - 1])->response_bytes);
    }
  query.where = "nonsense";
  query.values = NULL;
  assert_null (rt_session_select_exchanges (session, &query, &error));
  assert_non_null (strstr (error->message, "no such column"));
  rt_test_log_clear (&test);
}

static void
send_text (RtTestLog *test,
           RtConnection connection,
           const RtBufferId *buffers,
           guint way,
           const char *text)
{
  rt_test_log_send (test, connection, buffers[way], way, text, strlen (text));
  rt_log_flush (test->log);
}

/* What goes through a tunnel is no message; its bytes are counted. */
static void
test_tunnel (void **state)
{
  g_autofree char *path = rt_test_path (state, "tunnel.roundtrip");
  g_autoptr (RtSession) session = rt_session_create (path, NULL);
  RtRecorder *recorder
      = rt_session_begin_run (session, &(RtRunInfo){ .name = (char *)"A" }, NULL, NULL, NULL);
  g_autoptr (GPtrArray) rows = NULL;
  RtBufferId buffers[2];
  RtConnection connection;
  const RtExchangeRow *row;
  RtTestLog test;

  rt_test_log_init (&test, rt_recorder_add_page, recorder, 1);
  connection = rt_test_log_connect (&test, buffers);
  send_text (&test, connection, buffers, RT_FORWARD,
             "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n");
  send_text (&test, connection, buffers, RT_BACKWARD, "HTTP/1.1 200 OK\r\n\r\n");
  assert_true (rt_recorder_flush (recorder, NULL));
  send_text (&test, connection, buffers, RT_FORWARD, "twelve bytes");
  send_text (&test, connection, buffers, RT_BACKWARD, "and thirty more of them, not 12");
  send_text (&test, connection, buffers, RT_FORWARD, "!");
  assert_true (rt_recorder_finish (recorder, NULL));
  rows = rt_session_list_exchanges (session, &(RtExchangeQuery){ .run = 1 }, 0, 10, NULL);
  assert_int_equal (rows->len, 1);
  row = rows->pdata[0];
  assert_string_equal (row->method, "CONNECT");
  assert_int_equal (row->tunnel_bytes, 12 + 31 + 1);
  assert_int_equal (row->response_bytes, 19);
  rt_test_log_clear (&test);
}

/* The rest of a request may come when its answer is long there. */
static void
test_early (void **state)
{
  g_autofree char *path = rt_test_path (state, "early.roundtrip");
  g_autoptr (RtSession) session = rt_session_create (path, NULL);
  RtRecorder *recorder
      = rt_session_begin_run (session, &(RtRunInfo){ .name = (char *)"A" }, NULL, NULL, NULL);
  g_autoptr (GPtrArray) rows = NULL;
  RtBufferId buffers[2];
  RtConnection connection;
  RtTestLog test;

  rt_test_log_init (&test, rt_recorder_add_page, recorder, 1);
  connection = rt_test_log_connect (&test, buffers);
  send_text (&test, connection, buffers, RT_FORWARD,
             "PUT /a HTTP/1.1\r\nHost: a.test\r\nContent-Length: 8\r\n\r\nfour");
  send_text (&test, connection, buffers, RT_BACKWARD,
             "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
  assert_true (rt_recorder_flush (recorder, NULL));
  send_text (&test, connection, buffers, RT_FORWARD, "more");
  send_text (&test, connection, buffers, RT_FORWARD, "GET /b HTTP/1.1\r\nHost: a.test\r\n\r\n");
  assert_true (rt_recorder_finish (recorder, NULL));
  rows = rt_session_list_exchanges (session, &(RtExchangeQuery){ .run = 1 }, 0, 10, NULL);
  assert_int_equal (rows->len, 2);
  assert_int_equal (((RtExchangeRow *)rows->pdata[0])->status, 413);
  assert_int_equal (((RtExchangeRow *)rows->pdata[0])->request_bytes, 52 + 8);
  assert_string_equal (((RtExchangeRow *)rows->pdata[1])->target, "/b");
  rt_test_log_clear (&test);
}

typedef struct
{
  RtAnalysis *analysis; /* of the whole log */
  guint n;
} Walked;

static void
assert_same_content (RtAnalysis *is, const RtTransfer *a, RtAnalysis *want, const RtTransfer *b)
{
  g_autoptr (GBytes) left = a != NULL ? rt_analysis_dup_content (is, a) : NULL;
  g_autoptr (GBytes) right = b != NULL ? rt_analysis_dup_content (want, b) : NULL;

  assert_int_equal (left != NULL, right != NULL);
  assert_true (left == NULL || g_bytes_equal (left, right));
}

static void
assert_walked_equal (RtLane *lane, const RtExchange *exchange, guint number, gpointer data)
{
  Walked *walked = data;
  const RtExchange *want = rt_analysis_get_exchange (walked->analysis, number);
  RtAnalysis *analysis = rt_lane_get_analysis (lane);

  walked->n++;
  assert_non_null (want);
  assert_int_equal (exchange->started, want->started);
  assert_int_equal (exchange->ended, want->ended);
  assert_int_equal (exchange->connection, want->connection);
  assert_true (rt_text_equal (exchange->request->message->target, want->request->message->target));
  assert_int_equal (exchange->request->whole.offset
                        + rt_lane_get_base (lane, exchange->request->whole.buffer),
                    want->request->whole.offset);
  assert_same_content (analysis, exchange->response, walked->analysis, want->response);
}

/* One exchange at a time is what all at once are. */
static void
test_walk (void **state)
{
  RtTestLog test;
  g_autoptr (RtSession) session = record (state, &test, 2000);
  RtReader *readers[] = { rt_log_get_reader (test.log), rt_session_open_run (session, 1, NULL) };

  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
      Walked walked = { analysis, 0 };

      assert_true (rt_analysis_feed_reader (analysis, readers[i], G_MAXUINT64, NULL));
      assert_true (rt_exchange_walk (readers[i], NULL, NULL, assert_walked_equal, &walked, NULL));
      assert_int_equal (walked.n, rt_analysis_get_exchanges (analysis)->len);
    }
  rt_reader_unref (readers[1]);
  rt_test_log_clear (&test);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    RT_TEST ("rows say what the analysis says", test_equal),
    RT_TEST ("rows of an older analysis are made again", test_refresh),
    RT_TEST ("rows are read a page at a time, both ways, each once", test_pages),
    RT_TEST ("rows are filtered and sorted", test_filter),
    RT_TEST ("the bytes of a tunnel are counted", test_tunnel),
    RT_TEST ("a request that was answered early is counted to its end", test_early),
    RT_TEST ("exchanges one at a time are those of an analysis of all", test_walk),
  };

  return cmocka_run_group_tests_name ("exchanges", tests, NULL, NULL);
}
