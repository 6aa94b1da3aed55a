/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One fetch, by fetch#main-fetch, fetch#http-fetch and fetch#http-redirect-fetch:
 *
 *   script's own limits ─▶ HSTS ─▶ whose is it? ─▶ preflight ─▶ cache, network ─▶ CORS check
 *                           ▲                                                        │
 *                           └───────────────── redirection ◀─────────────────────────┤
 *                                                                                    ▼
 *                                                                     what the script may read */
#include "rt-browser-private.h"

#include "rt-error.h"
#include "rt-scan.h"
#include "rt-uri.h"

/* clang-format off */
static const RtClause plain_method = { "browser.script.method", "the method is not CONNECT, TRACE or TRACK", "fetch#forbidden-method", RT_LEVEL_BROWSERS };
static const RtClause bare_read = { "browser.script.content", "GET and HEAD have no content", "fetch#dom-request", RT_LEVEL_BROWSERS };
static const RtClause no_userinfo = { "browser.script.userinfo", "the URL carries no name and password", "fetch#dom-request", RT_LEVEL_BROWSERS };
static const RtClause simple_method = { "browser.script.no-cors-method", "without CORS the method is one that a form could send: GET, HEAD or POST", "fetch#dom-request", RT_LEVEL_BROWSERS };
static const RtClause cache_of_own = { "browser.script.only-if-cached", "only-if-cached asks for what is of the page's own origin", "fetch#dom-request", RT_LEVEL_BROWSERS };
static const RtClause *const script_clauses[] = { &plain_method, &bare_read, &no_userinfo, &simple_method, &cache_of_own };

static const RtClause not_forbidden = { "browser.field.forbidden", "the field is one that scripts may set", "fetch#forbidden-request-header", RT_LEVEL_BROWSERS };
static const RtClause safelisted = { "browser.field.no-cors", "without CORS it is one that a form could send", "fetch#no-cors-safelisted-request-header", RT_LEVEL_BROWSERS };
static const RtClause *const field_clauses[] = { &not_forbidden, &safelisted };

static const RtClause is_http = { "browser.mode.scheme", "the URL's scheme is http or https", "fetch#scheme-fetch", RT_LEVEL_BROWSERS };
static const RtClause navigates = { "browser.mode.navigation", "the user opens a document", "fetch#main-fetch", RT_LEVEL_BROWSERS };
static const RtClause own_origin = { "browser.mode.same-origin", "the URL is of the page's own origin, and so was every URL before it", "fetch#main-fetch", RT_LEVEL_BROWSERS };
static const RtClause may_cross = { "browser.mode.cross-origin", "the script does not insist on its own origin", "fetch#main-fetch", RT_LEVEL_BROWSERS };
static const RtClause readable = { "browser.mode.cors", "the script wants to read the answer", "fetch#main-fetch", RT_LEVEL_BROWSERS };
static const RtClause follows = { "browser.mode.no-cors-redirect", "without CORS redirections are followed", "fetch#main-fetch", RT_LEVEL_BROWSERS };
static const RtClause *const mode_clauses[] = { &is_http, &navigates, &own_origin, &may_cross, &readable, &follows };
/* clang-format on */

static const RtRule script_rule = RT_RULE (
    "browser.script", "May a script ask for this at all?", "fetch#dom-request", script_clauses);
static const RtRule field_rule = RT_RULE ("browser.field",
                                          "May the script set this field?",
                                          "fetch#forbidden-request-header",
                                          field_clauses);
static const RtRule mode_rule = RT_RULE (
    "browser.mode", "Whose is it, and what may be read of it?", "fetch#main-fetch", mode_clauses);

static RtText
method_of (const RtFetch *fetch)
{
  return fetch->request->method;
}

static gboolean
is_http_url (const RtUrl *url)
{
  return g_str_equal (url->scheme, "http") || g_str_equal (url->scheme, "https");
}

/* The end. */

void
rt_browser_fetch_failed (RtBrowser *browser, RtFetch *fetch, const GError *error, RtEffects *out)
{
  g_autofree char *url = fetch->url != NULL ? rt_url_serialize (fetch->url, FALSE) : NULL;
  RtBrowserResponse response = { .type = RT_RESPONSE_ERROR, .url = url, .error = error };

  rt_browser_finish (browser, fetch, &response, out);
}

