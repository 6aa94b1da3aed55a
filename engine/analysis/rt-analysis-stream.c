/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The bytes of one buffer and the messages in them.
 *
 * Bytes are read in the order they were sent, when the event that sent them is fed (where nobody
 * saw them leave: when they arrived). The tolerant reader makes messages of them; when each of a
 * message's bytes left and arrived is looked up in the two RtProgress. Behind a gap the reader
 * starts anew at the next line that can be a start line. */
#include "rt-analysis-private.h"

#include <string.h>

/* RFC 9113 §3.4. */
#define PREFACE "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
/* A start line longer than this is not found again behind a gap. */
#define SEEK_LINE 16384

RtStream *
rt_stream_new (RtConduit *conduit, RtBufferId buffer)
{
  RtStream *stream = g_new0 (RtStream, 1);

  stream->buffer = buffer;
  stream->conduit = conduit;
  rt_progress_init (&stream->sent);
  rt_progress_init (&stream->received);
  stream->held = g_byte_array_new ();
  stream->transfers = g_ptr_array_new ();
  stream->findings = g_array_new (FALSE, FALSE, sizeof (RtFinding));
  return stream;
}

void
rt_stream_free (gpointer data)
{
  RtStream *stream = data;

  rt_progress_clear (&stream->sent);
  rt_progress_clear (&stream->received);
  g_clear_pointer (&stream->reader, rt_http1_reader_free);
  g_byte_array_unref (stream->held);
  g_ptr_array_unref (stream->transfers);
  g_array_unref (stream->findings);
  g_clear_pointer (&stream->rebuilt, g_array_unref);
  g_free (stream);
}

void
rt_stream_make_opaque (RtStream *stream)
{
  stream->mode = RT_STREAM_OPAQUE;
  stream->current = NULL;
  g_clear_pointer (&stream->reader, rt_http1_reader_free);
  g_byte_array_set_size (stream->held, 0);
}

static guint32
clamp_length (guint64 length)
{
  return (guint32)MIN (length, G_MAXUINT32);
}

/* Times */

static void
set_moment (RtTime *moment, const RtProgress *progress, guint64 offset, guint64 *event)
{
  const RtMark *mark;

  if (*moment != RT_TIME_UNKNOWN)
    return;
  mark = rt_progress_find (progress, offset);
  if (mark == NULL)
    return;
  *moment = mark->time;
  if (event != NULL)
    *event = mark->event;
}

static gboolean
is_over (const RtTransfer *transfer)
{
  return transfer->complete || transfer->broken != NULL;
}

/* Whether nobody tells of bytes that arrive. A program that is not ours was accepted, and that is
 * all that a log has of its end. */
static gboolean
arrives_unseen (const RtStream *stream, const RtTransfer *transfer)
{
  const RtConnectionInfo *info = &stream->conduit->info;

  return transfer->to == 0
         || (stream->direction == RT_BACKWARD && (info->host == NULL || info->from_host != NULL)
             && info->established == RT_TIME_UNKNOWN && info->accepted != RT_TIME_UNKNOWN)
         || (stream->ended && stream->received.marks->len == 0);
}

/* Whether nothing of its times can change any more. */
static gboolean
set_times (RtStream *stream, RtTransfer *transfer)
{
  guint64 first = transfer->whole.offset;
  guint64 end = rt_span_end (transfer->whole);

  set_moment (&transfer->sent_first, &stream->sent, first, &transfer->first_event);
  set_moment (&transfer->received_first, &stream->received, first, NULL);
  if (transfer->has_head && transfer->message->head.length > 0)
    {
      guint64 head = rt_span_end (transfer->message->head) - 1;

      set_moment (&transfer->sent_head, &stream->sent, head, NULL);
      set_moment (&transfer->received_head, &stream->received, head, NULL);
    }
  if (!is_over (transfer) || end == first)
    return is_over (transfer);
  set_moment (&transfer->sent_last, &stream->sent, end - 1, &transfer->last_event);
  set_moment (&transfer->received_last, &stream->received, end - 1, NULL);
  return transfer->received_last != RT_TIME_UNKNOWN
         || (transfer->sent_last != RT_TIME_UNKNOWN && arrives_unseen (stream, transfer));
}

