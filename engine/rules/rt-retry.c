/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Retry. A time-out or a lost connection does not say whether the request was carried out, so only
 * what may be carried out twice is sent twice. */
#include "rt-retry.h"

#include "rt-date.h"
#include "rt-evidence.h"
#include "rt-methods.h"

/** What a server may put a client off for; longer and it gives up. */
#define DELAY_MAX RT_TIME_DAY

/* clang-format off */
static const RtClause attempts_left = { "retry.attempts", "it was sent less often than the client's limit allows", "RFC 9110 §9.2.2", RT_LEVEL_SHOULD };
static const RtClause content_kept = { "retry.content", "its content is still there to be sent again", "RFC 9110 §9.2.2", RT_LEVEL_MAY };
static const RtClause no_answer = { "retry.no-answer", "no answer came", "RFC 9112 §9.5", RT_LEVEL_MAY };
static const RtClause never_sent = { "retry.never-sent", "nothing of it had left, so nobody can have acted on it", "RFC 9110 §9.2.2", RT_LEVEL_MAY };
static const RtClause idempotent = { "retry.idempotent", "its method is idempotent", "RFC 9110 §9.2.2", RT_LEVEL_MAY };
static const RtClause proxy_never = { "retry.proxy", "whoever asks is no proxy, which must not repeat other methods", "RFC 9110 §9.2.2", RT_LEVEL_MUST };
static const RtClause keyed = { "retry.key", "an Idempotency-Key lets the server tell a repetition", "draft-ietf-httpapi-idempotency-key-header §2.6", RT_LEVEL_MAY };
static const RtClause gateway_failed = { "retry.gateway", "a gateway says that it got no answer: the request may have been carried out", "RFC 9110 §15.6", RT_LEVEL_MAY };
static const RtClause puts_off = { "retry.status", "the status says that it was not carried out and may be sent again", "RFC 9110 §15", RT_LEVEL_MAY };
static const RtClause retry_after = { "retry.after", "Retry-After, if it is there, asks for no more patience than the client has", "RFC 9110 §10.2.3", RT_LEVEL_SHOULD };

static const RtClause *const clauses[] = {
  &attempts_left, &content_kept, &no_answer, &gateway_failed, &never_sent, &idempotent, &proxy_never, &keyed, &puts_off, &retry_after,
};
/* clang-format on */

const RtRule rt_rule_retry
    = RT_RULE ("retry", "May the request be sent again by itself?", "RFC 9110 §9.2.2", clauses);

/**
 * rt_retry_after_parse:
 * @response: a response
 * @now: the current time
 * @ret_delay: (out): how long it asks to wait, not negative; untouched on failure
 *
 * Source: RFC 9110 §10.2.3.
 *
 * Returns: whether it has one valid Retry-After
 */
gboolean
rt_retry_after_parse (RtMessage *response, RtTime now, RtTime *ret_delay)
{
  const RtField *field = rt_fields_first (response->fields, "Retry-After");
  guint64 seconds;
  RtTime date;

  if (field == NULL || rt_fields_count (response->fields, "Retry-After") != 1)
    return FALSE;
  if (rt_text_to_uint64 (field->value, &seconds))
    *ret_delay = (RtTime)MIN (seconds, G_MAXINT32) * RT_TIME_SEC;
  else if (rt_http_date_parse (field->value, now, RT_DATE_TOLERANT, &date))
    *ret_delay = MAX (date - now, 0);
  else
    return FALSE;
  return TRUE;
}

static RtFact
method_fact (RtMessage *request)
{
  return rt_fact_text ("method", request->method, request->method_span);
}

/* No answer: it may have been carried out or not. */
static gboolean
may_repeat (RtMessage *request, const RtRetryContext *context, RtDecision *why)
{
  const RtField *key = rt_fields_first (request->fields, "Idempotency-Key");

  if (rt_check (why, &never_sent, context->sent == 0,
                rt_fact_number ("bytes sent", (gint64)context->sent, RT_SPAN_NONE))
      || rt_check (why, &idempotent, rt_method_is_idempotent (request->method),
                   method_fact (request)))
    return TRUE;
  return rt_check (why, &proxy_never, !context->proxy, method_fact (request))
         && rt_check (why, &keyed, key != NULL, method_fact (request),
                      rt_fact_field ("Idempotency-Key", key));
}

/* 408: the server did not wait for the whole request (RFC 9110 §15.5.9). 425: it would not risk a
 * replay (RFC 8470 §5.2). 429 and 503: it refused before doing anything (RFC 6585 §4, RFC 9110
 * §15.6.4). 421: another connection may do (RFC 9110 §15.5.20). */
static gboolean
is_put_off (guint status)
{
  return status == 408 || status == 421 || status == 425 || status == 429 || status == 503;
}

/* 502, 504: whoever wrote this knows no more than who got no answer (RFC 9110 §15.6.3, §15.6.5). */
static gboolean
is_from_gateway (guint status)
{
  return status == 502 || status == 504;
}

static gboolean
after_answer (const RtRetryContext *context, RtTime now, RtTime *ret_delay, RtDecision *why)
{
  RtMessage *response = context->response;
  RtTime delay = 0;

  if (!rt_check (why, &puts_off, is_put_off (response->status),
                 rt_fact_number ("status", response->status, response->status_span)))
    return FALSE;
  rt_retry_after_parse (response, now, &delay);
  if (!rt_check (why, &retry_after, delay <= DELAY_MAX,
                 rt_fact_field ("Retry-After", rt_fields_first (response->fields, "Retry-After")),
                 rt_fact_number ("status", response->status, response->status_span)))
    return FALSE;
  *ret_delay = delay;
  return TRUE;
}

static gboolean
decide (RtMessage *request,
        const RtRetryContext *context,
        RtTime now,
        RtTime *ret_delay,
        RtDecision *why)
{
  if (!rt_check (why, &attempts_left, context->attempts < context->max_attempts,
                 rt_fact_number ("sent", context->attempts, RT_SPAN_NONE),
                 rt_fact_number ("limit", context->max_attempts, RT_SPAN_NONE))
      || !rt_check (why, &content_kept, context->replayable))
    return FALSE;
  if (rt_check (why, &no_answer, context->response == NULL))
    return may_repeat (request, context, why);
  if (rt_check (
          why, &gateway_failed, is_from_gateway (context->response->status),
          rt_fact_number ("status", context->response->status, context->response->status_span)))
    return may_repeat (request, context, why);
  return after_answer (context, now, ret_delay, why);
}

/**
 * rt_retry_decide:
 * @request: what was sent
 * @context: how it fared
 * @now: the current time
 * @ret_delay: (out): how long to wait first; 0 unless the answer asked for patience
 * @why: (nullable): takes the trace; verdict `retry` or `give-up`
 *
 * Returns: whether to send it again
 */
gboolean
rt_retry_decide (RtMessage *request,
                 const RtRetryContext *context,
                 RtTime now,
                 RtTime *ret_delay,
                 RtDecision *why)
{
  gboolean retry;

  *ret_delay = 0;
  rt_decision_begin (why, &rt_rule_retry, request->target);
  retry = decide (request, context, now, ret_delay, why);
  rt_decision_conclude (why, retry ? "retry" : "give-up");
  return retry;
}
