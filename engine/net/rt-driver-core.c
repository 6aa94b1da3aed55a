/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What both drivers do alike. Inputs reach parties from the driver's own loop alone, never from
 * within another party's effects, so nothing recurses. What a party wants done is carried out in
 * its order. */
#include "rt-driver-core.h"

#include "rt-error.h"
#include "rt-tls-stage.h"

typedef struct
{
  RtDriverCore *core;
  RtDriverParty *party;
  guint64 id, event;
  RtTimeItem *item;
} Deadline;

typedef struct
{
  RtDriverCore *core;
  RtDriverParty *party;
  guint64 number;
  gconstpointer task;
  char *words;
} Task;

typedef struct
{
  RtDriverCore *core;
  RtDriverParty *party;
  RtConnection connection;
  guint64 event;
  GError *error;
} Failure;

/* What a party shows to those who connect to a place that it listens on. */
typedef struct
{
  RtTls *tls;
  RtTlsKeyring *keyring;
} Secured;

static void
secured_free (gpointer data)
{
  Secured *secured = data;

  rt_tls_free (secured->tls);
  rt_tls_keyring_unref (secured->keyring);
  g_free (secured);
}

static void
party_free (gpointer data)
{
  RtDriverParty *party = data;

  party->klass->free (party->self);
  g_hash_table_unref (party->deadlines);
  g_free (party->name);
  g_free (party->address);
  g_free (party);
}

/**
 * rt_driver_core_init:
 * @core: uninitialised
 * @ops: static
 * @driver: given to @ops
 * @log: outlives the core
 * @start: the time at the beginning
 */
void
rt_driver_core_init (
    RtDriverCore *core, const RtDriverOps *ops, gpointer driver, RtLog *log, RtTime start)
{
  *core = (RtDriverCore){
    .log = log,
    .queue = rt_time_queue_new (),
    .now = start,
    .heard = rt_log_is_heard (log),
    .parties = g_ptr_array_new_with_free_func (party_free),
    .ops = ops,
    .driver = driver,
    .stages = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)rt_tls_stage_unref),
    .secured = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, secured_free),
    .tasks = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
  };
  core->effects = rt_effects_new (&core->last_connection);
}

void
rt_driver_core_clear (RtDriverCore *core)
{
  /* Stages have items in the queue. */
  g_hash_table_unref (core->stages);
  g_hash_table_unref (core->secured);
  g_clear_pointer (&core->authority, rt_tls_authority_unref);
  rt_time_queue_free (core->queue);
  g_hash_table_unref (core->tasks);
  g_ptr_array_unref (core->parties);
  rt_effects_free (core->effects);
}

/**
 * rt_driver_core_add:
 * @core: a core
 * @name: of the party
 * @klass: static
 * @self: (transfer full): the party
 *
 * Returns: (transfer none): it
 */
RtDriverParty *
rt_driver_core_add (RtDriverCore *core, const char *name, const RtPartyClass *klass, gpointer self)
{
  RtDriverParty *party = g_new0 (RtDriverParty, 1);

  party->id = rt_log_add_party (core->log, core->now, name, klass->kind);
  party->name = g_strdup (name);
  party->address = g_strdup_printf ("10.0.%u.%u", party->id / 256u, party->id % 256u);
  party->klass = klass;
  party->self = self;
  party->deadlines = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  /* Ids of the log count parties that live elsewhere, too. */
  if (core->parties->len < party->id)
    g_ptr_array_set_size (core->parties, party->id);
  core->parties->pdata[party->id - 1] = party;
  return party;
}

RtDriverParty *
rt_driver_core_get_party (RtDriverCore *core, RtPartyId id)
{
  return id > 0 && id <= core->parties->len ? core->parties->pdata[id - 1] : NULL;
}

/**
 * rt_driver_core_next_connection:
 * @core: a core
 *
 * Returns: the number of a connection that no party of ours opened
 */
RtConnection
rt_driver_core_next_connection (RtDriverCore *core)
{
  RtConnection number = rt_log_next_connection (core->log);

  core->last_connection = number;
  return number;
}

/**
 * rt_driver_core_log:
 * @core: a core
 * @party: who it happened to
 * @detail: (nullable): a floating reference is sunk
 *
 * Returns: the event's number
 */
guint64
rt_driver_core_log (
    RtDriverCore *core, RtPartyId party, RtEventKind kind, guint64 cause, GVariant *detail)
{
  return rt_log_append (
      core->log,
      &(RtEvent){ .time = core->now, .cause = cause, .party = party, .kind = (guint16)kind },
      detail);
}

