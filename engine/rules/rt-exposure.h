/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Secrets and the ways they get out: on the wire, in URLs, to scripts, in shared caches; and work
 * that need not have been done: bytes that could have been fewer. */
#pragma once

#include "rt-cookie.h"
#include "rt-decision.h"
#include "rt-message.h"

G_BEGIN_DECLS

/** RT_COMPRESSION_WORTH: bytes of text below which a coding saves too little to speak of. */
#define RT_COMPRESSION_WORTH 4096

/**
 * RtExposureContext:
 * @secure: it crosses TLS
 * @loopback: it does not leave the machine
 * @secret: a password or key in the request-target, a slice of it; none: there is none
 * @shared_lifetime: for how long the response tells shared caches to keep it, in seconds
 */
typedef struct
{
  gboolean secure, loopback;
  RtText secret;
  gint64 shared_lifetime;
} RtExposureContext;

extern const RtRule rt_rule_exposure;
extern const RtRule rt_rule_cookie_hardened;
extern const RtRule rt_rule_compression;

guint rt_exposure_decide (RtMessage *request,
                          RtMessage *response,
                          const RtExposureContext *context,
                          guint from,
                          RtDecision *why);
gboolean rt_cookie_hardened_decide (const RtField *field, gboolean secure, RtDecision *why);
gboolean rt_compression_decide (RtMessage *request,
                                RtMessage *response,
                                guint64 content_length,
                                RtDecision *why);

G_END_DECLS
