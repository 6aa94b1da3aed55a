/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Preconditions, in the order of RFC 9110 §13.2.2:
 *
 *   1. If-Match              false: 412, or a 2xx if the change was made before
 *   2. If-Unmodified-Since   without If-Match; false: as 1
 *   3. If-None-Match         false: 304 to GET and HEAD, 412 to others
 *   4. If-Modified-Since     GET and HEAD without If-None-Match; false: 304
 *   5. If-Range              GET with Range; false: Range is ignored
 *   6. the method
 *
 * Steps 1 and 2 are the origin server's alone. Between 5 and 6 stands the server's own wish for a
 * condition (428). A field that is ignored has a check that says why, so that the trace does not
 * pass over it. */
#include "rt-preconditions.h"

#include "rt-evidence.h"
#include "rt-methods.h"
#include "rt-range.h"

/* clang-format off */
static const RtClause is_conditional = { "precondition.conditional", "the request carries a precondition", "RFC 9110 §13.1", RT_LEVEL_MAY };
static const RtClause method_counts = { "precondition.method", "the method selects or modifies a representation, so preconditions count", "RFC 9110 §13.2.1", RT_LEVEL_MUST };
static const RtClause status_counts = { "precondition.status", "without preconditions the answer would be a 2xx or 412, so they count", "RFC 9110 §13.2.1", RT_LEVEL_MUST };
static const RtClause for_origin = { "precondition.origin", "If-Match and If-Unmodified-Since are evaluated here: this is the origin server", "RFC 9111 §4.3.2", RT_LEVEL_MUST };
static const RtClause match_exists = { "precondition.if-match.exists", "If-Match: there is a current representation", "RFC 9110 §13.1.1", RT_LEVEL_MUST };
static const RtClause match = { "precondition.if-match", "If-Match is * or has the current entity tag, by strong comparison", "RFC 9110 §13.1.1", RT_LEVEL_MUST };
static const RtClause already_applied = { "precondition.already-applied", "the change that the request asks for was made before", "RFC 9110 §13.1.1", RT_LEVEL_MAY };
static const RtClause unmodified_alone = { "precondition.if-unmodified-since.alone", "If-Unmodified-Since counts: no If-Match stands beside it", "RFC 9110 §13.1.4", RT_LEVEL_MUST };
static const RtClause unmodified_date = { "precondition.if-unmodified-since.date", "If-Unmodified-Since is one valid HTTP-date", "RFC 9110 §13.1.4", RT_LEVEL_MUST };
static const RtClause unmodified_known = { "precondition.if-unmodified-since.known", "If-Unmodified-Since: the modification date is known", "RFC 9110 §13.1.4", RT_LEVEL_MUST };
static const RtClause unmodified = { "precondition.if-unmodified-since", "the representation was last modified at that date or before", "RFC 9110 §13.1.4", RT_LEVEL_MUST };
static const RtClause none_match_exists = { "precondition.if-none-match.exists", "If-None-Match: there is a current representation to match", "RFC 9110 §13.1.2", RT_LEVEL_MUST };
static const RtClause none_match_read = { "precondition.if-none-match.read", "If-None-Match of a GET or HEAD does not have the current entity tag, by weak comparison", "RFC 9110 §13.1.2", RT_LEVEL_MUST };
static const RtClause none_match_change = { "precondition.if-none-match.change", "If-None-Match of this method is not * and does not have the current entity tag", "RFC 9110 §13.1.2", RT_LEVEL_MUST };
static const RtClause modified_alone = { "precondition.if-modified-since.alone", "If-Modified-Since counts: no If-None-Match stands beside it", "RFC 9110 §13.1.3", RT_LEVEL_MUST };
static const RtClause modified_read = { "precondition.if-modified-since.method", "If-Modified-Since counts: the method is GET or HEAD", "RFC 9110 §13.1.3", RT_LEVEL_MUST };
static const RtClause modified_date = { "precondition.if-modified-since.date", "If-Modified-Since is one valid HTTP-date", "RFC 9110 §13.1.3", RT_LEVEL_MUST };
static const RtClause modified_known = { "precondition.if-modified-since.known", "If-Modified-Since: the modification date is known", "RFC 9110 §13.1.3", RT_LEVEL_MUST };
static const RtClause modified = { "precondition.if-modified-since", "the representation was modified after that date", "RFC 9110 §13.1.3", RT_LEVEL_SHOULD };
static const RtClause if_range_range = { "precondition.if-range.range", "If-Range counts: the request is a GET with a Range", "RFC 9110 §13.1.5", RT_LEVEL_MUST };
static const RtClause if_range_valid = { "precondition.if-range.valid", "If-Range is one entity tag or one valid HTTP-date", "RFC 9110 §13.1.5", RT_LEVEL_MUST };
static const RtClause if_range_strong_date = { "precondition.if-range.strong-date", "the modification date is a strong validator: its second saw one version only", "RFC 9110 §8.8.2.2", RT_LEVEL_MUST };
static const RtClause if_range_date = { "precondition.if-range.date", "If-Range is exactly the modification date", "RFC 9110 §13.1.5", RT_LEVEL_MUST };
static const RtClause if_range_etag = { "precondition.if-range.etag", "If-Range is the current entity tag, by strong comparison", "RFC 9110 §13.1.5", RT_LEVEL_MUST };
static const RtClause need_change = { "precondition.required.method", "a condition is required here: the method may change the representation", "RFC 6585 §3", RT_LEVEL_MAY };
static const RtClause need_exists = { "precondition.required.exists", "a condition is required here: there is something to lose", "RFC 6585 §3", RT_LEVEL_MAY };
static const RtClause need_match = { "precondition.required", "the required If-Match is there", "RFC 6585 §3", RT_LEVEL_MAY };

