/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The time axis: a piecewise linear, strictly monotone map, and the labels along it. */
#include "rt-timeline-scale.h"

#include <stdlib.h>

/* A millisecond's height, before it is brought between the smallest and the largest gap. */
#define PIXELS_PER_MSEC 8.0
/* Room above the first event. */
#define TOP_MARGIN 30.0
/* Axis labels are at least and, where a round moment offers itself, at most this far apart. */
#define TICK_NEAR 24.0
#define TICK_FAR 58.0

typedef struct
{
  RtTime time;
  double y;
} Knot;

struct _RtTimelineScale
{
  GArray *knots; /* Knot, strictly rising in both */
  GArray *idle;  /* RtTimelineIdle */
  GArray *ticks; /* RtTimelineTick */
  double slope;  /* pixels a microsecond outside the knots */
};

static int
compare_points (gconstpointer a, gconstpointer b)
{
  const RtTimelinePoint *p = a;
  const RtTimelinePoint *q = b;

  return p->time < q->time ? -1 : p->time > q->time;
}

/* How far below the knot before it a legible moment stands; @needed: what its labels ask for. */
static double
legible_gap (RtTime gap, double needed, gboolean thin)
{
  double most = thin ? RT_TIMELINE_GAP_THIN : RT_TIMELINE_GAP_MAX;
  double wanted = CLAMP ((double)gap / RT_TIME_MSEC * PIXELS_PER_MSEC, RT_TIMELINE_GAP_MIN, most);

  return CLAMP (wanted, MIN (needed, RT_TIMELINE_GAP_MAX), RT_TIMELINE_GAP_MAX);
}

/* @last: (element-type double): by link, how far down its last label reaches */
static double
needed_for_labels (const RtTimelinePoint *points, guint n, GArray *last, double y)
{
  double needed = 0;

  for (guint i = 0; i < n; i++)
    if (points[i].link < last->len)
      needed = MAX (needed, g_array_index (last, double, points[i].link) - y);
  return needed;
}

/* How high folded time is between two runs of points: what stands beside them has its room. */
static double
idle_height (const RtTimelinePoint *points, guint before, guint n)
{
  double half = 0;

  for (guint i = 0; i < n; i++)
    half = MAX (half, points[i].half);
  for (const RtTimelinePoint *at = points - before; at < points; at++)
    half = MAX (half, at->half);
  return MAX (RT_TIMELINE_IDLE_HEIGHT, RT_TIMELINE_IDLE_BAR + 2 * half);
}

static GArray *
new_last_labels (const RtTimelinePoint *points, guint n)
{
  GArray *last = g_array_new (FALSE, FALSE, sizeof (double));
  double never = -1e9;

  for (guint i = 0; i < n; i++)
    while (points[i].link != G_MAXUINT && last->len <= points[i].link)
      g_array_append_val (last, never);
  return last;
}

/* Number of points from @i on that share their moment. */
static guint
run_at (const RtTimelinePoint *points, guint n, guint i)
{
  guint end = i + 1;

  while (end < n && points[end].time == points[i].time)
    end++;
  return end - i;
}

static void
lay_legible (
    RtTimelineScale *scale, const RtTimelinePoint *points, guint n, double zoom, double text_scale)
{
  g_autoptr (GArray) last = new_last_labels (points, n);
  double unit = zoom * text_scale;
  double y = 0; /* in units */
  gint busy = 0;
  gint thin = 0;
  guint before = 0; /* points of the run before */

  for (guint i = 0; i < n;)
    {
      guint run = run_at (points, n, i);
      RtTime gap = i > 0 ? points[i].time - points[i - 1].time : 0;
      double from = y;

      if (gap >= RT_TIMELINE_IDLE_MIN && busy <= 0 && thin <= 0)
        {
          RtTimelineIdle idle;

          y += idle_height (points + i, before, run);
          idle = (RtTimelineIdle){ TOP_MARGIN * text_scale + from * unit,
                                   TOP_MARGIN * text_scale + y * unit, points[i - 1].time,
                                   points[i].time };
          /* Zoomed out there is no room to say it: then it is time like any other. */
          if (idle.y1 - idle.y0 >= TICK_NEAR * text_scale)
            g_array_append_val (scale->idle, idle);
        }
      else if (gap > 0)
        y += legible_gap (gap, needed_for_labels (points + i, run, last, y), busy <= 0 && thin > 0);
      g_array_append_val (scale->knots,
                          ((Knot){ points[i].time, TOP_MARGIN * text_scale + y * unit }));
      before = run;
      for (guint end = i + run; i < end; i++)
        {
          busy += points[i].busy;
          thin += points[i].thin;
          if (points[i].link < last->len)
            g_array_index (last, double, points[i].link) = y + points[i].room;
        }
    }
}

