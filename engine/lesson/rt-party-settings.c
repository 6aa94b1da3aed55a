/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Settings of parties. What there is to set is the party layer's knowledge; here every error gets
 * its file and line. */
#include "rt-party-settings.h"

#include "rt-cast.h"
#include "rt-client.h"
#include "rt-proxy.h"
#include "rt-resource.h"
#include "rt-server-tls.h"

#include <string.h>

static const char *const client_steps[] = { "http", "tell", NULL };
static const char *const byte_steps[] = { "bytes", NULL };
static const char *const browser_steps[] = { "open", "fetch", "tell", NULL };

/* clang-format off */
static const RtCastKind cast_kinds[] = {
  { "client",      client_steps,  FALSE, rt_client_settings },
  { "byte-client", byte_steps,    FALSE, NULL },
  { "browser",     browser_steps, FALSE, rt_cast_browser_settings },
  { "origin",      NULL,          TRUE,  NULL },
  { "gateway",     NULL,          TRUE,  rt_gateway_settings },
  { "proxy",       NULL,          TRUE,  rt_gateway_settings },
};
/* clang-format on */

/**
 * rt_cast_kinds:
 * @ret_n: (out): how many
 *
 * Returns: (array length=ret_n): the kinds of parties that a lesson can have
 */
const RtCastKind *
rt_cast_kinds (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (cast_kinds);
  return cast_kinds;
}

/**
 * rt_cast_kind_find:
 * @name: a name
 *
 * Returns: (nullable): the kind of that name
 */
const RtCastKind *
rt_cast_kind_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cast_kinds); i++)
    if (g_str_equal (cast_kinds[i].name, name))
      return &cast_kinds[i];
  return NULL;
}

static gboolean
expect_kind (
    const RtYaml *node, RtYamlKind kind, const char *what, const char *file, GError **error)
{
  RtPlace place = { file, node->line, 0 };

  if (node->kind == kind)
    return TRUE;
  rt_set_error (error, RT_ERROR_SYNTAX, &place, what, "%s stands here", rt_yaml_kind_name (node));
  return FALSE;
}

/* A mapping of field names to values: their lines, in order. */
static GVariant *
read_fields (const RtYaml *node, const char *file, GError **error)
{
  GVariantBuilder builder;

  if (!expect_kind (node, RT_YAML_MAPPING, "a mapping of field names to values", file, error))
    return NULL;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ss)"));
  for (guint i = 0; i < node->children->len; i++)
    {
      const RtYaml *value = node->children->pdata[i];

      if (!expect_kind (value, RT_YAML_SCALAR, "a field's value", file, error))
        {
          g_variant_builder_clear (&builder);
          return NULL;
        }
      g_variant_builder_add (&builder, "(ss)", (char *)node->keys->pdata[i], value->text);
    }
  return g_variant_builder_end (&builder);
}

/* A list, or as one line with commas. */
static GVariant *
read_list (const RtYaml *node, const char *file, GError **error)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; i < node->children->len; i++)
    {
      const RtYaml *element = node->children->pdata[i];

      if (!expect_kind (element, RT_YAML_SCALAR, "a single value", file, error))
        {
          g_variant_builder_clear (&builder);
          return NULL;
        }
      g_variant_builder_add (&builder, "s", element->text);
    }
  return g_variant_builder_end (&builder);
}

static gboolean
read_row (const RtSetting *setting,
          const RtYaml *node,
          const char *file,
          GVariantBuilder *builder,
          GError **error)
{
  if (!expect_kind (node, RT_YAML_MAPPING, "a mapping", file, error))
    return FALSE;
  g_variant_builder_open (builder, G_VARIANT_TYPE ("a{ss}"));
  for (guint i = 0; i < node->children->len; i++)
    {
      const RtYaml *value = node->children->pdata[i];
      RtPlace place = { file, value->line, 0 };

      if (!rt_setting_check_column (setting, node->keys->pdata[i], error))
        {
          rt_prefix_place (error, &place);
          return FALSE;
        }
      if (!expect_kind (value, RT_YAML_SCALAR, "a single value", file, error))
        return FALSE;
      g_variant_builder_add (builder, "{ss}", (char *)node->keys->pdata[i], value->text);
    }
  g_variant_builder_close (builder);
  return TRUE;
}

