/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Frames made up for what went over a connection. What a reader of frames checks is right: lengths,
 * checksums, options. Numbers of blocks stand in the order of bytes of whoever writes
 * (draft-ietf-opsawg-pcapng-03 §3.6), which here is always the little end first. */
#include "rt-frame-writer.h"

#include <string.h>

#define ETHERNET 14
#define TTL 64
/* Windows of 64 KiB × 2^14 (RFC 7323 §2.3): no sender was ever held up in what is written. */
#define WINDOW 0xffff
#define WINDOW_SHIFT 14

static void
append_16 (GByteArray *out, guint value)
{
  g_byte_array_append (out, (const guint8[]){ (guint8)(value >> 8), (guint8)value }, 2);
}

static void
append_32 (GByteArray *out, guint32 value)
{
  append_16 (out, value >> 16);
  append_16 (out, value & 0xffff);
}

/* RFC 1071 §4.1, going on from @sum. */
static guint32
add_up (guint32 sum, const guint8 *data, gsize length)
{
  for (gsize i = 0; i + 1 < length; i += 2)
    {
      sum += (guint32)data[i] << 8 | data[i + 1];
      sum = (sum & 0xffff) + (sum >> 16);
    }
  if (length % 2 == 1)
    sum += (guint32)data[length - 1] << 8;
  return (sum & 0xffff) + (sum >> 16);
}

static void
set_checksum (GByteArray *out, gsize at, guint32 sum)
{
  guint16 checksum;

  sum = (sum & 0xffff) + (sum >> 16);
  checksum = (guint16)~sum;
  out->data[at] = (guint8)(checksum >> 8);
  out->data[at + 1] = (guint8)checksum;
}

/* A card's address for an IP address, one that nobody was given (IEEE 802: locally administered).
 */
static void
append_card (GByteArray *out, const RtIpAddress *address)
{
  const guint8 *tail = address->bytes + address->length - 4;

  g_byte_array_append (out, (const guint8[]){ 2, 0 }, 2);
  g_byte_array_append (out, tail, 4);
}

static void
append_ipv4 (GByteArray *out, const RtFrame *frame, gsize length)
{
  gsize at = out->len;

  append_16 (out, 0x4500);
  append_16 (out, (guint)(20 + length));
  append_16 (out, frame->identification);
  append_16 (out, 0x4000); /* not to be fragmented */
  append_16 (out, TTL << 8 | RT_IP_TCP);
  append_16 (out, 0);
  g_byte_array_append (out, frame->segment.source.bytes, 4);
  g_byte_array_append (out, frame->segment.destination.bytes, 4);
  set_checksum (out, at + 10, add_up (0, out->data + at, 20));
}

static void
append_ipv6 (GByteArray *out, const RtFrame *frame, gsize length)
{
  append_32 (out, 0x60000000);
  append_16 (out, (guint)length);
  append_16 (out, RT_IP_TCP << 8 | TTL);
  g_byte_array_append (out, frame->segment.source.bytes, 16);
  g_byte_array_append (out, frame->segment.destination.bytes, 16);
}

/* RFC 9293 §3.1; its checksum is over the addresses, too. */
static void
append_tcp (GByteArray *out, const RtFrame *frame)
{
  const RtTcpSegment *segment = &frame->segment;
  const gsize at = out->len;
  const guint header = frame->options ? 28 : 20;
  gsize length = header + segment->payload.length;
  guint32 sum = RT_IP_TCP + (guint32)length;

  append_16 (out, segment->source_port);
  append_16 (out, segment->destination_port);
  append_32 (out, segment->sequence);
  append_32 (out, (segment->flags & RT_TCP_ACK) != 0 ? segment->acknowledged : 0);
  append_16 (out, header / 4 << 12 | segment->flags);
  append_16 (out, WINDOW);
  append_32 (out, 0);
  if (frame->options)
    {
      append_16 (out, 0x0204); /* the largest segment */
      append_16 (out, RT_FRAME_PAYLOAD_MAX (segment->source));
      append_32 (out, 0x01030300 | WINDOW_SHIFT);
    }
  if (segment->payload.length > 0)
    g_byte_array_append (out, (const guint8 *)segment->payload.at, (guint)segment->payload.length);
  sum = add_up (sum, segment->source.bytes, segment->source.length);
  sum = add_up (sum, segment->destination.bytes, segment->destination.length);
  set_checksum (out, at + 16, add_up (sum, out->data + at, length));
}

/**
 * rt_frame_append:
 * @out: what it is appended to
 * @frame: a frame whose payload fits: %RT_FRAME_PAYLOAD_MAX
 *
 * Writes it as Ethernet.
 */
