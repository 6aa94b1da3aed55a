/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Partial content in a cache: what is missing, and what may be put together. */
#pragma once

#include "rt-cache-policy.h"

G_BEGIN_DECLS

/**
 * RtCacheCombine:
 * @combine: the two parts are of the same representation and touch: put them together
 * @first, @last: what there is of it then, inclusive
 * @complete: that is all of it: what is stored is a 200 from now on
 */
typedef struct
{
  gboolean combine;
  guint64 first, last;
  gboolean complete;
} RtCacheCombine;

extern const RtRule rt_rule_cache_combine;

RtCacheCombine
rt_cache_combine_decide (const RtCachePolicy *policy, RtMessage *response, RtDecision *why);
gboolean rt_cache_part_locate (const RtCachePolicy *policy,
                               const RtRangeSpec *spec,
                               guint64 n_stored,
                               guint64 *ret_offset,
                               guint64 *ret_length);
gboolean rt_cache_missing_range (const RtCachePolicy *policy, RtFields *request);
RtFields *
rt_cache_combined_fields (const RtCachePolicy *policy, RtFields *fields, const RtCacheCombine *how);

G_END_DECLS
