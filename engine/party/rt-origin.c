/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The origin server: takes the requests that its connections bring to its resources. An answer that
 * a resource gives later or piece by piece, is waited for with a deadline of the party. */
#include "rt-origin.h"

#include "rt-reference.h"

typedef struct
{
  guint64 id; /* of its deadline */
  RtServerRequest *request;
  RtResource *resource;
  char *client; /* at the other end of the connection */
  guint stage;
  gpointer data;
  GDestroyNotify free_data;
  gboolean called, begun, complete;
} Serving;

struct _RtOrigin
{
  RtServer *server;
  GPtrArray *resources;
  GHashTable *servings; /* id → Serving */
  guint64 last, up_again;
  gboolean announced, down;
};

static void
serving_free (gpointer data)
{
  Serving *serving = data;

  if (serving->data != NULL && serving->free_data != NULL)
    serving->free_data (serving->data);
  g_free (serving->client);
  g_free (serving);
}

static Serving *
serving_new (RtOrigin *origin, RtServerRequest *request, RtResource *resource)
{
  Serving *serving = g_new0 (Serving, 1);

  serving->id = ++origin->last;
  serving->request = request;
  serving->resource = resource;
  serving->client = rt_server_request_dup_address (request);
  request->data = serving;
  g_hash_table_insert (origin->servings, &serving->id, serving);
  return serving;
}

static void
forget (RtOrigin *origin, Serving *serving, RtEffects *out)
{
  rt_effects_deadline (out, serving->id, RT_TIME_NEVER, TRUE);
  g_hash_table_remove (origin->servings, &serving->id);
}

/* All that runs is cut off; what the resources have in memory is gone. */
static void
crash (RtOrigin *origin, RtTime until, RtTime now, RtEffects *out)
{
  GHashTableIter iter;
  gpointer serving;

  g_hash_table_iter_init (&iter, origin->servings);
  while (g_hash_table_iter_next (&iter, NULL, &serving))
    rt_effects_deadline (out, ((Serving *)serving)->id, RT_TIME_NEVER, TRUE);
  g_hash_table_remove_all (origin->servings);
  rt_effects_listen (out, FALSE);
  rt_effects_state (out, "server", "server", g_variant_new_string ("down"));
  rt_server_crash (origin->server, now, out);
  rt_origin_restart (origin, now, out);
  origin->down = TRUE;
  origin->up_again = ++origin->last;
  rt_effects_deadline (out, origin->up_again, until, TRUE);
}

static void
come_up (RtOrigin *origin, RtEffects *out)
{
  origin->down = FALSE;
  rt_effects_listen (out, TRUE);
  rt_effects_state (out, "server", "server", g_variant_new_string ("up"));
}

static void
keep_data (Serving *serving, RtReply *reply)
{
  serving->stage = reply->stage;
  if (reply->data == NULL || reply->data == serving->data)
    {
      reply->data = NULL;
      return;
    }
  if (serving->data != NULL && serving->free_data != NULL)
    serving->free_data (serving->data);
  serving->data = g_steal_pointer (&reply->data);
  serving->free_data = reply->free_data;
}

/* Sends what there is of a reply that is not given in one go. */
static void
send (Serving *serving, RtReply *reply, RtTime now, RtEffects *out)
{
  RtServerRequest *request = serving->request;

  if (reply->response != NULL)
    rt_server_request_begin (request, reply->response, now, out);
  serving->begun |= reply->response != NULL;
  if (reply->content == NULL)
    return;
  if (reply->raw)
    rt_server_request_write_raw (request, reply->content, now, out);
  else
    rt_server_request_write (request, reply->content, now, out);
}

static void
carry_out (RtOrigin *origin, Serving *serving, RtReply *reply, RtTime now, RtEffects *out)
{
  RtServerRequest *request = serving->request;
  gboolean begun = serving->begun || reply->raw;

  if (reply->end == RT_REPLY_CRASH)
    {
      crash (origin, reply->later, now, out);
      return;
    }
  if (reply->end == RT_REPLY_OPEN)
    {
      keep_data (serving, reply);
      if (reply->later != 0)
        rt_effects_deadline (out, serving->id, reply->later, FALSE);
      send (serving, reply, now, out);
      return;
    }
  if (reply->end != RT_REPLY_WHOLE || begun)
    send (serving, reply, now, out);
  forget (origin, serving, out);
  if (reply->end == RT_REPLY_CLOSE)
    rt_server_request_stop (request, now, out);
  else if (reply->end == RT_REPLY_RESET)
    rt_server_request_abort (request, now, out);
  else if (begun)
    rt_server_request_end_with (request, reply->trailers, now, out);
  else
    rt_server_request_answer (request, reply->response, reply->content, now, out);
}

