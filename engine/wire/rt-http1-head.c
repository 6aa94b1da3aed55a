/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The reader's states for the head of a message. */
#include "rt-http1-states.h"

#define PREFIX "HTTP/"
#define TLS_HANDSHAKE 0x16

/* A line of the head or the trailers that ends in LF alone may be taken (RFC 9112 §2.2). */
static void
judge_line_end (RtHttp1Reader *reader, const RtHttp1Taken *taken)
{
  guint64 position = reader->input.section + taken->at + taken->length;

  if (taken->bare)
    rt_http1_judge (&reader->judge, RT_HTTP1_BARE_LF,
                    rt_http1_input_span (&reader->input, position, 1));
}

static RtHttp1Place
place_of (RtText section, RtText part)
{
  return part.length > 0 ? (RtHttp1Place){ (gsize)(part.at - section.at), part.length }
                         : (RtHttp1Place){ 0, 0 };
}

static void
keep_start (RtHttp1Reader *reader, const RtHttp1StartLine *start, RtText line)
{
  RtText section = rt_http1_input_section (&reader->input);

  reader->start = (RtHttp1Start){
    .read = TRUE,
    .method = place_of (section, start->method),
    .target = place_of (section, start->target),
    .version = place_of (section, start->version),
    .status = place_of (section, start->status),
    .reason = place_of (section, start->reason),
    .line = place_of (section, line),
    .number = start->number,
    .code = start->code,
  };
}

/* What stands at @place, and in @ret_span where that is. An empty reason phrase stands nowhere. */
static RtText
text_at (RtText section, RtHttp1Place place, RtSpan head, RtSpan *ret_span)
{
  *ret_span = place.length > 0 ? rt_span_sub (head, place.at, place.length) : RT_SPAN_NONE;
  return place.length > 0 ? rt_text_sub (section, place.at, place.length) : RT_TEXT ("");
}

/* Makes the message of the first @head_length bytes of its head. */
static void
make_message (RtHttp1Reader *reader, gsize head_length)
{
  GBytes *bytes = rt_http1_section_dup_text (&reader->section, &reader->input, head_length);
  RtSpan head = rt_http1_input_span (&reader->input, reader->message_at, head_length);
  RtFields *fields = rt_http1_section_make_fields (&reader->section, bytes, head);
  RtMessage *message = rt_message_new_over (reader->kind, bytes, fields);
  const RtHttp1Start *start = &reader->start;
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  RtText text = { data, length };

  message->version = start->number;
  message->status = start->code;
  message->method = text_at (text, start->method, head, &message->method_span);
  message->target = text_at (text, start->target, head, &message->target_span);
  message->reason = text_at (text, start->reason, head, &message->reason_span);
  text_at (text, start->version, head, &message->version_span);
  text_at (text, start->status, head, &message->status_span);
  text_at (text, start->line, head, &message->start_line);
  message->head = head;
  g_clear_pointer (&reader->message, rt_message_unref);
  reader->message = message;
}

static gsize
section_length (RtHttp1Reader *reader)
{
  return (gsize)(reader->input.position - reader->input.section);
}

static RtText
asked_method (RtHttp1Reader *reader)
{
  guint8 asked = reader->asked->len > 0 ? reader->asked->data[0] : RT_HTTP1_ASKED_OTHER;

  return asked == RT_HTTP1_ASKED_HEAD      ? RT_TEXT ("HEAD")
         : asked == RT_HTTP1_ASKED_CONNECT ? RT_TEXT ("CONNECT")
                                           : RT_TEXT ("GET");
}

/* Interim responses come before the final one (RFC 9110 §15.2); 101 is the last of its exchange. */
static void
forget_asked (RtHttp1Reader *reader)
{
  if (reader->kind == RT_MESSAGE_RESPONSE && reader->asked->len > 0
      && (reader->message->status >= 200 || reader->message->status == 101))
    g_byte_array_remove_index (reader->asked, 0);
}

static gboolean
is_preface (const RtMessage *message)
{
  return message->kind == RT_MESSAGE_REQUEST && message->version == RT_VERSION_2
         && rt_text_is (message->method, "PRI");
}

