/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a gateway can be told, as settings. */
#include "rt-gateway.h"

/* In the order of #RtGatewayBalance. */
static const char *const balances[] = { "turn", "client", NULL };

/* clang-format off */
static const RtSetting settings[] = {
  { "cache", RT_SETTING_BOOLEAN, "false", NULL, "it has a shared cache" },
  { "cache-size", RT_SETTING_NUMBER, "67108864", NULL, "bytes that the cache may keep" },
  { "cdn", RT_SETTING_BOOLEAN, "true", NULL, "the cache obeys CDN-Cache-Control" },
  { "heuristic", RT_SETTING_NUMBER, "10", NULL, "percent of the time since the last modification that a response without explicit freshness is fresh; 0: none" },
  { "timeout", RT_SETTING_DURATION, "60s", NULL, "for a server to go on with its response; then 504; 0s: without limit" },
  { "buffer", RT_SETTING_NUMBER, "0", NULL, "bytes of a response that are held back until it is whole; a larger one goes on from there; 0: all goes on as it comes" },
  { "keep-host", RT_SETTING_BOOLEAN, "true", NULL, "the server sees the client's Host" },
  { "forwarded", RT_SETTING_BOOLEAN, "false", NULL, "Forwarded is added" },
  { "x-forwarded", RT_SETTING_BOOLEAN, "false", NULL, "X-Forwarded-For, -Host and -Proto are added" },
  { "forget-forwarded", RT_SETTING_BOOLEAN, "false", NULL, "what the client says in Forwarded and X-Forwarded-For, -Host and -Proto is dropped" },
  { "balance", RT_SETTING_CHOICE, "turn", balances, "which of several servers gets a request: each in turn, or one client's always the same" },
  { "trace", RT_SETTING_BOOLEAN, "true", NULL, "TRACE is let through; otherwise it is refused with 405" },
  { "cache-status", RT_SETTING_BOOLEAN, "true", NULL, "Cache-Status says what the cache did" },
  { "proxy-status", RT_SETTING_BOOLEAN, "true", NULL, "Proxy-Status says why the gateway itself answers" },
};
/* clang-format on */

/**
 * rt_gateway_settings:
 * @ret_n: (out): how many
 *
 * Returns: what can be set of a gateway or proxy, besides a server's limits
 */
const RtSetting *
rt_gateway_settings (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (settings);
  return settings;
}

static gboolean
flag (GVariant *given, const char *name)
{
  return rt_settings_get_boolean (settings, G_N_ELEMENTS (settings), given, name);
}

static gint64
number (GVariant *given, const char *name)
{
  return rt_settings_get_number (settings, G_N_ELEMENTS (settings), given, name);
}

static RtGatewayBalance
choice (GVariant *given, const char *name)
{
  return (RtGatewayBalance)rt_given_get_choice (
      &(RtGiven){ settings, G_N_ELEMENTS (settings), given }, name);
}

static RtGatewaySettings
read_settings (GVariant *given)
{
  RtGatewaySettings read = {
    .name = "roundtrip",
    .cache = flag (given, "cache"),
    .cache_bytes = (gsize)number (given, "cache-size"),
    .cache_settings = rt_cache_settings_shared,
    .timeout = number (given, "timeout"),
    .buffer = (gsize)number (given, "buffer"),
    .keep_host = flag (given, "keep-host"),
    .forwarded = flag (given, "forwarded"),
    .x_forwarded = flag (given, "x-forwarded"),
    .forget_forwarded = flag (given, "forget-forwarded"),
    .balance = choice (given, "balance"),
    .trace = flag (given, "trace"),
    .cache_status = flag (given, "cache-status"),
    .proxy_status = flag (given, "proxy-status"),
    .explain = TRUE,
    .limits = rt_server_limits_standard (),
  };

  if (!flag (given, "cdn"))
    read.cache_settings.targeted = NULL;
  read.cache_settings.heuristic_percent = (guint)MIN (number (given, "heuristic"), 100);
  return read;
}

/**
 * rt_gateway_settings_read:
 * @given: an `a{sv}` of rt_gateway_settings()
 * @ret_settings: (out): the settings, without upstreams; untouched on failure
 *
 * Errors: %RT_ERROR_UNKNOWN, %RT_ERROR_SYNTAX.
 *
 * Returns: whether the settings are good
 */
gboolean
rt_gateway_settings_read (GVariant *given, RtGatewaySettings *ret_settings, GError **error)
{
  if (!rt_settings_check (settings, G_N_ELEMENTS (settings), given, error))
    return FALSE;
  *ret_settings = read_settings (given);
  return TRUE;
}

/**
 * rt_gateway_settings_standard:
 *
 * Returns: how a gateway is unless it is told otherwise; without upstreams
 */
RtGatewaySettings
rt_gateway_settings_standard (void)
{
  g_autoptr (GVariant) nothing = g_variant_ref_sink (g_variant_new ("a{sv}", NULL));

  return read_settings (nothing);
}
