/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shaping. The kernel carries bytes over loopback in no time; what a link does to them is done
 * before they are handed to it, or, where the sender is a program that is not ours, after they
 * were taken from it.
 *
 * What is put on a line is cut into segments as the sim cuts it, so that a link's faults are about
 * the same bytes, and the same link says when each arrives. A segment waits until there is room on
 * the line (WINDOW, where TCP would have a congestion window), leaves once the segments before it
 * have passed the bottleneck, and arrives, in order. One that is lost is sent again when TCP's
 * timeout says so, and those behind it wait for it. */
#include "rt-live-line.h"

#include "rt-sim-congestion.h"
#include "rt-sim-tcp.h"

/* Bytes on the line at a time. */
#define WINDOW (128 * 1024)
#define HANDSHAKE_NUMBER 0

typedef struct
{
  GBytes *bytes; /* NULL: a FIN */
  guint64 cause;
  gboolean lost;
  RtTime leaves, arrives;
} Piece;

struct _RtLiveLine
{
  RtDriverCore *core;
  RtLiveRoute route;
  RtPartyId from, to;
  const RtLiveLineOps *ops;
  gpointer owner;

  GQueue waiting; /* Piece, not cut yet */
  gsize offset;   /* into the first of them */
  gsize n_waiting;
  GQueue leaving; /* Piece, a segment each, by when they leave */
  GQueue under_way;
  gsize n_on_line; /* bytes in both */

  guint64 last_number;
  RtTime stalled_until, last_leaves, last_arrives;
  RtTime ends_at; /* cut off, or given up */
  gboolean given_up, told_drained, paused, firing, stopped;
  RtTimeItem *timer;
};

static void
piece_free (gpointer data)
{
  Piece *piece = data;

  g_clear_pointer (&piece->bytes, g_bytes_unref);
  g_free (piece);
}

static gsize
piece_length (const Piece *piece)
{
  return piece->bytes != NULL ? g_bytes_get_size (piece->bytes) : 0;
}

/**
 * rt_live_line_new:
 * @core: of the driver
 * @route: with a link
 * @from: who sends
 * @to: to whom
 * @ops: static
 * @owner: given to @ops
 *
 * Returns: (transfer full): a line with nothing on it
 */
RtLiveLine *
rt_live_line_new (RtDriverCore *core,
                  const RtLiveRoute *route,
                  RtPartyId from,
                  RtPartyId to,
                  const RtLiveLineOps *ops,
                  gpointer owner)
{
  RtLiveLine *line = g_new0 (RtLiveLine, 1);

  line->core = core;
  line->route = *route;
  line->from = from;
  line->to = to;
  line->ops = ops;
  line->owner = owner;
  line->stalled_until = G_MININT64;
  line->ends_at = RT_TIME_NEVER;
  line->told_drained = TRUE;
  return line;
}

/**
 * rt_live_line_stop:
 * @line: a line
 *
 * Nothing more leaves, arrives or is told.
 */
void
rt_live_line_stop (RtLiveLine *line)
{
  line->stopped = TRUE;
  if (line->timer != NULL)
    rt_time_queue_cancel (line->core->queue, g_steal_pointer (&line->timer));
  g_queue_clear_full (&line->waiting, piece_free);
  g_queue_clear_full (&line->leaving, piece_free);
  g_queue_clear_full (&line->under_way, piece_free);
  line->n_waiting = line->n_on_line = line->offset = 0;
}

void
rt_live_line_free (RtLiveLine *line)
{
  rt_live_line_stop (line);
  g_free (line);
}

/**
 * rt_live_line_get_length:
 * @line: a line
 *
 * Returns: how many bytes wait or are under way
 */
gsize
rt_live_line_get_length (RtLiveLine *line)
{
  return line->n_waiting + line->n_on_line;
}

/* Sends a segment until it comes through. @ret_first: when it was on the line first. */
static RtSimFate
carry (const RtLiveRoute *route, RtSimTrip *trip, guint tries, RtTime now, Piece *ret_piece)
{
  RtSimCongestion congestion;
  RtTime latency = rt_sim_link_get_latency (route->link);
  RtTime needed = rt_sim_link_get_transmission_time (route->link, trip->bytes);
  RtTime arrival = now;
  RtSimFate fate;

  rt_sim_congestion_init (&congestion, RT_SIM_SEGMENT_SIZE);
  if (latency > 0)
    rt_sim_congestion_sample (&congestion, 2 * latency);
  ret_piece->leaves = now;
  while ((fate = rt_sim_link_carry (route->link, trip, now, &arrival)) == RT_SIM_LOST)
    {
      now += rt_sim_congestion_timeout (&congestion);
      ret_piece->lost = TRUE;
      ret_piece->arrives = now;
      congestion.backoff++;
      trip->later = TRUE;
      if (trip->transmission++ == tries)
        return RT_SIM_LOST;
    }
  if (fate == RT_SIM_CUT)
    ret_piece->arrives = now + latency;
  else
    ret_piece->arrives = arrival;
  if (fate == RT_SIM_ARRIVES && !ret_piece->lost)
    ret_piece->leaves = arrival - latency - needed;
  return fate;
}

