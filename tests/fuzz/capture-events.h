/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What stands in a capture, told from its bytes to the connections in it: what the fuzz targets of
 * both formats have in common. */
#pragma once

#include "rt-capture-reader.h"
#include "rt-ip-fragments.h"
#include "rt-tcp-tracker.h"

#include <stdint.h>
#include <string.h>

/* Everything that is told, so that two ways to be told it can be compared. */
typedef struct
{
  GString *said;
  gint64 open;
} Told;

static void
told_opened (gpointer data, RtTcpConnection *connection, RtTime time)
{
  ((Told *)data)->open++;
}

static void
told_established (gpointer data, RtTcpConnection *connection, RtTime time)
{
}

static void
told_bytes (gpointer data, RtTcpConnection *connection, RtDirection from, RtTime time, RtText bytes)
{
  Told *told = data;

  if (bytes.length == 0)
    g_error ("no bytes were told of");
  g_string_append_printf (told->said, "%u%u:", (guint)connection->number, from);
  g_string_append_len (told->said, bytes.at, (gssize)bytes.length);
}

static void
told_gap (gpointer data,
          RtTcpConnection *connection,
          RtDirection from,
          RtTime time,
          guint64 length,
          const char *why)
{
  if (length == 0)
    g_error ("a gap of nothing");
  g_string_append_printf (((Told *)data)->said, "gap %" G_GUINT64_FORMAT, length);
}

static void
told_ended (gpointer data, RtTcpConnection *connection, RtDirection from, RtTime time)
{
  g_string_append_c (((Told *)data)->said, '.');
}

static void
told_forgotten (gpointer data, RtTcpConnection *connection, RtTime time)
{
  ((Told *)data)->open--;
}

static const RtTcpSink told_sink = { told_opened, told_established, told_bytes,    told_gap,
                                     told_ended,  told_ended,       told_forgotten };

static void
tell_packet (RtTcpTracker *tracker, RtIpFragments *fragments, const RtCaptureEvent *event)
{
  RtIpPacket ip;
  RtTcpSegment segment;

  if (rt_frame_decode (event->link_type, event->data, event->length, &ip) != RT_FRAME_IP
      || ip.protocol != RT_IP_TCP || (ip.fragment && !rt_ip_fragments_add (fragments, &ip, &ip))
      || rt_tcp_segment_decode (&ip, &segment) != RT_FRAME_IP)
    return;
  rt_tcp_tracker_add (tracker, &segment, event->time);
}

/* Feeds @data in pieces of @piece bytes. Returns what was told. */
static inline char *
tell_capture (const uint8_t *data, size_t size, size_t piece)
{
  g_autoptr (RtCaptureReader) reader = rt_capture_reader_new ();
  g_autoptr (RtIpFragments) fragments = rt_ip_fragments_new ();
  Told told = { g_string_new (NULL), 0 };
  g_autoptr (RtTcpTracker) tracker = rt_tcp_tracker_new (&told_sink, &told);
  RtCaptureEvent event = { 0 };

  for (size_t at = 0; event.kind != RT_CAPTURE_END && event.kind != RT_CAPTURE_BROKEN;)
    {
      size_t n = MIN (piece, size - at);

      if (n > 0)
        rt_capture_reader_feed (reader, data + at, n);
      else
        rt_capture_reader_end (reader);
      at += n;
      while (rt_capture_reader_next (reader, &event) != RT_CAPTURE_NEED_MORE
             && event.kind != RT_CAPTURE_END && event.kind != RT_CAPTURE_BROKEN)
        {
          g_string_append_printf (told.said, "[%u %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT "]",
                                  event.kind, event.offset, event.time);
          g_string_append_len (told.said, event.text.at, (gssize)event.text.length);
          if (event.kind == RT_CAPTURE_PACKET)
            tell_packet (tracker, fragments, &event);
        }
    }
  rt_tcp_tracker_finish (tracker, 0);
  if (told.open != 0)
    g_error ("connections were not forgotten");
  return g_string_free (told.said, FALSE);
}
