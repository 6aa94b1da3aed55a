/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The gateway as a party: a server on one side, a pool of connections on the other, errands
 * between them. */
#include "rt-gateway-private.h"

#include "rt-methods.h"
#include "rt-reference.h"

#define ALLOWED "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS"

/* Cache-Status, RFC 9211. */
void
rt_gateway_add_cache_status (RtErrand *errand, RtFields *fields, RtTime now)
{
  RtCacheStatus status;
  g_autofree char *value = NULL;

  if (errand->passage == NULL || !errand->gateway->settings.cache_status)
    return;
  status = rt_cache_passage_get_status (errand->passage, now);
  status.name = errand->gateway->name;
  status.collapsed = errand->collapsed;
  value = rt_cache_status_format (&status);
  rt_fields_append (fields, "Cache-Status", value);
}

/* Requests. */

/* RFC 9110 §9.3.8: what came is sent back, but for what must not be seen by scripts. */
static void
answer_trace (RtErrand *errand, RtTime now, RtEffects *out)
{
  g_autoptr (RtMessage) echo = rt_message_copy (errand->message);
  g_autoptr (RtMessage) response = rt_message_new_response (200, "OK");
  g_autoptr (GBytes) content = NULL;

  rt_fields_remove (echo->fields, "Authorization");
  rt_fields_remove (echo->fields, "Proxy-Authorization");
  rt_fields_remove (echo->fields, "Cookie");
  content = rt_http1_write_head (echo);
  rt_fields_append (response->fields, "Content-Type", "message/http");
  rt_errand_answer (errand, response, content, now, out);
}

static void
answer_options (RtErrand *errand, RtTime now, RtEffects *out)
{
  g_autoptr (RtMessage) response = rt_message_new_response (204, "No Content");

  rt_fields_append (response->fields, "Allow",
                    errand->gateway->settings.trace ? ALLOWED ", TRACE" : ALLOWED);
  rt_errand_answer (errand, response, NULL, now, out);
}

/* RFC 9110 §7.6.2: with no forwards left, TRACE and OPTIONS are answered by whom they reached. */
static gboolean
answers_itself (RtErrand *errand, RtTime now, RtEffects *out)
{
  RtMessage *message = errand->message;
  const RtField *field = rt_fields_first (message->fields, "Max-Forwards");
  guint64 left;

  if (field == NULL || !rt_text_to_uint64 (field->value, &left) || left > 0)
    return FALSE;
  if (rt_text_is (message->method, "TRACE"))
    answer_trace (errand, now, out);
  else if (rt_text_is (message->method, "OPTIONS"))
    answer_options (errand, now, out);
  else
    return FALSE;
  return TRUE;
}

/* RFC 9110 §15.5.6: whoever refuses a method says which there are. */
static void
refuse_trace (RtErrand *errand, RtTime now, RtEffects *out)
{
  g_autoptr (RtMessage) response = rt_message_new_response (405, "Method Not Allowed");

  rt_fields_append (response->fields, "Allow", ALLOWED);
  rt_errand_answer (errand, response, NULL, now, out);
}

static void
start (RtErrand *errand, RtTime now, RtEffects *out)
{
  if (!errand->gateway->settings.trace && rt_text_is (errand->message->method, "TRACE"))
    refuse_trace (errand, now, out);
  else if (rt_gateway_is_looping (errand->gateway, errand->message))
    rt_errand_refuse (errand, 502, "proxy_loop_detected",
                      "Via says that the request was here before.", now, out);
  else if (errand->gateway->proxy != NULL ? !rt_proxy_admit (errand, now, out)
                                          : answers_itself (errand, now, out))
    return;
  else if (errand->gateway->proxy != NULL && answers_itself (errand, now, out))
    return;
  else if (errand->gateway->proxy == NULL && rt_text_is (errand->message->method, "CONNECT"))
    rt_errand_refuse (errand, 501, NULL, "A gateway makes no tunnels.", now, out);
  else if (rt_errand_count_upstreams (errand) == 0)
    rt_errand_refuse (errand, 421, NULL, "There is no server for that host here.", now, out);
  else
    rt_errand_start (errand, now, out);
}

static void
begin (gpointer self, RtServerRequest *request, RtTime now, RtEffects *out)
{
  RtErrand *errand = rt_errand_new (self, request);

  if (errand->streams)
    start (errand, now, out);
}

static void
content (
    gpointer self, RtServerRequest *request, GBytes *bytes, RtSpan span, RtTime now, RtEffects *out)
{
  if (request->data != NULL)
    rt_errand_content (request->data, bytes, now, out);
}

static void
complete (gpointer self, RtServerRequest *request, RtTime now, RtEffects *out)
{
  RtErrand *errand = request->data;

  if (errand == NULL)
    return;
  errand->complete = TRUE;
  if (errand->streams)
    rt_errand_complete (errand, now, out);
  else
    start (errand, now, out);
}

static void
writable (gpointer self, RtServerRequest *request, RtTime now, RtEffects *out)
{
  RtErrand *errand = request->data;

  if (errand == NULL)
    return;
  if (errand->tunnel != 0)
    rt_proxy_writable (errand, now, out);
  else
    rt_errand_writable (errand, out);
}

