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
#include "rt-sim-tcp.h"

#include "rt-error.h"
#include "rt-sim-congestion.h"

/* So often a SYN is sent again. */
#define SYN_RETRIES 6
/* For segments that no fault is about. */
#define NO_NUMBER G_MAXUINT64
#define HANDSHAKE_NUMBER 0

typedef struct
{
  gint ref_count;
  guint64 offset;
  GBytes *bytes; /* NULL: a FIN */
  RtSpan span;
  guint64 number, event;
  guint transmissions;
  RtTime sent;
} Segment;

typedef struct
{
  GBytes *bytes;
  guint64 cause;
} Piece;

typedef struct
{
  RtSimSocket socket;
  char *address;
  RtBufferId buffer; /* what it sends */
  gboolean open, gone, cut, reset_sent;

  /* Sender. */
  GQueue unsent;       /* Piece */
  gsize unsent_offset; /* into the first piece */
  guint64 n_unsent;
  GQueue under_way;           /* Segment, by offset */
  guint64 next, acked, limit; /* offsets */
  guint64 last_number, last_event, finish_cause;
  gboolean finish, fin_sent, tell_writable;
  RtSimCongestion congestion;
  RtTimeItem *timer;
  RtTime stalled_until;

  /* Receiver. */
  GQueue early;           /* Segment, by offset, not overlapping: those after a hole */
  GQueue unread;          /* Segment, in order, for the party */
  guint64 expected, read; /* offsets */
  guint64 received_event;
  gboolean reading, fin_received, eof_told;
} End;

struct _RtSimTcp
{
  gint ref_count;
  RtSimNet *net;
  RtSimLink *link;
  guint ordinal;
  RtConnection number;
  char *host;
  gboolean listening, ended;
  guint n_syn[2]; /* handshake segments sent by each end */
  guint64 connect_event;
  End ends[2];
};

/* What a queued item needs to know. */
typedef struct
{
  RtSimTcp *tcp;
  RtSimEnd to;
  Segment *segment;
  guint64 event, ack, limit;
} Trip;

static void pump (RtSimTcp *tcp, RtSimEnd end);

static RtSimEnd
other (RtSimEnd end)
{
  return end == RT_SIM_OPENER ? RT_SIM_ACCEPTOR : RT_SIM_OPENER;
}

static Segment *
segment_new (End *from, GBytes *bytes)
{
  Segment *segment = g_new0 (Segment, 1);

  segment->ref_count = 1;
  segment->offset = from->next;
  segment->bytes = bytes;
  segment->number = ++from->last_number;
  return segment;
}

static Segment *
segment_ref (Segment *segment)
{
  segment->ref_count++;
  return segment;
}

static void
segment_unref (gpointer data)
{
  Segment *segment = data;

  if (--segment->ref_count > 0)
    return;
  g_clear_pointer (&segment->bytes, g_bytes_unref);
  g_free (segment);
}

static guint64
segment_length (const Segment *segment)
{
  return segment->bytes != NULL ? g_bytes_get_size (segment->bytes) : 1;
}

static guint64
segment_end (const Segment *segment)
{
  return segment->offset + segment_length (segment);
}

static const char *
segment_name (const Segment *segment)
{
  if (segment->bytes == NULL)
    return "FIN";
  return segment->transmissions > 1 ? "retransmission" : NULL;
}

static void
piece_free (gpointer data)
{
  Piece *piece = data;

  g_bytes_unref (piece->bytes);
  g_free (piece);
}

static void
trip_free (gpointer data)
{
  Trip *trip = data;

  g_clear_pointer (&trip->segment, segment_unref);
  rt_sim_tcp_unref (trip->tcp);
  g_free (trip);
}

static Trip *
trip_new (RtSimTcp *tcp, RtSimEnd to, guint64 event)
{
  Trip *trip = g_new0 (Trip, 1);

  trip->tcp = rt_sim_tcp_ref (tcp);
  trip->to = to;
  trip->event = event;
  return trip;
}

