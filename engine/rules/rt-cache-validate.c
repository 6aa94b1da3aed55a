/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Validation, RFC 9111 §4.3. A stored response is asked about by its validators; the answer, a 304
 * or a HEAD's 200, is matched with stored responses by validators too, and its fields then take the
 * place of theirs. */
#include "rt-cache-validate.h"

#include "rt-cache-store.h"

/* clang-format off */
static const RtClause not_modified = { "cache.update.304", "the answer is a 304", "RFC 9111 §4.3.3", RT_LEVEL_MUST };
static const RtClause strong = { "cache.update.strong", "the strong entity tag of the 304 is that of the stored response", "RFC 9111 §4.3.4", RT_LEVEL_MUST };
static const RtClause weak = { "cache.update.weak", "the weak validator of the 304 is that of the stored response", "RFC 9111 §4.3.4", RT_LEVEL_MUST };
static const RtClause none = { "cache.update.none", "neither the 304 nor the stored response has a validator", "RFC 9111 §4.3.4", RT_LEVEL_MUST };
static const RtClause asked = { "cache.update.asked", "the 304 has no validator, but it answers a question about this stored response alone", "RFC 9111 §4.3.3", RT_LEVEL_MAY };

static const RtClause *const update_clauses[] = { &not_modified, &strong, &weak, &none, &asked };

static const RtClause head_success = { "cache.update-head.status", "the answer to the HEAD has the status of the stored response", "RFC 9111 §4.3.5", RT_LEVEL_SHOULD };
static const RtClause head_etag = { "cache.update-head.etag", "its ETag, if it has one, is the stored one", "RFC 9111 §4.3.5", RT_LEVEL_SHOULD };
static const RtClause head_modified = { "cache.update-head.last-modified", "its Last-Modified, if it has one, is the stored one", "RFC 9111 §4.3.5", RT_LEVEL_SHOULD };
static const RtClause head_length = { "cache.update-head.content-length", "its Content-Length, if it has one, is the stored one", "RFC 9111 §4.3.5", RT_LEVEL_SHOULD };

static const RtClause *const head_clauses[] = { &head_success, &head_etag, &head_modified, &head_length };
/* clang-format on */

const RtRule rt_rule_cache_update = RT_RULE (
    "cache.update", "Does the 304 update this stored response?", "RFC 9111 §4.3.4", update_clauses);
const RtRule rt_rule_cache_update_head
    = RT_RULE ("cache.update-head",
               "Does the answer to a HEAD update this stored response?",
               "RFC 9111 §4.3.5",
               head_clauses);

static void
append_text (RtFields *fields, const char *name, RtText value)
{
  g_autofree char *copy = rt_text_dup (value);

  rt_fields_append (fields, name, copy);
}

/**
 * rt_cache_precondition_state:
 * @policy: of the stored response that answers
 *
 * Source: RFC 9111 §4.3.2: without a Last-Modified the response's Date stands in for it, and
 * without that the time it was received. Neither is a validator: If-Range never holds by them.
 *
 * Returns: what rt_precondition_decide() has to know, to answer the client's own conditions from
 *   the cache
 */
RtPreconditionState
rt_cache_precondition_state (const RtCachePolicy *policy)
{
  RtPreconditionState state = {
    .is_cache = TRUE,
    .status = policy->response->status,
    .exists = TRUE,
    .etag = policy->etag.whole,
    .has_modified = TRUE,
    .modified = policy->date,
    .changed_twice = TRUE,
  };

  if (policy->etag.whole.length > 0)
    state.etag_proof = rt_field_part_span (policy->etag_field, policy->etag.whole);
  if (policy->has_modified)
    {
      state.modified = policy->modified;
      state.changed_twice = !policy->has_date || policy->date - policy->modified < RT_TIME_SEC;
    }
  /* The date is written anew for the trace, so only one that reads the same is cited. */
  if (policy->has_modified && policy->modified_field->value.length == RT_DATE_LENGTH)
    state.modified_proof = policy->modified_field->value_span;
  else if (!policy->has_modified && policy->has_date
           && policy->date_field->value.length == RT_DATE_LENGTH)
    state.modified_proof = policy->date_field->value_span;
  return state;
}

/**
 * rt_cache_add_conditions:
 * @request: the fields of the request to be forwarded; changed
 * @candidates: (array length=n_candidates): the stored responses that the answer may choose from,
 *   the selected one first
 * @n_candidates: at least one
 *
 * Makes the request a validation of what is stored: the entity tags of all candidates, and the
 * modification date of the selected one (RFC 9111 §4.3.1). The client's own conditions of the same
 * names are taken away: the cache answers those itself, from what it gets.
 *
 * Returns: how many entity tags and dates it asks about; 0: nothing stored has a validator, and
 *   @request is as it was
 */
