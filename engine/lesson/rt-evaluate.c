/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The language of checks, captures and notes: evaluating an expression on what was seen. */
#include "rt-expression-private.h"

#include <string.h>

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

static gboolean missing (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Sets the error that what was asked for is not there. */
static gboolean
missing (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (error != NULL)
    *error = g_error_new_valist (RT_ERROR, RT_ERROR_MISSING, format, arguments);
  va_end (arguments);
  return FALSE;
}

/* Bytes as text that ends with a NUL: one that stands within becomes U+FFFD. */
static char *
text_of (RtText text)
{
  GString *out = g_string_sized_new (text.length);

  for (gsize i = 0; i < text.length; i++)
    if (text.at[i] == '\0')
      g_string_append (out, "\357\277\275");
    else
      g_string_append_c (out, text.at[i]);
  return g_string_free (out, FALSE);
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

  return (from == NULL || rt_expression_party (scope, from) == sender)
         && (to == NULL || rt_expression_party (scope, to) == receiver);
}

static gboolean
check_ends (const RtExpression *e, const RtExpressionScope *scope, GError **error)
{
  const char *ends[] = { e->from, e->to };

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    if (ends[i] != NULL && rt_expression_party (scope, ends[i]) == 0)
      return missing (error, "there is no party “%s”", ends[i]);
  return TRUE;
}

/* The exchange of that number among those with these ends; 0: the last one. */
static const RtExchange *
nth_exchange (const RtExpression *e,
              const RtExpressionScope *scope,
              const char *from,
              const char *to,
              guint *ret_n)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (scope->analysis);
  const RtExchange *found = NULL;

  *ret_n = 0;
  for (guint i = 0; i < exchanges->len; i++)
    {
      const RtExchange *exchange = exchanges->pdata[i];

      if (!rt_expression_has_ends (scope, exchange, e->subject == RT_SUBJECT_RESPONSE, from, to))
        continue;
      (*ret_n)++;
      if (e->number == 0 || e->number == *ret_n)
        found = exchange;
    }
  return found;
}

/* "Last" without ends is the last of those that whoever took the last step has sent: what gateways
 * and caches send on for them does not count. */
static const RtExchange *
find_exchange (const RtExpression *e, const RtExpressionScope *scope, GError **error)
{
  const RtExchange *found = NULL;
  guint number, n;
  gboolean back = e->subject == RT_SUBJECT_RESPONSE;

  if (e->step_name != NULL)
    {
      number = scope->exchange_of != NULL ? scope->exchange_of (scope->data, e->step_name) : 0;
      if (number == 0)
        return (missing (error, "no exchange was started by a step “%s”", e->step_name), NULL);
      return rt_analysis_get_exchange (scope->analysis, number);
    }
  if (!check_ends (e, scope, error))
    return NULL;
  if (e->number == 0 && e->from == NULL && e->to == NULL && scope->actor != NULL)
    found = nth_exchange (e, scope, back ? NULL : scope->actor, back ? scope->actor : NULL, &n);
  if (found == NULL)
    found = nth_exchange (e, scope, e->from, e->to, &n);
  if (found != NULL)
    return found;
  if (n == 0)
    return (missing (error, "there is no exchange yet"), NULL);
  return (
      missing (error, "there is no exchange %u, there %s %u", e->number, n == 1 ? "is" : "are", n),
      NULL);
}

static const RtTransfer *
find_transfer (const RtExpression *e,
               const RtExpressionScope *scope,
               RtFound *ret_found,
               GError **error)
{
  const RtExchange *exchange = find_exchange (e, scope, error);
  const RtTransfer *transfer;

  if (exchange == NULL)
    return NULL;
  ret_found->exchange = exchange->id;
  transfer = e->subject == RT_SUBJECT_REQUEST ? exchange->request : exchange->response;
  if (transfer == NULL && e->subject == RT_SUBJECT_REQUEST)
    missing (error, "exchange %u has no request", exchange->id);
  else if (transfer == NULL)
    missing (error, "exchange %u has no response%s%s", exchange->id,
             exchange->failed != NULL ? ": " : "",
             exchange->failed != NULL ? exchange->failed : "");
  return transfer;
}

/* Every line of the field's name counts: recipients read them as one list (RFC 9110 §5.3). */
static void
find_field (const RtExpression *e, RtMessage *message, RtFound *ret_found)
{
  const RtField *field = rt_fields_first (message->fields, e->name);

  if (field == NULL)
    return;
  ret_found->span = field->line;
  ret_found->text = rt_fields_dup_combined (message->fields, e->name);
}

