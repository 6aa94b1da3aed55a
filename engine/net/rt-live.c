/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The live driver: one thread, one epoll, no blocking call but the wait.
 *
 * Listeners bind to loopback alone. A host of the sandbox gets a port of the system's choosing, and
 * the driver knows which; a listener on an address is bound to exactly that. */
#include "rt-live.h"

#include "rt-error.h"
#include "rt-live-socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Events taken from the kernel at a time. */
#define BATCH 64
/* Connections accepted before others get their turn. */
#define ACCEPT_BATCH 64

/* What a watched pointer is: the first member of each kind. A socket's is 0. */
enum
{
  WATCH_SOCKET,
  WATCH_LISTENER,
  WATCH_STOP,
  WATCH_OTHER,
};

/* A descriptor of somebody else's. One that is no longer watched stays until the driver goes: an
 * event about it may be waiting. */
typedef struct
{
  int watch, fd;
  void (*ready) (gpointer data);
  gpointer data;
} Watched;

typedef struct
{
  int watch;
  RtLive *live;
  RtDriverParty *party;
  char *host;
  guint16 port, real_port;
  struct sockaddr_storage address; /* with the real port */
  socklen_t address_length;
  int fd;
} Listener;

typedef struct
{
  char *address;
  guint16 port;
} Place;

struct _RtLive
{
  RtDriverCore core;
  RtLiveNet net;
  RtLiveClock clock;
  GPtrArray *listeners;
  GHashTable *places;  /* host:port → Place */
  GHashTable *sockets; /* handle → RtLiveSocket */
  GHashTable *opening; /* local port → RtLiveSocket: to know our own when they come in */
  GHashTable *outside; /* address → RtPartyId */
  GPtrArray *ended;
  GPtrArray *watched; /* Watched */
  int stop_watch, stop_fd, spare_fd;
  gboolean allow_outside;
  gint stopping;
};

static void
close_if_open (int fd)
{
  if (fd >= 0)
    close (fd);
}

static void
listener_free (gpointer data)
{
  Listener *listener = data;

  close_if_open (listener->fd);
  g_free (listener->host);
  g_free (listener);
}

static void
place_free (gpointer data)
{
  g_free (((Place *)data)->address);
  g_free (data);
}

static void
socket_ended (gpointer driver, RtLiveSocket *socket)
{
  RtLive *live = driver;

  g_ptr_array_add (live->ended, socket);
}

static void
connect_to (gpointer driver, RtDriverParty *party, const RtEffect *effect, guint64 cause);
static void act (gpointer driver, RtDriverParty *party, const RtEffect *effect, guint64 cause);
static void push (gpointer driver, RtDriverParty *party, RtConnection connection);
static void
look (gpointer driver, RtDriverParty *party, RtConnection connection, RtDriverWire *ret_wire);
static void set_listening (gpointer driver, RtDriverParty *party);

static gboolean
watch_stop (RtLive *live, GError **error)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = &live->stop_watch };

  live->stop_watch = WATCH_STOP;
  live->net.epoll = epoll_create1 (EPOLL_CLOEXEC);
  live->stop_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  live->spare_fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  if (live->net.epoll >= 0 && live->stop_fd >= 0 && live->spare_fd >= 0
      && epoll_ctl (live->net.epoll, EPOLL_CTL_ADD, live->stop_fd, &event) == 0)
    return TRUE;
  rt_set_error (error, RT_ERROR_IO, NULL, NULL, "no sockets can be watched: %s",
                g_strerror (errno));
  return FALSE;
}

/**
 * rt_live_new:
 * @log: where everything is written, used by this driver alone; outlives it
 * @clock: what time it is
 * @start: with %RT_LIVE_CLOCK_JUMPS: the time at the beginning
 *
 * Errors: %RT_ERROR_IO.
 *
 * Returns: (transfer full): a driver without parties
 */
