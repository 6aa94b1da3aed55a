/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Errands: a request's way from the client, through the cache, to a server and back.
 *
 * The request's content is handed on as it comes; the beginning of it is kept, so that what a
 * connection lost can be sent again where the method allows it (RFC 9110 §9.2.2). The response's
 * content is handed on as it comes, too: to the client, to the cache, and to whoever else waits for
 * the same. Whichever side takes too little makes us stop reading the other. */
#include "rt-gateway-private.h"

#include "rt-reference.h"
#include "rt-retry.h"

/* A server's deadline is set anew no more often than this. */
#define PATIENCE_STEP RT_TIME_SEC

static void take_final (RtErrand *errand, RtMessage *response, RtTime now, RtEffects *out);
static void forward (RtErrand *errand, RtTime now, RtEffects *out);

/* Beginning and end. */

static char *
origin_form (const RtServerRequest *request)
{
  if (request->path == NULL)
    return g_strdup ("*");
  if (request->query == NULL)
    return g_strdup (request->path);
  return g_strdup_printf ("%s?%s", request->path, request->query);
}

static RtErrand *
new_errand (RtGateway *gateway, RtMessage *message)
{
  RtErrand *errand = g_new0 (RtErrand, 1);

  errand->gateway = gateway;
  errand->message = rt_message_ref (message);
  errand->replayable = TRUE;
  errand->followers = g_ptr_array_new ();
  errand->waiters = g_ptr_array_new ();
  g_hash_table_add (gateway->errands, errand);
  return errand;
}

/**
 * rt_errand_new:
 * @gateway: a gateway
 * @request: a request whose header section was read
 *
 * Returns: (transfer full): its errand
 */
RtErrand *
rt_errand_new (RtGateway *gateway, RtServerRequest *request)
{
  RtErrand *errand = new_errand (gateway, request->message);

  errand->request = request;
  request->data = errand;
  errand->streams = request->message->framing != RT_FRAMING_NONE;
  errand->authority = g_strdup (request->authority);
  errand->target = origin_form (request);
  errand->uri = rt_gateway_uri (request->scheme, request->authority, rt_text (errand->target));
  return errand;
}

/* For the cache alone, RFC 5861 §3. */
static void
start_background (RtErrand *errand, RtTime now, RtEffects *out)
{
  RtErrand *background;

  if (g_hash_table_contains (errand->gateway->leaders, errand->uri))
    return;
  background = new_errand (errand->gateway, errand->message);
  background->authority = g_strdup (errand->authority);
  background->target = g_strdup (errand->target);
  background->uri = g_strdup (errand->uri);
  background->to = errand->to;
  background->host = g_strdup (errand->host);
  background->to.host = background->host;
  background->complete = TRUE;
  background->passage = rt_cache_passage_new_background (errand->passage, now);
  rt_errand_lead (background);
  forward (background, now, out);
}

/* What comes of its exchange from now on concerns nobody. */
static void
drop_exchange (RtErrand *errand, gboolean cancel, RtEffects *out)
{
  guint64 exchange = errand->exchange;

  if (exchange == 0)
    return;
  g_hash_table_remove (errand->gateway->exchanges, &exchange);
  errand->exchange = 0;
  if (errand->gateway->settings.timeout > 0)
    rt_effects_deadline (out, exchange, RT_TIME_NEVER, TRUE);
  if (cancel)
    rt_pool_cancel (errand->gateway->pool, exchange, out);
}

/**
 * rt_errand_free:
 * @errand: an errand whose request, if it had one, is answered
 */
void
rt_errand_free (RtErrand *errand, RtTime now, RtEffects *out)
{
  rt_errand_part (errand);
  rt_errand_release (errand, now, out);
  g_hash_table_remove (errand->gateway->errands, errand);
  rt_errand_drop (errand);
}

