/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariant: whatever order segments of a stream come in, overlapping, twice, cut off or not at
 * all, the bytes that are told are those which stand at their places; none is told twice or left
 * out without a gap; and what waits stays within its caps.
 *
 * A segment is six bytes: its place (3), its length, how much of it was cut off, its flags. */
#include "rt-tcp-stream.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define BASE 0xffffff00u
#define RECORD 6

static guint8
byte_at (guint64 place)
{
  return (guint8)(place * 31 + (place >> 8));
}

typedef struct
{
  guint64 place; /* where the next byte that is told stands */
  gboolean begun, ended;
} Reader;

static void
drain (RtTcpStream *stream, Reader *reader)
{
  RtTcpStreamEvent event;

  while (rt_tcp_stream_next (stream, &event) != RT_TCP_NOTHING)
    {
      if (reader->ended)
        g_error ("something is told behind the end");
      for (gsize i = 0; i < event.bytes.length; i++)
        if ((guint8)event.bytes.at[i] != byte_at (reader->place + i))
          g_error ("a byte of another place");
      if (event.kind == RT_TCP_GAP && event.length == 0)
        g_error ("a gap of nothing");
      reader->place += event.bytes.length + event.length;
      reader->ended = event.kind == RT_TCP_END;
    }
  if (rt_tcp_stream_get_held (stream) > RT_TCP_AHEAD_BYTES_MAX + 65536)
    g_error ("more waits than may");
}

static void
add (RtTcpStream *stream, Reader *reader, const uint8_t *record)
{
  guint32 place = (guint32)record[0] | (guint32)record[1] << 8 | (guint32)(record[2] & 3) << 16;
  guint8 bytes[256];
  RtTcpSegment segment = { .sequence = BASE + place,
                           .payload = { (const char *)bytes, record[3] },
                           .missing = record[4] & 0x3f,
                           .flags = (record[5] & 1) != 0 ? RT_TCP_FIN : 0 };

  for (guint i = 0; i < record[3]; i++)
    bytes[i] = byte_at (place + i);
  if (!reader->begun)
    reader->place = place;
  reader->begun = TRUE;
  rt_tcp_stream_add (stream, &segment);
  drain (stream, reader);
  if ((record[5] & 2) != 0)
    rt_tcp_stream_acknowledge (stream, BASE + place);
  if ((record[5] & 4) != 0)
    rt_tcp_stream_flush (stream);
  drain (stream, reader);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (RtTcpStream) stream = rt_tcp_stream_new ();
  Reader reader = { 0 };

  for (size_t at = 0; at + RECORD <= size; at += RECORD)
    add (stream, &reader, data + at);
  rt_tcp_stream_flush (stream);
  drain (stream, &reader);
  if (!reader.ended && rt_tcp_stream_get_held (stream) > 0)
    g_error ("something was left behind");
  return 0;
}
