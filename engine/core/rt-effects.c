/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Effects, in the order a party gave them. The driver carries them out in that order and logs
 * them. */
#include "rt-effects.h"

struct _RtEffects
{
  GArray *list;
  RtConnection *last_connection;
};

static void
clear_effect (gpointer data)
{
  RtEffect *effect = data;

  g_clear_pointer (&effect->bytes, g_bytes_unref);
  g_free ((gpointer)effect->to.host);
  g_clear_pointer (&effect->why, rt_decision_unref);
  g_free (effect->state_kind);
  g_free (effect->state_key);
  g_clear_pointer (&effect->state, g_variant_unref);
  g_clear_error (&effect->error);
}

/**
 * rt_effects_new:
 * @last_connection: (inout): the connection number given out last; outlives the effects
 *
 * Returns: (transfer full): no effects
 */
RtEffects *
rt_effects_new (RtConnection *last_connection)
{
  RtEffects *effects = g_new (RtEffects, 1);

  effects->list = g_array_new (FALSE, TRUE, sizeof (RtEffect));
  g_array_set_clear_func (effects->list, clear_effect);
  effects->last_connection = last_connection;
  return effects;
}

void
rt_effects_free (RtEffects *effects)
{
  g_array_unref (effects->list);
  g_free (effects);
}

void
rt_effects_clear (RtEffects *effects)
{
  g_array_set_size (effects->list, 0);
}

guint
rt_effects_get_length (RtEffects *effects)
{
  return effects->list->len;
}

/**
 * rt_effects_get:
 * @effects: effects
 * @i: index
 *
 * Returns: (transfer none): the effect; the driver may steal what it owns
 */
RtEffect *
rt_effects_get (RtEffects *effects, guint i)
{
  return &g_array_index (effects->list, RtEffect, i);
}

/**
 * rt_effects_connect:
 * @out: where effects gather
 * @to: copied, but for its TLS settings, which the party keeps
 *
 * An %RT_INPUT_CONNECTED or %RT_INPUT_FAILED follows.
 *
 * Returns: the number the connection will have
 */
RtConnection
rt_effects_connect (RtEffects *out, const RtEndpoint *to)
{
  RtEffect effect = { .kind = RT_EFFECT_CONNECT, .connection = ++*out->last_connection, .to = *to };

  effect.to.host = g_strdup (to->host);
  g_array_append_val (out->list, effect);
  return effect.connection;
}

/**
 * rt_effects_send:
 * @out: where effects gather
 * @connection: a connection of the party
 * @bytes: reffed; one datagram on UDP
 *
 * An %RT_INPUT_WRITABLE follows when they have left.
 */
void
rt_effects_send (RtEffects *out, RtConnection connection, GBytes *bytes)
{
  RtEffect effect
      = { .kind = RT_EFFECT_SEND, .connection = connection, .bytes = g_bytes_ref (bytes) };

  g_array_append_val (out->list, effect);
}

/**
 * rt_effects_read:
 * @out: where effects gather
 * @connection: a connection of the party
 * @on: %FALSE stops reading: the window closes and the other side waits (back pressure)
 */
void
rt_effects_read (RtEffects *out, RtConnection connection, gboolean on)
{
  RtEffect effect = { .kind = RT_EFFECT_READ, .connection = connection, .flag = on };

  g_array_append_val (out->list, effect);
}

/**
 * rt_effects_close:
 * @out: where effects gather
 * @connection: a connection of the party
 * @reset: cut it off, dropping what was not sent yet; otherwise send all, then FIN: a half-close,
 *   the other side can still send
 */
void
rt_effects_close (RtEffects *out, RtConnection connection, gboolean reset)
{
  RtEffect effect = { .kind = RT_EFFECT_CLOSE, .connection = connection, .flag = reset };

  g_array_append_val (out->list, effect);
}

/**
 * rt_effects_deadline:
 * @out: where effects gather
 * @id: the party's own number; a deadline of the same number is replaced
 * @at: when, or %RT_TIME_NEVER: no more
 * @idle: nothing is wrong if it falls due: it holds up no step
 */
void
rt_effects_deadline (RtEffects *out, guint64 id, RtTime at, gboolean idle)
{
  RtEffect effect = { .kind = RT_EFFECT_DEADLINE, .id = id, .at = at, .flag = idle };

  g_array_append_val (out->list, effect);
}

/**
 * rt_effects_decide:
 * @out: where effects gather
 * @why: (transfer full) (nullable): a concluded decision; %NULL: nothing was explained
 * @acted: %FALSE: a non-event, the decision led to nothing on the wire
 */
void
rt_effects_decide (RtEffects *out, RtDecision *why, gboolean acted)
{
  RtEffect effect = { .kind = RT_EFFECT_DECIDE, .why = why, .flag = acted };

  if (why == NULL)
    return;
  rt_decision_set_acted (why, acted);
  g_array_append_val (out->list, effect);
}

/**
 * rt_effects_state:
 * @out: where effects gather
 * @kind: what is kept: `version`, `cache`, `cookie`, `slot`, …
 * @key: which one
 * @now: (nullable): its new value, floating references are sunk; %NULL: gone
 */
void
rt_effects_state (RtEffects *out, const char *kind, const char *key, GVariant *now)
{
  RtEffect effect = { .kind = RT_EFFECT_STATE,
                      .state_kind = g_strdup (kind),
                      .state_key = g_strdup (key),
                      .state = now != NULL ? g_variant_ref_sink (now) : NULL };

  g_array_append_val (out->list, effect);
}

/**
 * rt_effects_finish:
 * @out: where effects gather
 * @task: the number it came with
 * @error: (transfer full) (nullable): why it could not be done
 */
void
rt_effects_finish (RtEffects *out, guint64 task, GError *error)
{
  RtEffect effect = { .kind = RT_EFFECT_FINISH, .id = task, .error = error };

  g_array_append_val (out->list, effect);
}

/**
 * rt_effects_listen:
 * @out: where effects gather
 * @on: %FALSE: nobody can connect to the party for now, as if its program did not run
 */
void
rt_effects_listen (RtEffects *out, gboolean on)
{
  RtEffect effect = { .kind = RT_EFFECT_LISTEN, .flag = on };

  g_array_append_val (out->list, effect);
}
