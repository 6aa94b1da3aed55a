/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A connection as frames.
 *
 * A log says when bytes left, when they arrived and how a connection ended; the rest follows from
 * TCP (RFC 9293). Frames stand at the times of their events, and acknowledge what had arrived then.
 * Bytes that are missing in the log are numbers that no frame has: a reader finds the gap as it
 * finds one of a sniffer's. */
#include "rt-frame-flow.h"

/* Bytes of one direction. Places count from the first byte, what is missing included. */
typedef struct
{
  guint32 initial;
  guint64 shift;   /* missing bytes so far */
  guint64 sent;    /* place behind the last byte that left */
  guint64 arrived; /* place up to where all has arrived */
  GArray *ahead;   /* RtSpan: what arrived before its turn */
  gboolean ended, end_arrived;
} Way;

struct _RtFrameFlow
{
  RtIpAddress ends[2];
  guint16 ports[2];
  RtFrameOut out;
  gpointer data;
  Way ways[2];
  guint16 identification;
  gboolean opened, up, over;
};

/**
 * rt_frame_flow_new:
 * @id: of the connection; two with the same ports have different numbers
 * @ends: by the direction in which each writes
 * @ports: theirs
 * @out: gets the frames
 * @data: for it
 *
 * Returns: (transfer full): a connection that is not open
 */
RtFrameFlow *
rt_frame_flow_new (RtConnection id,
                   const RtIpAddress ends[2],
                   const guint16 ports[2],
                   RtFrameOut out,
                   gpointer data)
{
  RtFrameFlow *flow = g_new0 (RtFrameFlow, 1);

  for (RtDirection way = RT_FORWARD; way <= RT_BACKWARD; way++)
    {
      flow->ends[way] = ends[way];
      flow->ports[way] = ports[way];
      /* Far enough from those of its neighbours for readers to tell them apart. */
      flow->ways[way].initial = (id * 2 + way) * 2654435761u;
      flow->ways[way].ahead = g_array_new (FALSE, FALSE, sizeof (RtSpan));
    }
  flow->out = out;
  flow->data = data;
  return flow;
}

void
rt_frame_flow_free (RtFrameFlow *flow)
{
  g_array_unref (flow->ways[RT_FORWARD].ahead);
  g_array_unref (flow->ways[RT_BACKWARD].ahead);
  g_free (flow);
}

/* The number of a place. */
static guint32
number_at (const Way *way, guint64 place)
{
  return way->initial + 1 + (guint32)place;
}

static guint32
number_arrived (const Way *way)
{
  return number_at (way, way->arrived) + (way->end_arrived ? 1 : 0);
}

static void
emit (RtFrameFlow *flow, RtDirection way, RtTime time, guint flags, guint32 number, RtText payload)
{
  RtFrame frame = { .segment = { .source = flow->ends[way],
                                 .destination = flow->ends[!way],
                                 .source_port = flow->ports[way],
                                 .destination_port = flow->ports[!way],
                                 .sequence = number,
                                 .acknowledged = number_arrived (&flow->ways[!way]),
                                 .flags = flags,
                                 .payload = payload },
                    .options = (flags & RT_TCP_SYN) != 0,
                    .identification = ++flow->identification };

  flow->out (flow->data, time, &frame);
}

/* A frame without bytes. */
static void
emit_empty (RtFrameFlow *flow, RtDirection way, RtTime time, guint flags)
{
  const Way *mine = &flow->ways[way];
  guint32 number = number_at (mine, mine->sent) + (mine->ended ? 1 : 0);

  emit (flow, way, time, flags, number, RT_TEXT_NONE);
}

/** rt_frame_flow_open: the client wants the connection. */
void
rt_frame_flow_open (RtFrameFlow *flow, RtTime time)
{
  if (flow->opened)
    return;
  flow->opened = TRUE;
  emit (flow, RT_FORWARD, time, RT_TCP_SYN, flow->ways[RT_FORWARD].initial, RT_TEXT_NONE);
}

/** rt_frame_flow_establish: the connection can be used. */
void
rt_frame_flow_establish (RtFrameFlow *flow, RtTime time)
{
  if (flow->up || flow->over)
    return;
  flow->up = TRUE;
  rt_frame_flow_open (flow, time);
  emit (flow, RT_BACKWARD, time, RT_TCP_SYN | RT_TCP_ACK, flow->ways[RT_BACKWARD].initial,
        RT_TEXT_NONE);
  emit_empty (flow, RT_FORWARD, time, RT_TCP_ACK);
}

