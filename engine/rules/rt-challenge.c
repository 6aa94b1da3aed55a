/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a client answers to a challenge: the scheme that it likes best of those that it is offered
 * and has credentials for, once. */
#include "rt-authentication.h"

#include "rt-evidence.h"

/* clang-format off */
static const RtClause asks = { "challenge.status", "the status asks for credentials: 401, or 407 from a proxy", "RFC 9110 §15.5.2", RT_LEVEL_MAY };
static const RtClause is_present = { "challenge.present", "the response has the challenge that this status must carry", "RFC 9110 §11.6.1", RT_LEVEL_MUST };
static const RtClause is_readable = { "challenge.readable", "a challenge in it follows the grammar", "RFC 9110 §11.3", RT_LEVEL_MUST };
static const RtClause is_known = { "challenge.scheme", "one is of a scheme that there are credentials for; case does not matter", "RFC 9110 §11.4", RT_LEVEL_MAY };
static const RtClause is_confidential = { "challenge.secure", "they are sent over TLS, or the user wants them sent without", "RFC 7617 §4", RT_LEVEL_SHOULD };
static const RtClause not_refused = { "challenge.tried", "they were not in the request already, and so refused", "RFC 9110 §15.5.2", RT_LEVEL_MAY };

static const RtClause *const clauses[] = {
  &asks, &is_present, &is_readable, &is_known, &is_confidential, &not_refused,
};
/* clang-format on */

const RtRule rt_rule_challenge = RT_RULE (
    "challenge", "Does the client answer, and which challenge?", "RFC 9110 §11.4", clauses);

typedef struct
{
  RtMessage *request, *response;
  const RtChallengeContext *context;
  const char *field_name, *answer_name;
  RtChallenge chosen;
  const RtField *field; /* of the chosen one */
  RtDecision *why;
} Asked;

/* The first challenge of @scheme; %NULL: of any scheme. */
static gboolean
find (Asked *a, const char *scheme)
{
  const RtField *field;
  guint at = 0;

  while ((field = rt_fields_next (a->response->fields, a->field_name, &at)) != NULL)
    for (RtText rest = field->value; rt_challenge_next (&rest, &a->chosen);)
      if (!a->chosen.malformed && (scheme == NULL || rt_text_is_nocase (a->chosen.scheme, scheme)))
        {
          a->field = field;
          return TRUE;
        }
  return FALSE;
}

static gboolean
choose (Asked *a)
{
  for (const char *const *scheme = a->context->schemes; *scheme != NULL; scheme++)
    if (find (a, *scheme))
      return TRUE;
  return FALSE;
}

static gboolean
was_tried (const Asked *a)
{
  const RtField *sent = rt_fields_first (a->request->fields, a->answer_name);
  RtChallenge credentials;

  return sent != NULL && rt_credentials_parse (sent->value, &credentials)
         && rt_text_equal_nocase (credentials.scheme, a->chosen.scheme);
}

static gboolean
check_lines (const Asked *a, const RtClause *clause, gboolean holds)
{
  return rt_check_lines (a->why, clause, holds, a->response->fields, a->field_name);
}

static gboolean
decide (Asked *a)
{
  guint status = a->response->status;
  RtFact sent
      = rt_fact_field (a->answer_name, rt_fields_first (a->request->fields, a->answer_name));

  if (!rt_check (a->why, &asks, status == 401 || status == 407,
                 rt_fact_number ("status", status, a->response->status_span))
      || !rt_check (a->why, &is_present,
                    rt_fields_first (a->response->fields, a->field_name) != NULL,
                    rt_fact_number ("status", status, a->response->status_span))
      || !check_lines (a, &is_readable, find (a, NULL)) || !check_lines (a, &is_known, choose (a)))
    return FALSE;
  return rt_check (a->why, &is_confidential, a->context->secure || a->context->cleartext,
                   rt_fact_part ("scheme", a->field, a->chosen.scheme))
         && rt_check (a->why, &not_refused, !was_tried (a), sent,
                      rt_fact_part ("scheme", a->field, a->chosen.scheme));
}

/**
 * rt_challenge_decide:
 * @request: what was sent
 * @response: what came back
 * @context: what the client can answer
 * @ret_challenge: (out): the one to answer; borrowed from @response; untouched where none is
 * @why: (nullable): takes the trace; verdict `answer` or `give-up`
 *
 * Returns: whether to send the request again with credentials
 */
gboolean
rt_challenge_decide (RtMessage *request,
                     RtMessage *response,
                     const RtChallengeContext *context,
                     RtChallenge *ret_challenge,
                     RtDecision *why)
{
  gboolean proxy = response->status == 407;
  Asked asked = {
    .request = request,
    .response = response,
    .context = context,
    .field_name = proxy ? "Proxy-Authenticate" : "WWW-Authenticate",
    .answer_name = proxy ? "Proxy-Authorization" : "Authorization",
    .why = why,
  };
  gboolean answer;

  rt_decision_begin (why, &rt_rule_challenge, request->target);
  answer = decide (&asked);
  rt_decision_conclude (why, answer ? "answer" : "give-up");
  if (answer)
    *ret_challenge = asked.chosen;
  return answer;
}
