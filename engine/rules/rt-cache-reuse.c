/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reuse, RFC 9111 §4: is it the response that was asked for, does either side want it validated,
 * is it fresh enough, and if it is stale, does anything allow it. */
#include "rt-cache-reuse.h"

#include "rt-cache-partial.h"
#include "rt-cache-vary.h"
#include "rt-list.h"
#include "rt-methods.h"

/* clang-format off */
static const RtClause target = { "cache.reuse.target", "the target is the one that the response was stored for", "RFC 9111 §4", RT_LEVEL_MUST };
static const RtClause method = { "cache.reuse.method", "a GET or HEAD may be answered by what the stored method got", "RFC 9111 §4", RT_LEVEL_MUST };
static const RtClause covers = { "cache.reuse.covers", "the stored part has all bytes that the request's Range asks for", "RFC 9111 §3.3", RT_LEVEL_MUST };
static const RtClause request_no_cache = { "cache.reuse.request-no-cache", "the request does not demand validation by no-cache", "RFC 9111 §5.2.1.4", RT_LEVEL_SHOULD };
static const RtClause pragma = { "cache.reuse.pragma", "the request, without Cache-Control, has no Pragma: no-cache", "RFC 9111 §5.4", RT_LEVEL_MAY };
static const RtClause no_cache = { "cache.reuse.no-cache", "the stored response does not demand validation by no-cache", "RFC 9111 §5.2.2.4", RT_LEVEL_MUST };
static const RtClause immutable = { "cache.reuse.immutable", "the fresh response is immutable: a reload gains nothing", "RFC 8246 §2", RT_LEVEL_SHOULD };
static const RtClause request_max_age = { "cache.reuse.request-max-age", "the response is no older than the request's max-age", "RFC 9111 §5.2.1.1", RT_LEVEL_SHOULD };
static const RtClause min_fresh = { "cache.reuse.min-fresh", "the response stays fresh for the request's min-fresh", "RFC 9111 §5.2.1.3", RT_LEVEL_SHOULD };
static const RtClause must_revalidate = { "cache.reuse.must-revalidate", "must-revalidate does not forbid to serve it stale", "RFC 9111 §5.2.2.2", RT_LEVEL_MUST };
static const RtClause proxy_revalidate = { "cache.reuse.proxy-revalidate", "proxy-revalidate does not forbid a shared cache to serve it stale", "RFC 9111 §5.2.2.8", RT_LEVEL_MUST };
static const RtClause s_maxage = { "cache.reuse.s-maxage", "s-maxage does not forbid a shared cache to serve it stale", "RFC 9111 §5.2.2.10", RT_LEVEL_MUST };
static const RtClause max_stale = { "cache.reuse.max-stale", "the request's max-stale allows it to be that stale", "RFC 9111 §5.2.1.2", RT_LEVEL_MAY };
static const RtClause while_revalidate = { "cache.reuse.stale-while-revalidate", "it is within stale-while-revalidate", "RFC 5861 §3", RT_LEVEL_MAY };
static const RtClause only_if_cached = { "cache.reuse.only-if-cached", "the request lets the server be asked: it has no only-if-cached", "RFC 9111 §5.2.1.7", RT_LEVEL_SHOULD };

static const RtClause *const reuse_clauses[] = {
  &target, &method, RT_VARY_CLAUSES, &covers, &request_no_cache, &pragma, &no_cache,
  RT_FRESHNESS_CLAUSES, &immutable, &request_max_age, &min_fresh, &must_revalidate,
  &proxy_revalidate, &s_maxage, &max_stale, &while_revalidate, &only_if_cached,
};

static const RtClause failure = { "cache.error.failure", "the server could not be reached, or its answer is a 500, 502, 503 or 504", "RFC 9111 §4.3.3", RT_LEVEL_MAY };
static const RtClause if_error = { "cache.error.stale-if-error", "it is within stale-if-error", "RFC 5861 §4", RT_LEVEL_MAY };
static const RtClause disconnected = { "cache.error.disconnected", "this cache serves stale responses where the server fails", "RFC 9111 §4.2.4", RT_LEVEL_MAY };

static const RtClause *const error_clauses[] = {
  &failure, &no_cache, RT_FRESHNESS_CLAUSES, &must_revalidate, &proxy_revalidate, &s_maxage,
  &if_error, &disconnected,
};
/* clang-format on */