/* Its memory alone. */
void
rt_errand_drop (RtErrand *errand)
{
  g_ptr_array_unref (errand->followers);
  g_ptr_array_unref (errand->waiters);
  g_queue_clear_full (&errand->replay, (GDestroyNotify)g_bytes_unref);
  g_clear_pointer (&errand->passage, rt_cache_passage_free);
  g_clear_pointer (&errand->response, rt_message_unref);
  rt_message_unref (errand->message);
  g_free (errand->authority);
  g_free (errand->target);
  g_free (errand->uri);
  g_free (errand->host);
  g_free (errand);
}

/* Answers. */

/**
 * rt_errand_answer:
 * @errand: an errand; gone afterwards
 * @response: the answer
 * @content: (nullable): all of its content
 */
void
rt_errand_answer (
    RtErrand *errand, RtMessage *response, GBytes *content, RtTime now, RtEffects *out)
{
  RtServerRequest *request = g_steal_pointer (&errand->request);

  if (request != NULL)
    {
      request->data = NULL;
      rt_server_request_answer (request, response, content, now, out);
    }
  rt_errand_free (errand, now, out);
}

/**
 * rt_errand_refuse:
 * @errand: an errand; gone afterwards
 * @status: of the answer
 * @kind: (nullable): the error of Proxy-Status, RFC 9209 §2.3
 * @why: one sentence for people
 *
 * The gateway itself answers that it can't.
 */
void
rt_errand_refuse (
    RtErrand *errand, guint status, const char *kind, const char *why, RtTime now, RtEffects *out)
{
  RtGateway *gateway = errand->gateway;
  const RtStatusInfo *info = rt_status_info (status);
  g_autoptr (RtMessage) response
      = rt_message_new_response (status, info != NULL ? info->reason : "");
  g_autofree char *text = g_strdup_printf ("%s\n", why);
  g_autoptr (GBytes) content = g_bytes_new (text, strlen (text));

  rt_fields_append (response->fields, "Content-Type", "text/plain; charset=utf-8");
  if (gateway->settings.proxy_status && kind != NULL)
    {
      g_autofree char *value = g_strdup_printf ("%s; error=%s", gateway->name, kind);

      rt_fields_append (response->fields, "Proxy-Status", value);
    }
  rt_errand_answer (errand, response, content, now, out);
}

static void
finish (RtErrand *errand, gboolean whole, RtTime now, RtEffects *out)
{
  RtServerRequest *request = g_steal_pointer (&errand->request);
  g_autoptr (RtFields) trailers
      = errand->response != NULL ? rt_gateway_trailers (errand->response->trailers) : NULL;

  rt_errand_end_followers (errand, whole, now, out);
  if (request != NULL)
    {
      request->data = NULL;
      if (whole)
        rt_server_request_end_with (request, trailers, now, out);
      else
        rt_server_request_abort (request, now, out);
    }
  rt_errand_free (errand, now, out);
}

/* From the cache. */
static void
give (RtErrand *errand, RtTime now, RtEffects *out)
{
  g_auto (RtCacheAnswer) answer = { 0 };

  if (errand->request == NULL)
    {
      rt_errand_free (errand, now, out);
      return;
    }
  rt_cache_passage_answer (errand->passage, now, &answer, out);
  rt_gateway_add_via (errand->gateway, RT_VERSION_1_1, answer.response->fields);
  rt_gateway_add_cache_status (errand, answer.response->fields, now);
  if (answer.follow == NULL && answer.pieces->len <= 1)
    {
      rt_errand_answer (errand, answer.response,
                        answer.pieces->len > 0 ? g_ptr_array_index (answer.pieces, 0) : NULL, now,
                        out);
      return;
    }
  errand->begun = TRUE;
  rt_server_request_begin (errand->request, answer.response, now, out);
  for (guint i = 0; i < answer.pieces->len; i++)
    rt_server_request_write (errand->request, g_ptr_array_index (answer.pieces, i), now, out);
  if (answer.follow != NULL)
    rt_errand_follow (errand, answer.follow);
  else
    finish (errand, TRUE, now, out);
}

/* Forwarding. */

