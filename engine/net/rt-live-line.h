/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One direction of a connection on real sockets over a link that takes its time. */
#pragma once

#include "rt-driver-core.h"
#include "rt-sim-link.h"

G_BEGIN_DECLS

/**
 * RtLiveLineOps:
 * @left: @bytes, or a FIN (%NULL), are on the line; @lost: the first transmission of them is lost
 * @drained: (nullable): nothing waits to leave any more
 * @arrived: @bytes, or a FIN, are at the other end
 * @cut: the link cuts the connection off
 * @timed_out: nothing comes through any more, which the sending end has found out
 *
 * What a line tells whoever owns it, from the driver's loop. @cause is what rt_live_line_put() was
 * given, or, for @arrived, what @left returned.
 */
typedef struct
{
  guint64 (*left) (gpointer owner, GBytes *bytes, gboolean lost, guint64 cause);
  void (*drained) (gpointer owner);
  void (*arrived) (gpointer owner, GBytes *bytes, guint64 cause);
  void (*cut) (gpointer owner);
  void (*timed_out) (gpointer owner);
} RtLiveLineOps;

/**
 * RtLiveRoute:
 * @link: (nullable): none: what is sent is there as soon as the kernel has it
 * @ordinal: of the connection on its link
 *
 * What a connection runs over.
 */
typedef struct
{
  RtSimLink *link;
  guint ordinal;
} RtLiveRoute;

typedef struct _RtLiveLine RtLiveLine;

RtLiveLine *rt_live_line_new (RtDriverCore *core,
                              const RtLiveRoute *route,
                              RtPartyId from,
                              RtPartyId to,
                              const RtLiveLineOps *ops,
                              gpointer owner);
void rt_live_line_free (RtLiveLine *line);

void rt_live_line_put (RtLiveLine *line, GBytes *bytes, guint64 cause);
void rt_live_line_push (RtLiveLine *line);
void rt_live_line_drop (RtLiveLine *line);
void rt_live_line_pause (RtLiveLine *line, gboolean paused);
void rt_live_line_stop (RtLiveLine *line);
gsize rt_live_line_get_length (RtLiveLine *line);
RtSimFate rt_live_route_greet (
    const RtLiveRoute *route, RtPartyId from, RtPartyId to, RtTime now, RtTime *ret_arrival);

G_END_DECLS
