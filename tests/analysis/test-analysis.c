/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From events to exchanges: pairing, times, and that nothing is known before it was fed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "scenario.h"

#define HEAD "HEAD /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\n\r\n"
#define NO_CONTENT "HTTP/1.1 204 No Content\r\n\r\n"
#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

static void
check_one_exchange (RtAnalysis *a)
{
  const RtExchange *e = exchange (a, 1);
  RtTime start = rt_analysis_get_start (a);

  assert_int_equal (n_exchanges (a), 1);
  assert_target (a, 1, "GET /doc/1");
  assert_status (a, 1, 200);
  assert_content (a, e->response, "hello");
  assert_string_equal (e->scheme, "http");
  assert_string_equal (e->authority, "api.shop.test");
  assert_true (e->request->complete && e->response->complete);
  assert_int_equal (e->request->sent_first - start, 2 * TRIP);
  assert_int_equal (e->request->received_last - start, 3 * TRIP);
  assert_int_equal (e->response->sent_first - start, 3 * TRIP);
  assert_int_equal (e->response->received_last - start, 4 * TRIP);
  assert_int_equal (e->started - start, 2 * TRIP);
  assert_int_equal (e->ended - start, 4 * TRIP);
  assert_int_equal (e->client, 1);
  assert_int_equal (e->server, 2);
  assert_null (e->failed);
}

static void
keep_alive (Builder *b)
{
  one_exchange (b);
  build_send (b, RT_FORWARD, PUT);
  build_send (b, RT_BACKWARD, NO_CONTENT);
  build_fin (b, RT_FORWARD);
  build_fin (b, RT_BACKWARD);
}

static void
check_keep_alive (RtAnalysis *a)
{
  const RtConnectionInfo *info = rt_analysis_get_connection (a, 1);

  assert_int_equal (n_exchanges (a), 2);
  assert_target (a, 2, "PUT /doc/1");
  assert_status (a, 2, 204);
  assert_content (a, exchange (a, 2)->request, "hello");
  assert_int_equal (info->n_exchanges, 2);
  assert_int_equal (info->end, RT_CONNECTION_CLOSED);
  assert_int_equal (info->established - info->opened, 2 * TRIP);
}

static void
pipelined (Builder *b)
{
  build_send (b, RT_FORWARD, GET GET_2);
  build_send (b, RT_BACKWARD, OK OK_2);
}

static void
check_pipelined (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 2);
  assert_target (a, 1, "GET /doc/1");
  assert_target (a, 2, "GET /doc/2");
  assert_content (a, exchange (a, 1)->response, "hello");
  assert_content (a, exchange (a, 2)->response, "world");
}

static void
interim (Builder *b)
{
  build_send (b, RT_FORWARD, PUT);
  build_send (b, RT_BACKWARD, "HTTP/1.1 100 Continue\r\n\r\n");
  build_send (b, RT_BACKWARD, NO_CONTENT);
}

static void
check_interim (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 1);
  assert_int_equal (exchange (a, 1)->interim->len, 1);
  assert_status (a, 1, 204);
}

static void
head (Builder *b)
{
  build_send (b, RT_FORWARD, HEAD);
  build_send (b, RT_BACKWARD, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
  build_send (b, RT_FORWARD, GET);
  build_send (b, RT_BACKWARD, OK);
}

static void
check_head (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 2);
  assert_int_equal (exchange (a, 1)->response->content_length, 0);
  assert_true (exchange (a, 1)->response->complete);
  assert_content (a, exchange (a, 2)->response, "hello");
}

#define TUNNELLED_THERE "\x16\x03\x01 opaque GET / HTTP/1.1\r\n\r\n"
#define TUNNELLED_BACK "\x16\x03\x03 opaque HTTP/1.1 200 OK\r\n\r\n"