static void
be_patient (RtErrand *errand, RtTime now, RtEffects *out)
{
  RtTime timeout = errand->gateway->settings.timeout;

  if (timeout == 0 || (errand->patience != 0 && now - errand->patience < PATIENCE_STEP))
    return;
  errand->patience = now;
  rt_effects_deadline (out, errand->exchange, now + timeout, FALSE);
}

static void
choose_upstream (RtErrand *errand)
{
  RtGateway *gateway = errand->gateway;

  if (gateway->proxy != NULL)
    return;
  if (errand->attempts == 0)
    errand->upstream = gateway->turn++ % gateway->settings.n_upstreams;
  else if (errand->move_on)
    errand->upstream = (errand->upstream + 1) % gateway->settings.n_upstreams;
  errand->to = gateway->upstreams[errand->upstream];
}

static void
forward (RtErrand *errand, RtTime now, RtEffects *out)
{
  RtGateway *gateway = errand->gateway;
  g_autoptr (RtMessage) asked = errand->passage != NULL
                                    ? rt_cache_passage_request (errand->passage, now)
                                    : rt_message_ref (errand->message);
  g_autoptr (RtMessage) message = rt_message_new_request ("GET", errand->target);
  RtPoolRequest request = { .message = message, .streamed = errand->streams, .forwarded = TRUE };

  choose_upstream (errand);
  rt_message_set_method (message, asked->method);
  rt_fields_unref (message->fields);
  message->fields = rt_gateway_request_fields (errand, asked);
  request.to = errand->to;
  request.policy = errand->renew ? RT_POOL_NEW : RT_POOL_REUSE;
  errand->attempts++;
  errand->reached = errand->reused = errand->renew = errand->move_on = FALSE;
  errand->patience = 0;
  gateway->sending = errand;
  errand->exchange = rt_pool_send (gateway->pool, &request, now, out);
  gateway->sending = NULL;
  g_hash_table_insert (gateway->exchanges, g_memdup2 (&errand->exchange, sizeof errand->exchange),
                       errand);
  be_patient (errand, now, out);
  for (GList *l = errand->replay.head; l != NULL; l = l->next)
    rt_pool_write (gateway->pool, errand->exchange, l->data, out);
  if (errand->streams && errand->complete)
    rt_errand_complete (errand, now, out);
}

/**
 * rt_errand_start:
 * @errand: an errand; perhaps gone afterwards
 *
 * Sees whether the cache has the answer, and forwards the request if it has not.
 */
void
rt_errand_start (RtErrand *errand, RtTime now, RtEffects *out)
{
  RtCacheStep step = RT_CACHE_STEP_FORWARD;

  g_clear_pointer (&errand->passage, rt_cache_passage_free);
  if (errand->gateway->cache != NULL)
    errand->passage = rt_cache_passage_new (errand->gateway->cache, errand->message, errand->uri,
                                            now, &step, out);
  if (step == RT_CACHE_STEP_TIMEOUT)
    rt_errand_refuse (errand, 504, NULL, "Nothing stored can answer, and only-if-cached was asked.",
                      now, out);
  else if (step == RT_CACHE_STEP_FORWARD && rt_errand_waits (errand))
    return;
  else if (step == RT_CACHE_STEP_FORWARD)
    {
      rt_errand_lead (errand);
      forward (errand, now, out);
    }
  else
    {
      if (step == RT_CACHE_STEP_ANSWER_AND_VALIDATE)
        start_background (errand, now, out);
      give (errand, now, out);
    }
}

/* The client's side. */

/**
 * rt_errand_content:
 * @errand: an errand
 * @bytes: a run of its request's content
 */
void
rt_errand_content (RtErrand *errand, GBytes *bytes, RtEffects *out)
{
  gsize length = g_bytes_get_size (bytes);

  if (errand->replayable && errand->replay_size + length <= RT_GATEWAY_REPLAY_MAX)
    {
      g_queue_push_tail (&errand->replay, g_bytes_ref (bytes));
      errand->replay_size += length;
    }
  else
    {
      errand->replayable = FALSE;
      g_queue_clear_full (&errand->replay, (GDestroyNotify)g_bytes_unref);
    }
  if (errand->exchange != 0)
    rt_pool_write (errand->gateway->pool, errand->exchange, bytes, out);
  errand->client_unsent += length;
  if (errand->client_unsent > RT_GATEWAY_UNSENT_MAX && !errand->client_paused
      && errand->request != NULL)
    {
      errand->client_paused = TRUE;
      rt_server_request_read (errand->request, FALSE, out);
    }
}

