/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Idempotency keys. The key has to be reserved before the work begins, in the same transaction as
 * the work if it can be: a key that is written down afterwards is of no use when the server dies in
 * between, which is when it is needed. */
#include "rt-idempotency.h"

#include "rt-evidence.h"
#include "rt-methods.h"
#include "rt-structured.h"

#define DRAFT "draft-ietf-httpapi-idempotency-key-header "

static const char field_name[] = "Idempotency-Key";

/* clang-format off */
static const RtClause not_idempotent = { "idempotency.method", "the method is not idempotent by itself, so a repetition could do harm", "RFC 9110 §9.2.2", RT_LEVEL_MAY };
static const RtClause has_key = { "idempotency.key", "the request has an Idempotency-Key", DRAFT "§2.1", RT_LEVEL_MAY };
static const RtClause needs_none = { "idempotency.required", "the resource does without one", DRAFT "§2.7", RT_LEVEL_MAY };
static const RtClause valid_key = { "idempotency.valid", "it is one structured-field string, not empty and not too long", DRAFT "§2.1", RT_LEVEL_MUST };
static const RtClause unused_key = { "idempotency.unused", "nothing is written down under this key", DRAFT "§2.6", RT_LEVEL_SHOULD };
static const RtClause expired_key = { "idempotency.expired", "what is written down has expired", DRAFT "§2.3", RT_LEVEL_MAY };
static const RtClause same_payload = { "idempotency.payload", "the payload is that of the first request", DRAFT "§2.7", RT_LEVEL_SHOULD };
static const RtClause work_done = { "idempotency.done", "the work for the first request is done", DRAFT "§2.6", RT_LEVEL_SHOULD };

static const RtClause *const clauses[] = {
  &not_idempotent, &has_key, &needs_none, &valid_key, &unused_key, &expired_key, &same_payload, &work_done,
};
/* clang-format on */

const RtRule rt_rule_idempotency
    = RT_RULE ("idempotency", "Is this request new, or was it made before?", DRAFT "§2.6", clauses);

/**
 * rt_idempotency_key_parse:
 * @request: a request
 * @ret_key: (out) (transfer full): its key; untouched on failure
 *
 * Returns: whether it has exactly one valid key
 */
gboolean
rt_idempotency_key_parse (RtMessage *request, char **ret_key)
{
  const RtField *field = rt_fields_first (request->fields, field_name);
  g_autoptr (RtSf) sf = NULL;
  RtText text;

  if (field == NULL || rt_fields_count (request->fields, field_name) != 1)
    return FALSE;
  sf = rt_sf_parse (field->value, RT_SF_ITEM, NULL);
  if (sf == NULL || sf->members[0].value.type != RT_SF_STRING)
    return FALSE;
  text = sf->members[0].value.text;
  if (text.length == 0 || text.length > RT_IDEMPOTENCY_KEY_MAX)
    return FALSE;
  *ret_key = rt_text_dup (text);
  return TRUE;
}

static RtIdempotency
look_up (RtMessage *request, const RtIdempotencyRecord *record, RtTime now, RtDecision *why)
{
  RtFact key = rt_fact_field (field_name, rt_fields_first (request->fields, field_name));

  if (rt_check (why, &unused_key, record == NULL, key)
      || rt_check (
          why, &expired_key, record->expires <= now, key,
          rt_fact_number ("seconds left", (record->expires - now) / RT_TIME_SEC, RT_SPAN_NONE)))
    return RT_IDEMPOTENCY_BEGIN;
  if (!rt_check (why, &same_payload, record->same_payload, key))
    return RT_IDEMPOTENCY_MISMATCH;
  return rt_check (why, &work_done, record->done, key,
                   rt_fact_number ("seconds since it was reserved",
                                   (now - record->reserved) / RT_TIME_SEC, RT_SPAN_NONE))
             ? RT_IDEMPOTENCY_REPLAY
             : RT_IDEMPOTENCY_IN_FLIGHT;
}

static RtIdempotency
decide (RtMessage *request,
        gboolean required,
        const RtIdempotencyRecord *record,
        RtTime now,
        RtDecision *why)
{
  g_autofree char *key = NULL;
  gboolean present = rt_fields_first (request->fields, field_name) != NULL;

  if (!rt_check (why, &not_idempotent, !rt_method_is_idempotent (request->method),
                 rt_fact_text ("method", request->method, request->method_span)))
    return RT_IDEMPOTENCY_UNKEYED;
  if (!rt_check (why, &has_key, present))
    return rt_check (why, &needs_none, !required) ? RT_IDEMPOTENCY_UNKEYED : RT_IDEMPOTENCY_MISSING;
  if (!rt_check_lines (why, &valid_key, rt_idempotency_key_parse (request, &key), request->fields,
                       field_name))
    return RT_IDEMPOTENCY_MALFORMED;
  return look_up (request, record, now, why);
}

/**
 * rt_idempotency_decide:
 * @request: what came in
 * @required: the resource insists on a key
 * @record: (nullable): what is written down under the request's key
 * @now: the current time
 * @why: (nullable): takes the trace
 *
 * Returns: what the server is to do
 */
RtIdempotency
rt_idempotency_decide (RtMessage *request,
                       gboolean required,
                       const RtIdempotencyRecord *record,
                       RtTime now,
                       RtDecision *why)
{
  RtIdempotency verdict;

  rt_decision_begin (why, &rt_rule_idempotency, request->target);
  verdict = decide (request, required, record, now, why);
  rt_decision_conclude (why, rt_idempotency_name (verdict));
  return verdict;
}

static const struct
{
  const char *name;
  guint status;
} verdicts[] = {
  [RT_IDEMPOTENCY_UNKEYED] = { "unkeyed", 0 },
  [RT_IDEMPOTENCY_BEGIN] = { "begin", 0 },
  [RT_IDEMPOTENCY_REPLAY] = { "replay", 0 },
  [RT_IDEMPOTENCY_IN_FLIGHT] = { "in-flight", 409 },
  [RT_IDEMPOTENCY_MISMATCH] = { "mismatch", 422 },
  [RT_IDEMPOTENCY_MISSING] = { "missing", 400 },
  [RT_IDEMPOTENCY_MALFORMED] = { "malformed", 400 },
};

/**
 * rt_idempotency_status:
 * @verdict: a verdict
 *
 * Returns: the status of the refusal, or 0 where there is none
 */
guint
rt_idempotency_status (RtIdempotency verdict)
{
  return verdicts[verdict].status;
}

const char *
rt_idempotency_name (RtIdempotency verdict)
{
  return verdicts[verdict].name;
}
