/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The language of checks, captures and notes: what can be counted. */
#include "rt-expression-private.h"

static gboolean
is_counted (const RtExpression *e,
            const RtExpressionScope *scope,
            const RtExchange *exchange,
            guint64 task)
{
  gboolean back = e->countable == RT_COUNT_RESPONSES;
  const RtTransfer *transfer = back ? exchange->response : exchange->request;

  if (transfer == NULL || !rt_expression_has_ends (scope, exchange, back, e->from, e->to)
      || !rt_expression_is_within (scope, task, transfer->first_event))
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

static guint64
count_connections (const RtExpression *e, const RtExpressionScope *scope, guint64 task)
{
  GPtrArray *connections = rt_analysis_get_connections (scope->analysis);
  guint64 n = 0;

  for (guint i = 0; i < connections->len; i++)
    {
      const RtConnectionInfo *info = connections->pdata[i];

      n += info->first_event >= scope->since
           && (e->from == NULL || rt_expression_is_party (scope, e->from, info->from))
           && (e->to == NULL || rt_expression_is_party (scope, e->to, info->to))
           && rt_expression_is_within (scope, task, info->first_event);
    }
  return n;
}

/* Those that left, lost and repeated ones too. */
static guint64
count_bytes (const RtExpression *e, const RtExpressionScope *scope)
{
  GPtrArray *segments = rt_analysis_get_segments (scope->analysis);
  guint64 n = 0;

  for (guint i = 0; i < segments->len; i++)
    {
      const RtSegment *segment = segments->pdata[i];
      const RtConnectionInfo *info
          = rt_analysis_get_connection (scope->analysis, segment->connection);
      RtPartyId sender, receiver;

      if (info == NULL)
        continue;
      sender = segment->direction == RT_FORWARD ? info->from : info->to;
      receiver = segment->direction == RT_FORWARD ? info->to : info->from;
      if ((e->from == NULL || rt_expression_is_party (scope, e->from, sender))
          && (e->to == NULL || rt_expression_is_party (scope, e->to, receiver)))
        n += segment->span.length;
    }
  return n;
}

/* How many keys of the kind have a value: now, or the most there ever were at a time. */
static guint64
count_states (const RtExpression *e, const RtExpressionScope *scope)
{
  GPtrArray *states = rt_analysis_get_states (scope->analysis);
  RtPartyId party = rt_expression_party (scope, e->from);
  g_autoptr (GHashTable) keys = g_hash_table_new (g_str_hash, g_str_equal);
  guint most = 0;

  for (guint i = 0; i < states->len; i++)
    {
      const RtStateInfo *info = states->pdata[i];

      if (info->party != party || !g_str_equal (info->kind, e->filter))
        continue;
      if (info->value != NULL)
        g_hash_table_add (keys, (char *)info->key);
      else
        g_hash_table_remove (keys, info->key);
      most = MAX (most, g_hash_table_size (keys));
    }
  return e->most ? most : g_hash_table_size (keys);
}

static guint64
count_exchanges (const RtExpression *e,
                 const RtExpressionScope *scope,
                 guint64 task,
                 RtFound *ret_found)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (scope->analysis);
  guint64 n = 0;

  for (guint i = 0; i < exchanges->len; i++)
    if (is_counted (e, scope, exchanges->pdata[i], task))
      {
        n++;
        ret_found->exchange = ((const RtExchange *)exchanges->pdata[i])->id;
      }
  return n;
}

/* How many there are of what the expression counts. @task: of the step that it is about; 0: all. */
guint64
rt_expression_count (const RtExpression *e,
                     const RtExpressionScope *scope,
                     guint64 task,
                     RtFound *ret_found)
{
  switch (e->countable)
    {
    case RT_COUNT_CONNECTIONS:
      return count_connections (e, scope, task);
    case RT_COUNT_BYTES:
      return count_bytes (e, scope);
    case RT_COUNT_STATES:
      return count_states (e, scope);
    default:
      return count_exchanges (e, scope, task, ret_found);
    }
}
