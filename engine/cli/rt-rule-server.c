/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The evaluators of `roundtrip rule` about what servers do: idempotency keys, credentials, tokens,
 * and who the client is. */
#include "rt-rule-message.h"

#include "rt-authentication.h"
#include "rt-error.h"
#include "rt-forwarded-trust.h"
#include "rt-idempotency.h"

static void
set_text_or_null (JsonObject *out, const char *name, RtText text)
{
  g_autofree char *copy = text.at != NULL ? rt_text_escape (text) : NULL;

  if (copy != NULL)
    json_object_set_string_member (out, name, copy);
  else
    json_object_set_null_member (out, name);
}

static void
set_status_or_null (JsonObject *out, guint status)
{
  if (status != 0)
    json_object_set_int_member (out, "status", status);
  else
    json_object_set_null_member (out, "status");
}

/* What is written down under the request's key, if anything is. */
static gboolean
get_record (JsonObject *in, RtIdempotencyRecord *record, gboolean *ret_has, GError **error)
{
  JsonObject *object;

  *ret_has = json_object_has_member (in, "record");
  if (!*ret_has)
    return TRUE;
  object = rt_rule_get_object (in, "record", error);
  if (object == NULL)
    return FALSE;
  record->done = rt_rule_get_boolean (object, "done", TRUE);
  record->same_payload = rt_rule_get_boolean (object, "same_payload", TRUE);
  return rt_rule_get_time (object, "reserved", &record->reserved, error)
         && rt_rule_get_time (object, "expires", &record->expires, error);
}

gboolean
rt_rule_ask_idempotency (JsonObject *in, JsonObject *out, GError **error)
{
  g_autoptr (RtMessage) request = rt_rule_get_message (in, "request", RT_MESSAGE_REQUEST, error);
  g_autoptr (RtDecision) why = rt_decision_new ();
  RtIdempotencyRecord record = { 0 };
  RtIdempotency verdict;
  gboolean has_record;
  RtTime now;

  if (request == NULL || !rt_rule_get_time (in, "now", &now, error)
      || !get_record (in, &record, &has_record, error))
    return FALSE;
  verdict = rt_idempotency_decide (request, rt_rule_get_boolean (in, "required", FALSE),
                                   has_record ? &record : NULL, now, why);
  json_object_set_string_member (out, "verdict", rt_idempotency_name (verdict));
  set_status_or_null (out, rt_idempotency_status (verdict));
  rt_rule_set_decision (out, why);
  return TRUE;
}

static gboolean
get_account (JsonObject *object, GArray *accounts, GError **error)
{
  RtAccount account = { .expires = RT_TIME_NEVER };

  account.user = rt_rule_get_string (object, "user", "");
  account.secret = rt_rule_get_string (object, "secret", "");
  account.scope = rt_rule_get_string (object, "scope", NULL);
  if (json_object_has_member (object, "expires")
      && !rt_rule_get_time (object, "expires", &account.expires, error))
    return FALSE;
  g_array_append_val (accounts, account);
  return TRUE;
}