static RtTimeItem *
schedule (RtTime at, RtTimeFire fire, Trip *trip)
{
  return rt_time_queue_push (trip->tcp->net->core->queue, at, TRUE, fire, trip->tcp, trip,
                             trip_free);
}

static guint64
log_event (
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

static void
deliver (RtSimTcp *tcp, RtSimEnd end, RtInput input)
{
  input.connection = tcp->number | (end == RT_SIM_ACCEPTOR ? RT_CONNECTION_ACCEPTED : 0);
  input.now = tcp->net->core->now;
  tcp->net->deliver (tcp->net->driver, tcp->ends[end].socket.party, &input);
}

static void
stop_timer (RtSimTcp *tcp, End *end)
{
  if (end->timer != NULL)
    rt_time_queue_cancel (tcp->net->core->queue, g_steal_pointer (&end->timer));
}

static void
clear_end (End *end)
{
  g_queue_clear_full (&end->unsent, piece_free);
  g_queue_clear_full (&end->under_way, segment_unref);
  g_queue_clear_full (&end->early, segment_unref);
  g_queue_clear_full (&end->unread, segment_unref);
  end->n_unsent = end->unsent_offset = 0;
}

static void
leave (RtSimTcp *tcp, RtSimEnd end)
{
  tcp->ends[end].gone = TRUE;
  stop_timer (tcp, &tcp->ends[end]);
  clear_end (&tcp->ends[end]);
}

static gboolean
is_over (const End *end)
{
  return end->gone || (end->fin_sent && end->acked == end->next && end->eof_told);
}

static void
check_ended (RtSimTcp *tcp)
{
  if (tcp->ended || !is_over (&tcp->ends[0]) || !is_over (&tcp->ends[1]))
    return;
  tcp->ended = TRUE;
  tcp->net->ended (tcp->net->driver, tcp->number);
}

/* This end learns that the connection is gone, or that there will be none. */
static void
cut_off (RtSimTcp *tcp, RtSimEnd end, const char *why, guint64 cause)
{
  gboolean open = tcp->ends[end].open;
  guint64 event = log_event (tcp, end, RT_EVENT_RESET, cause, RT_SPAN_NONE, why);

  leave (tcp, end);
  if (open)
    deliver (tcp, end, (RtInput){ .kind = RT_INPUT_RESET, .event = event });
  else if (end == RT_SIM_OPENER)
    {
      g_autoptr (GError) error = g_error_new (RT_ERROR, RT_ERROR_IO, "%s:%u: %s", tcp->host,
                                              tcp->ends[RT_SIM_ACCEPTOR].socket.port, why);

      deliver (tcp, end, (RtInput){ .kind = RT_INPUT_FAILED, .event = event, .info = error });
    }
  check_ended (tcp);
}

static void
fire_cut (gpointer owner, gpointer data)
{
  Trip *trip = data;

  if (!trip->tcp->ends[trip->to].gone)
    cut_off (trip->tcp, trip->to, "cut off by the network", trip->event);
}

static RtSimFate
carry (RtSimTcp *tcp,
       RtSimEnd from,
       guint64 number,
       guint transmission,
       gsize length,
       guint64 cause,
       RtTime *ret_arrival)
{
  RtSimTrip trip = { .from = tcp->ends[from].socket.party,
                     .to = tcp->ends[other (from)].socket.party,
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
      schedule (there, fire_cut, trip_new (tcp, from, cause));
      schedule (there, fire_cut, trip_new (tcp, other (from), cause));
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
  RtTime arrival = 0;
  RtSimFate fate = carry (tcp, from, number, transmission, 0, cause, &arrival);
  guint64 event;

  if (fate == RT_SIM_CUT)
    return;
  event = log_event (tcp, from, RT_EVENT_SENT, cause, RT_SPAN_NONE, name);
  if (fate == RT_SIM_LOST)
    log_event (tcp, from, RT_EVENT_LOST, event, RT_SPAN_NONE, name);
  else
    schedule (arrival, arrive, trip_new (tcp, other (from), event));
}

/* Handshake. */

static void
fire_reset (gpointer owner, gpointer data)
{
  Trip *trip = data;
  RtSimTcp *tcp = trip->tcp;
  guint64 event = log_event (tcp, trip->to, RT_EVENT_RECEIVED, trip->event, RT_SPAN_NONE, "RST");

  gboolean refused = trip->to == RT_SIM_OPENER && !tcp->ends[trip->to].open;

  if (!tcp->ends[trip->to].gone)
    cut_off (tcp, trip->to, refused ? "connection refused" : "reset by peer", event);
}

static void
send_reset (RtSimTcp *tcp, RtSimEnd from, guint64 cause)
{
  tcp->ends[from].reset_sent = TRUE;
  send_named (tcp, from, "RST", NO_NUMBER, cause, fire_reset);
}

static RtPeer
peer_of (RtSimTcp *tcp, RtSimEnd end)
{
  return (RtPeer){ .address = tcp->ends[other (end)].address,
                   .port = tcp->ends[other (end)].socket.port,
                   .local_host = tcp->host,
                   .local_port = tcp->ends[end].socket.port };
}

static void
establish (RtSimTcp *tcp, RtSimEnd end, RtInputKind kind, guint64 cause)
{
  RtPeer peer = peer_of (tcp, end);
  guint64 event = log_event (tcp, end, RT_EVENT_ESTABLISHED, cause, RT_SPAN_NONE, NULL);

  tcp->ends[end].open = TRUE;
  tcp->ends[end].limit = RT_SIM_WINDOW;
  deliver (tcp, end, (RtInput){ .kind = kind, .event = event, .info = &peer });
  pump (tcp, end);
}

static void
fire_handshake_ack (gpointer owner, gpointer data)
{
  Trip *trip = data;
  End *end = &trip->tcp->ends[trip->to];
  guint64 event
      = log_event (trip->tcp, trip->to, RT_EVENT_RECEIVED, trip->event, RT_SPAN_NONE, "ACK");

  if (!end->open && !end->gone)
    establish (trip->tcp, trip->to, RT_INPUT_ACCEPTED, event);
}

static void
fire_syn_ack (gpointer owner, gpointer data)
{
  Trip *trip = data;
  RtSimTcp *tcp = trip->tcp;
  End *end = &tcp->ends[trip->to];
  guint64 event
      = log_event (tcp, trip->to, RT_EVENT_RECEIVED, trip->event, RT_SPAN_NONE, "SYN ACK");

  if (end->gone)
    {
      send_reset (tcp, trip->to, event);
      return;
    }
  stop_timer (tcp, end);
  send_named (tcp, trip->to, "ACK", NO_NUMBER, event, fire_handshake_ack);
  if (!end->open)
    establish (tcp, trip->to, RT_INPUT_CONNECTED, event);
}

static void
fire_syn (gpointer owner, gpointer data)
{
  Trip *trip = data;
  RtSimTcp *tcp = trip->tcp;
  guint64 event = log_event (tcp, trip->to, RT_EVENT_RECEIVED, trip->event, RT_SPAN_NONE, "SYN");

  if (!tcp->listening)
    {
      leave (tcp, trip->to);
      send_reset (tcp, trip->to, event);
    }
  else if (!tcp->ends[trip->to].gone)
    send_named (tcp, trip->to, "SYN ACK", HANDSHAKE_NUMBER, event, fire_syn_ack);
}

static void fire_syn_timeout (gpointer owner, gpointer data);

static void
send_syn (RtSimTcp *tcp)
{
  End *end = &tcp->ends[RT_SIM_OPENER];
  RtTime wait;

  send_named (tcp, RT_SIM_OPENER, "SYN", HANDSHAKE_NUMBER, tcp->connect_event, fire_syn);
  wait = rt_sim_congestion_timeout (&end->congestion);
  end->timer = schedule (tcp->net->core->now + wait, fire_syn_timeout,
                         trip_new (tcp, RT_SIM_OPENER, tcp->connect_event));
}

static void
fire_syn_timeout (gpointer owner, gpointer data)
{
  RtSimTcp *tcp = owner;
  End *end = &tcp->ends[RT_SIM_OPENER];

  end->timer = NULL;
  end->congestion.backoff++;
  if (end->congestion.backoff > SYN_RETRIES)
    {
      leave (tcp, RT_SIM_ACCEPTOR);
      cut_off (tcp, RT_SIM_OPENER, "connection timed out", tcp->connect_event);
    }
  else
    send_syn (tcp);
}

static void
init_end (RtSimTcp *tcp, RtSimEnd end, const RtSimSocket *socket)
{
  End *self = &tcp->ends[end];

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

/* Receiver. */

static void fire_ack (gpointer owner, gpointer data);

static void
acknowledge (RtSimTcp *tcp, RtSimEnd from, gboolean of_fin)
{
  End *end = &tcp->ends[from];
  Trip *trip;

  if (end->gone || end->stalled_until == RT_TIME_NEVER)
    return;
  trip = trip_new (tcp, other (from), RT_EVENT_NONE);
  trip->ack = end->expected;
  trip->limit = end->read + RT_SIM_WINDOW;
  if (of_fin)
    trip->event = log_event (tcp, from, RT_EVENT_SENT, end->received_event, RT_SPAN_NONE, "ACK");
  schedule (MAX (tcp->net->core->now, end->stalled_until) + rt_sim_link_get_latency (tcp->link),
            fire_ack, trip);
}

static GBytes *
join_unread (End *end, RtSpan *ret_span)
{
  Segment *first = g_queue_peek_head (&end->unread);
  GByteArray *joined;

  *ret_span = first->span;
  if (end->unread.length == 1)
    return g_bytes_ref (first->bytes);
  joined = g_byte_array_new ();
  for (GList *l = end->unread.head; l != NULL; l = l->next)
    {
      Segment *segment = l->data;

      g_byte_array_append (joined, g_bytes_get_data (segment->bytes, NULL),
                           (guint)g_bytes_get_size (segment->bytes));
      *ret_span = rt_span_join (*ret_span, segment->span);
    }
  return g_byte_array_free_to_bytes (joined);
}

static void
deliver_unread (RtSimTcp *tcp, RtSimEnd to)
{
  End *end = &tcp->ends[to];

  if (end->gone || !end->open || !end->reading)
    return;
  if (!g_queue_is_empty (&end->unread))
    {
      RtSpan span;
      g_autoptr (GBytes) bytes = join_unread (end, &span);

      g_queue_clear_full (&end->unread, segment_unref);
      end->read += g_bytes_get_size (bytes);
      deliver (
          tcp, to,
          (RtInput){
              .kind = RT_INPUT_BYTES, .event = end->received_event, .bytes = bytes, .span = span });
    }
  if (!end->gone && end->reading && end->fin_received && !end->eof_told)
    {
      guint64 event = log_event (tcp, to, RT_EVENT_EOF, end->received_event, RT_SPAN_NONE, NULL);

      end->eof_told = TRUE;
      deliver (tcp, to, (RtInput){ .kind = RT_INPUT_EOF, .event = event });
      check_ended (tcp);
    }
}

static void
keep_early (End *end, Segment *segment)
{
  GList *l = end->early.head;

  while (l != NULL && ((Segment *)l->data)->offset < segment->offset)
    l = l->next;
  if (l == NULL || ((Segment *)l->data)->offset != segment->offset)
    g_queue_insert_before (&end->early, l, segment_ref (segment));
}

static void
take (End *end, Segment *segment)
{
  end->expected = segment_end (segment);
  if (segment->bytes == NULL)
    end->fin_received = TRUE;
  else
    g_queue_push_tail (&end->unread, segment_ref (segment));
}

static void
take_in_order (End *end, Segment *segment)
{
  Segment *early;

  take (end, segment);
  while ((early = g_queue_peek_head (&end->early)) != NULL && early->offset <= end->expected)
    {
      if (early->offset == end->expected)
        take (end, early);
      segment_unref (g_queue_pop_head (&end->early));
    }
}

static void
fire_segment (gpointer owner, gpointer data)
{
  Trip *trip = data;
  RtSimTcp *tcp = trip->tcp;
  Segment *segment = trip->segment;
  End *end = &tcp->ends[trip->to];
  guint64 event = log_event (tcp, trip->to, RT_EVENT_RECEIVED, trip->event, segment->span,
                             segment_name (segment));
  gboolean of_fin;

  if (end->gone)
    {
      if (!end->reset_sent)
        send_reset (tcp, trip->to, event);
      return;
    }
  end->received_event = event;
  if (segment->offset > end->expected)
    keep_early (end, segment);
  else if (segment->offset == end->expected)
    take_in_order (end, segment);
  /* The handshake's last ACK may have been late; the bytes say the same. */
  if (!end->open)
    establish (tcp, trip->to, RT_INPUT_ACCEPTED, event);
  /* The window that is acknowledged is the one after the party has read, but a FIN is
   * acknowledged before the party says what it makes of it. */
  of_fin = end->fin_received && segment_end (segment) == end->expected;
  if (of_fin)
    acknowledge (tcp, trip->to, TRUE);
  deliver_unread (tcp, trip->to);
  if (!of_fin)
    acknowledge (tcp, trip->to, FALSE);
}

static void
fire_read (gpointer owner, gpointer data)
{
  Trip *trip = data;
  guint64 before = trip->tcp->ends[trip->to].read;

  deliver_unread (trip->tcp, trip->to);
  if (trip->tcp->ends[trip->to].read > before)
    acknowledge (trip->tcp, trip->to, FALSE);
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
    schedule (tcp->net->core->now, fire_read, trip_new (tcp, end, RT_EVENT_NONE));
  tcp->ends[end].reading = on;
}

/* Sender. */

static void fire_timeout (gpointer owner, gpointer data);

static void
restart_timer (RtSimTcp *tcp, RtSimEnd from)
{
  End *end = &tcp->ends[from];

  stop_timer (tcp, end);
  if (!g_queue_is_empty (&end->under_way))
    end->timer = schedule (tcp->net->core->now + rt_sim_congestion_timeout (&end->congestion),
                           fire_timeout, trip_new (tcp, from, RT_EVENT_NONE));
}

static void
transmit (RtSimTcp *tcp, RtSimEnd from, Segment *segment, guint64 cause)
{
  End *end = &tcp->ends[from];
  RtTime arrival = 0;
  RtSimFate fate;
  Trip *trip;

  segment->transmissions++;
  fate = carry (tcp, from, segment->number, segment->transmissions,
                segment->bytes != NULL ? g_bytes_get_size (segment->bytes) : 0, cause, &arrival);
  if (fate == RT_SIM_CUT)
    return;
  if (segment->transmissions == 1 && segment->bytes != NULL)
    segment->span = rt_log_write (tcp->net->core->log, end->buffer, segment->bytes);
  segment->sent = tcp->net->core->now;
  segment->event
      = log_event (tcp, from, RT_EVENT_SENT, cause, segment->span, segment_name (segment));
  end->last_event = segment->event;
  if (fate == RT_SIM_LOST)
    log_event (tcp, from, RT_EVENT_LOST, segment->event, segment->span, segment_name (segment));
  else
    {
      trip = trip_new (tcp, other (from), segment->event);
      trip->segment = segment_ref (segment);
      schedule (arrival, fire_segment, trip);
    }
}

static void
retransmit_first (RtSimTcp *tcp, RtSimEnd from)
{
  Segment *segment = g_queue_peek_head (&tcp->ends[from].under_way);

  if (segment != NULL)
    transmit (tcp, from, segment, segment->event);
}

static void
fire_timeout (gpointer owner, gpointer data)
{
  Trip *trip = data;
  RtSimTcp *tcp = trip->tcp;
  End *end = &tcp->ends[trip->to];
  Segment *segment = g_queue_peek_head (&end->under_way);

  end->timer = NULL;
  if (segment->transmissions > RT_SIM_RETRIES)
    {
      cut_off (tcp, trip->to, "no acknowledgement came", segment->event);
      return;
    }
  rt_sim_congestion_timed_out (&end->congestion, RT_SIM_SEGMENT_SIZE, end->next - end->acked,
                               end->next);
  retransmit_first (tcp, trip->to);
  restart_timer (tcp, trip->to);
}

static void
forget_acknowledged (RtSimTcp *tcp, End *end, guint64 upto)
{
  Segment *segment;

  while ((segment = g_queue_peek_head (&end->under_way)) != NULL && segment_end (segment) <= upto)
    {
      if (segment->transmissions == 1)
        rt_sim_congestion_sample (&end->congestion, tcp->net->core->now - segment->sent);
      segment_unref (g_queue_pop_head (&end->under_way));
    }
}

static void
fire_ack (gpointer owner, gpointer data)
{
  Trip *trip = data;
  RtSimTcp *tcp = trip->tcp;
  End *end = &tcp->ends[trip->to];
  gboolean moved = trip->limit > end->limit;

  if (trip->event != RT_EVENT_NONE)
    log_event (tcp, trip->to, RT_EVENT_RECEIVED, trip->event, RT_SPAN_NONE, "ACK");
  if (end->gone)
    return;
  end->limit = MAX (end->limit, trip->limit);
  if (trip->ack > end->acked)
    {
      guint64 bytes = trip->ack - end->acked;

      end->acked = trip->ack;
      forget_acknowledged (tcp, end, trip->ack);
      if (rt_sim_congestion_acknowledged (&end->congestion, RT_SIM_SEGMENT_SIZE, trip->ack, bytes))
        retransmit_first (tcp, trip->to);
      restart_timer (tcp, trip->to);
    }
  else if (trip->ack == end->acked && !moved && !g_queue_is_empty (&end->under_way)
           && rt_sim_congestion_duplicate (&end->congestion, RT_SIM_SEGMENT_SIZE,
                                           end->next - end->acked, end->next))
    retransmit_first (tcp, trip->to);
  pump (tcp, trip->to);
  check_ended (tcp);
}

/* The next @length bytes that wait to be sent, and what caused the first of them. */
static GBytes *
take_unsent (End *end, gsize length, guint64 *ret_cause)
{
  Piece *piece = g_queue_peek_head (&end->unsent);
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
          piece_free (g_queue_pop_head (&end->unsent));
          end->unsent_offset = 0;
        }
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&joined));
}

