/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A lesson on ports, for the window: it serves on a thread of its own, and what happens is told on
 * the main thread. */
#pragma once

#include "rt-live-lesson.h"
#include "rt-view.h"

G_BEGIN_DECLS

/**
 * RtLiveServer:
 *
 * Signals: `ready`: its servers listen; `news (RtLiveNews)`: something happened; no step and no
 * probe is in it; `arrived`: the view has more; `ended (GError or NULL)`: nothing is served any
 * more.
 */
#define RT_TYPE_LIVE_SERVER (rt_live_server_get_type ())
G_DECLARE_FINAL_TYPE (RtLiveServer, rt_live_server, RT, LIVE_SERVER, GObject)

RtLiveServer *rt_live_server_new (const RtLesson *lesson, const char *answer, guint16 port);
void rt_live_server_stop (RtLiveServer *self);

GPtrArray *rt_live_server_get_ports (RtLiveServer *self);    /* RtLivePort */
GPtrArray *rt_live_server_get_commands (RtLiveServer *self); /* utf8 */
const char *rt_live_server_get_authority (RtLiveServer *self);
RtView *rt_live_server_get_view (RtLiveServer *self);

G_END_DECLS