static void
decide_framing (RtHttp1Reader *reader)
{
  RtMessage *message = reader->message;

  if (is_preface (message))
    {
      message->framing = RT_FRAMING_TUNNEL;
      return;
    }
  if (message->kind == RT_MESSAGE_REQUEST)
    rt_http1_judge_host (message, &reader->judge);
  rt_http1_decide_framing (message, asked_method (reader), &reader->judge);
  if (message->framing == RT_FRAMING_LENGTH && message->content_length > reader->limits.content)
    rt_http1_judge (&reader->judge, RT_HTTP1_CONTENT_LONG,
                    rt_fields_first (message->fields, "Content-Length")->line);
}

/* Where the reading goes on behind a head. */
static void
begin_content (RtHttp1Reader *reader)
{
  static const RtHttp1State states[] = {
    [RT_FRAMING_LENGTH] = RT_HTTP1_STATE_LENGTH,
    [RT_FRAMING_CHUNKED] = RT_HTTP1_STATE_CHUNK_SIZE,
    [RT_FRAMING_CLOSE] = RT_HTTP1_STATE_CLOSE,
    [RT_FRAMING_INVALID] = RT_HTTP1_STATE_LOST,
  };
  RtMessage *message = reader->message;

  reader->content = reader->extensions = 0;
  reader->remaining = message->framing == RT_FRAMING_LENGTH ? message->content_length : 0;
  if (message->framing == RT_FRAMING_TUNNEL)
    rt_http1_finish_message (reader, RT_HTTP1_STATE_TUNNEL);
  else if (message->framing == RT_FRAMING_NONE
           || (message->framing == RT_FRAMING_LENGTH && message->content_length == 0))
    rt_http1_finish_message (reader, RT_HTTP1_STATE_START);
  else
    {
      reader->state = states[message->framing];
      rt_http1_input_begin (&reader->input);
    }
}

/* Gives the head with what was found in it, if it is not refused. */
static void
push_head (RtHttp1Reader *reader)
{
  if (!reader->judge.failed)
    rt_http1_push (reader, RT_HTTP1_HEAD, reader->message->head);
  if (rt_http1_push_findings (reader))
    {
      forget_asked (reader);
      begin_content (reader);
    }
}

static gboolean
finish_head (RtHttp1Reader *reader)
{
  make_message (reader, section_length (reader));
  decide_framing (reader);
  push_head (reader);
  return TRUE;
}

/* Strict: the message is refused; what was understood of it goes with the error. */
static gboolean
refuse (RtHttp1Reader *reader)
{
  g_clear_pointer (&reader->message, rt_message_unref);
  if (reader->start.read)
    make_message (reader, section_length (reader));
  rt_http1_push_findings (reader);
  return TRUE;
}

/* Tolerant: the head goes on, but not for us. Gives what there is of it, and all from @at on as
 * content whose end nobody knows. */
static gboolean
lose_head (RtHttp1Reader *reader, gsize at)
{
  make_message (reader, at);
  rt_http1_input_unread (&reader->input, at);
  reader->message->framing = RT_FRAMING_INVALID;
  push_head (reader);
  return TRUE;
}

/* The line is longer than it may be. */
static gboolean
read_long_line (RtHttp1Reader *reader, RtHttp1Violation violation, guint32 cap)
{
  guint64 position = reader->input.section + reader->input.line;
  gsize at = reader->input.line;

  rt_http1_judge (&reader->judge, violation, rt_http1_input_span (&reader->input, position, cap));
  return reader->judge.failed ? refuse (reader) : lose_head (reader, at);
}

/* What begins here is no HTTP/1 at all. */
static gboolean
leave_http (RtHttp1Reader *reader, RtHttp1Violation violation, guint64 length)
{
  rt_http1_judge (&reader->judge, violation,
                  rt_http1_input_span (&reader->input, reader->message_at, length));
  g_clear_pointer (&reader->message, rt_message_unref);
  if (rt_http1_push_findings (reader))
    {
      rt_http1_input_unread (&reader->input, 0);
      reader->state = RT_HTTP1_STATE_TUNNEL;
    }
  return TRUE;
}

/* A response that does not begin with a version: HTTP/0.9, whose responses are content alone. */
static gboolean
read_simple_response (RtHttp1Reader *reader, gsize length)
{
  rt_http1_judge (&reader->judge, RT_HTTP1_STATUS_LINE,
                  rt_http1_input_span (&reader->input, reader->message_at, length));
  if (reader->judge.failed)
    return refuse (reader);
  reader->start = (RtHttp1Start){ .number = RT_VERSION_0_9 };
  make_message (reader, 0);
  rt_http1_input_unread (&reader->input, 0);
  reader->message->framing = RT_FRAMING_CLOSE;
  push_head (reader);
  return TRUE;
}