static const RtClause *const clauses[] = {
  &is_conditional, &method_counts, &status_counts, &for_origin, &match_exists, &match,
  &already_applied, &unmodified_alone, &unmodified_date, &unmodified_known, &unmodified,
  &modified_alone, &none_match_exists, &none_match_read, &none_match_change, &modified_read,
  &modified_date, &modified_known, &modified, &if_range_range, &if_range_valid,
  &if_range_strong_date, &if_range_date, &if_range_etag, &need_change, &need_exists, &need_match,
};
/* clang-format on */

const RtRule rt_rule_precondition = RT_RULE (
    "precondition", "Do the preconditions let the request through?", "RFC 9110 §13.2.2", clauses);

typedef struct
{
  RtMessage *request;
  const RtPreconditionState *state;
  RtTime now;
  RtDecision *why;
} Asked;

static gboolean
has (const Asked *a, const char *name)
{
  return rt_fields_first (a->request->fields, name) != NULL;
}

static RtFact
method_fact (const Asked *a)
{
  return rt_fact_text ("method", a->request->method, a->request->method_span);
}

static RtFact
etag_fact (const Asked *a)
{
  return rt_fact_text ("current ETag", a->state->etag, a->state->etag_proof);
}

/* Dates are written in whole seconds: what is finer is not there to compare. */
static RtTime
whole_second (RtTime time)
{
  return time - ((time % RT_TIME_SEC) + RT_TIME_SEC) % RT_TIME_SEC;
}

static RtFact
modified_fact (const Asked *a, char text[static RT_DATE_LENGTH + 1])
{
  rt_http_date_format (a->state->modified, text);
  return rt_fact_text ("last modified", (RtText){ text, RT_DATE_LENGTH }, a->state->modified_proof);
}

typedef gboolean (*EtagEqual) (const RtEtag *a, const RtEtag *b);

/* Looks through all lines called @name for `*` or a tag that equals the current one. An element
 * that is no entity tag, or a `*` that does not stand alone, equals none: a client that can't say
 * what it means gets no change made and no content withheld. */
