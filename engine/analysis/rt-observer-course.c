/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What leads from one exchange to the next: redirections, repetitions, changes that know nothing of
 * each other, connections; and where the time went. */
#include "rt-observer-private.h"

#include "rt-media-type.h"
#include "rt-methods.h"
#include "rt-preconditions.h"
#include "rt-redirect.h"
#include "rt-retry.h"
#include "rt-site.h"

#include <string.h>

/* So many redirections in a row are worth a word. */
#define LONG_CHAIN 3
/* … and so many connections that need not have been opened: one or two may be opened ahead. */
#define MANY_UNUSED 3
/* What takes longer is slow. */
#define SLOW (1 * RT_TIME_SEC)

/* clang-format off */
static const RtSaying redirect_refused = { "redirect.refused", NULL, RT_SEVERITY_WARNING,
  "A browser does not go where this redirection points" };
static const RtSaying redirect_method = { "redirect.method", "redirect-loses-body", RT_SEVERITY_WARNING,
  "The redirection turns the request into a GET, and its content is lost: 307 or 308 keep both",
  .clause = "redirect.method" };
static const RtSaying redirect_plain = { "redirect.plain", "http-links", RT_SEVERITY_WARNING,
  "The redirection leads from https to http", .clause = "redirect.scheme" };
static const RtSaying redirect_loop = { "redirect.loop", "http-links", RT_SEVERITY_PROBLEM,
  "The redirections go round in a circle",
  .text = "The client was here before, and is sent on again.", .reference = "RFC 9110 §15.4" };
static const RtSaying redirect_chain = { "redirect.chain", NULL, RT_SEVERITY_INFO,
  "One redirection leads to the next: each costs a round trip",
  .text = "This is the third in a row.", .reference = "RFC 9110 §15.4" };
static const RtSaying repeated = { "retry.unsafe", "duplicate-on-retry", RT_SEVERITY_WARNING,
  "The request was sent again though it may have been carried out: it may be done twice" };
static const RtSaying lost_update = { "update.lost", "lost-update", RT_SEVERITY_WARNING,
  "The change names no version, though the client had one: what others stored meanwhile is lost",
  .of_request = TRUE };
static const RtSaying unused_connection = { "connection.unused", NULL, RT_SEVERITY_INFO,
  "Again a new connection was opened though an open one was idle" };
static const RtSaying gateway_failed = { "status.gateway", "gateway-errors", RT_SEVERITY_WARNING,
  "A gateway could not hand on an answer" };
static const RtSaying slow = { "time.slow", NULL, RT_SEVERITY_INFO, "This took long" };
/* clang-format on */

/* Redirections */

static gboolean
was_here (RtWatch *watch, const char *uri)
{
  for (guint i = 0; i < watch->trail->len; i++)
    if (g_str_equal (watch->trail->pdata[i], uri))
      return TRUE;
  return FALSE;
}

static void
begin_trail (RtWatch *watch)
{
  g_ptr_array_set_size (watch->trail, 0);
  watch->loop_told = FALSE;
}

/* Where @next leads. A circle is one when its second round begins: a cookie set on the way may have
 * made the difference. */
static void
follow (RtSight *sight, const RtRedirectNext *next, RtDecision *why)
{
  RtWatch *watch = sight->watch;
  gboolean https = g_str_equal (sight->url->scheme, "https");

  if (next->to_get && !rt_method_is_read (sight->request->method) && sight->response->status != 303)
    rt_sight_say (sight, &redirect_method, why);
  if (https && g_str_equal (next->url->scheme, "http"))
    rt_sight_say (sight, &redirect_plain, why);
  if (!watch->loop_told && was_here (watch, sight->uri))
    {
      rt_sight_say (sight, &redirect_loop, why);
      watch->loop_told = TRUE;
    }
  else if (!watch->loop_told && watch->trail->len + 1 == LONG_CHAIN)
    rt_sight_say (sight, &redirect_chain, why);
  if (watch->trail->len < RT_OBSERVER_TRAIL_MAX)
    g_ptr_array_add (watch->trail, g_strdup (sight->uri));
  watch->expected = rt_url_serialize (next->url, FALSE);
}

