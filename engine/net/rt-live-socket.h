/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One end of a connection on a real socket. */
#pragma once

#include "rt-live-line.h"

#include <sys/socket.h>

G_BEGIN_DECLS

/** RT_LIVE_READ_SIZE: most bytes taken from a socket at a time. */
#define RT_LIVE_READ_SIZE (64 * 1024)
/** RT_LIVE_LINE_SIZE: so many bytes may be on their way from a program over a link; what it sends
 * then is left in the kernel. */
#define RT_LIVE_LINE_SIZE (256 * 1024)

typedef struct _RtLiveSocket RtLiveSocket;

/**
 * RtLiveNet:
 * @epoll: where sockets are watched
 * @dial: tells the kernel to connect
 * @slab: %RT_LIVE_READ_SIZE bytes to read into
 * @claims: (nullable): port → guint64: what led to the bytes that come from there
 * @ended: the socket is of no use any more; it may be freed once the loop has come round
 *
 * What a socket needs of its driver.
 */
typedef struct
{
  RtDriverCore *core;
  int epoll;
  guint8 *slab;
  GHashTable *claims;
  void (*dial) (gpointer driver, RtLiveSocket *socket);
  void (*ended) (gpointer driver, RtLiveSocket *socket);
  gpointer driver;
} RtLiveNet;

/**
 * RtLiveState:
 * @RT_LIVE_CALLING: a link carries the wish to connect
 * @RT_LIVE_CONNECTING: the kernel has it
 * @RT_LIVE_GREETING: it is up, or refused; a link carries the news
 * @RT_LIVE_OPEN: up
 * @RT_LIVE_GONE: reset, refused or closed at both ends
 */
typedef enum
{
  RT_LIVE_CALLING,
  RT_LIVE_CONNECTING,
  RT_LIVE_GREETING,
  RT_LIVE_OPEN,
  RT_LIVE_GONE,
} RtLiveState;

/**
 * RtLiveStep:
 * @end: of the bytes that left; one more for a FIN
 * @event: … with this one
 *
 * Says what led to the arrival of bytes that one of our own parties sent.
 */
typedef struct
{
  guint64 end, event;
} RtLiveStep;

/**
 * RtLiveSocket:
 * @watch: first, so that a watched pointer says what it is
 * @handle: as the party knows the connection
 * @ours: the other end is one of our parties
 * @peer: (nullable): the other end, while it is there and ours
 * @peer_party: whose that is
 * @address: where to connect to; @code: what came of it
 * @registered: with the epoll; @watched: for what
 * @deaf: the party hears nothing more and wants nothing more
 * @finishing: the party sends nothing more; @fin_due: nothing more waits on a line; @finished: the
 *   kernel has been told
 * @eof_read: the other end sends nothing more; @eof: the party knows
 * @met: the other end has been there
 * @unsent: what the party sent; @arrived: what a line has carried
 * @skip: bytes of the first piece for the kernel that have left
 * @last_sent: the event with which bytes left last
 * @peer_port: of the other end, as the kernel has it
 * @event: cause of what is sent; @opened: the event with which it began to connect
 * @buffer: what this end writes; @peer_buffer: what it reads
 * @read: bytes read so far: where the next ones stand in @peer_buffer
 * @sent: bytes that the kernel took from here
 * @trail: (nullable) (element-type RtLiveStep): with which events this end's bytes left, @noted of
 *   them; @peer_trail: those that are on their way here
 * @coming: bytes that it took from the other end, if that is ours
 * @end_coming: it was told of the other end's end; @cut_coming: by a RST
 * @out, @in: (nullable): lines over the link; @in where the other end is a program
 * @idle: fires when the other end has had time enough to close
 * @again: fires when the loop has come round, if there is something to tell then
 * @later: fires when a link has carried a SYN, its answer or a RST
 *
 * See rt-live-socket.c.
 */
struct _RtLiveSocket
{
  int watch;
  RtLiveNet *net;
  RtDriverParty *party;
  RtConnection handle;
  RtLiveSocket *peer;
  RtPartyId peer_party;
  struct sockaddr_storage address;
  socklen_t address_length;
  int fd, code;
  RtLiveState state;
  guint32 watched;
  gboolean registered, ours, met, deaf;
  gboolean reading, finishing, fin_due, finished, eof_read, eof, broken;
  GQueue unsent, arrived; /* GBytes */
  gsize skip;
  guint64 event, opened, last_sent;
  RtBufferId buffer, peer_buffer;
  guint64 read, sent, coming, noted;
  GArray *trail, *peer_trail;
  gboolean end_coming, cut_coming;
  char *host;
  guint16 port, local_port, peer_port;
  RtLiveRoute route;
  RtLiveLine *out, *in;
  RtTime idle_since;
  RtTimeItem *idle, *again, *later;
};

RtLiveSocket *rt_live_socket_new (RtLiveNet *net,
                                  RtDriverParty *party,
                                  RtConnection handle,
                                  int fd,
                                  RtLiveState state,
                                  const char *host,
                                  guint16 port);
void rt_live_socket_free (RtLiveSocket *socket);
void rt_live_socket_route (RtLiveSocket *socket, const RtLiveRoute *route);

void rt_live_socket_call (RtLiveSocket *socket);
void rt_live_socket_dialled (RtLiveSocket *socket);
void rt_live_socket_refused (RtLiveSocket *socket, int code);
void rt_live_socket_pair (RtLiveSocket *socket, RtLiveSocket *opener);
void rt_live_socket_established (RtLiveSocket *socket, RtInputKind kind, guint64 cause);
void rt_live_socket_ready (RtLiveSocket *socket, guint32 events);
void rt_live_socket_send (RtLiveSocket *socket, GBytes *bytes, guint64 cause);
void rt_live_socket_push (RtLiveSocket *socket);
void rt_live_socket_read (RtLiveSocket *socket, gboolean on);
void rt_live_socket_finish (RtLiveSocket *socket, guint64 cause);
void rt_live_socket_reset (RtLiveSocket *socket, guint64 cause);
void rt_live_socket_give_up (RtLiveSocket *socket);
gboolean rt_live_socket_is_waited_for (const RtLiveSocket *socket);

char *rt_live_address_format (const struct sockaddr *address, guint16 *ret_port);

G_END_DECLS
