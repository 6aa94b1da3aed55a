/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the browser share.
 *
 *   rt-browser.c           the party: tasks in, answers out
 *   rt-browser-fetch.c     one fetch: may it be made, is it redirected, may its answer be read
 *   rt-browser-request.c   what the browser adds to a request
 *   rt-browser-network.c   cache, connections and what comes over them
 *   rt-browser-preflight.c asking first
 *   rt-browser-kept.c      cookies and HSTS hosts, kept from answers and shown */
#pragma once

#include "rt-browser.h"
#include "rt-cache.h"
#include "rt-cors.h"
#include "rt-hsts.h"
#include "rt-pool.h"
#include "rt-site.h"

G_BEGIN_DECLS

/* Of two origins that a request went between, for Sec-Fetch-Site: the worst so far. */
typedef enum
{
  RT_RELATION_NONE, /* no page asks */
  RT_RELATION_SAME_ORIGIN,
  RT_RELATION_SAME_SITE,
  RT_RELATION_CROSS_SITE,
} RtRelation;

/* What an exchange of a fetch is for. */
typedef enum
{
  RT_STAGE_NETWORK,
  RT_STAGE_PREFLIGHT,
  RT_STAGE_BACKGROUND, /* validates what was used already: nobody waits for it */
} RtStage;

/* One host's connections. */
typedef struct
{
  char *origin;
  guint n_active;
  GQueue waiting; /* RtFetch */
} RtHost;

typedef struct
{
  guint64 task;
  const RtBrowserTask *asked; /* borrowed; NULL in the background */
  gboolean navigation;
  RtUrl *page;         /* (nullable) */
  char *origin, *site; /* of the page; (nullable) */

  /* The request as it stands after so many redirections. */
  RtUrl *url;
  RtMessage *request; /* with the script's fields alone */
  GBytes *content;    /* (nullable) */
  RtResponseType tainting;
  RtRelation relation;
  gboolean tainted_origin, credentials, preflighted;
  guint n_redirects;

  /* On its way. */
  RtStage stage;
  RtMessage *sent; /* with what the browser added */
  RtHost *host;
  guint64 exchange;
  RtTime deadline;
  RtCachePassage *passage; /* (nullable): past the cache */
  RtCacheTake take;

  /* The answer. */
  RtMessage *response;
  RtCacheBody *following; /* (nullable): content that comes for another fetch */
  GByteArray *received;
  gboolean from_cache;
} RtFetch;

struct _RtBrowser
{
  RtBrowserSettings settings;
  RtPool *pool;
  RtCache *cache;
  RtCookieJar *jar;
  RtHsts *hsts;
  RtPreflightCache *preflights;
  RtUrl *document;     /* (nullable): the page that was opened last */
  GPtrArray *fetches;  /* RtFetch, in the order they began */
  GPtrArray *hosts;    /* RtHost, likewise */
  GPtrArray *approved; /* keys of the approvals that were shown */
  GPtrArray *known;    /* HSTS hosts that were shown */
  GPtrArray *shown;    /* keys of the cookies that were shown, in the jar's order */
  GHashTable *cookies; /* key → what was shown */
};

RtDecision *rt_browser_why (RtBrowser *browser);

RtFetch *rt_browser_add_fetch (RtBrowser *browser);
void rt_browser_finish (RtBrowser *browser,
                        RtFetch *fetch,
                        const RtBrowserResponse *response,
                        RtEffects *out);

void rt_browser_begin_fetch (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out);
void rt_browser_fetch_answered (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out);
void
rt_browser_fetch_failed (RtBrowser *browser, RtFetch *fetch, const GError *error, RtEffects *out);
void rt_browser_refuse (RtBrowser *browser, RtFetch *fetch, RtEffects *out, const char *format, ...)
    G_GNUC_PRINTF (4, 5);

RtMessage *rt_browser_dup_request (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out);
RtMessage *rt_browser_dup_preflight (RtBrowser *browser, RtFetch *fetch);
RtFetchCache rt_browser_cache_mode (const RtFetch *fetch);
void rt_browser_add_origin (RtFetch *fetch, RtFields *fields);
void
rt_browser_add_context (RtBrowser *browser, RtFetch *fetch, gboolean preflight, RtFields *fields);

void rt_browser_send (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out);
void rt_browser_transmit (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out);
extern const RtPoolHandler rt_browser_pool_handler;

gboolean
rt_browser_needs_preflight (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out);
void rt_browser_preflight (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out);
void rt_browser_preflight_answered (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out);
void rt_browser_forget_approval (RtBrowser *browser, RtFetch *fetch, RtEffects *out);

RtCookieContext rt_browser_cookie_context (RtFetch *fetch);
char *rt_browser_dup_cookies (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out);
void rt_browser_keep (
    RtBrowser *browser, RtFetch *fetch, RtMessage *response, RtTime now, RtEffects *out);
void rt_browser_show_cookies (RtBrowser *browser, RtEffects *out);
void rt_browser_make_memories (RtBrowser *browser);
void rt_browser_clear (RtBrowser *browser, RtEffects *out);

G_END_DECLS
