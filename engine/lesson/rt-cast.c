/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From a lesson's settings to parties on a driver. */
#include "rt-cast.h"

#include "rt-browser.h"
#include "rt-byte-client.h"
#include "rt-byte-text.h"
#include "rt-cast-kind.h"
#include "rt-cast-words.h"
#include "rt-client.h"
#include "rt-origin.h"
#include "rt-proxy.h"
#include "rt-server-tls.h"
#include "rt-soup-client.h"
#include "rt-soup-origin.h"

#include <string.h>

static void
each_of_list (const char *words,
              const RtSetting *known,
              guint n_known,
              GVariant *given,
              RtCastSettingFunc func,
              gpointer data)
{
  for (guint i = 0; i < n_known; i++)
    {
      g_autoptr (GVariant) value
          = given != NULL ? g_variant_lookup_value (given, known[i].name, NULL) : NULL;

      func (data, words, &known[i], value);
    }
}

/**
 * rt_cast_each_setting:
 * @func: called for each setting that a change can be made to: of resources, of the party, its
 *   limits, its TLS
 */
void
rt_cast_each_setting (const RtCast *cast,
                      const RtCastSources *sources,
                      RtCastSettingFunc func,
                      gpointer data)
{
  const RtCastKind *kind = rt_cast_kind_find (cast->kind);
  g_autofree char *start = g_strdup_printf ("%s %s", cast->kind, cast->name);
  g_autofree char *limits = g_strconcat (start, " limits", NULL);
  g_autofree char *tls = g_strconcat (start, " tls", NULL);
  guint n = 0, n_common, n_limits, n_tls;
  const RtSetting *named = kind->named != NULL ? kind->named (&n) : NULL;
  const RtSetting *common = rt_resource_common_settings (&n_common);
  const RtSetting *of_limits = rt_server_limits_settings (&n_limits);
  const RtSetting *of_tls = rt_server_tls_settings (&n_tls);
  g_auto (RtCastWords) words = { .resources = NULL };

  if (!rt_cast_words_gather (cast, sources, &words, NULL))
    return;
  for (guint i = 0; i < words.resources->len; i++)
    {
      const RtCastResource *resource = words.resources->pdata[i];
      const RtResourceKind *of = rt_resource_kind_find (resource->kind, NULL);
      g_autofree char *path = g_strdup_printf ("%s %s", start, resource->path);

      if (of != NULL)
        each_of_list (path, of->settings, of->n_settings, resource->settings, func, data);
      each_of_list (path, common, n_common, resource->settings, func, data);
    }
  each_of_list (start, named, n, words.named, func, data);
  if (!kind->serves)
    return;
  each_of_list (limits, of_limits, n_limits, words.limits, func, data);
  /* A server without certificates has no TLS to change. */
  if (words.tls != NULL)
    each_of_list (tls, of_tls, n_tls, words.tls, func, data);
}

static RtOrigin *
make_origin (const RtCastSources *sources, const RtCastWords *words, GError **error)
{
  RtServerLimits limits = rt_server_limits_standard ();
  g_autoptr (RtOrigin) origin = NULL;

  if (words->limits != NULL && !rt_server_limits_from_settings (words->limits, &limits, error))
    return NULL;
  origin = rt_origin_new (&limits);
  for (guint i = 0; i < words->resources->len; i++)
    {
      const RtCastResource *resource = words->resources->pdata[i];

      if (!rt_origin_add (origin, resource->path, resource->kind, resource->settings, error))
        return NULL;
    }
  if (!rt_origin_check (origin, error))
    {
      RtPlace place = { sources->lesson->file, words->line, 0 };

      rt_prefix_place (error, &place);
      return NULL;
    }
  return g_steal_pointer (&origin);
}

/* What gateway and proxy have in common. */
static gboolean
read_gateway (const RtCast *cast,
              const RtCastWords *words,
              RtGatewaySettings *settings,
              GError **error)
{
  *settings = rt_gateway_settings_standard ();
  if (words->named != NULL && !rt_gateway_settings_read (words->named, settings, error))
    return FALSE;
  settings->name = cast->name;
  return words->limits == NULL
         || rt_server_limits_from_settings (words->limits, &settings->limits, error);
}

/* Where a gateway finds a server: `https://NAME` over TLS. */
static RtEndpoint
upstream_at (const char *name)
{
  if (g_str_has_prefix (name, "https://"))
    return (RtEndpoint){ .host = name + strlen ("https://"),
                         .port = RT_CAST_SECURE_PORT,
                         .tls = &rt_tls_standard };
  return (RtEndpoint){ .host = name, .port = RT_CAST_PORT };
}

