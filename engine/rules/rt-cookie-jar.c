/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The jar: a list of cookies in the order of their creation, which the limits cut short. */
#include "rt-cookie-jar-private.h"

#include "rt-address.h"
#include "rt-site.h"

/* clang-format off */
static const RtCookieSettings settings[] = {
  /* RFC 6265bis §5.6.7 and §6.1, which asks for no less than 50 and 3000 */
  { "standard", FALSE, RT_SAME_SITE_LAX, 0, RT_COOKIE_JAR_DOMAIN_MAX, RT_COOKIE_JAR_TOTAL_MAX },
  { "rfc6265", TRUE, RT_SAME_SITE_NONE, 0, RT_COOKIE_JAR_DOMAIN_MAX, RT_COOKIE_JAR_TOTAL_MAX },
  /* RFC 6265bis §5.6.7.2 allows the exception, which others do not make */
  { "chromium", FALSE, RT_SAME_SITE_LAX, 2 * RT_TIME_MINUTE, 180, 3300 },
  { "firefox", FALSE, RT_SAME_SITE_NONE, 0, 180, 6000 },
};
/* clang-format on */

/**
 * rt_cookie_settings:
 * @ret_n: (out): how many there are
 *
 * Returns: (array length=ret_n): how user agents differ; the first is the standard
 */
const RtCookieSettings *
rt_cookie_settings (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (settings);
  return settings;
}

/**
 * rt_cookie_settings_find:
 * @name: `standard`, `rfc6265`, `chromium` or `firefox`
 *
 * Returns: (nullable): its settings
 */
const RtCookieSettings *
rt_cookie_settings_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    if (strcmp (settings[i].name, name) == 0)
      return &settings[i];
  return NULL;
}

void
rt_cookie_clear (RtCookie *cookie)
{
  g_free (cookie->name);
  g_free (cookie->value);
  g_free (cookie->domain);
  g_free (cookie->path);
  g_free (cookie->pair.text);
  for (guint i = 0; i < RT_COOKIE_N_ATTRIBUTES; i++)
    g_free (cookie->written[i].text);
}

static void
clear_cb (gpointer cookie)
{
  rt_cookie_clear (cookie);
}

/**
 * rt_cookie_jar_new:
 * @settings: (nullable): static; %NULL: the standard
 *
 * Returns: (transfer full): an empty jar
 */
RtCookieJar *
rt_cookie_jar_new (const RtCookieSettings *chosen)
{
  RtCookieJar *jar = g_new (RtCookieJar, 1);

  jar->settings = chosen != NULL ? chosen : &settings[0];
  jar->cookies = g_array_new (FALSE, FALSE, sizeof (RtCookie));
  g_array_set_clear_func (jar->cookies, clear_cb);
  return jar;
}

void
rt_cookie_jar_free (RtCookieJar *jar)
{
  g_array_unref (jar->cookies);
  g_free (jar);
}

/**
 * rt_cookie_jar_get_length:
 * @jar: a jar
 *
 * Returns: how many cookies it holds, those that have expired since included
 */
guint
rt_cookie_jar_get_length (RtCookieJar *jar)
{
  return jar->cookies->len;
}

/**
 * rt_cookie_jar_get:
 * @jar: a jar
 * @i: below rt_cookie_jar_get_length()
 *
 * Returns: a cookie, borrowed until the jar changes
 */
const RtCookie *
rt_cookie_jar_get (RtCookieJar *jar, guint i)
{
  return &g_array_index (jar->cookies, RtCookie, i);
}

/* The one cookie with the name, domain, host-only flag and path of @like (RFC 6265bis §5.7). */
RtCookie *
rt_cookie_jar_find (RtCookieJar *jar, const RtCookie *like)
{
  for (guint i = 0; i < jar->cookies->len; i++)
    {
      RtCookie *cookie = &g_array_index (jar->cookies, RtCookie, i);

      if (strcmp (cookie->name, like->name) == 0 && strcmp (cookie->domain, like->domain) == 0
          && cookie->host_only == like->host_only && strcmp (cookie->path, like->path) == 0)
        return cookie;
    }
  return NULL;
}

void
rt_cookie_jar_remove (RtCookieJar *jar, const RtCookie *cookie)
{
  g_array_remove_index (jar->cookies,
                        (guint)(cookie - (const RtCookie *)(gpointer)jar->cookies->data));
}

/* Which of two cookies goes first when there is no room (RFC 6265bis §5.7): one that is not
 * Secure, then the one that was not used for longest, then the older one. */
static gboolean
goes_before (const RtCookie *a, const RtCookie *b)
{
  if (a->secure != b->secure)
    return b->secure;
  return a->accessed < b->accessed;
}

