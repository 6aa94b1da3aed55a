/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A model of TCP.
 *
 * A connection has two ends, each a sender and a receiver. What a party sends is queued, cut into
 * segments as the congestion window and the other end's receive window allow, written to the log's
 * buffer when it first leaves, and kept until it is acknowledged. An offset counts the bytes of one
 * direction from 0; a FIN takes one more. The receiver acknowledges each segment at once with the
 * offset up to which it has all, and with the limit up to which the sender may go: what its party
 * has read, plus a window. A party that stops reading so stops the sender.
 *
 * What is simplified: acknowledgements take no bandwidth and are lost only while their sender is
 * stalled, so that a window update needs no probing; a retransmitted segment is the same segment; a
 * FIN does not ride on data; there is no TIME_WAIT. The log has every segment that carries bytes
 * and those of handshake and close; other acknowledgements are left out.
 *
 * A connection is kept alive by its driver and by whatever is queued for it. */
#include "rt-sim-tcp-private.h"

#include "rt-error.h"

/* For segments that no fault is about. */
#define NO_NUMBER G_MAXUINT64
#define HANDSHAKE_NUMBER 0

void
rt_sim_segment_unref (gpointer data)
{
  RtSimSegment *segment = data;

  if (--segment->ref_count > 0)
    return;
  g_clear_pointer (&segment->bytes, g_bytes_unref);
  g_free (segment);
}

const char *
rt_sim_segment_name (const RtSimSegment *segment)
{
  if (segment->bytes == NULL)
    return "FIN";
  return segment->transmissions > 1 ? "retransmission" : NULL;
}

void
rt_sim_piece_free (gpointer data)
{
  RtSimPiece *piece = data;

  g_bytes_unref (piece->bytes);
  g_free (piece);
}

static void
arrival_free (gpointer data)
{
  RtSimArrival *arrival = data;

  g_clear_pointer (&arrival->segment, rt_sim_segment_unref);
  rt_sim_tcp_unref (arrival->tcp);
  g_free (arrival);
}

RtSimArrival *
rt_sim_arrival_new (RtSimTcp *tcp, RtSimEnd to, guint64 event)
{
  RtSimArrival *arrival = g_new0 (RtSimArrival, 1);

  arrival->tcp = rt_sim_tcp_ref (tcp);
  arrival->to = to;
  arrival->event = event;
  return arrival;
}

RtTimeItem *
rt_sim_tcp_schedule (RtTime at, RtTimeFire fire, RtSimArrival *arrival)
{
  return rt_time_queue_push (arrival->tcp->net->core->queue, at, TRUE, fire, arrival->tcp, arrival,
                             arrival_free);
}

guint64
rt_sim_tcp_log (
    RtSimTcp *tcp, RtSimEnd end, RtEventKind kind, guint64 cause, RtSpan span, const char *text)
{
  return rt_log_append (tcp->net->core->log,
                        &(RtEvent){ .time = tcp->net->core->now,
                                    .cause = cause,
                                    .span = span,
                                    .connection = tcp->number,
                                    .party = tcp->ends[end].socket.party,
                                    .kind = (guint16)kind },
                        text != NULL ? g_variant_new_string (text) : NULL);
}

void
rt_sim_tcp_deliver (RtSimTcp *tcp, RtSimEnd end, RtInput input)
{
  input.connection = tcp->number | (end == RT_SIM_ACCEPTOR ? RT_CONNECTION_ACCEPTED : 0);
  input.now = tcp->net->core->now;
  tcp->net->deliver (tcp->net->driver, tcp->ends[end].socket.party, &input);
}

void
rt_sim_tcp_stop_timer (RtSimTcp *tcp, RtSimTcpEnd *end)
{
  if (end->timer != NULL)
    rt_time_queue_cancel (tcp->net->core->queue, g_steal_pointer (&end->timer));
}

static void
clear_end (RtSimTcpEnd *end)
{
  g_queue_clear_full (&end->unsent, rt_sim_piece_free);
  g_queue_clear_full (&end->under_way, rt_sim_segment_unref);
  g_queue_clear_full (&end->early, rt_sim_segment_unref);
  g_queue_clear_full (&end->unread, rt_sim_segment_unref);
  end->n_unsent = end->unsent_offset = 0;
}

static void
leave (RtSimTcp *tcp, RtSimEnd end)
{
  tcp->ends[end].gone = TRUE;
  rt_sim_tcp_stop_timer (tcp, &tcp->ends[end]);
  clear_end (&tcp->ends[end]);
}

