/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Answers: how they are framed, and what they say of the connection's future. An answer is given
 * whole or as it comes; either way it gets the fields that belong to this connection, and its
 * content the framing that the client's version understands (RFC 9112 §6.3). */
#include "rt-server-private.h"

#include "rt-date.h"

/* RFC 9112 §9.3: may the connection be used for another request? A request that is answered before
 * its content was read leaves bytes that could be taken for the next one. */
static gboolean
is_last (RtServing *serving, RtMessage *response)
{
  return !serving->complete || serving->connection->eof
         || !rt_http1_keeps_open (serving->request.message) || !rt_http1_keeps_open (response);
}

static gboolean
has_no_content (RtServing *serving, guint status)
{
  return rt_text_is (serving->request.message->method, "HEAD") || status == 204 || status == 304;
}

/* @length: of the content; negative: not known yet. */
static void
add_framing (RtServing *serving, RtMessage *head, gint64 length)
{
  serving->no_content = has_no_content (serving, head->status);
  if (head->status == 204 || head->status == 304
      || rt_fields_first (head->fields, "Content-Length") != NULL
      || rt_fields_first (head->fields, "Transfer-Encoding") != NULL)
    return;
  if (length >= 0)
    {
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, length);

      rt_fields_append (head->fields, "Content-Length", text);
    }
  else if (serving->request.message->version == RT_VERSION_1_1)
    {
      rt_fields_append (head->fields, "Transfer-Encoding", "chunked");
      serving->chunked = TRUE;
    }
  else
    serving->last = TRUE; /* the content ends with the connection */
}

static void
begin (RtServing *serving, RtMessage *response, gint64 length, RtTime now)
{
  g_autoptr (RtMessage) head = rt_message_new_response (response->status, NULL);
  g_autoptr (GBytes) bytes = NULL;

  serving->begun = TRUE;
  if (serving->connection == NULL)
    return;
  rt_message_set_status (head, response->status, response->reason);
  /* RFC 9110 §6.6.1: an origin server with a clock sends Date. */
  if (rt_fields_first (response->fields, "Date") == NULL)
    {
      g_autofree char *date = rt_http_date_dup (now);

      rt_fields_append (head->fields, "Date", date);
    }
  for (guint i = 0; i < rt_fields_get_length (response->fields); i++)
    rt_fields_append_from (head->fields, response->fields, i);
  serving->last = is_last (serving, response);
  add_framing (serving, head, length);
  if (serving->last && rt_http1_keeps_open (response))
    rt_fields_append (head->fields, "Connection", "close");
  else if (serving->request.message->version < RT_VERSION_1_1 && !serving->last)
    rt_fields_append (head->fields, "Connection", "keep-alive");
  bytes = rt_http1_write_head (head);
  rt_server_connection_emit (serving->connection, bytes);
}

/**
 * rt_server_request_answer:
 * @request: a request that has no answer yet
 * @response: the answer; Date, framing and connection fields are added where they are missing
 * @content: (nullable): all of its content
 * @now: the time
 * @out: where effects gather
 *
 * Answers in one go. @request is gone afterwards.
 */
void
rt_server_request_answer (
    RtServerRequest *request, RtMessage *response, GBytes *content, RtTime now, RtEffects *out)
{
  RtServing *serving = (RtServing *)request;

  g_return_if_fail (!serving->begun);

  begin (serving, response, content != NULL ? (gint64)g_bytes_get_size (content) : 0, now);
  if (serving->connection != NULL && !serving->no_content)
    rt_server_connection_emit (serving->connection, content);
  serving->ended = TRUE;
  rt_serving_go_on (serving, now, out);
}

/**
 * rt_server_request_begin:
 * @request: a request that has no answer yet
 * @response: the answer's head; content follows by rt_server_request_write(). An interim one (1xx)
 *   can come before
 * @now: the time
 * @out: where effects gather
 */
void
rt_server_request_begin (RtServerRequest *request, RtMessage *response, RtTime now, RtEffects *out)
{
  RtServing *serving = (RtServing *)request;
  g_autoptr (GBytes) interim = NULL;

  g_return_if_fail (!serving->begun);

  if (response->status >= 200)
    begin (serving, response, -1, now);
  else if (serving->connection != NULL && request->message->version == RT_VERSION_1_1)
    {
      /* RFC 9110 §15.2: no 1xx to a client of HTTP/1.0. */
      interim = rt_http1_write_head (response);
      rt_server_connection_emit (serving->connection, interim);
    }
  rt_serving_go_on (serving, now, out);
}

/**
 * rt_server_request_write:
 * @request: a request whose answer has begun
 * @bytes: some of its content
 * @now: the time
 * @out: where effects gather
 *
 * The handler's `writable` is called once it has left.
 */