/* Connections. */

/**
 * rt_driver_core_log_connect:
 * @core: a core
 * @party: who opens a connection
 * @effect: to where
 * @peer: the other end's party, or 0
 * @cause: the event that led here
 *
 * Returns: the event's number
 */
guint64
rt_driver_core_log_connect (
    RtDriverCore *core, RtDriverParty *party, const RtEffect *effect, RtPartyId peer, guint64 cause)
{
  RtConnection number = rt_log_next_connection (core->log);

  g_assert (number == effect->connection);
  return rt_log_append (core->log,
                        &(RtEvent){ .time = core->now,
                                    .cause = cause,
                                    .connection = number,
                                    .party = party->id,
                                    .kind = RT_EVENT_CONNECT },
                        !core->heard ? NULL
                                     : g_variant_new ("(sqsq)", effect->to.host, effect->to.port,
                                                      effect->to.datagrams ? "udp" : "tcp", peer));
}

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

  rt_driver_core_deliver (owner, failure->party,
                          &(RtInput){ .kind = RT_INPUT_FAILED,
                                      .connection = failure->connection,
                                      .now = failure->core->now,
                                      .event = failure->event,
                                      .info = failure->error });
}

/**
 * rt_driver_core_fail_connect:
 * @core: a core
 * @party: who wanted a connection
 * @effect: to where
 * @cause: the event that led here
 * @why: in words
 *
 * An %RT_INPUT_FAILED follows from the loop.
 */
void
rt_driver_core_fail_connect (RtDriverCore *core,
                             RtDriverParty *party,
                             const RtEffect *effect,
                             guint64 cause,
                             const char *why)
{
  Failure *failure = g_new0 (Failure, 1);

  failure->core = core;
  failure->party = party;
  failure->connection = effect->connection;
  failure->error
      = g_error_new (RT_ERROR, RT_ERROR_IO, "%s:%u: %s", effect->to.host, effect->to.port, why);
  failure->event = rt_log_append (core->log,
                                  &(RtEvent){ .time = core->now,
                                              .cause = cause,
                                              .connection = effect->connection,
                                              .party = party->id,
                                              .kind = RT_EVENT_RESET },
                                  g_variant_new_string (why));
  rt_time_queue_push (core->queue, core->now, TRUE, fire_failure, core, failure, failure_free);
}

/* Effects. */

static void
fire_deadline (gpointer owner, gpointer data)
{
  Deadline *deadline = data;
  RtDriverParty *party = deadline->party;
  RtInput input = { .kind = RT_INPUT_DEADLINE,
                    .now = deadline->core->now,
                    .event = deadline->event,
                    .id = deadline->id };

  g_hash_table_remove (party->deadlines, &input.id);
  rt_driver_core_deliver (owner, party, &input);
}

static void
carry_out_deadline (RtDriverCore *core, RtDriverParty *party, const RtEffect *effect, guint64 cause)
{
  Deadline *deadline = g_hash_table_lookup (party->deadlines, &effect->id);

  if (deadline != NULL)
    rt_time_queue_cancel (core->queue, deadline->item);
  if (effect->at == RT_TIME_NEVER)
    {
      if (deadline != NULL)
        g_hash_table_remove (party->deadlines, &effect->id);
      return;
    }
  if (deadline == NULL)
    {
      deadline = g_new (Deadline, 1);
      *deadline = (Deadline){ .core = core, .party = party, .id = effect->id };
      g_hash_table_insert (party->deadlines, &deadline->id, deadline);
    }
  deadline->event = cause;
  deadline->item = rt_time_queue_push (core->queue, MAX (effect->at, core->now), !effect->flag,
                                       fire_deadline, core, deadline, NULL);
}

static void
carry_out_decision (RtDriverCore *core, RtDriverParty *party, const RtEffect *effect, guint64 cause)
{
  rt_log_append (core->log,
                 &(RtEvent){ .time = core->now,
                             .cause = cause,
                             .span = rt_decision_get_proof (effect->why),
                             .party = party->id,
                             .kind = RT_EVENT_DECISION },
                 rt_decision_to_variant (effect->why));
}

static void
carry_out_finish (RtDriverCore *core, RtDriverParty *party, const RtEffect *effect, guint64 cause)
{
  g_autofree char *message
      = effect->error != NULL ? g_utf8_make_valid (effect->error->message, -1) : NULL;

  if (g_hash_table_remove (core->tasks, &effect->id))
    rt_driver_core_log (core, party->id, RT_EVENT_FINISHED, cause,
                        g_variant_new ("(tms)", effect->id, message));
}