/**
 * rt_errand_complete:
 * @errand: an errand whose request is complete and was streamed
 */
void
rt_errand_complete (RtErrand *errand, RtTime now, RtEffects *out)
{
  g_autoptr (RtFields) trailers = rt_gateway_trailers (errand->message->trailers);

  errand->complete = TRUE;
  if (errand->exchange != 0)
    rt_pool_finish (errand->gateway->pool, errand->exchange, trailers, out);
}

static void
sent (gpointer self, guint64 exchange, gboolean reused, RtEffects *out)
{
  RtGateway *gateway = self;
  RtErrand *errand = g_hash_table_lookup (gateway->exchanges, &exchange);

  /* Over a connection that is there already it leaves before its number is known. */
  if (errand == NULL)
    errand = gateway->sending;
  if (errand == NULL)
    return;
  errand->reached = TRUE;
  errand->reused = reused;
}

/* The server took what the client sent. */
static void
pool_writable (gpointer self, guint64 exchange, RtTime now, RtEffects *out)
{
  RtGateway *gateway = self;
  RtErrand *errand = g_hash_table_lookup (gateway->exchanges, &exchange);

  if (errand == NULL)
    return;
  errand->client_unsent = 0;
  be_patient (errand, now, out);
  if (!errand->client_paused || errand->request == NULL)
    return;
  errand->client_paused = FALSE;
  rt_server_request_read (errand->request, TRUE, out);
}

/**
 * rt_errand_writable:
 * @errand: an errand whose client took what was sent to it
 */
void
rt_errand_writable (RtErrand *errand, RtEffects *out)
{
  errand->unsent = 0;
  if (!errand->paused)
    return;
  errand->paused = FALSE;
  rt_pool_read (errand->gateway->pool, errand->exchange, TRUE, out);
}

static gboolean
is_wanted (RtErrand *errand)
{
  return errand->followers->len > 0 || errand->waiters->len > 0
         || (errand->passage != NULL && errand->response != NULL
             && rt_cache_passage_is_storing (errand->passage));
}

/**
 * rt_errand_gone:
 * @errand: an errand whose client is gone; perhaps gone, too, afterwards
 *
 * What others wait for, or the cache stores already, is brought to its end.
 */
void
rt_errand_gone (RtErrand *errand, RtTime now, RtEffects *out)
{
  RtServerRequest *request = g_steal_pointer (&errand->request);

  request->data = NULL;
  if (errand->complete)
    rt_server_request_abort (request, now, out);
  if (errand->complete && errand->exchange != 0 && is_wanted (errand))
    {
      if (errand->paused)
        rt_errand_writable (errand, out);
      return;
    }
  if (errand->passage != NULL && errand->response != NULL)
    rt_cache_passage_end (errand->passage, FALSE, now, out);
  drop_exchange (errand, TRUE, out);
  rt_errand_free (errand, now, out);
}

/* The server's side. */

static void
interim (RtErrand *errand, RtMessage *response, RtTime now, RtEffects *out)
{
  g_autoptr (RtMessage) head = rt_message_new_response (response->status, NULL);
  const RtField *expect = rt_fields_first (errand->message->fields, "Expect");

  /* RFC 9110 §15.2: a proxy forwards 1xx, but for a 100 that the client did not ask for. */
  if (errand->request == NULL || errand->begun || (response->status == 100 && expect == NULL))
    return;
  rt_message_set_status (head, response->status, response->reason);
  rt_fields_unref (head->fields);
  head->fields = rt_gateway_response_fields (response);
  rt_server_request_begin (errand->request, head, now, out);
}

