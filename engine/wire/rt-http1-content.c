/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The reader's states for what follows a head: content, chunks, tunnels. */
#include "rt-http1-states.h"

/* RFC 9112 §7.1.1: the total of extensions has a limit, too. */
#define EXTENSIONS_PER_LINE 4

gboolean
rt_http1_read_length (RtHttp1Reader *reader)
{
  guint64 position = reader->input.position;

  if (!rt_http1_push_run (reader, RT_HTTP1_CONTENT, reader->remaining))
    return FALSE;
  reader->remaining -= reader->input.position - position;
  if (reader->remaining == 0)
    rt_http1_finish_message (reader, RT_HTTP1_STATE_START);
  return TRUE;
}

gboolean
rt_http1_read_close (RtHttp1Reader *reader)
{
  return rt_http1_push_run (reader, RT_HTTP1_CONTENT, G_MAXUINT64);
}

/* The end of the connection is the end of the content (RFC 9112 §6.3 item 8). */
void
rt_http1_end_close (RtHttp1Reader *reader)
{
  rt_http1_finish_message (reader, RT_HTTP1_STATE_START);
}

gboolean
rt_http1_read_tunnel (RtHttp1Reader *reader)
{
  return rt_http1_push_run (reader, RT_HTTP1_TUNNEL, G_MAXUINT64);
}

void
rt_http1_end_tunnel (RtHttp1Reader *reader)
{
  rt_http1_push (reader, RT_HTTP1_CLOSED, RT_SPAN_NONE);
  reader->state = RT_HTTP1_STATE_DONE;
}

/* Tolerant, the framing is lost: what comes belongs to this message or to none. */
gboolean
rt_http1_read_lost (RtHttp1Reader *reader)
{
  return rt_http1_push_run (reader, RT_HTTP1_CONTENT, G_MAXUINT64);
}

static gboolean
lose_chunks (RtHttp1Reader *reader, gsize at)
{
  if (rt_http1_push_findings (reader))
    {
      rt_http1_input_unread (&reader->input, at);
      reader->state = RT_HTTP1_STATE_LOST;
    }
  return TRUE;
}

static gboolean
read_long_chunk_line (RtHttp1Reader *reader)
{
  rt_http1_judge (
      &reader->judge, RT_HTTP1_CHUNK_LINE_LONG,
      rt_http1_input_span (&reader->input, reader->input.section, reader->limits.chunk_line));
  return lose_chunks (reader, 0);
}

/* What must hold of a size line beyond its grammar. */
static void
judge_chunk (RtHttp1Reader *reader, RtHttp1Line line, RtText extension, guint64 size)
{
  guint64 cap = (guint64)reader->limits.chunk_line * EXTENSIONS_PER_LINE;

  reader->extensions += extension.length;
  if (reader->extensions > cap && reader->extensions - extension.length <= cap)
    rt_http1_judge (&reader->judge, RT_HTTP1_CHUNK_LINE_LONG, line.span);
  if (size > reader->limits.content || reader->content > reader->limits.content - size)
    rt_http1_judge (&reader->judge, RT_HTTP1_CONTENT_LONG, line.span);
}

static void
begin_chunk (RtHttp1Reader *reader, RtHttp1Line line, RtText extension, guint64 size)
{
  RtHttp1Event *event = rt_http1_push (reader, RT_HTTP1_CHUNK, line.span);

  event->number = size;
  event->extension = extension.length > 0 ? rt_http1_part_span (line, extension) : RT_SPAN_NONE;
  reader->remaining = size;
  reader->state = size > 0 ? RT_HTTP1_STATE_CHUNK_DATA : RT_HTTP1_STATE_TRAILERS;
  rt_http1_section_reset (&reader->section);
  rt_http1_input_begin (&reader->input);
}

gboolean
rt_http1_read_chunk_size (RtHttp1Reader *reader)
{
  RtHttp1Taken taken;
  RtHttp1Line line;
  RtText extension;
  guint64 size;

  switch (rt_http1_input_take_line (&reader->input, reader->limits.chunk_line, &taken))
    {
    case RT_HTTP1_TAKE_MORE:
      return FALSE;
    case RT_HTTP1_TAKE_LONG:
      return read_long_chunk_line (reader);
    case RT_HTTP1_TAKE_LINE:
      break;
    }
  line = rt_http1_line_of (reader, &taken);
  /* LF alone may end lines of the head (RFC 9112 §2.2), not those of the chunked coding. */
  if (taken.bare)
    rt_http1_judge (&reader->judge, RT_HTTP1_CHUNK_LINE_END, line.span);
  if (!rt_http1_read_chunk_line (line, &reader->judge, &size, &extension))
    return lose_chunks (reader, 0);
  judge_chunk (reader, line, extension, size);
  if (!reader->judge.failed)
    begin_chunk (reader, line, extension, size);
  rt_http1_push_findings (reader);
  return TRUE;
}

gboolean
rt_http1_read_chunk_data (RtHttp1Reader *reader)
{
  guint64 position = reader->input.position;

  if (!rt_http1_push_run (reader, RT_HTTP1_CONTENT, reader->remaining))
    return FALSE;
  reader->remaining -= reader->input.position - position;
  if (reader->remaining == 0)
    {
      reader->state = RT_HTTP1_STATE_CHUNK_END;
      rt_http1_input_begin (&reader->input);
    }
  return TRUE;
}

/* A first byte that is no CR shows at once that the chunk does not end where it should. */
static gboolean
ends_wrongly (RtHttp1Reader *reader)
{
  RtText section = rt_http1_input_section (&reader->input);

  return section.length > 0 && section.at[0] != '\r';
}

/* The CRLF behind the data of a chunk. */
gboolean
rt_http1_read_chunk_end (RtHttp1Reader *reader)
{
  RtHttp1Taken taken;
  RtHttp1Take take = rt_http1_input_take_line (&reader->input, 0, &taken);

  if (take == RT_HTTP1_TAKE_MORE && !ends_wrongly (reader))
    return FALSE;
  if (take != RT_HTTP1_TAKE_LINE || taken.bare)
    rt_http1_judge (&reader->judge, RT_HTTP1_CHUNK_END,
                    rt_http1_input_span (&reader->input, reader->input.section, 1));
  if (take != RT_HTTP1_TAKE_LINE)
    return lose_chunks (reader, 0);
  if (rt_http1_push_findings (reader))
    {
      reader->state = RT_HTTP1_STATE_CHUNK_SIZE;
      rt_http1_input_begin (&reader->input);
    }
  return TRUE;
}
