/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lesson on ports of this machine: where, what to try, and what came. */
#pragma once

#include <gtk/gtk.h>

#include "rt-live-server.h"

G_BEGIN_DECLS

/**
 * RtLivePane:
 *
 * Signals: `show-view (RtView)`: what comes is to be seen there; `solved`: each probe of the
 * challenge has passed; `notify::serving`: it begins, or it ends.
 */
#define RT_TYPE_LIVE_PANE (rt_live_pane_get_type ())
G_DECLARE_FINAL_TYPE (RtLivePane, rt_live_pane, RT, LIVE_PANE, GtkWidget)

void rt_live_pane_start (RtLivePane *self, const RtLesson *lesson, const char *answer);
void rt_live_pane_stop (RtLivePane *self);
gboolean rt_live_pane_get_serving (RtLivePane *self);
RtLiveServer *rt_live_pane_get_server (RtLivePane *self);
GPtrArray *rt_live_pane_get_ports (RtLivePane *self); /* RtLivePort */
void rt_live_pane_set_port (RtLivePane *self, guint16 port);
const char *rt_live_pane_get_status (RtLivePane *self);

G_END_DECLS
