/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A link at work. Each way has one transmitter, the bottleneck, that sends one segment after the
 * other at the link's bandwidth; what comes while it is busy waits in the queue. So a segment put
 * on the link arrives at
 *
 *     max (now, when the transmitter is free) + bytes × 8 / bandwidth + latency
 *
 * and the connections of a link share its bandwidth. Times are rounded up to whole microseconds:
 * integers alone, the same on every machine. */
#include "rt-sim-link.h"

struct _RtSimLink
{
  RtLink link;
  RtFault *faults;
  guint n_connections;
  RtTime free_at[2]; /* the transmitter of each way */
};

/**
 * rt_sim_link_new:
 * @link: copied, faults included
 *
 * Returns: (transfer full): the link, nothing under way
 */
RtSimLink *
rt_sim_link_new (const RtLink *link)
{
  RtSimLink *self = g_new0 (RtSimLink, 1);

  self->free_at[0] = self->free_at[1] = G_MININT64;
  rt_sim_link_set (self, link);
  return self;
}

void
rt_sim_link_free (RtSimLink *link)
{
  g_free (link->faults);
  g_free (link);
}

/* Changes it from now on; what is under way arrives as it would have. */
void
rt_sim_link_set (RtSimLink *link, const RtLink *to)
{
  g_free (link->faults);
  link->faults = g_memdup2 (to->faults, to->n_faults * sizeof (RtFault));
  link->link = *to;
  link->link.faults = link->faults;
}

guint
rt_sim_link_add_connection (RtSimLink *link)
{
  return ++link->n_connections;
}

RtTime
rt_sim_link_get_latency (RtSimLink *link)
{
  return link->link.latency;
}

static gboolean
is_about (const RtFault *fault, const RtSimTrip *trip)
{
  return (fault->from == 0 || fault->from == trip->from)
         && (fault->connection == 0 || fault->connection == trip->connection)
         && fault->segment == trip->segment;
}

static RtSimFate
apply_faults (RtSimLink *link, const RtSimTrip *trip, RtTime now)
{
  RtSimFate fate = RT_SIM_ARRIVES;

  for (guint i = 0; i < link->link.n_faults; i++)
    {
      const RtFault *fault = &link->faults[i];

      if (!is_about (fault, trip))
        continue;
      if (fault->kind == RT_FAULT_RESET)
        return RT_SIM_CUT;
      if (fault->kind == RT_FAULT_LOSE && trip->transmission <= MAX (fault->count, 1))
        fate = RT_SIM_LOST;
      if (fault->kind == RT_FAULT_STALL && trip->transmission == 1)
        *trip->stalled_until
            = fault->duration >= RT_TIME_NEVER - now ? RT_TIME_NEVER : now + fault->duration;
    }
  return *trip->stalled_until == RT_TIME_NEVER ? RT_SIM_LOST : fate;
}

/* How long the transmitter is busy with @bytes. */
RtTime
rt_sim_link_get_transmission_time (RtSimLink *link, guint64 bytes)
{
  guint64 bandwidth = link->link.bandwidth;

  return bandwidth == 0 ? 0 : (RtTime)((bytes * 8 * RT_TIME_SEC + bandwidth - 1) / bandwidth);
}

/**
 * rt_sim_link_carry:
 * @link: a link
 * @trip: what is put on it
 * @now: when
 * @ret_arrival: (out): when it is there, if it arrives
 *
 * Returns: what becomes of it
 */
RtSimFate
rt_sim_link_carry (RtSimLink *link, const RtSimTrip *trip, RtTime now, RtTime *ret_arrival)
{
  RtTime *free_at = &link->free_at[trip->from > trip->to];
  RtSimFate fate = apply_faults (link, trip, now);
  RtTime needed = rt_sim_link_get_transmission_time (link, trip->bytes);
  RtTime start = MAX (now, *free_at);

  if (fate != RT_SIM_ARRIVES)
    return fate;
  if (now < *trip->stalled_until)
    {
      /* One connection's stall does not keep the others from the transmitter. */
      *ret_arrival = *trip->stalled_until + needed + link->link.latency;
      return RT_SIM_ARRIVES;
    }
  if (trip->later)
    {
      *ret_arrival = now + needed + link->link.latency;
      return RT_SIM_ARRIVES;
    }
  if (link->link.queue > 0
      && start - now > rt_sim_link_get_transmission_time (link, link->link.queue))
    return RT_SIM_LOST;
  *free_at = start + needed;
  *ret_arrival = *free_at + link->link.latency;
  return RT_SIM_ARRIVES;
}
