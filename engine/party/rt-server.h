/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The connection code of every server, once: requests in order off the accepted connections,
 * answers back in the same order. What a request means is the handler's business; origin, gateway
 * and proxy are handlers. */
#pragma once

#include "rt-effects.h"
#include "rt-http1.h"
#include "rt-setting.h"

G_BEGIN_DECLS

/**
 * RtServerLimits:
 * @http: caps on what is read; past them 413, 414 or 431
 * @slots: connections at a time; further ones wait unread. 0: without limit
 * @evict: with all slots taken, a new connection takes the place of the one that has waited longest
 *   for a request to become complete
 * @header: for the header section, from its first byte (the first request: from the connection's
 *   beginning); then 408
 * @body: for the content, from the header section's end; then 408
 * @write: for the client to take what was sent to it; then the connection is cut off
 * @idle: between two requests; then the connection is closed
 * @ahead: bytes of later requests that are kept while an answer is made; then reading stops
 *
 * What a server puts up with. Durations: 0 = without limit. rt_server_limits_standard() has the
 * named defaults.
 */
typedef struct
{
  RtHttp1Limits http;
  guint slots;
  gboolean evict;
  RtTime header, body, write, idle;
  guint ahead;
} RtServerLimits;

/** RT_SERVER_SLOTS_MAX: more than that cannot be set. */
#define RT_SERVER_SLOTS_MAX 65536
/** RT_SERVER_HEADER_MAX: likewise, bytes of a header section. */
#define RT_SERVER_HEADER_MAX (16 * 1024 * 1024)
/** RT_SERVER_AHEAD_MAX: the standard of @ahead. */
#define RT_SERVER_AHEAD_MAX (64 * 1024)

RtServerLimits rt_server_limits_standard (void);
const RtSetting *rt_server_limits_settings (guint *ret_n);
gboolean
rt_server_limits_from_settings (GVariant *given, RtServerLimits *ret_limits, GError **error);

typedef struct _RtServer RtServer;

/**
 * RtServerRequest:
 * @message: the request
 * @content: (nullable): all of its content, once @message is complete and unless the handler takes
 *   it as it comes
 * @content_span: where @content stands, if it stands in one piece
 * @event: number of the event that made it complete
 * @connection: what it came over
 * @scheme, @authority: of the target URI (RFC 9110 §7.1)
 * @path: (nullable): the target's path as it was written; %NULL: asterisk- or authority-form
 * @query: (nullable): what follows `?`
 * @peer: of the connection
 * @gather: set in the handler's `begin`: its content is gathered, though the handler takes that of
 *   others as it comes
 * @data: the handler's own
 *
 * A request under way. Once it is complete it exists until it is answered in full, even if its
 * connection is gone: what a server has begun it brings to its end. A request whose connection goes
 * before it is complete exists until the handler was told so.
 */
typedef struct
{
  RtMessage *message;
  GBytes *content;
  RtSpan content_span;
  guint64 event;
  RtConnection connection;
  const char *scheme, *authority, *path, *query;
  const RtPeer *peer;
  gboolean gather;
  gpointer data;
} RtServerRequest;

/**
 * RtServerHandler:
 * @begin: (nullable): a header section was read; the handler may answer before the content comes
 * @content: (nullable): a run of content; where it is %NULL the content is gathered
 * @complete: the request is complete; the handler answers now or later
 * @writable: (nullable): what was written of the answer so far has left
 * @gone: (nullable): the connection is; the answer reaches nobody, but is to be ended all the same
 * @tunnel: (nullable): bytes of a tunnel; %NULL: the client has sent all it will
 * @continues: the handler answers 100-continue itself: with an interim or a final response
 *
 * What stands above the connections. @self is what rt_server_new() was given.
 */
typedef struct
{
  void (*begin) (gpointer self, RtServerRequest *request, RtTime now, RtEffects *out);
  void (*content) (gpointer self,
                   RtServerRequest *request,
                   GBytes *bytes,
                   RtSpan span,
                   RtTime now,
                   RtEffects *out);
  void (*complete) (gpointer self, RtServerRequest *request, RtTime now, RtEffects *out);
  void (*writable) (gpointer self, RtServerRequest *request, RtTime now, RtEffects *out);
  void (*gone) (gpointer self, RtServerRequest *request, RtTime now, RtEffects *out);
  void (*tunnel) (
      gpointer self, RtServerRequest *request, GBytes *bytes, RtTime now, RtEffects *out);
  gboolean continues;
} RtServerHandler;

/** RT_SERVER_DEADLINE: set in the deadline numbers that a server takes for itself. */
#define RT_SERVER_DEADLINE (G_GUINT64_CONSTANT (1) << 63)

RtServer *
rt_server_new (const RtServerHandler *handler, gpointer self, const RtServerLimits *limits);
void rt_server_free (RtServer *server);
gboolean rt_server_input (RtServer *server, const RtInput *input, RtEffects *out);
void rt_server_crash (RtServer *server, RtTime now, RtEffects *out);

void rt_server_take_any_scheme (RtServer *server);
void rt_server_cork (RtServer *server);
void rt_server_uncork (RtServer *server, RtTime now, RtEffects *out);

char *rt_server_request_dup_address (const RtServerRequest *request);
void rt_server_request_answer (
    RtServerRequest *request, RtMessage *response, GBytes *content, RtTime now, RtEffects *out);
void
rt_server_request_begin (RtServerRequest *request, RtMessage *response, RtTime now, RtEffects *out);
void rt_server_request_write (RtServerRequest *request, GBytes *bytes, RtTime now, RtEffects *out);
void rt_server_request_end (RtServerRequest *request, RtTime now, RtEffects *out);
void rt_server_request_end_with (RtServerRequest *request,
                                 RtFields *trailers,
                                 RtTime now,
                                 RtEffects *out);
void rt_server_request_abort (RtServerRequest *request, RtTime now, RtEffects *out);
void rt_server_request_stop (RtServerRequest *request, RtTime now, RtEffects *out);
void
rt_server_request_write_raw (RtServerRequest *request, GBytes *bytes, RtTime now, RtEffects *out);
void rt_server_request_tunnel (RtServerRequest *request,
                               RtMessage *response,
                               RtTime now,
                               RtEffects *out);
void rt_server_request_read (RtServerRequest *request, gboolean on, RtEffects *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtServer, rt_server_free)

G_END_DECLS
