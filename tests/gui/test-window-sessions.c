/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Recorded sessions in the window. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "window-fixture.h"

static gboolean
shows_session (gpointer data)
{
  RtView *view = window_shown (data);

  return view != NULL && rt_view_get_play (view) == NULL;
}

static void
every_run_is_recorded_and_can_be_opened (void **state)
{
  WindowFixture *fixture = *state;
  GPtrArray *sessions = rt_tutor_get_sessions (window_tutor (fixture));
  g_autofree char *target = NULL;

  assert_non_null (sessions);
  assert_true (sessions->len >= 1);
  target = g_variant_print (
      g_variant_ref_sink (g_variant_new_string (((RtLibraryEntry *)sessions->pdata[0])->path)),
      FALSE);
  window_fixture_do (fixture, "win.open-session", target);
  assert_true (window_fixture_wait (fixture, shows_session, fixture));
  assert_int_equal (window_n_exchanges (window_shown (fixture)), 5);
}

static void
a_session_offers_all_its_runs (void **state)
{
  WindowFixture *fixture = *state;
  GtkDropDown *runs = GTK_DROP_DOWN (
      window_find (GTK_WIDGET (rt_window_get_stage (fixture->window)), GTK_TYPE_DROP_DOWN));
  const RtLesson *lesson = rt_tutor_get_lesson (window_tutor (fixture));

  every_run_is_recorded_and_can_be_opened (state);
  assert_int_equal (g_list_model_get_n_items (gtk_drop_down_get_model (runs)), lesson->runs->len);
  assert_int_equal (gtk_drop_down_get_selected (runs), 0);
  gtk_drop_down_set_selected (runs, 1);
  assert_null (rt_view_get_play (window_shown (fixture)));
  assert_string_equal (rt_view_get_title (window_shown (fixture)),
                       ((const RtScenario *)lesson->runs->pdata[1])->name);
  assert_int_equal (gtk_drop_down_get_selected (runs), 1);
  /* The lesson's own runs are back with the lesson; of the second nothing was said yet. */
  window_show_page (fixture, 0);
  assert_non_null (rt_view_get_play (window_shown (fixture)));
  assert_int_equal (g_list_model_get_n_items (gtk_drop_down_get_model (runs)), 1);
}

#define WINDOW_TEST(name) cmocka_unit_test_setup_teardown (name, window_set_up, window_tear_down)

int
main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    WINDOW_TEST (every_run_is_recorded_and_can_be_opened),
    WINDOW_TEST (a_session_offers_all_its_runs),
  };

  window_fixture_init ();
  if (argc > 1)
    cmocka_set_test_filter (argv[1]);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
