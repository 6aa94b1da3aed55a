/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The browser: fetches the documents that its user wants and what their scripts ask for, by the
 * rules that protect that user: cookies, a private cache, CORS with preflights, redirection and
 * HSTS, as the Fetch standard joins them. */
#pragma once

#include "rt-cookie-jar.h"
#include "rt-effects.h"
#include "rt-message.h"
#include "rt-redirect.h"

G_BEGIN_DECLS

/** RT_BROWSER_CONNECTIONS_MAX: to one host at a time, as browsers have it for HTTP/1.1. */
#define RT_BROWSER_CONNECTIONS_MAX 6
/** RT_BROWSER_CONTENT_MAX: bytes of content that one answer may have. */
#define RT_BROWSER_CONTENT_MAX (G_GUINT64_CONSTANT (256) * 1024 * 1024)

/**
 * RtBrowserSettings:
 * @user_agent: (nullable): what it calls itself
 * @language: (nullable): value of Accept-Language
 * @cookies: (nullable): how its cookie jar behaves; %NULL: by the standard
 * @preflight_cap: how long a preflight's approval may be kept
 * @connections: to one host at a time; 0: %RT_BROWSER_CONNECTIONS_MAX
 * @cache_bytes: what its cache may keep; 0: as much as caches keep by default
 * @tls: (nullable): how it speaks TLS; %NULL: not at all
 * @explain: decisions and states go to the log
 *
 * Copied by rt_browser_new(); what it points to outlives the browser.
 */
typedef struct
{
  const char *user_agent, *language;
  const RtCookieSettings *cookies;
  RtTime preflight_cap;
  guint connections;
  gsize cache_bytes;
  const struct RtTls *tls;
  gboolean explain;
} RtBrowserSettings;

extern const RtBrowserSettings rt_browser_settings_standard;

/**
 * RtBrowserTaskKind:
 * @RT_BROWSER_NAVIGATE: the user opens a document; from then on it is the page
 * @RT_BROWSER_SCRIPT: a script of the page calls fetch()
 * @RT_BROWSER_CLOSE: close the idle connections
 * @RT_BROWSER_RESTART: quit and start again: connections and session cookies are gone, what is on
 *   disk is not
 * @RT_BROWSER_CLEAR: forget everything: cookies, cache, approvals and HSTS hosts
 */
typedef enum
{
  RT_BROWSER_NAVIGATE,
  RT_BROWSER_SCRIPT,
  RT_BROWSER_CLOSE,
  RT_BROWSER_RESTART,
  RT_BROWSER_CLEAR,
} RtBrowserTaskKind;

/**
 * RtFetchMode:
 * @RT_FETCH_CORS: another origin has to allow that its answer is read
 * @RT_FETCH_NO_CORS: what comes from another origin can be used, not read
 * @RT_FETCH_SAME_ORIGIN: another origin is not even asked
 *
 * fetch#concept-request-mode, of a script's request.
 */
typedef enum
{
  RT_FETCH_CORS,
  RT_FETCH_NO_CORS,
  RT_FETCH_SAME_ORIGIN,
} RtFetchMode;

/**
 * RtFetchCredentials:
 *
 * fetch#concept-request-credentials-mode: when cookies go along and are taken.
 */
typedef enum
{
  RT_FETCH_CREDENTIALS_SAME_ORIGIN,
  RT_FETCH_CREDENTIALS_OMIT,
  RT_FETCH_CREDENTIALS_INCLUDE,
} RtFetchCredentials;

/**
 * RtFetchCache:
 * @RT_FETCH_CACHE_DEFAULT: by RFC 9111
 * @RT_FETCH_CACHE_NO_STORE: past the cache
 * @RT_FETCH_CACHE_RELOAD: from the server, and into the cache
 * @RT_FETCH_CACHE_NO_CACHE: what is stored is validated first
 * @RT_FETCH_CACHE_FORCE: what is stored, however old
 * @RT_FETCH_CACHE_ONLY: … or nothing at all; same origin alone
 *
 * fetch#concept-request-cache-mode.
 */
typedef enum
{
  RT_FETCH_CACHE_DEFAULT,
  RT_FETCH_CACHE_NO_STORE,
  RT_FETCH_CACHE_RELOAD,
  RT_FETCH_CACHE_NO_CACHE,
  RT_FETCH_CACHE_FORCE,
  RT_FETCH_CACHE_ONLY,
} RtFetchCache;

RtFetchMode rt_fetch_mode_find (const char *name, GError **error);
RtFetchCredentials rt_fetch_credentials_find (const char *name, GError **error);
RtFetchCache rt_fetch_cache_find (const char *name, GError **error);
RtRedirectMode rt_fetch_redirect_find (const char *name, GError **error);

/**
 * RtResponseType:
 * @RT_RESPONSE_BASIC: of the page's own origin, or a document
 * @RT_RESPONSE_CORS: of another origin, which allows it to be read
 * @RT_RESPONSE_OPAQUE: of another origin: nothing of it can be read
 * @RT_RESPONSE_OPAQUE_REDIRECT: a redirection that the script wanted not to be followed
 * @RT_RESPONSE_ERROR: there is none
 *
 * fetch#concept-response-type.
 */
typedef enum
{
  RT_RESPONSE_BASIC,
  RT_RESPONSE_CORS,
  RT_RESPONSE_OPAQUE,
  RT_RESPONSE_OPAQUE_REDIRECT,
  RT_RESPONSE_ERROR,
} RtResponseType;

const char *rt_response_type_name (RtResponseType type);

/**
 * RtBrowserResponse:
 * @url: where it came from in the end, without fragment
 * @redirected: that is not where the request went first
 * @from_cache: it was stored
 * @status: 0 where it can't be read
 * @fields: those that can be read
 * @content: (nullable): likewise
 * @error: (nullable): why there is none
 *
 * What a script, or the user, gets. All borrowed for the call.
 */
typedef struct
{
  RtResponseType type;
  const char *url;
  gboolean redirected, from_cache;
  guint status;
  RtText reason;
  RtFields *fields;
  GBytes *content;
  const GError *error;
} RtBrowserResponse;

/**
 * RtBrowserTask:
 * @page: (nullable): URL of the page that has the link or the script; %NULL: the address was typed
 *   in, or the script is one of the page that was opened last
 * @url: what to fetch; relative to the page
 * @method: (nullable): GET
 * @fields: (nullable): set by the script
 * @content: (nullable): of the request
 * @timeout: from now to the answer's end; 0: as long as it takes
 * @answer: (nullable): is told of the response or its absence, just before the task is finished
 *
 * What a browser can be told to do: the `task` of #RtDriverClass. Stays the teller's and unchanged
 * until the task is finished.
 */
typedef struct
{
  RtBrowserTaskKind kind;
  const char *page, *url, *method;
  RtFields *fields;
  GBytes *content;
  RtFetchMode mode;
  RtFetchCredentials credentials;
  RtFetchCache cache;
  RtRedirectMode redirect;
  RtTime timeout;
  void (*answer) (gpointer data, const RtBrowserResponse *response);
  gpointer data;
} RtBrowserTask;

typedef struct _RtBrowser RtBrowser;

RtBrowser *rt_browser_new (const RtBrowserSettings *settings);
void rt_browser_free (RtBrowser *browser);

/** rt_browser_class: an #RtBrowser as a party. The driver frees it. */
extern const RtPartyClass rt_browser_class;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtBrowser, rt_browser_free)

G_END_DECLS