guint
rt_cache_add_conditions (RtFields *request, RtCachePolicy *const *candidates, guint n_candidates)
{
  g_autoptr (GString) tags = g_string_new (NULL);
  const RtField *modified = candidates[0]->has_modified ? candidates[0]->modified_field : NULL;
  guint n = 0;

  for (guint i = 0; i < n_candidates; i++)
    if (candidates[i]->etag.whole.length > 0)
      {
        g_string_append_printf (tags, "%s%.*s", n > 0 ? ", " : "",
                                (int)candidates[i]->etag.whole.length,
                                candidates[i]->etag.whole.at);
        n++;
      }
  if (n == 0 && modified == NULL)
    return 0;
  rt_fields_remove (request, "If-None-Match");
  rt_fields_remove (request, "If-Modified-Since");
  if (n > 0)
    rt_fields_append (request, "If-None-Match", tags->str);
  if (modified != NULL)
    append_text (request, "If-Modified-Since", modified->value);
  return n + (modified != NULL);
}

/* What a 304 or HEAD's 200 says of validators. */
typedef struct
{
  const RtField *etag_field, *modified_field;
  RtEtag etag;
  gboolean has_etag, has_modified;
  RtTime modified;
} Validators;

static Validators
read_validators (RtFields *fields, RtTime now)
{
  Validators v = { rt_fields_first (fields, "ETag"), rt_fields_first (fields, "Last-Modified") };

  v.has_etag = v.etag_field != NULL && rt_etag_parse (v.etag_field->value, &v.etag);
  v.has_modified
      = v.modified_field != NULL
        && rt_http_date_parse (v.modified_field->value, now, RT_DATE_CASELESS, &v.modified);
  return v;
}

static gboolean
check_pair (RtDecision *why,
            const RtClause *clause,
            gboolean holds,
            const char *name,
            const RtField *answer,
            const RtField *stored)
{
  return rt_check (why, clause, holds, rt_fact_field (name, answer),
                   rt_fact_field ("stored", stored));
}

static gboolean
weak_equal (const RtCachePolicy *p, const Validators *v)
{
  if (v->has_etag)
    return p->etag.whole.length > 0 && rt_etag_equal_weak (&v->etag, &p->etag);
  return p->has_modified && v->modified == p->modified;
}

/* The three cases of §4.3.4, by what the 304 has, and the one that it leaves to sense. */
static gboolean
is_about (const RtCachePolicy *p, const Validators *v, gboolean alone, RtDecision *why)
{
  gboolean stored_none = p->etag.whole.length == 0 && !p->has_modified;

  if (v->has_etag && !v->etag.weak)
    return check_pair (why, &strong,
                       p->etag.whole.length > 0 && rt_etag_equal_strong (&v->etag, &p->etag),
                       "ETag", v->etag_field, p->etag_field);
  if (v->has_etag)
    return check_pair (why, &weak, weak_equal (p, v), "ETag", v->etag_field, p->etag_field);
  if (v->has_modified)
    return check_pair (why, &weak, weak_equal (p, v), "Last-Modified", v->modified_field,
                       p->modified_field);
  return rt_check (why, &none, alone && stored_none, rt_fact_field ("ETag", v->etag_field),
                   rt_fact_field ("Last-Modified", v->modified_field),
                   rt_fact_field ("stored ETag", p->etag_field),
                   rt_fact_field ("stored Last-Modified", p->modified_field))
         || rt_check (why, &asked, alone);
}

/**
 * rt_cache_update_decide:
 * @policy: of a stored response that was asked about
 * @response: the answer
 * @asked_about_it_alone: it is the only stored response that the answer can mean
 * @why: (nullable): receives the explanation
 *
 * Returns: %RT_CACHE_UPDATE_YES or %RT_CACHE_UPDATE_NO
 */
RtCacheUpdate
rt_cache_update_decide (const RtCachePolicy *policy,
                        RtMessage *response,
                        gboolean asked_about_it_alone,
                        RtDecision *why)
{
  Validators v = read_validators (response->fields, policy->response_time);
  RtCacheUpdate verdict = RT_CACHE_UPDATE_NO;

  rt_decision_begin (why, &rt_rule_cache_update, rt_text (policy->uri));
  if (rt_check (why, &not_modified, response->status == 304,
                rt_fact_number ("status", response->status, response->status_span))
      && is_about (policy, &v, asked_about_it_alone, why))
    verdict = RT_CACHE_UPDATE_YES;
  rt_decision_conclude (why, rt_cache_update_name (verdict));
  return verdict;
}

