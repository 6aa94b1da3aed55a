/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The resource kind `token`: gives out access tokens for a password or a refresh token (RFC 6749)
 * and admits whoever bears one (RFC 6750). A JSON Web Token proves itself, so nothing has to be
 * looked up and nothing can be taken back before it expires; an opaque one is looked up, and can.
 */
#include "rt-resource-kinds.h"

#include "rt-json-value.h"
#include "rt-resource-users.h"

#define TOKENS_MAX 10000

static const char *const formats[] = { "jwt", "opaque", NULL };

/* clang-format off */
static const RtSetting settings[] = {
  RT_USERS_SETTING,
  { "scopes", RT_SETTING_FIELDS, "", NULL, "name: what the user's tokens are good for, words with spaces between" },
  { "format", RT_SETTING_CHOICE, "jwt", formats, "tokens that prove themselves, or such that have to be looked up" },
  { "lifetime", RT_SETTING_DURATION, "5m", NULL, "how long an access token is good" },
  { "refresh-lifetime", RT_SETTING_DURATION, "0s", NULL, "how long a refresh token is good; 0s: none is given out" },
  { "rotate-refresh", RT_SETTING_BOOLEAN, "true", NULL, "a refresh token is good once, and comes with the next one" },
  { "leeway", RT_SETTING_DURATION, "0s", NULL, "how far the clocks of issuer and recipient may differ" },
  { "issuer", RT_SETTING_TEXT, "https://issuer.test", NULL, "`iss` of the tokens" },
  { "audience", RT_SETTING_TEXT, "", NULL, "`aud` of the tokens; empty: none" },
  { "expects-audience", RT_SETTING_TEXT, "", NULL, "the audience that a token has to be for to be admitted; empty: any" },
  { "secret", RT_SETTING_TEXT, "this is known to the server alone", NULL, "what JSON Web Tokens are signed with (HS256)" },
  { "realm", RT_SETTING_TEXT, "api", NULL, "what the tokens are for" },
};
/* clang-format on */

typedef struct
{
  char *secret;
  const RtUser *user;
  RtTime expires;
  gboolean refresh;
} Token;

typedef struct
{
  char *path, *issuer, *audience, *expected, *realm;
  RtUsers users;
  RtJwsKey key;
  gboolean jwt, rotate;
  RtTime lifetime, refresh_lifetime, leeway;
  GPtrArray *tokens; /* Token: those that have to be looked up */
  RtRandom random;
} Issuer;

static void
token_free (gpointer data)
{
  Token *token = data;

  g_free (token->secret);
  g_free (token);
}

static void
issuer_free (gpointer self)
{
  Issuer *issuer = self;

  g_ptr_array_unref (issuer->tokens);
  rt_users_clear (&issuer->users);
  rt_jws_key_clear (&issuer->key);
  g_free (issuer->path);
  g_free (issuer->issuer);
  g_free (issuer->audience);
  g_free (issuer->expected);
  g_free (issuer->realm);
  g_free (issuer);
}

static gpointer
create (const char *path, const RtGiven *given, GError **error)
{
  Issuer *issuer = g_new0 (Issuer, 1);

  issuer->path = g_strdup (path);
  rt_users_init (&issuer->users, given, "scopes");
  issuer->jwt = rt_given_get_choice (given, "format") == 0;
  issuer->rotate = rt_given_get_boolean (given, "rotate-refresh");
  issuer->lifetime = rt_given_get_number (given, "lifetime");
  issuer->refresh_lifetime = rt_given_get_number (given, "refresh-lifetime");
  issuer->leeway = rt_given_get_number (given, "leeway");
  issuer->issuer = rt_given_dup_text (given, "issuer");
  issuer->audience = rt_given_dup_text (given, "audience");
  issuer->expected = rt_given_dup_text (given, "expects-audience");
  issuer->realm = rt_given_dup_text (given, "realm");
  issuer->key
      = (RtJwsKey){ .algorithm = RT_JWS_HS256, .secret = rt_given_dup_bytes (given, "secret") };
  issuer->tokens = g_ptr_array_new_with_free_func (token_free);
  rt_random_init (&issuer->random, g_str_hash (path));
  return issuer;
}

static void
show (const Issuer *issuer, RtEffects *out)
{
  g_auto (GVariantBuilder) state = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  gint64 n_refresh = 0;

  for (guint i = 0; i < issuer->tokens->len; i++)
    n_refresh += ((Token *)g_ptr_array_index (issuer->tokens, i))->refresh ? 1 : 0;
  g_variant_builder_add (&state, "{sv}", "tokens",
                         g_variant_new_int64 ((gint64)issuer->tokens->len - n_refresh));
  g_variant_builder_add (&state, "{sv}", "refresh-tokens", g_variant_new_int64 (n_refresh));
  rt_effects_state (out, "tokens", issuer->path, g_variant_builder_end (&state));
}

