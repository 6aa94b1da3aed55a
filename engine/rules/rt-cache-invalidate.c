/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invalidation, RFC 9111 §4.4: a change that succeeded makes what is stored for its target
 * unusable, and for the URIs of Location and Content-Location, if they are of the same origin: else
 * anybody could empty the cache of somebody else. */
#include "rt-cache-invalidate.h"

#include "rt-cache-uri.h"
#include "rt-evidence.h"
#include "rt-methods.h"

/* clang-format off */
static const RtClause unsafe = { "cache.invalidate.method", "the method is unsafe, or nobody here knows it", "RFC 9111 §4.4", RT_LEVEL_MUST };
static const RtClause success = { "cache.invalidate.status", "the answer is no error: 2xx or 3xx", "RFC 9111 §4.4", RT_LEVEL_MUST };
static const RtClause location = { "cache.invalidate.location", "Location is of the origin of the target", "RFC 9111 §4.4", RT_LEVEL_MAY };
static const RtClause content_location = { "cache.invalidate.content-location", "Content-Location is of the origin of the target", "RFC 9111 §4.4", RT_LEVEL_MAY };

static const RtClause *const clauses[] = { &unsafe, &success, &location, &content_location };
/* clang-format on */

const RtRule rt_rule_cache_invalidate = RT_RULE (
    "cache.invalidate", "Which stored responses does it invalidate?", "RFC 9111 §4.4", clauses);

/* The URI that @name refers to, if it is there and of the same origin. */
static char *
invalidated_by (
    RtMessage *response, const char *uri, const char *name, const RtClause *clause, RtDecision *why)
{
  const RtField *field = rt_fields_first (response->fields, name);
  g_autofree char *resolved = NULL;

  if (field == NULL)
    return NULL;
  resolved = rt_cache_uri_resolve (uri, field->value);
  if (!rt_check (why, clause, resolved != NULL && rt_cache_uri_same_origin (resolved, uri),
                 rt_fact_field (name, field)))
    return NULL;
  return g_steal_pointer (&resolved);
}

static const char *
verdict_name (const RtCacheInvalidation *i)
{
  return !i->target                                           ? "nothing"
         : i->location == NULL && i->content_location == NULL ? "target"
                                                              : "target and others";
}

/**
 * rt_cache_invalidate_decide:
 * @request: a request that was forwarded
 * @uri: its target URI
 * @response: the answer
 * @why: (nullable): receives the explanation
 *
 * Returns: what is to be marked as invalid or removed; clear it with
 *   rt_cache_invalidation_clear()
 */
RtCacheInvalidation
rt_cache_invalidate_decide (RtMessage *request,
                            const char *uri,
                            RtMessage *response,
                            RtDecision *why)
{
  RtCacheInvalidation i = { 0 };

  rt_decision_begin (why, &rt_rule_cache_invalidate, rt_text (uri));
  if (rt_check (why, &unsafe, !rt_method_is_safe (request->method),
                rt_fact_text ("method", request->method, request->method_span))
      && rt_check (why, &success, response->status >= 200 && response->status <= 399,
                   rt_fact_number ("status", response->status, response->status_span)))
    {
      i.target = TRUE;
      i.location = invalidated_by (response, uri, "Location", &location, why);
      i.content_location
          = invalidated_by (response, uri, "Content-Location", &content_location, why);
    }
  rt_decision_conclude (why, verdict_name (&i));
  return i;
}

void
rt_cache_invalidation_clear (RtCacheInvalidation *invalidation)
{
  g_clear_pointer (&invalidation->location, g_free);
  g_clear_pointer (&invalidation->content_location, g_free);
}
