/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The observer over any traffic. Invariants:
 * - notes stand in the order of events, each with words and bytes that were fed;
 * - fed in two parts it says the same as fed at once;
 * - the transcript, decisions included, is UTF-8.
 *
 * The bytes are pieces between NULs: `HTTP/…` comes from the server, `+N` lets N seconds pass, `!`
 * cuts the connection, `@` opens another, anything else comes from the client. */
#include "log-builder.h"
#include "rt-observer.h"
#include "rt-transcript.h"

#include <stdint.h>

/* Pieces of one input. */
#define PIECES_MAX 64

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
happen (Builder *b, const char *piece)
{
  if (*piece == '+')
    b->now += (RtTime)CLAMP (g_ascii_strtoll (piece + 1, NULL, 10), 0, 1000000000) * RT_TIME_SEC;
  else if (*piece == '!')
    {
      build_event (b, RT_EVENT_RESET, b->client, RT_SPAN_NONE, g_variant_new_string ("cut"));
      build_connect (b);
    }
  else if (*piece == '@')
    build_connect (b);
  else if (*piece != '\0')
    build_send (b, g_str_has_prefix (piece, "HTTP/") ? RT_BACKWARD : RT_FORWARD, piece);
}

static RtAnalysis *
observe (Builder *b, guint64 end)
{
  RtAnalysis *analysis = rt_analysis_new ();

  rt_analysis_set_observed (analysis, TRUE);
  rt_log_flush (b->log);
  g_assert_true (rt_analysis_feed_reader (analysis, rt_log_get_reader (b->log), end, NULL));
  return analysis;
}

static void
check_notes (RtAnalysis *analysis)
{
  GPtrArray *notes = rt_analysis_get_notes (analysis);
  guint64 before = 0;

  for (guint i = 0; i < notes->len; i++)
    {
      const RtNote *note = notes->pdata[i];
      g_autoptr (GBytes) bytes = rt_analysis_dup_bytes (analysis, note->span, NULL);

      g_assert_cmpuint (note->event, >=, before);
      g_assert_true (rt_span_is_none (note->span) || bytes != NULL);
      g_assert_true (g_utf8_validate (note->text, -1, NULL));
      before = note->event;
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Builder b = build_log ();
  g_autoptr (RtLog) log = b.log;
  g_autoptr (RtAnalysis) at_once = NULL;
  g_autoptr (RtAnalysis) in_parts = NULL;
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;
  size_t at = 0;

  for (int i = 0; i < PIECES_MAX && at < size; i++)
    {
      g_autofree char *piece = g_strndup ((const char *)data + at, size - at);

      happen (&b, piece);
      at += strlen (piece) + 1;
    }
  at_once = observe (&b, G_MAXUINT64);
  in_parts = observe (&b, rt_log_get_length (log) / 2);
  g_assert_true (rt_analysis_feed_reader (in_parts, rt_log_get_reader (log), G_MAXUINT64, NULL));
  check_notes (at_once);
  one = rt_transcript_dup (at_once, RT_TRANSCRIPT_ALL);
  two = rt_transcript_dup (in_parts, RT_TRANSCRIPT_ALL);
  g_assert_cmpstr (one, ==, two);
  g_assert_true (g_utf8_validate (one, -1, NULL));
  return 0;
}
