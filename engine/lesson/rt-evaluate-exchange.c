/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The language of checks, captures and notes: exchanges and their messages. */
#include "rt-expression-private.h"

#include "rt-json-value.h"

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
const RtExchange *
rt_expression_find_exchange (const RtExpression *e, const RtExpressionScope *scope, GError **error)
{
  const RtExchange *found = NULL;
  guint number, n;
  gboolean back = e->subject == RT_SUBJECT_RESPONSE;

  if (e->step_name != NULL)
    {
      number = scope->exchange_of != NULL ? scope->exchange_of (scope->data, e->step_name) : 0;
      if (number == 0)
        return (
            rt_expression_missing (error, "no exchange was started by a step “%s”", e->step_name),
            NULL);
      return rt_analysis_get_exchange (scope->analysis, number);
    }
  if (!rt_expression_check_ends (e, scope, error))
    return NULL;
  if (e->number == 0 && e->from == NULL && e->to == NULL && scope->actor != NULL)
    found = nth_exchange (e, scope, back ? NULL : scope->actor, back ? scope->actor : NULL, &n);
  if (found == NULL)
    found = nth_exchange (e, scope, e->from, e->to, &n);
  if (found != NULL)
    return found;
  if (n == 0)
    return (rt_expression_missing (error, "there is no exchange yet"), NULL);
  return (rt_expression_missing (error, "there is no exchange %u, there %s %u", e->number,
                                 n == 1 ? "is" : "are", n),
          NULL);
}

static const RtTransfer *
find_transfer (const RtExpression *e,
               const RtExpressionScope *scope,
               RtFound *ret_found,
               GError **error)
{
  const RtExchange *exchange = rt_expression_find_exchange (e, scope, error);
  const RtTransfer *transfer;

  if (exchange == NULL)
    return NULL;
  ret_found->exchange = exchange->id;
  transfer = e->subject == RT_SUBJECT_REQUEST ? exchange->request : exchange->response;
  if (transfer == NULL && e->subject == RT_SUBJECT_REQUEST)
    rt_expression_missing (error, "exchange %u has no request", exchange->id);
  else if (transfer == NULL)
    rt_expression_missing (error, "exchange %u has no response%s%s", exchange->id,
                           exchange->failed != NULL ? ": " : "",
                           exchange->failed != NULL ? exchange->failed : "");
  return transfer;
}

/* Every line of the field's name counts: recipients read them as one list (RFC 9110 §5.3). */
static void
find_field (const RtExpression *e, RtFields *fields, RtFound *ret_found)
{
  const RtField *field = fields != NULL ? rt_fields_first (fields, e->name) : NULL;

  if (field == NULL)
    return;
  ret_found->span = field->line;
  ret_found->text = rt_fields_dup_combined (fields, e->name);
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

/* A member of content that is a JSON object: a string's text, or else the value as it stands. */
static void
find_member (const RtExpression *e,
             const RtExpressionScope *scope,
             const RtTransfer *transfer,
             RtFound *ret_found)
{
  g_autoptr (GBytes) content = rt_analysis_dup_content (scope->analysis, transfer);
  gsize length = 0;
  const char *bytes = content != NULL ? g_bytes_get_data (content, &length) : NULL;
  RtJson object, value;

  ret_found->span = transfer->content;
  if (bytes == NULL || !rt_json_parse ((RtText){ bytes, length }, &object)
      || object.type != RT_JSON_OBJECT || !rt_json_find (&object, e->name, &value))
    return;
  ret_found->text
      = value.type == RT_JSON_STRING ? rt_json_string_dup (&value) : text_of (value.text);
}

/* A part of a request or response. */
gboolean
rt_expression_find_in_message (const RtExpression *e,
                               const RtExpressionScope *scope,
                               RtFound *ret_found,
                               GError **error)
{
  const RtTransfer *transfer = find_transfer (e, scope, ret_found, error);
  RtMessage *message = transfer != NULL ? transfer->message : NULL;

  if (message == NULL)
    return FALSE;
  if (g_str_equal (e->property, "field"))
    find_field (e, message->fields, ret_found);
  else if (g_str_equal (e->property, "trailer"))
    find_field (e, message->trailers, ret_found);
  else if (g_str_equal (e->property, "body"))
    find_body (scope, transfer, ret_found);
  else if (g_str_equal (e->property, "member"))
    find_member (e, scope, transfer, ret_found);
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

/* How an exchange went, or how long it took. */
gboolean
rt_expression_find_exchange_itself (const RtExpression *e,
                                    const RtExpressionScope *scope,
                                    RtFound *ret_found,
                                    GError **error)
{
  const RtExchange *exchange = rt_expression_find_exchange (e, scope, error);

  if (exchange == NULL)
    return FALSE;
  ret_found->exchange = exchange->id;
  if (e->property != NULL)
    {
      if (exchange->ended == RT_TIME_UNKNOWN)
        return rt_expression_missing (error, "exchange %u has not ended", exchange->id);
      ret_found->text = rt_expression_exact_duration (exchange->ended - exchange->started);
      return TRUE;
    }
  ret_found->text = g_strdup (exchange->failed != NULL     ? "failed"
                              : exchange->response != NULL ? "answered"
                                                           : "open");
  return TRUE;
}
