/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the browser adds to a request by itself: fetch#http-network-or-cache-fetch, and who asks
 * (Origin, Referer, Sec-Fetch-*). */
#include "rt-browser-private.h"

#include "rt-address.h"

static void
append_text (RtFields *fields, const char *name, RtText value)
{
  g_autofree char *copy = rt_text_dup (value);

  rt_fields_append (fields, name, copy);
}

static void
append_missing (RtFields *fields, const char *name, const char *value)
{
  if (value != NULL && rt_fields_first (fields, name) == NULL)
    rt_fields_append (fields, name, value);
}

static gboolean
is_read (RtText method)
{
  return rt_text_is (method, "GET") || rt_text_is (method, "HEAD");
}

/* fetch#append-a-request-origin-header. With the referrer policy that browsers have by default the
 * origin of a page that came over TLS is not told to one that did not. */
void
rt_browser_add_origin (RtFetch *fetch, RtFields *fields)
{
  gboolean cors = fetch->tainting == RT_RESPONSE_CORS;
  gboolean hidden = fetch->tainted_origin;

  if (fetch->page == NULL || (!cors && is_read (fetch->request->method)))
    return;
  if (!cors && g_str_equal (fetch->page->scheme, "https")
      && !g_str_equal (fetch->url->scheme, "https"))
    hidden = TRUE;
  rt_fields_append (fields, "Origin", hidden ? "null" : fetch->origin);
}

/* The policy strict-origin-when-cross-origin: all of the URL within the origin, the origin alone
 * beyond it, and nothing from a page that came over TLS to one that does not. */
static void
add_referer (RtFetch *fetch, RtFields *fields)
{
  g_autoptr (RtUrl) bare = NULL;
  g_autofree char *text = NULL;

  if (fetch->page == NULL
      || (g_str_equal (fetch->page->scheme, "https") && !g_str_equal (fetch->url->scheme, "https")))
    return;
  if (rt_url_same_origin (fetch->page, fetch->url))
    {
      bare = rt_url_copy (fetch->page);
      g_free (bare->username);
      g_free (bare->password);
      bare->username = g_strdup ("");
      bare->password = g_strdup ("");
      text = rt_url_serialize (bare, FALSE);
    }
  else
    text = g_strconcat (fetch->origin, "/", NULL);
  rt_fields_append (fields, "Referer", text);
}

/* secure-contexts#is-origin-trustworthy */
static gboolean
is_trustworthy (const RtUrl *url)
{
  guint32 address;

  return g_str_equal (url->scheme, "https") || g_str_equal (url->host, "localhost")
         || g_str_has_suffix (url->host, ".localhost") || g_str_equal (url->host, "[::1]")
         || (rt_ipv4_parse (rt_text (url->host), &address) && address >> 24 == 127);
}

static const char *
mode_name (const RtFetch *fetch, gboolean preflight)
{
  static const char *const names[] = { "cors", "no-cors", "same-origin" };

  return fetch->navigation ? "navigate" : preflight ? "cors" : names[fetch->asked->mode];
}

/* Who asks, and from where: Referer and, where the way can be trusted, the fields of
 * fetch-metadata. */
void
rt_browser_add_context (RtBrowser *browser, RtFetch *fetch, gboolean preflight, RtFields *fields)
{
  static const char *const relations[] = { "none", "same-origin", "same-site", "cross-site" };

  add_referer (fetch, fields);
  if (!is_trustworthy (fetch->url))
    return;
  rt_fields_append (fields, "Sec-Fetch-Dest", fetch->navigation ? "document" : "empty");
  rt_fields_append (fields, "Sec-Fetch-Mode", mode_name (fetch, preflight));
  rt_fields_append (fields, "Sec-Fetch-Site", relations[fetch->relation]);
  if (fetch->navigation)
    rt_fields_append (fields, "Sec-Fetch-User", "?1");
}

