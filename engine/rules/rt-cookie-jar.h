/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The cookie jar of a user agent: what becomes of a Set-Cookie field, and which cookies go with a
 * request. RFC 6265bis, with what browsers do differently as settings. */
#pragma once

#include "rt-cookie.h"
#include "rt-decision.h"
#include "rt-fields.h"
#include "rt-url.h"

G_BEGIN_DECLS

/** RT_COOKIE_LIFETIME_MAX: what Max-Age and Expires are cut down to (RFC 6265bis §5.5). */
#define RT_COOKIE_LIFETIME_MAX (400 * RT_TIME_DAY)
/** RT_COOKIE_JAR_DOMAIN_MAX: cookies of one domain before the least recently used go. */
#define RT_COOKIE_JAR_DOMAIN_MAX 180
/** RT_COOKIE_JAR_TOTAL_MAX: cookies of all domains. */
#define RT_COOKIE_JAR_TOTAL_MAX 3300

/**
 * RtCookieSettings:
 * @name: of the user agent that behaves so
 * @rfc6265: by the standard of 2011, before its revision: a cookie without a name is ignored, and
 * so is an empty Domain
 * @without_same_site: what a cookie without SameSite counts as: %RT_SAME_SITE_LAX or
 *   %RT_SAME_SITE_NONE
 * @young: how long such a cookie also goes with an unsafe navigation from another site; 0: never
 * @domain_max: cookies of one domain that are kept
 * @total_max: cookies that are kept
 */
typedef struct
{
  const char *name;
  gboolean rfc6265;
  RtSameSite without_same_site;
  RtTime young;
  guint domain_max, total_max;
} RtCookieSettings;

/**
 * RtCookieSource:
 * @text: an attribute as it was written; %NULL where there was none that counts
 * @span: where it stands
 */
typedef struct
{
  char *text;
  RtSpan span;
} RtCookieSource;

/**
 * RtCookie:
 * @domain: lower case
 * @host_only: only for exactly this host
 * @persistent: it has an expiry time and does not end with the session
 * @expires: %RT_TIME_NEVER where it is not persistent
 * @created: kept when a newer cookie takes its place
 * @accessed: when it was last sent
 * @pair: name and value as they were written
 * @written: by #RtCookieAttributeKind: where the properties come from
 *
 * A cookie in a jar.
 */
typedef struct
{
  char *name, *value, *domain, *path;
  gboolean host_only, persistent, secure, http_only;
  RtSameSite same_site;
  RtTime expires, created, accessed;
  RtCookieSource pair, written[RT_COOKIE_N_ATTRIBUTES];
} RtCookie;

/**
 * RtCookieContext:
 * @url: of the request whose answer sets cookies, or that takes them along
 * @site: (nullable): of the page that asks, as rt_url_dup_site() has it; %NULL where no page does:
 *   an address typed in, a client that is no browser
 * @method: of the request
 * @navigation: the request replaces the page that the user looks at
 * @script: a script reads or sets document.cookie
 *
 * Who asks, and from where.
 */
typedef struct
{
  const RtUrl *url;
  const char *site;
  RtText method;
  gboolean navigation, script;
} RtCookieContext;

/**
 * RtCookieFate:
 * @RT_COOKIE_STORED: it is new
 * @RT_COOKIE_REPLACED: it took the place of one of the same name, domain and path
 * @RT_COOKIE_DELETED: … and was expired already, so that both are gone
 * @RT_COOKIE_IGNORED: nothing changed
 */
typedef enum
{
  RT_COOKIE_STORED,
  RT_COOKIE_REPLACED,
  RT_COOKIE_DELETED,
  RT_COOKIE_IGNORED,
} RtCookieFate;

typedef struct _RtCookieJar RtCookieJar;

extern const RtRule rt_rule_cookie_set;
extern const RtRule rt_rule_cookie_send;

const RtCookieSettings *rt_cookie_settings (guint *ret_n);
const RtCookieSettings *rt_cookie_settings_find (const char *name);

RtCookieJar *rt_cookie_jar_new (const RtCookieSettings *settings);
void rt_cookie_jar_free (RtCookieJar *jar);
guint rt_cookie_jar_get_length (RtCookieJar *jar);
const RtCookie *rt_cookie_jar_get (RtCookieJar *jar, guint i);
guint rt_cookie_jar_expire (RtCookieJar *jar, RtTime now);
guint rt_cookie_jar_end_session (RtCookieJar *jar);

RtCookieFate rt_cookie_set_decide (RtCookieJar *jar,
                                   const RtField *field,
                                   const RtCookieContext *context,
                                   RtTime now,
                                   RtDecision *why);
gboolean rt_cookie_send_decide (RtCookieJar *jar,
                                const RtCookie *cookie,
                                const RtCookieContext *context,
                                RtTime now,
                                RtDecision *why);
char *rt_cookie_jar_dup_field (RtCookieJar *jar,
                               const RtCookieContext *context,
                               RtTime now,
                               GPtrArray *decisions);

const char *rt_cookie_fate_name (RtCookieFate fate);
const char *rt_same_site_name (RtSameSite same_site);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtCookieJar, rt_cookie_jar_free)

G_END_DECLS
