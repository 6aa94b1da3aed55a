/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What an intermediary does to the fields of what it forwards. Framing and connection fields are
 * of one hop: they are taken out and made anew from what was understood, so that the next hop can
 * read nothing into the message that was not read here (RFC 9112 §6.3, §11.2; RFC 9110 §7.6). */
#include "rt-gateway-private.h"

#include "rt-forwarded.h"

/* RFC 9110 §7.6.1, and what is for this hop by its nature. */
static const char *const hop_fields[] = {
  "Connection", "Keep-Alive",     "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding",
  "Upgrade",    "HTTP2-Settings", "Content-Length",
};

/* Consumed by the proxy that they are for (RFC 9110 §11.7). */
static const char *const proxy_fields[]
    = { "Proxy-Authorization", "Proxy-Authenticate", "Proxy-Authentication-Info" };

static gboolean
is_one_of (RtText name, const char *const *names, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (rt_text_is_nocase (name, names[i]))
      return TRUE;
  return FALSE;
}

/* @nominates: the section has a Connection field. */
static gboolean
goes_on (RtFields *fields, const RtField *field, gboolean nominates)
{
  return !is_one_of (field->name, hop_fields, G_N_ELEMENTS (hop_fields))
         && !is_one_of (field->name, proxy_fields, G_N_ELEMENTS (proxy_fields))
         && !(nominates && rt_fields_list_contains (fields, "Connection", field->name));
}

static gboolean
has_connection (RtFields *fields)
{
  return rt_fields_first (fields, "Connection") != NULL;
}

static void
append_framing (RtFields *out, const RtMessage *message)
{
  g_autofree char *length = g_strdup_printf ("%" G_GUINT64_FORMAT, message->content_length);

  if (message->framing == RT_FRAMING_LENGTH)
    rt_fields_append (out, "Content-Length", length);
  else if (message->framing == RT_FRAMING_CHUNKED)
    rt_fields_append (out, "Transfer-Encoding", "chunked");
}

/**
 * rt_gateway_add_via:
 * @version: of the message as it was received
 * @fields: where to append this hop, RFC 9110 §7.6.3
 */
void
rt_gateway_add_via (RtGateway *gateway, RtVersion version, RtFields *fields)
{
  g_autofree char *via
      = g_strdup_printf ("%s %s", version == RT_VERSION_1_0 ? "1.0" : "1.1", gateway->name);

  rt_fields_append (fields, "Via", via);
}

/**
 * rt_gateway_is_looping:
 *
 * Returns: whether this very intermediary has forwarded the request before (RFC 9110 §7.6.3)
 */
gboolean
rt_gateway_is_looping (RtGateway *gateway, RtMessage *request)
{
  const RtField *field;
  guint at = 0;

  while ((field = rt_fields_next (request->fields, "Via", &at)) != NULL)
    {
      RtText rest = field->value;
      RtVia via;

      while (rt_via_next (&rest, &via))
        if (!via.malformed && rt_text_is_nocase (via.received_by, gateway->name))
          return TRUE;
    }
  return FALSE;
}

static void
append_joined (RtFields *fields, const char *name, RtText value)
{
  g_autofree char *before = rt_fields_dup_combined (fields, name);
  g_autofree char *joined = before != NULL && *before != '\0'
                                ? g_strdup_printf ("%s, %.*s", before, (int)value.length, value.at)
                                : rt_text_dup (value);

  rt_fields_remove (fields, name);
  rt_fields_append (fields, name, joined);
}

/* RFC 7239 §4. The hops before this one have said what they know; whom to believe is the reader's
 * to decide. */
static void
add_forwarded (RtErrand *errand, RtFields *fields)
{
  const RtServerRequest *request = errand->request;
  g_autofree char *address = rt_server_request_dup_address (request);
  /* RFC 7239 §6: IPv6 in brackets. */
  g_autofree char *node
      = strchr (address, ':') != NULL ? g_strdup_printf ("[%s]", address) : g_strdup (address);
  g_autoptr (GString) element = g_string_new (NULL);
  const RtForwarded forwarded
      = { .client = rt_text (node),
          .host = *request->authority != '\0' ? rt_text (request->authority) : RT_TEXT_NONE,
          .proto = rt_text (request->scheme) };

  if (errand->gateway->settings.forwarded)
    {
      rt_forwarded_append (element, &forwarded);
      append_joined (fields, "Forwarded", rt_text (element->str));
    }
  if (!errand->gateway->settings.x_forwarded)
    return;
  append_joined (fields, "X-Forwarded-For", rt_text (address));
  rt_fields_remove (fields, "X-Forwarded-Host");
  if (*request->authority != '\0')
    rt_fields_append (fields, "X-Forwarded-Host", request->authority);
  rt_fields_set (fields, "X-Forwarded-Proto", request->scheme);
}

