/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A server's connections: which there are, who has a slot, and who is asked to go. A limited number
 * of slots is what an attacker exhausts by being slow; so a connection holds one from its
 * beginning, TLS handshake included, to its end, and the deadlines see to it that it does end. */
#include "rt-server-private.h"

/* Deadline numbers: the server's bit, the connection, and which of its two. */
#define WRITE_DEADLINE 1

/**
 * rt_server_new:
 * @handler: what stands above; outlives the server
 * @self: its first argument
 * @limits: (nullable): copied; %NULL: rt_server_limits_standard()
 *
 * Returns: (transfer full): a server without connections
 */
RtServer *
rt_server_new (const RtServerHandler *handler, gpointer self, const RtServerLimits *limits)
{
  RtServer *server = g_new0 (RtServer, 1);

  server->handler = handler;
  server->self = self;
  server->limits = limits != NULL ? *limits : rt_server_limits_standard ();
  server->slots = g_new0 (gboolean, server->limits.slots);
  server->connections
      = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)rt_server_connection_free);
  server->touched = g_array_new (FALSE, FALSE, sizeof (RtConnection));
  server->orphans = g_hash_table_new_full (NULL, NULL, (GDestroyNotify)rt_serving_free, NULL);
  return server;
}

void
rt_server_free (RtServer *server)
{
  g_hash_table_unref (server->orphans);
  g_hash_table_unref (server->connections);
  g_array_unref (server->touched);
  g_free (server->slots);
  g_free (server);
}

static RtServerConnection *
find (RtServer *server, RtConnection id)
{
  return g_hash_table_lookup (server->connections, GUINT_TO_POINTER (id));
}

static void
show_slot (RtServerConnection *connection, gboolean taken, RtEffects *out)
{
  g_autofree char *key = g_strdup_printf ("%u", connection->slot);

  rt_effects_state (out, "slot", key, taken ? g_variant_new_string (connection->address) : NULL);
}

static gboolean
take_slot (RtServerConnection *connection, RtEffects *out)
{
  RtServer *server = connection->server;

  if (server->limits.slots == 0)
    return TRUE;
  for (guint i = 0; i < server->limits.slots; i++)
    if (!server->slots[i])
      {
        if (!server->told_slots)
          rt_effects_state (out, "pool", "slots", g_variant_new_uint32 (server->limits.slots));
        server->told_slots = TRUE;
        server->slots[i] = TRUE;
        connection->slot = i + 1;
        show_slot (connection, TRUE, out);
        return TRUE;
      }
  return FALSE;
}

static void
free_slot (RtServerConnection *connection, RtEffects *out)
{
  if (connection->slot == 0)
    return;
  show_slot (connection, FALSE, out);
  connection->server->slots[connection->slot - 1] = FALSE;
  connection->slot = 0;
}

/* The one that has been waiting for longest for its request to become complete. */
static RtServerConnection *
find_slowest (RtServer *server)
{
  RtServerConnection *slowest = NULL;

  for (GList *l = server->order.head; l != NULL; l = l->next)
    {
      RtServerConnection *connection = l->data;

      if (connection->slot > 0 && connection->phase >= RT_SERVER_IDLE
          && connection->phase <= RT_SERVER_BODY
          && (slowest == NULL || connection->since < slowest->since))
        slowest = connection;
    }
  return slowest;
}

/* Gives free slots to those that wait, in the order they came. */
static void
admit (RtServer *server, RtTime now, RtEffects *out)
{
  for (GList *l = server->order.head; l != NULL && server->n_waiting > 0; l = l->next)
    {
      RtServerConnection *connection = l->data;

      if (connection->phase != RT_SERVER_WAITING || connection->over)
        continue;
      if (!take_slot (connection, out))
        return;
      server->n_waiting--;
      rt_server_connection_start (connection, now, out);
    }
}

/* Takes back what @connection needs no more. */
static void
settle (RtServerConnection *connection, RtTime now, RtEffects *out)
{
  RtServer *server = connection->server;

  if (connection->over && connection->phase == RT_SERVER_WAITING)
    server->n_waiting--;
  if (connection->over || connection->phase == RT_SERVER_LINGERING)
    free_slot (connection, out);
  if (connection->over)
    {
      g_queue_unlink (&server->order, &connection->link);
      g_hash_table_remove (server->connections, GUINT_TO_POINTER (connection->id));
    }
  admit (server, now, out);
}

