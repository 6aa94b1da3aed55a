/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One connection of a server.
 *
 * Bytes go into the reader; pull() takes events out of it, one request at a time: the next request
 * is looked at when the answer to the one before has been given to the driver, so answers leave in
 * the order of the requests (RFC 9112 §9.3.2) and a peer that sends ahead makes nothing grow but
 * the reader, up to a cap, at which reading stops. Answers wait in a queue and go to the driver
 * piece by piece.
 *
 *   IDLE ─ bytes ─▶ HEADER ─ head ─▶ BODY ─ end ─▶ ANSWERING ─ answered ─▶ IDLE
 *
 * Each phase has its deadline. Whatever ends the connection from our side goes through LINGERING:
 * FIN, then what still comes is thrown away until the other side has closed, so that no reset
 * destroys the answer under way (RFC 9112 §9.6). */
#include "rt-server-private.h"

#include "rt-date.h"
#include "rt-reference.h"

static const RtRule readable = {
  .id = "server.request",
  .title = "Can the request be read?",
  .reference = "RFC 9112 §2.2",
};

static const RtClause in_time
    = { "server.deadline", "the client is quick enough", "RFC 9110 §15.5.9", RT_LEVEL_MAY };
static const RtClause has_place
    = { "server.slots", "there is a free slot", "RFC 9112 §9.5", RT_LEVEL_MAY };
static const RtClause expectation
    = { "server.expect", "the expectation is 100-continue", "RFC 9110 §10.1.1", RT_LEVEL_MAY };
static const RtClause own_scheme
    = { "server.scheme", "an https request comes over TLS, any other is for http", "RFC 9110 §7.4",
        RT_LEVEL_MUST };
static const RtClause whole
    = { "server.complete", "the request is complete", "RFC 9112 §8", RT_LEVEL_MUST };

static void pull (RtServerConnection *connection, RtTime now, RtEffects *out);
static gboolean may_pull (RtServerConnection *connection);

/* Deadlines and phases. */

static void
set_deadline (
    RtServerConnection *connection, gboolean write, RtTime at, gboolean idle, RtEffects *out)
{
  rt_effects_deadline (out, RT_SERVER_DEADLINE | (guint64)connection->id << 1 | (write ? 1 : 0), at,
                       idle);
}

static RtTime
after (RtTime start, RtTime limit)
{
  return limit > 0 ? start + limit : RT_TIME_NEVER;
}

static void
enter (RtServerConnection *connection, RtServerPhase phase, RtTime now, RtEffects *out)
{
  const RtServerLimits *limits = &connection->server->limits;
  gboolean first = connection->n_requests == 0;
  RtTime at = RT_TIME_NEVER;

  /* The time for the first header section runs from the connection's beginning. */
  if (!(phase == RT_SERVER_HEADER && first))
    connection->since = now;
  connection->phase = phase;
  if (phase == RT_SERVER_IDLE)
    at = after (now, first ? limits->header : limits->idle);
  else if (phase == RT_SERVER_HEADER)
    at = after (connection->since, limits->header);
  else if (phase == RT_SERVER_BODY)
    at = after (now, limits->body);
  else if (phase == RT_SERVER_LINGERING && !connection->busy)
    at = now + RT_SERVER_LINGER;
  set_deadline (connection, FALSE, at, phase == RT_SERVER_IDLE || phase == RT_SERVER_LINGERING,
                out);
}

static void
end_connection (RtServerConnection *connection, RtTime now, RtEffects *out)
{
  rt_server_connection_abandon (connection, now, out);
  set_deadline (connection, FALSE, RT_TIME_NEVER, TRUE, out);
  set_deadline (connection, TRUE, RT_TIME_NEVER, TRUE, out);
  connection->over = TRUE;
}

void
rt_server_connection_cut (RtServerConnection *connection, RtTime now, RtEffects *out)
{
  rt_effects_close (out, connection->id, TRUE);
  end_connection (connection, now, out);
}

