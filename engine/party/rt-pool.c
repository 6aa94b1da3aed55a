/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A client's connections and exchanges.
 *
 * An exchange takes a connection as its policy says, sends all of its request at once when that is
 * up, and is over when as many final responses have come as it holds requests: one, but for exact
 * bytes that hold several. Over a named connection further exchanges may be sent before the first
 * is answered; responses come in the order of the requests (RFC 9112 §9.3.2). A connection that was
 * kept open may have been closed by the server while the request was on its way: if nothing of a
 * response has come and the method is idempotent, the request is sent once more over a new one
 * (RFC 9110 §9.2.2, RFC 9112 §9.3.1). */
#include "rt-pool.h"

#include "rt-error.h"
#include "rt-retry.h"

/* Set in the number of a deadline that is about a connection, not about an exchange. */
#define IDLE_DEADLINE (G_GUINT64_CONSTANT (1) << 61)

typedef struct
{
  guint64 id;
  RtConnection connection;
  char *host, *name;
  guint16 port;
  const RtTls *tls;
  RtPoolPolicy policy;
  GBytes *bytes;
  GPtrArray *requests; /* RtMessage: those in @bytes */
  guint n_expected;    /* final responses */
  gboolean keeps_open;
  guint n_answered, attempts;
  gboolean heard, reused;
  gboolean streamed, forwarded, chunked;
  gboolean whole; /* all of the request has been given to us */
  GQueue waiting; /* GBytes: content that came before the connection was up */
} Exchange;

typedef struct
{
  RtConnection id;
  char *host, *name;
  guint16 port;
  const RtTls *tls;
  RtHttp1Reader *reader;
  GQueue exchanges; /* Exchange, owned by the pool, in the order they were sent */
  gboolean up, used, closing, over, pulling, paused;
  guint status;    /* of the response that is being read */
  guint64 fed_end; /* end of what was fed last */
  gboolean keeps_open;
} Line;

struct _RtPool
{
  const RtPoolHandler *handler;
  gpointer self;
  RtHttp1Limits limits;
  RtTime idle;
  GPtrArray *lines;      /* Line, in the order they were opened */
  GHashTable *exchanges; /* guint64 → Exchange */
  guint64 last;
};

static void
exchange_free (gpointer data)
{
  Exchange *exchange = data;

  g_bytes_unref (exchange->bytes);
  g_queue_clear_full (&exchange->waiting, (GDestroyNotify)g_bytes_unref);
  g_ptr_array_unref (exchange->requests);
  g_free (exchange->host);
  g_free (exchange->name);
  g_free (exchange);
}

static void
line_free (gpointer data)
{
  Line *line = data;

  g_queue_clear (&line->exchanges);
  rt_http1_reader_free (line->reader);
  g_free (line->host);
  g_free (line->name);
  g_free (line);
}

/**
 * rt_pool_new:
 * @handler: told of the exchanges; outlives the pool
 * @self: its first argument
 * @limits: (nullable): caps on what a response may have; copied
 *
 * Returns: (transfer full): a pool without connections
 */
RtPool *
rt_pool_new (const RtPoolHandler *handler, gpointer self, const RtHttp1Limits *limits)
{
  RtPool *pool = g_new0 (RtPool, 1);

  pool->handler = handler;
  pool->self = self;
  if (limits != NULL)
    pool->limits = *limits;
  pool->lines = g_ptr_array_new_with_free_func (line_free);
  pool->exchanges = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, exchange_free);
  return pool;
}

void
rt_pool_free (RtPool *pool)
{
  g_ptr_array_unref (pool->lines);
  g_hash_table_unref (pool->exchanges);
  g_free (pool);
}

/**
 * rt_pool_set_idle:
 * @pool: a pool
 * @idle: how long a connection that nobody uses is kept; 0: until the other side closes it
 */
void
rt_pool_set_idle (RtPool *pool, RtTime idle)
{
  pool->idle = idle;
}

/* What is sent. */

