/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rows of imported exchanges, most of which are read without an analysis, say what an analysis
 * of the whole run says. */
#include "rt-test-record.h"

#include "rt-analysis.h"
#include "rt-har.h"
#include "../vectors.h"

#include <sqlite3.h>
#include <string.h>

static const char *
text_of (RtText text)
{
  static char *last;

  g_free (last);
  last = rt_text_dup (text);
  return last;
}

/* Columns that lists do not read: names, and where a message stands. */
static void
assert_message_equal (sqlite3_stmt *row, int column, const RtTransfer *transfer)
{
  g_autofree char *names = rt_traits_dup_names (transfer);

  if (transfer == NULL)
    {
      assert_int_equal (sqlite3_column_type (row, column), SQLITE_NULL);
      return;
    }
  assert_string_equal ((const char *)sqlite3_column_text (row, column), names);
  assert_int_equal (sqlite3_column_int64 (row, column + 1), transfer->whole.buffer);
  assert_int_equal (sqlite3_column_int64 (row, column + 2), transfer->whole.offset);
  assert_int_equal (sqlite3_column_int64 (row, column + 3), transfer->message->head.length);
}

static void
assert_row_equal (const RtExchangeRow *row, const RtExchange *exchange, RtAnalysis *analysis)
{
  const RtTransfer *request = exchange->request;
  const RtTransfer *response = exchange->response;
  RtText media_type;

  assert_int_equal (row->number, exchange->id);
  assert_int_equal (row->started, exchange->started);
  assert_int_equal (row->duration, exchange->ended == RT_TIME_UNKNOWN
                                       ? RT_TIME_NEVER
                                       : exchange->ended - exchange->started);
  assert_int_equal (row->connection, exchange->connection);
  assert_string_equal (row->method, text_of (request->message->method));
  assert_string_equal (row->target, text_of (request->message->target));
  assert_string_equal (row->authority, exchange->authority);
  assert_string_equal (row->scheme, exchange->scheme);
  assert_int_equal (row->status, response != NULL ? response->message->status : 0);
  assert_int_equal (row->request_bytes, request->whole.length);
  assert_int_equal (row->response_bytes, response != NULL ? response->whole.length : 0);
  assert_string_equal (row->client, rt_analysis_get_party (analysis, exchange->client)->name);
  assert_string_equal (row->server, rt_analysis_get_party (analysis, exchange->server)->name);
  assert_int_equal (row->first_event, request->first_event);
  assert_int_equal (row->last_event, response != NULL ? response->last_event : request->last_event);
  assert_int_equal (row->reconstructed, exchange->reconstructed);
  assert_int_equal (row->flags, rt_traits_get_flags (exchange));
  if (rt_traits_get_media_type (exchange, &media_type))
    assert_string_equal (row->media_type, text_of (media_type));
  else
    assert_null (row->media_type);
}

static void
assert_rows_equal (const char *path, gint64 run)
{
  g_autoptr (RtSession) session = rt_session_open (path, NULL);
  g_autoptr (RtReader) reader = rt_session_open_run (session, run, NULL);
  g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
  g_autoptr (GPtrArray) rows = NULL;
  GPtrArray *exchanges = rt_analysis_get_exchanges (analysis);
  sqlite3 *db;
  sqlite3_stmt *more;

  assert_true (rt_analysis_feed_reader (analysis, reader, G_MAXUINT64, NULL));
  rows = rt_session_list_exchanges (session, &(RtExchangeQuery){ .run = run }, 0, 1000000, NULL);
  assert_int_equal (rows->len, exchanges->len);
  assert_int_equal (sqlite3_open (path, &db), SQLITE_OK);
  assert_int_equal (
      sqlite3_prepare_v2 (db,
                          "SELECT a.text, request_buffer, request_offset, request_head, b.text,"
                          " response_buffer, response_offset, response_head FROM exchange"
                          " LEFT JOIN names a ON a.id = request_names"
                          " LEFT JOIN names b ON b.id = response_names ORDER BY run, number",
                          -1, &more, NULL),
      SQLITE_OK);
  for (guint i = 0; i < rows->len; i++)
    {
      const RtExchange *exchange = exchanges->pdata[i];

      assert_row_equal (rows->pdata[i], exchange, analysis);
      assert_int_equal (sqlite3_step (more), SQLITE_ROW);
      assert_message_equal (more, 0, exchange->request);
      assert_message_equal (more, 4, exchange->response);
    }
  sqlite3_finalize (more);
  sqlite3_close (db);
}

/* As the import wrote them, and as they are when they are derived again. */
static void
check_file (const char *har)
{
  void *folder = NULL;
  g_autofree char *path = NULL;
  g_autoptr (RtImportReport) report = NULL;
  RtSession *session;
  sqlite3 *db;

  rt_test_setup (&folder);
  path = rt_test_path (&folder, "a.roundtrip");
  session = rt_session_create (path, NULL);
  report = rt_har_import (session, har, NULL, NULL);
  rt_session_unref (session);
  if (report != NULL)
    {
      assert_rows_equal (path, report->run);
      sqlite3_open (path, &db);
      sqlite3_exec (db, "UPDATE run SET analysis_version = 0", NULL, NULL, NULL);
      sqlite3_close (db);
      session = rt_session_open (path, NULL);
      assert_true (rt_session_refresh_exchanges (session, report->run, NULL));
      rt_session_unref (session);
      assert_rows_equal (path, report->run);
    }
  rt_test_teardown (&folder);
}

