/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One end of TLS: bytes in, bytes out, no socket. */
#pragma once

#include "rt-decision.h"
#include "rt-tls-authority.h"

G_BEGIN_DECLS

typedef struct _RtTlsSession RtTlsSession;

/**
 * RtTlsState:
 * @RT_TLS_WAITING: for bytes of the other end
 * @RT_TLS_READY: the handshake is done
 * @RT_TLS_CLOSED: the other end has said that it sends no more
 * @RT_TLS_FAILED: there is no going on; the other end was told why, if it was not the one to say so
 */
typedef enum
{
  RT_TLS_WAITING,
  RT_TLS_READY,
  RT_TLS_CLOSED,
  RT_TLS_FAILED,
} RtTlsState;

/**
 * RtTlsInfo:
 * @version: `TLS 1.3`
 * @cipher: `AES-128-GCM`
 * @alpn: (nullable): what was agreed on
 * @server_name: (nullable): whom the client asked for
 * @trusted: nothing is wrong with the certificate that was shown to this end
 *
 * What was negotiated. Borrowed from the session.
 */
typedef struct
{
  const char *version, *cipher, *alpn, *server_name;
  gboolean trusted;
} RtTlsInfo;

RtTlsSession *
rt_tls_session_new_client (const RtTls *tls, RtTlsAuthority *authority, const char *host);
RtTlsSession *rt_tls_session_new_server (const RtTls *tls, RtTlsKeyring *keyring);
void rt_tls_session_free (RtTlsSession *session);

void rt_tls_session_feed (RtTlsSession *session, GBytes *ciphertext);
GBytes *rt_tls_session_take (RtTlsSession *session);
RtTlsState rt_tls_session_shake (RtTlsSession *session, RtTime now, GError **error);
RtTlsState rt_tls_session_read (RtTlsSession *session, GByteArray *plaintext, GError **error);
gboolean rt_tls_session_write (RtTlsSession *session, GBytes *plaintext);
void rt_tls_session_close (RtTlsSession *session);

RtTlsInfo rt_tls_session_get_info (RtTlsSession *session);
RtDecision *rt_tls_session_take_decision (RtTlsSession *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtTlsSession, rt_tls_session_free)

G_END_DECLS
