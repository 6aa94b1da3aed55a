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

static const RtExchange *
find_exchange (const RtExpression *e, const RtExpressionScope *scope, GError **error)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (scope->analysis);
  guint number = e->number > 0 ? e->number : exchanges->len;

  if (e->step_name != NULL)
    {
      number = scope->exchange_of != NULL ? scope->exchange_of (scope->data, e->step_name) : 0;
      if (number == 0)
        return (missing (error, "no exchange was started by a step “%s”", e->step_name), NULL);
    }
  if (number == 0)
    return (missing (error, "there is no exchange yet"), NULL);
  if (number > exchanges->len)
    return (missing (error, "there is no exchange %u, there %s %u", number,
                     exchanges->len == 1 ? "is" : "are", exchanges->len),
            NULL);
  return exchanges->pdata[number - 1];
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
  ret_found->text = g_strdup (exchange->failed != NULL     ? "failed"
                              : exchange->response != NULL ? "answered"
                                                           : "open");
  return TRUE;
}

static RtPartyId
party_id (const RtExpressionScope *scope, const char *name)
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
  RtPartyId party = party_id (scope, e->from);
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

static gboolean
is_counted (const RtExpression *e, const RtExpressionScope *scope, const RtExchange *exchange)
{
  const RtTransfer *transfer
      = e->countable == RT_COUNT_RESPONSES ? exchange->response : exchange->request;
  gboolean back = e->countable == RT_COUNT_RESPONSES;
  RtPartyId sender = back ? exchange->server : exchange->client;
  RtPartyId receiver = back ? exchange->client : exchange->server;

  if (transfer == NULL || (e->from != NULL && party_id (scope, e->from) != sender)
      || (e->to != NULL && party_id (scope, e->to) != receiver))
    return FALSE;
  if (e->filter == NULL)
    return TRUE;
  if (back)
    {
      g_autofree char *status = g_strdup_printf ("%u", transfer->message->status);

      return g_str_equal (status, e->filter);
    }
  return rt_text_is (transfer->message->method, e->filter);
}

static gboolean
find_count (const RtExpression *e,
            const RtExpressionScope *scope,
            RtFound *ret_found,
            GError **error)
{
  guint n = 0;

  if ((e->from != NULL && party_id (scope, e->from) == 0)
      || (e->to != NULL && party_id (scope, e->to) == 0))
    return missing (error, "there is no party “%s”",
                    e->from != NULL && party_id (scope, e->from) == 0 ? e->from : e->to);
  if (e->countable == RT_COUNT_CONNECTIONS)
    {
      GPtrArray *connections = rt_analysis_get_connections (scope->analysis);

      for (guint i = 0; i < connections->len; i++)
        {
          const RtConnectionInfo *info = connections->pdata[i];

          n += (e->from == NULL || party_id (scope, e->from) == info->from)
               && (e->to == NULL || party_id (scope, e->to) == info->to);
        }
    }
  else
    {
      GPtrArray *exchanges = rt_analysis_get_exchanges (scope->analysis);

      for (guint i = 0; i < exchanges->len; i++)
        if (is_counted (e, scope, exchanges->pdata[i]))
          {
            n++;
            ret_found->exchange = ((const RtExchange *)exchanges->pdata[i])->id;
          }
    }
  ret_found->text = g_strdup_printf ("%u", n);
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

/* A clause may be checked more than once in an exchange: one that is as asked is enough. */
static gboolean
find_decision (const RtExpression *e,
               const RtExpressionScope *scope,
               RtFound *ret_found,
               GError **error)
{
  const RtExchange *exchange = find_exchange (e, scope, error);

  if (exchange == NULL)
    return FALSE;
  ret_found->exchange = exchange->id;
  for (guint i = 0; exchange->decisions != NULL && i < exchange->decisions->len; i++)
    {
      const RtDecisionInfo *info = exchange->decisions->pdata[i];

      for (guint j = 0; j < rt_decision_get_n_checks (info->decision); j++)
        {
          RtCheck check = rt_decision_get_check (info->decision, j);

          if (!g_str_equal (check.clause.id, e->name))
            continue;
          g_free (ret_found->text);
          ret_found->text = g_strdup (e->relation == RT_OPERATOR_DECIDES && check.decides
                                          ? "decides"
                                          : rt_outcome_name (check.outcome));
          ret_found->span = check.n_facts > 0 ? check.facts[0].proof : RT_SPAN_NONE;
          if (outcome_is (&check, e->relation))
            return TRUE;
        }
    }
  if (ret_found->text == NULL)
    return missing (error, "no decision of exchange %u asks “%s”", exchange->id, e->name);
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
      return find_in_message (e, scope, ret_found, error);
    case RT_SUBJECT_EXCHANGE:
      return find_exchange_itself (e, scope, ret_found, error);
    case RT_SUBJECT_STATE:
      return find_state (e, scope, ret_found, error);
    case RT_SUBJECT_COUNT:
      return find_count (e, scope, ret_found, error);
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