RtLive *
rt_live_new (RtLog *log, RtLiveClock clock, RtTime start, GError **error)
{
  static const RtDriverOps ops = { connect_to, act, push, look, set_listening };
  g_autoptr (RtLive) live = g_new0 (RtLive, 1);

  rt_driver_core_init (&live->core, &ops, live, log,
                       clock == RT_LIVE_CLOCK_REAL ? g_get_real_time () : start);
  live->clock = clock;
  live->listeners = g_ptr_array_new_with_free_func (listener_free);
  live->places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, place_free);
  live->sockets = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)rt_live_socket_free);
  live->opening = g_hash_table_new (NULL, NULL);
  live->outside = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  live->ended = g_ptr_array_new ();
  live->watched = g_ptr_array_new_with_free_func (g_free);
  live->net = (RtLiveNet){ .core = &live->core,
                           .epoll = -1,
                           .slab = g_malloc (RT_LIVE_READ_SIZE),
                           .ended = socket_ended,
                           .driver = live };
  live->stop_fd = live->spare_fd = -1;
  return watch_stop (live, error) ? g_steal_pointer (&live) : NULL;
}

void
rt_live_free (RtLive *live)
{
  g_hash_table_unref (live->opening);
  g_hash_table_unref (live->sockets);
  g_ptr_array_unref (live->ended);
  g_ptr_array_unref (live->watched);
  g_ptr_array_unref (live->listeners);
  g_hash_table_unref (live->places);
  g_hash_table_unref (live->outside);
  rt_driver_core_clear (&live->core);
  close_if_open (live->stop_fd);
  close_if_open (live->spare_fd);
  close_if_open (live->net.epoll);
  g_free (live->net.slab);
  g_free (live);
}

/* Places. */

static char *
place_key (const char *host, guint port)
{
  g_autofree char *lower = g_ascii_strdown (host, -1);

  return g_strdup_printf ("%s:%u", lower, port);
}

/**
 * rt_live_map:
 * @live: a driver
 * @host: a name that parties use
 * @port: a port that parties use
 * @address: where that is: an IP address
 * @real_port: likewise
 *
 * Tells where a host is, in place of the system's resolver.
 */
void
rt_live_map (RtLive *live, const char *host, guint16 port, const char *address, guint16 real_port)
{
  Place *place = g_new (Place, 1);

  *place = (Place){ g_strdup (address), real_port };
  g_hash_table_insert (live->places, place_key (host, port), place);
}

/**
 * rt_live_allow_outside:
 * @live: a driver
 * @allow: whether connections may leave this machine. At first they may not
 */
void
rt_live_allow_outside (RtLive *live, gboolean allow)
{
  live->allow_outside = allow;
}