static GBytes *
write_message (RtMessage *message, GBytes *content)
{
  g_autoptr (RtMessage) copy = rt_message_copy (message);
  g_autoptr (GBytes) head = NULL;
  GByteArray *bytes = g_byte_array_new ();
  gboolean chunked = rt_fields_first (message->fields, "Transfer-Encoding") != NULL;

  if (content != NULL && !chunked && rt_fields_first (message->fields, "Content-Length") == NULL)
    {
      g_autofree char *length = g_strdup_printf ("%zu", g_bytes_get_size (content));

      rt_fields_append (copy->fields, "Content-Length", length);
    }
  head = rt_http1_write_head (copy);
  g_byte_array_append (bytes, g_bytes_get_data (head, NULL), (guint)g_bytes_get_size (head));
  if (content != NULL)
    {
      g_autoptr (GBytes) body
          = chunked && g_bytes_get_size (content) > 0 ? rt_http1_write_chunk (content) : NULL;
      GBytes *part = chunked ? body : content;

      if (part != NULL)
        g_byte_array_append (bytes, g_bytes_get_data (part, NULL), (guint)g_bytes_get_size (part));
    }
  if (chunked)
    {
      g_autoptr (GBytes) last = rt_http1_write_last_chunk (message->trailers);

      g_byte_array_append (bytes, g_bytes_get_data (last, NULL), (guint)g_bytes_get_size (last));
    }
  return g_byte_array_free_to_bytes (bytes);
}

/* The requests that a server could see in @bytes. */
static void
find_requests (Exchange *exchange)
{
  g_autoptr (RtHttp1Reader) reader
      = rt_http1_reader_new (RT_MESSAGE_REQUEST, RT_HTTP1_TOLERANT, NULL);
  RtHttp1Event event;

  rt_http1_reader_feed (reader, exchange->bytes,
                        (RtSpan){ 0, (guint32)g_bytes_get_size (exchange->bytes), 1 });
  while ((event = rt_http1_reader_next (reader)).kind != RT_HTTP1_NEED_MORE
         && event.kind != RT_HTTP1_ERROR && event.kind != RT_HTTP1_TUNNEL)
    if (event.kind == RT_HTTP1_HEAD)
      {
        g_ptr_array_add (exchange->requests, rt_message_ref (event.message));
        exchange->keeps_open = rt_http1_keeps_open (event.message);
      }
}

static Exchange *
exchange_new (RtPool *pool, const RtPoolRequest *request)
{
  Exchange *exchange = g_new0 (Exchange, 1);

  exchange->id = ++pool->last;
  exchange->host = g_strdup (request->to.host);
  exchange->port = request->to.port;
  exchange->tls = request->to.tls;
  exchange->policy = request->policy;
  exchange->name = g_strdup (request->policy == RT_POOL_NAMED ? request->name : NULL);
  exchange->requests = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_message_unref);
  if (request->bytes != NULL)
    {
      exchange->bytes = g_bytes_ref (request->bytes);
      find_requests (exchange);
    }
  else
    {
      exchange->bytes = request->streamed ? rt_http1_write_head (request->message)
                                          : write_message (request->message, request->content);
      g_ptr_array_add (exchange->requests, rt_message_ref (request->message));
      exchange->keeps_open = rt_http1_keeps_open (request->message);
    }
  exchange->streamed = request->streamed;
  exchange->forwarded = request->forwarded;
  exchange->whole = !request->streamed;
  exchange->chunked = request->streamed
                      && rt_fields_first (request->message->fields, "Transfer-Encoding") != NULL;
  /* Bytes that are no request get an answer, too. */
  exchange->n_expected = MAX (exchange->requests->len, 1);
  return exchange;
}

/* Connections. */

static Line *
find_line (RtPool *pool, RtConnection id)
{
  for (guint i = 0; i < pool->lines->len; i++)
    {
      Line *line = g_ptr_array_index (pool->lines, i);

      if (line->id == id)
        return line;
    }
  return NULL;
}

static gboolean
suits (Line *line, const Exchange *exchange)
{
  if (line->closing || line->over || line->port != exchange->port
      || !rt_tls_equal (line->tls, exchange->tls)
      || g_ascii_strcasecmp (line->host, exchange->host) != 0)
    return FALSE;
  if (exchange->policy == RT_POOL_NAMED)
    return g_strcmp0 (line->name, exchange->name) == 0;
  return exchange->policy == RT_POOL_REUSE && line->name == NULL && line->up
         && g_queue_is_empty (&line->exchanges);
}

static Line *
open_line (RtPool *pool, const Exchange *exchange, RtEffects *out)
{
  Line *line = g_new0 (Line, 1);

  line->host = g_strdup (exchange->host);
  line->port = exchange->port;
  line->tls = exchange->tls;
  line->name = g_strdup (exchange->name);
  line->reader = rt_http1_reader_new (RT_MESSAGE_RESPONSE, RT_HTTP1_STRICT, &pool->limits);
  line->id = rt_effects_connect (
      out, &(RtEndpoint){ .host = line->host, .port = line->port, .tls = line->tls });
  g_ptr_array_add (pool->lines, line);
  return line;
}

