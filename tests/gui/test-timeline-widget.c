/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The timeline in a real window: keys, selection, what a screen reader finds, playback.
 * RT_PICTURES=FOLDER writes what was drawn. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-timeline-item.h"
#include "rt-timeline-private.h"
#include "timeline-models.h"

#include <adwaita.h>
#include <string.h>

typedef struct
{
  GtkWidget *window, *scrolled;
  RtTimeline *timeline;
  guint selected, n_selected, card;
  gboolean request;
  int step;
} Fixture;

static void
selected_cb (Fixture *fixture, guint exchange, gboolean request)
{
  fixture->selected = exchange;
  fixture->request = request;
  fixture->n_selected++;
}

static void
step_cb (Fixture *fixture, int by)
{
  fixture->step += by;
}

/* Until all that was queued is laid out and drawn. */
static void
settle (Fixture *fixture)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (fixture->window);
  gint64 frame = clock != NULL ? gdk_frame_clock_get_frame_counter (clock) : 0;

  do
    {
      gtk_widget_queue_draw (fixture->window);
      g_main_context_iteration (NULL, TRUE);
      clock = gtk_widget_get_frame_clock (fixture->window);
    }
  while (clock == NULL || gdk_frame_clock_get_frame_counter (clock) < frame + 2
         || g_main_context_pending (NULL));
}

static int
set_up (void **state)
{
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->window = adw_window_new ();
  fixture->scrolled = gtk_scrolled_window_new ();
  fixture->timeline = RT_TIMELINE (rt_timeline_new ());
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (fixture->scrolled),
                                 GTK_WIDGET (fixture->timeline));
  adw_window_set_content (ADW_WINDOW (fixture->window), fixture->scrolled);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1280, 800);
  g_signal_connect_swapped (fixture->timeline, "selected", G_CALLBACK (selected_cb), fixture);
  g_signal_connect_swapped (fixture->timeline, "step", G_CALLBACK (step_cb), fixture);
  rt_timeline_set_model (fixture->timeline, rt_samples[0].create ());
  gtk_window_present (GTK_WINDOW (fixture->window));
  settle (fixture);
  *state = fixture;
  return 0;
}

static int
tear_down (void **state)
{
  Fixture *fixture = *state;

  gtk_window_destroy (GTK_WINDOW (fixture->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_free (fixture);
  return 0;
}

/* What the widget draws, as pixels. */
static cairo_surface_t *
render (Fixture *fixture, const char *name)
{
  const char *folder = g_getenv ("RT_PICTURES");
  int width = gtk_widget_get_width (GTK_WIDGET (fixture->timeline));
  int height = gtk_widget_get_height (GTK_WIDGET (fixture->timeline));
  GdkPaintable *paintable = gtk_widget_paintable_new (GTK_WIDGET (fixture->timeline));
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create (surface);
  GskRenderNode *node;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node != NULL)
    gsk_render_node_draw (node, cr);
  if (folder != NULL)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s.png", folder, name);

      cairo_surface_write_to_png (surface, path);
    }
  g_clear_pointer (&node, gsk_render_node_unref);
  g_object_unref (paintable);
  cairo_destroy (cr);
  return surface;
}

static gboolean
same_pixels (cairo_surface_t *a, cairo_surface_t *b)
{
  gsize length
      = (gsize)cairo_image_surface_get_stride (a) * (gsize)cairo_image_surface_get_height (a);

  cairo_surface_flush (a);
  cairo_surface_flush (b);
  return memcmp (cairo_image_surface_get_data (a), cairo_image_surface_get_data (b), length) == 0;
}

static void
test_it_is_drawn_and_the_same_twice (void **state)
{
  Fixture *fixture = *state;
  cairo_surface_t *once = render (fixture, "timeline-widget");
  cairo_surface_t *twice = render (fixture, "timeline-widget");
  cairo_surface_t *empty;

  assert_true (same_pixels (once, twice));
  rt_timeline_set_model (fixture->timeline, rt_samples[3].create ());
  settle (fixture);
  empty = render (fixture, "timeline-widget-empty");
  assert_false (same_pixels (once, empty));
  cairo_surface_destroy (once);
  cairo_surface_destroy (twice);
  cairo_surface_destroy (empty);
}

