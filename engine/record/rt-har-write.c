/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An exchange as an entry of a HAR. Members that HAR does not know begin with an underscore, as it
 * wants; those that are of use to us are read again by the import. Numbers are integers of
 * microseconds written as milliseconds: no floating point. */
#include "rt-har-write.h"

#include "rt-content.h"
#include "rt-cookie.h"
#include "rt-har-private.h"
#include "rt-json-value.h"
#include "rt-percent.h"
#include "rt-uri.h"

#include <string.h>

/**
 * rt_har_append_text:
 * @text: bytes of a peer: what is no UTF-8 is taken for ISO 8859-1, as fields once were
 *
 * Appends a JSON string.
 */
void
rt_har_append_text (GString *out, RtText text)
{
  g_autoptr (GString) latin1 = NULL;

  if (text.length == 0 || g_utf8_validate_len (text.at, text.length, NULL))
    {
      rt_json_append_string (out, text);
      return;
    }
  latin1 = g_string_new (NULL);
  for (gsize i = 0; i < text.length; i++)
    g_string_append_unichar (latin1, (guchar)text.at[i]);
  rt_json_append_string (out, (RtText){ latin1->str, latin1->len });
}

static void
append_member (GString *out, const char *name, RtText value)
{
  g_string_append_printf (out, "\"%s\":", name);
  rt_har_append_text (out, value);
  g_string_append_c (out, ',');
}

static void
append_number (GString *out, const char *name, gint64 value)
{
  g_string_append_printf (out, "\"%s\":%" G_GINT64_FORMAT ",", name, value);
}

static void
append_msec (GString *out, const char *name, gint64 usec)
{
  if (usec < 0)
    append_number (out, name, RT_HAR_UNKNOWN);
  else
    g_string_append_printf (out, "\"%s\":%" G_GINT64_FORMAT ".%03d,", name, usec / 1000,
                            (int)(usec % 1000));
}

/* Takes the comma behind the last member or element away. */
static void
close_with (GString *out, const char *bracket)
{
  if (out->str[out->len - 1] == ',')
    g_string_truncate (out, out->len - 1);
  g_string_append (out, bracket);
}

static void
append_pair (GString *out, RtText name, RtText value)
{
  g_string_append_c (out, '{');
  append_member (out, "name", name);
  append_member (out, "value", value);
  close_with (out, "},");
}

static const char *
find_fact (const RtTransfer *transfer, const char *name)
{
  const char *value = NULL;

  if (transfer != NULL && transfer->facts != NULL)
    g_variant_lookup (transfer->facts, name, "&s", &value);
  return value;
}

static void
append_fact (GString *out, const char *member, const RtTransfer *transfer, const char *name)
{
  const char *value = find_fact (transfer, name);

  if (value != NULL)
    append_member (out, member, rt_text (value));
}

/* Fields */

static void
append_headers (GString *out, const RtMessage *message)
{
  g_string_append (out, "\"headers\":[");
  for (guint i = 0; i < rt_fields_get_length (message->fields); i++)
    {
      const RtField *field = rt_fields_get (message->fields, i);

      append_pair (out, field->name, field->value);
    }
  close_with (out, "],");
}

static void
append_request_cookies (GString *out, const RtMessage *message)
{
  const RtField *field;

  g_string_append (out, "\"cookies\":[");
  for (guint at = 0; (field = rt_fields_next (message->fields, "Cookie", &at)) != NULL;)
    {
      RtText rest = field->value;
      RtText name, value;

      while (rt_cookie_pair_next (&rest, &name, &value))
        append_pair (out, name, value);
    }
  close_with (out, "],");
}

