/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The HTTP/1.x reader: a state machine with one function a state.
 *
 * A state's function reads what it can, appends events, perhaps moves on to another state, and says
 * whether it got anywhere; rt_http1_reader_next() calls it until there is an event to give or no
 * byte left. What is read is a function of the bytes alone: however they are cut into runs, the
 * same events come, but for CONTENT, whose runs follow the cuts.
 *
 * Strict and tolerant readers run the same code. The judge alone knows which one it is: it says
 * when a violation ends the reading. A tolerant reader that has lost the framing gives the rest as
 * content (or, before any head, as something that is no HTTP) until the connection ends. */
#include "rt-http1-states.h"

#define TOLERANT_FACTOR 8

static guint32
limit_or (guint32 given, guint32 standard, RtHttp1Mode mode)
{
  if (given > 0)
    return given;
  return mode == RT_HTTP1_TOLERANT ? standard * TOLERANT_FACTOR : standard;
}

/**
 * rt_http1_reader_new:
 * @kind: what is read: requests or responses
 * @mode: what is done about violations
 * @limits: (nullable): caps; %NULL: the defaults
 *
 * Returns: (transfer full): a reader of one direction of one connection
 */
RtHttp1Reader *
rt_http1_reader_new (RtMessageKind kind, RtHttp1Mode mode, const RtHttp1Limits *limits)
{
  RtHttp1Reader *reader = g_new0 (RtHttp1Reader, 1);
  RtHttp1Limits given = limits != NULL ? *limits : (RtHttp1Limits){ 0 };

  reader->kind = kind;
  reader->limits = (RtHttp1Limits){
    .start_line = limit_or (given.start_line, RT_HTTP1_START_LINE_MAX, mode),
    .field_line = limit_or (given.field_line, RT_HTTP1_FIELD_LINE_MAX, mode),
    .header_section = limit_or (given.header_section, RT_HTTP1_HEADER_SECTION_MAX, mode),
    .fields = limit_or (given.fields, RT_HTTP1_FIELDS_MAX, mode),
    .chunk_line = limit_or (given.chunk_line, RT_HTTP1_CHUNK_LINE_MAX, mode),
    .trailer_section = limit_or (given.trailer_section, RT_HTTP1_TRAILER_SECTION_MAX, mode),
    .content = given.content > 0 && mode == RT_HTTP1_STRICT ? given.content : G_MAXUINT64,
  };
  reader->judge = (RtHttp1Judge){
    .strict = mode == RT_HTTP1_STRICT,
    .in_response = kind == RT_MESSAGE_RESPONSE,
    .findings = g_array_new (FALSE, FALSE, sizeof (RtFinding)),
  };
  rt_http1_input_init (&reader->input);
  rt_http1_section_init (&reader->section);
  reader->asked = g_byte_array_new ();
  reader->events = g_array_sized_new (FALSE, FALSE, sizeof (RtHttp1Event), 8);
  return reader;
}

static void
drop_events (RtHttp1Reader *reader)
{
  for (guint i = reader->next_event; i < reader->events->len; i++)
    g_clear_pointer (&g_array_index (reader->events, RtHttp1Event, i).bytes, g_bytes_unref);
  g_array_set_size (reader->events, 0);
  reader->next_event = 0;
}

void
rt_http1_reader_free (RtHttp1Reader *reader)
{
  drop_events (reader);
  g_array_unref (reader->events);
  g_byte_array_unref (reader->asked);
  g_array_unref (reader->judge.findings);
  rt_http1_section_clear (&reader->section);
  rt_http1_input_clear (&reader->input);
  g_clear_pointer (&reader->message, rt_message_unref);
  g_clear_pointer (&reader->current, g_bytes_unref);
  g_free (reader);
}

/**
 * rt_http1_reader_expect:
 * @reader: a reader of responses
 * @request_method: of a request that was sent
 *
 * The framing of a response depends on its request (RFC 9112 §6.3). Call it once a request, in the
 * order they were sent; a response that nobody asked for is read as one to GET.
 */
