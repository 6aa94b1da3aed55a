/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The browser as a party: takes tasks, gives their answers. */
#include "rt-browser-private.h"

#include "rt-error.h"
#include "rt-scan.h"

const RtBrowserSettings rt_browser_settings_standard = {
  .user_agent = "Roundtrip",
  .language = "en",
  .preflight_cap = RT_PREFLIGHT_AGE_CHROMIUM,
  .connections = RT_BROWSER_CONNECTIONS_MAX,
  .explain = TRUE,
};

/* The words of the Fetch standard, in the order of the enumerations. */
static const char *const modes[] = { "cors", "no-cors", "same-origin" };
static const char *const credentials[] = { "same-origin", "omit", "include" };
static const char *const caches[]
    = { "default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached" };
static const char *const redirects[] = { "follow", "error", "manual" };

static guint
find_word (
    const char *what, const char *name, const char *const *names, guint n_names, GError **error)
{
  for (guint i = 0; i < n_names; i++)
    if (strcmp (names[i], name) == 0)
      return i;
  rt_set_unknown (error, NULL, what, name, names, n_names);
  return n_names;
}

/**
 * rt_fetch_mode_find:
 * @name: `cors`, `no-cors` or `same-origin`
 *
 * Errors: %RT_ERROR_UNKNOWN, with the nearest name there is. So for the three that follow.
 *
 * Returns: the mode
 */
RtFetchMode
rt_fetch_mode_find (const char *name, GError **error)
{
  return find_word ("mode", name, modes, G_N_ELEMENTS (modes), error);
}

RtFetchCredentials
rt_fetch_credentials_find (const char *name, GError **error)
{
  return find_word ("credentials mode", name, credentials, G_N_ELEMENTS (credentials), error);
}

RtFetchCache
rt_fetch_cache_find (const char *name, GError **error)
{
  return find_word ("cache mode", name, caches, G_N_ELEMENTS (caches), error);
}

RtRedirectMode
rt_fetch_redirect_find (const char *name, GError **error)
{
  return find_word ("redirect mode", name, redirects, G_N_ELEMENTS (redirects), error);
}

/**
 * rt_response_type_name:
 * @type: a type
 *
 * Returns: its name in the Fetch standard
 */
const char *
rt_response_type_name (RtResponseType type)
{
  static const char *const names[] = { "basic", "cors", "opaque", "opaqueredirect", "error" };

  return names[type];
}

static void
fetch_free (gpointer data)
{
  RtFetch *fetch = data;

  g_clear_pointer (&fetch->page, rt_url_free);
  g_clear_pointer (&fetch->url, rt_url_free);
  g_clear_pointer (&fetch->request, rt_message_unref);
  g_clear_pointer (&fetch->sent, rt_message_unref);
  g_clear_pointer (&fetch->response, rt_message_unref);
  g_clear_pointer (&fetch->content, g_bytes_unref);
  g_clear_pointer (&fetch->passage, rt_cache_passage_free);
  g_clear_pointer (&fetch->following, rt_cache_body_unref);
  g_byte_array_unref (fetch->received);
  g_free (fetch->origin);
  g_free (fetch->site);
  g_free (fetch);
}

static void
host_free (gpointer data)
{
  RtHost *host = data;

  g_queue_clear (&host->waiting);
  g_free (host->origin);
  g_free (host);
}

/**
 * rt_browser_new:
 * @settings: (nullable): %NULL: #rt_browser_settings_standard
 *
 * Returns: (transfer full): a browser that knows nothing yet
 */
RtBrowser *
rt_browser_new (const RtBrowserSettings *settings)
{
  static const RtHttp1Limits limits = { .content = RT_BROWSER_CONTENT_MAX };
  RtBrowser *browser = g_new0 (RtBrowser, 1);

  browser->settings = settings != NULL ? *settings : rt_browser_settings_standard;
  if (browser->settings.connections == 0)
    browser->settings.connections = RT_BROWSER_CONNECTIONS_MAX;
  browser->pool = rt_pool_new (&rt_browser_pool_handler, browser, &limits);
  browser->fetches = g_ptr_array_new_with_free_func (fetch_free);
  browser->hosts = g_ptr_array_new_with_free_func (host_free);
  browser->approved = g_ptr_array_new_with_free_func (g_free);
  browser->known = g_ptr_array_new_with_free_func (g_free);
  browser->shown = g_ptr_array_new_with_free_func (g_free);
  browser->cookies
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_variant_unref);
  browser->cache = rt_cache_new (&rt_cache_settings_private, browser->settings.cache_bytes,
                                 browser->settings.explain);
  rt_browser_make_memories (browser);
  return browser;
}

void
rt_browser_free (RtBrowser *browser)
{
  g_ptr_array_unref (browser->fetches);
  g_ptr_array_unref (browser->hosts);
  rt_pool_free (browser->pool);
  rt_cache_free (browser->cache);
  rt_cookie_jar_free (browser->jar);
  rt_hsts_free (browser->hsts);
  rt_preflight_cache_free (browser->preflights);
  g_clear_pointer (&browser->document, rt_url_free);
  g_ptr_array_unref (browser->approved);
  g_ptr_array_unref (browser->known);
  g_ptr_array_unref (browser->shown);
  g_hash_table_unref (browser->cookies);
  g_free (browser);
}

