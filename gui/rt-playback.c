/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Time as it is played. Between two moments nothing happens, so that no gap takes longer than
 * #GAP_WALL_MAX however slow the speed: a second in which nobody speaks is not watched for a
 * minute. The scrubber gives every gap the same room for the same reason. */
#include "rt-playback.h"

#include <math.h>

/* The longest a gap may take to watch, in microseconds of the viewer's time. */
#define GAP_WALL_MAX 900000.0

static int
compare_times (gconstpointer a, gconstpointer b)
{
  RtTime first = *(const RtTime *)a, second = *(const RtTime *)b;

  return (first > second) - (first < second);
}

static void
add_moment (GArray *moments, RtTime time)
{
  if (time != RT_TIME_UNKNOWN)
    g_array_append_val (moments, time);
}

static void
add_transfer (GArray *moments, const RtTransfer *transfer)
{
  if (transfer == NULL)
    return;
  add_moment (moments, transfer->sent_first);
  add_moment (moments, transfer->received_last);
}

/**
 * rt_playback_moments:
 * @analysis: what is shown
 *
 * Returns: (transfer full) (element-type gint64): when messages left and arrived, the beginning and
 *   the end; ascending, each once
 */
GArray *
rt_playback_moments (RtAnalysis *analysis)
{
  GArray *moments = g_array_new (FALSE, FALSE, sizeof (RtTime));
  GPtrArray *exchanges = rt_analysis_get_exchanges (analysis);
  guint kept = 0;

  if (rt_analysis_get_length (analysis) == 0)
    return moments;
  add_moment (moments, rt_analysis_get_start (analysis));
  add_moment (moments, rt_analysis_get_end (analysis));
  for (guint i = 0; i < exchanges->len; i++)
    {
      const RtExchange *exchange = exchanges->pdata[i];

      add_transfer (moments, exchange->request);
      add_transfer (moments, exchange->response);
    }
  g_array_sort (moments, compare_times);
  for (guint i = 0; i < moments->len; i++)
    if (kept == 0
        || g_array_index (moments, RtTime, kept - 1) != g_array_index (moments, RtTime, i))
      g_array_index (moments, RtTime, kept++) = g_array_index (moments, RtTime, i);
  g_array_set_size (moments, kept);
  return moments;
}

/* Index of the last moment that is not after @now; -1: all are. */
static int
moment_before (const GArray *moments, RtTime now)
{
  guint low = 0, high = moments->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (g_array_index (moments, RtTime, middle) <= now)
        low = middle + 1;
      else
        high = middle;
    }
  return (int)low - 1;
}

static RtTime
moment (const GArray *moments, int i)
{
  return g_array_index (moments, RtTime, CLAMP (i, 0, (int)moments->len - 1));
}

/**
 * rt_playback_advance:
 * @now: where playback stands
 * @wall_usec: how much time went by for the viewer
 * @speed: 1 = real time
 *
 * Returns: where it stands then; never past the last moment
 */
RtTime
rt_playback_advance (const GArray *moments, RtTime now, gint64 wall_usec, double speed)
{
  double left = (double)wall_usec;
  int i = moment_before (moments, now);

  for (; left > 0 && i + 1 < (int)moments->len; i++)
    {
      RtTime from = MAX (now, moment (moments, i)), to = moment (moments, i + 1);
      double gap = (double)(to - moment (moments, MAX (i, 0)));
      double rate = MAX (speed, gap / GAP_WALL_MAX);
      double need = (double)(to - from) / rate;

      if (need > left)
        return from + (RtTime)ceil (left * rate);
      left -= need;
      now = to;
    }
  return now;
}

/**
 * rt_playback_step:
 * @by: moments forward; negative: back
 *
 * Returns: the moment
 */
RtTime
rt_playback_step (const GArray *moments, RtTime now, int by)
{
  int i = moment_before (moments, now);

  if (moments->len == 0)
    return now;
  /* Between two moments, the first step back leads to the earlier of them. */
  if (by < 0 && i >= 0 && moment (moments, i) != now)
    by++;
  return moment (moments, i + by);
}

/**
 * rt_playback_position:
 *
 * Returns: @now as a number from 0 to the number of moments - 1
 */
double
rt_playback_position (const GArray *moments, RtTime now)
{
  int i = moment_before (moments, now);

  if (i < 0)
    return 0;
  if (i + 1 >= (int)moments->len)
    return MAX ((int)moments->len - 1, 0);
  return i
         + (double)(now - moment (moments, i))
               / (double)(moment (moments, i + 1) - moment (moments, i));
}

/** rt_playback_time: Returns: the time at @position, see rt_playback_position() */
RtTime
rt_playback_time (const GArray *moments, double position)
{
  int i = (int)floor (position);

  if (moments->len == 0)
    return 0;
  return moment (moments, i)
         + (RtTime)((position - i) * (double)(moment (moments, i + 1) - moment (moments, i)));
}
