/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Certificate authorities, the sandbox's and throw-away ones, and what they give to servers. */
#pragma once

#include "rt-tls-settings.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

G_BEGIN_DECLS

typedef struct _RtTlsAuthority RtTlsAuthority;
typedef struct _RtTlsKeyring RtTlsKeyring;

RtTlsAuthority *rt_tls_authority_get_sandbox (void);
RtTlsAuthority *rt_tls_authority_new_fresh (RtTime now);
RtTlsAuthority *rt_tls_authority_ref (RtTlsAuthority *authority);
void rt_tls_authority_unref (RtTlsAuthority *authority);
gboolean rt_tls_authority_trust (RtTlsAuthority *authority, const char *pem, GError **error);
char *rt_tls_authority_dup_pem (RtTlsAuthority *authority);
char *rt_tls_authority_write_pem (const char *pem, GError **error);
gboolean rt_tls_authority_trusts (RtTlsAuthority *authority,
                                  gnutls_x509_crt_t *chain,
                                  guint n,
                                  gboolean public);

RtTlsKeyring *
rt_tls_keyring_new (RtTlsAuthority *authority, const RtTls *tls, const char *host, GError **error);
RtTlsKeyring *rt_tls_keyring_ref (RtTlsKeyring *keyring);
void rt_tls_keyring_unref (RtTlsKeyring *keyring);
gnutls_certificate_credentials_t rt_tls_keyring_find (RtTlsKeyring *keyring,
                                                      const char *server_name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtTlsAuthority, rt_tls_authority_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtTlsKeyring, rt_tls_keyring_unref)

G_END_DECLS
