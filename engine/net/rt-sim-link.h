/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A link at work: when does what is put on it now arrive, if it does? */
#pragma once

#include "rt-link.h"

G_BEGIN_DECLS

/**
 * RtSimFate:
 * @RT_SIM_ARRIVES: at the time given
 * @RT_SIM_LOST: never
 * @RT_SIM_CUT: the connection is cut off instead
 */
typedef enum
{
  RT_SIM_ARRIVES,
  RT_SIM_LOST,
  RT_SIM_CUT,
} RtSimFate;

/**
 * RtSimTrip:
 * @from, @to: its ends
 * @connection: ordinal of the connection on its link, from 1
 * @segment: as #RtFault counts them
 * @transmission: from 1
 * @bytes: on the link, headers included
 * @stalled_until: (inout): of this end of the connection
 * @later: it is put on the link at a time that has not come yet: others may pass before
 *
 * One segment that is put on a link.
 */
typedef struct
{
  RtPartyId from, to;
  guint connection;
  guint64 segment;
  guint transmission;
  guint bytes;
  RtTime *stalled_until;
  gboolean later;
} RtSimTrip;

typedef struct _RtSimLink RtSimLink;

RtSimLink *rt_sim_link_new (const RtLink *link);
void rt_sim_link_free (RtSimLink *link);
void rt_sim_link_set (RtSimLink *link, const RtLink *to);
guint rt_sim_link_add_connection (RtSimLink *link);
RtTime rt_sim_link_get_latency (RtSimLink *link);
RtTime rt_sim_link_get_transmission_time (RtSimLink *link, guint64 bytes);
RtSimFate
rt_sim_link_carry (RtSimLink *link, const RtSimTrip *trip, RtTime now, RtTime *ret_arrival);

G_END_DECLS
