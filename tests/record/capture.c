/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Captures by hand. Checksums are left 0: nobody looks at them. */
#include "capture.h"

#include "rt-address.h"

static guint32
order_32 (const Capture *c, guint32 value)
{
  return c->about.swapped ? GUINT32_SWAP_LE_BE (value) : value;
}

static void
put_32 (Capture *c, guint32 value)
{
  value = order_32 (c, value);
  g_byte_array_append (c->file, (const guint8 *)&value, 4);
}

static void
put_16 (Capture *c, guint16 value)
{
  value = c->about.swapped ? GUINT16_SWAP_LE_BE (value) : value;
  g_byte_array_append (c->file, (const guint8 *)&value, 2);
}

static void
pad (GByteArray *to)
{
  static const guint8 zeros[4] = { 0 };

  g_byte_array_append (to, zeros, (4 - to->len % 4) % 4);
}

void
capture_block (Capture *c, guint32 type, const void *body, gsize length)
{
  guint32 total = (guint32)(12 + ((length + 3) & ~(gsize)3));

  put_32 (c, type);
  put_32 (c, total);
  g_byte_array_append (c->file, body, (guint)length);
  pad (c->file);
  put_32 (c, total);
}

static void
begin_pcapng (Capture *c)
{
  guint32 section[4] = { order_32 (c, 0x1a2b3c4d), 0, 0xffffffff, 0xffffffff };
  guint32 interface[5] = { 0 };
  guint16 link = (guint16)c->about.link;
  guint16 major = c->about.swapped ? 0x0100 : 1;
  guint16 option[2] = { 9, 1 };

  memcpy (&section[1], &major, 2);
  capture_block (c, 0x0a0d0d0a, section, sizeof section);
  if (c->about.swapped)
    {
      link = GUINT16_SWAP_LE_BE (link);
      option[0] = GUINT16_SWAP_LE_BE (option[0]);
      option[1] = GUINT16_SWAP_LE_BE (option[1]);
    }
  memcpy (interface, &link, 2);
  memcpy (&interface[2], option, 4);
  *(guint8 *)&interface[3] = c->about.nsec ? 9 : 6;
  capture_block (c, 1, interface, sizeof interface);
}

void
capture_init (Capture *c, const CaptureFile *about)
{
  *c = (Capture){ .file = g_byte_array_new (),
                  .about = *about,
                  .next = { 1000, 0xfffffff0 },
                  .ports = { 40000, 8000 },
                  .now = G_GINT64_CONSTANT (1767268800000000) };
  if (about->pcapng)
    {
      begin_pcapng (c);
      return;
    }
  put_32 (c, about->nsec ? 0xa1b23c4d : 0xa1b2c3d4);
  put_16 (c, 2);
  put_16 (c, 4);
  put_32 (c, 0);
  put_32 (c, 0);
  put_32 (c, 262144);
  put_32 (c, about->link);
}

void
capture_clear (Capture *c)
{
  g_byte_array_unref (c->file);
}

void
capture_name (Capture *c, const char *address, const char *name)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  guint16 record[2] = { 1, (guint16)(4 + strlen (name) + 1) };
  guint32 number = 0;
  guint8 bytes[4];

  g_assert_true (rt_ipv4_parse (rt_text (address), &number));
  number = GUINT32_TO_BE (number);
  memcpy (bytes, &number, sizeof bytes);
  g_byte_array_append (body, (const guint8 *)record, 4);
  g_byte_array_append (body, bytes, 4);
  g_byte_array_append (body, (const guint8 *)name, (guint)strlen (name) + 1);
  pad (body);
  g_byte_array_append (body, (const guint8[4]){ 0 }, 4);
  capture_block (c, 4, body->data, body->len);
}

static void
put_pcapng (Capture *c, const void *frame, gsize kept, gsize length)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  guint64 ticks = (guint64)c->now * (c->about.nsec ? 1000 : 1);
  guint32 header[5] = { 0, order_32 (c, (guint32)(ticks >> 32)), order_32 (c, (guint32)ticks),
                        order_32 (c, (guint32)kept), order_32 (c, (guint32)length) };

  g_byte_array_append (body, (const guint8 *)header, sizeof header);
  g_byte_array_append (body, frame, (guint)kept);
  pad (body);
  if (c->comment != NULL)
    {
      guint16 option[2] = { 1, (guint16)strlen (c->comment) };

      if (c->about.swapped)
        option[0] = GUINT16_SWAP_LE_BE (option[0]), option[1] = GUINT16_SWAP_LE_BE (option[1]);
      g_byte_array_append (body, (const guint8 *)option, 4);
      g_byte_array_append (body, (const guint8 *)c->comment, (guint)strlen (c->comment));
      pad (body);
      g_byte_array_append (body, (const guint8[4]){ 0 }, 4);
    }
  capture_block (c, 6, body->data, body->len);
}

void
capture_frame (Capture *c, const void *frame, gsize length)
{
  gsize kept = c->snap > 0 ? MIN (length, c->snap) : length;

  c->now += 1000;
  if (c->about.pcapng)
    {
      put_pcapng (c, frame, kept, length);
      return;
    }
  put_32 (c, (guint32)(c->now / 1000000));
  put_32 (c, (guint32)(c->now % 1000000) * (c->about.nsec ? 1000 : 1));
  put_32 (c, (guint32)kept);
  put_32 (c, (guint32)length);
  g_byte_array_append (c->file, frame, (guint)kept);
}

static void
append_16 (GByteArray *to, guint value)
{
  g_byte_array_append (to, (const guint8[]){ (guint8)(value >> 8), (guint8)value }, 2);
}

static void
append_32 (GByteArray *to, guint32 value)
{
  append_16 (to, value >> 16);
  append_16 (to, value & 0xffff);
}

