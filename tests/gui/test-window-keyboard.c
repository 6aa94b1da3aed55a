/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A lesson by keyboard alone: real keys from xdotool, no mouse, no action called by name. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "window-fixture.h"

static gboolean
has_exited (gpointer process)
{
  return g_subprocess_get_identifier (process) == NULL;
}

static void
run (WindowFixture *fixture, const char *const *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process
      = g_subprocess_newv (arguments, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);

  assert_null (error);
  assert_true (window_fixture_wait (fixture, has_exited, process));
}

static void
press (WindowFixture *fixture, const char *key)
{
  const char *const arguments[] = { "xdotool", "key", key, NULL };

  run (fixture, arguments);
  window_fixture_settle (fixture);
}

static int
set_up (void **state)
{
  static const char *const focus[]
      = { "xdotool", "search", "--onlyvisible", "--name", "The lost update", "windowfocus", NULL };
  WindowFixture *fixture = window_fixture_new (1280, 800);

  window_fixture_load (fixture, "lost-update");
  run (fixture, focus);
  window_fixture_settle (fixture);
  *state = fixture;
  return 0;
}

static int
tear_down (void **state)
{
  window_fixture_free (*state);
  return 0;
}

/* Until a letter means something. */
static void
go_to_timeline (WindowFixture *fixture)
{
  GtkWidget *timeline = GTK_WIDGET (rt_stage_get_timeline (rt_window_get_stage (fixture->window)));

  for (guint i = 0; i < 4; i++)
    {
      if (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == timeline)
        return;
      press (fixture, "F6");
    }
  fail_msg ("F6 does not lead to the timeline");
}

/* To the question; the first option is ticked, or the one @down below it. */
static void
predict (WindowFixture *fixture, guint i, guint down)
{
  const RtPrediction *prediction
      = rt_tutor_get_lesson (rt_window_get_tutor (fixture->window))->predictions->pdata[i];

  go_to_timeline (fixture);
  press (fixture, "p");
  press (fixture, "space");
  for (guint j = 0; j < down; j++)
    press (fixture, "Down");
  press (fixture, "space");
  press (fixture, "ctrl+Return");
  assert_int_equal (rt_tutor_get_answer (rt_window_get_tutor (fixture->window), prediction),
                    1u << down);
  window_fixture_stop (fixture);
}

static void
a_lesson_is_taken_by_keyboard_alone (void **state)
{
  WindowFixture *fixture = *state;
  RtNarrative *narrative = rt_window_get_narrative (fixture->window);
  RtView *view;

  press (fixture, "alt+Right");
  assert_int_equal (rt_narrative_get_page (narrative), 1);
  predict (fixture, 0, 1);
  press (fixture, "alt+Right");
  assert_int_equal (rt_narrative_get_page (narrative), 2);
  predict (fixture, 1, 3);
  /* What happened is walked through and read. */
  view = rt_stage_get_view (rt_window_get_stage (fixture->window));
  go_to_timeline (fixture);
  press (fixture, "Home");
  assert_true (rt_view_get_now (view) == rt_analysis_get_start (rt_view_get_analysis (view)));
  press (fixture, "Right");
  assert_true (rt_view_get_now (view) > rt_analysis_get_start (rt_view_get_analysis (view)));
  press (fixture, "End");
  press (fixture, "shift+Right");
  assert_int_equal (rt_view_get_selection (view).exchange, 2);
  press (fixture, "Return");
  press (fixture, "Down");
  assert_false (rt_span_is_none (rt_view_get_selection (view).span));
  for (guint i = 0; i < 12; i++)
    press (fixture, "alt+Right");
  assert_int_equal (rt_narrative_get_page (narrative) + 1,
                    rt_tutor_get_lesson (rt_window_get_tutor (fixture->window))->pages->len);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (a_lesson_is_taken_by_keyboard_alone, set_up, tear_down),
  };

  window_fixture_init ();
  return cmocka_run_group_tests (tests, NULL, NULL);
}
