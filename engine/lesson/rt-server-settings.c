/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What servers take: resources at their paths, limits, TLS. */
#include "rt-party-settings-private.h"

#include "rt-server.h"
#include "rt-server-tls.h"

/* What can be set on a resource: its kind's settings and those that all have. */
GArray *
rt_party_settings_of_resource (const RtResourceKind *kind)
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

static GVariant *
read_resource (const RtResourceKind *kind, const RtYaml *node, const char *file, GError **error)
{
  static const char *const skip[] = { "kind", NULL };
  g_autoptr (GArray) known = rt_party_settings_of_resource (kind);

  return rt_settings_read ((const RtSetting *)(gpointer)known->data, known->len, node, skip, file,
                           error);
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

/* Paths and what stands there. */
GVariant *
rt_party_settings_read_origin (const RtYaml *yaml, const char *file, GError **error)
{
  GVariantBuilder builder;

  if (!rt_yaml_expect (yaml, RT_YAML_MAPPING, "a mapping of paths to resources", file, error))
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
      else if (rt_yaml_expect (node, RT_YAML_MAPPING, "a resource: “kind: …” and its settings",
                               file, error))
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

/* `limits:`, beside the paths. */
gboolean
rt_party_settings_read_limits (const RtYaml *yaml,
                               const char *file,
                               GVariant **ret_limits,
                               GError **error)
{
  const RtYaml *node = rt_yaml_get (yaml, "limits");
  g_autoptr (GVariant) limits = NULL;
  RtServerLimits checked;
  guint n;
  const RtSetting *known = rt_server_limits_settings (&n);

  *ret_limits = NULL;
  if (node == NULL)
    return TRUE;
  if (!rt_yaml_expect (node, RT_YAML_MAPPING, "a mapping of limits", file, error))
    return FALSE;
  limits = rt_settings_read (known, n, node, NULL, file, error);
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
gboolean
rt_party_settings_read_tls (
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
  else if (rt_yaml_expect (node, RT_YAML_MAPPING, "true, false or a mapping of settings", file,
                           error))
    tls = rt_settings_read (known, n, node, NULL, file, error);
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
