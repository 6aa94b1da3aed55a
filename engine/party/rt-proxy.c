/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a proxy does that a gateway does not: it goes where the client says, as far as it is let,
 * and it makes tunnels (RFC 9110 §9.3.6). */
#include "rt-gateway-private.h"

#include "rt-address.h"
#include "rt-http1-authority.h"

typedef struct _RtProxy
{
  RtProxySettings settings;
  char *challenge;
  GHashTable *tunnels; /* RtConnection → RtErrand */
} RtProxy;

/**
 * rt_proxy_settings_standard:
 *
 * Returns: how a proxy is unless it is told otherwise
 */
RtProxySettings
rt_proxy_settings_standard (void)
{
  RtProxySettings settings = { .gateway = rt_gateway_settings_standard () };

  settings.gateway.n_upstreams = 0;
  return settings;
}

/**
 * rt_proxy_new:
 * @settings: copied
 *
 * Returns: (transfer full): a proxy
 */
RtGateway *
rt_proxy_new (const RtProxySettings *settings)
{
  RtProxy *proxy = g_new0 (RtProxy, 1);
  RtGatewaySettings common = settings->gateway;

  proxy->settings = *settings;
  proxy->challenge = g_strdup (settings->challenge);
  proxy->tunnels = g_hash_table_new (NULL, NULL);
  common.n_upstreams = 0;
  return rt_gateway_new_over (&common, proxy);
}

void
rt_proxy_free (RtProxy *proxy)
{
  g_hash_table_unref (proxy->tunnels);
  g_free (proxy->challenge);
  g_free (proxy);
}

/* Where it may go. */

static gboolean
is_sandboxed (const char *host)
{
  static const char *const names[] = { ".test", ".example", ".invalid", ".localhost" };
  RtText text = rt_text (host);
  guint32 ipv4;
  RtIpv6 ipv6;
  static const RtIpv6 loopback = { { 0, 0, 0, 0, 0, 0, 0, 1 } };

  if (rt_ipv4_parse (text, &ipv4))
    return ipv4 >> 24 == 127;
  if (rt_ipv6_parse (text, &ipv6))
    return memcmp (&ipv6, &loopback, sizeof ipv6) == 0;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (text.length > strlen (names[i])
        && g_ascii_strcasecmp (host + text.length - strlen (names[i]), names[i]) == 0)
      return TRUE;
  return g_ascii_strcasecmp (host, "localhost") == 0;
}

static gboolean
may_reach (RtProxy *proxy, const char *host, guint16 port)
{
  if (proxy->settings.reaches != NULL)
    return proxy->settings.reaches (proxy->settings.data, host, port);
  return is_sandboxed (host);
}

static gboolean
may_tunnel (RtProxy *proxy, guint16 port)
{
  for (guint i = 0; i < proxy->settings.n_ports; i++)
    if (proxy->settings.ports[i] == port)
      return TRUE;
  return proxy->settings.n_ports == 0;
}

/* Takes the target's authority apart; brackets of an IPv6 address go. */
static gboolean
find_endpoint (RtErrand *errand, RtText authority, guint standard_port)
{
  RtText host, port;
  guint64 number = standard_port;

  if (!rt_authority_split (authority, &host, &port) || host.length == 0
      || (port.length > 0 && !rt_text_to_uint64 (port, &number)) || number == 0
      || number > G_MAXUINT16)
    return FALSE;
  if (host.at[0] == '[' && host.length > 2)
    host = rt_text_sub (host, 1, host.length - 2);
  g_free (errand->host);
  errand->host = rt_text_dup (host);
  errand->to = (RtEndpoint){ .host = errand->host, .port = (guint16)number };
  return TRUE;
}