/* One slope for all: tall enough for the labels if they were spread evenly. */
static void
lay_true (
    RtTimelineScale *scale, const RtTimelinePoint *points, guint n, double zoom, double text_scale)
{
  double duration = (double)(points[n - 1].time - points[0].time);
  double height = MAX (560, n * RT_TIMELINE_LABEL_ROOM / 4);

  if (duration > 0)
    scale->slope = height * zoom * text_scale / duration;
  for (guint i = 0; i < n; i += run_at (points, n, i))
    g_array_append_val (
        scale->knots,
        ((Knot){ points[i].time, TOP_MARGIN * text_scale
                                     + (double)(points[i].time - points[0].time) * scale->slope }));
}

/* Index of the last knot that is not above @time (or, with @by_y, @y), at most the last but one. */
static guint
find_knot (const RtTimelineScale *scale, RtTime time, double y, gboolean by_y)
{
  guint low = 0;
  guint high = scale->knots->len - 1;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;
      const Knot *knot = &g_array_index (scale->knots, Knot, middle);

      if (by_y ? knot->y <= y : knot->time <= time)
        low = middle;
      else
        high = middle;
    }
  return low;
}

/**
 * rt_timeline_scale_y:
 *
 * Returns: where @time stands; also before the first and after the last event
 */
double
rt_timeline_scale_y (const RtTimelineScale *scale, RtTime time)
{
  const Knot *first = &g_array_index (scale->knots, Knot, 0);
  const Knot *last = &g_array_index (scale->knots, Knot, scale->knots->len - 1);
  const Knot *knot;

  if (time <= first->time)
    return first->y - MIN ((double)(first->time - time) * scale->slope, RT_TIMELINE_GAP_MIN);
  if (time >= last->time)
    return last->y + MIN ((double)(time - last->time) * scale->slope, RT_TIMELINE_GAP_MAX);
  knot = &g_array_index (scale->knots, Knot, find_knot (scale, time, 0, FALSE));
  return knot[0].y
         + (knot[1].y - knot[0].y) * (double)(time - knot[0].time)
               / (double)(knot[1].time - knot[0].time);
}

/**
 * rt_timeline_scale_time:
 *
 * Returns: the moment that stands at @y, between the first and the last event
 */
RtTime
rt_timeline_scale_time (const RtTimelineScale *scale, double y)
{
  const Knot *first = &g_array_index (scale->knots, Knot, 0);
  const Knot *last = &g_array_index (scale->knots, Knot, scale->knots->len - 1);
  const Knot *knot;

  if (y <= first->y)
    return first->time;
  if (y >= last->y)
    return last->time;
  knot = &g_array_index (scale->knots, Knot, find_knot (scale, 0, y, TRUE));
  return knot[0].time
         + (RtTime)((y - knot[0].y) / (knot[1].y - knot[0].y)
                    * (double)(knot[1].time - knot[0].time));
}

double
rt_timeline_scale_get_end (const RtTimelineScale *scale)
{
  return g_array_index (scale->knots, Knot, scale->knots->len - 1).y;
}

