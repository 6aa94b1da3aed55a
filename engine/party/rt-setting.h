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
} RtSettingType;

/**
 * RtSetting:
 * @standard: its value where it is not given, as people write it
 * @choices: %NULL-terminated, where it is an %RT_SETTING_CHOICE
 * @summary: one sentence
 */
typedef struct
{
  const char *name;
  RtSettingType type;
  const char *standard;
  const char *const *choices;
  const char *summary;
} RtSetting;

const GVariantType *rt_setting_type (const RtSetting *setting);
GVariant *rt_setting_parse (const RtSetting *setting, const char *text, GError **error);
const RtSetting *
rt_setting_find (const RtSetting *settings, guint n_settings, const char *name, GError **error);
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

G_END_DECLS