static RtCall
call_of (const Serving *serving, RtCallPhase phase, RtTime now)
{
  const RtServerRequest *request = serving->request;

  return (RtCall){ .phase = phase,
                   .again = serving->called,
                   .request = request->message,
                   .content = request->content,
                   .content_span = request->content_span,
                   .path = request->path,
                   .below = rt_resource_get_below (serving->resource, request->path),
                   .query = request->query,
                   .scheme = request->scheme,
                   .authority = request->authority,
                   .client = serving->client,
                   .now = now,
                   .stage = serving->stage,
                   .data = serving->data };
}

/* Gives the resource its call and carries out what it replies. */
static void
call (RtOrigin *origin, Serving *serving, RtCallPhase phase, RtTime now, RtEffects *out)
{
  RtReply reply = { 0 };
  RtCall asked = call_of (serving, phase, now);

  serving->called = TRUE;
  rt_resource_handle (serving->resource, &asked, &reply, out);
  carry_out (origin, serving, &reply, now, out);
  rt_reply_clear (&reply);
}

static gboolean
is_served (const RtMessage *request)
{
  RtText method = request->method;

  return rt_method_info (method) != NULL && !rt_text_is (method, "CONNECT");
}

/* Who waits for leave to send the content gets a refusal before it (RFC 9110 §10.1.1). */
static void
refuse_early (RtServerRequest *request, RtResource *resource, RtTime now, RtEffects *out)
{
  g_autofree char *client = rt_server_request_dup_address (request);
  Serving asking = { .request = request, .resource = resource, .client = client };
  RtCall asked = call_of (&asking, RT_CALL_HEAD, now);
  RtReply reply = { 0 };

  if (rt_fields_first (request->message->fields, "Expect") != NULL
      && !rt_resource_admit (resource, &asked, &reply, out))
    rt_server_request_answer (request, reply.response, reply.content, now, out);
  rt_reply_clear (&reply);
}

static void
begin (gpointer self, RtServerRequest *request, RtTime now, RtEffects *out)
{
  RtOrigin *origin = self;
  RtResource *resource = request->path != NULL ? rt_origin_find (origin, request->path) : NULL;

  request->gather = resource == NULL || !rt_resource_streams (resource);
  if (resource == NULL || !is_served (request->message)
      || request->message->framing == RT_FRAMING_NONE)
    return;
  if (request->gather)
    refuse_early (request, resource, now, out);
  else
    call (origin, serving_new (origin, request, resource), RT_CALL_HEAD, now, out);
}

static void
take_content (
    gpointer self, RtServerRequest *request, GBytes *bytes, RtSpan span, RtTime now, RtEffects *out)
{
  Serving *serving = request->data;
  RtCall asked;
  RtReply reply = { 0 };
  gboolean sends;

  if (serving == NULL)
    return;
  asked = call_of (serving, RT_CALL_CONTENT, now);
  asked.content = bytes;
  asked.content_span = span;
  rt_resource_handle (serving->resource, &asked, &reply, out);
  sends = reply.end == RT_REPLY_OPEN && reply.content != NULL && !rt_call_is (&asked, "HEAD");
  carry_out (self, serving, &reply, now, out);
  rt_reply_clear (&reply);
  /* Not faster in than out. */
  if (sends)
    rt_server_request_read (request, FALSE, out);
}

static void
take_writable (gpointer self, RtServerRequest *request, RtTime now, RtEffects *out)
{
  rt_server_request_read (request, TRUE, out);
}

static void
complete (gpointer self, RtServerRequest *request, RtTime now, RtEffects *out)
{
  RtOrigin *origin = self;
  Serving *serving = request->data;
  RtReply reply = { 0 };
  RtResource *resource = rt_origin_find_for (origin, request->message, request->path, &reply);

  if (resource == NULL)
    {
      rt_server_request_answer (request, reply.response, reply.content, now, out);
      rt_reply_clear (&reply);
      return;
    }
  if (serving == NULL)
    serving = serving_new (origin, request, resource);
  serving->complete = TRUE;
  call (origin, serving, RT_CALL_WHOLE, now, out);
}

/* Changes are brought to their end though nobody hears of it; an answer that is on its way is not.
 */
static void
gone (gpointer self, RtServerRequest *request, RtTime now, RtEffects *out)
{
  Serving *serving = request->data;
  gboolean ends;

  if (serving == NULL)
    return;
  ends = serving->complete && serving->begun;
  if (ends || !serving->complete)
    forget (self, serving, out);
  if (ends)
    rt_server_request_end (request, now, out);
}

static const RtServerHandler handler = {
  .begin = begin,
  .content = take_content,
  .complete = complete,
  .writable = take_writable,
  .gone = gone,
};

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
  origin->servings = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, serving_free);
  return origin;
}

void
rt_origin_free (RtOrigin *origin)
{
  g_hash_table_unref (origin->servings);
  rt_server_free (origin->server);
  g_ptr_array_unref (origin->resources);
  g_free (origin);
}