/* What only a trusted intermediary should have said. */
static void
forget_forwarded (RtFields *fields)
{
  static const char *const names[]
      = { "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    rt_fields_remove (fields, names[i]);
}

/* RFC 9110 §7.6.2. */
static void
count_down (RtMessage *message, RtFields *fields)
{
  const RtField *field = rt_fields_first (fields, "Max-Forwards");
  guint64 left;
  g_autofree char *text = NULL;

  if (field == NULL || !rt_text_to_uint64 (field->value, &left) || left == 0
      || !(rt_text_is (message->method, "TRACE") || rt_text_is (message->method, "OPTIONS")))
    return;
  text = g_strdup_printf ("%" G_GUINT64_FORMAT, left - 1);
  rt_fields_set (fields, "Max-Forwards", text);
}

static char *
upstream_authority (RtErrand *errand)
{
  gboolean brackets = strchr (errand->to.host, ':') != NULL;

  return g_strdup_printf (errand->to.port == 80 ? "%s%s%s" : "%s%s%s:%u", brackets ? "[" : "",
                          errand->to.host, brackets ? "]" : "", errand->to.port);
}

/* An expectation counts from HTTP/1.1 on; before, it is ignored, by the next server, too (RFC 9110
 * §10.1.1): what is passed on is a request of HTTP/1.1. */
static gboolean
is_ignored (const RtMessage *message, const RtField *field)
{
  return message->version < RT_VERSION_1_1 && rt_text_is_nocase (field->name, "Expect");
}

/**
 * rt_gateway_request_fields:
 * @errand: an errand
 * @message: its request, as the cache wants it asked
 *
 * Returns: (transfer full): the fields to forward
 */
RtFields *
rt_gateway_request_fields (RtErrand *errand, RtMessage *message)
{
  RtGateway *gateway = errand->gateway;
  RtFields *fields = rt_fields_new ();
  gboolean keeps_host = gateway->settings.keep_host || gateway->proxy != NULL;
  /* RFC 9110 §7.2: from the target URI, whatever Host said; HTTP/1.0 needs not have one. */
  g_autofree char *host = keeps_host && *errand->authority != '\0' ? g_strdup (errand->authority)
                                                                   : upstream_authority (errand);
  gboolean nominates = has_connection (message->fields);

  rt_fields_append (fields, "Host", host);
  for (guint i = 0; i < rt_fields_get_length (message->fields); i++)
    {
      const RtField *field = rt_fields_get (message->fields, i);

      if (goes_on (message->fields, field, nominates) && !rt_text_is_nocase (field->name, "Host")
          && !is_ignored (message, field))
        rt_fields_append_from (fields, message->fields, i);
    }
  append_framing (fields, message);
  if (rt_fields_list_contains (message->fields, "TE", RT_TEXT ("trailers")))
    {
      rt_fields_append (fields, "TE", "trailers");
      rt_fields_append (fields, "Connection", "TE");
    }
  count_down (message, fields);
  if (gateway->settings.forget_forwarded)
    forget_forwarded (fields);
  if (errand->request != NULL)
    add_forwarded (errand, fields);
  rt_gateway_add_via (gateway, message->version, fields);
  return fields;
}

/**
 * rt_gateway_response_fields:
 * @response: what the server sent
 *
 * Returns: (transfer full): the fields to forward. Without Content-Length where its length is not
 *   what frames it; the server side then frames it anew
 */
RtFields *
rt_gateway_response_fields (RtMessage *response)
{
  RtFields *fields = rt_fields_new ();
  const RtField *length = rt_fields_first (response->fields, "Content-Length");
  gboolean nominates = has_connection (response->fields);

  for (guint i = 0; i < rt_fields_get_length (response->fields); i++)
    {
      const RtField *field = rt_fields_get (response->fields, i);

      if (goes_on (response->fields, field, nominates))
        rt_fields_append_from (fields, response->fields, i);
    }
  if (response->framing == RT_FRAMING_LENGTH)
    append_framing (fields, response);
  else if (response->framing == RT_FRAMING_NONE && length != NULL && response->status != 204
           && rt_fields_count (response->fields, "Content-Length") == 1)
    rt_fields_append_field (fields, length); /* of what a GET would have brought */
  return fields;
}

/**
 * rt_gateway_trailers:
 * @trailers: (nullable): trailers that were received
 *
 * Source: RFC 9110 §6.5.1: what frames, routes or modifies a message means nothing behind it.
 *
 * Returns: (transfer full) (nullable): those to forward
 */
RtFields *
rt_gateway_trailers (RtFields *trailers)
{
  static const char *const barred[] = { "Host",          "Cache-Control", "Max-Forwards",
                                        "Authorization", "Set-Cookie",    "Content-Encoding",
                                        "Content-Type",  "Content-Range", "Expect",
                                        "Range",         "Via",           "Age",
                                        "Date",          "Expires",       "Location",
                                        "Vary",          "Retry-After",   "Warning" };
  RtFields *fields;
  gboolean nominates;

  if (trailers == NULL || rt_fields_get_length (trailers) == 0)
    return NULL;
  fields = rt_fields_new ();
  nominates = has_connection (trailers);
  for (guint i = 0; i < rt_fields_get_length (trailers); i++)
    {
      const RtField *field = rt_fields_get (trailers, i);

      if (goes_on (trailers, field, nominates)
          && !is_one_of (field->name, barred, G_N_ELEMENTS (barred)))
        rt_fields_append_field (fields, field);
    }
  return fields;
}

/**
 * rt_gateway_uri:
 * @scheme: of the target URI
 * @authority: of it, as it was written
 * @path_and_query: of it
 *
 * Source: RFC 9110 §4.2.3: case of the host and the default port make no difference.
 *
 * Returns: (transfer full): the target URI, the cache's key
 */
char *
rt_gateway_uri (const char *scheme, const char *authority, RtText path_and_query)
{
  g_autofree char *lower = g_ascii_strdown (authority, -1);

  if (strcmp (scheme, "http") == 0 && g_str_has_suffix (lower, ":80"))
    lower[strlen (lower) - 3] = '\0';
  else if (strcmp (scheme, "https") == 0 && g_str_has_suffix (lower, ":443"))
    lower[strlen (lower) - 4] = '\0';
  return g_strdup_printf ("%s://%s%.*s", scheme, lower, (int)path_and_query.length,
                          path_and_query.length > 0 ? path_and_query.at : "");
}
