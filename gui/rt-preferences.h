/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The preferences: the settings that are the user's to choose. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define RT_TYPE_PREFERENCES (rt_preferences_get_type ())
G_DECLARE_FINAL_TYPE (RtPreferences, rt_preferences, RT, PREFERENCES, AdwPreferencesWindow)

RtPreferences *rt_preferences_new (GtkWindow *parent);

G_END_DECLS
