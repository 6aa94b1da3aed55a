/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cache-Status, RFC 9211. */
#include "rt-cache-status.h"

#include "rt-cache-vary.h"
#include "rt-methods.h"

static const char *const reasons[]
    = { NULL, "bypass", "method", "uri-miss", "vary-miss", "miss", "request", "stale", "partial" };

/**
 * rt_cache_status_format:
 * @status: what was done
 *
 * Returns: (transfer full): a member for Cache-Status, to be appended to those of other caches
 */
char *
rt_cache_status_format (const RtCacheStatus *status)
{
  GString *out = g_string_new (status->name);

  if (status->forward == RT_CACHE_FORWARD_NONE)
    g_string_append (out, "; hit");
  else
    g_string_append_printf (out, "; fwd=%s", reasons[status->forward]);
  if (status->forward != RT_CACHE_FORWARD_NONE && status->forward_status != 0)
    g_string_append_printf (out, "; fwd-status=%u", status->forward_status);
  if (status->has_ttl)
    g_string_append_printf (out, "; ttl=%" G_GINT64_FORMAT, status->ttl);
  if (status->stored)
    g_string_append (out, "; stored");
  if (status->collapsed)
    g_string_append (out, "; collapsed");
  if (status->detail != NULL)
    g_string_append_printf (out, "; detail=%s", status->detail);
  return g_string_free (out, FALSE);
}

/**
 * rt_cache_forward_reason:
 * @policy: (nullable): of the stored response that was considered; %NULL: nothing is stored for the
 *   URI
 * @request: a request that is forwarded
 * @uri: its target URI
 * @now: the cache's time
 *
 * Returns: why it is forwarded
 */
RtCacheForward
rt_cache_forward_reason (const RtCachePolicy *policy,
                         RtMessage *request,
                         const char *uri,
                         RtTime now)
{
  if (!rt_method_is_read (request->method))
    return RT_CACHE_FORWARD_METHOD;
  if (policy == NULL || strcmp (policy->uri, uri) != 0)
    return RT_CACHE_FORWARD_URI_MISS;
  if (!rt_cache_vary_matches (policy, request, NULL))
    return RT_CACHE_FORWARD_VARY_MISS;
  if (rt_cache_reuse_decide (policy, request, uri, now, NULL) == RT_CACHE_REUSE_NO)
    return RT_CACHE_FORWARD_PARTIAL;
  return rt_freshness_decide (policy, now, NULL).fresh
                 && !rt_cache_has_bare (&policy->directives, RT_CACHE_NO_CACHE)
             ? RT_CACHE_FORWARD_REQUEST
             : RT_CACHE_FORWARD_STALE;
}