/* When the exchange was over: its final response had arrived. Where arrivals were not recorded,
 * when it had left. */
static void
set_exchange_times (RtAnalysis *analysis, RtStream *stream, const RtTransfer *transfer)
{
  RtExchange *exchange;

  if (transfer->exchange == 0)
    return;
  exchange = rt_part_get_exchange (analysis, transfer->exchange);
  /* In a part, a request is known as one only when its first line is there. */
  if (exchange->started == RT_TIME_UNKNOWN
      || (analysis->part != NULL && exchange->request == transfer
          && transfer->sent_first != RT_TIME_UNKNOWN))
    exchange->started = transfer->sent_first;
  if (exchange->response != transfer || exchange->ended != RT_TIME_UNKNOWN)
    return;
  exchange->ended = transfer->received_last == RT_TIME_UNKNOWN && arrives_unseen (stream, transfer)
                        ? transfer->sent_last
                        : transfer->received_last;
}

static gboolean
has_left (const RtTransfer *transfer)
{
  return is_over (transfer)
         && (transfer->whole.length == 0 || transfer->sent_last != RT_TIME_UNKNOWN);
}

/* Where arrivals are not recorded, all that has left waits for them to the end: it is not looked at
 * each time. */
void
rt_stream_update_times (RtAnalysis *analysis, RtStream *stream)
{
  for (guint i = stream->untimed; i < stream->transfers->len; i++)
    {
      RtTransfer *transfer = stream->transfers->pdata[i];
      gboolean done;

      if (i + 1 < stream->unsent && !stream->ended
          && transfer->whole.offset >= stream->received.frontier)
        {
          i = stream->unsent - 1;
          transfer = stream->transfers->pdata[i];
        }
      done = set_times (stream, transfer);
      set_exchange_times (analysis, stream, transfer);
      if (done && i == stream->untimed)
        stream->untimed++;
      if (i == stream->unsent && has_left (transfer))
        stream->unsent++;
    }
  stream->unsent = MAX (stream->unsent, stream->untimed);
}

/* Messages */

static void
keep_finding (RtAnalysis *analysis, RtStream *stream, const RtFinding *finding, const RtFold *fold)
{
  /* Bytes that were written down afterwards prove nothing about framing. */
  if (stream->provenance == RT_BYTES_RECONSTRUCTED)
    return;
  if (stream->current == NULL || !stream->current->has_head)
    {
      g_array_append_val (stream->findings, *finding);
      return;
    }
  g_array_append_val (stream->current->findings, *finding);
  rt_note_add_findings (analysis, stream->current, stream->current->findings->len - 1, fold);
}

static void
take_findings (RtAnalysis *analysis, RtStream *stream, const RtFold *fold)
{
  if (stream->findings->len == 0)
    return;
  g_array_append_vals (stream->current->findings, stream->findings->data, stream->findings->len);
  g_array_set_size (stream->findings, 0);
  rt_note_add_findings (analysis, stream->current, 0, fold);
}

/* The other protocol begins for both directions: 101, or a 2xx to CONNECT. */
static void
begin_tunnel (RtStream *stream)
{
  GPtrArray *streams = stream->conduit->streams;

  for (guint i = 0; i < streams->len; i++)
    {
      RtStream *other = streams->pdata[i];

      if (other != stream && other->direction != stream->direction
          && other->provenance == stream->provenance)
        rt_stream_make_opaque (other);
    }
}

static void
read_head (RtAnalysis *analysis, RtStream *stream, RtMessage *message, const RtFold *fold)
{
  guint64 at = message->head.length > 0 ? message->head.offset : stream->next;
  RtTransfer *transfer = stream->current;

  if (message->kind == RT_MESSAGE_REQUEST)
    {
      if (transfer == NULL)
        {
          transfer = rt_transfer_new (analysis, stream, message, at);
          rt_exchange_add_request (analysis, stream, transfer, fold);
        }
      rt_exchange_set_request_head (analysis, stream, transfer, message, fold);
    }
  else
    {
      transfer = rt_transfer_new (analysis, stream, message, at);
      rt_exchange_add_response (analysis, stream, transfer, fold);
    }
  transfer->has_head = TRUE;
  transfer->whole = rt_span_join (transfer->whole, message->head);
  stream->current = transfer;
  take_findings (analysis, stream, fold);
}

