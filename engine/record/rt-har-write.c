/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An exchange as an entry of a HAR: what there is beside its messages (rt-har-write-message.c).
 * Members that HAR does not know begin with an underscore, as it wants; those that are of use to us
 * are read again by the import. */
#include "rt-har-write.h"

#include "rt-har-private.h"
#include "rt-har-write-private.h"

#include <string.h>

static void
append_fact (GString *out, const char *member, const RtTransfer *transfer, const char *name)
{
  const char *value = rt_har_find_fact (transfer, name);

  if (value != NULL)
    rt_har_append_member (out, member, rt_text (value));
}

/* Times */

typedef struct
{
  RtTime started;
  gint64 timings[RT_HAR_N_TIMINGS];
} Times;

static gint64
between (RtTime from, RtTime to)
{
  return from != RT_TIME_UNKNOWN && to != RT_TIME_UNKNOWN ? MAX (to - from, 0) : 0;
}

static RtTime
either (RtTime one, RtTime other)
{
  return one != RT_TIME_UNKNOWN ? one : other;
}

/* As the source had them, -1 included. FALSE if the log is all there is. */
static gboolean
take_kept_times (const RtExchange *exchange, Times *times)
{
  g_autoptr (GVariant) kept = NULL;
  const gint64 *values;
  gsize n = 0;

  if (exchange->request->facts == NULL)
    return FALSE;
  kept = g_variant_lookup_value (exchange->request->facts, "timings", G_VARIANT_TYPE ("ax"));
  if (kept == NULL)
    return FALSE;
  values = g_variant_get_fixed_array (kept, &n, sizeof *values);
  if (n != RT_HAR_N_TIMINGS
      || (values[RT_HAR_SEND] < 0 && values[RT_HAR_WAIT] < 0 && values[RT_HAR_RECEIVE] < 0))
    return FALSE;
  memcpy (times->timings, values, sizeof times->timings);
  times->started = exchange->started;
  for (guint i = RT_HAR_BLOCKED; i <= RT_HAR_CONNECT; i++)
    times->started -= MAX (values[i], 0);
  return TRUE;
}

/* The first exchange of a connection had to wait until it was there. */
static void
add_connecting (RtAnalysis *analysis, const RtExchange *exchange, Times *times)
{
  const RtConnectionInfo *info = rt_analysis_get_connection (analysis, exchange->connection);
  const RtExchange *before
      = exchange->id > 1 ? rt_analysis_get_exchange (analysis, exchange->id - 1) : NULL;

  if (info == NULL || info->opened == RT_TIME_UNKNOWN || info->established == RT_TIME_UNKNOWN
      || info->n_exchanges != 1 || info->established > exchange->started
      || (before != NULL && before->connection == exchange->connection))
    return;
  times->started = info->opened;
  times->timings[RT_HAR_CONNECT] = info->established - info->opened;
  times->timings[RT_HAR_BLOCKED] = exchange->started - info->established;
}

static Times
times_of (RtAnalysis *analysis, const RtExchange *exchange)
{
  const RtTransfer *request = exchange->request;
  const RtTransfer *response = exchange->response;
  Times times = { .started = exchange->started };
  RtTime sent = either (request->sent_last, exchange->started);
  RtTime first, last;

  if (take_kept_times (exchange, &times))
    return times;
  for (guint i = 0; i < RT_HAR_N_TIMINGS; i++)
    times.timings[i] = i >= RT_HAR_SEND ? 0 : RT_HAR_UNKNOWN;
  add_connecting (analysis, exchange, &times);
  first = response != NULL ? either (response->received_first, response->sent_first) : sent;
  last = response != NULL ? either (response->received_last, response->sent_last) : exchange->ended;
  times.timings[RT_HAR_SEND] = between (exchange->started, sent);
  times.timings[RT_HAR_WAIT] = between (sent, response != NULL ? first : last);
  times.timings[RT_HAR_RECEIVE] = response != NULL ? between (MAX (first, sent), last) : 0;
  return times;
}

static void
append_times (GString *out, const Times *times)
{
  gint64 sum = 0;

  g_string_append (out, "\"cache\":{},\"timings\":{");
  for (guint i = 0; i < RT_HAR_N_TIMINGS; i++)
    {
      rt_har_append_msec (out, rt_har_timing_names[i],
                          i >= RT_HAR_SEND ? MAX (times->timings[i], 0) : times->timings[i]);
      if (i != RT_HAR_SSL)
        sum += MAX (times->timings[i], 0);
    }
  rt_har_close_with (out, "},");
  rt_har_append_msec (out, "time", sum);
}

/* What is no part of HAR */

static void
append_party (GString *out, const char *member, RtAnalysis *analysis, RtPartyId id)
{
  const RtPartyInfo *party = rt_analysis_get_party (analysis, id);

  if (party != NULL)
    rt_har_append_member (out, member, rt_text (party->name));
}

