/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The TCP connections of a capture. A connection is its two addresses and ports, from the first
 * segment with bytes or SYN on until the same ports are used for another one: that is when a SYN
 * comes with another number than before. It may be seen from its middle on, and may have no end. */
#include "rt-tcp-tracker.h"

/* Bytes that wait in all streams together; the connection whose segment comes gives up what it
 * misses when they are more. */
#define HELD_MAX (64 * 1024 * 1024)

/* What tells connections apart, the same for both directions. */
typedef struct
{
  RtIpAddress low, high;
  guint16 low_port, high_port;
} Key;

typedef struct
{
  RtTcpConnection about; /* first */
  Key key;
  RtTcpStream *streams[2];
  guint32 first_syn[2];
  gboolean has_syn[2];
  gboolean up, over;
  GList link; /* in tracker->order */
} Connection;

struct _RtTcpTracker
{
  const RtTcpSink *sink;
  gpointer data;
  GHashTable *connections; /* Key → Connection; looked up, never walked */
  GQueue order;            /* Connection, the one that was silent longest first */
  guint64 n_seen, n_let_go;
  gsize held;
};

static guint
hash_key (gconstpointer data)
{
  const guint8 *bytes = data;
  guint hash = 2166136261u;

  for (gsize i = 0; i < sizeof (Key); i++)
    hash = (hash ^ bytes[i]) * 16777619u;
  return hash;
}

static gboolean
equal_keys (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (Key)) == 0;
}

static Key
key_of (const RtTcpSegment *segment)
{
  int order = memcmp (&segment->source, &segment->destination, sizeof segment->source);
  gboolean low = order < 0 || (order == 0 && segment->source_port <= segment->destination_port);
  Key key;

  /* Compared byte by byte: what is between the members, too. */
  memset (&key, 0, sizeof key);
  key.low = low ? segment->source : segment->destination;
  key.high = low ? segment->destination : segment->source;
  key.low_port = low ? segment->source_port : segment->destination_port;
  key.high_port = low ? segment->destination_port : segment->source_port;
  return key;
}

/**
 * rt_tcp_tracker_new:
 * @sink: told of what happens; static
 * @data: for it
 *
 * Returns: (transfer full): nothing was seen yet
 */
RtTcpTracker *
rt_tcp_tracker_new (const RtTcpSink *sink, gpointer data)
{
  RtTcpTracker *tracker = g_new0 (RtTcpTracker, 1);

  tracker->sink = sink;
  tracker->data = data;
  tracker->connections = g_hash_table_new (hash_key, equal_keys);
  g_queue_init (&tracker->order);
  return tracker;
}

static void
free_connection (RtTcpTracker *tracker, Connection *connection)
{
  /* What waits behind the end of a stream waits in vain. */
  for (guint from = 0; from < 2; from++)
    tracker->held -= rt_tcp_stream_get_held (connection->streams[from]);
  rt_tcp_stream_free (connection->streams[RT_FORWARD]);
  rt_tcp_stream_free (connection->streams[RT_BACKWARD]);
  g_free (connection);
}

void
rt_tcp_tracker_free (RtTcpTracker *tracker)
{
  GList *link;

  while ((link = g_queue_pop_head_link (&tracker->order)) != NULL)
    free_connection (tracker, link->data);
  g_hash_table_unref (tracker->connections);
  g_free (tracker);
}

/* Tells what can be told of a stream. */
static void
drain (RtTcpTracker *tracker, Connection *connection, RtDirection from, RtTime time)
{
  RtTcpStream *stream = connection->streams[from];
  gsize before = rt_tcp_stream_get_held (stream);
  RtTcpStreamEvent event;

  while (rt_tcp_stream_next (stream, &event) != RT_TCP_NOTHING)
    {
      if (connection->over)
        continue;
      if (event.kind == RT_TCP_BYTES)
        tracker->sink->bytes (tracker->data, &connection->about, from, time, event.bytes);
      else if (event.kind == RT_TCP_GAP)
        tracker->sink->gap (tracker->data, &connection->about, from, time, event.length, event.why);
      else
        tracker->sink->ended (tracker->data, &connection->about, from, time);
    }
  tracker->held -= before - rt_tcp_stream_get_held (stream);
}

static void
give_up (RtTcpTracker *tracker, Connection *connection, RtTime time)
{
  for (guint from = 0; from < 2; from++)
    {
      rt_tcp_stream_flush (connection->streams[from]);
      drain (tracker, connection, from, time);
    }
}

static void
forget (RtTcpTracker *tracker, Connection *connection, RtTime time)
{
  give_up (tracker, connection, time);
  tracker->sink->forgotten (tracker->data, &connection->about, time);
  g_hash_table_remove (tracker->connections, &connection->key);
  g_queue_unlink (&tracker->order, &connection->link);
  free_connection (tracker, connection);
}

