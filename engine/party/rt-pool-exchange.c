/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An exchange's beginning: the bytes of its request, and how many responses they ask for. */
#include "rt-pool-private.h"

/* The requests that a server could see in @bytes. */
static void
find_requests (RtPoolExchange *exchange)
{
  g_autoptr (RtHttp1Reader) reader
      = rt_http1_reader_new (RT_MESSAGE_REQUEST, RT_HTTP1_TOLERANT, NULL);
  RtHttp1Event event;

  rt_http1_reader_feed (reader, exchange->bytes,
                        (RtSpan){ 0, (guint32)g_bytes_get_size (exchange->bytes), 1 });
  while ((event = rt_http1_reader_next (reader)).kind != RT_HTTP1_NEED_MORE
         && event.kind != RT_HTTP1_ERROR && event.kind != RT_HTTP1_TUNNEL)
    if (event.kind == RT_HTTP1_HEAD)
      {
        g_ptr_array_add (exchange->requests, rt_message_ref (event.message));
        exchange->keeps_open = rt_http1_keeps_open (event.message);
      }
}

RtPoolExchange *
rt_pool_exchange_new (RtPool *pool, const RtPoolRequest *request)
{
  RtPoolExchange *exchange = g_new0 (RtPoolExchange, 1);

  exchange->id = ++pool->last;
  exchange->host = g_strdup (request->to.host);
  exchange->port = request->to.port;
  exchange->tls = request->to.tls;
  exchange->policy = request->policy;
  exchange->name = g_strdup (request->policy == RT_POOL_NAMED ? request->name : NULL);
  exchange->requests = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_message_unref);
  if (request->bytes != NULL)
    {
      exchange->bytes = g_bytes_ref (request->bytes);
      find_requests (exchange);
    }
  else
    {
      exchange->bytes = request->streamed
                            ? rt_http1_write_head (request->message)
                            : rt_http1_write_message (request->message, request->content);
      g_ptr_array_add (exchange->requests, rt_message_ref (request->message));
      exchange->keeps_open = rt_http1_keeps_open (request->message);
    }
  exchange->streamed = request->streamed;
  exchange->forwarded = request->forwarded;
  exchange->whole = !request->streamed;
  exchange->chunked = request->streamed
                      && rt_fields_first (request->message->fields, "Transfer-Encoding") != NULL;
  /* Bytes that are no request get an answer, too. */
  exchange->n_expected = MAX (exchange->requests->len, 1);
  return exchange;
}

void
rt_pool_exchange_free (gpointer data)
{
  RtPoolExchange *exchange = data;

  g_bytes_unref (exchange->bytes);
  g_queue_clear_full (&exchange->waiting, (GDestroyNotify)g_bytes_unref);
  g_ptr_array_unref (exchange->requests);
  g_free (exchange->host);
  g_free (exchange->name);
  g_free (exchange);
}
