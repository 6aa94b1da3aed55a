/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the jar and its two rules share. */
#pragma once

#include "rt-cookie-jar.h"

G_BEGIN_DECLS

struct _RtCookieJar
{
  const RtCookieSettings *settings;
  GArray *cookies; /* RtCookie, created longest ago first; a replacement keeps its place */
};

void rt_cookie_clear (RtCookie *cookie);
RtCookie *rt_cookie_jar_find (RtCookieJar *jar, const RtCookie *like);
void rt_cookie_jar_add (RtCookieJar *jar, RtCookie *cookie, RtTime now);
void rt_cookie_jar_remove (RtCookieJar *jar, const RtCookie *cookie);

gboolean rt_cookie_url_is_secure (const RtUrl *url);
gboolean rt_cookie_domain_matches (const char *host, const char *domain);
gboolean rt_cookie_path_matches (const char *request_path, const char *cookie_path);
gboolean rt_cookie_is_same_site (const RtCookieContext *context);
RtFact rt_cookie_fact (const RtCookie *cookie, RtCookieAttributeKind kind);
RtFact rt_cookie_fact_context (const RtCookieContext *context);

G_END_DECLS
