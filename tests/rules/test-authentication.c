/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Authentication: what a server makes of credentials and tokens, and what a client makes of
 * challenges. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"
#include "rt-authentication.h"
#include "rt-base64.h"

#define NOW (1000 * RT_TIME_SEC)

typedef struct
{
  const char *name;
  const char *fields;
  RtProtection protection;
  const char *want, *clause; /* want: verdict, status, user or challenge */
} ServerRow;

static const RtAccount users[]
    = { { "Aladdin", "open sesame", NULL, RT_TIME_NEVER }, { "", "", NULL, RT_TIME_NEVER } };
static const RtAccount tokens[] = { { "ann", "t0k.en", "read write", 1001 * RT_TIME_SEC },
                                    { "bob", "old", "read", 1000 * RT_TIME_SEC } };

#define BASIC                                                                                      \
  {                                                                                                \
    .scheme = RT_AUTH_BASIC, .realm = "r", .accounts = users, .n_accounts = 2                      \
  }
#define BEARER .scheme = RT_AUTH_BEARER, .realm = "r", .accounts = tokens, .n_accounts = 2
#define AUTH "Authorization: "
#define ASK_BASIC "Basic realm=\"r\", charset=\"UTF-8\""

/* clang-format off */
static const ServerRow server_rows[] = {
  { "no credentials", "X: y\n", BASIC, "missing 401 " ASK_BASIC, "authentication.present" },
  { "user and password", AUTH "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\n", BASIC, "granted Aladdin", "authentication.known" },
  { "the scheme has no case", AUTH "bASIC QWxhZGRpbjpvcGVuIHNlc2FtZQ==\n", BASIC, "granted Aladdin", "authentication.known" },
  { "a wrong password", AUTH "Basic QWxhZGRpbjp4\n", BASIC, "refused 401 " ASK_BASIC, "authentication.known" },
  { "empty user and password", AUTH "Basic Og==\n", BASIC, "granted ", "authentication.known" },
  { "base64 without a colon", AUTH "Basic QWxhZGRpbg==\n", BASIC, "malformed 401 " ASK_BASIC, "authentication.basic" },
  { "no base64", AUTH "Basic ?\n", BASIC, "malformed 401 " ASK_BASIC, "authentication.readable" },
  { "two lines", AUTH "Basic Og==\n" AUTH "Basic Og==\n", BASIC, "malformed 401 " ASK_BASIC, "authentication.single" },
  { "another scheme", AUTH "Bearer t0k.en\n", BASIC, "missing 401 " ASK_BASIC, "authentication.scheme" },
  { "a proxy asks", AUTH "Basic Og==\n", { .realm = "r", .proxy = TRUE }, "missing 407 " ASK_BASIC, "authentication.present" },
  { "a proxy is answered", "Proxy-Authorization: Basic Og==\n", { .realm = "r", .proxy = TRUE, .accounts = users, .n_accounts = 2 }, "granted ", "authentication.known" },
  { "a token", AUTH "Bearer t0k.en\n", { BEARER }, "granted ann", "authentication.scope" },
  { "a token nobody knows", AUTH "Bearer t0k.em\n", { BEARER }, "refused 401 Bearer realm=\"r\", error=\"invalid_token\"", "authentication.known" },
  { "a token that has expired", AUTH "Bearer old\n", { BEARER }, "refused 401 Bearer realm=\"r\", error=\"invalid_token\"", "authentication.expired" },
  { "a token for something else", AUTH "Bearer t0k.en\n", { BEARER, .scope = "rea" }, "insufficient 403 Bearer realm=\"r\", scope=\"rea\", error=\"insufficient_scope\"", "authentication.scope" },
  { "a token for this", AUTH "Bearer t0k.en\n", { BEARER, .scope = "write" }, "granted ann", "authentication.scope" },
  { "Bearer without a token", AUTH "Bearer\n", { BEARER }, "malformed 400 Bearer realm=\"r\", error=\"invalid_request\"", "authentication.bearer" },
  { "Bearer with parameters", AUTH "Bearer token=t0k.en\n", { BEARER }, "malformed 400 Bearer realm=\"r\", error=\"invalid_request\"", "authentication.bearer" },
  { "no token", "X: y\n", { BEARER }, "missing 401 Bearer realm=\"r\"", "authentication.present" },
};
/* clang-format on */

