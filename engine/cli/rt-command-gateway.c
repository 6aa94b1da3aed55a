/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip gateway`: our gateway before a server of the user's own. */
#include "rt-commands.h"

#include "rt-gateway.h"
#include "rt-log.h"
#include "rt-serving.h"

typedef struct
{
  char *listen, *cache_size;
  char **upstreams;
  gboolean cache;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->listen);
  g_free (options->cache_size);
  g_strfreev (options->upstreams);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static void
clear_place (gpointer place)
{
  rt_host_port_clear (place);
}

static GArray *
parse_upstreams (char **texts, GError **error)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (RtHostPort));

  g_array_set_clear_func (places, clear_place);
  for (; *texts != NULL; texts++)
    {
      RtHostPort place;

      if (!rt_host_port_parse (*texts, &place, error))
        return NULL;
      g_array_append_val (places, place);
    }
  return g_steal_pointer (&places);
}

static RtGateway *
make_gateway (const Options *options, GArray *places, GError **error)
{
  RtGatewaySettings settings = rt_gateway_settings_standard ();
  g_autofree RtEndpoint *endpoints = g_new0 (RtEndpoint, places->len);

  for (guint i = 0; i < places->len; i++)
    {
      const RtHostPort *place = &g_array_index (places, RtHostPort, i);

      endpoints[i] = (RtEndpoint){ .host = place->host, .port = place->port };
    }
  settings.upstreams = endpoints;
  settings.n_upstreams = places->len;
  settings.explain = FALSE; /* the log keeps nothing */
  settings.cache = options->cache || options->cache_size != NULL;
  if (options->cache_size != NULL
      && !rt_size_parse (options->cache_size, &settings.cache_bytes, error))
    return NULL;
  return rt_gateway_new (&settings);
}

static int
serve (const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLog) log = rt_log_new (0, NULL, NULL);
  g_autoptr (RtLive) live = NULL;
  g_autoptr (GArray) places = parse_upstreams (options->upstreams, &error);
  g_auto (RtHostPort) place = { 0 };
  RtGateway *gateway;

  if (places == NULL || !rt_host_port_parse (options->listen, &place, &error))
    return rt_cli_usage (&rt_command_gateway, "%s", error->message);
  if (places->len > RT_GATEWAY_UPSTREAMS_MAX)
    return rt_cli_usage (&rt_command_gateway, "more than %d upstreams", RT_GATEWAY_UPSTREAMS_MAX);
  gateway = make_gateway (options, places, &error);
  if (gateway == NULL)
    return rt_cli_usage (&rt_command_gateway, "%s", error->message);
  live = rt_live_new (log, RT_LIVE_CLOCK_REAL, 0, &error);
  if (live == NULL)
    {
      rt_gateway_free (gateway);
      return rt_cli_fail (error);
    }
  /* It connects to its upstreams alone, which the user has named. */
  rt_live_allow_outside (live, TRUE);
  return rt_serve (live, "gateway", &rt_gateway_class, gateway, &place);
}

static int
run (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "listen", 'l', 0, G_OPTION_ARG_STRING, &options.listen, "Where to listen", "HOST:PORT" },
    { "upstream", 'u', 0, G_OPTION_ARG_STRING_ARRAY, &options.upstreams,
      "A server behind it; may be repeated", "HOST:PORT" },
    { "cache", 0, 0, G_OPTION_ARG_NONE, &options.cache, "Answer from a shared cache", NULL },
    { "cache-size", 0, 0, G_OPTION_ARG_STRING, &options.cache_size, "How much it may keep",
      "BYTES" },
    { NULL },
  };
  int status;

  if (!rt_cli_parse (&rt_command_gateway, entries, &argc, &argv, &status))
    return status;
  if (argc > 1)
    return rt_cli_usage (&rt_command_gateway, "“%s” is one argument too many", argv[1]);
  if (options.listen == NULL || options.upstreams == NULL)
    return rt_cli_usage (&rt_command_gateway, "--listen and --upstream are needed");
  return serve (&options);
}

const RtCommand rt_command_gateway
    = { "gateway", "--listen HOST:PORT --upstream HOST:PORT… [--cache] [--cache-size BYTES]",
        "Put our gateway before a server of yours", run };