static RtResource *
find_exact (RtOrigin *origin, const char *path)
{
  for (guint i = 0; i < origin->resources->len; i++)
    if (strcmp (rt_resource_get_path (g_ptr_array_index (origin->resources, i)), path) == 0)
      return g_ptr_array_index (origin->resources, i);
  return NULL;
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
  if (find_exact (origin, path) != NULL)
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
 * Returns: (transfer none) (nullable): the resource there: the one of just this path, or the
 * nearest above it that serves what is below
 */
RtResource *
rt_origin_find (RtOrigin *origin, const char *path)
{
  RtResource *found = NULL;
  gsize best = G_MAXSIZE;

  for (guint i = 0; i < origin->resources->len; i++)
    {
      RtResource *resource = g_ptr_array_index (origin->resources, i);
      const char *below = rt_resource_get_below (resource, path);

      if (below != NULL && strlen (below) < best)
        {
          found = resource;
          best = strlen (below);
        }
    }
  return found;
}

/**
 * rt_origin_find_for:
 * @origin: an origin server
 * @request: a request
 * @path: (nullable): of its target; %NULL: it has none
 * @reply: gets what is answered where there is no resource for it
 *
 * Returns: (transfer none) (nullable): the resource that the request is for
 */
RtResource *
rt_origin_find_for (RtOrigin *origin, RtMessage *request, const char *path, RtReply *reply)
{
  RtResource *resource = path != NULL ? rt_origin_find (origin, path) : NULL;

  /* RFC 9110 §9.1: 501 for a method that is not known at all, or not for any resource. */
  if (!is_served (request))
    rt_reply_with_meaning (reply, 501);
  else if (resource == NULL)
    rt_reply_with_meaning (reply, path == NULL ? 204 : 404);
  else
    return resource;
  return NULL;
}

/**
 * rt_origin_restart:
 * @origin: an origin server whose process died
 *
 * What its resources have in memory is gone.
 */
void
rt_origin_restart (RtOrigin *origin, RtTime now, RtEffects *out)
{
  for (guint i = 0; i < origin->resources->len; i++)
    rt_resource_restart (g_ptr_array_index (origin->resources, i), now, out);
}

/**
 * rt_origin_check:
 * @origin: an origin server that has all of its resources
 *
 * Finds out which resources admit requests for others.
 *
 * Errors: %RT_ERROR_UNKNOWN, %RT_ERROR_SYNTAX.
 *
 * Returns: whether those that others name are there and can do so
 */
gboolean
rt_origin_check (RtOrigin *origin, GError **error)
{
  for (guint i = 0; i < origin->resources->len; i++)
    {
      RtResource *resource = g_ptr_array_index (origin->resources, i);
      const char *path = rt_resource_get_guard_path (resource);
      RtResource *guard = path != NULL ? find_exact (origin, path) : NULL;

      if (path == NULL || (guard != NULL && rt_resource_set_guard (resource, guard)))
        continue;
      rt_set_error (
          error, guard == NULL ? RT_ERROR_UNKNOWN : RT_ERROR_SYNTAX, NULL,
          "the path of a resource of this server that admits requests: login, token or password",
          "auth of %s: “%s” is no such resource", rt_resource_get_path (resource), path);
      return FALSE;
    }
  return TRUE;
}

/**
 * rt_origin_announce:
 * @origin: an origin server
 *
 * Tells the log, once, what there is before anybody asks.
 */
void
rt_origin_announce (RtOrigin *origin, RtTime now, RtEffects *out)
{
  if (origin->announced)
    return;
  origin->announced = TRUE;
  rt_origin_check (origin, NULL);
  for (guint i = 0; i < origin->resources->len; i++)
    rt_resource_announce (g_ptr_array_index (origin->resources, i), now, out);
}

static void
input_origin (gpointer self, const RtInput *input, RtEffects *out)
{
  RtOrigin *origin = self;
  Serving *serving;

  rt_origin_announce (origin, input->now, out);
  if (origin->down && (input->kind == RT_INPUT_ACCEPTED || input->kind == RT_INPUT_SECURING))
    {
      /* It was under way when the server died. */
      rt_effects_close (out, input->connection, TRUE);
      return;
    }
  if (rt_server_input (origin->server, input, out) || input->kind != RT_INPUT_DEADLINE)
    return;
  if (origin->down && input->id == origin->up_again)
    come_up (origin, out);
  serving = g_hash_table_lookup (origin->servings, &input->id);
  if (serving != NULL)
    call (origin, serving, RT_CALL_LATER, input->now, out);
}

static void
free_origin (gpointer self)
{
  rt_origin_free (self);
}

const RtPartyClass rt_origin_class = { "origin", input_origin, free_origin };