/* A decision to be made, if anybody wants to know. */
RtDecision *
rt_browser_why (RtBrowser *browser)
{
  return browser->settings.explain ? rt_decision_new () : NULL;
}

RtFetch *
rt_browser_add_fetch (RtBrowser *browser)
{
  RtFetch *fetch = g_new0 (RtFetch, 1);

  fetch->received = g_byte_array_new ();
  g_ptr_array_add (browser->fetches, fetch);
  return fetch;
}

/* Frees @fetch. */
void
rt_browser_finish (RtBrowser *browser,
                   RtFetch *fetch,
                   const RtBrowserResponse *response,
                   RtEffects *out)
{
  if (fetch->asked != NULL)
    {
      if (fetch->asked->answer != NULL)
        fetch->asked->answer (fetch->asked->data, response);
      rt_effects_finish (out, fetch->task,
                         response->error != NULL ? g_error_copy (response->error) : NULL);
    }
  g_ptr_array_remove (browser->fetches, fetch);
}

/* Tasks. */

static RtUrl *
find_page (RtBrowser *browser, const RtBrowserTask *task, GError **error)
{
  RtUrl *page = NULL;

  if (task->page != NULL)
    page = rt_url_parse (rt_text (task->page), NULL, error);
  else if (task->kind == RT_BROWSER_SCRIPT && browser->document != NULL)
    page = rt_url_copy (browser->document);
  else if (task->kind == RT_BROWSER_SCRIPT)
    rt_set_error (error, RT_ERROR_MISSING, NULL, "a page that was opened before",
                  "there is no page whose script could fetch %s", task->url);
  return page;
}

/* fetch#concept-method-normalize */
static RtText
normal_method (const char *method)
{
  static const char *const names[] = { "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (names[i], method) == 0)
      return rt_text (names[i]);
  return rt_text (method);
}

static gboolean
fill_fetch (RtBrowser *browser, RtFetch *fetch, GError **error)
{
  const RtBrowserTask *task = fetch->asked;
  const char *method = task->method != NULL ? task->method : "GET";
  g_autoptr (GError) problem = NULL;

  fetch->navigation = task->kind == RT_BROWSER_NAVIGATE;
  fetch->page = find_page (browser, task, &problem);
  if (problem == NULL)
    fetch->url = rt_url_parse (rt_text (task->url), fetch->page, &problem);
  if (problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  if (!rt_text_is_token (rt_text (method)))
    {
      rt_set_error (error, RT_ERROR_SYNTAX, NULL, "letters such as GET", "“%s” is no method",
                    method);
      return FALSE;
    }
  if (fetch->page != NULL)
    {
      fetch->origin = rt_url_dup_origin (fetch->page);
      fetch->site = rt_url_dup_site (fetch->page);
    }
  fetch->request = rt_message_new (RT_MESSAGE_REQUEST);
  fetch->request->version = RT_VERSION_1_1;
  rt_message_set_method (fetch->request, normal_method (method));
  fetch->content = task->content != NULL ? g_bytes_ref (task->content) : NULL;
  return TRUE;
}

static void
begin (RtBrowser *browser, const RtInput *input, RtEffects *out)
{
  RtFetch *fetch = rt_browser_add_fetch (browser);
  g_autoptr (GError) error = NULL;

  fetch->task = input->id;
  fetch->asked = input->info;
  if (fetch->asked->timeout > 0)
    fetch->deadline = input->now + fetch->asked->timeout;
  if (fill_fetch (browser, fetch, &error))
    rt_browser_begin_fetch (browser, fetch, input->now, out);
  else
    rt_browser_fetch_failed (browser, fetch, error, out);
}

static void
take_task (RtBrowser *browser, const RtInput *input, RtEffects *out)
{
  const RtBrowserTask *task = input->info;

  if (task->kind == RT_BROWSER_NAVIGATE || task->kind == RT_BROWSER_SCRIPT)
    {
      begin (browser, input, out);
      return;
    }
  rt_pool_close_idle (browser->pool, NULL, out);
  if (task->kind == RT_BROWSER_RESTART)
    {
      g_clear_pointer (&browser->document, rt_url_free);
      rt_cookie_jar_end_session (browser->jar);
      rt_browser_show_cookies (browser, out);
    }
  else if (task->kind == RT_BROWSER_CLEAR)
    rt_browser_clear (browser, out);
  rt_effects_finish (out, input->id, NULL);
}

static void
input_browser (gpointer self, const RtInput *input, RtEffects *out)
{
  RtBrowser *browser = self;

  if (input->kind == RT_INPUT_TASK)
    take_task (browser, input, out);
  else
    rt_pool_input (browser->pool, input, out);
}

static void
free_browser (gpointer self)
{
  rt_browser_free (self);
}

const RtPartyClass rt_browser_class = { "browser", input_browser, free_browser };
