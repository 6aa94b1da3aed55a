/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The application runs in this process; nothing waits longer than it must: the main loop turns
 * until what is waited for has come. */
#include "window-fixture.h"

#include "rt-application.h"
#include "rt-user-settings.h"

#include <glib/gstdio.h>

/* Before a test gives up. */
#define PATIENCE_SECONDS 60
/* Turns of the loop in which a window goes. */
#define PATIENCE 20000

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

/* One application for the whole program: GTK can be started only once. */
static GApplication *
get_application (void)
{
  static GApplication *application;

  if (application == NULL)
    {
      application = rt_application_new ();
      g_application_set_flags (application, G_APPLICATION_NON_UNIQUE | G_APPLICATION_HANDLES_OPEN);
      g_application_register (application, NULL, NULL);
      g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
    }
  return application;
}

static char *data_folder;

/** window_fixture_init: comes first: GLib reads the environment once */
void
window_fixture_init (void)
{
  data_folder = g_dir_make_tmp ("roundtrip-test-XXXXXX", NULL);
  g_setenv ("XDG_DATA_HOME", data_folder, TRUE);
  g_setenv ("XDG_CONFIG_HOME", data_folder, TRUE);
  adw_init ();
}

/* What one test chose is not for the next. */
static void
reset_settings (void)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  g_auto (GStrv) keys = NULL;

  g_object_get (rt_user_settings_get (), "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  for (guint i = 0; keys[i] != NULL; i++)
    g_settings_reset (rt_user_settings_get (), keys[i]);
}

/* Of a user who has never been here. */
static WindowFixture *
new_fixture (void)
{
  WindowFixture *fixture = g_new0 (WindowFixture, 1);

  fixture->folder = data_folder;
  remove_folder (fixture->folder);
  g_mkdir_with_parents (fixture->folder, 0700);
  fixture->application = get_application ();
  reset_settings ();
  return fixture;
}

/** window_fixture_launch: the window that the application opens by itself the first time */
WindowFixture *
window_fixture_launch (void)
{
  WindowFixture *fixture = new_fixture ();

  g_application_activate (fixture->application);
  fixture->window
      = RT_WINDOW (gtk_application_get_active_window (GTK_APPLICATION (fixture->application)));
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *)&fixture->window);
  window_fixture_settle (fixture);
  return fixture;
}

WindowFixture *
window_fixture_new (int width, int height)
{
  WindowFixture *fixture = new_fixture ();

  fixture->window = rt_window_new (GTK_APPLICATION (fixture->application));
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *)&fixture->window);
  rt_window_set_size (fixture->window, width, height);
  gtk_window_present (GTK_WINDOW (fixture->window));
  window_fixture_settle (fixture);
  return fixture;
}

void
window_fixture_free (WindowFixture *fixture)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  for (guint i = 0; fixture->window != NULL && i < PATIENCE; i++)
    g_main_context_iteration (NULL, FALSE);
  remove_folder (fixture->folder);
  g_free (fixture);
}

static gboolean
give_up (gpointer late)
{
  *(gboolean *)late = TRUE;
  return G_SOURCE_CONTINUE;
}

/* Turns the loop until @done comes true; every turn waits for something to happen. */
static gboolean
turn_until (gboolean (*done) (gpointer), gpointer data)
{
  gboolean late = FALSE;
  guint guard = g_timeout_add_seconds (PATIENCE_SECONDS, give_up, &late);

  while (!done (data) && !late)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (guard);
  return !late;
}

typedef struct
{
  GtkWidget *widget;
  gint64 frame; /* to be drawn; -1: the next but one, once there is a clock */
} Drawn;

static gboolean
is_drawn (gpointer data)
{
  Drawn *drawn = data;
  GdkFrameClock *clock = gtk_widget_get_frame_clock (drawn->widget);

  gtk_widget_queue_draw (drawn->widget);
  if (clock != NULL && drawn->frame < 0)
    drawn->frame = gdk_frame_clock_get_frame_counter (clock) + 2;
  return clock != NULL && gdk_frame_clock_get_frame_counter (clock) >= drawn->frame;
}

/* Until all that was queued is laid out and drawn. */
void
window_fixture_settle (WindowFixture *fixture)
{
  turn_until (is_drawn, &(Drawn){ GTK_WIDGET (fixture->window), -1 });
}

/* Returns whether @done came true. */
gboolean
window_fixture_wait (WindowFixture *fixture, gboolean (*done) (gpointer), gpointer data)
{
  return turn_until (done, data);
}

static gboolean
is_listed (gpointer data)
{
  WindowFixture *fixture = data;

  return rt_tutor_get_lesson (rt_window_get_tutor (fixture->window)) != NULL
         && rt_tutor_get_lessons (rt_window_get_tutor (fixture->window)) != NULL;
}

/** window_fixture_load: @lesson: (nullable): a name */
void
window_fixture_load (WindowFixture *fixture, const char *lesson)
{
  rt_window_open (fixture->window, lesson);
  g_assert_true (window_fixture_wait (fixture, is_listed, fixture));
  window_fixture_settle (fixture);
}

