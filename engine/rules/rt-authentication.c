/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a server makes of credentials. Basic is no more than base64: it hides nothing. A Bearer
 * token is good in anybody's hands. */
#include "rt-authentication.h"

#include "rt-evidence.h"

/* clang-format off */
static const RtClause is_present = { "authentication.present", "the request has credentials", "RFC 9110 §11.6.2", RT_LEVEL_MUST };
static const RtClause is_single = { "authentication.single", "… on one line", "RFC 9110 §5.3", RT_LEVEL_MUST };
static const RtClause is_readable = { "authentication.readable", "… that follow the grammar", "RFC 9110 §11.4", RT_LEVEL_MUST };
static const RtClause right_scheme = { "authentication.scheme", "their scheme is the one that is asked for; case does not matter", "RFC 9110 §11.1", RT_LEVEL_MUST };
static const RtClause basic_readable = { "authentication.basic", "they are user, colon and password in base64", "RFC 7617 §2", RT_LEVEL_MUST };
static const RtClause bearer_readable = { "authentication.bearer", "they are one token", "RFC 6750 §2.1", RT_LEVEL_MUST };
static const RtClause is_known = { "authentication.known", "user and password, or the token, are known here", "RFC 9110 §15.5.2", RT_LEVEL_MUST };
static const RtClause not_expired = { "authentication.expired", "the token has not expired", "RFC 6750 §3.1", RT_LEVEL_SHOULD };
static const RtClause in_scope = { "authentication.scope", "the token is good for what is asked", "RFC 6750 §3.1", RT_LEVEL_SHOULD };

static const RtClause *const clauses[] = {
  &is_present, &is_single, &is_readable, &right_scheme, &basic_readable, &bearer_readable,
  &is_known, &not_expired, &in_scope,
};
/* clang-format on */

const RtRule rt_rule_authentication = RT_RULE (
    "authentication", "Do the credentials open the resource?", "RFC 9110 §11.6", clauses);

typedef struct
{
  RtMessage *request;
  const RtProtection *protection;
  const char *field_name;
  const RtField *field;
  RtChallenge credentials;
  const RtAccount *account;
  RtTime now;
  RtDecision *why;
} Asked;

static RtFact
secret_fact (const Asked *a)
{
  return rt_fact_part (a->field_name, a->field, a->credentials.whole);
}

static const RtAccount *
find_user (const Asked *a, const char *user, const char *password)
{
  for (guint i = 0; i < a->protection->n_accounts; i++)
    if (strcmp (a->protection->accounts[i].user, user) == 0
        && strcmp (a->protection->accounts[i].secret, password) == 0)
      return &a->protection->accounts[i];
  return NULL;
}

static RtAuthentication
decide_basic (Asked *a)
{
  g_autofree char *user = NULL;
  g_autofree char *password = NULL;

  if (!rt_check (a->why, &basic_readable,
                 rt_basic_credentials_parse (&a->credentials, &user, &password), secret_fact (a)))
    return RT_AUTHENTICATION_MALFORMED;
  a->account = find_user (a, user, password);
  return rt_check (a->why, &is_known, a->account != NULL, secret_fact (a),
                   rt_fact_text ("user", rt_text (user), RT_SPAN_NONE))
             ? RT_AUTHENTICATION_GRANTED
             : RT_AUTHENTICATION_REFUSED;
}

static const RtAccount *
find_token (const Asked *a)
{
  for (guint i = 0; i < a->protection->n_accounts; i++)
    if (rt_text_is (a->credentials.token68, a->protection->accounts[i].secret))
      return &a->protection->accounts[i];
  return NULL;
}

static gboolean
has_word (const char *words, const char *word)
{
  g_auto (GStrv) list = g_strsplit (words != NULL ? words : "", " ", -1);

  return g_strv_contains ((const char *const *)list, word);
}

static RtAuthentication
decide_known_token (Asked *a)
{
  const char *scope = a->protection->scope;
  const RtAccount *account = find_token (a);

  if (!rt_check (a->why, &is_known, account != NULL, secret_fact (a))
      || !rt_check (a->why, &not_expired, account->expires > a->now, secret_fact (a)))
    return RT_AUTHENTICATION_REFUSED;
  if (!rt_check (a->why, &in_scope, scope == NULL || has_word (account->scope, scope),
                 secret_fact (a),
                 rt_fact_text ("token's scope", rt_text (account->scope), RT_SPAN_NONE),
                 rt_fact_text ("wanted", rt_text (scope), RT_SPAN_NONE)))
    return RT_AUTHENTICATION_INSUFFICIENT;
  a->account = account;
  return RT_AUTHENTICATION_GRANTED;
}

/* A token that proves itself says its scope itself (RFC 9068 §2.2.3). */
static gboolean
is_in_scope (const Asked *a, RtText token)
{
  const char *wanted = a->protection->scope;
  g_autoptr (RtJwt) jwt = rt_jwt_parse (token, NULL);
  g_autofree char *scope = NULL;
  RtJson value;

  if (jwt != NULL && rt_json_find (&jwt->claims, "scope", &value) && value.type == RT_JSON_STRING)
    scope = rt_json_string_dup (&value);
  return rt_check (a->why, &in_scope, has_word (scope, wanted), secret_fact (a),
                   rt_fact_text ("token's scope", rt_text (scope), RT_SPAN_NONE),
                   rt_fact_text ("wanted", rt_text (wanted), RT_SPAN_NONE));
}

