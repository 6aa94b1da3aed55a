/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The import path: what readers of foreign files tell of, as it comes out of a session. */
#include "rt-test-record.h"

#include "rt-analysis.h"
#include "rt-facts.h"
#include "rt-import.h"

typedef struct
{
  RtSession *session;
  RtImport *import;
  RtPartyId client, server;
  RtConnection connection;
} Fixture;

static void
begin (void **state, Fixture *f, RtProvenance provenance)
{
  g_autofree char *path = rt_test_path (state, "import.roundtrip");

  f->session = rt_session_create (path, NULL);
  assert_non_null (f->session);
  f->import = rt_import_new (f->session, "dir/some.har", "har", NULL);
  assert_true (rt_import_advance (f->import, 1000, NULL));
  f->client = rt_import_party (f->import, "browser", "browser");
  f->server = rt_import_party (f->import, "shop.test", "origin");
  f->connection
      = rt_import_connect (f->import, 1000, f->client, f->server, "shop.test", 80, provenance);
  rt_import_established (f->import, f->connection, 1000);
}

static RtImportReport *
finish (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  RtImportReport *report = rt_import_finish (f->import, &error);

  assert_null (error);
  assert_non_null (report);
  g_clear_pointer (&f->import, rt_import_free);
  return report;
}

static GPtrArray *
rows_of (const Fixture *f)
{
  return rt_session_list_exchanges (f->session, &(RtExchangeQuery){ .run = 1 }, 0, 1000, NULL);
}

static RtAnalysis *
analysis_of (const Fixture *f)
{
  g_autoptr (RtReader) reader = rt_session_open_run (f->session, 1, NULL);
  RtAnalysis *analysis = rt_analysis_new ();

  assert_true (rt_analysis_feed_reader (analysis, reader, G_MAXUINT64, NULL));
  return analysis;
}

static void
send_rebuilt (const Fixture *f,
              RtConnection connection,
              RtDirection direction,
              const char *head,
              const char *content,
              RtTime first,
              RtTime last)
{
  g_autoptr (GBytes) head_bytes = g_bytes_new (head, strlen (head));
  g_autoptr (GBytes) bytes = content != NULL ? g_bytes_new (content, strlen (content)) : NULL;

  rt_import_rebuilt (
      f->import, connection, direction,
      &(RtRebuilt){ .head = head_bytes, .content = bytes, .first = first, .last = last });
}

