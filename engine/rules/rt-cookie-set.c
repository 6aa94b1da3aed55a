/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What becomes of a Set-Cookie field: the storage model of RFC 6265bis §5.7, step by step. The
 * limits are enforced as soon as a cookie was added. */
#include "rt-cookie-jar-private.h"

#include "rt-evidence.h"
#include "rt-site.h"

#define DRAFT "RFC 6265bis "

/* clang-format off */
static const RtClause no_control = { "cookie.set.control", "there is no control character in it", DRAFT "§5.6", RT_LEVEL_MUST };
static const RtClause short_enough = { "cookie.set.length", "name and value together are no longer than 4096 bytes", DRAFT "§5.6", RT_LEVEL_MUST };
static const RtClause not_empty = { "cookie.set.empty", "it has a name or a value", DRAFT "§5.7", RT_LEVEL_MUST };
static const RtClause has_name = { "cookie.set.name", "it has a name, which RFC 6265bis no longer asks for", "RFC 6265 §5.2", RT_LEVEL_MUST };
static const RtClause ascii_domain = { "cookie.set.domain.ascii", "Domain is ASCII", DRAFT "§5.7", RT_LEVEL_MUST };
static const RtClause no_suffix = { "cookie.set.domain.suffix", "Domain is no public suffix, or else the host itself", DRAFT "§5.7", RT_LEVEL_SHOULD };
static const RtClause own_domain = { "cookie.set.domain", "the host is Domain or below it", DRAFT "§5.7", RT_LEVEL_MUST };
static const RtClause secure_source = { "cookie.set.secure", "Secure comes over a secure connection only", DRAFT "§5.7", RT_LEVEL_MUST };
static const RtClause http_source = { "cookie.set.http-only", "HttpOnly comes from a server, not from a script", DRAFT "§5.7", RT_LEVEL_MUST };
static const RtClause no_overlay = { "cookie.set.overlay", "it does not hide a Secure cookie behind one from an insecure connection", DRAFT "§5.7", RT_LEVEL_MUST };
static const RtClause site_source = { "cookie.set.site", "it comes from the page's own site or with a navigation, or is SameSite=None", DRAFT "§5.7", RT_LEVEL_MUST };
static const RtClause none_is_secure = { "cookie.set.none", "SameSite=None comes with Secure", DRAFT "§5.7", RT_LEVEL_MUST };
static const RtClause secure_prefix = { "cookie.set.prefix.secure", "a name that starts with __Secure- comes with Secure", DRAFT "§5.4.1", RT_LEVEL_MUST };
static const RtClause host_prefix = { "cookie.set.prefix.host", "a name that starts with __Host- comes with Secure and Path=/ and without Domain", DRAFT "§5.4.2", RT_LEVEL_MUST };
static const RtClause no_imitation = { "cookie.set.prefix.nameless", "the value of a nameless cookie does not look like such a name", DRAFT "§5.7", RT_LEVEL_MUST };
static const RtClause over_http_only = { "cookie.set.replace", "no script replaces an HttpOnly cookie", DRAFT "§5.7", RT_LEVEL_MUST };
static const RtClause not_expired = { "cookie.set.expired", "it has not expired already (Max-Age counts before Expires; neither: it ends with the session)", DRAFT "§5.7", RT_LEVEL_MUST };
static const RtClause is_new = { "cookie.set.new", "no cookie of the same name, domain and path is there to be replaced", DRAFT "§5.7", RT_LEVEL_MUST };

static const RtClause *const clauses[] = {
  &no_control, &short_enough, &not_empty, &has_name, &ascii_domain, &no_suffix, &own_domain,
  &secure_source, &http_source, &no_overlay, &site_source, &none_is_secure, &secure_prefix,
  &host_prefix, &no_imitation, &over_http_only, &not_expired, &is_new,
};
/* clang-format on */

const RtRule rt_rule_cookie_set
    = RT_RULE ("cookie.set", "What becomes of the cookie?", DRAFT "§5.7", clauses);

typedef struct
{
  RtCookieJar *jar;
  const RtField *field;
  const RtCookieContext *context;
  RtTime now;
  RtDecision *why;
  RtSetCookie parsed;
  RtCookie cookie;
  gboolean path_is_root; /* by its Path, not by default */
} Set;

