/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The bytes of a lane: those that were not let go of yet, and where each of its buffers begins for
 * the analysis. */
#include "rt-lane-private.h"

static void
free_chunk (gpointer chunk)
{
  g_bytes_unref (((RtChunk *)chunk)->bytes);
  g_free (chunk);
}

void
rt_lane_buffer_free (gpointer data)
{
  RtLaneBuffer *buffer = data;

  g_queue_clear_full (&buffer->chunks, free_chunk);
  g_free (buffer);
}

/* NULL: there is none. */
RtLaneBuffer *
rt_lane_find_buffer (RtLane *lane, RtBufferId id)
{
  for (guint i = 0; i < lane->buffers->len; i++)
    if (((RtLaneBuffer *)lane->buffers->pdata[i])->id == id)
      return lane->buffers->pdata[i];
  return NULL;
}

RtLaneBuffer *
rt_lane_ensure_buffer (RtLane *lane, RtBufferId id)
{
  RtLaneBuffer *buffer = rt_lane_find_buffer (lane, id);

  if (buffer != NULL)
    return buffer;
  buffer = g_new0 (RtLaneBuffer, 1);
  buffer->id = id;
  g_queue_init (&buffer->chunks);
  g_ptr_array_add (lane->buffers, buffer);
  return buffer;
}

/**
 * rt_lane_add_chunk:
 * @chunk: bytes of a buffer of the connection, before the events that tell of them; reffed
 */
void
rt_lane_add_chunk (RtLane *lane, const RtChunk *chunk)
{
  RtChunk *copy = g_memdup2 (chunk, sizeof *chunk);

  g_bytes_ref (copy->bytes);
  g_queue_push_tail (&rt_lane_ensure_buffer (lane, chunk->span.buffer)->chunks, copy);
}

GBytes *
rt_lane_dup_bytes (RtLane *lane, RtSpan span, GError **error)
{
  RtLaneBuffer *buffer = rt_lane_find_buffer (lane, span.buffer);
  g_autoptr (GByteArray) joined = NULL;
  guint64 at = span.offset + (buffer != NULL ? buffer->base : 0);
  guint64 end = at + span.length;

  for (GList *link = buffer != NULL ? buffer->chunks.head : NULL; link != NULL && at < end;
       link = link->next)
    {
      const RtChunk *chunk = link->data;
      const guint8 *data = g_bytes_get_data (chunk->bytes, NULL);
      guint64 skip, take;

      if (rt_span_end (chunk->span) <= at)
        continue;
      if (chunk->span.offset > at)
        break;
      skip = at - chunk->span.offset;
      take = MIN (chunk->span.length - skip, end - at);
      if (take == span.length)
        return g_bytes_new_from_bytes (chunk->bytes, skip, take);
      if (joined == NULL)
        joined = g_byte_array_sized_new (span.length);
      g_byte_array_append (joined, data + skip, (guint)take);
      at += take;
    }
  if (span.length == 0)
    return g_bytes_new (NULL, 0);
  if (at == end)
    return g_byte_array_free_to_bytes (g_steal_pointer (&joined));
  if (lane->source != NULL && buffer != NULL)
    {
      span.offset += buffer->base;
      return rt_reader_dup_bytes (lane->source, span, error);
    }
  g_set_error_literal (error, RT_ERROR, RT_ERROR_MISSING, "these bytes were let go of");
  return NULL;
}

/* Of bytes that were folded. */
void
rt_lane_let_go (RtLane *lane)
{
  for (guint i = 0; i < lane->buffers->len; i++)
    {
      RtLaneBuffer *buffer = lane->buffers->pdata[i];
      const RtChunk *chunk;

      while ((chunk = g_queue_peek_head (&buffer->chunks)) != NULL
             && rt_span_end (chunk->span) <= buffer->known)
        free_chunk (g_queue_pop_head (&buffer->chunks));
    }
}

/**
 * rt_lane_get_base:
 *
 * Returns: the offset in @buffer of the log that is 0 for the lane's analysis
 */
guint64
rt_lane_get_base (RtLane *lane, RtBufferId buffer)
{
  const RtLaneBuffer *found = rt_lane_find_buffer (lane, buffer);

  return found != NULL ? found->base : 0;
}

/**
 * rt_lane_get_known:
 *
 * Returns: how many bytes of @buffer of the log are known to have been sent
 */
guint64
rt_lane_get_known (RtLane *lane, RtBufferId buffer)
{
  const RtLaneBuffer *found = rt_lane_find_buffer (lane, buffer);

  return found != NULL ? found->known : 0;
}
