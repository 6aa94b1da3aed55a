/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Validation: asking the server about a stored response, and updating it by the answer. */
#pragma once

#include "rt-cache-policy.h"
#include "rt-preconditions.h"

G_BEGIN_DECLS

/**
 * RtCacheUpdate:
 * @RT_CACHE_UPDATE_YES: the answer updates this stored response
 * @RT_CACHE_UPDATE_NO: it is about another one
 * @RT_CACHE_UPDATE_STALE: it says that this stored response is no longer the current one
 */
typedef enum
{
  RT_CACHE_UPDATE_YES,
  RT_CACHE_UPDATE_NO,
  RT_CACHE_UPDATE_STALE,
} RtCacheUpdate;

extern const RtRule rt_rule_cache_update;
extern const RtRule rt_rule_cache_update_head;

RtPreconditionState rt_cache_precondition_state (const RtCachePolicy *policy);
guint
rt_cache_add_conditions (RtFields *request, RtCachePolicy *const *candidates, guint n_candidates);
RtCacheUpdate rt_cache_update_decide (const RtCachePolicy *policy,
                                      RtMessage *response,
                                      gboolean asked_about_it_alone,
                                      RtDecision *why);
RtCacheUpdate
rt_cache_update_head_decide (const RtCachePolicy *policy, RtMessage *response, RtDecision *why);
const char *rt_cache_update_name (RtCacheUpdate verdict);
RtFields *rt_cache_updated_fields (const RtCachePolicy *policy, RtFields *fields);

G_END_DECLS
