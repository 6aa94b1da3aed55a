/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reconstructed messages as frames. Bytes of the log stand elsewhere in the capture, since heads
 * have changed (rt-rebuilt-head.c): all are appended. */
#include "rt-rebuilt-flow.h"

#include "rt-rebuilt-head.h"

void
rt_rebuilt_flow_clear (RtRebuiltFlow *flow)
{
  g_clear_pointer (&flow->ways[RT_FORWARD].part, g_byte_array_unref);
  g_clear_pointer (&flow->ways[RT_BACKWARD].part, g_byte_array_unref);
  g_clear_pointer (&flow->method, g_free);
}

/**
 * rt_rebuilt_flow_begin:
 * @way: which way
 * @head: bytes of its head
 * @content: bytes of content that follow
 * @missing: … that the source did not have
 *
 * A message begins; its bytes come with rt_rebuilt_flow_send().
 */
void
rt_rebuilt_flow_begin (
    RtRebuiltFlow *flow, RtDirection way, guint32 head, guint64 content, guint64 missing)
{
  RtRebuiltWay *mine = &flow->ways[way];

  if (mine->part == NULL)
    mine->part = g_byte_array_new ();
  g_byte_array_set_size (mine->part, 0);
  mine->line = 0;
  mine->head = head;
  mine->content = content;
  mine->missing = missing;
}

static void
append_bytes (RtFrameFlow *frames, RtDirection way, RtTime time, const void *bytes, gsize size)
{
  rt_frame_flow_send (frames, way, time, rt_frame_flow_get_sent (frames, way), bytes, size);
}

/* What is missing of the content, readers of the capture miss as well. */
static guint64
missing_in_capture (const RtRebuiltWay *way)
{
  return way->missing <= RT_FRAME_SKIP_MAX ? way->missing : 0;
}

/* The source saw when a message began: that is the time of its start line. */
static void
send_line (RtRebuiltWay *mine, RtFrameFlow *frames, RtDirection way, RtTime time)
{
  const guint8 *end = mine->line == 0 ? memchr (mine->part->data, '\n', mine->part->len) : NULL;

  if (end == NULL)
    return;
  mine->line = (gsize)(end - mine->part->data) + 1;
  append_bytes (frames, way, time, mine->part->data, mine->line);
}

/* The head with fields that say where the message ends: a capture says it nowhere else. */
static void
send_head (RtRebuiltFlow *flow, RtFrameFlow *frames, RtDirection way, RtTime time)
{
  const RtRebuiltWay *mine = &flow->ways[way];
  RtText head = { (const char *)mine->part->data, mine->part->len };
  g_autoptr (GString) framed = rt_rebuilt_head_frame (
      head, way == RT_BACKWARD ? flow->method : NULL, mine->content + missing_in_capture (mine));

  if (way == RT_FORWARD)
    {
      g_free (flow->method);
      flow->method = g_strndup (head.at, strcspn (framed->str, " \r\n"));
    }
  append_bytes (frames, way, time, framed->str + mine->line, framed->len - mine->line);
}

/* Takes from @rest what belongs to the head, and sends that once it is whole. */
static void
take_head (RtRebuiltFlow *flow, RtFrameFlow *frames, RtDirection way, RtTime time, RtText *rest)
{
  RtRebuiltWay *mine = &flow->ways[way];
  gsize length = MIN (mine->head - mine->part->len, rest->length);

  g_byte_array_append (mine->part, (const guint8 *)rest->at, (guint)length);
  *rest = rt_text_sub (*rest, length, rest->length - length);
  if (mine->part->len < mine->head)
    {
      send_line (mine, frames, way, time);
      return;
    }
  send_head (flow, frames, way, time);
  mine->head = 0;
}

/**
 * rt_rebuilt_flow_send:
 * @frames: those of the connection
 * @bytes: what follows of the message that was begun
 */
void
rt_rebuilt_flow_send (
    RtRebuiltFlow *flow, RtFrameFlow *frames, RtDirection way, RtTime time, RtText bytes)
{
  RtRebuiltWay *mine = &flow->ways[way];

  if (mine->head > 0)
    take_head (flow, frames, way, time, &bytes);
  append_bytes (frames, way, time, bytes.at, bytes.length);
  mine->content -= MIN (mine->content, bytes.length);
  if (mine->head > 0 || mine->content > 0)
    return;
  if (missing_in_capture (mine) > 0)
    rt_frame_flow_skip (frames, way, mine->missing);
  mine->missing = 0;
}
