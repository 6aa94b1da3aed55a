/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The origin server: takes the requests that its connections bring to its resources. An answer that
 * a resource gives later is waited for with a deadline of the party. */
#include "rt-origin.h"

#include "rt-reference.h"

typedef struct
{
  RtServerRequest *request;
  RtResource *resource;
  RtReply reply; /* what it is waiting for */
} Waiting;

struct _RtOrigin
{
  RtServer *server;
  GPtrArray *resources;
  GHashTable *waiting; /* number of the deadline → Waiting */
  guint64 last;
  gboolean announced;
};

static void
waiting_free (gpointer data)
{
  Waiting *waiting = data;

  rt_reply_clear (&waiting->reply);
  g_free (waiting);
}

static void
answer (RtServerRequest *request, guint status, RtTime now, RtEffects *out)
{
  const RtStatusInfo *info = rt_status_info (status);
  g_autoptr (RtMessage) response
      = rt_message_new_response (status, info != NULL ? info->reason : "");
  g_autofree char *text
      = info != NULL && status >= 400 ? g_strdup_printf ("%s\n", info->summary) : NULL;
  g_autoptr (GBytes) content = NULL;

  if (text != NULL)
    {
      content = g_bytes_new (text, strlen (text));
      rt_fields_append (response->fields, "Content-Type", "text/plain; charset=utf-8");
    }
  rt_server_request_answer (request, response, content, now, out);
}

/* Gives the resource its call and carries out what it replies. */
static void
call (RtOrigin *origin,
      RtServerRequest *request,
      RtResource *resource,
      guint stage,
      gpointer data,
      RtTime now,
      RtEffects *out)
{
  RtReply reply = { 0 };
  RtCall asked = { .request = request->message,
                   .content = request->content,
                   .content_span = request->content_span,
                   .path = request->path,
                   .query = request->query,
                   .scheme = request->scheme,
                   .authority = request->authority,
                   .now = now,
                   .stage = stage,
                   .data = data };
  Waiting *waiting;

  rt_resource_handle (resource, &asked, &reply, out);
  if (reply.response != NULL)
    {
      rt_server_request_answer (request, reply.response, reply.content, now, out);
      rt_reply_clear (&reply);
      return;
    }
  waiting = g_new0 (Waiting, 1);
  *waiting = (Waiting){ request, resource, reply };
  g_hash_table_insert (origin->waiting, g_memdup2 (&(guint64){ ++origin->last }, sizeof (guint64)),
                       waiting);
  rt_effects_deadline (out, origin->last, reply.later, FALSE);
}

static void
complete (gpointer self, RtServerRequest *request, RtTime now, RtEffects *out)
{
  RtOrigin *origin = self;
  RtText method = request->message->method;
  RtResource *resource = NULL;

  if (request->path != NULL)
    resource = rt_origin_find (origin, request->path);
  /* RFC 9110 §9.1: 501 for a method that is not known at all, or not for any resource. */
  if (rt_method_info (method) == NULL || rt_text_is (method, "CONNECT"))
    answer (request, 501, now, out);
  else if (resource != NULL)
    call (origin, request, resource, 0, NULL, now, out);
  else
    answer (request, request->path == NULL ? 204 : 404, now, out);
}

static const RtServerHandler handler = { .complete = complete };

/**
 * rt_origin_new:
 * @limits: (nullable): what it puts up with; %NULL: the standard limits
 *
 * Returns: (transfer full): an origin server without resources
 */
RtOrigin *
rt_origin_new (const RtServerLimits *limits)
{
  RtOrigin *origin = g_new0 (RtOrigin, 1);

  origin->server = rt_server_new (&handler, origin, limits);
  origin->resources = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_resource_free);
  origin->waiting = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, waiting_free);
  return origin;
}

void
rt_origin_free (RtOrigin *origin)
{
  g_hash_table_unref (origin->waiting);
  rt_server_free (origin->server);
  g_ptr_array_unref (origin->resources);
  g_free (origin);
}

/**
 * rt_origin_add:
 * @origin: an origin server that has not begun to serve
 * @path: of the resource's target URIs: begins with a slash
 * @kind: name of the resource's kind
 * @settings: (nullable): an `a{sv}`; a floating reference is sunk
 *
 * Errors: %RT_ERROR_UNKNOWN, %RT_ERROR_SYNTAX.
 *
 * Returns: whether the origin server has it now
 */
gboolean
rt_origin_add (
    RtOrigin *origin, const char *path, const char *kind, GVariant *settings, GError **error)
{
  g_autoptr (GVariant) owned
      = g_variant_ref_sink (settings != NULL ? settings : g_variant_new ("a{sv}", NULL));
  RtResource *resource;

  if (path[0] != '/')
    {
      rt_set_error (error, RT_ERROR_SYNTAX, NULL, "a path that begins with /", "“%s” is no path",
                    path);
      return FALSE;
    }
  if (rt_origin_find (origin, path) != NULL)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, NULL, "each path once", "“%s” is there twice", path);
      return FALSE;
    }
  resource = rt_resource_new (path, kind, owned, error);
  if (resource == NULL)
    return FALSE;
  g_ptr_array_add (origin->resources, resource);
  return TRUE;
}

/**
 * rt_origin_find:
 * @origin: an origin server
 * @path: of a target URI
 *
 * Returns: (transfer none) (nullable): the resource there
 */
RtResource *
rt_origin_find (RtOrigin *origin, const char *path)
{
  for (guint i = 0; i < origin->resources->len; i++)
    if (strcmp (rt_resource_get_path (g_ptr_array_index (origin->resources, i)), path) == 0)
      return g_ptr_array_index (origin->resources, i);
  return NULL;
}

static void
announce (RtOrigin *origin, RtTime now, RtEffects *out)
{
  if (origin->announced)
    return;
  origin->announced = TRUE;
  for (guint i = 0; i < origin->resources->len; i++)
    rt_resource_announce (g_ptr_array_index (origin->resources, i), now, out);
}

static void
input_origin (gpointer self, const RtInput *input, RtEffects *out)
{
  RtOrigin *origin = self;
  Waiting *waiting;
  g_autofree gpointer key = NULL;

  announce (origin, input->now, out);
  if (rt_server_input (origin->server, input, out) || input->kind != RT_INPUT_DEADLINE)
    return;
  if (!g_hash_table_steal_extended (origin->waiting, &input->id, &key, (gpointer *)&waiting))
    return;
  call (origin, waiting->request, waiting->resource, waiting->reply.stage, waiting->reply.data,
        input->now, out);
  waiting_free (waiting);
}

static void
free_origin (gpointer self)
{
  rt_origin_free (self);
}

const RtPartyClass rt_origin_class = { "origin", input_origin, free_origin };
