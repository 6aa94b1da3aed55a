/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Storing, RFC 9111 §3: what forbids it, then what allows it. A response that nothing forbids is
 * still not stored unless something says for how long it may be good, or its status lets one
 * guess. */
#include "rt-cache-store.h"

#include "rt-cache-uri.h"
#include "rt-elements.h"
#include "rt-list.h"
#include "rt-methods.h"
#include "rt-reference.h"

/* clang-format off */
static const RtClause method_understood = { "cache.store.method", "the method is one whose responses can be stored: GET or POST", "RFC 9111 §3", RT_LEVEL_MUST };
static const RtClause status_final = { "cache.store.final", "the status is final, not 1xx", "RFC 9111 §3", RT_LEVEL_MUST };
static const RtClause not_update = { "cache.store.whole", "the response is one of its own: a 304 only updates what is stored", "RFC 9111 §4.3.4", RT_LEVEL_MUST };
static const RtClause partial = { "cache.store.partial", "a 206 can be stored: this cache combines parts, and Content-Range says which one this is", "RFC 9111 §3.3", RT_LEVEL_MUST };
static const RtClause must_understand = { "cache.store.must-understand", "must-understand: the meaning of the status is known to this cache", "RFC 9111 §5.2.2.3", RT_LEVEL_MUST };
static const RtClause request_no_store = { "cache.store.request-no-store", "the request has no no-store", "RFC 9111 §5.2.1.5", RT_LEVEL_MUST };
static const RtClause no_store = { "cache.store.no-store", "the response has no no-store", "RFC 9111 §5.2.2.5", RT_LEVEL_MUST };
static const RtClause private_ = { "cache.store.private", "the response is not private as a whole, this cache being shared", "RFC 9111 §5.2.2.7", RT_LEVEL_MUST };
static const RtClause authorization = { "cache.store.authorization", "a shared cache may keep the response to a request with Authorization: it says public, must-revalidate or s-maxage", "RFC 9111 §3.5", RT_LEVEL_MUST };
static const RtClause vary = { "cache.store.vary", "Vary is not *: the response could be selected again", "RFC 9111 §4.1", RT_LEVEL_MAY };
static const RtClause post_location = { "cache.store.post-location", "the response to the POST has a Content-Location that is the target: a later GET may get it", "RFC 9110 §9.3.3", RT_LEVEL_MUST };
static const RtClause post_explicit = { "cache.store.post-explicit", "the response to the POST states its freshness", "RFC 9110 §9.3.3", RT_LEVEL_MUST };
static const RtClause explicit_ = { "cache.store.explicit", "the response says that it may be stored, or for how long it is good", "RFC 9111 §3", RT_LEVEL_MUST };
static const RtClause heuristic = { "cache.store.heuristic", "the status is one that can be stored without saying so", "RFC 9110 §15.1", RT_LEVEL_MUST };

static const RtClause *const clauses[] = {
  &method_understood, &status_final, &not_update, &partial, &request_no_store, &must_understand,
  &no_store, &private_, &authorization, &vary, &post_location, &post_explicit, &explicit_,
  &heuristic,
};
/* clang-format on */

const RtRule rt_rule_cache_store
    = RT_RULE ("cache.store", "May the response be stored?", "RFC 9111 §3", clauses);

typedef struct
{
  const RtCacheSettings *settings;
  RtMessage *request, *response;
  const char *uri;
  RtDecision *why;
  RtCacheDirectives directives;
  gboolean targeted;
} Asked;

static RtFact
status_fact (const Asked *a)
{
  return rt_fact_number ("status", a->response->status, a->response->status_span);
}

static gboolean
has (const Asked *a, RtCacheDirective which)
{
  return rt_cache_has (&a->directives, which);
}

/* A HEAD has no content to keep: it can update what is stored (§4.3.5), not be stored. */
static gboolean
check_method (const Asked *a)
{
  RtText method = a->request->method;

  return rt_check (a->why, &method_understood,
                   rt_method_is_cacheable (method) && !rt_text_is (method, "HEAD"),
                   rt_fact_text ("method", method, a->request->method_span));
}

static gboolean
is_usable_part (const Asked *a, const RtField *range)
{
  RtContentRange parsed;

  return a->settings->partial && range != NULL
         && rt_fields_count (a->response->fields, "Content-Range") == 1
         && rt_content_range_parse (range->value, &parsed) && !parsed.unsatisfied;
}