static void
accept_connection (RtServer *server, const RtInput *input, RtEffects *out)
{
  RtServerConnection *connection = rt_server_connection_new (server, input);
  RtServerConnection *victim;

  g_hash_table_insert (server->connections, GUINT_TO_POINTER (connection->id), connection);
  g_queue_push_tail_link (&server->order, &connection->link);
  if (take_slot (connection, out))
    {
      rt_server_connection_start (connection, input->now, out);
      return;
    }
  server->n_waiting++;
  rt_server_connection_wait (connection, out);
  if (server->limits.evict && (victim = find_slowest (server)) != NULL)
    {
      rt_server_connection_evict (victim, input->now, out);
      settle (victim, input->now, out);
    }
}

/**
 * rt_server_input:
 * @server: a server
 * @input: something that happened to its party
 * @out: where effects gather
 *
 * Returns: whether it was the server's: about one of its connections or deadlines
 */
gboolean
rt_server_input (RtServer *server, const RtInput *input, RtEffects *out)
{
  gboolean late = input->kind == RT_INPUT_DEADLINE && (input->id & RT_SERVER_DEADLINE);
  RtServerConnection *connection
      = find (server, late ? (RtConnection)(input->id >> 1) : input->connection);

  if (input->kind == RT_INPUT_SECURING || (input->kind == RT_INPUT_ACCEPTED && connection == NULL))
    {
      accept_connection (server, input, out);
      return TRUE;
    }
  if (input->kind == RT_INPUT_ACCEPTED)
    {
      rt_server_connection_secured (connection, input->info);
      return TRUE;
    }
  if (connection == NULL)
    return late;
  server->inside = connection;
  if (late)
    rt_server_connection_late (connection, input->id & WRITE_DEADLINE, input->now, out);
  else
    rt_server_connection_input (connection, input, out);
  server->inside = NULL;
  settle (connection, input->now, out);
  return TRUE;
}

/* After an answer: where that came from outside of an input of the connections, nobody else looks
 * whether the connection is over. */
void
rt_server_settle (RtServerConnection *connection, RtTime now, RtEffects *out)
{
  if (connection->server->inside == NULL)
    settle (connection, now, out);
}

/**
 * rt_server_crash:
 * @server: a server
 * @now: the time
 * @out: where effects gather
 *
 * Cuts off all connections and forgets all requests, which are gone afterwards. The handler hears
 * of none of it.
 */
void
rt_server_crash (RtServer *server, RtTime now, RtEffects *out)
{
  g_hash_table_remove_all (server->orphans);
  for (GList *l = server->order.head; l != NULL; l = l->next)
    rt_server_connection_crash (l->data, now, out);
  for (GList *l = server->order.head, *next; l != NULL; l = next)
    {
      next = l->next;
      /* Who is handling its input puts it away afterwards. */
      if (l->data != server->inside)
        settle (l->data, now, out);
    }
}

/**
 * rt_server_take_any_scheme:
 * @server: a proxy's
 *
 * From now on requests may name URIs of any scheme, for it hands them on.
 */
void
rt_server_take_any_scheme (RtServer *server)
{
  server->any_scheme = TRUE;
}

/**
 * rt_server_cork:
 * @server: a server
 *
 * What handlers write from now on gathers until rt_server_uncork(), so that an answer's head and
 * what is there of its content leave together. For handlers that answer because of something that
 * is no input of the server's.
 */
void
rt_server_cork (RtServer *server)
{
  server->corked = TRUE;
}

/**
 * rt_server_uncork:
 * @server: a server
 * @now: the time
 * @out: where effects gather
 */
void
rt_server_uncork (RtServer *server, RtTime now, RtEffects *out)
{
  server->corked = FALSE;
  for (guint i = 0; i < server->touched->len; i++)
    {
      RtServerConnection *connection
          = find (server, g_array_index (server->touched, RtConnection, i));

      if (connection != NULL)
        rt_server_connection_go_on (connection, now, out);
    }
  g_array_set_size (server->touched, 0);
}
