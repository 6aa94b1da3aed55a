/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invalidation: which stored responses does a change make unusable? */
#pragma once

#include "rt-message.h"

#include "rt-decision.h"

G_BEGIN_DECLS

/**
 * RtCacheInvalidation:
 * @target: what is stored for the target URI
 * @location: (owned) (nullable): this URI too, from Location
 * @content_location: (owned) (nullable): and this one, from Content-Location
 */
typedef struct
{
  gboolean target;
  char *location, *content_location;
} RtCacheInvalidation;

extern const RtRule rt_rule_cache_invalidate;

RtCacheInvalidation rt_cache_invalidate_decide (RtMessage *request,
                                                const char *uri,
                                                RtMessage *response,
                                                RtDecision *why);
void rt_cache_invalidation_clear (RtCacheInvalidation *invalidation);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtCacheInvalidation, rt_cache_invalidation_clear)

G_END_DECLS
