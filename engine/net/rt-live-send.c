/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sending half of a real socket. What the party sends waits in a queue until it is pushed: to
 * the kernel, or onto a line, whose other end hands it to the kernel. */
#include "rt-live-socket-private.h"

#include <errno.h>
#include <sys/uio.h>

/* Pieces that one call hands to the kernel. */
#define GATHER 16

/* What the kernel is to have. */
GQueue *
rt_live_socket_get_outgoing (RtLiveSocket *socket)
{
  return socket->out != NULL ? &socket->arrived : &socket->unsent;
}

/* The last byte has left: say that no more will come, and do not wait for ever to hear the same. */
static void
shut_down (RtLiveSocket *socket)
{
  if (socket->out == NULL)
    rt_live_socket_leave_trail (
        socket, 1, rt_live_socket_log (socket, RT_EVENT_SENT, socket->event, RT_SPAN_NONE, "FIN"));
  shutdown (socket->fd, SHUT_WR);
  socket->finished = TRUE;
  if (socket->peer != NULL)
    socket->peer->end_coming = TRUE;
  rt_live_socket_restart_idle (socket);
  rt_live_socket_end_when_done (socket);
}

static int
gather (GQueue *queue, gsize skip, struct iovec pieces[static GATHER])
{
  int n = 0;

  for (GList *l = queue->head; l != NULL && n < GATHER; l = l->next, n++)
    {
      gsize length;
      gconstpointer data = g_bytes_get_data (l->data, &length);

      pieces[n] = (struct iovec){ (guint8 *)data + skip, length - skip };
      skip = 0;
    }
  return n;
}

static void
log_sent (RtLiveSocket *socket, GBytes *piece, gsize offset, gsize length)
{
  RtDriverCore *core = socket->net->core;
  g_autoptr (GBytes) part = g_bytes_new_from_bytes (piece, offset, length);

  socket->last_sent = rt_live_socket_log (socket, RT_EVENT_SENT, socket->event,
                                          rt_log_write (core->log, socket->buffer, part), NULL);
  rt_live_socket_leave_trail (socket, length, socket->last_sent);
}

/* The kernel has taken @length bytes. What came over a line is in the log already. */
static void
account (RtLiveSocket *socket, gsize length)
{
  GQueue *queue = rt_live_socket_get_outgoing (socket);

  socket->sent += length;
  if (socket->peer != NULL)
    socket->peer->coming += length;
  while (length > 0)
    {
      GBytes *first = g_queue_peek_head (queue);
      gsize taken = MIN (length, g_bytes_get_size (first) - socket->skip);

      if (socket->net->core->heard && socket->out == NULL)
        log_sent (socket, first, socket->skip, taken);
      socket->skip += taken;
      length -= taken;
      if (socket->skip == g_bytes_get_size (first))
        {
          g_bytes_unref (g_queue_pop_head (queue));
          socket->skip = 0;
        }
    }
}