static void
find_body (const RtExpressionScope *scope, const RtTransfer *transfer, RtFound *ret_found)
{
  g_autoptr (GBytes) content = rt_analysis_dup_content (scope->analysis, transfer);
  gsize length = 0;
  const char *bytes = content != NULL ? g_bytes_get_data (content, &length) : NULL;

  ret_found->text = text_of ((RtText){ bytes, length });
  ret_found->span = transfer->content;
}

static gboolean
find_in_message (const RtExpression *e,
                 const RtExpressionScope *scope,
                 RtFound *ret_found,
                 GError **error)
{
  const RtTransfer *transfer = find_transfer (e, scope, ret_found, error);
  RtMessage *message = transfer != NULL ? transfer->message : NULL;

  if (message == NULL)
    return FALSE;
  if (g_str_equal (e->property, "field"))
    find_field (e, message, ret_found);
  else if (g_str_equal (e->property, "body"))
    find_body (scope, transfer, ret_found);
  else if (g_str_equal (e->property, "size"))
    *ret_found = (RtFound){ g_strdup_printf ("%u", transfer->whole.length), ret_found->exchange,
                            transfer->whole };
  else if (g_str_equal (e->property, "content-size"))
    *ret_found = (RtFound){ g_strdup_printf ("%" G_GUINT64_FORMAT, transfer->content_length),
                            ret_found->exchange, transfer->content };
  else if (g_str_equal (e->property, "status"))
    *ret_found = (RtFound){ g_strdup_printf ("%u", message->status), ret_found->exchange,
                            message->status_span };
  else if (g_str_equal (e->property, "reason"))
    *ret_found = (RtFound){ text_of (message->reason), ret_found->exchange, message->reason_span };
  else if (g_str_equal (e->property, "method"))
    *ret_found = (RtFound){ text_of (message->method), ret_found->exchange, message->method_span };
  else if (g_str_equal (e->property, "target"))
    *ret_found = (RtFound){ text_of (message->target), ret_found->exchange, message->target_span };
  else
    *ret_found = (RtFound){ g_strdup (rt_version_name (message->version)), ret_found->exchange,
                            message->version_span };
  return TRUE;
}

/* To the microsecond, as rt_duration_parse() takes it. */
static char *
exact_duration (RtTime duration)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%03dms", duration / RT_TIME_MSEC,
                          (int)(duration % RT_TIME_MSEC));
}

static gboolean
find_exchange_itself (const RtExpression *e,
                      const RtExpressionScope *scope,
                      RtFound *ret_found,
                      GError **error)
{
  const RtExchange *exchange = find_exchange (e, scope, error);

  if (exchange == NULL)
    return FALSE;
  ret_found->exchange = exchange->id;
  if (e->property != NULL)
    {
      if (exchange->ended == RT_TIME_UNKNOWN)
        return missing (error, "exchange %u has not ended", exchange->id);
      ret_found->text = exact_duration (exchange->ended - exchange->started);
      return TRUE;
    }
  ret_found->text = g_strdup (exchange->failed != NULL     ? "failed"
                              : exchange->response != NULL ? "answered"
                                                           : "open");
  return TRUE;
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
    return missing (error, "there is no party “%s”", e->from);
  for (guint i = 0; i < states->len; i++)
    {
      const RtStateInfo *info = states->pdata[i];

      if (info->party == party && g_str_equal (info->key, e->name))
        state = info;
    }
  if (state == NULL)
    return e->relation == RT_OPERATOR_ABSENT
           || missing (error, "%s keeps nothing under “%s”", e->from, e->name);
  ret_found->exchange = state->exchange;
  if (state->value == NULL)
    return TRUE;
  if (e->property == NULL)
    ret_found->text = variant_text (state->value);
  else if (g_variant_is_of_type (state->value, G_VARIANT_TYPE_VARDICT)
           && (member = g_variant_lookup_value (state->value, e->property, NULL)) != NULL)
    ret_found->text = variant_text (member);
  else if (e->relation != RT_OPERATOR_ABSENT && e->relation != RT_OPERATOR_PRESENT)
    return missing (error, "%s %s has no “%s”", e->from, e->name, e->property);
  return TRUE;
}

/* Whether an event belongs to the step that the expression is about. */
gboolean
rt_expression_is_within (const RtExpressionScope *scope, guint64 task, guint64 event)
{
  return task == 0 || (scope->task_of != NULL && scope->task_of (scope->data, event) == task);
}

