/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Freshness, RFC 9111 §4.2: the lifetime from the first of four sources, against the age. */
#include "rt-freshness.h"

/* clang-format off */
const RtClause rt_freshness_targeted = { "freshness.targeted", "a targeted field speaks to this cache, in place of Cache-Control and Expires", "RFC 9213 §2.2", RT_LEVEL_MUST };
const RtClause rt_freshness_s_maxage = { "freshness.s-maxage", "s-maxage sets the lifetime, this cache being shared", "RFC 9111 §5.2.2.10", RT_LEVEL_MUST };
const RtClause rt_freshness_max_age = { "freshness.max-age", "max-age sets the lifetime", "RFC 9111 §5.2.2.1", RT_LEVEL_MUST };
const RtClause rt_freshness_expires = { "freshness.expires", "Expires minus Date sets the lifetime; no valid date means none is left", "RFC 9111 §5.3", RT_LEVEL_MUST };
const RtClause rt_freshness_may_guess = { "freshness.may-guess", "a lifetime may be guessed: the status is one of those, or the response is marked public", "RFC 9111 §4.2.2", RT_LEVEL_MUST };
const RtClause rt_freshness_guess = { "freshness.guess", "the lifetime is guessed from Last-Modified", "RFC 9111 §4.2.2", RT_LEVEL_MAY };
const RtClause rt_freshness_fresh = { "freshness.fresh", "the lifetime is longer than the age", "RFC 9111 §4.2", RT_LEVEL_MUST };
/* clang-format on */

static const RtClause *const clauses[] = { RT_FRESHNESS_CLAUSES };

const RtRule rt_rule_freshness
    = RT_RULE ("freshness", "Is the stored response fresh?", "RFC 9111 §4.2", clauses);

/* The status line is cited where the status lets a lifetime be guessed, `public` where it does. */
static void
check_may_guess (const RtCachePolicy *p, RtDecision *why)
{
  RtEvidence evidence;

  if (why == NULL)
    return;
  evidence.n = 0;
  rt_evidence_add (&evidence,
                   rt_fact_number ("status", p->response->status, p->response->status_span));
  rt_cache_directives_add_lines (&evidence, &p->directives);
  rt_check_evidence (why, &rt_freshness_may_guess, p->may_guess, &evidence);
}

/* Says how the policy came to its lifetime. */
static void
explain_lifetime (const RtCachePolicy *p, RtDecision *why)
{
  if (p->settings.targeted != NULL)
    rt_check_lines (why, &rt_freshness_targeted, p->targeted, p->response->fields,
                    p->settings.targeted);
  if (p->settings.shared
      && rt_check_directive (why, &rt_freshness_s_maxage, p->basis == RT_LIFETIME_S_MAXAGE,
                             &p->directives, RT_CACHE_S_MAXAGE))
    return;
  if (rt_check_directive (why, &rt_freshness_max_age, p->basis == RT_LIFETIME_MAX_AGE,
                          &p->directives, RT_CACHE_MAX_AGE))
    return;
  if (rt_check (why, &rt_freshness_expires, p->basis == RT_LIFETIME_EXPIRES,
                rt_fact_field ("Expires", p->expires_field)))
    return;
  check_may_guess (p, why);
  if (p->may_guess)
    rt_check (why, &rt_freshness_guess, p->basis == RT_LIFETIME_HEURISTIC,
              rt_fact_field ("Last-Modified", p->modified_field));
}

static RtFact
lifetime_fact (const RtCachePolicy *p)
{
  gint64 seconds = p->lifetime / RT_TIME_SEC;

  switch (p->basis)
    {
    case RT_LIFETIME_S_MAXAGE:
      return rt_fact_number ("lifetime (s-maxage)", seconds,
                             rt_cache_directive_fact (&p->directives, RT_CACHE_S_MAXAGE).proof);
    case RT_LIFETIME_MAX_AGE:
      return rt_fact_number ("lifetime (max-age)", seconds,
                             rt_cache_directive_fact (&p->directives, RT_CACHE_MAX_AGE).proof);
    case RT_LIFETIME_EXPIRES:
      return rt_fact_number ("lifetime (Expires − Date)", seconds, p->expires_field->value_span);
    case RT_LIFETIME_HEURISTIC:
      return rt_fact_number ("lifetime (guessed)", seconds, p->modified_field->value_span);
    case RT_LIFETIME_NONE:
    default:
      return rt_fact_number ("lifetime (none stated)", 0, RT_SPAN_NONE);
    }
}

static gboolean
check_fresh (const RtCachePolicy *p, const RtFreshness *f, RtTime now, RtDecision *why)
{
  const RtField *date = p->date_field;
  const RtField *age = p->age_field;

  return rt_check (
      why, &rt_freshness_fresh, f->fresh, lifetime_fact (p),
      rt_fact_number ("age", f->age / RT_TIME_SEC, RT_SPAN_NONE),
      rt_fact_number ("Age", p->age_value, age != NULL ? age->value_span : RT_SPAN_NONE),
      rt_fact_field ("Date", date),
      rt_fact_number ("in this cache for", (now - p->response_time) / RT_TIME_SEC, RT_SPAN_NONE));
}

/**
 * rt_freshness_decide:
 * @policy: of a stored response
 * @now: the cache's time
 * @why: (nullable): receives the explanation
 *
 * Returns: whether the response is fresh, and the two numbers that decide it
 */
RtFreshness
rt_freshness_decide (const RtCachePolicy *policy, RtTime now, RtDecision *why)
{
  RtTime age = rt_cache_policy_get_age (policy, now);
  RtFreshness f = { policy->basis, policy->lifetime, age, policy->lifetime > age };

  if (why == NULL)
    return f;
  rt_decision_begin (why, &rt_rule_freshness, rt_text (policy->uri));
  explain_lifetime (policy, why);
  /* Where no lifetime was found, that is what decides. */
  if (f.basis != RT_LIFETIME_NONE)
    check_fresh (policy, &f, now, why);
  rt_decision_conclude (why, f.fresh ? "fresh" : "stale");
  return f;
}

/**
 * rt_lifetime_basis_name:
 * @basis: where a lifetime comes from
 *
 * Returns: `none`, `s-maxage`, `max-age`, `expires` or `heuristic`
 */
const char *
rt_lifetime_basis_name (RtLifetimeBasis basis)
{
  static const char *const names[] = { "none", "s-maxage", "max-age", "expires", "heuristic" };

  return names[MIN ((guint)basis, G_N_ELEMENTS (names) - 1)];
}