static void
connect_tunnel (Builder *b)
{
  build_send (b, RT_FORWARD, "CONNECT shop.test:443 HTTP/1.1\r\nHost: shop.test:443\r\n\r\n");
  build_send (b, RT_BACKWARD, "HTTP/1.1 200 Connected\r\n\r\n");
  build_send (b, RT_FORWARD, TUNNELLED_THERE);
  build_send (b, RT_BACKWARD, TUNNELLED_BACK);
}

static void
check_tunnel (RtAnalysis *a)
{
  GPtrArray *segments = rt_analysis_get_segments (a);
  gsize n = 0;

  assert_int_equal (n_exchanges (a), 1);
  assert_status (a, 1, 200);
  assert_string_equal (exchange (a, 1)->authority, "shop.test:443");
  for (guint i = 0; i < segments->len; i++)
    {
      const RtSegment *segment = segments->pdata[i];

      assert_int_equal (segment->tunnelled, segment->name != NULL && segment->span.length > 0);
      n += segment->tunnelled ? segment->span.length : 0;
    }
  assert_int_equal (n, strlen (TUNNELLED_THERE) + strlen (TUNNELLED_BACK));
}

static void
upgrade (Builder *b)
{
  build_send (b, RT_FORWARD,
              "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
              "Connection: Upgrade\r\n\r\n");
  build_send (b, RT_BACKWARD,
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
              "Connection: Upgrade\r\n\r\n\x81\x02hi");
  build_send (b, RT_FORWARD, "\x81\x02ho");
}

static void
check_upgrade (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 1);
  assert_status (a, 1, 101);
  assert_int_equal (exchange (a, 1)->interim->len, 0);
}

static void
nobody_asked (Builder *b)
{
  build_send (b, RT_BACKWARD, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
  build_fin (b, RT_BACKWARD);
}

static void
check_nobody_asked (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 1);
  assert_null (exchange (a, 1)->request);
  assert_status (a, 1, 408);
}

static void
chunked (Builder *b)
{
  build_send (b, RT_FORWARD, GET);
  build_send (b, RT_BACKWARD, CHUNKED);
  build_send (b, RT_BACKWARD, "5\r\nhello\r\n");
  build_send (b, RT_BACKWARD, "6\r\n world\r\n0\r\nExpires: 0\r\n\r\n");
}

static void
check_chunked (RtAnalysis *a)
{
  const RtTransfer *response = exchange (a, 1)->response;
  RtSpan content = rt_analysis_get_content_span (a, response);
  g_autoptr (GArray) sources = g_array_new (FALSE, FALSE, sizeof (RtSpan));
  guint64 base = response->whole.offset + strlen (CHUNKED);

  assert_content (a, response, "hello world");
  assert_int_equal (response->content_length, 11);
  assert_true (content.buffer >= RT_BUFFER_DERIVED);
  assert_non_null (response->message->trailers);
  assert_true (response->trailer.length > 0);
  assert_int_equal (rt_span_end (response->whole), rt_span_end (response->trailer));
  rt_analysis_trace_span (a, rt_span_sub (content, 3, 5), sources);
  assert_int_equal (sources->len, 2);
  assert_int_equal (g_array_index (sources, RtSpan, 0).offset, base + 3 + 3);
  assert_int_equal (g_array_index (sources, RtSpan, 0).length, 2);
  assert_int_equal (g_array_index (sources, RtSpan, 1).offset, base + 10 + 3);
  assert_int_equal (g_array_index (sources, RtSpan, 1).length, 3);
  assert_ptr_equal (rt_analysis_find_transfer (a, content), response);
}

static void
in_pieces (Builder *b)
{
  static const char *const pieces[]
      = { "G", "ET /doc/1 HT", "TP/1.1\r\nHost: api.shop", ".test\r\n", "\r\n" };

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    build_send (b, RT_FORWARD, pieces[i]);
  build_send (b, RT_BACKWARD, OK);
}