static GVariant *
read_rows (const RtSetting *setting, const RtYaml *node, const char *file, GError **error)
{
  GVariantBuilder builder;

  if (!expect_kind (node, RT_YAML_LIST, "a list of mappings", file, error))
    return NULL;
  g_variant_builder_init (&builder, rt_setting_type (setting));
  for (guint i = 0; i < node->children->len; i++)
    if (!read_row (setting, node->children->pdata[i], file, &builder, error))
      {
        g_variant_builder_clear (&builder);
        return NULL;
      }
  return g_variant_builder_end (&builder);
}

static GVariant *
read_unchecked (const RtSetting *setting, const RtYaml *node, const char *file, GError **error)
{
  RtPlace place = { file, node->line, 0 };
  GVariant *value;

  if (setting->type == RT_SETTING_FIELDS)
    return read_fields (node, file, error);
  if (setting->type == RT_SETTING_ROWS)
    return read_rows (setting, node, file, error);
  if (setting->type == RT_SETTING_LIST && node->kind == RT_YAML_LIST)
    return read_list (node, file, error);
  if (!expect_kind (node, RT_YAML_SCALAR, "a single value", file, error))
    return NULL;
  value = rt_setting_parse (setting, node->text, error);
  if (value == NULL)
    rt_prefix_place (error, &place);
  return value;
}

static GVariant *
read_value (const RtSetting *setting, const RtYaml *node, const char *file, GError **error)
{
  RtPlace place = { file, node->line, 0 };
  GVariant *value = read_unchecked (setting, node, file, error);

  if (value == NULL || rt_setting_check (setting, value, error))
    return value;
  rt_prefix_place (error, &place);
  g_variant_unref (g_variant_ref_sink (value));
  return NULL;
}

/* What can be set on a resource: its kind's settings and those that all have. */
static GArray *
settings_of (const RtResourceKind *kind)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (RtSetting));
  guint n_common;
  const RtSetting *common = rt_resource_common_settings (&n_common);

  g_array_append_vals (all, kind->settings, kind->n_settings);
  g_array_append_vals (all, common, n_common);
  return all;
}

static const RtResourceKind *
read_kind (const RtYaml *node, const char *path, const char *file, GError **error)
{
  const RtYaml *kind = rt_yaml_get (node, "kind");
  RtPlace place = { file, kind != NULL ? kind->line : node->line, 0 };
  const RtResourceKind *found;

  if (kind == NULL || kind->kind != RT_YAML_SCALAR)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, &place, "“kind: document” or another kind",
                    "the resource %s does not say what it is", path);
      return NULL;
    }
  found = rt_resource_kind_find (kind->text, error);
  if (found == NULL)
    rt_prefix_place (error, &place);
  return found;
}

/* A mapping of settings as `a{sv}`; @skip (nullable): keys that are none of them. */
static GVariant *
read_known (const RtSetting *known,
            guint n_known,
            const RtYaml *node,
            const char *const *skip,
            const char *file,
            GError **error)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  for (guint i = 0; i < node->children->len; i++)
    {
      const char *name = node->keys->pdata[i];
      const RtYaml *child = node->children->pdata[i];
      RtPlace place = { file, child->line, 0 };
      const RtSetting *setting;
      GVariant *value;

      if (skip != NULL && g_strv_contains (skip, name))
        continue;
      setting = rt_setting_find (known, n_known, name, error);
      if (setting == NULL)
        rt_prefix_place (error, &place);
      value = setting != NULL ? read_value (setting, child, file, error) : NULL;
      if (value == NULL)
        {
          g_variant_builder_clear (&builder);
          return NULL;
        }
      g_variant_builder_add (&builder, "{sv}", name, value);
    }
  return g_variant_builder_end (&builder);
}

static GVariant *
read_resource (const RtResourceKind *kind, const RtYaml *node, const char *file, GError **error)
{
  static const char *const skip[] = { "kind", NULL };
  g_autoptr (GArray) known = settings_of (kind);

  return read_known ((const RtSetting *)(gpointer)known->data, known->len, node, skip, file, error);
}

/* `limits:`, beside the paths. */
static gboolean
read_limits (const RtYaml *yaml, const char *file, GVariant **ret_limits, GError **error)
{
  const RtYaml *node = rt_yaml_get (yaml, "limits");
  g_autoptr (GVariant) limits = NULL;
  RtServerLimits checked;
  guint n;
  const RtSetting *known = rt_server_limits_settings (&n);

  *ret_limits = NULL;
  if (node == NULL)
    return TRUE;
  if (!expect_kind (node, RT_YAML_MAPPING, "a mapping of limits", file, error))
    return FALSE;
  limits = read_known (known, n, node, NULL, file, error);
  if (limits == NULL)
    return FALSE;
  g_variant_ref_sink (limits);
  if (!rt_server_limits_from_settings (limits, &checked, error))
    {
      RtPlace place = { file, node->line, 0 };

      rt_prefix_place (error, &place);
      return FALSE;
    }
  *ret_limits = g_steal_pointer (&limits);
  return TRUE;
}

