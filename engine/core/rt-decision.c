/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Decisions.
 *
 * A rule begins a decision, records each check as it makes it, and concludes. The check recorded
 * last before the conclusion is the one that decided: a rule stops asking when it knows. Clauses of
 * the rule that were not recorded are its checks not reached. The decision owns copies of all text,
 * so that it outlives the bytes it was made from. */
#include "rt-decision.h"

#include <string.h>

typedef struct
{
  RtClause clause;
  RtOutcome outcome;
  guint first_fact, n_facts;
} Record;

struct _RtDecision
{
  gint ref_count;
  char *rule, *title, *reference, *subject, *verdict;
  gboolean acted;
  guint n_reached;
  GArray *records; /* Record */
  GArray *facts;   /* RtFact, text owned by strings */
  GStringChunk *strings;
  const RtRule *source; /* while the rule is at work */
};

/**
 * rt_decision_new:
 *
 * Returns: (transfer full): an empty decision, for a rule to fill
 */
RtDecision *
rt_decision_new (void)
{
  RtDecision *decision = g_new0 (RtDecision, 1);

  decision->ref_count = 1;
  decision->acted = TRUE;
  decision->records = g_array_sized_new (FALSE, FALSE, sizeof (Record), 16);
  decision->facts = g_array_sized_new (FALSE, FALSE, sizeof (RtFact), 16);
  decision->strings = g_string_chunk_new (512);
  return decision;
}

RtDecision *
rt_decision_ref (RtDecision *decision)
{
  g_atomic_int_inc (&decision->ref_count);
  return decision;
}

void
rt_decision_unref (RtDecision *decision)
{
  if (!g_atomic_int_dec_and_test (&decision->ref_count))
    return;
  g_array_unref (decision->records);
  g_array_unref (decision->facts);
  g_string_chunk_free (decision->strings);
  g_free (decision);
}

static char *
keep (RtDecision *decision, RtText text)
{
  return g_string_chunk_insert_len (decision->strings, text.at != NULL ? text.at : "",
                                    (gssize)text.length);
}

/* What a peer sent is shown and stored as text: other bytes are escaped on the way in. */
static char *
keep_shown (RtDecision *decision, RtText text)
{
  g_autofree char *escaped = NULL;

  if (g_utf8_validate (text.at != NULL ? text.at : "", (gssize)text.length, NULL))
    return keep (decision, text);
  escaped = rt_text_escape (text);
  return keep (decision, rt_text (escaped));
}

/**
 * rt_decision_begin:
 * @why: (nullable): an empty decision
 * @rule: the rule at work
 * @subject: what it is applied to: `GET /price`; copied
 *
 * A rule that is called by another one with its decision does not begin again: its checks become
 * part of the caller's trace.
 */
void
rt_decision_begin (RtDecision *why, const RtRule *rule, RtText subject)
{
  if (why == NULL || why->source != NULL)
    return;
  why->source = rule;
  why->rule = keep (why, rt_text (rule->id));
  why->title = keep (why, rt_text (rule->title));
  why->reference = keep (why, rt_text (rule->reference));
  why->subject = keep_shown (why, subject);
}

static void
add_record (RtDecision *decision, const RtClause *clause, RtOutcome outcome)
{
  Record record = { *clause, outcome, decision->facts->len, 0 };

  g_array_append_val (decision->records, record);
}

static void
add_fact (RtDecision *decision, const RtFact *fact)
{
  RtFact copy = *fact;
  Record *record = &g_array_index (decision->records, Record, decision->records->len - 1);

  copy.name = keep (decision, rt_text (fact->name));
  if (fact->text.at != NULL)
    copy.text = rt_text (keep_shown (decision, fact->text));
  g_array_append_val (decision->facts, copy);
  record->n_facts++;
}

/**
 * rt_decision_check:
 * @why: (nullable): the decision being made
 * @clause: static
 * @holds: the outcome
 * @facts: (array length=n_facts): copied
 *
 * Use rt_check(), which builds the facts only where they are wanted.
 *
 * Returns: @holds
 */
gboolean
rt_decision_check (
    RtDecision *why, const RtClause *clause, gboolean holds, const RtFact *facts, guint n_facts)
{
  if (why == NULL)
    return holds;
  add_record (why, clause, holds ? RT_OUTCOME_HOLDS : RT_OUTCOME_FAILS);
  for (guint i = 0; i < n_facts; i++)
    add_fact (why, &facts[i]);
  why->n_reached = why->records->len;
  return holds;
}

