/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sim driver.
 *
 * Everything that will happen is an item of one queue. To run is to take the next item, set the
 * clock to its time and let it happen. The log is the only thing that comes out. */
#include "rt-sim.h"

#include "rt-error.h"
#include "rt-sim-tcp.h"

/* More than that in one run is two parties that will never have done. */
#define MOST_ITEMS (50 * 1000 * 1000)
#define FIRST_EPHEMERAL_PORT 49152
#define N_EPHEMERAL_PORTS 16384

struct _RtSim
{
  RtDriverCore core;
  RtSimNet net;
  GHashTable *hosts;       /* name or address → RtDriverParty */
  GHashTable *listeners;   /* host:port → RtDriverParty */
  GHashTable *links;       /* pair of ids → RtSimLink */
  GHashTable *connections; /* RtConnection → RtSimTcp */
  RtLink standard;
  RtFault *standard_faults;
};

static void
deliver (gpointer driver, RtPartyId id, const RtInput *input)
{
  RtSim *sim = driver;

  rt_driver_core_deliver (&sim->core, rt_driver_core_get_party (&sim->core, id), input);
}

static void
forget_connection (gpointer driver, RtConnection connection)
{
  RtSim *sim = driver;

  rt_driver_core_forget (&sim->core, connection);
  rt_driver_core_forget (&sim->core, connection | RT_CONNECTION_ACCEPTED);
  g_hash_table_remove (sim->connections, GUINT_TO_POINTER (connection));
}

static void
connect_to (gpointer driver, RtDriverParty *party, const RtEffect *effect, guint64 cause);
static void act (gpointer driver, RtDriverParty *party, const RtEffect *effect, guint64 cause);
static void push (gpointer driver, RtDriverParty *party, RtConnection connection);
static void
look (gpointer driver, RtDriverParty *party, RtConnection connection, RtDriverWire *ret_wire);

/**
 * rt_sim_new:
 * @log: where everything is written, used by this driver alone; outlives it
 * @start: the time at the beginning
 *
 * Returns: (transfer full): a sim without parties, every link %RT_LINK_DEFAULT
 */
RtSim *
rt_sim_new (RtLog *log, RtTime start)
{
  static const RtDriverOps ops = { connect_to, act, push, look };
  RtSim *sim = g_new0 (RtSim, 1);

  rt_driver_core_init (&sim->core, &ops, sim, log, start);
  sim->net = (RtSimNet){
    .core = &sim->core, .deliver = deliver, .ended = forget_connection, .driver = sim
  };
  sim->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sim->listeners = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sim->links = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)rt_sim_link_free);
  sim->connections = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)rt_sim_tcp_unref);
  sim->standard = RT_LINK_DEFAULT;
  return sim;
}

void
rt_sim_free (RtSim *sim)
{
  g_hash_table_unref (sim->connections);
  g_hash_table_unref (sim->links);
  g_hash_table_unref (sim->listeners);
  g_hash_table_unref (sim->hosts);
  rt_driver_core_clear (&sim->core);
  g_free (sim->standard_faults);
  g_free (sim);
}

/* Links. */

static gpointer
pair_key (RtPartyId a, RtPartyId b)
{
  return GUINT_TO_POINTER ((guint)MIN (a, b) << 16 | MAX (a, b));
}

static RtSimLink *
get_link (RtSim *sim, RtPartyId a, RtPartyId b)
{
  RtSimLink *link = g_hash_table_lookup (sim->links, pair_key (a, b));

  if (link == NULL)
    {
      link = rt_sim_link_new (&sim->standard);
      g_hash_table_insert (sim->links, pair_key (a, b), link);
    }
  return link;
}

/**
 * rt_sim_set_link:
 * @sim: a sim
 * @a: one party, or 0
 * @b: the other, or 0
 * @link: copied
 *
 * What lies between two parties from now on; with both 0, between all pairs that have no link of
 * their own and no connection yet.
 */
void
rt_sim_set_link (RtSim *sim, RtPartyId a, RtPartyId b, const RtLink *link)
{
  g_return_if_fail ((a == 0) == (b == 0));

  if (a > 0)
    {
      rt_sim_link_set (get_link (sim, a, b), link);
      return;
    }
  g_free (sim->standard_faults);
  sim->standard_faults = g_memdup2 (link->faults, link->n_faults * sizeof (RtFault));
  sim->standard = *link;
  sim->standard.faults = sim->standard_faults;
}

