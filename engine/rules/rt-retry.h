/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Retry: may a request that failed, or was put off, be sent again without asking anybody? */
#pragma once

#include "rt-decision.h"
#include "rt-message.h"
#include "rt-time.h"

G_BEGIN_DECLS

/**
 * RtRetryContext:
 * @response: (nullable): what came back; %NULL: the connection failed before an answer
 * @sent: bytes of the request that left; 0: the other side cannot have acted on it
 * @reused: the connection had carried another exchange before
 * @proxy: the recipient is a proxy or gateway, not the user agent
 * @attempts: how often it was sent already, at least 1
 * @max_attempts: named by the client; after that it gives up
 * @replayable: the content is still there to be sent again
 *
 * What is known when a request came to nothing.
 */
typedef struct
{
  RtMessage *response;
  guint64 sent;
  gboolean reused, proxy, replayable;
  guint attempts, max_attempts;
} RtRetryContext;

extern const RtRule rt_rule_retry;

gboolean rt_retry_decide (RtMessage *request,
                          const RtRetryContext *context,
                          RtTime now,
                          RtTime *ret_delay,
                          RtDecision *why);
gboolean rt_retry_after_parse (RtMessage *response, RtTime now, RtTime *ret_delay);

G_END_DECLS
