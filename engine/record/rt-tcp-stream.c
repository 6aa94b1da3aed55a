/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One direction of a TCP connection.
 *
 * Sequence numbers wrap around after 4 GiB (RFC 9293 §3.4). Here a place in the stream is a number
 * of 64 bits, counted from the first byte that is known of; a segment's place is the one nearest to
 * what is expected next. Of bytes that come twice those are taken that are in order first and, of
 * those that wait, the first ones.
 *
 * A sniffer misses packets that the receiver has got. A hole is given up, as a gap, when the
 * receiver acknowledges bytes behind it, when more waits behind it than is kept, and at the end. */
#include "rt-tcp-stream.h"

/* Windows are smaller than 2^30 (RFC 7323 §2.3); what lies further away belongs to something
 * else. */
#define DISTANCE_MAX (G_GINT64_CONSTANT (1) << 30)

/* A segment that is ahead of what is expected. */
typedef struct
{
  gint64 start;
  gsize length, missing;
  guint8 *bytes;
} Ahead;

struct _RtTcpStream
{
  gboolean begun;
  guint32 base;    /* sequence number of place 0 */
  gint64 next;     /* place of the first byte that was not given out */
  gint64 end;      /* place of FIN; -1: not seen */
  gint64 acked;    /* the receiver has what is before it */
  gboolean ended;  /* END was given out */
  gboolean giving; /* give up what is missing, until there is nothing more to be given out */

  RtText now; /* of the segment added last, in order: to be given out first */
  gsize now_missing;
  GArray *ahead; /* Ahead, by start, without overlap */
  gsize held;
  guint8 *given; /* bytes of an Ahead, given out last */
};

/**
 * rt_tcp_stream_new:
 *
 * Returns: (transfer full): a stream that begins with what is added first
 */
RtTcpStream *
rt_tcp_stream_new (void)
{
  RtTcpStream *stream = g_new0 (RtTcpStream, 1);

  stream->end = -1;
  stream->ahead = g_array_new (FALSE, FALSE, sizeof (Ahead));
  return stream;
}

static Ahead *
ahead_at (RtTcpStream *stream, guint i)
{
  return &g_array_index (stream->ahead, Ahead, i);
}

void
rt_tcp_stream_free (RtTcpStream *stream)
{
  for (guint i = 0; i < stream->ahead->len; i++)
    g_free (ahead_at (stream, i)->bytes);
  g_array_unref (stream->ahead);
  g_free (stream->given);
  g_free (stream);
}

static gint64
place_of (RtTcpStream *stream, guint32 number)
{
  return stream->next + (gint32)(number - (stream->base + (guint32)stream->next));
}

static gint64
end_of (const Ahead *ahead)
{
  return ahead->start + (gint64)(ahead->length + ahead->missing);
}

/* Keeps the part [from, to) of a segment that starts at @start. */
static void
keep_part (RtTcpStream *stream, guint i, gint64 start, RtText payload, gint64 from, gint64 to)
{
  gint64 captured_end = start + (gint64)payload.length;
  gsize length = from < captured_end ? (gsize)(MIN (to, captured_end) - from) : 0;
  Ahead ahead = { .start = from,
                  .length = length,
                  .missing = (gsize)(to - from) - length,
                  .bytes = g_memdup2 (payload.at + (length > 0 ? from - start : 0), length) };

  g_array_insert_val (stream->ahead, i, ahead);
  stream->held += length;
}

/* Keeps what is not kept yet of a segment that is ahead. */
static void
keep (RtTcpStream *stream, gint64 start, RtText payload, gsize missing)
{
  gint64 end = start + (gint64)(payload.length + missing);
  gint64 at = start;
  guint i = 0;

  while (i < stream->ahead->len && end_of (ahead_at (stream, i)) <= at)
    i++;
  for (; at < end; i++)
    {
      gint64 stop = i < stream->ahead->len ? MIN (end, ahead_at (stream, i)->start) : end;

      if (at < stop)
        keep_part (stream, i++, start, payload, at, stop);
      if (i >= stream->ahead->len)
        break;
      at = MAX (at, end_of (ahead_at (stream, i)));
    }
}

/* Where a stream begins that was first seen by @segment. */
static void
begin (RtTcpStream *stream, const RtTcpSegment *segment)
{
  stream->begun = TRUE;
  stream->base = segment->sequence + ((segment->flags & RT_TCP_SYN) != 0);
}

/**
 * rt_tcp_stream_add:
 * @stream: a stream, of which everything was taken
 * @segment: a segment of it; its payload is borrowed until the stream is asked for nothing more
 *
 * Adds what is new in @segment. Bytes that are in order are not copied.
 */