static gboolean
get_accounts (JsonObject *in, GArray *accounts, GError **error)
{
  JsonNode *node = json_object_get_member (in, "accounts");
  JsonArray *list
      = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *element = json_array_get_element (list, i);

      if (!JSON_NODE_HOLDS_OBJECT (element))
        {
          rt_set_error (error, RT_ERROR_MISSING, NULL, "an array of {user, secret}",
                        "“accounts” is of another form");
          return FALSE;
        }
      if (!get_account (json_node_get_object (element), accounts, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
rt_rule_ask_authentication (JsonObject *in, JsonObject *out, GError **error)
{
  g_autoptr (RtMessage) request = rt_rule_get_message (in, "request", RT_MESSAGE_REQUEST, error);
  g_autoptr (GArray) accounts = g_array_new (FALSE, FALSE, sizeof (RtAccount));
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autofree char *challenge = NULL;
  static const char *const schemes[] = { "Basic", "Bearer" };
  const RtAccount *account;
  RtProtection protection;
  guint scheme;
  RtAuthentication verdict;
  RtTime now;

  if (request == NULL || !rt_rule_get_time (in, "now", &now, error)
      || !rt_rule_get_choice (in, "scheme", schemes, G_N_ELEMENTS (schemes), &scheme, error)
      || !get_accounts (in, accounts, error))
    return FALSE;
  protection = (RtProtection){
    .scheme = (RtAuthScheme)scheme,
    .realm = rt_rule_get_string (in, "realm", ""),
    .scope = rt_rule_get_string (in, "scope", NULL),
    .proxy = rt_rule_get_boolean (in, "proxy", FALSE),
    .accounts = (const RtAccount *)(gpointer)accounts->data,
    .n_accounts = accounts->len,
  };
  verdict = rt_authentication_decide (request, &protection, now, &account, why);
  json_object_set_string_member (out, "verdict", rt_authentication_name (verdict));
  set_status_or_null (out, rt_authentication_status (verdict, &protection));
  if (verdict != RT_AUTHENTICATION_GRANTED)
    challenge = rt_authentication_dup_challenge (verdict, &protection);
  set_text_or_null (out, "challenge", rt_text (challenge));
  set_text_or_null (out, "user", rt_text (account != NULL ? account->user : NULL));
  rt_rule_set_decision (out, why);
  return TRUE;
}

static gboolean
get_key (JsonObject *in, RtJwsKey *key, GError **error)
{
  JsonObject *object = rt_rule_get_object (in, "key", error);
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *jwk = NULL;

  if (object == NULL)
    return FALSE;
  node = json_node_init_object (json_node_alloc (), object);
  jwk = json_to_string (node, FALSE);
  return rt_jws_key_parse (rt_text (jwk), key, error);
}

gboolean
rt_rule_ask_token (JsonObject *in, JsonObject *out, GError **error)
{
  g_autoptr (GString) token = rt_rule_get_text (in, "token", error);
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_auto (RtJwsKey) key = { 0 };
  RtTokenSource source;
  RtTokenPolicy policy = { 0 };
  gint64 leeway = 0;
  RtTime now;

  if (token == NULL || !get_key (in, &key, error) || !rt_rule_get_time (in, "now", &now, error)
      || (json_object_has_member (in, "leeway")
          && !rt_rule_get_integer (in, "leeway", &leeway, error)))
    return FALSE;
  source = (RtTokenSource){ { token->str, token->len }, RT_SPAN_NONE };
  policy = (RtTokenPolicy){
    .key = &key,
    .issuer = rt_rule_get_string (in, "issuer", NULL),
    .audience = rt_rule_get_string (in, "audience", NULL),
    .leeway = CLAMP (leeway, 0, G_MAXINT32) * RT_TIME_SEC,
    .forever = rt_rule_get_boolean (in, "forever", FALSE),
  };
  json_object_set_boolean_member (out, "valid", rt_token_decide (&source, &policy, now, why));
  rt_rule_set_decision (out, why);
  return TRUE;
}

gboolean
rt_rule_ask_forwarded (JsonObject *in, JsonObject *out, GError **error)
{
  g_autoptr (RtMessage) request = rt_rule_get_message (in, "request", RT_MESSAGE_REQUEST, error);
  g_autoptr (RtDecision) why = rt_decision_new ();
  static const char *const names[] = { "forwarded", "x-forwarded" };
  guint n = 0, fields;
  g_autofree const char **trusted = NULL;
  RtForwardedTrust trust;
  RtForwardedClient client;

  if (request == NULL || (trusted = rt_rule_get_strings (in, "trusted", &n, error)) == NULL
      || !rt_rule_get_choice (in, "fields", names, G_N_ELEMENTS (names), &fields, error))
    return FALSE;
  trust = (RtForwardedTrust){
    .fields = fields == 1 ? RT_FORWARDED_X : RT_FORWARDED_STANDARD,
    .networks = trusted,
    .n_networks = n,
  };
  client = rt_forwarded_decide (request, rt_rule_get_string (in, "peer", ""), &trust, why);
  set_text_or_null (out, "client", client.name);
  json_object_set_boolean_member (out, "known", client.known);
  set_text_or_null (out, "proto", client.proto);
  set_text_or_null (out, "host", client.host);
  json_object_set_int_member (out, "hops", client.hops);
  rt_rule_set_decision (out, why);
  return TRUE;
}
