/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Messages that were put together from a source that kept no bytes. Their fields are those of the
 * source, where content was unchunked and decompressed long ago; so nothing in them says where a
 * message ends. The log does, by an event at the start of each. */
#include "rt-analysis-private.h"

typedef struct
{
  guint64 at, content; /* where it begins; length of its content */
  guint32 head;
  guint64 missing;
  const char *why;
  GVariant *facts;
} Rebuilt;

static void
clear_rebuilt (gpointer data)
{
  g_clear_pointer (&((Rebuilt *)data)->facts, g_variant_unref);
}

static guint64
end_of (const Rebuilt *rebuilt)
{
  return rebuilt->at + rebuilt->head + rebuilt->content;
}

/* A file may say anything: messages that overlap or never end are not believed. */
static gboolean
is_sane (const RtStream *stream, const Rebuilt *rebuilt)
{
  const Rebuilt *last = stream->rebuilt->len > 0
                            ? &g_array_index (stream->rebuilt, Rebuilt, stream->rebuilt->len - 1)
                            : NULL;

  return rebuilt->head > 0 && rebuilt->content < G_MAXUINT32 && rebuilt->at < G_MAXINT64
         && rebuilt->at >= stream->read && (last == NULL || rebuilt->at >= end_of (last));
}

/* What a message's event says. Its numbers stand in front, each at a place of its own; to ask
 * GVariant for them one by one takes longer than all the rest. What is too short for them has none
 * of them, by GVariant's own rules. */
static void
read_detail (RtAnalysis *analysis, GVariant *detail, Rebuilt *rebuilt)
{
  const struct
  {
    guint32 head;
    guint64 content, missing;
  } *numbers = NULL;
  g_autoptr (GVariant) why = g_variant_get_child_value (detail, 3);

  if (g_variant_get_size (detail) >= sizeof *numbers)
    numbers = g_variant_get_data (detail);
  if (numbers != NULL)
    {
      rebuilt->head = numbers->head;
      rebuilt->content = numbers->content;
      rebuilt->missing = numbers->missing;
    }
  if (g_variant_n_children (why) > 0)
    {
      g_autoptr (GVariant) text = g_variant_get_child_value (why, 0);

      rebuilt->why = rt_analysis_keep (analysis, g_variant_get_string (text, NULL));
    }
  rebuilt->facts = g_variant_get_child_value (detail, 4);
}

void
rt_rebuilt_fold (RtAnalysis *analysis, const RtFold *fold)
{
  RtStream *stream
      = g_hash_table_lookup (analysis->stream_by_id, GUINT_TO_POINTER (fold->event->span.buffer));
  Rebuilt rebuilt = { .at = fold->event->span.offset };

  if (stream == NULL || stream->provenance != RT_BYTES_RECONSTRUCTED || fold->detail == NULL
      || (stream->mode != RT_STREAM_UNDECIDED && stream->mode != RT_STREAM_REBUILT))
    return;
  if (stream->rebuilt == NULL)
    {
      stream->rebuilt = g_array_new (FALSE, FALSE, sizeof (Rebuilt));
      g_array_set_clear_func (stream->rebuilt, clear_rebuilt);
    }
  read_detail (analysis, fold->detail, &rebuilt);
  if (stream->read == 0)
    stream->read = rebuilt.at; /* recording began in the middle */
  if (!is_sane (stream, &rebuilt))
    {
      clear_rebuilt (&rebuilt);
      return;
    }
  stream->mode = RT_STREAM_REBUILT;
  g_array_append_val (stream->rebuilt, rebuilt);
}

static RtMessage *
read_odd_message (RtMessageKind kind, GBytes *head, RtSpan span)
{
  g_autoptr (RtHttp1Reader) reader = rt_http1_reader_new (kind, RT_HTTP1_TOLERANT, NULL);
  RtHttp1Event event;

  rt_http1_reader_feed (reader, head, span);
  do
    event = rt_http1_reader_next (reader);
  while (event.kind == RT_HTTP1_FINDING);
  return event.kind == RT_HTTP1_HEAD ? rt_message_ref (event.message) : NULL;
}

/* The message in a head that is whole, NULL if there is none. */
static RtMessage *
read_message (const RtStream *stream, const Rebuilt *rebuilt)
{
  RtMessageKind kind = stream->direction == RT_FORWARD ? RT_MESSAGE_REQUEST : RT_MESSAGE_RESPONSE;
  g_autoptr (GBytes) head = g_bytes_new (stream->held->data, stream->held->len);
  RtSpan span = { rebuilt->at, rebuilt->head, stream->buffer };
  RtMessage *message = rt_http1_read_plain (kind, head, span);

  if (message == NULL)
    message = read_odd_message (kind, head, span);
  if (message == NULL)
    return NULL;
  message->framing = rebuilt->content > 0 ? RT_FRAMING_LENGTH : RT_FRAMING_NONE;
  message->content_length = rebuilt->content;
  return message;
}

