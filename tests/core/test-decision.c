/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Decisions: the trace a rule leaves, its way through a variant and back, and variants that lie. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rt-decision.h"
#include "rt-event.h"

static const RtClause first = { "t.first", "the first", "RFC 9110 §1", RT_LEVEL_MUST };
static const RtClause second = { "t.second", "the second", "RFC 9110 §2", RT_LEVEL_SHOULD };
static const RtClause third = { "t.third", "the third", "fetch#third", RT_LEVEL_BROWSERS };
static const RtClause *const clauses[] = { &first, &second, &third };
static const RtRule rule = RT_RULE ("t", "May it?", "RFC 9110", clauses);
static const RtClause inner = { "u.inner", "the inner one", "RFC 9111 §1", RT_LEVEL_MAY };
static const RtClause *const inner_clauses[] = { &inner };
static const RtRule inner_rule = RT_RULE ("u", "Is it?", "RFC 9111", inner_clauses);

static const RtSpan proof = { 7, 3, 2 };

static RtDecision *
decide (void)
{
  RtDecision *why = rt_decision_new ();

  rt_decision_begin (why, &rule, RT_TEXT ("GET /price"));
  assert_true (rt_check (why, &first, TRUE));
  assert_false (rt_check (why, &second, FALSE, rt_fact_text ("If-Match", RT_TEXT ("\"1\""), proof),
                          rt_fact_number ("version", -2, RT_SPAN_NONE),
                          rt_fact_text ("nothing", RT_TEXT_NONE, RT_SPAN_NONE)));
  rt_decision_conclude (why, "no");
  return why;
}

static void
assert_is_the_decision (RtDecision *why)
{
  RtCheck check;

  assert_string_equal (rt_decision_get_rule (why), "t");
  assert_string_equal (rt_decision_get_title (why), "May it?");
  assert_string_equal (rt_decision_get_reference (why), "RFC 9110");
  assert_string_equal (rt_decision_get_subject (why), "GET /price");
  assert_string_equal (rt_decision_get_verdict (why), "no");
  assert_int_equal (rt_decision_get_n_checks (why), 3);
  assert_int_equal (rt_decision_get_check (why, 0).outcome, RT_OUTCOME_HOLDS);
  assert_int_equal (rt_decision_get_check (why, 0).n_facts, 0);
  assert_false (rt_decision_get_check (why, 0).decides);
  assert_int_equal (rt_decision_get_check (why, 2).outcome, RT_OUTCOME_NOT_REACHED);
  assert_string_equal (rt_decision_get_check (why, 2).clause.id, "t.third");
  assert_int_equal (rt_decision_get_check (why, 2).clause.level, RT_LEVEL_BROWSERS);
  assert_true (rt_decision_get_deciding (why, &check));
  assert_string_equal (check.clause.id, "t.second");
  assert_int_equal (check.outcome, RT_OUTCOME_FAILS);
  assert_int_equal (check.n_facts, 3);
  assert_true (rt_text_is (check.facts[0].text, "\"1\""));
  assert_null (check.facts[1].text.at);
  assert_int_equal (check.facts[1].number, -2);
  assert_non_null (check.facts[2].text.at);
  assert_int_equal (check.facts[2].text.length, 0);
  assert_memory_equal (&check.facts[0].proof, &proof, sizeof proof);
  assert_int_equal (rt_decision_get_proof (why).offset, 7);
}

static void
test_the_check_made_last_decides (void **state)
{
  g_autoptr (RtDecision) why = decide ();

  assert_is_the_decision (why);
  assert_true (rt_decision_get_acted (why));
}

static void
test_through_a_variant_and_back (void **state)
{
  g_autoptr (RtDecision) why = decide ();
  g_autoptr (RtDecision) back = NULL;
  g_autoptr (GVariant) variant = NULL;

  rt_decision_set_acted (why, FALSE);
  variant = g_variant_ref_sink (rt_decision_to_variant (why));
  assert_true (g_variant_is_of_type (variant, rt_event_kind_detail_type (RT_EVENT_DECISION)));
  back = rt_decision_new_from_variant (variant);
  assert_is_the_decision (back);
  assert_false (rt_decision_get_acted (back));
}

static void
test_without_explanation_nothing_is_paid (void **state)
{
  int evaluated = 0;

  rt_decision_begin (NULL, &rule, RT_TEXT ("GET /"));
  assert_true (
      rt_check (NULL, &first, ++evaluated == 1, rt_fact_number ("n", ++evaluated, RT_SPAN_NONE)));
  rt_decision_conclude (NULL, "yes");
  assert_int_equal (evaluated, 1);
}