static void
gone (gpointer self, RtServerRequest *request, RtTime now, RtEffects *out)
{
  RtErrand *errand = request->data;

  if (errand == NULL)
    return;
  if (errand->tunnel != 0)
    rt_proxy_gone (errand, now, out);
  else
    rt_errand_gone (errand, now, out);
}

static void
tunnel (gpointer self, RtServerRequest *request, GBytes *bytes, RtTime now, RtEffects *out)
{
  if (request->data != NULL)
    rt_proxy_tunnel (request->data, bytes, now, out);
}

static const RtServerHandler handler = { .begin = begin,
                                         .content = content,
                                         .complete = complete,
                                         .writable = writable,
                                         .gone = gone,
                                         .tunnel = tunnel,
                                         .continues = TRUE };

/* The party. */

static void
copy_upstreams (RtGateway *gateway, const RtGatewaySettings *settings)
{
  guint n = settings->n_upstreams;

  gateway->upstreams = g_new0 (RtEndpoint, n);
  gateway->hosts = g_new0 (char *, n + 1);
  gateway->routes = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    {
      gateway->hosts[i] = g_strdup (settings->upstreams[i].host);
      gateway->upstreams[i] = settings->upstreams[i];
      gateway->upstreams[i].host = gateway->hosts[i];
      gateway->routes[i] = settings->hosts != NULL ? g_strdup (settings->hosts[i]) : NULL;
    }
}

RtGateway *
rt_gateway_new_over (const RtGatewaySettings *settings, struct _RtProxy *proxy)
{
  RtGateway *gateway = g_new0 (RtGateway, 1);

  gateway->settings = *settings;
  gateway->proxy = proxy;
  gateway->name = g_strdup (settings->name);
  copy_upstreams (gateway, settings);
  gateway->server = rt_server_new (&handler, gateway, &settings->limits);
  if (proxy != NULL)
    rt_server_take_any_scheme (gateway->server);
  gateway->pool = rt_pool_new (&rt_errand_pool_handler, gateway, NULL);
  if (settings->cache)
    gateway->cache
        = rt_cache_new (&settings->cache_settings, settings->cache_bytes, settings->explain);
  gateway->exchanges = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  gateway->leaders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gateway->bodies = g_hash_table_new_full (NULL, NULL, (GDestroyNotify)rt_cache_body_unref, NULL);
  gateway->errands = g_hash_table_new (NULL, NULL);
  return gateway;
}

/**
 * rt_gateway_new:
 * @settings: with one upstream at least; copied
 *
 * Returns: (transfer full): a gateway
 */
RtGateway *
rt_gateway_new (const RtGatewaySettings *settings)
{
  g_return_val_if_fail (settings->n_upstreams > 0, NULL);

  return rt_gateway_new_over (settings, NULL);
}

/* Whatever is under way ends unanswered. */
static void
free_errands (RtGateway *gateway)
{
  GHashTableIter iter;
  gpointer errand;

  g_hash_table_iter_init (&iter, gateway->errands);
  while (g_hash_table_iter_next (&iter, &errand, NULL))
    rt_errand_drop (errand);
}

void
rt_gateway_free (RtGateway *gateway)
{
  free_errands (gateway);
  g_hash_table_unref (gateway->errands);
  rt_server_free (gateway->server);
  rt_pool_free (gateway->pool);
  g_hash_table_unref (gateway->exchanges);
  g_hash_table_unref (gateway->leaders);
  g_hash_table_unref (gateway->bodies);
  g_clear_pointer (&gateway->cache, rt_cache_free);
  g_clear_pointer (&gateway->proxy, rt_proxy_free);
  for (guint i = 0; i < gateway->settings.n_upstreams; i++)
    g_free (gateway->routes[i]);
  g_free (gateway->routes);
  g_strfreev (gateway->hosts);
  g_free (gateway->upstreams);
  g_free (gateway->name);
  g_free (gateway);
}

/* What is not about a client. */
static void
input_from_behind (RtGateway *gateway, const RtInput *input, RtEffects *out)
{
  RtErrand *errand;

  if (rt_pool_input (gateway->pool, input, out)
      || (gateway->proxy != NULL && rt_proxy_input (gateway, input, out))
      || input->kind != RT_INPUT_DEADLINE)
    return;
  errand = g_hash_table_lookup (gateway->exchanges, &input->id);
  if (errand != NULL)
    rt_errand_late (errand, input->now, out);
}

static void
input_gateway (gpointer self, const RtInput *input, RtEffects *out)
{
  RtGateway *gateway = self;

  if (rt_server_input (gateway->server, input, out))
    return;
  rt_server_cork (gateway->server);
  input_from_behind (gateway, input, out);
  rt_server_uncork (gateway->server, input->now, out);
}

static void
free_gateway (gpointer self)
{
  rt_gateway_free (self);
}

const RtPartyClass rt_gateway_class = { "gateway", input_gateway, free_gateway };
const RtPartyClass rt_proxy_class = { "proxy", input_gateway, free_gateway };
