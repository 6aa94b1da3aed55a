/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How much a sender may have under way, and how long it waits for an acknowledgement. */
#pragma once

#include "rt-time.h"

G_BEGIN_DECLS

/**
 * RtSimCongestion:
 * @window: bytes that may be under way
 * @threshold: below it @window grows by slow start
 * @duplicates: acknowledgements in a row that acknowledged nothing new
 * @recovering: a loss is being repaired
 * @recover: the repair is over once this offset is acknowledged
 * @smoothed, @variation: of the round-trip time; 0: none was measured yet
 * @backoff: timeouts in a row
 */
typedef struct
{
  guint64 window, threshold;
  guint duplicates;
  gboolean recovering;
  guint64 recover;
  RtTime smoothed, variation;
  guint backoff;
} RtSimCongestion;

void rt_sim_congestion_init (RtSimCongestion *congestion, guint segment_size);
void rt_sim_congestion_sample (RtSimCongestion *congestion, RtTime round_trip);
gboolean rt_sim_congestion_acknowledged (RtSimCongestion *congestion,
                                         guint segment_size,
                                         guint64 upto,
                                         guint64 bytes);
gboolean rt_sim_congestion_duplicate (RtSimCongestion *congestion,
                                      guint segment_size,
                                      guint64 under_way,
                                      guint64 next);
void rt_sim_congestion_timed_out (RtSimCongestion *congestion,
                                  guint segment_size,
                                  guint64 under_way,
                                  guint64 next);
RtTime rt_sim_congestion_timeout (const RtSimCongestion *congestion);

G_END_DECLS