void
rt_http1_reader_expect (RtHttp1Reader *reader, RtText request_method)
{
  guint8 asked = rt_text_is (request_method, "HEAD")      ? RT_HTTP1_ASKED_HEAD
                 : rt_text_is (request_method, "CONNECT") ? RT_HTTP1_ASKED_CONNECT
                                                          : RT_HTTP1_ASKED_OTHER;

  g_byte_array_append (reader->asked, &asked, 1);
}

/**
 * rt_http1_reader_feed:
 * @reader: a reader
 * @bytes: what arrived; reffed
 * @span: where it stands: behind what was fed before, in the same buffer. %RT_SPAN_NONE for the
 *   first run: nothing has a span
 */
void
rt_http1_reader_feed (RtHttp1Reader *reader, GBytes *bytes, RtSpan span)
{
  if (reader->state != RT_HTTP1_STATE_DONE)
    rt_http1_input_feed (&reader->input, bytes, span);
}

/**
 * rt_http1_reader_tunnel:
 * @reader: a reader that is between two messages, or that read what it should not have
 *
 * Says that what was not given yet is no HTTP: the other side has agreed to a tunnel (a 2xx to
 * CONNECT) or to another protocol (101). A reader of responses knows by itself.
 */
void
rt_http1_reader_tunnel (RtHttp1Reader *reader)
{
  if (reader->state == RT_HTTP1_STATE_START || reader->state == RT_HTTP1_STATE_FIELDS)
    rt_http1_input_unread (&reader->input, 0);
  g_array_set_size (reader->judge.findings, 0);
  reader->state = RT_HTTP1_STATE_TUNNEL;
}

/**
 * rt_http1_reader_end:
 * @reader: a reader
 *
 * Says that no byte will follow: the connection is closed in this direction.
 */
void
rt_http1_reader_end (RtHttp1Reader *reader)
{
  reader->ended = TRUE;
}

/* Events. */

RtSpan
rt_http1_span_since (RtHttp1Reader *reader, guint64 position)
{
  return rt_http1_input_span (&reader->input, position, reader->input.position - position);
}

RtHttp1Event *
rt_http1_push (RtHttp1Reader *reader, RtHttp1EventKind kind, RtSpan span)
{
  RtHttp1Event event = { .kind = kind, .message = reader->message, .span = span };

  g_array_append_val (reader->events, event);
  return &g_array_index (reader->events, RtHttp1Event, reader->events->len - 1);
}

static void
push_finding (RtHttp1Reader *reader, const RtFinding *finding)
{
  rt_http1_push (reader, RT_HTTP1_FINDING, finding->span)->finding = *finding;
}

/* Gives what the judge has collected. Returns: whether the reading goes on. */
gboolean
rt_http1_push_findings (RtHttp1Reader *reader)
{
  GArray *findings = reader->judge.findings;
  guint n = findings->len - (reader->judge.failed ? 1 : 0);

  for (guint i = 0; i < n; i++)
    push_finding (reader, &g_array_index (findings, RtFinding, i));
  if (reader->judge.failed)
    {
      rt_http1_push (reader, RT_HTTP1_ERROR, rt_http1_span_since (reader, reader->message_at))
          ->finding
          = g_array_index (findings, RtFinding, n);
      reader->state = RT_HTTP1_STATE_DONE;
    }
  g_array_set_size (findings, 0);
  return !reader->judge.failed;
}

gboolean
rt_http1_push_run (RtHttp1Reader *reader, RtHttp1EventKind kind, guint64 most)
{
  guint64 position = reader->input.position;
  GBytes *bytes;
  RtHttp1Event *event;

  if (rt_http1_input_available (&reader->input) == 0)
    return FALSE;
  bytes = rt_http1_input_take_run (&reader->input, most);
  event = rt_http1_push (reader, kind, rt_http1_span_since (reader, position));
  event->bytes = bytes;
  event->number = kind == RT_HTTP1_CONTENT ? reader->content : 0;
  reader->content += g_bytes_get_size (bytes);
  return TRUE;
}