/* A connection that nobody uses is given back after a while (RFC 9112 §9.5). */
static void
watch_idle (RtPool *pool, Line *line, RtTime now, RtEffects *out)
{
  gboolean idle = g_queue_is_empty (&line->exchanges) && !line->closing && !line->over;

  if (pool->idle > 0)
    rt_effects_deadline (out, RT_POOL_DEADLINE | IDLE_DEADLINE | line->id,
                         idle ? now + pool->idle : RT_TIME_NEVER, TRUE);
}

static void
transmit (RtPool *pool, Line *line, Exchange *exchange, RtEffects *out)
{
  GBytes *piece;

  exchange->attempts++;
  exchange->reused = line->used;
  line->used = TRUE;
  for (guint i = 0; i < exchange->requests->len; i++)
    rt_http1_reader_expect (line->reader,
                            ((RtMessage *)g_ptr_array_index (exchange->requests, i))->method);
  rt_effects_send (out, line->id, exchange->bytes);
  while ((piece = g_queue_pop_head (&exchange->waiting)) != NULL)
    {
      rt_effects_send (out, line->id, piece);
      g_bytes_unref (piece);
    }
  if (pool->handler->sent != NULL)
    pool->handler->sent (pool->self, exchange->id, exchange->reused, out);
}

static void
assign (RtPool *pool, Exchange *exchange, RtEffects *out)
{
  Line *line = NULL;

  for (guint i = 0; i < pool->lines->len && line == NULL; i++)
    if (suits (g_ptr_array_index (pool->lines, i), exchange))
      line = g_ptr_array_index (pool->lines, i);
  if (line == NULL)
    line = open_line (pool, exchange, out);
  exchange->connection = line->id;
  g_queue_push_tail (&line->exchanges, exchange);
  if (line->up)
    transmit (pool, line, exchange, out);
}

/**
 * rt_pool_send:
 * @pool: a pool
 * @request: what to send, where and over what; copied
 * @now: the time
 * @out: where effects gather
 *
 * Begins an exchange. The handler is told of its end in any case, and not before this returns.
 *
 * Returns: the exchange's number
 */
guint64
rt_pool_send (RtPool *pool, const RtPoolRequest *request, RtTime now, RtEffects *out)
{
  Exchange *exchange = exchange_new (pool, request);

  g_hash_table_insert (pool->exchanges, &exchange->id, exchange);
  if (request->timeout > 0)
    rt_effects_deadline (out, RT_POOL_DEADLINE | exchange->id, now + request->timeout, FALSE);
  assign (pool, exchange, out);
  return exchange->id;
}

static void
send_piece (RtPool *pool, Exchange *exchange, GBytes *piece, RtEffects *out)
{
  Line *line = find_line (pool, exchange->connection);

  if (line == NULL || line->closing || line->over)
    return;
  if (line->up)
    rt_effects_send (out, line->id, piece);
  else
    g_queue_push_tail (&exchange->waiting, g_bytes_ref (piece));
}

/**
 * rt_pool_write:
 * @pool: a pool
 * @exchange: one whose content is streamed
 * @bytes: some of its content
 * @out: where effects gather
 *
 * The handler's `writable` is called once it has left.
 */
void
rt_pool_write (RtPool *pool, guint64 exchange, GBytes *bytes, RtEffects *out)
{
  Exchange *found = g_hash_table_lookup (pool->exchanges, &exchange);
  g_autoptr (GBytes) piece = NULL;

  if (found == NULL || found->whole || g_bytes_get_size (bytes) == 0)
    return;
  piece = found->chunked ? rt_http1_write_chunk (bytes) : g_bytes_ref (bytes);
  send_piece (pool, found, piece, out);
}

/**
 * rt_pool_finish:
 * @pool: a pool
 * @exchange: one whose content is streamed
 * @trailers: (nullable): what follows it, if it is chunked
 * @out: where effects gather
 *
 * The request is whole.
 */