static void
test_bytes (void **state)
{
  Fixture f;
  static const char request[] = "GET /a HTTP/1.1\r\nHost: shop.test\r\n\r\n";
  static const char response[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
  g_autoptr (GBytes) there = g_bytes_new_static (request, sizeof request - 1);
  g_autoptr (GBytes) back = g_bytes_new_static (response, sizeof response - 1);
  g_autoptr (RtImportReport) report = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  const RtExchangeRow *row;

  begin (state, &f, RT_BYTES_CROSSED);
  assert_true (rt_import_advance (f.import, 2000, NULL));
  rt_import_bytes (f.import, f.connection, RT_FORWARD, 2000, there);
  assert_true (rt_import_advance (f.import, 5000, NULL));
  rt_import_bytes (f.import, f.connection, RT_BACKWARD, 5000, back);
  rt_import_end (f.import, f.connection, RT_BACKWARD, 6000);
  rt_import_end (f.import, f.connection, RT_FORWARD, 6000);
  report = finish (&f);
  assert_int_equal (report->run, 1);
  assert_int_equal (report->n_connections, 1);
  rows = rows_of (&f);
  assert_int_equal (rows->len, 1);
  row = rows->pdata[0];
  assert_string_equal (row->target, "/a");
  assert_int_equal (row->status, 200);
  assert_int_equal (row->started, 2000);
  assert_int_equal (row->duration, 3000);
  assert_false (row->reconstructed);
  rt_session_unref (f.session);
}

/* Told of one after the other, they overlap in time: on two connections, as two exchanges of one
 * would have to wait for each other. */
static void
test_overlap (void **state)
{
  Fixture f;
  RtConnection other;
  g_autoptr (RtImportReport) report = NULL;
  g_autoptr (RtAnalysis) analysis = NULL;
  const RtExchange *exchange;

  begin (state, &f, RT_BYTES_RECONSTRUCTED);
  send_rebuilt (&f, f.connection, RT_FORWARD, "GET /slow HTTP/1.1\r\n\r\n", NULL, 2000, 2000);
  send_rebuilt (&f, f.connection, RT_BACKWARD, "HTTP/1.1 200 OK\r\n\r\n", "slow", 8000, 9000);
  assert_true (rt_import_advance (f.import, 3000, NULL));
  other = rt_import_connect (f.import, 3000, f.client, f.server, "shop.test", 80,
                             RT_BYTES_RECONSTRUCTED);
  send_rebuilt (&f, other, RT_FORWARD, "GET /fast HTTP/1.1\r\n\r\n", NULL, 3000, 3000);
  send_rebuilt (&f, other, RT_BACKWARD, "HTTP/1.1 204 No Content\r\n\r\n", NULL, 4000, 5000);
  report = finish (&f);
  analysis = analysis_of (&f);
  assert_int_equal (rt_analysis_get_exchanges (analysis)->len, 2);
  exchange = rt_analysis_get_exchange (analysis, 1);
  assert_true (exchange->reconstructed);
  assert_true (exchange->started == 2000 && exchange->ended == 9000);
  assert_true (exchange->response->received_first == 8000);
  exchange = rt_analysis_get_exchange (analysis, 2);
  assert_true (exchange->started == 3000 && exchange->ended == 5000);
  assert_true (exchange->response->received_first == 4000);
  rt_session_unref (f.session);
}

/* Fields that speak of other framing than the content has, as in every HAR. */
static void
test_fields_bind_nobody (void **state)
{
  Fixture f;
  g_autoptr (RtImportReport) report = NULL;
  g_autoptr (RtAnalysis) analysis = NULL;
  g_autoptr (GBytes) content = NULL;
  const RtExchange *exchange;

  begin (state, &f, RT_BYTES_RECONSTRUCTED);
  send_rebuilt (&f, f.connection, RT_FORWARD,
                "POST / HTTP/1.1\r\nContent-Length: 99\r\nHost: a\r\nHost: b\r\n\r\n", "abc", 2000,
                2000);
  send_rebuilt (&f, f.connection, RT_BACKWARD,
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
                "plain", 3000, 4000);
  send_rebuilt (&f, f.connection, RT_FORWARD, "HEAD /2 HTTP/1.1\r\n\r\n", NULL, 5000, 5500);
  send_rebuilt (&f, f.connection, RT_BACKWARD, "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", NULL,
                6000, 7000);
  report = finish (&f);
  analysis = analysis_of (&f);
  assert_int_equal (rt_analysis_get_exchanges (analysis)->len, 2);
  exchange = rt_analysis_get_exchange (analysis, 1);
  assert_null (exchange->failed);
  assert_int_equal (exchange->request->findings->len, 0);
  assert_int_equal (exchange->response->findings->len, 0);
  assert_true (exchange->response->complete);
  assert_int_equal (exchange->notes->len, 0);
  content = rt_analysis_dup_content (analysis, exchange->response);
  assert_int_equal (g_bytes_get_size (content), 5);
  assert_memory_equal (g_bytes_get_data (content, NULL), "plain", 5);
  exchange = rt_analysis_get_exchange (analysis, 2);
  assert_true (exchange->started == 5000 && exchange->request->sent_last == 5500);
  assert_true (exchange->response->complete && exchange->response->content_length == 0);
  rt_session_unref (f.session);
}

static void
test_missing (void **state)
{
  Fixture f;
  g_autoptr (GBytes) head = g_bytes_new_static ("HTTP/1.1 200 OK\r\n\r\n", 19);
  g_autoptr (RtImportReport) report = NULL;
  g_autoptr (RtAnalysis) analysis = NULL;
  const RtTransfer *response;
  const char *version = NULL;
  g_auto (RtFacts) facts = { 0 };

  rt_facts_init (&facts);
  rt_facts_add_text (&facts, "version", RT_TEXT ("h2"));
  begin (state, &f, RT_BYTES_RECONSTRUCTED);
  send_rebuilt (&f, f.connection, RT_FORWARD, "GET / HTTP/1.1\r\n\r\n", NULL, 2000, 2000);
  rt_import_rebuilt (f.import, f.connection, RT_BACKWARD,
                     &(RtRebuilt){ .head = head,
                                   .missing = 1234,
                                   .why = "evicted",
                                   .facts = rt_facts_end (&facts),
                                   .first = 3000,
                                   .last = 3000 });
  report = finish (&f);
  analysis = analysis_of (&f);
  response = rt_analysis_get_exchange (analysis, 1)->response;
  assert_true (response->complete);
  assert_null (response->broken);
  assert_string_equal (response->missing, "evicted");
  assert_int_equal (response->missing_length, 1234);
  assert_true (g_variant_lookup (response->facts, "version", "&s", &version));
  assert_string_equal (version, "h2");
  assert_int_equal (rt_analysis_get_exchange (analysis, 1)->notes->len, 1);
  rt_session_unref (f.session);
}

/* So many that the rows' analysis of the connection starts anew now and then. */
static void
test_many_on_one_connection (void **state)
{
  Fixture f;
  g_autoptr (RtImportReport) report = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  begin (state, &f, RT_BYTES_RECONSTRUCTED);
  for (guint i = 0; i < 700; i++)
    {
      g_autofree char *head = g_strdup_printf ("GET /%u HTTP/1.1\r\n\r\n", i);
      RtTime now = 2000 + 10 * (RtTime)i;

      assert_true (rt_import_advance (f.import, now, NULL));
      send_rebuilt (&f, f.connection, RT_FORWARD, head, NULL, now, now + 1);
      send_rebuilt (&f, f.connection, RT_BACKWARD, "HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n",
                    "x", now + 2, now + 5);
    }
  report = finish (&f);
  rows = rows_of (&f);
  assert_int_equal (rows->len, 700);
  for (guint i = 0; i < rows->len; i++)
    {
      const RtExchangeRow *row = rows->pdata[i];
      g_autofree char *target = g_strdup_printf ("/%u", i);

      assert_string_equal (row->target, target);
      assert_int_equal (row->status, 200);
      assert_int_equal (row->duration, 5);
      assert_true (row->reconstructed);
    }
  rt_session_unref (f.session);
}

static void
test_gap_and_abort (void **state)
{
  Fixture f;
  g_autoptr (GBytes) there = g_bytes_new_static ("GET / HTTP/1.1\r\n\r\n", 18);
  g_autoptr (RtImportReport) report = NULL;
  g_autoptr (RtAnalysis) analysis = NULL;

  begin (state, &f, RT_BYTES_CROSSED);
  rt_import_bytes (f.import, f.connection, RT_FORWARD, 2000, there);
  rt_import_gap (f.import, f.connection, RT_BACKWARD, 3000, 0, "not captured");
  rt_import_abort (f.import, f.connection, 4000, "RST");
  report = finish (&f);
  analysis = analysis_of (&f);
  assert_non_null (rt_analysis_get_exchange (analysis, 1)->failed);
  assert_int_equal (rt_analysis_get_connection (analysis, f.connection)->end, RT_CONNECTION_CUT);
  rt_session_unref (f.session);
}

static void
count_progress (guint64 done, guint64 total, gpointer data)
{
  ++*(guint *)data;
}

static void
test_progress_and_cancel (void **state)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (RtImport) import = NULL;
  guint told = 0;

  import = rt_import_new (NULL, "a.har", "har",
                          &(RtImportOptions){ cancellable, count_progress, &told });
  for (guint i = 0; i < 100000; i++)
    assert_true (rt_import_step (import, i, 100000, NULL));
  assert_in_range (told, 100, 400);
  g_cancellable_cancel (cancellable);
  assert_false (rt_import_step (import, 1, 2, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}

static void
test_warnings (void **state)
{
  Fixture f;
  g_autoptr (RtImportReport) report = NULL;
  g_autoptr (RtRunInfo) run = NULL;

  begin (state, &f, RT_BYTES_CROSSED);
  rt_import_warn (f.import, &(RtPlace){ NULL, 3, 14 }, "entry %u has no url", 7u);
  for (guint i = 0; i < 2 * RT_IMPORT_WARNINGS_MAX; i++)
    rt_import_warn (f.import, NULL, "again");
  report = finish (&f);
  assert_string_equal (report->warnings->pdata[0], "dir/some.har:3:14: entry 7 has no url");
  assert_int_equal (report->warnings->len, RT_IMPORT_WARNINGS_MAX);
  assert_int_equal (report->n_warnings, 2 * RT_IMPORT_WARNINGS_MAX + 1);
  run = rt_session_get_run (f.session, 1, NULL);
  assert_true (run->finished);
  assert_string_equal (run->title, "some.har");
  assert_int_equal (run->source, RT_SOURCE_IMPORT);
  assert_non_null (strstr (run->metadata, "entry 7 has no url"));
  rt_session_unref (f.session);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    RT_TEST ("bytes with their times become exchanges", test_bytes),
    RT_TEST ("messages that overlap get into the order of time", test_overlap),
    RT_TEST ("fields of rebuilt messages say nothing of framing", test_fields_bind_nobody),
    RT_TEST ("content that is missing is missing, not empty", test_missing),
    RT_TEST ("many rebuilt exchanges on one connection keep their rows",
             test_many_on_one_connection),
    RT_TEST ("gaps and aborts are told of", test_gap_and_abort),
    RT_TEST ("progress is told now and then, and cancelling stops", test_progress_and_cancel),
    RT_TEST ("warnings name their place and are capped", test_warnings),
  };

  return cmocka_run_group_tests_name ("import", tests, NULL, NULL);
}
