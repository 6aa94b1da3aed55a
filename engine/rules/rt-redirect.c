/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Redirection, by RFC 9110 §15.4 and the Fetch standard's HTTP-redirect fetch.
 *
 *            GET, HEAD   POST        other methods
 *   301 302  kept        GET, bare   kept           the change is a MAY that browsers make use of
 *   303      kept        GET, bare   GET, bare
 *   307 308  kept        kept        kept           a change is forbidden
 */
#include "rt-redirect.h"

#include "rt-evidence.h"
#include "rt-methods.h"
#include "rt-site.h"

static const char field_name[] = "Location";

/* clang-format off */
static const RtClause redirects = { "redirect.status", "the status is 301, 302, 303, 307 or 308", "RFC 9110 §15.4", RT_LEVEL_MAY };
static const RtClause mode_follows = { "redirect.mode.follow", "the caller wants redirections to be followed", "fetch#concept-request-redirect-mode", RT_LEVEL_BROWSERS };
static const RtClause mode_manual = { "redirect.mode.manual", "the caller wants to see them itself", "fetch#concept-request-redirect-mode", RT_LEVEL_BROWSERS };
static const RtClause has_location = { "redirect.location", "the response has a Location", "RFC 9110 §10.2.2", RT_LEVEL_MAY };
static const RtClause one_location = { "redirect.location.single", "… on one line", "RFC 9110 §5.3", RT_LEVEL_MUST };
static const RtClause valid_location = { "redirect.location.valid", "… and it can be resolved against the URL of the request", "fetch#concept-response-location-url", RT_LEVEL_BROWSERS };
static const RtClause http_scheme = { "redirect.scheme", "its scheme is http or https", "fetch#http-redirect-fetch", RT_LEVEL_BROWSERS };
static const RtClause below_limit = { "redirect.limit", "the chain of redirections is not too long", "RFC 9110 §15.4", RT_LEVEL_SHOULD };
static const RtClause no_userinfo = { "redirect.userinfo", "it carries no name and password to another origin on behalf of a script", "fetch#http-redirect-fetch", RT_LEVEL_BROWSERS };
static const RtClause becomes_get = { "redirect.method", "the method becomes GET and the content is dropped (301 and 302 for POST; 303 for all but GET and HEAD)", "RFC 9110 §15.4", RT_LEVEL_MAY };
static const RtClause content_kept = { "redirect.content", "content that must be sent again is still there", "fetch#http-redirect-fetch", RT_LEVEL_BROWSERS };
static const RtClause same_origin = { "redirect.origin", "the new URL is of the same origin, so that credentials may go there", "RFC 9110 §15.4", RT_LEVEL_SHOULD };
static const RtClause keeps_origin = { "redirect.taint", "it leads out of the page's own origin: a redirection from one foreign origin to another makes the Origin null", "fetch#byte-serializing-a-request-origin", RT_LEVEL_BROWSERS };

static const RtClause *const clauses[] = {
  &redirects, &mode_follows, &mode_manual, &has_location, &one_location, &valid_location,
  &http_scheme, &below_limit, &no_userinfo, &becomes_get, &content_kept, &same_origin, &keeps_origin,
};
/* clang-format on */

const RtRule rt_rule_redirect = RT_RULE (
    "redirect", "Is the redirection followed, and with what?", "RFC 9110 §15.4", clauses);

typedef struct
{
  RtMessage *request, *response;
  const RtRedirectContext *context;
  RtDecision *why;
} Asked;

static RtFact
status_fact (const Asked *a)
{
  return rt_fact_number ("status", a->response->status, a->response->status_span);
}

static RtFact
method_fact (const Asked *a)
{
  return rt_fact_text ("method", a->request->method, a->request->method_span);
}

static RtFact
location_fact (const Asked *a)
{
  return rt_fact_field (field_name, rt_fields_first (a->response->fields, field_name));
}

