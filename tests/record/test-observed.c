/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What rows say was found in a run is what an analysis of all of it says, however long it is and
 * whatever it came from. */
#include "rt-test-record.h"

#include "rt-exchange-list.h"
#include "rt-format.h"
#include "rt-observer.h"

#include <string.h>

static GArray *
search_for (RtExchangeList *list, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtFilter) filter = rt_filter_new (text, &error);
  GArray *ids;

  assert_null (error);
  ids = rt_exchange_list_search (list, &(RtExchangeSearch){ .run = 1, .filter = filter }, NULL,
                                 NULL, NULL, &error);
  assert_null (error);
  return ids;
}

/* The exchanges of run 1 that have @flag, by their numbers: `2 5 `. */
static char *
by_rows (RtSession *session, const char *filter)
{
  g_autoptr (RtExchangeList) list = rt_exchange_list_new (session, NULL);
  g_autoptr (GArray) ids = search_for (list, filter);
  g_autoptr (GPtrArray) rows
      = rt_session_get_exchanges (session, (const gint64 *)(gpointer)ids->data, ids->len, NULL);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < rows->len; i++)
    g_string_append_printf (text, "%u ", ((RtExchangeRow *)rows->pdata[i])->number);
  return g_string_free (text, FALSE);
}

static char *
by_analysis (RtAnalysis *analysis, RtTraitFlags flag)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (analysis);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < exchanges->len; i++)
    if (rt_traits_get_flags (exchanges->pdata[i]) & flag)
      g_string_append_printf (text, "%u ", i + 1);
  return g_string_free (text, FALSE);
}