static char *
run_server (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const RtProtection *protection = &((const ServerRow *)data)->protection;
  const RtAccount *account;
  RtAuthentication verdict = rt_authentication_decide (messages[0], protection, NOW, &account, why);
  g_autofree char *challenge = NULL;

  if (verdict == RT_AUTHENTICATION_GRANTED)
    return g_strdup_printf ("granted %s", account->user);
  challenge = rt_authentication_dup_challenge (verdict, protection);
  return g_strdup_printf ("%s %u %s", rt_authentication_name (verdict),
                          rt_authentication_status (verdict, protection), challenge);
}

static void
test_server (void **state)
{
  static const char *const alternatives[]
      = { "Basic Og==", "Bearer t0k.en", "Basic", "Bearer old", NULL };
  const ServerRow *row = *state;
  g_autofree char *text = g_strconcat ("GET / HTTP/1.1\n", row->fields, NULL);
  HonestyCase c = { row->name, { text }, run_server, row, alternatives };

  honesty_check_answer (&c, row->want, row->clause);
}

typedef struct
{
  const char *name;
  const char *sent, *response;
  gboolean plain, cleartext;
  const char *want, *clause;
} ClientRow;

#define ASKED "HTTP/1.1 401 No\nWWW-Authenticate: "

/* clang-format off */
static const ClientRow client_rows[] = {
  { "200 asks for nothing", "", "HTTP/1.1 200 OK\nWWW-Authenticate: Basic realm=r\n", .want = "give-up", .clause = "challenge.status" },
  { "401 without a challenge", "", "HTTP/1.1 401 No\n", .want = "give-up", .clause = "challenge.present" },
  { "401 with a challenge for proxies", "", "HTTP/1.1 401 No\nProxy-Authenticate: Basic realm=r\n", .want = "give-up", .clause = "challenge.present" },
  { "a challenge that is none", "", ASKED "=\n", .want = "give-up", .clause = "challenge.readable" },
  { "a scheme without credentials", "", ASKED "Negotiate\n", .want = "give-up", .clause = "challenge.scheme" },
  { "Basic", "", ASKED "Basic realm=\"r\"\n", .want = "answer Basic", .clause = "challenge.tried" },
  { "basic", "", ASKED "basic realm=\"r\"\n", .want = "answer basic", .clause = "challenge.tried" },
  { "what the client likes best", "", ASKED "Basic realm=\"r\", Bearer\n", .want = "answer Bearer", .clause = "challenge.tried" },
  { "… on two lines", "", ASKED "Basic realm=\"r\"\nWWW-Authenticate: Bearer\n", .want = "answer Bearer", .clause = "challenge.tried" },
  { "a proxy", "", "HTTP/1.1 407 No\nProxy-Authenticate: Basic realm=r\n", .want = "answer Basic", .clause = "challenge.tried" },
  { "the same credentials again", "Authorization: basic Og==\n", ASKED "Basic realm=\"r\"\n", .want = "give-up", .clause = "challenge.tried" },
  { "credentials of another scheme were refused", "Authorization: Digest a=b\n", ASKED "Basic realm=\"r\"\n", .want = "answer Basic", .clause = "challenge.tried" },
  { "without TLS", "", ASKED "Basic realm=\"r\"\n", .plain = TRUE, .want = "give-up", .clause = "challenge.secure" },
  { "without TLS by the user's wish", "", ASKED "Basic realm=\"r\"\n", .plain = TRUE, .cleartext = TRUE, .want = "answer Basic", .clause = "challenge.tried" },
};
/* clang-format on */

