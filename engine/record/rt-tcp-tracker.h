/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The TCP connections of a capture. */
#pragma once

#include "rt-event.h"
#include "rt-tcp-stream.h"

G_BEGIN_DECLS

/** RT_TCP_OPEN_MAX: connections that are followed at a time; over that the one that was silent
 * longest is let go. */
#define RT_TCP_OPEN_MAX 16384

/**
 * RtTcpConnection:
 * @number: from 0, in the order they were seen
 * @ends: by the direction in which each writes: %RT_FORWARD is the end that opened it or, where
 *   that was not captured, the one that was seen first
 * @ports: theirs
 * @opening: its SYN was captured
 * @refused: it was reset before it was up
 * @data: the sink's
 */
typedef struct
{
  guint64 number;
  RtIpAddress ends[2];
  guint16 ports[2];
  gboolean opening, refused;
  gpointer data;
} RtTcpConnection;

/**
 * RtTcpSink:
 * @opened: a connection was seen
 * @established: its handshake is over
 * @bytes: @from wrote bytes
 * @gap: it wrote bytes that were not captured; @length 0: not known how many
 * @ended: it writes no more
 * @reset: it cut the connection off
 * @forgotten: nothing more comes of it; it is freed after this
 *
 * Told of what happens, each at the time of the packet that shows it.
 */
typedef struct
{
  void (*opened) (gpointer data, RtTcpConnection *connection, RtTime time);
  void (*established) (gpointer data, RtTcpConnection *connection, RtTime time);
  void (*bytes) (
      gpointer data, RtTcpConnection *connection, RtDirection from, RtTime time, RtText bytes);
  void (*gap) (gpointer data,
               RtTcpConnection *connection,
               RtDirection from,
               RtTime time,
               guint64 length,
               const char *why);
  void (*ended) (gpointer data, RtTcpConnection *connection, RtDirection from, RtTime time);
  void (*reset) (gpointer data, RtTcpConnection *connection, RtDirection from, RtTime time);
  void (*forgotten) (gpointer data, RtTcpConnection *connection, RtTime time);
} RtTcpSink;

typedef struct _RtTcpTracker RtTcpTracker;

RtTcpTracker *rt_tcp_tracker_new (const RtTcpSink *sink, gpointer data);
void rt_tcp_tracker_free (RtTcpTracker *tracker);
void rt_tcp_tracker_add (RtTcpTracker *tracker, const RtTcpSegment *segment, RtTime time);
void rt_tcp_tracker_finish (RtTcpTracker *tracker, RtTime time);
guint64 rt_tcp_tracker_count (RtTcpTracker *tracker);
guint64 rt_tcp_tracker_count_let_go (RtTcpTracker *tracker);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtTcpTracker, rt_tcp_tracker_free)

G_END_DECLS