static void
linger (RtServerConnection *connection, RtTime now, RtEffects *out)
{
  rt_effects_close (out, connection->id, FALSE);
  if (connection->eof)
    end_connection (connection, now, out);
  else
    {
      rt_server_connection_abandon (connection, now, out);
      if (connection->paused != 0)
        rt_effects_read (out, connection->id, TRUE);
      connection->paused = 0;
      enter (connection, RT_SERVER_LINGERING, now, out);
    }
}

/* Sending. */

static void
flush (RtServerConnection *connection, RtTime now, RtEffects *out)
{
  gsize sent = 0;

  if (connection->busy || connection->over)
    return;
  while (sent < RT_SERVER_PIECE && !g_queue_is_empty (&connection->pending))
    {
      g_autoptr (GBytes) bytes = g_queue_pop_head (&connection->pending);
      gsize length = g_bytes_get_size (bytes), room = RT_SERVER_PIECE - sent;
      g_autoptr (GBytes) piece = NULL;

      if (length > room)
        g_queue_push_head (&connection->pending,
                           g_bytes_new_from_bytes (bytes, room, length - room));
      piece = length > room ? g_bytes_new_from_bytes (bytes, 0, room) : g_bytes_ref (bytes);
      rt_effects_send (out, connection->id, piece);
      sent += g_bytes_get_size (piece);
    }
  if (sent == 0)
    return;
  connection->busy = TRUE;
  set_deadline (connection, TRUE, after (now, connection->server->limits.write), FALSE, out);
}

/* To be sent, in this order. */
void
rt_server_connection_emit (RtServerConnection *connection, GBytes *bytes)
{
  if (bytes != NULL && g_bytes_get_size (bytes) > 0)
    g_queue_push_tail (&connection->pending, g_bytes_ref (bytes));
}

/* The answer has been handed on as far as it goes: what is next? */
static void
proceed (RtServerConnection *connection, RtTime now, RtEffects *out)
{
  flush (connection, now, out);
  if (connection->over || connection->phase == RT_SERVER_LINGERING
      || !g_queue_is_empty (&connection->pending))
    return;
  if (connection->current != NULL && connection->current->ended)
    {
      connection->closing |= connection->current->last;
      g_clear_pointer (&connection->current, rt_serving_free);
      if (!connection->closing)
        enter (connection, connection->leftover ? RT_SERVER_HEADER : RT_SERVER_IDLE, now, out);
    }
  if (connection->current == NULL && connection->closing)
    linger (connection, now, out);
}

/* Errors that the connection answers by itself. */

static void
refuse (RtServerConnection *connection,
        guint status,
        const RtClause *clause,
        RtSpan proof,
        RtTime now,
        RtEffects *out)
{
  const RtStatusInfo *info = rt_status_info (status);
  g_autoptr (RtMessage) response
      = rt_message_new_response (status, info != NULL ? info->reason : "");
  RtServing *serving = connection->current;
  gboolean is_head = serving != NULL && rt_text_is (serving->request.message->method, "HEAD");
  gboolean begun = serving != NULL && serving->begun;
  g_autofree char *text = g_strdup_printf ("Not so: %s (%s).\n", clause->title, clause->reference);
  g_autofree char *length = g_strdup_printf ("%zu", strlen (text));
  g_autofree char *date = rt_http_date_dup (now);
  g_autofree char *verdict = g_strdup_printf ("%u", status);
  g_autoptr (GBytes) head = NULL, content = g_bytes_new (text, strlen (text));
  RtFact bytes = rt_fact_text ("bytes", RT_TEXT_NONE, proof);
  RtDecision *why = rt_decision_new ();

  rt_decision_begin (why, &readable, rt_text (connection->address));
  rt_decision_check (why, clause, FALSE, &bytes, rt_span_is_none (proof) ? 0 : 1);
  rt_decision_conclude (why, verdict);
  rt_effects_decide (out, why, !begun);
  if (begun)
    {
      /* Part of an answer is out: only a broken connection says that it is not whole. */
      rt_server_connection_cut (connection, now, out);
      return;
    }
  rt_server_connection_abandon (connection, now, out);
  rt_fields_append (response->fields, "Date", date);
  rt_fields_append (response->fields, "Content-Type", "text/plain; charset=utf-8");
  rt_fields_append (response->fields, "Content-Length", length);
  rt_fields_append (response->fields, "Connection", "close");
  head = rt_http1_write_head (response);
  rt_server_connection_emit (connection, head);
  if (!is_head)
    rt_server_connection_emit (connection, content);
  connection->closing = TRUE;
  proceed (connection, now, out);
}

