/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What lies between two parties: how long a trip takes, how much fits, and what goes wrong on the
 * way. A value; who carries bytes over it (the sim's model, the live driver's shaping) obeys it. */
#pragma once

#include "rt-event.h"

G_BEGIN_DECLS

/**
 * RtFaultKind:
 * @RT_FAULT_LOSE: the segment is lost, @count times
 * @RT_FAULT_STALL: from this segment on nothing leaves for @duration; %RT_TIME_NEVER: ever
 * @RT_FAULT_RESET: in its place both ends see the connection cut off
 */
typedef enum
{
  RT_FAULT_LOSE,
  RT_FAULT_STALL,
  RT_FAULT_RESET,
} RtFaultKind;

/**
 * RtFault:
 * @from: which end's segments are counted; 0: either end's
 * @connection: which connection of the link, from 1 in the order they were opened; 0: each
 * @segment: which segment of that end, from 1 in the order of first transmission; SYN and SYN ACK
 *   are number 0, a FIN counts like one with bytes; a retransmission keeps its number
 * @count: %RT_FAULT_LOSE: how many transmissions of it are lost; 0 counts as 1, %G_MAXUINT: all
 * @duration: %RT_FAULT_STALL
 *
 * Something that goes wrong, at a place that is the same in every run.
 */
typedef struct
{
  RtFaultKind kind;
  RtPartyId from;
  guint connection;
  guint64 segment;
  guint count;
  RtTime duration;
} RtFault;

/**
 * RtLink:
 * @latency: of one way
 * @bandwidth: bits a second, each way; 0: without limit
 * @queue: how many bytes may wait for the bottleneck; what comes then is lost; 0: without limit
 * @faults: (array length=n_faults): copied by who takes the link
 */
typedef struct
{
  RtTime latency;
  guint64 bandwidth;
  guint64 queue;
  const RtFault *faults;
  guint n_faults;
} RtLink;

/** RT_LINK_DEFAULT: a decent line across a country. */
#define RT_LINK_DEFAULT                                                                            \
  ((RtLink){ .latency = 20 * RT_TIME_MSEC, .bandwidth = 10 * 1000 * 1000, .queue = 256 * 1024 })

G_END_DECLS
