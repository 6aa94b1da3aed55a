/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Persistent connections: does this one outlive its exchange, and may that request use it? */
#pragma once

#include "rt-decision.h"
#include "rt-message.h"
#include "rt-time.h"

G_BEGIN_DECLS

/**
 * RtKeepAlive:
 * @timeout: how long the other side keeps an idle connection; 0: it does not say
 * @max: exchanges that are still to come; -1: it does not say
 *
 * The hints of a Keep-Alive field.
 */
typedef struct
{
  RtTime timeout;
  gint64 max;
} RtKeepAlive;

/**
 * RtIdleConnection:
 * @origin: what it was opened for, serialised: `https://a.test`
 * @idle_since: when its last exchange ended
 * @hint: of its last response
 * @multiplexed: requests share it (HTTP/2 and later), so that it need not be idle
 * @busy: an exchange is under way
 * @vouched: its certificate is good for the request's host as well, which resolves to its address
 * @misdirected: its server answered 421 to a request for the origin at hand
 *
 * A connection that is there already.
 */
typedef struct
{
  const char *origin;
  RtTime idle_since;
  RtKeepAlive hint;
  gboolean multiplexed, busy, vouched, misdirected;
} RtIdleConnection;

extern const RtRule rt_rule_connection_persist;
extern const RtRule rt_rule_connection_reuse;

gboolean rt_keep_alive_parse (RtFields *fields, RtKeepAlive *ret_hint);
gboolean rt_connection_persist_decide (RtMessage *request,
                                       RtMessage *response,
                                       gboolean complete,
                                       RtDecision *why);
gboolean rt_connection_reuse_decide (const RtIdleConnection *connection,
                                     const char *origin,
                                     RtTime now,
                                     RtDecision *why);

G_END_DECLS
