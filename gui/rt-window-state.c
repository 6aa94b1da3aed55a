/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How the window was left: its size, its panes, its sidebar. Read before it opens, kept when it
 * closes; in front of a class nothing is kept, because nothing is where the user has put it. */
#include "rt-window-private.h"

#include "rt-user-settings.h"

/* Of the header bar. */
#define HEADER 47
/* From here on the sidebar has its room beside the rest. */
#define WITH_SIDEBAR 1500
/* A taller window gives the inspector more. */
#define TALL 900
#define INSPECTOR_HEIGHT 250
#define INSPECTOR_HEIGHT_TALL 300

static gboolean
wants_sidebar (RtWindow *self, int width)
{
  int choice = g_settings_get_enum (rt_user_settings_get (), RT_KEY_SIDEBAR);

  if (rt_window_is_narrow (self, width))
    return FALSE;
  return choice == RT_SIDEBAR_SHOWN || (choice == RT_SIDEBAR_AUTOMATIC && width >= WITH_SIDEBAR);
}

/* Its parts have room in the size it opens with: what does not fit is folded from the beginning. */
void
rt_window_arrange (RtWindow *self)
{
  GSettings *settings = rt_user_settings_get ();
  int inspector = g_settings_get_int (settings, RT_KEY_INSPECTOR_HEIGHT);

  if (inspector <= 0 || inspector > self->height - HEADER)
    inspector = self->height > TALL ? INSPECTOR_HEIGHT_TALL : INSPECTOR_HEIGHT;
  adw_flap_set_reveal_flap (self->flap, wants_sidebar (self, self->width));
  gtk_paned_set_position (self->rows, self->height - HEADER - inspector);
  gtk_paned_set_position (self->columns, g_settings_get_int (settings, RT_KEY_LESSON_WIDTH));
  self->narrow = rt_window_is_narrow (self, self->width);
  rt_window_apply_mode (self);
}

/** rt_window_set_size: the size it opens with */
void
rt_window_set_size (RtWindow *self, int width, int height)
{
  self->width = width;
  self->height = height;
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (self->stage != NULL)
    rt_window_arrange (self);
}

/** rt_window_restore: as the last window was left */
void
rt_window_restore (RtWindow *self)
{
  GSettings *settings = rt_user_settings_get ();

  rt_window_set_size (self, g_settings_get_int (settings, RT_KEY_WINDOW_WIDTH),
                      g_settings_get_int (settings, RT_KEY_WINDOW_HEIGHT));
  if (g_settings_get_boolean (settings, RT_KEY_WINDOW_MAXIMIZED))
    gtk_window_maximize (GTK_WINDOW (self));
}

/** rt_window_keep: for the next window to be opened like this one */
void
rt_window_keep (RtWindow *self)
{
  GSettings *settings = rt_user_settings_get ();
  int width, height, inspector;

  if (self->presenting || self->stage == NULL)
    return;
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_boolean (settings, RT_KEY_WINDOW_MAXIMIZED,
                          gtk_window_is_maximized (GTK_WINDOW (self)));
  if (width > 0 && height > 0)
    {
      g_settings_set_int (settings, RT_KEY_WINDOW_WIDTH, width);
      g_settings_set_int (settings, RT_KEY_WINDOW_HEIGHT, height);
    }
  if (self->narrow)
    return;
  inspector = gtk_widget_get_height (GTK_WIDGET (self->rows)) - gtk_paned_get_position (self->rows);
  g_settings_set_int (settings, RT_KEY_LESSON_WIDTH, gtk_paned_get_position (self->columns));
  g_settings_set_int (settings, RT_KEY_INSPECTOR_HEIGHT, MAX (0, inspector));
}

/** rt_window_toggle_sidebar: the user's word on it, which is kept */
void
rt_window_toggle_sidebar (RtWindow *self)
{
  gboolean shown = !adw_flap_get_reveal_flap (self->flap);

  adw_flap_set_reveal_flap (self->flap, shown);
  g_settings_set_enum (rt_user_settings_get (), RT_KEY_SIDEBAR,
                       shown ? RT_SIDEBAR_SHOWN : RT_SIDEBAR_HIDDEN);
}