const RtRule rt_rule_cache_reuse
    = RT_RULE ("cache.reuse", "May the stored response be reused?", "RFC 9111 §4", reuse_clauses);
const RtRule rt_rule_cache_error = RT_RULE ("cache.error",
                                            "May a stale response stand in for the failed server?",
                                            "RFC 9111 §4.2.4",
                                            error_clauses);

typedef struct
{
  const RtCachePolicy *policy;
  RtMessage *request;
  const char *uri;
  RtDecision *why;
  RtTime now;
  RtCacheDirectives wishes; /* the request's */
} Asked;

/* §4: target and method. What a POST got is stored only where it represents its target. */
static gboolean
check_target (const Asked *a)
{
  RtText m = a->request->method;

  return rt_check (a->why, &target, strcmp (a->policy->uri, a->uri) == 0,
                   rt_fact_text ("stored for", rt_text (a->policy->uri), RT_SPAN_NONE),
                   rt_fact_text ("target", a->request->target, a->request->target_span),
                   rt_fact_field ("Host", rt_fields_first (a->request->fields, "Host")))
         && rt_check (
             a->why, &method, rt_method_is_read (m),
             rt_fact_text ("method", m, a->request->method_span),
             rt_fact_text ("stored method", rt_text (a->policy->request_method), RT_SPAN_NONE));
}

/* Whether all ranges of the request lie within the stored part. A suffix can be placed only where
 * the complete length is known. */
static gboolean
part_covers (const RtCachePolicy *policy, RtText value)
{
  RtText unit, rest;
  RtRangeSpec spec;
  guint64 offset, length;

  if (!rt_range_is_valid (value) || !rt_range_split (value, &unit, &rest))
    return FALSE;
  while (rt_range_next (&rest, &spec))
    if (!rt_cache_part_locate (policy, &spec, G_MAXUINT64, &offset, &length))
      return FALSE;
  return TRUE;
}

/* If-Range needs the full representation should it not match: a part can't give that. */
static gboolean
check_covers (const Asked *a)
{
  RtFields *fields = a->request->fields;
  const RtField *range = rt_fields_first (fields, "Range");
  const RtField *content_range = rt_fields_first (a->policy->response->fields, "Content-Range");

  if (!a->policy->is_partial)
    return TRUE;
  return rt_check (a->why, &covers,
                   range != NULL && rt_fields_count (fields, "Range") == 1
                       && rt_fields_first (fields, "If-Range") == NULL
                       && rt_text_is (a->request->method, "GET")
                       && part_covers (a->policy, range->value),
                   rt_fact_number ("stored status", a->policy->response->status,
                                   a->policy->response->status_span),
                   rt_fact_field ("Content-Range", content_range), rt_fact_field ("Range", range),
                   rt_fact_present ("If-Range", rt_fields_first (fields, "If-Range")),
                   rt_fact_text ("method", a->request->method, a->request->method_span));
}

/* §5.4: Pragma is looked at only where there is no Cache-Control. */
static gboolean
check_pragma (const Asked *a)
{
  const RtField *field = rt_fields_first (a->request->fields, "Pragma");

  if (field == NULL || rt_fields_first (a->request->fields, "Cache-Control") != NULL)
    return TRUE;
  return rt_check_lines (a->why, &pragma,
                         !rt_list_contains_token (field->value, RT_TEXT ("no-cache")),
                         a->request->fields, "Pragma");
}

static gboolean
check_no_cache (const RtCachePolicy *policy, RtDecision *why)
{
  return rt_check_directive (why, &no_cache,
                             !rt_cache_has_bare (&policy->directives, RT_CACHE_NO_CACHE),
                             &policy->directives, RT_CACHE_NO_CACHE);
}

/* Neither side wants it validated whatever its age. */
static gboolean
check_demands (const Asked *a)
{
  return rt_check_directive (a->why, &request_no_cache,
                             !rt_cache_has (&a->wishes, RT_CACHE_NO_CACHE), &a->wishes,
                             RT_CACHE_NO_CACHE)
         && check_pragma (a) && check_no_cache (a->policy, a->why);
}