static void
add_run (RtAnalysis *analysis, RtTransfer *transfer, RtSpan span)
{
  RtDerived *derived;

  if (transfer->decoded == 0)
    {
      derived = g_new0 (RtDerived, 1);
      derived->runs = g_array_new (FALSE, FALSE, sizeof (RtSpan));
      derived->starts = g_array_new (FALSE, FALSE, sizeof (guint64));
      transfer->decoded = RT_BUFFER_DERIVED + analysis->derived->len;
      g_ptr_array_add (analysis->derived, derived);
    }
  derived = analysis->derived->pdata[transfer->decoded - RT_BUFFER_DERIVED];
  g_array_append_val (derived->starts, derived->length);
  g_array_append_val (derived->runs, span);
  derived->length += span.length;
}

static void
read_content (RtAnalysis *analysis, RtStream *stream, RtSpan span)
{
  RtTransfer *transfer = stream->current;

  transfer->content = rt_span_join (transfer->content, span);
  transfer->content_length += span.length;
  if (transfer->message->framing == RT_FRAMING_CHUNKED)
    add_run (analysis, transfer, span);
}

static void
finish_message (RtAnalysis *analysis, RtStream *stream, RtSpan whole)
{
  RtTransfer *transfer = stream->current;

  if (whole.length > 0)
    transfer->whole = whole;
  transfer->complete = TRUE;
  stream->next = rt_span_end (transfer->whole);
  stream->current = NULL;
  rt_exchange_note_end (analysis, transfer);
}

static void
break_message (RtAnalysis *analysis, RtStream *stream, const RtFold *fold, const char *why)
{
  RtTransfer *transfer = stream->current;

  g_array_set_size (stream->findings, 0);
  if (transfer == NULL)
    return;
  stream->current = NULL;
  if (stream->read > transfer->whole.offset)
    transfer->whole.length = clamp_length (stream->read - transfer->whole.offset);
  transfer->broken = rt_analysis_keep (analysis, why);
  rt_note_add_broken (analysis, transfer, fold);
  if (transfer->exchange != 0 && transfer->direction == RT_BACKWARD)
    rt_exchange_fail (analysis, rt_part_get_exchange (analysis, transfer->exchange), fold, why);
}

/* One event of the reader. Returns FALSE when there is nothing more to be had. */
gboolean
rt_stream_read_event (RtAnalysis *analysis,
                      RtStream *stream,
                      const RtHttp1Event *event,
                      const RtFold *fold)
{
  switch (event->kind)
    {
    case RT_HTTP1_HEAD:
      read_head (analysis, stream, event->message, fold);
      return TRUE;
    case RT_HTTP1_CONTENT:
      if (stream->current != NULL)
        read_content (analysis, stream, event->span);
      return TRUE;
    case RT_HTTP1_CHUNK:
      if (stream->current != NULL)
        stream->current->content = rt_span_join (stream->current->content, event->span);
      return TRUE;
    case RT_HTTP1_TRAILERS:
      if (stream->current != NULL)
        stream->current->trailer = event->span;
      return TRUE;
    case RT_HTTP1_END:
      if (stream->current != NULL)
        finish_message (analysis, stream, event->span);
      return TRUE;
    case RT_HTTP1_FINDING:
      keep_finding (analysis, stream, &event->finding, fold);
      return TRUE;
    case RT_HTTP1_TUNNEL:
      rt_stream_make_opaque (stream);
      return FALSE;
    case RT_HTTP1_INCOMPLETE:
    case RT_HTTP1_ERROR:
    case RT_HTTP1_CLOSED:
    case RT_HTTP1_NEED_MORE:
      break;
    }
  return FALSE;
}

