/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The small closed language in which lessons say what to look at and what has to be so:
 * `last response status == 204`. Its grammar stands in lessons/AUTHORING.md. */
#pragma once

#include "rt-analysis.h"
#include "rt-error.h"

G_BEGIN_DECLS

typedef struct _RtExpression RtExpression;

RtExpression *
rt_expression_parse (const char *text, gboolean check, const RtPlace *place, GError **error);
void rt_expression_free (RtExpression *expression);
const char *rt_expression_get_text (const RtExpression *expression);
const char *rt_expression_get_keeper (const RtExpression *expression);
gboolean rt_expression_is_decision (const RtExpression *expression);
gboolean rt_expression_is_of_task (const RtExpression *expression);

/**
 * RtResult:
 * @type: `basic`, `cors`, `opaque`, `opaqueredirect`, `error`
 * @body: (nullable): what can be read of the content
 * @error: (nullable): why there is none
 *
 * What a script of a page got of a fetch, or a browser's user of a page: not what crossed the
 * network.
 */
typedef struct
{
  const char *type;
  char *url;
  gboolean redirected, from_cache;
  guint status;
  RtFields *fields;
  char *body, *error;
} RtResult;

/**
 * RtExpressionScope:
 * @analysis: of all that happened up to now
 * @expand: gives the text with each `{{name}}` replaced
 * @exchange_of: the exchange that the step which is named so started; 0: not (yet) started
 * @step_of: the task of a step: of the one of that @name, or else of that @number, 0: the last one.
 *   0: it was not taken
 * @result_of: (nullable): what came of that task for a page
 * @task_time: how long a task took; %FALSE: it has not ended
 * @task_of: the task that an event goes back to; 0: none
 * @actor: (nullable): who took the last step: "last" is the last of theirs
 * @counts: (nullable): whether an exchange is looked at at all: programs outside do other things,
 * too
 * @is_party: (nullable): whether the party of that number is the one of that name; for who is
 * called otherwise in the log
 * @since: number of the first event that counts
 * @horizon: id of the last exchange whose doings count; 0: all
 *
 * What an expression is evaluated on.
 */
typedef struct
{
  RtAnalysis *analysis;
  char *(*expand) (gpointer data, const char *text, GError **error);
  guint (*exchange_of) (gpointer data, const char *name);
  gpointer data;
  guint64 (*step_of) (gpointer data, const char *name, guint number);
  const RtResult *(*result_of) (gpointer data, guint64 task);
  gboolean (*task_time) (gpointer data, guint64 task, RtTime *ret_duration);
  guint64 (*task_of) (gpointer data, guint64 event);
  const char *actor;
  gboolean (*counts) (gpointer data, const RtExchange *exchange);
  gboolean (*is_party) (gpointer data, const char *name, RtPartyId id);
  guint64 since;
  guint horizon;
} RtExpressionScope;

/**
 * RtFound:
 * @text: (nullable): the value, if there is one; may hold any bytes but NUL
 * @exchange: id of the exchange that was looked at, 0: none in particular
 * @span: where the value stands, if it stands anywhere
 *
 * What an expression points at.
 */
typedef struct
{
  char *text;
  guint exchange;
  RtSpan span;
} RtFound;

void rt_found_clear (RtFound *found);

gboolean rt_expression_find (const RtExpression *expression,
                             const RtExpressionScope *scope,
                             RtFound *ret_found,
                             GError **error);
gboolean rt_expression_holds (const RtExpression *expression,
                              const RtExpressionScope *scope,
                              RtFound *ret_found,
                              GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtFound, rt_found_clear)

G_END_DECLS
