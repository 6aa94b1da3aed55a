/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Notes: what there is to say of an exchange, in words. What can be said is in tables: of findings,
 * which say it themselves; of decisions, by rule and verdict; of what broke off. The severity says
 * who was wronged, not which class the status is in: a 412 that kept an edit is good news. */
#include "rt-analysis-private.h"

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

/* The first row that fits counts. @clause: only where this check decided; @methods: only for
 * these, where NULL means any. A row without a @title says that there is nothing worth saying: the
 * decision stands in the log and in the traces all the same. */
typedef struct
{
  const char *rule, *verdict, *clause, *methods;
  RtSeverity severity;
  const char *title;
} DecisionWords;

/* clang-format off */
static const DecisionWords decision_words[] = {
  { "precondition", "412", "precondition.if-none-match.change", NULL, RT_SEVERITY_GOOD,
    "What was there was saved from being overwritten" },
  { "precondition", "412", "precondition.if-match.exists", NULL, RT_SEVERITY_INFO,
    "There is nothing any more that the change could be based on" },
  { "precondition", "412", NULL, "PUT PATCH DELETE POST", RT_SEVERITY_GOOD,
    "An edit was saved from being overwritten" },
  { "precondition", "412", NULL, NULL, RT_SEVERITY_INFO,
    "The condition is not met, so nothing was done" },
  { "precondition", "304", NULL, NULL, RT_SEVERITY_GOOD,
    "The copy is still good: nothing had to be sent again" },
  { "precondition", "428", NULL, NULL, RT_SEVERITY_GOOD,
    "A change that names no version was refused" },
  { "precondition", "already-applied", NULL, NULL, RT_SEVERITY_GOOD,
    "The change was made before; it is not made twice" },
  { "precondition", "ignore-range", NULL, NULL, RT_SEVERITY_INFO,
    "The representation changed, so all of it is sent instead of a part" },
  { "precondition", "proceed", "precondition.conditional", "PUT PATCH DELETE", RT_SEVERITY_WARNING,
    "The request names no version: what anybody stored meanwhile is lost unseen" },
  { "precondition", "proceed", "precondition.conditional", NULL, RT_SEVERITY_INFO,
    "The request sets no conditions" },
  { "precondition", "proceed", NULL, NULL, RT_SEVERITY_GOOD,
    "The conditions are met: the request is carried out" },
  { "cache.reuse", "fresh", NULL, NULL, RT_SEVERITY_GOOD,
    "The stored response is still fresh: no request is needed" },
  { "cache.reuse", "stale", NULL, NULL, RT_SEVERITY_WARNING,
    "A stale response is used, as it may be" },
  { "cache.reuse", "stale-while-revalidate", NULL, NULL, RT_SEVERITY_INFO,
    "A stale response is used now, and asked about meanwhile" },
  { "cache.reuse", "validate", NULL, NULL, RT_SEVERITY_INFO,
    "The stored response may be used once the server was asked" },
  { "cache.reuse", "no", NULL, NULL, RT_SEVERITY_INFO,
    "Nothing stored answers this request" },
  { "cache.reuse", "504", NULL, NULL, RT_SEVERITY_PROBLEM,
    "Nothing stored answers this request, and nobody may be asked" },
  { "cache.error", "serve-stale", NULL, NULL, RT_SEVERITY_GOOD,
    "The server failed, and a stale response stands in for it" },
  { "cache.store", "store", NULL, NULL, RT_SEVERITY_INFO, "The cache keeps the response" },
  { "cache.store", "do not store", NULL, NULL, RT_SEVERITY_INFO,
    "The cache does not keep the response" },
  { "cors.check", "shown", NULL, NULL, RT_SEVERITY_GOOD, "The script may read the answer" },
  { "cors.check", "hidden", NULL, NULL, RT_SEVERITY_PROBLEM,
    "The browser hides the answer from the script; the server has done its part all the same" },
  { "cors.preflight-needed", "needed", NULL, NULL, RT_SEVERITY_INFO,
    "The browser asks the server first whether it may send this" },
  { "cors.preflight-needed", "not-needed", NULL, NULL, RT_SEVERITY_INFO,
    "The browser sends this without asking first, as a form could have" },
  { "cors.preflight", "allowed", NULL, NULL, RT_SEVERITY_GOOD,
    "The server agrees: the browser sends the request" },
  { "cors.preflight", "refused", NULL, NULL, RT_SEVERITY_PROBLEM,
    "The server does not agree: the browser sends nothing more" },
  { "hsts.upgrade", "upgrade", NULL, NULL, RT_SEVERITY_GOOD,
    "The browser uses https, though the link says http" },
  { "cors.expose", "unreadable", NULL, NULL, RT_SEVERITY_INFO, NULL },
  { "cache.invalidate", "nothing", NULL, NULL, RT_SEVERITY_INFO, NULL },
  { "cors.preflight-cache", "approved", NULL, NULL, RT_SEVERITY_GOOD,
    "The server agreed a while ago: the browser need not ask again" },
  { "browser.mode", "opaque", NULL, NULL, RT_SEVERITY_INFO,
    "The script gets the answer to use, not to read" },
  { "browser.mode", "refused", NULL, NULL, RT_SEVERITY_PROBLEM, "The browser sends nothing" },
  { "browser.script", "refused", NULL, NULL, RT_SEVERITY_PROBLEM,
    "The browser sends nothing: no script may ask for this" },
  { "browser.field", "dropped", NULL, NULL, RT_SEVERITY_WARNING,
    "The script may not set this field: the browser leaves it out" },
  { "browser.cache-mode", "stored", NULL, NULL, RT_SEVERITY_INFO,
    "The stored response is used, however old it is" },
  { "browser.connections", "wait", NULL, NULL, RT_SEVERITY_INFO,
    "The request waits: all connections that the browser opens to one host are in use" },
  { "cookie.set", "ignored", NULL, NULL, RT_SEVERITY_WARNING, "The browser does not take the cookie" },
  { "cookie.send", "keep", NULL, NULL, RT_SEVERITY_INFO, "The cookie does not go along" },
  { "redirect", "follow", NULL, NULL, RT_SEVERITY_INFO, "The redirection is followed" },
  { "redirect", "refuse", NULL, NULL, RT_SEVERITY_PROBLEM, "The redirection is not followed" },
  { "hsts.note", "noted", NULL, NULL, RT_SEVERITY_GOOD,
    "From now on the browser speaks to this host over TLS alone" },
  { "hsts.note", "ignored", NULL, NULL, RT_SEVERITY_WARNING,
    "The browser does not take the host's word for it" },
  { "handler.head", "too late", NULL, NULL, RT_SEVERITY_WARNING,
    "The program sets this too late: the header section has left" },
  { "handler.head", "set", NULL, NULL, RT_SEVERITY_INFO, NULL },
  { "retry", "retry", NULL, NULL, RT_SEVERITY_INFO, "The client tries again" },
  { "retry", "give-up", NULL, NULL, RT_SEVERITY_INFO, "The client does not try again" },
};
/* clang-format on */

static gboolean
is_among (const char *words, const char *word)
{
  gsize length = strlen (word);

  for (const char *at = words; (at = strstr (at, word)) != NULL; at += length)
    if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
      return length > 0;
  return FALSE;
}

/* The first word of the subject is the method, where it is about a request. */
static char *
method_of (RtDecision *decision)
{
  const char *subject = rt_decision_get_subject (decision);

  return g_strndup (subject, strcspn (subject, " "));
}

static const DecisionWords *
find_words (RtDecision *decision)
{
  RtCheck check = { 0 };
  g_autofree char *method = method_of (decision);

  rt_decision_get_deciding (decision, &check);
  for (gsize i = 0; i < G_N_ELEMENTS (decision_words); i++)
    {
      const DecisionWords *words = &decision_words[i];

      if (g_str_equal (words->rule, rt_decision_get_rule (decision))
          && g_str_equal (words->verdict, rt_decision_get_verdict (decision))
          && (words->clause == NULL || g_strcmp0 (words->clause, check.clause.id) == 0)
          && (words->methods == NULL || is_among (words->methods, method)))
        return words;
    }
  return NULL;
}

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
  const DecisionWords *words = find_words (decision);
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
