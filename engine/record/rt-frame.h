/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Captured frames: from the link layer down to TCP segments. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

/* LINKTYPE_ numbers of what is read; the registry is at tcpdump.org. */
#define RT_LINK_NULL 0
#define RT_LINK_ETHERNET 1
#define RT_LINK_RAW 101
#define RT_LINK_LOOP 108
#define RT_LINK_COOKED 113
#define RT_LINK_IPV4 228
#define RT_LINK_IPV6 229
#define RT_LINK_COOKED_2 276

/** RtIpAddress: @length: 4 or 16 of @bytes, the others are 0 */
typedef struct
{
  guint8 length, bytes[16];
} RtIpAddress;

char *rt_ip_address_format (const RtIpAddress *address);

/**
 * RtFrameVerdict:
 * @RT_FRAME_IP: an IP packet
 * @RT_FRAME_OTHER: of another protocol
 * @RT_FRAME_SHORT: it ends in the middle of a header
 * @RT_FRAME_MALFORMED: its headers contradict themselves
 * @RT_FRAME_UNKNOWN_LINK: nothing is known of the link type
 */
typedef enum
{
  RT_FRAME_IP,
  RT_FRAME_OTHER,
  RT_FRAME_SHORT,
  RT_FRAME_MALFORMED,
  RT_FRAME_UNKNOWN_LINK,
} RtFrameVerdict;

/** RT_IP_TCP: the protocol number of TCP. */
#define RT_IP_TCP 6

/**
 * RtIpPacket:
 * @protocol: what @payload is
 * @payload: as far as it was captured
 * @missing: bytes of it that were not captured, at its end
 * @fragment: it is a part of a datagram
 * @more: … and not its last one
 * @fragment_offset: … which begins there
 * @fragment_id: … of those with this number
 */
typedef struct
{
  RtIpAddress source, destination;
  guint8 protocol;
  RtText payload;
  gsize missing;
  gboolean fragment, more;
  guint32 fragment_offset, fragment_id;
} RtIpPacket;

RtFrameVerdict
rt_frame_decode (guint link_type, RtText frame, guint32 length, RtIpPacket *ret_packet);

typedef enum
{
  RT_TCP_FIN = 1 << 0,
  RT_TCP_SYN = 1 << 1,
  RT_TCP_RST = 1 << 2,
  RT_TCP_PSH = 1 << 3,
  RT_TCP_ACK = 1 << 4,
} RtTcpFlags;

/**
 * RtTcpSegment:
 * @sequence: number of the payload's first byte, or of SYN
 * @acknowledged: with %RT_TCP_ACK: the next number that the sender waits for
 * @payload: as far as it was captured; @missing: bytes behind it that were not
 */
typedef struct
{
  RtIpAddress source, destination;
  guint16 source_port, destination_port;
  guint32 sequence, acknowledged;
  guint flags;
  RtText payload;
  gsize missing;
} RtTcpSegment;

RtFrameVerdict rt_tcp_segment_decode (const RtIpPacket *packet, RtTcpSegment *ret_segment);

G_END_DECLS