/* The task of the step that the expression is about; 0: it is about all of the run. */
static gboolean
find_step (const RtExpression *e, const RtExpressionScope *scope, guint64 *ret_task, GError **error)
{
  *ret_task = 0;
  if (e->within != RT_WITHIN_STEP)
    return TRUE;
  if (scope->step_of != NULL)
    *ret_task = scope->step_of (scope->data, e->step_name, e->number);
  return *ret_task != 0 || missing (error, "no such step was taken");
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

  if (!find_step (e, scope, &task, error))
    return FALSE;
  if (!scope->task_time (scope->data, task, &duration))
    return missing (error, "the step has not ended");
  ret_found->text = exact_duration (duration);
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

  if (!find_step (e, scope, &task, error))
    return FALSE;
  result = scope->result_of (scope->data, task);
  if (result == NULL)
    return missing (error, "no browser got anything of that step");
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

  if (!check_ends (e, scope, error) || !find_step (e, scope, &task, error))
    return FALSE;
  n = rt_expression_count (e, scope, task, ret_found);
  ret_found->text = g_strdup_printf ("%" G_GUINT64_FORMAT, n);
  return TRUE;
}

static gboolean
outcome_is (const RtCheck *check, RtOperator relation)
{
  switch (relation)
    {
    case RT_OPERATOR_HOLDS:
      return check->outcome == RT_OUTCOME_HOLDS;
    case RT_OPERATOR_FAILS:
      return check->outcome == RT_OUTCOME_FAILS;
    case RT_OPERATOR_DECIDES:
      return check->decides;
    default:
      return TRUE;
    }
}

/* Whether one of the decision's checks is of the clause, and as asked. */
static gboolean
look_at_decision (const RtExpression *e, const RtDecisionInfo *info, RtFound *ret_found)
{
  for (guint j = 0; j < rt_decision_get_n_checks (info->decision); j++)
    {
      RtCheck check = rt_decision_get_check (info->decision, j);

      if (!g_str_equal (check.clause.id, e->name))
        continue;
      g_free (ret_found->text);
      ret_found->exchange = info->exchange;
      ret_found->text = g_strdup (e->relation == RT_OPERATOR_DECIDES && check.decides
                                      ? "decides"
                                      : rt_outcome_name (check.outcome));
      ret_found->span = check.n_facts > 0 ? check.facts[0].proof : RT_SPAN_NONE;
      if (outcome_is (&check, e->relation))
        return TRUE;
    }
  return FALSE;
}

/* A step's decisions: also those that led to no exchange. */
static gboolean
find_step_decision (const RtExpression *e,
                    const RtExpressionScope *scope,
                    RtFound *ret_found,
                    GError **error)
{
  GPtrArray *decisions = rt_analysis_get_decisions (scope->analysis);
  guint64 task;

  if (!find_step (e, scope, &task, error))
    return FALSE;
  for (guint i = 0; i < decisions->len; i++)
    {
      const RtDecisionInfo *info = decisions->pdata[i];

      if (rt_expression_is_within (scope, task, info->event)
          && look_at_decision (e, info, ret_found))
        return TRUE;
    }
  return ret_found->text != NULL
         || missing (error, "no decision of the %s asks “%s”", task != 0 ? "step" : "run", e->name);
}

