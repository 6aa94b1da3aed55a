/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Notes: what there is to say of an exchange, in words. What can be said is in tables: of findings,
 * which say it themselves; of decisions, by rule and verdict; of what broke off. The severity says
 * who was wronged, not which class the status is in: a 412 that kept an edit is good news. */
#include "rt-analysis-private.h"

#include "rt-decision-words.h"
#include "rt-note.h"

#include <string.h>

void
rt_note_free (gpointer data)
{
  RtNote *note = data;

  g_clear_pointer (&note->decision, rt_decision_unref);
  g_free (note);
}

/* Takes over nothing: its texts are kept by the analysis. */
void
rt_note_add (RtAnalysis *analysis, const RtNote *note)
{
  RtNote *copy = g_memdup2 (note, sizeof *note);

  copy->title = rt_analysis_keep (analysis, note->title);
  copy->text = rt_analysis_keep (analysis, note->text);
  copy->reference = note->reference != NULL && *note->reference != '\0'
                        ? rt_analysis_keep (analysis, note->reference)
                        : NULL;
  copy->finding = note->finding != NULL ? rt_analysis_keep (analysis, note->finding) : NULL;
  if (copy->decision != NULL)
    rt_decision_ref (copy->decision);
  g_ptr_array_add (analysis->notes, copy);
  if (copy->exchange != 0)
    g_ptr_array_add (rt_part_get_exchange (analysis, copy->exchange)->notes, copy);
}

/* Findings */

static char *
finding_words (const RtFindingKind *kind, const RtTransfer *transfer)
{
  const char *level = kind->clause.level == RT_LEVEL_MUST     ? "It must be so"
                      : kind->clause.level == RT_LEVEL_SHOULD ? "It should be so"
                      : kind->clause.level == RT_LEVEL_MAY    ? "A recipient may insist on it"
                                                              : "Browsers expect it";

  if (kind->status != 0 && transfer->direction == RT_FORWARD)
    return g_strdup_printf ("%s (%s); a strict server answers %u.", level, kind->clause.reference,
                            kind->status);
  if (kind->status != 0)
    return g_strdup_printf ("%s (%s); a strict client or gateway stops reading here.", level,
                            kind->clause.reference);
  return g_strdup_printf ("%s (%s); a recipient can go on all the same.", level,
                          kind->clause.reference);
}

/* What people say of it who do not look at the bytes. */
static const char *
symptom_of (const RtFindingKind *kind)
{
  return g_str_equal (kind->clause.id, "http1.trailer-forbidden") ? "header-after-body" : NULL;
}

static void
add_finding (RtAnalysis *analysis,
             const RtTransfer *transfer,
             const RtFinding *finding,
             const RtFold *fold)
{
  g_autofree char *title = g_strdup_printf ("Not kept: %s", finding->kind->clause.title);
  g_autofree char *text = finding_words (finding->kind, transfer);

  rt_note_add (analysis, &(RtNote){ .severity = finding->kind->severity,
                                    .title = title,
                                    .text = text,
                                    .reference = finding->kind->clause.reference,
                                    .level = finding->kind->clause.level,
                                    .span = finding->span,
                                    .exchange = transfer->exchange,
                                    .event = fold->number,
                                    .finding = finding->kind->clause.id,
                                    .symptom = symptom_of (finding->kind) });
}

/* The findings of @transfer from index @from on are new. */
void
rt_note_add_findings (RtAnalysis *analysis, RtTransfer *transfer, guint from, const RtFold *fold)
{
  for (guint i = from; i < transfer->findings->len; i++)
    add_finding (analysis, transfer, &g_array_index (transfer->findings, RtFinding, i), fold);
}

/* Decisions */

/**
 * rt_fact_dup_words:
 * @fact: an input of a check
 *
 * Returns: (transfer full): `If-Match "1"`, `lifetime 60`
 */
char *
rt_fact_dup_words (const RtFact *fact)
{
  g_autofree char *text = NULL;

  if (fact->text.at == NULL)
    return g_strdup_printf ("%s %" G_GINT64_FORMAT, fact->name, fact->number);
  if (fact->text.length == 0)
    return g_strdup_printf ("%s (none)", fact->name);
  text = rt_text_escape (fact->text);
  return g_strdup_printf ("%s %s", fact->name, text);
}

