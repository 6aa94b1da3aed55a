/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip proxy`: our proxy for clients of the user's own. */
#include "rt-commands.h"

#include "rt-log.h"
#include "rt-proxy.h"
#include "rt-serving.h"

static int
serve (const char *listen, gboolean cache, const char *cache_size)
{
  RtProxySettings settings = rt_proxy_settings_standard ();
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLog) log = rt_log_new (0, NULL, NULL);
  g_autoptr (RtLive) live = NULL;
  g_auto (RtHostPort) place = { 0 };

  settings.gateway.explain = FALSE; /* the log keeps nothing */
  settings.gateway.cache = cache || cache_size != NULL;
  if (!rt_host_port_parse_own (listen, &place, &error)
      || (cache_size != NULL && !rt_size_parse (cache_size, &settings.gateway.cache_bytes, &error)))
    return rt_cli_usage (&rt_command_proxy, "%s", error->message);
  live = rt_live_new (log, RT_LIVE_CLOCK_REAL, 0, &error);
  if (live == NULL)
    return rt_cli_fail (error);
  return rt_serve (live, "proxy", &rt_proxy_class, rt_proxy_new (&settings), &place);
}

static int
run (int argc, char **argv)
{
  g_autofree char *listen = NULL;
  g_autofree char *cache_size = NULL;
  gboolean cache = FALSE;
  const GOptionEntry entries[] = {
    { "listen", 'l', 0, G_OPTION_ARG_STRING, &listen, "Where to listen", "HOST:PORT" },
    { "cache", 0, 0, G_OPTION_ARG_NONE, &cache, "Answer from a shared cache", NULL },
    { "cache-size", 0, 0, G_OPTION_ARG_STRING, &cache_size, "How much it may keep", "BYTES" },
    { NULL },
  };
  int status;

  if (!rt_cli_parse (&rt_command_proxy, entries, &argc, &argv, &status))
    return status;
  if (argc > 1)
    return rt_cli_usage (&rt_command_proxy, "“%s” is one argument too many", argv[1]);
  if (listen == NULL)
    return rt_cli_usage (&rt_command_proxy, "--listen is needed");
  return serve (listen, cache, cache_size);
}

const RtCommand rt_command_proxy = { "proxy", "--listen HOST:PORT [--cache] [--cache-size BYTES]",
                                     "Be a proxy for clients of yours", run };