static Listener *
find_listener (RtLive *live, const char *host, guint16 port)
{
  for (guint i = 0; i < live->listeners->len; i++)
    {
      Listener *listener = live->listeners->pdata[i];

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
  const Listener *listener = find_listener (live, host, port);

  return listener != NULL ? listener->real_port : 0;
}

/* Fills @ret_address from an IP address; returns its length, 0 if @text is none. */
static socklen_t
parse_address (const char *text, guint16 port, struct sockaddr_storage *ret_address)
{
  struct sockaddr_in *in = (struct sockaddr_in *)(gpointer)ret_address;
  struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(gpointer)ret_address;
  g_autofree char *bare = g_strdup (text);

  memset (ret_address, 0, sizeof *ret_address);
  if (*bare == '[' && bare[strlen (bare) - 1] == ']')
    {
      bare[strlen (bare) - 1] = '\0';
      memmove (bare, bare + 1, strlen (bare));
    }
  if (inet_pton (AF_INET, bare, &in->sin_addr) == 1)
    {
      in->sin_family = AF_INET;
      in->sin_port = htons (port);
      return sizeof *in;
    }
  if (inet_pton (AF_INET6, bare, &in6->sin6_addr) == 1)
    {
      in6->sin6_family = AF_INET6;
      in6->sin6_port = htons (port);
      return sizeof *in6;
    }
  return 0;
}

static gboolean
is_loopback (const struct sockaddr_storage *address)
{
  const struct sockaddr_in *in = (const struct sockaddr_in *)(gconstpointer)address;
  const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(gconstpointer)address;

  return address->ss_family == AF_INET ? ntohl (in->sin_addr.s_addr) >> 24 == 127
                                       : IN6_IS_ADDR_LOOPBACK (&in6->sin6_addr) != 0;
}

/* Names outside the sandbox are looked up only where the command said so. The call may block: it is
 * made for a person at a command line, not by a server. */
static socklen_t
look_up (const char *host, guint16 port, struct sockaddr_storage *ret_address)
{
  struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
  struct addrinfo *found = NULL;
  socklen_t length = 0;

  if (getaddrinfo (host, NULL, &hints, &found) != 0 || found == NULL)
    return 0;
  if (found->ai_addrlen <= sizeof *ret_address)
    {
      memcpy (ret_address, found->ai_addr, found->ai_addrlen);
      length = found->ai_addrlen;
      if (ret_address->ss_family == AF_INET6)
        ((struct sockaddr_in6 *)(gpointer)ret_address)->sin6_port = htons (port);
      else
        ((struct sockaddr_in *)(gpointer)ret_address)->sin_port = htons (port);
    }
  freeaddrinfo (found);
  return length;
}

/* Where @host is; on failure says why not. */
static socklen_t
resolve (RtLive *live,
         const char *host,
         guint16 port,
         struct sockaddr_storage *ret_address,
         const char **ret_why)
{
  g_autofree char *key = place_key (host, port);
  const Place *place = g_hash_table_lookup (live->places, key);
  socklen_t length;

  if (place != NULL)
    return parse_address (place->address, place->port, ret_address);
  length = parse_address (host, port, ret_address);
  if (length == 0 && g_ascii_strcasecmp (host, "localhost") == 0)
    length = parse_address ("127.0.0.1", port, ret_address);
  if (length == 0 && live->allow_outside)
    length = look_up (host, port, ret_address);
  if (length == 0)
    *ret_why = "no host has this name";
  else if (!live->allow_outside && !is_loopback (ret_address))
    {
      *ret_why = "it is outside the sandbox";
      return 0;
    }
  return length;
}

/* Listening. */

static int
new_socket (int family)
{
  return socket (family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static int
bind_to (const struct sockaddr_storage *address, socklen_t length)
{
  int fd = new_socket (address->ss_family);
  int on = 1;

  if (fd < 0)
    return -1;
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind (fd, (const struct sockaddr *)address, length) == 0 && listen (fd, RT_LIVE_BACKLOG) == 0)
    return fd;
  close (fd);
  return -1;
}

static guint16
port_of (int fd)
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
  if (length > 0 && !is_loopback (address))
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
  Listener *listener = g_new (Listener, 1);
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = listener };

  *listener = (Listener){ .watch = WATCH_LISTENER,
                          .live = live,
                          .party = party,
                          .host = g_strdup (host),
                          .port = port,
                          .real_port = port_of (fd),
                          .address_length = sizeof listener->address,
                          .fd = fd };
  getsockname (fd, (struct sockaddr *)&listener->address, &listener->address_length);
  epoll_ctl (live->net.epoll, EPOLL_CTL_ADD, fd, &event);
  g_ptr_array_add (live->listeners, listener);
}