void
rt_observe_redirects (RtSight *sight)
{
  RtWatch *watch = sight->watch;
  gboolean goes_on = g_strcmp0 (watch->expected, sight->uri) == 0;
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_auto (RtRedirectNext) next = { 0 };
  RtRedirectContext context = { .url = sight->url,
                                .has_content = sight->exchange->request->content_length > 0,
                                .limit = G_MAXUINT };

  if (sight->response->status < 300 || sight->response->status >= 400)
    {
      /* What else is fetched meanwhile does not end a chain. */
      if (goes_on)
        g_clear_pointer (&watch->expected, g_free);
      return;
    }
  switch (rt_redirect_decide (sight->request, sight->response, &context, &next, why))
    {
    case RT_REDIRECT_FOLLOW:
      if (!goes_on)
        begin_trail (watch);
      g_clear_pointer (&watch->expected, g_free);
      follow (sight, &next, why);
      break;
    case RT_REDIRECT_REFUSE:
      rt_sight_say (sight, &redirect_refused, why);
      break;
    case RT_REDIRECT_DELIVER:
    case RT_REDIRECT_HAND_OVER:
    default:
      break;
    }
}

/* Repetitions */

static void
forget_failed (RtSeenPage *page)
{
  g_clear_pointer (&page->failed, rt_message_unref);
  g_clear_pointer (&page->failed_response, rt_message_unref);
  g_clear_pointer (&page->failed_content, g_free);
}

static gboolean
came_to_nothing (RtSight *sight)
{
  guint status = sight->response != NULL ? sight->response->status : 0;

  return sight->response == NULL || status == 502 || status == 504;
}

void
rt_observe_repetition (RtSight *sight)
{
  RtSeenPage *page = sight->page;
  g_autofree char *content = NULL;
  RtTime delay;

  if (rt_method_is_idempotent (sight->request->method))
    return;
  content = rt_sight_dup_checksum (sight, sight->exchange->request);
  if (page->failed != NULL && content != NULL
      && rt_text_equal (page->failed->method, sight->request->method)
      && g_strcmp0 (content, page->failed_content) == 0)
    {
      g_autoptr (RtDecision) why = rt_decision_new ();
      const RtRetryContext context = { .response = page->failed_response,
                                       .sent = sight->exchange->request->whole.length,
                                       .reused = TRUE,
                                       .replayable = TRUE,
                                       .attempts = 1,
                                       .max_attempts = 2 };

      if (!rt_retry_decide (sight->request, &context, sight->asked, &delay, why))
        rt_sight_say (sight, &repeated, why);
    }
  forget_failed (page);
  if (!came_to_nothing (sight))
    return;
  page->failed = rt_message_ref (sight->request);
  page->failed_response = sight->response != NULL ? rt_message_ref (sight->response) : NULL;
  page->failed_content = g_steal_pointer (&content);
}

/* Changes */

void
rt_observe_update (RtSight *sight)
{
  RtMessage *given = sight->page->given;
  const RtField *tag = given != NULL ? rt_fields_first (given->fields, "ETag") : NULL;
  guint status = sight->response->status;
  g_autoptr (RtDecision) why = rt_decision_new ();
  RtCheck check = { 0 };

  if (tag == NULL || status < 200 || status >= 300
      || (!rt_text_is (sight->request->method, "PUT")
          && !rt_text_is (sight->request->method, "PATCH")))
    return;
  if (rt_precondition_decide (sight->request,
                              &(RtPreconditionState){ .exists = TRUE,
                                                      .etag = tag->value,
                                                      .etag_proof = tag->value_span },
                              sight->asked, why)
          == RT_PRECONDITION_PROCEED
      && rt_decision_get_deciding (why, &check)
      && g_str_equal (check.clause.id, "precondition.conditional"))
    rt_sight_say (sight, &lost_update, why);
}

/* Connections */

static RtSeenConnection *
find_connection (RtWatch *watch, RtConnection connection)
{
  for (guint i = 0; i < watch->idle->len; i++)
    if (((RtSeenConnection *)watch->idle->pdata[i])->connection == connection)
      return watch->idle->pdata[i];
  return NULL;
}

/* Was it open, and nothing under way on it, when @info's was opened? */
static gboolean
was_idle (RtSight *sight, const RtSeenConnection *seen, const RtConnectionInfo *info)
{
  const RtConnectionInfo *other = rt_sight_get_connection (sight, seen->connection);

  return other != NULL && seen->connection != info->id && seen->idle_since < info->opened
         && (other->end == RT_CONNECTION_OPEN || other->closed > info->opened);
}

