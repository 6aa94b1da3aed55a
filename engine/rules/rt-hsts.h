/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HTTP Strict Transport Security, RFC 6797: hosts that a browser speaks to over TLS alone. */
#pragma once

#include "rt-decision.h"
#include "rt-message.h"
#include "rt-time.h"

G_BEGIN_DECLS

/** RT_HSTS_HOSTS_MAX: hosts kept; the one noted longest ago goes first. */
#define RT_HSTS_HOSTS_MAX 4096

typedef struct _RtHsts RtHsts;

/**
 * RtHstsNote:
 * @RT_HSTS_IGNORED: nothing is kept of it
 * @RT_HSTS_NOTED: the host is known now, or for longer
 * @RT_HSTS_FORGOTTEN: the host asked to be forgotten
 */
typedef enum
{
  RT_HSTS_IGNORED,
  RT_HSTS_NOTED,
  RT_HSTS_FORGOTTEN,
} RtHstsNote;

/**
 * RtHstsPolicy:
 * @max_age: how long it holds
 * @subdomains: … for the names below the host, too
 */
typedef struct
{
  RtTime max_age;
  gboolean subdomains;
} RtHstsPolicy;

extern const RtRule rt_rule_hsts_note;
extern const RtRule rt_rule_hsts_upgrade;

gboolean rt_hsts_parse (RtText value, RtHstsPolicy *ret_policy);

RtHsts *rt_hsts_new (void);
void rt_hsts_free (RtHsts *hsts);
RtHstsNote rt_hsts_note_decide (RtHsts *hsts,
                                RtText host,
                                gboolean secure,
                                gboolean trusted,
                                RtMessage *response,
                                RtTime now,
                                RtDecision *why);
gboolean rt_hsts_upgrade_decide (RtHsts *hsts, RtText host, RtTime now, RtDecision *why);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtHsts, rt_hsts_free)

G_END_DECLS