static void
announce (gpointer self, RtTime now, RtEffects *out)
{
  show (self, out);
}

/* Tokens. */

static void
drop_expired (Issuer *issuer, RtTime now)
{
  for (guint i = issuer->tokens->len; i > 0; i--)
    if (((Token *)g_ptr_array_index (issuer->tokens, i - 1))->expires <= now)
      g_ptr_array_remove_index (issuer->tokens, i - 1);
}

static char *
add_token (Issuer *issuer, const RtUser *user, gboolean refresh, RtTime now)
{
  Token *token = g_new0 (Token, 1);

  token->secret = rt_users_new_secret (&issuer->random);
  token->user = user;
  token->refresh = refresh;
  token->expires = now + (refresh ? issuer->refresh_lifetime : issuer->lifetime);
  g_ptr_array_add (issuer->tokens, token);
  return g_strdup (token->secret);
}

static Token *
find_token (const Issuer *issuer, const char *secret)
{
  for (guint i = 0; i < issuer->tokens->len; i++)
    {
      Token *token = g_ptr_array_index (issuer->tokens, i);

      if (strcmp (token->secret, secret) == 0)
        return token;
    }
  return NULL;
}

static void
append_claim (GString *json, const char *name, const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  g_string_append_printf (json, "%s\"%s\":", json->len > 1 ? "," : "", name);
  rt_json_append_string (json, rt_text (value));
}

static char *
sign_token (const Issuer *issuer, const RtUser *user, RtTime now)
{
  GString *claims = g_string_new ("{");
  char *token;

  append_claim (claims, "iss", issuer->issuer);
  append_claim (claims, "aud", issuer->audience);
  append_claim (claims, "sub", user->name);
  append_claim (claims, "scope", user->roles);
  g_string_append_printf (claims, ",\"iat\":%" G_GINT64_FORMAT ",\"exp\":%" G_GINT64_FORMAT "}",
                          now / RT_TIME_SEC, (now + issuer->lifetime) / RT_TIME_SEC);
  token = rt_jwt_sign ((RtText){ claims->str, claims->len }, &issuer->key);
  g_string_free (claims, TRUE);
  return token;
}

/* Grants. */

static void
answer_json (guint status, GString *json, RtReply *reply)
{
  RtMessage *response = rt_reply_new_response (status);

  /* RFC 6749 §5.1: no cache is to keep it. */
  rt_fields_append (response->fields, "Cache-Control", "no-store");
  rt_fields_append (response->fields, "Content-Type", "application/json");
  rt_reply_with (reply, response, g_string_free_to_bytes (json));
}

static void
answer_error (const char *error, RtReply *reply)
{
  GString *json = g_string_new (NULL);

  g_string_append_printf (json, "{\"error\":\"%s\"}\n", error);
  answer_json (400, json, reply);
}

static void
answer_grant (Issuer *issuer,
              const RtUser *user,
              gboolean refresh,
              const RtCall *call,
              RtReply *reply,
              RtEffects *out)
{
  GString *json = g_string_new ("{");
  g_autofree char *access = NULL, *again = NULL;

  access = issuer->jwt ? sign_token (issuer, user, call->now)
                       : add_token (issuer, user, FALSE, call->now);
  append_claim (json, "access_token", access);
  append_claim (json, "token_type", "Bearer");
  g_string_append_printf (json, ",\"expires_in\":%" G_GINT64_FORMAT,
                          issuer->lifetime / RT_TIME_SEC);
  if (refresh && issuer->refresh_lifetime > 0)
    again = add_token (issuer, user, TRUE, call->now);
  append_claim (json, "refresh_token", again);
  append_claim (json, "scope", user->roles);
  g_string_append (json, "}\n");
  answer_json (200, json, reply);
  show (issuer, out);
}

static void
refresh (Issuer *issuer, const RtCall *call, RtReply *reply, RtEffects *out)
{
  g_autofree char *secret = rt_call_dup_form_value (call, "refresh_token");
  Token *token = secret != NULL ? find_token (issuer, secret) : NULL;
  const RtUser *user;

  if (token == NULL || !token->refresh || token->expires <= call->now)
    {
      answer_error ("invalid_grant", reply);
      return;
    }
  user = token->user;
  if (issuer->rotate)
    g_ptr_array_remove (issuer->tokens, token);
  answer_grant (issuer, user, issuer->rotate, call, reply, out);
}

