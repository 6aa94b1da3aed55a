/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The evaluators of `roundtrip rule` about what browsers and other clients do: redirects, CORS,
 * HSTS, challenges, retries, connections. */
#include "rt-rule-message.h"

#include "rt-authentication.h"
#include "rt-connection.h"
#include "rt-cors.h"
#include "rt-hsts.h"
#include "rt-redirect.h"
#include "rt-retry.h"

/* A request and the response to it. */
typedef struct
{
  RtMessage *request, *response;
} Exchange;

static void
exchange_clear (Exchange *exchange)
{
  g_clear_pointer (&exchange->request, rt_message_unref);
  g_clear_pointer (&exchange->response, rt_message_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Exchange, exchange_clear)

static gboolean
get_exchange (JsonObject *in, Exchange *exchange, GError **error)
{
  exchange->request = rt_rule_get_message (in, "request", RT_MESSAGE_REQUEST, error);
  if (exchange->request == NULL)
    return FALSE;
  exchange->response = rt_rule_get_message (in, "response", RT_MESSAGE_RESPONSE, error);
  return exchange->response != NULL;
}

static gboolean
answer (JsonObject *out, const char *name, gboolean verdict, RtDecision *why)
{
  json_object_set_boolean_member (out, name, verdict);
  rt_rule_set_decision (out, why);
  return TRUE;
}

static void
set_next (JsonObject *out, RtMessage *request, const RtRedirectNext *next)
{
  g_autoptr (RtMessage) message = rt_redirect_dup_request (request, next);
  g_autofree char *method = rt_text_dup (message->method);
  g_autofree char *url = rt_url_serialize (next->url, TRUE);

  json_object_set_string_member (out, "method", method);
  json_object_set_string_member (out, "url", url);
  json_object_set_boolean_member (out, "crosses", next->crosses);
  json_object_set_boolean_member (out, "taints", next->taints);
  rt_rule_set_fields (out, "headers", message->fields);
}

gboolean
rt_rule_ask_redirect (JsonObject *in, JsonObject *out, GError **error)
{
  static const char *const modes[] = { "follow", "error", "manual" };
  g_autoptr (RtUrl) url = rt_rule_get_url (in, "url", error);
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_auto (Exchange) e = { 0 };
  g_auto (RtRedirectNext) next = { 0 };
  gint64 count = 0;
  guint mode;
  RtRedirect verdict;

  if (url == NULL || !get_exchange (in, &e, error)
      || !rt_rule_get_choice (in, "mode", modes, G_N_ELEMENTS (modes), &mode, error)
      || (json_object_has_member (in, "count")
          && !rt_rule_get_integer (in, "count", &count, error)))
    return FALSE;
  verdict = rt_redirect_decide (e.request, e.response,
                                &(RtRedirectContext){
                                    .url = url,
                                    .origin = rt_rule_get_string (in, "origin", NULL),
                                    .mode = (RtRedirectMode)mode,
                                    .cors = rt_rule_get_boolean (in, "cors", FALSE),
                                    .has_content = rt_rule_get_boolean (in, "has_content", FALSE),
                                    .streamed = rt_rule_get_boolean (in, "streamed", FALSE),
                                    .count = (guint)CLAMP (count, 0, G_MAXINT32),
                                },
                                &next, why);
  json_object_set_string_member (out, "verdict", rt_redirect_name (verdict));
  if (verdict == RT_REDIRECT_FOLLOW)
    set_next (out, e.request, &next);
  rt_rule_set_decision (out, why);
  return TRUE;
}

gboolean
rt_rule_ask_cors (JsonObject *in, JsonObject *out, GError **error)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_auto (Exchange) e = { 0 };

  if (!get_exchange (in, &e, error))
    return FALSE;
  return answer (out, "allowed",
                 rt_cors_check_decide (e.request, e.response,
                                       rt_rule_get_boolean (in, "credentials", FALSE), why),
                 why);
}

gboolean
rt_rule_ask_cors_vary (JsonObject *in, JsonObject *out, GError **error)
{
  g_autoptr (RtMessage) response = rt_rule_get_message (in, "response", RT_MESSAGE_RESPONSE, error);
  g_autoptr (RtDecision) why = rt_decision_new ();

  return response != NULL && answer (out, "advised", rt_cors_vary_decide (response, why), why);
}

