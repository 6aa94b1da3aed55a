/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A session becomes a HAR and a session again: every exchange is as it was. */
#include "rt-test-record.h"

#include "rt-content.h"
#include "rt-gzip.h"
#include "rt-har.h"

/* Files */

static char *
export_run (void **state, RtSession *session, gint64 run, const char *name, GArray *ids)
{
  char *path = rt_test_path (state, name);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileOutputStream) out
      = g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, &error);

  assert_null (error);
  if (!rt_har_export (session, G_OUTPUT_STREAM (out), &(RtExportOptions){ .run = run, .ids = ids },
                      &error))
    fail_msg ("%s", error->message);
  assert_true (g_output_stream_close (G_OUTPUT_STREAM (out), NULL, NULL));
  return path;
}

static RtSession *
import_again (void **state, const char *har, const char *name)
{
  g_autofree char *path = rt_test_path (state, name);
  RtSession *session = rt_session_create (path, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RtImportReport) report = rt_har_import (session, har, NULL, &error);

  if (report == NULL)
    fail_msg ("%s", error->message);
  if (report->n_warnings > 0)
    fail_msg ("%s", (char *)report->warnings->pdata[0]);
  return session;
}

static RtAnalysis *
analyse (RtSession *session, gint64 run)
{
  g_autoptr (RtReader) reader = rt_session_open_run (session, run, NULL);
  RtAnalysis *analysis = rt_analysis_new ();

  assert_true (rt_analysis_feed_reader (analysis, reader, G_MAXUINT64, NULL));
  return analysis;
}

/* Exchanges in words */

static void
describe_fields (GString *out, RtFields *fields)
{
  for (guint i = 0; i < rt_fields_get_length (fields); i++)
    {
      const RtField *field = rt_fields_get (fields, i);
      gboolean valid = g_utf8_validate_len (field->value.at, field->value.length, NULL);

      g_string_append_len (out, field->name.at, (gssize)field->name.length);
      g_string_append (out, ": ");
      /* JSON cannot keep other bytes than UTF-8: they come back as such. */
      for (gsize j = 0; j < field->value.length; j++)
        if (valid)
          g_string_append_c (out, field->value.at[j]);
        else
          g_string_append_unichar (out, (guchar)field->value.at[j]);
      g_string_append_c (out, '\n');
    }
}

static void
describe_transfer (GString *out, RtAnalysis *analysis, const RtTransfer *transfer)
{
  g_autoptr (RtContent) content = NULL;
  g_autofree char *hash = NULL;

  if (transfer == NULL || transfer->message->fields == NULL)
    return;
  content = rt_content_new (analysis, transfer);
  hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content->bytes);
  describe_fields (out, transfer->message->fields);
  g_string_append_printf (out, "%s %s\n", rt_version_name (transfer->message->version), hash);
}

/* Method, target, status, fields, content, times. */
static char *
describe (RtAnalysis *analysis, guint id)
{
  const RtExchange *exchange = rt_analysis_get_exchange (analysis, id);
  const RtMessage *request = exchange->request->message;
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "%.*s %.*s %s://%s\n", (int)request->method.length,
                          request->method.at, (int)request->target.length, request->target.at,
                          exchange->scheme, exchange->authority);
  describe_transfer (out, analysis, exchange->request);
  if (exchange->response != NULL)
    {
      g_string_append_printf (out, "%u %.*s\n", exchange->response->message->status,
                              (int)exchange->response->message->reason.length,
                              exchange->response->message->reason.at);
      describe_transfer (out, analysis, exchange->response);
    }
  g_string_append_printf (out, "from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT "\n",
                          exchange->started / RT_TIME_MSEC, exchange->ended / RT_TIME_MSEC);
  return g_string_free (out, FALSE);
}

static void
assert_same (RtSession *is_session, gint64 is_run, RtSession *want_session, gint64 want_run)
{
  g_autoptr (RtAnalysis) is = analyse (is_session, is_run);
  g_autoptr (RtAnalysis) want = analyse (want_session, want_run);
  guint n = rt_analysis_get_exchanges (want)->len;

  assert_int_equal (rt_analysis_get_exchanges (is)->len, n);
  for (guint id = 1; id <= n; id++)
    {
      g_autofree char *is_text = describe (is, id);
      g_autofree char *want_text = describe (want, id);

      assert_string_equal (is_text, want_text);
      assert_true (rt_analysis_get_exchange (is, id)->reconstructed);
    }
}