void
rt_pool_finish (RtPool *pool, guint64 exchange, RtFields *trailers, RtEffects *out)
{
  Exchange *found = g_hash_table_lookup (pool->exchanges, &exchange);
  g_autoptr (GBytes) piece = NULL;

  if (found == NULL || found->whole)
    return;
  found->whole = TRUE;
  if (!found->chunked)
    return;
  piece = rt_http1_write_last_chunk (trailers);
  send_piece (pool, found, piece, out);
}

/**
 * rt_pool_read:
 * @pool: a pool
 * @exchange: a number that rt_pool_send() gave
 * @on: %FALSE: no more of its response for now
 * @out: where effects gather
 */
void
rt_pool_read (RtPool *pool, guint64 exchange, gboolean on, RtEffects *out)
{
  Exchange *found = g_hash_table_lookup (pool->exchanges, &exchange);
  Line *line = found != NULL ? find_line (pool, found->connection) : NULL;

  if (line == NULL || line->paused == !on)
    return;
  line->paused = !on;
  rt_effects_read (out, line->id, on);
}

static void
close_line (Line *line, gboolean reset, RtEffects *out)
{
  if (!line->closing)
    rt_effects_close (out, line->id, reset);
  line->closing = TRUE;
  line->over |= reset;
}

/* Somebody who speaks to many servers, once to each, must not keep them all. */
static void
limit_idle (RtPool *pool, RtEffects *out)
{
  guint n = 0;

  for (guint i = pool->lines->len; i > 0; i--)
    {
      Line *line = g_ptr_array_index (pool->lines, i - 1);

      if (line->up && !line->closing && !line->over && line->name == NULL
          && g_queue_is_empty (&line->exchanges) && ++n > RT_POOL_IDLE_MAX)
        close_line (line, FALSE, out);
    }
}

static void
forget_lines (RtPool *pool)
{
  for (guint i = 0; i < pool->lines->len;)
    {
      Line *line = g_ptr_array_index (pool->lines, i);

      if (line->over && g_queue_is_empty (&line->exchanges) && !line->pulling)
        g_ptr_array_remove_index (pool->lines, i);
      else
        i++;
    }
}

/**
 * rt_pool_cancel:
 * @pool: a pool
 * @exchange: a number that rt_pool_send() gave
 * @out: where effects gather
 *
 * Nobody wants the response any more: its connection is cut off, and the handler hears no more of
 * it. An exchange that is over is left alone.
 */
void
rt_pool_cancel (RtPool *pool, guint64 exchange, RtEffects *out)
{
  Exchange *found = g_hash_table_lookup (pool->exchanges, &exchange);
  Line *line;

  if (found == NULL)
    return;
  line = find_line (pool, found->connection);
  if (line != NULL)
    {
      g_queue_remove (&line->exchanges, found);
      if (g_queue_is_empty (&line->exchanges))
        {
          line->closing = FALSE; /* an orderly end is not enough any more */
          close_line (line, TRUE, out);
        }
    }
  rt_effects_deadline (out, RT_POOL_DEADLINE | exchange, RT_TIME_NEVER, TRUE);
  g_hash_table_remove (pool->exchanges, &exchange);
  forget_lines (pool);
}

/**
 * rt_pool_close_idle:
 * @pool: a pool
 * @to: (nullable): only connections to this host and port; port 0: any
 * @out: where effects gather
 */
void
rt_pool_close_idle (RtPool *pool, const RtEndpoint *to, RtEffects *out)
{
  for (guint i = 0; i < pool->lines->len; i++)
    {
      Line *line = g_ptr_array_index (pool->lines, i);
      gboolean meant = to == NULL || to->host == NULL
                       || (g_ascii_strcasecmp (to->host, line->host) == 0
                           && (to->port == 0 || to->port == line->port));

      if (meant && g_queue_is_empty (&line->exchanges))
        close_line (line, FALSE, out);
    }
}

/* Ends. */

static void
end_exchange (RtPool *pool, Exchange *exchange, const GError *error, RtTime now, RtEffects *out)
{
  Line *line = find_line (pool, exchange->connection);
  guint64 id = exchange->id;

  if (line != NULL)
    {
      g_queue_remove (&line->exchanges, exchange);
      watch_idle (pool, line, now, out);
    }
  if (line != NULL && line->paused && !line->over)
    {
      line->paused = FALSE;
      rt_effects_read (out, line->id, TRUE);
    }
  rt_effects_deadline (out, RT_POOL_DEADLINE | id, RT_TIME_NEVER, TRUE);
  g_hash_table_remove (pool->exchanges, &id);
  pool->handler->done (pool->self, id, error, now, out);
}

