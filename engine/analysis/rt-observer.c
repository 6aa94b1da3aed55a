/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The observer: following clients, looking at exchanges as they end, and saying what was seen. */
#include "rt-observer.h"

#include "rt-observer-private.h"

#include "rt-response-fields.h"

static void
page_free (gpointer data)
{
  RtSeenPage *page = data;

  g_ptr_array_unref (page->policies);
  g_clear_pointer (&page->asked, rt_message_unref);
  g_clear_pointer (&page->given, rt_message_unref);
  g_clear_pointer (&page->failed, rt_message_unref);
  g_clear_pointer (&page->failed_response, rt_message_unref);
  g_free (page->content);
  g_free (page->failed_content);
  g_free (page);
}

static void
connection_free (gpointer data)
{
  RtSeenConnection *seen = data;

  g_free (seen->origin);
  g_free (seen);
}

static void
watch_free (gpointer data)
{
  RtWatch *watch = data;

  g_hash_table_unref (watch->pages);
  rt_cookie_jar_free (watch->jar);
  rt_hsts_free (watch->hsts);
  g_ptr_array_unref (watch->idle);
  g_ptr_array_unref (watch->trail);
  g_free (watch->expected);
  g_free (watch);
}

static RtWatch *
watch_new (RtPartyId party)
{
  RtWatch *watch = g_new0 (RtWatch, 1);

  watch->party = party;
  watch->pages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, page_free);
  watch->jar = rt_cookie_jar_new (rt_cookie_settings_find ("chromium"));
  watch->hsts = rt_hsts_new ();
  watch->idle = g_ptr_array_new_with_free_func (connection_free);
  watch->trail = g_ptr_array_new_with_free_func (g_free);
  return watch;
}

/**
 * rt_observer_new:
 *
 * Returns: (transfer full): an observer that has seen nothing
 */
RtObserver *
rt_observer_new (void)
{
  RtObserver *observer = g_new0 (RtObserver, 1);

  observer->ref_count = 1;
  observer->watches = g_ptr_array_new_with_free_func (watch_free);
  observer->ended = g_array_new (FALSE, FALSE, sizeof (guint));
  return observer;
}

RtObserver *
rt_observer_ref (RtObserver *observer)
{
  observer->ref_count++;
  return observer;
}

void
rt_observer_unref (RtObserver *observer)
{
  if (--observer->ref_count > 0)
    return;
  g_ptr_array_unref (observer->watches);
  g_array_unref (observer->ended);
  g_free (observer);
}

/**
 * rt_observer_look_up:
 * @observer: one that several analyses share
 * @look_up: tells of connections that other analyses know
 * @data: for @look_up
 */
void
rt_observer_look_up (RtObserver *observer, RtObserverLookUp look_up, gpointer data)
{
  observer->look_up = look_up;
  observer->look_up_data = data;
}

/**
 * rt_analysis_set_observer:
 * @analysis: an analysis that was fed nothing yet
 * @observer: looks at what it is fed; reffed
 */
void
rt_analysis_set_observer (RtAnalysis *analysis, RtObserver *observer)
{
  g_return_if_fail (analysis->length == 0);

  g_clear_pointer (&analysis->observer, rt_observer_unref);
  analysis->observer = rt_observer_ref (observer);
}

/**
 * rt_analysis_set_observed:
 * @analysis: an analysis that was fed nothing yet
 * @observed: the rules are run over what it is fed: for traffic whose parties left no decisions
 *
 * What they find becomes notes with a @finding.
 */
void
rt_analysis_set_observed (RtAnalysis *analysis, gboolean observed)
{
  g_return_if_fail (analysis->length == 0);

  g_clear_pointer (&analysis->observer, rt_observer_unref);
  if (observed)
    analysis->observer = rt_observer_new ();
}

/**
 * rt_note_is_finding:
 * @note: a note
 *
 * Returns: whether it says what is wrong or could be better, rather than what happened
 */
gboolean
rt_note_is_finding (const RtNote *note)
{
  return note->finding != NULL || note->severity >= RT_SEVERITY_WARNING;
}

/* Saying */

static void
say (RtSight *sight, RtNote *note)
{
  if (rt_span_is_none (note->span))
    note->span = sight->response != NULL ? sight->response->start_line : sight->request->start_line;
  note->exchange = sight->exchange->id;
  note->event = sight->fold->number;
  rt_note_add (sight->observer->analysis, note);
}

/* The check that says why @saying is said. */
static gboolean
find_check (RtDecision *why, const RtSaying *saying, RtCheck *ret_check)
{
  for (guint i = 0; saying->clause != NULL && i < rt_decision_get_n_checks (why); i++)
    {
      *ret_check = rt_decision_get_check (why, i);
      if (g_str_equal (ret_check->clause.id, saying->clause))
        return TRUE;
    }
  return rt_decision_get_deciding (why, ret_check);
}

