/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Logs that tests of the analysis share, what they ask of exchanges, and the three things that are
 * tried on every log. Comes after cmocka.h. */
#pragma once

#include "log-builder.h"
#include "rt-note.h"
#include "rt-transcript.h"

#define GET "GET /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\n\r\n"
#define GET_2 "GET /doc/2 HTTP/1.1\r\nHost: api.shop.test\r\n\r\n"
#define PUT                                                                                        \
  "PUT /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\nIf-Match: \"1\"\r\nContent-Length: "              \
  "5\r\n\r\nhello"
#define OK "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 5\r\n\r\nhello"
#define OK_2 "HTTP/1.1 200 OK\r\nETag: \"2\"\r\nContent-Length: 5\r\n\r\nworld"

typedef struct
{
  const char *name;
  void (*build) (Builder *b);
  void (*check) (RtAnalysis *a);
} Scenario;

static inline void
one_exchange (Builder *b)
{
  build_send (b, RT_FORWARD, GET);
  build_send (b, RT_BACKWARD, OK);
}

static inline const RtExchange *
exchange (RtAnalysis *a, guint id)
{
  const RtExchange *found = rt_analysis_get_exchange (a, id);

  assert_non_null (found);
  return found;
}

static inline void
assert_target (RtAnalysis *a, guint id, const char *title)
{
  g_autofree char *is = NULL;

  assert_non_null (exchange (a, id)->request);
  is = rt_transfer_dup_title (exchange (a, id)->request);
  assert_string_equal (is, title);
}

static inline void
assert_status (RtAnalysis *a, guint id, guint status)
{
  assert_non_null (exchange (a, id)->response);
  assert_int_equal (exchange (a, id)->response->message->status, status);
}

static inline void
assert_content (RtAnalysis *a, const RtTransfer *transfer, const char *text)
{
  g_autoptr (GBytes) content = rt_analysis_dup_content (a, transfer);

  assert_non_null (content);
  assert_int_equal (g_bytes_get_size (content), strlen (text));
  assert_memory_equal (g_bytes_get_data (content, NULL), text, strlen (text));
}

static inline guint
n_exchanges (RtAnalysis *a)
{
  return rt_analysis_get_exchanges (a)->len;
}

static inline void
test_scenario (void **state)
{
  const Scenario *scenario = *state;
  Builder b = build_log ();
  g_autoptr (RtLog) log = b.log;
  g_autoptr (RtAnalysis) analysis = NULL;

  scenario->build (&b);
  analysis = build_analysis (&b, G_MAXUINT64);
  scenario->check (analysis);
}

/* Event by event, by reader and by page, gives at every cut what a fresh analysis up to there
 * gives. */
static inline void
test_incremental (void **state)
{
  const Scenario *scenario = *state;
  Builder b = build_log ();
  g_autoptr (RtLog) log = b.log;
  g_autoptr (RtAnalysis) step_by_step = rt_analysis_new ();
  g_autoptr (RtAnalysis) by_page = rt_analysis_new ();
  guint64 length;

  scenario->build (&b);
  length = rt_log_get_length (log);
  rt_log_flush (log);
  for (guint64 cut = 1; cut <= length; cut++)
    {
      g_autoptr (RtAnalysis) fresh = build_analysis (&b, cut);
      g_autoptr (RtPage) page = rt_reader_dup_page (rt_log_get_reader (log), cut - 1, NULL);
      g_autofree char *want = rt_transcript_dup (fresh, RT_TRANSCRIPT_ALL);
      g_autofree char *one = NULL;
      g_autofree char *two = NULL;

      assert_true (rt_analysis_feed_reader (step_by_step, rt_log_get_reader (log), cut, NULL));
      rt_analysis_feed (by_page, page, cut);
      one = rt_transcript_dup (step_by_step, RT_TRANSCRIPT_ALL);
      two = rt_transcript_dup (by_page, RT_TRANSCRIPT_ALL);
      assert_string_equal (one, want);
      assert_string_equal (two, want);
    }
}

static inline void
test_transcript_width (void **state)
{
  const Scenario *scenario = *state;
  Builder b = build_log ();
  g_autoptr (RtLog) log = b.log;
  g_autoptr (RtAnalysis) analysis = NULL;
  g_autofree char *transcript = NULL;
  g_auto (GStrv) lines = NULL;

  scenario->build (&b);
  analysis = build_analysis (&b, G_MAXUINT64);
  transcript = rt_transcript_dup (analysis, RT_TRANSCRIPT_ALL);
  assert_true (g_utf8_validate (transcript, -1, NULL));
  lines = g_strsplit (transcript, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    assert_true (g_utf8_strlen (lines[i], -1) <= 80);
}

/* The tests of a scenario, three, into @tests. */
static inline void
scenario_tests (const Scenario *scenario, struct CMUnitTest *tests)
{
  gpointer row = (gpointer)scenario;

  tests[0] = (struct CMUnitTest){ scenario->name, test_scenario, NULL, NULL, row };
  tests[1] = (struct CMUnitTest){ "… and so event by event", test_incremental, NULL, NULL, row };
  tests[2] = (struct CMUnitTest){ "… and in 80 columns", test_transcript_width, NULL, NULL, row };
}
