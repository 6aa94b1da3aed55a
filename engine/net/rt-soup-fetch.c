/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One exchange of libsoup's with any server.
 *
 * Its connection is its own, perhaps one of HTTP/2, so there are no bytes to write down. What it
 * says it sent and got is written as HTTP/1.1 would have it, marked as reconstructed. */
#include "rt-soup-fetch.h"

#include "rt-error.h"

#include <libsoup/soup.h>

/* Read at a time. */
#define PIECE (64 * 1024)

static SoupMessage *
make_message (const RtSoupFetch *fetch, GError **error)
{
  g_autofree char *text = rt_url_serialize (fetch->url, FALSE);
  g_autoptr (GUri) uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, error);
  g_autofree char *method = rt_text_dup (fetch->request->method);
  SoupMessage *message;

  if (uri == NULL)
    return NULL;
  message = soup_message_new_from_uri (method, uri);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  for (guint i = 0; i < rt_fields_get_length (fetch->request->fields); i++)
    {
      const RtField *field = rt_fields_get (fetch->request->fields, i);
      g_autofree char *name = rt_text_dup (field->name);
      g_autofree char *value = rt_text_dup (field->value);

      if (!rt_text_is_nocase (field->name, "Host"))
        soup_message_headers_append (soup_message_get_request_headers (message), name, value);
    }
  return message;
}

static gboolean
accept_any_cb (SoupMessage *message,
               GTlsCertificate *certificate,
               GTlsCertificateFlags problems,
               gpointer data)
{
  return TRUE;
}

static SoupSession *
make_session (const RtSoupFetch *fetch, GError **error)
{
  SoupSession *session = soup_session_new ();
  g_autoptr (GTlsDatabase) database = NULL;
  g_autofree char *path = NULL;

  soup_session_set_timeout (session, (guint)((fetch->timeout + RT_TIME_SEC - 1) / RT_TIME_SEC));
  if (fetch->authorities == NULL)
    return session;
  path = g_canonicalize_filename (fetch->authorities, NULL);
  database = g_tls_file_database_new (path, error);
  if (database == NULL)
    {
      g_object_unref (session);
      return NULL;
    }
  soup_session_set_tls_database (session, database);
  return session;
}

/* Reads what there is, up to the cap; whether that is all. */
static gboolean
read_content (GInputStream *stream, GByteArray *content, GError **error)
{
  g_autofree guint8 *piece = g_malloc (PIECE);
  gssize n;

  while ((n = g_input_stream_read (stream, piece, PIECE, NULL, error)) > 0)
    {
      if (content->len + (gsize)n > RT_SOUP_FETCH_MAX)
        return FALSE;
      g_byte_array_append (content, piece, (guint)n);
    }
  return n == 0;
}

/* Writing it down. */

typedef struct
{
  RtLog *log;
  RtConnection connection;
  RtPartyId ends[2];
  RtBufferId buffers[2];
  RtTime now;
} Line;

static guint64
append (Line *line, RtEventKind kind, RtPartyId party, guint64 cause, RtSpan span, GVariant *detail)
{
  return rt_log_append (line->log,
                        &(RtEvent){ .time = line->now,
                                    .cause = cause,
                                    .span = span,
                                    .connection = line->connection,
                                    .party = party,
                                    .kind = (guint16)kind },
                        detail);
}

static Line
open_line (RtLog *log, const RtUrl *url)
{
  g_autofree char *name = g_strdup_printf ("libsoup %u.%u.%u", soup_get_major_version (),
                                           soup_get_minor_version (), soup_get_micro_version ());
  Line line = { .log = log, .now = g_get_real_time () };

  line.ends[RT_FORWARD] = rt_log_add_party (log, line.now, name, "client");
  line.ends[RT_BACKWARD] = rt_log_add_party (log, line.now, url->host, "origin");
  line.connection = rt_log_next_connection (log);
  append (&line, RT_EVENT_CONNECT, line.ends[RT_FORWARD], RT_EVENT_NONE, RT_SPAN_NONE,
          g_variant_new ("(sqsq)", url->host, (guint16)rt_url_get_port (url), "tcp",
                         line.ends[RT_BACKWARD]));
  for (guint way = 0; way < 2; way++)
    {
      append (&line, RT_EVENT_ESTABLISHED, line.ends[way], RT_EVENT_NONE, RT_SPAN_NONE, NULL);
      line.buffers[way] = rt_log_add_buffer (log, line.now, line.connection, line.ends[way],
                                             (RtDirection)way, RT_BYTES_RECONSTRUCTED, 0);
    }
  return line;
}