static void
look_at_new_connection (RtSight *sight, const RtConnectionInfo *info, const char *origin)
{
  RtWatch *watch = sight->watch;

  for (guint i = 0; i < watch->idle->len; i++)
    {
      const RtSeenConnection *seen = watch->idle->pdata[i];
      g_autoptr (RtDecision) why = rt_decision_new ();

      if (!was_idle (sight, seen, info)
          || !rt_connection_reuse_decide (&(RtIdleConnection){ .origin = seen->origin,
                                                               .idle_since = seen->idle_since,
                                                               .hint = seen->hint },
                                          origin, info->opened, why))
        continue;
      if (++watch->unused == MANY_UNUSED)
        rt_sight_say (sight, &unused_connection, why);
      return;
    }
}

static void
note_idle (RtSight *sight, const char *origin)
{
  RtWatch *watch = sight->watch;
  RtSeenConnection *seen = find_connection (watch, sight->exchange->connection);
  RtFields *fields = sight->response != NULL ? sight->response->fields : NULL;

  if (seen != NULL)
    g_ptr_array_remove (watch->idle, seen);
  if (fields == NULL
      || !rt_connection_persist_decide (sight->request, sight->response,
                                        sight->exchange->response->complete, NULL))
    return;
  if (watch->idle->len >= RT_OBSERVER_IDLE_MAX)
    g_ptr_array_remove_index (watch->idle, 0);
  seen = g_new0 (RtSeenConnection, 1);
  seen->connection = sight->exchange->connection;
  seen->origin = g_strdup (origin);
  seen->idle_since = sight->answered;
  if (!rt_keep_alive_parse (fields, &seen->hint))
    seen->hint = (RtKeepAlive){ .max = -1 };
  g_ptr_array_add (watch->idle, seen);
}

/* Of traffic without bytes nobody knows which connection it went over. */
void
rt_observe_connection (RtSight *sight)
{
  const RtConnectionInfo *info = rt_sight_get_connection (sight, sight->exchange->connection);
  g_autofree char *origin = rt_url_dup_origin (sight->url);

  if (info == NULL || origin == NULL || sight->exchange->reconstructed)
    return;
  if (info->n_exchanges == 1 && info->opened != RT_TIME_UNKNOWN)
    look_at_new_connection (sight, info, origin);
  note_idle (sight, origin);
}

/* Times */

typedef struct
{
  const char *name;
  RtTime took;
} Phase;

static RtTime
between (RtTime from, RtTime to)
{
  return from != RT_TIME_UNKNOWN && to != RT_TIME_UNKNOWN ? MAX (to - from, 0) : 0;
}

static gboolean
is_stream (RtMessage *response)
{
  const RtField *type = rt_fields_first (response->fields, "Content-Type");
  RtMediaType media;

  return type != NULL && rt_media_type_parse (type->value, &media)
         && rt_media_type_is (&media, "text/event-stream");
}

static void
look_at_time (RtSight *sight)
{
  const RtTransfer *request = sight->exchange->request;
  const RtTransfer *response = sight->exchange->response;
  const Phase phases[] = {
    { "sending the request", between (request->sent_first, request->sent_last) },
    { "waiting for the server", between (request->sent_last, response->sent_first) },
    { "receiving the response", between (response->sent_first, response->sent_last) },
  };
  const Phase *longest = &phases[0];
  RtTime total = between (request->sent_first, response->sent_last);
  g_autofree char *all = NULL;
  g_autofree char *most = NULL;
  g_autofree char *text = NULL;

  if (total < SLOW || is_stream (sight->response))
    return;
  for (guint i = 1; i < G_N_ELEMENTS (phases); i++)
    if (phases[i].took > longest->took)
      longest = &phases[i];
  all = rt_duration_format (total);
  most = rt_duration_format (longest->took);
  text = g_strdup_printf ("Of %s, %s went into %s.", all, most, longest->name);
  rt_sight_say_text (sight, &slow, text, NULL, RT_SPAN_NONE);
}

void
rt_observe_time (RtSight *sight)
{
  guint status = sight->response->status;

  look_at_time (sight);
  if (status == 502)
    rt_sight_say_text (sight, &gateway_failed,
                       "502: the server behind it gave an answer that is none, or closed the "
                       "connection.",
                       "RFC 9110 §15.6.3", sight->response->status_span);
  else if (status == 504)
    rt_sight_say_text (sight, &gateway_failed, "504: the server behind it gave none in time.",
                       "RFC 9110 §15.6.5", sight->response->status_span);
}
