/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Errands on the server's side: what came back, or did not, and what becomes of it. */
#include "rt-gateway-private.h"

#include "rt-retry.h"

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
  rt_errand_be_patient (errand, now, out);
  if (!errand->client_paused || errand->request == NULL)
    return;
  errand->client_paused = FALSE;
  rt_server_request_read (errand->request, TRUE, out);
}

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
begin (RtErrand *errand, RtTime now, RtEffects *out)
{
  RtMessage *response = errand->response;
  g_autoptr (RtMessage) head = rt_message_new_response (response->status, NULL);

  errand->begun = TRUE;
  if (errand->request == NULL)
    return;
  rt_message_set_status (head, response->status, response->reason);
  rt_fields_unref (head->fields);
  head->fields = rt_gateway_response_fields (response);
  rt_gateway_add_via (errand->gateway, response->version, head->fields);
  rt_gateway_add_cache_status (errand, head->fields, now);
  rt_server_request_begin (errand->request, head, now, out);
}

static void
write_on (RtErrand *errand, GBytes *bytes, RtTime now, RtEffects *out)
{
  if (errand->request == NULL || g_bytes_get_size (bytes) == 0)
    return;
  errand->unsent += g_bytes_get_size (bytes);
  rt_server_request_write (errand->request, bytes, now, out);
}

/* What was held back goes on. */
static void
let_go (RtErrand *errand, RtTime now, RtEffects *out)
{
  g_autoptr (GBytes) held = g_byte_array_free_to_bytes (g_steal_pointer (&errand->held));

  begin (errand, now, out);
  write_on (errand, held, now, out);
}

/* A gateway that buffers does not know a stream from a file: whoever waits for an event waits for
 * the end. Others that the response is for get it from the cache, as it comes. */
static void
pass (RtErrand *errand, RtTime now, RtEffects *out)
{
  gboolean buffers
      = errand->gateway->settings.buffer > 0 && rt_message_has_content (errand->response);

  if (errand->passage != NULL && rt_cache_passage_get_body (errand->passage) != NULL)
    rt_errand_be_followed (errand, rt_cache_passage_get_body (errand->passage));
  if (buffers)
    errand->held = g_byte_array_new ();
  else
    begin (errand, now, out);
  rt_errand_release (errand, now, out);
}

static void
ask_again (RtErrand *errand, RtTime now, RtEffects *out)
{
  g_clear_pointer (&errand->response, rt_message_unref);
  errand->take = RT_CACHE_TAKE_PASS;
  rt_errand_forward (errand, now, out);
}

static void
take_final (RtErrand *errand, RtMessage *response, RtTime now, RtEffects *out)
{
  /* Content that nobody wants to have is not waited for. */
  gboolean cancel = rt_message_has_content (response);

  errand->response = rt_message_ref (response);
  errand->take = errand->passage != NULL
                     ? rt_cache_passage_head (errand->passage, response, now, out)
                     : RT_CACHE_TAKE_PASS;
  switch (errand->take)
    {
    case RT_CACHE_TAKE_PASS:
      pass (errand, now, out);
      break;
    case RT_CACHE_TAKE_ANSWER:
      rt_errand_drop_exchange (errand, cancel, out);
      rt_errand_give (errand, now, out);
      break;
    case RT_CACHE_TAKE_AGAIN:
      if (cancel)
        {
          rt_errand_drop_exchange (errand, TRUE, out);
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
  rt_errand_be_patient (errand, now, out);
  if (response->status == 101)
    {
      /* RFC 9110 §15.2.2: nobody asked for another protocol. */
      rt_errand_drop_exchange (errand, TRUE, out);
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
  rt_errand_be_patient (errand, now, out);
  if (errand->passage != NULL)
    rt_cache_passage_content (errand->passage, bytes, now, out);
  if (errand->take != RT_CACHE_TAKE_PASS)
    return;
  rt_errand_hand_on (errand, bytes, now, out);
  if (errand->held == NULL)
    write_on (errand, bytes, now, out);
  else
    {
      g_byte_array_append (errand->held, g_bytes_get_data (bytes, NULL),
                           (guint)g_bytes_get_size (bytes));
      if (errand->held->len > errand->gateway->settings.buffer)
        let_go (errand, now, out);
    }
  rt_errand_balance (errand, out);
}

/* RFC 9110 §9.2.2. A connection that was kept open may have been closed meanwhile; a server that
 * can't be reached has others beside it. */
static gboolean
may_retry (RtErrand *errand, RtTime now, RtEffects *out)
{
  RtGateway *gateway = errand->gateway;
  gboolean stale = errand->reached && errand->reused;
  guint n = rt_errand_count_upstreams (errand);
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
    rt_errand_give (errand, now, out);
  else
    rt_errand_refuse (errand, late || verdict == RT_CACHE_ERROR_TIMEOUT ? 504 : 502, kind, why, now,
                      out);
}

/* The exchange ended before there was a whole response. */
static void
broken (RtErrand *errand, const GError *error, RtTime now, RtEffects *out)
{
  /* RFC 9209 §2.3. */
  const char *kind = g_error_matches (error, RT_ERROR, RT_ERROR_SYNTAX) ? "http_protocol_error"
                     : errand->reached                                  ? "http_response_incomplete"
                                                                        : "connection_refused";

  if (errand->response != NULL && errand->passage != NULL)
    rt_cache_passage_end (errand->passage, FALSE, now, out);
  if (errand->begun)
    rt_errand_finish (errand, FALSE, now, out);
  else if (errand->response == NULL && may_retry (errand, now, out))
    rt_errand_forward (errand, now, out);
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
  rt_errand_drop_exchange (errand, FALSE, out);
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
  if (errand->held != NULL)
    let_go (errand, now, out);
  combined = errand->passage != NULL && rt_cache_passage_end (errand->passage, TRUE, now, out);
  if (errand->take == RT_CACHE_TAKE_PASS)
    rt_errand_finish (errand, TRUE, now, out);
  else if (combined)
    rt_errand_give (errand, now, out);
  else
    ask_again (errand, now, out);
}

/**
 * rt_errand_late:
 * @errand: an errand whose server does not go on
 */
void
rt_errand_late (RtErrand *errand, RtTime now, RtEffects *out)
{
  /* It is, or was for a part of the time, not the server that was waited for. */
  if (errand->was_paused)
    {
      errand->was_paused = errand->paused;
      errand->patience = 0;
      rt_errand_be_patient (errand, now, out);
      return;
    }
  rt_errand_drop_exchange (errand, TRUE, out);
  if (errand->response != NULL && errand->passage != NULL)
    rt_cache_passage_end (errand->passage, FALSE, now, out);
  if (errand->begun)
    rt_errand_finish (errand, FALSE, now, out);
  else
    fail (errand, "http_response_timeout", "The server did not answer in time.", TRUE, now, out);
}

const RtPoolHandler rt_errand_pool_handler
    = { .head = head, .content = content, .done = done, .sent = sent, .writable = pool_writable };