static gboolean
is_recorded (RtDecision *decision, const RtClause *clause)
{
  for (guint i = 0; i < decision->n_reached; i++)
    if (strcmp (g_array_index (decision->records, Record, i).clause.id, clause->id) == 0)
      return TRUE;
  return FALSE;
}

/**
 * rt_decision_conclude:
 * @why: (nullable): the decision being made
 * @verdict: a stable word: `fresh`, `412`; copied
 *
 * The check recorded last is the one that decided. A rule that was called by another one with its
 * decision may conclude: the caller's later verdict replaces it.
 */
void
rt_decision_conclude (RtDecision *why, const char *verdict)
{
  if (why == NULL)
    return;
  why->verdict = keep (why, rt_text (verdict));
}

/* The clauses not reached are added when a reader comes, not when the rule concludes: the caller
 * of a rule may go on in the same decision. */
static void
complete (RtDecision *decision)
{
  const RtRule *rule = g_steal_pointer (&decision->source);

  if (rule == NULL)
    return;
  for (guint i = 0; i < rule->n_clauses; i++)
    if (!is_recorded (decision, rule->clauses[i]))
      add_record (decision, rule->clauses[i], RT_OUTCOME_NOT_REACHED);
}

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

const char *
rt_decision_get_rule (RtDecision *decision)
{
  return or_empty (decision->rule);
}

const char *
rt_decision_get_title (RtDecision *decision)
{
  return or_empty (decision->title);
}

const char *
rt_decision_get_reference (RtDecision *decision)
{
  return or_empty (decision->reference);
}

const char *
rt_decision_get_subject (RtDecision *decision)
{
  return or_empty (decision->subject);
}

const char *
rt_decision_get_verdict (RtDecision *decision)
{
  return or_empty (decision->verdict);
}

/**
 * rt_decision_get_n_checks:
 * @decision: a concluded decision
 *
 * Returns: how many checks its trace has, those not reached included
 */
guint
rt_decision_get_n_checks (RtDecision *decision)
{
  complete (decision);
  return decision->records->len;
}

RtCheck
rt_decision_get_check (RtDecision *decision, guint i)
{
  const Record *record;

  complete (decision);
  record = &g_array_index (decision->records, Record, i);
  return (RtCheck){
    .clause = record->clause,
    .outcome = record->outcome,
    .decides = i + 1 == decision->n_reached,
    .facts = (const RtFact *)(gpointer)decision->facts->data + record->first_fact,
    .n_facts = record->n_facts,
  };
}

/**
 * rt_decision_get_deciding:
 * @decision: a concluded decision
 * @ret_check: (out): the check that decided; untouched if there is none
 *
 * Returns: whether any check was made
 */
gboolean
rt_decision_get_deciding (RtDecision *decision, RtCheck *ret_check)
{
  if (decision->n_reached == 0)
    return FALSE;
  *ret_check = rt_decision_get_check (decision, decision->n_reached - 1);
  return TRUE;
}

/**
 * rt_decision_get_proof:
 * @decision: a concluded decision
 *
 * Returns: the first bytes that the deciding check cites, or none
 */
RtSpan
rt_decision_get_proof (RtDecision *decision)
{
  RtCheck check;

  if (rt_decision_get_deciding (decision, &check))
    for (guint i = 0; i < check.n_facts; i++)
      if (!rt_span_is_none (check.facts[i].proof))
        return check.facts[i].proof;
  return RT_SPAN_NONE;
}

/**
 * rt_decision_get_acted:
 * @decision: a decision
 *
 * Returns: %FALSE for a non-event: what was decided led to nothing on the wire ("no request sent,
 *   because …")
 */
gboolean
rt_decision_get_acted (RtDecision *decision)
{
  return decision->acted;
}

void
rt_decision_set_acted (RtDecision *decision, gboolean acted)
{
  decision->acted = acted;
}

/**
 * rt_decision_to_variant:
 * @decision: a concluded decision
 *
 * Returns: (transfer floating): `(bsssssa(sssyyba(smsx(tuu))))`: acted, rule, title, reference,
 *   subject, verdict; for each check id, title, reference, level, outcome, decides; for each of its
 *   facts name, text (nothing: it is a number), number, proof
 */