/* Returns how many problems and warnings there are. */
static guint
assert_same (RtSession *session)
{
  static const struct
  {
    const char *filter;
    RtTraitFlags flag;
  } kinds[] = {
    { "has:warning", RT_TRAIT_WARNING },
    { "has:problem", RT_TRAIT_PROBLEM },
    { "is:retried", RT_TRAIT_RETRIED },
  };
  g_autoptr (RtRunInfo) info = rt_session_get_run (session, 1, NULL);
  g_autoptr (RtReader) reader = rt_session_open_run (session, 1, NULL);
  g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
  guint n = 0;

  rt_analysis_set_observed (analysis, info->source != RT_SOURCE_LESSON);
  assert_true (rt_analysis_feed_reader (analysis, reader, G_MAXUINT64, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *rows = by_rows (session, kinds[i].filter);
      g_autofree char *whole = by_analysis (analysis, kinds[i].flag);

      assert_string_equal (rows, whole);
      n += (guint)strlen (whole);
    }
  return n;
}

/* -- Samples -- */

static RtSession *
open_copy (const char *from, const char *to)
{
  const RtFormat *format = rt_format_of_file (from, NULL);
  RtSession *session;

  assert_non_null (format);
  if (format->native)
    {
      g_autoptr (GBytes) bytes = rt_test_read_file (from);

      rt_test_write_file (to, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    }
  else
    {
      g_autoptr (RtImportReport) report
          = rt_format_import_to_file (format, from, to, FALSE, NULL, NULL);

      assert_non_null (report);
    }
  session = rt_session_open (to, NULL);
  assert_non_null (session);
  return session;
}

static void
test_samples (void **state)
{
  g_autoptr (GDir) dir = g_dir_open (RT_TEST_SAMPLES, 0, NULL);
  const char *name;
  guint n_files = 0;
  guint n_found = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *from = g_build_filename (RT_TEST_SAMPLES, name, NULL);
      g_autofree char *to_name = g_strconcat (name, ".roundtrip", NULL);
      g_autofree char *to = rt_test_path (state, to_name);
      g_autoptr (RtSession) session = NULL;
      g_autoptr (RtRunInfo) run = NULL;

      if (!g_str_has_suffix (name, ".roundtrip") && !g_str_has_suffix (name, ".pcap")
          && !g_str_has_suffix (name, ".har"))
        continue;
      session = open_copy (from, to);
      n_found += assert_same (session);
      run = rt_session_get_run (session, 1, NULL);
      assert_true (run->observed);
      n_files++;
    }
  assert_true (n_files > 5);
  assert_true (n_found > 5);
}

/* -- A long one -- */

/* Longer than what the window holds in memory. */
#define N_EXCHANGES 12000
#define N_CONNECTIONS 7

/* One in twenty-five says when its content changes in a date that is none: that is found by the
 * observer alone. */
static void
add_exchange (RtTestLog *test, RtConnection connection, const RtBufferId *buffers, guint i)
{
  g_autofree char *request
      = g_strdup_printf ("GET /item/%u HTTP/1.1\r\nHost: api.test\r\n\r\n", i % 5000);
  g_autofree char *response
      = g_strdup_printf ("HTTP/1.1 %s\r\nDate: Sun, 22 Nov 2026 04:00:00 GMT\r\n%s"
                         "Cache-Control: no-store\r\nContent-Length: 2\r\n\r\nok",
                         i % 70 == 3 ? "401 Unauthorized" : "200 OK",
                         i % 25 == 6 ? "Last-Modified: yesterday\r\n" : "");

  if (i % 10 == 6)
    {
      /* Two that are sent in one go; the second is fine. */
      g_autofree char *requests = g_strconcat (request, request, NULL);
      g_autofree char *responses
          = g_strconcat (response,
                         "HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 04:00:00 GMT\r\n"
                         "Cache-Control: no-store\r\nContent-Length: 0\r\n\r\n",
                         NULL);

      rt_test_log_send (test, connection, buffers[0], RT_FORWARD, requests, strlen (requests));
      rt_test_log_send (test, connection, buffers[1], RT_BACKWARD, responses, strlen (responses));
      return;
    }
  rt_test_log_send (test, connection, buffers[0], RT_FORWARD, request, strlen (request));
  rt_test_log_send (test, connection, buffers[1], RT_BACKWARD, response, strlen (response));
}

static void
test_long (void **state)
{
  g_autofree char *path = rt_test_path (state, "long.roundtrip");
  g_autoptr (RtSession) session = rt_session_create (path, NULL);
  RtRecorder *recorder = rt_session_begin_run (
      session, &(RtRunInfo){ .name = (char *)"A", .source = RT_SOURCE_IMPORT }, NULL, NULL, NULL);
  g_autoptr (RtRunInfo) before = NULL;
  g_autoptr (RtRunInfo) after = NULL;
  RtConnection connections[N_CONNECTIONS];
  RtBufferId buffers[N_CONNECTIONS][2];
  RtTestLog test;

  rt_test_log_init (&test, rt_recorder_add_page, recorder, 1);
  for (guint i = 0; i < N_CONNECTIONS; i++)
    connections[i] = rt_test_log_connect (&test, buffers[i]);
  for (guint i = 0; i < N_EXCHANGES; i++)
    {
      guint c = (guint)rt_random_below (&test.random, N_CONNECTIONS);

      add_exchange (&test, connections[c], buffers[c], i);
    }
  rt_log_flush (test.log);
  assert_true (rt_recorder_finish (recorder, NULL));
  rt_test_log_clear (&test);
  before = rt_session_get_run (session, 1, NULL);
  assert_false (before->observed);
  assert_true (assert_same (session) > N_EXCHANGES / 50);
  after = rt_session_get_run (session, 1, NULL);
  assert_true (after->observed);
}

/* -- What was cancelled -- */

static void
count_cb (guint64 done, guint64 total, gpointer data)
{
  assert_in_range (done, 1, total);
  ++*(guint *)data;
}

static void
test_cancelled (void **state)
{
  g_autofree char *path = rt_test_path (state, "cancelled.roundtrip");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (RtRunInfo) run = NULL;
  guint told = 0;
  g_autofree char *from = g_build_filename (RT_TEST_SAMPLES, "faulty-answers.pcap", NULL);
  g_autoptr (RtSession) session = open_copy (from, path);

  g_cancellable_cancel (cancellable);
  assert_false (rt_session_observe_exchanges (session, 1, NULL, NULL, cancellable, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  run = rt_session_get_run (session, 1, NULL);
  assert_false (run->observed);
  assert_true (rt_session_observe_exchanges (session, 1, count_cb, &told, NULL, NULL));
  assert_int_not_equal (told, 0);
  assert_true (assert_same (session) > 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    RT_TEST ("the rows of every sample say what is found in it", test_samples),
    RT_TEST ("so do those of a run that no window holds", test_long),
    RT_TEST ("a look that was cancelled is taken again", test_cancelled),
  };

  return cmocka_run_group_tests_name ("observed", tests, NULL, NULL);
}
