/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Opens windows: on the lesson last open, or on files. */
#include "rt-application.h"

#include "rt-appearance.h"
#include "rt-window-actions.h"

#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>

struct _RtApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (RtApplication, rt_application, ADW_TYPE_APPLICATION)

static RtWindow *
new_window (GApplication *application)
{
  RtWindow *window = rt_window_new (GTK_APPLICATION (application));

  rt_window_restore (window);
  return window;
}

static void
rt_application_activate (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window == NULL)
    {
      window = GTK_WINDOW (new_window (application));
      rt_window_open (RT_WINDOW (window), NULL);
    }
  gtk_window_present (window);
}

static void
rt_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  for (int i = 0; i < n_files; i++)
    {
      RtWindow *window = new_window (application);
      g_autofree char *path = g_file_get_path (files[i]);

      /* A session is shown beside a lesson. */
      if (path == NULL || rt_window_is_traffic (path))
        rt_window_open (window, NULL);
      if (path != NULL)
        rt_window_open (window, path);
      gtk_window_present (GTK_WINDOW (window));
    }
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer application)
{
  adw_show_about_window (gtk_application_get_active_window (application), "application-name",
                         "Roundtrip", "application-icon", "org.roundtrip.Roundtrip", "comments",
                         _ ("Watch HTTP happen"), "license-type", GTK_LICENSE_GPL_3_0,
                         "developer-name", _ ("The Roundtrip authors"), "version", RT_VERSION,
                         NULL);
}

static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer application)
{
  GList *windows = gtk_application_get_windows (application);

  while (windows != NULL)
    {
      GtkWindow *window = windows->data;

      windows = windows->next;
      gtk_window_close (window);
    }
}

static void
rt_application_startup (GApplication *application)
{
  static const GActionEntry entries[] = { { "about", about_cb }, { "quit", quit_cb } };
  static const char *const quit_keys[] = { "<Control>q", NULL };
  static const char *const close_keys[] = { "<Control>w", NULL };
  static const char *const languages[]
      = { "resource:///org/roundtrip/Roundtrip/language-specs", NULL };
  GtkSourceLanguageManager *manager;
  g_auto (GStrv) path = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  bindtextdomain (GETTEXT_PACKAGE, RT_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  G_APPLICATION_CLASS (rt_application_parent_class)->startup (application);
  gtk_source_init ();
  manager = gtk_source_language_manager_get_default ();
  g_strv_builder_addv (builder, (const char **)languages);
  g_strv_builder_addv (builder,
                       (const char **)gtk_source_language_manager_get_search_path (manager));
  path = g_strv_builder_end (builder);
  gtk_source_language_manager_set_search_path (manager, (const char *const *)path);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                    "/org/roundtrip/Roundtrip/icons");
  rt_appearance_follow_settings ();
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries),
                                   application);
  gtk_application_set_accels_for_action (GTK_APPLICATION (application), "app.quit", quit_keys);
  gtk_application_set_accels_for_action (GTK_APPLICATION (application), "window.close", close_keys);
}

static void
rt_application_class_init (RtApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->startup = rt_application_startup;
  application_class->activate = rt_application_activate;
  application_class->open = rt_application_open;
}

static void
rt_application_init (RtApplication *self)
{
}

GApplication *
rt_application_new (void)
{
  return g_object_new (RT_TYPE_APPLICATION, "application-id", "org.roundtrip.Roundtrip",
                       "resource-base-path", "/org/roundtrip/Roundtrip", "flags",
                       G_APPLICATION_HANDLES_OPEN, NULL);
}

/**
 * rt_application_run:
 * @argv: (array length=argc): the program's name and files to open
 *
 * Returns: the exit status
 */
int
rt_application_run (int argc, char **argv)
{
  g_autoptr (GApplication) application = rt_application_new ();

  return g_application_run (application, argc, argv);
}