static gboolean
check_status (const Asked *a)
{
  guint status = a->response->status;
  const RtField *range = rt_fields_first (a->response->fields, "Content-Range");
  RtEvidence evidence;

  if (!rt_check (a->why, &status_final, status >= 200, status_fact (a))
      || !rt_check (a->why, &not_update, status != 304, status_fact (a)))
    return FALSE;
  if (status != 206)
    return TRUE;
  evidence.n = 0;
  if (a->why != NULL)
    {
      rt_evidence_add (&evidence, status_fact (a));
      rt_evidence_add_lines (&evidence, a->response->fields, "Content-Range");
    }
  return rt_check_evidence (a->why, &partial, is_usable_part (a, range), &evidence);
}

/* no-store yields to a must-understand that this cache can follow. */
static gboolean
check_no_store (const Asked *a)
{
  RtCacheDirectives request;

  rt_cache_directives_read (&request, a->request->fields);
  if (!rt_check_directive (a->why, &request_no_store, !rt_cache_has (&request, RT_CACHE_NO_STORE),
                           &request, RT_CACHE_NO_STORE))
    return FALSE;
  if (has (a, RT_CACHE_MUST_UNDERSTAND))
    return rt_check (a->why, &must_understand, rt_status_info (a->response->status) != NULL,
                     rt_cache_directive_fact (&a->directives, RT_CACHE_MUST_UNDERSTAND),
                     status_fact (a));
  return rt_check_directive (a->why, &no_store, !has (a, RT_CACHE_NO_STORE), &a->directives,
                             RT_CACHE_NO_STORE);
}

static gboolean
check_authorization (const Asked *a)
{
  static const RtCacheDirective allow[]
      = { RT_CACHE_PUBLIC, RT_CACHE_MUST_REVALIDATE, RT_CACHE_S_MAXAGE };
  const RtField *field = rt_fields_first (a->request->fields, "Authorization");
  RtEvidence evidence;
  gboolean allowed = FALSE;

  if (field == NULL)
    return TRUE;
  evidence.n = 0;
  rt_evidence_add (&evidence, rt_fact_present ("Authorization", field));
  for (gsize i = 0; i < G_N_ELEMENTS (allow); i++)
    if (has (a, allow[i]))
      {
        allowed = TRUE;
        if (a->why != NULL)
          rt_evidence_add (&evidence, rt_cache_directive_fact (&a->directives, allow[i]));
      }
  if (a->why != NULL && !allowed)
    rt_cache_directives_add_lines (&evidence, &a->directives);
  return rt_check_evidence (a->why, &authorization, allowed, &evidence);
}

static gboolean
check_shared (const Asked *a)
{
  if (!a->settings->shared)
    return TRUE;
  return rt_check_directive (a->why, &private_,
                             !rt_cache_has_bare (&a->directives, RT_CACHE_PRIVATE), &a->directives,
                             RT_CACHE_PRIVATE)
         && check_authorization (a);
}

static gboolean
vary_has_star (RtFields *fields, const RtField **ret_field, RtText *ret_star)
{
  RtElements listed = rt_elements (fields, "Vary");

  while (rt_elements_next (&listed, ret_star))
    if (rt_text_is (*ret_star, "*"))
      {
        *ret_field = listed.field;
        return TRUE;
      }
  return FALSE;
}

static gboolean
check_vary (const Asked *a)
{
  const RtField *field = NULL;
  RtText star = RT_TEXT_NONE;

  if (rt_fields_first (a->response->fields, "Vary") == NULL)
    return TRUE;
  if (vary_has_star (a->response->fields, &field, &star))
    return rt_check (a->why, &vary, FALSE, rt_fact_part ("Vary", field, star));
  return rt_check_lines (a->why, &vary, TRUE, a->response->fields, "Vary");
}

/* What says explicitly that the response may be stored (§3, last item of the list). */
static gboolean
find_explicit (const Asked *a, gboolean freshness_only, RtFact *ret_fact)
{
  const RtField *expires = a->targeted ? NULL : rt_fields_first (a->response->fields, "Expires");
  const struct
  {
    RtCacheDirective which;
    gboolean counts;
  } says[] = {
    { RT_CACHE_S_MAXAGE, a->settings->shared },
    { RT_CACHE_MAX_AGE, TRUE },
    { RT_CACHE_PUBLIC, !freshness_only },
    { RT_CACHE_PRIVATE, !freshness_only && !a->settings->shared },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (says); i++)
    if (says[i].counts && has (a, says[i].which))
      {
        *ret_fact = rt_cache_directive_fact (&a->directives, says[i].which);
        return TRUE;
      }
  if (expires != NULL)
    *ret_fact = rt_fact_present ("Expires", expires);
  return expires != NULL;
}

