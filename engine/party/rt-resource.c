/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Resources: the list of kinds, and what all kinds have in common. */
#include "rt-resource.h"

#include "rt-document.h"
#include "rt-methods.h"
#include "rt-resource-cors.h"
#include "rt-resource-kinds.h"
#include "rt-resource-trust.h"

/* A resource whose answer is delayed is called by its own stages after this one. */
#define STAGE_DELAYED G_MAXUINT

static const RtResourceKind *const kinds[] = {
  &rt_document_kind, &rt_collection_kind, &rt_payment_kind,  &rt_file_kind,     &rt_negotiated_kind,
  &rt_login_kind,    &rt_token_kind,      &rt_password_kind, &rt_redirect_kind, &rt_stream_kind,
  &rt_echo_kind,     &rt_slow_kind,       &rt_handler_kind,  &rt_failing_kind,  &rt_crash_kind,
  &rt_raw_kind,      &rt_page_kind,
};

/* clang-format off */
static const RtSetting common[] = {
  { "delay", RT_SETTING_DURATION, "0s", NULL, "time the server works on each request before it looks at it" },
  { "fields", RT_SETTING_FIELDS, "", NULL, "field lines that each answer carries" },
  { "cache-control", RT_SETTING_TEXT, "", NULL, "Cache-Control of the answers to GET and HEAD" },
  { "error-cache-control", RT_SETTING_TEXT, "", NULL, "… of those with a status of 400 and above; where it is not given they have the same" },
  { "vary", RT_SETTING_TEXT, "", NULL, "Vary of the answers to GET and HEAD" },
  { "below", RT_SETTING_BOOLEAN, "false", NULL, "it serves all paths below its own, too" },
  { "auth", RT_SETTING_TEXT, "", NULL, "path of the resource of this server (`login`, `token`, `password`) that has to admit each request" },
  { "role", RT_SETTING_TEXT, "", NULL, "with `auth`: the role or scope that is needed; others get 403" },
  { "auth-hides", RT_SETTING_BOOLEAN, "false", NULL, "whoever is not admitted is told 404: that there is anything is not said either" },
  { "forwarded", RT_SETTING_CHOICE, "none", rt_resource_trust_fields, "what is looked at to know the client, its scheme and the host that it asked for, if a server before this one passed the request on: nothing but the connection, Forwarded, or X-Forwarded-For, -Proto and -Host" },
  { "trusts", RT_SETTING_LIST, "", NULL, "with `forwarded`: whose word on that is taken: addresses and networks such as `10.0.0.0/8`; `0.0.0.0/0`: everybody's", rt_resource_trust_check_networks },
  { "https-only", RT_SETTING_BOOLEAN, "false", NULL, "a request over http, as far as the server knows, is sent to https with 308" },
  { "cors-origins", RT_SETTING_LIST, "", NULL, "origins whose scripts may read the answers; `*`: all; `any`: all, each named back; none: no CORS at all", rt_cors_check_origins },
  { "cors-credentials", RT_SETTING_BOOLEAN, "false", NULL, "they may send cookies and credentials" },
  { "cors-methods", RT_SETTING_LIST, "", NULL, "methods that a preflight allows" },
  { "cors-headers", RT_SETTING_LIST, "", NULL, "request fields that a preflight allows" },
  { "cors-expose", RT_SETTING_LIST, "", NULL, "response fields that scripts may read" },
  { "cors-max-age", RT_SETTING_DURATION, "0s", NULL, "how long a preflight counts; 0s: it does not say" },
  { "cors-vary", RT_SETTING_BOOLEAN, "true", NULL, "Vary: Origin goes with an answer that names an origin" },
  { "cors-errors", RT_SETTING_BOOLEAN, "true", NULL, "errors carry the CORS fields, too" },
};
/* clang-format on */

struct _RtResource
{
  char *path;
  const RtResourceKind *kind;
  gpointer self;
  RtResource *guard; /* borrowed */
  RtTime delay;
  GVariant *fields;
  char *cache_control, *error_cache_control, *vary, *guard_path, *role;
  gboolean tree, hides;
  RtCorsGrant cors;
  RtResourceTrust trust;
};

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

static void
set_common (RtResource *resource, const RtGiven *given)
{
  resource->delay = rt_given_get_number (given, "delay");
  resource->fields = rt_given_get (given, "fields");
  resource->cache_control = rt_given_dup_text (given, "cache-control");
  resource->error_cache_control = rt_given_dup_text (
      given, rt_given_has (given, "error-cache-control") ? "error-cache-control" : "cache-control");
  resource->vary = rt_given_dup_text (given, "vary");
  resource->tree = resource->kind->tree || rt_given_get_boolean (given, "below");
  resource->guard_path = rt_given_dup_text (given, "auth");
  resource->hides = rt_given_get_boolean (given, "auth-hides");
  resource->role = rt_given_dup_text (given, "role");
  rt_cors_grant_init (&resource->cors, given);
  rt_resource_trust_init (&resource->trust, given);
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
  set_common (resource, &(RtGiven){ common, G_N_ELEMENTS (common), shared });
  resource->self
      = found->create (path, &(RtGiven){ found->settings, found->n_settings, own }, error);
  if (resource->self == NULL)
    g_clear_pointer (&resource, rt_resource_free);
  return resource;
}