/* The source's lines, `Name: value` each. */
static void
read_trailers (RtMessage *message, GVariant *facts)
{
  const char *lines;
  RtText rest;
  gssize end;

  if (!g_variant_lookup (facts, "trailers", "&s", &lines))
    return;
  message->trailers = rt_fields_new ();
  for (rest = rt_text (lines); (end = rt_text_find (rest, RT_TEXT ("\r\n"))) > 0;
       rest = rt_text_sub (rest, (gsize)end + 2, rest.length - (gsize)end - 2))
    {
      RtText line = rt_text_sub (rest, 0, (gsize)end);
      gssize colon = rt_text_find (line, RT_TEXT (":"));
      g_autofree char *name = colon > 0 ? rt_text_dup (rt_text_sub (line, 0, (gsize)colon)) : NULL;
      g_autofree char *value
          = colon > 0 ? rt_text_dup (
                rt_text_trim (rt_text_sub (line, (gsize)colon + 1, line.length - (gsize)colon - 1)))
                      : NULL;

      if (name != NULL)
        rt_fields_append (message->trailers, name, value);
    }
}

static void
begin_message (RtAnalysis *analysis, RtStream *stream, const Rebuilt *rebuilt, const RtFold *fold)
{
  g_autoptr (RtMessage) message = read_message (stream, rebuilt);

  g_byte_array_set_size (stream->held, 0);
  if (message == NULL)
    return;
  read_trailers (message, rebuilt->facts);
  rt_stream_read_event (analysis, stream,
                        &(RtHttp1Event){ .kind = RT_HTTP1_HEAD, .message = message }, fold);
  stream->current->facts
      = g_variant_n_children (rebuilt->facts) > 0 ? g_variant_ref (rebuilt->facts) : NULL;
  stream->current->missing = rebuilt->why;
  stream->current->missing_length = rebuilt->missing;
  if (rebuilt->why != NULL)
    rt_note_add_missing (analysis, stream->current, fold);
}

static void
end_message (RtAnalysis *analysis, RtStream *stream, const Rebuilt *rebuilt, const RtFold *fold)
{
  RtSpan whole = { rebuilt->at, rebuilt->head + (guint32)rebuilt->content, stream->buffer };

  if (stream->current != NULL)
    rt_stream_read_event (analysis, stream, &(RtHttp1Event){ .kind = RT_HTTP1_END, .span = whole },
                          fold);
  stream->rebuilt_next++;
}

/* The head's part of what follows at @span. Returns how much that is. */
static guint32
read_head (RtAnalysis *analysis,
           RtStream *stream,
           const Rebuilt *rebuilt,
           const guint8 *data,
           RtSpan span,
           const RtFold *fold)
{
  guint32 take = (guint32)MIN (rebuilt->at + rebuilt->head - span.offset, span.length);

  g_byte_array_append (stream->held, data, take);
  if (stream->held->len == rebuilt->head)
    begin_message (analysis, stream, rebuilt, fold);
  else
    rt_stream_show_first_byte (analysis, stream, fold);
  return take;
}

static guint32
read_part (RtAnalysis *analysis,
           RtStream *stream,
           const Rebuilt *rebuilt,
           const guint8 *data,
           RtSpan span,
           const RtFold *fold)
{
  guint32 take;

  if (span.offset < rebuilt->at + rebuilt->head)
    {
      stream->next = rebuilt->at;
      take = read_head (analysis, stream, rebuilt, data, span, fold);
    }
  else
    {
      take = (guint32)MIN (end_of (rebuilt) - span.offset, span.length);
      if (stream->current != NULL)
        rt_stream_read_event (
            analysis, stream,
            &(RtHttp1Event){ .kind = RT_HTTP1_CONTENT, .span = rt_span_sub (span, 0, take) }, fold);
    }
  if (stream->current != NULL)
    stream->current->whole.length = (guint32)(span.offset + take - stream->current->whole.offset);
  if (span.offset + take == end_of (rebuilt))
    end_message (analysis, stream, rebuilt, fold);
  return take;
}

/* What follows in the buffer; @stream->read is behind it. */
void
rt_rebuilt_read_on (
    RtAnalysis *analysis, RtStream *stream, GBytes *bytes, RtSpan span, const RtFold *fold)
{
  const guint8 *data = g_bytes_get_data (bytes, NULL);

  while (span.length > 0 && stream->rebuilt_next < stream->rebuilt->len)
    {
      /* A copy: a later event may move the array. */
      Rebuilt rebuilt = g_array_index (stream->rebuilt, Rebuilt, stream->rebuilt_next);
      guint32 take;

      if (rebuilt.at > span.offset)
        take = (guint32)MIN (rebuilt.at - span.offset, span.length);
      else
        take = read_part (analysis, stream, &rebuilt, data, span, fold);
      data += take;
      span = rt_span_sub (span, take, span.length - take);
    }
}
