/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Inspecting a URL from the window: what is asked for, what is shown, and what is said when there
 * is no answer. Who asks is stood in for. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-lesson-library.h"
#include "rt-recorder.h"
#include "rt-scenario.h"
#include "rt-url-inspection.h"
#include "window-fixture.h"

#include <string.h>

static char *asked;

/* A recording of something else: a run of a lesson. */
static gboolean
record (const char *url, const char *path, GError **error)
{
  g_autoptr (RtLesson) lesson = rt_lesson_open ("lost-update", error);
  g_autoptr (RtSession) session = rt_session_create (path, error);
  RtRecorder *recorder = rt_session_begin_run (
      session, &(RtRunInfo){ .name = "inspect", .source = RT_SOURCE_CAPTURE }, NULL, NULL, error);
  const RtPlayOptions options = { .sink = rt_recorder_add_page, .data = recorder };
  g_autoptr (RtPlay) play = rt_play_new (lesson, lesson->runs->pdata[0], &options, error);

  g_free (asked);
  asked = g_strdup (url);
  return play != NULL && rt_recorder_finish (recorder, error);
}

static gboolean
refuse (const char *url, const char *path, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "nobody is there");
  return FALSE;
}

static gboolean
is_opened (gpointer fixture)
{
  RtView *view = window_shown (fixture);

  return view != NULL && asked != NULL && window_n_exchanges (view) == 5;
}

static void
what_happened_is_opened (void **state)
{
  WindowFixture *fixture = *state;

  rt_url_inspector_set (record);
  rt_url_inspection_run (fixture->window, "shop.test/x");
  assert_true (window_fixture_wait (fixture, is_opened, fixture));
  assert_string_equal (asked, "https://shop.test/x");
}

static void
note_failure (RtTutor *tutor, const GError *error, char **message)
{
  *message = g_strdup (error->message);
}

static gboolean
has_failed (gpointer message)
{
  return *(char **)message != NULL;
}

static void
a_failure_is_said (void **state)
{
  WindowFixture *fixture = *state;
  g_autofree char *message = NULL;

  rt_url_inspector_set (refuse);
  g_signal_connect (window_tutor (fixture), "failed", G_CALLBACK (note_failure), &message);
  rt_url_inspection_run (fixture->window, "http://shop.test/");
  assert_true (window_fixture_wait (fixture, has_failed, &message));
  assert_string_equal (message, "nobody is there");
}

static void
the_dialog_asks_for_the_address (void **state)
{
  WindowFixture *fixture = *state;
  AdwMessageDialog *dialog;
  GtkWidget *entry;

  g_clear_pointer (&asked, g_free);
  rt_url_inspector_set (record);
  window_fixture_do (fixture, "win.inspect-url", NULL);
  dialog = ADW_MESSAGE_DIALOG (window_fixture_get_above (fixture));
  entry = adw_message_dialog_get_extra_child (dialog);
  gtk_editable_set_text (GTK_EDITABLE (entry), " http://shop.test/y ");
  adw_message_dialog_response (dialog, "inspect");
  assert_true (window_fixture_wait (fixture, is_opened, fixture));
  assert_string_equal (asked, "http://shop.test/y");
}

int
main (void)
{
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (what_happened_is_opened, window_set_up, window_tear_down),
    cmocka_unit_test_setup_teardown (a_failure_is_said, window_set_up, window_tear_down),
    cmocka_unit_test_setup_teardown (the_dialog_asks_for_the_address, window_set_up,
                                     window_tear_down),
  };
  int failed;

  window_fixture_init ();
  failed = cmocka_run_group_tests_name ("window-inspect", tests, NULL, NULL);
  g_free (asked);
  return failed;
}
