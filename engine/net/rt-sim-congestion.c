/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Congestion control as RFC 5681 has it: the window starts at ten segments (RFC 6928), grows by one
 * segment for each acknowledgement while it is below the threshold (slow start: it doubles each
 * round trip) and by about one segment each round trip above it. Three duplicate acknowledgements
 * mean that a segment was lost: it is sent again at once and the window is halved (fast
 * retransmit); further holes are found by partial acknowledgements (NewReno, RFC 6582). The
 * retransmission timeout follows RFC 6298, its lower bound is Linux's. No selective
 * acknowledgements, and no more than this: it is a model. */
#include "rt-sim-congestion.h"

#define INITIAL_SEGMENTS 10
#define FIRST_TIMEOUT RT_TIME_SEC
#define LEAST_TIMEOUT (200 * RT_TIME_MSEC)
#define MOST_TIMEOUT RT_TIME_MINUTE
#define DUPLICATES_THAT_MEAN_LOSS 3

void
rt_sim_congestion_init (RtSimCongestion *congestion, guint segment_size)
{
  *congestion = (RtSimCongestion){ .window = INITIAL_SEGMENTS * (guint64)segment_size,
                                   .threshold = G_MAXUINT64 };
}

/**
 * rt_sim_congestion_sample:
 * @congestion: a sender's
 * @round_trip: measured on a segment that was sent once (Karn's rule)
 */
void
rt_sim_congestion_sample (RtSimCongestion *congestion, RtTime round_trip)
{
  /* RFC 6298 §2.2 and §2.3, in integers. */
  if (congestion->smoothed == 0)
    {
      congestion->smoothed = MAX (round_trip, 1);
      congestion->variation = round_trip / 2;
      return;
    }
  congestion->variation = (3 * congestion->variation + ABS (congestion->smoothed - round_trip)) / 4;
  congestion->smoothed = MAX ((7 * congestion->smoothed + round_trip) / 8, 1);
}

static void
halve (RtSimCongestion *congestion, guint segment_size, guint64 under_way, guint64 next)
{
  congestion->threshold = MAX (under_way / 2, 2 * (guint64)segment_size);
  congestion->recovering = TRUE;
  congestion->recover = next;
  congestion->duplicates = 0;
}

/**
 * rt_sim_congestion_acknowledged:
 * @congestion: a sender's
 * @upto: all before this offset has arrived
 * @bytes: how many of them are new
 *
 * Returns: whether the first segment under way is lost, too, and is to be sent again
 */
gboolean
rt_sim_congestion_acknowledged (RtSimCongestion *congestion,
                                guint segment_size,
                                guint64 upto,
                                guint64 bytes)
{
  congestion->duplicates = 0;
  congestion->backoff = 0;
  if (congestion->recovering && upto < congestion->recover)
    return TRUE;
  if (congestion->recovering)
    {
      congestion->recovering = FALSE;
      congestion->window = MAX (congestion->window, congestion->threshold);
      return FALSE;
    }
  if (congestion->window < congestion->threshold)
    congestion->window += MIN (bytes, segment_size);
  else
    congestion->window += MAX ((guint64)segment_size * segment_size / congestion->window, 1);
  return FALSE;
}

/**
 * rt_sim_congestion_duplicate:
 * @congestion: a sender's
 * @under_way: bytes not yet acknowledged
 * @next: offset of what was not sent yet
 *
 * Returns: whether the first segment under way is to be sent again
 */
gboolean
rt_sim_congestion_duplicate (RtSimCongestion *congestion,
                             guint segment_size,
                             guint64 under_way,
                             guint64 next)
{
  if (congestion->recovering || ++congestion->duplicates < DUPLICATES_THAT_MEAN_LOSS)
    return FALSE;
  halve (congestion, segment_size, under_way, next);
  congestion->window = congestion->threshold;
  return TRUE;
}

/**
 * rt_sim_congestion_timed_out:
 * @congestion: a sender's
 * @under_way: bytes not yet acknowledged
 * @next: offset of what was not sent yet
 *
 * No acknowledgement came in time. The caller sends the first segment under way again.
 */
void
rt_sim_congestion_timed_out (RtSimCongestion *congestion,
                             guint segment_size,
                             guint64 under_way,
                             guint64 next)
{
  halve (congestion, segment_size, under_way, next);
  congestion->window = segment_size;
  congestion->backoff++;
}

RtTime
rt_sim_congestion_timeout (const RtSimCongestion *congestion)
{
  RtTime timeout = congestion->smoothed == 0
                       ? FIRST_TIMEOUT
                       : congestion->smoothed + MAX (4 * congestion->variation, RT_TIME_MSEC);

  timeout = MAX (timeout, LEAST_TIMEOUT) << MIN (congestion->backoff, 16);
  return MIN (timeout, MOST_TIMEOUT);
}
