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

/* A server's deadline is set anew no more often than this. */
#define PATIENCE_STEP RT_TIME_SEC

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
 * rt_errand_set_uri:
 * @errand: an errand whose authority and target are known
 * @scheme: of its target URI
 *
 * Says what it is to the cache. Without one nobody asks.
 */
void
rt_errand_set_uri (RtErrand *errand, const char *scheme)
{
  g_clear_pointer (&errand->uri, g_free);
  if (errand->gateway->cache != NULL)
    errand->uri = rt_gateway_uri (scheme, errand->authority, rt_text (errand->target));
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
  errand->streams = rt_message_has_content (request->message);
  errand->authority = g_strdup (request->authority);
  errand->target = origin_form (request);
  rt_errand_set_uri (errand, request->scheme);
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
  rt_errand_forward (background, now, out);
}

/**
 * rt_errand_drop_exchange:
 * @errand: an errand
 * @cancel: the connection is cut off, too
 *
 * What comes of its exchange from now on concerns nobody.
 */
void
rt_errand_drop_exchange (RtErrand *errand, gboolean cancel, RtEffects *out)
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
  g_clear_pointer (&errand->held, g_byte_array_unref);
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

/**
 * rt_errand_finish:
 * @errand: an errand whose answer has begun; gone afterwards
 * @whole: all of it came; else the client's connection is cut off
 */
void
rt_errand_finish (RtErrand *errand, gboolean whole, RtTime now, RtEffects *out)
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

/**
 * rt_errand_give:
 * @errand: an errand that the cache has the answer for; gone afterwards unless more of it comes
 */
void
rt_errand_give (RtErrand *errand, RtTime now, RtEffects *out)
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
    rt_errand_finish (errand, TRUE, now, out);
}

/* Forwarding. */

/**
 * rt_errand_be_patient:
 * @errand: an errand with an exchange that goes on: its deadline is set anew
 */
void
rt_errand_be_patient (RtErrand *errand, RtTime now, RtEffects *out)
{
  RtTime timeout = errand->gateway->settings.timeout;

  if (timeout == 0 || (errand->patience != 0 && now - errand->patience < PATIENCE_STEP))
    return;
  errand->patience = now;
  rt_effects_deadline (out, errand->exchange, now + timeout, FALSE);
}

/* Whether the server @i is there for the errand's host, whatever the port. */
static gboolean
is_for (const RtErrand *errand, guint i)
{
  const char *route = errand->gateway->routes[i];
  gsize length = route != NULL ? strlen (route) : 0;

  return route == NULL
         || (g_ascii_strncasecmp (errand->authority, route, length) == 0
             && (errand->authority[length] == '\0' || errand->authority[length] == ':'));
}

/* Those that have a route come before those that take the rest. */
static gboolean
may_serve (const RtErrand *errand, guint i)
{
  const RtGateway *gateway = errand->gateway;

  if (gateway->routes[i] != NULL)
    return is_for (errand, i);
  for (guint j = 0; j < gateway->settings.n_upstreams; j++)
    if (gateway->routes[j] != NULL && is_for (errand, j))
      return FALSE;
  return TRUE;
}

/**
 * rt_errand_count_upstreams:
 * @errand: an errand
 *
 * Returns: how many servers there are for its host; 1 for a proxy, which goes where it is told to
 */
guint
rt_errand_count_upstreams (RtErrand *errand)
{
  guint n = 0;

  if (errand->gateway->proxy != NULL)
    return 1;
  for (guint i = 0; i < errand->gateway->settings.n_upstreams; i++)
    n += may_serve (errand, i) ? 1 : 0;
  return n;
}

/* Where the search for the server of a new request begins. */
static guint
first_upstream (RtErrand *errand)
{
  RtGateway *gateway = errand->gateway;
  g_autofree char *address = NULL;

  if (gateway->settings.balance == RT_GATEWAY_TURN || errand->request == NULL)
    return gateway->turn++ % gateway->settings.n_upstreams;
  address = rt_server_request_dup_address (errand->request);
  return g_str_hash (address) % gateway->settings.n_upstreams;
}