/* RFC 9110 §11.7.1. */
static void
challenge (RtErrand *errand, RtTime now, RtEffects *out)
{
  RtProxy *proxy = errand->gateway->proxy;
  g_autoptr (RtMessage) response = rt_message_new_response (407, "Proxy Authentication Required");

  rt_fields_append (response->fields, "Proxy-Authenticate",
                    proxy->challenge != NULL ? proxy->challenge : "Basic realm=\"proxy\"");
  rt_errand_answer (errand, response, NULL, now, out);
}

static void
connect_tunnel (RtErrand *errand, RtTime now, RtEffects *out)
{
  RtProxy *proxy = errand->gateway->proxy;

  if (!find_endpoint (errand, errand->message->target, 0))
    rt_errand_refuse (errand, 400, NULL, "CONNECT wants a host and a port.", now, out);
  else if (!may_tunnel (proxy, errand->to.port)
           || !may_reach (proxy, errand->host, errand->to.port))
    rt_errand_refuse (errand, 403, "http_request_denied", "This proxy makes no tunnel to there.",
                      now, out);
  else
    {
      errand->tunnel = rt_effects_connect (out, &errand->to);
      g_hash_table_insert (proxy->tunnels, GUINT_TO_POINTER (errand->tunnel), errand);
    }
}

/* RFC 9112 §3.2.4: the last proxy turns an OPTIONS for a whole server into `*`. */
static void
set_target (RtErrand *errand)
{
  RtText target = errand->message->target;

  if (rt_text_is (errand->message->method, "OPTIONS")
      && target.length == strlen ("http://") + strlen (errand->authority))
    {
      g_free (errand->target);
      errand->target = g_strdup ("*");
    }
  rt_errand_set_uri (errand, "http");
}

static gboolean
has_scheme (RtText target, const char *scheme)
{
  gsize length = strlen (scheme);

  return target.length > length && g_ascii_strncasecmp (target.at, scheme, length) == 0;
}

/**
 * rt_proxy_admit:
 * @errand: an errand
 *
 * Returns: whether it is to be forwarded; else it is answered, or becomes a tunnel
 */
gboolean
rt_proxy_admit (RtErrand *errand, RtTime now, RtEffects *out)
{
  RtProxy *proxy = errand->gateway->proxy;
  const RtField *credentials = rt_fields_first (errand->message->fields, "Proxy-Authorization");

  if (proxy->settings.authorize != NULL
      && !proxy->settings.authorize (proxy->settings.data, credentials))
    challenge (errand, now, out);
  else if (rt_text_is (errand->message->method, "CONNECT"))
    connect_tunnel (errand, now, out);
  else if (has_scheme (errand->message->target, "https://"))
    rt_errand_refuse (errand, 501, NULL, "An https server is reached through CONNECT.", now, out);
  else if (!has_scheme (errand->message->target, "http://")
           || !find_endpoint (errand, rt_text (errand->authority), 80))
    rt_errand_refuse (errand, 400, NULL, "A proxy wants the target in absolute-form.", now, out);
  else if (!may_reach (proxy, errand->host, errand->to.port))
    rt_errand_refuse (errand, 403, "http_request_denied", "This proxy does not go there.", now,
                      out);
  else
    {
      set_target (errand);
      return TRUE;
    }
  return FALSE;
}

/* Tunnels. When either side has closed, what it sent before goes on to the other, then both are
 * closed. */

static void
forget_tunnel (RtErrand *errand)
{
  g_hash_table_remove (errand->gateway->proxy->tunnels, GUINT_TO_POINTER (errand->tunnel));
}

static void
open_tunnel (RtErrand *errand, RtTime now, RtEffects *out)
{
  g_autoptr (RtMessage) response = rt_message_new_response (200, "Connection Established");

  errand->tunnel_up = TRUE;
  rt_server_request_tunnel (errand->request, response, now, out);
}