static gboolean
listen_on (gpointer driver, RtPartyId id, const RtEndpoint *endpoint, GError **error)
{
  RtLive *live = driver;
  RtDriverParty *party = rt_driver_core_get_party (&live->core, id);
  const char *host;
  struct sockaddr_storage address;
  socklen_t length;
  gboolean exact;
  int fd;

  g_return_val_if_fail (party != NULL, FALSE);

  host = endpoint->host != NULL ? endpoint->host : party->name;
  length = parse_address (g_ascii_strcasecmp (host, "localhost") == 0 ? "127.0.0.1" : host,
                          endpoint->port, &address);
  exact = length > 0;
  if (!check_listenable (endpoint, host, &address, length, error)
      || !rt_driver_core_secure (&live->core, party, host, endpoint->port, endpoint->tls, error))
    return FALSE;
  if (!exact)
    length = parse_address ("127.0.0.1", 0, &address);
  fd = bind_to (&address, length);
  if (fd < 0)
    {
      rt_set_error (error, RT_ERROR_IO, NULL, errno == EADDRINUSE ? "a port that is free" : NULL,
                    "%s:%u cannot be listened on: %s", host, endpoint->port, g_strerror (errno));
      return FALSE;
    }
  add_listener (live, party, host, endpoint->port, fd);
  if (!exact)
    rt_live_map (live, host, endpoint->port, "127.0.0.1", port_of (fd));
  return TRUE;
}

/* The socket is closed, so that the system refuses connections as it does where no program runs.
 * Should another program have taken the port in the meantime, the party stays down. */
static void
set_listening (gpointer driver, RtDriverParty *party)
{
  RtLive *live = driver;

  for (guint i = 0; i < live->listeners->len; i++)
    {
      Listener *listener = live->listeners->pdata[i];
      struct epoll_event event = { .events = EPOLLIN, .data.ptr = listener };

      if (listener->party != party || (listener->fd < 0) == party->down)
        continue;
      if (party->down)
        {
          close_if_open (listener->fd);
          listener->fd = -1;
          continue;
        }
      listener->fd = bind_to (&listener->address, listener->address_length);
      if (listener->fd >= 0)
        epoll_ctl (live->net.epoll, EPOLL_CTL_ADD, listener->fd, &event);
    }
}

/* Programs that are not ours are parties of the log, one an address. */
static RtPartyId
outside_party (RtLive *live, const struct sockaddr_storage *address)
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
accepted (Listener *listener, int fd, const struct sockaddr_storage *address)
{
  RtLive *live = listener->live;
  RtLiveSocket *opener = find_opener (live, address);
  RtConnection number
      = opener != NULL ? opener->handle : rt_driver_core_next_connection (&live->core);
  RtLiveSocket *socket
      = rt_live_socket_new (&live->net, listener->party, number | RT_CONNECTION_ACCEPTED, fd,
                            RT_LIVE_OPEN, listener->host, listener->port);

  socket->ours = opener != NULL;
  socket->peer_party = opener != NULL ? opener->party->id : outside_party (live, address);
  if (opener != NULL)
    {
      socket->peer = opener;
      opener->peer = socket;
    }
  g_hash_table_insert (live->sockets, GUINT_TO_POINTER (socket->handle), socket);
  rt_live_socket_established (socket, RT_INPUT_ACCEPTED, RT_EVENT_NONE);
}

/* No descriptor is left for the next connection. Turning it away needs one, so one is kept in
 * reserve; leaving it in the queue would wake us up for it without end. */
