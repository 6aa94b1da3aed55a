/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Effects: values in the order they were given, owning what they carry. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rt-effects.h"
#include "rt-error.h"

static void
test_order_is_kept (void **state)
{
  RtConnection last = 4;
  g_autoptr (RtEffects) out = rt_effects_new (&last);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("hello", 5);
  char host[] = "shop.test";
  const RtEffect *effect;

  assert_int_equal (rt_effects_connect (out, &(RtEndpoint){ .host = host, .port = 80 }), 5);
  host[0] = 'x';
  rt_effects_send (out, 5, bytes);
  rt_effects_read (out, 5, FALSE);
  rt_effects_deadline (out, 9, 1000, TRUE);
  rt_effects_close (out, 5, TRUE);
  assert_int_equal (rt_effects_connect (out, &(RtEndpoint){ .host = "b", .port = 81 }), 6);

  assert_int_equal (last, 6);
  assert_int_equal (rt_effects_get_length (out), 6);
  effect = rt_effects_get (out, 0);
  assert_int_equal (effect->kind, RT_EFFECT_CONNECT);
  assert_string_equal (effect->to.host, "shop.test");
  assert_int_equal (effect->to.port, 80);
  effect = rt_effects_get (out, 1);
  assert_int_equal (effect->kind, RT_EFFECT_SEND);
  assert_ptr_equal (effect->bytes, bytes);
  effect = rt_effects_get (out, 2);
  assert_int_equal (effect->kind, RT_EFFECT_READ);
  assert_false (effect->flag);
  effect = rt_effects_get (out, 3);
  assert_int_equal (effect->kind, RT_EFFECT_DEADLINE);
  assert_int_equal (effect->id, 9);
  assert_int_equal (effect->at, 1000);
  assert_true (effect->flag);
  effect = rt_effects_get (out, 4);
  assert_int_equal (effect->kind, RT_EFFECT_CLOSE);
  assert_true (effect->flag);
  rt_effects_clear (out);
  assert_int_equal (rt_effects_get_length (out), 0);
}

static void
test_a_decision_is_taken_and_marked (void **state)
{
  RtConnection last = 0;
  g_autoptr (RtEffects) out = rt_effects_new (&last);
  g_autoptr (RtDecision) why = rt_decision_new ();

  rt_effects_decide (out, NULL, TRUE);
  assert_int_equal (rt_effects_get_length (out), 0);
  rt_effects_decide (out, rt_decision_ref (why), FALSE);
  assert_int_equal (rt_effects_get_length (out), 1);
  assert_ptr_equal (rt_effects_get (out, 0)->why, why);
  assert_false (rt_decision_get_acted (why));
}

static void
test_state_sinks_its_value (void **state)
{
  RtConnection last = 0;
  g_autoptr (RtEffects) out = rt_effects_new (&last);

  rt_effects_state (out, "version", "/doc/1", g_variant_new_int32 (2));
  rt_effects_state (out, "version", "/doc/1", NULL);
  assert_false (g_variant_is_floating (rt_effects_get (out, 0)->state));
  assert_int_equal (g_variant_get_int32 (rt_effects_get (out, 0)->state), 2);
  assert_string_equal (rt_effects_get (out, 0)->state_key, "/doc/1");
  assert_null (rt_effects_get (out, 1)->state);
}

static void
test_what_is_stolen_is_not_freed (void **state)
{
  RtConnection last = 0;
  g_autoptr (RtEffects) out = rt_effects_new (&last);
  g_autoptr (GError) error = NULL;

  rt_effects_finish (out, 3, g_error_new (RT_ERROR, RT_ERROR_PEER, "it hung up"));
  rt_effects_finish (out, 4, g_error_new (RT_ERROR, RT_ERROR_PEER, "it hung up"));
  assert_int_equal (rt_effects_get (out, 0)->id, 3);
  error = g_steal_pointer (&rt_effects_get (out, 0)->error);
  rt_effects_clear (out);
  assert_string_equal (error->message, "it hung up");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_order_is_kept),
    cmocka_unit_test (test_a_decision_is_taken_and_marked),
    cmocka_unit_test (test_state_sinks_its_value),
    cmocka_unit_test (test_what_is_stolen_is_not_freed),
  };

  return cmocka_run_group_tests_name ("effects", tests, NULL, NULL);
}
