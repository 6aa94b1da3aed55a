/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The transport bar: plays a view, steps through it, scrubs. */
#pragma once

#include <gtk/gtk.h>

#include "rt-view.h"

G_BEGIN_DECLS

#define RT_TYPE_TRANSPORT (rt_transport_get_type ())
G_DECLARE_FINAL_TYPE (RtTransport, rt_transport, RT, TRANSPORT, GtkWidget)

void rt_transport_set_view (RtTransport *self, RtView *view);
void rt_transport_set_playing (RtTransport *self, gboolean playing);
gboolean rt_transport_get_playing (RtTransport *self);
void rt_transport_play_from (RtTransport *self, RtTime from);

G_END_DECLS