static RtTime
seconds_of (const RtCacheDirectives *directives, RtCacheDirective which)
{
  return directives->list[which].seconds * RT_TIME_SEC;
}

/* What the client asks of a fresh response. An argument that is no number asks for nothing. */
static gboolean
check_wishes (const Asked *a, const RtFreshness *f)
{
  if (rt_cache_has (&a->wishes, RT_CACHE_MAX_AGE) && !a->wishes.list[RT_CACHE_MAX_AGE].invalid
      && !(rt_cache_has (&a->policy->directives, RT_CACHE_IMMUTABLE)
           && rt_check_directive (a->why, &immutable, TRUE, &a->policy->directives,
                                  RT_CACHE_IMMUTABLE))
      && !rt_check (a->why, &request_max_age,
                    f->age <= seconds_of (&a->wishes, RT_CACHE_MAX_AGE)
                        && a->wishes.list[RT_CACHE_MAX_AGE].seconds > 0,
                    rt_cache_seconds_fact (&a->wishes, RT_CACHE_MAX_AGE),
                    rt_fact_number ("age", f->age / RT_TIME_SEC, RT_SPAN_NONE)))
    return FALSE;
  if (rt_cache_has (&a->wishes, RT_CACHE_MIN_FRESH) && !a->wishes.list[RT_CACHE_MIN_FRESH].invalid
      && !rt_check (
          a->why, &min_fresh, f->lifetime - f->age >= seconds_of (&a->wishes, RT_CACHE_MIN_FRESH),
          rt_cache_seconds_fact (&a->wishes, RT_CACHE_MIN_FRESH),
          rt_fact_number ("fresh for", (f->lifetime - f->age) / RT_TIME_SEC, RT_SPAN_NONE)))
    return FALSE;
  return TRUE;
}

/* §4.2.4: what forbids a stale response altogether. */
static gboolean
check_stale_is_legal (const RtCachePolicy *p, RtDecision *why)
{
  const RtCacheDirectives *d = &p->directives;

  if (rt_cache_has (d, RT_CACHE_MUST_REVALIDATE)
      && !rt_check_directive (why, &must_revalidate, FALSE, d, RT_CACHE_MUST_REVALIDATE))
    return FALSE;
  if (p->settings.shared && rt_cache_has (d, RT_CACHE_PROXY_REVALIDATE)
      && !rt_check_directive (why, &proxy_revalidate, FALSE, d, RT_CACHE_PROXY_REVALIDATE))
    return FALSE;
  if (p->settings.shared && rt_cache_has (d, RT_CACHE_S_MAXAGE)
      && !rt_check_directive (why, &s_maxage, FALSE, d, RT_CACHE_S_MAXAGE))
    return FALSE;
  return TRUE;
}

/* max-stale without an argument accepts any staleness. */
static gboolean
max_stale_allows (const Asked *a, RtTime staleness)
{
  const RtCacheArgument *argument = &a->wishes.list[RT_CACHE_MAX_STALE];

  return !argument->invalid
         && (!argument->has_argument || staleness <= seconds_of (&a->wishes, RT_CACHE_MAX_STALE));
}

static RtFact
staleness_fact (RtTime staleness)
{
  return rt_fact_number ("stale for", staleness / RT_TIME_SEC, RT_SPAN_NONE);
}

static RtCacheReuse
decide_stale (const Asked *a, const RtFreshness *f)
{
  RtTime staleness = rt_freshness_get_staleness (f);
  const RtCacheDirectives *d = &a->policy->directives;

  if (!check_stale_is_legal (a->policy, a->why))
    return RT_CACHE_REUSE_VALIDATE;
  if (rt_cache_has (&a->wishes, RT_CACHE_MAX_STALE)
      && rt_check (a->why, &max_stale, max_stale_allows (a, staleness),
                   rt_cache_directive_fact (&a->wishes, RT_CACHE_MAX_STALE),
                   staleness_fact (staleness)))
    return RT_CACHE_REUSE_STALE;
  if (rt_cache_has (d, RT_CACHE_STALE_WHILE_REVALIDATE)
      && rt_check (
          a->why, &while_revalidate, staleness < seconds_of (d, RT_CACHE_STALE_WHILE_REVALIDATE),
          rt_cache_seconds_fact (d, RT_CACHE_STALE_WHILE_REVALIDATE), staleness_fact (staleness)))
    return RT_CACHE_REUSE_WHILE_REVALIDATE;
  return RT_CACHE_REUSE_VALIDATE;
}