/* A request with conditions of the script's own goes past the cache. */
static gboolean
has_conditions (RtFields *fields)
{
  static const char *const names[]
      = { "If-Modified-Since", "If-None-Match", "If-Unmodified-Since", "If-Match", "If-Range" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (rt_fields_first (fields, names[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* fetch#concept-request-cache-mode, with what the script's conditions make of it. */
RtFetchCache
rt_browser_cache_mode (const RtFetch *fetch)
{
  if (fetch->asked == NULL)
    return RT_FETCH_CACHE_DEFAULT;
  if (fetch->asked->cache == RT_FETCH_CACHE_DEFAULT && has_conditions (fetch->request->fields))
    return RT_FETCH_CACHE_NO_STORE;
  return fetch->asked->cache;
}

/* What caches on the way are to be told, too. */
static void
add_cache_wishes (RtFetch *fetch, RtFields *fields)
{
  switch (rt_browser_cache_mode (fetch))
    {
    case RT_FETCH_CACHE_NO_CACHE:
      rt_fields_append (fields, "Cache-Control", "max-age=0");
      break;
    case RT_FETCH_CACHE_RELOAD:
    case RT_FETCH_CACHE_NO_STORE:
      append_missing (fields, "Pragma", "no-cache");
      append_missing (fields, "Cache-Control", "no-cache");
      break;
    default:
      break;
    }
}

static void
add_content_fields (RtFetch *fetch, RtFields *fields)
{
  g_autofree char *length = NULL;
  RtText method = fetch->request->method;

  if (fetch->content != NULL)
    length = g_strdup_printf ("%zu", g_bytes_get_size (fetch->content));
  else if (rt_text_is (method, "POST") || rt_text_is (method, "PUT"))
    length = g_strdup ("0");
  if (length != NULL)
    rt_fields_set (fields, "Content-Length", length);
}

static void
add_cookies (RtBrowser *browser, RtFetch *fetch, RtFields *fields, RtTime now, RtEffects *out)
{
  g_autofree char *value
      = fetch->credentials ? rt_browser_dup_cookies (browser, fetch, now, out) : NULL;

  if (value != NULL)
    rt_fields_append (fields, "Cookie", value);
}

/* The request as it is sent, if the cache adds nothing to it. */
RtMessage *
rt_browser_dup_request (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out)
{
  RtMessage *request = rt_message_new (RT_MESSAGE_REQUEST);
  RtFields *own = fetch->request->fields;
  g_autofree char *authority = rt_url_dup_authority (fetch->url);

  rt_message_set_method (request, fetch->request->method);
  rt_message_set_target (request, fetch->request->target);
  rt_fields_append (request->fields, "Host", authority);
  for (guint i = 0; i < rt_fields_get_length (own); i++)
    if (!rt_text_is_nocase (rt_fields_get (own, i)->name, "Host"))
      rt_fields_append_field (request->fields, rt_fields_get (own, i));
  append_missing (request->fields, "User-Agent", browser->settings.user_agent);
  append_missing (request->fields, "Accept",
                  fetch->navigation
                      ? "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
                      : "*/*");
  append_missing (request->fields, "Accept-Language", browser->settings.language);
  add_content_fields (fetch, request->fields);
  rt_browser_add_origin (fetch, request->fields);
  rt_browser_add_context (browser, fetch, FALSE, request->fields);
  add_cache_wishes (fetch, request->fields);
  add_cookies (browser, fetch, request->fields, now, out);
  return request;
}

/* The request that asks whether another may be made: fetch#cors-preflight-fetch. No cookies go with
 * it, and none of the script's fields. */
RtMessage *
rt_browser_dup_preflight (RtBrowser *browser, RtFetch *fetch)
{
  RtMessage *request = rt_message_new (RT_MESSAGE_REQUEST);
  g_autofree char *authority = rt_url_dup_authority (fetch->url);
  g_autoptr (GPtrArray) names = rt_cors_dup_unsafe_names (fetch->request->fields);
  g_autoptr (GString) list = g_string_new (NULL);

  rt_message_set_method (request, RT_TEXT ("OPTIONS"));
  rt_message_set_target (request, fetch->request->target);
  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? "," : "", (const char *)names->pdata[i]);
  rt_fields_append (request->fields, "Host", authority);
  append_missing (request->fields, "User-Agent", browser->settings.user_agent);
  rt_fields_append (request->fields, "Accept", "*/*");
  append_missing (request->fields, "Accept-Language", browser->settings.language);
  append_text (request->fields, "Access-Control-Request-Method", fetch->request->method);
  if (names->len > 0)
    rt_fields_append (request->fields, "Access-Control-Request-Headers", list->str);
  rt_browser_add_origin (fetch, request->fields);
  rt_browser_add_context (browser, fetch, TRUE, request->fields);
  return request;
}
