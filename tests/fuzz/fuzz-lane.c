/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Imported exchanges, connection by connection, most of which are read without an analysis.
 * Invariant: whatever happens on the connections, the exchanges are those that an analysis of the
 * whole log gives, with the same events, times and answers; where spans lie, nothing but that it
 * ends.
 *
 * The bytes are a script: what happens next, and how. */
#include "log-builder.h"
#include "rt-facts.h"
#include "rt-lane.h"

#include <stdint.h>

#define CONNECTIONS 3

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

typedef struct
{
  const uint8_t *at;
  size_t left;
  RtLog *log;
  RtTime now;
  RtConnection connections[CONNECTIONS];
  RtBufferId buffers[CONNECTIONS][2];
  gboolean over[CONNECTIONS]; /* nothing comes after it */
  gboolean lies;
} Script;

/* What is compared of an exchange. */
typedef struct
{
  guint64 begun, last;
  RtTime started, ended;
  guint status, connection;
  guint64 offset, length;
} Seen;

static uint8_t
take (Script *script)
{
  if (script->left == 0)
    return 0;
  script->left--;
  return *script->at++;
}

static void
append (Script *script, guint c, RtEventKind kind, RtSpan span, GVariant *detail)
{
  rt_log_append (script->log,
                 &(RtEvent){ .time = script->now,
                             .cause = RT_EVENT_NONE,
                             .span = span,
                             .connection = script->connections[c],
                             .party = 1,
                             .kind = kind },
                 detail);
}

static void
connect_one (Script *script, guint c)
{
  script->connections[c] = rt_log_next_connection (script->log);
  script->over[c] = FALSE;
  append (script, c, RT_EVENT_CONNECT, RT_SPAN_NONE,
          g_variant_new ("(sqsq)", "a.test", 80, "tcp", 2));
  for (RtDirection way = RT_FORWARD; way <= RT_BACKWARD; way++)
    script->buffers[c][way]
        = rt_log_add_buffer (script->log, script->now, script->connections[c], (RtPartyId)(way + 1),
                             way, RT_BYTES_RECONSTRUCTED, 0);
  append (script, c, RT_EVENT_ESTABLISHED, RT_SPAN_NONE, NULL);
}

/* A message, announced and sent in one piece or in two. */
static void
message (Script *script, guint c, RtDirection way)
{
  static const char *const heads[2][4] = {
    { "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "PUT http://b/c HTTP/1.0\r\n\r\n",
      "CONNECT d:1 HTTP/1.1\r\n\r\n", "odd\r\n\r\n" },
    { "HTTP/1.1 200 OK\r\nAge: 1\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\n\r\n",
      "HTTP/1.1 103 Early Hints\r\n\r\n", "HTTP/1.1 304 \r\n\r\n" },
  };
  uint8_t how = take (script);
  g_autoptr (GString) text = g_string_new (heads[way][how & 3]);
  guint head = (guint)text->len;
  g_autoptr (GBytes) bytes = NULL;
  RtSpan span;
  guint first;

  for (uint8_t i = how >> 5; i > 0; i--)
    g_string_append (text, "content ");
  bytes = g_bytes_new (text->str, text->len);
  span = rt_log_write (script->log, script->buffers[c][way], bytes);
  append (script, c, RT_EVENT_REBUILT, rt_span_sub (span, 0, 0),
          rt_facts_new_rebuilt (head, text->len - head, 0, how & 4 ? "why" : NULL, RT_TEXT ("")));
  first = how & 8 ? head : how & 16 ? span.length / 2 : span.length;
  append (script, c, RT_EVENT_SENT, rt_span_sub (span, 0, first), NULL);
  if (how & 16)
    append (script, c, RT_EVENT_RECEIVED, rt_span_sub (span, 0, first), NULL);
  script->now += how;
  if (first < span.length)
    append (script, c, RT_EVENT_SENT, rt_span_sub (span, first, span.length - first), NULL);
  if (how & 16)
    span = rt_span_sub (span, first, span.length - first);
  if (span.length > 0)
    append (script, c, RT_EVENT_RECEIVED, span, NULL);
}

static void
happen (Script *script)
{
  uint8_t what = take (script);
  guint c = what >> 4 & 3 ? (what >> 4 & 3) - 1u : 0;
  RtSpan buffer = { 0, 0, script->buffers[c][what >> 7] };

  if (script->over[c])
    what = 7;
  switch (what & 0x0f)
    {
    case 0:
      script->over[c] = TRUE;
      append (script, c, RT_EVENT_EOF, buffer, NULL);
      buffer.buffer = script->buffers[c][!(what >> 7)];
      append (script, c, RT_EVENT_EOF, buffer, NULL);
      break;
    case 1:
      script->over[c] = TRUE;
      append (script, c, RT_EVENT_RESET, RT_SPAN_NONE, g_variant_new_string ("cut"));
      break;
    case 2:
      rt_log_flush (script->log);
      break;
    case 3:
      message (script, c, RT_FORWARD);
      break;
    case 4:
      message (script, c, RT_BACKWARD);
      break;
    case 5: /* a span that lies */
      script->lies = TRUE;
      buffer.offset = take (script) * 3u;
      buffer.length = take (script);
      append (script, c, what & 0x80 ? RT_EVENT_SENT : RT_EVENT_RECEIVED, buffer, NULL);
      break;
    case 6: /* an announcement that lies */
      script->lies = TRUE;
      buffer.offset = take (script) * 3u;
      append (script, c, RT_EVENT_REBUILT, buffer,
              rt_facts_new_rebuilt (take (script), take (script), 0, NULL, RT_TEXT ("")));
      break;
    case 7:
      connect_one (script, c);
      break;
    default:
      message (script, c, RT_FORWARD);
      message (script, c, RT_BACKWARD);
    }
}

