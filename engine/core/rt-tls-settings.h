/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a party wants of TLS: plain data, filled in by those who may not see how it is done. */
#pragma once

#include "rt-time.h"

G_BEGIN_DECLS

/**
 * RtTlsVersion:
 * @RT_TLS_ANY: no limit but the program's own: 1.2 to 1.3
 */
typedef enum
{
  RT_TLS_ANY,
  RT_TLS_1_2,
  RT_TLS_1_3,
} RtTlsVersion;

/**
 * RtTlsIssuer:
 * @RT_TLS_ISSUER_SANDBOX: the sandbox's authority, which its clients trust
 * @RT_TLS_ISSUER_SELF: the certificate itself
 * @RT_TLS_ISSUER_STRANGER: an authority that nobody has heard of
 *
 * Who signed a certificate.
 */
typedef enum
{
  RT_TLS_ISSUER_SANDBOX,
  RT_TLS_ISSUER_SELF,
  RT_TLS_ISSUER_STRANGER,
} RtTlsIssuer;

/** RT_TLS_VALID_FROM: 2020-01-01, where an identity does not say since when it holds. */
#define RT_TLS_VALID_FROM (G_GINT64_CONSTANT (1577836800) * RT_TIME_SEC)
/** RT_TLS_VALID_UNTIL: 2049-12-31, where it does not say until when. */
#define RT_TLS_VALID_UNTIL (G_GINT64_CONSTANT (2524521600) * RT_TIME_SEC)

/**
 * RtTlsIdentity:
 * @name: the server name it is shown for; its certificate is made out to it
 * @certified: (nullable): … or to this name instead, or address: the wrong certificate; empty: to
 *   nobody
 * @from: since when the certificate holds; 0: %RT_TLS_VALID_FROM
 * @until: until when; 0: %RT_TLS_VALID_UNTIL
 * @for_clients: it is for clients to show, not for servers
 *
 * Who a server says it is. The certificate is made of it, the same in every run.
 */
typedef struct
{
  const char *name, *certified;
  RtTime from, until;
  RtTlsIssuer issuer;
  gboolean for_clients;
} RtTlsIdentity;

/**
 * RtTls:
 * @server_name: (nullable): client: who is meant; %NULL: the host that is connected to
 * @insecure: client: whatever certificate is shown will do
 * @public: client: the authorities that this machine trusts are trusted, and not the sandbox's,
 *   whose key everybody has
 * @identities: (array length=n_identities): server: the first is for those who name none of them.
 *   None: one for the host that is listened on
 * @only_named: server: who asks for another name than these is turned away
 * @alpn: (nullable) (array zero-terminated=1): protocols, the preferred one first; %NULL: HTTP/1.1
 * @least: no older version
 * @most: no newer one
 *
 * What a connection's end wants of TLS. Borrowed by whoever is handed it, unless said otherwise.
 */
typedef struct RtTls
{
  const char *server_name;
  gboolean insecure, public;
  const RtTlsIdentity *identities;
  guint n_identities;
  gboolean only_named;
  const char *const *alpn;
  RtTlsVersion least, most;
} RtTls;

/** rt_tls_standard: what nearly everybody wants. */
extern const RtTls rt_tls_standard;
/** rt_tls_unverified: likewise a client that does not care whom it talks to. */
extern const RtTls rt_tls_unverified;

RtTls *rt_tls_copy (const RtTls *tls);
void rt_tls_free (RtTls *tls);
gboolean rt_tls_equal (const RtTls *a, const RtTls *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtTls, rt_tls_free)

G_END_DECLS