/**
 * rt_live_route_greet:
 * @route: with a link
 * @from: who sends the segment
 * @to: to whom
 * @now: when
 * @ret_arrival: (out): when it is there; when it is cut off; or when its sender gives up
 *
 * A segment of the handshake.
 *
 * Returns: what becomes of it in the end
 */
RtSimFate
rt_live_route_greet (
    const RtLiveRoute *route, RtPartyId from, RtPartyId to, RtTime now, RtTime *ret_arrival)
{
  RtTime stalled = G_MININT64;
  RtSimTrip trip = { .from = from,
                     .to = to,
                     .connection = route->ordinal,
                     .segment = HANDSHAKE_NUMBER,
                     .transmission = 1,
                     .bytes = RT_SIM_HEADERS,
                     .stalled_until = &stalled };
  Piece piece = { NULL };
  RtSimFate fate = carry (route, &trip, RT_SIM_SYN_RETRIES + 1, now, &piece);

  *ret_arrival = piece.arrives;
  return fate;
}

/* The next segment of what waits: not more than one piece's bytes share it with the next one's. */
static Piece *
cut_segment (RtLiveLine *line)
{
  Piece *first = g_queue_peek_head (&line->waiting);
  Piece *segment = g_new0 (Piece, 1);
  g_autoptr (GByteArray) joined = NULL;

  segment->cause = first->cause;
  if (first->bytes == NULL)
    {
      piece_free (g_queue_pop_head (&line->waiting));
      return segment;
    }
  joined = g_byte_array_new ();
  while (joined->len < RT_SIM_SEGMENT_SIZE && (first = g_queue_peek_head (&line->waiting)) != NULL
         && first->bytes != NULL)
    {
      gsize n = MIN (piece_length (first) - line->offset, RT_SIM_SEGMENT_SIZE - joined->len);

      g_byte_array_append (
          joined, (const guint8 *)g_bytes_get_data (first->bytes, NULL) + line->offset, (guint)n);
      line->offset += n;
      line->n_waiting -= n;
      if (line->offset < piece_length (first))
        break;
      piece_free (g_queue_pop_head (&line->waiting));
      line->offset = 0;
    }
  segment->bytes = g_byte_array_free_to_bytes (g_steal_pointer (&joined));
  return segment;
}

static void
put_segment (RtLiveLine *line, Piece *segment)
{
  RtSimTrip trip = { .from = line->from,
                     .to = line->to,
                     .connection = line->route.ordinal,
                     .segment = ++line->last_number,
                     .transmission = 1,
                     .bytes = (guint)piece_length (segment) + RT_SIM_HEADERS,
                     .stalled_until = &line->stalled_until };
  RtSimFate fate = carry (&line->route, &trip, RT_SIM_RETRIES + 1, line->core->now, segment);

  if (fate == RT_SIM_CUT)
    {
      line->ends_at = segment->arrives;
      piece_free (segment);
      return;
    }
  segment->leaves = line->last_leaves = MAX (segment->leaves, line->last_leaves);
  line->n_on_line += piece_length (segment);
  if (fate == RT_SIM_LOST)
    {
      line->ends_at = segment->arrives;
      line->given_up = TRUE;
      segment->arrives = RT_TIME_NEVER;
    }
  else
    segment->arrives = line->last_arrives = MAX (segment->arrives, line->last_arrives);
  g_queue_push_tail (&line->leaving, segment);
}

/* Puts on the line what there is room for. */
static void
fill (RtLiveLine *line)
{
  while (!g_queue_is_empty (&line->waiting) && line->n_on_line < WINDOW
         && line->ends_at == RT_TIME_NEVER)
    put_segment (line, cut_segment (line));
}