static gboolean
check_explicit (const Asked *a, const RtClause *clause, gboolean freshness_only)
{
  RtFact fact;
  RtEvidence evidence;

  if (find_explicit (a, freshness_only, &fact))
    return rt_check (a->why, clause, TRUE, fact);
  if (a->why == NULL)
    return FALSE;
  evidence.n = 0;
  rt_cache_directives_add_lines (&evidence, &a->directives);
  return rt_check_evidence (a->why, clause, FALSE, &evidence);
}

static gboolean
is_location_of (RtText location, const char *uri)
{
  g_autofree char *resolved = rt_cache_uri_resolve (uri, location);

  return g_strcmp0 (resolved, uri) == 0;
}

static gboolean
check_post (const Asked *a)
{
  const RtField *location = rt_fields_first (a->response->fields, "Content-Location");

  return rt_check (a->why, &post_location,
                   location != NULL && is_location_of (location->value, a->uri),
                   rt_fact_field ("Content-Location", location),
                   rt_fact_text ("method", a->request->method, a->request->method_span))
         && check_explicit (a, &post_explicit, TRUE);
}

static gboolean
check_allowed (const Asked *a)
{
  const RtStatusInfo *info = rt_status_info (a->response->status);

  if (rt_text_is (a->request->method, "POST"))
    return check_post (a);
  return check_explicit (a, &explicit_, FALSE)
         || rt_check (a->why, &heuristic, info != NULL && info->heuristic, status_fact (a));
}

/**
 * rt_cache_store_decide:
 * @settings: what kind of cache it is
 * @request: the request
 * @uri: its target URI
 * @response: what came in answer; any status
 * @why: (nullable): receives the explanation
 *
 * Returns: whether the response may be stored
 */
gboolean
rt_cache_store_decide (const RtCacheSettings *settings,
                       RtMessage *request,
                       const char *uri,
                       RtMessage *response,
                       RtDecision *why)
{
  Asked asked = { settings, request, response, uri, why };
  gboolean store;

  rt_decision_begin (why, &rt_rule_cache_store, rt_text (uri));
  asked.targeted = rt_cache_read_directives (settings, response->fields, &asked.directives);
  store = check_method (&asked) && check_status (&asked) && check_no_store (&asked)
          && check_shared (&asked) && check_vary (&asked) && check_allowed (&asked);
  rt_decision_conclude (why, store ? "store" : "do not store");
  return store;
}

/* RFC 9111 §3.1 and RFC 9110 §7.6.1. */
static gboolean
is_connection_field (RtFields *fields, RtText name)
{
  static const char *const names[] = {
    "Connection",
    "Keep-Alive",
    "Proxy-Authenticate",
    "Proxy-Authentication-Info",
    "Proxy-Authorization",
    "Proxy-Connection",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (rt_text_is_nocase (name, names[i]))
      return TRUE;
  return rt_fields_list_contains (fields, "Connection", name);
}

/**
 * rt_cache_stores_field:
 * @settings: what kind of cache it is
 * @fields: the fields of the response
 * @name: one of them
 *
 * Source: RFC 9111 §3.1; §5.2.2.7 for what `private="…"` keeps from a shared cache.
 *
 * Returns: whether the field is stored with the response
 */
gboolean
rt_cache_stores_field (const RtCacheSettings *settings, RtFields *fields, RtText name)
{
  RtCacheDirectives directives;

  if (is_connection_field (fields, name))
    return FALSE;
  if (!settings->shared)
    return TRUE;
  rt_cache_read_directives (settings, fields, &directives);
  return !rt_cache_argument_names (&directives, RT_CACHE_PRIVATE, name);
}

/**
 * rt_cache_stored_fields:
 * @settings: what kind of cache it is
 * @fields: the fields of a response
 *
 * Returns: (transfer full): those that are stored, with their place
 */
RtFields *
rt_cache_stored_fields (const RtCacheSettings *settings, RtFields *fields)
{
  RtFields *stored = rt_fields_new ();

  for (guint i = 0; i < rt_fields_get_length (fields); i++)
    {
      const RtField *field = rt_fields_get (fields, i);

      if (rt_cache_stores_field (settings, fields, field->name))
        rt_fields_append_field (stored, field);
    }
  return stored;
}
