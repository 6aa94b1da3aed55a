/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a pool's connections and exchanges are. */
#pragma once

#include "rt-pool.h"

G_BEGIN_DECLS

/** RT_POOL_IDLE_DEADLINE: set in the number of a deadline that is about a connection, not about an
 * exchange. */
#define RT_POOL_IDLE_DEADLINE (G_GUINT64_CONSTANT (1) << 61)

/**
 * RtPoolExchange:
 * @connection: the one it is on
 * @bytes: what is sent first
 * @requests: (element-type RtMessage): those in @bytes
 * @n_expected: final responses; @n_answered: those that came
 * @heard: something of a response has come
 * @reused: over a connection that was kept open
 * @whole: all of the request has been given to us
 * @waiting: (element-type GBytes): content that came before the connection was up
 *
 * What was asked for with rt_pool_send().
 */
typedef struct
{
  guint64 id;
  RtConnection connection;
  char *host, *name;
  guint16 port;
  const RtTls *tls;
  RtPoolPolicy policy;
  GBytes *bytes;
  GPtrArray *requests;
  guint n_expected, n_answered, attempts;
  gboolean keeps_open, heard, reused;
  gboolean streamed, forwarded, chunked, whole;
  GQueue waiting;
} RtPoolExchange;

/**
 * RtPoolLine:
 * @exchanges: (element-type RtPoolExchange): owned by the pool, in the order they were sent
 * @status, @keeps_open: of the response that is being read
 * @fed_end: end of what was fed last
 * @trusted: nothing is wrong with the certificate that the server showed
 * @over: nothing more comes of it: the pool forgets it
 *
 * A connection.
 */
typedef struct
{
  RtConnection id;
  char *host, *name;
  guint16 port;
  const RtTls *tls;
  RtHttp1Reader *reader;
  GQueue exchanges;
  gboolean up, trusted, used, closing, over, pulling, paused;
  guint status;
  guint64 fed_end;
  gboolean keeps_open;
} RtPoolLine;

struct _RtPool
{
  const RtPoolHandler *handler;
  gpointer self;
  RtHttp1Limits limits;
  RtTime idle;
  GPtrArray *lines;      /* RtPoolLine, in the order they were opened */
  GHashTable *exchanges; /* guint64 → RtPoolExchange */
  guint64 last;
};

RtPoolExchange *rt_pool_exchange_new (RtPool *pool, const RtPoolRequest *request);
void rt_pool_exchange_free (gpointer data);

RtPoolLine *rt_pool_line_find (RtPool *pool, RtConnection id);
RtPoolLine *rt_pool_line_take (RtPool *pool, const RtPoolExchange *exchange, RtEffects *out);
void rt_pool_line_watch_idle (RtPool *pool, RtPoolLine *line, RtTime now, RtEffects *out);
void rt_pool_line_close (RtPoolLine *line, gboolean reset, RtEffects *out);
void rt_pool_line_free (gpointer data);
void rt_pool_limit_idle (RtPool *pool, RtEffects *out);
void rt_pool_forget_lines (RtPool *pool);

G_END_DECLS
