/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An origin server whose connections are libsoup's.
 *
 * SoupServer reads the requests and writes the responses; what it reads is handed to the resources
 * that our own origin has, and what these reply is handed to it. Since a SoupServer stops listening
 * for good when accepting fails once, the listening socket is not its own: it gets connections that
 * are open. It keeps them open between requests only if it listens, too, so it does, where nobody
 * comes. */
#include "rt-soup-origin.h"

#include "rt-error.h"

#include <libsoup/soup.h>
#include <string.h>
#include <sys/socket.h>

/* How long accepting pauses when the kernel has no more descriptors, in milliseconds. */
#define PAUSE 10

typedef struct
{
  RtLive *live;
  RtPartyId id;
  RtOrigin *resources;
  SoupServer *server;
  GSocket *listener;
  GSource *accepting; /* or waiting to go on with it */
  GHashTable *calls;  /* id → Call */
  guint64 last;
} SoupOrigin;

/* A request under way. */
typedef struct
{
  guint64 id; /* of its deadline */
  SoupOrigin *origin;
  SoupServerMessage *message; /* NULL: nobody hears of the answer any more */
  gulong finished;
  GIOStream *stolen; /* nullable: bytes go straight there */
  RtMessage *request;
  GBytes *content;
  char *path, *query, *authority, *client;
  RtResource *resource;
  guint stage;
  gpointer data;
  GDestroyNotify free_data;
  gboolean called, begun, waiting;
} Call;

static void
let_go (Call *call)
{
  if (call->message != NULL)
    g_signal_handler_disconnect (call->message, call->finished);
  g_clear_object (&call->message);
}

static void
call_free (gpointer data)
{
  Call *call = data;

  let_go (call);
  if (call->stolen != NULL)
    g_io_stream_close (call->stolen, NULL, NULL);
  g_clear_object (&call->stolen);
  if (call->data != NULL && call->free_data != NULL)
    call->free_data (call->data);
  rt_message_unref (call->request);
  g_bytes_unref (call->content);
  g_free (call->path);
  g_free (call->query);
  g_free (call->authority);
  g_free (call->client);
  g_free (call);
}

/* To libsoup. */

/* libsoup writes the fields of the framing itself; of HEAD and 304 it does not know the length. */
static void
write_head (Call *call, RtMessage *response, GBytes *content, gboolean whole)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (call->message);
  g_autofree char *reason = rt_text_dup (response->reason);
  gboolean empty = rt_text_is (call->request->method, "HEAD") || response->status == 304;

  soup_server_message_set_status (call->message, response->status, reason);
  for (guint i = 0; i < rt_fields_get_length (response->fields); i++)
    {
      const RtField *field = rt_fields_get (response->fields, i);
      g_autofree char *name = rt_text_dup (field->name);
      g_autofree char *value = rt_text_dup (field->value);

      if (!rt_text_is_nocase (field->name, "Transfer-Encoding")
          && (empty || !rt_text_is_nocase (field->name, "Content-Length")))
        soup_message_headers_append (headers, name, value);
    }
  if (!whole && rt_fields_first (response->fields, "Content-Length") == NULL)
    soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  else if (whole && rt_text_is (call->request->method, "HEAD") && content != NULL)
    soup_message_headers_set_content_length (headers, (goffset)g_bytes_get_size (content));
}

static void
write_content (Call *call, GBytes *content)
{
  if (call->message != NULL && content != NULL && !rt_text_is (call->request->method, "HEAD"))
    soup_message_body_append_bytes (soup_server_message_get_response_body (call->message), content);
}

/* The connection itself, to do with it what libsoup would not. */
static void
steal (Call *call)
{
  if (call->message == NULL || call->stolen != NULL)
    return;
  call->stolen = soup_server_message_steal_connection (call->message);
  let_go (call);
}

static void
write_raw (Call *call, GBytes *bytes)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  steal (call);
  if (call->stolen != NULL)
    g_pollable_output_stream_write_nonblocking (
        G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (call->stolen)), data, length, NULL,
        NULL);
}

static void
cut (Call *call)
{
  struct linger none = { 1, 0 };

  steal (call);
  if (G_IS_SOCKET_CONNECTION (call->stolen))
    setsockopt (
        g_socket_get_fd (g_socket_connection_get_socket (G_SOCKET_CONNECTION (call->stolen))),
        SOL_SOCKET, SO_LINGER, &none, sizeof none);
}

/* What there is of an answer that is not given in one go. */
static void
send_some (Call *call, RtReply *reply)
{
  if (reply->raw && reply->content != NULL)
    {
      write_raw (call, reply->content);
      return;
    }
  if (call->message == NULL)
    return;
  if (reply->response != NULL)
    {
      write_head (call, reply->response, NULL, FALSE);
      soup_message_body_set_accumulate (soup_server_message_get_response_body (call->message),
                                        FALSE);
      call->begun = TRUE;
    }
  write_content (call, reply->content);
}

static void
go_on (Call *call)
{
  if (call->message != NULL)
    soup_server_message_unpause (call->message);
}

