/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Content negotiation: which of the representations that a resource has does the client like best?
 */
#pragma once

#include "rt-decision.h"
#include "rt-message.h"
#include "rt-negotiation.h"

G_BEGIN_DECLS

/** RT_NEGOTIATE_MAX: representations of one resource. */
#define RT_NEGOTIATE_MAX 64

/**
 * RtVariant:
 * @type: media type: `text/html`; none: it makes no difference
 * @language: `en-GB`; none: it makes no difference
 * @coding: `gzip`, `identity`; none: as `identity`
 */
typedef struct
{
  RtText type, language, coding;
} RtVariant;

/**
 * RtNegotiationVerdict:
 * @RT_NEGOTIATION_CHOSEN: one was chosen
 * @RT_NEGOTIATION_DEFAULT: none is acceptable; the first is sent all the same
 * @RT_NEGOTIATION_NOT_ACCEPTABLE: 406
 */
typedef enum
{
  RT_NEGOTIATION_CHOSEN,
  RT_NEGOTIATION_DEFAULT,
  RT_NEGOTIATION_NOT_ACCEPTABLE,
} RtNegotiationVerdict;

/**
 * RtNegotiation:
 * @chosen: index of the representation to send
 * @vary_type, @vary_language, @vary_coding: Vary has to name Accept, Accept-Language,
 *   Accept-Encoding: with other values another representation could have been chosen
 */
typedef struct
{
  RtNegotiationVerdict verdict;
  guint chosen;
  gboolean vary_type, vary_language, vary_coding;
} RtNegotiation;

extern const RtRule rt_rule_negotiate;

RtNegotiation rt_negotiate_decide (RtMessage *request,
                                   const RtVariant *variants,
                                   guint n_variants,
                                   gboolean strict,
                                   RtDecision *why);
const char *rt_negotiation_name (RtNegotiationVerdict verdict);
char *rt_negotiation_vary (const RtNegotiation *negotiation);

G_END_DECLS
