/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The first walk through a capture: what its connections speak and what their ends are called. For
 * this folder. */
#pragma once

#include "rt-pcap-walk.h"

G_BEGIN_DECLS

/** RtPcapProtocol: what a connection speaks. @RT_PCAP_SILENT: nothing was written */
typedef enum
{
  RT_PCAP_SILENT,
  RT_PCAP_HTTP,
  RT_PCAP_TLS,
  RT_PCAP_HTTP2,
  RT_PCAP_OTHER,
} RtPcapProtocol;

/**
 * RtPcapFinding:
 * @protocol: an #RtPcapProtocol
 * @client: the end that is the client, by the direction in which it writes for the tracker
 * @middle: by direction: what was seen first of it is not the beginning of a message
 * @proxy: the server was asked as a proxy
 * @name: number of the server's name; 0: not known
 *
 * What was found out about a connection.
 */
typedef struct
{
  guint8 protocol, client;
  guint8 middle[2], proxy;
  guint name;
} RtPcapFinding;

/** RtPcapCounts: connections by what they speak; @secrets: blocks of secrets in the file */
typedef struct
{
  guint http, tls, http2, other, secrets;
} RtPcapCounts;

typedef struct _RtPcapSurvey RtPcapSurvey;

RtPcapSurvey *rt_pcap_survey_new (void);
void rt_pcap_survey_free (RtPcapSurvey *survey);
gboolean
rt_pcap_survey_walk (RtPcapSurvey *survey, RtPcapWalk *walk, RtImport *import, GError **error);
const RtPcapFinding *rt_pcap_survey_get (RtPcapSurvey *survey, guint64 connection);
gboolean rt_pcap_survey_is_serving (RtPcapSurvey *survey,
                                    const RtTcpConnection *connection,
                                    RtDirection end);
const RtPcapCounts *rt_pcap_survey_get_counts (RtPcapSurvey *survey);
void rt_pcap_survey_name_ends (RtPcapSurvey *survey,
                               const RtTcpConnection *connection,
                               const RtPcapFinding *finding,
                               char **ret_client,
                               char **ret_server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtPcapSurvey, rt_pcap_survey_free)

G_END_DECLS
