/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The elements of the selected message: start line, fields, content. */
#pragma once

#include <gtk/gtk.h>

#include "rt-view.h"

G_BEGIN_DECLS

#define RT_TYPE_FIELDS_PANE (rt_fields_pane_get_type ())
G_DECLARE_FINAL_TYPE (RtFieldsPane, rt_fields_pane, RT, FIELDS_PANE, GtkWidget)

void rt_fields_pane_set_view (RtFieldsPane *self, RtView *view);

G_END_DECLS
