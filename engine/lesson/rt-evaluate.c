/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The language of checks, captures and notes: what an expression points at in what was seen. */
#include "rt-expression-private.h"

/**
 * rt_found_clear:
 * @found: what was found; released and set to nothing
 */
void
rt_found_clear (RtFound *found)
{
  g_free (found->text);
  *found = (RtFound){ NULL, 0, RT_SPAN_NONE };
}

/* Sets the error that what was asked for is not there. */
gboolean
rt_expression_missing (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (error != NULL)
    *error = g_error_new_valist (RT_ERROR, RT_ERROR_MISSING, format, arguments);
  va_end (arguments);
  return FALSE;
}

/* The party of that name; 0: there is none. */
RtPartyId
rt_expression_party (const RtExpressionScope *scope, const char *name)
{
  GPtrArray *parties = rt_analysis_get_parties (scope->analysis);

  for (guint i = 0; i < parties->len; i++)
    {
      const RtPartyInfo *info = parties->pdata[i];

      if (g_str_equal (info->name, name))
        return info->id;
    }
  return 0;
}

/* Whether the party of that number is the one of that name. */
gboolean
rt_expression_is_party (const RtExpressionScope *scope, const char *name, RtPartyId id)
{
  return scope->is_party != NULL ? scope->is_party (scope->data, name, id)
                                 : rt_expression_party (scope, name) == id;
}

/* Whether the exchange, seen as @back: a response or else a request, has these ends. */
gboolean
rt_expression_has_ends (const RtExpressionScope *scope,
                        const RtExchange *exchange,
                        gboolean back,
                        const char *from,
                        const char *to)
{
  RtPartyId sender = back ? exchange->server : exchange->client;
  RtPartyId receiver = back ? exchange->client : exchange->server;

  return (scope->counts == NULL || scope->counts (scope->data, exchange))
         && (from == NULL || rt_expression_is_party (scope, from, sender))
         && (to == NULL || rt_expression_is_party (scope, to, receiver));
}

/* Whether the parties that it names are there. */
gboolean
rt_expression_check_ends (const RtExpression *e, const RtExpressionScope *scope, GError **error)
{
  const char *ends[] = { e->from, e->to };

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    if (ends[i] != NULL && scope->is_party == NULL && rt_expression_party (scope, ends[i]) == 0)
      return rt_expression_missing (error, "there is no party “%s”", ends[i]);
  return TRUE;
}

/* To the microsecond, as rt_duration_parse() takes it. */
char *
rt_expression_exact_duration (RtTime duration)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%03dms", duration / RT_TIME_MSEC,
                          (int)(duration % RT_TIME_MSEC));
}

static char *
variant_text (GVariant *value)
{
  g_autoptr (GVariant) inner = NULL;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARIANT))
    {
      inner = g_variant_get_variant (value);
      return variant_text (inner);
    }
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_variant_dup_string (value, NULL);
  return g_variant_print (value, FALSE);
}

/* The latest value under the key; a value that is gone leaves nothing. */
static gboolean
find_state (const RtExpression *e,
            const RtExpressionScope *scope,
            RtFound *ret_found,
            GError **error)
{
  GPtrArray *states = rt_analysis_get_states (scope->analysis);
  RtPartyId party = rt_expression_party (scope, e->from);
  const RtStateInfo *state = NULL;
  g_autoptr (GVariant) member = NULL;

  if (party == 0)
    return rt_expression_missing (error, "there is no party “%s”", e->from);
  for (guint i = 0; i < states->len; i++)
    {
      const RtStateInfo *info = states->pdata[i];

      if (info->party == party && g_str_equal (info->key, e->name)
          && (scope->horizon == 0 || info->exchange <= scope->horizon))
        state = info;
    }
  if (state == NULL)
    return e->relation == RT_OPERATOR_ABSENT
           || rt_expression_missing (error, "%s keeps nothing under “%s”", e->from, e->name);
  ret_found->exchange = state->exchange;
  if (state->value == NULL)
    return TRUE;
  if (e->property == NULL)
    ret_found->text = variant_text (state->value);
  else if (g_variant_is_of_type (state->value, G_VARIANT_TYPE_VARDICT)
           && (member = g_variant_lookup_value (state->value, e->property, NULL)) != NULL)
    ret_found->text = variant_text (member);
  else if (e->relation != RT_OPERATOR_ABSENT && e->relation != RT_OPERATOR_PRESENT)
    return rt_expression_missing (error, "%s %s has no “%s”", e->from, e->name, e->property);
  return TRUE;
}

/* Whether an event belongs to the step that the expression is about. */
gboolean
rt_expression_is_within (const RtExpressionScope *scope, guint64 task, guint64 event)
{
  return task == 0 || (scope->task_of != NULL && scope->task_of (scope->data, event) == task);
}

/* The task of the step that the expression is about; 0: it is about all of the run. */
gboolean
rt_expression_find_step (const RtExpression *e,
                         const RtExpressionScope *scope,
                         guint64 *ret_task,
                         GError **error)
{
  *ret_task = 0;
  if (e->within != RT_WITHIN_STEP)
    return TRUE;
  if (scope->step_of != NULL)
    *ret_task = scope->step_of (scope->data, e->step_name, e->number);
  return *ret_task != 0 || rt_expression_missing (error, "no such step was taken");
}