static gboolean
find_current (
    const Asked *a, const char *name, EtagEqual equal, const RtField **ret_field, RtText *ret_tag)
{
  RtEtag current = { 0 };
  gboolean has_current = rt_etag_parse (a->state->etag, &current);
  gboolean any_counts = rt_fields_count (a->request->fields, name) == 1
                        && rt_etag_list_is_any (rt_fields_first (a->request->fields, name)->value);
  const RtField *field;
  guint at = 0;

  while ((field = rt_fields_next (a->request->fields, name, &at)) != NULL)
    {
      RtText rest = field->value;
      RtEtagNext what;
      RtEtag etag;

      while ((what = rt_etag_list_next (&rest, &etag)) != RT_ETAG_END)
        if ((what == RT_ETAG_ANY && any_counts)
            || (what == RT_ETAG_ITEM && has_current && equal (&etag, &current)))
          {
            *ret_field = field;
            *ret_tag = etag.whole;
            return TRUE;
          }
    }
  return FALSE;
}

/* Records the tag that was found, or all of the field where none was. */
static gboolean
check_tags (const Asked *a,
            const RtClause *clause,
            gboolean holds,
            const char *name,
            const RtField *found,
            RtText tag)
{
  RtEvidence evidence;

  if (a->why == NULL)
    return holds;
  evidence.n = 0;
  if (found != NULL)
    rt_evidence_add (&evidence, rt_fact_part (name, found, tag));
  else
    rt_evidence_add_lines (&evidence, a->request->fields, name);
  rt_evidence_add (&evidence, etag_fact (a));
  rt_evidence_add (&evidence, method_fact (a));
  return rt_check_evidence (a->why, clause, holds, &evidence);
}

/* A condition of steps 1 and 2 is false. */
static RtPrecondition
fail_change (const Asked *a)
{
  if (a->state->already_applied && rt_check (a->why, &already_applied, a->state->already_applied))
    return RT_PRECONDITION_ALREADY_APPLIED;
  return RT_PRECONDITION_FAILED;
}

static RtPrecondition
evaluate_if_match (const Asked *a)
{
  const RtField *found = NULL;
  RtText tag = RT_TEXT_NONE;
  gboolean holds;

  if (has (a, "If-Unmodified-Since"))
    rt_check_lines (a->why, &unmodified_alone, FALSE, a->request->fields, "If-Unmodified-Since");
  if (!rt_check (a->why, &match_exists, a->state->exists))
    return fail_change (a);
  holds = find_current (a, "If-Match", rt_etag_equal_strong, &found, &tag);
  if (!check_tags (a, &match, holds, "If-Match", found, tag))
    return fail_change (a);
  return RT_PRECONDITION_PROCEED;
}

/* The one valid date in the lines called @name. Two lines are a list, and a list is no date. */
static gboolean
get_date (const Asked *a, const char *name, RtTime *ret_date)
{
  const RtField *field = rt_fields_first (a->request->fields, name);

  return rt_fields_count (a->request->fields, name) == 1
         && rt_http_date_parse (field->value, a->now, RT_DATE_STRICT, ret_date);
}

static RtPrecondition
evaluate_if_unmodified_since (const Asked *a)
{
  const RtField *field = rt_fields_first (a->request->fields, "If-Unmodified-Since");
  char text[RT_DATE_LENGTH + 1];
  RtTime date = 0;

  if (!rt_check_lines (a->why, &unmodified_date, get_date (a, "If-Unmodified-Since", &date),
                       a->request->fields, "If-Unmodified-Since")
      || !rt_check (a->why, &unmodified_known, a->state->exists && a->state->has_modified))
    return RT_PRECONDITION_PROCEED;
  if (!rt_check (a->why, &unmodified, whole_second (a->state->modified) <= date,
                 rt_fact_field ("If-Unmodified-Since", field), modified_fact (a, text)))
    return fail_change (a);
  return RT_PRECONDITION_PROCEED;
}

static RtPrecondition
evaluate_if_none_match (const Asked *a)
{
  gboolean read = rt_method_is_read (a->request->method);
  const RtField *found = NULL;
  RtText tag = RT_TEXT_NONE;
  gboolean holds;

  if (has (a, "If-Modified-Since"))
    rt_check_lines (a->why, &modified_alone, FALSE, a->request->fields, "If-Modified-Since");
  if (!rt_check (a->why, &none_match_exists, a->state->exists))
    return RT_PRECONDITION_PROCEED;
  holds = !find_current (a, "If-None-Match", rt_etag_equal_weak, &found, &tag);
  if (check_tags (a, read ? &none_match_read : &none_match_change, holds, "If-None-Match", found,
                  tag))
    return RT_PRECONDITION_PROCEED;
  return read ? RT_PRECONDITION_NOT_MODIFIED : RT_PRECONDITION_FAILED;
}

