/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The exchanges of a lane that are read without its analysis: for that, they never were. */
#include "rt-lane-private.h"

/* Whether it is made from a source without bytes, of one buffer each way. */
gboolean
rt_lane_is_rebuilt (const RtLane *lane)
{
  const RtLaneBuffer *first = lane->buffers->len == 2 ? lane->buffers->pdata[0] : NULL;
  const RtLaneBuffer *second = first != NULL ? lane->buffers->pdata[1] : NULL;

  return first != NULL && first->rebuilt && second->rebuilt
         && first->direction != second->direction;
}

static GBytes *
dup_whole_bytes (gpointer data, RtSpan span)
{
  return rt_lane_dup_bytes (data, span, NULL);
}

/* Takes @n events that wait behind @from away, and the bytes that they told of. */
static void
pass_over (RtLane *lane, guint from, guint n, const RtWholeSource *source)
{
  guint64 passed[2];

  if (n == 0)
    return;
  for (guint i = 0; i < lane->buffers->len; i++)
    {
      RtLaneBuffer *buffer = lane->buffers->pdata[i];

      passed[buffer->direction] = source->offsets[buffer->direction];
      buffer->base += passed[buffer->direction];
    }
  g_array_remove_range (lane->events, from, n);
  g_array_remove_range (lane->numbers, (guint)lane->first + from, n);
  for (guint i = from; i < lane->events->len; i++)
    {
      RtEvent *event = &g_array_index (lane->events, RtEvent, i);
      const RtLaneBuffer *buffer = rt_lane_find_buffer (lane, event->span.buffer);

      if (buffer != NULL)
        event->span.offset -= MIN (event->span.offset, passed[buffer->direction]);
    }
}

static gboolean
opens (RtEventKind kind)
{
  return kind == RT_EVENT_BUFFER || kind == RT_EVENT_CONNECT || kind == RT_EVENT_ESTABLISHED
         || kind == RT_EVENT_SECURED;
}

/* From offsets in the lane to those in the log. */
static void
shift (RtLane *lane, RtTransfer *transfer)
{
  transfer->whole.offset += rt_lane_get_base (lane, transfer->whole.buffer);
}

/* Whether what waits only says how the connection was opened. */
gboolean
rt_lane_only_opens (const RtLane *lane)
{
  for (guint i = 0; i < lane->events->len; i++)
    if (!opens (g_array_index (lane->events, RtEvent, i).kind))
      return FALSE;
  return TRUE;
}

/* Reads what takes no analysis, which has to know how the connection was opened. */
void
rt_lane_read_whole (RtLane *lane)
{
  RtWholeExchange *whole;
  RtWholeSource source = { .arena = lane->arena->data,
                           .arena_size = lane->arena->len,
                           .dup_bytes = dup_whole_bytes,
                           .data = lane };
  guint from = 0;

  if (lane->analysed || lane->source != NULL || !rt_lane_is_rebuilt (lane))
    return;
  while (from < lane->events->len && opens (g_array_index (lane->events, RtEvent, from).kind))
    from++;
  rt_analysis_feed_reader (lane->analysis, lane->reader, lane->first + from, NULL);
  source.connection = rt_analysis_get_connection (lane->analysis, lane->connection);
  if (source.connection == NULL || from == lane->events->len)
    return;
  for (guint i = 0; i < lane->buffers->len; i++)
    {
      const RtLaneBuffer *buffer = lane->buffers->pdata[i];

      source.buffers[buffer->direction] = buffer->id;
    }
  source.events = &g_array_index (lane->events, RtEvent, from);
  source.numbers = &g_array_index (lane->numbers, guint64, (guint)lane->first + from);
  source.n = lane->events->len - from;
  while ((whole = rt_whole_exchange_read (&source)) != NULL)
    {
      shift (lane, &whole->request);
      shift (lane, &whole->response);
      g_ptr_array_add (lane->whole, whole);
    }
  pass_over (lane, from, lane->events->len - from - source.n, &source);
}

/**
 * rt_lane_next_whole:
 *
 * Returns: (transfer none) (nullable): an exchange that was read without an analysis and was not
 *   given yet: its numbers are the log's; it lives until rt_lane_forget_whole()
 */
const RtExchange *
rt_lane_next_whole (RtLane *lane)
{
  return lane->next_whole < lane->whole->len
             ? &((RtWholeExchange *)lane->whole->pdata[lane->next_whole++])->exchange
             : NULL;
}

/** rt_lane_forget_whole: none of those that rt_lane_next_whole() gave is of interest any more. */
void
rt_lane_forget_whole (RtLane *lane)
{
  g_ptr_array_set_size (lane->whole, 0);
  lane->next_whole = 0;
}
