/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Logs by hand: two parties, connections between them, bytes that take their time. */
#pragma once

#include "rt-analysis.h"
#include "rt-log.h"

/* One-way trip of a segment. */
#define TRIP (20 * RT_TIME_MSEC)

typedef struct
{
  RtLog *log;
  RtTime now;
  RtPartyId client, server;
  RtConnection connection;
  RtBufferId buffers[2]; /* by direction */
  guint64 last;          /* the event appended last */
} Builder;

static inline guint64
build_event (Builder *b, RtEventKind kind, RtPartyId party, RtSpan span, GVariant *detail)
{
  return b->last = rt_log_append (b->log,
                                  &(RtEvent){ .time = b->now,
                                              .cause = b->last,
                                              .span = span,
                                              .connection = b->connection,
                                              .party = party,
                                              .kind = kind },
                                  detail);
}

static inline void
build_buffers (Builder *b, RtProvenance provenance, RtBufferId forward, RtBufferId backward)
{
  b->buffers[RT_FORWARD] = rt_log_add_buffer (b->log, b->now, b->connection, b->client, RT_FORWARD,
                                              provenance, forward);
  b->buffers[RT_BACKWARD] = rt_log_add_buffer (b->log, b->now, b->connection, b->server,
                                               RT_BACKWARD, provenance, backward);
}

/* Opens one more connection, up after a round trip. */
static inline void
build_connect (Builder *b)
{
  b->connection = rt_log_next_connection (b->log);
  build_event (b, RT_EVENT_CONNECT, b->client, RT_SPAN_NONE,
               g_variant_new ("(sqsq)", "api.shop.test", 80, "tcp", b->server));
  build_buffers (b, RT_BYTES_CROSSED, 0, 0);
  build_event (b, RT_EVENT_SENT, b->client, RT_SPAN_NONE, g_variant_new_string ("SYN"));
  b->now += TRIP;
  build_event (b, RT_EVENT_RECEIVED, b->server, RT_SPAN_NONE, g_variant_new_string ("SYN"));
  build_event (b, RT_EVENT_SENT, b->server, RT_SPAN_NONE, g_variant_new_string ("SYN ACK"));
  b->now += TRIP;
  build_event (b, RT_EVENT_RECEIVED, b->client, RT_SPAN_NONE, g_variant_new_string ("SYN ACK"));
  build_event (b, RT_EVENT_ESTABLISHED, b->client, RT_SPAN_NONE, NULL);
  build_event (b, RT_EVENT_ESTABLISHED, b->server, RT_SPAN_NONE, NULL);
}

static inline Builder
build_log (void)
{
  Builder b = { .log = rt_log_new (RT_LOG_KEEP_ALL, NULL, NULL), .last = RT_EVENT_NONE };

  rt_time_parse ("2026-01-01T12:00:00Z", &b.now, NULL);
  b.client = rt_log_add_party (b.log, b.now, "ann", "client");
  b.server = rt_log_add_party (b.log, b.now, "api.shop.test", "origin");
  build_connect (&b);
  return b;
}

static inline RtSpan
build_bytes (Builder *b, RtDirection way, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return rt_log_write (b->log, b->buffers[way], bytes);
}

static inline RtPartyId
build_end (Builder *b, RtDirection way, gboolean sender)
{
  return (way == RT_FORWARD) == sender ? b->client : b->server;
}

/* Sends without arriving. */
static inline RtSpan
build_sent (Builder *b, RtDirection way, const char *text)
{
  RtSpan span = build_bytes (b, way, text);

  build_event (b, RT_EVENT_SENT, build_end (b, way, TRUE), span, NULL);
  return span;
}

static inline void
build_received (Builder *b, RtDirection way, RtSpan span)
{
  build_event (b, RT_EVENT_RECEIVED, build_end (b, way, FALSE), span, NULL);
}

/* Sends one segment, which arrives a trip later. */
static inline RtSpan
build_send (Builder *b, RtDirection way, const char *text)
{
  RtSpan span = build_sent (b, way, text);

  b->now += TRIP;
  build_received (b, way, span);
  return span;
}

static inline void
build_fin (Builder *b, RtDirection way)
{
  build_event (b, RT_EVENT_SENT, build_end (b, way, TRUE), RT_SPAN_NONE,
               g_variant_new_string ("FIN"));
  b->now += TRIP;
  build_event (b, RT_EVENT_EOF, build_end (b, way, FALSE), RT_SPAN_NONE, NULL);
}

/* All events before @end, as a fresh analysis. */
static inline RtAnalysis *
build_analysis (Builder *b, guint64 end)
{
  RtAnalysis *analysis = rt_analysis_new ();

  rt_log_flush (b->log);
  g_assert_true (rt_analysis_feed_reader (analysis, rt_log_get_reader (b->log), end, NULL));
  return analysis;
}