static char *
run_client (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  static const char *const schemes[] = { "Bearer", "Basic", NULL };
  const ClientRow *row = data;
  RtChallengeContext context = { schemes, !row->plain, row->cleartext };
  RtChallenge chosen;

  if (!rt_challenge_decide (messages[0], messages[1], &context, &chosen, why))
    return g_strdup ("give-up");
  return g_strdup_printf ("answer %.*s", (int)chosen.scheme.length, chosen.scheme.at);
}

static void
test_client (void **state)
{
  static const char *const alternatives[]
      = { "Basic realm=r", "Basic", "Bearer", "401", "Basic Og==", NULL };
  const ClientRow *row = *state;
  g_autofree char *request = g_strconcat ("GET / HTTP/1.1\n", row->sent, NULL);
  HonestyCase c = { row->name, { request, row->response }, run_client, row, alternatives };

  honesty_check_answer (&c, row->want, row->clause);
}

typedef struct
{
  const char *name;
  const char *header; /* NULL: signed with the right key */
  const char *payload;
  RtTokenPolicy policy;
  const char *want, *clause;
} TokenRow;

#define FOREVER                                                                                    \
  {                                                                                                \
    .forever = TRUE                                                                                \
  }
#define STRICT                                                                                     \
  {                                                                                                \
    .issuer = "me", .audience = "you"                                                              \
  }
#define VALID "granted"
#define REFUSED "refused"

/* clang-format off */
static const TokenRow token_rows[] = {
  { "a token that holds for one second yet", NULL, "{\"exp\":1001}", { 0 }, VALID, "token.aud" },
  { "a token that expires now", NULL, "{\"exp\":1000}", { 0 }, REFUSED, "token.exp" },
  { "a token that expired within the leeway", NULL, "{\"exp\":991}", { .leeway = 10 * RT_TIME_SEC }, VALID, "token.aud" },
  { "a token that expired before", NULL, "{\"exp\":990}", { .leeway = 10 * RT_TIME_SEC }, REFUSED, "token.exp" },
  { "an exp that is no number", NULL, "{\"exp\":\"soon\"}", { 0 }, REFUSED, "token.exp" },
  { "a token without exp", NULL, "{}", { 0 }, REFUSED, "token.exp.present" },
  { "a token without exp where that is right", NULL, "{}", FOREVER, VALID, "token.aud" },
  { "a token from now on", NULL, "{\"nbf\":1000}", FOREVER, VALID, "token.aud" },
  { "a token for later", NULL, "{\"nbf\":1001}", FOREVER, REFUSED, "token.nbf" },
  { "a token for later, within the leeway", NULL, "{\"nbf\":1010}", { .forever = TRUE, .leeway = 10 * RT_TIME_SEC }, VALID, "token.aud" },
  { "a token from the future", NULL, "{\"iat\":2000}", FOREVER, REFUSED, "token.iat" },
  { "a token at the end of time", NULL, "{\"nbf\":9223372036854,\"exp\":9223372036854}", { .leeway = 10 * RT_TIME_SEC }, REFUSED, "token.nbf" },
  { "issuer and audience", NULL, "{\"exp\":1001,\"iss\":\"me\",\"aud\":\"you\"}", STRICT, VALID, "token.aud" },
  { "another issuer", NULL, "{\"exp\":1001,\"iss\":\"he\",\"aud\":\"you\"}", STRICT, REFUSED, "token.iss" },
  { "no issuer", NULL, "{\"exp\":1001,\"aud\":\"you\"}", STRICT, REFUSED, "token.iss" },
  { "one of several audiences", NULL, "{\"exp\":1001,\"iss\":\"me\",\"aud\":[\"she\",\"you\"]}", STRICT, VALID, "token.aud" },
  { "another audience", NULL, "{\"exp\":1001,\"iss\":\"me\",\"aud\":[\"she\"]}", STRICT, REFUSED, "token.aud" },
  { "no audience", NULL, "{\"exp\":1001,\"iss\":\"me\"}", STRICT, REFUSED, "token.aud" },
  { "claims that are no object", NULL, "[1]", FOREVER, REFUSED, "token.claims" },
  { "claims that are no JSON", NULL, "x", FOREVER, REFUSED, "token.claims" },
  { "alg: none", "{\"alg\":\"none\"}", "{}", FOREVER, REFUSED, "token.none" },
  { "alg: NONE", "{\"alg\":\"NONE\"}", "{}", FOREVER, REFUSED, "token.none" },
  { "an algorithm that the key is not for", "{\"alg\":\"ES256\"}", "{}", FOREVER, REFUSED, "token.algorithm" },
  { "an algorithm nobody knows", "{\"alg\":\"HS1\"}", "{}", FOREVER, REFUSED, "token.algorithm" },
  { "a signature that is not right", "{\"alg\":\"HS256\"}", "{}", FOREVER, REFUSED, "token.signature" },
  { "a header without alg", "{}", "{}", FOREVER, REFUSED, "token.readable" },
};
/* clang-format on */