void
rt_browser_refuse (RtBrowser *browser, RtFetch *fetch, RtEffects *out, const char *format, ...)
{
  g_autoptr (GError) error = NULL;
  va_list args;

  va_start (args, format);
  error = g_error_new_valist (RT_ERROR, RT_ERROR_PEER, format, args);
  va_end (args);
  rt_browser_fetch_failed (browser, fetch, error, out);
}

/* What a script may do. */

static gboolean
check_script (RtFetch *fetch, RtDecision *why)
{
  const RtBrowserTask *task = fetch->asked;
  RtFact method = rt_fact_text ("method", method_of (fetch), RT_SPAN_NONE);
  gboolean reads = rt_text_is (method_of (fetch), "GET") || rt_text_is (method_of (fetch), "HEAD");

  return rt_check (why, &plain_method, !rt_cors_method_is_forbidden (method_of (fetch)), method)
         && rt_check (why, &bare_read, !reads || fetch->content == NULL, method)
         && rt_check (why, &no_userinfo,
                      *fetch->url->username == '\0' && *fetch->url->password == '\0')
         && rt_check (why, &simple_method,
                      task->mode != RT_FETCH_NO_CORS
                          || rt_cors_method_is_safelisted (method_of (fetch)),
                      method)
         && rt_check (why, &cache_of_own,
                      task->cache != RT_FETCH_CACHE_ONLY || task->mode == RT_FETCH_SAME_ORIGIN);
}

/* Returns whether the fetch may go on. */
static gboolean
allows_script (RtBrowser *browser, RtFetch *fetch, RtEffects *out)
{
  g_autoptr (RtDecision) why = NULL;
  g_autofree char *url = NULL;
  RtCheck check = { 0 };

  if (check_script (fetch, NULL))
    return TRUE;
  /* The script is told which check it failed, even where nobody reads the log. */
  why = rt_decision_new ();
  url = rt_url_serialize (fetch->url, FALSE);
  rt_decision_begin (why, &script_rule, rt_text (url));
  check_script (fetch, why);
  rt_decision_conclude (why, "refused");
  rt_decision_get_deciding (why, &check);
  if (browser->settings.explain)
    rt_effects_decide (out, rt_decision_ref (why), FALSE);
  rt_browser_refuse (browser, fetch, out, "the browser sends nothing: it does not hold that %s",
                     check.clause.title);
  return FALSE;
}

static gboolean
may_set (RtFetch *fetch, const RtField *field, RtDecision *why)
{
  RtFact set = rt_fact_text ("field", field->name, RT_SPAN_NONE);

  return rt_check (why, &not_forbidden, !rt_cors_field_is_forbidden (field), set)
         && rt_check (why, &safelisted,
                      fetch->asked->mode != RT_FETCH_NO_CORS || rt_cors_field_is_safelisted (field),
                      set);
}

/* A script's field that it may not set is dropped without a word to it. */
static void
take_field (RtBrowser *browser, RtFetch *fetch, const RtField *field, RtEffects *out)
{
  g_autoptr (RtDecision) why = NULL;

  if (fetch->navigation || may_set (fetch, field, NULL))
    {
      rt_fields_append_field (fetch->request->fields, field);
      return;
    }
  why = rt_browser_why (browser);
  if (why == NULL)
    return;
  rt_decision_begin (why, &field_rule, field->name);
  may_set (fetch, field, why);
  rt_decision_conclude (why, "dropped");
  rt_effects_decide (out, rt_decision_ref (why), FALSE);
}

/* RFC 9110 §5.5: a line break or a NUL in a value would be taken for something else by others. */
static gboolean
is_valid_field (const RtField *field)
{
  return rt_text_is_token (field->name)
         && memchr (field->value.at, '\r', field->value.length) == NULL
         && memchr (field->value.at, '\n', field->value.length) == NULL
         && memchr (field->value.at, '\0', field->value.length) == NULL;
}