static RtPrecondition
evaluate_if_modified_since (const Asked *a)
{
  const RtField *field = rt_fields_first (a->request->fields, "If-Modified-Since");
  char text[RT_DATE_LENGTH + 1];
  RtTime date = 0;

  if (!rt_check (a->why, &modified_read, rt_method_is_read (a->request->method), method_fact (a))
      || !rt_check_lines (a->why, &modified_date, get_date (a, "If-Modified-Since", &date),
                          a->request->fields, "If-Modified-Since")
      || !rt_check (a->why, &modified_known, a->state->exists && a->state->has_modified))
    return RT_PRECONDITION_PROCEED;
  if (rt_check (a->why, &modified, whole_second (a->state->modified) > date,
                rt_fact_field ("If-Modified-Since", field), modified_fact (a, text)))
    return RT_PRECONDITION_PROCEED;
  return RT_PRECONDITION_NOT_MODIFIED;
}

/* §8.8.2.2: a date is a strong validator only if the representation did not change twice in that
 * second. While the second lasts, that can't be known. */
static gboolean
date_is_strong (const Asked *a)
{
  return !a->state->changed_twice
         && (a->state->is_cache || whole_second (a->now) > whole_second (a->state->modified));
}

static gboolean
if_range_holds (const Asked *a)
{
  const RtField *field = rt_fields_first (a->request->fields, "If-Range");
  char text[RT_DATE_LENGTH + 1];
  RtIfRange value = { 0 };
  RtEtag current = { 0 };

  if (!rt_check_lines (a->why, &if_range_valid,
                       rt_fields_count (a->request->fields, "If-Range") == 1
                           && rt_if_range_parse (field->value, a->now, &value),
                       a->request->fields, "If-Range"))
    return FALSE;
  if (!value.is_date)
    return rt_check (a->why, &if_range_etag,
                     rt_etag_parse (a->state->etag, &current)
                         && rt_etag_equal_strong (&value.etag, &current),
                     rt_fact_field ("If-Range", field), etag_fact (a));
  if (!rt_check (a->why, &if_range_strong_date, a->state->has_modified && date_is_strong (a)))
    return FALSE;
  return rt_check (a->why, &if_range_date, whole_second (a->state->modified) == value.date,
                   rt_fact_field ("If-Range", field), modified_fact (a, text));
}

static RtPrecondition
evaluate_if_range (const Asked *a)
{
  if (!rt_check (a->why, &if_range_range,
                 rt_text_is (a->request->method, "GET") && has (a, "Range"), method_fact (a),
                 rt_fact_present ("Range", rt_fields_first (a->request->fields, "Range"))))
    return RT_PRECONDITION_PROCEED;
  return if_range_holds (a) ? RT_PRECONDITION_PROCEED : RT_PRECONDITION_IGNORE_RANGE;
}

/* Steps 1 to 5. */
static RtPrecondition
evaluate (const Asked *a)
{
  gboolean for_origin_only = has (a, "If-Match") || has (a, "If-Unmodified-Since");
  RtPrecondition verdict = RT_PRECONDITION_PROCEED;

  if (for_origin_only
      && (!a->state->is_cache || rt_check (a->why, &for_origin, !a->state->is_cache)))
    verdict = has (a, "If-Match") ? evaluate_if_match (a) : evaluate_if_unmodified_since (a);
  if (verdict != RT_PRECONDITION_PROCEED)
    return verdict;
  if (has (a, "If-None-Match"))
    verdict = evaluate_if_none_match (a);
  else if (has (a, "If-Modified-Since"))
    verdict = evaluate_if_modified_since (a);
  if (verdict != RT_PRECONDITION_PROCEED)
    return verdict;
  return has (a, "If-Range") ? evaluate_if_range (a) : verdict;
}