void
rt_frame_append (GByteArray *out, const RtFrame *frame)
{
  const RtTcpSegment *segment = &frame->segment;
  gsize length = (frame->options ? 28 : 20) + segment->payload.length;
  gboolean four = segment->source.length == 4;

  append_card (out, &segment->destination);
  append_card (out, &segment->source);
  append_16 (out, four ? 0x0800 : 0x86dd);
  if (four)
    append_ipv4 (out, frame, length);
  else
    append_ipv6 (out, frame, length);
  append_tcp (out, frame);
}

/* Blocks */

static void
put_32 (GByteArray *out, guint32 value)
{
  value = GUINT32_TO_LE (value);
  g_byte_array_append (out, (const guint8 *)&value, sizeof value);
}

static void
put_16 (GByteArray *out, guint value)
{
  guint16 small = GUINT16_TO_LE ((guint16)value);

  g_byte_array_append (out, (const guint8 *)&small, sizeof small);
}

/* Up to a multiple of 4 bytes from @from on. */
static void
pad (GByteArray *out, gsize from)
{
  static const guint8 zeros[4] = { 0 };

  g_byte_array_append (out, zeros, (guint)((4 - (out->len - from) % 4) % 4));
}

/* Returns where the block begins. */
static gsize
begin_block (GByteArray *out, guint32 type)
{
  gsize at = out->len;

  put_32 (out, type);
  put_32 (out, 0);
  return at;
}

static void
end_block (GByteArray *out, gsize at)
{
  guint32 length;

  pad (out, at);
  length = (guint32)(out->len - at) + 4;
  put_32 (out, length);
  length = GUINT32_TO_LE (length);
  memcpy (out->data + at + 4, &length, sizeof length);
}

/* Options have 16 bits for their length; of longer ones the beginning is written. */
static void
put_option (GByteArray *out, guint code, RtText value)
{
  guint length = (guint)MIN (value.length, G_MAXUINT16 - 3);

  put_16 (out, code);
  put_16 (out, length);
  g_byte_array_append (out, (const guint8 *)value.at, length);
  pad (out, 0);
}

/**
 * rt_pcapng_append_section:
 * @application: who writes it
 * @comment: (nullable): on all of it
 *
 * A section of unknown length, §4.1.
 */
void
rt_pcapng_append_section (GByteArray *out, const char *application, const char *comment)
{
  gsize at;

  g_return_if_fail (out->len % 4 == 0);
  at = begin_block (out, 0x0a0d0d0a);
  put_32 (out, 0x1a2b3c4d);
  put_16 (out, 1);
  put_16 (out, 0);
  put_32 (out, G_MAXUINT32);
  put_32 (out, G_MAXUINT32);
  if (comment != NULL)
    put_option (out, 1, rt_text (comment));
  put_option (out, 4, rt_text (application));
  put_32 (out, 0);
  end_block (out, at);
}

/**
 * rt_pcapng_append_interface:
 * @name: what it is called
 * @description: (nullable): more of it
 *
 * An interface whose times are microseconds and whose packets are whole, §4.2.
 */
void
rt_pcapng_append_interface (GByteArray *out,
                            guint link_type,
                            const char *name,
                            const char *description)
{
  gsize at = begin_block (out, 1);

  put_16 (out, link_type);
  put_16 (out, 0);
  put_32 (out, 0);
  put_option (out, 2, rt_text (name));
  if (description != NULL)
    put_option (out, 3, rt_text (description));
  put_32 (out, 0);
  end_block (out, at);
}

/** rt_pcapng_append_name: a block with the name of an address, §4.5. */
void
rt_pcapng_append_name (GByteArray *out, const RtIpAddress *address, const char *name)
{
  gsize at = begin_block (out, 4);
  gsize length = MIN (strlen (name), 1000);

  put_16 (out, address->length == 4 ? 1 : 2);
  put_16 (out, (guint)(address->length + length + 1));
  g_byte_array_append (out, address->bytes, address->length);
  g_byte_array_append (out, (const guint8 *)name, (guint)length);
  g_byte_array_append (out, (const guint8 *)"", 1);
  pad (out, 0);
  put_32 (out, 0);
  end_block (out, at);
}

/**
 * rt_pcapng_append_packet:
 * @interface: its number in the section, from 0
 * @frame: its bytes
 * @comment: on it; none: there is none
 *
 * A packet, §4.3.
 */
void
rt_pcapng_append_packet (
    GByteArray *out, guint interface, RtTime time, const GByteArray *frame, RtText comment)
{
  gsize at = begin_block (out, 6);

  put_32 (out, interface);
  put_32 (out, (guint32)((guint64)time >> 32));
  put_32 (out, (guint32)(guint64)time);
  put_32 (out, frame->len);
  put_32 (out, frame->len);
  g_byte_array_append (out, frame->data, frame->len);
  pad (out, 0);
  if (comment.length > 0)
    {
      put_option (out, 1, comment);
      put_32 (out, 0);
    }
  end_block (out, at);
}