static gboolean
is_redirect_status (guint status)
{
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static gboolean
changes_to_get (guint status, RtText method)
{
  if (status == 301 || status == 302)
    return rt_text_is (method, "POST");
  return status == 303 && !rt_method_is_read (method);
}

/* The response's location URL. A URL without a fragment inherits the one it came from
 * (RFC 9110 §10.2.2). */
static RtUrl *
resolve (const Asked *a)
{
  const RtField *location = rt_fields_first (a->response->fields, field_name);
  RtUrl *url = rt_url_parse (location->value, a->context->url, NULL);

  if (url != NULL && url->fragment == NULL && a->context->url->fragment != NULL)
    rt_url_set_fragment (url, a->context->url->fragment);
  return url;
}

static gboolean
leaks_userinfo (const Asked *a, const RtUrl *url)
{
  g_autofree char *origin = rt_url_dup_origin (url);

  if (a->context->origin == NULL || (*url->username == '\0' && *url->password == '\0'))
    return FALSE;
  return a->context->cors || !g_str_equal (origin, a->context->origin);
}

/* A server that is asked next must not take the page for the author of a request that a foreign
 * server had made. */
static gboolean
taints_origin (const Asked *a)
{
  g_autofree char *left = rt_url_dup_origin (a->context->url);

  return a->context->origin != NULL
         && !rt_check (a->why, &keeps_origin, g_str_equal (left, a->context->origin),
                       location_fact (a), status_fact (a), method_fact (a),
                       rt_fact_text ("page's origin", rt_text (a->context->origin), RT_SPAN_NONE));
}

static gboolean
can_go (const Asked *a, const RtUrl *url)
{
  guint limit = a->context->limit > 0 ? a->context->limit : RT_REDIRECT_LIMIT;

  return rt_check (a->why, &http_scheme,
                   g_str_equal (url->scheme, "http") || g_str_equal (url->scheme, "https"),
                   location_fact (a))
         && rt_check (a->why, &below_limit, a->context->count < limit,
                      rt_fact_number ("followed", a->context->count, RT_SPAN_NONE),
                      rt_fact_number ("limit", limit, RT_SPAN_NONE))
         && rt_check (a->why, &no_userinfo, !leaks_userinfo (a, url), location_fact (a));
}

static RtRedirect
follow (const Asked *a, RtRedirectNext *next)
{
  g_autoptr (RtUrl) url = resolve (a);

  if (!rt_check (a->why, &valid_location, url != NULL, location_fact (a)) || !can_go (a, url))
    return RT_REDIRECT_REFUSE;
  next->to_get
      = rt_check (a->why, &becomes_get, changes_to_get (a->response->status, a->request->method),
                  status_fact (a), method_fact (a));
  if (!next->to_get
      && !rt_check (a->why, &content_kept, !a->context->has_content || !a->context->streamed,
                    status_fact (a), method_fact (a)))
    return RT_REDIRECT_REFUSE;
  next->crosses = !rt_check (a->why, &same_origin, rt_url_same_origin (url, a->context->url),
                             location_fact (a), status_fact (a), method_fact (a));
  next->taints = next->crosses && taints_origin (a);
  next->url = g_steal_pointer (&url);
  return RT_REDIRECT_FOLLOW;
}

static RtRedirect
decide (const Asked *a, RtRedirectNext *next)
{
  guint lines = rt_fields_count (a->response->fields, field_name);

  if (!rt_check (a->why, &redirects, is_redirect_status (a->response->status), status_fact (a)))
    return RT_REDIRECT_DELIVER;
  if (!rt_check (a->why, &mode_follows, a->context->mode == RT_REDIRECT_MODE_FOLLOW,
                 status_fact (a)))
    return rt_check (a->why, &mode_manual, a->context->mode == RT_REDIRECT_MODE_MANUAL,
                     status_fact (a))
               ? RT_REDIRECT_HAND_OVER
               : RT_REDIRECT_REFUSE;
  if (!rt_check (a->why, &has_location, lines > 0, status_fact (a)))
    return RT_REDIRECT_DELIVER;
  if (!rt_check_lines (a->why, &one_location, lines == 1, a->response->fields, field_name))
    return RT_REDIRECT_REFUSE;
  return follow (a, next);
}

/**
 * rt_redirect_decide:
 * @request: what was sent
 * @response: what came back
 * @context: what else counts
 * @ret_next: (out): the next request, for %RT_REDIRECT_FOLLOW; untouched otherwise; clear it with
 *   rt_redirect_next_clear()
 * @why: (nullable): takes the trace
 *
 * Returns: what to do with the response
 */
RtRedirect
rt_redirect_decide (RtMessage *request,
                    RtMessage *response,
                    const RtRedirectContext *context,
                    RtRedirectNext *ret_next,
                    RtDecision *why)
{
  Asked asked = { request, response, context, why };
  g_auto (RtRedirectNext) next = { 0 };
  RtRedirect verdict;

  rt_decision_begin (why, &rt_rule_redirect, request->target);
  verdict = decide (&asked, &next);
  rt_decision_conclude (why, rt_redirect_name (verdict));
  if (verdict == RT_REDIRECT_FOLLOW)
    {
      *ret_next = next;
      next.url = NULL;
    }
  return verdict;
}

static void
remove_all (RtFields *fields, const char *const *names)
{
  for (; *names != NULL; names++)
    rt_fields_remove (fields, *names);
}

/**
 * rt_redirect_dup_request:
 * @request: the request that was redirected
 * @next: where to, and with what
 *
 * Target and Host are set anew. With the content go the fields that describe it; across origins
 * stay back the fields that prove who asks (RFC 9110 §15.4).
 *
 * Returns: (transfer full): the request to send, in origin-form
 */
RtMessage *
rt_redirect_dup_request (RtMessage *request, const RtRedirectNext *next)
{
  static const char *const of_content[] = { "Content-Encoding",
                                            "Content-Language",
                                            "Content-Length",
                                            "Content-Location",
                                            "Content-Type",
                                            "Digest",
                                            "Content-Digest",
                                            "Repr-Digest",
                                            "Transfer-Encoding",
                                            "Trailer",
                                            "Expect",
                                            "Last-Modified",
                                            NULL };
  static const char *const of_credentials[]
      = { "Authorization", "Cookie", "Proxy-Authorization", NULL };
  RtMessage *copy = rt_message_copy (request);
  g_autofree char *target = rt_url_dup_target (next->url);
  g_autofree char *authority = rt_url_dup_authority (next->url);

  rt_message_set_target (copy, rt_text (target));
  rt_fields_set (copy->fields, "Host", authority);
  if (next->to_get)
    {
      rt_message_set_method (copy, RT_TEXT ("GET"));
      remove_all (copy->fields, of_content);
    }
  if (next->crosses)
    remove_all (copy->fields, of_credentials);
  return copy;
}

/**
 * rt_redirect_next_clear:
 * @next: filled by rt_redirect_decide(), or all zero
 */
void
rt_redirect_next_clear (RtRedirectNext *next)
{
  g_clear_pointer (&next->url, rt_url_free);
}

const char *
rt_redirect_name (RtRedirect verdict)
{
  static const char *const names[] = { "deliver", "follow", "refuse", "hand-over" };

  return names[verdict];
}
