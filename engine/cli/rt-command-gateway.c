/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip gateway`: our gateway before a server of the user's own. */
#include "rt-commands.h"

#include "rt-gateway.h"
#include "rt-log.h"
#include "rt-recording.h"
#include "rt-serving.h"

/* Servers of the user's choice are known to the authorities that this machine trusts, or to one
 * that the user has named. */
static const RtTls to_public = { .public = TRUE };

typedef struct
{
  char *listen, *cache_size, *record, *authorities;
  char **upstreams;
  gboolean cache, tls, insecure;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->listen);
  g_free (options->cache_size);
  g_free (options->record);
  g_free (options->authorities);
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

      if (!rt_host_port_parse_url (*texts, &place, error))
        return NULL;
      g_array_append_val (places, place);
    }
  return g_steal_pointer (&places);
}

static const RtTls *
tls_to (const Options *options, const RtHostPort *place)
{
  if (!place->secure)
    return NULL;
  return options->insecure              ? &rt_tls_unverified
         : options->authorities != NULL ? &rt_tls_standard
                                        : &to_public;
}

static RtGateway *
make_gateway (const Options *options, GArray *places, GError **error)
{
  RtGatewaySettings settings = rt_gateway_settings_standard ();
  g_autofree RtEndpoint *endpoints = g_new0 (RtEndpoint, places->len);

  for (guint i = 0; i < places->len; i++)
    {
      const RtHostPort *place = &g_array_index (places, RtHostPort, i);

      endpoints[i] = (RtEndpoint){ .host = place->host,
                                   .port = place->port,
                                   .tls = tls_to (options, place) };
      /* A server that is elsewhere goes by its own name. */
      if (place->named)
        settings.keep_host = FALSE;
    }
  settings.upstreams = endpoints;
  settings.n_upstreams = places->len;
  settings.explain = options->record != NULL; /* else the log keeps nothing */
  settings.cache = options->cache || options->cache_size != NULL;
  if (options->cache_size != NULL
      && !rt_size_parse (options->cache_size, &settings.cache_bytes, error))
    return NULL;
  return rt_gateway_new (&settings);
}

/* Names are looked up once: the driver must not wait for a resolver while it serves. */
static gboolean
map_upstreams (RtLive *live, GArray *places, GError **error)
{
  for (guint i = 0; i < places->len; i++)
    {
      const RtHostPort *place = &g_array_index (places, RtHostPort, i);
      g_autoptr (GPtrArray) addresses = rt_serving_look_up (place->host, error);

      if (addresses == NULL)
        return FALSE;
      rt_live_map (live, place->host, place->port, addresses->pdata[0], place->port);
    }
  return TRUE;
}

/* Takes @gateway, whatever happens. */
static int
serve_on (RtLive *live,
          const Options *options,
          RtGateway *gateway,
          GArray *places,
          const RtHostPort *place)
{
  g_autoptr (RtGateway) owned = gateway;
  g_autoptr (GError) error = NULL;

  if (!rt_serving_trust (live, options->authorities, &error)
      || !map_upstreams (live, places, &error))
    return rt_cli_fail (error);
  /* It connects to its upstreams alone, which the user has named. */
  rt_live_allow_outside (live, TRUE);
  if (options->record != NULL)
    rt_live_seal_every (live, RT_RECORDING_SEAL);
  return rt_serve (live, "gateway", &rt_gateway_class, g_steal_pointer (&owned), place);
}

/* What the log has left over goes into the file before that is finished. */
static int
finish (RtLog *log, RtRecording *recording, int status)
{
  g_autoptr (GError) error = NULL;

  rt_log_flush (log);
  return rt_recording_finish (recording, &error) ? status : rt_cli_fail (error);
}

static int
serve (const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_auto (RtRecording) recording = { NULL };
  g_autoptr (RtLog) log = NULL;
  g_autoptr (RtLive) live = NULL;
  g_autoptr (GArray) places = parse_upstreams (options->upstreams, &error);
  g_auto (RtHostPort) place = { 0 };
  RtGateway *gateway;

  if (places == NULL || !rt_host_port_parse_own (options->listen, &place, &error))
    return rt_cli_usage (&rt_command_gateway, "%s", error->message);
  place.secure = options->tls;
  if (places->len > RT_GATEWAY_UPSTREAMS_MAX)
    return rt_cli_usage (&rt_command_gateway, "more than %d upstreams", RT_GATEWAY_UPSTREAMS_MAX);
  gateway = make_gateway (options, places, &error);
  if (gateway == NULL)
    return rt_cli_usage (&rt_command_gateway, "%s", error->message);
  if (options->record == NULL
      || rt_recording_begin (&recording, options->record, "gateway", "A gateway's traffic", &error))
    {
      log = rt_log_new (0, recording.recorder != NULL ? rt_recorder_add_page : NULL,
                        recording.recorder);
      live = rt_live_new (log, RT_LIVE_CLOCK_REAL, 0, &error);
    }
  if (live == NULL)
    {
      rt_gateway_free (gateway);
      return rt_cli_fail (error);
    }
  return finish (log, &recording, serve_on (live, options, gateway, places, &place));
}

static int
run (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "listen", 'l', 0, G_OPTION_ARG_STRING, &options.listen, "Where to listen", "HOST:PORT" },
    { "upstream", 'u', 0, G_OPTION_ARG_STRING_ARRAY, &options.upstreams,
      "A server behind it, by its URL it is told its own Host; may be repeated", "HOST:PORT|URL" },
    { "cache", 0, 0, G_OPTION_ARG_NONE, &options.cache, "Answer from a shared cache", NULL },
    { "cache-size", 0, 0, G_OPTION_ARG_STRING, &options.cache_size, "How much it may keep",
      "BYTES" },
    { "tls", 0, 0, G_OPTION_ARG_NONE, &options.tls,
      "Clients come with TLS; the certificate of a throw-away authority is written to a file",
      NULL },
    { "record", 0, 0, G_OPTION_ARG_FILENAME, &options.record,
      "Record what passes in a session file", "FILE" },
    { "cacert", 0, 0, G_OPTION_ARG_FILENAME, &options.authorities,
      "Who vouches for servers, instead of those that this machine trusts", "PEM" },
    { "insecure", 'k', 0, G_OPTION_ARG_NONE, &options.insecure,
      "Take whatever certificate a server shows", NULL },
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
    = { "gateway",
        "--listen HOST:PORT --upstream HOST:PORT|URL… [--tls] [--record FILE] [--cacert PEM] [-k]\n"
        "          [--cache] [--cache-size BYTES]",
        "Put our gateway before a server of yours", run };
