/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A session that is too long for one timeline: wherever one goes, the part around it is there. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench-session.h"
#include "rt-notebook.h"
#include "rt-session-parts.h"
#include "rt-session-rows.h"
#include "window-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

/* Four events each. */
#define N_EXCHANGES 50000u

static char *folder, *path;

static int
write_session (void **state)
{
  g_autoptr (GError) error = NULL;

  folder = g_dir_make_tmp ("roundtrip-XXXXXX", NULL);
  path = g_build_filename (folder, "long.roundtrip", NULL);
  return bench_session_write (path, N_EXCHANGES, &error) ? 0 : 1;
}

static int
remove_session (void **state)
{
  g_unlink (path);
  g_rmdir (folder);
  g_free (path);
  g_free (folder);
  return 0;
}

static RtTimeline *
timeline (WindowFixture *fixture)
{
  return rt_stage_get_timeline (rt_window_get_stage (fixture->window));
}

static GtkAdjustment *
scroll_of (WindowFixture *fixture)
{
  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (timeline (fixture)));
}

static gboolean
lists_all (gpointer data)
{
  RtView *view = window_shown (data);
  RtSessionRows *rows = rt_session_rows_of (view);

  return rows != NULL && g_list_model_get_n_items (G_LIST_MODEL (rows)) == N_EXCHANGES;
}

static void
open_session (WindowFixture *fixture)
{
  g_autofree char *target
      = g_variant_print (g_variant_ref_sink (g_variant_new_string (path)), FALSE);

  window_fixture_do (fixture, "win.open-session", target);
  assert_true (window_fixture_wait (fixture, lists_all, fixture));
  window_fixture_settle (fixture);
}

/* Waits until the exchange is selected. */
typedef struct
{
  WindowFixture *fixture;
  guint exchange;
  guint64 first; /* the part that was shown */
} Until;

static gboolean
is_selected (gpointer data)
{
  Until *until = data;

  return rt_view_get_selection (window_shown (until->fixture)).exchange == until->exchange;
}

static guint64
first_of (WindowFixture *fixture)
{
  guint64 first, end, all;

  assert_true (rt_view_get_part (window_shown (fixture), &first, &end, &all));
  assert_int_equal (all, 4 * N_EXCHANGES + 50);
  assert_true (end - first <= RT_SESSION_PART + 8);
  return first;
}

static gboolean
is_elsewhere (gpointer data)
{
  Until *until = data;
  guint64 first, end, all;

  return rt_view_get_part (window_shown (until->fixture), &first, &end, &all)
         && first != until->first;
}

static void
go_to (WindowFixture *fixture, guint exchange)
{
  Until until = { fixture, exchange, 0 };

  rt_view_select (window_shown (fixture), exchange, TRUE, RT_SPAN_NONE);
  assert_true (window_fixture_wait (fixture, is_selected, &until));
  window_fixture_settle (fixture);
}

/* y of the message on the screen, of its sender's end. */
static double
place_of (WindowFixture *fixture, guint exchange)
{
  const RtTimelineModel *model = rt_timeline_get_model (timeline (fixture));
  guint message = rt_timeline_model_find (model, exchange, TRUE);

  assert_int_not_equal (message, RT_TIMELINE_NONE);
  return rt_timeline_get_message_y (timeline (fixture), message);
}

static void
any_exchange_can_be_shown (void **state)
{
  static const guint anywhere[] = { 44000, 7, 31234, N_EXCHANGES, 5990, 6011 };
  WindowFixture *fixture = *state;

  open_session (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (anywhere); i++)
    {
      g_autofree char *target = g_strdup_printf ("/item/%u", anywhere[i]);
      const RtExchange *exchange;
      const RtConnectionInfo *connection;
      double y;

      go_to (fixture, anywhere[i]);
      exchange = rt_view_get_exchange (window_shown (fixture));
      assert_true (rt_text_is (exchange->request->message->target, target));
      assert_true (exchange->response->complete);
      connection = rt_analysis_get_connection (rt_view_get_analysis (window_shown (fixture)),
                                               exchange->connection);
      assert_string_equal (connection->host, "api.test");
      assert_int_equal (rt_timeline_get_selected (timeline (fixture), NULL), anywhere[i]);
      y = place_of (fixture, anywhere[i]);
      assert_true (y > 0 && y < gtk_widget_get_height (GTK_WIDGET (timeline (fixture))));
      first_of (fixture);
    }
}

static void
scrolling_past_the_end_goes_on (void **state)
{
  WindowFixture *fixture = *state;
  GtkAdjustment *scroll = scroll_of (fixture);
  Until until = { .fixture = fixture };
  const RtTimelineModel *model;
  guint last;
  double y;

  open_session (fixture);
  go_to (fixture, 30000);
  for (int direction = 1; direction >= -1; direction -= 2)
    {
      until.first = first_of (fixture);
      model = rt_timeline_get_model (timeline (fixture));
      last = rt_timeline_model_get_message (model, direction > 0 ? model->messages->len - 6 : 6)
                 ->exchange;
      gtk_adjustment_set_value (scroll, direction > 0 ? gtk_adjustment_get_upper (scroll) : 0);
      y = place_of (fixture, last);
      assert_true (window_fixture_wait (fixture, is_elsewhere, &until));
      window_fixture_settle (fixture);
      assert_true (direction > 0 ? first_of (fixture) > until.first
                                 : first_of (fixture) < until.first);
      /* What could be seen stays where it was, give or take a line. */
      assert_true (ABS (place_of (fixture, last) - y) < 80);
    }
}

