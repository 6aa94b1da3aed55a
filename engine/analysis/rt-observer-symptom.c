/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What people complain of without an exchange that is plainly wrong: old data, a status that is
 * not quite right, a field that comes too late, a client nobody knows, connections that are held.
 */
#include "rt-observer-private.h"

#include "rt-freshness.h"
#include "rt-json-value.h"
#include "rt-media-type.h"

/* A head is one segment; one that takes longer holds its connection and does nothing with it. */
#define SLOW_HEAD (5 * RT_TIME_SEC)

/* clang-format off */
static const RtSaying stale = { "cache.stale", "stale-data", RT_SEVERITY_WARNING,
  "A cache answered with a response that is stale by its own words" };
static const RtSaying unparsed = { "status.unparsed", "400-or-422", RT_SEVERITY_INFO,
  "422 says that the content was understood, and it cannot be read: that is 400",
  .of_request = TRUE };
static const RtSaying unknown_client = { "client.unknown", "client-address", RT_SEVERITY_INFO,
  "The request was passed on, and does not say for whom: to the server the proxy is the client",
  .of_request = TRUE };
static const RtSaying held = { "connection.held", "connections-exhausted", RT_SEVERITY_WARNING,
  "The connection was held by a request that took long to be one", .of_request = TRUE };
/* clang-format on */

/* RFC 9111 §4.2.4: not unless disconnected or permitted. Who says so by a directive is taken at his
 * word, and a lifetime that is guessed is none of the response's own words. */
static void
look_at_age (RtSight *sight)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autoptr (RtCachePolicy) policy = NULL;
  RtFreshness freshness;

  if (rt_fields_first (sight->response->fields, "Age") == NULL)
    return;
  policy = rt_cache_policy_new (&rt_cache_settings_shared, sight->request, sight->uri,
                                sight->response, sight->asked, sight->answered);
  freshness = rt_freshness_decide (policy, sight->answered, why);
  if (freshness.fresh || policy->basis == RT_LIFETIME_NONE || policy->basis == RT_LIFETIME_HEURISTIC
      || rt_cache_has (&policy->directives, RT_CACHE_STALE_WHILE_REVALIDATE)
      || rt_cache_has (&policy->directives, RT_CACHE_STALE_IF_ERROR))
    return;
  rt_sight_say (sight, &stale, why);
}

/* RFC 9110 §15.5.21: the content type is understood and the syntax is correct. */
static void
look_at_422 (RtSight *sight)
{
  const RtField *type = rt_fields_first (sight->request->fields, "Content-Type");
  g_autoptr (GBytes) content = NULL;
  RtMediaType media;
  RtText text;

  if (sight->response->status != 422 || type == NULL || !rt_media_type_parse (type->value, &media)
      || !rt_media_type_is (&media, "application/json")
      || sight->exchange->request->content_length > RT_OBSERVER_CONTENT_MAX
      || sight->exchange->request->missing != NULL
      || rt_fields_first (sight->request->fields, "Content-Encoding") != NULL)
    return;
  content = rt_analysis_dup_content (sight->observer->analysis, sight->exchange->request);
  if (content == NULL)
    return;
  text.at = g_bytes_get_data (content, &text.length);
  if (!rt_json_parse (text, &(RtJson){ 0 }))
    rt_sight_say_text (sight, &unparsed, "The request's content is no JSON.", "RFC 9110 §15.5.21",
                       type->value_span);
}

/* RFC 7239 §1: the address is lost at the first proxy unless that tells it. */
static void
look_at_client (RtSight *sight)
{
  RtFields *fields = sight->request->fields;
  const RtField *via = rt_fields_first (fields, "Via");

  if (via != NULL && rt_fields_first (fields, "Forwarded") == NULL
      && rt_fields_first (fields, "X-Forwarded-For") == NULL)
    rt_sight_say_text (sight, &unknown_client,
                       "Via tells of a proxy; there is neither Forwarded nor X-Forwarded-For.",
                       "RFC 7239 §4", via->line);
}

static void
look_at_head (RtSight *sight)
{
  const RtTransfer *request = sight->exchange->request;
  RtTime took = request->sent_first != RT_TIME_UNKNOWN && request->sent_head != RT_TIME_UNKNOWN
                    ? request->sent_head - request->sent_first
                    : 0;
  g_autofree char *how_long = rt_duration_format (MAX (took, 0));
  g_autofree char *text = g_strdup_printf ("Its head came in pieces, within %s.", how_long);

  if (took >= SLOW_HEAD && !sight->exchange->reconstructed)
    rt_sight_say_text (sight, &held, text, "RFC 9112 §9.5", request->message->start_line);
}

/** rt_observe_symptoms: of an exchange with a response. */
void
rt_observe_symptoms (RtSight *sight)
{
  look_at_age (sight);
  look_at_422 (sight);
  look_at_client (sight);
  look_at_head (sight);
}