static gboolean
take_fields (RtBrowser *browser, RtFetch *fetch, RtEffects *out)
{
  RtFields *fields = fetch->asked->fields;

  for (guint i = 0; fields != NULL && i < rt_fields_get_length (fields); i++)
    {
      const RtField *field = rt_fields_get (fields, i);

      if (!is_valid_field (field))
        {
          g_autofree char *name = rt_text_escape (field->name);

          rt_browser_refuse (browser, fetch, out,
                             "the field “%s” can't be sent: a name is letters and digits, a value "
                             "one line",
                             name);
          return FALSE;
        }
      take_field (browser, fetch, field, out);
    }
  return TRUE;
}

/* Whose it is. */

/* RFC 6797 §8.3. */
static void
upgrade (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out)
{
  RtText host = rt_text (fetch->url->host);
  g_autoptr (RtDecision) why = NULL;

  if (!g_str_equal (fetch->url->scheme, "http")
      || !rt_hsts_upgrade_decide (browser->hsts, host, now, NULL))
    return;
  why = rt_browser_why (browser);
  rt_hsts_upgrade_decide (browser->hsts, host, now, why);
  if (why != NULL)
    rt_effects_decide (out, rt_decision_ref (why), TRUE);
  g_free (fetch->url->scheme);
  fetch->url->scheme = g_strdup ("https");
  if (fetch->url->port == 443)
    fetch->url->port = -1;
}

static gboolean
is_own_origin (const RtFetch *fetch)
{
  return fetch->page != NULL && !fetch->tainted_origin && fetch->tainting == RT_RESPONSE_BASIC
         && rt_url_same_origin (fetch->url, fetch->page);
}

static RtResponseType
find_tainting (RtFetch *fetch, RtDecision *why)
{
  RtFact scheme = rt_fact_text ("scheme", rt_text (fetch->url->scheme), RT_SPAN_NONE);
  RtFact origin = rt_fact_text ("page's origin", rt_text (fetch->origin), RT_SPAN_NONE);
  RtFetchMode mode = fetch->asked->mode;

  if (!rt_check (why, &is_http, is_http_url (fetch->url), scheme))
    return RT_RESPONSE_ERROR;
  if (rt_check (why, &navigates, fetch->navigation)
      || rt_check (why, &own_origin, is_own_origin (fetch), origin))
    return RT_RESPONSE_BASIC;
  if (!rt_check (why, &may_cross, mode != RT_FETCH_SAME_ORIGIN, origin))
    return RT_RESPONSE_ERROR;
  if (rt_check (why, &readable, mode == RT_FETCH_CORS, origin))
    return RT_RESPONSE_CORS;
  return rt_check (why, &follows, fetch->asked->redirect == RT_REDIRECT_MODE_FOLLOW)
             ? RT_RESPONSE_OPAQUE
             : RT_RESPONSE_ERROR;
}

static RtResponseType
decide_tainting (RtBrowser *browser, RtFetch *fetch, RtEffects *out)
{
  g_autofree char *url = rt_url_serialize (fetch->url, FALSE);
  RtResponseType tainting = find_tainting (fetch, NULL);
  RtDecision *why = NULL;

  /* The page's own origin is no news. */
  if (tainting != RT_RESPONSE_BASIC)
    why = rt_browser_why (browser);
  rt_decision_begin (why, &mode_rule, rt_text (url));
  find_tainting (fetch, why);
  rt_decision_conclude (why, tainting == RT_RESPONSE_ERROR ? "refused"
                                                           : rt_response_type_name (tainting));
  rt_effects_decide (out, why, tainting != RT_RESPONSE_ERROR);
  return tainting;
}

/* fetch#sec-fetch-site-header: the worst of all URLs on the way. */
static void
relate (RtFetch *fetch)
{
  RtRelation relation;

  if (fetch->page == NULL)
    return;
  relation = rt_url_same_origin (fetch->url, fetch->page) ? RT_RELATION_SAME_ORIGIN
             : rt_url_same_site (fetch->url, fetch->page) ? RT_RELATION_SAME_SITE
                                                          : RT_RELATION_CROSS_SITE;
  fetch->relation = MAX (fetch->relation, relation);
}

