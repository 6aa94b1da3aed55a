/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Gathering facts. */
#include "rt-evidence.h"

/**
 * rt_evidence_add:
 * @evidence: starts as `{ 0 }`, or with its `n` set to 0
 * @fact: one more input
 *
 * When there is no room left, @fact's bytes become part of the last fact's proof: what a check
 * used is always cited.
 */
void
rt_evidence_add (RtEvidence *evidence, RtFact fact)
{
  RtFact *last = &evidence->facts[RT_EVIDENCE_MAX - 1];

  if (evidence->n < RT_EVIDENCE_MAX)
    evidence->facts[evidence->n++] = fact;
  else if (last->proof.buffer == fact.proof.buffer || rt_span_is_none (last->proof))
    *last = rt_fact_text (last->name, RT_TEXT_NONE, rt_span_join (last->proof, fact.proof));
}

/**
 * rt_evidence_add_lines:
 * @evidence: where to gather
 * @fields: a field section
 * @name: (not nullable): lives as long as the program
 *
 * Adds the value of each line called @name.
 */
void
rt_evidence_add_lines (RtEvidence *evidence, RtFields *fields, const char *name)
{
  const RtField *field;
  guint at = 0;

  while ((field = rt_fields_next (fields, name, &at)) != NULL)
    rt_evidence_add (evidence, rt_fact_field (name, field));
}

/**
 * rt_check_evidence:
 * @why: (nullable): the decision being made
 * @clause: the check
 * @holds: its outcome
 * @evidence: (nullable): its inputs; %NULL where @why is
 *
 * Returns: @holds
 */
gboolean
rt_check_evidence (RtDecision *why,
                   const RtClause *clause,
                   gboolean holds,
                   const RtEvidence *evidence)
{
  return why == NULL
             ? holds
             : rt_decision_check (why, clause, holds, evidence != NULL ? evidence->facts : NULL,
                                  evidence != NULL ? evidence->n : 0);
}

/**
 * rt_check_lines:
 * @why: (nullable): the decision being made
 * @clause: the check
 * @holds: its outcome
 * @fields: a field section
 * @name: all lines of this name are its inputs
 *
 * Returns: @holds
 */
gboolean
rt_check_lines (
    RtDecision *why, const RtClause *clause, gboolean holds, RtFields *fields, const char *name)
{
  RtEvidence evidence;

  if (why == NULL)
    return holds;
  evidence.n = 0;
  rt_evidence_add_lines (&evidence, fields, name);
  return rt_check_evidence (why, clause, holds, &evidence);
}