/* Parties. */

/* Names of hosts are not case-sensitive; the first to have one keeps it. */
static void
add_host (RtSim *sim, const char *host, RtDriverParty *party)
{
  g_autofree char *lower = g_ascii_strdown (host, -1);

  if (!g_hash_table_contains (sim->hosts, lower))
    g_hash_table_insert (sim->hosts, g_steal_pointer (&lower), party);
}

static RtDriverParty *
find_host (RtSim *sim, const char *host)
{
  g_autofree char *lower = g_ascii_strdown (host, -1);

  return g_hash_table_lookup (sim->hosts, lower);
}

static RtPartyId
add (gpointer driver, const char *name, const RtPartyClass *klass, gpointer self)
{
  RtSim *sim = driver;
  RtDriverParty *party = rt_driver_core_add (&sim->core, name, klass, self);

  add_host (sim, name, party);
  add_host (sim, party->address, party);
  return party->id;
}

static char *
listener_key (const char *host, guint port)
{
  g_autofree char *lower = g_ascii_strdown (host, -1);

  return g_strdup_printf ("%s:%u", lower, port);
}

static gboolean
listen_on (gpointer driver, RtPartyId id, const RtEndpoint *endpoint, GError **error)
{
  RtSim *sim = driver;
  RtDriverParty *party = rt_driver_core_get_party (&sim->core, id);
  const char *host;
  g_autofree char *key = NULL;

  g_return_val_if_fail (party != NULL, FALSE);

  host = endpoint->host != NULL ? endpoint->host : party->name;
  key = listener_key (host, endpoint->port);
  if (endpoint->datagrams)
    {
      rt_set_error (error, RT_ERROR_UNSUPPORTED, NULL, "TCP",
                    "%s: the simulated network has no datagrams yet", key);
      return FALSE;
    }
  if (g_hash_table_contains (sim->listeners, key))
    {
      rt_set_error (error, RT_ERROR_IO, NULL, NULL, "%s is in use", key);
      return FALSE;
    }
  if (!rt_driver_core_secure (&sim->core, party, host, endpoint->port, endpoint->tls, error))
    return FALSE;
  g_hash_table_insert (sim->listeners, g_steal_pointer (&key), party);
  add_host (sim, host, party);
  return TRUE;
}

static guint16
next_port (RtDriverParty *party)
{
  return (guint16)(FIRST_EPHEMERAL_PORT + party->n_opened++ % N_EPHEMERAL_PORTS);
}

/* Effects. */

static void
connect_to (gpointer driver, RtDriverParty *party, const RtEffect *effect, guint64 cause)
{
  RtSim *sim = driver;
  g_autofree char *key = listener_key (effect->to.host, effect->to.port);
  RtDriverParty *listener = g_hash_table_lookup (sim->listeners, key);
  RtDriverParty *host = listener != NULL ? listener : find_host (sim, effect->to.host);
  guint64 event
      = rt_driver_core_log_connect (&sim->core, party, effect, host != NULL ? host->id : 0, cause);

  if (effect->to.datagrams)
    rt_driver_core_fail_connect (&sim->core, party, effect, event,
                                 "the simulated network has TCP alone");
  else if (host == NULL)
    rt_driver_core_fail_connect (&sim->core, party, effect, event, "no host has this name");
  else
    {
      RtSimSocket from = { party->id, party->address, next_port (party) };
      RtSimSocket to = { host->id, host->address, effect->to.port };

      g_hash_table_insert (sim->connections, GUINT_TO_POINTER (effect->connection),
                           rt_sim_tcp_open (&sim->net, get_link (sim, party->id, host->id),
                                            effect->connection, &from, &to, effect->to.host,
                                            listener != NULL && !listener->down, event));
    }
}

static RtSimTcp *
find_connection (RtSim *sim, RtDriverParty *party, RtConnection connection, RtSimEnd *ret_end)
{
  RtSimTcp *tcp = g_hash_table_lookup (sim->connections,
                                       GUINT_TO_POINTER (connection & ~RT_CONNECTION_ACCEPTED));

  *ret_end = connection & RT_CONNECTION_ACCEPTED ? RT_SIM_ACCEPTOR : RT_SIM_OPENER;
  return tcp != NULL && rt_sim_tcp_get_party (tcp, *ret_end) == party->id ? tcp : NULL;
}

