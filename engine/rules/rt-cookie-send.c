/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which cookies go with a request: the retrieval model of RFC 6265bis §5.8. */
#include "rt-cookie-jar-private.h"

#include "rt-evidence.h"
#include "rt-methods.h"

#define DRAFT "RFC 6265bis "

/* clang-format off */
static const RtClause not_expired = { "cookie.send.expired", "it has not expired", DRAFT "§5.7", RT_LEVEL_MUST };
static const RtClause domain_matches = { "cookie.send.domain", "the host is the one that set it or, if it has a Domain, that or below it", DRAFT "§5.8.3", RT_LEVEL_MUST };
static const RtClause path_matches = { "cookie.send.path", "the URL's path is the cookie's or below it", DRAFT "§5.8.3", RT_LEVEL_MUST };
static const RtClause secure_target = { "cookie.send.secure", "it is not Secure, or the connection is", DRAFT "§5.8.3", RT_LEVEL_MUST };
static const RtClause not_hidden = { "cookie.send.http-only", "it is not HttpOnly, or no script asks", DRAFT "§5.8.3", RT_LEVEL_MUST };
static const RtClause same_site = { "cookie.send.site", "the request is same-site", DRAFT "§5.8.3", RT_LEVEL_MUST };
static const RtClause is_none = { "cookie.send.none", "it is SameSite=None: for requests from other sites too", DRAFT "§5.8.3", RT_LEVEL_MUST };
static const RtClause lax_default = { "cookie.send.default", "one without SameSite counts as Lax", DRAFT "§5.6.7", RT_LEVEL_BROWSERS };
static const RtClause not_strict = { "cookie.send.strict", "it is not SameSite=Strict", DRAFT "§5.6.7.1", RT_LEVEL_MUST };
static const RtClause navigates = { "cookie.send.navigation", "the request replaces the page that the user looks at", DRAFT "§5.6.7.1", RT_LEVEL_MUST };
static const RtClause safe_method = { "cookie.send.method", "its method is safe", DRAFT "§5.6.7.1", RT_LEVEL_MUST };
static const RtClause is_young = { "cookie.send.young", "it has no SameSite and was created just now (two minutes in Chromium)", DRAFT "§5.6.7.2", RT_LEVEL_BROWSERS };

static const RtClause *const clauses[] = {
  &not_expired, &domain_matches, &path_matches, &secure_target, &not_hidden, &same_site, &is_none,
  &lax_default, &not_strict, &navigates, &safe_method, &is_young,
};
/* clang-format on */

const RtRule rt_rule_cookie_send
    = RT_RULE ("cookie.send", "Does the cookie go with the request?", DRAFT "§5.8.3", clauses);

typedef struct
{
  const RtCookieSettings *settings;
  const RtCookie *cookie;
  const RtCookieContext *context;
  RtTime now;
  RtDecision *why;
} Asked;

static RtFact
fact (const Asked *a, RtCookieAttributeKind kind)
{
  return rt_cookie_fact (a->cookie, kind);
}

static RtFact
expiry_fact (const Asked *a)
{
  return fact (a, a->cookie->written[RT_COOKIE_MAX_AGE].text != NULL ? RT_COOKIE_MAX_AGE
                                                                     : RT_COOKIE_EXPIRES);
}

static gboolean
is_of_host (const Asked *a)
{
  const char *host = a->context->url->host;

  return a->cookie->host_only ? strcmp (host, a->cookie->domain) == 0
                              : rt_cookie_domain_matches (host, a->cookie->domain);
}

static gboolean
fits_url (const Asked *a)
{
  const RtUrl *url = a->context->url;

  return rt_check (a->why, &domain_matches, is_of_host (a), fact (a, RT_COOKIE_DOMAIN),
                   rt_fact_text ("cookie's domain", rt_text (a->cookie->domain), RT_SPAN_NONE),
                   rt_fact_text ("host", rt_text (url->host), RT_SPAN_NONE))
         && rt_check (a->why, &path_matches, rt_cookie_path_matches (url->path, a->cookie->path),
                      fact (a, RT_COOKIE_PATH),
                      rt_fact_text ("cookie's path", rt_text (a->cookie->path), RT_SPAN_NONE),
                      rt_fact_text ("path", rt_text (url->path), RT_SPAN_NONE))
         && rt_check (a->why, &secure_target, !a->cookie->secure || rt_cookie_url_is_secure (url),
                      fact (a, RT_COOKIE_SECURE),
                      rt_fact_text ("scheme", rt_text (url->scheme), RT_SPAN_NONE));
}

/* Lax, or no SameSite at all: goes along when the user follows a link. */
static gboolean
crosses_sites_laxly (const Asked *a)
{
  RtFact written = fact (a, RT_COOKIE_SAME_SITE);

  if (!rt_check (a->why, &navigates, a->context->navigation, written))
    return FALSE;
  return rt_check (a->why, &safe_method, rt_method_is_safe (a->context->method),
                   rt_fact_text ("method", a->context->method, RT_SPAN_NONE), written)
         || rt_check (a->why, &is_young,
                      a->cookie->same_site == RT_SAME_SITE_DEFAULT
                          && a->now - a->cookie->created < a->settings->young,
                      written,
                      rt_fact_number ("seconds old", (a->now - a->cookie->created) / RT_TIME_SEC,
                                      RT_SPAN_NONE));
}