/* The first multiple of @step that is not before @from. */
static RtTime
round_up (RtTime from, RtTime step)
{
  return from + (step - from % step) % step;
}

/* The multiple of the roundest step that lies in [from, to]: as clocks have it, and below ten
 * seconds 1, 2, 5 × 10^k. */
static gboolean
roundest_within (RtTime from, RtTime to, RtTime *ret_time)
{
  static const RtTime steps[] = {
    1000 * RT_TIME_HOUR, 100 * RT_TIME_HOUR,  24 * RT_TIME_HOUR,   6 * RT_TIME_HOUR,
    RT_TIME_HOUR,        30 * RT_TIME_MINUTE, 10 * RT_TIME_MINUTE, 5 * RT_TIME_MINUTE,
    RT_TIME_MINUTE,      30 * RT_TIME_SEC,    10 * RT_TIME_SEC,    5 * RT_TIME_SEC,
    2 * RT_TIME_SEC,     RT_TIME_SEC,
  };
  static const gint64 leads[] = { 5, 2, 1 };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if ((*ret_time = round_up (from, steps[i])) <= to)
      return TRUE;
  for (gint64 power = RT_TIME_SEC / 10; power >= 1; power /= 10)
    for (guint i = 0; i < G_N_ELEMENTS (leads); i++)
      if ((*ret_time = round_up (from, leads[i] * power)) <= to)
        return TRUE;
  return FALSE;
}

/* Labels from @from on, where counting starts anew, to @to. */
static void
add_ticks (RtTimelineScale *scale, RtTime from, RtTime to, double text_scale)
{
  RtTimelineTick tick = { rt_timeline_scale_y (scale, from), 0, from };
  double end = rt_timeline_scale_y (scale, to);

  for (;;)
    {
      RtTime near, far;
      double next;

      g_array_append_val (scale->ticks, tick);
      if (tick.y + TICK_NEAR * text_scale > end)
        return;
      near = rt_timeline_scale_time (scale, tick.y + TICK_NEAR * text_scale) - from + 1;
      far = rt_timeline_scale_time (scale, tick.y + TICK_FAR * text_scale) - from;
      if (!roundest_within (near, MIN (MAX (far, near), to - from), &tick.time))
        return;
      next = rt_timeline_scale_y (scale, from + tick.time);
      if (next <= tick.y)
        return;
      tick.y = next;
    }
}

static void
lay_ticks (RtTimelineScale *scale, double text_scale)
{
  RtTime from = g_array_index (scale->knots, Knot, 0).time;
  RtTime to = g_array_index (scale->knots, Knot, scale->knots->len - 1).time;

  for (guint i = 0; i < scale->idle->len; i++)
    {
      const RtTimelineIdle *idle = &g_array_index (scale->idle, RtTimelineIdle, i);

      add_ticks (scale, from, idle->from, text_scale);
      from = idle->to;
    }
  add_ticks (scale, from, to, text_scale);
}

/**
 * rt_timeline_scale_new:
 * @points: (array length=n_points): what must be told apart; is sorted by time
 * @zoom: 1 = the gaps of the design
 *
 * Returns: (transfer full): the scale
 */
RtTimelineScale *
rt_timeline_scale_new (
    RtTimelinePoint *points, guint n_points, gboolean true_scale, double zoom, double text_scale)
{
  RtTimelineScale *scale = g_new (RtTimelineScale, 1);

  *scale = (RtTimelineScale){
    .knots = g_array_new (FALSE, FALSE, sizeof (Knot)),
    .idle = g_array_new (FALSE, FALSE, sizeof (RtTimelineIdle)),
    .ticks = g_array_new (FALSE, FALSE, sizeof (RtTimelineTick)),
    .slope = PIXELS_PER_MSEC * zoom * text_scale / RT_TIME_MSEC,
  };
  qsort (points, n_points, sizeof *points, compare_points);
  if (n_points == 0)
    g_array_append_val (scale->knots, ((Knot){ 0, TOP_MARGIN * text_scale }));
  else if (true_scale)
    lay_true (scale, points, n_points, zoom, text_scale);
  else
    lay_legible (scale, points, n_points, zoom, text_scale);
  lay_ticks (scale, text_scale);
  return scale;
}

