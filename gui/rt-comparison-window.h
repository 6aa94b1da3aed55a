/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two exchanges side by side, element by element, with what differs marked. */
#pragma once

#include "rt-view.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define RT_TYPE_COMPARISON_WINDOW (rt_comparison_window_get_type ())
G_DECLARE_FINAL_TYPE (RtComparisonWindow, rt_comparison_window, RT, COMPARISON_WINDOW, AdwWindow)

RtComparisonWindow *rt_comparison_window_new (
    GtkWindow *parent, RtView *left, guint left_exchange, RtView *right, guint right_exchange);
guint rt_comparison_window_get_n_differences (RtComparisonWindow *self);

G_END_DECLS