/* A request shows from its first byte on, so that those who dribble can be seen. The reader skips
 * empty lines before it (RFC 9112 §2.2), and so do we. */
void
rt_stream_show_first_byte (RtAnalysis *analysis, RtStream *stream, const RtFold *fold)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (RtMessage) empty = NULL;
  const char *at;
  gsize length, skip = 0;
  RtTransfer *transfer;

  if (stream->current != NULL || stream->direction != RT_FORWARD || stream->read <= stream->next)
    return;
  bytes = rt_analysis_read (
      analysis,
      (RtSpan){ stream->next, clamp_length (stream->read - stream->next), stream->buffer }, NULL);
  if (bytes == NULL)
    return;
  at = g_bytes_get_data (bytes, &length);
  while (skip < length && (at[skip] == '\r' || at[skip] == '\n'))
    skip++;
  stream->next += skip;
  if (skip == length)
    return;
  empty = rt_message_new (RT_MESSAGE_REQUEST);
  transfer = rt_transfer_new (analysis, stream, empty, stream->next);
  rt_exchange_add_request (analysis, stream, transfer, fold);
  stream->current = transfer;
}

static void
drain (RtAnalysis *analysis, RtStream *stream, const RtFold *fold)
{
  gboolean more = TRUE;

  while (more && stream->reader != NULL)
    {
      RtHttp1Event event = rt_http1_reader_next (stream->reader);

      more = rt_stream_read_event (analysis, stream, &event, fold);
      if (event.kind == RT_HTTP1_HEAD && stream->current != NULL
          && stream->current->message->framing == RT_FRAMING_TUNNEL)
        {
          begin_tunnel (stream);
          stream->conduit->tunnel |= stream->provenance == RT_BYTES_CROSSED;
        }
    }
  if (stream->mode != RT_STREAM_HTTP1)
    return;
  rt_stream_show_first_byte (analysis, stream, fold);
  if (stream->current != NULL && stream->read > stream->current->whole.offset)
    stream->current->whole.length = clamp_length (stream->read - stream->current->whole.offset);
}

static void
start_reader (RtStream *stream, guint64 at)
{
  RtConduit *conduit = stream->conduit;
  gboolean requests = stream->direction == RT_FORWARD;

  stream->mode = RT_STREAM_HTTP1;
  stream->next = at;
  stream->reader = rt_http1_reader_new (requests ? RT_MESSAGE_REQUEST : RT_MESSAGE_RESPONSE,
                                        RT_HTTP1_TOLERANT, NULL);
  for (guint i = conduit->answered; !requests && i < conduit->exchanges->len; i++)
    {
      const RtExchange *exchange = conduit->exchanges->pdata[i];

      if (exchange->request != NULL && exchange->request->has_head)
        rt_http1_reader_expect (stream->reader, exchange->request->message->method);
    }
}

/* Starts the reader at @at and gives it the held bytes from there on. */
static void
start_with_held (RtAnalysis *analysis, RtStream *stream, guint64 at, const RtFold *fold)
{
  guint64 from = stream->read - stream->held->len;
  gsize skip = at - from;
  g_autoptr (GBytes) bytes = g_bytes_new (stream->held->data + skip, stream->held->len - skip);

  start_reader (stream, at);
  g_byte_array_set_size (stream->held, 0);
  rt_http1_reader_feed (stream->reader, bytes,
                        (RtSpan){ at, (guint32)g_bytes_get_size (bytes), stream->buffer });
  drain (analysis, stream, fold);
}

/* What is it? TLS begins with a record type below 0x20; HTTP/2 with its preface, or from the
 * server with a frame's length, whose first byte is no letter. */
static void
decide (RtAnalysis *analysis, RtStream *stream, const RtFold *fold)
{
  gsize common = MIN (stream->held->len, sizeof PREFACE - 1);
  guint8 first = stream->held->data[0];

  if (first < 0x20 && first != '\r' && first != '\n' && first != '\t')
    {
      rt_stream_make_opaque (stream);
      return;
    }
  if (stream->direction == RT_FORWARD && memcmp (stream->held->data, PREFACE, common) == 0)
    {
      if (common < sizeof PREFACE - 1)
        return;
      begin_tunnel (stream);
      rt_stream_make_opaque (stream);
      return;
    }
  start_with_held (analysis, stream, stream->read - stream->held->len, fold);
}