static void
append_attribute (GString *out, const RtCookieAttribute *attribute)
{
  g_autofree char *expires = NULL;

  switch (attribute->kind)
    {
    case RT_COOKIE_PATH:
      append_member (out, "path", attribute->value);
      break;
    case RT_COOKIE_DOMAIN:
      append_member (out, "domain", attribute->value);
      break;
    case RT_COOKIE_EXPIRES:
      expires = rt_time_format (attribute->time);
      append_member (out, "expires", rt_text (attribute->ignored ? "" : expires));
      break;
    case RT_COOKIE_SAME_SITE:
      append_member (out, "sameSite", attribute->value);
      break;
    case RT_COOKIE_HTTP_ONLY:
      g_string_append (out, "\"httpOnly\":true,");
      break;
    case RT_COOKIE_SECURE:
      g_string_append (out, "\"secure\":true,");
      break;
    case RT_COOKIE_OTHER:
    case RT_COOKIE_MAX_AGE:
    case RT_COOKIE_N_ATTRIBUTES:
      break;
    }
}

static void
append_response_cookies (GString *out, const RtMessage *message)
{
  const RtField *field;

  g_string_append (out, "\"cookies\":[");
  for (guint at = 0; (field = rt_fields_next (message->fields, "Set-Cookie", &at)) != NULL;)
    {
      RtSetCookie cookie;
      RtCookieAttribute attribute;

      if (rt_set_cookie_parse (field->value, &cookie) != RT_SET_COOKIE_TAKEN)
        continue;
      g_string_append_c (out, '{');
      append_member (out, "name", cookie.name);
      append_member (out, "value", cookie.value);
      for (guint kind = RT_COOKIE_EXPIRES; kind < RT_COOKIE_N_ATTRIBUTES; kind++)
        if (rt_set_cookie_find (&cookie, (RtCookieAttributeKind)kind, &attribute))
          append_attribute (out, &attribute);
      close_with (out, "},");
    }
  close_with (out, "],");
}

/* Part of a form or query, its escapes undone. */
static void
append_decoded (GString *out, const char *name, RtText text)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  g_autofree char *spaced = rt_text_dup (text);

  g_strdelimit (spaced, "+", ' ');
  rt_percent_decode (plain, (RtText){ spaced, text.length });
  append_member (out, name, (RtText){ plain->str, plain->len });
}

static void
append_form (GString *out, const char *member, RtText form)
{
  const char *at = form.at;
  const char *end = form.at + form.length;

  g_string_append_printf (out, "\"%s\":[", member);
  while (at < end)
    {
      const char *stop = memchr (at, '&', (gsize)(end - at));
      const char *part = stop != NULL ? stop : end;
      const char *equals = memchr (at, '=', (gsize)(part - at));
      const char *name_end = equals != NULL ? equals : part;

      g_string_append_c (out, '{');
      append_decoded (out, "name", (RtText){ at, (gsize)(name_end - at) });
      append_decoded (out, "value",
                      equals != NULL ? (RtText){ equals + 1, (gsize)(part - equals - 1) }
                                     : RT_TEXT (""));
      close_with (out, "},");
      at = part + 1;
    }
  close_with (out, "],");
}

/* Content */

static RtText
media_type_of (const RtMessage *message)
{
  const RtField *field = rt_fields_first (message->fields, "Content-Type");

  return field != NULL ? field->value : RT_TEXT ("");
}

/* As text where it is text, else in base64; NUL is valid UTF-8 and no text. */
static void
append_body (GString *out, const char *encoding_member, GBytes *bytes)
{
  gsize length;
  const char *at = g_bytes_get_data (bytes, &length);

  if (length == 0 || (g_utf8_validate_len (at, length, NULL) && memchr (at, '\0', length) == NULL))
    {
      append_member (out, "text", (RtText){ at, length });
      return;
    }
  g_string_append (out, "\"text\":\"");
  {
    g_autofree char *base64 = g_base64_encode ((const guchar *)at, length);

    g_string_append (out, base64);
  }
  g_string_append_printf (out, "\",\"%s\":\"base64\",", encoding_member);
}

/* Why the content is not all there, NULL if it is. */
static const char *
problem_of (const RtTransfer *transfer, const RtContent *content)
{
  if (transfer->missing != NULL)
    return transfer->missing;
  if (content->problem != NULL)
    return content->problem;
  return transfer->broken;
}

