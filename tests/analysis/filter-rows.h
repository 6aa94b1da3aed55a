/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Seven exchanges, and which of them each filter matches: asked of the analysis and of a session
 * file alike. */
#pragma once

#include "log-builder.h"
#include "rt-gzip.h"

static inline void
send_exchange (Builder *b, const char *request, const char *response)
{
  build_send (b, RT_FORWARD, request);
  if (response != NULL)
    build_send (b, RT_BACKWARD, response);
}

static inline void
send_gzip (Builder *b)
{
  g_autoptr (GBytes) plain = g_bytes_new_static ("inside of the coding", 20);
  g_autoptr (GBytes) coded = rt_gzip (plain);
  g_autofree char *head = g_strdup_printf (
      "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\n"
      "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
      g_bytes_get_size (coded));
  RtSpan span;

  build_send (b, RT_FORWARD, "GET /coded HTTP/1.1\r\nHost: www.shop.test\r\n\r\n");
  build_send (b, RT_BACKWARD, head);
  span = rt_log_write (b->log, b->buffers[RT_BACKWARD], coded);
  build_event (b, RT_EVENT_SENT, b->server, span, NULL);
  build_received (b, RT_BACKWARD, span);
}

/* Seven exchanges; the rows below name them by number. */
/* The rows below name them by number. */
static inline void
build_filtered (Builder *b)
{
  send_exchange (b,
                 "GET /cart?item=7 HTTP/1.1\r\nHost: api.shop.test\r\nCookie: sid=1; theme=dark\r\n"
                 "Priority: u=1\r\n\r\n",
                 "HTTP/1.1 200 OK\r\nETag: \"abc\"\r\nContent-Type: application/json\r\n"
                 "Set-Cookie: seen=1\r\nContent-Length: 13\r\n\r\n{\"cheese\": 3}");
  send_exchange (b,
                 "PUT /cart HTTP/1.1\r\nHost: api.shop.test:80\r\nIf-Match: \"old\"\r\n"
                 "Content-Length: 5\r\n\r\nBread",
                 "HTTP/1.1 412 Precondition Failed\r\nContent-Length: 0\r\n\r\n");
  send_exchange (b,
                 "OPTIONS /cart HTTP/1.1\r\nHost: api.shop.test\r\nOrigin: https://a.test\r\n"
                 "Access-Control-Request-Method: PUT\r\n\r\n",
                 "HTTP/1.1 204 No Content\r\nAge: 7\r\n\r\n");
  send_exchange (b, "GET /old HTTP/1.1\r\nHost: www.shop.test\r\n\r\n",
                 "HTTP/1.1 301 Moved Permanently\r\nLocation: /new\r\nCache-Status: edge; hit\r\n"
                 "Content-Length: 0\r\n\r\n");
  send_gzip (b);
  send_exchange (b, "GET /chunks HTTP/1.1\r\nHost: other.test\r\n\r\n",
                 "HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "4\r\nbutt\r\n4\r\nered\r\n0\r\n\r\n");
  send_exchange (b, "GET /waits HTTP/1.1\r\nHost: api.shop.test\r\n\r\n", NULL);
}

typedef struct
{
  const char *filter, *matches;
} FilterRow;

/* clang-format off */
static const FilterRow filter_rows[] = {
  { "", "1 2 3 4 5 6 7" },
  { "   ", "1 2 3 4 5 6 7" },
  { "method:get", "1 4 5 6 7" },
  { "-method:GET", "2 3" },
  { "method:P*", "2" },
  { "status-code:412", "2" },
  { "status-code:4xx", "2" },
  { "status-code:2*", "1 3 5" },
  { "status-code:>=400", "2 6" },
  { "status-code:>412", "6" },
  { "status-code:<300", "1 3 5" },
  { "status-code:300-412", "2 4" },
  { "-status-code:200", "2 3 4 6 7" },
  { "domain:api.shop.test", "1 2 3 7" },
  { "domain:*.shop.test", "1 2 3 4 5 7" },
  { "domain:shop.test", "" },
  { "scheme:http", "1 2 3 4 5 6 7" },
  { "scheme:https", "" },
  { "url:/cart", "1 2 3" },
  { "url:shop.test/cart", "1 3" },
  { "url:*cart", "2 3" },
  { "mime-type:application/json", "1" },
  { "mime-type:text/*", "5" },
  { "larger-than:0", "1 2 3 4 5 6" },
  { "larger-than:70 smaller-than:110", "4 6" },
  { "larger-than:1k", "" },
  { "smaller-than:1k", "1 2 3 4 5 6 7" },
  { "duration:>1ms", "1 2 3 4 5 6" },
  { "duration:>1s", "" },
  { "party:ann", "1 2 3 4 5 6 7" },
  { "party:api*", "1 2 3 4 5 6 7" },
  { "party:bob", "" },
  { "connection:1", "1 2 3 4 5 6 7" },
  { "connection:2", "" },
  { "number:2-3", "2 3" },
  { "has-request-header:If-Match", "2" },
  { "has-request-header:access-*", "3" },
  { "has-response-header:etag", "1" },
  { "-has-response-header:content-length", "3 6 7" },
  { "cookie-name:sid", "1" },
  { "cookie-name:SID", "1" },
  { "cookie-name:seen", "" },
  { "set-cookie-name:seen", "1" },
  { "priority:1", "1" },
  { "priority:3", "2 3 4 5 6 7" },
  { "priority:<3", "1" },
  { "body:cheese", "1" },
  { "body:CHEESE", "1" },
  { "body:bread", "2" },
  { "request-body:bread", "2" },
  { "response-body:bread", "" },
  { "body:\"inside of\"", "5" },
  { "body:buttered", "6" },
  { "body:precondition", "" },
  { "bytes:7B2263", "1" },
  { "bytes:\"7b 22 63\"", "1" },
  { "bytes:1f8b", "5" },
  { "is:running", "7" },
  { "-is:running", "1 2 3 4 5 6" },
  { "is:failed", "" },
  { "is:error", "2 6" },
  { "is:redirect", "4" },
  { "is:preflight", "3" },
  { "is:from-cache", "3 4" },
  { "is:retried", "" },
  { "is:reconstructed", "" },
  { "is:secure", "" },
  { "is:marked", "2 4" },
  { "has:note", "4" },
  { "cheese", "1" },
  { "inside", "5" },
  { "buttered", "6" },
  { "\"Precondition Failed\"", "2" },
  { "-cheese -bread", "3 4 5 6 7" },
  { "/chee[sz]e/", "1" },
  { "/BUTT?ered$/", "6" },
  { "-/./", "" },
  { "/cart", "1 2 3" },
  { "/a b/ method:GET", "" },
  { "http://unquoted", "" },
  { "-", "1 2 3 4 5 6" },
  { "method:GET status-code:200 domain:api.shop.test", "1" },
  { "has-response-header:etag -\"no such text\"", "1" },
};
/* clang-format on */