/* The message that shows where it begins; there may be an interim response that nobody asked for.
 */
static const RtTransfer *
first_of (const RtExchange *exchange)
{
  if (exchange->request != NULL)
    return exchange->request;
  return exchange->response != NULL && exchange->interim->len == 0 ? exchange->response
                                                                   : exchange->interim->pdata[0];
}

/* @lane: (nullable): whose numbers and offsets they are; %NULL: the log's */
static Seen
see (RtLane *lane, const RtExchange *exchange)
{
  const RtTransfer *first = first_of (exchange);
  const RtTransfer *last = exchange->response != NULL ? exchange->response : first;
  Seen seen = { .begun = first->first_event,
                .last = last->last_event,
                .started = exchange->started,
                .ended = exchange->ended,
                .status = exchange->response != NULL ? exchange->response->message->status : 0,
                .connection = exchange->connection,
                .offset = last->whole.offset,
                .length = last->whole.length };

  if (lane != NULL)
    {
      seen.begun = rt_lane_get_number (lane, seen.begun);
      seen.last = rt_lane_get_number (lane, seen.last);
      seen.offset += rt_lane_get_base (lane, last->whole.buffer);
    }
  return seen;
}

static void
gather (RtLane *lane, GPtrArray *open, GArray *all, gboolean over)
{
  const RtExchange *exchange;
  guint kept = 0;

  while ((exchange = rt_lane_next_whole (lane)) != NULL)
    {
      Seen seen = see (NULL, exchange);

      g_array_append_val (all, seen);
    }
  rt_lane_forget_whole (lane);
  while ((exchange = rt_lane_next_exchange (lane)) != NULL)
    g_ptr_array_add (open, (gpointer)exchange);
  for (guint i = 0; i < open->len; i++)
    {
      Seen seen;

      exchange = open->pdata[i];
      if (!over && rt_lane_is_open (lane, exchange))
        {
          open->pdata[kept++] = open->pdata[i];
          continue;
        }
      seen = see (lane, exchange);
      g_array_append_val (all, seen);
    }
  g_ptr_array_set_size (open, (int)kept);
  if (kept == 0)
    rt_lane_rest (lane);
}

/* What the lane of one connection gives, a page at a time. */
static void
read_lane (RtReader *reader, RtConnection connection, GArray *all)
{
  RtLane *lane = rt_lane_new (connection);
  g_autoptr (GPtrArray) open = g_ptr_array_new ();
  guint64 length = rt_reader_get_length (reader);

  for (guint64 event = 0; event < length;)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, event, NULL);

      for (guint i = 0; i < page->n_chunks; i++)
        rt_lane_add_chunk (lane, &page->chunks[i]);
      for (guint i = 0; i < page->n; i++)
        if (page->events[i].connection == connection)
          rt_lane_add_event (lane, page, i);
      rt_lane_fold (lane);
      gather (lane, open, all, FALSE);
      event = page->first + page->n;
    }
  gather (lane, open, all, TRUE);
  rt_lane_free (lane);
}

static int
compare_seen (gconstpointer a, gconstpointer b)
{
  const Seen *left = a;
  const Seen *right = b;

  return left->begun < right->begun ? -1 : left->begun > right->begun;
}

static void
check (Script *script)
{
  RtReader *reader = rt_log_get_reader (script->log);
  g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
  GPtrArray *exchanges = rt_analysis_get_exchanges (analysis);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Seen));
  RtConnection last = rt_log_next_connection (script->log);

  g_assert_true (rt_analysis_feed_reader (analysis, reader, G_MAXUINT64, NULL));
  for (RtConnection connection = 1; connection < last; connection++)
    read_lane (reader, connection, all);
  if (script->lies)
    return;
  g_array_sort (all, compare_seen);
  g_assert_cmpuint (all->len, ==, exchanges->len);
  for (guint i = 0; i < all->len; i++)
    {
      Seen is = g_array_index (all, Seen, i);
      Seen want = see (NULL, exchanges->pdata[i]);

      g_assert_cmpuint (is.begun, ==, want.begun);
      g_assert_cmpuint (is.last, ==, want.last);
      g_assert_cmpint (is.started, ==, want.started);
      g_assert_cmpint (is.ended, ==, want.ended);
      g_assert_cmpuint (is.status, ==, want.status);
      g_assert_cmpuint (is.connection, ==, want.connection);
      g_assert_cmpuint (is.offset, ==, want.offset);
      g_assert_cmpuint (is.length, ==, want.length);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Script script = { .at = data, .left = size, .now = RT_TIME_SEC };

  script.log = rt_log_new (RT_LOG_KEEP_ALL, NULL, NULL);
  rt_log_add_party (script.log, script.now, "browser", "browser");
  rt_log_add_party (script.log, script.now, "a.test", "origin");
  for (guint c = 0; c < CONNECTIONS; c++)
    connect_one (&script, c);
  for (guint i = 0; i < 64 && script.left > 0; i++)
    happen (&script);
  rt_log_flush (script.log);
  check (&script);
  rt_log_free (script.log);
  return 0;
}
