/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One end of a connection on a real socket: how it begins and ends. What it sends stands in
 * rt-live-send.c, what it receives in rt-live-receive.c.
 *
 * Where both ends are ours they share a connection number and the buffers: what one end sent is
 * what the other receives, so the bytes are written down once. Where the other end is a program,
 * what it sends is written down as it arrives, and that is all that is known of it.
 *
 * Over a link (rt-live-line.h) the sending end holds back what it sends, and where that is a
 * program, the receiving end does. */
#include "rt-live-socket-private.h"

#include "rt-error.h"
#include "rt-live.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

static RtConnection
number_of (const RtLiveSocket *socket)
{
  return socket->handle & ~RT_CONNECTION_ACCEPTED;
}

guint64
rt_live_socket_log (
    RtLiveSocket *socket, RtEventKind kind, guint64 cause, RtSpan span, const char *detail)
{
  RtDriverCore *core = socket->net->core;

  if (!core->heard)
    return 0;
  return rt_log_append (core->log,
                        &(RtEvent){ .time = core->now,
                                    .cause = cause,
                                    .span = span,
                                    .connection = number_of (socket),
                                    .party = socket->party->id,
                                    .kind = (guint16)kind },
                        detail != NULL ? g_variant_new_string (detail) : NULL);
}

void
rt_live_socket_deliver (RtLiveSocket *socket, RtInput input)
{
  if (socket->deaf)
    return;
  input.connection = socket->handle;
  input.now = socket->net->core->now;
  rt_driver_core_deliver (socket->net->core, socket->party, &input);
}

/* Tells the kernel what the socket waits for, if that has changed. What is not connected yet, or
 * whose party has not heard of it yet, is not asked about. */
void
rt_live_socket_watch (RtLiveSocket *socket)
{
  struct epoll_event event = { .data.ptr = socket };

  if (socket->state != RT_LIVE_CONNECTING && socket->state != RT_LIVE_OPEN)
    return;
  if (socket->state == RT_LIVE_CONNECTING
      || !g_queue_is_empty (rt_live_socket_get_outgoing (socket)))
    event.events |= EPOLLOUT;
  if (rt_live_socket_wants (socket))
    event.events |= EPOLLIN | EPOLLRDHUP;
  if (socket->registered && event.events == socket->watched)
    return;
  epoll_ctl (socket->net->epoll, socket->registered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket->fd,
             &event);
  socket->registered = TRUE;
  socket->watched = event.events;
}

static void
unwatch (RtLiveSocket *socket)
{
  if (socket->registered)
    epoll_ctl (socket->net->epoll, EPOLL_CTL_DEL, socket->fd, NULL);
  socket->registered = FALSE;
}

/**
 * rt_live_socket_new:
 * @net: of the driver
 * @party: whose end it is
 * @handle: as the party knows the connection
 * @fd: (transfer full): not blocking
 * @state: calling or open
 * @host: what was connected to
 * @port: likewise
 *
 * Returns: (transfer full): a socket; once it is open or connects it is watched
 */
