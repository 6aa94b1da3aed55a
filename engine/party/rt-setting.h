/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Settings of parties and resources: closed lists that say what each is and check what is given. */
#pragma once

#include "rt-error.h"
#include "rt-time.h"

G_BEGIN_DECLS

/**
 * RtSettingType:
 * @RT_SETTING_TEXT: `s`
 * @RT_SETTING_NUMBER: `x`, not negative
 * @RT_SETTING_BOOLEAN: `b`; written `true` or `false`
 * @RT_SETTING_DURATION: `x`, microseconds; written `50ms`, `1.5s`
 * @RT_SETTING_CHOICE: `s`, one of the setting's choices
 * @RT_SETTING_FIELDS: `a(ss)`, field lines in their order
 * @RT_SETTING_LIST: `as`; written with commas between, or as a list
 * @RT_SETTING_ROWS: `aa{ss}`: rows with some of the columns that the setting's choices name
 *
 * What a setting's value is, as the #GVariant that carries it.
 */
typedef enum
{
  RT_SETTING_TEXT,
  RT_SETTING_NUMBER,
  RT_SETTING_BOOLEAN,
  RT_SETTING_DURATION,
  RT_SETTING_CHOICE,
  RT_SETTING_FIELDS,
  RT_SETTING_LIST,
  RT_SETTING_ROWS,
} RtSettingType;

typedef struct _RtSetting RtSetting;

/**
 * RtSetting:
 * @standard: its value where it is not given, as people write it
 * @choices: %NULL-terminated, where it is an %RT_SETTING_CHOICE; the columns of %RT_SETTING_ROWS
 * @summary: one sentence
 * @check: (nullable): whether a value that is of its type can be; if not, @error says why
 */
struct _RtSetting
{
  const char *name;
  RtSettingType type;
  const char *standard;
  const char *const *choices;
  const char *summary;
  gboolean (*check) (const RtSetting *setting, GVariant *value, GError **error);
};

const GVariantType *rt_setting_type (const RtSetting *setting);
GVariant *rt_setting_parse (const RtSetting *setting, const char *text, GError **error);
const RtSetting *
rt_setting_find (const RtSetting *settings, guint n_settings, const char *name, GError **error);
gboolean rt_setting_check (const RtSetting *setting, GVariant *value, GError **error);
gboolean rt_setting_check_column (const RtSetting *setting, const char *column, GError **error);
gboolean
rt_settings_check (const RtSetting *settings, guint n_settings, GVariant *given, GError **error);
GVariant *
rt_settings_get (const RtSetting *settings, guint n_settings, GVariant *given, const char *name);
gboolean rt_settings_get_boolean (const RtSetting *settings,
                                  guint n_settings,
                                  GVariant *given,
                                  const char *name);
gint64 rt_settings_get_number (const RtSetting *settings,
                               guint n_settings,
                               GVariant *given,
                               const char *name);
char *rt_settings_dup_text (const RtSetting *settings,
                            guint n_settings,
                            GVariant *given,
                            const char *name);

/**
 * RtGiven:
 * @settings: (array length=n): a list
 * @values: an `a{sv}` that was checked against it
 *
 * Settings as somebody was given them. Borrowed.
 */
typedef struct
{
  const RtSetting *settings;
  guint n;
  GVariant *values;
} RtGiven;

gboolean rt_given_has (const RtGiven *given, const char *name);
GVariant *rt_given_get (const RtGiven *given, const char *name);
gboolean rt_given_get_boolean (const RtGiven *given, const char *name);
gint64 rt_given_get_number (const RtGiven *given, const char *name);
gboolean rt_given_take_number (const RtGiven *given,
                               const char *name,
                               gint64 at_least,
                               gint64 at_most,
                               gint64 *ret_number,
                               GError **error);
char *rt_given_dup_text (const RtGiven *given, const char *name);
GBytes *rt_given_dup_bytes (const RtGiven *given, const char *name);
char **rt_given_dup_list (const RtGiven *given, const char *name);
guint rt_given_get_choice (const RtGiven *given, const char *name);

G_END_DECLS
