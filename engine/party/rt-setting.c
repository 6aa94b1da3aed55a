/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Settings. What is not given has its standard value; what is given has been checked against the
 * list, so that a kind reads its settings without looking for mistakes again. */
#include "rt-setting.h"

#include "rt-text.h"

/* What a value has to be, in the words of an error. */
static const char *const words[] = {
  [RT_SETTING_TEXT] = "text",
  [RT_SETTING_NUMBER] = "a whole number, not negative",
  [RT_SETTING_BOOLEAN] = "true or false",
  [RT_SETTING_DURATION] = "a duration such as 50ms",
  [RT_SETTING_CHOICE] = "one of its choices",
  [RT_SETTING_FIELDS] = "lines of the form Name: value",
  [RT_SETTING_LIST] = "a list",
  [RT_SETTING_ROWS] = "a list of mappings",
};

/**
 * rt_setting_type:
 * @setting: a setting
 *
 * Returns: the type of the #GVariant that carries its value
 */
const GVariantType *
rt_setting_type (const RtSetting *setting)
{
  static const char *const types[] = {
    [RT_SETTING_TEXT] = "s",     [RT_SETTING_NUMBER] = "x",    [RT_SETTING_BOOLEAN] = "b",
    [RT_SETTING_DURATION] = "x", [RT_SETTING_CHOICE] = "s",    [RT_SETTING_FIELDS] = "a(ss)",
    [RT_SETTING_LIST] = "as",    [RT_SETTING_ROWS] = "aa{ss}",
  };

  return G_VARIANT_TYPE (types[setting->type]);
}

static GVariant *
parse_choice (const RtSetting *setting, const char *text, GError **error)
{
  if (g_strv_contains (setting->choices, text))
    return g_variant_new_string (text);
  rt_set_unknown (error, NULL, setting->name, text, setting->choices,
                  g_strv_length ((char **)setting->choices));
  return NULL;
}

static GVariant *
parse_boolean (const RtSetting *setting, const char *text, GError **error)
{
  if (strcmp (text, "true") == 0)
    return g_variant_new_boolean (TRUE);
  if (strcmp (text, "false") == 0)
    return g_variant_new_boolean (FALSE);
  rt_set_error (error, RT_ERROR_SYNTAX, NULL, words[setting->type], "%s can't be “%s”",
                setting->name, text);
  return NULL;
}

static GVariant *
parse_number (const RtSetting *setting, const char *text, GError **error)
{
  guint64 number;

  if (rt_text_to_uint64 (rt_text (text), &number) && number <= G_MAXINT64)
    return g_variant_new_int64 ((gint64)number);
  rt_set_error (error, RT_ERROR_SYNTAX, NULL, words[setting->type], "%s can't be “%s”",
                setting->name, text);
  return NULL;
}

/* Written as one line each, as on the wire. */
static GVariant *
parse_fields (const RtSetting *setting, const char *text, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ss)"));

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *colon = strchr (g_strstrip (lines[i]), ':');

      if (*lines[i] == '\0')
        continue;
      if (colon == NULL || colon == lines[i])
        {
          rt_set_error (error, RT_ERROR_SYNTAX, NULL, words[setting->type],
                        "%s: “%s” is no field line", setting->name, lines[i]);
          return NULL;
        }
      *colon = '\0';
      g_variant_builder_add (&builder, "(ss)", lines[i], g_strstrip (colon + 1));
    }
  return g_variant_builder_end (&builder);
}

static GVariant *
parse_list (const char *text)
{
  g_auto (GStrv) elements = g_strsplit (text, ",", -1);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; elements[i] != NULL; i++)
    if (*g_strstrip (elements[i]) != '\0')
      g_variant_builder_add (&builder, "s", elements[i]);
  return g_variant_builder_end (&builder);
}

/* Rows are too much for one line: only that there are none can be written on it. */
static GVariant *
parse_rows (const RtSetting *setting, const char *text, GError **error)
{
  if (*text == '\0')
    return g_variant_new_array (G_VARIANT_TYPE ("a{ss}"), NULL, 0);
  rt_set_error (error, RT_ERROR_SYNTAX, NULL, words[setting->type], "%s can't be “%s”",
                setting->name, text);
  return NULL;
}

/**
 * rt_setting_parse:
 * @setting: a setting
 * @text: its value as people write it
 *
 * Errors: %RT_ERROR_SYNTAX, %RT_ERROR_UNKNOWN.
 *
 * Returns: (transfer floating) (nullable): the value
 */