static gboolean
shows_overview (gpointer data)
{
  return rt_timeline_get_shows_overview (timeline (data));
}

static void
zoomed_out_all_of_it_is_there (void **state)
{
  WindowFixture *fixture = *state;
  RtView *view;
  g_autoptr (RtTimelineModel) overview = NULL;
  guint total = 0, failed = 0;
  Until until = { .fixture = fixture };

  open_session (fixture);
  view = window_shown (fixture);
  rt_timeline_set_zoom (timeline (fixture), 0.001);
  assert_true (window_fixture_wait (fixture, shows_overview, fixture));
  overview = rt_view_new_overview (view);
  for (guint i = 0; i < overview->beats->len; i++)
    for (guint kind = 0; kind < RT_N_TIMELINE_KINDS; kind++)
      total += g_array_index (overview->beats, RtTimelineBeat, i).counts[kind];
  for (guint i = 0; i < overview->beats->len; i++)
    failed += g_array_index (overview->beats, RtTimelineBeat, i).counts[RT_TIMELINE_ERROR];
  assert_int_equal (total, 2 * N_EXCHANGES);
  assert_int_equal (failed, 0);
  window_fixture_settle (fixture);
  until.first = first_of (fixture);
  rt_timeline_set_zoom (timeline (fixture), 1);
  g_signal_emit_by_name (timeline (fixture), "jump", (gint64)overview->end);
  assert_true (window_fixture_wait (fixture, is_elsewhere, &until));
  assert_true (rt_view_get_selection (view).exchange > N_EXCHANGES - 200);
  window_fixture_settle (fixture);
  assert_false (rt_timeline_get_shows_overview (timeline (fixture)));
}

static gboolean
has_trouble (gpointer data)
{
  return rt_view_get_trouble (window_shown (data)) != NULL;
}

static void
what_is_not_there_is_said (void **state)
{
  WindowFixture *fixture = *state;

  open_session (fixture);
  rt_view_select (window_shown (fixture), N_EXCHANGES + 1, TRUE, RT_SPAN_NONE);
  assert_int_equal (rt_view_get_wanted (window_shown (fixture))->kind, RT_VIEW_WANTS_EXCHANGE);
  assert_true (window_fixture_wait (fixture, has_trouble, fixture));
  assert_non_null (strstr (rt_view_get_trouble (window_shown (fixture)), "50001"));
  go_to (fixture, 3);
  assert_null (rt_view_get_trouble (window_shown (fixture)));
}

/* Keys go on from part to part; marks stand where they would in the whole. */
static void
keys_and_marks_know_no_parts (void **state)
{
  WindowFixture *fixture = *state;
  Until until = { fixture, 0, 0 };
  GPtrArray *exchanges;

  open_session (fixture);
  go_to (fixture, 40000);
  window_fixture_do (fixture, "win.mark", NULL);
  assert_non_null (rt_notebook_find (rt_notebook_of (window_shown (fixture)), 40000, RT_SPAN_NONE));
  exchanges = rt_analysis_get_exchanges (rt_view_get_analysis (window_shown (fixture)));
  until.exchange = ((const RtExchange *)exchanges->pdata[exchanges->len - 1])->id;
  go_to (fixture, until.exchange++);
  until.first = first_of (fixture);
  window_fixture_do (fixture, "win.next-exchange", "1");
  assert_true (window_fixture_wait (fixture, is_selected, &until));
  assert_true (first_of (fixture) > until.first);
  go_to (fixture, 20000);
  assert_null (rt_notebook_find (rt_notebook_of (window_shown (fixture)), 20000, RT_SPAN_NONE));
  go_to (fixture, 40100);
  assert_non_null (rt_notebook_find (rt_notebook_of (window_shown (fixture)), 40000, RT_SPAN_NONE));
}

static void
note_exported (gboolean *exported)
{
  *exported = TRUE;
}

static gboolean
is_true (gpointer flag)
{
  return *(gboolean *)flag;
}

/* Without its secrets, which are looked for in the part. */
static void
what_is_shown_can_be_exported (void **state)
{
  WindowFixture *fixture = *state;
  g_autofree char *file = g_build_filename (fixture->folder, "export.sh", NULL);
  g_autofree char *text = NULL;
  gboolean exported = FALSE;
  gulong id = g_signal_connect_swapped (window_tutor (fixture), "exported",
                                        G_CALLBACK (note_exported), &exported);

  open_session (fixture);
  go_to (fixture, 44444);
  rt_window_export (fixture->window, "curl", file, TRUE);
  assert_true (window_fixture_wait (fixture, is_true, &exported));
  g_signal_handler_disconnect (window_tutor (fixture), id);
  assert_true (g_file_get_contents (file, &text, NULL, NULL));
  assert_non_null (strstr (text, "/item/44444"));
}

#define WINDOW_TEST(name) cmocka_unit_test_setup_teardown (name, window_set_up, window_tear_down)

int
main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    WINDOW_TEST (any_exchange_can_be_shown),     WINDOW_TEST (scrolling_past_the_end_goes_on),
    WINDOW_TEST (zoomed_out_all_of_it_is_there), WINDOW_TEST (what_is_not_there_is_said),
    WINDOW_TEST (keys_and_marks_know_no_parts),  WINDOW_TEST (what_is_shown_can_be_exported),
  };

  window_fixture_init ();
  if (argc > 1)
    cmocka_set_test_filter (argv[1]);
  return cmocka_run_group_tests (tests, write_session, remove_session);
}
