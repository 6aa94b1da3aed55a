/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What both drivers do alike. Inputs reach parties from the driver's own loop alone, never from
 * within another party's effects, so nothing recurses. What a party wants done is carried out in
 * its order. */
#include "rt-driver-core.h"

#include "rt-error.h"

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
    .tasks = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
  };
  core->effects = rt_effects_new (&core->last_connection);
}

void
rt_driver_core_clear (RtDriverCore *core)
{
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
    {
      rt_time_queue_cancel (core->queue, deadline->item);
      g_hash_table_remove (party->deadlines, &effect->id);
    }
  if (effect->at == RT_TIME_NEVER)
    return;
  deadline = g_new0 (Deadline, 1);
  deadline->core = core;
  deadline->party = party;
  deadline->id = effect->id;
  deadline->event = cause;
  deadline->item = rt_time_queue_push (core->queue, MAX (effect->at, core->now), !effect->flag,
                                       fire_deadline, core, deadline, NULL);
  g_hash_table_insert (party->deadlines, &deadline->id, deadline);
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
carry_out_effect (RtDriverCore *core, RtDriverParty *party, const RtEffect *effect, guint64 cause)
{
  switch (effect->kind)
    {
    case RT_EFFECT_CONNECT:
      core->ops->connect (core->driver, party, effect, cause);
      break;
    case RT_EFFECT_SEND:
    case RT_EFFECT_READ:
    case RT_EFFECT_CLOSE:
      core->ops->act (core->driver, party, effect, cause);
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
 * rt_driver_core_deliver:
 * @core: a core
 * @party: one of its parties
 * @input: what happened to it
 *
 * Gives the party the input and carries out what it wants done. Not to be called from within.
 */
void
rt_driver_core_deliver (RtDriverCore *core, RtDriverParty *party, const RtInput *input)
{
  g_assert (rt_effects_get_length (core->effects) == 0);
  party->klass->input (party->self, input, core->effects);
  for (guint i = 0; i < rt_effects_get_length (core->effects); i++)
    {
      const RtEffect *effect = rt_effects_get (core->effects, i);

      carry_out_effect (core, party, effect, input->event);
      /* A head and its content that are sent in one go share a segment. */
      if (effect->kind == RT_EFFECT_SEND && !goes_on_sending (core->effects, i, effect->connection))
        core->ops->push (core->driver, party, effect->connection);
    }
  rt_effects_clear (core->effects);
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