static void
turn_away (RtLive *live, int listener)
{
  close_if_open (live->spare_fd);
  close_if_open (accept4 (listener, NULL, NULL, SOCK_CLOEXEC));
  live->spare_fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* Whatever goes wrong with one connection, the listener goes on (accept(2) reports the network
 * errors of a connection that is gone already). */
static void
accept_some (Listener *listener)
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

/* Connecting. */

static void
start_connecting (RtLive *live,
                  RtDriverParty *party,
                  const RtEffect *effect,
                  const struct sockaddr_storage *address,
                  socklen_t length,
                  const Listener *listener,
                  guint64 event)
{
  int fd = new_socket (address->ss_family);
  RtLiveSocket *socket;

  if (fd < 0
      || (connect (fd, (const struct sockaddr *)address, length) != 0 && errno != EINPROGRESS))
    {
      rt_driver_core_fail_connect (&live->core, party, effect, event,
                                   errno == ECONNREFUSED ? "connection refused"
                                                         : g_strerror (errno));
      close_if_open (fd);
      return;
    }
  socket = rt_live_socket_new (&live->net, party, effect->connection, fd, RT_LIVE_CONNECTING,
                               effect->to.host, effect->to.port);
  socket->event = event;
  socket->ours = listener != NULL;
  socket->peer_party = listener != NULL ? listener->party->id : outside_party (live, address);
  g_hash_table_insert (live->sockets, GUINT_TO_POINTER (socket->handle), socket);
  if (socket->ours)
    {
      socket->local_port = port_of (fd);
      g_hash_table_insert (live->opening, GUINT_TO_POINTER (socket->local_port), socket);
    }
}

/* The listener of ours that stands at @address, if there is one. */
static const Listener *
listener_at (RtLive *live, const struct sockaddr_storage *address)
{
  guint16 port;

  g_free (rt_live_address_format ((const struct sockaddr *)address, &port));
  for (guint i = 0; i < live->listeners->len; i++)
    if (((Listener *)live->listeners->pdata[i])->real_port == port && is_loopback (address))
      return live->listeners->pdata[i];
  return NULL;
}

static void
connect_to (gpointer driver, RtDriverParty *party, const RtEffect *effect, guint64 cause)
{
  RtLive *live = driver;
  struct sockaddr_storage address;
  const char *why = NULL;
  socklen_t length = resolve (live, effect->to.host, effect->to.port, &address, &why);
  const Listener *listener = length > 0 ? listener_at (live, &address) : NULL;
  guint64 event = rt_driver_core_log_connect (&live->core, party, effect,
                                              listener != NULL ? listener->party->id : 0, cause);

  if (effect->to.datagrams)
    rt_driver_core_fail_connect (&live->core, party, effect, event, "there is TCP alone for now");
  else if (length == 0)
    rt_driver_core_fail_connect (&live->core, party, effect, event, why);
  else
    start_connecting (live, party, effect, &address, length, listener, event);
}

/* Of a connection that is gone the party has not heard yet: its effects on it are void. */
static RtLiveSocket *
find_socket (RtLive *live, RtDriverParty *party, RtConnection connection)
{
  RtLiveSocket *socket = g_hash_table_lookup (live->sockets, GUINT_TO_POINTER (connection));

  return socket != NULL && socket->party == party ? socket : NULL;
}

static void
act (gpointer driver, RtDriverParty *party, const RtEffect *effect, guint64 cause)
{
  RtLiveSocket *socket = find_socket (driver, party, effect->connection);

  if (socket == NULL)
    return;
  if (effect->kind == RT_EFFECT_SEND)
    rt_live_socket_send (socket, effect->bytes, cause);
  else if (effect->kind == RT_EFFECT_READ)
    rt_live_socket_read (socket, effect->flag);
  else if (effect->flag)
    rt_live_socket_reset (socket, cause);
  else
    rt_live_socket_finish (socket, cause);
}

static void
push (gpointer driver, RtDriverParty *party, RtConnection connection)
{
  RtLiveSocket *socket = find_socket (driver, party, connection);

  if (socket != NULL)
    rt_live_socket_push (socket);
}

static void
look (gpointer driver, RtDriverParty *party, RtConnection connection, RtDriverWire *ret_wire)
{
  const RtLiveSocket *socket = find_socket (driver, party, connection);

  if (socket != NULL)
    *ret_wire = (RtDriverWire){ socket->buffer, socket->peer_buffer, socket->peer_party };
}

/* The loop. */

static void
bury_ended (RtLive *live)
{
  for (guint i = 0; i < live->ended->len; i++)
    {
      RtLiveSocket *socket = live->ended->pdata[i];

      if (socket->local_port != 0)
        g_hash_table_remove (live->opening, GUINT_TO_POINTER (socket->local_port));
      rt_driver_core_forget (&live->core, socket->handle);
      g_hash_table_remove (live->sockets, GUINT_TO_POINTER (socket->handle));
    }
  g_ptr_array_set_size (live->ended, 0);
}

static void
handle_watched (const Watched *watched)
{
  if (watched->fd >= 0)
    watched->ready (watched->data);
}

static void
handle_event (RtLive *live, const struct epoll_event *event)
{
  int watch = *(const int *)event->data.ptr;
  guint64 count;

  if (watch == WATCH_OTHER)
    handle_watched (event->data.ptr);
  else if (watch == WATCH_LISTENER)
    accept_some (event->data.ptr);
  else if (watch == WATCH_STOP)
    (void)!read (live->stop_fd, &count, sizeof count);
  else
    rt_live_socket_ready (event->data.ptr, event->events);
}

static void
tell_time (RtLive *live)
{
  if (live->clock == RT_LIVE_CLOCK_REAL)
    live->core.now = MAX (live->core.now, g_get_real_time ());
}

/* How long the kernel may let us sleep, in milliseconds; -1: until something happens. */
static int
get_patience (RtLive *live, RtTime until)
{
  RtTime next = MIN (rt_time_queue_next (live->core.queue), until);

  if (live->clock == RT_LIVE_CLOCK_JUMPS)
    return 0;
  if (next == RT_TIME_NEVER)
    return -1;
  /* Rounded up: waking up too early would only mean another round. */
  return (int)CLAMP ((next - live->core.now + 999) / 1000, 0, 60 * 60 * 1000);
}

static gboolean
fire_due (RtLive *live)
{
  gboolean any = FALSE;

  while (rt_time_queue_next (live->core.queue) <= live->core.now)
    {
      rt_time_queue_fire (live->core.queue);
      any = TRUE;
    }
  return any;
}

/* One round: what is due, then what the sockets have. Returns whether anything happened. */
static gboolean
go_round (RtLive *live, RtTime until)
{
  struct epoll_event events[BATCH];
  gboolean any;
  int n;

  tell_time (live);
  any = fire_due (live);
  bury_ended (live);
  n = epoll_wait (live->net.epoll, events, BATCH, any ? 0 : get_patience (live, until));
  tell_time (live);
  for (int i = 0; i < n; i++)
    handle_event (live, &events[i]);
  bury_ended (live);
  return any || n > 0;
}

static gboolean
is_settled (RtLive *live)
{
  return rt_driver_core_get_n_unfinished (&live->core) == 0
         && !rt_time_queue_holds (live->core.queue);
}

/* With a clock of the scenario's own, time moves when no socket has anything to do: on loopback
 * what was sent is there at once. */
static RtRun
run_jumping (RtLive *live, RtTime until)
{
  for (;;)
    {
      RtTime next;

      if (go_round (live, until))
        continue;
      if (is_settled (live))
        return RT_RUN_SETTLED;
      next = rt_time_queue_next (live->core.queue);
      if (next == RT_TIME_NEVER)
        return RT_RUN_WAITING;
      live->core.now = MAX (live->core.now, MIN (next, until));
      if (next > until)
        return RT_RUN_UNTIL;
    }
}

static RtRun
run_real (RtLive *live, RtTime until)
{
  while (!g_atomic_int_get (&live->stopping))
    {
      if (live->core.now >= until)
        return RT_RUN_UNTIL;
      if (until != RT_TIME_NEVER && is_settled (live))
        return RT_RUN_SETTLED;
      go_round (live, until);
    }
  return RT_RUN_UNTIL;
}

/* With real time and no end to it, the run serves until rt_live_stop(). */
static RtRun
run (gpointer driver, RtTime until, GError **error)
{
  RtLive *live = driver;

  return live->clock == RT_LIVE_CLOCK_JUMPS ? run_jumping (live, until) : run_real (live, until);
}

/**
 * rt_live_stop:
 * @live: a driver that runs
 *
 * Makes the run return. May be called from another thread or a signal handler.
 */
void
rt_live_stop (RtLive *live)
{
  guint64 one = 1;

  g_atomic_int_set (&live->stopping, TRUE);
  (void)!write (live->stop_fd, &one, sizeof one);
}

/**
 * rt_live_watch:
 * @live: a driver
 * @fd: a descriptor of the caller's: standard input, say
 * @ready: called by the run whenever something can be read from it, or it has come to its end
 * @data: for @ready
 *
 * Errors: %RT_ERROR_UNSUPPORTED: there is nothing to wait for: it is a file.
 *
 * Returns: whether it is watched
 */
gboolean
rt_live_watch (RtLive *live, int fd, void (*ready) (gpointer data), gpointer data, GError **error)
{
  Watched *watched = g_new (Watched, 1);
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = watched };

  *watched = (Watched){ WATCH_OTHER, fd, ready, data };
  g_ptr_array_add (live->watched, watched);
  if (epoll_ctl (live->net.epoll, EPOLL_CTL_ADD, fd, &event) == 0)
    return TRUE;
  rt_set_error (error, errno == EPERM ? RT_ERROR_UNSUPPORTED : RT_ERROR_IO, NULL, NULL,
                "this can't be waited for: %s", g_strerror (errno));
  g_ptr_array_remove (live->watched, watched);
  return FALSE;
}

