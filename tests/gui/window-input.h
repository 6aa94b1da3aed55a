/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Real keys and a real pointer, from xdotool. */
#pragma once

#include "window-fixture.h"

void window_input_focus (WindowFixture *fixture);
void window_input_press (WindowFixture *fixture, const char *key);
void window_input_wheel (WindowFixture *fixture, GtkWidget *widget, gboolean down);
void window_input_type (WindowFixture *fixture, const char *text);
void window_input_click (WindowFixture *fixture, GtkWidget *widget, double x, double y);
gboolean window_input_wait_rows (WindowFixture *fixture, GtkListView *list, guint n);
gboolean window_input_wait_above (WindowFixture *fixture, gboolean above);