static void
choose_upstream (RtErrand *errand)
{
  RtGateway *gateway = errand->gateway;
  guint n = gateway->settings.n_upstreams, first = errand->upstream;

  if (gateway->proxy != NULL)
    return;
  if (errand->attempts == 0)
    first = first_upstream (errand);
  else if (errand->move_on)
    first++;
  for (guint i = 0; i < n; i++)
    if (may_serve (errand, (first + i) % n))
      {
        errand->upstream = (first + i) % n;
        break;
      }
  errand->to = gateway->upstreams[errand->upstream];
}

/**
 * rt_errand_forward:
 * @errand: an errand without an exchange: it gets one
 */
void
rt_errand_forward (RtErrand *errand, RtTime now, RtEffects *out)
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
  rt_errand_be_patient (errand, now, out);
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
      rt_errand_forward (errand, now, out);
    }
  else
    {
      if (step == RT_CACHE_STEP_ANSWER_AND_VALIDATE)
        start_background (errand, now, out);
      rt_errand_give (errand, now, out);
    }
}

/* The client's side. */

/**
 * rt_errand_content:
 * @errand: an errand
 * @bytes: a run of its request's content
 */
void
rt_errand_content (RtErrand *errand, GBytes *bytes, RtTime now, RtEffects *out)
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
    {
      rt_errand_be_patient (errand, now, out);
      rt_pool_write (errand->gateway->pool, errand->exchange, bytes, out);
    }
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

/* Somebody who gets its content takes too little. */
static gboolean
is_held_up (RtErrand *errand)
{
  for (guint i = 0; i < errand->followers->len; i++)
    if (((RtErrand *)g_ptr_array_index (errand->followers, i))->unsent > RT_GATEWAY_UNSENT_MAX)
      return TRUE;
  return errand->request != NULL && errand->unsent > RT_GATEWAY_UNSENT_MAX;
}

/**
 * rt_errand_balance:
 * @errand: an errand whose content is handed on
 *
 * Stops or starts reading from the server. What is stored takes memory in any case; what is not
 * must not pile up.
 */
void
rt_errand_balance (RtErrand *errand, RtEffects *out)
{
  gboolean storing = errand->passage != NULL && rt_cache_passage_is_storing (errand->passage);
  gboolean pause = !storing && is_held_up (errand);

  if (errand->exchange == 0 || pause == errand->paused)
    return;
  errand->paused = pause;
  errand->was_paused |= pause;
  rt_pool_read (errand->gateway->pool, errand->exchange, !pause, out);
}

/**
 * rt_errand_writable:
 * @errand: an errand whose client took what was sent to it
 */
void
rt_errand_writable (RtErrand *errand, RtEffects *out)
{
  errand->unsent = 0;
  rt_errand_balance (errand->following != NULL ? errand->following : errand, out);
}

/**
 * rt_errand_is_wanted:
 * @errand: an errand
 *
 * Returns: whether somebody else than its client gets something from it: the cache, or those who
 *   want the same
 */
gboolean
rt_errand_is_wanted (RtErrand *errand)
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
  RtErrand *leader = errand->following;

  request->data = NULL;
  if (errand->complete)
    rt_server_request_abort (request, now, out);
  if (errand->complete && errand->exchange != 0 && rt_errand_is_wanted (errand))
    {
      rt_errand_balance (errand, out);
      return;
    }
  if (errand->passage != NULL && errand->response != NULL)
    rt_cache_passage_end (errand->passage, FALSE, now, out);
  rt_errand_drop_exchange (errand, TRUE, out);
  rt_errand_free (errand, now, out);
  if (leader != NULL)
    rt_errand_balance (leader, out);
}