/**
 * rt_live_unwatch:
 * @live: a driver
 * @fd: a descriptor that is watched
 */
void
rt_live_unwatch (RtLive *live, int fd)
{
  for (guint i = 0; i < live->watched->len; i++)
    {
      Watched *watched = live->watched->pdata[i];

      if (watched->fd != fd)
        continue;
      epoll_ctl (live->net.epoll, EPOLL_CTL_DEL, fd, NULL);
      watched->fd = -1;
    }
}

static void
advance (gpointer driver, RtTime by)
{
  RtLive *live = driver;
  RtTime until = live->core.now + by;

  g_return_if_fail (by >= 0 && live->clock == RT_LIVE_CLOCK_JUMPS);

  rt_driver_core_log (&live->core, 0, RT_EVENT_CLOCK, RT_EVENT_NONE, g_variant_new_int64 (by));
  while (rt_time_queue_next (live->core.queue) <= until)
    {
      live->core.now = MAX (live->core.now, rt_time_queue_next (live->core.queue));
      while (go_round (live, until))
        ;
    }
  live->core.now = until;
}

/* The rest of the driver's interface. */

static RtPartyId
add (gpointer driver, const char *name, const RtPartyClass *klass, gpointer self)
{
  return rt_driver_core_add (&((RtLive *)driver)->core, name, klass, self)->id;
}

static guint64
give_task (gpointer driver, RtPartyId id, gconstpointer what, const char *words, RtTime at)
{
  return rt_driver_core_give_task (&((RtLive *)driver)->core, id, what, words, at);
}

static RtTime
get_now (gpointer driver)
{
  return ((RtLive *)driver)->core.now;
}

/**
 * rt_live_get_n_unfinished:
 * @live: a driver
 *
 * Returns: how many tasks were given and not finished yet
 */
guint
rt_live_get_n_unfinished (RtLive *live)
{
  return rt_driver_core_get_n_unfinished (&live->core);
}

/**
 * rt_live_get_n_connections:
 * @live: a driver
 *
 * Returns: how many ends of connections hold a descriptor
 */
guint
rt_live_get_n_connections (RtLive *live)
{
  return g_hash_table_size (live->sockets);
}

static void
free_live (gpointer driver)
{
  rt_live_free (driver);
}

const RtDriverClass rt_live_driver = {
  .add = add,
  .listen = listen_on,
  .task = give_task,
  .run = run,
  .advance = advance,
  .now = get_now,
  .free = free_live,
};