static RtFact
pair_fact (const Set *s)
{
  return rt_fact_part ("Set-Cookie", s->field, s->parsed.pair);
}

static RtFact
fact (const Set *s, RtCookieAttributeKind kind)
{
  return rt_cookie_fact (&s->cookie, kind);
}

static RtFact
scheme_fact (const Set *s)
{
  return rt_fact_text ("scheme", rt_text (s->context->url->scheme), RT_SPAN_NONE);
}

static RtCookieSource
source_of (const Set *s, RtText text)
{
  return (RtCookieSource){ rt_text_dup (text), rt_field_part_span (s->field, text) };
}

/* RFC 6265bis §5.1.4: the path of the URL up to its last slash, which is left out itself. */
static char *
default_path (const char *path)
{
  const char *slash = strrchr (path, '/');

  return path[0] != '/' || slash == path ? g_strdup ("/") : g_strndup (path, (gsize)(slash - path));
}

static char *
lower_case (RtText text)
{
  return text.length > 0 ? g_ascii_strdown (text.at, (gssize)text.length) : g_strdup ("");
}

/* Max-Age counts before Expires; lifetimes are cut down (RFC 6265bis §5.5). */
static void
set_expiry (Set *s, const RtCookieAttribute *max_age, const RtCookieAttribute *expires)
{
  RtTime latest = s->now + RT_COOKIE_LIFETIME_MAX;
  RtCookie *cookie = &s->cookie;

  cookie->persistent = max_age != NULL || expires != NULL;
  cookie->expires = RT_TIME_NEVER;
  if (max_age != NULL)
    cookie->expires
        = max_age->seconds > 0 ? MIN (s->now + max_age->seconds * RT_TIME_SEC, latest) : G_MININT64;
  else if (expires != NULL)
    cookie->expires = MIN (expires->time, latest);
}

/* Of each kind the last one counts. RFC 6265 had an empty Domain ignored. */
static gboolean
find_attribute (const Set *s, RtCookieAttributeKind kind, RtCookieAttribute *ret_attribute)
{
  RtText rest = s->parsed.attributes;
  RtCookieAttribute a;
  gboolean found = FALSE;

  if (kind != RT_COOKIE_DOMAIN || !s->jar->settings->rfc6265)
    return rt_set_cookie_find (&s->parsed, kind, ret_attribute);
  while (rt_cookie_attribute_next (&rest, &a))
    if (a.kind == kind && !a.ignored && a.value.length > 0)
      {
        *ret_attribute = a;
        found = TRUE;
      }
  return found;
}

static void
read_attributes (Set *s)
{
  RtCookieAttribute found[RT_COOKIE_N_ATTRIBUTES] = { 0 };
  gboolean has[RT_COOKIE_N_ATTRIBUTES] = { FALSE };
  const RtCookieAttribute *path = &found[RT_COOKIE_PATH];
  RtCookie *cookie = &s->cookie;

  for (guint kind = RT_COOKIE_EXPIRES; kind < RT_COOKIE_N_ATTRIBUTES; kind++)
    {
      has[kind] = find_attribute (s, kind, &found[kind]);
      if (has[kind])
        cookie->written[kind] = source_of (s, found[kind].whole);
    }
  cookie->secure = has[RT_COOKIE_SECURE];
  cookie->http_only = has[RT_COOKIE_HTTP_ONLY];
  cookie->same_site = found[RT_COOKIE_SAME_SITE].same_site;
  cookie->domain = lower_case (found[RT_COOKIE_DOMAIN].value);
  s->path_is_root = rt_text_is (path->value, "/");
  cookie->path = rt_text_starts_with (path->value, RT_TEXT ("/"))
                     ? rt_text_dup (path->value)
                     : default_path (s->context->url->path);
  set_expiry (s, has[RT_COOKIE_MAX_AGE] ? &found[RT_COOKIE_MAX_AGE] : NULL,
              has[RT_COOKIE_EXPIRES] ? &found[RT_COOKIE_EXPIRES] : NULL);
}

static void
read_cookie (Set *s)
{
  s->cookie.name = rt_text_dup (s->parsed.name);
  s->cookie.value = rt_text_dup (s->parsed.value);
  s->cookie.pair = source_of (s, s->parsed.pair);
  s->cookie.created = s->now;
  s->cookie.accessed = s->now;
  read_attributes (s);
}

