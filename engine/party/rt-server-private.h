/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the server and its connections share. */
#pragma once

#include "rt-server.h"

G_BEGIN_DECLS

/** RT_SERVER_PIECE: so much of an answer is handed to the driver at a time; each piece has its own
 * write deadline, so that a slow reader who reads is not taken for one who does not. */
#define RT_SERVER_PIECE (64 * 1024)
/** RT_SERVER_LINGER: how long a connection that we closed waits for the other side's end. */
#define RT_SERVER_LINGER (2 * RT_TIME_SEC)

/**
 * RtServerPhase:
 * @RT_SERVER_WAITING: all slots are taken
 * @RT_SERVER_IDLE: between requests
 * @RT_SERVER_HEADER: part of a header section is there
 * @RT_SERVER_BODY: part of the content is missing
 * @RT_SERVER_ANSWERING: the request is complete, its answer is not
 * @RT_SERVER_LINGERING: we have closed; what still comes is thrown away
 *
 * What a connection is at.
 */
typedef enum
{
  RT_SERVER_WAITING,
  RT_SERVER_IDLE,
  RT_SERVER_HEADER,
  RT_SERVER_BODY,
  RT_SERVER_ANSWERING,
  RT_SERVER_LINGERING,
} RtServerPhase;

/** RtServerPause: why a connection is not read. */
typedef enum
{
  RT_SERVER_NO_SLOT = 1 << 0,
  RT_SERVER_AHEAD = 1 << 1,
  RT_SERVER_HANDLER = 1 << 2,
} RtServerPause;

typedef struct _RtServerConnection RtServerConnection;

struct _RtServer
{
  const RtServerHandler *handler;
  gpointer self;
  RtServerLimits limits;
  GHashTable *connections; /* RtConnection → RtServerConnection */
  GQueue order;            /* of the same, in the order they came */
  GHashTable *orphans;     /* complete requests whose connection is gone */
  guint n_waiting;
  RtServerConnection *inside; /* whose input is being handled */
  gboolean corked;            /* answers gather */
  gboolean any_scheme;        /* as a proxy's */
  GArray *touched;            /* RtConnection: those that have something to go on with */
  gboolean *slots;            /* (array length=limits.slots): taken */
  gboolean told_slots;        /* the log knows how many there are */
};

typedef struct _RtServing RtServing;

/**
 * RtServerConnection:
 * @since: when what @phase is about began
 * @slot: from 1; 0: none
 * @n_requests: how many were read
 * @current: (nullable): the request that is being read or answered
 * @ahead: bytes fed that may be of later requests
 * @fed_end: end of what was fed last
 * @leftover: part of the next request is there
 * @pending: (element-type GBytes): to be sent
 * @busy: the driver has not yet sent what it was given
 * @closing: there will be no further request
 * @over: nothing more is to be done with it: the server frees it
 */
struct _RtServerConnection
{
  RtServer *server;
  GList link; /* in the server's order */
  RtConnection id;
  RtPeer peer;
  char *address, *local_host;
  RtHttp1Reader *reader;
  RtServerPhase phase;
  RtTime since;
  guint slot, n_requests;
  RtServing *current;
  gsize ahead;
  guint64 fed_end, event;
  gboolean leftover;
  GQueue pending;
  guint paused; /* RtServerPause, ored */
  gboolean pulling, busy, eof, closing, over;
};

/**
 * RtServing:
 * @request: first: handlers see this
 * @connection: (nullable): gone
 * @gathered: its content so far
 * @complete: all of it was read
 * @begun: its answer has begun; @ended: and is whole
 * @chunked, @no_content: of the answer
 * @last: the connection ends after the answer
 * @tunnel: what follows is no HTTP
 *
 * A request and its answer.
 */
struct _RtServing
{
  RtServerRequest request;
  RtServer *server;
  RtServerConnection *connection;
  char *authority, *path, *query;
  GByteArray *gathered;
  gboolean complete, begun, ended;
  gboolean chunked, no_content, last, tunnel;
};

RtServerConnection *rt_server_connection_new (RtServer *server, const RtInput *input);
void rt_server_connection_secured (RtServerConnection *connection, const RtPeer *peer);
void rt_server_connection_free (RtServerConnection *connection);
void rt_server_connection_wait (RtServerConnection *connection, RtEffects *out);
void rt_server_connection_start (RtServerConnection *connection, RtTime now, RtEffects *out);
void
rt_server_connection_input (RtServerConnection *connection, const RtInput *input, RtEffects *out);
void rt_server_connection_late (RtServerConnection *connection,
                                gboolean write,
                                RtTime now,
                                RtEffects *out);
void rt_server_connection_evict (RtServerConnection *connection, RtTime now, RtEffects *out);
void rt_server_connection_crash (RtServerConnection *connection, RtTime now, RtEffects *out);
void rt_server_connection_go_on (RtServerConnection *connection, RtTime now, RtEffects *out);
void rt_server_settle (RtServerConnection *connection, RtTime now, RtEffects *out);

void rt_server_connection_emit (RtServerConnection *connection, GBytes *bytes);
void rt_server_connection_cut (RtServerConnection *connection, RtTime now, RtEffects *out);
void rt_server_connection_abandon (RtServerConnection *connection, RtTime now, RtEffects *out);

RtServing *rt_serving_new (RtServerConnection *connection, RtMessage *message);
gboolean rt_serving_wants_continue (const RtServing *serving);
gboolean rt_serving_expects_more (const RtServing *serving);
gboolean rt_serving_has_own_scheme (const RtServing *serving);
void rt_serving_cut (RtServing *serving, RtTime now, RtEffects *out);
void rt_serving_go_on (RtServing *serving, RtTime now, RtEffects *out);
void rt_serving_free (RtServing *serving);

G_END_DECLS
