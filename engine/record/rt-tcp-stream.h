/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One direction of a TCP connection as a sniffer saw it: segments in, bytes in order out. */
#pragma once

#include "rt-frame.h"

G_BEGIN_DECLS

/** RT_TCP_AHEAD_BYTES_MAX: bytes that wait for what is missing before them. */
#define RT_TCP_AHEAD_BYTES_MAX (4 * 1024 * 1024)
/** RT_TCP_AHEAD_MAX: segments that do. */
#define RT_TCP_AHEAD_MAX 4096

/**
 * RtTcpStreamKind:
 * @RT_TCP_NOTHING: there is nothing more now
 * @RT_TCP_BYTES: bytes that follow
 * @RT_TCP_GAP: bytes that were sent and not captured
 * @RT_TCP_END: there were no more (FIN); once
 */
typedef enum
{
  RT_TCP_NOTHING,
  RT_TCP_BYTES,
  RT_TCP_GAP,
  RT_TCP_END,
} RtTcpStreamKind;

/** RtTcpStreamEvent: @bytes: borrowed until the stream is asked or fed again; @length: of a gap */
typedef struct
{
  RtTcpStreamKind kind;
  RtText bytes;
  guint64 length;
  const char *why;
} RtTcpStreamEvent;

typedef struct _RtTcpStream RtTcpStream;

RtTcpStream *rt_tcp_stream_new (void);
void rt_tcp_stream_free (RtTcpStream *stream);
void rt_tcp_stream_add (RtTcpStream *stream, const RtTcpSegment *segment);
void rt_tcp_stream_acknowledge (RtTcpStream *stream, guint32 number);
void rt_tcp_stream_flush (RtTcpStream *stream);
RtTcpStreamKind rt_tcp_stream_next (RtTcpStream *stream, RtTcpStreamEvent *ret_event);
gsize rt_tcp_stream_get_held (RtTcpStream *stream);
gboolean rt_tcp_stream_has_begun (RtTcpStream *stream);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtTcpStream, rt_tcp_stream_free)

G_END_DECLS