/* Runs of a lesson, each with parties of its own. */
static void
test_lesson (void **state)
{
  g_autofree char *path = rt_test_path (state, "lesson.roundtrip");
  g_autofree char *fixture = g_build_filename (RT_TEST_FIXTURES, "version-2.roundtrip", NULL);
  g_autoptr (GBytes) bytes = rt_test_read_file (fixture);
  g_autoptr (RtSession) session = NULL;
  g_autoptr (GPtrArray) runs = NULL;

  rt_test_write_file (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  session = rt_session_open (path, NULL);
  runs = rt_session_list_runs (session, NULL);
  assert_true (runs->len > 3);
  for (guint i = 0; i < runs->len; i++)
    {
      const RtRunInfo *info = runs->pdata[i];
      g_autofree char *name = g_strdup_printf ("%u.roundtrip", i);
      g_autofree char *har = export_run (state, session, info->id, "a.har", NULL);
      g_autoptr (RtSession) again = import_again (state, har, name);

      assert_same (again, 1, session, info->id);
    }
}

typedef struct
{
  RtImport *import;
  RtConnection connection;
  RtTime now;
} Traffic;

static void
send_bytes (Traffic *traffic, RtDirection direction, const void *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);

  traffic->now += 1234567;
  rt_import_advance (traffic->import, traffic->now, NULL);
  rt_import_bytes (traffic->import, traffic->connection, direction, traffic->now, bytes);
}

#define SEND(traffic, direction, literal)                                                          \
  send_bytes (traffic, direction, literal, sizeof literal - 1)

static void
send_gzip (Traffic *traffic)
{
  static const char text[] = "a a a a a a a a a a a a a a a a";
  g_autoptr (GBytes) plain = g_bytes_new_static (text, sizeof text - 1);
  g_autoptr (GBytes) packed = rt_gzip (plain);
  g_autoptr (GString) response = g_string_new (NULL);

  g_string_append_printf (response,
                          "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/plain"
                          "\r\nTransfer-Encoding: chunked\r\n\r\n%zx\r\n",
                          g_bytes_get_size (packed));
  g_string_append_len (response, g_bytes_get_data (packed, NULL),
                       (gssize)g_bytes_get_size (packed));
  g_string_append (response, "\r\n0\r\n\r\n");
  SEND (traffic, RT_FORWARD, "GET /gzip?a=b&c=%20+d&e HTTP/1.1\r\nHost: a.test\r\n\r\n");
  send_bytes (traffic, RT_BACKWARD, response->str, response->len);
}

