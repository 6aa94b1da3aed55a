/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The evaluators of `roundtrip rule` about caching. */
#include "rt-rule-message.h"

#include "rt-cache-invalidate.h"
#include "rt-cache-reuse.h"
#include "rt-cache-store.h"
#include "rt-cache-validate.h"

static const RtCacheSettings *
get_settings (JsonObject *in)
{
  return strcmp (rt_rule_get_string (in, "cache", "shared"), "private") == 0
             ? &rt_cache_settings_private
             : &rt_cache_settings_shared;
}

/* What is stored: `{"request", "response", "received", "delay"}`; its request may be left out. */
static RtCachePolicy *
get_stored (JsonObject *in, JsonObject *object, const char *uri, GError **error)
{
  g_autoptr (RtMessage) request = NULL;
  g_autoptr (RtMessage) response
      = rt_rule_get_message (object, "response", RT_MESSAGE_RESPONSE, error);
  RtTime received;
  gint64 delay = 0;

  if (response == NULL || !rt_rule_get_time (object, "received", &received, error))
    return NULL;
  if (json_object_has_member (object, "delay")
      && !rt_rule_get_integer (object, "delay", &delay, error))
    return NULL;
  if (!json_object_has_member (object, "request"))
    request = rt_message_new_request ("GET", "/");
  else if ((request = rt_rule_get_message (object, "request", RT_MESSAGE_REQUEST, error)) == NULL)
    return NULL;
  delay = CLAMP (delay, 0, RT_DELTA_SECONDS_MAX);
  return rt_cache_policy_new (get_settings (in), request, uri, response,
                              received - delay * RT_TIME_SEC, received);
}

gboolean
rt_rule_ask_freshness (JsonObject *in, JsonObject *out, GError **error)
{
  g_autoptr (RtCachePolicy) policy
      = get_stored (in, in, rt_rule_get_string (in, "uri", "http://localhost/"), error);
  g_autoptr (RtDecision) why = rt_decision_new ();
  RtFreshness freshness;
  RtTime now;

  if (policy == NULL || !rt_rule_get_time (in, "now", &now, error))
    return FALSE;
  freshness = rt_freshness_decide (policy, now, why);
  json_object_set_boolean_member (out, "fresh", freshness.fresh);
  json_object_set_string_member (out, "basis", rt_lifetime_basis_name (freshness.basis));
  json_object_set_int_member (out, "lifetime", freshness.lifetime / RT_TIME_SEC);
  json_object_set_int_member (out, "age", freshness.age / RT_TIME_SEC);
  rt_rule_set_decision (out, why);
  return TRUE;
}

gboolean
rt_rule_ask_store (JsonObject *in, JsonObject *out, GError **error)
{
  g_autoptr (RtMessage) request = rt_rule_get_message (in, "request", RT_MESSAGE_REQUEST, error);
  g_autoptr (RtMessage) response
      = request != NULL ? rt_rule_get_message (in, "response", RT_MESSAGE_RESPONSE, error) : NULL;
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autoptr (RtFields) fields = NULL;
  g_autofree char *uri = NULL;
  gboolean store;

  if (response == NULL)
    return FALSE;
  uri = rt_rule_dup_uri (in, request);
  store = rt_cache_store_decide (get_settings (in), request, uri, response, why);
  json_object_set_boolean_member (out, "store", store);
  if (store)
    {
      fields = rt_cache_stored_fields (get_settings (in), response->fields);
      rt_rule_set_fields (out, "headers", fields);
    }
  rt_rule_set_decision (out, why);
  return TRUE;
}

/* The stored response that a question is about, and the request that comes. */
typedef struct
{
  RtMessage *request;
  char *uri;
  RtCachePolicy *policy;
  RtTime now;
} Lookup;

static void
lookup_clear (Lookup *lookup)
{
  g_clear_pointer (&lookup->request, rt_message_unref);
  g_clear_pointer (&lookup->policy, rt_cache_policy_unref);
  g_free (lookup->uri);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Lookup, lookup_clear)