/* The response goes to the client as it is, fields of this hop aside. */
static void
pass (RtErrand *errand, RtMessage *response, RtTime now, RtEffects *out)
{
  g_autoptr (RtMessage) head = rt_message_new_response (response->status, NULL);

  errand->begun = TRUE;
  if (errand->passage != NULL && rt_cache_passage_get_body (errand->passage) != NULL)
    rt_errand_be_followed (errand, rt_cache_passage_get_body (errand->passage));
  if (errand->request != NULL)
    {
      rt_message_set_status (head, response->status, response->reason);
      rt_fields_unref (head->fields);
      head->fields = rt_gateway_response_fields (response);
      rt_gateway_add_via (errand->gateway, response->version, head->fields);
      rt_gateway_add_cache_status (errand, head->fields, now);
      rt_server_request_begin (errand->request, head, now, out);
    }
  rt_errand_release (errand, now, out);
}

static void
ask_again (RtErrand *errand, RtTime now, RtEffects *out)
{
  g_clear_pointer (&errand->response, rt_message_unref);
  errand->take = RT_CACHE_TAKE_PASS;
  forward (errand, now, out);
}

static void
take_final (RtErrand *errand, RtMessage *response, RtTime now, RtEffects *out)
{
  /* Content that nobody wants to have is not waited for. */
  gboolean cancel = response->framing != RT_FRAMING_NONE
                    && !(response->framing == RT_FRAMING_LENGTH && response->content_length == 0);

  errand->response = rt_message_ref (response);
  errand->take = errand->passage != NULL
                     ? rt_cache_passage_head (errand->passage, response, now, out)
                     : RT_CACHE_TAKE_PASS;
  switch (errand->take)
    {
    case RT_CACHE_TAKE_PASS:
      pass (errand, response, now, out);
      break;
    case RT_CACHE_TAKE_ANSWER:
      drop_exchange (errand, cancel, out);
      give (errand, now, out);
      break;
    case RT_CACHE_TAKE_AGAIN:
      if (cancel)
        {
          drop_exchange (errand, TRUE, out);
          ask_again (errand, now, out);
        }
      break; /* else when this exchange is over: then its connection is free */
    case RT_CACHE_TAKE_GATHER:
    default:
      break;
    }
}

static void
head (gpointer self, guint64 exchange, RtMessage *response, RtTime now, RtEffects *out)
{
  RtGateway *gateway = self;
  RtErrand *errand = g_hash_table_lookup (gateway->exchanges, &exchange);

  if (errand == NULL)
    return;
  be_patient (errand, now, out);
  if (response->status == 101)
    {
      /* RFC 9110 §15.2.2: nobody asked for another protocol. */
      drop_exchange (errand, TRUE, out);
      rt_errand_refuse (errand, 502, "http_protocol_error",
                        "The server changed the protocol without being asked to.", now, out);
    }
  else if (response->status < 200)
    interim (errand, response, now, out);
  else
    take_final (errand, response, now, out);
}

static void
content (gpointer self, guint64 exchange, GBytes *bytes, RtSpan span, RtTime now, RtEffects *out)
{
  RtGateway *gateway = self;
  RtErrand *errand = g_hash_table_lookup (gateway->exchanges, &exchange);

  if (errand == NULL)
    return;
  be_patient (errand, now, out);
  if (errand->passage != NULL)
    rt_cache_passage_content (errand->passage, bytes, now, out);
  if (errand->take != RT_CACHE_TAKE_PASS)
    return;
  rt_errand_hand_on (errand, bytes, now, out);
  if (errand->request == NULL)
    return;
  errand->unsent += g_bytes_get_size (bytes);
  rt_server_request_write (errand->request, bytes, now, out);
  /* What is stored takes memory in any case; what is not, must not pile up. */
  if (errand->unsent > RT_GATEWAY_UNSENT_MAX && !errand->paused && !is_wanted (errand))
    {
      errand->paused = TRUE;
      rt_pool_read (gateway->pool, exchange, FALSE, out);
    }
}