/* Reading. */

static void
set_paused (RtServerConnection *connection, RtServerPause why, gboolean paused, RtEffects *out)
{
  guint before = connection->paused;

  if (paused)
    connection->paused |= why;
  else
    connection->paused &= ~(guint)why;
  if ((before == 0) != (connection->paused == 0))
    rt_effects_read (out, connection->id, connection->paused == 0);
}

static void
read_head (RtServerConnection *connection, const RtHttp1Event *event, RtTime now, RtEffects *out)
{
  RtServer *server = connection->server;
  RtServing *serving = rt_serving_new (connection, event->message);
  g_autoptr (GBytes) interim = NULL;

  connection->current = serving;
  connection->n_requests++;
  connection->leftover = FALSE;
  if (rt_serving_expects_more (serving))
    {
      refuse (connection, 417, &expectation,
              rt_fields_first (event->message->fields, "Expect")->value_span, now, out);
      return;
    }
  if (!rt_serving_has_own_scheme (serving))
    {
      refuse (connection, 421, &own_scheme, event->message->target_span, now, out);
      return;
    }
  if (event->message->framing != RT_FRAMING_NONE)
    enter (connection, RT_SERVER_BODY, now, out);
  if (server->handler->begin != NULL)
    server->handler->begin (server->self, &serving->request, now, out);
  if (connection->current == serving && !serving->begun && !server->handler->continues
      && rt_serving_wants_continue (serving))
    {
      interim = g_bytes_new_static ("HTTP/1.1 100 Continue\r\n\r\n", 25);
      rt_server_connection_emit (connection, interim);
      flush (connection, now, out);
    }
}

static void
read_content (RtServerConnection *connection, const RtHttp1Event *event, RtTime now, RtEffects *out)
{
  RtServer *server = connection->server;
  RtServing *serving = connection->current;
  RtServerRequest *request = &serving->request;

  if (server->handler->content != NULL && !request->gather)
    {
      server->handler->content (server->self, request, event->bytes, event->span, now, out);
      return;
    }
  /* The reader's limit on content caps this. */
  if (serving->gathered->len == 0)
    request->content_span = event->span;
  else if (rt_span_end (request->content_span) == event->span.offset
           && request->content_span.buffer == event->span.buffer)
    request->content_span = rt_span_join (request->content_span, event->span);
  else
    request->content_span = RT_SPAN_NONE;
  g_byte_array_append (serving->gathered, g_bytes_get_data (event->bytes, NULL),
                       (guint)g_bytes_get_size (event->bytes));
}

static void
read_end (RtServerConnection *connection, const RtHttp1Event *event, RtTime now, RtEffects *out)
{
  RtServer *server = connection->server;
  RtServing *serving = connection->current;

  connection->leftover = connection->fed_end > rt_span_end (event->span);
  serving->complete = TRUE;
  serving->request.event = connection->event;
  if (server->handler->content == NULL || serving->request.gather)
    serving->request.content = g_bytes_new (serving->gathered->data, serving->gathered->len);
  enter (connection, RT_SERVER_ANSWERING, now, out);
  if (!serving->ended)
    server->handler->complete (server->self, &serving->request, now, out);
}