/* @domain: (nullable): only its cookies are counted and evicted. */
static void
evict (RtCookieJar *jar, const char *domain, guint most)
{
  const RtCookie *first = NULL;
  guint n = 0;

  for (guint i = 0; i < jar->cookies->len; i++)
    {
      const RtCookie *cookie = rt_cookie_jar_get (jar, i);

      if (domain != NULL && strcmp (cookie->domain, domain) != 0)
        continue;
      n++;
      if (first == NULL || goes_before (cookie, first))
        first = cookie;
    }
  if (n > most)
    rt_cookie_jar_remove (jar, first);
}

/* Takes what @cookie holds and leaves it empty. Expired cookies make room first. */
void
rt_cookie_jar_add (RtCookieJar *jar, RtCookie *cookie, RtTime now)
{
  g_autofree char *domain = g_strdup (cookie->domain);

  g_array_append_val (jar->cookies, *cookie);
  *cookie = (RtCookie){ 0 };
  if (jar->cookies->len <= MIN (jar->settings->domain_max, jar->settings->total_max))
    return;
  rt_cookie_jar_expire (jar, now);
  evict (jar, domain, jar->settings->domain_max);
  evict (jar, NULL, jar->settings->total_max);
}

/**
 * rt_cookie_jar_expire:
 * @jar: a jar
 * @now: the current time
 *
 * Removes the cookies that have expired.
 *
 * Returns: how many
 */
guint
rt_cookie_jar_expire (RtCookieJar *jar, RtTime now)
{
  guint before = jar->cookies->len;

  for (guint i = before; i-- > 0;)
    if (rt_cookie_jar_get (jar, i)->expires <= now)
      g_array_remove_index (jar->cookies, i);
  return before - jar->cookies->len;
}

/**
 * rt_cookie_jar_end_session:
 * @jar: a jar
 *
 * Removes the cookies that have no expiry time, as when the user closes the browser.
 *
 * Returns: how many
 */
guint
rt_cookie_jar_end_session (RtCookieJar *jar)
{
  guint before = jar->cookies->len;

  for (guint i = before; i-- > 0;)
    if (!rt_cookie_jar_get (jar, i)->persistent)
      g_array_remove_index (jar->cookies, i);
  return before - jar->cookies->len;
}

/* The schemes that browsers take for a secure protocol here. */
gboolean
rt_cookie_url_is_secure (const RtUrl *url)
{
  return strcmp (url->scheme, "https") == 0 || strcmp (url->scheme, "wss") == 0;
}

/* RFC 6265bis §5.1.3. Both are in lower case already. */
gboolean
rt_cookie_domain_matches (const char *host, const char *domain)
{
  gsize length = strlen (host);
  gsize above = strlen (domain);
  guint32 address;

  if (strcmp (host, domain) == 0)
    return TRUE;
  return length > above && above > 0 && host[length - above - 1] == '.'
         && strcmp (host + length - above, domain) == 0 && host[0] != '['
         && !rt_ipv4_parse (rt_text (host), &address);
}

/* RFC 6265bis §5.1.4. */
gboolean
rt_cookie_path_matches (const char *request_path, const char *cookie_path)
{
  gsize length = strlen (cookie_path);

  if (strncmp (request_path, cookie_path, length) != 0)
    return FALSE;
  return request_path[length] == '\0' || request_path[length] == '/'
         || (length > 0 && cookie_path[length - 1] == '/');
}

/* RFC 6265bis §5.2. What no page asks for is the user's own wish. */
gboolean
rt_cookie_is_same_site (const RtCookieContext *context)
{
  g_autofree char *site = NULL;

  if (context->site == NULL)
    return TRUE;
  site = rt_url_dup_site (context->url);
  return strcmp (site, "null") != 0 && strcmp (site, context->site) == 0;
}

/* What was written of an attribute; without one, what holds in its place. */
RtFact
rt_cookie_fact (const RtCookie *cookie, RtCookieAttributeKind kind)
{
  static const char *const names[RT_COOKIE_N_ATTRIBUTES] = {
    [RT_COOKIE_EXPIRES] = "Expires",    [RT_COOKIE_MAX_AGE] = "Max-Age",
    [RT_COOKIE_DOMAIN] = "Domain",      [RT_COOKIE_PATH] = "Path",
    [RT_COOKIE_SECURE] = "Secure",      [RT_COOKIE_HTTP_ONLY] = "HttpOnly",
    [RT_COOKIE_SAME_SITE] = "SameSite",
  };
  const RtCookieSource *source = &cookie->written[kind];

  return rt_fact_text (names[kind], rt_text (source->text), source->span);
}

/* The site of the page that asks. */
RtFact
rt_cookie_fact_context (const RtCookieContext *context)
{
  return rt_fact_text ("page's site", rt_text (context->site), RT_SPAN_NONE);
}

const char *
rt_cookie_fate_name (RtCookieFate fate)
{
  static const char *const names[] = { "stored", "replaced", "deleted", "ignored" };

  return names[fate];
}

const char *
rt_same_site_name (RtSameSite same_site)
{
  static const char *const names[] = { "", "None", "Lax", "Strict" };

  return names[same_site];
}
