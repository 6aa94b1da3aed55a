/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Freshness: is a stored response still good without asking? */
#pragma once

#include "rt-cache-policy.h"

G_BEGIN_DECLS

/**
 * RtFreshness:
 * @lifetime: how long the response is good from when it was made
 * @age: how old it is
 * @fresh: @lifetime is longer than @age
 */
typedef struct
{
  RtLifetimeBasis basis;
  RtTime lifetime, age;
  gboolean fresh;
} RtFreshness;

/* How long it has been stale; 0 while it is fresh. */
static inline RtTime
rt_freshness_get_staleness (const RtFreshness *freshness)
{
  return freshness->fresh ? 0 : freshness->age - freshness->lifetime;
}

extern const RtRule rt_rule_freshness;

/* The checks of freshness, in order, for rules of which it is a part. */
extern const RtClause rt_freshness_targeted, rt_freshness_s_maxage, rt_freshness_max_age,
    rt_freshness_expires, rt_freshness_may_guess, rt_freshness_guess, rt_freshness_fresh;

#define RT_FRESHNESS_CLAUSES                                                                       \
  &rt_freshness_targeted, &rt_freshness_s_maxage, &rt_freshness_max_age, &rt_freshness_expires,    \
      &rt_freshness_may_guess, &rt_freshness_guess, &rt_freshness_fresh

RtFreshness rt_freshness_decide (const RtCachePolicy *policy, RtTime now, RtDecision *why);
const char *rt_lifetime_basis_name (RtLifetimeBasis basis);

G_END_DECLS