static RtGateway *
make_gateway (const RtCast *cast,
              const RtCastSources *sources,
              const RtCastWords *words,
              GError **error)
{
  RtEndpoint upstreams[RT_GATEWAY_UPSTREAMS_MAX];
  const char *hosts[RT_GATEWAY_UPSTREAMS_MAX];
  g_autoptr (GPtrArray) owned = g_ptr_array_new_with_free_func (g_free);
  RtGatewaySettings settings;

  if (!read_gateway (cast, words, &settings, error))
    return NULL;
  settings.upstreams = upstreams;
  settings.hosts = hosts;
  settings.n_upstreams = 0;
  for (guint i = 0; words->upstreams != NULL && words->upstreams[i] != NULL; i++)
    {
      const char *space = strchr (words->upstreams[i], ' ');
      char *host = space != NULL
                       ? g_strndup (words->upstreams[i], (gsize)(space - words->upstreams[i]))
                       : NULL;

      g_ptr_array_add (owned, host);
      hosts[i] = host;
      upstreams[i] = upstream_at (space != NULL ? space + 1 : words->upstreams[i]);
      settings.n_upstreams++;
    }
  if (settings.n_upstreams == 0)
    {
      RtPlace place = { sources->lesson->file, cast->line, 0 };

      rt_set_error (error, RT_ERROR_MISSING, &place, "“upstream: NAME” in its settings",
                    "%s stands before no server", cast->name);
      return NULL;
    }
  return rt_gateway_new (&settings);
}

static RtGateway *
make_proxy (const RtCast *cast, const RtCastWords *words, GError **error)
{
  RtProxySettings settings = rt_proxy_settings_standard ();

  for (guint i = 0; words->ports != NULL && i < words->ports->len; i++)
    settings.ports[settings.n_ports++] = g_array_index (words->ports, guint16, i);
  return read_gateway (cast, words, &settings.gateway, error) ? rt_proxy_new (&settings) : NULL;
}

static void
take_client (gpointer data, const RtPartySettings *from)
{
  GVariantIter iter;
  guint status;
  const char *name;

  if (from->settings == NULL)
    return;
  g_variant_iter_init (&iter, from->settings);
  while (g_variant_iter_next (&iter, "(u&s)", &status, &name))
    {
      const RtReactionInfo *info = rt_reaction_find (name, NULL);

      if (info != NULL)
        rt_client_set_reaction (data, status, info->reaction);
    }
}

static void
note_reaction (gpointer data, const RtPartySettings *from)
{
  *(gboolean *)data |= from->settings != NULL && g_variant_n_children (from->settings) > 0;
}

static RtClient *
make_client (const RtCast *cast,
             const RtCastWords *words,
             const RtCastSources *sources,
             GError **error)
{
  g_autoptr (RtClient) client = rt_client_new ();

  if (words->named != NULL && !rt_client_set (client, words->named, error))
    return NULL;
  rt_cast_each_source (cast->name, sources, take_client, client);
  for (guint i = 0; sources->changes != NULL && i < sources->changes->len; i++)
    {
      const RtChange *change = sources->changes->pdata[i];
      RtPlace place = { sources->lesson->file, change->line, 0 };
      const RtReactionInfo *info;
      guint64 status;

      if (!rt_change_is_about (change, RT_CHANGE_REACTION, cast->name))
        continue;
      info = rt_reaction_find (change->value, error);
      if (info == NULL || !rt_text_to_uint64 (rt_text (change->name), &status))
        {
          if (info != NULL)
            rt_set_error (error, RT_ERROR_SYNTAX, NULL, "a status code", "“%s” is none",
                          change->name);
          rt_prefix_place (error, &place);
          return NULL;
        }
      rt_client_set_reaction (client, (guint)status, info->reaction);
    }
  return g_steal_pointer (&client);
}

/* As rt_cookie_settings() has them. */
static const char *const cookie_jars[] = { "standard", "rfc6265", "chromium", "firefox", NULL };

/* clang-format off */
static const RtSetting browser_settings[] = {
  { "language", RT_SETTING_TEXT, "en", NULL, "value of Accept-Language" },
  { "connections", RT_SETTING_NUMBER, "6", NULL, "to one host at a time" },
  { "cache-size", RT_SETTING_NUMBER, "67108864", NULL, "bytes that its cache may keep" },
  { "preflight-cap", RT_SETTING_DURATION, "2h", NULL, "the longest that a preflight's approval is kept: Chromium 2h, Firefox 24h" },
  { "verify", RT_SETTING_BOOLEAN, "true", NULL, "it goes on only with servers whose certificate is good" },
  { "cookies", RT_SETTING_CHOICE, "standard", cookie_jars, "whose cookie jar it has: RFC 6265bis without exceptions, RFC 6265, or a browser's" },
};
/* clang-format on */