void
rt_timeline_scale_free (RtTimelineScale *scale)
{
  g_array_unref (scale->knots);
  g_array_unref (scale->idle);
  g_array_unref (scale->ticks);
  g_free (scale);
}

/**
 * rt_timeline_scale_get_base:
 *
 * Returns: the moment that labels at @time count from: the start, or the end of the last idle
 *   stretch before it
 */
RtTime
rt_timeline_scale_get_base (const RtTimelineScale *scale, RtTime time)
{
  RtTime base = g_array_index (scale->knots, Knot, 0).time;

  for (guint i = 0; i < scale->idle->len; i++)
    {
      const RtTimelineIdle *idle = &g_array_index (scale->idle, RtTimelineIdle, i);

      if (time < idle->to)
        break;
      base = idle->to;
    }
  return base;
}

/** rt_timeline_scale_get_idle: Returns: (element-type RtTimelineIdle): in order */
const GArray *
rt_timeline_scale_get_idle (const RtTimelineScale *scale)
{
  return scale->idle;
}

/** rt_timeline_scale_get_ticks: Returns: (element-type RtTimelineTick): in order */
const GArray *
rt_timeline_scale_get_ticks (const RtTimelineScale *scale)
{
  return scale->ticks;
}

/* @value in units of @unit with as many decimals, up to @most, as it needs. */
static char *
format_decimals (RtTime value, RtTime unit, guint most, const char *name)
{
  RtTime divisor = unit;
  guint n = 0;
  RtTime fraction;

  while (n < most && value % divisor != 0)
    {
      divisor /= 10;
      n++;
    }
  if (n == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT " %s", value / unit, name);
  fraction = value % unit / divisor;
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%0*" G_GINT64_FORMAT " %s", value / unit, (int)n,
                          fraction, name);
}

/* `2:05 min`, `1:02 h`; with as much behind it as tells it from its neighbours. */
static char *
format_clock (RtTime time)
{
  gboolean hours = time >= RT_TIME_HOUR;
  RtTime whole = hours ? RT_TIME_HOUR : RT_TIME_MINUTE;
  RtTime part = whole / 60;
  g_autofree char *rest = NULL;

  if (time % part == 0)
    return g_strdup_printf ("%d:%02d %s", (int)(time / whole), (int)(time % whole / part),
                            hours ? "h" : "min");
  if (hours)
    return g_strdup_printf ("%d:%02d:%02d", (int)(time / RT_TIME_HOUR),
                            (int)(time % RT_TIME_HOUR / RT_TIME_MINUTE),
                            (int)(time % RT_TIME_MINUTE / RT_TIME_SEC));
  rest = format_decimals (time % RT_TIME_SEC, RT_TIME_SEC, 6, "min");
  return g_strdup_printf ("%d:%02d%s", (int)(time / RT_TIME_MINUTE),
                          (int)(time % RT_TIME_MINUTE / RT_TIME_SEC), rest + 1);
}

/**
 * rt_timeline_format_moment:
 * @time: a moment, counted from @base
 * @base: what it counts from
 * @start: the start of all
 *
 * Returns: (transfer full): `5 ms`, `1.25 s`, `2:05 min`, all of it; with a plus where it counts
 * from a later moment than the start
 */
char *
rt_timeline_format_moment (RtTime time, RtTime base, RtTime start)
{
  g_autofree char *text = NULL;

  if (time < RT_TIME_SEC)
    text = format_decimals (time, RT_TIME_MSEC, 3, "ms");
  else if (time < RT_TIME_MINUTE)
    text = format_decimals (time, RT_TIME_SEC, 6, "s");
  else
    text = format_clock (time);
  return base > start ? g_strconcat ("+", text, NULL) : g_steal_pointer (&text);
}