static void
drop (Call *call, RtEffects *out)
{
  rt_effects_deadline (out, call->id, RT_TIME_NEVER, TRUE);
  g_hash_table_remove (call->origin->calls, &call->id);
}

/* The last of an answer. libsoup may say at once that it is done with the message. */
static void
end (Call *call, RtReply *reply, RtEffects *out)
{
  g_autoptr (SoupServerMessage) message = NULL;

  if (reply->end == RT_REPLY_WHOLE && !call->begun && !reply->raw && call->message != NULL)
    {
      write_head (call, reply->response, reply->content, TRUE);
      write_content (call, reply->content);
    }
  else
    send_some (call, reply);
  if (reply->end == RT_REPLY_RESET || reply->end == RT_REPLY_CRASH)
    cut (call);
  else if (reply->end == RT_REPLY_CLOSE)
    steal (call);
  if (call->message != NULL)
    message = g_object_ref (call->message);
  drop (call, out);
  if (message == NULL)
    return;
  soup_message_body_complete (soup_server_message_get_response_body (message));
  soup_server_message_unpause (message);
}

static void
keep_data (Call *call, RtReply *reply)
{
  call->stage = reply->stage;
  if (reply->data != NULL && reply->data != call->data)
    {
      if (call->data != NULL && call->free_data != NULL)
        call->free_data (call->data);
      call->data = reply->data;
      call->free_data = reply->free_data;
    }
  reply->data = NULL;
}

static void
carry_out (Call *call, RtReply *reply, RtTime now, RtEffects *out)
{
  if (reply->end == RT_REPLY_CRASH)
    rt_origin_restart (call->origin->resources, now, out);
  if (reply->end != RT_REPLY_OPEN)
    {
      end (call, reply, out);
      return;
    }
  keep_data (call, reply);
  call->waiting = reply->later != 0;
  if (call->waiting)
    rt_effects_deadline (out, call->id, reply->later, FALSE);
  send_some (call, reply);
  if (call->begun)
    go_on (call);
}

/* To the resources. */

static void
ask (Call *call, RtCallPhase phase, RtTime now, RtEffects *out)
{
  RtReply reply = { 0 };
  const RtCall asked = { .phase = phase,
                         .again = call->called,
                         .request = call->request,
                         .content = call->content,
                         .path = call->path,
                         .below = rt_resource_get_below (call->resource, call->path),
                         .query = call->query,
                         .scheme = "http",
                         .authority = call->authority,
                         .client = call->client,
                         .now = now,
                         .stage = call->stage,
                         .data = call->data };

  call->called = TRUE;
  call->waiting = FALSE;
  rt_resource_handle (call->resource, &asked, &reply, out);
  carry_out (call, &reply, now, out);
  rt_reply_clear (&reply);
}

static void
begin (Call *call, RtTime now, RtEffects *out)
{
  RtReply reply = { 0 };

  call->resource = rt_origin_find_for (call->origin->resources, call->request, call->path, &reply);
  if (call->resource != NULL)
    ask (call, RT_CALL_WHOLE, now, out);
  else
    end (call, &reply, out);
  rt_reply_clear (&reply);
}

static void
input_origin (gpointer self, const RtInput *input, RtEffects *out)
{
  SoupOrigin *origin = self;
  Call *call = g_hash_table_lookup (origin->calls, &input->id);

  rt_origin_announce (origin->resources, input->now, out);
  if (call != NULL && input->kind == RT_INPUT_TASK)
    begin (call, input->now, out);
  else if (call != NULL && input->kind == RT_INPUT_DEADLINE)
    ask (call, RT_CALL_LATER, input->now, out);
}

/* From libsoup. */

static void
append_field (const char *name, const char *value, gpointer fields)
{
  rt_fields_append (fields, name, value);
}

static char *
dup_target (SoupServerMessage *message)
{
  GUri *uri = soup_server_message_get_uri (message);
  const char *path = g_uri_get_path (uri);
  const char *query = g_uri_get_query (uri);

  if (soup_server_message_is_options_ping (message))
    return g_strdup ("*");
  return query != NULL ? g_strconcat (path, "?", query, NULL) : g_strdup (path);
}

/* Changes are brought to their end though nobody hears of it. */
static void
finished_cb (SoupServerMessage *message, gpointer data)
{
  Call *call = data;

  let_go (call);
  if (!call->waiting)
    g_hash_table_remove (call->origin->calls, &call->id);
}

static Call *
call_new (SoupOrigin *origin, SoupServerMessage *message, const char *client)
{
  Call *call = g_new0 (Call, 1);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  g_autofree char *target = dup_target (message);
  const char *host = soup_message_headers_get_one (headers, "Host");

  call->id = ++origin->last;
  call->origin = origin;
  call->message = g_object_ref (message);
  call->finished = g_signal_connect (message, "finished", G_CALLBACK (finished_cb), call);
  call->request = rt_message_new_request (soup_server_message_get_method (message), target);
  soup_message_headers_foreach (headers, append_field, call->request->fields);
  call->content = soup_message_body_flatten (soup_server_message_get_request_body (message));
  call->path = *target == '/' ? g_strndup (target, strcspn (target, "?")) : NULL;
  call->query = g_strdup (g_uri_get_query (soup_server_message_get_uri (message)));
  call->authority = g_strdup (host != NULL ? host : "");
  call->client = g_strdup (client);
  return call;
}