/* Whether it is a cookie at all. */
static gboolean
is_readable (Set *s)
{
  RtSetCookieVerdict verdict = rt_set_cookie_parse (s->field->value, &s->parsed);

  return rt_check (s->why, &no_control, verdict != RT_SET_COOKIE_CONTROL,
                   rt_fact_field ("Set-Cookie", s->field))
         && rt_check (s->why, &short_enough, verdict != RT_SET_COOKIE_TOO_LONG, pair_fact (s),
                      rt_fact_number ("bytes",
                                      (gint64)(s->parsed.name.length + s->parsed.value.length),
                                      RT_SPAN_NONE))
         && rt_check (s->why, &not_empty, verdict != RT_SET_COOKIE_EMPTY,
                      rt_fact_field ("Set-Cookie", s->field))
         && (!s->jar->settings->rfc6265
             || rt_check (s->why, &has_name, s->parsed.name.length > 0, pair_fact (s)));
}

/* Without Domain, or with a public suffix that is the host itself, the cookie is the host's own. */
static gboolean
take_domain (Set *s)
{
  const char *host = s->context->url->host;
  RtFact host_fact = rt_fact_text ("host", rt_text (host), RT_SPAN_NONE);
  char *domain = s->cookie.domain;
  gboolean is_host = strcmp (domain, host) == 0;
  gboolean is_suffix;

  if (!rt_check (s->why, &ascii_domain, g_str_is_ascii (domain), fact (s, RT_COOKIE_DOMAIN)))
    return FALSE;
  is_suffix = rt_host_is_public_suffix (domain);
  if (!rt_check (s->why, &no_suffix, !is_suffix || is_host, fact (s, RT_COOKIE_DOMAIN), host_fact))
    return FALSE;
  s->cookie.host_only = *domain == '\0' || is_suffix;
  if (!rt_check (s->why, &own_domain,
                 s->cookie.host_only || rt_cookie_domain_matches (host, domain),
                 fact (s, RT_COOKIE_DOMAIN), host_fact))
    return FALSE;
  if (s->cookie.host_only)
    {
      g_free (domain);
      s->cookie.domain = g_strdup (host);
    }
  return TRUE;
}

/* The Secure cookie that one of this name, domain and path would be sent instead of. */
static const RtCookie *
find_overlaid (const Set *s)
{
  const RtCookie *new = &s->cookie;

  if (new->secure || rt_cookie_url_is_secure (s->context->url))
    return NULL;
  for (guint i = 0; i < s->jar->cookies->len; i++)
    {
      const RtCookie *old = rt_cookie_jar_get (s->jar, i);

      if (old->secure && strcmp (old->name, new->name) == 0
          && (rt_cookie_domain_matches (old->domain, new->domain)
              || rt_cookie_domain_matches (new->domain, old->domain))
          && rt_cookie_path_matches (new->path, old->path))
        return old;
    }
  return NULL;
}

static gboolean
comes_from_site (const Set *s)
{
  RtSameSite same_site = s->cookie.same_site != RT_SAME_SITE_DEFAULT
                             ? s->cookie.same_site
                             : s->jar->settings->without_same_site;

  return same_site == RT_SAME_SITE_NONE || rt_cookie_is_same_site (s->context)
         || (s->context->navigation && !s->context->script);
}

/* Whether who sets it may set such a cookie. */
static gboolean
is_allowed (const Set *s)
{
  const RtCookie *cookie = &s->cookie;

  return rt_check (s->why, &secure_source,
                   !cookie->secure || rt_cookie_url_is_secure (s->context->url),
                   fact (s, RT_COOKIE_SECURE), scheme_fact (s))
         && rt_check (s->why, &http_source, !cookie->http_only || !s->context->script,
                      fact (s, RT_COOKIE_HTTP_ONLY))
         && rt_check (s->why, &no_overlay, find_overlaid (s) == NULL, pair_fact (s),
                      fact (s, RT_COOKIE_DOMAIN), fact (s, RT_COOKIE_PATH),
                      fact (s, RT_COOKIE_SECURE), scheme_fact (s))
         && rt_check (s->why, &site_source, comes_from_site (s), fact (s, RT_COOKIE_SAME_SITE),
                      rt_cookie_fact_context (s->context));
}

