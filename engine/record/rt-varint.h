/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whole numbers in as few bytes as they need: seven bits a byte, the lowest first, the top bit set
 * on all but the last; signed ones folded so that those near 0 are small. For this folder. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

static inline void
rt_varint_put (GByteArray *out, guint64 value)
{
  guint8 bytes[10];
  guint n = 0;

  for (; value >= 0x80; value >>= 7)
    bytes[n++] = (guint8)(value | 0x80);
  bytes[n++] = (guint8)value;
  g_byte_array_append (out, bytes, n);
}

static inline void
rt_varint_put_signed (GByteArray *out, gint64 value)
{
  rt_varint_put (out, ((guint64)value << 1) ^ (value < 0 ? G_MAXUINT64 : 0));
}

/**
 * RtVarintReader:
 * @at, @end: what is left to read
 * @failed: the bytes ended too early, or a number was no number; then all that is read is 0
 */
typedef struct
{
  const guint8 *at, *end;
  gboolean failed;
} RtVarintReader;

static inline guint64
rt_varint_get (RtVarintReader *in)
{
  guint64 value = 0;

  for (guint shift = 0; shift < 64 && in->at < in->end; shift += 7)
    {
      guint8 byte = *in->at++;

      value |= (guint64)(byte & 0x7f) << shift;
      if (byte < 0x80)
        return value;
    }
  in->failed = TRUE;
  in->at = in->end;
  return 0;
}

static inline gint64
rt_varint_get_signed (RtVarintReader *in)
{
  guint64 value = rt_varint_get (in);

  return (gint64)((value >> 1) ^ (0 - (value & 1)));
}

G_END_DECLS
