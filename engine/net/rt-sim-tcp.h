/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sim's model of TCP. */
#pragma once

#include "rt-driver-core.h"
#include "rt-sim-link.h"

G_BEGIN_DECLS

/** RT_SIM_SEGMENT_SIZE: most bytes of a stream in one segment: Ethernet's 1500 without headers. */
#define RT_SIM_SEGMENT_SIZE 1460
/** RT_SIM_HEADERS: bytes of the IP and TCP headers of each segment. */
#define RT_SIM_HEADERS 40
/** RT_SIM_WINDOW: the receive window: what may be under way to a party or wait unread there. */
#define RT_SIM_WINDOW (256 * 1024)
/** RT_SIM_RETRIES: so often a segment is sent again before the connection is given up. */
#define RT_SIM_RETRIES 8
/** RT_SIM_SYN_RETRIES: likewise a SYN. */
#define RT_SIM_SYN_RETRIES 6

/**
 * RtSimNet:
 * @deliver: gives a party an input
 * @ended: the connection is of no use to either end any more
 *
 * What a connection needs of its driver.
 */
typedef struct
{
  RtDriverCore *core;
  void (*deliver) (gpointer driver, RtPartyId party, const RtInput *input);
  void (*ended) (gpointer driver, RtConnection connection);
  gpointer driver;
} RtSimNet;

/**
 * RtSimSocket:
 * @address: of the host
 */
typedef struct
{
  RtPartyId party;
  const char *address;
  guint16 port;
} RtSimSocket;

/** RtSimEnd: which end of a connection, as an index. */
typedef enum
{
  RT_SIM_OPENER,
  RT_SIM_ACCEPTOR,
} RtSimEnd;

typedef struct _RtSimTcp RtSimTcp;

RtSimTcp *rt_sim_tcp_open (RtSimNet *net,
                           RtSimLink *link,
                           RtConnection number,
                           const RtSimSocket *from,
                           const RtSimSocket *to,
                           const char *host,
                           gboolean listening,
                           guint64 cause);
RtSimTcp *rt_sim_tcp_ref (RtSimTcp *tcp);
void rt_sim_tcp_unref (RtSimTcp *tcp);

RtPartyId rt_sim_tcp_get_party (RtSimTcp *tcp, RtSimEnd end);
RtBufferId rt_sim_tcp_get_buffer (RtSimTcp *tcp, RtSimEnd end);
void rt_sim_tcp_send (RtSimTcp *tcp, RtSimEnd end, GBytes *bytes, guint64 cause);
void rt_sim_tcp_push (RtSimTcp *tcp, RtSimEnd end);
void rt_sim_tcp_read (RtSimTcp *tcp, RtSimEnd end, gboolean on);
void rt_sim_tcp_finish (RtSimTcp *tcp, RtSimEnd end, guint64 cause);
void rt_sim_tcp_reset (RtSimTcp *tcp, RtSimEnd end, guint64 cause);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtSimTcp, rt_sim_tcp_unref)

G_END_DECLS