/* A kept connection may have been closed while the request was on its way. */
static gboolean
may_retry (const Exchange *exchange, RtTime now, RtEffects *out)
{
  const RtRetryContext context = { .sent = g_bytes_get_size (exchange->bytes),
                                   .reused = TRUE,
                                   .replayable = !exchange->streamed,
                                   .proxy = exchange->forwarded,
                                   .attempts = exchange->attempts,
                                   .max_attempts = 2 };
  g_autoptr (RtDecision) why = NULL;
  RtTime delay;
  gboolean retry;

  if (!exchange->reused || exchange->heard || exchange->streamed
      || exchange->policy != RT_POOL_REUSE || exchange->requests->len != 1)
    return FALSE;
  why = rt_decision_new ();
  retry = rt_retry_decide (g_ptr_array_index (exchange->requests, 0), &context, now, &delay, why);
  rt_effects_decide (out, rt_decision_ref (why), retry);
  return retry;
}

/* The connection is of no use any more: what becomes of the exchanges on it? */
static void
lose_line (RtPool *pool, Line *line, const GError *error, RtTime now, RtEffects *out)
{
  Exchange *exchange;

  line->over = TRUE;
  while ((exchange = g_queue_peek_head (&line->exchanges)) != NULL)
    if (may_retry (exchange, now, out))
      {
        g_queue_pop_head (&line->exchanges);
        exchange->policy = RT_POOL_NEW;
        assign (pool, exchange, out);
      }
    else
      end_exchange (pool, exchange, error, now, out);
}

static void
fail_line (RtPool *pool, Line *line, RtTime now, RtEffects *out, const char *format, ...)
    G_GNUC_PRINTF (5, 6);

static void
fail_line (RtPool *pool, Line *line, RtTime now, RtEffects *out, const char *format, ...)
{
  g_autoptr (GError) error = NULL;
  va_list args;

  va_start (args, format);
  error = g_error_new_valist (RT_ERROR, RT_ERROR_PEER, format, args);
  va_end (args);
  lose_line (pool, line, error, now, out);
}

/* Responses. */

static void
read_head (RtPool *pool, Line *line, RtMessage *response, RtTime now, RtEffects *out)
{
  Exchange *exchange = g_queue_peek_head (&line->exchanges);

  line->status = response->status;
  line->keeps_open = rt_http1_keeps_open (response);
  if (exchange == NULL)
    {
      /* RFC 9112 §9.2: nobody asked for it. */
      close_line (line, TRUE, out);
      return;
    }
  exchange->heard = TRUE;
  if (pool->handler->head != NULL)
    pool->handler->head (pool->self, exchange->id, response, now, out);
}

/* @end: where the response ends. */
static void
read_end (RtPool *pool, Line *line, guint64 end, RtTime now, RtEffects *out)
{
  Exchange *exchange = g_queue_peek_head (&line->exchanges);

  if (exchange == NULL || (line->status < 200 && line->status != 101))
    return;
  exchange->n_answered++;
  if (exchange->n_answered < exchange->n_expected && line->keeps_open)
    return;
  /* Bytes after the last response asked for could be taken for the next one (RFC 9112 §6.3). */
  if (!exchange->whole)
    close_line (line, TRUE, out);
  else if (!line->keeps_open || !exchange->keeps_open
           || (line->exchanges.length == 1 && line->fed_end > end))
    close_line (line, FALSE, out);
  end_exchange (pool, exchange, NULL, now, out);
}

/* Takes one event out of the reader. Returns whether there may be another. */
static gboolean
pull_one (RtPool *pool, Line *line, RtTime now, RtEffects *out)
{
  RtHttp1Event event = rt_http1_reader_next (line->reader);
  Exchange *exchange = g_queue_peek_head (&line->exchanges);

  switch (event.kind)
    {
    case RT_HTTP1_HEAD:
      read_head (pool, line, event.message, now, out);
      return TRUE;
    case RT_HTTP1_CONTENT:
      if (exchange != NULL && pool->handler->content != NULL)
        pool->handler->content (pool->self, exchange->id, event.bytes, event.span, now, out);
      return TRUE;
    case RT_HTTP1_END:
      read_end (pool, line, rt_span_end (event.span), now, out);
      return TRUE;
    case RT_HTTP1_CHUNK:
    case RT_HTTP1_TRAILERS:
    case RT_HTTP1_FINDING:
      return TRUE;
    case RT_HTTP1_ERROR:
      close_line (line, TRUE, out);
      fail_line (pool, line, now, out, "the response can't be read: it does not hold that %s (%s)",
                 event.finding.kind->clause.title, event.finding.kind->clause.reference);
      return FALSE;
    case RT_HTTP1_INCOMPLETE:
      fail_line (pool, line, now, out, "the connection ended in the middle of the response");
      return FALSE;
    case RT_HTTP1_CLOSED:
      fail_line (pool, line, now, out, "the connection was closed before a response came");
      return FALSE;
    case RT_HTTP1_TUNNEL:
      if (exchange != NULL)
        end_exchange (pool, exchange, NULL, now, out);
      return FALSE;
    case RT_HTTP1_NEED_MORE:
    default:
      return FALSE;
    }
}