static gboolean
is_over (const RtSimTcpEnd *end)
{
  return end->gone || (end->fin_sent && end->acked == end->next && end->eof_told);
}

void
rt_sim_tcp_check_ended (RtSimTcp *tcp)
{
  if (tcp->ended || !is_over (&tcp->ends[0]) || !is_over (&tcp->ends[1]))
    return;
  tcp->ended = TRUE;
  tcp->net->ended (tcp->net->driver, tcp->number);
}

/* This end learns that the connection is gone, or that there will be none. */
void
rt_sim_tcp_cut_off (RtSimTcp *tcp, RtSimEnd end, const char *why, guint64 cause)
{
  gboolean open = tcp->ends[end].open;
  guint64 event = rt_sim_tcp_log (tcp, end, RT_EVENT_RESET, cause, RT_SPAN_NONE, why);

  leave (tcp, end);
  if (open)
    rt_sim_tcp_deliver (tcp, end, (RtInput){ .kind = RT_INPUT_RESET, .event = event });
  else if (end == RT_SIM_OPENER)
    {
      g_autoptr (GError) error = g_error_new (RT_ERROR, RT_ERROR_IO, "%s:%u: %s", tcp->host,
                                              tcp->ends[RT_SIM_ACCEPTOR].socket.port, why);

      rt_sim_tcp_deliver (tcp, end,
                          (RtInput){ .kind = RT_INPUT_FAILED, .event = event, .info = error });
    }
  rt_sim_tcp_check_ended (tcp);
}

static void
fire_cut (gpointer owner, gpointer data)
{
  RtSimArrival *arrival = data;

  if (!arrival->tcp->ends[arrival->to].gone)
    rt_sim_tcp_cut_off (arrival->tcp, arrival->to, "cut off by the network", arrival->event);
}

RtSimFate
rt_sim_tcp_carry (RtSimTcp *tcp,
                  RtSimEnd from,
                  guint64 number,
                  guint transmission,
                  gsize length,
                  guint64 cause,
                  RtTime *ret_arrival)
{
  RtSimTrip trip = { .from = tcp->ends[from].socket.party,
                     .to = tcp->ends[rt_sim_end_other (from)].socket.party,
                     .connection = tcp->ordinal,
                     .segment = number,
                     .transmission = transmission,
                     .bytes = (guint)length + RT_SIM_HEADERS,
                     .stalled_until = &tcp->ends[from].stalled_until };
  RtSimFate fate = rt_sim_link_carry (tcp->link, &trip, tcp->net->core->now, ret_arrival);
  RtTime there = tcp->net->core->now + rt_sim_link_get_latency (tcp->link);

  if (fate == RT_SIM_CUT && !tcp->ends[from].cut)
    {
      tcp->ends[from].cut = TRUE;
      rt_sim_tcp_schedule (there, fire_cut, rt_sim_arrival_new (tcp, from, cause));
      rt_sim_tcp_schedule (there, fire_cut,
                           rt_sim_arrival_new (tcp, rt_sim_end_other (from), cause));
    }
  return fate;
}

/* A segment without bytes. */
static void
send_named (RtSimTcp *tcp,
            RtSimEnd from,
            const char *name,
            guint64 number,
            guint64 cause,
            RtTimeFire arrive)
{
  guint transmission = number == HANDSHAKE_NUMBER ? ++tcp->n_syn[from] : 1;
  RtTime arrives_at = 0;
  RtSimFate fate = rt_sim_tcp_carry (tcp, from, number, transmission, 0, cause, &arrives_at);
  guint64 event;

  if (fate == RT_SIM_CUT)
    return;
  event = rt_sim_tcp_log (tcp, from, RT_EVENT_SENT, cause, RT_SPAN_NONE, name);
  if (fate == RT_SIM_LOST)
    rt_sim_tcp_log (tcp, from, RT_EVENT_LOST, event, RT_SPAN_NONE, name);
  else
    rt_sim_tcp_schedule (arrives_at, arrive,
                         rt_sim_arrival_new (tcp, rt_sim_end_other (from), event));
}

/* Handshake. */

static void
fire_reset (gpointer owner, gpointer data)
{
  RtSimArrival *arrival = data;
  RtSimTcp *tcp = arrival->tcp;
  guint64 event
      = rt_sim_tcp_log (tcp, arrival->to, RT_EVENT_RECEIVED, arrival->event, RT_SPAN_NONE, "RST");

  gboolean refused = arrival->to == RT_SIM_OPENER && !tcp->ends[arrival->to].open;

  if (!tcp->ends[arrival->to].gone)
    rt_sim_tcp_cut_off (tcp, arrival->to, refused ? "connection refused" : "reset by peer", event);
}