static void
append_field (const char *name, const char *value, gpointer head)
{
  g_string_append_printf (head, "%s: %s\r\n", name, value);
}

static void
write_message (Line *line,
               RtDirection way,
               GString *head,
               SoupMessageHeaders *headers,
               GByteArray *content,
               gboolean whole,
               const char *version)
{
  g_autoptr (GBytes) bytes = NULL;
  g_auto (GVariantDict) facts = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant) about = NULL;
  gsize head_length;
  RtSpan span;
  guint64 sent;

  soup_message_headers_foreach (headers, append_field, head);
  g_string_append (head, "\r\n");
  head_length = head->len;
  if (content != NULL)
    g_string_append_len (head, (const char *)content->data, content->len);
  bytes = g_bytes_new (head->str, head->len);
  g_variant_dict_insert (&facts, "version", "s", version);
  about = g_variant_ref_sink (g_variant_dict_end (&facts));
  span = rt_log_write (line->log, line->buffers[way], bytes);
  append (line, RT_EVENT_REBUILT, line->ends[way], RT_EVENT_NONE, rt_span_sub (span, 0, 0),
          g_variant_new ("(uttms@a{sv})", (guint32)head_length,
                         (guint64)(content != NULL ? content->len : 0), (guint64)0,
                         whole ? NULL : "there was more than is kept", about));
  sent = append (line, RT_EVENT_SENT, line->ends[way], RT_EVENT_NONE, span, NULL);
  append (line, RT_EVENT_RECEIVED, line->ends[!way], sent, span, NULL);
}

static const char *
name_version (SoupMessage *message)
{
  SoupHTTPVersion version = soup_message_get_http_version (message);

  return version == SOUP_HTTP_2_0 ? "HTTP/2" : version == SOUP_HTTP_1_0 ? "HTTP/1.0" : "HTTP/1.1";
}

static void
write_down (
    RtLog *log, const RtSoupFetch *fetch, SoupMessage *message, GByteArray *content, gboolean whole)
{
  Line line = open_line (log, fetch->url);
  g_autofree char *target = rt_url_dup_target (fetch->url);
  g_autofree char *authority = rt_url_dup_authority (fetch->url);
  SoupMessageHeaders *sent = soup_message_get_request_headers (message);
  g_autoptr (GString) request = g_string_new (NULL);
  g_autoptr (GString) response = g_string_new (NULL);
  const char *version = name_version (message);

  g_string_printf (request, "%s %s HTTP/1.1\r\n", soup_message_get_method (message), target);
  if (soup_message_headers_get_one (sent, "Host") == NULL)
    append_field ("Host", authority, request);
  write_message (&line, RT_FORWARD, request, sent, NULL, TRUE, version);
  g_string_printf (response, "HTTP/1.1 %u %s\r\n", soup_message_get_status (message),
                   soup_message_get_reason_phrase (message) != NULL
                       ? soup_message_get_reason_phrase (message)
                       : "");
  write_message (&line, RT_BACKWARD, response, soup_message_get_response_headers (message), content,
                 whole, version);
}

/**
 * rt_soup_fetch:
 * @log: where the exchange is written down
 * @fetch: what to ask
 *
 * Blocks until it is over.
 *
 * Errors: %RT_ERROR_PEER; of the file of authorities.
 *
 * Returns: whether there was a response
 */
gboolean
rt_soup_fetch (RtLog *log, const RtSoupFetch *fetch, GError **error)
{
  g_autoptr (SoupSession) session = make_session (fetch, error);
  g_autoptr (SoupMessage) message = session != NULL ? make_message (fetch, error) : NULL;
  g_autoptr (GByteArray) content = g_byte_array_new ();
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GError) problem = NULL;
  gboolean whole = FALSE;

  if (message == NULL)
    return FALSE;
  if (fetch->insecure)
    g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_any_cb), NULL);
  stream = soup_session_send (session, message, NULL, &problem);
  if (stream != NULL)
    whole = read_content (stream, content, &problem);
  if (problem != NULL)
    {
      rt_set_error (error, RT_ERROR_PEER, NULL, NULL, "libsoup: %s", problem->message);
      return FALSE;
    }
  write_down (log, fetch, message, content, whole);
  return TRUE;
}