gboolean
rt_rule_ask_cors_needed (JsonObject *in, JsonObject *out, GError **error)
{
  g_autoptr (RtMessage) request = rt_rule_get_message (in, "request", RT_MESSAGE_REQUEST, error);
  g_autoptr (RtDecision) why = rt_decision_new ();
  RtPreflightNeed need = {
    .same_origin = rt_rule_get_boolean (in, "same_origin", FALSE),
    .upload_observed = rt_rule_get_boolean (in, "upload_observed", FALSE),
    .streamed = rt_rule_get_boolean (in, "streamed", FALSE),
  };

  return request != NULL
         && answer (out, "needed", rt_cors_preflight_needed_decide (request, &need, why), why);
}

gboolean
rt_rule_ask_cors_preflight (JsonObject *in, JsonObject *out, GError **error)
{
  g_autoptr (RtMessage) preflight = NULL;
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_auto (Exchange) e = { 0 };

  if (!get_exchange (in, &e, error))
    return FALSE;
  preflight = rt_rule_get_message (in, "preflight", RT_MESSAGE_REQUEST, error);
  if (preflight == NULL)
    return FALSE;
  return answer (out, "allowed",
                 rt_cors_preflight_decide (e.request, preflight, e.response,
                                           rt_rule_get_boolean (in, "credentials", FALSE), why),
                 why);
}

gboolean
rt_rule_ask_cors_expose (JsonObject *in, JsonObject *out, GError **error)
{
  g_autoptr (RtMessage) response = rt_rule_get_message (in, "response", RT_MESSAGE_RESPONSE, error);
  g_autoptr (GString) name = response != NULL ? rt_rule_get_text (in, "name", error) : NULL;
  g_autoptr (RtDecision) why = rt_decision_new ();
  RtField field = { 0 };

  if (name == NULL)
    return FALSE;
  field.name = (RtText){ name->str, name->len };
  return answer (
      out, "readable",
      rt_cors_expose_decide (&field, response, rt_rule_get_boolean (in, "credentials", FALSE), why),
      why);
}

/* What was noted of the response decides over the next request, `later` seconds on. */
gboolean
rt_rule_ask_hsts (JsonObject *in, JsonObject *out, GError **error)
{
  static const char *const fates[] = { "ignored", "noted", "forgotten" };
  g_autoptr (RtMessage) response = rt_rule_get_message (in, "response", RT_MESSAGE_RESPONSE, error);
  const char *host = rt_rule_get_string (in, "host", "");
  g_autoptr (RtHsts) hsts = rt_hsts_new ();
  g_autoptr (RtDecision) noting = rt_decision_new ();
  g_autoptr (RtDecision) why = rt_decision_new ();
  JsonObject *noted;
  RtHstsNote fate;
  gint64 later = 0;

  if (response == NULL
      || (json_object_has_member (in, "later")
          && !rt_rule_get_integer (in, "later", &later, error)))
    return FALSE;
  fate = rt_hsts_note_decide (hsts, rt_text (host), rt_rule_get_boolean (in, "secure", TRUE),
                              rt_rule_get_boolean (in, "trusted", TRUE), response, 0, noting);
  noted = json_object_new ();
  json_object_set_string_member (noted, "fate", fates[fate]);
  rt_rule_set_decision (noted, noting);
  json_object_set_object_member (out, "note", noted);
  return answer (out, "upgrade",
                 rt_hsts_upgrade_decide (hsts, rt_text (rt_rule_get_string (in, "next_host", host)),
                                         CLAMP (later, 0, G_MAXINT32) * RT_TIME_SEC, why),
                 why);
}

gboolean
rt_rule_ask_challenge (JsonObject *in, JsonObject *out, GError **error)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autofree const char **schemes = rt_rule_get_strings (in, "schemes", NULL, error);
  g_auto (Exchange) e = { 0 };
  RtChallengeContext context = {
    .schemes = schemes,
    .secure = rt_rule_get_boolean (in, "secure", TRUE),
    .cleartext = rt_rule_get_boolean (in, "cleartext", FALSE),
  };
  RtChallenge chosen;

  if (schemes == NULL || !get_exchange (in, &e, error))
    return FALSE;
  if (rt_challenge_decide (e.request, e.response, &context, &chosen, why))
    {
      g_autofree char *scheme = rt_text_dup (chosen.scheme);

      json_object_set_string_member (out, "scheme", scheme);
    }
  else
    json_object_set_null_member (out, "scheme");
  rt_rule_set_decision (out, why);
  return TRUE;
}

