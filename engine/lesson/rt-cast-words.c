/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rt-cast-words.h"

#include "rt-cast-kind.h"
#include "rt-party-settings.h"
#include "rt-server.h"
#include "rt-server-tls.h"

static void
resource_free (gpointer data)
{
  RtCastResource *resource = data;

  g_variant_unref (resource->settings);
  g_free (resource);
}

static RtCastResource *
find_resource (GPtrArray *resources, const char *path)
{
  for (guint i = 0; i < resources->len; i++)
    if (g_str_equal (((RtCastResource *)resources->pdata[i])->path, path))
      return resources->pdata[i];
  return NULL;
}

static void
take_resource (GPtrArray *resources, const char *path, const char *kind, GVariant *settings)
{
  RtCastResource *resource = find_resource (resources, path);

  if (resource == NULL)
    {
      resource = g_new0 (RtCastResource, 1);
      resource->path = path;
      g_ptr_array_add (resources, resource);
    }
  g_clear_pointer (&resource->settings, g_variant_unref);
  resource->kind = kind;
  resource->settings = g_variant_ref (settings);
}

static void
take_resources (GPtrArray *resources, const RtPartySettings *from)
{
  GVariantIter iter;
  const char *path, *kind;
  GVariant *settings;

  g_variant_iter_init (&iter, from->settings);
  while (g_variant_iter_loop (&iter, "(&s&s@a{sv})", &path, &kind, &settings))
    take_resource (resources, path, kind, settings);
}

/**
 * rt_cast_each_source:
 * @party: its name
 * @take: called with each place that says something of it, the last one counting most
 */
void
rt_cast_each_source (const char *party,
                     const RtCastSources *sources,
                     void (*take) (gpointer data, const RtPartySettings *from),
                     gpointer data)
{
  GPtrArray *lists[] = { sources->lesson->settings,
                         sources->scenario != NULL ? sources->scenario->settings : NULL };

  for (guint i = 0; sources->answer != NULL && i < sources->answer->len; i++)
    {
      const RtPartySettings *settings = sources->answer->pdata[i];

      if (g_str_equal (settings->party, party))
        {
          take (data, settings);
          return;
        }
    }
  for (gsize list = 0; list < G_N_ELEMENTS (lists); list++)
    for (guint i = 0; lists[list] != NULL && i < lists[list]->len; i++)
      {
        const RtPartySettings *settings = lists[list]->pdata[i];

        if (g_str_equal (settings->party, party))
          take (data, settings);
      }
}

/** rt_cast_words_clear: releases what it holds */
void
rt_cast_words_clear (RtCastWords *words)
{
  g_ptr_array_unref (words->resources);
  g_clear_pointer (&words->named, g_variant_unref);
  g_clear_pointer (&words->limits, g_variant_unref);
  g_clear_pointer (&words->tls, g_variant_unref);
}

/* The settings of both, those of @over counting more. */
static void
merge (GVariant **settings, GVariant *over)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (*settings);
  GVariantIter iter;
  const char *name;
  GVariant *value;

  if (over == NULL)
    return;
  g_variant_iter_init (&iter, over);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    g_variant_dict_insert_value (&dict, name, value);
  g_clear_pointer (settings, g_variant_unref);
  *settings = g_variant_ref_sink (g_variant_dict_end (&dict));
}

static void
take_words (gpointer data, const RtPartySettings *from)
{
  RtCastWords *words = data;

  if (from->settings != NULL
      && g_variant_is_of_type (from->settings, G_VARIANT_TYPE ("a(ssa{sv})")))
    take_resources (words->resources, from);
  merge (&words->named, from->named);
  merge (&words->limits, from->limits);
  merge (&words->tls, from->tls);
  if (from->upstreams != NULL)
    words->upstreams = from->upstreams;
  if (from->ports != NULL)
    words->ports = from->ports;
  words->line = from->line;
}

static gboolean
change_resource (GPtrArray *resources, const RtChange *change, const char *file, GError **error)
{
  RtPlace place = { file, change->line, 0 };
  RtCastResource *resource = find_resource (resources, change->path);
  GVariant *changed;

  if (resource == NULL)
    {
      rt_set_error (error, RT_ERROR_UNKNOWN, &place, NULL, "%s has no resource %s", change->party,
                    change->path);
      return FALSE;
    }
  changed = rt_party_settings_change (resource->kind, resource->settings, change->name,
                                      change->value, error);
  if (changed == NULL)
    {
      rt_prefix_place (error, &place);
      return FALSE;
    }
  g_variant_unref (resource->settings);
  resource->settings = g_variant_ref_sink (changed);
  return TRUE;
}

/** rt_change_is_about: whether @change is one of @kind to @party */
gboolean
rt_change_is_about (const RtChange *change, RtChangeKind kind, const char *party)
{
  return change->kind == kind && g_str_equal (change->party, party);
}

static gboolean
change_named (GVariant **settings,
              const RtSetting *known,
              guint n_known,
              const RtChange *change,
              const char *file,
              GError **error)
{
  RtPlace place = { file, change->line, 0 };
  GVariant *changed
      = rt_settings_change (known, n_known, *settings, change->name, change->value, error);

  if (changed == NULL)
    {
      rt_prefix_place (error, &place);
      return FALSE;
    }
  g_clear_pointer (settings, g_variant_unref);
  *settings = g_variant_ref_sink (changed);
  return TRUE;
}

/**
 * rt_cast_words_gather:
 * @words: cleared; to be cleared again whatever is returned
 *
 * All that is said of the party, and the changes on top.
 */
gboolean
rt_cast_words_gather (const RtCast *cast,
                      const RtCastSources *sources,
                      RtCastWords *words,
                      GError **error)
{
  const char *file = sources->lesson->file;
  const RtCastKind *kind = rt_cast_kind_find (cast->kind);
  guint n_named = 0, n_limits, n_tls;
  const RtSetting *named = kind->named != NULL ? kind->named (&n_named) : NULL;
  const RtSetting *limits = rt_server_limits_settings (&n_limits);
  const RtSetting *tls = rt_server_tls_settings (&n_tls);

  words->resources = g_ptr_array_new_with_free_func (resource_free);
  rt_cast_each_source (cast->name, sources, take_words, words);
  for (guint i = 0; sources->changes != NULL && i < sources->changes->len; i++)
    {
      const RtChange *change = sources->changes->pdata[i];

      if ((rt_change_is_about (change, RT_CHANGE_SETTING, cast->name)
           && !change_resource (words->resources, change, file, error))
          || (rt_change_is_about (change, RT_CHANGE_NAMED, cast->name)
              && !change_named (&words->named, named, n_named, change, file, error))
          || (rt_change_is_about (change, RT_CHANGE_LIMIT, cast->name)
              && !change_named (&words->limits, limits, n_limits, change, file, error))
          || (rt_change_is_about (change, RT_CHANGE_TLS, cast->name)
              && !change_named (&words->tls, tls, n_tls, change, file, error)))
        return FALSE;
    }
  return TRUE;
}
