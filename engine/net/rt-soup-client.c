/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A client whose connections are libsoup's: a SoupSession that is given the plain client's tasks.
 *
 * What it does by itself it does, that is what it is asked for: how it follows redirections, too,
 * where the client is one that does. What it sends is written down by whoever receives it. */
#include "rt-soup-client.h"

#include "rt-client.h"
#include "rt-error.h"
#include "rt-soup-route.h"

#include <libsoup/soup.h>
#include <string.h>

/* Each comes from an address of its own, so that it is known who is there: 127.1.0.1 and so on. */
#define ADDRESS "127.1.%u.%u"

typedef struct
{
  RtLive *live;
  RtPartyId id;
  gboolean follows; /* redirections, by its own rules */
  SoupSession *session;
  GTlsCertificate *authority; /* nullable, made when it is wanted */
  GHashTable *asks;           /* number of a task → Ask */
  GHashTable *ports;          /* id of a connection → port at this end */
} SoupClient;

/* A request under way. */
typedef struct
{
  guint64 task, event;
  SoupClient *client;
  SoupMessage *message;
  GCancellable *cancellable;
  const RtTls *tls;
  guint16 port; /* where its connection was opened from, if it was for this one */
  gboolean done, late;
  GError *error;
} Ask;

static void
ask_free (gpointer data)
{
  Ask *ask = data;

  g_signal_handlers_disconnect_by_data (ask->message, ask);
  g_object_unref (ask->message);
  g_object_unref (ask->cancellable);
  g_clear_error (&ask->error);
  g_free (ask);
}

/* What libsoup says of its connections. */

static void
network_event_cb (SoupMessage *message, GSocketClientEvent event, GIOStream *stream, gpointer data)
{
  Ask *ask = data;
  g_autoptr (GSocketAddress) address = NULL;

  if (event != G_SOCKET_CLIENT_CONNECTED || !G_IS_SOCKET_CONNECTION (stream))
    return;
  address = g_socket_connection_get_local_address (G_SOCKET_CONNECTION (stream), NULL);
  if (G_IS_INET_SOCKET_ADDRESS (address))
    ask->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  /* A handshake comes before the request. */
  rt_live_claim_port (ask->client->live, ask->port, ask->event);
}

/* The request begins to leave: over the connection it opened, or another one's. */
static void
starting_cb (SoupMessage *message, gpointer data)
{
  Ask *ask = data;
  guint64 id = soup_message_get_connection_id (message);
  gpointer port;

  if (ask->port != 0)
    g_hash_table_insert (ask->client->ports, GUINT_TO_POINTER ((guint)id),
                         GUINT_TO_POINTER (ask->port));
  port = g_hash_table_lookup (ask->client->ports, GUINT_TO_POINTER ((guint)id));
  if (port != NULL)
    rt_live_claim_port (ask->client->live, (guint16)GPOINTER_TO_UINT (port), ask->event);
}

/* libsoup's own list of authorities does not know the sandbox's. */
static gboolean
accept_certificate_cb (SoupMessage *message,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags problems,
                       gpointer data)
{
  Ask *ask = data;
  SoupClient *client = ask->client;
  g_autoptr (GSocketConnectable) host = NULL;

  if (ask->tls != NULL && ask->tls->insecure)
    return TRUE;
  if (client->authority == NULL)
    {
      g_autofree char *pem = rt_live_dup_authority_pem (client->live);

      client->authority = g_tls_certificate_new_from_pem (pem, -1, NULL);
    }
  host = g_network_address_new (g_uri_get_host (soup_message_get_uri (message)), 443);
  return g_tls_certificate_verify (certificate, host, client->authority) == 0;
}

/* Asking. */

static void
fill_fields (SoupMessage *message, RtFields *fields)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  for (guint i = 0; i < rt_fields_get_length (fields); i++)
    {
      const RtField *field = rt_fields_get (fields, i);
      g_autofree char *name = rt_text_dup (field->name);
      g_autofree char *value = rt_text_dup (field->value);

      /* libsoup makes these of the content. */
      if (!rt_text_is_nocase (field->name, "Content-Length")
          && !rt_text_is_nocase (field->name, "Transfer-Encoding"))
        soup_message_headers_append (headers, name, value);
    }
}

/* It goes where the task says; the Host field stays what it is. */
static GUri *
make_uri (const RtPoolRequest *request, GError **error)
{
  RtText target = request->message != NULL ? request->message->target : RT_TEXT ("");
  g_autofree char *text = NULL;

  if (target.length == 0 || target.at[0] != '/')
    {
      rt_set_error (error, RT_ERROR_UNSUPPORTED, NULL, "a path",
                    "libsoup writes its bytes itself, and asks no proxy here");
      return NULL;
    }
  text = g_strdup_printf ("%s://%s:%u%.*s", request->to.tls != NULL ? "https" : "http",
                          request->to.host, request->to.port, (int)target.length, target.at);
  return g_uri_parse (text, SOUP_HTTP_URI_FLAGS, error);
}

