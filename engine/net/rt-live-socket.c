/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One end of a connection on a real socket.
 *
 * Where both ends are ours they share a connection number and the buffers: what one end sent is
 * what the other receives, so the bytes are written down once. Where the other end is a program,
 * what it sends is written down as it arrives, and that is all that is known of it. */
#include "rt-live-socket.h"

#include "rt-error.h"
#include "rt-live.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/uio.h>
#include <unistd.h>

/* Pieces that one call hands to the kernel. */
#define GATHER 16

static RtConnection
number_of (const RtLiveSocket *socket)
{
  return socket->handle & ~RT_CONNECTION_ACCEPTED;
}

static gboolean
is_acceptor (const RtLiveSocket *socket)
{
  return (socket->handle & RT_CONNECTION_ACCEPTED) != 0;
}

static guint64
log_event (RtLiveSocket *socket, RtEventKind kind, guint64 cause, RtSpan span, const char *detail)
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

static void
deliver (RtLiveSocket *socket, RtInput input)
{
  input.connection = socket->handle;
  input.now = socket->net->core->now;
  rt_driver_core_deliver (socket->net->core, socket->party, &input);
}

/* Tells the kernel what the socket waits for, if that has changed. */
static void
watch (RtLiveSocket *socket)
{
  guint32 events = 0;
  struct epoll_event event = { .data.ptr = socket };

  if (socket->state == RT_LIVE_GONE)
    return;
  if (socket->state == RT_LIVE_CONNECTING || !g_queue_is_empty (&socket->unsent))
    events |= EPOLLOUT;
  if (socket->state == RT_LIVE_OPEN && socket->reading && !socket->eof)
    events |= EPOLLIN | EPOLLRDHUP;
  if (events == socket->watched)
    return;
  event.events = events;
  epoll_ctl (socket->net->epoll, EPOLL_CTL_MOD, socket->fd, &event);
  socket->watched = events;
}

/**
 * rt_live_socket_new:
 * @net: of the driver
 * @party: whose end it is
 * @handle: as the party knows the connection
 * @fd: (transfer full): not blocking
 * @state: connecting or open
 * @host: what was connected to
 * @port: likewise
 *
 * Returns: (transfer full): a socket that is watched
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
  struct epoll_event event = { .data.ptr = socket };
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
  /* What a party sends in one go leaves in one go; what it sends later must not wait for an ACK. */
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  epoll_ctl (net->epoll, EPOLL_CTL_ADD, fd, &event);
  watch (socket);
  return socket;
}

void
rt_live_socket_free (RtLiveSocket *socket)
{
  if (socket->peer != NULL)
    socket->peer->peer = NULL;
  if (socket->linger != NULL)
    rt_time_queue_cancel (socket->net->core->queue, socket->linger);
  if (socket->again != NULL)
    rt_time_queue_cancel (socket->net->core->queue, socket->again);
  if (socket->fd >= 0)
    close (socket->fd);
  g_queue_clear_full (&socket->unsent, (GDestroyNotify)g_bytes_unref);
  g_clear_pointer (&socket->trail, g_array_unref);
  g_clear_pointer (&socket->peer_trail, g_array_unref);
  g_free (socket->host);
  g_free (socket);
}

static void
end (RtLiveSocket *socket)
{
  if (socket->state == RT_LIVE_GONE)
    return;
  socket->state = RT_LIVE_GONE;
  close (socket->fd);
  socket->fd = -1;
  socket->net->ended (socket->net->driver, socket);
}

static void
end_when_done (RtLiveSocket *socket)
{
  if (socket->finished && socket->eof)
    end (socket);
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

/* What led where. */

/* @event let this end's bytes up to @end go. */
static void
leave_trail (RtLiveSocket *socket, guint64 end, guint64 event)
{
  RtLiveStep step = { end, event };

  if (!socket->ours || !socket->net->core->heard)
    return;
  if (socket->trail == NULL)
    socket->trail = g_array_new (FALSE, FALSE, sizeof step);
  g_array_append_val (socket->trail, step);
}

/* The event with which the other end let go what is read next; what was read is forgotten. */
static guint64
follow_trail (RtLiveSocket *socket)
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
}

/* Opening. */

static void
open_buffers (RtLiveSocket *socket)
{
  RtDriverCore *core = socket->net->core;
  RtDirection out = is_acceptor (socket) ? RT_BACKWARD : RT_FORWARD;

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
  guint64 event;

  socket->state = RT_LIVE_OPEN;
  if (socket->net->core->heard)
    open_buffers (socket);
  event = log_event (socket, RT_EVENT_ESTABLISHED, cause, RT_SPAN_NONE, NULL);
  getpeername (socket->fd, (struct sockaddr *)&address, &length);
  text = rt_live_address_format ((const struct sockaddr *)&address, &peer.port);
  peer.address = text;
  watch (socket);
  deliver (socket, (RtInput){ .kind = kind, .event = event, .info = &peer });
}

/* Ending. */