void
rt_tcp_stream_add (RtTcpStream *stream, const RtTcpSegment *segment)
{
  gsize whole = segment->payload.length + segment->missing;
  RtText payload = segment->payload;
  gint64 start, end;

  if (!stream->begun)
    begin (stream, segment);
  start = place_of (stream, segment->sequence) + ((segment->flags & RT_TCP_SYN) != 0);
  end = start + (gint64)whole;
  if (start - stream->next > DISTANCE_MAX || stream->next - start > DISTANCE_MAX)
    return;
  if ((segment->flags & RT_TCP_FIN) != 0 && stream->end < 0 && end >= stream->next)
    stream->end = end;
  if (end <= stream->next)
    return;
  if (start > stream->next)
    {
      keep (stream, start, payload, segment->missing);
      return;
    }
  if (stream->next - start < (gint64)payload.length)
    {
      gsize skip = (gsize)(stream->next - start);

      stream->now = rt_text_sub (payload, skip, payload.length - skip);
      stream->now_missing = segment->missing;
    }
  else
    stream->now_missing = (gsize)(end - stream->next);
}

/**
 * rt_tcp_stream_acknowledge:
 * @stream: a stream
 * @number: the receiver has got everything before it
 */
void
rt_tcp_stream_acknowledge (RtTcpStream *stream, guint32 number)
{
  gint64 place;

  if (!stream->begun)
    return;
  place = place_of (stream, number);
  if (place - stream->next <= DISTANCE_MAX)
    stream->acked = MAX (stream->acked, place);
}

/**
 * rt_tcp_stream_flush:
 * @stream: a stream
 *
 * Gives up what is missing before what waits.
 */
void
rt_tcp_stream_flush (RtTcpStream *stream)
{
  stream->giving = TRUE;
}

static RtTcpStreamKind
give_gap (RtTcpStream *stream, RtTcpStreamEvent *event, guint64 length, const char *why)
{
  stream->next += (gint64)length;
  event->length = length;
  event->why = why;
  return event->kind = RT_TCP_GAP;
}

static RtTcpStreamKind
give_now (RtTcpStream *stream, RtTcpStreamEvent *event)
{
  if (stream->now.length > 0)
    {
      event->bytes = stream->now;
      stream->next += (gint64)stream->now.length;
      stream->now = RT_TEXT_NONE;
      return event->kind = RT_TCP_BYTES;
    }
  if (stream->now_missing > 0)
    {
      gsize missing = stream->now_missing;

      stream->now_missing = 0;
      return give_gap (stream, event, missing, "the sniffer cut the packet off");
    }
  return RT_TCP_NOTHING;
}

/* Bytes that waited and whose turn it is; what of them was given out meanwhile is left out. */
static void
take_first_ahead (RtTcpStream *stream)
{
  Ahead first = *ahead_at (stream, 0);
  gint64 old = stream->next - first.start;

  g_array_remove_index (stream->ahead, 0);
  stream->held -= first.length;
  g_free (stream->given);
  stream->given = first.bytes;
  if (old < (gint64)first.length)
    {
      stream->now = (RtText){ (const char *)first.bytes + old, first.length - (gsize)old };
      stream->now_missing = first.missing;
    }
  else if (stream->next < end_of (&first))
    stream->now_missing = (gsize)(end_of (&first) - stream->next);
}

/* Whether what stands between here and @to will not come any more. */
static gboolean
is_given_up (RtTcpStream *stream, gint64 to)
{
  return stream->giving || stream->acked > to || stream->held > RT_TCP_AHEAD_BYTES_MAX
         || stream->ahead->len > RT_TCP_AHEAD_MAX;
}

/**
 * rt_tcp_stream_next:
 * @stream: a stream
 * @ret_event: (out): what follows in it
 *
 * Returns: its kind
 */
RtTcpStreamKind
rt_tcp_stream_next (RtTcpStream *stream, RtTcpStreamEvent *ret_event)
{
  *ret_event = (RtTcpStreamEvent){ 0 };
  for (;;)
    {
      gint64 to;

      if (stream->ended)
        return RT_TCP_NOTHING;
      if (give_now (stream, ret_event) != RT_TCP_NOTHING)
        return ret_event->kind;
      if (stream->end >= 0 && stream->next >= stream->end)
        {
          stream->ended = TRUE;
          return ret_event->kind = RT_TCP_END;
        }
      if (stream->ahead->len > 0 && ahead_at (stream, 0)->start <= stream->next)
        {
          take_first_ahead (stream);
          continue;
        }
      to = stream->ahead->len > 0 ? ahead_at (stream, 0)->start : stream->end;
      if (to > stream->next && is_given_up (stream, to))
        return give_gap (stream, ret_event, (guint64)(to - stream->next), "they were not captured");
      stream->giving = FALSE;
      return RT_TCP_NOTHING;
    }
}

/**
 * rt_tcp_stream_get_held:
 * @stream: a stream
 *
 * Returns: bytes that wait
 */
gsize
rt_tcp_stream_get_held (RtTcpStream *stream)
{
  return stream->held;
}

/**
 * rt_tcp_stream_has_begun:
 * @stream: a stream
 *
 * Returns: whether anything was added
 */
gboolean
rt_tcp_stream_has_begun (RtTcpStream *stream)
{
  return stream->begun;
}