/* `tls:`, beside the paths: its settings, or whether there is any. */
static gboolean
read_tls (
    const char *party, const RtYaml *yaml, const char *file, GVariant **ret_tls, GError **error)
{
  const RtYaml *node = rt_yaml_get (yaml, "tls");
  RtPlace place = { file, node != NULL ? node->line : yaml->line, 0 };
  g_autoptr (GVariant) tls = NULL;
  g_auto (RtServerTls) checked = { NULL, FALSE };
  guint n;
  const RtSetting *known = rt_server_tls_settings (&n);

  if (node == NULL)
    return TRUE;
  if (node->kind == RT_YAML_SCALAR)
    {
      if (!g_str_equal (node->text, "true") && !g_str_equal (node->text, "false"))
        {
          rt_set_error (error, RT_ERROR_SYNTAX, &place, "true, false or a mapping of settings",
                        "tls can't be “%s”", node->text);
          return FALSE;
        }
      tls = g_variant_new_parsed ("{'on': <%b>}", g_str_equal (node->text, "true"));
    }
  else if (expect_kind (node, RT_YAML_MAPPING, "true, false or a mapping of settings", file, error))
    tls = read_known (known, n, node, NULL, file, error);
  if (tls == NULL)
    return FALSE;
  g_variant_ref_sink (tls);
  if (!rt_server_tls_from_settings (tls, party, &checked, error))
    {
      rt_prefix_place (error, &place);
      return FALSE;
    }
  *ret_tls = g_steal_pointer (&tls);
  return TRUE;
}

/* The resource is made once and dropped: its kind has the last word on whether it can be. */
static gboolean
try_resource (
    const char *path, const char *kind, GVariant *settings, const RtPlace *place, GError **error)
{
  g_autoptr (RtResource) resource = rt_resource_new (path, kind, settings, error);

  if (resource == NULL)
    rt_prefix_place (error, place);
  return resource != NULL;
}

static GVariant *
read_origin (const RtYaml *yaml, const char *file, GError **error)
{
  GVariantBuilder builder;

  if (!expect_kind (yaml, RT_YAML_MAPPING, "a mapping of paths to resources", file, error))
    return NULL;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ssa{sv})"));
  for (guint i = 0; i < yaml->children->len; i++)
    {
      const char *path = yaml->keys->pdata[i];
      const RtYaml *node = yaml->children->pdata[i];
      RtPlace place = { file, node->line, 0 };
      const RtResourceKind *kind = NULL;
      g_autoptr (GVariant) settings = NULL;

      if (g_str_equal (path, "limits") || g_str_equal (path, "tls"))
        continue;
      if (path[0] != '/')
        rt_set_error (error, RT_ERROR_SYNTAX, &place, "a path that begins with “/”",
                      "“%s” names no resource", path);
      else if (expect_kind (node, RT_YAML_MAPPING, "a resource: “kind: …” and its settings", file,
                            error))
        kind = read_kind (node, path, file, error);
      settings = kind != NULL ? read_resource (kind, node, file, error) : NULL;
      if (settings != NULL)
        g_variant_ref_sink (settings);
      if (settings == NULL || !try_resource (path, kind->name, settings, &place, error))
        {
          g_variant_builder_clear (&builder);
          return NULL;
        }
      g_variant_builder_add (&builder, "(ss@a{sv})", path, kind->name, settings);
    }
  return g_variant_builder_end (&builder);
}

static gboolean
read_reaction (const char *status,
               const RtYaml *node,
               const char *file,
               GVariantBuilder *builder,
               GError **error)
{
  RtPlace place = { file, node->line, 0 };
  const RtReactionInfo *info;
  guint64 code;

  if (!rt_text_to_uint64 (rt_text (status), &code) || code < 100 || code > 599)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, &place, "a status code from 100 to 599",
                    "“%s” is no status code", status);
      return FALSE;
    }
  if (!expect_kind (node, RT_YAML_SCALAR, "the name of a reaction", file, error))
    return FALSE;
  info = rt_reaction_find (node->text, error);
  if (info == NULL)
    {
      rt_prefix_place (error, &place);
      return FALSE;
    }
  if (info->status != 0 && info->status != code)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, &place, NULL, "“%s” is a reaction to %u, not to %s",
                    info->name, info->status, status);
      return FALSE;
    }
  g_variant_builder_add (builder, "(us)", (guint)code, info->name);
  return TRUE;
}