void
rt_sim_tcp_send_reset (RtSimTcp *tcp, RtSimEnd from, guint64 cause)
{
  tcp->ends[from].reset_sent = TRUE;
  send_named (tcp, from, "RST", NO_NUMBER, cause, fire_reset);
}

static RtPeer
peer_of (RtSimTcp *tcp, RtSimEnd end)
{
  return (RtPeer){ .address = tcp->ends[rt_sim_end_other (end)].address,
                   .port = tcp->ends[rt_sim_end_other (end)].socket.port,
                   .local_host = tcp->host,
                   .local_port = tcp->ends[end].socket.port };
}

void
rt_sim_tcp_establish (RtSimTcp *tcp, RtSimEnd end, RtInputKind kind, guint64 cause)
{
  RtPeer peer = peer_of (tcp, end);
  guint64 event = rt_sim_tcp_log (tcp, end, RT_EVENT_ESTABLISHED, cause, RT_SPAN_NONE, NULL);

  tcp->ends[end].open = TRUE;
  tcp->ends[end].limit = RT_SIM_WINDOW;
  rt_sim_tcp_deliver (tcp, end, (RtInput){ .kind = kind, .event = event, .info = &peer });
  rt_sim_tcp_push (tcp, end);
}

static void
fire_handshake_ack (gpointer owner, gpointer data)
{
  RtSimArrival *arrival = data;
  RtSimTcpEnd *end = &arrival->tcp->ends[arrival->to];
  guint64 event = rt_sim_tcp_log (arrival->tcp, arrival->to, RT_EVENT_RECEIVED, arrival->event,
                                  RT_SPAN_NONE, "ACK");

  if (!end->open && !end->gone)
    rt_sim_tcp_establish (arrival->tcp, arrival->to, RT_INPUT_ACCEPTED, event);
}

static void
fire_syn_ack (gpointer owner, gpointer data)
{
  RtSimArrival *arrival = data;
  RtSimTcp *tcp = arrival->tcp;
  RtSimTcpEnd *end = &tcp->ends[arrival->to];
  guint64 event = rt_sim_tcp_log (tcp, arrival->to, RT_EVENT_RECEIVED, arrival->event, RT_SPAN_NONE,
                                  "SYN ACK");

  if (end->gone)
    {
      rt_sim_tcp_send_reset (tcp, arrival->to, event);
      return;
    }
  rt_sim_tcp_stop_timer (tcp, end);
  send_named (tcp, arrival->to, "ACK", NO_NUMBER, event, fire_handshake_ack);
  if (!end->open)
    rt_sim_tcp_establish (tcp, arrival->to, RT_INPUT_CONNECTED, event);
}

static void
fire_syn (gpointer owner, gpointer data)
{
  RtSimArrival *arrival = data;
  RtSimTcp *tcp = arrival->tcp;
  guint64 event
      = rt_sim_tcp_log (tcp, arrival->to, RT_EVENT_RECEIVED, arrival->event, RT_SPAN_NONE, "SYN");

  if (!tcp->listening)
    {
      leave (tcp, arrival->to);
      rt_sim_tcp_send_reset (tcp, arrival->to, event);
    }
  else if (!tcp->ends[arrival->to].gone)
    send_named (tcp, arrival->to, "SYN ACK", HANDSHAKE_NUMBER, event, fire_syn_ack);
}

static void fire_syn_timeout (gpointer owner, gpointer data);

static void
send_syn (RtSimTcp *tcp)
{
  RtSimTcpEnd *end = &tcp->ends[RT_SIM_OPENER];
  RtTime wait;

  send_named (tcp, RT_SIM_OPENER, "SYN", HANDSHAKE_NUMBER, tcp->connect_event, fire_syn);
  wait = rt_sim_congestion_timeout (&end->congestion);
  end->timer = rt_sim_tcp_schedule (tcp->net->core->now + wait, fire_syn_timeout,
                                    rt_sim_arrival_new (tcp, RT_SIM_OPENER, tcp->connect_event));
}

static void
fire_syn_timeout (gpointer owner, gpointer data)
{
  RtSimTcp *tcp = owner;
  RtSimTcpEnd *end = &tcp->ends[RT_SIM_OPENER];

  end->timer = NULL;
  end->congestion.backoff++;
  if (end->congestion.backoff > RT_SIM_SYN_RETRIES)
    {
      leave (tcp, RT_SIM_ACCEPTOR);
      rt_sim_tcp_cut_off (tcp, RT_SIM_OPENER, "connection timed out", tcp->connect_event);
    }
  else
    send_syn (tcp);
}

