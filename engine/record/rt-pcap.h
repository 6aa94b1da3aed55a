/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Captures of packets: pcap and pcapng to read, pcapng to write. */
#pragma once

#include "rt-format.h"

G_BEGIN_DECLS

/** RT_PCAP_PARTIES_MAX: parties that are told apart; what comes after them is one. */
#define RT_PCAP_PARTIES_MAX 60000
/** RT_PCAP_CONNECTIONS_MAX: connections of a capture that are looked at. */
#define RT_PCAP_CONNECTIONS_MAX (4 * 1024 * 1024)

/**
 * RT_PCAPNG_APPLICATION: who wrote a section that is ours: a run of a session. The first of its
 *   interfaces is described by the run's name.
 */
#define RT_PCAPNG_APPLICATION "Roundtrip"
/** RT_PCAPNG_PLAINTEXT: name of the interface whose packets have plaintext in place of TLS. */
#define RT_PCAPNG_PLAINTEXT "tls-plaintext"
/** RT_PCAPNG_RUNS_MAX: sections of ours that become runs of their own. */
#define RT_PCAPNG_RUNS_MAX 256

RtImportReport *rt_pcap_import (RtSession *session,
                                const char *path,
                                const RtImportOptions *options,
                                GError **error);
gboolean rt_pcapng_export (RtSession *session,
                           GOutputStream *out,
                           const RtExportOptions *options,
                           GError **error);

G_END_DECLS