/**
 * rt_cast_browser_settings:
 * @ret_n: (out): how many
 *
 * Returns: what can be set of a browser
 */
const RtSetting *
rt_cast_browser_settings (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (browser_settings);
  return browser_settings;
}

static RtBrowser *
make_browser (const RtCastWords *words)
{
  RtBrowserSettings settings = rt_browser_settings_standard;
  g_autoptr (GVariant) nothing = g_variant_ref_sink (g_variant_new ("a{sv}", NULL));
  const RtGiven given = { browser_settings, G_N_ELEMENTS (browser_settings),
                          words->named != NULL ? words->named : nothing };
  g_autofree char *language = rt_given_dup_text (&given, "language");
  g_autofree char *cookies = rt_given_dup_text (&given, "cookies");

  /* The browser borrows it, and is freed by the driver. */
  settings.language = g_intern_string (language);
  settings.connections = (guint)MIN (rt_given_get_number (&given, "connections"), G_MAXUINT16);
  settings.cache_bytes = (gsize)rt_given_get_number (&given, "cache-size");
  settings.cookies = rt_cookie_settings_find (cookies);
  settings.preflight_cap = rt_given_get_number (&given, "preflight-cap");
  settings.tls = rt_given_get_boolean (&given, "verify") ? &rt_tls_standard : &rt_tls_unverified;
  return rt_browser_new (&settings);
}

/* What a byte client sends where a step does not say. No bytes are no pieces. */
static gboolean
parse_own_bytes (const char *text, RtBytePiece **ret_pieces, guint *ret_n, GError **error)
{
  const RtPlace place = { "bytes", 1, 0 };
  GError *problem = NULL;
  RtBytePiece *pieces = rt_byte_text_parse (text, 0, 0, &place, ret_n, &problem);

  if (problem != NULL)
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  *ret_pieces = pieces;
  return TRUE;
}

static gboolean
check_bytes (const RtSetting *setting, GVariant *value, GError **error)
{
  RtBytePiece *pieces;
  guint n = 0;

  if (!parse_own_bytes (g_variant_get_string (value, NULL), &pieces, &n, error))
    return FALSE;
  rt_byte_pieces_free (pieces, n);
  return TRUE;
}

/* clang-format off */
static const RtSetting byte_settings[] = {
  { "bytes", RT_SETTING_TEXT, "", NULL, "what it sends where a step's block is empty, written as in such a block", check_bytes },
};
/* clang-format on */

/**
 * rt_cast_byte_settings:
 * @ret_n: (out): how many
 *
 * Returns: what can be set of a byte client
 */
const RtSetting *
rt_cast_byte_settings (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (byte_settings);
  return byte_settings;
}

static RtByteClient *
make_byte_client (const RtCastWords *words, GError **error)
{
  g_autoptr (RtByteClient) client = rt_byte_client_new ();
  g_autofree char *text = NULL;
  RtBytePiece *pieces;
  guint n = 0;

  if (words->named == NULL)
    return g_steal_pointer (&client);
  text = rt_settings_dup_text (byte_settings, G_N_ELEMENTS (byte_settings), words->named, "bytes");
  if (!parse_own_bytes (text, &pieces, &n, error))
    return NULL;
  rt_byte_client_set_pieces (client, pieces, n);
  return g_steal_pointer (&client);
}

static gboolean
listen_at (const RtDriverClass *driver_class,
           gpointer driver,
           RtPartyId id,
           const char *host,
           guint16 port,
           const RtTls *tls,
           GError **error)
{
  return driver_class->listen (driver, id, &(RtEndpoint){ .host = host, .port = port, .tls = tls },
                               error);
}

/* A server listens without TLS, and with it where its settings say so. */
static gboolean
listen_on_name (const RtCast *cast,
                const RtCastWords *words,
                const RtDriverClass *driver_class,
                gpointer driver,
                RtPartyId id,
                GError **error)
{
  g_auto (RtServerTls) tls = { NULL, FALSE };

  return rt_server_tls_from_settings (words->tls, cast->name, &tls, error)
         && (!tls.plain
             || listen_at (driver_class, driver, id, cast->name, RT_CAST_PORT, NULL, error))
         && (tls.tls == NULL
             || listen_at (driver_class, driver, id, cast->name, RT_CAST_SECURE_PORT, tls.tls,
                           error));
}

