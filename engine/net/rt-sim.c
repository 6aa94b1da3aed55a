/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sim driver.
 *
 * Everything that will happen is an item of one queue. To run is to take the next item, set the
 * clock to its time and let it happen; inputs reach parties from items alone, never from within
 * another party's effects, so nothing recurses. What a party wants done is carried out in its
 * order. The log is the only thing that comes out. */
#include "rt-sim.h"

#include "rt-error.h"
#include "rt-sim-tcp.h"

/* More than that in one run is two parties that will never have done. */
#define MOST_ITEMS (50 * 1000 * 1000)
#define FIRST_EPHEMERAL_PORT 49152
#define N_EPHEMERAL_PORTS 16384

typedef struct
{
  RtPartyId id;
  char *name, *address;
  const RtPartyClass *klass;
  gpointer self;
  GHashTable *deadlines; /* guint64 → Deadline */
  guint n_opened;
} Party;

typedef struct
{
  RtSim *sim;
  Party *party;
  guint64 id, event;
  RtSimItem *item;
} Deadline;

typedef struct
{
  RtSim *sim;
  Party *party;
  guint64 number;
  gconstpointer task;
  char *words;
} Task;

typedef struct
{
  RtSim *sim;
  Party *party;
  RtConnection connection;
  guint64 event;
  GError *error;
} Failure;

struct _RtSim
{
  RtSimNet net;
  RtConnection last_connection;
  RtEffects *effects;
  GPtrArray *parties;      /* Party, by id - 1 */
  GHashTable *hosts;       /* name or address → Party */
  GHashTable *listeners;   /* host:port → Party */
  GHashTable *links;       /* pair of ids → RtSimLink */
  GHashTable *connections; /* RtConnection → RtSimTcp */
  GHashTable *tasks;       /* numbers of those that are not finished */
  RtLink standard;
  RtFault *standard_faults;
  guint64 last_task;
};

static void
party_free (gpointer data)
{
  Party *party = data;

  party->klass->free (party->self);
  g_hash_table_unref (party->deadlines);
  g_free (party->name);
  g_free (party->address);
  g_free (party);
}

static Party *
get_party (RtSim *sim, RtPartyId id)
{
  return id > 0 && id <= sim->parties->len ? g_ptr_array_index (sim->parties, id - 1u) : NULL;
}

static guint64
log_event (RtSim *sim, RtPartyId party, RtEventKind kind, guint64 cause, GVariant *detail)
{
  return rt_log_append (
      sim->net.log,
      &(RtEvent){ .time = sim->net.now, .cause = cause, .party = party, .kind = (guint16)kind },
      detail);
}

static void carry_out (RtSim *sim, Party *party, guint64 cause);

static void
deliver (gpointer driver, RtPartyId id, const RtInput *input)
{
  RtSim *sim = driver;
  Party *party = get_party (sim, id);

  g_assert (rt_effects_get_length (sim->effects) == 0);
  party->klass->input (party->self, input, sim->effects);
  carry_out (sim, party, input->event);
}

static void
forget_connection (gpointer driver, RtConnection connection)
{
  RtSim *sim = driver;

  g_hash_table_remove (sim->connections, GUINT_TO_POINTER (connection));
}

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
  RtSim *sim = g_new0 (RtSim, 1);

  sim->net = (RtSimNet){ .log = log,
                         .queue = rt_sim_queue_new (),
                         .now = start,
                         .deliver = deliver,
                         .ended = forget_connection,
                         .driver = sim };
  sim->effects = rt_effects_new (&sim->last_connection);
  sim->parties = g_ptr_array_new_with_free_func (party_free);
  sim->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sim->listeners = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sim->links = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)rt_sim_link_free);
  sim->connections = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)rt_sim_tcp_unref);
  sim->tasks = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  sim->standard = RT_LINK_DEFAULT;
  return sim;
}