/* RFC 9110 §9.2.2. A connection that was kept open may have been closed meanwhile; a server that
 * can't be reached has others beside it. */
static gboolean
may_retry (RtErrand *errand, RtTime now, RtEffects *out)
{
  RtGateway *gateway = errand->gateway;
  gboolean stale = errand->reached && errand->reused;
  guint n = gateway->proxy != NULL ? 1 : gateway->settings.n_upstreams;
  const RtRetryContext context = { .sent = errand->reached ? 1 : 0,
                                   .reused = errand->reused,
                                   .proxy = TRUE,
                                   .replayable = errand->replayable,
                                   .attempts = errand->attempts,
                                   .max_attempts = n + 1 };
  RtDecision *why;
  RtTime delay;
  gboolean retry;

  if (!stale && errand->attempts >= n)
    return FALSE;
  why = gateway->settings.explain ? rt_decision_new () : NULL;
  retry = rt_retry_decide (errand->message, &context, now, &delay, why);
  if (why != NULL)
    rt_effects_decide (out, why, retry);
  errand->renew = stale;
  errand->move_on = !stale;
  return retry;
}

/* No response came. */
static void
fail (
    RtErrand *errand, const char *kind, const char *why, gboolean late, RtTime now, RtEffects *out)
{
  RtCacheError verdict = errand->passage != NULL ? rt_cache_passage_fail (errand->passage, now, out)
                                                 : RT_CACHE_ERROR_FORWARD;

  if (verdict == RT_CACHE_ERROR_SERVE_STALE)
    give (errand, now, out);
  else
    rt_errand_refuse (errand, late || verdict == RT_CACHE_ERROR_TIMEOUT ? 504 : 502, kind, why, now,
                      out);
}

/* The exchange ended before there was a whole response. */
static void
broken (RtErrand *errand, const GError *error, RtTime now, RtEffects *out)
{
  const char *kind = errand->reached ? "http_response_incomplete" : "connection_refused";

  if (errand->response != NULL && errand->passage != NULL)
    rt_cache_passage_end (errand->passage, FALSE, now, out);
  if (errand->begun)
    finish (errand, FALSE, now, out);
  else if (errand->response == NULL && may_retry (errand, now, out))
    forward (errand, now, out);
  else
    fail (errand, kind, error != NULL ? error->message : "The server gave no response.", FALSE, now,
          out);
}

static void
done (gpointer self, guint64 exchange, const GError *error, RtTime now, RtEffects *out)
{
  RtGateway *gateway = self;
  RtErrand *errand = g_hash_table_lookup (gateway->exchanges, &exchange);
  gboolean combined;

  if (errand == NULL)
    return;
  drop_exchange (errand, FALSE, out);
  if (error != NULL || errand->response == NULL)
    {
      broken (errand, error, now, out);
      return;
    }
  if (errand->take == RT_CACHE_TAKE_AGAIN)
    {
      ask_again (errand, now, out);
      return;
    }
  combined = errand->passage != NULL && rt_cache_passage_end (errand->passage, TRUE, now, out);
  if (errand->take == RT_CACHE_TAKE_PASS)
    finish (errand, TRUE, now, out);
  else if (combined)
    give (errand, now, out);
  else
    rt_errand_refuse (errand, 502, "http_response_incomplete",
                      "The part that the server sent is not the part it announced.", now, out);
}

/**
 * rt_errand_late:
 * @errand: an errand whose server does not go on
 */
void
rt_errand_late (RtErrand *errand, RtTime now, RtEffects *out)
{
  drop_exchange (errand, TRUE, out);
  if (errand->response != NULL && errand->passage != NULL)
    rt_cache_passage_end (errand->passage, FALSE, now, out);
  if (errand->begun)
    finish (errand, FALSE, now, out);
  else
    fail (errand, "http_response_timeout", "The server did not answer in time.", TRUE, now, out);
}

const RtPoolHandler rt_errand_pool_handler
    = { .head = head, .content = content, .done = done, .sent = sent, .writable = pool_writable };
