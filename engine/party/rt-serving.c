/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A request as a server has it: what it is for, what it expects, and what becomes of its answer,
 * be its connection still there or not. */
#include "rt-server-private.h"

#include "rt-http1-authority.h"
#include "rt-uri.h"

static void
split_target (RtServing *serving, RtMessage *message)
{
  const RtField *host = rt_fields_first (message->fields, "Host");
  RtText target = message->target, authority = host != NULL ? host->value : RT_TEXT ("");
  gssize question;

  /* RFC 9112 §3.2.2: absolute-form overrides Host. */
  if (target.length > 0 && target.at[0] != '/' && rt_authority_of_target (target, &authority))
    target = rt_text_sub (target, (gsize)(authority.at - target.at) + authority.length,
                          target.length - (gsize)(authority.at - target.at) - authority.length);
  serving->authority = rt_text_dup (authority);
  if (target.length == 0)
    target = RT_TEXT ("/");
  if (target.at[0] != '/' && target.at[0] != '?')
    return;
  question = rt_text_find (target, RT_TEXT ("?"));
  if (question >= 0)
    {
      serving->query = rt_text_dup (
          rt_text_sub (target, (gsize)question + 1, target.length - (gsize)question - 1));
      target.length = (gsize)question;
    }
  serving->path = target.length > 0 ? rt_text_dup (target) : g_strdup ("/");
}

RtServing *
rt_serving_new (RtServerConnection *connection, RtMessage *message)
{
  RtServing *serving = g_new0 (RtServing, 1);

  serving->server = connection->server;
  serving->connection = connection;
  serving->gathered = g_byte_array_new ();
  if (rt_text_is (message->method, "CONNECT"))
    serving->authority = rt_text_dup (message->target);
  else
    split_target (serving, message);
  serving->request = (RtServerRequest){ .message = rt_message_ref (message),
                                        .event = connection->event,
                                        .connection = connection->id,
                                        .scheme = connection->peer.secure ? "https" : "http",
                                        .authority = serving->authority,
                                        .path = serving->path,
                                        .query = serving->query,
                                        .peer = &connection->peer };
  return serving;
}

void
rt_serving_free (RtServing *serving)
{
  rt_message_unref (serving->request.message);
  g_clear_pointer (&serving->request.content, g_bytes_unref);
  g_byte_array_unref (serving->gathered);
  g_free (serving->authority);
  g_free (serving->path);
  g_free (serving->query);
  g_free (serving);
}

/* The connection will not carry the answer of its request, if it has one. */
void
rt_server_connection_abandon (RtServerConnection *connection, RtTime now, RtEffects *out)
{
  RtServing *serving = g_steal_pointer (&connection->current);
  const RtServerHandler *handler = connection->server->handler;
  gboolean complete;

  if (serving == NULL)
    return;
  serving->connection = NULL;
  serving->request.peer = NULL;
  if (serving->ended)
    {
      rt_serving_free (serving);
      return;
    }
  /* The handler may end a complete one at once: it is gone then. */
  complete = serving->complete;
  if (complete)
    g_hash_table_add (serving->server->orphans, serving);
  if (handler->gone != NULL)
    handler->gone (connection->server->self, &serving->request, now, out);
  if (!complete)
    rt_serving_free (serving);
}

/* RFC 9110 §10.1.1: the client keeps its content back until it is told to go on. */
gboolean
rt_serving_wants_continue (const RtServing *serving)
{
  const RtMessage *message = serving->request.message;
  const RtField *expect = rt_fields_first (message->fields, "Expect");

  return expect != NULL && message->version == RT_VERSION_1_1
         && rt_text_is_nocase (expect->value, "100-continue")
         && message->framing != RT_FRAMING_NONE;
}

/* Something that no server here knows of. */
gboolean
rt_serving_expects_more (const RtServing *serving)
{
  const RtField *expect = rt_fields_first (serving->request.message->fields, "Expect");

  return expect != NULL && serving->request.message->version == RT_VERSION_1_1
         && !rt_text_is_nocase (expect->value, "100-continue");
}

/* RFC 9110 §7.4: whoever says https was promised a secured connection. http may come over one. */
gboolean
rt_serving_has_own_scheme (const RtServing *serving)
{
  RtText target = serving->request.message->target;
  RtText scheme, authority;

  if (serving->server->any_scheme || !rt_authority_of_target (target, &authority))
    return TRUE;
  scheme = rt_uri_split (target).scheme;
  return rt_text_is_nocase (scheme, "http")
         || (serving->request.peer->secure && rt_text_is_nocase (scheme, "https"));
}

/**
 * rt_server_request_dup_address:
 * @request: a request
 *
 * Returns: (transfer full): the address that it came from, without its port; `unknown` where the
 *   connection is gone
 */
char *
rt_server_request_dup_address (const RtServerRequest *request)
{
  const char *address = request->peer != NULL ? request->peer->address : "unknown";
  const char *colon = strrchr (address, ':');

  return colon != NULL ? g_strndup (address, (gsize)(colon - address)) : g_strdup (address);
}

/* There will be no more of its answer, nor of its connection. */
void
rt_serving_cut (RtServing *serving, RtTime now, RtEffects *out)
{
  RtServerConnection *connection = serving->connection;

  if (connection == NULL)
    {
      g_hash_table_remove (serving->server->orphans, serving);
      return;
    }
  rt_server_connection_cut (connection, now, out);
  rt_server_settle (connection, now, out);
}

/* After some of an answer: hands on what can go, and goes on with what comes next. */
void
rt_serving_go_on (RtServing *serving, RtTime now, RtEffects *out)
{
  RtServerConnection *connection = serving->connection;

  if (connection == NULL && serving->ended)
    g_hash_table_remove (serving->server->orphans, serving);
  if (connection == NULL)
    return;
  /* Who pulls sends on when the handler is done: a head and its first content leave together. */
  if (connection->pulling)
    return;
  if (connection->server->corked)
    g_array_append_val (connection->server->touched, connection->id);
  else
    rt_server_connection_go_on (connection, now, out);
}
