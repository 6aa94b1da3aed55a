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
#include "rt-pool-private.h"

#include "rt-error.h"
#include "rt-retry.h"

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
  pool->lines = g_ptr_array_new_with_free_func (rt_pool_line_free);
  pool->exchanges
      = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, rt_pool_exchange_free);
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

/* Sending. */

static void
transmit (RtPool *pool, RtPoolLine *line, RtPoolExchange *exchange, RtEffects *out)
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
assign (RtPool *pool, RtPoolExchange *exchange, RtEffects *out)
{
  RtPoolLine *line = rt_pool_line_take (pool, exchange, out);

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
  RtPoolExchange *exchange = rt_pool_exchange_new (pool, request);

  g_hash_table_insert (pool->exchanges, &exchange->id, exchange);
  if (request->timeout > 0)
    rt_effects_deadline (out, RT_POOL_DEADLINE | exchange->id, now + request->timeout, FALSE);
  assign (pool, exchange, out);
  return exchange->id;
}

static void
send_piece (RtPool *pool, RtPoolExchange *exchange, GBytes *piece, RtEffects *out)
{
  RtPoolLine *line = rt_pool_line_find (pool, exchange->connection);

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
  RtPoolExchange *found = g_hash_table_lookup (pool->exchanges, &exchange);
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
  RtPoolExchange *found = g_hash_table_lookup (pool->exchanges, &exchange);
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
 * rt_pool_is_trusted:
 * @pool: a pool
 * @exchange: from rt_pool_send(), under way
 *
 * Returns: whether it is on a connection whose other end has shown who it is
 */
gboolean
rt_pool_is_trusted (RtPool *pool, guint64 exchange)
{
  const RtPoolExchange *found = g_hash_table_lookup (pool->exchanges, &exchange);
  const RtPoolLine *line = found != NULL ? rt_pool_line_find (pool, found->connection) : NULL;

  return line != NULL && line->trusted;
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
  RtPoolExchange *found = g_hash_table_lookup (pool->exchanges, &exchange);
  RtPoolLine *line = found != NULL ? rt_pool_line_find (pool, found->connection) : NULL;

  if (line == NULL || line->paused == !on)
    return;
  line->paused = !on;
  rt_effects_read (out, line->id, on);
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
  RtPoolExchange *found = g_hash_table_lookup (pool->exchanges, &exchange);
  RtPoolLine *line;

  if (found == NULL)
    return;
  line = rt_pool_line_find (pool, found->connection);
  if (line != NULL)
    {
      g_queue_remove (&line->exchanges, found);
      if (g_queue_is_empty (&line->exchanges))
        {
          line->closing = FALSE; /* an orderly end is not enough any more */
          rt_pool_line_close (line, TRUE, out);
        }
    }
  rt_effects_deadline (out, RT_POOL_DEADLINE | exchange, RT_TIME_NEVER, TRUE);
  g_hash_table_remove (pool->exchanges, &exchange);
  rt_pool_forget_lines (pool);
}

/* Ends. */

static void
end_exchange (
    RtPool *pool, RtPoolExchange *exchange, const GError *error, RtTime now, RtEffects *out)
{
  RtPoolLine *line = rt_pool_line_find (pool, exchange->connection);
  guint64 id = exchange->id;

  if (line != NULL)
    {
      g_queue_remove (&line->exchanges, exchange);
      rt_pool_line_watch_idle (pool, line, now, out);
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
may_retry (const RtPoolExchange *exchange, RtTime now, RtEffects *out)
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
lose_line (RtPool *pool, RtPoolLine *line, const GError *error, RtTime now, RtEffects *out)
{
  RtPoolExchange *exchange;

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

static void fail_line (RtPool *pool,
                       RtPoolLine *line,
                       RtError code,
                       RtTime now,
                       RtEffects *out,
                       const char *format,
                       ...) G_GNUC_PRINTF (6, 7);

static void
fail_line (RtPool *pool,
           RtPoolLine *line,
           RtError code,
           RtTime now,
           RtEffects *out,
           const char *format,
           ...)
{
  g_autoptr (GError) error = NULL;
  va_list args;

  va_start (args, format);
  error = g_error_new_valist (RT_ERROR, code, format, args);
  va_end (args);
  lose_line (pool, line, error, now, out);
}

/* Responses. */

static void
read_head (RtPool *pool, RtPoolLine *line, RtMessage *response, RtTime now, RtEffects *out)
{
  RtPoolExchange *exchange = g_queue_peek_head (&line->exchanges);

  line->status = response->status;
  line->keeps_open = rt_http1_keeps_open (response);
  if (exchange == NULL)
    {
      /* RFC 9112 §9.2: nobody asked for it. */
      rt_pool_line_close (line, TRUE, out);
      return;
    }
  exchange->heard = TRUE;
  if (pool->handler->head != NULL)
    pool->handler->head (pool->self, exchange->id, response, now, out);
}

/* @end: where the response ends. */
static void
read_end (RtPool *pool, RtPoolLine *line, guint64 end, RtTime now, RtEffects *out)
{
  RtPoolExchange *exchange = g_queue_peek_head (&line->exchanges);

  if (exchange == NULL || (line->status < 200 && line->status != 101))
    return;
  exchange->n_answered++;
  if (exchange->n_answered < exchange->n_expected && line->keeps_open)
    return;
  /* Bytes after the last response asked for could be taken for the next one (RFC 9112 §6.3). */
  if (!exchange->whole)
    rt_pool_line_close (line, TRUE, out);
  else if (!line->keeps_open || !exchange->keeps_open
           || (line->exchanges.length == 1 && line->fed_end > end))
    rt_pool_line_close (line, FALSE, out);
  end_exchange (pool, exchange, NULL, now, out);
}

/* Takes one event out of the reader. Returns whether there may be another. */
static gboolean
pull_one (RtPool *pool, RtPoolLine *line, RtTime now, RtEffects *out)
{
  RtHttp1Event event = rt_http1_reader_next (line->reader);
  RtPoolExchange *exchange = g_queue_peek_head (&line->exchanges);

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
      rt_pool_line_close (line, TRUE, out);
      fail_line (pool, line, RT_ERROR_SYNTAX, now, out,
                 "%s:%u: the response can't be read: it does not hold that %s (%s)", line->host,
                 line->port, event.finding.kind->clause.title,
                 event.finding.kind->clause.reference);
      return FALSE;
    case RT_HTTP1_INCOMPLETE:
      fail_line (pool, line, RT_ERROR_PEER, now, out,
                 "the connection ended in the middle of the response");
      return FALSE;
    case RT_HTTP1_CLOSED:
      fail_line (pool, line, RT_ERROR_PEER, now, out,
                 "the connection was closed before a response came");
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
pull (RtPool *pool, RtPoolLine *line, RtTime now, RtEffects *out)
{
  line->pulling = TRUE;
  while (!line->over && pull_one (pool, line, now, out))
    ;
  line->pulling = FALSE;
}

static void
connected (RtPool *pool, RtPoolLine *line, const RtPeer *peer, RtEffects *out)
{
  line->up = TRUE;
  line->trusted = peer->trusted;
  for (GList *l = line->exchanges.head; l != NULL; l = l->next)
    transmit (pool, line, l->data, out);
}

static void
sent_all (RtPool *pool, RtPoolLine *line, RtTime now, RtEffects *out)
{
  RtPoolExchange *exchange = g_queue_peek_tail (&line->exchanges);

  if (exchange != NULL && exchange->streamed && !exchange->whole && line->up
      && pool->handler->writable != NULL)
    pool->handler->writable (pool->self, exchange->id, now, out);
}

static void
time_out (RtPool *pool, RtPoolExchange *exchange, RtTime now, RtEffects *out)
{
  RtPoolLine *line = rt_pool_line_find (pool, exchange->connection);
  g_autoptr (GError) error
      = g_error_new_literal (RT_ERROR, RT_ERROR_PEER, "no response came in time");

  /* Its response may still come: nobody could tell it from the next one's. */
  rt_pool_line_close (line, TRUE, out);
  end_exchange (pool, exchange, error, now, out);
  fail_line (pool, line, RT_ERROR_PEER, now, out, "the connection was given up");
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
  RtPoolLine *line = input->connection != 0 ? rt_pool_line_find (pool, input->connection) : NULL;

  if (input->kind == RT_INPUT_DEADLINE && (input->id & RT_POOL_DEADLINE)
      && !(input->id & ~(RT_POOL_DEADLINE | (RT_POOL_DEADLINE - 1))))
    {
      guint64 id = input->id & (RT_POOL_DEADLINE - 1);
      RtPoolExchange *exchange = g_hash_table_lookup (pool->exchanges, &id);

      line = id & RT_POOL_IDLE_DEADLINE
                 ? rt_pool_line_find (pool, (RtConnection)(id & ~RT_POOL_IDLE_DEADLINE))
                 : NULL;
      if (line != NULL && g_queue_is_empty (&line->exchanges))
        rt_pool_line_close (line, FALSE, out);

      if (exchange != NULL)
        time_out (pool, exchange, input->now, out);
      rt_pool_forget_lines (pool);
      return TRUE;
    }
  if (line == NULL)
    return FALSE;
  if (input->kind == RT_INPUT_CONNECTED)
    connected (pool, line, input->info, out);
  else if (input->kind == RT_INPUT_FAILED)
    lose_line (pool, line, input->info, input->now, out);
  else if (input->kind == RT_INPUT_RESET)
    fail_line (pool, line, RT_ERROR_PEER, input->now, out, "the connection was cut off");
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
      rt_pool_line_close (line, FALSE, out);
      rt_http1_reader_end (line->reader);
      pull (pool, line, input->now, out);
      line->over = TRUE;
    }
  if (pool->lines->len > RT_POOL_IDLE_MAX)
    rt_pool_limit_idle (pool, out);
  rt_pool_forget_lines (pool);
  return TRUE;
}
