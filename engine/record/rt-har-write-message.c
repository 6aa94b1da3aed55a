/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Messages as the members `request` and `response` of an entry. */
#include "rt-content.h"
#include "rt-cookie.h"
#include "rt-har-private.h"
#include "rt-har-write-private.h"
#include "rt-percent.h"
#include "rt-uri.h"

#include <string.h>

/** rt_har_find_fact: (nullable): what the source of a reconstructed message said of it. */
const char *
rt_har_find_fact (const RtTransfer *transfer, const char *name)
{
  const char *value = NULL;

  if (transfer != NULL && transfer->facts != NULL)
    g_variant_lookup (transfer->facts, name, "&s", &value);
  return value;
}

static void
append_pair (GString *out, RtText name, RtText value)
{
  g_string_append_c (out, '{');
  rt_har_append_member (out, "name", name);
  rt_har_append_member (out, "value", value);
  rt_har_close_with (out, "},");
}

/* Fields */

static void
append_fields (GString *out, const char *member, RtFields *fields)
{
  g_string_append_printf (out, "\"%s\":[", member);
  for (guint i = 0; i < rt_fields_get_length (fields); i++)
    {
      const RtField *field = rt_fields_get (fields, i);

      append_pair (out, field->name, field->value);
    }
  rt_har_close_with (out, "],");
}

static void
append_trailers (GString *out, const RtMessage *message)
{
  if (message->trailers != NULL && rt_fields_get_length (message->trailers) > 0)
    append_fields (out, "_trailers", message->trailers);
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
  rt_har_close_with (out, "],");
}

static void
append_attribute (GString *out, const RtCookieAttribute *attribute)
{
  g_autofree char *expires = NULL;

  switch (attribute->kind)
    {
    case RT_COOKIE_PATH:
      rt_har_append_member (out, "path", attribute->value);
      break;
    case RT_COOKIE_DOMAIN:
      rt_har_append_member (out, "domain", attribute->value);
      break;
    case RT_COOKIE_EXPIRES:
      expires = rt_time_format (attribute->time);
      rt_har_append_member (out, "expires", rt_text (attribute->ignored ? "" : expires));
      break;
    case RT_COOKIE_SAME_SITE:
      rt_har_append_member (out, "sameSite", attribute->value);
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
      rt_har_append_member (out, "name", cookie.name);
      rt_har_append_member (out, "value", cookie.value);
      for (guint kind = RT_COOKIE_EXPIRES; kind < RT_COOKIE_N_ATTRIBUTES; kind++)
        if (rt_set_cookie_find (&cookie, (RtCookieAttributeKind)kind, &attribute))
          append_attribute (out, &attribute);
      rt_har_close_with (out, "},");
    }
  rt_har_close_with (out, "],");
}

/* Part of a form or query, its escapes undone. */
static void
append_decoded (GString *out, const char *name, RtText text)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  g_autofree char *spaced = rt_text_dup (text);

  g_strdelimit (spaced, "+", ' ');
  rt_percent_decode (plain, (RtText){ spaced, text.length });
  rt_har_append_member (out, name, (RtText){ plain->str, plain->len });
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
      rt_har_close_with (out, "},");
      at = part + 1;
    }
  rt_har_close_with (out, "],");
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
      rt_har_append_member (out, "text", (RtText){ at, length });
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
  rt_har_append_number (out, "size", problem != NULL && size == 0 ? RT_HAR_UNKNOWN : size);
  if (!response->message->reconstructed && content->undone[0] != NULL)
    rt_har_append_number (out, "compression", length - (gint64)g_bytes_get_size (content->coded));
  rt_har_append_member (out, "mimeType", media_type_of (response->message));
  if (length > 0 || problem == NULL)
    append_body (out, "encoding", content->bytes);
  if (problem != NULL)
    rt_har_append_member (out, "comment", rt_text (problem));
  rt_har_close_with (out, "},");
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
  rt_har_append_member (out, "mimeType", type);
  if (rt_text_starts_with (type, RT_TEXT ("application/x-www-form-urlencoded")))
    append_form (out, "params", body);
  if (body.length > 0)
    append_body (out, "_encoding", content->bytes);
  if (problem != NULL)
    rt_har_append_member (out, "comment", rt_text (problem));
  rt_har_close_with (out, "},");
}