static RtJwsKey
new_key (void)
{
  return (RtJwsKey){ .algorithm = RT_JWS_HS256, .secret = g_bytes_new_static ("secret", 6) };
}

static char *
make_token (const TokenRow *row)
{
  g_auto (RtJwsKey) key = new_key ();
  g_autofree char *header = NULL;
  g_autofree char *payload = NULL;

  if (row->header == NULL)
    return rt_jwt_sign (rt_text (row->payload), &key);
  header = rt_base64_encode (rt_text (row->header), RT_BASE64_URL);
  payload = rt_base64_encode (rt_text (row->payload), RT_BASE64_URL);
  return g_strdup_printf ("%s.%s.", header, payload);
}

static char *
run_token (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const TokenRow *row = data;
  g_auto (RtJwsKey) key = new_key ();
  RtTokenPolicy policy = row->policy;
  RtProtection protection = { .scheme = RT_AUTH_BEARER, .realm = "r", .tokens = &policy };

  policy.key = &key;
  return g_strdup (
      rt_authentication_name (rt_authentication_decide (messages[0], &protection, NOW, NULL, why)));
}

static void
test_token (void **state)
{
  const TokenRow *row = *state;
  g_autofree char *token = make_token (row);
  g_autofree char *text = g_strdup_printf ("GET / HTTP/1.1\nAuthorization: Bearer %s\n", token);
  HonestyCase c = { row->name, { text }, run_token, row, NULL };

  honesty_check_answer (&c, row->want, row->clause);
}

static void
test_token_alone (void **state)
{
  g_auto (RtJwsKey) key = new_key ();
  g_autofree char *token = rt_jwt_sign (RT_TEXT ("{\"exp\":1001}"), &key);
  RtTokenPolicy policy = { .key = &key };
  RtTokenSource source = { rt_text (token), RT_SPAN_NONE };
  g_autoptr (RtDecision) why = rt_decision_new ();

  assert_true (rt_token_decide (&source, &policy, NOW, why));
  assert_string_equal (rt_decision_get_rule (why), "token");
  assert_string_equal (rt_decision_get_verdict (why), "valid");
}

int
main (void)
{
  enum
  {
    N_SERVER = G_N_ELEMENTS (server_rows),
    N_CLIENT = G_N_ELEMENTS (client_rows),
    N_TOKEN = G_N_ELEMENTS (token_rows),
  };
  struct CMUnitTest tests[N_SERVER + N_CLIENT + N_TOKEN + 1];
  gsize n = 0;

  for (gsize i = 0; i < N_SERVER; i++)
    tests[n++] = (struct CMUnitTest){ server_rows[i].name, test_server, NULL, NULL,
                                      (void *)&server_rows[i] };
  for (gsize i = 0; i < N_CLIENT; i++)
    tests[n++] = (struct CMUnitTest){ client_rows[i].name, test_client, NULL, NULL,
                                      (void *)&client_rows[i] };
  for (gsize i = 0; i < N_TOKEN; i++)
    tests[n++]
        = (struct CMUnitTest){ token_rows[i].name, test_token, NULL, NULL, (void *)&token_rows[i] };
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_token_alone);
  return _cmocka_run_group_tests ("authentication", tests, n, NULL, NULL);
}