static void
pull (RtPool *pool, Line *line, RtTime now, RtEffects *out)
{
  line->pulling = TRUE;
  while (!line->over && pull_one (pool, line, now, out))
    ;
  line->pulling = FALSE;
}

static void
connected (RtPool *pool, Line *line, RtEffects *out)
{
  line->up = TRUE;
  for (GList *l = line->exchanges.head; l != NULL; l = l->next)
    transmit (pool, line, l->data, out);
}

static void
sent_all (RtPool *pool, Line *line, RtTime now, RtEffects *out)
{
  Exchange *exchange = g_queue_peek_tail (&line->exchanges);

  if (exchange != NULL && exchange->streamed && !exchange->whole && line->up
      && pool->handler->writable != NULL)
    pool->handler->writable (pool->self, exchange->id, now, out);
}

static void
time_out (RtPool *pool, Exchange *exchange, RtTime now, RtEffects *out)
{
  Line *line = find_line (pool, exchange->connection);
  g_autoptr (GError) error
      = g_error_new_literal (RT_ERROR, RT_ERROR_PEER, "no response came in time");

  /* Its response may still come: nobody could tell it from the next one's. */
  close_line (line, TRUE, out);
  end_exchange (pool, exchange, error, now, out);
  fail_line (pool, line, now, out, "the connection was given up");
}

/**
 * rt_pool_input:
 * @pool: a pool
 * @input: something that happened to its party
 * @out: where effects gather
 *
 * Returns: whether it was the pool's: about one of its connections or deadlines
 */
gboolean
rt_pool_input (RtPool *pool, const RtInput *input, RtEffects *out)
{
  Line *line = input->connection != 0 ? find_line (pool, input->connection) : NULL;

  if (input->kind == RT_INPUT_DEADLINE && (input->id & RT_POOL_DEADLINE)
      && !(input->id & ~(RT_POOL_DEADLINE | (RT_POOL_DEADLINE - 1))))
    {
      guint64 id = input->id & (RT_POOL_DEADLINE - 1);
      Exchange *exchange = g_hash_table_lookup (pool->exchanges, &id);

      line = id & IDLE_DEADLINE ? find_line (pool, (RtConnection)(id & ~IDLE_DEADLINE)) : NULL;
      if (line != NULL && g_queue_is_empty (&line->exchanges))
        close_line (line, FALSE, out);

      if (exchange != NULL)
        time_out (pool, exchange, input->now, out);
      forget_lines (pool);
      return TRUE;
    }
  if (line == NULL)
    return FALSE;
  if (input->kind == RT_INPUT_CONNECTED)
    connected (pool, line, out);
  else if (input->kind == RT_INPUT_FAILED)
    lose_line (pool, line, input->info, input->now, out);
  else if (input->kind == RT_INPUT_RESET)
    fail_line (pool, line, input->now, out, "the connection was cut off");
  else if (input->kind == RT_INPUT_WRITABLE)
    sent_all (pool, line, input->now, out);
  else if (input->kind == RT_INPUT_BYTES)
    {
      RtSpan span = rt_input_span (input, line->fed_end);

      rt_http1_reader_feed (line->reader, input->bytes, span);
      line->fed_end = rt_span_end (span);
      pull (pool, line, input->now, out);
    }
  else if (input->kind == RT_INPUT_EOF)
    {
      close_line (line, FALSE, out);
      rt_http1_reader_end (line->reader);
      pull (pool, line, input->now, out);
      line->over = TRUE;
    }
  if (pool->lines->len > RT_POOL_IDLE_MAX)
    limit_idle (pool, out);
  forget_lines (pool);
  return TRUE;
}