static GVariant *
read_reactions (const RtYaml *yaml, const char *file, GError **error)
{
  GVariantBuilder builder;
  const RtYaml *on = rt_yaml_get (yaml, "on");

  if (on != NULL
      && !expect_kind (on, RT_YAML_MAPPING, "a mapping of status codes to reactions", file, error))
    return NULL;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(us)"));
  for (guint i = 0; on != NULL && i < on->children->len; i++)
    if (!read_reaction (on->keys->pdata[i], on->children->pdata[i], file, &builder, error))
      {
        g_variant_builder_clear (&builder);
        return NULL;
      }
  return g_variant_builder_end (&builder);
}

/* A server of the lesson that stands behind a gateway. */
static gboolean
read_upstream (const RtLesson *lesson,
               const RtYaml *node,
               GPtrArray *upstreams,
               const char *file,
               GError **error)
{
  RtPlace place = { file, node->line, 0 };
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *name;

  if (!expect_kind (node, RT_YAML_SCALAR, "a server's name", file, error))
    return FALSE;
  name = g_str_has_prefix (node->text, "https://") ? node->text + strlen ("https://") : node->text;
  for (guint i = 0; i < lesson->cast->len; i++)
    {
      const RtCast *cast = lesson->cast->pdata[i];

      if (!rt_cast_kind_find (cast->kind)->serves)
        continue;
      if (g_str_equal (cast->name, name))
        {
          g_ptr_array_add (upstreams, g_strdup (node->text));
          return TRUE;
        }
      g_ptr_array_add (names, cast->name);
    }
  rt_set_unknown (error, &place, "server", name, (const char *const *)names->pdata, names->len);
  return FALSE;
}

/* `ports: [443]`: what CONNECT may reach. */
static gboolean
read_ports (const RtYaml *yaml, const char *file, GArray **ret_ports, GError **error)
{
  const RtYaml *node = rt_yaml_get (yaml, "ports");
  g_autoptr (GArray) ports = g_array_new (FALSE, FALSE, sizeof (guint16));

  if (node == NULL)
    return TRUE;
  if (!expect_kind (node, RT_YAML_LIST, "a list of ports", file, error))
    return FALSE;
  for (guint i = 0; i < node->children->len; i++)
    {
      const RtYaml *item = node->children->pdata[i];
      RtPlace place = { file, item->line, 0 };
      guint64 number = 0;
      guint16 port;

      if (i == RT_PROXY_PORTS_MAX || item->kind != RT_YAML_SCALAR
          || !rt_text_to_uint64 (rt_text (item->text), &number) || number == 0
          || number > G_MAXUINT16)
        {
          rt_set_error (error, RT_ERROR_SYNTAX, &place, "at most 16 numbers from 1 to 65535",
                        "the ports cannot be read");
          return FALSE;
        }
      port = (guint16)number;
      g_array_append_val (ports, port);
    }
  *ret_ports = g_steal_pointer (&ports);
  return TRUE;
}