/* The other end is no more. */
static void
end_tunnel (RtErrand *errand, gboolean orderly, RtTime now, RtEffects *out)
{
  RtServerRequest *request = g_steal_pointer (&errand->request);

  forget_tunnel (errand);
  request->data = NULL;
  if (orderly)
    rt_server_request_end (request, now, out);
  else
    rt_server_request_abort (request, now, out);
  rt_errand_free (errand, now, out);
}

static void
refuse_tunnel (RtErrand *errand, const GError *error, RtTime now, RtEffects *out)
{
  forget_tunnel (errand);
  errand->tunnel = 0;
  rt_errand_refuse (errand, 502, "connection_refused", error->message, now, out);
}

static void
carry_back (RtErrand *errand, GBytes *bytes, RtTime now, RtEffects *out)
{
  errand->unsent += g_bytes_get_size (bytes);
  rt_server_request_write (errand->request, bytes, now, out);
  if (errand->unsent > RT_GATEWAY_UNSENT_MAX && !errand->paused)
    {
      errand->paused = TRUE;
      rt_effects_read (out, errand->tunnel, FALSE);
    }
}

/**
 * rt_proxy_input:
 * @gateway: a proxy
 * @input: something that happened
 *
 * Returns: whether it was about one of its tunnels
 */
gboolean
rt_proxy_input (RtGateway *gateway, const RtInput *input, RtEffects *out)
{
  RtErrand *errand
      = g_hash_table_lookup (gateway->proxy->tunnels, GUINT_TO_POINTER (input->connection));

  if (errand == NULL || input->connection == 0)
    return FALSE;
  if (input->kind == RT_INPUT_CONNECTED)
    open_tunnel (errand, input->now, out);
  else if (input->kind == RT_INPUT_FAILED)
    refuse_tunnel (errand, input->info, input->now, out);
  else if (input->kind == RT_INPUT_BYTES)
    carry_back (errand, input->bytes, input->now, out);
  else if (input->kind == RT_INPUT_WRITABLE && errand->client_paused)
    {
      errand->client_paused = FALSE;
      rt_server_request_read (errand->request, TRUE, out);
    }
  else if (input->kind == RT_INPUT_EOF)
    {
      rt_effects_close (out, errand->tunnel, FALSE);
      end_tunnel (errand, TRUE, input->now, out);
    }
  else if (input->kind == RT_INPUT_RESET)
    end_tunnel (errand, FALSE, input->now, out);
  if (input->kind == RT_INPUT_WRITABLE)
    errand->client_unsent = 0;
  return TRUE;
}

/**
 * rt_proxy_tunnel:
 * @errand: a tunnel
 * @bytes: (nullable): what the client sent; %NULL: it has sent all it will
 */
void
rt_proxy_tunnel (RtErrand *errand, GBytes *bytes, RtTime now, RtEffects *out)
{
  if (bytes == NULL)
    {
      rt_effects_close (out, errand->tunnel, FALSE);
      end_tunnel (errand, TRUE, now, out);
      return;
    }
  rt_effects_send (out, errand->tunnel, bytes);
  errand->client_unsent += g_bytes_get_size (bytes);
  if (errand->client_unsent > RT_GATEWAY_UNSENT_MAX && !errand->client_paused)
    {
      errand->client_paused = TRUE;
      rt_server_request_read (errand->request, FALSE, out);
    }
}

/* The client took what came from the other end. */
void
rt_proxy_writable (RtErrand *errand, RtTime now, RtEffects *out)
{
  errand->unsent = 0;
  if (!errand->paused)
    return;
  errand->paused = FALSE;
  rt_effects_read (out, errand->tunnel, TRUE);
}

/* The client is gone. */
void
rt_proxy_gone (RtErrand *errand, RtTime now, RtEffects *out)
{
  RtServerRequest *request = g_steal_pointer (&errand->request);

  forget_tunnel (errand);
  request->data = NULL;
  rt_effects_close (out, errand->tunnel, TRUE);
  rt_server_request_abort (request, now, out);
  rt_errand_free (errand, now, out);
}
