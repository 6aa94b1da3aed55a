/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Listening and accepting.
 *
 * Listeners bind to loopback alone. A host of the sandbox gets a port of the system's choosing, and
 * the driver knows which, or the one that it was mapped to before; a listener on an address is
 * bound to exactly that. */
#include "rt-live-private.h"

#include "rt-error.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

/* Connections accepted before others get their turn. */
#define ACCEPT_BATCH 64

void
rt_live_close_fd (int fd)
{
  if (fd >= 0)
    close (fd);
}

void
rt_live_listener_free (gpointer data)
{
  RtLiveListener *listener = data;

  rt_live_close_fd (listener->fd);
  g_free (listener->host);
  g_free (listener);
}

static RtLiveListener *
find_listener (RtLive *live, const char *host, guint16 port)
{
  for (guint i = 0; i < live->listeners->len; i++)
    {
      RtLiveListener *listener = live->listeners->pdata[i];

      if (listener->port == port && g_ascii_strcasecmp (listener->host, host) == 0)
        return listener;
    }
  return NULL;
}

/**
 * rt_live_get_port:
 * @live: a driver
 * @host: what a party listens on
 * @port: likewise
 *
 * Returns: the port that a program has to connect to on this machine, or 0
 */
guint16
rt_live_get_port (RtLive *live, const char *host, guint16 port)
{
  const RtLiveListener *listener = find_listener (live, host, port);

  return listener != NULL ? listener->real_port : 0;
}

int
rt_live_socket_fd (int family)
{
  return socket (family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static int
bind_to (const struct sockaddr_storage *address, socklen_t length)
{
  int fd = rt_live_socket_fd (address->ss_family);
  int on = 1;

  if (fd < 0)
    return -1;
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind (fd, (const struct sockaddr *)address, length) == 0 && listen (fd, RT_LIVE_BACKLOG) == 0)
    return fd;
  close (fd);
  return -1;
}

guint16
rt_live_port_of (int fd)
{
  struct sockaddr_storage address = { 0 };
  socklen_t length = sizeof address;
  guint16 port = 0;

  if (getsockname (fd, (struct sockaddr *)&address, &length) == 0)
    g_free (rt_live_address_format ((const struct sockaddr *)&address, &port));
  return port;
}

static gboolean
check_listenable (const RtEndpoint *endpoint,
                  const char *host,
                  const struct sockaddr_storage *address,
                  socklen_t length,
                  GError **error)
{
  if (endpoint->datagrams)
    {
      rt_set_error (error, RT_ERROR_UNSUPPORTED, NULL, "TCP",
                    "%s:%u: no datagrams can be served yet", host, endpoint->port);
      return FALSE;
    }
  if (length > 0 && !rt_live_address_is_loopback (address))
    {
      rt_set_error (error, RT_ERROR_UNSUPPORTED, NULL,
                    "an address of this machine alone, such as 127.0.0.1",
                    "%s:%u cannot be listened on", host, endpoint->port);
      return FALSE;
    }
  return TRUE;
}

static void
add_listener (RtLive *live, RtDriverParty *party, const char *host, guint16 port, int fd)
{
  RtLiveListener *listener = g_new (RtLiveListener, 1);
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = listener };

  *listener = (RtLiveListener){ .watch = WATCH_LISTENER,
                                .live = live,
                                .party = party,
                                .host = g_strdup (host),
                                .port = port,
                                .real_port = rt_live_port_of (fd),
                                .address_length = sizeof listener->address,
                                .fd = fd };
  getsockname (fd, (struct sockaddr *)&listener->address, &listener->address_length);
  epoll_ctl (live->net.epoll, EPOLL_CTL_ADD, fd, &event);
  g_ptr_array_add (live->listeners, listener);
}

gboolean
rt_live_listen_on (gpointer driver, RtPartyId id, const RtEndpoint *endpoint, GError **error)
{
  RtLive *live = driver;
  RtDriverParty *party = rt_driver_core_get_party (&live->core, id);
  const char *host;
  struct sockaddr_storage address;
  socklen_t length;
  const RtLivePlace *place;
  gboolean exact;
  int fd;

  g_return_val_if_fail (party != NULL, FALSE);

  host = endpoint->host != NULL ? endpoint->host : party->name;
  length = rt_live_address_parse (g_ascii_strcasecmp (host, "localhost") == 0 ? "127.0.0.1" : host,
                                  endpoint->port, &address);
  exact = length > 0;
  if (!check_listenable (endpoint, host, &address, length, error)
      || !rt_driver_core_secure (&live->core, party, host, endpoint->port, endpoint->tls, error))
    return FALSE;
  place = rt_live_get_place (live, host, endpoint->port);
  if (place != NULL)
    length = rt_live_address_parse (place->address, place->port, &address);
  else if (!exact)
    length = rt_live_address_parse ("127.0.0.1", 0, &address);
  fd = bind_to (&address, length);
  if (fd < 0)
    {
      rt_set_error (error, RT_ERROR_IO, NULL, errno == EADDRINUSE ? "a port that is free" : NULL,
                    "%s:%u cannot be listened on: %s", place != NULL ? place->address : host,
                    place != NULL ? place->port : endpoint->port, g_strerror (errno));
      return FALSE;
    }
  add_listener (live, party, host, endpoint->port, fd);
  if (!exact)
    rt_live_map (live, host, endpoint->port, "127.0.0.1", rt_live_port_of (fd));
  return TRUE;
}

