/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An expression's parts, between the file that reads it and those that evaluate it. */
#pragma once

#include "rt-expression.h"

G_BEGIN_DECLS

typedef enum
{
  RT_SUBJECT_REQUEST,
  RT_SUBJECT_RESPONSE,
  RT_SUBJECT_EXCHANGE,
  RT_SUBJECT_STATE,
  RT_SUBJECT_COUNT,
  RT_SUBJECT_STEP,
  RT_SUBJECT_RESULT,
  RT_SUBJECT_DECISION,
} RtSubject;

typedef enum
{
  RT_OPERATOR_NONE,
  RT_OPERATOR_IS,
  RT_OPERATOR_IS_NOT,
  RT_OPERATOR_LESS,
  RT_OPERATOR_AT_MOST,
  RT_OPERATOR_GREATER,
  RT_OPERATOR_AT_LEAST,
  RT_OPERATOR_CONTAINS,
  RT_OPERATOR_LACKS,
  RT_OPERATOR_PRESENT,
  RT_OPERATOR_ABSENT,
  RT_OPERATOR_HOLDS,
  RT_OPERATOR_FAILS,
  RT_OPERATOR_DECIDES,
} RtOperator;

/* What is counted, in the order of the words of the language. */
typedef enum
{
  RT_COUNT_REQUESTS,
  RT_COUNT_RESPONSES,
  RT_COUNT_EXCHANGES,
  RT_COUNT_CONNECTIONS,
  RT_COUNT_BYTES,
  RT_COUNT_STATES,
} RtCountable;

/* Which part of the run is looked at. */
typedef enum
{
  RT_WITHIN_ALL,
  RT_WITHIN_EXCHANGE,
  RT_WITHIN_STEP,
} RtWithin;

/**
 * RtExpression:
 * @number: of the exchange, or of the step, from 1; 0: the last one, or @step_name's
 * @within: what @number and @step_name are about
 * @property: `status`, `field`, …; of a state: (nullable) the member of its value; of an exchange:
 *   (nullable): `duration`
 * @name: of the field, the member of content that is JSON, the state's key or the clause
 * @from, @to: (nullable): STATE: @from is the party. Else: only those from or to it
 * @filter: (nullable): COUNT: only this method, status or kind of state
 * @most: COUNT: not how many there are, but the most there were at a time
 * @value: (nullable): what is compared with; may hold `{{name}}`
 */
struct _RtExpression
{
  char *text;
  RtSubject subject;
  guint number;
  char *step_name;
  RtWithin within;
  char *property, *name, *from, *to, *filter;
  gboolean most;
  RtCountable countable;
  RtOperator relation;
  char *value;
};

gboolean rt_expression_is_party (const RtExpressionScope *scope, const char *name, RtPartyId id);
RtPartyId rt_expression_party (const RtExpressionScope *scope, const char *name);
gboolean rt_expression_has_ends (const RtExpressionScope *scope,
                                 const RtExchange *exchange,
                                 gboolean back,
                                 const char *from,
                                 const char *to);
gboolean rt_expression_is_within (const RtExpressionScope *scope, guint64 task, guint64 event);
gboolean rt_expression_missing (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);
gboolean
rt_expression_check_ends (const RtExpression *e, const RtExpressionScope *scope, GError **error);
char *rt_expression_exact_duration (RtTime duration);
gboolean rt_expression_find_step (const RtExpression *e,
                                  const RtExpressionScope *scope,
                                  guint64 *ret_task,
                                  GError **error);
const RtExchange *
rt_expression_find_exchange (const RtExpression *e, const RtExpressionScope *scope, GError **error);
gboolean rt_expression_find_exchange_itself (const RtExpression *e,
                                             const RtExpressionScope *scope,
                                             RtFound *ret_found,
                                             GError **error);
gboolean rt_expression_find_in_message (const RtExpression *e,
                                        const RtExpressionScope *scope,
                                        RtFound *ret_found,
                                        GError **error);
gboolean rt_expression_find_decision (const RtExpression *e,
                                      const RtExpressionScope *scope,
                                      RtFound *ret_found,
                                      GError **error);
guint64 rt_expression_count (const RtExpression *e,
                             const RtExpressionScope *scope,
                             guint64 task,
                             RtFound *ret_found);

G_END_DECLS