static void
append_content (GString *out, RtAnalysis *analysis, const RtTransfer *response)
{
  g_autoptr (RtContent) content = rt_content_new (analysis, response);
  gint64 length = (gint64)g_bytes_get_size (content->bytes);
  const char *problem = problem_of (response, content);
  gint64 size = length + (gint64)MIN (response->missing_length, G_MAXINT64 / 2);

  g_string_append (out, "\"content\":{");
  append_number (out, "size", problem != NULL && size == 0 ? RT_HAR_UNKNOWN : size);
  if (!response->message->reconstructed && content->undone[0] != NULL)
    append_number (out, "compression", length - (gint64)g_bytes_get_size (content->coded));
  append_member (out, "mimeType", media_type_of (response->message));
  if (length > 0 || problem == NULL)
    append_body (out, "encoding", content->bytes);
  if (problem != NULL)
    append_member (out, "comment", rt_text (problem));
  close_with (out, "},");
}

static void
append_posted (GString *out, RtAnalysis *analysis, const RtTransfer *request)
{
  g_autoptr (RtContent) content = rt_content_new (analysis, request);
  const char *problem = problem_of (request, content);
  RtText type = media_type_of (request->message);
  RtText body;

  body.at = g_bytes_get_data (content->bytes, &body.length);
  if (body.length == 0 && problem == NULL)
    return;
  g_string_append (out, "\"postData\":{");
  append_member (out, "mimeType", type);
  if (rt_text_starts_with (type, RT_TEXT ("application/x-www-form-urlencoded")))
    append_form (out, "params", body);
  if (body.length > 0)
    append_body (out, "_encoding", content->bytes);
  if (problem != NULL)
    append_member (out, "comment", rt_text (problem));
  close_with (out, "},");
}

/* Messages */

static void
append_version (GString *out, const RtTransfer *transfer)
{
  const char *version = find_fact (transfer, "version");

  append_member (
      out, "httpVersion",
      rt_text (version != NULL ? version : rt_version_name (transfer->message->version)));
}

static void
append_sizes (GString *out, const RtTransfer *transfer)
{
  gboolean known = !transfer->message->reconstructed;

  append_number (out, "headersSize",
                 known ? (gint64)transfer->message->head.length : RT_HAR_UNKNOWN);
  append_number (out, "bodySize", known ? (gint64)transfer->content.length : RT_HAR_UNKNOWN);
}

/* The target URI, RFC 9110 §7.1. What a URL cannot say of the target is said by `_target`. */
static void
append_url (GString *out, const RtExchange *exchange)
{
  RtText target = exchange->request->message->target;
  g_autoptr (GString) url = g_string_new (NULL);
  const char *authority = *exchange->authority != '\0' ? exchange->authority : "unknown.invalid";
  RtUri uri = rt_uri_split (target);

  if (uri.scheme.at != NULL && uri.authority.at != NULL)
    g_string_append_len (url, target.at, (gssize)target.length);
  else
    g_string_append_printf (url, "%s://%s", exchange->scheme, authority);
  if (target.length > 0 && target.at[0] == '/')
    g_string_append_len (url, target.at, (gssize)target.length);
  append_member (out, "url", (RtText){ url->str, url->len });
  if (target.length == 0 || target.at[0] != '/')
    append_member (out, "_target", target);
  append_form (out, "queryString", uri.query.at != NULL ? uri.query : RT_TEXT (""));
}

static void
append_request (GString *out, RtAnalysis *analysis, const RtExchange *exchange)
{
  const RtTransfer *request = exchange->request;

  g_string_append (out, "\"request\":{");
  append_member (out, "method", request->message->method);
  append_url (out, exchange);
  append_version (out, request);
  append_request_cookies (out, request->message);
  append_headers (out, request->message);
  append_posted (out, analysis, request);
  append_sizes (out, request);
  close_with (out, "},");
}

