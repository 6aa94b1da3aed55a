/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The analysis of a log. Invariants, whatever happened and whatever a page from a file says:
 * - it ends, and every span of a message, a finding and a note lies in what the events have shown;
 * - exchanges are numbered by their position and each message knows its own;
 * - fed in two parts it gives the same as fed at once;
 * - the transcript is UTF-8.
 *
 * The bytes are a script: what happens next, and how many of the bytes behind it are concerned. */
#include "log-builder.h"
#include "rt-transcript.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

typedef struct
{
  const uint8_t *at;
  size_t left;
} Script;

static uint8_t
take (Script *script)
{
  if (script->left == 0)
    return 0;
  script->left--;
  return *script->at++;
}

static RtSpan
take_bytes (Script *script, Builder *b, RtDirection way)
{
  gsize wanted = take (script);
  gsize length = MIN (wanted, script->left);
  g_autoptr (GBytes) bytes = g_bytes_new (script->at, length);

  script->at += length;
  script->left -= length;
  return rt_log_write (b->log, b->buffers[way], bytes);
}

static void
happen (Script *script, Builder *b)
{
  uint8_t what = take (script);
  RtDirection way = what & 0x80 ? RT_BACKWARD : RT_FORWARD;
  RtSpan gap = { 0, 0, b->buffers[way] };
  RtSpan span;

  b->now += what & 0x40 ? TRIP : 0;
  switch (what & 0x0f)
    {
    case 0:
      build_fin (b, way);
      break;
    case 1:
      build_event (b, RT_EVENT_RESET, b->client, RT_SPAN_NONE, g_variant_new_string ("cut"));
      break;
    case 2:
      build_event (b, RT_EVENT_GAP, 0, gap, g_variant_new ("(ts)", (guint64)1, "lost"));
      break;
    case 3:
      span = take_bytes (script, b, way);
      build_event (b, RT_EVENT_SENT, build_end (b, way, TRUE), span, NULL);
      build_event (b, RT_EVENT_LOST, build_end (b, way, TRUE), span, NULL);
      break;
    case 4:
      build_received (b, way, take_bytes (script, b, way));
      break;
    case 5:
      build_connect (b);
      break;
    case 6:
      build_buffers (b, what >> 4 & 3, b->buffers[RT_FORWARD], b->buffers[RT_BACKWARD]);
      break;
    case 7: /* a span that lies */
      span = (RtSpan){ take (script), take (script) * 3u, take (script) };
      build_event (b, RT_EVENT_SENT + (what >> 4 & 1), b->client, span, NULL);
      break;
    default:
      span = take_bytes (script, b, way);
      build_event (b, RT_EVENT_SENT, build_end (b, way, TRUE), span, NULL);
      b->now += TRIP;
      build_received (b, way, span);
    }
}

static void
check_transfer (RtAnalysis *analysis, const RtExchange *exchange, const RtTransfer *transfer)
{
  g_autoptr (GBytes) whole = NULL;
  g_autoptr (GBytes) content = NULL;

  if (transfer == NULL)
    return;
  whole = rt_analysis_dup_bytes (analysis, transfer->whole, NULL);
  content = rt_analysis_dup_content (analysis, transfer);
  g_assert_cmpuint (transfer->exchange, ==, exchange->id);
  g_assert_nonnull (whole);
  g_assert_nonnull (content);
  g_assert_cmpuint (g_bytes_get_size (content), ==, transfer->content_length);
  for (guint i = 0; i < transfer->findings->len; i++)
    {
      RtSpan span = g_array_index (transfer->findings, RtFinding, i).span;
      g_autoptr (GBytes) bytes = rt_analysis_dup_bytes (analysis, span, NULL);

      g_assert_true (rt_span_is_none (span) || bytes != NULL);
    }
}

static void
check (RtAnalysis *analysis)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (analysis);

  for (guint i = 0; i < exchanges->len; i++)
    {
      const RtExchange *exchange = exchanges->pdata[i];

      g_assert_cmpuint (exchange->id, ==, i + 1);
      check_transfer (analysis, exchange, exchange->request);
      check_transfer (analysis, exchange, exchange->response);
      for (guint j = 0; j < exchange->interim->len; j++)
        check_transfer (analysis, exchange, exchange->interim->pdata[j]);
    }
}

/* The same bytes as a page that a file might hold. */
static void
read_as_page (const uint8_t *data, size_t size)
{
  guint n = (guint)(size / sizeof (RtEvent));
  g_autofree RtEvent *events = g_memdup2 (data, n * sizeof (RtEvent));
  g_autoptr (GBytes) arena = g_bytes_new (data, size);
  g_autoptr (RtPage) page = NULL;
  g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
  g_autofree char *transcript = NULL;

  for (guint i = 0; i < n; i++)
    events[i].kind %= RT_N_EVENT_KINDS + 1;
  page = rt_page_new (0, events, n, arena, NULL, 0);
  rt_analysis_feed (analysis, page, G_MAXUINT64);
  transcript = rt_transcript_dup (analysis, RT_TRANSCRIPT_ALL);
  g_assert_true (g_utf8_validate (transcript, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Script script = { data, size };
  Builder b = build_log ();
  g_autoptr (RtLog) log = b.log;
  g_autoptr (RtAnalysis) at_once = NULL;
  g_autoptr (RtAnalysis) in_parts = NULL;
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;

  for (int i = 0; i < 64 && script.left > 0; i++)
    happen (&script, &b);
  at_once = build_analysis (&b, G_MAXUINT64);
  in_parts = build_analysis (&b, rt_log_get_length (log) / 2);
  g_assert_true (rt_analysis_feed_reader (in_parts, rt_log_get_reader (log), G_MAXUINT64, NULL));
  one = rt_transcript_dup (at_once, RT_TRANSCRIPT_ALL);
  two = rt_transcript_dup (in_parts, RT_TRANSCRIPT_ALL);
  g_assert_cmpstr (one, ==, two);
  g_assert_true (g_utf8_validate (one, -1, NULL));
  check (at_once);
  read_as_page (data, size);
  return 0;
}
