/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the readers of pcap and of pcapng share. */
#pragma once

#include "rt-capture-reader.h"

#include <string.h>

G_BEGIN_DECLS

/* An interface of pcapng; pcap has one. */
typedef struct
{
  guint link_type;
  guint32 snap_length; /* 0: no limit */
  guint64 per_second;  /* ticks */
  gint64 offset;       /* seconds that are added to each time */
} RtCaptureInterface;

struct _RtCaptureReader
{
  GByteArray *buffer;
  gsize at;       /* bytes of it that were read */
  gsize taken;    /* bytes that the event given last takes, read with the next call */
  guint64 offset; /* of the buffer's first byte in the file */
  gboolean ended, swapped;
  /* Reads what stands at the front; NULL: the magic number was not read yet. */
  RtCaptureKind (*read) (RtCaptureReader *reader, RtCaptureEvent *event);

  GArray *interfaces;
  guint64 n_packets;
  RtTime last;
  GString *problem;
  /* pcapng: bytes of a block of names that were given out */
  gsize names_at;
};

static inline guint32
rt_capture_get_32 (const RtCaptureReader *reader, const guint8 *at)
{
  guint32 value;

  memcpy (&value, at, sizeof value);
  return reader->swapped ? GUINT32_SWAP_LE_BE (value) : value;
}

static inline guint16
rt_capture_get_16 (const RtCaptureReader *reader, const guint8 *at)
{
  guint16 value;

  memcpy (&value, at, sizeof value);
  return reader->swapped ? GUINT16_SWAP_LE_BE (value) : value;
}

/* rt-capture-reader.c */
const guint8 *rt_capture_peek (RtCaptureReader *reader, gsize size);
RtCaptureKind rt_capture_short (RtCaptureReader *reader, RtCaptureEvent *event, const char *what);
RtCaptureKind
rt_capture_break (RtCaptureReader *reader, RtCaptureEvent *event, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
RtCaptureKind
rt_capture_problem (RtCaptureReader *reader, RtCaptureEvent *event, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
RtTime
rt_capture_time (RtCaptureReader *reader, const RtCaptureInterface *interface, guint64 ticks);

/* rt-capture-pcapng.c */
RtCaptureKind rt_capture_read_block (RtCaptureReader *reader, RtCaptureEvent *event);

G_END_DECLS
