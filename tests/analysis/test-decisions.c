/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which exchange a decision belongs to, and how it reads. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "scenario.h"

#define FAILED "HTTP/1.1 412 Precondition Failed\r\nETag: \"2\"\r\nContent-Length: 0\r\n\r\n"

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
check_decisions_on_pipeline (RtAnalysis *a)
{
  assert_int_equal (exchange (a, 1)->decisions->len, 1);
  assert_int_equal (exchange (a, 2)->decisions->len, 1);
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

/* clang-format off */
static const Scenario scenarios[] = {
  { "a 412 that kept an edit is good news", lost_update, check_lost_update },
  { "what a decision cites tells pipelined requests apart", decisions_on_pipeline, check_decisions_on_pipeline },
  { "a client's decision goes to the exchange it led to", decided_before_asking, check_decided_before_asking },
};
/* clang-format on */

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

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (scenarios) * 3 + 1];
  gsize n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (scenarios); i++, n += 3)
    scenario_tests (&scenarios[i], &tests[n]);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_transcript_reads_well);
  return _cmocka_run_group_tests ("decisions", tests, n, NULL, NULL);
}
