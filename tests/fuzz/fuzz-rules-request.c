/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rules of preconditions, ranges and negotiation. Invariants, whatever the fields are:
 * - a rule says the same with and without its explanation, and cites no byte outside the request;
 * - selected ranges lie within the representation, and none overlaps or touches another;
 * - a chosen representation is one of those that there are.
 *
 * The first byte picks what the recipient knows; the rest is a request as honesty.h has it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"
#include "rt-negotiate.h"
#include "rt-preconditions.h"
#include "rt-range-select.h"

#define NOW (G_GINT64_CONSTANT (784111777) * RT_TIME_SEC)

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_precondition (RtMessage *request, guint8 flags, gsize length)
{
  RtPreconditionState state = {
    .exists = (flags & 1) != 0,
    .etag = (flags & 2) != 0 ? RT_TEXT ("\"v2\"") : RT_TEXT ("W/\"v2\""),
    .has_modified = (flags & 4) != 0,
    .modified = NOW,
    .is_cache = (flags & 8) != 0,
    .require_if_match = (flags & 16) != 0,
    .already_applied = (flags & 32) != 0,
  };
  g_autoptr (RtDecision) why = rt_decision_new ();

  g_assert_true (rt_precondition_decide (request, &state, NOW, why)
                 == rt_precondition_decide (request, &state, NOW, NULL));
  honesty_assert_cites_within (why, &length, 1);
}

static gboolean
apart (const RtByteRange *a, const RtByteRange *b)
{
  return (a->last < b->first && b->first - a->last > 1)
         || (b->last < a->first && a->first - b->last > 1);
}

static void
check_ranges (RtMessage *request, guint8 flags, gsize length)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  RtRangeSelection s, unexplained;

  rt_range_select_decide (request, flags, TRUE, &s, why);
  rt_range_select_decide (request, flags, TRUE, &unexplained, NULL);
  g_assert_true (s.verdict == unexplained.verdict && s.n == unexplained.n);
  honesty_assert_cites_within (why, &length, 1);
  for (guint i = 0; i < s.n; i++)
    {
      g_assert_true (s.ranges[i].first <= s.ranges[i].last && s.ranges[i].last < flags);
      for (guint j = 0; j < i; j++)
        g_assert_true (apart (&s.ranges[i], &s.ranges[j]));
    }
}

static void
check_negotiation (RtMessage *request, gsize length)
{
  const RtVariant variants[] = {
    { RT_TEXT ("text/html"), RT_TEXT ("en-GB"), RT_TEXT ("gzip") },
    { RT_TEXT ("text/html"), RT_TEXT ("fr"), RT_TEXT ("identity") },
    { RT_TEXT ("application/json"), { NULL, 0 }, { NULL, 0 } },
  };
  g_autoptr (RtDecision) why = rt_decision_new ();
  RtNegotiation n = rt_negotiate_decide (request, variants, G_N_ELEMENTS (variants), TRUE, why);

  g_assert_true (n.chosen < G_N_ELEMENTS (variants));
  g_assert_true (
      n.verdict
      == rt_negotiate_decide (request, variants, G_N_ELEMENTS (variants), TRUE, NULL).verdict);
  honesty_assert_cites_within (why, &length, 1);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (RtMessage) request = NULL;

  if (size == 0)
    return 0;
  request = honesty_message_read ((RtText){ (const char *)data + 1, size - 1 }, 1);
  check_precondition (request, data[0], size - 1);
  check_ranges (request, data[0], size - 1);
  check_negotiation (request, size - 1);
  return 0;
}