static gboolean
carries_precondition (const Asked *a)
{
  static const char *const names[]
      = { "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range" };
  RtEvidence evidence;
  gboolean any = FALSE;

  evidence.n = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const RtField *field = rt_fields_first (a->request->fields, names[i]);

      any = any || field != NULL;
      if (field != NULL && a->why != NULL)
        rt_evidence_add (&evidence, rt_fact_present ("field", field));
    }
  return rt_check_evidence (a->why, &is_conditional, any, &evidence);
}

/* §13.2.1: such as CONNECT, OPTIONS and TRACE. */
static gboolean
method_concerns_representation (const Asked *a)
{
  RtText method = a->request->method;

  return !rt_text_is (method, "CONNECT") && !rt_text_is (method, "OPTIONS")
         && !rt_text_is (method, "TRACE");
}

static gboolean
status_is_conditional (guint status)
{
  return status == 0 || (status >= 200 && status <= 299) || status == 412;
}

/* The server's own wish, asked last: a condition that is false says more than "send one". */
static RtPrecondition
require_condition (const Asked *a)
{
  gboolean changes = method_concerns_representation (a) && !rt_method_is_safe (a->request->method);

  if (!rt_check (a->why, &need_change, changes, method_fact (a))
      || !rt_check (a->why, &need_exists, a->state->exists))
    return RT_PRECONDITION_PROCEED;
  return rt_check (a->why, &need_match, has (a, "If-Match")) ? RT_PRECONDITION_PROCEED
                                                             : RT_PRECONDITION_REQUIRED;
}

static RtPrecondition
decide (const Asked *a)
{
  RtPrecondition verdict = RT_PRECONDITION_PROCEED;

  if (carries_precondition (a))
    {
      if (!rt_check (a->why, &method_counts, method_concerns_representation (a), method_fact (a))
          || !rt_check (a->why, &status_counts, status_is_conditional (a->state->status),
                        rt_fact_number ("status", a->state->status, RT_SPAN_NONE)))
        return verdict;
      verdict = evaluate (a);
    }
  if (verdict == RT_PRECONDITION_PROCEED && a->state->require_if_match
      && status_is_conditional (a->state->status))
    verdict = require_condition (a);
  return verdict;
}

/**
 * rt_precondition_decide:
 * @request: the request; its method and fields are looked at
 * @state: what the recipient knows of the target
 * @now: the recipient's time
 * @why: (nullable): receives the explanation
 *
 * Asked after everything that could fail without preconditions and before the content is acted on
 * (RFC 9110 §13.2.1).
 *
 * Returns: what to do
 */
RtPrecondition
rt_precondition_decide (RtMessage *request,
                        const RtPreconditionState *state,
                        RtTime now,
                        RtDecision *why)
{
  Asked asked = { request, state, now, why };
  RtPrecondition verdict;

  rt_decision_begin (why, &rt_rule_precondition, request->method);
  verdict = decide (&asked);
  rt_decision_conclude (why, rt_precondition_name (verdict));
  return verdict;
}

/**
 * rt_precondition_status:
 * @verdict: a verdict
 *
 * Returns: the status that answers the request, or 0 where the method decides
 */
guint
rt_precondition_status (RtPrecondition verdict)
{
  switch (verdict)
    {
    case RT_PRECONDITION_NOT_MODIFIED:
      return 304;
    case RT_PRECONDITION_FAILED:
      return 412;
    case RT_PRECONDITION_REQUIRED:
      return 428;
    case RT_PRECONDITION_PROCEED:
    case RT_PRECONDITION_IGNORE_RANGE:
    case RT_PRECONDITION_ALREADY_APPLIED:
    default:
      return 0;
    }
}

/**
 * rt_precondition_name:
 * @verdict: a verdict
 *
 * Returns: the word that decisions and `roundtrip rule` have for it
 */
const char *
rt_precondition_name (RtPrecondition verdict)
{
  static const char *const names[]
      = { "proceed", "ignore-range", "304", "412", "already-applied", "428" };

  return names[MIN ((guint)verdict, G_N_ELEMENTS (names) - 1)];
}