/* Takes one event out of the reader. Returns whether there may be another. */
static gboolean
pull_one (RtServerConnection *connection, RtTime now, RtEffects *out)
{
  RtHttp1Event event = rt_http1_reader_next (connection->reader);

  switch (event.kind)
    {
    case RT_HTTP1_HEAD:
      read_head (connection, &event, now, out);
      return TRUE;
    case RT_HTTP1_CONTENT:
      read_content (connection, &event, now, out);
      return TRUE;
    case RT_HTTP1_END:
      read_end (connection, &event, now, out);
      return TRUE;
    case RT_HTTP1_CHUNK:
    case RT_HTTP1_TRAILERS:
    case RT_HTTP1_FINDING:
      return TRUE;
    case RT_HTTP1_ERROR:
      refuse (connection, event.finding.kind->status, &event.finding.kind->clause,
              event.finding.span, now, out);
      return FALSE;
    case RT_HTTP1_INCOMPLETE:
      refuse (connection, 400, &whole, event.span, now, out);
      return FALSE;
    case RT_HTTP1_TUNNEL:
      if (connection->current == NULL || !connection->current->tunnel)
        {
          connection->closing = TRUE;
          return FALSE;
        }
      connection->server->handler->tunnel (connection->server->self, &connection->current->request,
                                           event.bytes, now, out);
      return TRUE;
    case RT_HTTP1_CLOSED:
      if (connection->current != NULL && connection->current->tunnel)
        connection->server->handler->tunnel (connection->server->self,
                                             &connection->current->request, NULL, now, out);
      else
        connection->closing = TRUE;
      return FALSE;
    case RT_HTTP1_NEED_MORE:
    default:
      connection->ahead = 0;
      set_paused (connection, RT_SERVER_AHEAD, FALSE, out);
      return FALSE;
    }
}

static gboolean
may_pull (RtServerConnection *connection)
{
  RtServing *current = connection->current;

  return !connection->over && !connection->closing && connection->phase != RT_SERVER_LINGERING
         && connection->phase != RT_SERVER_WAITING
         && (current == NULL || ((!current->complete || current->tunnel) && !current->ended));
}

/* Handlers answer from within; then the one that is pulling goes on. */
static void
pull (RtServerConnection *connection, RtTime now, RtEffects *out)
{
  gboolean more = TRUE;

  if (connection->pulling)
    return;
  connection->pulling = TRUE;
  while (more && may_pull (connection))
    {
      more = pull_one (connection, now, out);
      proceed (connection, now, out);
    }
  connection->pulling = FALSE;
}

static void
feed (RtServerConnection *connection, const RtInput *input, RtEffects *out)
{
  RtSpan span = rt_input_span (input, connection->fed_end);

  if (connection->phase == RT_SERVER_LINGERING || connection->closing)
    return;
  rt_http1_reader_feed (connection->reader, input->bytes, span);
  connection->fed_end = rt_span_end (span);
  connection->ahead += g_bytes_get_size (input->bytes);
  if (connection->phase == RT_SERVER_IDLE)
    enter (connection, RT_SERVER_HEADER, input->now, out);
  if (connection->phase == RT_SERVER_ANSWERING)
    connection->leftover = TRUE;
  if (connection->ahead > connection->server->limits.ahead && !may_pull (connection))
    set_paused (connection, RT_SERVER_AHEAD, TRUE, out);
}

static void
sent_all (RtServerConnection *connection, RtTime now, RtEffects *out)
{
  RtServer *server = connection->server;
  RtServing *serving;

  connection->busy = FALSE;
  set_deadline (connection, TRUE, RT_TIME_NEVER, TRUE, out);
  if (connection->phase == RT_SERVER_LINGERING)
    {
      enter (connection, RT_SERVER_LINGERING, now, out);
      return;
    }
  proceed (connection, now, out);
  serving = connection->current;
  if (!connection->over && serving != NULL && serving->begun && !serving->ended
      && g_queue_is_empty (&connection->pending) && server->handler->writable != NULL)
    server->handler->writable (server->self, &serving->request, now, out);
}

/* For the server. */

RtServerConnection *
rt_server_connection_new (RtServer *server, const RtInput *input)
{
  RtServerConnection *connection = g_new0 (RtServerConnection, 1);
  const RtPeer *peer = input->info;

  connection->server = server;
  connection->link.data = connection;
  connection->id = input->connection;
  connection->event = input->event;
  connection->peer = *peer;
  connection->address = g_strdup_printf ("%s:%u", peer->address, peer->port);
  connection->peer.address = connection->address;
  connection->local_host = g_strdup (peer->local_host);
  connection->peer.local_host = connection->local_host;
  connection->peer.server_name = connection->peer.alpn = NULL;
  connection->since = input->now;
  connection->reader
      = rt_http1_reader_new (RT_MESSAGE_REQUEST, RT_HTTP1_STRICT, &server->limits.http);
  return connection;
}

