/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the TCP model share: a connection's state, and how something is sent on its way
 * and logged. */
#pragma once

#include "rt-sim-congestion.h"
#include "rt-sim-tcp.h"

G_BEGIN_DECLS

typedef struct
{
  gint ref_count;
  guint64 offset;
  GBytes *bytes; /* NULL: a FIN */
  RtSpan span;
  guint64 number, event;
  guint transmissions;
  RtTime sent;
} RtSimSegment;

typedef struct
{
  GBytes *bytes;
  guint64 cause;
} RtSimPiece;

typedef struct
{
  RtSimSocket socket;
  char *address;
  RtBufferId buffer; /* what it sends */
  gboolean open, gone, cut, reset_sent;

  /* Sender. */
  GQueue unsent;       /* RtSimPiece */
  gsize unsent_offset; /* into the first piece */
  guint64 n_unsent;
  GQueue under_way;           /* RtSimSegment, by offset */
  guint64 next, acked, limit; /* offsets */
  guint64 last_number, last_event, finish_cause;
  gboolean finish, fin_sent, tell_writable;
  RtSimCongestion congestion;
  RtTimeItem *timer;
  RtTime stalled_until;

  /* Receiver. */
  GQueue early;           /* RtSimSegment, by offset, not overlapping: those after a hole */
  GQueue unread;          /* RtSimSegment, in order, for the party */
  guint64 expected, read; /* offsets */
  guint64 received_event;
  gboolean reading, fin_received, eof_told;
} RtSimTcpEnd;

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
  RtSimTcpEnd ends[2];
};

/* What a queued item needs to know. */
typedef struct
{
  RtSimTcp *tcp;
  RtSimEnd to;
  RtSimSegment *segment;
  guint64 event, ack, limit;
} RtSimArrival;

static inline RtSimEnd
rt_sim_end_other (RtSimEnd end)
{
  return end == RT_SIM_OPENER ? RT_SIM_ACCEPTOR : RT_SIM_OPENER;
}

static inline RtSimSegment *
rt_sim_segment_ref (RtSimSegment *segment)
{
  segment->ref_count++;
  return segment;
}

static inline guint64
rt_sim_segment_length (const RtSimSegment *segment)
{
  return segment->bytes != NULL ? g_bytes_get_size (segment->bytes) : 1;
}

static inline guint64
rt_sim_segment_end (const RtSimSegment *segment)
{
  return segment->offset + rt_sim_segment_length (segment);
}

void rt_sim_segment_unref (gpointer data);
const char *rt_sim_segment_name (const RtSimSegment *segment);
void rt_sim_piece_free (gpointer data);
RtSimArrival *rt_sim_arrival_new (RtSimTcp *tcp, RtSimEnd to, guint64 event);
RtTimeItem *rt_sim_tcp_schedule (RtTime at, RtTimeFire fire, RtSimArrival *arrival);
guint64 rt_sim_tcp_log (
    RtSimTcp *tcp, RtSimEnd end, RtEventKind kind, guint64 cause, RtSpan span, const char *text);
void rt_sim_tcp_deliver (RtSimTcp *tcp, RtSimEnd end, RtInput input);
void rt_sim_tcp_stop_timer (RtSimTcp *tcp, RtSimTcpEnd *end);
void rt_sim_tcp_check_ended (RtSimTcp *tcp);
void rt_sim_tcp_cut_off (RtSimTcp *tcp, RtSimEnd end, const char *why, guint64 cause);
RtSimFate rt_sim_tcp_carry (RtSimTcp *tcp,
                            RtSimEnd from,
                            guint64 number,
                            guint transmission,
                            gsize length,
                            guint64 cause,
                            RtTime *ret_arrival);
void rt_sim_tcp_send_reset (RtSimTcp *tcp, RtSimEnd from, guint64 cause);
void rt_sim_tcp_establish (RtSimTcp *tcp, RtSimEnd end, RtInputKind kind, guint64 cause);
void rt_sim_tcp_segment_arrives (gpointer owner, gpointer data);
void rt_sim_tcp_ack_arrives (gpointer owner, gpointer data);

G_END_DECLS