static RtCacheReuse
decide (const Asked *a)
{
  RtFreshness freshness;

  if (!check_target (a) || !rt_cache_vary_matches (a->policy, a->request, a->why)
      || !check_covers (a))
    return RT_CACHE_REUSE_NO;
  if (!check_demands (a))
    return RT_CACHE_REUSE_VALIDATE;
  freshness = rt_freshness_decide (a->policy, a->now, a->why);
  if (!freshness.fresh)
    return decide_stale (a, &freshness);
  return check_wishes (a, &freshness) ? RT_CACHE_REUSE_FRESH : RT_CACHE_REUSE_VALIDATE;
}

/**
 * rt_cache_reuse_decide:
 * @policy: of a stored response
 * @request: the request that it might answer
 * @uri: the target URI of @request
 * @now: the cache's time
 * @why: (nullable): receives the explanation
 *
 * Of a response that answers, rt_cache_reused_fields() gives the fields; a request with conditions
 * or with a Range is then answered by their rules, as the origin server would (RFC 9111 §4.3.2).
 *
 * Returns: what to do
 */
RtCacheReuse
rt_cache_reuse_decide (
    const RtCachePolicy *policy, RtMessage *request, const char *uri, RtTime now, RtDecision *why)
{
  Asked asked = { policy, request, uri, why, now };
  RtCacheReuse verdict;

  rt_decision_begin (why, &rt_rule_cache_reuse, rt_text (uri));
  rt_cache_directives_read (&asked.wishes, request->fields);
  verdict = decide (&asked);
  if (verdict >= RT_CACHE_REUSE_VALIDATE && rt_cache_has (&asked.wishes, RT_CACHE_ONLY_IF_CACHED)
      && !rt_check_directive (why, &only_if_cached, FALSE, &asked.wishes, RT_CACHE_ONLY_IF_CACHED))
    verdict = RT_CACHE_REUSE_TIMEOUT;
  rt_decision_conclude (why, rt_cache_reuse_name (verdict));
  return verdict;
}

/**
 * rt_cache_reuse_name:
 * @verdict: a verdict
 *
 * Returns: the word that decisions and `roundtrip rule` have for it
 */
const char *
rt_cache_reuse_name (RtCacheReuse verdict)
{
  static const char *const names[]
      = { "fresh", "stale", "stale-while-revalidate", "validate", "no", "504" };

  return names[MIN ((guint)verdict, G_N_ELEMENTS (names) - 1)];
}

/**
 * rt_cache_needs_504:
 * @request: a request for which nothing is stored
 *
 * Source: RFC 9111 §5.2.1.7.
 *
 * Returns: whether it is to be answered with 504 instead of being forwarded
 */
gboolean
rt_cache_needs_504 (RtMessage *request)
{
  RtCacheDirectives wishes;

  rt_cache_directives_read (&wishes, request->fields);
  return rt_cache_has (&wishes, RT_CACHE_ONLY_IF_CACHED);
}

/**
 * rt_cache_select:
 * @policies: (array length=n): responses stored for one URI
 * @request: the request
 * @uri: its target URI
 *
 * Source: RFC 9111 §4: of several that match, the one with the most recent Date; of equal ones, the
 * one stored last.
 *
 * Returns: the index of the response to ask rt_cache_reuse_decide() about; @n if none matches
 */
guint
rt_cache_select (RtCachePolicy *const *policies, guint n, RtMessage *request, const char *uri)
{
  guint best = n;

  for (guint i = 0; i < n; i++)
    {
      Asked asked = { policies[i], request, uri, NULL, 0 };

      if (check_target (&asked) && rt_cache_vary_matches (policies[i], request, NULL)
          && check_covers (&asked)
          && (best == n || policies[i]->date > policies[best]->date
              || (policies[i]->date == policies[best]->date
                  && policies[i]->response_time >= policies[best]->response_time)))
        best = i;
    }
  return best;
}