GVariant *
rt_setting_parse (const RtSetting *setting, const char *text, GError **error)
{
  RtTime duration;

  switch (setting->type)
    {
    case RT_SETTING_NUMBER:
      return parse_number (setting, text, error);
    case RT_SETTING_BOOLEAN:
      return parse_boolean (setting, text, error);
    case RT_SETTING_DURATION:
      return rt_duration_parse (text, &duration, error) ? g_variant_new_int64 (duration) : NULL;
    case RT_SETTING_CHOICE:
      return parse_choice (setting, text, error);
    case RT_SETTING_FIELDS:
      return parse_fields (setting, text, error);
    case RT_SETTING_LIST:
      return parse_list (text);
    case RT_SETTING_ROWS:
      return parse_rows (setting, text, error);
    case RT_SETTING_TEXT:
    default:
      return g_variant_new_string (text);
    }
}

/**
 * rt_setting_find:
 * @settings: (array length=n_settings): a list
 * @name: as it was given
 *
 * Errors: %RT_ERROR_UNKNOWN, with the nearest name there is.
 *
 * Returns: (nullable): the setting
 */
const RtSetting *
rt_setting_find (const RtSetting *settings, guint n_settings, const char *name, GError **error)
{
  g_autofree const char **names = g_new0 (const char *, n_settings + 1);

  for (guint i = 0; i < n_settings; i++)
    {
      if (strcmp (settings[i].name, name) == 0)
        return &settings[i];
      names[i] = settings[i].name;
    }
  rt_set_unknown (error, NULL, "setting", name, names, n_settings);
  return NULL;
}

/**
 * rt_setting_check_column:
 * @setting: a setting of rows
 * @column: a column's name as it was given
 *
 * Errors: %RT_ERROR_UNKNOWN, with the nearest name there is.
 *
 * Returns: whether rows can have such a column
 */
gboolean
rt_setting_check_column (const RtSetting *setting, const char *column, GError **error)
{
  g_autofree char *what = g_strdup_printf ("column of %s", setting->name);

  if (g_strv_contains (setting->choices, column))
    return TRUE;
  rt_set_unknown (error, NULL, what, column, setting->choices,
                  g_strv_length ((char **)setting->choices));
  return FALSE;
}