static void
add_stage (RtDriverCore *core, RtConnection connection, RtTlsStage *stage)
{
  g_hash_table_insert (core->stages, GUINT_TO_POINTER (connection), stage);
}

/* With TLS on, what the party wants of the connection is the stage's affair. */
static void
carry_out_act (RtDriverCore *core, RtDriverParty *party, const RtEffect *effect, guint64 cause)
{
  RtTlsStage *stage = rt_driver_core_get_stage (core, effect->connection);

  if (stage != NULL)
    rt_tls_stage_act (stage, effect, cause);
  else
    core->ops->act (core->driver, party, effect, cause);
}

static void
push (RtDriverCore *core, RtDriverParty *party, RtConnection connection)
{
  RtTlsStage *stage = rt_driver_core_get_stage (core, connection);

  if (stage != NULL)
    rt_tls_stage_push (stage);
  else
    core->ops->push (core->driver, party, connection);
}

static void
carry_out_effect (RtDriverCore *core, RtDriverParty *party, const RtEffect *effect, guint64 cause)
{
  switch (effect->kind)
    {
    case RT_EFFECT_CONNECT:
      if (effect->to.tls != NULL && !effect->to.datagrams)
        add_stage (core, effect->connection, rt_tls_stage_new_client (core, party, effect));
      core->ops->connect (core->driver, party, effect, cause);
      break;
    case RT_EFFECT_SEND:
    case RT_EFFECT_READ:
    case RT_EFFECT_CLOSE:
      carry_out_act (core, party, effect, cause);
      break;
    case RT_EFFECT_DEADLINE:
      carry_out_deadline (core, party, effect, cause);
      break;
    case RT_EFFECT_DECIDE:
      if (core->heard)
        carry_out_decision (core, party, effect, cause);
      break;
    case RT_EFFECT_STATE:
      if (core->heard)
        rt_driver_core_log (
            core, party->id, RT_EVENT_STATE, cause,
            g_variant_new ("(ssmv)", effect->state_kind, effect->state_key, effect->state));
      break;
    case RT_EFFECT_FINISH:
      carry_out_finish (core, party, effect, cause);
      break;
    case RT_EFFECT_LISTEN:
      party->down = !effect->flag;
      if (core->ops->listen != NULL)
        core->ops->listen (core->driver, party);
      break;
    }
}

static gboolean
goes_on_sending (RtEffects *effects, guint after, RtConnection connection)
{
  for (guint i = after + 1; i < rt_effects_get_length (effects); i++)
    {
      const RtEffect *effect = rt_effects_get (effects, i);

      if (effect->kind == RT_EFFECT_SEND && effect->connection == connection)
        return TRUE;
    }
  return FALSE;
}

/**
 * rt_driver_core_tell:
 * @core: a core
 * @party: one of its parties
 * @input: what happened to it
 *
 * Gives the party the input and carries out what it wants done. Not to be called from within.
 */
void
rt_driver_core_tell (RtDriverCore *core, RtDriverParty *party, const RtInput *input)
{
  g_assert (rt_effects_get_length (core->effects) == 0);
  party->klass->input (party->self, input, core->effects);
  for (guint i = 0; i < rt_effects_get_length (core->effects); i++)
    {
      const RtEffect *effect = rt_effects_get (core->effects, i);

      carry_out_effect (core, party, effect, input->event);
      /* A head and its content that are sent in one go share a segment. */
      if (effect->kind == RT_EFFECT_SEND && !goes_on_sending (core->effects, i, effect->connection))
        push (core, party, effect->connection);
    }
  rt_effects_clear (core->effects);
}

/* TLS. */

/**
 * rt_driver_core_get_authority:
 * @core: a core
 *
 * Returns: (transfer none): who signs the certificates of this run's servers and is trusted by its
 *   clients
 */
RtTlsAuthority *
rt_driver_core_get_authority (RtDriverCore *core)
{
  if (core->authority == NULL)
    core->authority = core->fresh_authority
                          ? rt_tls_authority_new_fresh (core->now)
                          : rt_tls_authority_ref (rt_tls_authority_get_sandbox ());
  return core->authority;
}

/* Names of hosts are not case-sensitive. */
static char *
secured_key (RtDriverParty *party, const char *host, guint port)
{
  g_autofree char *lower = g_ascii_strdown (host, -1);

  return g_strdup_printf ("%u %s:%u", party->id, lower, port);
}