void
rt_resource_free (RtResource *resource)
{
  if (resource->self != NULL)
    resource->kind->free (resource->self);
  rt_cors_grant_clear (&resource->cors);
  rt_resource_trust_clear (&resource->trust);
  g_variant_unref (resource->fields);
  g_free (resource->cache_control);
  g_free (resource->error_cache_control);
  g_free (resource->vary);
  g_free (resource->guard_path);
  g_free (resource->role);
  g_free (resource->path);
  g_free (resource);
}

const char *
rt_resource_get_path (RtResource *resource)
{
  return resource->path;
}

/**
 * rt_resource_get_below:
 * @resource: a resource
 * @path: of a target URI
 *
 * Returns: (nullable): what of @path follows the resource's own one: empty, or it begins with a
 *   slash; %NULL: the target is another one's
 */
const char *
rt_resource_get_below (RtResource *resource, const char *path)
{
  gsize length = strlen (resource->path);

  if (strcmp (resource->path, path) == 0)
    return path + length;
  /* The root's own slash is the one that what is below begins with. */
  if (length > 0 && resource->path[length - 1] == '/')
    length--;
  return resource->tree && strncmp (resource->path, path, length) == 0 && path[length] == '/'
             ? path + length
             : NULL;
}

/**
 * rt_resource_get_guard_path:
 * @resource: a resource
 *
 * Returns: (nullable): path of the resource that has to admit each request
 */
const char *
rt_resource_get_guard_path (RtResource *resource)
{
  return *resource->guard_path != '\0' ? resource->guard_path : NULL;
}

/**
 * rt_resource_set_guard:
 * @resource: a resource
 * @guard: (transfer none): what has to admit each request from now on
 *
 * Returns: whether @guard is of a kind that can
 */
gboolean
rt_resource_set_guard (RtResource *resource, RtResource *guard)
{
  if (guard->kind->admit == NULL)
    return FALSE;
  resource->guard = guard;
  return TRUE;
}

gboolean
rt_resource_streams (RtResource *resource)
{
  return resource->kind->streams;
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

/**
 * rt_resource_restart:
 * @resource: a resource
 * @now: the time
 * @out: where its states go
 *
 * Its server died and is there again: what lived in memory is gone.
 */
void
rt_resource_restart (RtResource *resource, RtTime now, RtEffects *out)
{
  if (resource->kind->restart != NULL)
    resource->kind->restart (resource->self, now, out);
}

static void
add_fields (RtResource *resource, const RtCall *call, RtMessage *response)
{
  const char *cache_control
      = response->status < 400 ? resource->cache_control : resource->error_cache_control;
  GVariantIter iter;
  const char *name, *value;

  g_variant_iter_init (&iter, resource->fields);
  while (g_variant_iter_next (&iter, "(&s&s)", &name, &value))
    rt_fields_append (response->fields, name, value);
  if (rt_method_is_read (call->request->method))
    {
      if (*cache_control != '\0')
        rt_fields_append (response->fields, "Cache-Control", cache_control);
      if (*resource->vary != '\0')
        rt_fields_append (response->fields, "Vary", resource->vary);
    }
}

/**
 * rt_resource_admit:
 * @resource: a resource
 * @call: what is asked
 * @reply: empty; the refusal if it is refused
 * @out: where its decisions and states go
 *
 * Returns: whether the resource is to be asked at all
 */
gboolean
rt_resource_admit (RtResource *resource, const RtCall *call, RtReply *reply, RtEffects *out)
{
  const RtResource *guard = resource->guard;

  if (guard != NULL && guard->kind->admit (guard->self, call, resource->role, reply, out))
    return TRUE;
  if (guard == NULL && *resource->guard_path == '\0')
    return TRUE;
  if (guard == NULL)
    rt_reply_with_status (reply, 500, "Nothing here says who may come in.\n");
  else if (resource->hides)
    {
      /* RFC 9110 §15.5.4: in nothing different from where there is nothing. */
      rt_reply_clear (reply);
      rt_reply_with_meaning (reply, 404);
      reply->bare = TRUE;
    }
  return FALSE;
}

static void
ask (RtResource *resource, const RtCall *call, RtReply *reply, RtEffects *out)
{
  /* A preflight carries no credentials, so it is answered before anybody asks for them. */
  if (!call->again && rt_cors_grant_preflight (&resource->cors, call, reply, out))
    return;
  if (call->again || rt_resource_admit (resource, call, reply, out))
    resource->kind->handle (resource->self, call, reply, out);
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
  g_auto (RtSeen) seen = { NULL };

  if (call->phase == RT_CALL_WHOLE && !call->again && resource->delay > 0)
    {
      rt_reply_later (reply, call->now + resource->delay, STAGE_DELAYED, NULL, NULL);
      return;
    }
  if (call->stage == STAGE_DELAYED)
    {
      inner.stage = 0;
      inner.again = FALSE;
      inner.phase = RT_CALL_WHOLE;
    }
  rt_resource_trust_see (&resource->trust, &inner, &seen, out);
  if (inner.again || !rt_resource_trust_redirects (&resource->trust, &inner, reply))
    ask (resource, &inner, reply, out);
  if (reply->response == NULL || reply->bare)
    return;
  add_fields (resource, call, reply->response);
  rt_cors_grant_apply (&resource->cors, call, reply->response, out);
}