static void
test_keys_move_the_selection (void **state)
{
  Fixture *fixture = *state;
  GtkWidget *timeline = GTK_WIDGET (fixture->timeline);

  assert_int_equal (rt_timeline_get_selected (fixture->timeline, NULL), 0);
  gtk_widget_activate_action (timeline, "timeline.move", "i", 1);
  assert_int_equal (fixture->selected, 1);
  assert_true (fixture->request);
  gtk_widget_activate_action (timeline, "timeline.move", "i", 1);
  assert_int_equal (fixture->selected, 1);
  assert_false (fixture->request);
  gtk_widget_activate_action (timeline, "timeline.move", "i", 100);
  assert_int_equal (fixture->selected, 4);
  gtk_widget_activate_action (timeline, "timeline.move", "i", -100);
  assert_int_equal (fixture->selected, 1);
  assert_int_equal (fixture->n_selected, 4);
}

static void
test_arrows_ask_for_a_step (void **state)
{
  Fixture *fixture = *state;

  gtk_widget_activate_action (GTK_WIDGET (fixture->timeline), "timeline.step", "i", 1);
  gtk_widget_activate_action (GTK_WIDGET (fixture->timeline), "timeline.step", "i", 1);
  gtk_widget_activate_action (GTK_WIDGET (fixture->timeline), "timeline.step", "i", -1);
  assert_int_equal (fixture->step, 1);
}

static void
test_selecting_scrolls_there (void **state)
{
  Fixture *fixture = *state;
  GtkAdjustment *vertical
      = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (fixture->scrolled));

  assert_true (gtk_adjustment_get_value (vertical) == 0);
  rt_timeline_set_selected (fixture->timeline, 4, FALSE);
  assert_true (gtk_adjustment_get_value (vertical) > 100);
  assert_int_equal (fixture->selected, 4);
}

static char *
all_words (Fixture *fixture)
{
  GString *words = g_string_new (NULL);

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (fixture->timeline));
       child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      assert_int_equal (gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (child)),
                        GTK_ACCESSIBLE_ROLE_LIST_ITEM);
      g_string_append_printf (words, "%s\n", rt_timeline_item_get_words (RT_TIMELINE_ITEM (child)));
    }
  return g_string_free (words, FALSE);
}

static void
test_visible_messages_can_be_heard (void **state)
{
  Fixture *fixture = *state;
  g_autofree char *words = all_words (fixture);

  assert_non_null (strstr (words, "Message 1 of 8: ann to api.shop.test: GET /doc/1"));
  assert_non_null (strstr (words, "PUT /doc/1, If-Match: \"v1\""));
}

static void
test_masked_messages_cannot_be_heard (void **state)
{
  Fixture *fixture = *state;
  g_autofree char *words = NULL;

  rt_timeline_set_selected (fixture->timeline, 4, FALSE);
  settle (fixture);
  rt_timeline_set_model (fixture->timeline, rt_samples[1].create ());
  settle (fixture);
  words = all_words (fixture);
  assert_non_null (strstr (words, "Message 3 of 3"));
  assert_null (strstr (words, "412"));
  assert_null (strstr (words, "Precondition"));
  assert_int_equal (rt_timeline_get_selected (fixture->timeline, NULL), 0);
}

static void
test_playback_follows_itself (void **state)
{
  Fixture *fixture = *state;
  const RtTimelineModel *model = rt_timeline_get_model (fixture->timeline);
  GtkAdjustment *vertical
      = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (fixture->scrolled));
  cairo_surface_t *surface;

  rt_timeline_set_now (fixture->timeline, model->start);
  assert_true (gtk_adjustment_get_value (vertical) == 0);
  rt_timeline_set_now (fixture->timeline, model->start + 60250 * RT_TIME_MSEC);
  settle (fixture);
  surface = render (fixture, "timeline-widget-now");
  cairo_surface_destroy (surface);
  assert_true (gtk_adjustment_get_value (vertical) > 100);
  rt_timeline_set_now (fixture->timeline, model->start);
  assert_true (gtk_adjustment_get_value (vertical) < 10);
}

static void
test_zoom_keeps_its_bounds (void **state)
{
  Fixture *fixture = *state;

  for (guint i = 0; i < 60; i++)
    gtk_widget_activate_action (GTK_WIDGET (fixture->timeline), "timeline.zoom", "i", -1);
  settle (fixture);
  assert_true (rt_timeline_get_zoom (fixture->timeline) > 0);
  gtk_widget_activate_action (GTK_WIDGET (fixture->timeline), "timeline.zoom", "i", 0);
  assert_true (rt_timeline_get_zoom (fixture->timeline) == 1);
  rt_timeline_set_true_scale (fixture->timeline, TRUE);
  rt_timeline_set_text_scale (fixture->timeline, 1.75);
  settle (fixture);
  assert_false (rt_timeline_get_shows_cards (fixture->timeline));
}