/* Of a connection that is gone the party has not heard yet: its effects on it are void. */
static void
act (gpointer driver, RtDriverParty *party, const RtEffect *effect, guint64 cause)
{
  RtSimEnd end;
  RtSimTcp *tcp = find_connection (driver, party, effect->connection, &end);

  if (tcp == NULL)
    return;
  if (effect->kind == RT_EFFECT_SEND)
    rt_sim_tcp_send (tcp, end, effect->bytes, cause);
  else if (effect->kind == RT_EFFECT_READ)
    rt_sim_tcp_read (tcp, end, effect->flag);
  else if (effect->flag)
    rt_sim_tcp_reset (tcp, end, cause);
  else
    rt_sim_tcp_finish (tcp, end, cause);
}

static void
push (gpointer driver, RtDriverParty *party, RtConnection connection)
{
  RtSimEnd end;
  RtSimTcp *tcp = find_connection (driver, party, connection, &end);

  if (tcp != NULL)
    rt_sim_tcp_push (tcp, end);
}

static void
look (gpointer driver, RtDriverParty *party, RtConnection connection, RtDriverWire *ret_wire)
{
  RtSimEnd end;
  RtSimTcp *tcp = find_connection (driver, party, connection, &end);
  RtSimEnd other = end == RT_SIM_OPENER ? RT_SIM_ACCEPTOR : RT_SIM_OPENER;

  if (tcp != NULL)
    *ret_wire
        = (RtDriverWire){ rt_sim_tcp_get_buffer (tcp, end), rt_sim_tcp_get_buffer (tcp, other),
                          rt_sim_tcp_get_party (tcp, other) };
}

/* Tasks. */

static guint64
give_task (gpointer driver, RtPartyId id, gconstpointer what, const char *words, RtTime at)
{
  return rt_driver_core_give_task (&((RtSim *)driver)->core, id, what, words, at);
}

/**
 * rt_sim_get_n_unfinished:
 * @sim: a sim
 *
 * Returns: how many tasks were given and not finished yet
 */
guint
rt_sim_get_n_unfinished (RtSim *sim)
{
  return rt_driver_core_get_n_unfinished (&sim->core);
}

/* Time. */

static gboolean
is_settled (RtSim *sim)
{
  return rt_sim_get_n_unfinished (sim) == 0 && !rt_time_queue_holds (sim->core.queue);
}

static void
fire_next (RtSim *sim)
{
  sim->core.now = MAX (sim->core.now, rt_time_queue_next (sim->core.queue));
  rt_time_queue_fire (sim->core.queue);
}

static RtRun
run (gpointer driver, RtTime until, GError **error)
{
  RtSim *sim = driver;

  for (guint n = 0; !is_settled (sim) && rt_time_queue_next (sim->core.queue) <= until; n++)
    {
      if (rt_time_queue_next (sim->core.queue) == RT_TIME_NEVER)
        return RT_RUN_WAITING;
      if (n == MOST_ITEMS)
        {
          rt_set_error (error, RT_ERROR_LIMIT, NULL, NULL,
                        "the parties are not done after %u events", n);
          return RT_RUN_FAILED;
        }
      fire_next (sim);
    }
  if (is_settled (sim))
    return RT_RUN_SETTLED;
  sim->core.now = MAX (sim->core.now, until);
  return RT_RUN_UNTIL;
}

static void
advance (gpointer driver, RtTime by)
{
  RtSim *sim = driver;
  RtTime until = sim->core.now + by;

  g_return_if_fail (by >= 0);

  rt_driver_core_log (&sim->core, 0, RT_EVENT_CLOCK, RT_EVENT_NONE, g_variant_new_int64 (by));
  for (guint n = 0; n < MOST_ITEMS && rt_time_queue_next (sim->core.queue) <= until; n++)
    fire_next (sim);
  sim->core.now = until;
}

static RtTime
get_now (gpointer driver)
{
  return ((RtSim *)driver)->core.now;
}

static void
free_sim (gpointer driver)
{
  rt_sim_free (driver);
}

const RtDriverClass rt_sim_driver = {
  .add = add,
  .listen = listen_on,
  .task = give_task,
  .run = run,
  .advance = advance,
  .now = get_now,
  .free = free_sim,
};
