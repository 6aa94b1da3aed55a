/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Light, dark, high contrast and the size of text, as the settings have them. */
#pragma once

#include "rt-theme.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

void rt_appearance_follow_settings (void);
RtScheme rt_appearance_get_scheme (void);
void rt_appearance_watch (gpointer object, GCallback changed);
void rt_appearance_magnify (double factor);
double rt_appearance_get_text_scale (GtkWidget *widget);

G_END_DECLS
