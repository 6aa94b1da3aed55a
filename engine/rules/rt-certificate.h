/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether a server is who it says it is, by the certificate that it shows. */
#pragma once

#include "rt-decision.h"
#include "rt-time.h"

G_BEGIN_DECLS

/**
 * RtCertificate:
 * @names: (array length=n_names): whom it is made out to: DNS names, which may have a wildcard, and
 *   IP addresses as text
 * @from: since when it holds
 * @until: until when
 * @other_purpose: it says what it is for, and that is not to be shown by servers
 * @self_signed: it vouches for itself
 * @trusted: it leads, by signatures that are right, to an authority that is trusted
 *
 * What a certificate says, and what its signatures prove.
 */
typedef struct
{
  const RtText *names;
  guint n_names;
  RtTime from, until;
  gboolean other_purpose, self_signed, trusted;
} RtCertificate;

/**
 * RtCertificateVerdict:
 * @RT_CERTIFICATE_ACCEPTED: the server is who it says it is
 * @RT_CERTIFICATE_UNCHECKED: nobody wanted to know
 */
typedef enum
{
  RT_CERTIFICATE_ACCEPTED,
  RT_CERTIFICATE_UNCHECKED,
  RT_CERTIFICATE_SELF_SIGNED,
  RT_CERTIFICATE_UNTRUSTED,
  RT_CERTIFICATE_NOT_YET,
  RT_CERTIFICATE_EXPIRED,
  RT_CERTIFICATE_WRONG_NAME,
  RT_CERTIFICATE_WRONG_PURPOSE,
} RtCertificateVerdict;

extern const RtRule rt_rule_certificate;

const char *rt_certificate_verdict_name (RtCertificateVerdict verdict);
gboolean rt_certificate_name_matches (RtText name, RtText host);
RtCertificateVerdict rt_certificate_decide (
    const RtCertificate *certificate, RtText host, gboolean checking, RtTime now, RtDecision *why);

G_END_DECLS
