/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Captured frames. Each layer looks at the bytes that were captured (its RtText) and at how many
 * there were on the wire: what the sniffer cut off is missing and not malformed. Checksums are not
 * looked at: the card computes those of what is sent after the sniffer has seen it. */
#include "rt-frame.h"

#include "rt-address.h"

/* Ethertypes. */
enum
{
  TYPE_IPV4 = 0x0800,
  TYPE_VLAN = 0x8100,
  TYPE_IPV6 = 0x86dd,
  TYPE_PPPOE = 0x8864,
  TYPE_VLAN_STACKED = 0x88a8,
  TYPE_VLAN_OLD = 0x9100,
};
/* Extension headers of IPv6, RFC 8200 §4. */
enum
{
  NEXT_HOP_BY_HOP = 0,
  NEXT_ROUTING = 43,
  NEXT_FRAGMENT = 44,
  NEXT_AUTHENTICATION = 51,
  NEXT_DESTINATION = 60,
  NEXT_MOBILITY = 135,
};
/* VLAN tags and extension headers: more of them are a lie. */
#define NESTING_MAX 8

static guint
get_16 (RtText bytes, gsize at)
{
  const guint8 *p = (const guint8 *)bytes.at + at;

  return (guint)p[0] << 8 | p[1];
}

static guint32
get_32 (RtText bytes, gsize at)
{
  return (guint32)get_16 (bytes, at) << 16 | get_16 (bytes, at + 2);
}

static guint8
get_8 (RtText bytes, gsize at)
{
  return (guint8)bytes.at[at];
}

/* Bytes and how many there were. */
typedef struct
{
  RtText bytes;
  gsize length;
} Layer;

static Layer
inside (Layer layer, gsize header)
{
  return (Layer){ rt_text_sub (layer.bytes, header, layer.bytes.length - header),
                  layer.length - header };
}

/* The first @length bytes: frames are padded, and cards hand out checksums behind them. */
static Layer
first (Layer layer, gsize length)
{
  return (Layer){ rt_text_sub (layer.bytes, 0, MIN (layer.bytes.length, length)),
                  MIN (layer.length, length) };
}

/**
 * rt_ip_address_format:
 * @address: an address
 *
 * Returns: (transfer full): its text, RFC 5952
 */
char *
rt_ip_address_format (const RtIpAddress *address)
{
  GString *out = g_string_new (NULL);
  RtText bytes = { (const char *)address->bytes, sizeof address->bytes };
  RtIpv6 six;

  if (address->length == 4)
    rt_ipv4_append (out, get_32 (bytes, 0));
  else
    {
      for (guint i = 0; i < 8; i++)
        six.pieces[i] = (guint16)get_16 (bytes, i * 2);
      rt_ipv6_append (out, &six);
    }
  return g_string_free (out, FALSE);
}

static void
set_payload (RtIpPacket *packet, Layer payload)
{
  packet->payload = payload.bytes;
  packet->missing = payload.length - payload.bytes.length;
}

/* RFC 791 §3.1 */
static RtFrameVerdict
decode_ipv4 (Layer layer, RtIpPacket *packet)
{
  gsize header, total;
  guint fragment;

  if (layer.bytes.length < 20)
    return RT_FRAME_SHORT;
  header = (gsize)(get_8 (layer.bytes, 0) & 0x0f) * 4;
  total = get_16 (layer.bytes, 2);
  /* Where the card cuts segments, the length does not fit or is not known yet: 0. */
  if (total == 0)
    total = layer.length;
  if (get_8 (layer.bytes, 0) >> 4 != 4 || header < 20 || total < header)
    return RT_FRAME_MALFORMED;
  if (layer.bytes.length < header)
    return RT_FRAME_SHORT;
  fragment = get_16 (layer.bytes, 6);
  packet->protocol = get_8 (layer.bytes, 9);
  packet->source.length = packet->destination.length = 4;
  memcpy (packet->source.bytes, layer.bytes.at + 12, 4);
  memcpy (packet->destination.bytes, layer.bytes.at + 16, 4);
  packet->more = (fragment & 0x2000) != 0;
  packet->fragment_offset = (fragment & 0x1fff) * 8;
  packet->fragment = packet->more || packet->fragment_offset > 0;
  packet->fragment_id = get_16 (layer.bytes, 4);
  /* A header that says more than there was: the capture's length is to be believed. */
  set_payload (packet, inside (first (layer, total), header));
  return RT_FRAME_IP;
}

