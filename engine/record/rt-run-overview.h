/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How much happened when in a run, counted from its rows: of any length in the same room. */
#pragma once

#include "rt-session.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/** RT_RUN_OVERVIEW_BEATS: into so many equal times a run is divided. */
#define RT_RUN_OVERVIEW_BEATS 1500

/**
 * RtRunBeat:
 * @time: when it begins; @length: how long it is
 * @client, @server: indices of #RtRunOverview.names
 * @preflights, @requests: that began meanwhile; the former are none of the latter
 * @failed, @cached, @responses: likewise, by what became of them: no answer, or one that is a 5xx
 * or has a problem; one from a cache; any other
 */
typedef struct
{
  RtTime time, length;
  guint client, server;
  guint preflights, requests, failed, cached, responses;
} RtRunBeat;

/**
 * RtRunOverview:
 * @names: (element-type utf8): of the parties
 * @beats: (element-type RtRunBeat): in the order of time, then of @client and @server
 */
typedef struct
{
  GPtrArray *names;
  GArray *beats;
} RtRunOverview;

RtRunOverview *
rt_run_overview_new (RtSession *session, gint64 run, GCancellable *cancellable, GError **error);
void rt_run_overview_free (RtRunOverview *overview);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtRunOverview, rt_run_overview_free)

G_END_DECLS
