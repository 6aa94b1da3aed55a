/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rules of caching. Invariants, whatever the fields are:
 * - a rule says the same with and without its explanation, and cites no byte outside the messages;
 * - what is answered as fresh is fresh, and neither side demanded validation;
 * - no field of the connection is stored or taken over by an update;
 * - an age and a lifetime are never negative, and a combined part is no smaller than its parts.
 *
 * The first byte picks the kind of cache and the time that passes. The rest is up to four messages
 * as honesty.h has them, separated by empty lines: a request, its response, a later request, and an
 * answer to that. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"
#include "rt-cache-invalidate.h"
#include "rt-cache-partial.h"
#include "rt-cache-reuse.h"
#include "rt-cache-status.h"
#include "rt-cache-store.h"
#include "rt-cache-validate.h"

#define NOW (G_GINT64_CONSTANT (784111777) * RT_TIME_SEC)
#define URI "http://a.test/a"
#define N_MESSAGES 4

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

typedef struct
{
  RtMessage *messages[N_MESSAGES];
  gsize lengths[N_MESSAGES];
  RtCachePolicy *policy;
  const RtCacheSettings *settings;
  RtTime later;
} Input;

static void
read_messages (Input *in, RtText text)
{
  for (guint i = 0; i < N_MESSAGES; i++)
    {
      gssize end = rt_text_find (text, RT_TEXT ("\n\n"));
      RtText one = { text.at, end >= 0 ? (gsize)end + 1 : text.length };

      in->messages[i] = honesty_message_read (one, i + 1);
      in->lengths[i] = one.length;
      text = rt_text_sub (text, MIN (one.length + 1, text.length),
                          text.length - MIN (one.length + 1, text.length));
    }
}

static void
check_decision (Input *in, RtDecision *why)
{
  honesty_assert_cites_within (why, in->lengths, N_MESSAGES);
}

static gboolean
has_connection_field (RtFields *fields)
{
  return rt_fields_first (fields, "Connection") != NULL
         || rt_fields_first (fields, "Transfer-Encoding") != NULL;
}

static void
check_store (Input *in)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autoptr (RtFields) stored = rt_cache_stored_fields (in->settings, in->messages[1]->fields);

  g_assert_true (
      rt_cache_store_decide (in->settings, in->messages[0], URI, in->messages[1], why)
      == rt_cache_store_decide (in->settings, in->messages[0], URI, in->messages[1], NULL));
  check_decision (in, why);
  g_assert_false (has_connection_field (stored));
}

static void
check_reuse (Input *in)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autoptr (RtDecision) error_why = rt_decision_new ();
  RtCacheReuse verdict
      = rt_cache_reuse_decide (in->policy, in->messages[2], URI, NOW + in->later, why);
  RtFreshness freshness = rt_freshness_decide (in->policy, NOW + in->later, NULL);
  RtCacheDirectives wishes;

  g_assert_true (
      verdict == rt_cache_reuse_decide (in->policy, in->messages[2], URI, NOW + in->later, NULL));
  check_decision (in, why);
  g_assert_true (freshness.age >= 0 && freshness.lifetime >= 0);
  rt_cache_directives_read (&wishes, in->messages[2]->fields);
  if (verdict == RT_CACHE_REUSE_FRESH)
    g_assert_true (freshness.fresh && !rt_cache_has (&wishes, RT_CACHE_NO_CACHE)
                   && !rt_cache_has_bare (&in->policy->directives, RT_CACHE_NO_CACHE));
  g_assert_true (rt_cache_error_decide (in->policy, in->messages[2], in->messages[3],
                                        NOW + in->later, error_why)
                 == rt_cache_error_decide (in->policy, in->messages[2], in->messages[3],
                                           NOW + in->later, NULL));
  check_decision (in, error_why);
  rt_cache_forward_reason (in->policy, in->messages[2], URI, NOW + in->later);
}

static void
check_update (Input *in)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autoptr (RtDecision) head_why = rt_decision_new ();
  g_autoptr (RtDecision) combine_why = rt_decision_new ();
  g_autoptr (RtFields) updated = rt_cache_updated_fields (in->policy, in->messages[3]->fields);
  g_autoptr (RtFields) conditions = rt_fields_copy (in->messages[2]->fields);
  RtCacheCombine how;

  g_assert_true (rt_cache_update_decide (in->policy, in->messages[3], TRUE, why)
                 == rt_cache_update_decide (in->policy, in->messages[3], TRUE, NULL));
  rt_cache_update_head_decide (in->policy, in->messages[3], head_why);
  check_decision (in, why);
  check_decision (in, head_why);
  rt_cache_add_conditions (conditions, &in->policy, 1);
  rt_cache_missing_range (in->policy, conditions);
  how = rt_cache_combine_decide (in->policy, in->messages[3], combine_why);
  check_decision (in, combine_why);
  if (how.combine)
    {
      g_autoptr (RtFields) combined
          = rt_cache_combined_fields (in->policy, in->messages[3]->fields, &how);

      g_assert_true (how.first <= in->policy->range.first && how.last >= in->policy->range.last);
      g_assert_false (has_connection_field (combined) && !has_connection_field (updated));
    }
}

static void
check_invalidate (Input *in)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_auto (RtCacheInvalidation) i
      = rt_cache_invalidate_decide (in->messages[2], URI, in->messages[3], why);

  check_decision (in, why);
  if (i.location != NULL)
    g_assert_true (g_str_has_prefix (i.location, "http://"));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Input in = { 0 };

  if (size == 0)
    return 0;
  in.settings = (data[0] & 1) != 0 ? &rt_cache_settings_shared : &rt_cache_settings_private;
  in.later = (data[0] >> 1) * RT_TIME_SEC;
  read_messages (&in, (RtText){ (const char *)data + 1, size - 1 });
  in.policy = rt_cache_policy_new (in.settings, in.messages[0], URI, in.messages[1], NOW, NOW);
  check_store (&in);
  check_reuse (&in);
  check_update (&in);
  check_invalidate (&in);
  rt_cache_policy_unref (in.policy);
  for (guint i = 0; i < N_MESSAGES; i++)
    rt_message_unref (in.messages[i]);
  return 0;
}