/** window_fixture_do: @target: (nullable): of the action, as GVariant text */
void
window_fixture_do (WindowFixture *fixture, const char *action, const char *target)
{
  g_autoptr (GVariant) value
      = target != NULL ? g_variant_ref_sink (g_variant_new_parsed (target)) : NULL;

  g_assert_true (gtk_widget_activate_action_variant (GTK_WIDGET (fixture->window), action, value));
  window_fixture_settle (fixture);
}

/* Stops playback where it is. */
void
window_fixture_stop (WindowFixture *fixture)
{
  rt_transport_set_playing (rt_stage_get_transport (rt_window_get_stage (fixture->window)), FALSE);
  rt_view_set_now (rt_stage_get_view (rt_window_get_stage (fixture->window)), RT_TIME_UNKNOWN);
}

/* The window that stands above the fixture's, if there is one. */
GtkWindow *
window_fixture_get_above (WindowFixture *fixture)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *at = windows; at != NULL; at = at->next)
    if (gtk_window_get_transient_for (at->data) == GTK_WINDOW (fixture->window))
      return at->data;
  return NULL;
}

/* What pops up over the window has a surface of its own; @bounds: come to hold it, too. */
static void
snapshot_popovers (GtkWidget *widget, GtkSnapshot *snapshot, graphene_rect_t *bounds)
{
  if (GTK_IS_POPOVER (widget) && gtk_widget_get_mapped (widget))
    {
      g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
      GdkPopup *popup = GDK_POPUP (gtk_native_get_surface (GTK_NATIVE (widget)));
      float x = (float)gdk_popup_get_position_x (popup);
      float y = (float)gdk_popup_get_position_y (popup);

      graphene_rect_union (bounds,
                           &GRAPHENE_RECT_INIT (x, y, (float)gtk_widget_get_width (widget),
                                                (float)gtk_widget_get_height (widget)),
                           bounds);
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
      gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (widget),
                              gtk_widget_get_height (widget));
      gtk_snapshot_restore (snapshot);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    snapshot_popovers (child, snapshot, bounds);
}

/* Writes what the window looks like, or the one above it. */
gboolean
window_fixture_picture (WindowFixture *fixture, const char *path)
{
  GtkWindow *above = window_fixture_get_above (fixture);
  GtkWidget *window = GTK_WIDGET (above != NULL ? above : GTK_WINDOW (fixture->window));
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (window);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (window));
  float scale = (float)gtk_widget_get_scale_factor (window);
  graphene_rect_t bounds;

  window_fixture_settle (fixture);
  gtk_snapshot_scale (snapshot, scale, scale);
  bounds = GRAPHENE_RECT_INIT (0, 0, (float)gtk_widget_get_width (window),
                               (float)gtk_widget_get_height (window));
  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (window),
                          gtk_widget_get_height (window));
  snapshot_popovers (window, snapshot, &bounds);
  node = gtk_snapshot_to_node (snapshot);
  if (node == NULL)
    return FALSE;
  graphene_rect_scale (&bounds, scale, scale, &bounds);
  texture = gsk_renderer_render_texture (renderer, node, &bounds);
  return gdk_texture_save_to_png (texture, path);
}

/* For the tests */

RtTutor *
window_tutor (WindowFixture *fixture)
{
  return rt_window_get_tutor (fixture->window);
}

RtView *
window_shown (WindowFixture *fixture)
{
  return rt_stage_get_view (rt_window_get_stage (fixture->window));
}

guint
window_n_exchanges (RtView *view)
{
  return rt_analysis_get_exchanges (rt_view_get_analysis (view))->len;
}

const RtPrediction *
window_prediction (WindowFixture *fixture, guint i)
{
  return rt_tutor_get_lesson (window_tutor (fixture))->predictions->pdata[i];
}

void
window_show_page (WindowFixture *fixture, guint page)
{
  rt_narrative_set_page (rt_window_get_narrative (fixture->window), page);
}

void
window_answer (WindowFixture *fixture, guint i, guint options)
{
  rt_tutor_answer (window_tutor (fixture), window_prediction (fixture, i), options);
  window_fixture_stop (fixture);
}

/* Finds a widget of @type below @widget. */
GtkWidget *
window_find (GtkWidget *widget, GType type)
{
  GtkWidget *found = NULL;

  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = window_find (child, type);
  return found;
}

/* Finds a widget of a style class. */
GtkWidget *
window_find_styled (GtkWidget *widget, const char *style)
{
  GtkWidget *found = NULL;

  if (gtk_widget_has_css_class (widget, style))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = window_find_styled (child, style);
  return found;
}

/** window_set_up: a window of 1280 × 800 on the lost update */
int
window_set_up (void **state)
{
  WindowFixture *fixture = window_fixture_new (1280, 800);

  window_fixture_load (fixture, "lost-update");
  *state = fixture;
  return 0;
}

int
window_tear_down (void **state)
{
  window_fixture_free (*state);
  return 0;
}

/* Finds a button by its words. */
GtkWidget *
window_find_label (GtkWidget *widget, const char *label)
{
  GtkWidget *found = NULL;

  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = window_find_label (child, label);
  return found;
}
