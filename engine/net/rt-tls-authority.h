/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sandbox's certificate authority, and the certificates that it gives to servers. */
#pragma once

#include "rt-tls-settings.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

G_BEGIN_DECLS

typedef struct _RtTlsKeyring RtTlsKeyring;

RtTlsKeyring *rt_tls_keyring_new (const RtTls *tls, const char *host, GError **error);
RtTlsKeyring *rt_tls_keyring_ref (RtTlsKeyring *keyring);
void rt_tls_keyring_unref (RtTlsKeyring *keyring);
gnutls_certificate_credentials_t rt_tls_keyring_find (RtTlsKeyring *keyring,
                                                      const char *server_name);

char *rt_tls_authority_dup_pem (void);
gboolean rt_tls_authority_trusts (gnutls_x509_crt_t *chain, guint n, gboolean public);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtTlsKeyring, rt_tls_keyring_unref)

G_END_DECLS
