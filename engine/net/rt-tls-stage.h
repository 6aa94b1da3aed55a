/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The TLS stage: stands between a party and its connection on whatever driver. The party sees
 * plaintext, the driver ciphertext. */
#pragma once

#include "rt-driver-core.h"
#include "rt-tls-authority.h"

G_BEGIN_DECLS

/** RT_TLS_HANDSHAKE_TIME: a handshake that takes longer is given up. */
#define RT_TLS_HANDSHAKE_TIME (15 * RT_TIME_SEC)
/** RT_TLS_LINGER: so long whoever connected may take to hear that there will be no session. */
#define RT_TLS_LINGER (2 * RT_TIME_SEC)

typedef struct _RtTlsStage RtTlsStage;

RtTlsStage *
rt_tls_stage_new_client (RtDriverCore *core, RtDriverParty *party, const RtEffect *connect);
RtTlsStage *rt_tls_stage_new_server (RtDriverCore *core,
                                     RtDriverParty *party,
                                     RtConnection handle,
                                     const RtTls *tls,
                                     RtTlsKeyring *keyring);
RtTlsStage *rt_tls_stage_ref (RtTlsStage *stage);
void rt_tls_stage_unref (RtTlsStage *stage);

void rt_tls_stage_input (RtTlsStage *stage, const RtInput *input);
void rt_tls_stage_act (RtTlsStage *stage, const RtEffect *effect, guint64 cause);
void rt_tls_stage_push (RtTlsStage *stage);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtTlsStage, rt_tls_stage_unref)

G_END_DECLS