/* `upstream: NAME`, or a list of names. */
static gboolean
read_upstreams (const RtLesson *lesson,
                const RtYaml *yaml,
                const char *file,
                char ***ret_upstreams,
                GError **error)
{
  const RtYaml *node = rt_yaml_get (yaml, "upstream");
  g_autoptr (GPtrArray) upstreams = g_ptr_array_new_with_free_func (g_free);
  RtPlace place = { file, node != NULL ? node->line : yaml->line, 0 };
  gboolean list = node != NULL && node->kind == RT_YAML_LIST;
  guint n = node == NULL ? 0 : list ? node->children->len : 1;

  if (n > RT_GATEWAY_UPSTREAMS_MAX)
    {
      rt_set_error (error, RT_ERROR_LIMIT, &place, NULL, "a gateway has at most %d servers",
                    RT_GATEWAY_UPSTREAMS_MAX);
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    if (!read_upstream (lesson, list ? node->children->pdata[i] : node, upstreams, file, error))
      return FALSE;
  if (n == 0)
    return TRUE;
  g_ptr_array_add (upstreams, NULL);
  *ret_upstreams = (char **)g_ptr_array_free (g_steal_pointer (&upstreams), FALSE);
  return TRUE;
}

/* What the kind reads of the mapping besides its named settings. */
static const char *const *
mappings_of (const RtCastKind *kind)
{
  static const char *const none[] = { NULL };
  static const char *const client[] = { "on", NULL };
  static const char *const gateway[] = { "upstream", "limits", "tls", NULL };
  static const char *const proxy[] = { "ports", "limits", "tls", NULL };

  return g_str_equal (kind->name, "client")    ? client
         : g_str_equal (kind->name, "gateway") ? gateway
         : g_str_equal (kind->name, "proxy")   ? proxy
                                               : none;
}

/* A slip in a key: the nearest of all that the party takes. */
static gboolean
check_keys (const RtCastKind *kind, const RtYaml *yaml, const char *file, GError **error)
{
  const char *const *mappings = mappings_of (kind);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *what = g_strdup_printf ("setting of a %s", kind->name);
  guint n = 0;
  const RtSetting *named = kind->named != NULL ? kind->named (&n) : NULL;

  for (guint i = 0; mappings[i] != NULL; i++)
    g_ptr_array_add (names, (char *)mappings[i]);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (names, (char *)named[i].name);
  g_ptr_array_add (names, NULL);
  for (guint i = 0; i < yaml->children->len; i++)
    {
      RtPlace place = { file, ((RtYaml *)yaml->children->pdata[i])->line, 0 };

      if (g_strv_contains ((const char *const *)names->pdata, yaml->keys->pdata[i]))
        continue;
      rt_set_unknown (error, &place, what, yaml->keys->pdata[i], (const char *const *)names->pdata,
                      names->len - 1);
      return FALSE;
    }
  return TRUE;
}

/* Every kind of party but the origin: a mapping of settings. */
static gboolean
read_party (const RtLesson *lesson,
            const RtCastKind *kind,
            const RtYaml *yaml,
            const char *file,
            RtPartySettings *settings,
            GError **error)
{
  guint n = 0;
  const RtSetting *named = kind->named != NULL ? kind->named (&n) : NULL;
  g_autofree char *what = g_strdup_printf ("the settings of a %s: a mapping", kind->name);

  if (!expect_kind (yaml, RT_YAML_MAPPING, what, file, error)
      || !check_keys (kind, yaml, file, error))
    return FALSE;
  settings->named = read_known (named, n, yaml, mappings_of (kind), file, error);
  if (settings->named == NULL)
    return FALSE;
  g_variant_ref_sink (settings->named);
  if (g_str_equal (kind->name, "client"))
    settings->settings = read_reactions (yaml, file, error);
  else
    return !kind->serves
           || (read_upstreams (lesson, yaml, file, &settings->upstreams, error)
               && read_ports (yaml, file, &settings->ports, error)
               && read_limits (yaml, file, &settings->limits, error)
               && read_tls (settings->party, yaml, file, &settings->tls, error));
  if (settings->settings != NULL)
    g_variant_ref_sink (settings->settings);
  return settings->settings != NULL;
}

/**
 * rt_party_settings_new:
 * @lesson: its parties are known
 * @cast: the party
 * @text: the YAML as written
 * @yaml: … as it was read
 * @file: where it stands
 *
 * Errors: whatever is not in the party's closed lists, with file and line.
 *
 * Returns: (nullable) (transfer full): its settings
 */
RtPartySettings *
rt_party_settings_new (const RtLesson *lesson,
                       const RtCast *cast,
                       const char *text,
                       const RtYaml *yaml,
                       const char *file,
                       GError **error)
{
  g_autoptr (RtPartySettings) settings = g_new0 (RtPartySettings, 1);

  settings->party = g_strdup (cast->name);
  settings->text = g_strdup (text);
  settings->line = yaml->line;
  if (!g_str_equal (cast->kind, "origin"))
    return read_party (lesson, rt_cast_kind_find (cast->kind), yaml, file, settings, error)
               ? g_steal_pointer (&settings)
               : NULL;
  settings->settings = read_origin (yaml, file, error);
  if (settings->settings == NULL)
    return NULL;
  g_variant_ref_sink (settings->settings);
  return read_limits (yaml, file, &settings->limits, error)
                 && read_tls (cast->name, yaml, file, &settings->tls, error)
             ? g_steal_pointer (&settings)
             : NULL;
}

/**
 * rt_party_settings_free:
 * @settings: (nullable): settings
 */
void
rt_party_settings_free (RtPartySettings *settings)
{
  if (settings == NULL)
    return;
  g_free (settings->party);
  g_free (settings->text);
  g_clear_pointer (&settings->settings, g_variant_unref);
  g_clear_pointer (&settings->named, g_variant_unref);
  g_clear_pointer (&settings->limits, g_variant_unref);
  g_clear_pointer (&settings->tls, g_variant_unref);
  g_strfreev (settings->upstreams);
  g_clear_pointer (&settings->ports, g_array_unref);
  g_free (settings);
}

/* The challenge's parties may be set, nobody else. */
static const RtCast *
editable_cast (const RtLesson *lesson, const char *name, const RtPlace *place, GError **error)
{
  char **parties = lesson->challenge->parties;

  if (parties == NULL || g_strv_contains ((const char *const *)parties, name))
    {
      const RtCast *cast = rt_lesson_get_cast (lesson, name);

      if (cast != NULL)
        return cast;
    }
  if (parties == NULL)
    {
      g_autoptr (GPtrArray) names = g_ptr_array_new ();

      for (guint i = 0; i < lesson->cast->len; i++)
        g_ptr_array_add (names, ((RtCast *)lesson->cast->pdata[i])->name);
      rt_set_unknown (error, place, "party", name, (const char *const *)names->pdata, names->len);
    }
  else
    rt_set_unknown (error, place, "party to set here", name, (const char *const *)parties,
                    g_strv_length (parties));
  return NULL;
}

/**
 * rt_party_settings_read:
 * @lesson: a lesson with a challenge
 * @text: (array length=length): YAML: party → its settings
 * @place: its file and first line
 *
 * Returns: (nullable) (transfer full) (element-type RtPartySettings): the settings, in order
 */
GPtrArray *
rt_party_settings_read (
    const RtLesson *lesson, const char *text, gsize length, const RtPlace *place, GError **error)
{
  g_autoptr (RtYaml) yaml = rt_yaml_parse (text, length, place, error);
  g_autoptr (GPtrArray) all
      = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_party_settings_free);

  if (yaml == NULL
      || !expect_kind (yaml, RT_YAML_MAPPING, "a mapping of parties to their settings", place->file,
                       error))
    return NULL;
  for (guint i = 0; i < yaml->children->len; i++)
    {
      const RtYaml *node = yaml->children->pdata[i];
      RtPlace here = { place->file, node->line, 0 };
      const RtCast *cast = editable_cast (lesson, yaml->keys->pdata[i], &here, error);
      RtPartySettings *settings
          = cast != NULL ? rt_party_settings_new (lesson, cast, "", node, place->file, error)
                         : NULL;

      if (settings == NULL)
        return NULL;
      g_ptr_array_add (all, settings);
    }
  return g_steal_pointer (&all);
}

