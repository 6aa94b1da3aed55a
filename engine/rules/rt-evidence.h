/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The facts of one check, gathered where their number is not known beforehand: all lines of a
 * field, say. Lives on the stack; gathered only where an explanation is asked for. */
#pragma once

#include "rt-decision.h"
#include "rt-fields.h"

G_BEGIN_DECLS

/** RT_EVIDENCE_MAX: facts that one check keeps apart; those beyond share the last one's proof. */
#define RT_EVIDENCE_MAX 24

typedef struct
{
  guint n;
  RtFact facts[RT_EVIDENCE_MAX];
} RtEvidence;

/* The whole value of @field as an input called @name; a field that is absent proves nothing. */
static inline RtFact
rt_fact_field (const char *name, const RtField *field)
{
  return field != NULL ? rt_fact_text (name, field->value, field->value_span)
                       : rt_fact_text (name, RT_TEXT_NONE, RT_SPAN_NONE);
}

/* That there is such a field, whatever its value: proved by its name. */
static inline RtFact
rt_fact_present (const char *name, const RtField *field)
{
  return field != NULL ? rt_fact_text (name, field->name, field->name_span)
                       : rt_fact_text (name, RT_TEXT_NONE, RT_SPAN_NONE);
}

/* @part of @field's value as an input called @name. */
static inline RtFact
rt_fact_part (const char *name, const RtField *field, RtText part)
{
  return rt_fact_text (name, part, rt_field_part_span (field, part));
}

void rt_evidence_add (RtEvidence *evidence, RtFact fact);
void rt_evidence_add_lines (RtEvidence *evidence, RtFields *fields, const char *name);

gboolean rt_check_evidence (RtDecision *why,
                            const RtClause *clause,
                            gboolean holds,
                            const RtEvidence *evidence);
gboolean rt_check_lines (
    RtDecision *why, const RtClause *clause, gboolean holds, RtFields *fields, const char *name);

G_END_DECLS