/* How many bytes show that @start, complete or not, begins no status line; 0: it may be one. */
static gsize
mismatch (RtText start, gboolean complete)
{
  gsize n = MIN (start.length, strlen (PREFIX));

  for (gsize i = 0; i < n; i++)
    if (start.at[i] != PREFIX[i])
      return i + 1;
  return complete && n < strlen (PREFIX) ? n + 1 : 0;
}

/* Looks at the first bytes of a message, before its start line is complete or after. */
static gboolean
leaves_http (RtHttp1Reader *reader, RtText start, gboolean complete)
{
  gsize n;

  if (reader->kind == RT_MESSAGE_REQUEST)
    return start.length > 0 && start.at[0] == TLS_HANDSHAKE && leave_http (reader, RT_HTTP1_TLS, 1);
  /* In tolerant mode this CR may become an empty line. */
  if (!reader->judge.strict && !complete && rt_text_is (start, "\r"))
    return FALSE;
  n = mismatch (start, complete);
  return n > 0 && read_simple_response (reader, n);
}

/* RFC 9112 §2.2: a server ignores empty lines before a request line. */
static gboolean
skip_empty_line (RtHttp1Reader *reader)
{
  reader->empty_lines
      = rt_span_join (reader->empty_lines, rt_http1_span_since (reader, reader->input.section));
  reader->n_empty_lines++;
  rt_http1_input_begin (&reader->input);
  return TRUE;
}

static void
judge_empty_lines (RtHttp1Reader *reader)
{
  if (reader->n_empty_lines > 0)
    rt_http1_judge (&reader->judge, RT_HTTP1_EMPTY_LINES, reader->empty_lines);
  reader->n_empty_lines = 0;
  reader->empty_lines = RT_SPAN_NONE;
}

static void
read_start_line (RtHttp1Reader *reader, const RtHttp1Taken *taken)
{
  RtHttp1Line line = rt_http1_line_of (reader, taken);
  RtHttp1StartLine start;

  judge_empty_lines (reader);
  judge_line_end (reader, taken);
  if (reader->kind == RT_MESSAGE_REQUEST)
    rt_http1_read_request_line (line, &reader->judge, &start);
  else
    rt_http1_read_status_line (line, &reader->judge, &start);
  keep_start (reader, &start, line.text);
}

static gboolean
read_long_start (RtHttp1Reader *reader)
{
  gsize cap = reader->limits.start_line;
  RtHttp1Violation violation = RT_HTTP1_STATUS_LINE_LONG;
  char first[sizeof PREFIX];
  gsize n = rt_http1_input_peek (&reader->input, first, sizeof first);

  /* As if the line had come bit by bit: then its first bytes would have been looked at first. */
  if (leaves_http (reader, (RtText){ first, n }, FALSE))
    return TRUE;
  if (reader->kind == RT_MESSAGE_REQUEST)
    violation = rt_http1_input_line_has (&reader->input, ' ', cap) ? RT_HTTP1_REQUEST_LINE_LONG
                                                                   : RT_HTTP1_METHOD_LONG;
  return leave_http (reader, violation, cap);
}

/* The state between messages and in the start line. */
gboolean
rt_http1_read_start (RtHttp1Reader *reader)
{
  RtHttp1Taken taken;
  RtHttp1Take take;
  RtText start;

  reader->message_at = reader->input.section;
  reader->start.read = FALSE;
  rt_http1_section_reset (&reader->section);
  take = rt_http1_input_take_line (&reader->input, reader->limits.start_line, &taken);
  if (take == RT_HTTP1_TAKE_LONG)
    return read_long_start (reader);
  start = rt_http1_input_section (&reader->input);
  if (take == RT_HTTP1_TAKE_MORE)
    return leaves_http (reader, start, FALSE);
  start.length = taken.length;
  if (taken.length == 0 && (reader->kind == RT_MESSAGE_REQUEST || !reader->judge.strict))
    return skip_empty_line (reader);
  if (leaves_http (reader, start, TRUE))
    return TRUE;
  read_start_line (reader, &taken);
  if (reader->judge.failed)
    return refuse (reader);
  reader->state = RT_HTTP1_STATE_FIELDS;
  return reader->start.number == RT_VERSION_0_9 ? finish_head (reader) : TRUE;
}