/* A clause may be checked more than once: one that is as asked is enough. */
static gboolean
find_decision (const RtExpression *e,
               const RtExpressionScope *scope,
               RtFound *ret_found,
               GError **error)
{
  const RtExchange *exchange;

  if (e->within != RT_WITHIN_EXCHANGE)
    return find_step_decision (e, scope, ret_found, error);
  exchange = find_exchange (e, scope, error);
  if (exchange == NULL)
    return FALSE;
  ret_found->exchange = exchange->id;
  for (guint i = 0; exchange->decisions != NULL && i < exchange->decisions->len; i++)
    if (look_at_decision (e, exchange->decisions->pdata[i], ret_found))
      return TRUE;
  return ret_found->text != NULL
         || missing (error, "no decision of exchange %u asks “%s”", exchange->id, e->name);
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
      return find_in_message (e, scope, ret_found, error);
    case RT_SUBJECT_EXCHANGE:
      return find_exchange_itself (e, scope, ret_found, error);
    case RT_SUBJECT_STATE:
      return find_state (e, scope, ret_found, error);
    case RT_SUBJECT_COUNT:
      return find_count (e, scope, ret_found, error);
    case RT_SUBJECT_STEP:
      return find_step_duration (e, scope, ret_found, error);
    case RT_SUBJECT_RESULT:
      return find_result (e, scope, ret_found, error);
    case RT_SUBJECT_DECISION:
      return find_decision (e, scope, ret_found, error);
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

static gboolean
compare_numbers (RtOperator relation, gint64 a, gint64 b)
{
  switch (relation)
    {
    case RT_OPERATOR_LESS:
      return a < b;
    case RT_OPERATOR_AT_MOST:
      return a <= b;
    case RT_OPERATOR_GREATER:
      return a > b;
    default:
      return a >= b;
    }
}

/* Whether @text is as asked. Only whole numbers have an order. */
static gboolean
compare (const RtExpression *e, const char *text, const char *value, GError **error)
{
  gint64 a, b;

  switch (e->relation)
    {
    case RT_OPERATOR_PRESENT:
      return text != NULL;
    case RT_OPERATOR_ABSENT:
      return text == NULL;
    case RT_OPERATOR_IS:
      return g_strcmp0 (text, value) == 0;
    case RT_OPERATOR_IS_NOT:
      return g_strcmp0 (text, value) != 0;
    case RT_OPERATOR_CONTAINS:
      return text != NULL && strstr (text, value) != NULL;
    case RT_OPERATOR_LACKS:
      return text == NULL || strstr (text, value) == NULL;
    case RT_OPERATOR_HOLDS:
      return g_strcmp0 (text, "holds") == 0;
    case RT_OPERATOR_FAILS:
      return g_strcmp0 (text, "fails") == 0;
    case RT_OPERATOR_DECIDES:
      return g_strcmp0 (text, "decides") == 0;
    default:
      if ((e->subject == RT_SUBJECT_EXCHANGE || e->subject == RT_SUBJECT_STEP) && text != NULL)
        return rt_duration_parse (text, &a, NULL) && rt_duration_parse (value, &b, NULL)
                   ? compare_numbers (e->relation, a, b)
                   : missing (error, "it cannot be compared: it is no duration");
      if (text == NULL || !g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &a, NULL)
          || !g_ascii_string_to_signed (value, 10, G_MININT64, G_MAXINT64, &b, NULL))
        return missing (error, "it cannot be compared: it is no whole number");
      return compare_numbers (e->relation, a, b);
    }
}

/* What was found, as a message shows it: short, on one line. */
static char *
shown (const char *text)
{
  g_autofree char *escaped = text != NULL ? rt_text_escape (rt_text (text)) : NULL;

  if (escaped == NULL)
    return g_strdup ("absent");
  if (g_utf8_strlen (escaped, -1) > 100)
    {
      g_autofree char *start = g_utf8_substring (escaped, 0, 100);

      return g_strconcat (start, "…", NULL);
    }
  return g_strdup (*escaped != '\0' ? escaped : "empty");
}

/**
 * rt_expression_holds:
 * @expression: a check
 * @scope: what it is evaluated on
 * @ret_found: (out): what it looked at
 *
 * Errors: %RT_ERROR_MISSING: `last response status == 412; it was 204`, or what it looks at is not
 * there.
 *
 * Returns: whether it holds; if not, @error says why
 */
gboolean
rt_expression_holds (const RtExpression *expression,
                     const RtExpressionScope *scope,
                     RtFound *ret_found,
                     GError **error)
{
  g_autofree char *value = NULL;
  g_autofree char *was = NULL;
  g_autoptr (GError) problem = NULL;

  g_return_val_if_fail (expression != NULL && expression->relation != RT_OPERATOR_NONE, FALSE);
  if (rt_expression_find (expression, scope, ret_found, &problem))
    {
      if (expression->value != NULL && scope->expand != NULL)
        value = scope->expand (scope->data, expression->value, &problem);
      else
        value = g_strdup (expression->value);
      if (problem == NULL && compare (expression, ret_found->text, value, &problem))
        return TRUE;
      was = shown (ret_found->text);
    }
  if (problem != NULL && was == NULL)
    return missing (error, "%s; %s", expression->text, problem->message);
  if (problem != NULL)
    return missing (error, "%s; %s: %s", expression->text, problem->message, was);
  if (value != NULL && !g_str_equal (value, expression->value))
    return missing (error, "%s (%s); it was %s", expression->text, value, was);
  return missing (error, "%s; it was %s", expression->text, was);
}