static gboolean
fits_site (const Asked *a)
{
  RtFact written = fact (a, RT_COOKIE_SAME_SITE);
  RtSameSite is = a->cookie->same_site;

  if (rt_check (a->why, &same_site, rt_cookie_is_same_site (a->context),
                rt_cookie_fact_context (a->context))
      || rt_check (a->why, &is_none, is == RT_SAME_SITE_NONE, written))
    return TRUE;
  if (is == RT_SAME_SITE_DEFAULT
      && !rt_check (a->why, &lax_default, a->settings->without_same_site == RT_SAME_SITE_LAX,
                    written, rt_fact_text ("as in", rt_text (a->settings->name), RT_SPAN_NONE)))
    return TRUE;
  return rt_check (a->why, &not_strict, is != RT_SAME_SITE_STRICT, written)
         && crosses_sites_laxly (a);
}

static gboolean
decide (const Asked *a)
{
  return rt_check (a->why, &not_expired, a->cookie->expires > a->now, expiry_fact (a),
                   rt_fact_text ("cookie", rt_text (a->cookie->pair.text), a->cookie->pair.span))
         && fits_url (a)
         && rt_check (a->why, &not_hidden, !a->cookie->http_only || !a->context->script,
                      fact (a, RT_COOKIE_HTTP_ONLY))
         && fits_site (a);
}

/**
 * rt_cookie_send_decide:
 * @jar: the jar that @cookie is in
 * @cookie: a cookie
 * @context: of the request; its URL has a host
 * @now: the current time
 * @why: (nullable): takes the trace; verdict `send` or `keep`. What it cites stands where the
 *   cookie was set.
 *
 * Source: RFC 6265bis §5.8.3.
 *
 * Returns: whether it goes along
 */
gboolean
rt_cookie_send_decide (RtCookieJar *jar,
                       const RtCookie *cookie,
                       const RtCookieContext *context,
                       RtTime now,
                       RtDecision *why)
{
  Asked asked = { jar->settings, cookie, context, now, why };
  gboolean send;

  g_return_val_if_fail (context->url->host != NULL, FALSE);
  rt_decision_begin (why, &rt_rule_cookie_send,
                     rt_text (*cookie->name != '\0' ? cookie->name : cookie->value));
  send = decide (&asked);
  rt_decision_conclude (why, send ? "send" : "keep");
  return send;
}

/* Longer paths first; then what was created first (RFC 6265bis §5.8.3). The order of the jar
 * breaks ties, so the sort has to be stable, which GArray's is. */
static gint
compare (gconstpointer a, gconstpointer b)
{
  const RtCookie *first = *(const RtCookie *const *)a;
  const RtCookie *second = *(const RtCookie *const *)b;
  gsize first_length = strlen (first->path);
  gsize second_length = strlen (second->path);

  if (first_length != second_length)
    return first_length > second_length ? -1 : 1;
  return first->created < second->created ? -1 : first->created > second->created;
}

/**
 * rt_cookie_jar_dup_field:
 * @jar: a jar; cookies that are sent count as used
 * @context: of the request
 * @now: the current time
 * @decisions: (nullable) (element-type RtDecision): takes one for each cookie of the jar, in its
 *   order
 *
 * Returns: (transfer full) (nullable): the value of Cookie; %NULL: no such field
 */
char *
rt_cookie_jar_dup_field (RtCookieJar *jar,
                         const RtCookieContext *context,
                         RtTime now,
                         GPtrArray *decisions)
{
  g_autoptr (GArray) sent = g_array_new (FALSE, FALSE, sizeof (RtCookie *));
  GString *value = NULL;

  for (guint i = 0; i < jar->cookies->len; i++)
    {
      RtCookie *cookie = &g_array_index (jar->cookies, RtCookie, i);
      RtDecision *why = decisions != NULL ? rt_decision_new () : NULL;

      if (rt_cookie_send_decide (jar, cookie, context, now, why))
        {
          cookie->accessed = now;
          g_array_append_val (sent, cookie);
        }
      if (why != NULL)
        g_ptr_array_add (decisions, why);
    }
  g_array_sort (sent, compare);
  for (guint i = 0; i < sent->len; i++)
    {
      const RtCookie *cookie = g_array_index (sent, RtCookie *, i);

      if (value == NULL)
        value = g_string_new (NULL);
      else
        g_string_append (value, "; ");
      /* A nameless cookie is its value alone. */
      g_string_append_printf (value, "%s%s%s", cookie->name, *cookie->name != '\0' ? "=" : "",
                              cookie->value);
    }
  return value != NULL ? g_string_free (value, FALSE) : NULL;
}
