/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Partial content, RFC 9111 §3.3 and §3.4. Two parts are combined only if a strong validator says
 * that they are of the same bytes. */
#include "rt-cache-partial.h"

#include "rt-cache-validate.h"

/* clang-format off */
static const RtClause is_part = { "cache.combine.206", "the answer is a 206 with one part, and Content-Range says which", "RFC 9111 §3.4", RT_LEVEL_MUST };
static const RtClause stored_part = { "cache.combine.stored", "what is stored is a part too", "RFC 9111 §3.4", RT_LEVEL_MUST };
static const RtClause stored_strong = { "cache.combine.strong", "what is stored has a strong validator", "RFC 9111 §3.4", RT_LEVEL_MUST };
static const RtClause same = { "cache.combine.validator", "both parts have the same strong validator", "RFC 9111 §3.4", RT_LEVEL_MUST };
static const RtClause same_length = { "cache.combine.length", "both say the same of the complete length", "RFC 9110 §14.4", RT_LEVEL_MUST };
static const RtClause touch = { "cache.combine.touch", "the parts overlap or follow one another", "RFC 9111 §3.4", RT_LEVEL_MAY };

static const RtClause *const clauses[] = { &is_part, &stored_part, &stored_strong, &same, &same_length, &touch };
/* clang-format on */

const RtRule rt_rule_cache_combine = RT_RULE (
    "cache.combine", "May the part be combined with the stored one?", "RFC 9111 §3.4", clauses);

static gboolean
read_part (RtMessage *response, RtContentRange *ret_range)
{
  const RtField *field = rt_fields_first (response->fields, "Content-Range");

  return response->status == 206 && rt_fields_count (response->fields, "Content-Range") == 1
         && rt_content_range_parse (field->value, ret_range) && !ret_range->unsatisfied;
}

/* The entity tag where either has one: to compare dates then would be to overlook it. */
static gboolean
check_validators (const RtCachePolicy *p, RtMessage *response, RtDecision *why)
{
  const RtField *tag = rt_fields_first (response->fields, "ETag");
  const RtField *modified = rt_fields_first (response->fields, "Last-Modified");
  RtEtag etag = { 0 };
  gboolean has_tag = tag != NULL && rt_etag_parse (tag->value, &etag);
  gboolean equal;

  if (has_tag || p->etag.whole.length > 0)
    equal = has_tag && p->etag.whole.length > 0 && rt_etag_equal_strong (&etag, &p->etag);
  else
    equal = modified != NULL && p->modified_field != NULL
            && rt_text_equal (modified->value, p->modified_field->value);
  return rt_check (why, &same, equal, rt_fact_field ("ETag", tag),
                   rt_fact_field ("stored ETag", p->etag_field),
                   rt_fact_field ("Last-Modified", modified),
                   rt_fact_field ("stored Last-Modified", p->modified_field));
}

static gboolean
lengths_agree (const RtContentRange *a, const RtContentRange *b)
{
  return !a->has_complete || !b->has_complete || a->complete == b->complete;
}

/* [first, last] of both have no gap between them. The sums can't overflow: a Content-Range holds
 * positions below its complete length, or below 2^64 - 1. */
static gboolean
parts_touch (const RtContentRange *a, const RtContentRange *b)
{
  return (b->first <= a->last || b->first - a->last == 1)
         && (a->first <= b->last || a->first - b->last == 1);
}

static RtCacheCombine
union_of (const RtContentRange *a, const RtContentRange *b)
{
  RtCacheCombine c = { TRUE, MIN (a->first, b->first), MAX (a->last, b->last) };
  gboolean known = a->has_complete || b->has_complete;
  guint64 complete = a->has_complete ? a->complete : b->complete;

  c.complete = known && c.first == 0 && c.last == complete - 1;
  return c;
}

/**
 * rt_cache_combine_decide:
 * @policy: of a stored 206
 * @response: the answer to a request for more of it
 * @why: (nullable): receives the explanation
 *
 * Returns: whether to put the new part and the stored one together
 */