/* clang-format off */
/* What entries differ in; one of each is chosen at random. */
static const char *const requests[] = {
  "\"method\":\"GET\",\"url\":\"http://a.test/x?y=1\",\"headers\":[]",
  "\"method\":\"GET\",\"url\":\"https://b.test:8443/\",\"headers\":[{\"name\":\"Host\",\"value\":\"b.test\"},{\"name\":\"Cookie\",\"value\":\"a=1; b=2\"}]",
  "\"method\":\"POST\",\"url\":\"https://b.test/p\",\"httpVersion\":\"h2\",\"headers\":[{\"name\":\":path\",\"value\":\"/p\"},{\"name\":\"Priority\",\"value\":\"u=1\"}],\"postData\":{\"text\":\"a=1&b=2\"}",
  "\"method\":\"OPTIONS\",\"url\":\"https://c.test/o\",\"headers\":[{\"name\":\"Access-Control-Request-Method\",\"value\":\"PUT\"}]",
  "\"method\":\"CONNECT\",\"url\":\"https://d.test:444/\",\"headers\":[]",
  "\"method\":\"PUT\",\"url\":\"http://\xc3\xa9.test/\xff \",\"headers\":[{\"name\":\"X\",\"value\":\"\xff\"}],\"bodySize\":9",
  "\"method\":\"GET\",\"_target\":\"http://other.test/abs\",\"url\":\"http://a.test/abs\",\"headers\":[]",
  "\"method\":\"GE T\",\"url\":\"http://[::1]:81/\",\"headers\":[{\"name\":\"Host\",\"value\":\"\"}]",
};
static const char *const responses[] = {
  ",\"response\":{\"status\":200,\"statusText\":\"OK\",\"headers\":[{\"name\":\"Content-Type\",\"value\":\"text/html; charset=utf-8\"},{\"name\":\"Set-Cookie\",\"value\":\"s=1\\nt=2\"}],\"content\":{\"text\":\"hello\",\"size\":5}}",
  ",\"response\":{\"status\":200,\"headers\":[{\"name\":\"Age\",\"value\":\"7\"}],\"content\":{\"size\":1000}},\"_fromCache\":\"disk\"",
  ",\"response\":{\"status\":302,\"headers\":[{\"name\":\"Location\",\"value\":\"/\"}]}",
  ",\"response\":{\"status\":304,\"headers\":[{\"name\":\"Content-Encoding\",\"value\":\"gzip\"}]}",
  ",\"response\":{\"status\":101,\"headers\":[]},\"_webSocketMessages\":[{\"type\":\"send\",\"time\":1767268801.5,\"opcode\":1,\"data\":\"hi\"}]",
  ",\"response\":{\"status\":103,\"headers\":[]}",
  ",\"response\":{\"status\":0,\"_error\":\"net::ERR_FAILED\"}",
  ",\"response\":{\"status\":500,\"statusText\":\"\xff\\n\",\"headers\":[{\"name\":\"Transfer-Encoding\",\"value\":\"chunked\"},{\"name\":\"Cache-Status\",\"value\":\"p; hit\"}],\"content\":{\"text\":\"x\"}}",
  "",
};
/* clang-format on */

static void
append_entry (GString *out, RtRandom *random, guint i)
{
  /* Most entries are ordinary, or none would stay in the short way for long. */
  guint request = rt_random_below (random, 3) > 0 ? i % 2 : (guint)rt_random_below (random, 8);
  guint response = rt_random_below (random, 3) > 0 ? i % 4 : (guint)rt_random_below (random, 9);
  guint milliseconds = i * 10 + (guint)rt_random_below (random, 30);

  g_string_append_printf (
      out,
      "%s{\"startedDateTime\":\"2026-01-01T12:%02u:%02u.%03uZ\",\"connection\":\"%u\",\"request\":{"
      "%s}%s,\"timings\":{\"blocked\":%d,\"connect\":%d,\"send\":%u,\"wait\":%u,\"receive\":%u}}",
      i > 0 ? ",\n" : "{\"log\":{\"entries\":[", milliseconds / 60000, milliseconds / 1000 % 60,
      milliseconds % 1000, (guint)rt_random_below (random, 6), requests[request],
      responses[response], (int)rt_random_below (random, 3) - 1,
      (int)rt_random_below (random, 5) - 1, (guint)rt_random_below (random, 2),
      (guint)rt_random_below (random, 100), (guint)rt_random_below (random, 3));
}

static void
test_random (void **state)
{
  g_autofree char *path = rt_test_path (state, "in.har");

  for (guint seed = 1; seed <= 4; seed++)
    {
      g_autoptr (GString) out = g_string_new (NULL);
      RtRandom random;

      rt_random_init (&random, seed);
      for (guint i = 0; i < 1500; i++)
        append_entry (out, &random, i);
      g_string_append (out, "]}}");
      rt_test_write_file (path, out->str, out->len);
      check_file (path);
    }
}

static void
test_sample (void **state)
{
  g_autofree char *path = g_build_filename (RT_TEST_SAMPLES, *state, NULL);

  check_file (path);
}

static void
test_vectors (void **state)
{
  g_autofree char *folder = g_build_filename (vectors_folder (), "har", NULL);
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const char *name;

  assert_non_null (files);
  while ((name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_str_has_suffix (name, "har"))
        check_file (path);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    RT_TEST ("entries of all kinds", test_random),
    { "a sample: a login", test_sample, NULL, NULL, (void *)"login.har" },
    { "a sample: a long page", test_sample, NULL, NULL, (void *)"long-page.har" },
    { "archives of other programs", test_vectors, NULL, NULL, NULL },
  };

  /* The last one needs the vectors; a test that cmocka skips counts as failed for meson. */
  return _cmocka_run_group_tests ("whole exchanges", tests,
                                  G_N_ELEMENTS (tests) - (vectors_folder () != NULL ? 0 : 1), NULL,
                                  NULL);
}
