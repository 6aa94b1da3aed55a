/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Spans: where bytes stand, never where they are in memory. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbers within one log, never reused; 0 = none. */
typedef guint32 RtConnection;
typedef guint32 RtBufferId;
/* 0 = the network itself. */
typedef guint16 RtPartyId;

/**
 * RtSpan:
 * @offset: first byte, counted from the start of the buffer
 * @length: in bytes; 0 = none
 * @buffer: the append-only bytes of one direction and one layer
 *
 * A range of a buffer. Stays true whoever holds the bytes: memory, a session file, a capture.
 */
typedef struct
{
  guint64 offset;
  guint32 length;
  RtBufferId buffer;
} RtSpan;

#define RT_SPAN_NONE ((RtSpan){ 0, 0, 0 })

static inline gboolean
rt_span_is_none (RtSpan span)
{
  return span.buffer == 0;
}

static inline guint64
rt_span_end (RtSpan span)
{
  return span.offset + span.length;
}

/* The part of @span that starts @from bytes into it. A span of nothing stays nothing. */
static inline RtSpan
rt_span_sub (RtSpan span, guint64 from, guint64 length)
{
  if (rt_span_is_none (span))
    return span;
  return (RtSpan){ span.offset + from, (guint32)length, span.buffer };
}

static inline gboolean
rt_span_contains (RtSpan span, RtSpan inner)
{
  return span.buffer == inner.buffer && inner.offset >= span.offset
         && rt_span_end (inner) <= rt_span_end (span);
}

/* The smallest span over both; they are of one buffer, or one of them is none. */
static inline RtSpan
rt_span_join (RtSpan a, RtSpan b)
{
  guint64 start, end;

  if (rt_span_is_none (a))
    return b;
  if (rt_span_is_none (b))
    return a;
  start = MIN (a.offset, b.offset);
  end = MAX (rt_span_end (a), rt_span_end (b));
  return (RtSpan){ start, (guint32)(end - start), a.buffer };
}

G_END_DECLS