static gboolean
check_rows (const RtSetting *setting, GVariant *rows, GError **error)
{
  GVariantIter iter;
  GVariantIter *row;

  g_variant_iter_init (&iter, rows);
  while (g_variant_iter_next (&iter, "a{ss}", &row))
    {
      const char *column;
      gboolean known = TRUE;

      while (known && g_variant_iter_next (row, "{&s&s}", &column, NULL))
        known = rt_setting_check_column (setting, column, error);
      g_variant_iter_free (row);
      if (!known)
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_choice (const RtSetting *setting, GVariant *value, GError **error)
{
  g_autoptr (GVariant) checked = parse_choice (setting, g_variant_get_string (value, NULL), error);

  if (checked != NULL)
    g_variant_ref_sink (checked);
  return checked != NULL;
}

/**
 * rt_setting_check:
 * @setting: a setting
 * @value: what it is to be
 *
 * Errors: %RT_ERROR_UNKNOWN, %RT_ERROR_SYNTAX, %RT_ERROR_LIMIT.
 *
 * Returns: whether it can be
 */
gboolean
rt_setting_check (const RtSetting *setting, GVariant *value, GError **error)
{
  if (!g_variant_is_of_type (value, rt_setting_type (setting)))
    {
      rt_set_error (error, RT_ERROR_SYNTAX, NULL, words[setting->type],
                    "%s has a value of another kind", setting->name);
      return FALSE;
    }
  if (setting->type == RT_SETTING_ROWS && !check_rows (setting, value, error))
    return FALSE;
  if (setting->type == RT_SETTING_CHOICE && !check_choice (setting, value, error))
    return FALSE;
  return setting->check == NULL || setting->check (setting, value, error);
}

/**
 * rt_settings_check:
 * @settings: (array length=n_settings): a list
 * @given: an `a{sv}`
 *
 * Errors: %RT_ERROR_UNKNOWN, %RT_ERROR_SYNTAX.
 *
 * Returns: whether all that is given is in the list and of its type
 */
gboolean
rt_settings_check (const RtSetting *settings, guint n_settings, GVariant *given, GError **error)
{
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, given);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      g_autoptr (GVariant) owned = value;
      const RtSetting *setting = rt_setting_find (settings, n_settings, name, error);

      if (setting == NULL || !rt_setting_check (setting, owned, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * rt_settings_get:
 * @settings: (array length=n_settings): a list
 * @given: an `a{sv}` that was checked against it
 * @name: one of the list
 *
 * Returns: (transfer full): its value
 */
GVariant *
rt_settings_get (const RtSetting *settings, guint n_settings, GVariant *given, const char *name)
{
  const RtSetting *setting = rt_setting_find (settings, n_settings, name, NULL);
  GVariant *value;

  g_assert (setting != NULL);
  value = g_variant_lookup_value (given, name, rt_setting_type (setting));
  return value != NULL ? value
                       : g_variant_ref_sink (rt_setting_parse (setting, setting->standard, NULL));
}

gboolean
rt_settings_get_boolean (const RtSetting *settings,
                         guint n_settings,
                         GVariant *given,
                         const char *name)
{
  g_autoptr (GVariant) value = rt_settings_get (settings, n_settings, given, name);

  return g_variant_get_boolean (value);
}

gint64
rt_settings_get_number (const RtSetting *settings,
                        guint n_settings,
                        GVariant *given,
                        const char *name)
{
  g_autoptr (GVariant) value = rt_settings_get (settings, n_settings, given, name);

  return g_variant_get_int64 (value);
}

char *
rt_settings_dup_text (const RtSetting *settings,
                      guint n_settings,
                      GVariant *given,
                      const char *name)
{
  g_autoptr (GVariant) value = rt_settings_get (settings, n_settings, given, name);

  return g_variant_dup_string (value, NULL);
}

/**
 * rt_given_has:
 * @given: settings
 * @name: one of the list
 *
 * Returns: whether it was given at all
 */
gboolean
rt_given_has (const RtGiven *given, const char *name)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (given->values, name, NULL);

  return value != NULL;
}

GVariant *
rt_given_get (const RtGiven *given, const char *name)
{
  return rt_settings_get (given->settings, given->n, given->values, name);
}

gboolean
rt_given_get_boolean (const RtGiven *given, const char *name)
{
  return rt_settings_get_boolean (given->settings, given->n, given->values, name);
}

gint64
rt_given_get_number (const RtGiven *given, const char *name)
{
  return rt_settings_get_number (given->settings, given->n, given->values, name);
}

/**
 * rt_given_take_number:
 * @given: settings
 * @name: a number or duration of the list
 * @at_least, @at_most: between which it has to be
 * @ret_number: (out): it; untouched on failure
 *
 * Errors: %RT_ERROR_LIMIT.
 *
 * Returns: whether it is
 */
gboolean
rt_given_take_number (const RtGiven *given,
                      const char *name,
                      gint64 at_least,
                      gint64 at_most,
                      gint64 *ret_number,
                      GError **error)
{
  gint64 number = rt_given_get_number (given, name);
  g_autofree char *expected = NULL;

  if (number >= at_least && number <= at_most)
    {
      *ret_number = number;
      return TRUE;
    }
  expected = g_strdup_printf ("%" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, at_least, at_most);
  rt_set_error (error, RT_ERROR_LIMIT, NULL, expected, "%s can't be %" G_GINT64_FORMAT, name,
                number);
  return FALSE;
}

char *
rt_given_dup_text (const RtGiven *given, const char *name)
{
  return rt_settings_dup_text (given->settings, given->n, given->values, name);
}

/**
 * rt_given_dup_bytes:
 * @given: settings
 * @name: a text of the list
 *
 * Returns: (transfer full): its bytes
 */
GBytes *
rt_given_dup_bytes (const RtGiven *given, const char *name)
{
  char *text = rt_given_dup_text (given, name);

  return g_bytes_new_take (text, strlen (text));
}

char **
rt_given_dup_list (const RtGiven *given, const char *name)
{
  g_autoptr (GVariant) value = rt_given_get (given, name);

  return g_variant_dup_strv (value, NULL);
}

/**
 * rt_given_get_choice:
 * @given: settings
 * @name: a choice of the list
 *
 * Returns: the index of what was chosen, in the order of the setting's choices
 */
guint
rt_given_get_choice (const RtGiven *given, const char *name)
{
  const RtSetting *setting = rt_setting_find (given->settings, given->n, name, NULL);
  g_autofree char *chosen = rt_given_dup_text (given, name);
  guint i = 0;

  while (strcmp (setting->choices[i], chosen) != 0)
    i++;
  return i;
}