GVariant *
rt_decision_to_variant (RtDecision *decision)
{
  GVariantBuilder checks;

  g_variant_builder_init (&checks, G_VARIANT_TYPE ("a(sssyyba(smsx(tuu)))"));
  for (guint i = 0; i < rt_decision_get_n_checks (decision); i++)
    {
      RtCheck check = rt_decision_get_check (decision, i);

      g_variant_builder_open (&checks, G_VARIANT_TYPE ("(sssyyba(smsx(tuu)))"));
      g_variant_builder_add (&checks, "s", check.clause.id);
      g_variant_builder_add (&checks, "s", check.clause.title);
      g_variant_builder_add (&checks, "s", check.clause.reference);
      g_variant_builder_add (&checks, "y", (guint8)check.clause.level);
      g_variant_builder_add (&checks, "y", (guint8)check.outcome);
      g_variant_builder_add (&checks, "b", check.decides);
      g_variant_builder_open (&checks, G_VARIANT_TYPE ("a(smsx(tuu))"));
      for (guint j = 0; j < check.n_facts; j++)
        {
          const RtFact *fact = &check.facts[j];

          g_variant_builder_add (&checks, "(smsx(tuu))", fact->name, fact->text.at, fact->number,
                                 fact->proof.offset, fact->proof.length, fact->proof.buffer);
        }
      g_variant_builder_close (&checks);
      g_variant_builder_close (&checks);
    }
  return g_variant_new ("(bsssssa(sssyyba(smsx(tuu))))", decision->acted,
                        rt_decision_get_rule (decision), rt_decision_get_title (decision),
                        rt_decision_get_reference (decision), rt_decision_get_subject (decision),
                        rt_decision_get_verdict (decision), &checks);
}

static void
add_facts_from_variant (RtDecision *decision, GVariantIter *facts)
{
  const char *name, *text;
  gint64 number;
  RtSpan proof;

  while (g_variant_iter_next (facts, "(&sm&sx(tuu))", &name, &text, &number, &proof.offset,
                              &proof.length, &proof.buffer))
    add_fact (decision, &(RtFact){ name, rt_text (text), number, proof });
}

/**
 * rt_decision_new_from_variant:
 * @variant: what rt_decision_to_variant() gave, perhaps read from a file; any values are accepted
 *
 * Returns: (transfer full): the decision
 */
RtDecision *
rt_decision_new_from_variant (GVariant *variant)
{
  RtDecision *decision = rt_decision_new ();
  g_autoptr (GVariantIter) checks = NULL;
  const char *rule, *title, *reference, *subject, *verdict;
  RtClause clause;
  guint8 level, outcome;
  gboolean decides;
  GVariantIter *facts;

  g_variant_get (variant, "(b&s&s&s&s&sa(sssyyba(smsx(tuu))))", &decision->acted, &rule, &title,
                 &reference, &subject, &verdict, &checks);
  decision->rule = keep (decision, rt_text (rule));
  decision->title = keep (decision, rt_text (title));
  decision->reference = keep (decision, rt_text (reference));
  decision->subject = keep (decision, rt_text (subject));
  decision->verdict = keep (decision, rt_text (verdict));
  while (g_variant_iter_next (checks, "(&s&s&syyba(smsx(tuu)))", &clause.id, &clause.title,
                              &clause.reference, &level, &outcome, &decides, &facts))
    {
      RtClause copy
          = { keep (decision, rt_text (clause.id)), keep (decision, rt_text (clause.title)),
              keep (decision, rt_text (clause.reference)),
              (RtLevel)MIN (level, RT_LEVEL_BROWSERS) };

      add_record (decision, &copy, (RtOutcome)MIN (outcome, RT_OUTCOME_FAILS));
      add_facts_from_variant (decision, facts);
      g_variant_iter_free (facts);
      if (decides)
        decision->n_reached = decision->records->len;
    }
  return decision;
}

const char *
rt_level_name (RtLevel level)
{
  static const char *const names[] = { "MUST", "SHOULD", "MAY", "browsers do" };

  return names[MIN ((guint)level, G_N_ELEMENTS (names) - 1)];
}

const char *
rt_outcome_name (RtOutcome outcome)
{
  static const char *const names[] = { "not reached", "holds", "fails" };

  return names[MIN ((guint)outcome, G_N_ELEMENTS (names) - 1)];
}