/**
 * rt_cache_reused_fields:
 * @policy: of the response that answers
 * @now: the cache's time
 * @validated: the server has just been asked about it
 *
 * Source: RFC 9111 §4 and §5.1: Age takes the place of a stored Age; §5.2.2.4: what `no-cache="…"`
 * names is sent only after validation.
 *
 * Returns: (transfer full): the fields to send
 */
RtFields *
rt_cache_reused_fields (const RtCachePolicy *policy, RtTime now, gboolean validated)
{
  RtFields *stored = policy->response->fields;
  RtFields *fields = rt_fields_new ();
  char age[24];

  for (guint i = 0; i < rt_fields_get_length (stored); i++)
    {
      const RtField *field = rt_fields_get (stored, i);

      if (!rt_text_is_nocase (field->name, "Age")
          && (validated
              || !rt_cache_argument_names (&policy->directives, RT_CACHE_NO_CACHE, field->name)))
        rt_fields_append_field (fields, field);
    }
  g_snprintf (age, sizeof age, "%" G_GINT64_FORMAT,
              rt_cache_policy_get_age (policy, now) / RT_TIME_SEC);
  rt_fields_append (fields, "Age", age);
  return fields;
}

static gboolean
status_is_failure (guint status)
{
  return status == 500 || status == 502 || status == 503 || status == 504;
}

/* RFC 5861 §4: in a response for all, in a request for its own. */
static gboolean
check_if_error (const Asked *a, RtTime staleness)
{
  const RtCacheDirectives *sources[] = { &a->policy->directives, &a->wishes };

  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++)
    if (rt_cache_has (sources[i], RT_CACHE_STALE_IF_ERROR)
        && rt_check (a->why, &if_error,
                     staleness < seconds_of (sources[i], RT_CACHE_STALE_IF_ERROR),
                     rt_cache_seconds_fact (sources[i], RT_CACHE_STALE_IF_ERROR),
                     staleness_fact (staleness)))
      return TRUE;
  return FALSE;
}

static RtCacheError
decide_error (const Asked *a, RtMessage *response)
{
  RtCacheError otherwise = response == NULL ? RT_CACHE_ERROR_TIMEOUT : RT_CACHE_ERROR_FORWARD;
  RtFreshness freshness;
  gboolean wanted;

  if (!rt_check (a->why, &failure, response == NULL || status_is_failure (response->status),
                 rt_fact_number ("status", response != NULL ? response->status : 0,
                                 response != NULL ? response->status_span : RT_SPAN_NONE))
      || !check_no_cache (a->policy, a->why))
    return otherwise;
  freshness = rt_freshness_decide (a->policy, a->now, a->why);
  if (!freshness.fresh && (!check_stale_is_legal (a->policy, a->why)))
    return otherwise;
  if (check_if_error (a, rt_freshness_get_staleness (&freshness)))
    return RT_CACHE_ERROR_SERVE_STALE;
  wanted = response == NULL ? a->policy->settings.stale_when_disconnected
                            : a->policy->settings.stale_on_error;
  return rt_check (a->why, &disconnected, wanted) ? RT_CACHE_ERROR_SERVE_STALE : otherwise;
}

/**
 * rt_cache_error_decide:
 * @policy: of the stored response that was to be validated
 * @request: the request
 * @error_response: (nullable): what the server answered; %NULL if it could not be reached
 * @now: the cache's time
 * @why: (nullable): receives the explanation
 *
 * Returns: what to do
 */
RtCacheError
rt_cache_error_decide (const RtCachePolicy *policy,
                       RtMessage *request,
                       RtMessage *error_response,
                       RtTime now,
                       RtDecision *why)
{
  Asked asked = { policy, request, policy->uri, why, now };
  RtCacheError verdict;

  rt_decision_begin (why, &rt_rule_cache_error, rt_text (policy->uri));
  rt_cache_directives_read (&asked.wishes, request->fields);
  verdict = decide_error (&asked, error_response);
  rt_decision_conclude (why, rt_cache_error_name (verdict));
  return verdict;
}

/**
 * rt_cache_error_name:
 * @verdict: a verdict
 *
 * Returns: the word that decisions and `roundtrip rule` have for it
 */
const char *
rt_cache_error_name (RtCacheError verdict)
{
  static const char *const names[] = { "serve-stale", "forward", "504" };

  return names[MIN ((guint)verdict, G_N_ELEMENTS (names) - 1)];
}
