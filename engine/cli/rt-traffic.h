/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Traffic that a command was given to look at: a session, a file of another kind, a lesson. */
#pragma once

#include "rt-filter.h"
#include "rt-format.h"
#include "rt-hop.h"

G_BEGIN_DECLS

/**
 * RtTrafficRun:
 * @id: in its session; 0: it is in none
 * @parent: the run it branched off; 0: none
 * @name: of the run
 * @from_lesson: it is a lesson's, or branched off a run that is
 * @analysis: all of it
 */
typedef struct
{
  gint64 id, parent;
  char *name;
  gboolean from_lesson;
  RtAnalysis *analysis;
} RtTrafficRun;

typedef struct _RtTraffic RtTraffic;

RtTraffic *rt_traffic_open (const char *path, GError **error);
RtTraffic *rt_traffic_open_or_play (const char *name, GError **error);
void rt_traffic_free (RtTraffic *traffic);

RtSession *rt_traffic_get_session (RtTraffic *traffic);
GPtrArray *rt_traffic_get_runs (RtTraffic *traffic, GError **error); /* RtTrafficRun */
const RtTrafficRun *rt_traffic_find_run (RtTraffic *traffic, const char *name, GError **error);
GPtrArray *rt_traffic_run_pick (const RtTrafficRun *run,
                                RtHop hop,
                                const char *filter,
                                GError **error); /* const RtExchange */
gboolean rt_traffic_is_whole (RtTraffic *traffic);
gboolean rt_traffic_is_imported (RtTraffic *traffic);
gboolean rt_traffic_is_file (const char *name);
gboolean rt_traffic_tell_report (const RtImportReport *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtTraffic, rt_traffic_free)

G_END_DECLS
