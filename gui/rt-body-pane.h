/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The content of the selected message as its media type means it, codings undone. */
#pragma once

#include <gtk/gtk.h>

#include "rt-view.h"

G_BEGIN_DECLS

#define RT_TYPE_BODY_PANE (rt_body_pane_get_type ())
G_DECLARE_FINAL_TYPE (RtBodyPane, rt_body_pane, RT, BODY_PANE, GtkWidget)

void rt_body_pane_set_view (RtBodyPane *self, RtView *view);
void rt_body_pane_set_raw (RtBodyPane *self, gboolean raw);

G_END_DECLS
