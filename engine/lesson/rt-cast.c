/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From a lesson's settings to parties on a driver. */
#include "rt-cast.h"

#include "rt-client.h"
#include "rt-origin.h"
#include "rt-party-settings.h"

/* A resource as it will be: the last word on its path counts. */
typedef struct
{
  const char *path, *kind;
  GVariant *settings;
} Resource;

static void
resource_free (gpointer data)
{
  Resource *resource = data;

  g_variant_unref (resource->settings);
  g_free (resource);
}

static Resource *
find_resource (GPtrArray *resources, const char *path)
{
  for (guint i = 0; i < resources->len; i++)
    if (g_str_equal (((Resource *)resources->pdata[i])->path, path))
      return resources->pdata[i];
  return NULL;
}

static void
take_resource (GPtrArray *resources, const char *path, const char *kind, GVariant *settings)
{
  Resource *resource = find_resource (resources, path);

  if (resource == NULL)
    {
      resource = g_new0 (Resource, 1);
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

/* Calls @take with each word on @party's settings, the last one counting most. */
static void
each_source (const char *party,
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

/* An origin as it will be. */
typedef struct
{
  GPtrArray *resources;
  GVariant *limits; /* nullable, borrowed */
  guint line;       /* of the last word */
} Origin;

static void
take_origin (gpointer data, const RtPartySettings *from)
{
  Origin *origin = data;

  take_resources (origin->resources, from);
  if (from->limits != NULL)
    origin->limits = from->limits;
  origin->line = from->line;
}

static gboolean
change_resource (GPtrArray *resources, const RtChange *change, const char *file, GError **error)
{
  RtPlace place = { file, change->line, 0 };
  Resource *resource = find_resource (resources, change->path);
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

/* The changes that are about @party. */
static gboolean
is_about (const RtChange *change, RtChangeKind kind, const char *party)
{
  return change->kind == kind && g_str_equal (change->party, party);
}

static RtOrigin *
make_origin (const RtCast *cast, const RtCastSources *sources, GError **error)
{
  g_autoptr (GPtrArray) resources = g_ptr_array_new_with_free_func (resource_free);
  Origin words = { resources, NULL, 0 };
  RtServerLimits limits = rt_server_limits_standard ();
  g_autoptr (RtOrigin) origin = NULL;

  each_source (cast->name, sources, take_origin, &words);
  if (words.limits != NULL && !rt_server_limits_from_settings (words.limits, &limits, error))
    return NULL;
  origin = rt_origin_new (&limits);
  for (guint i = 0; sources->changes != NULL && i < sources->changes->len; i++)
    if (is_about (sources->changes->pdata[i], RT_CHANGE_SETTING, cast->name)
        && !change_resource (resources, sources->changes->pdata[i], sources->lesson->file, error))
      return NULL;
  for (guint i = 0; i < resources->len; i++)
    {
      const Resource *resource = resources->pdata[i];

      if (!rt_origin_add (origin, resource->path, resource->kind, resource->settings, error))
        return NULL;
    }
  if (!rt_origin_check (origin, error))
    {
      RtPlace place = { sources->lesson->file, words.line, 0 };

      rt_prefix_place (error, &place);
      return NULL;
    }
  return g_steal_pointer (&origin);
}

static void
take_client (gpointer data, const RtPartySettings *from)
{
  GVariantIter iter;
  guint status;
  const char *name;

  g_variant_iter_init (&iter, from->settings);
  while (g_variant_iter_next (&iter, "(u&s)", &status, &name))
    {
      const RtReactionInfo *info = rt_reaction_find (name, NULL);

      if (info != NULL)
        rt_client_set_reaction (data, status, info->reaction);
    }
}

static RtClient *
make_client (const RtCast *cast, const RtCastSources *sources, GError **error)
{
  g_autoptr (RtClient) client = rt_client_new ();

  each_source (cast->name, sources, take_client, client);
  for (guint i = 0; sources->changes != NULL && i < sources->changes->len; i++)
    {
      const RtChange *change = sources->changes->pdata[i];
      RtPlace place = { sources->lesson->file, change->line, 0 };
      const RtReactionInfo *info;
      guint64 status;

      if (!is_about (change, RT_CHANGE_REACTION, cast->name))
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
  RtEndpoint endpoint = { .host = cast->name, .port = RT_CAST_PORT };
  RtOrigin *origin;
  RtClient *client;
  RtPartyId id;

  if (g_str_equal (cast->kind, "client"))
    {
      client = make_client (cast, sources, error);
      return client != NULL ? driver_class->add (driver, cast->name, &rt_client_class, client) : 0;
    }
  origin = make_origin (cast, sources, error);
  if (origin == NULL)
    return 0;
  id = driver_class->add (driver, cast->name, &rt_origin_class, origin);
  return driver_class->listen (driver, id, &endpoint, error) ? id : 0;
}