static Connection *
open_connection (RtTcpTracker *tracker, const RtTcpSegment *segment, RtTime time)
{
  Connection *connection = g_new0 (Connection, 1);
  /* SYN and ACK come from the one who accepts. */
  gboolean accepts = (segment->flags & (RT_TCP_SYN | RT_TCP_ACK)) == (RT_TCP_SYN | RT_TCP_ACK);
  RtDirection from = accepts ? RT_BACKWARD : RT_FORWARD;

  if (tracker->order.length == RT_TCP_OPEN_MAX)
    {
      forget (tracker, tracker->order.head->data, time);
      tracker->n_let_go++;
    }
  connection->about.number = tracker->n_seen++;
  connection->about.opening = (segment->flags & RT_TCP_SYN) != 0;
  connection->about.ends[from] = segment->source;
  connection->about.ports[from] = segment->source_port;
  connection->about.ends[!from] = segment->destination;
  connection->about.ports[!from] = segment->destination_port;
  connection->key = key_of (segment);
  connection->streams[RT_FORWARD] = rt_tcp_stream_new ();
  connection->streams[RT_BACKWARD] = rt_tcp_stream_new ();
  connection->link.data = connection;
  g_hash_table_insert (tracker->connections, &connection->key, connection);
  g_queue_push_tail_link (&tracker->order, &connection->link);
  tracker->sink->opened (tracker->data, &connection->about, time);
  return connection;
}

static RtDirection
direction_of (const Connection *connection, const RtTcpSegment *segment)
{
  return memcmp (&connection->about.ends[RT_FORWARD], &segment->source, sizeof segment->source) == 0
                 && connection->about.ports[RT_FORWARD] == segment->source_port
             ? RT_FORWARD
             : RT_BACKWARD;
}

/* The connection that @segment is of, NULL if it is of none that is worth being told of. */
static Connection *
find_connection (RtTcpTracker *tracker, const RtTcpSegment *segment, RtTime time)
{
  Key key = key_of (segment);
  Connection *connection = g_hash_table_lookup (tracker->connections, &key);
  gboolean opens = (segment->flags & RT_TCP_SYN) != 0;
  gboolean speaks = segment->payload.length + segment->missing > 0;

  if (connection != NULL && opens)
    {
      RtDirection from = direction_of (connection, segment);
      RtTcpStream *stream = connection->streams[from];
      gboolean same = connection->has_syn[from] ? connection->first_syn[from] == segment->sequence
                                                : !rt_tcp_stream_has_begun (stream);

      if (!same)
        {
          forget (tracker, connection, time);
          connection = NULL;
        }
    }
  if (connection == NULL && (opens || speaks))
    connection = open_connection (tracker, segment, time);
  return connection;
}

static void
note_handshake (RtTcpTracker *tracker,
                Connection *connection,
                const RtTcpSegment *segment,
                RtDirection from,
                RtTime time)
{
  if ((segment->flags & RT_TCP_SYN) != 0)
    {
      connection->has_syn[from] = TRUE;
      connection->first_syn[from] = segment->sequence;
      return;
    }
  if (connection->up || !connection->has_syn[!from] || (segment->flags & RT_TCP_RST) != 0)
    return;
  connection->up = TRUE;
  tracker->sink->established (tracker->data, &connection->about, time);
}

static void
cut (RtTcpTracker *tracker, Connection *connection, RtDirection from, RtTime time)
{
  give_up (tracker, connection, time);
  if (connection->over)
    return;
  connection->over = TRUE;
  connection->about.refused = connection->about.opening && !connection->up;
  tracker->sink->reset (tracker->data, &connection->about, from, time);
}

/**
 * rt_tcp_tracker_add:
 * @tracker: a tracker
 * @segment: a segment; borrowed
 * @time: when it was captured
 */
void
rt_tcp_tracker_add (RtTcpTracker *tracker, const RtTcpSegment *segment, RtTime time)
{
  Connection *connection = find_connection (tracker, segment, time);
  RtTcpStream *stream;
  RtDirection from;
  gsize before;

  if (connection == NULL)
    return;
  g_queue_unlink (&tracker->order, &connection->link);
  g_queue_push_tail_link (&tracker->order, &connection->link);
  from = direction_of (connection, segment);
  note_handshake (tracker, connection, segment, from, time);
  if ((segment->flags & RT_TCP_ACK) != 0)
    {
      rt_tcp_stream_acknowledge (connection->streams[!from], segment->acknowledged);
      drain (tracker, connection, !from, time);
    }
  if ((segment->flags & RT_TCP_RST) != 0)
    {
      cut (tracker, connection, from, time);
      return;
    }
  stream = connection->streams[from];
  before = rt_tcp_stream_get_held (stream);
  rt_tcp_stream_add (stream, segment);
  tracker->held += rt_tcp_stream_get_held (stream) - before;
  drain (tracker, connection, from, time);
  if (tracker->held > HELD_MAX)
    give_up (tracker, connection, time);
}

/**
 * rt_tcp_tracker_finish:
 * @tracker: a tracker
 * @time: of the last packet
 *
 * The capture is over: tells what is left to be told. Connections that are open stay so.
 */
void
rt_tcp_tracker_finish (RtTcpTracker *tracker, RtTime time)
{
  while (tracker->order.length > 0)
    forget (tracker, tracker->order.head->data, time);
}

/**
 * rt_tcp_tracker_count:
 * @tracker: a tracker
 *
 * Returns: how many connections were seen
 */
guint64
rt_tcp_tracker_count (RtTcpTracker *tracker)
{
  return tracker->n_seen;
}

/**
 * rt_tcp_tracker_count_let_go:
 * @tracker: a tracker
 *
 * Returns: how many of them were not followed to their end because there were too many
 */
guint64
rt_tcp_tracker_count_let_go (RtTcpTracker *tracker)
{
  return tracker->n_let_go;
}
