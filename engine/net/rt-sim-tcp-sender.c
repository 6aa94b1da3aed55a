/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sending half of an end. Bytes wait until the congestion window and the receiver's limit let
 * them leave; a segment is kept until it is acknowledged, and sent again when duplicate
 * acknowledgements or the timeout say that it is lost. */
#include "rt-sim-tcp-private.h"

static RtSimSegment *
segment_new (RtSimTcpEnd *from, GBytes *bytes)
{
  RtSimSegment *segment = g_new0 (RtSimSegment, 1);

  segment->ref_count = 1;
  segment->offset = from->next;
  segment->bytes = bytes;
  segment->number = ++from->last_number;
  return segment;
}

static void fire_timeout (gpointer owner, gpointer data);

static void
restart_timer (RtSimTcp *tcp, RtSimEnd from)
{
  RtSimTcpEnd *end = &tcp->ends[from];

  rt_sim_tcp_stop_timer (tcp, end);
  if (!g_queue_is_empty (&end->under_way))
    end->timer
        = rt_sim_tcp_schedule (tcp->net->core->now + rt_sim_congestion_timeout (&end->congestion),
                               fire_timeout, rt_sim_arrival_new (tcp, from, RT_EVENT_NONE));
}

static void
transmit (RtSimTcp *tcp, RtSimEnd from, RtSimSegment *segment, guint64 cause)
{
  RtSimTcpEnd *end = &tcp->ends[from];
  RtTime arrives_at = 0;
  RtSimFate fate;
  RtSimArrival *arrival;

  segment->transmissions++;
  fate = rt_sim_tcp_carry (tcp, from, segment->number, segment->transmissions,
                           segment->bytes != NULL ? g_bytes_get_size (segment->bytes) : 0, cause,
                           &arrives_at);
  if (fate == RT_SIM_CUT)
    return;
  if (segment->transmissions == 1 && segment->bytes != NULL)
    segment->span = rt_log_write (tcp->net->core->log, end->buffer, segment->bytes);
  segment->sent = tcp->net->core->now;
  segment->event = rt_sim_tcp_log (tcp, from, RT_EVENT_SENT, cause, segment->span,
                                   rt_sim_segment_name (segment));
  end->last_event = segment->event;
  if (fate == RT_SIM_LOST)
    rt_sim_tcp_log (tcp, from, RT_EVENT_LOST, segment->event, segment->span,
                    rt_sim_segment_name (segment));
  else
    {
      arrival = rt_sim_arrival_new (tcp, rt_sim_end_other (from), segment->event);
      arrival->segment = rt_sim_segment_ref (segment);
      rt_sim_tcp_schedule (arrives_at, rt_sim_tcp_segment_arrives, arrival);
    }
}

static void
retransmit_first (RtSimTcp *tcp, RtSimEnd from)
{
  RtSimSegment *segment = g_queue_peek_head (&tcp->ends[from].under_way);

  if (segment != NULL)
    transmit (tcp, from, segment, segment->event);
}

static void
fire_timeout (gpointer owner, gpointer data)
{
  RtSimArrival *arrival = data;
  RtSimTcp *tcp = arrival->tcp;
  RtSimTcpEnd *end = &tcp->ends[arrival->to];
  RtSimSegment *segment = g_queue_peek_head (&end->under_way);

  end->timer = NULL;
  if (segment->transmissions > RT_SIM_RETRIES)
    {
      rt_sim_tcp_cut_off (tcp, arrival->to, "no acknowledgement came", segment->event);
      return;
    }
  rt_sim_congestion_timed_out (&end->congestion, RT_SIM_SEGMENT_SIZE, end->next - end->acked,
                               end->next);
  retransmit_first (tcp, arrival->to);
  restart_timer (tcp, arrival->to);
}

static void
forget_acknowledged (RtSimTcp *tcp, RtSimTcpEnd *end, guint64 upto)
{
  RtSimSegment *segment;

  while ((segment = g_queue_peek_head (&end->under_way)) != NULL
         && rt_sim_segment_end (segment) <= upto)
    {
      if (segment->transmissions == 1)
        rt_sim_congestion_sample (&end->congestion, tcp->net->core->now - segment->sent);
      rt_sim_segment_unref (g_queue_pop_head (&end->under_way));
    }
}

/* An #RtTimeFire. */
void
rt_sim_tcp_ack_arrives (gpointer owner, gpointer data)
{
  RtSimArrival *arrival = data;
  RtSimTcp *tcp = arrival->tcp;
  RtSimTcpEnd *end = &tcp->ends[arrival->to];
  gboolean moved = arrival->limit > end->limit;

  if (arrival->event != RT_EVENT_NONE)
    rt_sim_tcp_log (tcp, arrival->to, RT_EVENT_RECEIVED, arrival->event, RT_SPAN_NONE, "ACK");
  if (end->gone)
    return;
  end->limit = MAX (end->limit, arrival->limit);
  if (arrival->ack > end->acked)
    {
      guint64 bytes = arrival->ack - end->acked;

      end->acked = arrival->ack;
      forget_acknowledged (tcp, end, arrival->ack);
      if (rt_sim_congestion_acknowledged (&end->congestion, RT_SIM_SEGMENT_SIZE, arrival->ack,
                                          bytes))
        retransmit_first (tcp, arrival->to);
      restart_timer (tcp, arrival->to);
    }
  else if (arrival->ack == end->acked && !moved && !g_queue_is_empty (&end->under_way)
           && rt_sim_congestion_duplicate (&end->congestion, RT_SIM_SEGMENT_SIZE,
                                           end->next - end->acked, end->next))
    retransmit_first (tcp, arrival->to);
  rt_sim_tcp_push (tcp, arrival->to);
  rt_sim_tcp_check_ended (tcp);
}