/* What @why came to, in the words of @saying. */
void
rt_sight_say (RtSight *sight, const RtSaying *saying, RtDecision *why)
{
  RtCheck check = { 0 };
  gboolean decided = find_check (why, saying, &check);
  g_autofree char *text = saying->text != NULL ? g_strdup (saying->text)
                          : decided            ? rt_check_dup_words (&check)
                                               : g_strdup ("");
  RtSpan proof = rt_decision_get_proof (why);

  if (rt_span_is_none (proof) && saying->of_request)
    proof = sight->request->start_line;
  say (sight, &(RtNote){ .severity = saying->severity,
                         .title = saying->title,
                         .text = text,
                         .reference = saying->reference != NULL ? saying->reference
                                      : decided                 ? check.clause.reference
                                                                : rt_decision_get_reference (why),
                         .level = decided ? check.clause.level : RT_LEVEL_MAY,
                         .span = proof,
                         .finding = saying->id,
                         .symptom = saying->symptom,
                         .decision = why });
}

/* A demand that was not met speaks for itself. */
void
rt_sight_say_clause (RtSight *sight, RtDecision *why)
{
  static const RtSeverity severities[] = { [RT_LEVEL_MUST] = RT_SEVERITY_PROBLEM,
                                           [RT_LEVEL_SHOULD] = RT_SEVERITY_WARNING,
                                           [RT_LEVEL_MAY] = RT_SEVERITY_INFO,
                                           [RT_LEVEL_BROWSERS] = RT_SEVERITY_WARNING };
  g_autofree char *title = NULL;
  RtCheck check = { 0 };

  if (!rt_decision_get_deciding (why, &check))
    return;
  title = g_strdup_printf ("Not kept: %s", check.clause.title);
  rt_sight_say (
      sight,
      &(RtSaying){ .id = check.clause.id,
                   .symptom = g_str_equal (check.clause.id, "response.401") ? "401-or-403" : NULL,
                   .severity = severities[check.clause.level],
                   .title = title },
      why);
}

/* What no rule decides: times, and what a status says by itself. */
void
rt_sight_say_text (
    RtSight *sight, const RtSaying *saying, const char *text, const char *reference, RtSpan span)
{
  say (sight, &(RtNote){ .severity = saying->severity,
                         .title = saying->title,
                         .text = text,
                         .reference = reference,
                         .level = RT_LEVEL_MAY,
                         .span = span,
                         .finding = saying->id,
                         .symptom = saying->symptom });
}

const RtConnectionInfo *
rt_sight_get_connection (RtSight *sight, RtConnection connection)
{
  const RtObserver *observer = sight->observer;

  return observer->look_up != NULL ? observer->look_up (connection, observer->look_up_data)
                                   : rt_analysis_get_connection (observer->analysis, connection);
}

/* Of the content, to tell whether two are the same. NULL: it is too large, or not here. */
char *
rt_sight_dup_checksum (RtSight *sight, const RtTransfer *transfer)
{
  g_autoptr (GBytes) content = NULL;

  if (transfer->content_length > RT_OBSERVER_CONTENT_MAX || transfer->missing != NULL)
    return NULL;
  content = rt_analysis_dup_content (sight->observer->analysis, transfer);
  return content != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content) : NULL;
}

/* Looking */

static RtWatch *
find_watch (RtObserver *observer, RtPartyId party)
{
  RtWatch *watch;

  for (guint i = 0; i < observer->watches->len; i++)
    if (((RtWatch *)observer->watches->pdata[i])->party == party)
      return observer->watches->pdata[i];
  if (observer->watches->len >= RT_OBSERVER_CLIENTS_MAX)
    return NULL;
  watch = watch_new (party);
  g_ptr_array_add (observer->watches, watch);
  return watch;
}

static RtSeenPage *
find_page (RtWatch *watch, const char *uri)
{
  RtSeenPage *page = g_hash_table_lookup (watch->pages, uri);

  if (page != NULL)
    return page;
  if (g_hash_table_size (watch->pages) >= RT_OBSERVER_PAGES_MAX)
    g_hash_table_remove_all (watch->pages);
  page = g_new0 (RtSeenPage, 1);
  page->policies = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_cache_policy_unref);
  g_hash_table_insert (watch->pages, g_strdup (uri), page);
  return page;
}