/* The bytes end inside a message. */
void
rt_http1_cut_short (RtHttp1Reader *reader)
{
  RtSpan span = rt_http1_span_since (reader, reader->message_at);

  rt_http1_push_findings (reader);
  rt_http1_push (reader, RT_HTTP1_INCOMPLETE, span)->finding
      = (RtFinding){ rt_http1_finding_kind (RT_HTTP1_CUT_SHORT), span };
  reader->state = RT_HTTP1_STATE_DONE;
}

void
rt_http1_finish_message (RtHttp1Reader *reader, RtHttp1State next)
{
  rt_http1_push (reader, RT_HTTP1_END, rt_http1_span_since (reader, reader->message_at));
  reader->state = next;
  rt_http1_input_begin (&reader->input);
}

RtHttp1Line
rt_http1_line_of (RtHttp1Reader *reader, const RtHttp1Taken *taken)
{
  RtText section = rt_http1_input_section (&reader->input);
  guint64 position = reader->input.section + taken->at;

  return (RtHttp1Line){
    .text = rt_text_sub (section, taken->at, taken->length),
    .span = rt_http1_input_span (&reader->input, position, taken->length),
  };
}

static const struct
{
  gboolean (*read) (RtHttp1Reader *reader);
  void (*end) (RtHttp1Reader *reader);
} states[RT_HTTP1_N_STATES] = {
  [RT_HTTP1_STATE_START] = { rt_http1_read_start, rt_http1_end_start },
  [RT_HTTP1_STATE_FIELDS] = { rt_http1_read_fields, rt_http1_end_fields },
  [RT_HTTP1_STATE_LENGTH] = { rt_http1_read_length, rt_http1_cut_short },
  [RT_HTTP1_STATE_CLOSE] = { rt_http1_read_close, rt_http1_end_close },
  [RT_HTTP1_STATE_CHUNK_SIZE] = { rt_http1_read_chunk_size, rt_http1_cut_short },
  [RT_HTTP1_STATE_CHUNK_DATA] = { rt_http1_read_chunk_data, rt_http1_cut_short },
  [RT_HTTP1_STATE_CHUNK_END] = { rt_http1_read_chunk_end, rt_http1_cut_short },
  [RT_HTTP1_STATE_TRAILERS] = { rt_http1_read_trailers, rt_http1_cut_short },
  [RT_HTTP1_STATE_TUNNEL] = { rt_http1_read_tunnel, rt_http1_end_tunnel },
  [RT_HTTP1_STATE_LOST] = { rt_http1_read_lost, rt_http1_cut_short },
};

static RtHttp1Event
pop (RtHttp1Reader *reader)
{
  RtHttp1Event event = g_array_index (reader->events, RtHttp1Event, reader->next_event++);

  reader->current = event.bytes;
  return event;
}

/**
 * rt_http1_reader_next:
 * @reader: a reader
 *
 * Returns: what comes next in what was fed. It and all it points to is good until the next call.
 */
RtHttp1Event
rt_http1_reader_next (RtHttp1Reader *reader)
{
  g_clear_pointer (&reader->current, g_bytes_unref);
  for (;;)
    {
      if (reader->next_event < reader->events->len)
        return pop (reader);
      g_array_set_size (reader->events, 0);
      reader->next_event = 0;
      if (reader->state == RT_HTTP1_STATE_DONE)
        return (RtHttp1Event){ .kind = RT_HTTP1_NEED_MORE };
      if (states[reader->state].read (reader)
          || (rt_http1_input_available (&reader->input) == 0
              && rt_http1_input_advance (&reader->input)))
        continue;
      if (!reader->ended)
        return (RtHttp1Event){ .kind = RT_HTTP1_NEED_MORE };
      states[reader->state].end (reader);
    }
}
