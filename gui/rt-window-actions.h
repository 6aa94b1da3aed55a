/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can be done in the window, by name, and the keys for it; and what the actions need of the
 * window. */
#pragma once

#include "rt-live-pane.h"
#include "rt-presenter.h"
#include "rt-window.h"

G_BEGIN_DECLS

void rt_window_add_actions (RtWindow *self);
void rt_window_remove_actions (RtWindow *self);
void rt_window_add_bindings (GtkWidgetClass *widget_class);

void rt_window_set_size (RtWindow *self, int width, int height);
void rt_window_restore (RtWindow *self);
void rt_window_show_run (RtWindow *self, guint run);
void rt_window_show_tab (RtWindow *self, const char *name);
void rt_window_notice (RtWindow *self, const char *text);
void rt_window_export (RtWindow *self, const char *kind, const char *path, gboolean redact);
void rt_window_show_symptom (RtWindow *self, const char *name);
void rt_window_toggle_sidebar (RtWindow *self);
void rt_window_set_presenting (RtWindow *self, gboolean presenting);
RtLivePane *rt_window_get_live (RtWindow *self);
RtPresenter *rt_window_get_presenter (RtWindow *self);

G_END_DECLS
