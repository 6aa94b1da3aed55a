/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reuse: may a stored response answer this request? */
#pragma once

#include "rt-freshness.h"

G_BEGIN_DECLS

/**
 * RtCacheReuse:
 * @RT_CACHE_REUSE_FRESH: answer from the cache
 * @RT_CACHE_REUSE_STALE: answer from the cache although it is stale: something allows it
 * @RT_CACHE_REUSE_WHILE_REVALIDATE: so too, and validate at the same time
 * @RT_CACHE_REUSE_VALIDATE: ask the server whether it is still good
 * @RT_CACHE_REUSE_NO: this response is not for this request
 * @RT_CACHE_REUSE_TIMEOUT: the client wants nothing but a stored response, and this one can't be
 *   used: 504
 */
typedef enum
{
  RT_CACHE_REUSE_FRESH,
  RT_CACHE_REUSE_STALE,
  RT_CACHE_REUSE_WHILE_REVALIDATE,
  RT_CACHE_REUSE_VALIDATE,
  RT_CACHE_REUSE_NO,
  RT_CACHE_REUSE_TIMEOUT,
} RtCacheReuse;

extern const RtRule rt_rule_cache_reuse;
extern const RtRule rt_rule_cache_error;

RtCacheReuse rt_cache_reuse_decide (
    const RtCachePolicy *policy, RtMessage *request, const char *uri, RtTime now, RtDecision *why);
const char *rt_cache_reuse_name (RtCacheReuse verdict);
gboolean rt_cache_needs_504 (RtMessage *request);
RtFields *rt_cache_reused_fields (const RtCachePolicy *policy, RtTime now, gboolean validated);
guint
rt_cache_select (RtCachePolicy *const *policies, guint n, RtMessage *request, const char *uri);

/**
 * RtCacheError:
 * @RT_CACHE_ERROR_SERVE_STALE: answer with the stored response
 * @RT_CACHE_ERROR_FORWARD: hand the error on
 * @RT_CACHE_ERROR_TIMEOUT: 504
 */
typedef enum
{
  RT_CACHE_ERROR_SERVE_STALE,
  RT_CACHE_ERROR_FORWARD,
  RT_CACHE_ERROR_TIMEOUT,
} RtCacheError;

RtCacheError rt_cache_error_decide (const RtCachePolicy *policy,
                                    RtMessage *request,
                                    RtMessage *error_response,
                                    RtTime now,
                                    RtDecision *why);
const char *rt_cache_error_name (RtCacheError verdict);

G_END_DECLS