/* How many bytes may leave now: 0 while either window is closed. A segment smaller than it could
 * be leaves only when nothing else is under way (RFC 1122 §4.2.3.4). */
static gsize
allowance (const End *end)
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
  End *end = &tcp->ends[from];
  Segment *segment = segment_new (end, bytes);

  end->next += segment_length (segment);
  g_queue_push_tail (&end->under_way, segment);
  transmit (tcp, from, segment, cause);
  if (end->timer == NULL && !end->cut)
    restart_timer (tcp, from);
}

static void
fire_writable (gpointer owner, gpointer data)
{
  Trip *trip = data;

  if (!trip->tcp->ends[trip->to].gone)
    deliver (trip->tcp, trip->to, (RtInput){ .kind = RT_INPUT_WRITABLE, .event = trip->event });
}

static void
pump (RtSimTcp *tcp, RtSimEnd from)
{
  End *end = &tcp->ends[from];
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
      schedule (tcp->net->core->now, fire_writable, trip_new (tcp, from, end->last_event));
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
  End *self = &tcp->ends[end];
  Piece *piece;

  if (self->gone || self->finish || g_bytes_get_size (bytes) == 0)
    return;
  piece = g_new (Piece, 1);
  *piece = (Piece){ g_bytes_ref (bytes), cause };
  g_queue_push_tail (&self->unsent, piece);
  self->n_unsent += g_bytes_get_size (bytes);
  self->tell_writable = TRUE;
}

void
rt_sim_tcp_push (RtSimTcp *tcp, RtSimEnd end)
{
  pump (tcp, end);
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
  End *self = &tcp->ends[end];

  if (self->gone || self->finish)
    return;
  if (!self->open)
    {
      rt_sim_tcp_reset (tcp, end, cause);
      return;
    }
  self->finish = TRUE;
  self->finish_cause = cause;
  pump (tcp, end);
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
    send_reset (tcp, end, cause);
  check_ended (tcp);
}
