/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The current explanation card as a strip, where the timeline has no room for cards. */
#pragma once

#include <gtk/gtk.h>

#include "rt-view.h"

G_BEGIN_DECLS

#define RT_TYPE_CARD_STRIP (rt_card_strip_get_type ())
G_DECLARE_FINAL_TYPE (RtCardStrip, rt_card_strip, RT, CARD_STRIP, GtkWidget)

void rt_card_strip_set_view (RtCardStrip *self, RtView *view);
const char *rt_severity_icon (RtSeverity severity);
const char *rt_severity_class (RtSeverity severity);

G_END_DECLS