static gboolean
includes_credentials (const RtFetch *fetch)
{
  if (fetch->navigation)
    return TRUE;
  return fetch->asked->credentials == RT_FETCH_CREDENTIALS_INCLUDE
         || (fetch->asked->credentials == RT_FETCH_CREDENTIALS_SAME_ORIGIN
             && fetch->tainting == RT_RESPONSE_BASIC);
}

static void
set_target (RtFetch *fetch)
{
  g_autofree char *target = rt_url_dup_target (fetch->url);

  rt_message_set_target (fetch->request, rt_text (target));
}

/* One leg of the way: to the URL as it stands. */
static void
go (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out)
{
  RtResponseType tainting;
  RtAuthority authority;

  if (is_http_url (fetch->url))
    upgrade (browser, fetch, now, out);
  tainting = decide_tainting (browser, fetch, out);
  if (tainting == RT_RESPONSE_ERROR)
    {
      g_autofree char *url = rt_url_serialize (fetch->url, FALSE);

      rt_browser_refuse (browser, fetch, out, "the browser does not ask for %s: %s", url,
                         is_http_url (fetch->url) ? "it is of another origin"
                                                  : "its scheme is neither http nor https");
      return;
    }
  if (!rt_authority_parse (rt_text (fetch->url->host), &authority))
    {
      /* RFC 9110 §2.2: what does not match the grammar is not generated. URL lets hosts through
       * that RFC 3986 §3.2.2 does not know. */
      rt_browser_refuse (browser, fetch, out, "the host %s cannot stand in a Host field",
                         fetch->url->host);
      return;
    }
  fetch->tainting = tainting;
  fetch->credentials = includes_credentials (fetch);
  relate (fetch);
  set_target (fetch);
  if (rt_browser_needs_preflight (browser, fetch, now, out))
    rt_browser_preflight (browser, fetch, now, out);
  else
    rt_browser_send (browser, fetch, now, out);
}

void
rt_browser_begin_fetch (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out)
{
  if ((!fetch->navigation && !allows_script (browser, fetch, out))
      || !take_fields (browser, fetch, out))
    return;
  go (browser, fetch, now, out);
}

/* The answer. */

static gboolean
passes_cors (RtBrowser *browser, RtFetch *fetch, RtEffects *out)
{
  g_autoptr (RtDecision) why = NULL;
  gboolean shown;

  if (fetch->tainting != RT_RESPONSE_CORS)
    return TRUE;
  why = rt_browser_why (browser);
  shown = rt_cors_check_decide (fetch->sent, fetch->response, fetch->credentials, why);
  if (why != NULL)
    rt_effects_decide (out, rt_decision_ref (why), shown);
  return shown;
}

/* fetch#http-redirect-fetch: behind a detour over a third origin nobody can tell who asks. */
static void
follow (RtBrowser *browser, RtFetch *fetch, RtRedirectNext *next, RtTime now, RtEffects *out)
{
  g_autoptr (RtMessage) old = fetch->request;

  if (fetch->page != NULL && next->crosses && !rt_url_same_origin (fetch->url, fetch->page))
    fetch->tainted_origin = TRUE;
  fetch->request = rt_redirect_dup_request (old, next);
  /* The script's fields alone: what the browser adds is added anew. */
  rt_fields_remove (fetch->request->fields, "Host");
  if (next->to_get)
    g_clear_pointer (&fetch->content, g_bytes_unref);
  rt_url_free (fetch->url);
  fetch->url = g_steal_pointer (&next->url);
  fetch->n_redirects++;
  go (browser, fetch, now, out);
}

static RtRedirect
decide_redirect (RtBrowser *browser, RtFetch *fetch, RtRedirectNext *next, RtEffects *out)
{
  const RtRedirectContext context = {
    .url = fetch->url,
    .origin = fetch->navigation ? NULL : fetch->origin,
    .mode = fetch->navigation ? RT_REDIRECT_MODE_FOLLOW : fetch->asked->redirect,
    .cors = fetch->tainting == RT_RESPONSE_CORS,
    .has_content = fetch->content != NULL,
    .count = fetch->n_redirects,
  };
  RtDecision *why = fetch->response->status / 100 == 3 && fetch->response->status != 304
                        ? rt_browser_why (browser)
                        : NULL;
  RtRedirect verdict = rt_redirect_decide (fetch->request, fetch->response, &context, next, why);

  rt_effects_decide (out, why, verdict == RT_REDIRECT_FOLLOW);
  return verdict;
}