static gboolean
has_reactions (const RtCast *cast, const RtCastSources *sources)
{
  gboolean reacts = FALSE;

  rt_cast_each_source (cast->name, sources, note_reaction, &reacts);
  for (guint i = 0; sources->changes != NULL && i < sources->changes->len; i++)
    reacts |= rt_change_is_about (sources->changes->pdata[i], RT_CHANGE_REACTION, cast->name);
  return reacts;
}

static gboolean
has_crash (const RtCastWords *words)
{
  for (guint i = 0; i < words->resources->len; i++)
    if (g_str_equal (((const RtCastResource *)words->resources->pdata[i])->kind, "crash"))
      return TRUE;
  return FALSE;
}

static const char *
find_obstacle (const RtCast *cast, const RtCastSources *sources, const RtCastWords *words)
{
  if (g_str_equal (cast->kind, "client"))
    return has_reactions (cast, sources) ? "a client of libsoup's has no reactions" : NULL;
  if (words->tls != NULL)
    return "an origin of libsoup's has no TLS here";
  return has_crash (words) ? "an origin of libsoup's does not die and come up again" : NULL;
}

/**
 * rt_cast_get_obstacle:
 * @cast: a client or an origin
 * @sources: how it is set up
 *
 * Returns: (nullable): why its connections cannot be libsoup's; %NULL: they can
 */
const char *
rt_cast_get_obstacle (const RtCast *cast, const RtCastSources *sources)
{
  g_auto (RtCastWords) words = { 0 };

  return rt_cast_words_gather (cast, sources, &words, NULL) ? find_obstacle (cast, sources, &words)
                                                            : NULL;
}

static RtPartyId
add_on_libsoup (const RtCast *cast,
                const RtCastSources *sources,
                const RtCastWords *words,
                gpointer live,
                GError **error)
{
  const RtPlace place = { sources->lesson->file, cast->line, 0 };
  const char *obstacle = find_obstacle (cast, sources, words);
  guint n;
  const RtSetting *settings = rt_client_settings (&n);
  RtOrigin *origin;

  if (obstacle != NULL)
    {
      rt_set_error (error, RT_ERROR_UNSUPPORTED, &place, NULL, "%s", obstacle);
      return 0;
    }
  if (g_str_equal (cast->kind, "client"))
    return rt_soup_client_add (
        live, cast->name,
        words->named != NULL && rt_settings_get_boolean (settings, n, words->named, "follow"));
  origin = make_origin (sources, words, error);
  return origin != NULL ? rt_soup_origin_add (live, cast->name, RT_CAST_PORT, origin, error) : 0;
}

/**
 * rt_cast_add:
 * @cast: a party of the lesson
 * @sources: how it is set up
 * @driver_class: the driver's class
 * @driver: gets the party; a server listens on its name
 *
 * Returns: its number; 0: it could not be made
 */
RtPartyId
rt_cast_add (const RtCast *cast,
             const RtCastSources *sources,
             const RtDriverClass *driver_class,
             gpointer driver,
             GError **error)
{
  g_auto (RtCastWords) words = { 0 };
  const RtPartyClass *party_class = NULL;
  gpointer party = NULL;
  RtPartyId id;

  if (!rt_cast_words_gather (cast, sources, &words, error))
    return 0;
  if (sources->libsoup != NULL && g_strv_contains (sources->libsoup, cast->name))
    return add_on_libsoup (cast, sources, &words, driver, error);
  if (g_str_equal (cast->kind, "client"))
    {
      party_class = &rt_client_class;
      party = make_client (cast, &words, sources, error);
    }
  else if (g_str_equal (cast->kind, "byte-client"))
    {
      party_class = &rt_byte_client_class;
      party = make_byte_client (&words, error);
    }
  else if (g_str_equal (cast->kind, "browser"))
    {
      party_class = &rt_browser_class;
      party = make_browser (&words);
    }
  else if (g_str_equal (cast->kind, "gateway"))
    {
      party_class = &rt_gateway_class;
      party = make_gateway (cast, sources, &words, error);
    }
  else if (g_str_equal (cast->kind, "proxy"))
    {
      party_class = &rt_proxy_class;
      party = make_proxy (cast, &words, error);
    }
  else
    {
      party_class = &rt_origin_class;
      party = make_origin (sources, &words, error);
    }
  if (party == NULL)
    return 0;
  id = driver_class->add (driver, cast->name, party_class, party);
  if (!rt_cast_kind_find (cast->kind)->serves)
    return id;
  return listen_on_name (cast, &words, driver_class, driver, id, error) ? id : 0;
}
