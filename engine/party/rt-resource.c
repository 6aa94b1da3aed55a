/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Resources: the list of kinds, and what all kinds have in common. */
#include "rt-resource.h"

#include "rt-document.h"

/* A resource whose answer is delayed is called by its own stages after this one. */
#define STAGE_DELAYED G_MAXUINT

static const RtResourceKind *const kinds[] = { &rt_document_kind };

/* clang-format off */
static const RtSetting common[] = {
  { "delay", RT_SETTING_DURATION, "0s", NULL, "time the server works on each request before it looks at it" },
  { "fields", RT_SETTING_FIELDS, "", NULL, "field lines that each answer carries, such as Cache-Control" },
};
/* clang-format on */

struct _RtResource
{
  char *path;
  const RtResourceKind *kind;
  gpointer self;
  RtTime delay;
  GVariant *fields;
};

void
rt_reply_clear (RtReply *reply)
{
  g_clear_pointer (&reply->response, rt_message_unref);
  g_clear_pointer (&reply->content, g_bytes_unref);
  if (reply->data != NULL && reply->free_data != NULL)
    reply->free_data (reply->data);
  *reply = (RtReply){ 0 };
}

/**
 * rt_reply_with:
 * @reply: an empty reply
 * @response: (transfer full): the answer
 * @content: (transfer full) (nullable): its content
 */
void
rt_reply_with (RtReply *reply, RtMessage *response, GBytes *content)
{
  reply->response = response;
  reply->content = content;
}

/**
 * rt_reply_with_text:
 * @reply: an empty reply
 * @response: (transfer full): the answer
 * @text: a sentence for people
 */
void
rt_reply_with_text (RtReply *reply, RtMessage *response, const char *text)
{
  rt_fields_append (response->fields, "Content-Type", "text/plain; charset=utf-8");
  rt_reply_with (reply, response, g_bytes_new (text, strlen (text)));
}

/**
 * rt_reply_later:
 * @reply: an empty reply
 * @at: when to call again
 * @stage: what the call then carries
 * @data: (transfer full) (nullable): likewise
 * @free_data: (nullable): frees @data
 */
void
rt_reply_later (RtReply *reply, RtTime at, guint stage, gpointer data, GDestroyNotify free_data)
{
  reply->later = at;
  reply->stage = stage;
  reply->data = data;
  reply->free_data = free_data;
}

const RtResourceKind *const *
rt_resource_kinds (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (kinds);
  return kinds;
}

/**
 * rt_resource_kind_find:
 * @name: as it was given
 *
 * Errors: %RT_ERROR_UNKNOWN, with the nearest name there is.
 *
 * Returns: (nullable): the kind
 */
const RtResourceKind *
rt_resource_kind_find (const char *name, GError **error)
{
  const char *names[G_N_ELEMENTS (kinds)];

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (strcmp (kinds[i]->name, name) == 0)
        return kinds[i];
      names[i] = kinds[i]->name;
    }
  rt_set_unknown (error, NULL, "kind of resource", name, names, G_N_ELEMENTS (names));
  return NULL;
}

/**
 * rt_resource_common_settings:
 * @ret_n: (out): how many
 *
 * Returns: the settings that resources of all kinds have
 */
const RtSetting *
rt_resource_common_settings (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (common);
  return common;
}

/* What is given, parted into the common settings and the kind's own. */
static gboolean
part_settings (const RtResourceKind *kind,
               GVariant *given,
               GVariant **ret_common,
               GVariant **ret_own,
               GError **error)
{
  g_auto (GVariantDict) shared = G_VARIANT_DICT_INIT (NULL);
  g_auto (GVariantDict) own = G_VARIANT_DICT_INIT (NULL);
  GVariantIter iter;
  const char *name;
  GVariant *value;
  g_autoptr (GVariant) shared_value = NULL, own_value = NULL;

  g_variant_iter_init (&iter, given);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      gboolean is_common = rt_setting_find (common, G_N_ELEMENTS (common), name, NULL) != NULL;

      g_variant_dict_insert_value (is_common ? &shared : &own, name, value);
      g_variant_unref (value);
    }
  shared_value = g_variant_ref_sink (g_variant_dict_end (&shared));
  own_value = g_variant_ref_sink (g_variant_dict_end (&own));
  if (!rt_settings_check (common, G_N_ELEMENTS (common), shared_value, error)
      || !rt_settings_check (kind->settings, kind->n_settings, own_value, error))
    return FALSE;
  *ret_common = g_steal_pointer (&shared_value);
  *ret_own = g_steal_pointer (&own_value);
  return TRUE;
}

/**
 * rt_resource_new:
 * @path: of its target URIs
 * @kind: name of its kind
 * @settings: (nullable): an `a{sv}` of the kind's settings and the common ones; a floating
 *   reference is sunk
 *
 * Errors: %RT_ERROR_UNKNOWN, %RT_ERROR_SYNTAX.
 *
 * Returns: (transfer full) (nullable): the resource
 */
RtResource *
rt_resource_new (const char *path, const char *kind, GVariant *settings, GError **error)
{
  const RtResourceKind *found = rt_resource_kind_find (kind, error);
  g_autoptr (GVariant) given
      = g_variant_ref_sink (settings != NULL ? settings : g_variant_new ("a{sv}", NULL));
  g_autoptr (GVariant) shared = NULL, own = NULL;
  RtResource *resource;

  if (found == NULL || !part_settings (found, given, &shared, &own, error))
    return NULL;
  resource = g_new0 (RtResource, 1);
  resource->path = g_strdup (path);
  resource->kind = found;
  resource->delay = rt_settings_get_number (common, G_N_ELEMENTS (common), shared, "delay");
  resource->fields = rt_settings_get (common, G_N_ELEMENTS (common), shared, "fields");
  resource->self = found->create (path, own);
  return resource;
}

void
rt_resource_free (RtResource *resource)
{
  resource->kind->free (resource->self);
  g_variant_unref (resource->fields);
  g_free (resource->path);
  g_free (resource);
}

const char *
rt_resource_get_path (RtResource *resource)
{
  return resource->path;
}

/**
 * rt_resource_announce:
 * @resource: a resource
 * @now: the time
 * @out: where its states go
 *
 * Writes down what there is before anybody asks.
 */
void
rt_resource_announce (RtResource *resource, RtTime now, RtEffects *out)
{
  if (resource->kind->announce != NULL)
    resource->kind->announce (resource->self, now, out);
}

static void
add_fields (RtResource *resource, RtMessage *response)
{
  GVariantIter iter;
  const char *name, *value;

  g_variant_iter_init (&iter, resource->fields);
  while (g_variant_iter_next (&iter, "(&s&s)", &name, &value))
    rt_fields_append (response->fields, name, value);
}

/**
 * rt_resource_handle:
 * @resource: a resource
 * @call: what is asked
 * @reply: empty; what it makes of it
 * @out: where its decisions and states go
 */
void
rt_resource_handle (RtResource *resource, const RtCall *call, RtReply *reply, RtEffects *out)
{
  RtCall inner = *call;

  if (call->stage == 0 && resource->delay > 0)
    {
      rt_reply_later (reply, call->now + resource->delay, STAGE_DELAYED, NULL, NULL);
      return;
    }
  if (call->stage == STAGE_DELAYED)
    inner.stage = 0;
  resource->kind->handle (resource->self, &inner, reply, out);
  if (reply->response != NULL)
    add_fields (resource, reply->response);
}
