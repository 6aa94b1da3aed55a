/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What led where: where both ends are ours, that something arrives was caused by its being sent. */
#include "rt-live-socket-private.h"

/* @event let this end's next @length bytes go; a FIN counts as one. */
void
rt_live_socket_leave_trail (RtLiveSocket *socket, guint64 length, guint64 event)
{
  RtLiveStep step;

  socket->noted = length < G_MAXUINT64 - socket->noted ? socket->noted + length : G_MAXUINT64;
  step = (RtLiveStep){ socket->noted, event };
  if (!socket->ours || !socket->net->core->heard)
    return;
  if (socket->trail == NULL)
    socket->trail = g_array_new (FALSE, FALSE, sizeof step);
  g_array_append_val (socket->trail, step);
}

/* The event with which the other end let go what is read next; what was read is forgotten. */
guint64
rt_live_socket_follow_trail (RtLiveSocket *socket)
{
  GArray *trail = socket->peer_trail;
  guint past = 0;

  if (trail == NULL)
    return RT_EVENT_NONE;
  while (past < trail->len && g_array_index (trail, RtLiveStep, past).end <= socket->read)
    past++;
  g_array_remove_range (trail, 0, past);
  return trail->len > 0 ? g_array_index (trail, RtLiveStep, 0).event : RT_EVENT_NONE;
}

/**
 * rt_live_socket_pair:
 * @socket: accepted
 * @opener: the end of one of our own parties that it was accepted from
 */
void
rt_live_socket_pair (RtLiveSocket *socket, RtLiveSocket *opener)
{
  if (opener->trail == NULL)
    opener->trail = g_array_new (FALSE, FALSE, sizeof (RtLiveStep));
  socket->trail = g_array_new (FALSE, FALSE, sizeof (RtLiveStep));
  socket->peer_trail = g_array_ref (opener->trail);
  opener->peer_trail = g_array_ref (socket->trail);
  socket->peer = opener;
  opener->peer = socket;
  socket->met = opener->met = TRUE;
  socket->coming = opener->sent;
  socket->end_coming = opener->finished;
}