static void
init_end (RtSimTcp *tcp, RtSimEnd end, const RtSimSocket *socket)
{
  RtSimTcpEnd *self = &tcp->ends[end];

  self->socket = *socket;
  self->address = g_strdup (socket->address);
  self->socket.address = self->address;
  self->reading = TRUE;
  self->last_event = self->finish_cause = self->received_event = RT_EVENT_NONE;
  self->stalled_until = G_MININT64;
  rt_sim_congestion_init (&self->congestion, RT_SIM_SEGMENT_SIZE);
  self->buffer
      = rt_log_add_buffer (tcp->net->core->log, tcp->net->core->now, tcp->number, socket->party,
                           end == RT_SIM_OPENER ? RT_FORWARD : RT_BACKWARD, RT_BYTES_CROSSED, 0);
}

/**
 * rt_sim_tcp_open:
 * @net: the driver's
 * @link: between the two hosts; outlives the connection
 * @number: the connection's
 * @from: who opens it
 * @to: who is to accept it
 * @host: the name it was asked for by
 * @listening: somebody accepts connections there
 * @cause: the event of its CONNECT
 *
 * Returns: (transfer full): the connection, its SYN under way
 */
RtSimTcp *
rt_sim_tcp_open (RtSimNet *net,
                 RtSimLink *link,
                 RtConnection number,
                 const RtSimSocket *from,
                 const RtSimSocket *to,
                 const char *host,
                 gboolean listening,
                 guint64 cause)
{
  RtSimTcp *tcp = g_new0 (RtSimTcp, 1);

  tcp->ref_count = 1;
  tcp->net = net;
  tcp->link = link;
  tcp->ordinal = rt_sim_link_add_connection (link);
  tcp->number = number;
  tcp->host = g_strdup (host);
  tcp->listening = listening;
  tcp->connect_event = cause;
  init_end (tcp, RT_SIM_OPENER, from);
  init_end (tcp, RT_SIM_ACCEPTOR, to);
  send_syn (tcp);
  return tcp;
}

RtSimTcp *
rt_sim_tcp_ref (RtSimTcp *tcp)
{
  tcp->ref_count++;
  return tcp;
}

void
rt_sim_tcp_unref (RtSimTcp *tcp)
{
  if (--tcp->ref_count > 0)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (tcp->ends); i++)
    {
      clear_end (&tcp->ends[i]);
      g_free (tcp->ends[i].address);
    }
  g_free (tcp->host);
  g_free (tcp);
}

RtPartyId
rt_sim_tcp_get_party (RtSimTcp *tcp, RtSimEnd end)
{
  return tcp->ends[end].socket.party;
}

/**
 * rt_sim_tcp_get_buffer:
 * @tcp: a connection
 * @end: one of its ends
 *
 * Returns: what that end sends
 */
RtBufferId
rt_sim_tcp_get_buffer (RtSimTcp *tcp, RtSimEnd end)
{
  return tcp->ends[end].buffer;
}

/**
 * rt_sim_tcp_finish:
 * @tcp: a connection
 * @end: who has no more to send
 * @cause: what led to it
 *
 * A FIN follows what is queued. On a connection that is not up yet it ends the attempt.
 */
void
rt_sim_tcp_finish (RtSimTcp *tcp, RtSimEnd end, guint64 cause)
{
  RtSimTcpEnd *self = &tcp->ends[end];

  if (self->gone || self->finish)
    return;
  if (!self->open)
    {
      rt_sim_tcp_reset (tcp, end, cause);
      return;
    }
  self->finish = TRUE;
  self->finish_cause = cause;
  rt_sim_tcp_push (tcp, end);
}

/**
 * rt_sim_tcp_reset:
 * @tcp: a connection
 * @end: who cuts it off
 * @cause: what led to it
 *
 * What is queued or unread at this end is dropped.
 */
void
rt_sim_tcp_reset (RtSimTcp *tcp, RtSimEnd end, guint64 cause)
{
  gboolean open = tcp->ends[end].open;

  if (tcp->ends[end].gone)
    return;
  leave (tcp, end);
  if (open && !tcp->ended)
    rt_sim_tcp_send_reset (tcp, end, cause);
  rt_sim_tcp_check_ended (tcp);
}
