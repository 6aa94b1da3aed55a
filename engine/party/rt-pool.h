/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The connection code of every client, once: connections that a party opens, kept for reuse, and
 * the exchanges it makes over them. Client, browser and gateway stand on it. */
#pragma once

#include "rt-effects.h"
#include "rt-http1.h"

G_BEGIN_DECLS

/**
 * RtPoolPolicy:
 * @RT_POOL_REUSE: an idle connection to the same host and port, or else a new one
 * @RT_POOL_NEW: a new one
 * @RT_POOL_NAMED: the one of this name, which is opened when there is none, and nobody else's
 */
typedef enum
{
  RT_POOL_REUSE,
  RT_POOL_NEW,
  RT_POOL_NAMED,
} RtPoolPolicy;

/**
 * RtPoolRequest:
 * @to: where to send it
 * @message: (nullable): the request; its framing fields say how @content is sent
 * @bytes: (nullable): instead of @message: exactly these bytes, be they what they may
 * @content: (nullable): with @message: all of its content
 * @policy: which connection to take
 * @name: with %RT_POOL_NAMED
 * @timeout: from now to the answer's end; 0: as long as it takes
 * @streamed: the content follows by rt_pool_write() and ends with rt_pool_finish(); a failure is
 *   then the caller's to repair
 * @forwarded: on behalf of somebody else: what only a user agent may repeat is not repeated
 */
typedef struct
{
  RtEndpoint to;
  RtMessage *message;
  GBytes *bytes;
  GBytes *content;
  RtPoolPolicy policy;
  const char *name;
  RtTime timeout;
  gboolean streamed, forwarded;
} RtPoolRequest;

/**
 * RtPoolHandler:
 * @head: a response's header section was read; interim ones come here too
 * @content: a run of the final response's content
 * @done: the exchange is over; @error (nullable, borrowed): why it failed
 * @sent: (nullable): the request begins to leave; @reused: over a connection that was kept open
 * @writable: (nullable): what rt_pool_write() was given has left
 *
 * Told of an exchange's progress. @exchange is the number rt_pool_send() gave; a handler may begin
 * further exchanges.
 */
typedef struct
{
  void (*head) (gpointer self, guint64 exchange, RtMessage *response, RtTime now, RtEffects *out);
  void (*content) (
      gpointer self, guint64 exchange, GBytes *bytes, RtSpan span, RtTime now, RtEffects *out);
  void (*done) (gpointer self, guint64 exchange, const GError *error, RtTime now, RtEffects *out);
  void (*sent) (gpointer self, guint64 exchange, gboolean reused, RtEffects *out);
  void (*writable) (gpointer self, guint64 exchange, RtTime now, RtEffects *out);
} RtPoolHandler;

/** RT_POOL_IDLE_MAX: connections that are kept without an exchange; beyond them the one opened
 * first is closed. */
#define RT_POOL_IDLE_MAX 128

/** RT_POOL_DEADLINE: set in the deadline numbers that a pool takes for itself. */
#define RT_POOL_DEADLINE (G_GUINT64_CONSTANT (1) << 62)

typedef struct _RtPool RtPool;

RtPool *rt_pool_new (const RtPoolHandler *handler, gpointer self, const RtHttp1Limits *limits);
void rt_pool_free (RtPool *pool);
void rt_pool_set_idle (RtPool *pool, RtTime idle);
gboolean rt_pool_input (RtPool *pool, const RtInput *input, RtEffects *out);
guint64 rt_pool_send (RtPool *pool, const RtPoolRequest *request, RtTime now, RtEffects *out);
void rt_pool_write (RtPool *pool, guint64 exchange, GBytes *bytes, RtEffects *out);
void rt_pool_finish (RtPool *pool, guint64 exchange, RtFields *trailers, RtEffects *out);
void rt_pool_cancel (RtPool *pool, guint64 exchange, RtEffects *out);
void rt_pool_read (RtPool *pool, guint64 exchange, gboolean on, RtEffects *out);
gboolean rt_pool_is_trusted (RtPool *pool, guint64 exchange);
void rt_pool_close_idle (RtPool *pool, const RtEndpoint *to, RtEffects *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtPool, rt_pool_free)

G_END_DECLS