static void
check_in_pieces (RtAnalysis *a)
{
  const RtTransfer *request = exchange (a, 1)->request;

  assert_int_equal (n_exchanges (a), 1);
  assert_int_equal (request->sent_last - request->sent_first, 4 * TRIP);
  assert_int_equal (request->received_head, request->received_last);
  assert_int_equal (exchange (a, 1)->started, request->sent_first);
}

static void
over_tls (Builder *b)
{
  build_send (b, RT_FORWARD, "\x16\x03\x01GET /wrong HTTP/1.1\r\n\r\n");
  build_send (b, RT_BACKWARD, "\x16\x03\x03HTTP/1.1 200 OK\r\n\r\n");
  build_event (b, RT_EVENT_SECURED, b->client, RT_SPAN_NONE, NULL);
  build_buffers (b, RT_BYTES_DECRYPTED, b->buffers[RT_FORWARD], b->buffers[RT_BACKWARD]);
  one_exchange (b);
}

static void
check_over_tls (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 1);
  assert_target (a, 1, "GET /doc/1");
  assert_string_equal (exchange (a, 1)->scheme, "https");
  assert_true (rt_analysis_get_connection (a, 1)->secure);
  /* SYN, SYN ACK and two of ciphertext: plaintext makes no trips. */
  assert_int_equal (rt_analysis_get_segments (a)->len, 4);
}

static void
http2 (Builder *b)
{
  build_send (b, RT_FORWARD, "PRI * HT");
  build_send (b, RT_FORWARD, "TP/2.0\r\n\r\nSM\r\n\r\nGET / HTTP/1.1\r\n\r\n");
  build_send (b, RT_BACKWARD, "\x01frames");
}

static void
check_http2 (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 0);
  assert_int_equal (rt_analysis_get_notes (a)->len, 0);
}

static void
reconstructed (Builder *b)
{
  b->connection = rt_log_next_connection (b->log);
  build_buffers (b, RT_BYTES_RECONSTRUCTED, 0, 0);
  build_send (b, RT_FORWARD, "GET https://shop.test/a HTTP/1.1\r\n\r\n");
  build_send (b, RT_BACKWARD, OK);
}

static void
check_reconstructed (RtAnalysis *a)
{
  assert_true (exchange (a, 1)->request->message->reconstructed);
  assert_true (exchange (a, 1)->response->message->reconstructed);
  assert_string_equal (exchange (a, 1)->authority, "shop.test");
  assert_string_equal (exchange (a, 1)->scheme, "https");
  /* No Host in HTTP/1.1: not a finding here. */
  assert_int_equal (exchange (a, 1)->request->findings->len, 0);
  assert_int_equal (rt_analysis_get_notes (a)->len, 0);
}

static void
two_connections (Builder *b)
{
  Builder other = *b;

  build_send (b, RT_FORWARD, "GE");
  other.now = b->now;
  build_connect (&other);
  build_send (&other, RT_FORWARD, GET_2);
  b->now = other.now;
  build_send (b, RT_FORWARD, "T /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\n\r\n");
  other.now = b->now;
  build_send (&other, RT_BACKWARD, OK_2);
  b->now = other.now;
  build_send (b, RT_BACKWARD, OK);
}

static void
check_two_connections (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 2);
  assert_target (a, 1, "GET /doc/1");
  assert_target (a, 2, "GET /doc/2");
  assert_content (a, exchange (a, 1)->response, "hello");
  assert_int_equal (exchange (a, 2)->connection, 2);
}

static void
refused (Builder *b)
{
  b->connection = rt_log_next_connection (b->log);
  build_event (b, RT_EVENT_CONNECT, b->client, RT_SPAN_NONE,
               g_variant_new ("(sqsq)", "127.0.0.1", 9, "tcp", 0));
  build_event (b, RT_EVENT_RESET, b->client, RT_SPAN_NONE, g_variant_new_string ("refused"));
}

