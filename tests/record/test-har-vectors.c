/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HARs of other programs: each is read, or a place is named. */
#include "rt-test-record.h"

#include "rt-har.h"
#include "../vectors.h"

typedef struct
{
  const char *name;
  guint exchanges;
  const char *error;
} Row;

static const Row rows[] = {
  { "mitmproxy-brokenfile.har", 0, ":2:1: “log” is no object" },
  { "mitmproxy-charles.har", 1, NULL },
  { "mitmproxy-chrome.har", 3, NULL },
  { "mitmproxy-compressed.zhar", 2, NULL },
  { "mitmproxy-event_stream.har", 2, NULL },
  { "mitmproxy-postdata.har", 1, NULL },
  { "mitmproxy-websocket.har", 3, NULL },
  { "mitmproxy-with-bom.har", 1, NULL },
};

static void
test_row (void **state)
{
  const Row *row = *state;
  g_autofree char *from = g_build_filename (vectors_folder (), "har", row->name, NULL);
  void *folder = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (RtSession) session = NULL;
  g_autoptr (RtImportReport) report = NULL;

  rt_test_setup (&folder);
  {
    g_autofree char *to = rt_test_path (&folder, "a.roundtrip");

    session = rt_session_create (to, NULL);
    report = rt_har_import (session, from, NULL, &error);
    if (row->error != NULL)
      assert_non_null (strstr (error->message, row->error));
    else
      {
        assert_int_equal (report->n_exchanges, row->exchanges);
        assert_int_equal (report->n_warnings, 0);
        assert_true (report->whole);
      }
  }
  g_clear_pointer (&session, rt_session_unref);
  rt_test_teardown (&folder);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows)];

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ .name = rows[i].name,
                                    .test_func = test_row,
                                    .initial_state = (void *)&rows[i] };
  return vectors_run_tests ("HAR vectors", tests, G_N_ELEMENTS (tests));
}
