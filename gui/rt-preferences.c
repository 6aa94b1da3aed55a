/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every row is bound to its key: what is changed here is kept at once, and what is changed
 * elsewhere is shown here. */
#include "rt-preferences.h"

#include "rt-user-settings.h"

struct _RtPreferences
{
  AdwPreferencesWindow parent_instance;

  AdwComboRow *color_scheme, *speed, *scale;
  GtkSwitch *high_contrast, *letters, *author_notes, *engine_notes, *my_notes;
  GtkAdjustment *text_scale, *cap;
};

G_DEFINE_FINAL_TYPE (RtPreferences, rt_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static gboolean
get_enum (GValue *value, GVariant *variant, gpointer key)
{
  g_value_set_uint (value, (guint)g_settings_get_enum (rt_user_settings_get (), key));
  return TRUE;
}

static GVariant *
set_enum (const GValue *value, const GVariantType *type, gpointer key)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autoptr (GSettingsSchemaKey) about = NULL;
  g_autoptr (GVariant) range = NULL, names = NULL;
  const char *name;

  g_object_get (rt_user_settings_get (), "settings-schema", &schema, NULL);
  about = g_settings_schema_get_key (schema, key);
  range = g_settings_schema_key_get_range (about);
  g_variant_get (range, "(sv)", NULL, &names);
  if (g_value_get_uint (value) >= g_variant_n_children (names))
    return NULL;
  g_variant_get_child (names, g_value_get_uint (value), "&s", &name);
  return g_variant_new_string (name);
}

static void
bind_enum (const char *key, AdwComboRow *row)
{
  g_settings_bind_with_mapping (rt_user_settings_get (), key, row, "selected",
                                G_SETTINGS_BIND_DEFAULT, get_enum, set_enum, (gpointer)key, NULL);
}

static void
bind (const char *key, gpointer object, const char *property)
{
  g_settings_bind (rt_user_settings_get (), key, object, property, G_SETTINGS_BIND_DEFAULT);
}

static void
rt_preferences_class_init (RtPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, RtPreferences, color_scheme);
  gtk_widget_class_bind_template_child (widget_class, RtPreferences, high_contrast);
  gtk_widget_class_bind_template_child (widget_class, RtPreferences, text_scale);
  gtk_widget_class_bind_template_child (widget_class, RtPreferences, letters);
  gtk_widget_class_bind_template_child (widget_class, RtPreferences, speed);
  gtk_widget_class_bind_template_child (widget_class, RtPreferences, scale);
  gtk_widget_class_bind_template_child (widget_class, RtPreferences, cap);
  gtk_widget_class_bind_template_child (widget_class, RtPreferences, author_notes);
  gtk_widget_class_bind_template_child (widget_class, RtPreferences, engine_notes);
  gtk_widget_class_bind_template_child (widget_class, RtPreferences, my_notes);
}

static void
rt_preferences_init (RtPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  bind_enum (RT_KEY_COLOR_SCHEME, self->color_scheme);
  bind_enum (RT_KEY_SCALE, self->scale);
  bind (RT_KEY_SPEED, self->speed, "selected");
  bind (RT_KEY_HIGH_CONTRAST, self->high_contrast, "active");
  bind (RT_KEY_TEXT_SCALE, self->text_scale, "value");
  bind (RT_KEY_LETTERS, self->letters, "active");
  bind (RT_KEY_CAP, self->cap, "value");
  bind (RT_KEY_AUTHOR_NOTES, self->author_notes, "active");
  bind (RT_KEY_ENGINE_NOTES, self->engine_notes, "active");
  bind (RT_KEY_MY_NOTES, self->my_notes, "active");
}

/** rt_preferences_new: Returns: (transfer none): a window above @parent */
RtPreferences *
rt_preferences_new (GtkWindow *parent)
{
  return g_object_new (RT_TYPE_PREFERENCES, "transient-for", parent, "modal", TRUE, NULL);
}