/* Adds a line to the section; FALSE: there are more lines or bytes than may be. */
static gboolean
add_field_line (RtHttp1Reader *reader, const RtHttp1Taken *taken, guint32 cap)
{
  RtHttp1Line line = rt_http1_line_of (reader, taken);

  judge_line_end (reader, taken);
  rt_http1_section_add (&reader->section, line, taken->at, &reader->judge);
  if (reader->section.records->len > reader->limits.fields)
    rt_http1_judge (&reader->judge, RT_HTTP1_FIELDS_MANY, line.span);
  else if (section_length (reader) > cap)
    rt_http1_judge (&reader->judge, RT_HTTP1_FIELDS_LONG,
                    rt_http1_span_since (reader, reader->input.section));
  else
    return TRUE;
  return FALSE;
}

/* The state behind the start line. */
gboolean
rt_http1_read_fields (RtHttp1Reader *reader)
{
  RtHttp1Taken taken;

  switch (rt_http1_input_take_line (&reader->input, reader->limits.field_line, &taken))
    {
    case RT_HTTP1_TAKE_MORE:
      return FALSE;
    case RT_HTTP1_TAKE_LONG:
      return read_long_line (reader, RT_HTTP1_FIELD_LINE_LONG, reader->limits.field_line);
    case RT_HTTP1_TAKE_LINE:
      break;
    }
  if (taken.length == 0)
    {
      judge_line_end (reader, &taken);
      return finish_head (reader);
    }
  if (!add_field_line (reader, &taken, reader->limits.header_section) && !reader->judge.failed)
    return lose_head (reader, section_length (reader));
  return reader->judge.failed ? refuse (reader) : TRUE;
}

static gboolean
finish_trailers (RtHttp1Reader *reader, const RtHttp1Taken *last)
{
  RtSpan span = rt_http1_span_since (reader, reader->input.section);
  g_autoptr (GBytes) text
      = rt_http1_section_dup_text (&reader->section, &reader->input, section_length (reader));

  judge_line_end (reader, last);
  reader->message->trailers = rt_http1_section_make_fields (&reader->section, text, span);
  rt_http1_judge_trailers (reader->message->trailers, &reader->judge);
  if (!reader->judge.failed)
    rt_http1_push (reader, RT_HTTP1_TRAILERS, span);
  if (rt_http1_push_findings (reader))
    rt_http1_finish_message (reader, RT_HTTP1_STATE_START);
  return TRUE;
}

/* The state behind the last chunk, RFC 9112 §7.1.2. */
gboolean
rt_http1_read_trailers (RtHttp1Reader *reader)
{
  gboolean fits = TRUE;
  RtHttp1Taken taken;

  switch (rt_http1_input_take_line (&reader->input, reader->limits.field_line, &taken))
    {
    case RT_HTTP1_TAKE_MORE:
      return FALSE;
    case RT_HTTP1_TAKE_LONG:
      rt_http1_judge (&reader->judge, RT_HTTP1_FIELD_LINE_LONG,
                      rt_http1_input_span (&reader->input,
                                           reader->input.section + reader->input.line,
                                           reader->limits.field_line));
      fits = FALSE;
      break;
    case RT_HTTP1_TAKE_LINE:
      if (taken.length == 0)
        return finish_trailers (reader, &taken);
      fits = add_field_line (reader, &taken, reader->limits.trailer_section);
      break;
    }
  if (fits && !reader->judge.failed)
    return TRUE;
  if (rt_http1_push_findings (reader))
    {
      rt_http1_input_unread (&reader->input, reader->input.line);
      reader->state = RT_HTTP1_STATE_LOST;
    }
  return TRUE;
}

void
rt_http1_end_start (RtHttp1Reader *reader)
{
  g_clear_pointer (&reader->message, rt_message_unref);
  if (section_length (reader) > 0)
    {
      rt_http1_cut_short (reader);
      return;
    }
  rt_http1_push (reader, RT_HTTP1_CLOSED, RT_SPAN_NONE);
  reader->state = RT_HTTP1_STATE_DONE;
}

/* What there is of a head is worth showing, but nothing to act on. */
void
rt_http1_end_fields (RtHttp1Reader *reader)
{
  make_message (reader, reader->input.line);
  reader->message->framing = RT_FRAMING_INVALID;
  if (!reader->judge.strict)
    rt_http1_push (reader, RT_HTTP1_HEAD, reader->message->head);
  rt_http1_cut_short (reader);
}
