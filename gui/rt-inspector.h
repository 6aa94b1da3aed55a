/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Exchanges | Fields | Bytes | Meaning, with one selection. */
#pragma once

#include <gtk/gtk.h>

#include "rt-view.h"

G_BEGIN_DECLS

#define RT_TYPE_INSPECTOR (rt_inspector_get_type ())
G_DECLARE_FINAL_TYPE (RtInspector, rt_inspector, RT, INSPECTOR, GtkWidget)

void rt_inspector_set_view (RtInspector *self, RtView *view);
void rt_inspector_set_narrow (RtInspector *self, gboolean narrow);
void rt_inspector_focus_pane (RtInspector *self, int by);
gboolean rt_inspector_focus_next (RtInspector *self, int by);
GArray *rt_inspector_dup_listed (RtInspector *self);
void rt_inspector_set_comparing (RtInspector *self, const char *words);
void rt_inspector_focus_filter (RtInspector *self);

G_END_DECLS