/**
 * rt_frame_flow_send:
 * @way: which way
 * @offset: of the first byte among those that the log has of this direction
 *
 * Bytes leave.
 */
void
rt_frame_flow_send (
    RtFrameFlow *flow, RtDirection way, RtTime time, guint64 offset, const void *bytes, gsize size)
{
  Way *mine = &flow->ways[way];
  gsize most = RT_FRAME_PAYLOAD_MAX (flow->ends[way]);
  guint64 place = offset + mine->shift;

  rt_frame_flow_establish (flow, time);
  if (flow->over || mine->ended)
    return;
  for (gsize at = 0; at < size; at += most)
    {
      RtText part = { (const char *)bytes + at, MIN (most, size - at) };
      guint push = at + part.length == size ? RT_TCP_PSH : 0;

      emit (flow, way, time, RT_TCP_ACK | push, number_at (mine, place + at), part);
    }
  mine->sent = MAX (mine->sent, place + size);
}

/* What arrived before its turn and whose turn it is. */
static void
catch_up (Way *way)
{
  for (guint i = 0; i < way->ahead->len;)
    {
      RtSpan span = g_array_index (way->ahead, RtSpan, i);

      if (span.offset > way->arrived)
        {
          i++;
          continue;
        }
      way->arrived = MAX (way->arrived, rt_span_end (span));
      g_array_remove_index_fast (way->ahead, i);
      i = 0;
    }
}

/** rt_frame_flow_receive: bytes that left have arrived, and are acknowledged. */
void
rt_frame_flow_receive (RtFrameFlow *flow, RtDirection way, RtTime time, guint64 offset, gsize size)
{
  Way *theirs = &flow->ways[way];
  RtSpan span = { offset + theirs->shift, (guint32)size, 0 };

  if (flow->over || !flow->up || rt_span_end (span) <= theirs->arrived)
    return;
  g_array_append_val (theirs->ahead, span);
  catch_up (theirs);
  emit_empty (flow, !way, time, RT_TCP_ACK);
}

/**
 * rt_frame_flow_skip:
 * @length: how many bytes; 0: not known
 *
 * Bytes left and arrived that the log has not.
 */
void
rt_frame_flow_skip (RtFrameFlow *flow, RtDirection way, guint64 length)
{
  Way *mine = &flow->ways[way];

  length = CLAMP (length, 1, RT_FRAME_SKIP_MAX);
  g_array_set_size (mine->ahead, 0);
  mine->shift += length;
  mine->sent += length;
  mine->arrived = mine->sent;
}

/**
 * rt_frame_flow_end:
 * @arrived: the other end knows
 *
 * The end that writes this way sends no more.
 */
void
rt_frame_flow_end (RtFrameFlow *flow, RtDirection way, RtTime time, gboolean arrived)
{
  Way *mine = &flow->ways[way];

  if (flow->over)
    return;
  rt_frame_flow_establish (flow, time);
  if (!mine->ended)
    {
      emit_empty (flow, way, time, RT_TCP_FIN | RT_TCP_ACK);
      mine->ended = TRUE;
    }
  if (!arrived || mine->end_arrived)
    return;
  mine->arrived = mine->sent;
  mine->end_arrived = TRUE;
  emit_empty (flow, !way, time, RT_TCP_ACK);
}

/** rt_frame_flow_reset: the end that writes this way cuts the connection off. */
void
rt_frame_flow_reset (RtFrameFlow *flow, RtDirection way, RtTime time)
{
  if (flow->over || (flow->ways[RT_FORWARD].end_arrived && flow->ways[RT_BACKWARD].end_arrived))
    return;
  rt_frame_flow_open (flow, time);
  if (flow->up)
    emit_empty (flow, way, time, RT_TCP_RST | RT_TCP_ACK);
  else if (way == RT_BACKWARD)
    /* Refused, RFC 9293 §3.10.7.1. */
    emit (flow, RT_BACKWARD, time, RT_TCP_RST | RT_TCP_ACK, 0, RT_TEXT_NONE);
  else
    emit (flow, RT_FORWARD, time, RT_TCP_RST, number_at (&flow->ways[RT_FORWARD], 0), RT_TEXT_NONE);
  flow->over = TRUE;
}

/** rt_frame_flow_get_sent: bytes of the log, from the first on, that have left. */
guint64
rt_frame_flow_get_sent (RtFrameFlow *flow, RtDirection way)
{
  return flow->ways[way].sent - flow->ways[way].shift;
}
