/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The schema is looked for where schemas are installed, then where the program was built: so it
 * runs from the build folder without being installed. */
#include "rt-user-settings.h"

#define SCHEMA "org.roundtrip.Roundtrip"

static GSettingsSchema *
lookup_in (const char *folder)
{
  g_autoptr (GSettingsSchemaSource) source = g_settings_schema_source_new_from_directory (
      folder, g_settings_schema_source_get_default (), TRUE, NULL);

  return source != NULL ? g_settings_schema_source_lookup (source, SCHEMA, FALSE) : NULL;
}

/* A schema of an older version that is installed must not hide the one that belongs to this
 * program: what was built comes first where it is there. */
static GSettingsSchema *
find_schema (void)
{
  GSettingsSchema *schema = lookup_in (RT_BUILT_SCHEMA_DIR);
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();

  if (schema == NULL && source != NULL)
    schema = g_settings_schema_source_lookup (source, SCHEMA, TRUE);
  if (schema == NULL)
    schema = lookup_in (RT_SCHEMA_DIR);
  return schema;
}

/**
 * rt_user_settings_get:
 *
 * Only for the main thread.
 *
 * Returns: (transfer none): there is one for the whole program
 */
GSettings *
rt_user_settings_get (void)
{
  static GSettings *settings;
  g_autoptr (GSettingsSchema) schema = NULL;

  if (settings != NULL)
    return settings;
  schema = find_schema ();
  if (schema == NULL)
    g_error ("The settings' schema %s is missing: neither in %s nor in %s nor in XDG_DATA_DIRS",
             SCHEMA, RT_BUILT_SCHEMA_DIR, RT_SCHEMA_DIR);
  settings = g_settings_new_full (schema, NULL, NULL);
  return settings;
}
