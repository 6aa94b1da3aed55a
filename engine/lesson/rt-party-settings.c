/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Settings of parties: the keys that each kind takes, and who may be set. */
#include "rt-party-settings-private.h"

#include "rt-cast-kind.h"
#include "rt-client.h"

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
  if (!rt_yaml_expect (node, RT_YAML_SCALAR, "the name of a reaction", file, error))
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
      && !rt_yaml_expect (on, RT_YAML_MAPPING, "a mapping of status codes to reactions", file,
                          error))
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

  if (!rt_yaml_expect (yaml, RT_YAML_MAPPING, what, file, error)
      || !check_keys (kind, yaml, file, error))
    return FALSE;
  settings->named = rt_settings_read (named, n, yaml, mappings_of (kind), file, error);
  if (settings->named == NULL)
    return FALSE;
  g_variant_ref_sink (settings->named);
  if (g_str_equal (kind->name, "client"))
    settings->settings = read_reactions (yaml, file, error);
  else
    return !kind->serves
           || (rt_party_settings_read_upstreams (lesson, yaml, file, &settings->upstreams, error)
               && rt_party_settings_read_ports (yaml, file, &settings->ports, error)
               && rt_party_settings_read_limits (yaml, file, &settings->limits, error)
               && rt_party_settings_read_tls (settings->party, yaml, file, &settings->tls, error));
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
  settings->settings = rt_party_settings_read_origin (yaml, file, error);
  if (settings->settings == NULL)
    return NULL;
  g_variant_ref_sink (settings->settings);
  return rt_party_settings_read_limits (yaml, file, &settings->limits, error)
                 && rt_party_settings_read_tls (cast->name, yaml, file, &settings->tls, error)
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
      || !rt_yaml_expect (yaml, RT_YAML_MAPPING, "a mapping of parties to their settings",
                          place->file, error))
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
  g_autoptr (GArray) known = found != NULL ? rt_party_settings_of_resource (found) : NULL;

  if (known == NULL)
    return NULL;
  return rt_settings_change ((const RtSetting *)(gpointer)known->data, known->len, settings, name,
                             value, error);
}
