/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What lies between the live driver's hosts, and how they connect. */
#include "rt-live-private.h"

#include <errno.h>

/* Links. */

void
rt_live_link_free (gpointer link)
{
  rt_sim_link_free (link);
}

static gpointer
pair_key (RtPartyId a, RtPartyId b)
{
  return GUINT_TO_POINTER ((guint)MIN (a, b) << 16 | MAX (a, b));
}

/**
 * rt_live_set_link:
 * @live: a driver
 * @a: one party, or 0
 * @b: the other, or 0
 * @link: copied
 *
 * What lies between two parties from now on, on top of what the machine's own network does. With
 * one of them 0: between the other and programs that are not ours. With both 0: between all that
 * have no link of their own. Where there is none, nothing is held back.
 */
void
rt_live_set_link (RtLive *live, RtPartyId a, RtPartyId b, const RtLink *link)
{
  RtSimLink *have = g_hash_table_lookup (live->links, pair_key (a, b));

  if (a == 0 && b == 0)
    {
      g_free (live->standard_faults);
      live->standard_faults = g_memdup2 (link->faults, link->n_faults * sizeof (RtFault));
      live->standard = *link;
      live->standard.faults = live->standard_faults;
      live->has_standard = TRUE;
    }
  else if (have != NULL)
    rt_sim_link_set (have, link);
  else
    g_hash_table_insert (live->links, pair_key (a, b), rt_sim_link_new (link));
}

/* What a new connection between the two runs over. */
RtLiveRoute
rt_live_find_route (RtLive *live, RtPartyId party, RtPartyId peer, gboolean ours)
{
  gpointer key = pair_key (party, ours ? peer : 0);
  RtSimLink *link = g_hash_table_lookup (live->links, pair_key (party, peer));

  if (link == NULL)
    link = g_hash_table_lookup (live->links, key);
  if (link == NULL && live->has_standard)
    {
      link = rt_sim_link_new (&live->standard);
      g_hash_table_insert (live->links, key, link);
    }
  return (RtLiveRoute){ link, link != NULL ? rt_sim_link_add_connection (link) : 0 };
}

/* Connecting. */

void
rt_live_dial (gpointer driver, RtLiveSocket *socket)
{
  RtLive *live = driver;

  if (connect (socket->fd, (const struct sockaddr *)&socket->address, socket->address_length) != 0
      && errno != EINPROGRESS)
    {
      rt_live_socket_refused (socket, errno);
      return;
    }
  if (socket->ours)
    {
      socket->local_port = rt_live_port_of (socket->fd);
      g_hash_table_insert (live->opening, GUINT_TO_POINTER (socket->local_port), socket);
    }
  rt_live_socket_dialled (socket);
}

static void
start_connecting (RtLive *live,
                  RtDriverParty *party,
                  const RtEffect *effect,
                  const struct sockaddr_storage *address,
                  socklen_t length,
                  const RtLiveListener *listener,
                  RtPartyId peer,
                  guint64 event)
{
  int fd = rt_live_socket_fd (address->ss_family);
  RtLiveSocket *socket;
  RtLiveRoute route;

  if (fd < 0)
    {
      rt_driver_core_fail_connect (&live->core, party, effect, event, g_strerror (errno));
      return;
    }
  socket = rt_live_socket_new (&live->net, party, effect->connection, fd, RT_LIVE_CALLING,
                               effect->to.host, effect->to.port);
  socket->event = socket->opened = event;
  socket->ours = listener != NULL;
  socket->peer_party = peer != 0 ? peer : rt_live_outside_party (live, address);
  socket->address = *address;
  socket->address_length = length;
  g_hash_table_insert (live->sockets, GUINT_TO_POINTER (socket->handle), socket);
  route = rt_live_find_route (live, party->id, socket->peer_party, socket->ours);
  rt_live_socket_route (socket, &route);
  rt_live_socket_call (socket);
}

void
rt_live_connect_to (gpointer driver, RtDriverParty *party, const RtEffect *effect, guint64 cause)
{
  RtLive *live = driver;
  struct sockaddr_storage address;
  const char *why = NULL;
  socklen_t length = rt_live_resolve (live, effect->to.host, effect->to.port, &address, &why);
  const RtLiveListener *listener = length > 0 ? rt_live_listener_at (live, &address) : NULL;
  RtPartyId peer = listener != NULL ? listener->party->id
                                    : rt_live_program_at (live, effect->to.host, effect->to.port);
  guint64 event = rt_driver_core_log_connect (&live->core, party, effect, peer, cause);

  if (effect->to.datagrams)
    rt_driver_core_fail_connect (&live->core, party, effect, event, "there is TCP alone");
  else if (length == 0)
    rt_driver_core_fail_connect (&live->core, party, effect, event, why);
  else
    start_connecting (live, party, effect, &address, length, listener, peer, event);
}