static void
handle_cb (SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer data)
{
  SoupOrigin *origin = data;
  GSocketAddress *from = soup_server_message_get_remote_address (message);
  guint16 port
      = G_IS_INET_SOCKET_ADDRESS (from) ? g_inet_socket_address_get_port ((gpointer)from) : 0;
  guint64 cause;
  const char *client = rt_live_find_opener (origin->live, port, &cause);
  Call *call = call_new (origin, message,
                         client != NULL ? client : soup_server_message_get_remote_host (message));

  g_hash_table_insert (origin->calls, &call->id, call);
  soup_server_message_pause (message);
  rt_live_tell (origin->live, origin->id,
                &(RtInput){ .kind = RT_INPUT_TASK, .event = cause, .id = call->id });
}

/* Accepting. */

static void watch (SoupOrigin *origin);

static gboolean
resume_cb (gpointer data)
{
  watch (data);
  return G_SOURCE_REMOVE;
}

static void
set_source (SoupOrigin *origin, GSource *source)
{
  if (origin->accepting != NULL)
    g_source_destroy (origin->accepting);
  g_clear_pointer (&origin->accepting, g_source_unref);
  origin->accepting = source;
  if (source != NULL)
    g_source_attach (source, rt_live_get_context (origin->live));
}

static void
pause_accepting (SoupOrigin *origin)
{
  GSource *source = g_timeout_source_new (PAUSE);

  g_source_set_callback (source, resume_cb, origin, NULL);
  set_source (origin, source);
}

static gboolean
accept_cb (GSocket *listener, GIOCondition condition, gpointer data)
{
  SoupOrigin *origin = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_accept (listener, NULL, &error);
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GSocketAddress) local = NULL, remote = NULL;

  if (socket == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        pause_accepting (origin);
      return G_SOURCE_CONTINUE;
    }
  connection = g_socket_connection_factory_create_connection (socket);
  local = g_socket_get_local_address (socket, NULL);
  remote = g_socket_get_remote_address (socket, NULL);
  soup_server_accept_iostream (origin->server, G_IO_STREAM (connection), local, remote, NULL);
  return G_SOURCE_CONTINUE;
}

static void
watch (SoupOrigin *origin)
{
  GSource *source = g_socket_create_source (origin->listener, G_IO_IN, NULL);

  g_source_set_callback (source, G_SOURCE_FUNC (accept_cb), origin, NULL);
  set_source (origin, source);
}

static guint16
listen_locally (SoupOrigin *origin, GError **error)
{
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;

  origin->listener
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
  if (origin->listener == NULL)
    return 0;
  g_socket_set_blocking (origin->listener, FALSE);
  g_socket_set_listen_backlog (origin->listener, RT_LIVE_BACKLOG);
  if (!g_socket_bind (origin->listener, any, TRUE, error)
      || !g_socket_listen (origin->listener, error)
      || !soup_server_listen_local (origin->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    return 0;
  bound = g_socket_get_local_address (origin->listener, error);
  return bound != NULL ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)) : 0;
}

static void
free_origin (gpointer self)
{
  SoupOrigin *origin = self;

  set_source (origin, NULL);
  g_hash_table_unref (origin->calls);
  soup_server_disconnect (origin->server);
  g_object_unref (origin->server);
  g_clear_object (&origin->listener);
  rt_origin_free (origin->resources);
  g_free (origin);
}

static const RtPartyClass soup_origin_class = { "origin", input_origin, free_origin };

/**
 * rt_soup_origin_add:
 * @live: a driver with %RT_LIVE_CLOCK_REAL
 * @name: of the party, and the host that it is reached by
 * @port: likewise
 * @resources: (transfer full): what it serves; its limits do not count here
 *
 * Errors: %RT_ERROR_IO.
 *
 * Returns: its number; 0: it cannot listen
 */
RtPartyId
rt_soup_origin_add (
    RtLive *live, const char *name, guint16 port, RtOrigin *resources, GError **error)
{
  SoupOrigin *origin = g_new0 (SoupOrigin, 1);
  g_autoptr (GError) problem = NULL;
  guint16 real_port;

  origin->live = live;
  origin->resources = resources;
  origin->calls = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, call_free);
  g_main_context_push_thread_default (rt_live_get_context (live));
  origin->server = soup_server_new ("raw-paths", TRUE, NULL);
  soup_server_add_handler (origin->server, NULL, handle_cb, origin, NULL);
  real_port = listen_locally (origin, &problem);
  if (real_port != 0)
    watch (origin);
  g_main_context_pop_thread_default (rt_live_get_context (live));
  origin->id = rt_live_driver.add (live, name, &soup_origin_class, origin);
  if (real_port == 0)
    {
      rt_set_error (error, RT_ERROR_IO, NULL, NULL, "libsoup can't listen: %s", problem->message);
      return 0;
    }
  rt_live_map_program (live, origin->id, name, port, "127.0.0.1", real_port);
  return origin->id;
}
