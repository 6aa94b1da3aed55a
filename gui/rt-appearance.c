/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libadwaita 1.2 takes high contrast from the system alone; a user who wants it here gets the same
 * style sheets on top. Text grows by the resolution that GTK takes fonts to have: everything that
 * is measured in points follows. */
#include "rt-appearance.h"

#include "rt-user-settings.h"

#include <adwaita.h>

#define ADWAITA_CONTRAST "/org/gnome/Adwaita/styles/base-hc.css"
#define OUR_CONTRAST "/org/roundtrip/Roundtrip/style-hc.css"
#define OUR_CONTRAST_DARK "/org/roundtrip/Roundtrip/style-hc-dark.css"
#define STANDARD_DPI (96 * PANGO_SCALE)

/* One appearance for all windows. @magnified: a presenter's factor */
static struct
{
  GtkCssProvider *adwaita, *ours;
  double magnified;
} appearance = { .magnified = 1 };

static gboolean
is_contrasting (void)
{
  return adw_style_manager_get_high_contrast (adw_style_manager_get_default ())
         || g_settings_get_boolean (rt_user_settings_get (), RT_KEY_HIGH_CONTRAST);
}

/** rt_appearance_get_scheme: Returns: what is drawn by hand is drawn in */
RtScheme
rt_appearance_get_scheme (void)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());

  if (is_contrasting ())
    return dark ? RT_SCHEME_HIGH_CONTRAST_DARK : RT_SCHEME_HIGH_CONTRAST;
  return dark ? RT_SCHEME_DARK : RT_SCHEME_LIGHT;
}

/**
 * rt_appearance_watch:
 * @object: (type GObject.Object)
 * @changed: (scope forever): called with @object alone when the scheme is another
 */
void
rt_appearance_watch (gpointer object, GCallback changed)
{
  AdwStyleManager *style = adw_style_manager_get_default ();

  g_signal_connect_object (style, "notify::dark", changed, object, G_CONNECT_SWAPPED);
  g_signal_connect_object (style, "notify::high-contrast", changed, object, G_CONNECT_SWAPPED);
  g_signal_connect_object (rt_user_settings_get (), "changed::" RT_KEY_HIGH_CONTRAST, changed,
                           object, G_CONNECT_SWAPPED);
}

/** rt_appearance_get_text_scale: Returns: how much larger than usual text is; 1 = as usual */
double
rt_appearance_get_text_scale (GtkWidget *widget)
{
  gint dpi = 0;

  g_object_get (gtk_widget_get_settings (widget), "gtk-xft-dpi", &dpi, NULL);
  return dpi > 0 ? (double)dpi / STANDARD_DPI : 1;
}

static void
apply_color_scheme (void)
{
  static const AdwColorScheme schemes[]
      = { ADW_COLOR_SCHEME_DEFAULT, ADW_COLOR_SCHEME_FORCE_LIGHT, ADW_COLOR_SCHEME_FORCE_DARK };
  int chosen = g_settings_get_enum (rt_user_settings_get (), RT_KEY_COLOR_SCHEME);

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      schemes[CLAMP (chosen, 0, 2)]);
}

static GtkCssProvider *
new_provider (guint priority)
{
  GtkCssProvider *provider = gtk_css_provider_new ();

  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider), priority);
  return provider;
}

static void
load (GtkCssProvider *provider, const char *path)
{
  if (path != NULL && g_resources_get_info (path, 0, NULL, NULL, NULL))
    gtk_css_provider_load_from_resource (provider, path);
  else
    gtk_css_provider_load_from_data (provider, "", 0);
}

/* What the system asks for libadwaita and the application's style sheets give by themselves. */
static void
apply_contrast (void)
{
  AdwStyleManager *style = adw_style_manager_get_default ();
  gboolean wanted = g_settings_get_boolean (rt_user_settings_get (), RT_KEY_HIGH_CONTRAST)
                    && !adw_style_manager_get_high_contrast (style);

  if (appearance.adwaita == NULL && !wanted)
    return;
  if (appearance.adwaita == NULL)
    {
      appearance.adwaita = new_provider (GTK_STYLE_PROVIDER_PRIORITY_THEME + 1);
      appearance.ours = new_provider (GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
    }
  load (appearance.adwaita, wanted ? ADWAITA_CONTRAST : NULL);
  load (appearance.ours, !wanted                              ? NULL
                         : adw_style_manager_get_dark (style) ? OUR_CONTRAST_DARK
                                                              : OUR_CONTRAST);
}

/* From the system's own resolution, whatever it is by now. */
static void
apply_text_scale (void)
{
  GtkSettings *settings = gtk_settings_get_default ();
  double factor
      = g_settings_get_double (rt_user_settings_get (), RT_KEY_TEXT_SCALE) * appearance.magnified;
  gint dpi = 0;

  gtk_settings_reset_property (settings, "gtk-xft-dpi");
  g_object_get (settings, "gtk-xft-dpi", &dpi, NULL);
  if (dpi <= 0)
    dpi = STANDARD_DPI;
  if (ABS (factor - 1) > 0.001)
    g_object_set (settings, "gtk-xft-dpi", (gint)(dpi * factor), NULL);
}

/**
 * rt_appearance_magnify:
 * @factor: everything as many times as large, beside what the user has chosen; 1: no more
 */
void
rt_appearance_magnify (double factor)
{
  appearance.magnified = factor;
  apply_text_scale ();
}

/** rt_appearance_follow_settings: once, when the application starts */
void
rt_appearance_follow_settings (void)
{
  GSettings *settings = rt_user_settings_get ();

  g_signal_connect (settings, "changed::" RT_KEY_COLOR_SCHEME, G_CALLBACK (apply_color_scheme),
                    NULL);
  g_signal_connect (settings, "changed::" RT_KEY_HIGH_CONTRAST, G_CALLBACK (apply_contrast), NULL);
  g_signal_connect (settings, "changed::" RT_KEY_TEXT_SCALE, G_CALLBACK (apply_text_scale), NULL);
  g_signal_connect (adw_style_manager_get_default (), "notify", G_CALLBACK (apply_contrast), NULL);
  apply_color_scheme ();
  apply_contrast ();
  apply_text_scale ();
}
