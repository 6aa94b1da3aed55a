/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What was replaced by pseudonyms in what was exported, and what was only suspected. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define RT_TYPE_REDACTED_WINDOW (rt_redacted_window_get_type ())
G_DECLARE_FINAL_TYPE (RtRedactedWindow, rt_redacted_window, RT, REDACTED_WINDOW, AdwWindow)

RtRedactedWindow *rt_redacted_window_new (GtkWindow *parent, GPtrArray *redactions);

G_END_DECLS