static gboolean
get_retry (JsonObject *in, RtRetryContext *context, GError **error)
{
  gint64 sent = 1, attempts = 1, max = 3;

  if ((json_object_has_member (in, "sent") && !rt_rule_get_integer (in, "sent", &sent, error))
      || (json_object_has_member (in, "attempts")
          && !rt_rule_get_integer (in, "attempts", &attempts, error))
      || (json_object_has_member (in, "max_attempts")
          && !rt_rule_get_integer (in, "max_attempts", &max, error)))
    return FALSE;
  context->sent = (guint64)MAX (sent, 0);
  context->attempts = (guint)CLAMP (attempts, 1, G_MAXINT32);
  context->max_attempts = (guint)CLAMP (max, 1, G_MAXINT32);
  context->reused = rt_rule_get_boolean (in, "reused", FALSE);
  context->proxy = rt_rule_get_boolean (in, "proxy", FALSE);
  context->replayable = rt_rule_get_boolean (in, "replayable", TRUE);
  return TRUE;
}

gboolean
rt_rule_ask_retry (JsonObject *in, JsonObject *out, GError **error)
{
  g_autoptr (RtMessage) request = rt_rule_get_message (in, "request", RT_MESSAGE_REQUEST, error);
  g_autoptr (RtMessage) response = NULL;
  g_autoptr (RtDecision) why = rt_decision_new ();
  RtRetryContext context = { 0 };
  RtTime now, delay = 0;

  if (request == NULL || !rt_rule_get_time (in, "now", &now, error)
      || !get_retry (in, &context, error))
    return FALSE;
  if (json_object_has_member (in, "response"))
    {
      response = rt_rule_get_message (in, "response", RT_MESSAGE_RESPONSE, error);
      if (response == NULL)
        return FALSE;
    }
  context.response = response;
  answer (out, "retry", rt_retry_decide (request, &context, now, &delay, why), why);
  json_object_set_int_member (out, "delay", delay / RT_TIME_SEC);
  return TRUE;
}

static gboolean
get_version (JsonObject *in, const char *name, RtVersion *ret_version, GError **error)
{
  static const char *const names[] = { "1.1", "1.0", "0.9", "2", "3" };
  static const RtVersion versions[]
      = { RT_VERSION_1_1, RT_VERSION_1_0, RT_VERSION_0_9, RT_VERSION_2, RT_VERSION_3 };
  guint i;

  if (!rt_rule_get_choice (in, name, names, G_N_ELEMENTS (names), &i, error))
    return FALSE;
  *ret_version = versions[i];
  return TRUE;
}

gboolean
rt_rule_ask_connection_persist (JsonObject *in, JsonObject *out, GError **error)
{
  static const char *const framings[] = { "length", "none", "chunked", "close", "invalid" };
  static const RtFraming framing_of[] = { RT_FRAMING_LENGTH, RT_FRAMING_NONE, RT_FRAMING_CHUNKED,
                                          RT_FRAMING_CLOSE, RT_FRAMING_INVALID };
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_auto (Exchange) e = { 0 };
  guint framing;

  if (!get_exchange (in, &e, error)
      || !rt_rule_get_choice (in, "framing", framings, G_N_ELEMENTS (framings), &framing, error)
      || !get_version (in, "client_version", &e.request->version, error)
      || !get_version (in, "server_version", &e.response->version, error))
    return FALSE;
  e.response->framing = framing_of[framing];
  return answer (out, "open",
                 rt_connection_persist_decide (e.request, e.response,
                                               rt_rule_get_boolean (in, "complete", TRUE), why),
                 why);
}

gboolean
rt_rule_ask_connection_reuse (JsonObject *in, JsonObject *out, GError **error)
{
  JsonObject *object = rt_rule_get_object (in, "connection", error);
  g_autoptr (RtMessage) last = NULL;
  g_autoptr (RtDecision) why = rt_decision_new ();
  const char *origin = rt_rule_get_string (in, "origin", "");
  RtIdleConnection connection;
  gint64 idle = 0;

  if (object == NULL
      || (json_object_has_member (object, "idle")
          && !rt_rule_get_integer (object, "idle", &idle, error)))
    return FALSE;
  last = json_object_has_member (object, "response")
             ? rt_rule_get_message (object, "response", RT_MESSAGE_RESPONSE, error)
             : rt_message_new_response (200, "");
  if (last == NULL)
    return FALSE;
  connection = (RtIdleConnection){
    .origin = rt_rule_get_string (object, "origin", ""),
    .multiplexed = rt_rule_get_boolean (object, "multiplexed", FALSE),
    .busy = rt_rule_get_boolean (object, "busy", FALSE),
    .vouched = rt_rule_get_boolean (object, "vouched", FALSE),
    .misdirected = rt_rule_get_boolean (object, "misdirected", FALSE),
  };
  rt_keep_alive_parse (last->fields, &connection.hint);
  return answer (out, "reuse",
                 rt_connection_reuse_decide (&connection, origin,
                                             CLAMP (idle, 0, G_MAXINT32) * RT_TIME_SEC, why),
                 why);
}