/* From the moment that somebody was told to do it until they were done. */
static gboolean
find_step_duration (const RtExpression *e,
                    const RtExpressionScope *scope,
                    RtFound *ret_found,
                    GError **error)
{
  RtTime duration;
  guint64 task;

  if (!rt_expression_find_step (e, scope, &task, error))
    return FALSE;
  if (!scope->task_time (scope->data, task, &duration))
    return rt_expression_missing (error, "the step has not ended");
  ret_found->text = rt_expression_exact_duration (duration);
  return TRUE;
}

/* What came of a fetch for the page that asked. */
static gboolean
find_result (const RtExpression *e,
             const RtExpressionScope *scope,
             RtFound *ret_found,
             GError **error)
{
  const RtResult *result;
  guint64 task;

  if (!rt_expression_find_step (e, scope, &task, error))
    return FALSE;
  result = scope->result_of (scope->data, task);
  if (result == NULL)
    return rt_expression_missing (error, "no browser got anything of that step");
  if (g_str_equal (e->property, "type"))
    ret_found->text = g_strdup (result->type);
  else if (g_str_equal (e->property, "status"))
    ret_found->text = g_strdup_printf ("%u", result->status);
  else if (g_str_equal (e->property, "url"))
    ret_found->text = g_strdup (result->url);
  else if (g_str_equal (e->property, "redirected"))
    ret_found->text = g_strdup (result->redirected ? "true" : "false");
  else if (g_str_equal (e->property, "from-cache"))
    ret_found->text = g_strdup (result->from_cache ? "true" : "false");
  else if (g_str_equal (e->property, "error"))
    ret_found->text = g_strdup (result->error);
  else if (g_str_equal (e->property, "body"))
    ret_found->text = g_strdup (result->body);
  else if (result->fields != NULL && rt_fields_first (result->fields, e->name) != NULL)
    ret_found->text = rt_fields_dup_combined (result->fields, e->name);
  return TRUE;
}

static gboolean
find_count (const RtExpression *e,
            const RtExpressionScope *scope,
            RtFound *ret_found,
            GError **error)
{
  guint64 task, n;

  if (!rt_expression_check_ends (e, scope, error)
      || !rt_expression_find_step (e, scope, &task, error))
    return FALSE;
  n = rt_expression_count (e, scope, task, ret_found);
  ret_found->text = g_strdup_printf ("%" G_GUINT64_FORMAT, n);
  return TRUE;
}

/* The names of an expression, `{{name}}` in them replaced: a probe varies them. */
static gboolean
expand_names (const RtExpression *e, const RtExpressionScope *scope, char **out, GError **error)
{
  const char *names[] = { e->name, e->from, e->to, e->filter };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (names[i] == NULL)
        continue;
      out[i] = scope->expand != NULL ? scope->expand (scope->data, names[i], error)
                                     : g_strdup (names[i]);
      if (out[i] == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
find (const RtExpression *e, const RtExpressionScope *scope, RtFound *ret_found, GError **error)
{
  switch (e->subject)
    {
    case RT_SUBJECT_REQUEST:
    case RT_SUBJECT_RESPONSE:
      return rt_expression_find_in_message (e, scope, ret_found, error);
    case RT_SUBJECT_EXCHANGE:
      return rt_expression_find_exchange_itself (e, scope, ret_found, error);
    case RT_SUBJECT_STATE:
      return find_state (e, scope, ret_found, error);
    case RT_SUBJECT_COUNT:
      return find_count (e, scope, ret_found, error);
    case RT_SUBJECT_STEP:
      return find_step_duration (e, scope, ret_found, error);
    case RT_SUBJECT_RESULT:
      return find_result (e, scope, ret_found, error);
    case RT_SUBJECT_DECISION:
      return rt_expression_find_decision (e, scope, ret_found, error);
    default:
      g_return_val_if_reached (FALSE);
    }
}

/**
 * rt_expression_find:
 * @expression: an expression
 * @scope: what it is evaluated on
 * @ret_found: (out): what it points at; its text is %NULL where the place is there but empty: a
 *   field that the message does not have, a state that is gone
 *
 * Errors: %RT_ERROR_MISSING: there is no such exchange, message, party or key.
 *
 * Returns: whether there is a place to look at
 */
gboolean
rt_expression_find (const RtExpression *expression,
                    const RtExpressionScope *scope,
                    RtFound *ret_found,
                    GError **error)
{
  g_auto (RtFound) found = { NULL, 0, RT_SPAN_NONE };
  char *names[4] = { NULL };
  RtExpression expanded;
  gboolean ok;

  g_return_val_if_fail (expression != NULL && scope != NULL && ret_found != NULL, FALSE);
  ok = expand_names (expression, scope, names, error);
  if (ok)
    {
      expanded = *expression;
      expanded.name = names[0];
      expanded.from = names[1];
      expanded.to = names[2];
      expanded.filter = names[3];
      ok = find (&expanded, scope, &found, error);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_free (names[i]);
  *ret_found = found;
  found.text = NULL;
  return ok;
}
