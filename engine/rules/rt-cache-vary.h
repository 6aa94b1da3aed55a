/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Vary: was the stored response chosen by request fields that this request has too? */
#pragma once

#include "rt-cache-policy.h"

G_BEGIN_DECLS

/** RT_VARY_MEMBERS_MAX: list members whose order is looked away from; longer lists must be equal.
 */
#define RT_VARY_MEMBERS_MAX 32

gboolean rt_selecting_equal (RtText name, RtFields *a, RtFields *b);

extern const RtClause rt_vary_star, rt_vary_count, rt_vary_field, rt_vary_language;

#define RT_VARY_CLAUSES &rt_vary_star, &rt_vary_count, &rt_vary_field, &rt_vary_language

gboolean rt_cache_vary_matches (const RtCachePolicy *policy, RtMessage *request, RtDecision *why);

G_END_DECLS