static void
cut_off (RtLiveSocket *socket, const char *why)
{
  guint64 cause = follow_trail (socket);
  guint64 event = log_event (socket, RT_EVENT_RESET, cause != RT_EVENT_NONE ? cause : socket->event,
                             RT_SPAN_NONE, why);

  end (socket);
  deliver (socket, (RtInput){ .kind = RT_INPUT_RESET, .event = event });
}

static void
refused (RtLiveSocket *socket, int code)
{
  g_autoptr (GError) error = NULL;
  guint64 event = log_event (socket, RT_EVENT_RESET, socket->event, RT_SPAN_NONE,
                             code == ECONNREFUSED ? "connection refused" : g_strerror (code));

  error = g_error_new (RT_ERROR, RT_ERROR_IO, "%s:%u: %s", socket->host, socket->port,
                       code == ECONNREFUSED ? "connection refused" : g_strerror (code));
  end (socket);
  deliver (socket, (RtInput){ .kind = RT_INPUT_FAILED, .event = event, .info = error });
}

static void
fire_linger (gpointer owner, gpointer data)
{
  RtLiveSocket *socket = data;

  socket->linger = NULL;
  end (socket);
}

/* The last byte has left: say that no more will come, and do not wait for ever to hear the same. */
static void
shut_down (RtLiveSocket *socket)
{
  RtDriverCore *core = socket->net->core;

  leave_trail (socket, socket->sent + 1,
               log_event (socket, RT_EVENT_SENT, socket->event, RT_SPAN_NONE, "FIN"));
  shutdown (socket->fd, SHUT_WR);
  socket->finished = TRUE;
  if (!socket->eof)
    socket->linger = rt_time_queue_push (core->queue, core->now + RT_LIVE_LINGER, FALSE,
                                         fire_linger, socket, socket, NULL);
  end_when_done (socket);
}

/**
 * rt_live_socket_finish:
 * @socket: a socket
 * @cause: the event that led here
 *
 * Sends what is left, then FIN.
 */
void
rt_live_socket_finish (RtLiveSocket *socket, guint64 cause)
{
  if (socket->state == RT_LIVE_GONE || socket->finishing)
    return;
  socket->finishing = TRUE;
  socket->event = cause;
  if (socket->state == RT_LIVE_CONNECTING)
    end (socket);
  else if (g_queue_is_empty (&socket->unsent))
    shut_down (socket);
}

/**
 * rt_live_socket_reset:
 * @socket: a socket
 * @cause: the event that led here
 *
 * Cuts the connection off with a RST, as lingering for no time makes the kernel do.
 */
