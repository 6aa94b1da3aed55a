/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cache-Status: what a cache did with a request, said to whoever debugs it. */
#pragma once

#include "rt-cache-reuse.h"

G_BEGIN_DECLS

/**
 * RtCacheForward:
 *
 * Why a request went on towards the origin server, RFC 9211 §2.2.
 */
typedef enum
{
  RT_CACHE_FORWARD_NONE,
  RT_CACHE_FORWARD_BYPASS,
  RT_CACHE_FORWARD_METHOD,
  RT_CACHE_FORWARD_URI_MISS,
  RT_CACHE_FORWARD_VARY_MISS,
  RT_CACHE_FORWARD_MISS,
  RT_CACHE_FORWARD_REQUEST,
  RT_CACHE_FORWARD_STALE,
  RT_CACHE_FORWARD_PARTIAL,
} RtCacheForward;

/**
 * RtCacheStatus:
 * @name: of this cache: a token
 * @forward: %RT_CACHE_FORWARD_NONE: it was a hit
 * @forward_status: what came back, if it is another status than the one that is sent; else 0
 * @has_ttl: @ttl is known
 * @ttl: seconds left of the freshness lifetime; negative once it is stale
 * @stored: the response that came back was stored
 * @collapsed: the request waited for another one instead of being forwarded itself
 * @detail: (nullable): a token of this cache's own
 */
typedef struct
{
  const char *name;
  RtCacheForward forward;
  guint forward_status;
  gboolean has_ttl;
  gint64 ttl;
  gboolean stored, collapsed;
  const char *detail;
} RtCacheStatus;

char *rt_cache_status_format (const RtCacheStatus *status);
RtCacheForward rt_cache_forward_reason (const RtCachePolicy *policy,
                                        RtMessage *request,
                                        const char *uri,
                                        RtTime now);

G_END_DECLS