/**
 * rt_driver_core_secure:
 * @core: a core
 * @party: who listens
 * @host: where
 * @port: likewise
 * @tls: (nullable): what it wants of TLS; copied. %NULL: nothing
 *
 * Errors: %RT_ERROR_SYNTAX: a name that no certificate can be made out to.
 *
 * Returns: %TRUE on success
 */
gboolean
rt_driver_core_secure (RtDriverCore *core,
                       RtDriverParty *party,
                       const char *host,
                       guint16 port,
                       const RtTls *tls,
                       GError **error)
{
  RtTlsKeyring *keyring;
  Secured *secured;

  if (tls == NULL)
    return TRUE;
  keyring = rt_tls_keyring_new (rt_driver_core_get_authority (core), tls, host, error);
  if (keyring == NULL)
    return FALSE;
  secured = g_new (Secured, 1);
  *secured = (Secured){ rt_tls_copy (tls), keyring };
  g_hash_table_replace (core->secured, secured_key (party, host, port), secured);
  return TRUE;
}

/**
 * rt_driver_core_get_stage:
 * @core: a core
 * @connection: as the party knows it
 *
 * Returns: (nullable) (transfer none): its TLS
 */
RtTlsStage *
rt_driver_core_get_stage (RtDriverCore *core, RtConnection connection)
{
  return g_hash_table_lookup (core->stages, GUINT_TO_POINTER (connection));
}

/**
 * rt_driver_core_forget:
 * @core: a core
 * @connection: as the party knows it; no input about it will follow
 */
void
rt_driver_core_forget (RtDriverCore *core, RtConnection connection)
{
  g_hash_table_remove (core->stages, GUINT_TO_POINTER (connection));
}

static void
accept_with_tls (RtDriverCore *core, RtDriverParty *party, const RtInput *input)
{
  const RtPeer *peer = input->info;
  g_autofree char *key = secured_key (party, peer->local_host, peer->local_port);
  const Secured *secured = g_hash_table_lookup (core->secured, key);

  if (secured != NULL)
    add_stage (
        core, input->connection,
        rt_tls_stage_new_server (core, party, input->connection, secured->tls, secured->keyring));
}

/**
 * rt_driver_core_deliver:
 * @core: a core
 * @party: one of its parties
 * @input: what happened to it, or to a connection of it
 *
 * As rt_driver_core_tell(), with TLS between them where TLS is wanted.
 */
void
rt_driver_core_deliver (RtDriverCore *core, RtDriverParty *party, const RtInput *input)
{
  RtTlsStage *stage;

  if (input->kind == RT_INPUT_ACCEPTED && g_hash_table_size (core->secured) > 0)
    accept_with_tls (core, party, input);
  stage = rt_driver_core_get_stage (core, input->connection);
  if (stage != NULL)
    rt_tls_stage_input (stage, input);
  else
    rt_driver_core_tell (core, party, input);
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
  guint64 event = rt_driver_core_log (task->core, task->party->id, RT_EVENT_TASK, RT_EVENT_NONE,
                                      g_variant_new ("(ts)", task->number, task->words));

  rt_driver_core_deliver (owner, task->party,
                          &(RtInput){ .kind = RT_INPUT_TASK,
                                      .now = task->core->now,
                                      .event = event,
                                      .id = task->number,
                                      .info = task->task });
}

/**
 * rt_driver_core_give_task:
 * @core: a core
 * @id: of a party
 * @what: borrowed until the task is finished
 * @words: what it is
 * @at: when; what is past means now
 *
 * Returns: the task's number
 */
guint64
rt_driver_core_give_task (
    RtDriverCore *core, RtPartyId id, gconstpointer what, const char *words, RtTime at)
{
  RtDriverParty *party = rt_driver_core_get_party (core, id);
  Task *task;

  g_return_val_if_fail (party != NULL, 0);

  task = g_new0 (Task, 1);
  task->core = core;
  task->party = party;
  task->number = ++core->last_task;
  task->task = what;
  task->words = g_utf8_make_valid (words, -1);
  g_hash_table_add (core->tasks, g_memdup2 (&task->number, sizeof task->number));
  rt_time_queue_push (core->queue, MAX (at, core->now), TRUE, fire_task, core, task, task_free);
  return task->number;
}

/**
 * rt_driver_core_get_n_unfinished:
 * @core: a core
 *
 * Returns: how many tasks were given and not finished yet
 */
guint
rt_driver_core_get_n_unfinished (RtDriverCore *core)
{
  return g_hash_table_size (core->tasks);
}
