/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keys go to the window that has the focus; the pointer goes to a place in the fixture's window,
 * which is found by its title. */
#include "window-input.h"

static gboolean
has_exited (gpointer exited)
{
  return *(gboolean *)exited;
}

/* Told on the main loop, which nothing else may wake. */
static void
exited_cb (GObject *process, GAsyncResult *result, gpointer exited)
{
  *(gboolean *)exited = g_subprocess_wait_finish (G_SUBPROCESS (process), result, NULL);
}

static void
run (WindowFixture *fixture, const char *const *arguments)
{
  g_autoptr (GError) error = NULL;
  gboolean exited = FALSE;
  g_autoptr (GSubprocess) process
      = g_subprocess_newv (arguments, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);

  g_assert_no_error (error);
  g_subprocess_wait_async (process, NULL, exited_cb, &exited);
  g_assert_true (window_fixture_wait (fixture, has_exited, &exited));
  g_assert_true (g_subprocess_get_successful (process));
  window_fixture_settle (fixture);
}

void
window_input_focus (WindowFixture *fixture)
{
  const char *const arguments[] = { "xdotool",
                                    "search",
                                    "--onlyvisible",
                                    "--name",
                                    gtk_window_get_title (GTK_WINDOW (fixture->window)),
                                    "windowfocus",
                                    NULL };

  run (fixture, arguments);
}

/** window_input_press: @key: as X names it, `ctrl+k` */
void
window_input_press (WindowFixture *fixture, const char *key)
{
  const char *const arguments[] = { "xdotool", "key", key, NULL };

  run (fixture, arguments);
}

void
window_input_type (WindowFixture *fixture, const char *text)
{
  const char *const arguments[] = { "xdotool", "type", "--delay", "2", text, NULL };

  run (fixture, arguments);
}

/* Goes to a place in @widget, and presses there as often. */
static void
press_button (WindowFixture *fixture,
              GtkWidget *widget,
              double x,
              double y,
              const char *button,
              const char *times)
{
  graphene_point_t at;
  double shadow_x, shadow_y;
  char left[16], top[16];
  const char *const arguments[] = { "xdotool",
                                    "search",
                                    "--onlyvisible",
                                    "--name",
                                    gtk_window_get_title (GTK_WINDOW (fixture->window)),
                                    "mousemove",
                                    "--window",
                                    "%1",
                                    left,
                                    top,
                                    "click",
                                    "--repeat",
                                    times,
                                    button,
                                    NULL };

  g_assert_true (gtk_widget_compute_point (widget, GTK_WIDGET (fixture->window),
                                           &GRAPHENE_POINT_INIT ((float)x, (float)y), &at));
  gtk_native_get_surface_transform (GTK_NATIVE (fixture->window), &shadow_x, &shadow_y);
  g_snprintf (left, sizeof left, "%d", (int)(at.x + shadow_x));
  g_snprintf (top, sizeof top, "%d", (int)(at.y + shadow_y));
  run (fixture, arguments);
}

/** window_input_click: @x, @y: in @widget, which is in sight */
void
window_input_click (WindowFixture *fixture, GtkWidget *widget, double x, double y)
{
  press_button (fixture, widget, x, y, "1", "1");
}

/** window_input_wheel: @widget: over the middle of what is to be scrolled; three notches */
void
window_input_wheel (WindowFixture *fixture, GtkWidget *widget, gboolean down)
{
  press_button (fixture, widget, gtk_widget_get_width (widget) / 2.0,
                gtk_widget_get_height (widget) / 2.0, down ? "5" : "4", "3");
}

typedef struct
{
  GtkListView *list;
  guint n;
} Rows;

static gboolean
has_rows (gpointer data)
{
  Rows *rows = data;

  return g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (rows->list))) == rows->n;
}

/** window_input_wait_rows: Returns: whether @list came to have @n rows */
gboolean
window_input_wait_rows (WindowFixture *fixture, GtkListView *list, guint n)
{
  return window_fixture_wait (fixture, has_rows, &(Rows){ list, n });
}

static gboolean
is_above (gpointer fixture)
{
  return window_fixture_get_above (fixture) != NULL;
}

static gboolean
is_alone (gpointer fixture)
{
  return window_fixture_get_above (fixture) == NULL;
}

/** window_input_wait_above: Returns: whether a window came to stand above the fixture's, or went */
gboolean
window_input_wait_above (WindowFixture *fixture, gboolean above)
{
  gboolean came = window_fixture_wait (fixture, above ? is_above : is_alone, fixture);

  window_fixture_settle (fixture);
  return came;
}