static void
check_refused (RtAnalysis *a)
{
  assert_int_equal (rt_analysis_get_connection (a, 2)->end, RT_CONNECTION_FAILED);
  assert_string_equal (rt_analysis_get_connection (a, 2)->why, "refused");
}

static void
steps (Builder *b)
{
  build_event (b, RT_EVENT_STEP, 0, RT_SPAN_NONE, g_variant_new ("(usb)", 1, "Ann reads", FALSE));
  one_exchange (b);
  build_event (b, RT_EVENT_STEP, 0, RT_SPAN_NONE, g_variant_new ("(usb)", 1, "Ann reads", TRUE));
  build_event (b, RT_EVENT_STEP, 0, RT_SPAN_NONE, g_variant_new ("(usb)", 2, "Ann saves", FALSE));
  build_send (b, RT_FORWARD, PUT);
}

static void
check_steps (RtAnalysis *a)
{
  GPtrArray *list = rt_analysis_get_steps (a);

  assert_int_equal (list->len, 2);
  assert_string_equal (((RtStepInfo *)list->pdata[0])->title, "Ann reads");
  assert_true (((RtStepInfo *)list->pdata[0])->ended != RT_TIME_UNKNOWN);
  assert_true (((RtStepInfo *)list->pdata[1])->last_event == RT_EVENT_NONE);
  assert_int_equal (exchange (a, 1)->step, 1);
  assert_int_equal (exchange (a, 2)->step, 2);
}

/* clang-format off */
static const Scenario scenarios[] = {
  { "one exchange has its times from both ends", one_exchange, check_one_exchange },
  { "a connection is reused, then closed", keep_alive, check_keep_alive },
  { "pipelined requests get their responses in order", pipelined, check_pipelined },
  { "1xx is interim", interim, check_interim },
  { "a response to HEAD has no content", head, check_head },
  { "a tunnel is no HTTP", connect_tunnel, check_tunnel },
  { "101 is final and ends HTTP", upgrade, check_upgrade },
  { "a response that nobody asked for is kept", nobody_asked, check_nobody_asked },
  { "chunked content leads back to the wire", chunked, check_chunked },
  { "a request is there from its first byte", in_pieces, check_in_pieces },
  { "plaintext is read, ciphertext is not", over_tls, check_over_tls },
  { "HTTP/2 is not read as HTTP/1", http2, check_http2 },
  { "reconstructed bytes have no framing findings", reconstructed, check_reconstructed },
  { "exchanges are numbered by their first byte", two_connections, check_two_connections },
  { "a refused connection failed", refused, check_refused },
  { "exchanges know their step", steps, check_steps },
};
/* clang-format on */

static void
test_mask (void **state)
{
  Builder b = build_log ();
  g_autoptr (RtLog) log = b.log;
  g_autoptr (RtAnalysis) analysis = NULL;
  g_autofree char *transcript = NULL;
  guint64 cut;
  RtSpan answer;

  build_send (&b, RT_FORWARD, GET);
  cut = rt_log_get_length (log);
  answer = build_send (&b, RT_BACKWARD, "HTTP/1.1 418 secret\r\nX: secret\r\n\r\n");
  analysis = build_analysis (&b, cut);
  transcript = rt_transcript_dup (analysis, RT_TRANSCRIPT_ALL);
  assert_null (strstr (transcript, "secret"));
  assert_null (exchange (analysis, 1)->response);
  assert_int_equal (rt_analysis_get_length (analysis), cut);
  assert_int_equal (rt_analysis_get_end (analysis) - rt_analysis_get_start (analysis), 3 * TRIP);
  assert_null (rt_analysis_dup_bytes (analysis, answer, NULL));
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (scenarios) * 3 + 1];
  gsize n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (scenarios); i++, n += 3)
    scenario_tests (&scenarios[i], &tests[n]);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_mask);
  return _cmocka_run_group_tests ("from the log to exchanges", tests, n, NULL, NULL);
}