/* RFC 8200 §4.5 */
static void
set_fragment (RtIpPacket *packet, RtText header)
{
  guint where = get_16 (header, 2);

  packet->more = (where & 1) != 0;
  packet->fragment_offset = where & ~7u;
  packet->fragment = packet->more || packet->fragment_offset > 0;
  packet->fragment_id = get_32 (header, 4);
}

/* What stands behind the extension headers, RFC 8200 §4. */
static RtFrameVerdict
skip_extensions (Layer layer, RtIpPacket *packet)
{
  for (guint n = 0; n < NESTING_MAX; n++)
    {
      guint8 kind = packet->protocol;
      gsize length = 8;

      if (kind != NEXT_HOP_BY_HOP && kind != NEXT_ROUTING && kind != NEXT_FRAGMENT
          && kind != NEXT_AUTHENTICATION && kind != NEXT_DESTINATION && kind != NEXT_MOBILITY)
        {
          set_payload (packet, layer);
          return RT_FRAME_IP;
        }
      if (layer.bytes.length < 8)
        return RT_FRAME_SHORT;
      packet->protocol = get_8 (layer.bytes, 0);
      if (kind == NEXT_AUTHENTICATION) /* RFC 4302 §2.2: in words of 4 bytes, less 2 */
        length = ((gsize)get_8 (layer.bytes, 1) + 2) * 4;
      else if (kind != NEXT_FRAGMENT)
        length = ((gsize)get_8 (layer.bytes, 1) + 1) * 8;
      else
        set_fragment (packet, layer.bytes);
      if (length > layer.length)
        return RT_FRAME_MALFORMED;
      if (length > layer.bytes.length)
        return RT_FRAME_SHORT;
      layer = inside (layer, length);
      if (packet->fragment)
        {
          /* Offsets count from here. */
          set_payload (packet, layer);
          return RT_FRAME_IP;
        }
    }
  return RT_FRAME_MALFORMED;
}

/* RFC 8200 §3 */
static RtFrameVerdict
decode_ipv6 (Layer layer, RtIpPacket *packet)
{
  gsize length;

  if (layer.bytes.length < 40)
    return RT_FRAME_SHORT;
  if (get_8 (layer.bytes, 0) >> 4 != 6)
    return RT_FRAME_MALFORMED;
  length = get_16 (layer.bytes, 4);
  packet->protocol = get_8 (layer.bytes, 6);
  packet->source.length = packet->destination.length = 16;
  memcpy (packet->source.bytes, layer.bytes.at + 8, 16);
  memcpy (packet->destination.bytes, layer.bytes.at + 24, 16);
  /* 0: a jumbogram (RFC 2675), or cut by the card later. */
  if (length > 0)
    layer = first (layer, 40 + length);
  return skip_extensions (inside (layer, 40), packet);
}

static RtFrameVerdict
decode_ip (Layer layer, RtIpPacket *packet)
{
  if (layer.bytes.length == 0)
    return RT_FRAME_SHORT;
  switch (get_8 (layer.bytes, 0) >> 4)
    {
    case 4:
      return decode_ipv4 (layer, packet);
    case 6:
      return decode_ipv6 (layer, packet);
    default:
      return RT_FRAME_OTHER;
    }
}