static void
append_response (GString *out, RtAnalysis *analysis, const RtExchange *exchange)
{
  const RtTransfer *response = exchange->response;
  const RtField *location = rt_fields_first (response->message->fields, "Location");
  gint64 size;

  g_string_append (out, "\"response\":{");
  append_number (out, "status", response->message->status);
  append_member (out, "statusText", response->message->reason);
  append_version (out, response);
  append_response_cookies (out, response->message);
  append_headers (out, response->message);
  append_content (out, analysis, response);
  append_member (out, "redirectURL", location != NULL ? location->value : RT_TEXT (""));
  append_sizes (out, response);
  if (response->facts != NULL && g_variant_lookup (response->facts, "transfer-size", "x", &size))
    append_number (out, "_transferSize", size);
  if (exchange->failed != NULL)
    append_member (out, "_error", rt_text (exchange->failed));
  close_with (out, "},");
}

/* What browsers write for a request without a response. */
static void
append_no_response (GString *out, const RtExchange *exchange)
{
  g_string_append (
      out,
      "\"response\":{\"status\":0,\"statusText\":\"\",\"httpVersion\":\"\",\"cookies\":[],"
      "\"headers\":[],\"content\":{\"size\":0,\"mimeType\":\"x-unknown\"},\"redirectURL\":\"\","
      "\"headersSize\":-1,\"bodySize\":-1,");
  append_member (out, "_error",
                 rt_text (exchange->failed != NULL ? exchange->failed : "it goes on"));
  close_with (out, "},");
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
      append_msec (out, rt_har_timing_names[i],
                   i >= RT_HAR_SEND ? MAX (times->timings[i], 0) : times->timings[i]);
      if (i != RT_HAR_SSL)
        sum += MAX (times->timings[i], 0);
    }
  close_with (out, "},");
  append_msec (out, "time", sum);
}

/* What is no part of HAR */

static void
append_party (GString *out, const char *member, RtAnalysis *analysis, RtPartyId id)
{
  const RtPartyInfo *party = rt_analysis_get_party (analysis, id);

  if (party != NULL)
    append_member (out, member, rt_text (party->name));
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
  append_member (out, "type", rt_text (g_str_equal (info->key, "sent") ? "send" : "receive"));
  g_string_append_printf (out, "\"time\":%" G_GINT64_FORMAT ".%06d,", info->time / RT_TIME_SEC,
                          (int)(info->time % RT_TIME_SEC));
  append_number (out, "opcode", opcode);
  append_member (out, "data", rt_text (data));
  close_with (out, "},");
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
    close_with (out, "],");
}

static void
append_own (GString *out, RtAnalysis *analysis, const RtExchange *exchange)
{
  append_fact (out, "_fromCache", exchange->request, "from-cache");
  append_fact (out, "_resourceType", exchange->request, "resource-type");
  append_fact (out, "serverIPAddress", exchange->request, "server-address");
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
 */
void
rt_har_append_entry (GString *out,
                     RtAnalysis *analysis,
                     const RtExchange *exchange,
                     const char *page)
{
  Times times = times_of (analysis, exchange);
  g_autofree char *started = rt_time_format (times.started);
  const char *connection = find_fact (exchange->request, "connection");

  g_string_append_c (out, '{');
  if (page != NULL)
    append_member (out, "pageref", rt_text (page));
  append_member (out, "startedDateTime", rt_text (started));
  append_request (out, analysis, exchange);
  if (exchange->response != NULL && exchange->response->message->status >= 100)
    append_response (out, analysis, exchange);
  else
    append_no_response (out, exchange);
  append_times (out, &times);
  if (connection != NULL)
    append_member (out, "connection", rt_text (connection));
  else
    g_string_append_printf (out, "\"connection\":\"%u\",", exchange->connection);
  append_own (out, analysis, exchange);
  close_with (out, "}");
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
  rt_har_append_entry (out, analysis, exchange, NULL);
  g_string_append (out, "\n]}}\n");
  return g_string_free (out, FALSE);
}