/* The next @length bytes that wait to be sent, and what caused the first of them. */
static GBytes *
take_unsent (RtSimTcpEnd *end, gsize length, guint64 *ret_cause)
{
  RtSimPiece *piece = g_queue_peek_head (&end->unsent);
  gsize have = g_bytes_get_size (piece->bytes) - end->unsent_offset;
  g_autoptr (GByteArray) joined = NULL;

  *ret_cause = piece->cause;
  end->n_unsent -= length;
  if (have > length)
    {
      end->unsent_offset += length;
      return g_bytes_new_from_bytes (piece->bytes, end->unsent_offset - length, length);
    }
  joined = g_byte_array_sized_new ((guint)length);
  while (joined->len < length)
    {
      gsize n;

      piece = g_queue_peek_head (&end->unsent);
      n = MIN (g_bytes_get_size (piece->bytes) - end->unsent_offset, length - joined->len);
      g_byte_array_append (
          joined, (const guint8 *)g_bytes_get_data (piece->bytes, NULL) + end->unsent_offset,
          (guint)n);
      end->unsent_offset += n;
      if (end->unsent_offset == g_bytes_get_size (piece->bytes))
        {
          rt_sim_piece_free (g_queue_pop_head (&end->unsent));
          end->unsent_offset = 0;
        }
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&joined));
}

/* How many bytes may leave now: 0 while either window is closed. A segment smaller than it could
 * be leaves only when nothing else is under way (RFC 1122 §4.2.3.4). */
static gsize
allowance (const RtSimTcpEnd *end)
{
  guint64 length = MIN (end->n_unsent, RT_SIM_SEGMENT_SIZE);
  guint64 under_way = end->next - end->acked;

  if (under_way > 0 && under_way + length > end->congestion.window)
    return 0;
  if (end->next + length <= end->limit)
    return length;
  return under_way == 0 && end->limit > end->next ? end->limit - end->next : 0;
}

static void
send_segment (RtSimTcp *tcp, RtSimEnd from, GBytes *bytes, guint64 cause)
{
  RtSimTcpEnd *end = &tcp->ends[from];
  RtSimSegment *segment = segment_new (end, bytes);

  end->next += rt_sim_segment_length (segment);
  g_queue_push_tail (&end->under_way, segment);
  transmit (tcp, from, segment, cause);
  if (end->timer == NULL && !end->cut)
    restart_timer (tcp, from);
}

static void
fire_writable (gpointer owner, gpointer data)
{
  RtSimArrival *arrival = data;

  if (!arrival->tcp->ends[arrival->to].gone)
    rt_sim_tcp_deliver (arrival->tcp, arrival->to,
                        (RtInput){ .kind = RT_INPUT_WRITABLE, .event = arrival->event });
}

/**
 * rt_sim_tcp_push:
 * @tcp: a connection
 * @from: one of its ends
 *
 * Sends what the windows allow of what is queued there.
 */
void
rt_sim_tcp_push (RtSimTcp *tcp, RtSimEnd from)
{
  RtSimTcpEnd *end = &tcp->ends[from];
  guint64 cause = end->finish_cause;
  gsize length;

  if (!end->open || end->gone)
    return;
  while (!end->cut && (length = allowance (end)) > 0)
    {
      GBytes *bytes = take_unsent (end, length, &cause);

      send_segment (tcp, from, bytes, cause);
    }
  if (end->cut || end->n_unsent > 0)
    return;
  if (end->tell_writable)
    {
      end->tell_writable = FALSE;
      rt_sim_tcp_schedule (tcp->net->core->now, fire_writable,
                           rt_sim_arrival_new (tcp, from, end->last_event));
    }
  if (end->finish && !end->fin_sent)
    {
      end->fin_sent = TRUE;
      send_segment (tcp, from, NULL, end->finish_cause);
    }
}

/**
 * rt_sim_tcp_send:
 * @tcp: a connection
 * @end: who sends
 * @bytes: reffed
 * @cause: what led to it
 *
 * Queues them; they leave with rt_sim_tcp_push(), so that what is sent at one time shares segments.
 */
void
rt_sim_tcp_send (RtSimTcp *tcp, RtSimEnd end, GBytes *bytes, guint64 cause)
{
  RtSimTcpEnd *self = &tcp->ends[end];
  RtSimPiece *piece;

  if (self->gone || self->finish || g_bytes_get_size (bytes) == 0)
    return;
  piece = g_new (RtSimPiece, 1);
  *piece = (RtSimPiece){ g_bytes_ref (bytes), cause };
  g_queue_push_tail (&self->unsent, piece);
  self->n_unsent += g_bytes_get_size (bytes);
  self->tell_writable = TRUE;
}
