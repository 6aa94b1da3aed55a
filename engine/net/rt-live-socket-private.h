/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of a real socket share. */
#pragma once

#include "rt-live-socket.h"

G_BEGIN_DECLS

static inline gboolean
rt_live_socket_is_acceptor (const RtLiveSocket *socket)
{
  return (socket->handle & RT_CONNECTION_ACCEPTED) != 0;
}

guint64 rt_live_socket_log (
    RtLiveSocket *socket, RtEventKind kind, guint64 cause, RtSpan span, const char *detail);
void rt_live_socket_deliver (RtLiveSocket *socket, RtInput input);
void rt_live_socket_watch (RtLiveSocket *socket);
void rt_live_socket_end (RtLiveSocket *socket);
void rt_live_socket_end_when_done (RtLiveSocket *socket);
void rt_live_socket_cut_off (RtLiveSocket *socket, const char *why);
void rt_live_socket_cut_by_link (RtLiveSocket *socket);
void rt_live_socket_restart_idle (RtLiveSocket *socket);
void rt_live_socket_stop (RtLiveSocket *socket, RtTimeItem **item);

/* What led where. */
void rt_live_socket_leave_trail (RtLiveSocket *socket, guint64 length, guint64 event);
guint64 rt_live_socket_follow_trail (RtLiveSocket *socket);

/* The sending half. */
GQueue *rt_live_socket_get_outgoing (RtLiveSocket *socket);
void rt_live_socket_open_out (RtLiveSocket *socket);
void rt_live_socket_flush (RtLiveSocket *socket);

/* The receiving half. */
void rt_live_socket_open_in (RtLiveSocket *socket);
gboolean rt_live_socket_wants (const RtLiveSocket *socket);
void rt_live_socket_receive (RtLiveSocket *socket);

G_END_DECLS
