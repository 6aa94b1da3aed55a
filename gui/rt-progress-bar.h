/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is being worked at, how far it is, and a way to stop it. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RT_TYPE_PROGRESS_BAR (rt_progress_bar_get_type ())
G_DECLARE_FINAL_TYPE (RtProgressBar, rt_progress_bar, RT, PROGRESS_BAR, GtkWidget)

void rt_progress_bar_set (RtProgressBar *self, const char *what, guint permille);

G_END_DECLS
