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
/* How long accepting pauses when the system has nothing left for it. */
#define ACCEPT_PAUSE (50 * RT_TIME_MSEC)

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

  if (listener->resume != NULL)
    rt_time_queue_cancel (listener->live->core.queue, listener->resume);
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
      rt_live_socket_route (socket, &opener->route);
    }
  else
    {
      RtLiveRoute route = rt_live_find_route (live, listener->party->id, socket->peer_party, FALSE);

      rt_live_socket_route (socket, &route);
    }
  g_hash_table_insert (live->sockets, GUINT_TO_POINTER (socket->handle), socket);
  rt_live_socket_established (socket, RT_INPUT_ACCEPTED,
                              opener != NULL ? opener->opened : RT_EVENT_NONE);
}

/* What keeps the kernel from giving us connections may pass; asking again at once, or being woken
 * up for them, would keep us from everything else. */

static void
watch_listener (RtLiveListener *listener, guint32 events)
{
  struct epoll_event event = { .events = events, .data.ptr = listener };

  if (listener->fd >= 0)
    epoll_ctl (listener->live->net.epoll, EPOLL_CTL_MOD, listener->fd, &event);
}

static void
fire_resume (gpointer owner, gpointer data)
{
  RtLiveListener *listener = data;

  listener->resume = NULL;
  watch_listener (listener, EPOLLIN);
}

static void
pause_accepting (RtLiveListener *listener)
{
  RtDriverCore *core = &listener->live->core;

  if (listener->resume != NULL)
    return;
  watch_listener (listener, 0);
  listener->resume = rt_time_queue_push (core->queue, core->now + ACCEPT_PAUSE, FALSE, fire_resume,
                                         listener, listener, NULL);
}

/* Of the connections that we have closed and whose other ends linger, the one that has done so for
 * longest: it is of the least use. */
static RtLiveSocket *
find_lingering (RtLive *live)
{
  RtLiveSocket *oldest = NULL;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, live->sockets);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      RtLiveSocket *socket = value;

      if (socket->state == RT_LIVE_OPEN && socket->idle != NULL
          && (oldest == NULL || socket->idle_since < oldest->idle_since
              || (socket->idle_since == oldest->idle_since && socket->handle < oldest->handle)))
        oldest = socket;
    }
  return oldest;
}

/* Takes a descriptor that is only there to be given up. */
gboolean
rt_live_take_reserve (RtLive *live)
{
  live->spare_fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  return live->spare_fd >= 0;
}

/* No descriptor is left for the next connection. Turning it away needs one, so one is kept in
 * reserve; leaving it in the queue would wake us up for it without end. Returns whether there may
 * be more to accept. */
static gboolean
make_room (RtLiveListener *listener)
{
  RtLive *live = listener->live;
  RtLiveSocket *lingering = find_lingering (live);
  int fd, code;

  if (lingering != NULL)
    {
      rt_live_socket_give_up (lingering);
      return TRUE;
    }
  rt_live_close_fd (live->spare_fd);
  fd = accept4 (listener->fd, NULL, NULL, SOCK_CLOEXEC);
  code = errno;
  rt_live_close_fd (fd);
  rt_live_take_reserve (live);
  if (fd >= 0)
    return TRUE;
  /* Somebody else was quicker to take the reserve: without it nobody can be turned away. */
  if (code == EMFILE || code == ENFILE || live->spare_fd < 0)
    pause_accepting (listener);
  return FALSE;
}

/* accept(2): errors of a connection that is gone already, or of the network it came by, are passed
 * on by accept(); there may be others behind it. */
static gboolean
is_of_one_connection (int code)
{
  static const int codes[]
      = { ECONNABORTED, EPROTO, EPERM,        EINTR,      ENETDOWN,    ENOPROTOOPT,
          EHOSTDOWN,    ENONET, EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH, ETIMEDOUT };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i] == code)
      return TRUE;
  return FALSE;
}

/* Whatever goes wrong with one connection, or with all of them for a while, the listener goes on.
 */
void
rt_live_accept_some (RtLiveListener *listener)
{
  for (int i = 0; i < ACCEPT_BATCH && listener->fd >= 0; i++)
    {
      struct sockaddr_storage address = { 0 };
      socklen_t length = sizeof address;
      int fd = accept4 (listener->fd, (struct sockaddr *)&address, &length,
                        SOCK_NONBLOCK | SOCK_CLOEXEC);

      if (fd >= 0)
        {
          accepted (listener, fd, &address);
          if (listener->live->spare_fd < 0)
            rt_live_take_reserve (listener->live);
        }
      else if (errno == EAGAIN || errno == EWOULDBLOCK)
        return;
      else if (errno == EMFILE || errno == ENFILE)
        {
          if (!make_room (listener))
            return;
        }
      else if (!is_of_one_connection (errno))
        {
          /* ENOBUFS, ENOMEM, or what no manual names. */
          pause_accepting (listener);
          return;
        }
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
