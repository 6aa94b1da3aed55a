/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From events to exchanges where something is missing: connections that break, bytes that were
 * lost or never seen. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "scenario.h"

static void
reset (Builder *b)
{
  build_send (b, RT_FORWARD, GET);
  build_send (b, RT_BACKWARD, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhel");
  build_event (b, RT_EVENT_RESET, b->client, RT_SPAN_NONE, g_variant_new_string ("by the peer"));
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
check_until_close (RtAnalysis *a)
{
  assert_true (exchange (a, 1)->response->complete);
  assert_content (a, exchange (a, 1)->response, "hello");
  assert_null (exchange (a, 1)->failed);
}

static void
no_answer (Builder *b)
{
  build_send (b, RT_FORWARD, GET);
  build_fin (b, RT_BACKWARD);
}

static void
check_no_answer (RtAnalysis *a)
{
  assert_null (exchange (a, 1)->response);
  assert_non_null (exchange (a, 1)->failed);
  assert_true (exchange (a, 1)->ended != RT_TIME_UNKNOWN);
}

static void
half_a_request (Builder *b)
{
  build_send (b, RT_FORWARD, "\r\nGET /doc/1 HTTP/1.1\r\nHos");
  build_send (b, RT_BACKWARD, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
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
half_a_request_for_good (Builder *b)
{
  half_a_request (b);
  build_fin (b, RT_BACKWARD);
  build_fin (b, RT_FORWARD);
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
check_gap_in_response (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 2);
  assert_false (exchange (a, 1)->response->complete);
  assert_non_null (strstr (exchange (a, 1)->failed, "not captured"));
  assert_content (a, exchange (a, 2)->response, "world");
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
check_gap_over_response (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 2);
  assert_null (exchange (a, 1)->response);
  assert_non_null (exchange (a, 1)->failed);
  assert_content (a, exchange (a, 2)->response, "world");
}

static void
only_arrivals (Builder *b)
{
  build_received (b, RT_FORWARD, build_bytes (b, RT_FORWARD, GET));
  b->now += TRIP;
  build_received (b, RT_BACKWARD, build_bytes (b, RT_BACKWARD, OK));
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
only_departures (Builder *b)
{
  build_sent (b, RT_FORWARD, GET);
  b->now += TRIP;
  build_sent (b, RT_BACKWARD, OK);
  build_fin (b, RT_BACKWARD);
}

static void
check_only_departures (RtAnalysis *a)
{
  const RtExchange *e = exchange (a, 1);

  assert_int_equal (e->request->received_first, RT_TIME_UNKNOWN);
  assert_int_equal (e->ended - e->started, TRIP);
}

static void
accept_program (Builder *b, GVariant *ends)
{
  b->connection = rt_log_next_connection (b->log);
  build_buffers (b, RT_BYTES_CROSSED, 0, 0);
  build_event (b, RT_EVENT_ESTABLISHED, b->server, RT_SPAN_NONE, ends);
  for (guint i = 0; i < 2; i++)
    {
      build_received (b, RT_FORWARD, build_bytes (b, RT_FORWARD, GET));
      b->now += TRIP;
      build_sent (b, RT_BACKWARD, OK);
    }
}

static void
accepted_program (Builder *b)
{
  accept_program (b, NULL);
}

static void
accepted_from (Builder *b)
{
  accept_program (b, g_variant_new ("(sqsq)", "127.0.0.1", 8080, "192.0.2.1", 54321));
}

static void
check_accepted_program (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 2);
  assert_int_equal (exchange (a, 1)->ended - exchange (a, 1)->started, TRIP);
  assert_int_equal (exchange (a, 2)->ended - exchange (a, 2)->started, TRIP);
}

static void
check_accepted_from (RtAnalysis *a)
{
  const RtConnectionInfo *info = rt_analysis_get_connection (a, exchange (a, 1)->connection);

  check_accepted_program (a);
  assert_string_equal (info->host, "127.0.0.1");
  assert_int_equal (info->port, 8080);
  assert_string_equal (info->from_host, "192.0.2.1");
  assert_int_equal (info->from_port, 54321);
}

static void
only_responses (Builder *b)
{
  build_send (b, RT_BACKWARD, OK);
  build_send (b, RT_BACKWARD, OK_2);
}

static void
check_only_responses (RtAnalysis *a)
{
  assert_int_equal (n_exchanges (a), 2);
  assert_null (exchange (a, 2)->request);
  assert_content (a, exchange (a, 2)->response, "world");
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

/* clang-format off */
static const Scenario scenarios[] = {
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
  { "an answer to a program that was accepted has arrived when it left", accepted_program, check_accepted_program },
  { "a program that was accepted has an address, and so has what it came to", accepted_from, check_accepted_from },
  { "responses alone are enough", only_responses, check_only_responses },
  { "bytes behind a lost segment arrive with it", lost_segment, check_lost_segment },
};
/* clang-format on */

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (scenarios) * 3];
  gsize n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (scenarios); i++, n += 3)
    scenario_tests (&scenarios[i], &tests[n]);
  return _cmocka_run_group_tests ("exchanges with something missing", tests, n, NULL, NULL);
}