/* Messages */

static void
append_version (GString *out, const RtTransfer *transfer)
{
  const char *version = rt_har_find_fact (transfer, "version");

  rt_har_append_member (
      out, "httpVersion",
      rt_text (version != NULL ? version : rt_version_name (transfer->message->version)));
}

static void
append_sizes (GString *out, const RtTransfer *transfer)
{
  gboolean known = !transfer->message->reconstructed;

  rt_har_append_number (out, "headersSize",
                        known ? (gint64)transfer->message->head.length : RT_HAR_UNKNOWN);
  rt_har_append_number (out, "bodySize", known ? (gint64)transfer->content.length : RT_HAR_UNKNOWN);
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
  rt_har_append_member (out, "url", (RtText){ url->str, url->len });
  if (target.length == 0 || target.at[0] != '/')
    rt_har_append_member (out, "_target", target);
  append_form (out, "queryString", uri.query.at != NULL ? uri.query : RT_TEXT (""));
}

/** rt_har_append_request: the member `request`. */
void
rt_har_append_request (GString *out, RtAnalysis *analysis, const RtExchange *exchange)
{
  const RtTransfer *request = exchange->request;

  g_string_append (out, "\"request\":{");
  rt_har_append_member (out, "method", request->message->method);
  append_url (out, exchange);
  append_version (out, request);
  append_request_cookies (out, request->message);
  append_fields (out, "headers", request->message->fields);
  append_trailers (out, request->message);
  append_posted (out, analysis, request);
  append_sizes (out, request);
  rt_har_close_with (out, "},");
}

/** rt_har_append_response: the member `response`, where there is one. */
void
rt_har_append_response (GString *out, RtAnalysis *analysis, const RtExchange *exchange)
{
  const RtTransfer *response = exchange->response;
  const RtField *location = rt_fields_first (response->message->fields, "Location");
  gint64 size;

  g_string_append (out, "\"response\":{");
  rt_har_append_number (out, "status", response->message->status);
  rt_har_append_member (out, "statusText", response->message->reason);
  append_version (out, response);
  append_response_cookies (out, response->message);
  append_fields (out, "headers", response->message->fields);
  append_trailers (out, response->message);
  append_content (out, analysis, response);
  rt_har_append_member (out, "redirectURL", location != NULL ? location->value : RT_TEXT (""));
  append_sizes (out, response);
  if (response->facts != NULL && g_variant_lookup (response->facts, "transfer-size", "x", &size))
    rt_har_append_number (out, "_transferSize", size);
  if (exchange->failed != NULL)
    rt_har_append_member (out, "_error", rt_text (exchange->failed));
  rt_har_close_with (out, "},");
}

/** rt_har_append_no_response: what browsers write for a request without a response. */
void
rt_har_append_no_response (GString *out, const RtExchange *exchange)
{
  g_string_append (
      out,
      "\"response\":{\"status\":0,\"statusText\":\"\",\"httpVersion\":\"\",\"cookies\":[],"
      "\"headers\":[],\"content\":{\"size\":0,\"mimeType\":\"x-unknown\"},\"redirectURL\":\"\","
      "\"headersSize\":-1,\"bodySize\":-1,");
  rt_har_append_member (out, "_error",
                        rt_text (exchange->failed != NULL ? exchange->failed : "it goes on"));
  rt_har_close_with (out, "},");
}

/**
 * rt_har_append_interim:
 * @interim: a 1xx response
 * @after: since the entry's start
 *
 * What HAR has no place for.
 */
void
rt_har_append_interim (GString *out, const RtTransfer *interim, RtTime after)
{
  g_string_append_c (out, '{');
  rt_har_append_number (out, "status", interim->message->status);
  rt_har_append_member (out, "statusText", interim->message->reason);
  append_version (out, interim);
  append_fields (out, "headers", interim->message->fields);
  rt_har_append_msec (out, "time", after);
  rt_har_close_with (out, "},");
}