/* The socket is closed, so that the system refuses connections as it does where no program runs.
 * Should another program have taken the port in the meantime, the party stays down. */
void
rt_live_set_listening (gpointer driver, RtDriverParty *party)
{
  RtLive *live = driver;

  for (guint i = 0; i < live->listeners->len; i++)
    {
      RtLiveListener *listener = live->listeners->pdata[i];
      struct epoll_event event = { .events = EPOLLIN, .data.ptr = listener };

      if (listener->party != party || (listener->fd < 0) == party->down)
        continue;
      if (party->down)
        {
          rt_live_close_fd (listener->fd);
          listener->fd = -1;
          continue;
        }
      listener->fd = bind_to (&listener->address, listener->address_length);
      if (listener->fd >= 0)
        epoll_ctl (live->net.epoll, EPOLL_CTL_ADD, listener->fd, &event);
    }
}

/* Programs that are not ours are parties of the log, one an address. */
RtPartyId
rt_live_outside_party (RtLive *live, const struct sockaddr_storage *address)
{
  guint16 port;
  g_autofree char *text = rt_live_address_format ((const struct sockaddr *)address, &port);
  gpointer id = g_hash_table_lookup (live->outside, text);

  if (id == NULL && live->core.heard)
    {
      id = GUINT_TO_POINTER (rt_log_add_party (live->core.log, live->core.now, text, "program"));
      g_hash_table_insert (live->outside, g_steal_pointer (&text), id);
    }
  return (RtPartyId)GPOINTER_TO_UINT (id);
}

static RtLiveSocket *
find_opener (RtLive *live, const struct sockaddr_storage *address)
{
  guint16 port;

  g_free (rt_live_address_format ((const struct sockaddr *)address, &port));
  return g_hash_table_lookup (live->opening, GUINT_TO_POINTER (port));
}

static void
accepted (RtLiveListener *listener, int fd, const struct sockaddr_storage *address)
{
  RtLive *live = listener->live;
  RtLiveSocket *opener = find_opener (live, address);
  RtConnection number
      = opener != NULL ? opener->handle : rt_driver_core_next_connection (&live->core);
  RtLiveSocket *socket
      = rt_live_socket_new (&live->net, listener->party, number | RT_CONNECTION_ACCEPTED, fd,
                            RT_LIVE_OPEN, listener->host, listener->port);

  socket->ours = opener != NULL;
  socket->peer_party = opener != NULL ? opener->party->id : rt_live_outside_party (live, address);
  if (opener != NULL)
    {
      rt_live_socket_pair (socket, opener);
    }
  g_hash_table_insert (live->sockets, GUINT_TO_POINTER (socket->handle), socket);
  rt_live_socket_established (socket, RT_INPUT_ACCEPTED,
                              opener != NULL ? opener->opened : RT_EVENT_NONE);
}

/* No descriptor is left for the next connection. Turning it away needs one, so one is kept in
 * reserve; leaving it in the queue would wake us up for it without end. */
static void
turn_away (RtLive *live, int listener)
{
  rt_live_close_fd (live->spare_fd);
  rt_live_close_fd (accept4 (listener, NULL, NULL, SOCK_CLOEXEC));
  live->spare_fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* Whatever goes wrong with one connection, the listener goes on (accept(2) reports the network
 * errors of a connection that is gone already). */
void
rt_live_accept_some (RtLiveListener *listener)
{
  for (int i = 0; i < ACCEPT_BATCH; i++)
    {
      struct sockaddr_storage address = { 0 };
      socklen_t length = sizeof address;
      int fd = accept4 (listener->fd, (struct sockaddr *)&address, &length,
                        SOCK_NONBLOCK | SOCK_CLOEXEC);

      if (fd >= 0)
        accepted (listener, fd, &address);
      else if (errno == EAGAIN || errno == EWOULDBLOCK)
        return;
      else if (errno == EMFILE || errno == ENFILE)
        turn_away (listener->live, listener->fd);
    }
}

/* The listener of ours that stands at @address, if there is one. */
const RtLiveListener *
rt_live_listener_at (RtLive *live, const struct sockaddr_storage *address)
{
  guint16 port;

  g_free (rt_live_address_format ((const struct sockaddr *)address, &port));
  for (guint i = 0; i < live->listeners->len; i++)
    if (((RtLiveListener *)live->listeners->pdata[i])->real_port == port
        && rt_live_address_is_loopback (address))
      return live->listeners->pdata[i];
  return NULL;
}