/* Its TLS handshake is done. What was negotiated is known; who it is was. */
void
rt_server_connection_secured (RtServerConnection *connection, const RtPeer *peer)
{
  connection->peer.secure = peer->secure;
  connection->peer.trusted = peer->trusted;
}

/* Requests that still wait for their answer know that it is gone; those end on their own. */
void
rt_server_connection_free (RtServerConnection *connection)
{
  if (connection->current != NULL)
    rt_serving_free (connection->current);
  g_queue_clear_full (&connection->pending, (GDestroyNotify)g_bytes_unref);
  rt_http1_reader_free (connection->reader);
  g_free (connection->address);
  g_free (connection->local_host);
  g_free (connection);
}

void
rt_server_connection_wait (RtServerConnection *connection, RtEffects *out)
{
  set_paused (connection, RT_SERVER_NO_SLOT, TRUE, out);
}

void
rt_server_connection_start (RtServerConnection *connection, RtTime now, RtEffects *out)
{
  set_paused (connection, RT_SERVER_NO_SLOT, FALSE, out);
  enter (connection, RT_SERVER_IDLE, now, out);
  pull (connection, now, out);
}

void
rt_server_connection_input (RtServerConnection *connection, const RtInput *input, RtEffects *out)
{
  connection->event = input->event;
  switch (input->kind)
    {
    case RT_INPUT_BYTES:
      feed (connection, input, out);
      break;
    case RT_INPUT_WRITABLE:
      sent_all (connection, input->now, out);
      break;
    case RT_INPUT_EOF:
      connection->eof = TRUE;
      if (connection->phase == RT_SERVER_LINGERING)
        end_connection (connection, input->now, out);
      else
        rt_http1_reader_end (connection->reader);
      break;
    case RT_INPUT_RESET:
      end_connection (connection, input->now, out);
      break;
    default:
      break;
    }
  pull (connection, input->now, out);
}

/**
 * rt_server_connection_late:
 * @connection: a connection
 * @write: it is the client that does not take what is sent
 *
 * A deadline fell due.
 */
void
rt_server_connection_late (RtServerConnection *connection,
                           gboolean write,
                           RtTime now,
                           RtEffects *out)
{
  if (write || connection->phase == RT_SERVER_LINGERING)
    rt_server_connection_cut (connection, now, out);
  else if (connection->phase == RT_SERVER_IDLE)
    linger (connection, now, out);
  else if (connection->phase == RT_SERVER_HEADER || connection->phase == RT_SERVER_BODY)
    refuse (connection, 408, &in_time, RT_SPAN_NONE, now, out);
}

/* Its slot is needed for another one. */
void
rt_server_connection_evict (RtServerConnection *connection, RtTime now, RtEffects *out)
{
  if (connection->phase == RT_SERVER_IDLE)
    linger (connection, now, out);
  else
    refuse (connection, 408, &has_place, RT_SPAN_NONE, now, out);
}

/* The server dies: nobody is told, and nothing is brought to its end. */
void
rt_server_connection_crash (RtServerConnection *connection, RtTime now, RtEffects *out)
{
  g_clear_pointer (&connection->current, rt_serving_free);
  rt_server_connection_cut (connection, now, out);
}

void
rt_server_connection_go_on (RtServerConnection *connection, RtTime now, RtEffects *out)
{
  proceed (connection, now, out);
  pull (connection, now, out);
  rt_server_settle (connection, now, out);
}

/**
 * rt_server_request_read:
 * @request: a request whose content is taken as it comes
 * @on: %FALSE: no more for now
 * @out: where effects gather
 */
void
rt_server_request_read (RtServerRequest *request, gboolean on, RtEffects *out)
{
  RtServing *serving = (RtServing *)request;

  if (serving->connection != NULL)
    set_paused (serving->connection, RT_SERVER_HANDLER, !on, out);
}
