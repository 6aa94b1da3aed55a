/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Settings out of YAML, against a closed list: what there is to set is the party layer's
 * knowledge; here every error gets its file and line. */
#include "rt-party-settings-private.h"

/* A mapping of field names to values: their lines, in order. */
static GVariant *
read_fields (const RtYaml *node, const char *file, GError **error)
{
  GVariantBuilder builder;

  if (!rt_yaml_expect (node, RT_YAML_MAPPING, "a mapping of field names to values", file, error))
    return NULL;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ss)"));
  for (guint i = 0; i < node->children->len; i++)
    {
      const RtYaml *value = node->children->pdata[i];

      if (!rt_yaml_expect (value, RT_YAML_SCALAR, "a field's value", file, error))
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

      if (!rt_yaml_expect (element, RT_YAML_SCALAR, "a single value", file, error))
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
  if (!rt_yaml_expect (node, RT_YAML_MAPPING, "a mapping", file, error))
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
      if (!rt_yaml_expect (value, RT_YAML_SCALAR, "a single value", file, error))
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

  if (!rt_yaml_expect (node, RT_YAML_LIST, "a list of mappings", file, error))
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
  if (!rt_yaml_expect (node, RT_YAML_SCALAR, "a single value", file, error))
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

/* A mapping of settings as `a{sv}`; @skip (nullable): keys that are none of them. */
GVariant *
rt_settings_read (const RtSetting *known,
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