/**
 * rt_settings_change:
 * @known: (array length=n_known): what can be set
 * @settings: (nullable): `a{sv}` of them
 * @name: of one of them
 * @value: its new value, as people write it
 *
 * Returns: (nullable) (transfer floating): the settings with that one changed
 */
GVariant *
rt_settings_change (const RtSetting *known,
                    guint n_known,
                    GVariant *settings,
                    const char *name,
                    const char *value,
                    GError **error)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (settings);
  const RtSetting *setting = rt_setting_find (known, n_known, name, error);
  GVariant *parsed = setting != NULL ? rt_setting_parse (setting, value, error) : NULL;

  if (parsed == NULL)
    return NULL;
  g_variant_dict_insert_value (&dict, name, parsed);
  return g_variant_dict_end (&dict);
}

/**
 * rt_party_settings_change:
 * @kind: of a resource
 * @settings: `a{sv}`: its settings
 * @name: of one of them
 * @value: its new value, as people write it
 *
 * Returns: (nullable) (transfer floating): the settings with that one changed
 */
GVariant *
rt_party_settings_change (
    const char *kind, GVariant *settings, const char *name, const char *value, GError **error)
{
  const RtResourceKind *found = rt_resource_kind_find (kind, error);
  g_autoptr (GArray) known = found != NULL ? settings_of (found) : NULL;

  if (known == NULL)
    return NULL;
  return rt_settings_change ((const RtSetting *)(gpointer)known->data, known->len, settings, name,
                             value, error);
}