static void
test_unfolded_lanes_scroll_sideways (void **state)
{
  Fixture *fixture = *state;
  GtkAdjustment *horizontal
      = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (fixture->scrolled));
  cairo_surface_t *surface;

  rt_timeline_set_model (fixture->timeline, rt_sample_hosts (60));
  settle (fixture);
  assert_true (gtk_adjustment_get_upper (horizontal) == gtk_adjustment_get_page_size (horizontal));
  rt_timeline_set_unfolded (fixture->timeline, TRUE);
  settle (fixture);
  assert_true (gtk_adjustment_get_upper (horizontal) > 5000);
  gtk_adjustment_set_value (horizontal, 1000);
  settle (fixture);
  surface = render (fixture, "timeline-widget-unfolded");
  cairo_surface_destroy (surface);
}

static void
act (Fixture *fixture, const char *action, int argument)
{
  if (argument != 0)
    gtk_widget_activate_action (GTK_WIDGET (fixture->timeline), action, "i", argument);
  else
    gtk_widget_activate_action (GTK_WIDGET (fixture->timeline), action, NULL);
  settle (fixture);
}

static void
test_lanes_are_moved_by_keys (void **state)
{
  Fixture *fixture = *state;

  act (fixture, "timeline.choose-lane", 1);
  assert_int_equal (fixture->timeline->view.lane, 1);
  act (fixture, "timeline.move-lane", 1);
  assert_int_equal (fixture->timeline->layout->lane_of[0], 1);
  assert_int_equal (fixture->timeline->layout->lane_of[1], 0);
  act (fixture, "timeline.move-lane", 1);
  assert_int_equal (fixture->timeline->layout->lane_of[0], 2);
  act (fixture, "timeline.reset-lanes", 0);
  assert_int_equal (fixture->timeline->layout->lane_of[0], 0);
}

static void
test_a_lane_is_pinned_and_unpinned (void **state)
{
  Fixture *fixture = *state;
  const RtLaneGeometry *first;

  act (fixture, "timeline.choose-lane", 1);
  act (fixture, "timeline.pin-lane", 0);
  first = &g_array_index (fixture->timeline->layout->lanes, RtLaneGeometry, 0);
  assert_true (first->pinned);
  act (fixture, "timeline.pin-lane", 0);
  first = &g_array_index (fixture->timeline->layout->lanes, RtLaneGeometry, 0);
  assert_false (first->pinned);
}

static void
test_hosts_fold_and_unfold_by_action (void **state)
{
  Fixture *fixture = *state;

  rt_timeline_set_model (fixture->timeline, rt_sample_hosts (60));
  settle (fixture);
  assert_true (fixture->timeline->layout->n_lanes <= RT_TIMELINE_MAX_LANES);
  act (fixture, "timeline.fold", 0);
  assert_int_equal (fixture->timeline->layout->n_lanes, fixture->timeline->model->parties->len);
  act (fixture, "timeline.fold", 0);
  assert_true (fixture->timeline->layout->n_lanes <= RT_TIMELINE_MAX_LANES);
}

static void
test_the_lane_menu_opens_by_key (void **state)
{
  Fixture *fixture = *state;

  assert_null (fixture->timeline->menu);
  act (fixture, "timeline.lane-menu", 0);
  assert_non_null (fixture->timeline->menu);
  assert_true (gtk_widget_get_visible (fixture->timeline->menu));
  gtk_popover_popdown (GTK_POPOVER (fixture->timeline->menu));
  settle (fixture);
}

static void
test_cards_stand_beside_when_there_is_room (void **state)
{
  Fixture *fixture = *state;

  assert_true (rt_timeline_get_shows_cards (fixture->timeline));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_lanes_are_moved_by_keys, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_a_lane_is_pinned_and_unpinned, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_hosts_fold_and_unfold_by_action, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_the_lane_menu_opens_by_key, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_it_is_drawn_and_the_same_twice, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_keys_move_the_selection, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_arrows_ask_for_a_step, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_selecting_scrolls_there, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_visible_messages_can_be_heard, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_masked_messages_cannot_be_heard, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_playback_follows_itself, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_zoom_keeps_its_bounds, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_unfolded_lanes_scroll_sideways, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_cards_stand_beside_when_there_is_room, set_up, tear_down),
  };

  adw_init ();
  return cmocka_run_group_tests_name ("timeline-widget", tests, NULL, NULL);
}