RtCacheCombine
rt_cache_combine_decide (const RtCachePolicy *policy, RtMessage *response, RtDecision *why)
{
  const RtField *range = rt_fields_first (response->fields, "Content-Range");
  const RtField *stored = rt_fields_first (policy->response->fields, "Content-Range");
  RtContentRange part = { 0 };
  RtCacheCombine verdict = { 0 };

  rt_decision_begin (why, &rt_rule_cache_combine, rt_text (policy->uri));
  if (rt_check (why, &is_part, read_part (response, &part),
                rt_fact_number ("status", response->status, response->status_span),
                rt_fact_field ("Content-Range", range))
      && rt_check (
          why, &stored_part, policy->is_partial,
          rt_fact_number ("stored status", policy->response->status, policy->response->status_span),
          rt_fact_field ("stored Content-Range", stored))
      && rt_check (
          why, &stored_strong, rt_cache_policy_has_strong_validator (policy),
          rt_fact_field ("stored ETag", policy->etag_field),
          rt_fact_field ("stored Last-Modified", policy->modified_field),
          rt_fact_field ("stored Date", policy->modified_field != NULL ? policy->date_field : NULL))
      && check_validators (policy, response, why)
      && rt_check (why, &same_length, lengths_agree (&part, &policy->range),
                   rt_fact_field ("Content-Range", range), rt_fact_field ("stored", stored))
      && rt_check (why, &touch, parts_touch (&part, &policy->range),
                   rt_fact_field ("Content-Range", range), rt_fact_field ("stored", stored)))
    verdict = union_of (&policy->range, &part);
  rt_decision_conclude (why, !verdict.combine   ? "separate"
                             : verdict.complete ? "complete"
                                                : "combine");
  return verdict;
}

/**
 * rt_cache_part_locate:
 * @policy: of a stored 206
 * @spec: a range of the request
 * @n_stored: how many bytes are stored
 * @ret_offset: (out): where in the stored bytes it starts; untouched on failure
 * @ret_length: (out): its length there
 *
 * A suffix is counted from the end of what is stored, and positions from its start: the same thing
 * where the server told the truth in Content-Range, and the smaller damage where it did not.
 *
 * Returns: whether the stored part has the range
 */
gboolean
rt_cache_part_locate (const RtCachePolicy *policy,
                      const RtRangeSpec *spec,
                      guint64 n_stored,
                      guint64 *ret_offset,
                      guint64 *ret_length)
{
  const RtContentRange *part = &policy->range;
  guint64 complete = part->has_complete ? part->complete : G_MAXUINT64;
  guint64 first, last, offset;

  if (!policy->is_partial || (!part->has_complete && spec->kind != RT_RANGE_CLOSED)
      || !rt_range_resolve (spec, complete, &first, &last) || first < part->first
      || last > part->last)
    return FALSE;
  if (spec->kind == RT_RANGE_SUFFIX)
    offset = n_stored - MIN (last - first + 1, n_stored);
  else
    offset = first - part->first;
  if (offset >= n_stored)
    return FALSE;
  *ret_offset = offset;
  *ret_length = MIN (last - first + 1, n_stored - offset);
  return TRUE;
}

/**
 * rt_cache_missing_range:
 * @policy: of a stored 206
 * @request: the fields of a GET for all of it, which is to be forwarded; changed
 *
 * Asks for the rest only (RFC 9111 §3.3): Range for what is missing, and If-Range where there is a
 * strong validator, so that a change brings everything anew. Only a part that starts at the
 * beginning or reaches the end can be completed by one range.
 *
 * Returns: whether @request was changed
 */
gboolean
rt_cache_missing_range (const RtCachePolicy *policy, RtFields *request)
{
  const RtContentRange *part = &policy->range;
  g_autofree char *range = NULL;
  g_autofree char *validator = NULL;

  if (!policy->is_partial || rt_fields_first (request, "Range") != NULL)
    return FALSE;
  if (part->first == 0)
    range = g_strdup_printf ("bytes=%" G_GUINT64_FORMAT "-", part->last + 1);
  else if (part->has_complete && part->last + 1 == part->complete)
    range = g_strdup_printf ("bytes=0-%" G_GUINT64_FORMAT, part->first - 1);
  else
    return FALSE;
  rt_fields_set (request, "Range", range);
  if (rt_cache_policy_has_strong_validator (policy))
    {
      validator = rt_text_dup (policy->etag.whole.length > 0 ? policy->etag.whole
                                                             : policy->modified_field->value);
      rt_fields_set (request, "If-Range", validator);
    }
  return TRUE;
}

/**
 * rt_cache_combined_fields:
 * @policy: of a stored 206
 * @fields: the fields of the new part
 * @how: what rt_cache_combine_decide() answered
 *
 * Source: RFC 9111 §3.4: the new part's fields replace the stored ones, Content-Range aside.
 *
 * Returns: (transfer full): the fields of what is stored from now on
 */
RtFields *
rt_cache_combined_fields (const RtCachePolicy *policy, RtFields *fields, const RtCacheCombine *how)
{
  RtFields *combined = rt_cache_updated_fields (policy, fields);
  RtContentRange range = policy->range;
  g_autofree char *length = NULL;
  g_autofree char *text = NULL;

  length = g_strdup_printf ("%" G_GUINT64_FORMAT, how->last - how->first + 1);
  rt_fields_set (combined, "Content-Length", length);
  range.first = how->first;
  range.last = how->last;
  text = rt_content_range_format (&range);
  if (how->complete)
    rt_fields_remove (combined, "Content-Range");
  else
    rt_fields_set (combined, "Content-Range", text);
  return combined;
}