static gboolean
starts_with (const char *text, const char *prefix)
{
  return g_ascii_strncasecmp (text, prefix, strlen (prefix)) == 0;
}

/* Whether it keeps the promises that it makes. */
static gboolean
is_consistent (const Set *s)
{
  const RtCookie *cookie = &s->cookie;

  return rt_check (s->why, &none_is_secure,
                   cookie->same_site != RT_SAME_SITE_NONE || cookie->secure,
                   fact (s, RT_COOKIE_SAME_SITE), fact (s, RT_COOKIE_SECURE))
         && rt_check (s->why, &secure_prefix,
                      !starts_with (cookie->name, "__Secure-") || cookie->secure, pair_fact (s),
                      fact (s, RT_COOKIE_SECURE))
         && rt_check (s->why, &host_prefix,
                      !starts_with (cookie->name, "__Host-")
                          || (cookie->secure && cookie->host_only && s->path_is_root),
                      pair_fact (s), fact (s, RT_COOKIE_SECURE), fact (s, RT_COOKIE_PATH),
                      fact (s, RT_COOKIE_DOMAIN))
         && rt_check (s->why, &no_imitation,
                      *cookie->name != '\0'
                          || (!starts_with (cookie->value, "__Secure-")
                              && !starts_with (cookie->value, "__Host-")),
                      pair_fact (s));
}

static RtFact
expiry_fact (const Set *s)
{
  return fact (s, s->cookie.written[RT_COOKIE_MAX_AGE].text != NULL ? RT_COOKIE_MAX_AGE
                                                                    : RT_COOKIE_EXPIRES);
}

/* RFC 6265bis §5.7: the new cookie takes the old one's place and the time of its creation. */
static RtCookieFate
put (Set *s)
{
  RtCookie *old = rt_cookie_jar_find (s->jar, &s->cookie);

  if (!rt_check (s->why, &over_http_only, old == NULL || !old->http_only || !s->context->script,
                 pair_fact (s)))
    return RT_COOKIE_IGNORED;
  if (!rt_check (s->why, &not_expired, s->cookie.expires > s->now, expiry_fact (s), pair_fact (s)))
    {
      if (old == NULL)
        return RT_COOKIE_IGNORED;
      rt_cookie_jar_remove (s->jar, old);
      return RT_COOKIE_DELETED;
    }
  if (rt_check (s->why, &is_new, old == NULL, pair_fact (s), fact (s, RT_COOKIE_DOMAIN),
                fact (s, RT_COOKIE_PATH)))
    {
      rt_cookie_jar_add (s->jar, &s->cookie, s->now);
      return RT_COOKIE_STORED;
    }
  s->cookie.created = old->created;
  rt_cookie_clear (old);
  *old = s->cookie;
  s->cookie = (RtCookie){ 0 };
  return RT_COOKIE_REPLACED;
}

static RtCookieFate
decide (Set *s)
{
  if (!is_readable (s))
    return RT_COOKIE_IGNORED;
  read_cookie (s);
  if (!take_domain (s) || !is_allowed (s) || !is_consistent (s))
    return RT_COOKIE_IGNORED;
  return put (s);
}

/**
 * rt_cookie_set_decide:
 * @jar: changed by the verdict
 * @field: one Set-Cookie field
 * @context: who sets it; its URL has a host
 * @now: the current time
 * @why: (nullable): takes the trace; verdict `stored`, `replaced`, `deleted` or `ignored`
 *
 * Source: RFC 6265bis §5.7.
 *
 * Returns: what became of the cookie
 */
RtCookieFate
rt_cookie_set_decide (RtCookieJar *jar,
                      const RtField *field,
                      const RtCookieContext *context,
                      RtTime now,
                      RtDecision *why)
{
  Set set = { .jar = jar, .field = field, .context = context, .now = now, .why = why };
  RtCookieFate fate;

  g_return_val_if_fail (context->url->host != NULL, RT_COOKIE_IGNORED);
  rt_decision_begin (why, &rt_rule_cookie_set, field->value);
  fate = decide (&set);
  rt_cookie_clear (&set.cookie);
  rt_decision_conclude (why, rt_cookie_fate_name (fate));
  return fate;
}