void
rt_sim_free (RtSim *sim)
{
  rt_sim_queue_free (sim->net.queue);
  g_hash_table_unref (sim->connections);
  g_hash_table_unref (sim->links);
  g_hash_table_unref (sim->listeners);
  g_hash_table_unref (sim->hosts);
  g_hash_table_unref (sim->tasks);
  g_ptr_array_unref (sim->parties);
  rt_effects_free (sim->effects);
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
add_host (RtSim *sim, const char *host, Party *party)
{
  g_autofree char *lower = g_ascii_strdown (host, -1);

  if (!g_hash_table_contains (sim->hosts, lower))
    g_hash_table_insert (sim->hosts, g_steal_pointer (&lower), party);
}

static Party *
find_host (RtSim *sim, const char *host)
{
  g_autofree char *lower = g_ascii_strdown (host, -1);

  return g_hash_table_lookup (sim->hosts, lower);
}

static RtPartyId
add (gpointer driver, const char *name, const RtPartyClass *klass, gpointer self)
{
  RtSim *sim = driver;
  Party *party = g_new0 (Party, 1);

  party->id = rt_log_add_party (sim->net.log, sim->net.now, name, klass->kind);
  party->name = g_strdup (name);
  party->address = g_strdup_printf ("10.0.%u.%u", party->id / 256u, party->id % 256u);
  party->klass = klass;
  party->self = self;
  party->deadlines = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  g_ptr_array_add (sim->parties, party);
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
  Party *party = get_party (sim, id);
  const char *host;
  g_autofree char *key = NULL;

  g_return_val_if_fail (party != NULL, FALSE);

  host = endpoint->host != NULL ? endpoint->host : party->name;
  key = listener_key (host, endpoint->port);
  if (endpoint->datagrams || endpoint->tls != NULL)
    {
      rt_set_error (error, RT_ERROR_UNSUPPORTED, NULL, "plain TCP",
                    "%s: the simulated network has no %s yet", key,
                    endpoint->datagrams ? "datagrams" : "TLS");
      return FALSE;
    }
  if (g_hash_table_contains (sim->listeners, key))
    {
      rt_set_error (error, RT_ERROR_IO, NULL, NULL, "%s is in use", key);
      return FALSE;
    }
  g_hash_table_insert (sim->listeners, g_steal_pointer (&key), party);
  add_host (sim, host, party);
  return TRUE;
}

static guint16
next_port (Party *party)
{
  return (guint16)(FIRST_EPHEMERAL_PORT + party->n_opened++ % N_EPHEMERAL_PORTS);
}

/* Effects. */

static void
failure_free (gpointer data)
{
  Failure *failure = data;

  g_error_free (failure->error);
  g_free (failure);
}

static void
fire_failure (gpointer owner, gpointer data)
{
  Failure *failure = data;

  deliver (owner, failure->party->id,
           &(RtInput){ .kind = RT_INPUT_FAILED,
                       .connection = failure->connection,
                       .now = failure->sim->net.now,
                       .event = failure->event,
                       .info = failure->error });
}

static void
fail_connect (RtSim *sim, Party *party, const RtEffect *effect, guint64 cause, const char *why)
{
  Failure *failure = g_new0 (Failure, 1);

  failure->sim = sim;
  failure->party = party;
  failure->connection = effect->connection;
  failure->error
      = g_error_new (RT_ERROR, RT_ERROR_IO, "%s:%u: %s", effect->to.host, effect->to.port, why);
  failure->event = rt_log_append (sim->net.log,
                                  &(RtEvent){ .time = sim->net.now,
                                              .cause = cause,
                                              .connection = effect->connection,
                                              .party = party->id,
                                              .kind = RT_EVENT_RESET },
                                  g_variant_new_string (why));
  rt_sim_queue_push (sim->net.queue, sim->net.now, TRUE, fire_failure, sim, failure, failure_free);
}

static void
carry_out_connect (RtSim *sim, Party *party, const RtEffect *effect, guint64 cause)
{
  g_autofree char *key = listener_key (effect->to.host, effect->to.port);
  Party *listener = g_hash_table_lookup (sim->listeners, key);
  Party *host = listener != NULL ? listener : find_host (sim, effect->to.host);
  RtConnection number = rt_log_next_connection (sim->net.log);
  guint64 event;

  g_assert (number == effect->connection);
  event = rt_log_append (sim->net.log,
                         &(RtEvent){ .time = sim->net.now,
                                     .cause = cause,
                                     .connection = number,
                                     .party = party->id,
                                     .kind = RT_EVENT_CONNECT },
                         g_variant_new ("(sqsq)", effect->to.host, effect->to.port,
                                        effect->to.datagrams ? "udp" : "tcp",
                                        host != NULL ? host->id : 0));
  if (effect->to.datagrams || effect->to.tls != NULL)
    fail_connect (sim, party, effect, event, "the simulated network has plain TCP alone");
  else if (host == NULL)
    fail_connect (sim, party, effect, event, "no host has this name");
  else
    {
      RtSimSocket from = { party->id, party->address, next_port (party) };
      RtSimSocket to = { host->id, host->address, effect->to.port };

      g_hash_table_insert (sim->connections, GUINT_TO_POINTER (number),
                           rt_sim_tcp_open (&sim->net, get_link (sim, party->id, host->id), number,
                                            &from, &to, effect->to.host, listener != NULL, event));
    }
}

static RtSimTcp *
find_connection (RtSim *sim, Party *party, RtConnection connection, RtSimEnd *ret_end)
{
  RtSimTcp *tcp = g_hash_table_lookup (sim->connections,
                                       GUINT_TO_POINTER (connection & ~RT_CONNECTION_ACCEPTED));

  *ret_end = connection & RT_CONNECTION_ACCEPTED ? RT_SIM_ACCEPTOR : RT_SIM_OPENER;
  return tcp != NULL && rt_sim_tcp_get_party (tcp, *ret_end) == party->id ? tcp : NULL;
}

/* Of a connection that is gone the party has not heard yet: its effects on it are void. */
static void
carry_out_on_connection (RtSim *sim, Party *party, const RtEffect *effect, guint64 cause)
{
  RtSimEnd end;
  RtSimTcp *tcp = find_connection (sim, party, effect->connection, &end);

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
fire_deadline (gpointer owner, gpointer data)
{
  Deadline *deadline = data;
  RtInput input = { .kind = RT_INPUT_DEADLINE,
                    .now = deadline->sim->net.now,
                    .event = deadline->event,
                    .id = deadline->id };
  Party *party = deadline->party;

  g_hash_table_remove (party->deadlines, &input.id);
  deliver (owner, party->id, &input);
}

static void
carry_out_deadline (RtSim *sim, Party *party, const RtEffect *effect, guint64 cause)
{
  Deadline *deadline = g_hash_table_lookup (party->deadlines, &effect->id);

  if (deadline != NULL)
    {
      rt_sim_queue_cancel (sim->net.queue, deadline->item);
      g_hash_table_remove (party->deadlines, &effect->id);
    }
  if (effect->at == RT_TIME_NEVER)
    return;
  deadline = g_new0 (Deadline, 1);
  deadline->sim = sim;
  deadline->party = party;
  deadline->id = effect->id;
  deadline->event = cause;
  deadline->item = rt_sim_queue_push (sim->net.queue, MAX (effect->at, sim->net.now), !effect->flag,
                                      fire_deadline, sim, deadline, NULL);
  g_hash_table_insert (party->deadlines, &deadline->id, deadline);
}

static void
carry_out_decision (RtSim *sim, Party *party, const RtEffect *effect, guint64 cause)
{
  rt_log_append (sim->net.log,
                 &(RtEvent){ .time = sim->net.now,
                             .cause = cause,
                             .span = rt_decision_get_proof (effect->why),
                             .party = party->id,
                             .kind = RT_EVENT_DECISION },
                 rt_decision_to_variant (effect->why));
}

static void
carry_out_finish (RtSim *sim, Party *party, const RtEffect *effect, guint64 cause)
{
  g_autofree char *message
      = effect->error != NULL ? g_utf8_make_valid (effect->error->message, -1) : NULL;

  if (g_hash_table_remove (sim->tasks, &effect->id))
    log_event (sim, party->id, RT_EVENT_FINISHED, cause,
               g_variant_new ("(tms)", effect->id, message));
}

static void
carry_out_effect (RtSim *sim, Party *party, const RtEffect *effect, guint64 cause)
{
  switch (effect->kind)
    {
    case RT_EFFECT_CONNECT:
      carry_out_connect (sim, party, effect, cause);
      break;
    case RT_EFFECT_SEND:
    case RT_EFFECT_READ:
    case RT_EFFECT_CLOSE:
      carry_out_on_connection (sim, party, effect, cause);
      break;
    case RT_EFFECT_DEADLINE:
      carry_out_deadline (sim, party, effect, cause);
      break;
    case RT_EFFECT_DECIDE:
      carry_out_decision (sim, party, effect, cause);
      break;
    case RT_EFFECT_STATE:
      log_event (sim, party->id, RT_EVENT_STATE, cause,
                 g_variant_new ("(ssmv)", effect->state_kind, effect->state_key, effect->state));
      break;
    case RT_EFFECT_FINISH:
      carry_out_finish (sim, party, effect, cause);
      break;
    }
}

static gboolean
goes_on_sending (RtEffects *effects, guint i, RtConnection connection)
{
  const RtEffect *effect;

  if (i >= rt_effects_get_length (effects))
    return FALSE;
  effect = rt_effects_get (effects, i);
  return effect->kind == RT_EFFECT_SEND && effect->connection == connection;
}

static void
carry_out (RtSim *sim, Party *party, guint64 cause)
{
  for (guint i = 0; i < rt_effects_get_length (sim->effects); i++)
    {
      const RtEffect *effect = rt_effects_get (sim->effects, i);
      RtSimEnd end;
      RtSimTcp *tcp;

      carry_out_effect (sim, party, effect, cause);
      /* A head and its content that are sent in one go share a segment. */
      if (effect->kind == RT_EFFECT_SEND
          && !goes_on_sending (sim->effects, i + 1, effect->connection)
          && (tcp = find_connection (sim, party, effect->connection, &end)) != NULL)
        rt_sim_tcp_push (tcp, end);
    }
  rt_effects_clear (sim->effects);
}

/* Tasks. */

static void
task_free (gpointer data)
{
  Task *task = data;

  g_free (task->words);
  g_free (task);
}

static void
fire_task (gpointer owner, gpointer data)
{
  Task *task = data;
  guint64 event = log_event (task->sim, task->party->id, RT_EVENT_TASK, RT_EVENT_NONE,
                             g_variant_new ("(ts)", task->number, task->words));

  deliver (owner, task->party->id,
           &(RtInput){ .kind = RT_INPUT_TASK,
                       .now = task->sim->net.now,
                       .event = event,
                       .id = task->number,
                       .info = task->task });
}

static guint64
give_task (gpointer driver, RtPartyId id, gconstpointer what, const char *words, RtTime at)
{
  RtSim *sim = driver;
  Party *party = get_party (sim, id);
  Task *task;

  g_return_val_if_fail (party != NULL, 0);

  task = g_new0 (Task, 1);
  task->sim = sim;
  task->party = party;
  task->number = ++sim->last_task;
  task->task = what;
  task->words = g_utf8_make_valid (words, -1);
  g_hash_table_add (sim->tasks, g_memdup2 (&task->number, sizeof task->number));
  rt_sim_queue_push (sim->net.queue, MAX (at, sim->net.now), TRUE, fire_task, sim, task, task_free);
  return task->number;
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
  return g_hash_table_size (sim->tasks);
}

/* Time. */

static gboolean
is_settled (RtSim *sim)
{
  return rt_sim_get_n_unfinished (sim) == 0 && !rt_sim_queue_holds (sim->net.queue);
}

static void
fire_next (RtSim *sim)
{
  sim->net.now = MAX (sim->net.now, rt_sim_queue_next (sim->net.queue));
  rt_sim_queue_fire (sim->net.queue);
}

static RtRun
run (gpointer driver, RtTime until, GError **error)
{
  RtSim *sim = driver;

  for (guint n = 0; !is_settled (sim) && rt_sim_queue_next (sim->net.queue) <= until; n++)
    {
      if (rt_sim_queue_next (sim->net.queue) == RT_TIME_NEVER)
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
  sim->net.now = MAX (sim->net.now, until);
  return RT_RUN_UNTIL;
}

static void
advance (gpointer driver, RtTime by)
{
  RtSim *sim = driver;
  RtTime until = sim->net.now + by;

  g_return_if_fail (by >= 0);

  log_event (sim, 0, RT_EVENT_CLOCK, RT_EVENT_NONE, g_variant_new_int64 (by));
  for (guint n = 0; n < MOST_ITEMS && rt_sim_queue_next (sim->net.queue) <= until; n++)
    fire_next (sim);
  sim->net.now = until;
}

static RtTime
get_now (gpointer driver)
{
  return ((RtSim *)driver)->net.now;
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
