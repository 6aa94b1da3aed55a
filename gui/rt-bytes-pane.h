/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The bytes of the selected message, as text and as hex. */
#pragma once

#include <gtk/gtk.h>

#include "rt-view.h"

G_BEGIN_DECLS

#define RT_TYPE_BYTES_PANE (rt_bytes_pane_get_type ())
G_DECLARE_FINAL_TYPE (RtBytesPane, rt_bytes_pane, RT, BYTES_PANE, GtkWidget)

void rt_bytes_pane_set_view (RtBytesPane *self, RtView *view);
void rt_bytes_pane_set_hex (RtBytesPane *self, gboolean hex);

G_END_DECLS
