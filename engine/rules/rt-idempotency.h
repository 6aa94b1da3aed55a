/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Idempotency keys: a client names its intention, so that a server can tell a repetition from a
 * second order. By the IETF's draft "The Idempotency-Key HTTP Header Field". */
#pragma once

#include "rt-decision.h"
#include "rt-message.h"
#include "rt-time.h"

G_BEGIN_DECLS

/** RT_IDEMPOTENCY_KEY_MAX: bytes of a key that a server keeps. */
#define RT_IDEMPOTENCY_KEY_MAX 255

/**
 * RtIdempotency:
 * @RT_IDEMPOTENCY_UNKEYED: no key, and none is asked for: do the work, remember nothing
 * @RT_IDEMPOTENCY_BEGIN: reserve the key, then do the work
 * @RT_IDEMPOTENCY_REPLAY: give the stored answer again, do nothing
 * @RT_IDEMPOTENCY_IN_FLIGHT: 409: the first request is still being worked on
 * @RT_IDEMPOTENCY_MISMATCH: 422: the key was used for another payload
 * @RT_IDEMPOTENCY_MISSING: 400: a key is required
 * @RT_IDEMPOTENCY_MALFORMED: 400: what is there is no key
 */
typedef enum
{
  RT_IDEMPOTENCY_UNKEYED,
  RT_IDEMPOTENCY_BEGIN,
  RT_IDEMPOTENCY_REPLAY,
  RT_IDEMPOTENCY_IN_FLIGHT,
  RT_IDEMPOTENCY_MISMATCH,
  RT_IDEMPOTENCY_MISSING,
  RT_IDEMPOTENCY_MALFORMED,
} RtIdempotency;

/**
 * RtIdempotencyRecord:
 * @reserved: when the key was
 * @expires: when it is forgotten
 * @done: the work is, and its answer is stored
 * @same_payload: the request at hand has the payload of the first one
 *
 * What a server has written down under a key.
 */
typedef struct
{
  RtTime reserved, expires;
  gboolean done, same_payload;
} RtIdempotencyRecord;

extern const RtRule rt_rule_idempotency;

gboolean rt_idempotency_key_parse (RtMessage *request, char **ret_key);
RtIdempotency rt_idempotency_decide (RtMessage *request,
                                     gboolean required,
                                     const RtIdempotencyRecord *record,
                                     RtTime now,
                                     RtDecision *why);
guint rt_idempotency_status (RtIdempotency verdict);
const char *rt_idempotency_name (RtIdempotency verdict);

G_END_DECLS