static RtTime
next_time (RtLiveLine *line)
{
  const Piece *leaving = g_queue_peek_head (&line->leaving);
  const Piece *under_way = line->paused ? NULL : g_queue_peek_head (&line->under_way);
  RtTime next = line->ends_at;

  if (leaving != NULL)
    next = MIN (next, leaving->leaves);
  if (under_way != NULL)
    next = MIN (next, under_way->arrives);
  return next;
}

static void
leave (RtLiveLine *line)
{
  Piece *piece = g_queue_pop_head (&line->leaving);

  piece->cause = line->ops->left (line->owner, piece->bytes, piece->lost, piece->cause);
  g_queue_push_tail (&line->under_way, piece);
}

static void
arrive (RtLiveLine *line)
{
  Piece *piece = g_queue_pop_head (&line->under_way);

  line->n_on_line -= piece_length (piece);
  line->ops->arrived (line->owner, piece->bytes, piece->cause);
  piece_free (piece);
}

static void
end (RtLiveLine *line)
{
  gboolean given_up = line->given_up;

  rt_live_line_stop (line);
  if (given_up)
    line->ops->timed_out (line->owner);
  else
    line->ops->cut (line->owner);
}

static void
step (RtLiveLine *line)
{
  const Piece *leaving = g_queue_peek_head (&line->leaving);
  const Piece *under_way = line->paused ? NULL : g_queue_peek_head (&line->under_way);

  /* What arrives at the time that something leaves has been under way for longer. */
  if (under_way != NULL && under_way->arrives <= line->core->now
      && (leaving == NULL || under_way->arrives <= leaving->leaves))
    arrive (line);
  else if (leaving != NULL && leaving->leaves <= line->core->now)
    leave (line);
  else
    end (line);
}

static void
tell_drained (RtLiveLine *line)
{
  if (line->stopped || line->told_drained || !g_queue_is_empty (&line->leaving)
      || !g_queue_is_empty (&line->waiting))
    return;
  line->told_drained = TRUE;
  if (line->ops->drained != NULL)
    line->ops->drained (line->owner);
}

static void schedule (RtLiveLine *line);

static void
fire (gpointer owner, gpointer data)
{
  RtLiveLine *line = data;

  line->timer = NULL;
  line->firing = TRUE;
  while (!line->stopped && next_time (line) <= line->core->now)
    {
      step (line);
      if (!line->stopped)
        fill (line);
    }
  tell_drained (line);
  line->firing = FALSE;
  schedule (line);
}

static void
schedule (RtLiveLine *line)
{
  RtTime next = line->stopped ? RT_TIME_NEVER : next_time (line);

  if (line->firing)
    return;
  if (line->timer != NULL)
    rt_time_queue_cancel (line->core->queue, g_steal_pointer (&line->timer));
  if (next != RT_TIME_NEVER)
    line->timer = rt_time_queue_push (line->core->queue, MAX (next, line->core->now), TRUE, fire,
                                      line, line, NULL);
}

/**
 * rt_live_line_put:
 * @line: a line
 * @bytes: (nullable): reffed; %NULL: a FIN
 * @cause: the event that led here
 *
 * Queues them; they leave with rt_live_line_push().
 */
void
rt_live_line_put (RtLiveLine *line, GBytes *bytes, guint64 cause)
{
  Piece *piece;

  if (line->stopped)
    return;
  piece = g_new0 (Piece, 1);
  piece->bytes = bytes != NULL ? g_bytes_ref (bytes) : NULL;
  piece->cause = cause;
  line->n_waiting += piece_length (piece);
  line->told_drained = FALSE;
  g_queue_push_tail (&line->waiting, piece);
}

/**
 * rt_live_line_push:
 * @line: a line
 *
 * What was put can leave: what was put in one go shares segments.
 */
void
rt_live_line_push (RtLiveLine *line)
{
  if (line->stopped)
    return;
  fill (line);
  schedule (line);
}

/**
 * rt_live_line_drop:
 * @line: a line
 *
 * Takes back what has not left yet.
 */
void
rt_live_line_drop (RtLiveLine *line)
{
  for (GList *l = line->leaving.head; l != NULL; l = l->next)
    line->n_on_line -= piece_length (l->data);
  g_queue_clear_full (&line->waiting, piece_free);
  g_queue_clear_full (&line->leaving, piece_free);
  line->n_waiting = line->offset = 0;
  line->told_drained = TRUE;
  schedule (line);
}

/**
 * rt_live_line_pause:
 * @line: a line
 * @paused: whether what arrives is kept back
 */
void
rt_live_line_pause (RtLiveLine *line, gboolean paused)
{
  line->paused = paused;
  schedule (line);
}