/* What is hard to write in a HAR. */
static void
send_odd (Traffic *traffic)
{
  send_gzip (traffic);
  SEND (traffic, RT_FORWARD,
        "POST http://b.test/abs HTTP/1.1\r\nhOST: b.test\r\nCookie: a=b; c=\"d\"\r\n"
        "Content-Length: 4\r\n\r\n\x00\xff\x01\x80");
  SEND (traffic, RT_BACKWARD,
        "HTTP/1.1 201 \r\nSet-Cookie: a=b; Path=/; Secure; Max-Age=5; Expires=x\r\n"
        "Set-Cookie: c=d; expires=Thu, 01 Jan 2026 12:00:00 GMT; SameSite=Lax; HttpOnly\r\n"
        "X: \xe9t\xe9\r\nContent-Length: 3\r\n\r\n\xff\xfe\xfd");
  SEND (traffic, RT_FORWARD, "OPTIONS * HTTP/1.1\r\nHost: a.test\r\n\r\n");
  SEND (traffic, RT_BACKWARD, "HTTP/1.1 204 No Content\r\n\r\n");
  SEND (traffic, RT_FORWARD, "HEAD /head HTTP/1.0\r\n\r\n");
  SEND (traffic, RT_BACKWARD, "HTTP/1.0 200 OK\r\nContent-Length: 500\r\n\r\n");
  SEND (traffic, RT_FORWARD,
        "POST /form HTTP/1.1\r\nHost: a.test\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        "Content-Length: 11\r\n\r\na=1&b=%26+c");
  SEND (traffic, RT_BACKWARD,
        "HTTP/1.1 303 See Other\r\nLocation: /x\"y\r\nContent-Length: "
        "9\r\n\r\n\"\\\n\t\x01\xc3\xa9\r\n");
  SEND (traffic, RT_FORWARD, "GET /never HTTP/1.1\r\nHost: a.test\r\n\r\n");
  rt_import_abort (traffic->import, traffic->connection, traffic->now + 5000, "RST");
}

static RtSession *
record_odd (void **state)
{
  g_autofree char *path = rt_test_path (state, "odd.roundtrip");
  RtSession *session = rt_session_create (path, NULL);
  Traffic traffic = { rt_import_new (session, "odd", "test", NULL), 0, 1767268800000000 };
  g_autoptr (RtImportReport) report = NULL;

  rt_import_advance (traffic.import, traffic.now, NULL);
  traffic.connection = rt_import_connect (
      traffic.import, traffic.now, rt_import_party (traffic.import, "ann", "client"),
      rt_import_party (traffic.import, "a.test", "origin"), "a.test", 80, RT_BYTES_CROSSED);
  rt_import_established (traffic.import, traffic.connection, traffic.now + 2000);
  send_odd (&traffic);
  report = rt_import_finish (traffic.import, NULL);
  assert_non_null (report);
  rt_import_free (traffic.import);
  return session;
}

static void
test_odd (void **state)
{
  g_autoptr (RtSession) session = record_odd (state);
  g_autofree char *har = export_run (state, session, 0, "a.har", NULL);
  g_autoptr (RtSession) again = import_again (state, har, "again.roundtrip");
  g_autofree char *second = export_run (state, again, 0, "b.har", NULL);
  g_autoptr (RtSession) third = import_again (state, second, "third.roundtrip");

  assert_same (again, 1, session, 1);
  assert_same (third, 1, session, 1);
}

/* What a source did not keep is still missing, and known to be, two files later. */
static void
test_missing (void **state)
{
  static const char in[]
      = "{\"log\":{\"entries\":[{\"startedDateTime\":\"2026-01-01T12:00:00Z\",\"_fromCache\":"
        "\"disk\",\"request\":{\"method\":\"GET\",\"url\":\"https://a.test/\",\"httpVersion\":"
        "\"h2\"},\"response\":{\"status\":200,\"httpVersion\":\"h2\",\"_transferSize\":0,"
        "\"content\":{\"size\":77}},\"timings\":{\"blocked\":-1,\"dns\":-1,\"connect\":3,\"ssl\":-"
        "1,"
        "\"send\":0,\"wait\":1,\"receive\":2}},{\"startedDateTime\":\"2026-01-01T12:00:01Z\","
        "\"request\":{\"method\":\"GET\",\"url\":\"https://a.test/2\"},\"response\":{\"status\":"
        "200,\"bodySize\":5,\"content\":{\"size\":-1,\"comment\":\"not included\"}}}]}}";
  g_autofree char *first = rt_test_path (state, "first.har");
  g_autofree char *second = NULL;
  g_autoptr (RtSession) session = NULL;
  g_autoptr (RtSession) again = NULL;
  g_autoptr (RtAnalysis) analysis = NULL;
  g_autoptr (GBytes) text = NULL;
  const RtTransfer *response;

  rt_test_write_file (first, in, sizeof in - 1);
  session = import_again (state, first, "one.roundtrip");
  second = export_run (state, session, 0, "second.har", NULL);
  again = import_again (state, second, "two.roundtrip");
  assert_same (again, 1, session, 1);
  analysis = analyse (again, 1);
  response = rt_analysis_get_exchange (analysis, 1)->response;
  assert_int_equal (response->missing_length, 77);
  response = rt_analysis_get_exchange (analysis, 2)->response;
  assert_string_equal (response->missing, "not included");
  text = rt_test_read_file (second);
  for (guint i = 0; i < 4; i++)
    {
      static const char *const kept[]
          = { "\"_fromCache\":\"disk\"", "\"httpVersion\":\"h2\"", "\"_transferSize\":0",
              "\"blocked\":-1,\"dns\":-1,\"connect\":3.000,\"ssl\":-1" };

      if (g_strstr_len (g_bytes_get_data (text, NULL), (gssize)g_bytes_get_size (text), kept[i])
          == NULL)
        fail_msg ("%s is not kept", kept[i]);
    }
}

static void
test_some (void **state)
{
  g_autoptr (RtSession) session = record_odd (state);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  const gint64 chosen[] = { 5, 2 };
  g_autofree char *har = NULL;
  g_autoptr (RtSession) again = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  g_array_append_vals (ids, chosen, 2);
  har = export_run (state, session, 0, "a.har", ids);
  again = import_again (state, har, "again.roundtrip");
  rows = rt_session_list_exchanges (again, &(RtExchangeQuery){ .run = 1 }, 0, 10, NULL);
  assert_int_equal (rows->len, 2);
  assert_string_equal (((RtExchangeRow *)rows->pdata[0])->method, "POST");
  assert_string_equal (((RtExchangeRow *)rows->pdata[1])->target, "/form");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    RT_TEST ("the runs of a lesson come back as they were", test_lesson),
    RT_TEST ("odd messages come back as they were, twice", test_odd),
    RT_TEST ("what is missing stays missing", test_missing),
    RT_TEST ("some exchanges alone can be exported", test_some),
  };

  return cmocka_run_group_tests_name ("HAR export", tests, NULL, NULL);
}
