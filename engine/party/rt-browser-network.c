/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between a fetch and the wire: the private cache (fetch#http-network-or-cache-fetch), the few
 * connections that a host gets, and what comes over them.
 *
 *   send ─▶ cache has it ─▶ answered
 *     └───▶ transmit ─▶ wait for a connection ─▶ pool ─▶ head, content, done ─▶ cache ─▶ answered
 */
#include "rt-browser-private.h"

#include "rt-error.h"

/* clang-format off */
static const RtClause is_stored = { "browser.cache-mode.stored", "a response to this request is stored", "fetch#concept-request-cache-mode", RT_LEVEL_BROWSERS };
static const RtClause may_ask = { "browser.cache-mode.network", "the server may be asked otherwise", "fetch#concept-request-cache-mode", RT_LEVEL_BROWSERS };
static const RtClause *const mode_clauses[] = { &is_stored, &may_ask };

static const RtClause is_free = { "browser.connections.free", "fewer connections to this host are in use than browsers allow themselves", "RFC 9112 §9.4", RT_LEVEL_BROWSERS };
static const RtClause *const connection_clauses[] = { &is_free };
/* clang-format on */

static const RtRule mode_rule = RT_RULE ("browser.cache-mode",
                                         "Does the cache answer, however old it is?",
                                         "fetch#concept-request-cache-mode",
                                         mode_clauses);
static const RtRule connection_rule = RT_RULE ("browser.connections",
                                               "May one more request go to this host now?",
                                               "RFC 9112 §9.4",
                                               connection_clauses);

/* The response is there: from where, the caller knows. */
static void
set_response (RtFetch *fetch, RtMessage *response)
{
  g_clear_pointer (&fetch->response, rt_message_unref);
  fetch->response = rt_message_ref (response);
}

static void
end (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out)
{
  if (fetch->stage == RT_STAGE_BACKGROUND)
    rt_browser_finish (browser, fetch, NULL, out);
  else
    rt_browser_fetch_answered (browser, fetch, now, out);
}

static void
take_pieces (RtFetch *fetch, GPtrArray *pieces)
{
  for (guint i = 0; i < pieces->len; i++)
    {
      gsize length;
      const guint8 *bytes = g_bytes_get_data (g_ptr_array_index (pieces, i), &length);

      g_byte_array_append (fetch->received, bytes, (guint)length);
    }
}

/* Gives what is stored, unless its content is still on its way for another fetch: then this one
 * waits for it. */
static void
take_answer (RtBrowser *browser, RtFetch *fetch, RtCacheAnswer *answer, RtTime now, RtEffects *out)
{
  fetch->from_cache = TRUE;
  set_response (fetch, answer->response);
  if (answer->follow != NULL && !answer->follow->complete)
    {
      fetch->following = rt_cache_body_ref (answer->follow);
      return;
    }
  take_pieces (fetch, answer->pieces);
  end (browser, fetch, now, out);
}

static gboolean
is_leading (RtBrowser *browser, const RtCacheBody *body)
{
  for (guint i = 0; i < browser->fetches->len; i++)
    {
      RtFetch *fetch = g_ptr_array_index (browser->fetches, i);

      if (fetch->passage != NULL && rt_cache_passage_get_body (fetch->passage) == body)
        return TRUE;
    }
  return FALSE;
}

/* The content that others waited for is whole, or will never be: then they ask for themselves. */
static void
tell_followers (RtBrowser *browser, RtTime now, RtEffects *out)
{
  for (guint i = 0; i < browser->fetches->len;)
    {
      RtFetch *fetch = g_ptr_array_index (browser->fetches, i);
      g_autoptr (RtCacheBody) body = NULL;

      if (fetch->following == NULL
          || (!fetch->following->complete && is_leading (browser, fetch->following)))
        {
          i++;
          continue;
        }
      body = g_steal_pointer (&fetch->following);
      if (body->complete)
        {
          take_pieces (fetch, body->pieces);
          end (browser, fetch, now, out);
        }
      else
        {
          g_clear_pointer (&fetch->passage, rt_cache_passage_free);
          rt_browser_transmit (browser, fetch, now, out);
        }
      i = 0;
    }
}

static void
answer_from_passage (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out)
{
  g_auto (RtCacheAnswer) answer = { 0 };

  rt_cache_passage_answer (fetch->passage, now, &answer, out);
  take_answer (browser, fetch, &answer, now, out);
}

/* Connections. */

static RtHost *
find_host (RtBrowser *browser, const RtUrl *url)
{
  g_autofree char *origin = rt_url_dup_origin (url);
  RtHost *host;

  for (guint i = 0; i < browser->hosts->len; i++)
    {
      host = g_ptr_array_index (browser->hosts, i);
      if (g_str_equal (host->origin, origin))
        return host;
    }
  host = g_new0 (RtHost, 1);
  host->origin = g_steal_pointer (&origin);
  g_ptr_array_add (browser->hosts, host);
  return host;
}

/* Nobody waits: there is nothing to know of it. */
static void
forget_host (RtBrowser *browser, RtHost *host)
{
  if (host->n_active == 0 && g_queue_is_empty (&host->waiting))
    g_ptr_array_remove (browser->hosts, host);
}

static RtEndpoint
endpoint_of (RtBrowser *browser, RtFetch *fetch)
{
  return (RtEndpoint){ .host = fetch->url->host,
                       .port = (guint16)rt_url_get_port (fetch->url),
                       .tls
                       = g_str_equal (fetch->url->scheme, "https") ? browser->settings.tls : NULL };
}

static void
pass_to_pool (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out)
{
  const RtPoolRequest request = {
    .to = endpoint_of (browser, fetch),
    .message = fetch->sent,
    .content = fetch->stage == RT_STAGE_PREFLIGHT ? NULL : fetch->content,
    .timeout = fetch->deadline > 0 ? MAX (fetch->deadline - now, 1) : 0,
  };

  fetch->host->n_active++;
  fetch->exchange = rt_pool_send (browser->pool, &request, now, out);
}

static gboolean
has_room (RtBrowser *browser, RtFetch *fetch, RtEffects *out)
{
  guint n = fetch->host->n_active;
  g_autoptr (RtDecision) why = NULL;

  if (n < browser->settings.connections)
    return TRUE;
  why = rt_browser_why (browser);
  rt_decision_begin (why, &connection_rule, rt_text (fetch->host->origin));
  rt_check (why, &is_free, FALSE, rt_fact_number ("in use", n, RT_SPAN_NONE));
  rt_decision_conclude (why, "wait");
  if (why != NULL)
    rt_effects_decide (out, rt_decision_ref (why), FALSE);
  return FALSE;
}

/* Sends fetch->sent, as soon as there is a connection for it. */
void
rt_browser_transmit (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out)
{
  g_clear_pointer (&fetch->response, rt_message_unref);
  g_byte_array_set_size (fetch->received, 0);
  fetch->take = RT_CACHE_TAKE_PASS;
  fetch->from_cache = FALSE;
  if (g_str_equal (fetch->url->scheme, "https") && browser->settings.tls == NULL)
    {
      rt_browser_refuse (browser, fetch, out, "%s: https can't be spoken here: there is no TLS",
                         fetch->url->host);
      return;
    }
  fetch->host = find_host (browser, fetch->url);
  if (has_room (browser, fetch, out))
    pass_to_pool (browser, fetch, now, out);
  else
    g_queue_push_tail (&fetch->host->waiting, fetch);
}

static void
free_connection (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out)
{
  RtHost *host = fetch->host;
  RtFetch *next;

  fetch->exchange = 0;
  fetch->host = NULL;
  host->n_active--;
  next = g_queue_pop_head (&host->waiting);
  if (next != NULL)
    pass_to_pool (browser, next, now, out);
  forget_host (browser, host);
}

/* The cache. */

static void
forward (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out)
{
  g_autoptr (RtMessage) plain = g_steal_pointer (&fetch->sent);

  fetch->sent = rt_cache_passage_request (fetch->passage, now);
  /* Reload: as if nothing were stored. */
  if (rt_browser_cache_mode (fetch) == RT_FETCH_CACHE_RELOAD)
    {
      rt_message_unref (fetch->sent);
      fetch->sent = g_steal_pointer (&plain);
    }
  rt_browser_transmit (browser, fetch, now, out);
}

/* RFC 5861 §3: the script has its answer; the cache asks for its next one. */
static void
validate_behind (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out)
{
  RtFetch *behind = rt_browser_add_fetch (browser);

  behind->stage = RT_STAGE_BACKGROUND;
  behind->navigation = fetch->navigation;
  behind->page = fetch->page != NULL ? rt_url_copy (fetch->page) : NULL;
  behind->url = rt_url_copy (fetch->url);
  behind->request = rt_message_ref (fetch->request);
  behind->site = g_strdup (fetch->site);
  behind->credentials = fetch->credentials;
  behind->passage = rt_cache_passage_new_background (fetch->passage, now);
  forward (browser, behind, now, out);
}

static void
answer_timeout (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out)
{
  g_autoptr (RtMessage) response = rt_message_new_response (504, "Gateway Timeout");

  fetch->from_cache = TRUE;
  set_response (fetch, response);
  end (browser, fetch, now, out);
}

static void
pass_cache (RtBrowser *browser, RtFetch *fetch, const char *uri, RtTime now, RtEffects *out)
{
  RtCacheStep step;

  fetch->passage = rt_cache_passage_new (browser->cache, fetch->sent, uri, now, &step, out);
  if (rt_browser_cache_mode (fetch) == RT_FETCH_CACHE_RELOAD)
    step = RT_CACHE_STEP_FORWARD;
  switch (step)
    {
    case RT_CACHE_STEP_ANSWER_AND_VALIDATE:
      validate_behind (browser, fetch, now, out);
      answer_from_passage (browser, fetch, now, out);
      break;
    case RT_CACHE_STEP_ANSWER:
      answer_from_passage (browser, fetch, now, out);
      break;
    case RT_CACHE_STEP_TIMEOUT:
      answer_timeout (browser, fetch, now, out);
      break;
    case RT_CACHE_STEP_FORWARD:
    default:
      forward (browser, fetch, now, out);
    }
}

static RtCacheEntry *
select_stored (RtBrowser *browser, RtFetch *fetch, const char *uri)
{
  GPtrArray *list = rt_cache_memory_list (rt_cache_get_memory (browser->cache), uri);
  g_autofree RtCachePolicy **policies = g_new0 (RtCachePolicy *, list != NULL ? list->len : 1);
  guint n = 0;
  guint chosen;

  for (guint i = 0; list != NULL && i < list->len; i++)
    policies[n++] = ((RtCacheEntry *)g_ptr_array_index (list, i))->policy;
  chosen = rt_cache_select (policies, n, fetch->sent, uri);
  return chosen < n ? g_ptr_array_index (list, chosen) : NULL;
}

/* force-cache and only-if-cached: what is stored will do, however old. Returns whether that is all
 * there is to it. */
static gboolean
take_stored (RtBrowser *browser, RtFetch *fetch, const char *uri, RtTime now, RtEffects *out)
{
  RtCacheEntry *entry = select_stored (browser, fetch, uri);
  gboolean only = rt_browser_cache_mode (fetch) == RT_FETCH_CACHE_ONLY;
  RtDecision *why = rt_browser_why (browser);
  gboolean stored, forward;

  rt_decision_begin (why, &mode_rule, rt_text (uri));
  stored = rt_check (why, &is_stored, entry != NULL && entry->body->complete);
  forward = !stored && rt_check (why, &may_ask, !only);
  rt_decision_conclude (why, stored ? "stored" : forward ? "forward" : "nothing");
  rt_effects_decide (out, why, forward);
  if (stored)
    {
      g_auto (RtCacheAnswer) answer = { 0 };

      rt_cache_memory_touch (rt_cache_get_memory (browser->cache), entry);
      rt_cache_answer_make (entry, fetch->sent, now, TRUE, NULL, &answer);
      take_answer (browser, fetch, &answer, now, out);
    }
  else if (!forward)
    rt_browser_refuse (browser, fetch, out,
                       "nothing is stored for %s, and the server may not be asked", uri);
  return !forward;
}

/* Past the cache goes what wants to; but what changes something at the server makes stored
 * responses unusable however it was asked (RFC 9111 §4.4). */
static gboolean
passes_by (RtFetch *fetch)
{
  return rt_browser_cache_mode (fetch) == RT_FETCH_CACHE_NO_STORE
         && (rt_text_is (fetch->request->method, "GET")
             || rt_text_is (fetch->request->method, "HEAD"));
}

void
rt_browser_send (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out)
{
  g_autofree char *uri = rt_url_serialize (fetch->url, FALSE);
  RtFetchCache mode = rt_browser_cache_mode (fetch);

  fetch->stage = RT_STAGE_NETWORK;
  fetch->from_cache = FALSE;
  g_clear_pointer (&fetch->response, rt_message_unref);
  g_byte_array_set_size (fetch->received, 0);
  g_clear_pointer (&fetch->passage, rt_cache_passage_free);
  g_clear_pointer (&fetch->sent, rt_message_unref);
  fetch->sent = rt_browser_dup_request (browser, fetch, now, out);
  if ((mode == RT_FETCH_CACHE_FORCE || mode == RT_FETCH_CACHE_ONLY)
      && take_stored (browser, fetch, uri, now, out))
    return;
  if (passes_by (fetch))
    rt_browser_transmit (browser, fetch, now, out);
  else
    pass_cache (browser, fetch, uri, now, out);
}

/* From the pool. */

static RtFetch *
find_fetch (RtBrowser *browser, guint64 exchange)
{
  for (guint i = 0; i < browser->fetches->len; i++)
    {
      RtFetch *fetch = g_ptr_array_index (browser->fetches, i);

      if (fetch->exchange == exchange)
        return fetch;
    }
  return NULL;
}

static void
take_head (gpointer self, guint64 exchange, RtMessage *response, RtTime now, RtEffects *out)
{
  RtBrowser *browser = self;
  RtFetch *fetch = find_fetch (browser, exchange);

  /* Interim responses are for the way, not for the script (fetch#http-network-fetch). */
  if (fetch == NULL || response->status < 200)
    return;
  set_response (fetch, response);
  rt_browser_keep (browser, fetch, response, now, out);
  if (fetch->passage != NULL && fetch->stage != RT_STAGE_PREFLIGHT)
    fetch->take = rt_cache_passage_head (fetch->passage, response, now, out);
}

static void
take_content (
    gpointer self, guint64 exchange, GBytes *bytes, RtSpan span, RtTime now, RtEffects *out)
{
  RtFetch *fetch = find_fetch (self, exchange);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  if (fetch == NULL)
    return;
  if (fetch->take == RT_CACHE_TAKE_PASS && fetch->stage == RT_STAGE_NETWORK)
    g_byte_array_append (fetch->received, data, (guint)length);
  if (fetch->passage != NULL
      && (fetch->take == RT_CACHE_TAKE_PASS || fetch->take == RT_CACHE_TAKE_GATHER))
    rt_cache_passage_content (fetch->passage, bytes, now, out);
}

/* The connection failed. What is stored stands in where it may; where it may not, the RFC wants an
 * answer that says so (RFC 9111 §5.2.2.2), and where nothing is stored there is none. */
static RtCacheError
ask_cache (RtFetch *fetch, RtTime now, RtEffects *out)
{
  if (fetch->passage == NULL)
    return RT_CACHE_ERROR_FORWARD;
  if (fetch->response == NULL && fetch->stage == RT_STAGE_NETWORK)
    return rt_cache_passage_fail (fetch->passage, now, out);
  rt_cache_passage_end (fetch->passage, FALSE, now, out);
  return RT_CACHE_ERROR_FORWARD;
}

static void
network_failed (RtBrowser *browser, RtFetch *fetch, const GError *error, RtTime now, RtEffects *out)
{
  RtCacheError verdict = ask_cache (fetch, now, out);

  if (fetch->stage == RT_STAGE_BACKGROUND)
    rt_browser_finish (browser, fetch, NULL, out);
  else if (verdict == RT_CACHE_ERROR_SERVE_STALE)
    answer_from_passage (browser, fetch, now, out);
  else if (verdict == RT_CACHE_ERROR_TIMEOUT)
    answer_timeout (browser, fetch, now, out);
  else
    {
      rt_browser_forget_approval (browser, fetch, out);
      rt_browser_fetch_failed (browser, fetch, error, out);
    }
}

static void
send_again (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out)
{
  g_clear_pointer (&fetch->sent, rt_message_unref);
  fetch->sent = rt_cache_passage_request (fetch->passage, now);
  rt_browser_transmit (browser, fetch, now, out);
}

static void
network_answered (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out)
{
  if (fetch->stage == RT_STAGE_PREFLIGHT)
    {
      rt_browser_preflight_answered (browser, fetch, now, out);
      return;
    }
  if (fetch->passage != NULL && fetch->take == RT_CACHE_TAKE_AGAIN)
    send_again (browser, fetch, now, out);
  else if (fetch->passage != NULL && fetch->take == RT_CACHE_TAKE_ANSWER)
    answer_from_passage (browser, fetch, now, out);
  else if (fetch->passage != NULL && fetch->take == RT_CACHE_TAKE_GATHER)
    {
      if (rt_cache_passage_end (fetch->passage, TRUE, now, out))
        answer_from_passage (browser, fetch, now, out);
      else
        rt_browser_refuse (browser, fetch, out, "the parts of the answer do not fit together");
    }
  else
    {
      if (fetch->passage != NULL)
        rt_cache_passage_end (fetch->passage, TRUE, now, out);
      end (browser, fetch, now, out);
    }
}

static void
take_end (gpointer self, guint64 exchange, const GError *error, RtTime now, RtEffects *out)
{
  RtBrowser *browser = self;
  RtFetch *fetch = find_fetch (browser, exchange);
  g_autoptr (GError) nothing = NULL;

  if (fetch == NULL)
    return;
  free_connection (browser, fetch, now, out);
  if (error == NULL && fetch->response == NULL)
    nothing = g_error_new_literal (RT_ERROR, RT_ERROR_PEER, "there was no final response");
  if (error != NULL || nothing != NULL)
    network_failed (browser, fetch, error != NULL ? error : nothing, now, out);
  else
    network_answered (browser, fetch, now, out);
  tell_followers (browser, now, out);
}

const RtPoolHandler rt_browser_pool_handler = { take_head, take_content, take_end };