/* Seeking */

static gboolean
is_start_line (RtStream *stream, RtText line)
{
  gsize i = 0;

  if (line.length > 0 && line.at[line.length - 1] == '\r')
    line.length--;
  if (stream->direction == RT_BACKWARD)
    return line.length >= 12 && rt_text_starts_with (line, RT_TEXT ("HTTP/1."))
           && g_ascii_isdigit (line.at[7]) && line.at[8] == ' ' && g_ascii_isdigit (line.at[9])
           && g_ascii_isdigit (line.at[10]) && g_ascii_isdigit (line.at[11]);
  while (i < line.length && (g_ascii_isupper (line.at[i]) || line.at[i] == '-'))
    i++;
  return i > 0 && i + 10 < line.length && line.at[i] == ' ' && line.at[line.length - 9] == ' '
         && rt_text_starts_with (rt_text_sub (line, line.length - 8, 8), RT_TEXT ("HTTP/1."))
         && g_ascii_isdigit (line.at[line.length - 1])
         && memchr (line.at + i + 1, ' ', line.length - 10 - i) == NULL;
}

/* Looks for a start line at the beginning of the held bytes, behind each line break and where the
 * latest event's bytes begin (@latest), as content need not end with a line break. */
static void
seek (RtAnalysis *analysis, RtStream *stream, gsize latest, const RtFold *fold)
{
  guint64 from = stream->read - stream->held->len;
  const char *data = (const char *)stream->held->data;
  gsize length = stream->held->len;
  gsize line = 0;

  while (line < length)
    {
      const char *end = memchr (data + line, '\n', length - line);
      gsize stop = end != NULL ? (gsize)(end - data) : length;

      if (end != NULL && is_start_line (stream, (RtText){ data + line, stop - line }))
        {
          start_with_held (analysis, stream, from + line, fold);
          return;
        }
      if (line < latest && latest < stop)
        {
          line = latest;
          continue;
        }
      if (end == NULL)
        break;
      line = stop + 1;
    }
  if (length - line > SEEK_LINE)
    line = length;
  g_byte_array_remove_range (stream->held, 0, (guint)line);
}

/* Reading on */

static void
read_on (RtAnalysis *analysis, RtStream *stream, GBytes *bytes, const RtFold *fold)
{
  RtSpan span = { stream->read, (guint32)g_bytes_get_size (bytes), stream->buffer };
  gsize latest = stream->held->len;

  stream->read = rt_span_end (span);
  if (stream->mode == RT_STREAM_OPAQUE)
    return;
  if (stream->mode == RT_STREAM_REBUILT)
    {
      rt_rebuilt_read_on (analysis, stream, bytes, span, fold);
      return;
    }
  if (stream->mode == RT_STREAM_HTTP1)
    {
      rt_http1_reader_feed (stream->reader, bytes, span);
      drain (analysis, stream, fold);
      return;
    }
  g_byte_array_append (stream->held, g_bytes_get_data (bytes, NULL), span.length);
  if (stream->mode == RT_STREAM_UNDECIDED)
    decide (analysis, stream, fold);
  else
    seek (analysis, stream, latest, fold);
}

static void
break_off (RtAnalysis *analysis, RtStream *stream, const RtFold *fold, const char *why)
{
  if (stream->mode == RT_STREAM_OPAQUE)
    return;
  break_message (analysis, stream, fold, why);
  g_clear_pointer (&stream->reader, rt_http1_reader_free);
  g_byte_array_set_size (stream->held, 0);
  stream->mode = RT_STREAM_SEEKING;
}

