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

RtImportReport *rt_pcap_import (RtSession *session,
                                const char *path,
                                const RtImportOptions *options,
                                GError **error);
gboolean rt_pcapng_export (RtSession *session,
                           GOutputStream *out,
                           const RtExportOptions *options,
                           GError **error);

G_END_DECLS