RtLiveSocket *
rt_live_socket_new (RtLiveNet *net,
                    RtDriverParty *party,
                    RtConnection handle,
                    int fd,
                    RtLiveState state,
                    const char *host,
                    guint16 port)
{
  RtLiveSocket *socket = g_new0 (RtLiveSocket, 1);
  int on = 1;

  socket->net = net;
  socket->party = party;
  socket->handle = handle;
  socket->fd = fd;
  socket->state = state;
  socket->reading = TRUE;
  socket->host = g_strdup (host);
  socket->port = port;
  g_queue_init (&socket->unsent);
  g_queue_init (&socket->arrived);
  /* What a party sends in one go leaves in one go; what it sends later must not wait for an ACK. */
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

/**
 * rt_live_socket_route:
 * @socket: a socket whose @ours and @peer_party are known
 * @route: what the connection runs over
 */
void
rt_live_socket_route (RtLiveSocket *socket, const RtLiveRoute *route)
{
  socket->route = *route;
  if (route->link == NULL)
    return;
  rt_live_socket_open_out (socket);
  if (!socket->ours)
    rt_live_socket_open_in (socket);
}

void
rt_live_socket_stop (RtLiveSocket *socket, RtTimeItem **item)
{
  if (*item != NULL)
    rt_time_queue_cancel (socket->net->core->queue, g_steal_pointer (item));
}

void
rt_live_socket_free (RtLiveSocket *socket)
{
  if (socket->peer != NULL)
    socket->peer->peer = NULL;
  rt_live_socket_stop (socket, &socket->idle);
  rt_live_socket_stop (socket, &socket->again);
  rt_live_socket_stop (socket, &socket->later);
  g_clear_pointer (&socket->out, rt_live_line_free);
  g_clear_pointer (&socket->in, rt_live_line_free);
  if (socket->fd >= 0)
    close (socket->fd);
  g_queue_clear_full (&socket->unsent, (GDestroyNotify)g_bytes_unref);
  g_queue_clear_full (&socket->arrived, (GDestroyNotify)g_bytes_unref);
  g_clear_pointer (&socket->trail, g_array_unref);
  g_clear_pointer (&socket->peer_trail, g_array_unref);
  g_free (socket->host);
  g_free (socket);
}

void
rt_live_socket_end (RtLiveSocket *socket)
{
  if (socket->state == RT_LIVE_GONE)
    return;
  socket->state = RT_LIVE_GONE;
  if (socket->out != NULL)
    rt_live_line_stop (socket->out);
  if (socket->in != NULL)
    rt_live_line_stop (socket->in);
  rt_live_socket_stop (socket, &socket->idle);
  rt_live_socket_stop (socket, &socket->later);
  close (socket->fd);
  socket->fd = -1;
  if (socket->peer != NULL)
    socket->peer->end_coming = TRUE;
  socket->net->ended (socket->net->driver, socket);
}

void
rt_live_socket_end_when_done (RtLiveSocket *socket)
{
  if (socket->finished && socket->eof)
    rt_live_socket_end (socket);
}

/**
 * rt_live_address_format:
 * @address: IPv4 or IPv6
 * @ret_port: (out)
 *
 * Returns: (transfer full): the address as text
 */
char *
rt_live_address_format (const struct sockaddr *address, guint16 *ret_port)
{
  char text[INET6_ADDRSTRLEN] = "";

  if (address->sa_family == AF_INET6)
    {
      const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(gconstpointer)address;

      inet_ntop (AF_INET6, &in6->sin6_addr, text, sizeof text);
      *ret_port = ntohs (in6->sin6_port);
    }
  else
    {
      const struct sockaddr_in *in = (const struct sockaddr_in *)(gconstpointer)address;

      inet_ntop (AF_INET, &in->sin_addr, text, sizeof text);
      *ret_port = ntohs (in->sin_port);
    }
  return g_strdup (text);
}

/* Opening. */

static void
open_buffers (RtLiveSocket *socket)
{
  RtDriverCore *core = socket->net->core;
  RtDirection out = rt_live_socket_is_acceptor (socket) ? RT_BACKWARD : RT_FORWARD;

  if (socket->peer != NULL && socket->peer->buffer != 0)
    {
      socket->buffer = socket->peer->peer_buffer;
      socket->peer_buffer = socket->peer->buffer;
      return;
    }
  socket->buffer = rt_log_add_buffer (core->log, core->now, number_of (socket), socket->party->id,
                                      out, RT_BYTES_CROSSED, 0);
  socket->peer_buffer
      = rt_log_add_buffer (core->log, core->now, number_of (socket), socket->peer_party,
                           out == RT_FORWARD ? RT_BACKWARD : RT_FORWARD, RT_BYTES_CROSSED, 0);
}

/* Of a program that is not ours, nothing else says what it connected to, and from where. */
static guint64
log_established (RtLiveSocket *socket, RtInputKind kind, guint64 cause, const RtPeer *peer)
{
  RtDriverCore *core = socket->net->core;
  gboolean outside = kind == RT_INPUT_ACCEPTED && !socket->ours;

  if (!core->heard)
    return 0;
  return rt_log_append (
      core->log,
      &(RtEvent){ .time = core->now,
                  .cause = cause,
                  .connection = number_of (socket),
                  .party = socket->party->id,
                  .kind = RT_EVENT_ESTABLISHED },
      outside ? g_variant_new ("(sqsq)", socket->host, socket->port, peer->address, peer->port)
              : NULL);
}

/**
 * rt_live_socket_established:
 * @socket: open since now
 * @kind: %RT_INPUT_CONNECTED or %RT_INPUT_ACCEPTED
 * @cause: the event that led here
 */
void
rt_live_socket_established (RtLiveSocket *socket, RtInputKind kind, guint64 cause)
{
  struct sockaddr_storage address = { 0 };
  socklen_t length = sizeof address;
  g_autofree char *text = NULL;
  RtPeer peer = { .local_host = socket->host, .local_port = socket->port };
  const RtDriverParty *other = rt_driver_core_get_party (socket->net->core, socket->peer_party);
  guint64 event;

  socket->state = RT_LIVE_OPEN;
  if (socket->net->core->heard)
    open_buffers (socket);
  getpeername (socket->fd, (struct sockaddr *)&address, &length);
  text = rt_live_address_format ((const struct sockaddr *)&address, &peer.port);
  socket->peer_port = peer.port;
  /* Between our own parties everybody has the address that the scenario knows them by. */
  peer.address = other != NULL ? other->address : text;
  event = log_established (socket, kind, cause, &peer);
  rt_live_socket_watch (socket);
  rt_live_socket_deliver (socket, (RtInput){ .kind = kind, .event = event, .info = &peer });
}

/* The connection that the party wanted will not be. */
static void
fail_to_connect (RtLiveSocket *socket, const char *why)
{
  g_autoptr (GError) error
      = g_error_new (RT_ERROR, RT_ERROR_IO, "%s:%u: %s", socket->host, socket->port, why);
  guint64 event = rt_live_socket_log (socket, RT_EVENT_RESET, socket->event, RT_SPAN_NONE, why);

  rt_live_socket_end (socket);
  rt_live_socket_deliver (socket,
                          (RtInput){ .kind = RT_INPUT_FAILED, .event = event, .info = error });
}

static void
answered (RtLiveSocket *socket)
{
  if (socket->code != 0)
    fail_to_connect (socket, socket->code == ECONNREFUSED ? "connection refused"
                                                          : g_strerror (socket->code));
  else
    rt_live_socket_established (socket, RT_INPUT_CONNECTED, socket->event);
}

static void
fire_answered (gpointer owner, gpointer data)
{
  RtLiveSocket *socket = data;

  socket->later = NULL;
  answered (socket);
}

static void
fire_cut (gpointer owner, gpointer data)
{
  RtLiveSocket *socket = data;

  socket->later = NULL;
  fail_to_connect (socket, "cut off by the network");
}

static void
fire_call_timed_out (gpointer owner, gpointer data)
{
  RtLiveSocket *socket = data;

  socket->later = NULL;
  fail_to_connect (socket, "connection timed out");
}

/* A link carries a segment of the handshake; @arrives follows if it does. */
static void
greet (RtLiveSocket *socket, RtPartyId from, RtPartyId to, RtTimeFire arrives)
{
  RtDriverCore *core = socket->net->core;
  RtTime at = core->now;
  RtSimFate fate = rt_live_route_greet (&socket->route, from, to, core->now, &at);

  if (fate == RT_SIM_CUT)
    arrives = fire_cut;
  else if (fate == RT_SIM_LOST)
    arrives = fire_call_timed_out;
  socket->later = rt_time_queue_push (core->queue, at, TRUE, arrives, socket, socket, NULL);
}

static void
finish_connecting (RtLiveSocket *socket)
{
  socklen_t length = sizeof socket->code;

  if (socket->code == 0)
    getsockopt (socket->fd, SOL_SOCKET, SO_ERROR, &socket->code, &length);
  if (socket->route.link == NULL)
    {
      answered (socket);
      return;
    }
  socket->state = RT_LIVE_GREETING;
  unwatch (socket);
  greet (socket, socket->peer_party, socket->party->id, fire_answered);
}

/**
 * rt_live_socket_dialled:
 * @socket: a socket whose wish to connect the kernel has
 */
void
rt_live_socket_dialled (RtLiveSocket *socket)
{
  socket->state = RT_LIVE_CONNECTING;
  rt_live_socket_watch (socket);
}

static void
fire_refused (gpointer owner, gpointer data)
{
  RtLiveSocket *socket = data;

  socket->later = NULL;
  finish_connecting (socket);
}

/**
 * rt_live_socket_refused:
 * @socket: a socket that was to connect
 * @code: why the kernel does not want to try
 *
 * The party hears of it from the loop.
 */
void
rt_live_socket_refused (RtLiveSocket *socket, int code)
{
  RtDriverCore *core = socket->net->core;

  socket->code = code;
  socket->later
      = rt_time_queue_push (core->queue, core->now, TRUE, fire_refused, socket, socket, NULL);
}

static void
fire_dial (gpointer owner, gpointer data)
{
  RtLiveSocket *socket = data;

  socket->later = NULL;
  socket->net->dial (socket->net->driver, socket);
}

/**
 * rt_live_socket_call:
 * @socket: a socket that is to connect
 *
 * Has the driver dial, at once or when a link has carried the wish there.
 */
void
rt_live_socket_call (RtLiveSocket *socket)
{
  if (socket->route.link == NULL)
    socket->net->dial (socket->net->driver, socket);
  else
    greet (socket, socket->party->id, socket->peer_party, fire_dial);
}

/* Ending. */

void
rt_live_socket_cut_off (RtLiveSocket *socket, const char *why)
{
  guint64 event, cause = rt_live_socket_follow_trail (socket);

  if (socket->state == RT_LIVE_GONE)
    return;
  if (socket->deaf)
    {
      rt_live_socket_end (socket);
      return;
    }
  event = rt_live_socket_log (socket, RT_EVENT_RESET,
                              cause != RT_EVENT_NONE ? cause : socket->event, RT_SPAN_NONE, why);
  rt_live_socket_end (socket);
  rt_live_socket_deliver (socket, (RtInput){ .kind = RT_INPUT_RESET, .event = event });
}

/* Lingering for no time makes the kernel send a RST when the socket is closed. */
static void
end_by_reset (RtLiveSocket *socket)
{
  struct linger none = { 1, 0 };

  setsockopt (socket->fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  if (socket->peer != NULL)
    socket->peer->cut_coming = TRUE;
  rt_live_socket_end (socket);
}

/* A link cuts the connection off: both ends see it. */
void
rt_live_socket_cut_by_link (RtLiveSocket *socket)
{
  static const char why[] = "cut off by the network";
  struct linger none = { 1, 0 };

  setsockopt (socket->fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  if (socket->peer != NULL && socket->peer->state == RT_LIVE_OPEN)
    rt_live_socket_cut_off (socket->peer, why);
  rt_live_socket_cut_off (socket, why);
}

/**
 * rt_live_socket_give_up:
 * @socket: a socket that has finished
 *
 * Does not wait any longer for the other end to do so.
 */
void
rt_live_socket_give_up (RtLiveSocket *socket)
{
  rt_live_socket_cut_off (socket, "the other end does not close");
}

static void
fire_idle (gpointer owner, gpointer data)
{
  RtLiveSocket *socket = data;

  socket->idle = NULL;
  rt_live_socket_give_up (socket);
}

/* This end has said that it sends no more. A party of ours at the other end knows how long it
 * stays; a program may stay for ever. */
void
rt_live_socket_restart_idle (RtLiveSocket *socket)
{
  RtDriverCore *core = socket->net->core;

  if (!socket->finished || socket->eof || socket->ours)
    return;
  rt_live_socket_stop (socket, &socket->idle);
  socket->idle_since = core->now;
  socket->idle = rt_time_queue_push (core->queue, core->now + RT_LIVE_LINGER, FALSE, fire_idle,
                                     socket, socket, NULL);
}

static void
fire_reset (gpointer owner, gpointer data)
{
  RtLiveSocket *socket = data;

  socket->later = NULL;
  end_by_reset (socket);
}

/**
 * rt_live_socket_reset:
 * @socket: a socket
 * @cause: the event that led here
 *
 * Cuts the connection off with a RST. What has not left is dropped; over a link, the RST takes as
 * long as anything else.
 */
void
rt_live_socket_reset (RtLiveSocket *socket, guint64 cause)
{
  RtDriverCore *core = socket->net->core;

  if (socket->state == RT_LIVE_GONE || socket->deaf)
    return;
  rt_live_socket_leave_trail (
      socket, G_MAXUINT64, rt_live_socket_log (socket, RT_EVENT_SENT, cause, RT_SPAN_NONE, "RST"));
  if (socket->state != RT_LIVE_OPEN || socket->out == NULL)
    {
      end_by_reset (socket);
      return;
    }
  socket->deaf = TRUE;
  rt_live_line_drop (socket->out);
  if (socket->in != NULL)
    rt_live_line_stop (socket->in);
  rt_live_socket_watch (socket);
  rt_driver_core_forget (core, socket->handle);
  socket->later
      = rt_time_queue_push (core->queue, core->now + rt_sim_link_get_latency (socket->route.link),
                            TRUE, fire_reset, socket, socket, NULL);
}

/* The kernel. */

/**
 * rt_live_socket_ready:
 * @socket: a socket
 * @events: what the kernel says of it
 */
void
rt_live_socket_ready (RtLiveSocket *socket, guint32 events)
{
  if (socket->state == RT_LIVE_CONNECTING)
    {
      finish_connecting (socket);
      return;
    }
  if (socket->state == RT_LIVE_OPEN && (events & EPOLLOUT))
    rt_live_socket_flush (socket);
  if (socket->state == RT_LIVE_OPEN && (events & (EPOLLIN | EPOLLRDHUP))
      && rt_live_socket_wants (socket))
    rt_live_socket_receive (socket);
  else if (socket->state == RT_LIVE_OPEN && (events & (EPOLLERR | EPOLLHUP)))
    rt_live_socket_cut_off (socket, "connection reset");
  if (socket->state == RT_LIVE_OPEN)
    rt_live_socket_watch (socket);
}

/**
 * rt_live_socket_is_waited_for:
 * @socket: a socket
 *
 * Whether the kernel will have something to say of it, though it may not have said so yet: what one
 * of our own ends sent, the other one has not received.
 *
 * Returns: %TRUE: time must not jump
 */
gboolean
rt_live_socket_is_waited_for (const RtLiveSocket *socket)
{
  const RtLiveSocket *peer = socket->peer;

  if (socket->state == RT_LIVE_CONNECTING)
    return TRUE;
  if (!socket->ours || socket->state != RT_LIVE_OPEN)
    return FALSE;
  if (!socket->met || socket->cut_coming)
    return TRUE;
  if (rt_live_socket_wants (socket)
      && (socket->read < socket->coming || (socket->end_coming && !socket->eof)))
    return TRUE;
  return peer != NULL && rt_live_socket_wants (peer)
         && !g_queue_is_empty (rt_live_socket_get_outgoing ((RtLiveSocket *)socket));
}
