/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a response's fields owe to whoever reads it: the fields that its status calls for, values
 * that follow their grammar, what a 304 repeats, what Vary names. */
#pragma once

#include "rt-decision.h"
#include "rt-message.h"
#include "rt-time.h"

G_BEGIN_DECLS

/**
 * RtResponseSeen:
 * @now: when it was seen
 * @has_content: bytes of content came with it
 *
 * What of a response does not stand in its head.
 */
typedef struct
{
  RtTime now;
  gboolean has_content;
} RtResponseSeen;

extern const RtRule rt_rule_response_fields;
extern const RtRule rt_rule_not_modified;
extern const RtRule rt_rule_vary_named;

guint rt_response_fields_decide (RtMessage *request,
                                 RtMessage *response,
                                 const RtResponseSeen *seen,
                                 guint from,
                                 RtDecision *why);
gboolean rt_not_modified_decide (RtMessage *request,
                                 RtMessage *earlier,
                                 RtMessage *response,
                                 RtDecision *why);

/** RtAnswered: a request and the response to it. Borrowed. */
typedef struct
{
  RtMessage *request, *response;
} RtAnswered;

gboolean rt_vary_named_decide (const RtAnswered *one, const RtAnswered *other, RtDecision *why);

G_END_DECLS
