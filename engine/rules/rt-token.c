/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON Web Tokens. The recipient's key says which algorithm counts, never the token: one that says
 * `none`, or that has a public key used as a shared secret, must not get its way (RFC 8725 §3). No
 * claim is looked at before the signature. */
#include "rt-token.h"

/* clang-format off */
static const RtClause is_readable = { "token.readable", "it has three parts, the first of them a JSON object", "RFC 7519 §7.2", RT_LEVEL_MUST };
static const RtClause not_none = { "token.none", "it does not ask to be believed without a signature (alg: none)", "RFC 8725 §3.2", RT_LEVEL_MUST };
static const RtClause same_algorithm = { "token.algorithm", "its algorithm is the one that the key is for", "RFC 8725 §3.1", RT_LEVEL_MUST };
static const RtClause is_signed = { "token.signature", "the signature is right", "RFC 7515 §5.2", RT_LEVEL_MUST };
static const RtClause has_claims = { "token.claims", "what was signed is a JSON object of claims", "RFC 7519 §7.2", RT_LEVEL_MUST };
static const RtClause has_expiry = { "token.exp.present", "it says until when it holds", "RFC 7519 §4.1.4", RT_LEVEL_MAY };
static const RtClause not_expired = { "token.exp", "that time has not come (exp)", "RFC 7519 §4.1.4", RT_LEVEL_MUST };
static const RtClause has_begun = { "token.nbf", "the time from which it holds has come (nbf)", "RFC 7519 §4.1.5", RT_LEVEL_MUST };
static const RtClause was_issued = { "token.iat", "it was not issued in the future (iat)", "RFC 7519 §4.1.6", RT_LEVEL_MAY };
static const RtClause right_issuer = { "token.iss", "its issuer is the one expected (iss)", "RFC 8725 §3.8", RT_LEVEL_MUST };
static const RtClause right_audience = { "token.aud", "it is meant for whoever asks (aud)", "RFC 7519 §4.1.3", RT_LEVEL_MUST };

static const RtClause *const clauses[] = {
  &is_readable, &not_none, &same_algorithm, &is_signed, &has_claims, &has_expiry, &not_expired,
  &has_begun, &was_issued, &right_issuer, &right_audience,
};
/* clang-format on */

const RtRule rt_rule_token
    = RT_RULE ("token", "Does the token prove what it claims?", "RFC 7519 §7.2", clauses);

typedef struct
{
  const RtTokenSource *source;
  const RtTokenPolicy *policy;
  const RtJwt *jwt;
  RtTime now;
  RtDecision *why;
} Asked;

static RtFact
part_fact (const Asked *a, const char *name, RtText part)
{
  return rt_fact_text (
      name, part,
      rt_span_sub (a->source->span, (guint64)(part.at - a->source->text.at), part.length));
}

static RtFact
header_fact (const Asked *a)
{
  return part_fact (a, "header", a->jwt->header);
}

static RtFact
payload_fact (const Asked *a)
{
  return part_fact (a, "payload", a->jwt->payload);
}

/* A claim in the words of the payload. */
static RtFact
claim_fact (const Asked *a, const char *name)
{
  RtJson value = { 0 };

  rt_json_find (&a->jwt->claims, name, &value);
  return rt_fact_text (name, value.text, RT_SPAN_NONE);
}

static gboolean
is_proved (const Asked *a)
{
  const RtJwt *jwt = a->jwt;
  RtFact algorithm = rt_fact_text ("alg", rt_text (jwt->algorithm_name), RT_SPAN_NONE);

  return rt_check (a->why, &not_none, !rt_text_is_nocase (rt_text (jwt->algorithm_name), "none"),
                   header_fact (a), algorithm)
         && rt_check (a->why, &same_algorithm,
                      jwt->algorithm != RT_JWS_REFUSED
                          && jwt->algorithm == a->policy->key->algorithm,
                      header_fact (a), algorithm)
         && rt_check (a->why, &is_signed, rt_jwt_verify (jwt, a->policy->key), header_fact (a),
                      payload_fact (a), part_fact (a, "signature", jwt->signature));
}

