/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A TLS client that is not ours: GnuTLS on a socket that blocks. */
#pragma once

#include <glib.h>

typedef struct _TlsClient TlsClient;

/* Whether every byte leaves by itself. */
typedef enum
{
  TLS_CLIENT_WHOLE,
  TLS_CLIENT_BYTE_BY_BYTE,
} TlsClientManner;

TlsClient *tls_client_new (int fd, const char *host, TlsClientManner manner);
void tls_client_free (TlsClient *client);
gboolean tls_client_say (TlsClient *client, const void *bytes, gsize length);
char *tls_client_hear (TlsClient *client, int *ret_end);