/* Returns whether the connection is still there. */
static gboolean
hand_over (RtLiveSocket *socket)
{
  GQueue *queue = rt_live_socket_get_outgoing (socket);

  while (!g_queue_is_empty (queue))
    {
      struct iovec pieces[GATHER];
      struct msghdr message = { .msg_iov = pieces };
      gssize n;

      message.msg_iovlen = (gsize)gather (queue, socket->skip, pieces);
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
tell_writable (RtLiveSocket *socket)
{
  if (socket->state == RT_LIVE_OPEN && !socket->finishing)
    rt_live_socket_deliver (socket, (RtInput){ .kind = RT_INPUT_WRITABLE, .event = socket->event });
}

static void
fire_again (gpointer owner, gpointer data)
{
  RtLiveSocket *socket = data;

  socket->again = NULL;
  if (socket->state != RT_LIVE_OPEN)
    return;
  if (socket->broken)
    rt_live_socket_cut_off (socket, "connection reset");
  else if (socket->out == NULL)
    tell_writable (socket);
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

/* Hands to the kernel what it takes. All that was sent has left then, or the kernel is full, or
 * nobody takes it any more. */
void
rt_live_socket_flush (RtLiveSocket *socket)
{
  GQueue *queue = rt_live_socket_get_outgoing (socket);

  if (!hand_over (socket))
    {
      g_queue_clear_full (queue, (GDestroyNotify)g_bytes_unref);
      socket->skip = 0;
      socket->broken = TRUE;
      come_back (socket);
    }
  else if (g_queue_is_empty (queue))
    {
      if (socket->fin_due && !socket->finished)
        shut_down (socket);
      else if (!socket->finishing && socket->out == NULL)
        come_back (socket);
    }
  rt_live_socket_watch (socket);
}

/* Over a link. */

static guint64
left (gpointer owner, GBytes *bytes, gboolean lost, guint64 cause)
{
  RtLiveSocket *socket = owner;
  RtDriverCore *core = socket->net->core;
  const char *name = bytes == NULL ? "FIN" : NULL;
  RtSpan span = RT_SPAN_NONE;
  guint64 event;

  if (!core->heard)
    return 0;
  if (bytes != NULL)
    span = rt_log_write (core->log, socket->buffer, bytes);
  event = socket->last_sent = rt_live_socket_log (socket, RT_EVENT_SENT, cause, span, name);
  rt_live_socket_leave_trail (socket, bytes != NULL ? g_bytes_get_size (bytes) : 1, event);
  if (lost)
    rt_live_socket_log (socket, RT_EVENT_LOST, event, span, name);
  return event;
}

static void
drained (gpointer owner)
{
  tell_writable (owner);
}

static void
arrived (gpointer owner, GBytes *bytes, guint64 cause)
{
  RtLiveSocket *socket = owner;

  if (socket->state != RT_LIVE_OPEN)
    return;
  if (bytes != NULL)
    g_queue_push_tail (&socket->arrived, g_bytes_ref (bytes));
  else
    socket->fin_due = TRUE;
  rt_live_socket_flush (socket);
}

static void
cut (gpointer owner)
{
  rt_live_socket_cut_by_link (owner);
}

/* The other end is not told: nothing comes through. */
static void
timed_out (gpointer owner)
{
  RtLiveSocket *socket = owner;
  guint64 event = rt_live_socket_log (socket, RT_EVENT_RESET, socket->event, RT_SPAN_NONE,
                                      "no acknowledgement came");

  rt_live_socket_deliver (socket, (RtInput){ .kind = RT_INPUT_RESET, .event = event });
  socket->deaf = TRUE;
  if (socket->in != NULL)
    rt_live_line_stop (socket->in);
  rt_live_socket_watch (socket);
  rt_driver_core_forget (socket->net->core, socket->handle);
}

/* What is sent goes over the link. */
void
rt_live_socket_open_out (RtLiveSocket *socket)
{
  static const RtLiveLineOps ops = { left, drained, arrived, cut, timed_out };

  socket->out = rt_live_line_new (socket->net->core, &socket->route, socket->party->id,
                                  socket->peer_party, &ops, socket);
}

/* From the party. */

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
  GBytes *bytes;

  if (socket->state != RT_LIVE_OPEN || g_queue_is_empty (&socket->unsent))
    return;
  if (socket->out == NULL)
    {
      rt_live_socket_flush (socket);
      return;
    }
  while ((bytes = g_queue_pop_head (&socket->unsent)) != NULL)
    {
      rt_live_line_put (socket->out, bytes, socket->event);
      g_bytes_unref (bytes);
    }
  rt_live_line_push (socket->out);
}

/**
 * rt_live_socket_finish:
 * @socket: a socket
 * @cause: the event that led here
 *
 * Sends what is left, then FIN. What the other end sends is still read: closing before it has done
 * so would make the kernel send a RST, at which it may drop what it has not read yet
 * (RFC 9112 §9.6).
 */
void
rt_live_socket_finish (RtLiveSocket *socket, guint64 cause)
{
  if (socket->state == RT_LIVE_GONE || socket->finishing)
    return;
  rt_live_socket_push (socket);
  socket->finishing = TRUE;
  socket->event = cause;
  if (socket->state != RT_LIVE_OPEN)
    rt_live_socket_end (socket);
  else if (socket->out != NULL)
    {
      rt_live_line_put (socket->out, NULL, cause);
      rt_live_line_push (socket->out);
    }
  else
    {
      socket->fin_due = TRUE;
      if (g_queue_is_empty (&socket->unsent))
        shut_down (socket);
    }
}
