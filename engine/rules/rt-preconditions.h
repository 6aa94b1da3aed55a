/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Preconditions: is the request to be carried out, given what the client believes is there? */
#pragma once

#include "rt-decision.h"
#include "rt-message.h"
#include "rt-time.h"

G_BEGIN_DECLS

/**
 * RtPrecondition:
 * @RT_PRECONDITION_PROCEED: carry the request out, with its Range if it has one
 * @RT_PRECONDITION_IGNORE_RANGE: carry it out as if it had no Range
 * @RT_PRECONDITION_NOT_MODIFIED: 304
 * @RT_PRECONDITION_FAILED: 412
 * @RT_PRECONDITION_ALREADY_APPLIED: a 2xx without doing it again: it was done before
 * @RT_PRECONDITION_REQUIRED: 428
 */
typedef enum
{
  RT_PRECONDITION_PROCEED,
  RT_PRECONDITION_IGNORE_RANGE,
  RT_PRECONDITION_NOT_MODIFIED,
  RT_PRECONDITION_FAILED,
  RT_PRECONDITION_ALREADY_APPLIED,
  RT_PRECONDITION_REQUIRED,
} RtPrecondition;

/**
 * RtPreconditionState:
 * @is_cache: the recipient is a cache that asks about a stored response, not the origin server:
 *   If-Match and If-Unmodified-Since are not for it (RFC 9111 §4.3.2)
 * @status: what the answer would be without any condition; 0 counts as 200
 * @exists: the target has a current representation
 * @etag: its entity tag as ETag writes it, or none
 * @has_modified: its modification date is known
 * @modified: that date; what is below a second is not looked at
 * @changed_twice: it may have changed more than once within the second of @modified, so that the
 *   date tells nothing (RFC 9110 §8.8.2.2)
 * @require_if_match: a change of what exists must name the version it is based on (RFC 6585 §3)
 * @already_applied: the state is what this very request would make of it
 * @etag_proof, @modified_proof: where the two were read, if they were
 *
 * What the recipient knows.
 */
typedef struct
{
  gboolean is_cache;
  guint status;
  gboolean exists;
  RtText etag;
  gboolean has_modified;
  RtTime modified;
  gboolean changed_twice;
  gboolean require_if_match;
  gboolean already_applied;
  RtSpan etag_proof, modified_proof;
} RtPreconditionState;

extern const RtRule rt_rule_precondition;

RtPrecondition rt_precondition_decide (RtMessage *request,
                                       const RtPreconditionState *state,
                                       RtTime now,
                                       RtDecision *why);
guint rt_precondition_status (RtPrecondition verdict);
const char *rt_precondition_name (RtPrecondition verdict);

G_END_DECLS
