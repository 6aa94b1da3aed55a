/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip inspect URL`.
 *
 * The plain client asks, once for each hop; names are looked up by the system's resolver before the
 * driver has them. Whether a redirection is followed is the rule's to say, and stands in the log
 * whether or not the user wants it done. What comes of it is told from the log alone. */
#include "rt-inspect-url.h"

#include "rt-client.h"
#include "rt-commands.h"
#include "rt-compared.h"
#include "rt-error.h"
#include "rt-fetch.h"
#include "rt-observer.h"
#include "rt-output.h"
#include "rt-recording.h"
#include "rt-redirect.h"
#include "rt-serving.h"
#include "rt-soup-fetch.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

/* What is not there after so long will not come. */
#define PATIENCE (30 * RT_TIME_SEC)

typedef struct
{
  const RtInspectUrl *about;
  RtRecording recording;
  RtTime timeout;
  RtFields *fields;
  RtTls tls;
  RtLog *log;
  RtLive *live;
  RtPartyId client;
  RtAnalysis *analysis;
  guint64 known;  /* events that were fed */
  char *finished; /* (nullable): what the client said of its last task */
  guint answer;   /* id of our last exchange */
  gboolean compares;
} Inspection;

static void
inspection_clear (Inspection *inspection)
{
  g_clear_pointer (&inspection->live, rt_live_free);
  g_clear_pointer (&inspection->log, rt_log_free);
  g_clear_pointer (&inspection->analysis, rt_analysis_free);
  g_clear_pointer (&inspection->fields, rt_fields_unref);
  rt_recording_clear (&inspection->recording);
  g_free (inspection->finished);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Inspection, inspection_clear)

void
rt_inspect_url_clear (RtInspectUrl *about)
{
  g_free (about->method);
  g_free (about->record);
  g_free (about->authorities);
  g_free (about->timeout);
  g_free (about->stack);
  g_strfreev (about->fields);
}

/**
 * rt_inspect_url_is_one:
 * @text: of the command line
 *
 * Returns: whether it is a URL and no file
 */
gboolean
rt_inspect_url_is_one (const char *text)
{
  return g_str_has_prefix (text, "http://") || g_str_has_prefix (text, "https://");
}

/* What the client said when it was done. */
static void
note_end (Inspection *inspection, const RtPage *page, guint i)
{
  const RtEvent *event = &page->events[i];
  g_autoptr (GVariant) detail = NULL;

  if (event->kind != RT_EVENT_FINISHED)
    return;
  detail = rt_page_dup_detail (page, i);
  g_clear_pointer (&inspection->finished, g_free);
  g_variant_get (detail, "(tms)", NULL, &inspection->finished);
}

static gboolean
read_log (Inspection *inspection, GError **error)
{
  RtReader *reader;
  guint64 length;

  rt_log_flush (inspection->log);
  reader = rt_log_get_reader (inspection->log);
  length = rt_reader_get_length (reader);
  while (inspection->known < length)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, inspection->known, error);

      if (page == NULL)
        return FALSE;
      for (guint64 i = inspection->known - page->first; i < page->n; i++)
        note_end (inspection, page, (guint)i);
      rt_analysis_feed (inspection->analysis, page, G_MAXUINT64);
      inspection->known = page->first + page->n;
    }
  return TRUE;
}

static const RtConnectionInfo *
last_connection (Inspection *inspection)
{
  GPtrArray *connections = rt_analysis_get_connections (inspection->analysis);

  return connections->len > 0 ? connections->pdata[connections->len - 1] : NULL;
}

/* Sends the request to one address; the log has what comes of it. */
static gboolean
ask_at (Inspection *inspection,
        const RtUrl *url,
        const char *address,
        RtMessage *request,
        GError **error)
{
  guint16 port = (guint16)rt_url_get_port (url);
  g_autofree char *where = rt_url_serialize (url, FALSE);
  g_autofree char *words
      = g_strdup_printf ("%.*s %s", (int)request->method.length, request->method.at, where);
  RtClientTask task = { .kind = RT_CLIENT_SEND };
  RtTime now = rt_live_driver.now (inspection->live);

  task.request = (RtPoolRequest){ .message = request, .timeout = inspection->timeout };
  task.request.to.host = url->host;
  task.request.to.port = port;
  if (g_str_equal (url->scheme, "https"))
    task.request.to.tls = &inspection->tls;
  rt_live_map (inspection->live, url->host, port, address, port);
  rt_live_driver.task (inspection->live, inspection->client, &task, words, now);
  return rt_live_driver.run (inspection->live, now + RT_TIME_DAY, error) != RT_RUN_FAILED
         && read_log (inspection, error);
}

/* An IPv6 address stands in brackets in a URL alone. */
static GPtrArray *
look_up (const RtUrl *url, GError **error)
{
  g_autofree char *bare = NULL;

  if (url->host_kind != RT_URL_HOST_IPV6)
    return rt_serving_look_up (url->host, error);
  bare = g_strndup (url->host + 1, strlen (url->host) - 2);
  return rt_serving_look_up (bare, error);
}

/* One hop: each address in its turn until one can be connected to. */
static gboolean
ask (Inspection *inspection, const RtUrl *url, RtMessage *request, GError **error)
{
  g_autoptr (GPtrArray) addresses = look_up (url, error);

  for (guint i = 0; addresses != NULL && i < addresses->len; i++)
    {
      const RtConnectionInfo *connection;

      if (!ask_at (inspection, url, addresses->pdata[i], request, error))
        return FALSE;
      connection = last_connection (inspection);
      if (connection == NULL || connection->established != RT_TIME_UNKNOWN)
        break;
    }
  return addresses != NULL;
}

/* What the other end's first bytes are, if they are no HTTP/1. */
static const char *
recognise (RtText bytes)
{
  const guint8 *at = (const guint8 *)bytes.at;

  /* RFC 9113 §3.4: a server begins with SETTINGS, on stream 0. */
  if (bytes.length >= 9 && at[3] == 4 && (at[4] & ~1) == 0 && at[5] == 0 && at[6] == 0 && at[7] == 0
      && at[8] == 0)
    return "it speaks HTTP/2 alone, which is not spoken here";
  /* RFC 8446 §5.1: a record with an alert or of the handshake. */
  if (bytes.length >= 2 && (at[0] == 21 || at[0] == 22) && at[1] == 3)
    return "it speaks TLS there: its URL begins with https";
  return "what it says is no HTTP";
}

/* The first bytes that came over the connection. */
static GBytes *
dup_first_bytes (Inspection *inspection, const RtConnectionInfo *connection)
{
  GPtrArray *segments = rt_analysis_get_segments (inspection->analysis);

  for (guint i = 0; i < segments->len; i++)
    {
      const RtSegment *segment = segments->pdata[i];
      RtSpan span = segment->span;

      if (segment->connection != connection->id || segment->direction != RT_BACKWARD
          || span.length == 0)
        continue;
      span.length = MIN (span.length, 64);
      return rt_analysis_dup_bytes (inspection->analysis, span, NULL);
    }
  return NULL;
}

/* Why nothing was understood of what came. Over TLS the bytes are secret, not strange. */
static const char *
explain_bytes (Inspection *inspection, const RtConnectionInfo *connection)
{
  g_autoptr (GBytes) first = NULL;
  gconstpointer at;
  gsize length;

  if (connection->secure)
    return NULL;
  first = dup_first_bytes (inspection, connection);
  at = first != NULL ? g_bytes_get_data (first, &length) : NULL;
  if (at == NULL || g_ascii_strncasecmp (at, "HTTP/1", MIN (length, 6)) == 0)
    return NULL;
  return recognise ((RtText){ at, length });
}

/* RFC 7301 §3.2 has an alert for it. */
static gboolean
is_other_protocol (const char *why)
{
  return why != NULL
         && (strstr (why, "no_application_protocol") != NULL
             || strstr (why, "application protocol") != NULL);
}

static const RtExchange *
last_exchange (Inspection *inspection)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (inspection->analysis);

  return exchanges->len > 0 ? exchanges->pdata[exchanges->len - 1] : NULL;
}

/* The whole response to the last request, if there is one. */
static const RtExchange *
get_answer (Inspection *inspection)
{
  const RtConnectionInfo *connection = last_connection (inspection);
  const RtExchange *exchange = last_exchange (inspection);

  return inspection->finished == NULL && exchange != NULL && connection != NULL
                 && exchange->response != NULL && exchange->response->complete
             ? exchange
             : NULL;
}

static void
explain_failure (Inspection *inspection, const RtUrl *url, GError **error)
{
  const RtConnectionInfo *connection = last_connection (inspection);
  g_autofree char *where = rt_url_serialize (url, FALSE);
  const char *why = inspection->finished;
  const char *seen = NULL;

  if (connection != NULL && connection->established != RT_TIME_UNKNOWN)
    seen = explain_bytes (inspection, connection);
  if (is_other_protocol (why))
    seen = "it does not speak HTTP/1.1 over TLS, but perhaps HTTP/2 alone";
  rt_set_error (error, RT_ERROR_PEER, NULL, NULL, "%s: %s%s%s%s", where, seen != NULL ? seen : why,
                seen != NULL ? " (" : "", seen != NULL ? why : "", seen != NULL ? ")" : "");
}

/* What the rule says of the response. The decision is written down here, since the plain client
 * knows no redirections. */
static RtRedirect
decide (Inspection *inspection,
        const RtUrl *url,
        guint count,
        RtMessage *request,
        RtRedirectNext *ret_next)
{
  const RtExchange *exchange = get_answer (inspection);
  const RtRedirectContext context = { .url = url, .count = count };
  g_autoptr (RtDecision) why = rt_decision_new ();
  RtRedirect verdict
      = rt_redirect_decide (request, exchange->response->message, &context, ret_next, why);

  if (exchange->response->message->status / 100 != 3)
    return verdict;
  rt_decision_set_acted (why, inspection->about->follow);
  rt_log_append (inspection->log,
                 &(RtEvent){ .time = rt_live_driver.now (inspection->live),
                             .cause = exchange->response->last_event,
                             .span = rt_decision_get_proof (why),
                             .party = inspection->client,
                             .kind = RT_EVENT_DECISION },
                 rt_decision_to_variant (why));
  return verdict;
}

/* The same of libsoup, with a connection of its own. */
static gboolean
ask_libsoup (Inspection *inspection, const RtUrl *url, RtMessage *request, GError **error)
{
  const RtSoupFetch fetch = { .url = url,
                              .request = request,
                              .authorities = inspection->about->authorities,
                              .insecure = inspection->about->insecure,
                              .timeout = inspection->timeout };

  inspection->answer = rt_analysis_get_exchanges (inspection->analysis)->len;
  inspection->compares = rt_soup_fetch (inspection->log, &fetch, error);
  return inspection->compares;
}

/* The requests, one after the other, until there is an answer. */
static gboolean
follow (Inspection *inspection, RtUrl *url, RtMessage *request, GError **error)
{
  g_autoptr (RtUrl) at = rt_url_copy (url);
  g_autoptr (RtMessage) asking = rt_message_ref (request);

  for (guint count = 0;; count++)
    {
      g_auto (RtRedirectNext) next = { NULL };
      RtMessage *old = asking;
      RtRedirect verdict;

      if (!ask (inspection, at, asking, error))
        return FALSE;
      if (get_answer (inspection) == NULL)
        {
          explain_failure (inspection, at, error);
          return FALSE;
        }
      verdict = decide (inspection, at, count, asking, &next);
      if (!inspection->about->follow || verdict == RT_REDIRECT_DELIVER)
        return inspection->about->stack == NULL || ask_libsoup (inspection, at, asking, error);
      if (verdict != RT_REDIRECT_FOLLOW)
        {
          rt_set_error (error, RT_ERROR_PEER, NULL, NULL, "%s: the redirection can't be followed",
                        next.url != NULL ? next.url->host : at->host);
          return FALSE;
        }
      asking = rt_redirect_dup_request (old, &next);
      rt_message_unref (old);
      rt_url_free (at);
      at = g_steal_pointer (&next.url);
    }
}

static gboolean
read_wishes (Inspection *inspection, GError **error)
{
  const RtInspectUrl *about = inspection->about;

  inspection->timeout = PATIENCE;
  inspection->fields = rt_fields_new ();
  inspection->analysis = rt_analysis_new ();
  rt_analysis_set_observed (inspection->analysis, TRUE);
  /* Who is named by the user counts instead of those that this machine trusts. */
  inspection->tls = (RtTls){ .insecure = about->insecure, .public = about->authorities == NULL };
  for (guint i = 0; about->fields != NULL && about->fields[i] != NULL; i++)
    if (!rt_fetch_read_field (about->fields[i], inspection->fields, error))
      return FALSE;
  return about->timeout == NULL || rt_duration_parse (about->timeout, &inspection->timeout, error);
}

static gboolean
set_up (Inspection *inspection, const char *title, GError **error)
{
  const RtInspectUrl *about = inspection->about;

  if (about->record != NULL
      && !rt_recording_begin (&inspection->recording, about->record, "inspect", title, error))
    return FALSE;
  inspection->log = rt_log_new (
      RT_LOG_KEEP_ALL, inspection->recording.recorder != NULL ? rt_recorder_add_page : NULL,
      inspection->recording.recorder);
  inspection->live = rt_live_new (inspection->log, RT_LIVE_CLOCK_REAL, 0, error);
  if (inspection->live == NULL || !rt_serving_trust (inspection->live, about->authorities, error))
    return FALSE;
  rt_live_allow_outside (inspection->live, TRUE);
  inspection->client
      = rt_live_driver.add (inspection->live, "client", &rt_client_class, rt_client_new ());
  return TRUE;
}

/* Our exchange and libsoup's, but for what tells the moment. */
static RtComparison *
compare (Inspection *inspection)
{
  static const char *const moments[] = { "Date", "Age", "Expires", NULL };
  const RtComparisonOptions options = { .ignore = moments };
  RtAnalysis *analysis = inspection->analysis;

  return rt_comparison_new (analysis, rt_analysis_get_exchange (analysis, inspection->answer),
                            analysis, last_exchange (inspection), &options);
}

/* What is not the same, element by element. */
static void
print_comparison (Inspection *inspection)
{
  g_autoptr (RtComparison) comparison = compare (inspection);

  puts ("The client (left) and libsoup (right)\n-------------------------------------\n");
  if (rt_comparison_count_differences (comparison) == 0)
    puts ("They sent and got the same.");
  rt_compared_print (comparison, RT_COMPARED_ALL);
}

static JsonObject *
comparison_to_json (Inspection *inspection)
{
  g_autoptr (RtComparison) comparison = compare (inspection);
  JsonObject *out = json_object_new ();

  json_object_set_string_member (out, "with", inspection->about->stack);
  json_object_set_int_member (out, "left", inspection->answer);
  json_object_set_int_member (out, "right", rt_analysis_get_exchanges (inspection->analysis)->len);
  json_object_set_boolean_member (out, "same", rt_comparison_count_differences (comparison) == 0);
  json_object_set_array_member (out, "differences",
                                rt_compared_to_json (comparison, RT_COMPARED_ALL));
  return out;
}

static void
print (Inspection *inspection)
{
  JsonObject *document;

  if (!inspection->about->json)
    {
      rt_output_run ("inspect", inspection->analysis);
      if (inspection->compares)
        print_comparison (inspection);
      return;
    }
  document = json_object_new ();
  json_object_set_object_member (document, "run",
                                 rt_output_run_to_json ("inspect", inspection->analysis));
  if (inspection->compares)
    json_object_set_object_member (document, "comparison", comparison_to_json (inspection));
  rt_json_print (document);
}

/* What was recorded and seen until something failed is worth to be kept and shown, too. */
static int
conclude (Inspection *inspection, GError *problem)
{
  g_autoptr (GError) error = NULL;
  gboolean recorded = FALSE;

  rt_log_flush (inspection->log);
  if (read_log (inspection, &error))
    recorded = rt_recording_finish (&inspection->recording, &error);
  if (rt_analysis_get_connections (inspection->analysis)->len > 0 || inspection->about->json)
    print (inspection);
  if (problem != NULL)
    return rt_cli_fail (problem);
  return recorded ? RT_EXIT_OK : rt_cli_fail (error);
}

/**
 * rt_inspect_url:
 * @text: a URL
 * @about: what is wanted
 *
 * Asks the server, and tells what happened.
 *
 * Returns: the exit status
 */
int
rt_inspect_url (const char *text, const RtInspectUrl *about)
{
  g_auto (Inspection) inspection = { .about = about };
  g_autoptr (GError) error = NULL;
  g_autoptr (RtUrl) url = rt_fetch_read_url (text, &error);
  g_autoptr (RtMessage) request = NULL;

  if (url != NULL && read_wishes (&inspection, &error))
    request = rt_fetch_make_request (about->method != NULL ? about->method : "GET", url,
                                     inspection.fields, &error);
  if (request == NULL)
    return rt_cli_usage (&rt_command_inspect, "%s", error->message);
  if (!set_up (&inspection, text, &error))
    return rt_cli_fail (error);
  follow (&inspection, url, request, &error);
  return conclude (&inspection, error);
}

/**
 * rt_inspect_url_to_file:
 * @text: a URL
 * @path: a session file, which is not there yet
 *
 * Asks the server, goes where it redirects to, and records what happens. For windows. Where it
 * fails, @path is there if anything was connected to.
 *
 * Returns: %TRUE if there was an answer
 */
gboolean
rt_inspect_url_to_file (const char *text, const char *path, GError **error)
{
  const RtInspectUrl about = { .record = (char *)path, .follow = TRUE };
  g_auto (Inspection) inspection = { .about = &about };
  g_autoptr (RtUrl) url = rt_fetch_read_url (text, error);
  g_autoptr (RtMessage) request = NULL;
  gboolean answered;

  if (url != NULL && read_wishes (&inspection, error))
    request = rt_fetch_make_request ("GET", url, inspection.fields, error);
  if (request == NULL || !set_up (&inspection, text, error))
    return FALSE;
  answered = follow (&inspection, url, request, error);
  rt_log_flush (inspection.log);
  if (!read_log (&inspection, answered ? error : NULL)
      || !rt_recording_finish (&inspection.recording, answered ? error : NULL))
    return FALSE;
  if (!answered && rt_analysis_get_connections (inspection.analysis)->len == 0)
    g_unlink (path);
  return answered;
}