/* A field of the answer that the stored response lacks tells that it is another one; one that the
 * answer lacks tells nothing. */
static gboolean
check_lengths (const RtCachePolicy *p, RtMessage *response, RtDecision *why)
{
  const RtField *answer = rt_fields_first (response->fields, "Content-Length");
  const RtField *stored = rt_fields_first (p->response->fields, "Content-Length");

  return answer == NULL
         || check_pair (why, &head_length,
                        stored == NULL || rt_text_equal (answer->value, stored->value),
                        "Content-Length", answer, stored);
}

/**
 * rt_cache_update_head_decide:
 * @policy: of a response that was stored for a GET of the same target and selected by this HEAD
 * @response: the answer to a HEAD that was forwarded
 * @why: (nullable): receives the explanation
 *
 * Returns: %RT_CACHE_UPDATE_YES, or %RT_CACHE_UPDATE_STALE where the answer is about something
 * else; %RT_CACHE_UPDATE_NO where it has another status and so says nothing of the stored response
 */
RtCacheUpdate
rt_cache_update_head_decide (const RtCachePolicy *policy, RtMessage *response, RtDecision *why)
{
  Validators v = read_validators (response->fields, policy->response_time);
  RtCacheUpdate verdict = RT_CACHE_UPDATE_STALE;

  rt_decision_begin (why, &rt_rule_cache_update_head, rt_text (policy->uri));
  if (!rt_check (
          why, &head_success, response->status == policy->response->status,
          rt_fact_number ("status", response->status, response->status_span),
          rt_fact_number ("stored", policy->response->status, policy->response->status_span)))
    verdict = RT_CACHE_UPDATE_NO;
  else if ((v.etag_field == NULL
            || check_pair (why, &head_etag,
                           policy->etag_field != NULL
                               && rt_text_equal (v.etag_field->value, policy->etag_field->value),
                           "ETag", v.etag_field, policy->etag_field))
           && (v.modified_field == NULL
               || check_pair (
                   why, &head_modified,
                   policy->modified_field != NULL
                       && rt_text_equal (v.modified_field->value, policy->modified_field->value),
                   "Last-Modified", v.modified_field, policy->modified_field))
           && check_lengths (policy, response, why))
    verdict = RT_CACHE_UPDATE_YES;
  rt_decision_conclude (why, rt_cache_update_name (verdict));
  return verdict;
}

/**
 * rt_cache_update_name:
 * @verdict: a verdict
 *
 * Returns: the word that decisions and `roundtrip rule` have for it
 */
const char *
rt_cache_update_name (RtCacheUpdate verdict)
{
  static const char *const names[] = { "update", "another", "stale" };

  return names[MIN ((guint)verdict, G_N_ELEMENTS (names) - 1)];
}

/* §3.2: what the stored bytes depend on stays as it was stored with them. */
static gboolean
describes_stored_bytes (RtText name)
{
  static const char *const names[] = { "Content-Length", "Content-Encoding", "Content-Range" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (rt_text_is_nocase (name, names[i]))
      return TRUE;
  return FALSE;
}

/* @kept without the lines that @fields replaces. */
static void
append_kept (RtFields *out, RtFields *kept, RtFields *replaced_by)
{
  for (guint i = 0; i < rt_fields_get_length (kept); i++)
    {
      const RtField *field = rt_fields_get (kept, i);
      gboolean replaced = FALSE;

      for (guint j = 0; !replaced && j < rt_fields_get_length (replaced_by); j++)
        replaced = rt_text_equal_nocase (field->name, rt_fields_get (replaced_by, j)->name)
                   && !describes_stored_bytes (field->name);
      /* Age told how old the stored response was then: what is fresh now has its own, or none. */
      if (!replaced && !rt_text_is_nocase (field->name, "Age"))
        rt_fields_append_field (out, field);
    }
}

/**
 * rt_cache_updated_fields:
 * @policy: of a stored response
 * @fields: the fields of the answer that updates it
 *
 * Source: RFC 9111 §3.2.
 *
 * Returns: (transfer full): the stored fields with those of @fields in the place of the ones with
 *   the same names
 */
RtFields *
rt_cache_updated_fields (const RtCachePolicy *policy, RtFields *fields)
{
  g_autoptr (RtFields) usable = rt_cache_stored_fields (&policy->settings, fields);
  RtFields *updated = rt_fields_new ();

  append_kept (updated, policy->response->fields, usable);
  for (guint i = 0; i < rt_fields_get_length (usable); i++)
    if (!describes_stored_bytes (rt_fields_get (usable, i)->name))
      rt_fields_append_field (updated, rt_fields_get (usable, i));
  return updated;
}