/* What an ethertype tells of, VLAN tags (IEEE 802.1Q) taken off. */
static RtFrameVerdict
decode_type (guint type, Layer layer, RtIpPacket *packet)
{
  for (guint n = 0; n < NESTING_MAX; n++)
    switch (type)
      {
      case TYPE_IPV4:
        return decode_ipv4 (layer, packet);
      case TYPE_IPV6:
        return decode_ipv6 (layer, packet);
      case TYPE_VLAN:
      case TYPE_VLAN_STACKED:
      case TYPE_VLAN_OLD:
        if (layer.bytes.length < 4)
          return RT_FRAME_SHORT;
        type = get_16 (layer.bytes, 2);
        layer = inside (layer, 4);
        break;
      case TYPE_PPPOE: /* RFC 2516 §4, then the protocol of PPP */
        if (layer.bytes.length < 8)
          return RT_FRAME_SHORT;
        return decode_ip (inside (layer, 8), packet);
      default:
        return RT_FRAME_OTHER;
      }
  return RT_FRAME_MALFORMED;
}

/* The two bytes of an ethertype at @at, and what begins at @header. */
static RtFrameVerdict
decode_typed (Layer layer, gsize at, gsize header, RtIpPacket *packet)
{
  if (layer.bytes.length < header)
    return RT_FRAME_SHORT;
  return decode_type (get_16 (layer.bytes, at), inside (layer, header), packet);
}

/**
 * rt_frame_decode:
 * @link_type: what @frame begins with
 * @frame: the bytes that were captured
 * @length: how many there were; at least as many
 * @ret_packet: (out): the IP packet in it; its payload is a part of @frame
 *
 * Returns: what it is; where it is no %RT_FRAME_IP, @ret_packet says nothing
 */
RtFrameVerdict
rt_frame_decode (guint link_type, RtText frame, guint32 length, RtIpPacket *ret_packet)
{
  const Layer layer = { frame, MAX (length, frame.length) };

  *ret_packet = (RtIpPacket){ 0 };
  switch (link_type)
    {
    case RT_LINK_ETHERNET:
      return decode_typed (layer, 12, 14, ret_packet);
    case RT_LINK_COOKED:
      return decode_typed (layer, 14, 16, ret_packet);
    case RT_LINK_COOKED_2:
      return decode_typed (layer, 0, 20, ret_packet);
    case RT_LINK_NULL:
    case RT_LINK_LOOP:
      /* The address family differs from system to system; IP's version says as much. */
      return layer.bytes.length < 4 ? RT_FRAME_SHORT : decode_ip (inside (layer, 4), ret_packet);
    case 12: /* what some systems call DLT_RAW */
    case 14:
    case RT_LINK_RAW:
    case RT_LINK_IPV4:
    case RT_LINK_IPV6:
      return decode_ip (layer, ret_packet);
    default:
      return RT_FRAME_UNKNOWN_LINK;
    }
}

/**
 * rt_tcp_segment_decode:
 * @packet: a packet of %RT_IP_TCP that is no fragment
 * @ret_segment: (out): the segment in it
 *
 * Source: RFC 9293 §3.1.
 *
 * Returns: %RT_FRAME_IP, or what is wrong with it
 */
RtFrameVerdict
rt_tcp_segment_decode (const RtIpPacket *packet, RtTcpSegment *ret_segment)
{
  RtText bytes = packet->payload;
  gsize header;

  if (bytes.length < 20)
    return packet->missing > 0 ? RT_FRAME_SHORT : RT_FRAME_MALFORMED;
  header = (gsize)(get_8 (bytes, 12) >> 4) * 4;
  if (header < 20 || header > bytes.length + packet->missing)
    return RT_FRAME_MALFORMED;
  if (header > bytes.length)
    return RT_FRAME_SHORT;
  *ret_segment = (RtTcpSegment){ .source = packet->source,
                                 .destination = packet->destination,
                                 .source_port = (guint16)get_16 (bytes, 0),
                                 .destination_port = (guint16)get_16 (bytes, 2),
                                 .sequence = get_32 (bytes, 4),
                                 .acknowledged = get_32 (bytes, 8),
                                 .flags = get_8 (bytes, 13) & 0x1f,
                                 .payload = rt_text_sub (bytes, header, bytes.length - header),
                                 .missing = packet->missing };
  return RT_FRAME_IP;
}