void
rt_live_socket_reset (RtLiveSocket *socket, guint64 cause)
{
  struct linger none = { 1, 0 };

  if (socket->state == RT_LIVE_GONE)
    return;
  leave_trail (socket, G_MAXUINT64, log_event (socket, RT_EVENT_SENT, cause, RT_SPAN_NONE, "RST"));
  setsockopt (socket->fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  end (socket);
}

/* Sending. */

static int
gather (RtLiveSocket *socket, struct iovec pieces[static GATHER])
{
  int n = 0;

  for (GList *l = socket->unsent.head; l != NULL && n < GATHER; l = l->next, n++)
    {
      gsize skip = n == 0 ? socket->skip : 0;
      gsize length;
      gconstpointer data = g_bytes_get_data (l->data, &length);

      pieces[n] = (struct iovec){ (guint8 *)data + skip, length - skip };
    }
  return n;
}

/* @length bytes have left. */
static void
account (RtLiveSocket *socket, gsize length)
{
  RtDriverCore *core = socket->net->core;

  while (length > 0)
    {
      GBytes *first = g_queue_peek_head (&socket->unsent);
      gsize taken = MIN (length, g_bytes_get_size (first) - socket->skip);

      if (core->heard)
        {
          g_autoptr (GBytes) part = g_bytes_new_from_bytes (first, socket->skip, taken);

          leave_trail (socket, socket->sent + taken,
                       log_event (socket, RT_EVENT_SENT, socket->event,
                                  rt_log_write (core->log, socket->buffer, part), NULL));
        }
      socket->sent += taken;
      socket->skip += taken;
      length -= taken;
      if (socket->skip == g_bytes_get_size (first))
        {
          g_bytes_unref (g_queue_pop_head (&socket->unsent));
          socket->skip = 0;
        }
    }
}

/* Returns whether the connection is still there. */
static gboolean
flush (RtLiveSocket *socket)
{
  while (!g_queue_is_empty (&socket->unsent))
    {
      struct iovec pieces[GATHER];
      struct msghdr message = { .msg_iov = pieces };
      gssize n;

      message.msg_iovlen = (gsize)gather (socket, pieces);
      n = sendmsg (socket->fd, &message, MSG_NOSIGNAL);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return TRUE;
      if (n < 0)
        return FALSE;
      account (socket, (gsize)n);
    }
  return TRUE;
}

static void
fire_again (gpointer owner, gpointer data)
{
  RtLiveSocket *socket = data;

  socket->again = NULL;
  if (socket->state != RT_LIVE_OPEN)
    return;
  if (socket->broken)
    cut_off (socket, "connection reset");
  else if (!socket->finishing)
    deliver (socket, (RtInput){ .kind = RT_INPUT_WRITABLE, .event = socket->event });
}

/* From the loop, not from here: a party is not given an input while its effects are carried out. */
static void
come_back (RtLiveSocket *socket)
{
  RtDriverCore *core = socket->net->core;

  if (socket->again == NULL)
    socket->again
        = rt_time_queue_push (core->queue, core->now, TRUE, fire_again, socket, socket, NULL);
}

/* All that was sent has left, or the kernel is full, or nobody takes it any more. */
static void
flushed (RtLiveSocket *socket, gboolean alive)
{
  if (!alive)
    {
      g_queue_clear_full (&socket->unsent, (GDestroyNotify)g_bytes_unref);
      socket->skip = 0;
      socket->broken = TRUE;
      come_back (socket);
    }
  else if (g_queue_is_empty (&socket->unsent))
    {
      if (socket->finishing && !socket->finished)
        shut_down (socket);
      else if (!socket->finishing)
        come_back (socket);
    }
  watch (socket);
}

/**
 * rt_live_socket_send:
 * @socket: a socket
 * @bytes: reffed
 * @cause: the event that led here
 *
 * Queues @bytes; rt_live_socket_push() lets them go.
 */
void
rt_live_socket_send (RtLiveSocket *socket, GBytes *bytes, guint64 cause)
{
  if (socket->state == RT_LIVE_GONE || socket->finishing || g_bytes_get_size (bytes) == 0)
    return;
  socket->event = cause;
  g_queue_push_tail (&socket->unsent, g_bytes_ref (bytes));
}

/**
 * rt_live_socket_push:
 * @socket: a socket
 */
void
rt_live_socket_push (RtLiveSocket *socket)
{
  if (socket->state == RT_LIVE_OPEN && !g_queue_is_empty (&socket->unsent))
    flushed (socket, flush (socket));
}

/* Receiving. */

static GBytes *
take_slab (RtLiveSocket *socket, gsize length)
{
  /* A full read is handed on as it is; a small one must not pin the whole slab. */
  if (length >= RT_LIVE_READ_SIZE / 2)
    {
      GBytes *bytes = g_bytes_new_take (socket->net->slab, length);

      socket->net->slab = g_malloc (RT_LIVE_READ_SIZE);
      return bytes;
    }
  return g_bytes_new (socket->net->slab, length);
}

static RtSpan
write_received (RtLiveSocket *socket, GBytes *bytes)
{
  RtSpan span = { socket->read, (guint32)g_bytes_get_size (bytes), socket->peer_buffer };

  socket->read += span.length;
  if (!socket->net->core->heard)
    return RT_SPAN_NONE;
  /* The other end, if it is ours, has written them down when they left. */
  return socket->ours ? span : rt_log_write (socket->net->core->log, socket->peer_buffer, bytes);
}

static void
receive (RtLiveSocket *socket)
{
  gssize n = recv (socket->fd, socket->net->slab, RT_LIVE_READ_SIZE, 0);

  if (n > 0)
    {
      g_autoptr (GBytes) bytes = take_slab (socket, (gsize)n);
      guint64 cause = follow_trail (socket);
      RtSpan span = write_received (socket, bytes);
      guint64 event = log_event (socket, RT_EVENT_RECEIVED, cause, span, NULL);

      deliver (socket,
               (RtInput){ .kind = RT_INPUT_BYTES, .event = event, .bytes = bytes, .span = span });
    }
  else if (n == 0)
    {
      guint64 event = log_event (socket, RT_EVENT_EOF, follow_trail (socket), RT_SPAN_NONE, NULL);

      socket->eof = TRUE;
      deliver (socket, (RtInput){ .kind = RT_INPUT_EOF, .event = event });
      end_when_done (socket);
    }
  else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
    cut_off (socket, errno == ECONNRESET ? "connection reset" : g_strerror (errno));
}

/**
 * rt_live_socket_read:
 * @socket: a socket
 * @on: %FALSE: leave what comes in the kernel, whose window then closes
 */
void
rt_live_socket_read (RtLiveSocket *socket, gboolean on)
{
  socket->reading = on;
  watch (socket);
}

static void
finish_connecting (RtLiveSocket *socket)
{
  int code = 0;
  socklen_t length = sizeof code;

  getsockopt (socket->fd, SOL_SOCKET, SO_ERROR, &code, &length);
  if (code != 0)
    refused (socket, code);
  else
    rt_live_socket_established (socket, RT_INPUT_CONNECTED, socket->event);
}

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
    flushed (socket, flush (socket));
  if (socket->state == RT_LIVE_OPEN && (events & (EPOLLIN | EPOLLRDHUP)) && socket->reading
      && !socket->eof)
    receive (socket);
  else if (socket->state == RT_LIVE_OPEN && (events & (EPOLLERR | EPOLLHUP)))
    cut_off (socket, "connection reset");
  if (socket->state == RT_LIVE_OPEN)
    watch (socket);
}
