/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lessons by topic, symptoms, recorded sessions: a page each. */
#pragma once

#include <gtk/gtk.h>

#include "rt-tutor.h"

G_BEGIN_DECLS

#define RT_TYPE_SIDEBAR (rt_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (RtSidebar, rt_sidebar, RT, SIDEBAR, GtkWidget)

void rt_sidebar_set_tutor (RtSidebar *self, RtTutor *tutor);
void rt_sidebar_show_symptom (RtSidebar *self, const char *name);

G_END_DECLS