static void
append_frame (GString *out, const RtStateInfo *info)
{
  const char *data;
  gint64 opcode;

  if (info->value == NULL || !g_variant_is_of_type (info->value, G_VARIANT_TYPE ("(xs)")))
    return;
  g_variant_get (info->value, "(x&s)", &opcode, &data);
  g_string_append_c (out, '{');
  rt_har_append_member (out, "type",
                        rt_text (g_str_equal (info->key, "sent") ? "send" : "receive"));
  g_string_append_printf (out, "\"time\":%" G_GINT64_FORMAT ".%06d,", info->time / RT_TIME_SEC,
                          (int)(info->time % RT_TIME_SEC));
  rt_har_append_number (out, "opcode", opcode);
  rt_har_append_member (out, "data", rt_text (data));
  rt_har_close_with (out, "},");
}

static void
append_frames (GString *out, const RtExchange *exchange)
{
  gboolean any = FALSE;

  for (guint i = 0; i < exchange->states->len; i++)
    {
      const RtStateInfo *info = exchange->states->pdata[i];

      if (!g_str_equal (info->kind, "WebSocket message"))
        continue;
      if (!any)
        g_string_append (out, "\"_webSocketMessages\":[");
      any = TRUE;
      append_frame (out, info);
    }
  if (any)
    rt_har_close_with (out, "],");
}

static void
append_interim (GString *out, const RtExchange *exchange, RtTime started)
{
  if (exchange->interim->len == 0)
    return;
  g_string_append (out, "\"_interim\":[");
  for (guint i = 0; i < exchange->interim->len; i++)
    {
      const RtTransfer *interim = exchange->interim->pdata[i];
      RtTime arrived = either (interim->received_first, interim->sent_first);

      rt_har_append_interim (out, interim, between (started, arrived));
    }
  rt_har_close_with (out, "],");
}

static void
append_own (GString *out, RtAnalysis *analysis, const RtExchange *exchange, const char *comment)
{
  append_fact (out, "_fromCache", exchange->request, "from-cache");
  append_fact (out, "_resourceType", exchange->request, "resource-type");
  append_fact (out, "serverIPAddress", exchange->request, "server-address");
  if (comment != NULL)
    rt_har_append_member (out, "comment", rt_text (comment));
  else
    append_fact (out, "comment", exchange->request, "comment");
  append_party (out, "_client", analysis, exchange->client);
  append_party (out, "_server", analysis, exchange->server);
  append_frames (out, exchange);
  if (exchange->reconstructed)
    g_string_append (out, "\"_reconstructed\":true,");
}

/**
 * rt_har_append_entry:
 * @out: where to
 * @analysis: an analysis
 * @exchange: one of it that has a request
 * @page: (nullable): id of the page it belongs to
 * @comment: (nullable): what somebody wrote on it; %NULL: what its source says
 */
void
rt_har_append_entry (GString *out,
                     RtAnalysis *analysis,
                     const RtExchange *exchange,
                     const char *page,
                     const char *comment)
{
  Times times = times_of (analysis, exchange);
  g_autofree char *started = rt_time_format (times.started);
  const char *connection = rt_har_find_fact (exchange->request, "connection");

  g_string_append_c (out, '{');
  if (page != NULL)
    rt_har_append_member (out, "pageref", rt_text (page));
  rt_har_append_member (out, "startedDateTime", rt_text (started));
  rt_har_append_request (out, analysis, exchange);
  if (exchange->response != NULL && exchange->response->message->status >= 100)
    rt_har_append_response (out, analysis, exchange);
  else
    rt_har_append_no_response (out, exchange);
  append_times (out, &times);
  append_interim (out, exchange, times.started);
  if (connection != NULL)
    rt_har_append_member (out, "connection", rt_text (connection));
  else
    g_string_append_printf (out, "\"connection\":\"%u\",", exchange->connection);
  append_own (out, analysis, exchange, comment);
  rt_har_close_with (out, "}");
}

/** rt_har_append_head: the beginning of the document, up to and without `pages`. */
void
rt_har_append_head (GString *out)
{
  g_string_append (out, "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"Roundtrip\","
                        "\"version\":\"" RT_VERSION "\"},");
}

/**
 * rt_har_dup_exchange:
 * @analysis: an analysis
 * @exchange: one of it that has a request
 *
 * Returns: (transfer full): a HAR of one entry, UTF-8
 */
char *
rt_har_dup_exchange (RtAnalysis *analysis, const RtExchange *exchange)
{
  GString *out = g_string_new (NULL);

  rt_har_append_head (out);
  g_string_append (out, "\"pages\":[],\"entries\":[\n");
  rt_har_append_entry (out, analysis, exchange, NULL, NULL);
  g_string_append (out, "\n]}}\n");
  return g_string_free (out, FALSE);
}
