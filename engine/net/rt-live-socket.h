/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One end of a connection on a real socket. */
#pragma once

#include "rt-driver-core.h"

#include <sys/socket.h>

G_BEGIN_DECLS

/** RT_LIVE_READ_SIZE: most bytes taken from a socket at a time. */
#define RT_LIVE_READ_SIZE (64 * 1024)

typedef struct _RtLiveSocket RtLiveSocket;

/**
 * RtLiveNet:
 * @epoll: where sockets are watched
 * @slab: %RT_LIVE_READ_SIZE bytes to read into
 * @ended: the socket is of no use any more; it may be freed once the loop has come round
 *
 * What a socket needs of its driver.
 */
typedef struct
{
  RtDriverCore *core;
  int epoll;
  guint8 *slab;
  void (*ended) (gpointer driver, RtLiveSocket *socket);
  gpointer driver;
} RtLiveNet;

/**
 * RtLiveState:
 * @RT_LIVE_CONNECTING: not up yet
 * @RT_LIVE_OPEN: up
 * @RT_LIVE_GONE: reset, refused or closed at both ends
 */
typedef enum
{
  RT_LIVE_CONNECTING,
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
 * @linger: fires when the other end has had time enough to close
 * @again: fires when the loop has come round, if there is something to tell then
 * @buffer: what this end writes; @peer_buffer: what it reads
 * @read: bytes read so far: where the next ones stand in @peer_buffer; @sent: likewise
 * @trail: (nullable) (element-type RtLiveStep): with which events this end's bytes left;
 * @peer_trail: those that are on their way here
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
  int fd;
  RtLiveState state;
  guint32 watched;
  gboolean ours, reading, finishing, finished, eof, broken;
  GQueue unsent;  /* GBytes */
  gsize skip;     /* bytes of the first that have left */
  guint64 event;  /* cause of what is sent */
  guint64 opened; /* the event with which it began to connect */
  RtBufferId buffer, peer_buffer;
  guint64 read, sent;
  GArray *trail, *peer_trail;
  char *host;
  guint16 port, local_port;
  RtTimeItem *linger, *again;
};

RtLiveSocket *rt_live_socket_new (RtLiveNet *net,
                                  RtDriverParty *party,
                                  RtConnection handle,
                                  int fd,
                                  RtLiveState state,
                                  const char *host,
                                  guint16 port);
void rt_live_socket_free (RtLiveSocket *socket);

void rt_live_socket_pair (RtLiveSocket *socket, RtLiveSocket *opener);
void rt_live_socket_established (RtLiveSocket *socket, RtInputKind kind, guint64 cause);
void rt_live_socket_ready (RtLiveSocket *socket, guint32 events);
void rt_live_socket_send (RtLiveSocket *socket, GBytes *bytes, guint64 cause);
void rt_live_socket_push (RtLiveSocket *socket);
void rt_live_socket_read (RtLiveSocket *socket, gboolean on);
void rt_live_socket_finish (RtLiveSocket *socket, guint64 cause);
void rt_live_socket_reset (RtLiveSocket *socket, guint64 cause);

char *rt_live_address_format (const struct sockaddr *address, guint16 *ret_port);

G_END_DECLS
