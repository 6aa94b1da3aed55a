/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who is the client? What intermediaries tell is believed as far as they are trusted. */
#pragma once

#include "rt-decision.h"
#include "rt-message.h"

G_BEGIN_DECLS

/** RT_FORWARDED_HOPS_MAX: elements that are looked at, counted from the right. */
#define RT_FORWARDED_HOPS_MAX 64

/**
 * RtForwardedFields:
 * @RT_FORWARDED_NONE: nobody in front of this server sets any
 * @RT_FORWARDED_STANDARD: Forwarded, RFC 7239
 * @RT_FORWARDED_X: X-Forwarded-For, -Proto and -Host
 *
 * What the trusted intermediaries write. Fields that they do not write come from the client, and
 * from it alone.
 */
typedef enum
{
  RT_FORWARDED_NONE,
  RT_FORWARDED_STANDARD,
  RT_FORWARDED_X,
} RtForwardedFields;

/**
 * RtForwardedTrust:
 * @fields: what they write
 * @networks: (array length=n_networks): who they are: `192.0.2.1`, `10.0.0.0/8`, `2001:db8::/32`,
 *   `_edge`
 */
typedef struct
{
  RtForwardedFields fields;
  const char *const *networks;
  guint n_networks;
} RtForwardedTrust;

/**
 * RtForwardedClient:
 * @name: its address, or the word that hides it; a slice of the field value or of the peer
 * @known: @name is an address
 * @proto: what it spoke (`https`); %RT_TEXT_NONE: what this connection speaks
 * @host: what it asked for; %RT_TEXT_NONE: Host
 * @hops: intermediaries that were believed
 *
 * Borrowed from the request.
 */
typedef struct
{
  RtText name, proto, host;
  gboolean known;
  guint hops;
} RtForwardedClient;

extern const RtRule rt_rule_forwarded;

gboolean rt_network_contains (const char *network, RtText address);
RtForwardedClient rt_forwarded_decide (RtMessage *request,
                                       const char *peer,
                                       const RtForwardedTrust *trust,
                                       RtDecision *why);

G_END_DECLS