static RtAuthentication
decide_bearer (Asked *a)
{
  RtText token = a->credentials.token68;
  RtTokenSource source = { token, RT_SPAN_NONE };

  if (!rt_check (a->why, &bearer_readable, token.length > 0, secret_fact (a)))
    return RT_AUTHENTICATION_MALFORMED;
  if (a->protection->tokens == NULL)
    return decide_known_token (a);
  source.span = rt_field_part_span (a->field, token);
  if (!rt_token_decide (&source, a->protection->tokens, a->now, a->why))
    return RT_AUTHENTICATION_REFUSED;
  return a->protection->scope == NULL || is_in_scope (a, token) ? RT_AUTHENTICATION_GRANTED
                                                                : RT_AUTHENTICATION_INSUFFICIENT;
}

static const char *
scheme_name (const RtProtection *protection)
{
  return protection->scheme == RT_AUTH_BASIC ? "Basic" : "Bearer";
}

static RtAuthentication
decide (Asked *a)
{
  RtFields *fields = a->request->fields;
  guint lines = rt_fields_count (fields, a->field_name);

  if (!rt_check (a->why, &is_present, lines > 0))
    return RT_AUTHENTICATION_MISSING;
  a->field = rt_fields_first (fields, a->field_name);
  if (!rt_check_lines (a->why, &is_single, lines == 1, fields, a->field_name)
      || !rt_check (a->why, &is_readable, rt_credentials_parse (a->field->value, &a->credentials),
                    rt_fact_field (a->field_name, a->field)))
    return RT_AUTHENTICATION_MALFORMED;
  if (!rt_check (a->why, &right_scheme,
                 rt_text_is_nocase (a->credentials.scheme, scheme_name (a->protection)),
                 rt_fact_part ("scheme", a->field, a->credentials.scheme)))
    return RT_AUTHENTICATION_MISSING;
  return a->protection->scheme == RT_AUTH_BASIC ? decide_basic (a) : decide_bearer (a);
}

/**
 * rt_authentication_decide:
 * @request: what came in
 * @protection: what it has to get through
 * @now: the current time
 * @ret_account: (out) (optional) (nullable): who it is; %NULL where a token speaks for itself or
 *   nothing is granted
 * @why: (nullable): takes the trace
 *
 * Returns: what to do
 */
RtAuthentication
rt_authentication_decide (RtMessage *request,
                          const RtProtection *protection,
                          RtTime now,
                          const RtAccount **ret_account,
                          RtDecision *why)
{
  Asked asked = {
    .request = request,
    .protection = protection,
    .field_name = protection->proxy ? "Proxy-Authorization" : "Authorization",
    .now = now,
    .why = why,
  };
  RtAuthentication verdict;

  rt_decision_begin (why, &rt_rule_authentication, request->target);
  verdict = decide (&asked);
  rt_decision_conclude (why, rt_authentication_name (verdict));
  if (ret_account != NULL)
    *ret_account = asked.account;
  return verdict;
}

/**
 * rt_authentication_status:
 * @verdict: a verdict
 * @protection: what it was about
 *
 * Returns: the status of the refusal; 0 where access is granted
 */
guint
rt_authentication_status (RtAuthentication verdict, const RtProtection *protection)
{
  if (verdict == RT_AUTHENTICATION_GRANTED)
    return 0;
  if (verdict == RT_AUTHENTICATION_INSUFFICIENT)
    return 403;
  /* RFC 6750 §3.1: invalid_request is 400. Basic has no such distinction. */
  if (verdict == RT_AUTHENTICATION_MALFORMED && protection->scheme == RT_AUTH_BEARER)
    return 400;
  return protection->proxy ? 407 : 401;
}

/**
 * rt_authentication_dup_challenge:
 * @verdict: a refusal
 * @protection: what it was about
 *
 * A 401 has to carry WWW-Authenticate (RFC 9110 §15.5.2), a 407 Proxy-Authenticate. Without
 * credentials a Bearer challenge tells no error (RFC 6750 §3.1).
 *
 * Returns: (transfer full): the value of that field
 */
char *
rt_authentication_dup_challenge (RtAuthentication verdict, const RtProtection *protection)
{
  static const char *const errors[] = {
    [RT_AUTHENTICATION_MALFORMED] = "invalid_request",
    [RT_AUTHENTICATION_REFUSED] = "invalid_token",
    [RT_AUTHENTICATION_INSUFFICIENT] = "insufficient_scope",
  };
  GString *out = g_string_new (scheme_name (protection));

  g_string_append (out, " realm=");
  rt_quoted_append (out, rt_text (protection->realm));
  if (protection->scheme == RT_AUTH_BASIC)
    g_string_append (out, ", charset=\"UTF-8\"");
  else
    {
      if (protection->scope != NULL)
        {
          g_string_append (out, ", scope=");
          rt_quoted_append (out, rt_text (protection->scope));
        }
      if (errors[verdict] != NULL)
        g_string_append_printf (out, ", error=\"%s\"", errors[verdict]);
    }
  return g_string_free (out, FALSE);
}

const char *
rt_authentication_name (RtAuthentication verdict)
{
  static const char *const names[]
      = { "granted", "missing", "malformed", "refused", "insufficient" };

  return names[verdict];
}