static void
read_sent (RtAnalysis *analysis, RtStream *stream, const RtFold *fold)
{
  const char *alpn = stream->conduit->info.protocol;

  if (stream->mode == RT_STREAM_UNDECIDED && stream->provenance == RT_BYTES_DECRYPTED
      && alpn != NULL && (g_str_equal (alpn, "h2") || g_str_equal (alpn, "h3")))
    rt_stream_make_opaque (stream);
  while (stream->read < stream->sent.frontier)
    {
      g_autoptr (GBytes) bytes = NULL;
      RtSpan span
          = { stream->read, clamp_length (stream->sent.frontier - stream->read), stream->buffer };

      if (stream->mode != RT_STREAM_OPAQUE)
        bytes = rt_analysis_read (analysis, span, NULL);
      if (bytes != NULL)
        read_on (analysis, stream, bytes, fold);
      else
        {
          break_off (analysis, stream, fold, "Bytes of it were not kept");
          stream->read = rt_span_end (span);
        }
    }
  rt_stream_update_times (analysis, stream);
}

static void
know (RtStream *stream, RtSpan span)
{
  /* Where recording began in the middle, what was before is missing. */
  if (stream->sent.marks->len == 0 && stream->sent.ahead->len == 0 && span.offset > 0)
    {
      rt_progress_jump (&stream->sent, span.offset);
      rt_progress_jump (&stream->received, span.offset);
      stream->read = span.offset;
      if (stream->mode == RT_STREAM_UNDECIDED)
        stream->mode = RT_STREAM_SEEKING;
    }
}

void
rt_stream_sent (RtAnalysis *analysis, RtStream *stream, const RtFold *fold)
{
  const RtEvent *event = fold->event;

  know (stream, event->span);
  rt_progress_add (&stream->sent, event->span, event->time, fold->number);
  read_sent (analysis, stream, fold);
}

void
rt_stream_received (RtAnalysis *analysis, RtStream *stream, const RtFold *fold)
{
  const RtEvent *event = fold->event;

  know (stream, event->span);
  rt_progress_add (&stream->received, event->span, event->time, fold->number);
  if (stream->received.frontier > stream->sent.frontier)
    rt_progress_add (&stream->sent,
                     (RtSpan){ stream->sent.frontier,
                               clamp_length (stream->received.frontier - stream->sent.frontier),
                               stream->buffer },
                     event->time, fold->number);
  read_sent (analysis, stream, fold);
}

/* No more bytes will come; @cut: because the connection was cut off, which ends no message, not
 * even one that goes on to the end of the connection (RFC 9112 §8). */
void
rt_stream_end (
    RtAnalysis *analysis, RtStream *stream, gboolean cut, const RtFold *fold, const char *why)
{
  if (stream->ended)
    return;
  stream->ended = TRUE;
  if (stream->mode == RT_STREAM_UNDECIDED && stream->held->len > 0)
    start_with_held (analysis, stream, stream->read - stream->held->len, fold);
  if (stream->reader != NULL && !cut)
    {
      rt_http1_reader_end (stream->reader);
      drain (analysis, stream, fold);
    }
  break_message (analysis, stream, fold, why);
  rt_stream_update_times (analysis, stream);
}

void
rt_stream_gap (RtAnalysis *analysis, RtStream *stream, const RtFold *fold, const char *why)
{
  if (stream->ended)
    return;
  if (stream->direction == RT_BACKWARD)
    stream->conduit->gap = TRUE;
  break_off (analysis, stream, fold, why);
  rt_stream_update_times (analysis, stream);
}

/* The transfers that have bytes of @span, FALSE if none has. */
gboolean
rt_stream_find (RtStream *stream, RtSpan span, guint *ret_first, guint *ret_last)
{
  guint low = 0;
  guint high = stream->transfers->len;
  guint last;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const RtTransfer *transfer = stream->transfers->pdata[middle];

      if (rt_span_end (transfer->whole) <= span.offset)
        low = middle + 1;
      else
        high = middle;
    }
  for (last = low; last < stream->transfers->len; last++)
    if (((RtTransfer *)stream->transfers->pdata[last])->whole.offset >= rt_span_end (span))
      break;
  if (last == low)
    return FALSE;
  *ret_first = low;
  *ret_last = last - 1;
  return TRUE;
}
