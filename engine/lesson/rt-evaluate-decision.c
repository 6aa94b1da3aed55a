/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The language of checks, captures and notes: what the clauses said. */
#include "rt-expression-private.h"

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

  if (!rt_expression_find_step (e, scope, &task, error))
    return FALSE;
  for (guint i = 0; i < decisions->len; i++)
    {
      const RtDecisionInfo *info = decisions->pdata[i];

      if (rt_expression_is_within (scope, task, info->event)
          && look_at_decision (e, info, ret_found))
        return TRUE;
    }
  return ret_found->text != NULL
         || rt_expression_missing (error, "no decision of the %s asks “%s”",
                                   task != 0 ? "step" : "run", e->name);
}

/* A clause may be checked more than once: one that is as asked is enough. */
gboolean
rt_expression_find_decision (const RtExpression *e,
                             const RtExpressionScope *scope,
                             RtFound *ret_found,
                             GError **error)
{
  const RtExchange *exchange;

  if (e->within != RT_WITHIN_EXCHANGE)
    return find_step_decision (e, scope, ret_found, error);
  exchange = rt_expression_find_exchange (e, scope, error);
  if (exchange == NULL)
    return FALSE;
  ret_found->exchange = exchange->id;
  for (guint i = 0; exchange->decisions != NULL && i < exchange->decisions->len; i++)
    if (look_at_decision (e, exchange->decisions->pdata[i], ret_found))
      return TRUE;
  return ret_found->text != NULL
         || rt_expression_missing (error, "no decision of exchange %u asks “%s”", exchange->id,
                                   e->name);
}
