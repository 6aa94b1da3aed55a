/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Settings of parties. What there is to set is the party layer's knowledge; here every error gets
 * its file and line. */
#include "rt-party-settings.h"

#include "rt-client.h"
#include "rt-resource.h"
#include "rt-server.h"

static const char *const cast_kinds[] = { "client", "origin" };

/**
 * rt_cast_kinds:
 * @ret_n: (out): how many
 *
 * Returns: (array length=ret_n): the kinds of parties that a lesson can have
 */
const char *const *
rt_cast_kinds (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (cast_kinds);
  return cast_kinds;
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
read_value (const RtSetting *setting, const RtYaml *node, const char *file, GError **error)
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

/* A mapping of settings as `a{sv}`; @skip (nullable): a key that is none of them. */
static GVariant *
read_known (const RtSetting *known,
            guint n_known,
            const RtYaml *node,
            const char *skip,
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

      if (g_strcmp0 (name, skip) == 0)
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
  g_autoptr (GArray) known = settings_of (kind);

  return read_known ((const RtSetting *)(gpointer)known->data, known->len, node, "kind", file,
                     error);
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

      if (g_str_equal (path, "limits"))
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
read_client (const RtYaml *yaml, const char *file, GError **error)
{
  static const char *const names[] = { "on" };
  GVariantBuilder builder;
  const RtYaml *on;

  if (!expect_kind (yaml, RT_YAML_MAPPING, "a client's settings: “on: {412: …}”", file, error))
    return NULL;
  for (guint i = 0; i < yaml->children->len; i++)
    if (!g_str_equal (yaml->keys->pdata[i], "on"))
      {
        RtPlace place = { file, ((RtYaml *)yaml->children->pdata[i])->line, 0 };

        rt_set_unknown (error, &place, "setting of a client", yaml->keys->pdata[i], names, 1);
        return NULL;
      }
  on = rt_yaml_get (yaml, "on");
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

/**
 * rt_party_settings_new:
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
rt_party_settings_new (
    const RtCast *cast, const char *text, const RtYaml *yaml, const char *file, GError **error)
{
  gboolean origin = g_str_equal (cast->kind, "origin");
  GVariant *read = origin ? read_origin (yaml, file, error) : read_client (yaml, file, error);
  g_autoptr (GVariant) limits = NULL;
  RtPartySettings *settings;

  if (read == NULL)
    return NULL;
  g_variant_ref_sink (read);
  if (origin && !read_limits (yaml, file, &limits, error))
    {
      g_variant_unref (read);
      return NULL;
    }
  settings = g_new0 (RtPartySettings, 1);
  settings->party = g_strdup (cast->name);
  settings->text = g_strdup (text);
  settings->settings = read;
  settings->limits = g_steal_pointer (&limits);
  settings->line = yaml->line;
  return settings;
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
  g_variant_unref (settings->settings);
  g_clear_pointer (&settings->limits, g_variant_unref);
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
          = cast != NULL ? rt_party_settings_new (cast, "", node, place->file, error) : NULL;

      if (settings == NULL)
        return NULL;
      g_ptr_array_add (all, settings);
    }
  return g_steal_pointer (&all);
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
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (settings);
  const RtSetting *setting;
  GVariant *parsed;

  if (known == NULL)
    return NULL;
  setting = rt_setting_find ((const RtSetting *)(gpointer)known->data, known->len, name, error);
  parsed = setting != NULL ? rt_setting_parse (setting, value, error) : NULL;
  if (parsed == NULL)
    return NULL;
  g_variant_dict_insert_value (&dict, name, parsed);
  return g_variant_dict_end (&dict);
}
