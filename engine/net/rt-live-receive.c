/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The receiving half of a real socket. What a program sends over a link is kept here until the link
 * would have carried it. */
#include "rt-live-socket-private.h"

#include <errno.h>

/* Whether the kernel is to say when something has come. */
gboolean
rt_live_socket_wants (const RtLiveSocket *socket)
{
  if (socket->state != RT_LIVE_OPEN || socket->eof || socket->deaf)
    return FALSE;
  if (socket->in != NULL)
    return !socket->eof_read && rt_live_line_get_length (socket->in) < RT_LIVE_LINE_SIZE;
  return socket->reading;
}

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

/* What led to bytes from a program is not known, unless somebody has said so. */
static guint64
find_cause (RtLiveSocket *socket)
{
  GHashTable *claims = socket->net->claims;
  const guint64 *claimed = claims != NULL && !socket->ours
                               ? g_hash_table_lookup (claims, GUINT_TO_POINTER (socket->peer_port))
                               : NULL;

  return claimed != NULL ? *claimed : rt_live_socket_follow_trail (socket);
}

static void
tell_bytes (RtLiveSocket *socket, GBytes *bytes)
{
  guint64 cause = find_cause (socket);
  RtSpan span = write_received (socket, bytes);
  guint64 event = rt_live_socket_log (socket, RT_EVENT_RECEIVED, cause, span, NULL);

  rt_live_socket_deliver (
      socket, (RtInput){ .kind = RT_INPUT_BYTES, .event = event, .bytes = bytes, .span = span });
}

static void
tell_eof (RtLiveSocket *socket)
{
  guint64 event = rt_live_socket_log (socket, RT_EVENT_EOF, rt_live_socket_follow_trail (socket),
                                      RT_SPAN_NONE, NULL);

  socket->eof = TRUE;
  rt_live_socket_stop (socket, &socket->idle);
  rt_live_socket_deliver (socket, (RtInput){ .kind = RT_INPUT_EOF, .event = event });
  rt_live_socket_end_when_done (socket);
}

static void
put (RtLiveSocket *socket, GBytes *bytes)
{
  rt_live_line_put (socket->in, bytes, RT_EVENT_NONE);
  rt_live_line_push (socket->in);
}

void
rt_live_socket_receive (RtLiveSocket *socket)
{
  gssize n = recv (socket->fd, socket->net->slab, RT_LIVE_READ_SIZE, 0);

  if (n > 0)
    {
      g_autoptr (GBytes) bytes = take_slab (socket, (gsize)n);

      rt_live_socket_restart_idle (socket);
      if (socket->in != NULL)
        put (socket, bytes);
      else
        tell_bytes (socket, bytes);
    }
  else if (n == 0 && socket->in != NULL)
    {
      socket->eof_read = TRUE;
      put (socket, NULL);
    }
  else if (n == 0)
    tell_eof (socket);
  else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
    rt_live_socket_cut_off (socket, errno == ECONNRESET ? "connection reset" : g_strerror (errno));
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
  if (socket->in != NULL)
    rt_live_line_pause (socket->in, !on);
  rt_live_socket_watch (socket);
}

/* Over a link. */

static guint64
left (gpointer owner, GBytes *bytes, gboolean lost, guint64 cause)
{
  return cause;
}

static void
arrived (gpointer owner, GBytes *bytes, guint64 cause)
{
  RtLiveSocket *socket = owner;

  if (socket->state != RT_LIVE_OPEN)
    return;
  if (bytes != NULL)
    tell_bytes (socket, bytes);
  else
    tell_eof (socket);
  rt_live_socket_watch (socket);
}

static void
cut (gpointer owner)
{
  rt_live_socket_cut_by_link (owner);
}

/* Nothing that the program sends comes through any more; it is its own affair to notice. */
static void
timed_out (gpointer owner)
{
}

/* What a program sends goes over the link. */
void
rt_live_socket_open_in (RtLiveSocket *socket)
{
  static const RtLiveLineOps ops = { left, NULL, arrived, cut, timed_out };

  socket->in = rt_live_line_new (socket->net->core, &socket->route, socket->peer_party,
                                 socket->party->id, &ops, socket);
}