/* Where TLS ended before the recording, the intermediary tells what the client spoke. */
static gboolean
client_spoke_tls (const RtExchange *exchange)
{
  RtFields *fields = exchange->request->message->fields;
  const RtField *proto = rt_fields_first (fields, "X-Forwarded-Proto");
  const RtField *forwarded = rt_fields_first (fields, "Forwarded");

  if (g_str_equal (exchange->scheme, "https"))
    return TRUE;
  if (proto != NULL && rt_text_is_nocase (proto->value, "https"))
    return TRUE;
  return forwarded != NULL && rt_text_find (forwarded->value, RT_TEXT ("proto=https")) >= 0;
}

static RtUrl *
url_of (const RtExchange *exchange, gboolean secure)
{
  g_autofree char *target = rt_text_dup (exchange->request->message->target);
  const char *scheme = secure ? "https" : exchange->scheme;
  g_autofree char *text = *target == '/'
                              ? g_strconcat (scheme, "://", exchange->authority, target, NULL)
                              : g_strdup (target);
  g_autoptr (RtUrl) url = rt_url_parse (rt_text (text), NULL, NULL);

  return url != NULL && url->host != NULL && *url->host != '\0' ? g_steal_pointer (&url) : NULL;
}

static gboolean
is_loopback (const RtUrl *url)
{
  return g_str_equal (url->host, "localhost") || g_str_has_suffix (url->host, ".localhost")
         || g_str_has_prefix (url->host, "127.") || g_str_equal (url->host, "[::1]");
}

static void
look_at_response (RtSight *sight)
{
  const RtTransfer *response = sight->exchange->response;
  guint status = sight->response->status;
  /* What a HAR has with a 304 is what the cache had. */
  gboolean has_content = response->content_length > 0 && status != 204 && status != 304;
  const RtResponseSeen seen = { sight->answered, has_content };
  guint from = 0;

  do
    {
      g_autoptr (RtDecision) why = rt_decision_new ();

      from = rt_response_fields_decide (sight->request, sight->response, &seen, from, why);
      if (from != 0)
        rt_sight_say_clause (sight, why);
    }
  while (from != 0);
}

static void
look (RtSight *sight)
{
  rt_observe_connection (sight);
  rt_observe_repetition (sight);
  if (sight->response == NULL)
    return;
  look_at_response (sight);
  rt_observe_exposure (sight);
  rt_observe_hsts (sight);
  rt_observe_cookies (sight);
  rt_observe_cors (sight);
  rt_observe_redirects (sight);
  rt_observe_update (sight);
  rt_observe_cache (sight);
  rt_observe_time (sight);
  rt_observe_symptoms (sight);
}

static RtTime
known_or (RtTime time, RtTime otherwise)
{
  return time != RT_TIME_UNKNOWN ? time : otherwise;
}

static void
observe (RtObserver *observer, const RtExchange *exchange, const RtFold *fold)
{
  RtSight sight = { .observer = observer, .fold = fold, .exchange = exchange };
  g_autoptr (RtUrl) url = NULL;
  g_autofree char *uri = NULL;

  if (exchange->request == NULL || !exchange->request->has_head)
    return;
  sight.request = exchange->request->message;
  sight.response = exchange->response != NULL ? exchange->response->message : NULL;
  /* A tunnel's ends are not told to each other by these fields, nor is the new protocol's. */
  if (rt_text_is (sight.request->method, "CONNECT")
      || (sight.response != NULL && sight.response->status < 200))
    return;
  sight.secure = client_spoke_tls (exchange);
  url = url_of (exchange, sight.secure);
  sight.watch = url != NULL ? find_watch (observer, exchange->client) : NULL;
  if (sight.watch == NULL)
    return;
  uri = rt_url_serialize (url, FALSE);
  sight.url = url;
  sight.uri = uri;
  sight.loopback = is_loopback (url);
  sight.page = find_page (sight.watch, uri);
  sight.asked = known_or (exchange->started, fold->event->time);
  sight.answered = known_or (exchange->ended, fold->event->time);
  look (&sight);
}

/* An exchange ended with the event at hand, which may have more to it. */
void
rt_observer_note_end (RtAnalysis *analysis, guint exchange)
{
  if (analysis->observer != NULL)
    g_array_append_val (analysis->observer->ended, exchange);
}

/* The event is folded. */
void
rt_observer_fold (RtAnalysis *analysis, const RtFold *fold)
{
  RtObserver *observer = analysis->observer;

  if (observer == NULL || observer->ended->len == 0)
    return;
  observer->analysis = analysis;
  for (guint i = 0; i < observer->ended->len; i++)
    observe (observer, rt_part_get_exchange (analysis, g_array_index (observer->ended, guint, i)),
             fold);
  g_array_set_size (observer->ended, 0);
}
