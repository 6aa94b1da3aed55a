/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The receiving half of an end. Segments that come in order go to the party, or wait for it while
 * it does not read; those that come early wait for the hole before them to be filled. Each is
 * acknowledged at once, and what is acknowledged is the offset up to which there is no hole: so a
 * segment behind a hole makes a duplicate acknowledgement, by which the sender learns of the
 * hole. */
#include "rt-sim-tcp-private.h"

static void
acknowledge (RtSimTcp *tcp, RtSimEnd from, gboolean of_fin)
{
  RtSimTcpEnd *end = &tcp->ends[from];
  RtSimArrival *arrival;

  if (end->gone || end->stalled_until == RT_TIME_NEVER)
    return;
  arrival = rt_sim_arrival_new (tcp, rt_sim_end_other (from), RT_EVENT_NONE);
  arrival->ack = end->expected;
  arrival->limit = end->read + RT_SIM_WINDOW;
  if (of_fin)
    arrival->event
        = rt_sim_tcp_log (tcp, from, RT_EVENT_SENT, end->received_event, RT_SPAN_NONE, "ACK");
  rt_sim_tcp_schedule (MAX (tcp->net->core->now, end->stalled_until)
                           + rt_sim_link_get_latency (tcp->link),
                       rt_sim_tcp_ack_arrives, arrival);
}

static GBytes *
join_unread (RtSimTcpEnd *end, RtSpan *ret_span)
{
  RtSimSegment *first = g_queue_peek_head (&end->unread);
  GByteArray *joined;

  *ret_span = first->span;
  if (end->unread.length == 1)
    return g_bytes_ref (first->bytes);
  joined = g_byte_array_new ();
  for (GList *l = end->unread.head; l != NULL; l = l->next)
    {
      RtSimSegment *segment = l->data;

      g_byte_array_append (joined, g_bytes_get_data (segment->bytes, NULL),
                           (guint)g_bytes_get_size (segment->bytes));
      *ret_span = rt_span_join (*ret_span, segment->span);
    }
  return g_byte_array_free_to_bytes (joined);
}

static void
deliver_unread (RtSimTcp *tcp, RtSimEnd to)
{
  RtSimTcpEnd *end = &tcp->ends[to];

  if (end->gone || !end->open || !end->reading)
    return;
  if (!g_queue_is_empty (&end->unread))
    {
      RtSpan span;
      g_autoptr (GBytes) bytes = join_unread (end, &span);

      g_queue_clear_full (&end->unread, rt_sim_segment_unref);
      end->read += g_bytes_get_size (bytes);
      rt_sim_tcp_deliver (
          tcp, to,
          (RtInput){
              .kind = RT_INPUT_BYTES, .event = end->received_event, .bytes = bytes, .span = span });
    }
  if (!end->gone && end->reading && end->fin_received && !end->eof_told)
    {
      guint64 event
          = rt_sim_tcp_log (tcp, to, RT_EVENT_EOF, end->received_event, RT_SPAN_NONE, NULL);

      end->eof_told = TRUE;
      rt_sim_tcp_deliver (tcp, to, (RtInput){ .kind = RT_INPUT_EOF, .event = event });
      rt_sim_tcp_check_ended (tcp);
    }
}

static void
keep_early (RtSimTcpEnd *end, RtSimSegment *segment)
{
  GList *l = end->early.head;

  while (l != NULL && ((RtSimSegment *)l->data)->offset < segment->offset)
    l = l->next;
  if (l == NULL || ((RtSimSegment *)l->data)->offset != segment->offset)
    g_queue_insert_before (&end->early, l, rt_sim_segment_ref (segment));
}

static void
take (RtSimTcpEnd *end, RtSimSegment *segment)
{
  end->expected = rt_sim_segment_end (segment);
  if (segment->bytes == NULL)
    end->fin_received = TRUE;
  else
    g_queue_push_tail (&end->unread, rt_sim_segment_ref (segment));
}

static void
take_in_order (RtSimTcpEnd *end, RtSimSegment *segment)
{
  RtSimSegment *early;

  take (end, segment);
  while ((early = g_queue_peek_head (&end->early)) != NULL && early->offset <= end->expected)
    {
      if (early->offset == end->expected)
        take (end, early);
      rt_sim_segment_unref (g_queue_pop_head (&end->early));
    }
}

/* An #RtTimeFire. */
void
rt_sim_tcp_segment_arrives (gpointer owner, gpointer data)
{
  RtSimArrival *arrival = data;
  RtSimTcp *tcp = arrival->tcp;
  RtSimSegment *segment = arrival->segment;
  RtSimTcpEnd *end = &tcp->ends[arrival->to];
  guint64 event = rt_sim_tcp_log (tcp, arrival->to, RT_EVENT_RECEIVED, arrival->event,
                                  segment->span, rt_sim_segment_name (segment));
  gboolean of_fin;

  if (end->gone)
    {
      if (!end->reset_sent)
        rt_sim_tcp_send_reset (tcp, arrival->to, event);
      return;
    }
  end->received_event = event;
  if (segment->offset > end->expected)
    keep_early (end, segment);
  else if (segment->offset == end->expected)
    take_in_order (end, segment);
  /* The handshake's last ACK may have been late; the bytes say the same. */
  if (!end->open)
    rt_sim_tcp_establish (tcp, arrival->to, RT_INPUT_ACCEPTED, event);
  /* The window that is acknowledged is the one after the party has read, but a FIN is
   * acknowledged before the party says what it makes of it. */
  of_fin = end->fin_received && rt_sim_segment_end (segment) == end->expected;
  if (of_fin)
    acknowledge (tcp, arrival->to, TRUE);
  deliver_unread (tcp, arrival->to);
  if (!of_fin)
    acknowledge (tcp, arrival->to, FALSE);
}

static void
fire_read (gpointer owner, gpointer data)
{
  RtSimArrival *arrival = data;
  guint64 before = arrival->tcp->ends[arrival->to].read;

  deliver_unread (arrival->tcp, arrival->to);
  if (arrival->tcp->ends[arrival->to].read > before)
    acknowledge (arrival->tcp, arrival->to, FALSE);
}

/**
 * rt_sim_tcp_read:
 * @tcp: a connection
 * @end: who reads, or not
 * @on: whether it wants what has arrived and will arrive
 */
void
rt_sim_tcp_read (RtSimTcp *tcp, RtSimEnd end, gboolean on)
{
  if (on && !tcp->ends[end].reading)
    rt_sim_tcp_schedule (tcp->net->core->now, fire_read,
                         rt_sim_arrival_new (tcp, end, RT_EVENT_NONE));
  tcp->ends[end].reading = on;
}