static void
grant (Issuer *issuer, const RtCall *call, RtReply *reply, RtEffects *out)
{
  g_autofree char *type = rt_call_dup_form_value (call, "grant_type");
  const RtUser *user = rt_users_log_in (&issuer->users, call);

  if (issuer->tokens->len + 2 > TOKENS_MAX)
    drop_expired (issuer, call->now);
  if (issuer->tokens->len + 2 > TOKENS_MAX)
    rt_reply_with_status (reply, 503, "Too many tokens are good.\n");
  else if (type == NULL)
    answer_error ("invalid_request", reply);
  else if (strcmp (type, "refresh_token") == 0)
    refresh (issuer, call, reply, out);
  else if (strcmp (type, "password") != 0)
    answer_error ("unsupported_grant_type", reply);
  else if (user == NULL)
    answer_error ("invalid_grant", reply);
  else
    answer_grant (issuer, user, TRUE, call, reply, out);
}

/* RFC 7009: 200, whether it was known or not. One that proves itself cannot be taken back. */
static void
take_back (Issuer *issuer, const RtCall *call, RtReply *reply, RtEffects *out)
{
  g_autofree char *secret = rt_call_dup_form_value (call, "token");
  Token *token = secret != NULL ? find_token (issuer, secret) : NULL;

  if (token != NULL)
    {
      g_ptr_array_remove (issuer->tokens, token);
      show (issuer, out);
    }
  rt_reply_with_status (reply, 200, NULL);
}

/* Guarding others. */

static RtAccount *
new_accounts (const Issuer *issuer, guint *ret_n)
{
  RtAccount *accounts = g_new0 (RtAccount, issuer->tokens->len + 1);
  guint n = 0;

  for (guint i = 0; i < issuer->tokens->len; i++)
    {
      const Token *token = g_ptr_array_index (issuer->tokens, i);

      if (!token->refresh)
        accounts[n++]
            = (RtAccount){ token->user->name, token->secret, token->user->roles, token->expires };
    }
  *ret_n = n;
  return accounts;
}

static gboolean
admit (gpointer self, const RtCall *call, const char *role, RtReply *reply, RtEffects *out)
{
  const Issuer *issuer = self;
  guint n_accounts;
  g_autofree RtAccount *accounts = new_accounts (issuer, &n_accounts);
  const RtTokenPolicy policy = {
    .key = &issuer->key,
    .issuer = *issuer->issuer != '\0' ? issuer->issuer : NULL,
    .audience = *issuer->expected != '\0' ? issuer->expected : NULL,
    .leeway = issuer->leeway,
  };
  const RtProtection protection = { .scheme = RT_AUTH_BEARER,
                                    .realm = issuer->realm,
                                    .scope = *role != '\0' ? role : NULL,
                                    .accounts = accounts,
                                    .n_accounts = n_accounts,
                                    .tokens = issuer->jwt ? &policy : NULL };
  RtDecision *why = rt_decision_new ();
  RtAuthentication verdict
      = rt_authentication_decide (call->request, &protection, call->now, NULL, why);
  g_autofree char *challenge = NULL;

  rt_effects_decide (out, why, TRUE);
  if (verdict == RT_AUTHENTICATION_GRANTED)
    return TRUE;
  challenge = rt_authentication_dup_challenge (verdict, &protection);
  rt_reply_with_status (reply, rt_authentication_status (verdict, &protection),
                        verdict == RT_AUTHENTICATION_INSUFFICIENT
                            ? "The token is good, but not for this.\n"
                            : "A token is needed here.\n");
  rt_fields_append (reply->response->fields, "WWW-Authenticate", challenge);
  return FALSE;
}

static void
handle (gpointer self, const RtCall *call, RtReply *reply, RtEffects *out)
{
  gboolean revokes = strcmp (call->below, "/revoke") == 0;

  if (*call->below != '\0' && !revokes)
    rt_reply_with_status (reply, 404, "There is nothing here.\n");
  else if (!rt_call_is (call, "POST"))
    rt_reply_with_allow (reply, rt_call_is (call, "OPTIONS"), "POST, OPTIONS");
  else if (revokes)
    take_back (self, call, reply, out);
  else
    grant (self, call, reply, out);
}

const RtResourceKind rt_token_kind = {
  .name = "token",
  .summary = "gives out access tokens and admits whoever bears one",
  .notes = "POST with `grant_type=password`, `username` and `password`, or with "
           "`grant_type=refresh_token` and\n"
           "`refresh_token`; POST of PATH/revoke with `token`. Other resources name its path in "
           "`auth`, and in\n"
           "`role` the scope. Its state has the key PATH and the members `tokens` and "
           "`refresh-tokens`: those that\n"
           "are looked up.",
  .settings = settings,
  .n_settings = G_N_ELEMENTS (settings),
  .tree = TRUE,
  .create = create,
  .announce = announce,
  .handle = handle,
  .admit = admit,
  .free = issuer_free,
};