static SoupMessage *
make_message (const RtPoolRequest *request, gboolean follows, GError **error)
{
  RtMessage *given = request->message;
  g_autoptr (GUri) uri = make_uri (request, error);
  g_autofree char *method = NULL;
  SoupMessage *message;

  if (uri == NULL)
    return NULL;
  method = rt_text_dup (given->method);
  message = soup_message_new_from_uri (method, uri);
  fill_fields (message, given->fields);
  if (request->content != NULL)
    soup_message_set_request_body_from_bytes (message, NULL, request->content);
  if (given->framing == RT_FRAMING_CHUNKED
      || rt_fields_first (given->fields, "Transfer-Encoding") != NULL)
    soup_message_headers_set_encoding (soup_message_get_request_headers (message),
                                       SOUP_ENCODING_CHUNKED);
  if (!follows)
    soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (request->policy == RT_POOL_NEW)
    soup_message_add_flags (message, SOUP_MESSAGE_NEW_CONNECTION);
  return message;
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Ask *ask = data;
  SoupClient *client = ask->client;
  g_autoptr (GBytes) content
      = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &ask->error);

  ask->done = TRUE;
  /* The party may be gone: its session was stopped. */
  if (client == NULL)
    ask_free (ask);
  else
    rt_live_tell (client->live, client->id,
                  &(RtInput){ .kind = RT_INPUT_DEADLINE, .event = ask->event, .id = ask->task });
}

static void
send (SoupClient *client, const RtInput *input, const RtPoolRequest *request, RtEffects *out)
{
  g_autoptr (GError) error = NULL;
  SoupMessage *message = make_message (request, client->follows, &error);
  Ask *ask;

  if (message == NULL)
    {
      rt_effects_finish (out, input->id, g_steal_pointer (&error));
      return;
    }
  ask = g_new0 (Ask, 1);
  *ask = (Ask){ .task = input->id,
                .event = input->event,
                .client = client,
                .message = message,
                .cancellable = g_cancellable_new (),
                .tls = request->to.tls };
  g_hash_table_insert (client->asks, &ask->task, ask);
  g_signal_connect (message, "network-event", G_CALLBACK (network_event_cb), ask);
  g_signal_connect (message, "starting", G_CALLBACK (starting_cb), ask);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_certificate_cb), ask);
  if (request->timeout > 0)
    rt_effects_deadline (out, ask->task, input->now + request->timeout, FALSE);
  g_main_context_push_thread_default (rt_live_get_context (client->live));
  soup_session_send_and_read_async (client->session, message, G_PRIORITY_DEFAULT, ask->cancellable,
                                    done_cb, ask);
  g_main_context_pop_thread_default (rt_live_get_context (client->live));
}

/* It is done, or it has taken too long. */
static void
conclude (SoupClient *client, Ask *ask, RtEffects *out)
{
  GError *error = NULL;

  if (!ask->done)
    {
      ask->late = TRUE;
      g_cancellable_cancel (ask->cancellable);
      return;
    }
  if (ask->late)
    error = g_error_new_literal (RT_ERROR, RT_ERROR_PEER, "no response came in time");
  else if (ask->error != NULL)
    error = g_error_new (RT_ERROR, RT_ERROR_PEER, "libsoup: %s", ask->error->message);
  rt_effects_deadline (out, ask->task, RT_TIME_NEVER, FALSE);
  rt_effects_finish (out, ask->task, error);
  g_hash_table_remove (client->asks, &ask->task);
}

static void
input_client (gpointer self, const RtInput *input, RtEffects *out)
{
  SoupClient *client = self;
  const RtClientTask *task = input->info;
  Ask *ask = g_hash_table_lookup (client->asks, &input->id);

  if (input->kind == RT_INPUT_DEADLINE && ask != NULL)
    conclude (client, ask, out);
  else if (input->kind == RT_INPUT_TASK && task->kind == RT_CLIENT_SEND)
    send (client, input, &task->request, out);
  else if (input->kind == RT_INPUT_TASK)
    {
      /* There is no other way to have it close what is idle. */
      if (g_hash_table_size (client->asks) == 0)
        soup_session_abort (client->session);
      rt_effects_finish (out, input->id, NULL);
    }
}

static void
orphan (gpointer key, gpointer value, gpointer data)
{
  Ask *ask = value;

  g_signal_handlers_disconnect_by_data (ask->message, ask);
  ask->client = NULL;
}

static void
free_client (gpointer self)
{
  SoupClient *client = self;

  /* What is under way ends in the driver's context, after the party. */
  g_hash_table_foreach (client->asks, orphan, NULL);
  g_hash_table_steal_all (client->asks);
  g_hash_table_unref (client->asks);
  g_hash_table_unref (client->ports);
  soup_session_abort (client->session);
  g_object_unref (client->session);
  g_clear_object (&client->authority);
  g_free (client);
}

static const RtPartyClass soup_client_class = { "client", input_client, free_client };

/**
 * rt_soup_client_add:
 * @live: a driver with %RT_LIVE_CLOCK_REAL
 * @name: of the party
 * @follows: it goes where redirections lead, by its own rules; else it takes them for the answer
 *
 * Adds a client that takes an #RtClientTask for its task, as the plain client does. Of names of
 * connections and of reactions it knows nothing.
 *
 * Returns: its number
 */
RtPartyId
rt_soup_client_add (RtLive *live, const char *name, gboolean follows)
{
  SoupClient *client = g_new0 (SoupClient, 1);
  g_autoptr (GProxyResolver) route = rt_soup_route_new (live);
  g_autoptr (GSocketAddress) address = NULL;
  g_autofree char *text = NULL;

  client->live = live;
  client->follows = follows;
  client->asks = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, ask_free);
  client->ports = g_hash_table_new (NULL, NULL);
  client->id = rt_live_driver.add (live, name, &soup_client_class, client);
  text = g_strdup_printf (ADDRESS, client->id / 256u, client->id % 256u);
  address = g_inet_socket_address_new_from_string (text, 0);
  rt_live_claim_address (live, text, client->id);
  g_main_context_push_thread_default (rt_live_get_context (live));
  client->session
      = soup_session_new_with_options ("local-address", address, "proxy-resolver", route, NULL);
  g_main_context_pop_thread_default (rt_live_get_context (live));
  return client->id;
}