/**
 * rt_check_dup_words:
 * @check: a check of a decision
 *
 * Returns: (transfer full): its claim, whether it holds, and what it was judged by:
 *   `Yes: the stored response is fresh (lifetime 60, age 40).`
 */
char *
rt_check_dup_words (const RtCheck *check)
{
  GString *words = g_string_new (check->outcome == RT_OUTCOME_HOLDS   ? "Yes: "
                                 : check->outcome == RT_OUTCOME_FAILS ? "No: "
                                                                      : "Not asked: ");

  g_string_append (words, check->clause.title);
  for (guint i = 0; i < check->n_facts; i++)
    {
      g_autofree char *fact = rt_fact_dup_words (&check->facts[i]);

      g_string_append_printf (words, "%s%s", i == 0 ? " (" : ", ", fact);
    }
  g_string_append (words, check->n_facts > 0 ? ")." : ".");
  return g_string_free (words, FALSE);
}

void
rt_note_add_decision (RtAnalysis *analysis, const RtDecisionInfo *info)
{
  RtDecision *decision = info->decision;
  const RtDecisionWords *words = rt_decision_words_find (decision);
  RtCheck check = { 0 };
  gboolean decided = rt_decision_get_deciding (decision, &check);
  g_autofree char *text = decided ? rt_check_dup_words (&check) : g_strdup ("");
  g_autofree char *title = words != NULL
                               ? g_strdup (words->title)
                               : g_strdup_printf ("%s %s", rt_decision_get_title (decision),
                                                  rt_decision_get_verdict (decision));

  if (title == NULL)
    return;
  rt_note_add (analysis, &(RtNote){ .severity = words != NULL ? words->severity : RT_SEVERITY_INFO,
                                    .title = title,
                                    .text = text,
                                    .reference = decided ? check.clause.reference
                                                         : rt_decision_get_reference (decision),
                                    .level = decided ? check.clause.level : RT_LEVEL_MAY,
                                    .span = rt_decision_get_proof (decision),
                                    .exchange = info->exchange,
                                    .event = info->event,
                                    .decision = decision });
}

/* What broke off, and what is not there */

void
rt_note_add_missing (RtAnalysis *analysis, const RtTransfer *transfer, const RtFold *fold)
{
  g_autofree char *text
      = transfer->missing_length > 0
            ? g_strdup_printf ("%" G_GUINT64_FORMAT " bytes of it are not in the source: %s",
                               transfer->missing_length, transfer->missing)
            : g_strdup_printf ("It is not in the source: %s", transfer->missing);

  rt_note_add (analysis, &(RtNote){ .severity = RT_SEVERITY_INFO,
                                    .title = transfer->direction == RT_FORWARD
                                                 ? "The content of the request is missing"
                                                 : "The content of the response is missing",
                                    .text = text,
                                    .level = RT_LEVEL_MAY,
                                    .span = transfer->message->head,
                                    .exchange = transfer->exchange,
                                    .event = fold->number });
}

void
rt_note_add_broken (RtAnalysis *analysis, const RtTransfer *transfer, const RtFold *fold)
{
  gboolean request = transfer->direction == RT_FORWARD;

  rt_note_add (analysis, &(RtNote){ .severity = RT_SEVERITY_PROBLEM,
                                    .title = request ? "The request is incomplete"
                                                     : "The response is incomplete",
                                    .text = transfer->broken,
                                    .reference = "RFC 9112 §8",
                                    .level = RT_LEVEL_MUST,
                                    .span = transfer->whole,
                                    .exchange = transfer->exchange,
                                    .event = fold->number });
}

void
rt_note_add_failed (RtAnalysis *analysis, const RtExchange *exchange, const RtFold *fold)
{
  if (exchange->response != NULL)
    return;
  rt_note_add (analysis, &(RtNote){ .severity = RT_SEVERITY_PROBLEM,
                                    .title = "There will be no response",
                                    .text = exchange->failed,
                                    .reference = "RFC 9112 §9.5",
                                    .level = RT_LEVEL_MAY,
                                    .span = exchange->request != NULL ? exchange->request->whole
                                                                      : RT_SPAN_NONE,
                                    .exchange = exchange->id,
                                    .event = fold->number });
}