static void
append_link (GByteArray *to, const Capture *c)
{
  static const guint8 zeros[20] = { 0 };
  guint type = c->six ? 0x86dd : 0x0800;

  switch (c->about.link)
    {
    case RT_LINK_ETHERNET:
      g_byte_array_append (to, zeros, 12);
      if (c->vlan)
        {
          append_32 (to, 0x88a80007);
          append_32 (to, 0x81000008);
        }
      append_16 (to, type);
      break;
    case RT_LINK_COOKED:
      g_byte_array_append (to, zeros, 14);
      append_16 (to, type);
      break;
    case RT_LINK_COOKED_2:
      append_16 (to, type);
      g_byte_array_append (to, zeros, 18);
      break;
    case RT_LINK_NULL:
      g_byte_array_append (to, (const guint8[]){ c->six ? 30 : 2, 0, 0, 0 }, 4);
      break;
    case RT_LINK_LOOP:
      append_32 (to, c->six ? 30 : 2);
      break;
    default:
      break;
    }
}

static void
append_ip (GByteArray *to, const Capture *c, int from, gsize payload, guint offset, gboolean more)
{
  static const guint8 options[4] = { 1, 1, 1, 0 };
  guint extension = c->extension ? (c->six ? 8 : 4) : 0;

  if (c->six)
    {
      guint fragment = c->fragment > 0 ? 8 : 0;
      guint8 address[16] = { 0x20, 0x01, 0x0d, 0xb8 };

      append_32 (to, 0x60000000);
      append_16 (to, (guint)payload + extension + fragment);
      g_byte_array_append (to,
                           (const guint8[]){ extension > 0  ? 0
                                             : fragment > 0 ? 44
                                                            : 6,
                                             64 },
                           2);
      address[15] = from == CLIENT ? 1 : 2;
      g_byte_array_append (to, address, 16);
      address[15] = from == CLIENT ? 2 : 1;
      g_byte_array_append (to, address, 16);
      if (extension > 0)
        g_byte_array_append (to, (const guint8[]){ fragment > 0 ? 44 : 6, 0, 1, 4, 0, 0, 0, 0 }, 8);
      if (fragment > 0)
        {
          g_byte_array_append (to, (const guint8[]){ 6, 0 }, 2);
          append_16 (to, offset | more);
          append_32 (to, (guint32)c->now);
        }
      return;
    }
  append_16 (to, 0x4000 | (5 + extension / 4) << 8);
  append_16 (to, 20 + extension + (guint)payload);
  append_16 (to, (guint)(c->now / 1000) & 0xffff);
  append_16 (to, offset / 8 | (more ? 0x2000 : 0));
  append_32 (to, 0x40060000);
  append_32 (to, from == CLIENT ? 0x0a000001 : 0x0a000002);
  append_32 (to, from == CLIENT ? 0x0a000002 : 0x0a000001);
  if (extension > 0)
    g_byte_array_append (to, options, 4);
}

static void
send_ip (Capture *c, int from, const GByteArray *segment)
{
  guint step = c->fragment > 0 ? c->fragment : segment->len;
  gint64 then = c->now;

  for (guint at = 0; at < segment->len; at += step)
    {
      g_autoptr (GByteArray) frame = g_byte_array_new ();
      guint length = MIN (step, segment->len - at);

      c->now = then;
      append_link (frame, c);
      append_ip (frame, c, from, length, at, at + length < segment->len);
      g_byte_array_append (frame, segment->data + at, length);
      /* Ethernet's frames have 60 bytes at least. */
      while (c->about.link == RT_LINK_ETHERNET && frame->len < 60)
        g_byte_array_append (frame, (const guint8[]){ 0 }, 1);
      capture_frame (c, frame->data, frame->len);
    }
}

void
capture_tcp_at (Capture *c, int from, guint flags, guint32 sequence, const char *payload)
{
  g_autoptr (GByteArray) segment = g_byte_array_new ();

  append_16 (segment, c->ports[from]);
  append_16 (segment, c->ports[!from]);
  append_32 (segment, sequence);
  append_32 (segment, (flags & RT_TCP_ACK) != 0 ? c->next[!from] : 0);
  append_16 (segment, 0x6000 | flags); /* 4 bytes of options */
  append_16 (segment, 0xffff);
  append_32 (segment, 0);
  append_32 (segment, 0x01010101);
  g_byte_array_append (segment, (const guint8 *)payload, (guint)strlen (payload));
  send_ip (c, from, segment);
}

void
capture_tcp (Capture *c, int from, guint flags, const char *payload)
{
  guint32 sequence = c->next[from];

  c->next[from]
      += (guint32)strlen (payload) + ((flags & RT_TCP_SYN) != 0) + ((flags & RT_TCP_FIN) != 0);
  capture_tcp_at (c, from, flags, sequence, payload);
}

void
capture_open (Capture *c)
{
  capture_tcp (c, CLIENT, RT_TCP_SYN, "");
  capture_tcp (c, SERVER, RT_TCP_SYN | RT_TCP_ACK, "");
  capture_tcp (c, CLIENT, RT_TCP_ACK, "");
}

void
capture_send (Capture *c, int from, const char *payload)
{
  capture_tcp (c, from, RT_TCP_ACK | RT_TCP_PSH, payload);
  capture_tcp (c, !from, RT_TCP_ACK, "");
}

void
capture_close (Capture *c)
{
  capture_tcp (c, CLIENT, RT_TCP_FIN | RT_TCP_ACK, "");
  capture_tcp (c, SERVER, RT_TCP_FIN | RT_TCP_ACK, "");
  capture_tcp (c, CLIENT, RT_TCP_ACK, "");
}
