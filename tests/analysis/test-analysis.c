/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From events to exchanges: pairing, times, what is missing, and that nothing is known before it
 * was fed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "log-builder.h"
#include "rt-note.h"
#include "rt-transcript.h"

#define GET "GET /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\n\r\n"
#define GET_2 "GET /doc/2 HTTP/1.1\r\nHost: api.shop.test\r\n\r\n"
#define HEAD "HEAD /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\n\r\n"
#define PUT                                                                                        \
  "PUT /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\nIf-Match: \"1\"\r\nContent-Length: "              \
  "5\r\n\r\nhello"
#define OK "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 5\r\n\r\nhello"
#define OK_2 "HTTP/1.1 200 OK\r\nETag: \"2\"\r\nContent-Length: 5\r\n\r\nworld"
#define NO_CONTENT "HTTP/1.1 204 No Content\r\n\r\n"
#define FAILED "HTTP/1.1 412 Precondition Failed\r\nETag: \"2\"\r\nContent-Length: 0\r\n\r\n"
#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

/* Scenarios */

static void
one_exchange (Builder *b)
{
  build_send (b, RT_FORWARD, GET);
  build_send (b, RT_BACKWARD, OK);
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
pipelined (Builder *b)
{
  build_send (b, RT_FORWARD, GET GET_2);
  build_send (b, RT_BACKWARD, OK OK_2);
}

static void
interim (Builder *b)
{
  build_send (b, RT_FORWARD, PUT);
  build_send (b, RT_BACKWARD, "HTTP/1.1 100 Continue\r\n\r\n");
  build_send (b, RT_BACKWARD, NO_CONTENT);
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
connect_tunnel (Builder *b)
{
  build_send (b, RT_FORWARD, "CONNECT shop.test:443 HTTP/1.1\r\nHost: shop.test:443\r\n\r\n");
  build_send (b, RT_BACKWARD, "HTTP/1.1 200 Connected\r\n\r\n");
  build_send (b, RT_FORWARD, "\x16\x03\x01 opaque GET / HTTP/1.1\r\n\r\n");
  build_send (b, RT_BACKWARD, "\x16\x03\x03 opaque HTTP/1.1 200 OK\r\n\r\n");
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
nobody_asked (Builder *b)
{
  build_send (b, RT_BACKWARD, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
  build_fin (b, RT_BACKWARD);
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
in_pieces (Builder *b)
{
  static const char *const pieces[]
      = { "G", "ET /doc/1 HT", "TP/1.1\r\nHost: api.shop", ".test\r\n", "\r\n" };

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    build_send (b, RT_FORWARD, pieces[i]);
  build_send (b, RT_BACKWARD, OK);
}

static void
reset (Builder *b)
{
  build_send (b, RT_FORWARD, GET);
  build_send (b, RT_BACKWARD, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhel");
  build_event (b, RT_EVENT_RESET, b->client, RT_SPAN_NONE, g_variant_new_string ("by the peer"));
}

static void
reset_until_close (Builder *b)
{
  build_send (b, RT_FORWARD, GET);
  build_send (b, RT_BACKWARD, "HTTP/1.1 200 OK\r\n\r\nhel");
  build_event (b, RT_EVENT_RESET, b->client, RT_SPAN_NONE, g_variant_new_string ("by the peer"));
}

static void
until_close (Builder *b)
{
  build_send (b, RT_FORWARD, GET);
  build_send (b, RT_BACKWARD, "HTTP/1.1 200 OK\r\n\r\nhel");
  build_send (b, RT_BACKWARD, "lo");
  build_fin (b, RT_BACKWARD);
}

static void
no_answer (Builder *b)
{
  build_send (b, RT_FORWARD, GET);
  build_fin (b, RT_BACKWARD);
}

static void
half_a_request (Builder *b)
{
  build_send (b, RT_FORWARD, "\r\nGET /doc/1 HTTP/1.1\r\nHos");
  build_send (b, RT_BACKWARD, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
}

static void
half_a_request_for_good (Builder *b)
{
  half_a_request (b);
  build_fin (b, RT_BACKWARD);
  build_fin (b, RT_FORWARD);
}

static void
gap_in_response (Builder *b)
{
  RtSpan none = { 0, 0, b->buffers[RT_BACKWARD] };

  build_send (b, RT_FORWARD, GET);
  none.offset = rt_span_end (
      build_send (b, RT_BACKWARD, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhel"));
  build_event (b, RT_EVENT_GAP, 0, none, g_variant_new ("(ts)", (guint64)20, "not captured"));
  build_send (b, RT_BACKWARD, "HTTP/1.1\r\nthe rest of it");
  build_send (b, RT_FORWARD, GET_2);
  build_send (b, RT_BACKWARD, OK_2);
}

static void
gap_over_response (Builder *b)
{
  RtSpan none = { 0, 0, b->buffers[RT_BACKWARD] };

  build_send (b, RT_FORWARD, GET);
  build_event (b, RT_EVENT_GAP, 0, none, g_variant_new ("(ts)", (guint64)0, ""));
  build_send (b, RT_FORWARD, GET_2);
  build_send (b, RT_BACKWARD, "of the lost one\r\n" OK_2);
}

static void
only_arrivals (Builder *b)
{
  build_received (b, RT_FORWARD, build_bytes (b, RT_FORWARD, GET));
  b->now += TRIP;
  build_received (b, RT_BACKWARD, build_bytes (b, RT_BACKWARD, OK));
}

static void
only_departures (Builder *b)
{
  build_sent (b, RT_FORWARD, GET);
  b->now += TRIP;
  build_sent (b, RT_BACKWARD, OK);
  build_fin (b, RT_BACKWARD);
}

static void
only_responses (Builder *b)
{
  build_send (b, RT_BACKWARD, OK);
  build_send (b, RT_BACKWARD, OK_2);
}

static void
lost_segment (Builder *b)
{
  RtSpan first, second;

  build_send (b, RT_FORWARD, GET);
  first = build_sent (b, RT_BACKWARD, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  build_event (b, RT_EVENT_LOST, b->server, first, NULL);
  second = build_sent (b, RT_BACKWARD, "hello");
  b->now += TRIP;
  build_received (b, RT_BACKWARD, second);
  build_event (b, RT_EVENT_SENT, b->server, first, g_variant_new_string ("retransmission"));
  b->now += TRIP;
  build_received (b, RT_BACKWARD, first);
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
http2 (Builder *b)
{
  build_send (b, RT_FORWARD, "PRI * HT");
  build_send (b, RT_FORWARD, "TP/2.0\r\n\r\nSM\r\n\r\nGET / HTTP/1.1\r\n\r\n");
  build_send (b, RT_BACKWARD, "\x01frames");
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
refused (Builder *b)
{
  b->connection = rt_log_next_connection (b->log);
  build_event (b, RT_EVENT_CONNECT, b->client, RT_SPAN_NONE,
               g_variant_new ("(sqsq)", "127.0.0.1", 9, "tcp", 0));
  build_event (b, RT_EVENT_RESET, b->client, RT_SPAN_NONE, g_variant_new_string ("refused"));
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

static const RtClause tag_clause
    = { "precondition.if-match", "the tag is current", "RFC 9110 §13.1.1", RT_LEVEL_MUST };
static const RtClause late_clause
    = { "precondition.late", "a later check", "RFC 9110 §13.1.2", RT_LEVEL_MUST };
static const RtClause *const clauses[] = { &tag_clause, &late_clause };
static const RtRule rule
    = RT_RULE ("precondition", "Do the preconditions let it through?", "RFC 9110 §13.2.2", clauses);

static GVariant *
decision (const char *subject, const char *verdict, RtSpan proof)
{
  g_autoptr (RtDecision) why = rt_decision_new ();

  rt_decision_begin (why, &rule, rt_text (subject));
  rt_check (why, &tag_clause, FALSE, rt_fact_text ("If-Match", RT_TEXT ("\"1\""), proof),
            rt_fact_number ("version", 2, RT_SPAN_NONE));
  rt_decision_conclude (why, verdict);
  return rt_decision_to_variant (why);
}

static void
lost_update (Builder *b)
{
  RtSpan put = build_send (b, RT_FORWARD, PUT);

  build_event (b, RT_EVENT_DECISION, b->server, rt_span_sub (put, 52, 3),
               decision ("PUT", "412", rt_span_sub (put, 52, 3)));
  build_event (b, RT_EVENT_STATE, b->server, RT_SPAN_NONE,
               g_variant_new (
                   "(ss@mv)", "version", "/doc/1",
                   g_variant_new_maybe (G_VARIANT_TYPE_VARIANT,
                                        g_variant_new_variant (g_variant_new_parsed (
                                            "{'etag': <'\"2\"'>, 'version': <2>, 'content': "
                                            "<'0123456789 0123456789 0123456789 0123456789'>}")))));
  build_send (b, RT_BACKWARD, FAILED);
}

static void
decisions_on_pipeline (Builder *b)
{
  RtSpan both = build_send (b, RT_FORWARD, GET GET_2);
  guint64 arrived = b->last;

  build_event (b, RT_EVENT_DECISION, b->server, RT_SPAN_NONE,
               decision ("GET", "proceed", rt_span_sub (both, 4, 6)));
  b->last = arrived;
  build_event (b, RT_EVENT_DECISION, b->server, RT_SPAN_NONE,
               decision ("GET", "proceed", rt_span_sub (both, strlen (GET) + 4, 6)));
}

static void
decided_before_asking (Builder *b)
{
  RtConnection connection = b->connection;
  guint64 task;

  b->connection = 0;
  build_event (b, RT_EVENT_TASK, b->client, RT_SPAN_NONE,
               g_variant_new ("(ts)", (guint64)1, "get"));
  task = b->last;
  build_event (b, RT_EVENT_DECISION, b->client, RT_SPAN_NONE,
               decision ("GET /doc/1", "revalidate", RT_SPAN_NONE));
  b->last = task;
  build_event (b, RT_EVENT_DECISION, b->client, RT_SPAN_NONE,
               decision ("GET /doc/2", "reuse", RT_SPAN_NONE));
  b->last = task;
  b->connection = connection;
  build_event (b, RT_EVENT_DECISION, b->client, RT_SPAN_NONE,
               decision ("api.shop.test", "accept", RT_SPAN_NONE));
  b->last = task;
  one_exchange (b);
}

/* Checks */

static const RtExchange *
exchange (RtAnalysis *a, guint id)
{
  const RtExchange *found = rt_analysis_get_exchange (a, id);

  assert_non_null (found);
  return found;
}

static void
assert_target (RtAnalysis *a, guint id, const char *title)
{
  g_autofree char *is = NULL;

  assert_non_null (exchange (a, id)->request);
  is = rt_transfer_dup_title (exchange (a, id)->request);
  assert_string_equal (is, title);
}

static void
assert_status (RtAnalysis *a, guint id, guint status)
{
  assert_non_null (exchange (a, id)->response);
  assert_int_equal (exchange (a, id)->response->message->status, status);
}

static void
assert_content (RtAnalysis *a, const RtTransfer *transfer, const char *text)
{
  g_autoptr (GBytes) content = rt_analysis_dup_content (a, transfer);

  assert_non_null (content);
  assert_int_equal (g_bytes_get_size (content), strlen (text));
  assert_memory_equal (g_bytes_get_data (content, NULL), text, strlen (text));
}

static guint
n_exchanges (RtAnalysis *a)
{
  return rt_analysis_get_exchanges (a)->len;
}

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
check_pipelined (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 2);
  assert_target (a, 1, "GET /doc/1");
  assert_target (a, 2, "GET /doc/2");
  assert_content (a, exchange (a, 1)->response, "hello");
  assert_content (a, exchange (a, 2)->response, "world");
}

static void
check_interim (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 1);
  assert_int_equal (exchange (a, 1)->interim->len, 1);
  assert_status (a, 1, 204);
}

static void
check_head (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 2);
  assert_int_equal (exchange (a, 1)->response->content_length, 0);
  assert_true (exchange (a, 1)->response->complete);
  assert_content (a, exchange (a, 2)->response, "hello");
}

static void
check_tunnel (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 1);
  assert_status (a, 1, 200);
  assert_string_equal (exchange (a, 1)->authority, "shop.test:443");
}

static void
check_upgrade (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 1);
  assert_status (a, 1, 101);
  assert_int_equal (exchange (a, 1)->interim->len, 0);
}

static void
check_nobody_asked (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 1);
  assert_null (exchange (a, 1)->request);
  assert_status (a, 1, 408);
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
check_in_pieces (RtAnalysis *a)
{
  const RtTransfer *request = exchange (a, 1)->request;

  assert_int_equal (n_exchanges (a), 1);
  assert_int_equal (request->sent_last - request->sent_first, 4 * TRIP);
  assert_int_equal (request->received_head, request->received_last);
  assert_int_equal (exchange (a, 1)->started, request->sent_first);
}

static void
check_reset (RtAnalysis *a)
{
  const RtExchange *e = exchange (a, 1);

  assert_non_null (e->failed);
  assert_non_null (strstr (e->failed, "by the peer"));
  assert_false (e->response->complete);
  assert_non_null (e->response->broken);
  assert_int_equal (rt_analysis_get_connection (a, 1)->end, RT_CONNECTION_CUT);
  assert_int_equal (e->notes->len, 1);
  assert_int_equal (((RtNote *)e->notes->pdata[0])->severity, RT_SEVERITY_PROBLEM);
}

static void
check_until_close (RtAnalysis *a)
{
  assert_true (exchange (a, 1)->response->complete);
  assert_content (a, exchange (a, 1)->response, "hello");
  assert_null (exchange (a, 1)->failed);
}

static void
check_no_answer (RtAnalysis *a)
{
  assert_null (exchange (a, 1)->response);
  assert_non_null (exchange (a, 1)->failed);
  assert_true (exchange (a, 1)->ended != RT_TIME_UNKNOWN);
}

static void
check_half_a_request (RtAnalysis *a)
{
  const RtExchange *e = exchange (a, 1);

  assert_int_equal (n_exchanges (a), 1);
  assert_status (a, 1, 408);
  assert_false (e->request->has_head);
  assert_int_equal (e->request->message->method.length, 0);
  assert_null (e->request->broken);
}

static void
check_half_a_request_for_good (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 1);
  assert_status (a, 1, 408);
  assert_non_null (exchange (a, 1)->request->broken);
  assert_null (exchange (a, 1)->failed);
}

static void
check_gap_in_response (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 2);
  assert_false (exchange (a, 1)->response->complete);
  assert_non_null (strstr (exchange (a, 1)->failed, "not captured"));
  assert_content (a, exchange (a, 2)->response, "world");
}

static void
check_gap_over_response (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 2);
  assert_null (exchange (a, 1)->response);
  assert_non_null (exchange (a, 1)->failed);
  assert_content (a, exchange (a, 2)->response, "world");
}

static void
check_only_arrivals (RtAnalysis *a)
{
  const RtExchange *e = exchange (a, 1);

  assert_int_equal (e->request->sent_first, e->request->received_first);
  assert_int_equal (e->response->sent_last, e->response->received_last);
  assert_int_equal (e->ended - e->started, TRIP);
}

static void
check_only_departures (RtAnalysis *a)
{
  const RtExchange *e = exchange (a, 1);

  assert_int_equal (e->request->received_first, RT_TIME_UNKNOWN);
  assert_int_equal (e->ended - e->started, TRIP);
}

static void
check_only_responses (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 2);
  assert_null (exchange (a, 2)->request);
  assert_content (a, exchange (a, 2)->response, "world");
}

static void
check_lost_segment (RtAnalysis *a)
{
  const RtTransfer *response = exchange (a, 1)->response;
  GPtrArray *segments = rt_analysis_get_segments (a);
  guint lost = 0, again = 0, under_way = 0;

  assert_int_equal (response->received_last - response->sent_first, 2 * TRIP);
  assert_int_equal (response->received_first, response->received_last);
  for (guint i = 0; i < segments->len; i++)
    {
      const RtSegment *segment = segments->pdata[i];

      lost += segment->lost ? 1 : 0;
      again += segment->retransmission ? 1 : 0;
      under_way += !segment->lost && segment->received == RT_TIME_UNKNOWN ? 1 : 0;
    }
  assert_int_equal (lost, 1);
  assert_int_equal (again, 1);
  assert_int_equal (under_way, 0);
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
check_http2 (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 0);
  assert_int_equal (rt_analysis_get_notes (a)->len, 0);
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
check_two_connections (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 2);
  assert_target (a, 1, "GET /doc/1");
  assert_target (a, 2, "GET /doc/2");
  assert_content (a, exchange (a, 1)->response, "hello");
  assert_int_equal (exchange (a, 2)->connection, 2);
}

static void
check_refused (RtAnalysis *a)
{
  assert_int_equal (rt_analysis_get_connection (a, 2)->end, RT_CONNECTION_FAILED);
  assert_string_equal (rt_analysis_get_connection (a, 2)->why, "refused");
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

static void
check_lost_update (RtAnalysis *a)
{
  const RtExchange *e = exchange (a, 1);
  const RtNote *note;

  assert_int_equal (e->decisions->len, 1);
  assert_int_equal (e->states->len, 1);
  assert_int_equal (e->notes->len, 1);
  note = e->notes->pdata[0];
  assert_int_equal (note->severity, RT_SEVERITY_GOOD);
  assert_string_equal (note->title, "An edit was saved from being overwritten");
  assert_string_equal (note->reference, "RFC 9110 §13.1.1");
  assert_string_equal (note->text, "No: the tag is current (If-Match \"1\", version 2).");
  assert_ptr_equal (rt_analysis_find_transfer (a, note->span), e->request);
}

static void
check_decisions_on_pipeline (RtAnalysis *a)
{
  assert_int_equal (exchange (a, 1)->decisions->len, 1);
  assert_int_equal (exchange (a, 2)->decisions->len, 1);
}

static void
check_decided_before_asking (RtAnalysis *a)
{
  GPtrArray *decisions = rt_analysis_get_decisions (a);

  assert_int_equal (exchange (a, 1)->decisions->len, 2);
  assert_int_equal (((RtDecisionInfo *)decisions->pdata[0])->exchange, 1);
  assert_int_equal (((RtDecisionInfo *)decisions->pdata[1])->exchange, 0);
  /* What is decided about a connection needs no target to go by. */
  assert_int_equal (((RtDecisionInfo *)decisions->pdata[2])->exchange, 1);
}

typedef struct
{
  const char *name;
  void (*build) (Builder *b);
  void (*check) (RtAnalysis *a);
} Scenario;

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
  { "a reset breaks the response off", reset, check_reset },
  { "a reset does not complete a response that goes on to the end", reset_until_close, check_reset },
  { "closing completes a response that goes on to the end", until_close, check_until_close },
  { "closing instead of answering fails the exchange", no_answer, check_no_answer },
  { "half a request can be answered", half_a_request, check_half_a_request },
  { "half a request is incomplete once its client closes", half_a_request_for_good, check_half_a_request_for_good },
  { "behind a gap the next response is found", gap_in_response, check_gap_in_response },
  { "a response lost in a gap is not replaced by the next", gap_over_response, check_gap_over_response },
  { "arrivals alone serve for both times", only_arrivals, check_only_arrivals },
  { "departures alone are enough", only_departures, check_only_departures },
  { "responses alone are enough", only_responses, check_only_responses },
  { "bytes behind a lost segment arrive with it", lost_segment, check_lost_segment },
  { "plaintext is read, ciphertext is not", over_tls, check_over_tls },
  { "HTTP/2 is not read as HTTP/1", http2, check_http2 },
  { "reconstructed bytes have no framing findings", reconstructed, check_reconstructed },
  { "exchanges are numbered by their first byte", two_connections, check_two_connections },
  { "a refused connection failed", refused, check_refused },
  { "exchanges know their step", steps, check_steps },
  { "a 412 that kept an edit is good news", lost_update, check_lost_update },
  { "what a decision cites tells pipelined requests apart", decisions_on_pipeline, check_decisions_on_pipeline },
  { "a client's decision goes to the exchange it led to", decided_before_asking, check_decided_before_asking },
};
/* clang-format on */

static void
test_scenario (void **state)
{
  const Scenario *scenario = *state;
  Builder b = build_log ();
  g_autoptr (RtLog) log = b.log;
  g_autoptr (RtAnalysis) analysis = NULL;

  scenario->build (&b);
  analysis = build_analysis (&b, G_MAXUINT64);
  scenario->check (analysis);
}

/* Event by event, by reader and by page, gives at every cut what a fresh analysis up to there
 * gives. */
static void
test_incremental (void **state)
{
  const Scenario *scenario = *state;
  Builder b = build_log ();
  g_autoptr (RtLog) log = b.log;
  g_autoptr (RtAnalysis) step_by_step = rt_analysis_new ();
  g_autoptr (RtAnalysis) by_page = rt_analysis_new ();
  guint64 length;

  scenario->build (&b);
  length = rt_log_get_length (log);
  rt_log_flush (log);
  for (guint64 cut = 1; cut <= length; cut++)
    {
      g_autoptr (RtAnalysis) fresh = build_analysis (&b, cut);
      g_autoptr (RtPage) page = rt_reader_dup_page (rt_log_get_reader (log), cut - 1, NULL);
      g_autofree char *want = rt_transcript_dup (fresh, RT_TRANSCRIPT_ALL);
      g_autofree char *one = NULL;
      g_autofree char *two = NULL;

      assert_true (rt_analysis_feed_reader (step_by_step, rt_log_get_reader (log), cut, NULL));
      rt_analysis_feed (by_page, page, cut);
      one = rt_transcript_dup (step_by_step, RT_TRANSCRIPT_ALL);
      two = rt_transcript_dup (by_page, RT_TRANSCRIPT_ALL);
      assert_string_equal (one, want);
      assert_string_equal (two, want);
    }
}

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

static void
test_transcript_reads_well (void **state)
{
  static const char want[]
      = "Begins at 2026-01-01T12:00:00Z. There are ann (client), api.shop.test (origin).\n"
        "     0 ms  ann connects to api.shop.test:80 [connection 1], up at 40 ms\n"
        "    40 ms  ann -> api.shop.test: PUT /doc/1, there at 60 ms [exchange 1]\n"
        "             If-Match: \"1\"\n"
        "    60 ms  api.shop.test decides: Do the preconditions let it through?\n"
        "             precondition  PUT  -> 412                          RFC 9110 §13.2.2\n"
        "              NO  the tag is current: If-Match \"1\" [request bytes 52..54],\n"
        "                  version 2  <- decides\n"
        "              ..  not asked: a later check\n"
        "             Good: An edit was saved from being overwritten.\n"
        "    60 ms  api.shop.test: version /doc/1 is now etag \"2\", version 2, content\n"
        "           0123456789 0123456789 0123456789 012345…\n"
        "    60 ms  api.shop.test -> ann: 412 Precondition Failed, there at 80 ms\n"
        "           [exchange 1]\n"
        "             ETag: \"2\"\n";
  Builder b = build_log ();
  g_autoptr (RtLog) log = b.log;
  g_autoptr (RtAnalysis) analysis = NULL;
  g_autofree char *is = NULL;

  lost_update (&b);
  analysis = build_analysis (&b, G_MAXUINT64);
  is = rt_transcript_dup (analysis, RT_TRANSCRIPT_DECISIONS | RT_TRANSCRIPT_NOTES);
  assert_string_equal (is, want);
}

static void
test_transcript_width (void **state)
{
  const Scenario *scenario = *state;
  Builder b = build_log ();
  g_autoptr (RtLog) log = b.log;
  g_autoptr (RtAnalysis) analysis = NULL;
  g_autofree char *transcript = NULL;
  g_auto (GStrv) lines = NULL;

  scenario->build (&b);
  analysis = build_analysis (&b, G_MAXUINT64);
  transcript = rt_transcript_dup (analysis, RT_TRANSCRIPT_ALL);
  assert_true (g_utf8_validate (transcript, -1, NULL));
  lines = g_strsplit (transcript, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    assert_true (g_utf8_strlen (lines[i], -1) <= 80);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (scenarios) * 3 + 2];
  gsize n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (scenarios); i++)
    {
      gpointer row = (gpointer)&scenarios[i];

      tests[n++] = (struct CMUnitTest){ scenarios[i].name, test_scenario, NULL, NULL, row };
      tests[n++]
          = (struct CMUnitTest){ "… and so event by event", test_incremental, NULL, NULL, row };
      tests[n++]
          = (struct CMUnitTest){ "… and in 80 columns", test_transcript_width, NULL, NULL, row };
    }
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_mask);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_transcript_reads_well);
  return _cmocka_run_group_tests ("from the log to exchanges", tests, n, NULL, NULL);
}
