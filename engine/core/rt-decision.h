/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Decisions: a rule's verdict and how it came to it, written down by the code that decides. */
#pragma once

#include "rt-span.h"
#include "rt-text.h"

G_BEGIN_DECLS

/**
 * RtLevel:
 * @RT_LEVEL_MUST: MUST, REQUIRED, MUST NOT
 * @RT_LEVEL_SHOULD: SHOULD, RECOMMENDED, SHOULD NOT
 * @RT_LEVEL_MAY: MAY, OPTIONAL
 * @RT_LEVEL_BROWSERS: what browsers do, by the Fetch standard or beyond it
 */
typedef enum
{
  RT_LEVEL_MUST,
  RT_LEVEL_SHOULD,
  RT_LEVEL_MAY,
  RT_LEVEL_BROWSERS,
} RtLevel;

/**
 * RtClause:
 * @id: stable and unique within the program: `cache.reuse.fresh`
 * @title: what is asked, as a claim that holds or does not: `the stored response is fresh`
 * @reference: `RFC 9111 §4.2`, `fetch#cors-check`
 *
 * One check of a rule, as the standard has it. Static.
 */
typedef struct
{
  const char *id, *title, *reference;
  RtLevel level;
} RtClause;

/**
 * RtRule:
 * @id: `cache.reuse`
 * @title: what it decides, a question: `May the stored response be reused?`
 * @reference: the section that the rule is
 * @clauses: (array length=n_clauses): its checks in the order they are made
 */
typedef struct
{
  const char *id, *title, *reference;
  const RtClause *const *clauses;
  guint n_clauses;
} RtRule;

#define RT_RULE(rule_id, rule_title, rule_reference, list)                                         \
  {                                                                                                \
    .id = rule_id, .title = rule_title, .reference = rule_reference, .clauses = list,              \
    .n_clauses = G_N_ELEMENTS (list)                                                               \
  }

/**
 * RtFact:
 * @name: what the input is: `If-Match`, `lifetime`
 * @text: its value, if it is text; borrowed for the call
 * @number: its value, if it is a number: then @text is %RT_TEXT_NONE
 * @proof: the bytes it was read from; none for what the deciding party knows by itself (a stored
 *   version, the clock)
 *
 * An input that a check used.
 */
typedef struct
{
  const char *name;
  RtText text;
  gint64 number;
  RtSpan proof;
} RtFact;

/**
 * RtOutcome:
 * @RT_OUTCOME_NOT_REACHED: the verdict was clear before
 * @RT_OUTCOME_HOLDS: the clause's claim holds
 * @RT_OUTCOME_FAILS: it does not
 */
typedef enum
{
  RT_OUTCOME_NOT_REACHED,
  RT_OUTCOME_HOLDS,
  RT_OUTCOME_FAILS,
} RtOutcome;

/**
 * RtCheck:
 * @decides: this check settled the verdict
 * @facts: (array length=n_facts): the inputs it used
 *
 * One line of a trace. Borrowed from its decision.
 */
typedef struct
{
  RtClause clause;
  RtOutcome outcome;
  gboolean decides;
  const RtFact *facts;
  guint n_facts;
} RtCheck;

typedef struct _RtDecision RtDecision;

RtDecision *rt_decision_new (void);
RtDecision *rt_decision_ref (RtDecision *decision);
void rt_decision_unref (RtDecision *decision);

/* For rules. Each takes a decision of %NULL: then nothing is explained and nothing is paid. */
void rt_decision_begin (RtDecision *why, const RtRule *rule, RtText subject);
gboolean rt_decision_check (
    RtDecision *why, const RtClause *clause, gboolean holds, const RtFact *facts, guint n_facts);
void rt_decision_conclude (RtDecision *why, const char *verdict);

/**
 * rt_check:
 * @why: (nullable): the decision being made
 * @clause: the check
 * @holds: its outcome; evaluated once
 * @...: #RtFact values, evaluated only where @why is there
 *
 * Returns: @holds, so that the check that is recorded is the condition that acts
 */
#ifndef __cppcheck__
#define rt_check(why, clause, holds, ...)                                                          \
  ((why) == NULL                                                                                   \
       ? (gboolean)(holds)                                                                         \
       : rt_decision_check (                                                                       \
           (why), (clause), (holds), (const RtFact[]){ __VA_ARGS__ __VA_OPT__ (, ){ NULL } },      \
           G_N_ELEMENTS (((const RtFact[]){ __VA_ARGS__ __VA_OPT__ (, ){ NULL } })) - 1))
#else /* which knows no __VA_OPT__ */
#define rt_check(why, clause, holds, ...) rt_decision_check ((why), (clause), (holds), NULL, 0)
#endif

static inline RtFact
rt_fact_text (const char *name, RtText text, RtSpan proof)
{
  return (RtFact){ name, text.at != NULL ? text : (RtText){ "", 0 }, 0, proof };
}

static inline RtFact
rt_fact_number (const char *name, gint64 number, RtSpan proof)
{
  return (RtFact){ name, RT_TEXT_NONE, number, proof };
}

/* For readers. */
const char *rt_decision_get_rule (RtDecision *decision);
const char *rt_decision_get_title (RtDecision *decision);
const char *rt_decision_get_reference (RtDecision *decision);
const char *rt_decision_get_subject (RtDecision *decision);
const char *rt_decision_get_verdict (RtDecision *decision);
guint rt_decision_get_n_checks (RtDecision *decision);
RtCheck rt_decision_get_check (RtDecision *decision, guint i);
gboolean rt_decision_get_deciding (RtDecision *decision, RtCheck *ret_check);
RtSpan rt_decision_get_proof (RtDecision *decision);
gboolean rt_decision_get_acted (RtDecision *decision);
void rt_decision_set_acted (RtDecision *decision, gboolean acted);

GVariant *rt_decision_to_variant (RtDecision *decision);
RtDecision *rt_decision_new_from_variant (GVariant *variant);

const char *rt_level_name (RtLevel level);
const char *rt_outcome_name (RtOutcome outcome);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtDecision, rt_decision_unref)

G_END_DECLS