static gboolean
has_claim (const Asked *a, const char *name)
{
  RtJson value;

  return rt_json_find (&a->jwt->claims, name, &value);
}

/* A time claim that is there and is no time counts as one that fails. */
static gboolean
is_past (const Asked *a, const char *name)
{
  RtTime time;

  if (!has_claim (a, name))
    return TRUE;
  return rt_jwt_get_time (a->jwt, name, &time) && time <= a->now + a->policy->leeway;
}

static gboolean
is_future (const Asked *a, const char *name)
{
  RtTime time;

  if (!has_claim (a, name))
    return TRUE;
  return rt_jwt_get_time (a->jwt, name, &time) && time > a->now - a->policy->leeway;
}

static gboolean
check_times (const Asked *a)
{
  RtFact at = rt_fact_number ("now", a->now / RT_TIME_SEC, RT_SPAN_NONE);

  return rt_check (a->why, &has_expiry, a->policy->forever || has_claim (a, "exp"),
                   payload_fact (a))
         && rt_check (a->why, &not_expired, is_future (a, "exp"), payload_fact (a),
                      claim_fact (a, "exp"), at)
         && rt_check (a->why, &has_begun, is_past (a, "nbf"), payload_fact (a),
                      claim_fact (a, "nbf"), at)
         && rt_check (a->why, &was_issued, is_past (a, "iat"), payload_fact (a),
                      claim_fact (a, "iat"), at);
}

/* `aud` is one name or a list of them. */
static gboolean
is_meant_for (const Asked *a)
{
  RtJson value, element;

  if (!rt_json_find (&a->jwt->claims, "aud", &value))
    return FALSE;
  if (value.type != RT_JSON_ARRAY)
    return rt_json_string_is (&value, a->policy->audience);
  for (RtText rest = value.text; rt_json_element_next (&rest, &element);)
    if (rt_json_string_is (&element, a->policy->audience))
      return TRUE;
  return FALSE;
}

static gboolean
is_issued_by (const Asked *a)
{
  RtJson value;

  return rt_json_find (&a->jwt->claims, "iss", &value)
         && rt_json_string_is (&value, a->policy->issuer);
}

static gboolean
check_names (const Asked *a)
{
  return rt_check (a->why, &right_issuer, a->policy->issuer == NULL || is_issued_by (a),
                   payload_fact (a), claim_fact (a, "iss"),
                   rt_fact_text ("expected", rt_text (a->policy->issuer), RT_SPAN_NONE))
         && rt_check (a->why, &right_audience, a->policy->audience == NULL || is_meant_for (a),
                      payload_fact (a), claim_fact (a, "aud"),
                      rt_fact_text ("expected", rt_text (a->policy->audience), RT_SPAN_NONE));
}

static gboolean
decide (Asked *a)
{
  g_autoptr (RtJwt) jwt = rt_jwt_parse (a->source->text, NULL);

  if (!rt_check (a->why, &is_readable, jwt != NULL,
                 rt_fact_text ("token", a->source->text, a->source->span)))
    return FALSE;
  a->jwt = jwt;
  return is_proved (a)
         && rt_check (a->why, &has_claims, jwt->claims.type == RT_JSON_OBJECT, payload_fact (a))
         && check_times (a) && check_names (a);
}

/**
 * rt_token_decide:
 * @token: what was presented
 * @policy: what is demanded
 * @now: the current time
 * @why: (nullable): takes the trace; verdict `valid` or `refused`
 *
 * Returns: whether it holds
 */
gboolean
rt_token_decide (const RtTokenSource *token,
                 const RtTokenPolicy *policy,
                 RtTime now,
                 RtDecision *why)
{
  Asked asked = { token, policy, NULL, now, why };
  gboolean valid;

  rt_decision_begin (why, &rt_rule_token, RT_TEXT ("token"));
  valid = decide (&asked);
  rt_decision_conclude (why, valid ? "valid" : "refused");
  return valid;
}