static gboolean
is_of_cors (RtText name)
{
  const RtText prefix = RT_TEXT ("Access-Control-");

  return name.length > prefix.length
         && rt_text_equal_nocase (rt_text_sub (name, 0, prefix.length), prefix);
}

/* What a script can read: fetch#concept-filtered-response-basic and the two that follow it. */
static gboolean
can_read_field (RtBrowser *browser, RtFetch *fetch, const RtField *field, RtEffects *out)
{
  g_autoptr (RtDecision) why = NULL;

  if (fetch->navigation)
    return TRUE;
  if (fetch->tainting == RT_RESPONSE_BASIC)
    return !rt_text_is_nocase (field->name, "Set-Cookie")
           && !rt_text_is_nocase (field->name, "Set-Cookie2");
  if (rt_cors_expose_decide (field, fetch->response, fetch->credentials, NULL))
    return TRUE;
  /* What was meant for the browser is not missed. */
  why = is_of_cors (field->name) ? NULL : rt_browser_why (browser);
  if (why != NULL)
    {
      rt_cors_expose_decide (field, fetch->response, fetch->credentials, why);
      rt_effects_decide (out, rt_decision_ref (why), TRUE);
    }
  return FALSE;
}

static RtFields *
dup_readable (RtBrowser *browser, RtFetch *fetch, RtEffects *out)
{
  RtFields *all = fetch->response->fields;
  RtFields *fields = rt_fields_new ();

  for (guint i = 0; i < rt_fields_get_length (all); i++)
    if (can_read_field (browser, fetch, rt_fields_get (all, i), out))
      rt_fields_append_field (fields, rt_fields_get (all, i));
  return fields;
}

static void
deliver (RtBrowser *browser, RtFetch *fetch, RtResponseType type, RtEffects *out)
{
  gboolean opaque = type == RT_RESPONSE_OPAQUE || type == RT_RESPONSE_OPAQUE_REDIRECT;
  g_autofree char *url = rt_url_serialize (fetch->url, FALSE);
  g_autoptr (RtFields) fields = opaque ? rt_fields_new () : dup_readable (browser, fetch, out);
  g_autoptr (GBytes) content = g_byte_array_free_to_bytes (g_steal_pointer (&fetch->received));
  RtBrowserResponse response = {
    .type = type,
    .url = url,
    .redirected = fetch->n_redirects > 0,
    .from_cache = fetch->from_cache,
    .status = opaque ? 0 : fetch->response->status,
    .reason = opaque ? RT_TEXT ("") : fetch->response->reason,
    .fields = fields,
    .content = opaque ? NULL : content,
  };

  fetch->received = g_byte_array_new ();
  if (fetch->navigation)
    {
      g_clear_pointer (&browser->document, rt_url_free);
      browser->document = rt_url_copy (fetch->url);
      if (browser->settings.explain)
        rt_effects_state (out, "page", "document", g_variant_new_string (url));
    }
  rt_browser_finish (browser, fetch, &response, out);
}

/* Its response is there, whole, from wherever it came. */
void
rt_browser_fetch_answered (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out)
{
  g_auto (RtRedirectNext) next = { 0 };

  if (!passes_cors (browser, fetch, out))
    {
      rt_browser_refuse (browser, fetch, out, "an answer came (%u), but %s does not let %s read it",
                         fetch->response->status, fetch->url->host, fetch->origin);
      return;
    }
  switch (decide_redirect (browser, fetch, &next, out))
    {
    case RT_REDIRECT_FOLLOW:
      follow (browser, fetch, &next, now, out);
      break;
    case RT_REDIRECT_REFUSE:
      rt_browser_refuse (browser, fetch, out, "the redirection (%u) is not followed",
                         fetch->response->status);
      break;
    case RT_REDIRECT_HAND_OVER:
      deliver (browser, fetch, RT_RESPONSE_OPAQUE_REDIRECT, out);
      break;
    case RT_REDIRECT_DELIVER:
    default:
      deliver (browser, fetch, fetch->tainting, out);
    }
}