static void
test_a_called_rule_joins_the_callers_trace (void **state)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  RtCheck check;

  rt_decision_begin (why, &rule, RT_TEXT ("a"));
  rt_check (why, &first, TRUE);
  rt_decision_begin (why, &inner_rule, RT_TEXT ("b"));
  rt_check (why, &inner, TRUE);
  rt_decision_conclude (why, "inner");
  rt_check (why, &second, TRUE);
  rt_decision_conclude (why, "outer");
  assert_string_equal (rt_decision_get_rule (why), "t");
  assert_string_equal (rt_decision_get_subject (why), "a");
  assert_string_equal (rt_decision_get_verdict (why), "outer");
  assert_int_equal (rt_decision_get_n_checks (why), 4);
  assert_true (rt_decision_get_deciding (why, &check));
  assert_string_equal (check.clause.id, "t.second");
}

static void
test_an_empty_decision_can_be_read (void **state)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autoptr (GVariant) variant = g_variant_ref_sink (rt_decision_to_variant (why));
  g_autoptr (RtDecision) back = rt_decision_new_from_variant (variant);
  RtCheck check;

  assert_string_equal (rt_decision_get_verdict (back), "");
  assert_int_equal (rt_decision_get_n_checks (back), 0);
  assert_false (rt_decision_get_deciding (back, &check));
  assert_true (rt_span_is_none (rt_decision_get_proof (back)));
}

static void
test_what_a_peer_sent_is_shown_escaped (void **state)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  RtCheck check;

  rt_decision_begin (why, &rule, RT_TEXT ("GET /\xff"));
  rt_check (why, &first, TRUE, rt_fact_text ("Host", RT_TEXT ("a\0b"), RT_SPAN_NONE));
  assert_string_equal (rt_decision_get_subject (why), "GET /\\xff");
  assert_true (rt_decision_get_deciding (why, &check));
  assert_true (rt_text_is (check.facts[0].text, "a\\x00b"));
}

static void
test_levels_and_outcomes_out_of_range_are_tamed (void **state)
{
  g_autoptr (GVariant) variant = g_variant_ref_sink (g_variant_new_parsed (
      "(true, 'r', 't', 'f', 's', 'v', [('i', 't', 'f', byte 200, byte 200, true, @a(smsx(tuu)) "
      "[]),"
      " ('j', 't', 'f', byte 0, byte 1, true, [('n', just 'x', int64 1,"
      " (uint64 18446744073709551615, uint32 4294967295, uint32 4294967295))])])"));
  g_autoptr (RtDecision) why = rt_decision_new_from_variant (variant);

  assert_int_equal (rt_decision_get_n_checks (why), 2);
  assert_int_equal (rt_decision_get_check (why, 0).clause.level, RT_LEVEL_BROWSERS);
  assert_int_equal (rt_decision_get_check (why, 0).outcome, RT_OUTCOME_FAILS);
  assert_false (rt_decision_get_check (why, 0).decides);
  assert_true (rt_decision_get_check (why, 1).decides);
  assert_string_equal (rt_level_name ((RtLevel)77), "browsers do");
  assert_string_equal (rt_outcome_name ((RtOutcome)77), "fails");
}

/* Any bytes at all as such a variant: whatever they are read as, reading goes on. */
static void
test_bytes_that_lie (void **state)
{
  g_autoptr (RtDecision) why = decide ();
  g_autoptr (GVariant) variant = g_variant_ref_sink (rt_decision_to_variant (why));
  gsize length = g_variant_get_size (variant);

  for (gsize i = 0; i < length; i++)
    for (int bit = 0; bit < 8; bit++)
      {
        guint8 *data = g_memdup2 (g_variant_get_data (variant), length);
        g_autoptr (GBytes) bytes = NULL;
        g_autoptr (GVariant) liar = NULL;
        g_autoptr (RtDecision) back = NULL;
        g_autoptr (GVariant) again = NULL;

        data[i] ^= (guint8)(1 << bit);
        bytes = g_bytes_new_take (data, length);
        liar = g_variant_ref_sink (
            g_variant_new_from_bytes (rt_event_kind_detail_type (RT_EVENT_DECISION), bytes, FALSE));
        back = rt_decision_new_from_variant (liar);
        again = g_variant_ref_sink (rt_decision_to_variant (back));
        assert_true (g_variant_is_normal_form (again));
      }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_the_check_made_last_decides),
    cmocka_unit_test (test_through_a_variant_and_back),
    cmocka_unit_test (test_without_explanation_nothing_is_paid),
    cmocka_unit_test (test_a_called_rule_joins_the_callers_trace),
    cmocka_unit_test (test_an_empty_decision_can_be_read),
    cmocka_unit_test (test_what_a_peer_sent_is_shown_escaped),
    cmocka_unit_test (test_levels_and_outcomes_out_of_range_are_tamed),
    cmocka_unit_test (test_bytes_that_lie),
  };

  return cmocka_run_group_tests_name ("decisions", tests, NULL, NULL);
}
