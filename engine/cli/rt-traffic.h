/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Traffic that a command was given to look at: a session, a file of another kind, a lesson. */
#pragma once

#include "rt-analysis.h"
#include "rt-format.h"

G_BEGIN_DECLS

/** RtTrafficRun: @name: of the run; @analysis: all of it */
typedef struct
{
  char *name;
  RtAnalysis *analysis;
} RtTrafficRun;

typedef struct _RtTraffic RtTraffic;

RtTraffic *rt_traffic_open (const char *path, GError **error);
RtTraffic *rt_traffic_open_or_play (const char *name, GError **error);
void rt_traffic_free (RtTraffic *traffic);

RtSession *rt_traffic_get_session (RtTraffic *traffic);
GPtrArray *rt_traffic_get_runs (RtTraffic *traffic, GError **error); /* RtTrafficRun */
gboolean rt_traffic_is_whole (RtTraffic *traffic);
gboolean rt_traffic_tell_report (const RtImportReport *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtTraffic, rt_traffic_free)

G_END_DECLS