void
rt_server_request_write (RtServerRequest *request, GBytes *bytes, RtTime now, RtEffects *out)
{
  RtServing *serving = (RtServing *)request;
  g_autoptr (GBytes) chunk = NULL;

  g_return_if_fail (serving->begun);

  if (serving->connection == NULL || serving->no_content || g_bytes_get_size (bytes) == 0)
    return;
  chunk = serving->chunked ? rt_http1_write_chunk (bytes) : g_bytes_ref (bytes);
  rt_server_connection_emit (serving->connection, chunk);
  rt_serving_go_on (serving, now, out);
}

/**
 * rt_server_request_end:
 * @request: a request whose answer has begun
 * @now: the time
 * @out: where effects gather
 *
 * The answer is whole. @request is gone afterwards.
 */
void
rt_server_request_end (RtServerRequest *request, RtTime now, RtEffects *out)
{
  rt_server_request_end_with (request, NULL, now, out);
}

/**
 * rt_server_request_end_with:
 * @request: a request whose answer has begun
 * @trailers: (nullable): sent where the content is chunked, dropped elsewhere (RFC 9110 §6.5.1)
 * @now: the time
 * @out: where effects gather
 *
 * The answer is whole. @request is gone afterwards.
 */
void
rt_server_request_end_with (RtServerRequest *request,
                            RtFields *trailers,
                            RtTime now,
                            RtEffects *out)
{
  RtServing *serving = (RtServing *)request;
  g_autoptr (GBytes) chunk = NULL;

  g_return_if_fail (serving->begun);

  if (serving->connection != NULL && serving->chunked && !serving->no_content)
    {
      chunk = rt_http1_write_last_chunk (trailers);
      rt_server_connection_emit (serving->connection, chunk);
    }
  serving->ended = TRUE;
  rt_serving_go_on (serving, now, out);
}

/**
 * rt_server_request_abort:
 * @request: a request that is not answered in full
 * @now: the time
 * @out: where effects gather
 *
 * There will be no whole answer: the connection is cut off, which alone tells the client so.
 * @request is gone afterwards.
 */
void
rt_server_request_abort (RtServerRequest *request, RtTime now, RtEffects *out)
{
  RtServing *serving = (RtServing *)request;

  serving->begun = serving->ended = TRUE;
  rt_serving_cut (serving, now, out);
}

/**
 * rt_server_request_stop:
 * @request: a request that is not answered in full, or not at all
 * @now: the time
 * @out: where effects gather
 *
 * There will be no more of an answer: when what was written of it has left, the connection is
 * closed, without anything that marks the answer's end. @request is gone afterwards.
 */
void
rt_server_request_stop (RtServerRequest *request, RtTime now, RtEffects *out)
{
  RtServing *serving = (RtServing *)request;

  serving->begun = serving->ended = serving->last = TRUE;
  rt_serving_go_on (serving, now, out);
}

/**
 * rt_server_request_write_raw:
 * @request: a request
 * @bytes: what goes over the wire as it is
 * @now: the time
 * @out: where effects gather
 *
 * For servers that break the rules. What follows is rt_server_request_stop(), or
 * rt_server_request_end() where the bytes were all of an answer and the connection is to be kept.
 */
void
rt_server_request_write_raw (RtServerRequest *request, GBytes *bytes, RtTime now, RtEffects *out)
{
  RtServing *serving = (RtServing *)request;

  serving->begun = TRUE;
  if (serving->connection != NULL)
    rt_server_connection_emit (serving->connection, bytes);
  rt_serving_go_on (serving, now, out);
}

/**
 * rt_server_request_tunnel:
 * @request: a CONNECT that is complete and has no answer yet
 * @response: a 2xx
 * @now: the time
 * @out: where effects gather
 *
 * From here on the connection carries bytes: the handler's `tunnel` gets those of the client,
 * rt_server_request_write() sends to it, rt_server_request_end() closes (RFC 9110 §9.3.6).
 */
void
rt_server_request_tunnel (RtServerRequest *request, RtMessage *response, RtTime now, RtEffects *out)
{
  RtServing *serving = (RtServing *)request;
  g_autoptr (GBytes) head = NULL;

  g_return_if_fail (!serving->begun && serving->complete);

  serving->begun = serving->tunnel = serving->last = TRUE;
  if (serving->connection == NULL)
    return;
  rt_http1_reader_tunnel (serving->connection->reader);
  head = rt_http1_write_head (response);
  rt_server_connection_emit (serving->connection, head);
  rt_serving_go_on (serving, now, out);
}