static gboolean
get_lookup (JsonObject *in, Lookup *lookup, GError **error)
{
  JsonObject *stored = rt_rule_get_object (in, "stored", error);

  if (stored == NULL)
    return FALSE;
  lookup->request = rt_rule_get_message (in, "request", RT_MESSAGE_REQUEST, error);
  if (lookup->request == NULL)
    return FALSE;
  lookup->uri = rt_rule_dup_uri (in, lookup->request);
  lookup->policy = get_stored (in, stored, rt_rule_get_string (stored, "uri", lookup->uri), error);
  return lookup->policy != NULL && rt_rule_get_time (in, "now", &lookup->now, error);
}

gboolean
rt_rule_ask_reuse (JsonObject *in, JsonObject *out, GError **error)
{
  g_auto (Lookup) l = { 0 };
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autoptr (RtFields) fields = NULL;
  RtCacheReuse verdict;

  if (!get_lookup (in, &l, error))
    return FALSE;
  verdict = rt_cache_reuse_decide (l.policy, l.request, l.uri, l.now, why);
  json_object_set_string_member (out, "verdict", rt_cache_reuse_name (verdict));
  if (verdict <= RT_CACHE_REUSE_WHILE_REVALIDATE)
    {
      fields = rt_cache_reused_fields (l.policy, l.now, FALSE);
      rt_rule_set_fields (out, "headers", fields);
    }
  rt_rule_set_decision (out, why);
  return TRUE;
}

gboolean
rt_rule_ask_stale (JsonObject *in, JsonObject *out, GError **error)
{
  g_auto (Lookup) l = { 0 };
  g_autoptr (RtMessage) answer = NULL;
  g_autoptr (RtDecision) why = rt_decision_new ();

  if (!get_lookup (in, &l, error))
    return FALSE;
  if (json_object_has_member (in, "response")
      && (answer = rt_rule_get_message (in, "response", RT_MESSAGE_RESPONSE, error)) == NULL)
    return FALSE;
  json_object_set_string_member (
      out, "verdict",
      rt_cache_error_name (rt_cache_error_decide (l.policy, l.request, answer, l.now, why)));
  rt_rule_set_decision (out, why);
  return TRUE;
}

gboolean
rt_rule_ask_update (JsonObject *in, JsonObject *out, GError **error)
{
  g_auto (Lookup) l = { 0 };
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autoptr (RtMessage) answer = NULL;
  g_autoptr (RtFields) fields = NULL;
  RtCacheUpdate verdict;

  if (!get_lookup (in, &l, error)
      || (answer = rt_rule_get_message (in, "response", RT_MESSAGE_RESPONSE, error)) == NULL)
    return FALSE;
  verdict = rt_text_is (l.request->method, "HEAD")
                ? rt_cache_update_head_decide (l.policy, answer, why)
                : rt_cache_update_decide (l.policy, answer, rt_rule_get_boolean (in, "alone", TRUE),
                                          why);
  json_object_set_string_member (out, "verdict", rt_cache_update_name (verdict));
  if (verdict == RT_CACHE_UPDATE_YES)
    {
      fields = rt_cache_updated_fields (l.policy, answer->fields);
      rt_rule_set_fields (out, "headers", fields);
    }
  rt_rule_set_decision (out, why);
  return TRUE;
}

static void
set_text_or_null (JsonObject *out, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (out, name, text);
  else
    json_object_set_null_member (out, name);
}

gboolean
rt_rule_ask_invalidate (JsonObject *in, JsonObject *out, GError **error)
{
  g_autoptr (RtMessage) request = rt_rule_get_message (in, "request", RT_MESSAGE_REQUEST, error);
  g_autoptr (RtMessage) response
      = request != NULL ? rt_rule_get_message (in, "response", RT_MESSAGE_RESPONSE, error) : NULL;
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_auto (RtCacheInvalidation) i = { 0 };
  g_autofree char *uri = NULL;

  if (response == NULL)
    return FALSE;
  uri = rt_rule_dup_uri (in, request);
  i = rt_cache_invalidate_decide (request, uri, response, why);
  json_object_set_boolean_member (out, "target", i.target);
  set_text_or_null (out, "location", i.location);
  set_text_or_null (out, "content_location", i.content_location);
  rt_rule_set_decision (out, why);
  return TRUE;
}
