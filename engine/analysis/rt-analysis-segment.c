/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Trips over a connection: what left is matched with what arrived. */
#include "rt-analysis-private.h"

#include <string.h>

/* More than any window holds; older ones are given up, so that a recording without arrivals costs
 * no search among all that ever left. */
#define UNDER_WAY_MAX 4096

static const char *
keep_size (RtAnalysis *analysis, guint32 length)
{
  g_autofree char *text = g_strdup_printf ("%u B", length);

  return rt_analysis_keep (analysis, text);
}

static RtSegment *
add_segment (RtAnalysis *analysis, RtConduit *conduit, RtDirection way, const RtFold *fold)
{
  RtSegment *segment = g_new0 (RtSegment, 1);
  const char *name = fold->detail != NULL ? g_variant_get_string (fold->detail, NULL) : NULL;

  segment->connection = conduit->info.id;
  segment->direction = way;
  segment->sent = fold->event->time;
  segment->received = RT_TIME_UNKNOWN;
  segment->span = fold->event->span;
  segment->event = fold->number;
  segment->tunnelled = segment->span.length > 0 && conduit->tunnel;
  if (segment->span.length == 0 && name != NULL)
    segment->name = rt_analysis_keep (analysis, name);
  else if (segment->span.length > 0 && conduit->info.secure && !conduit->secured[way])
    segment->name = "TLS";
  else if (segment->tunnelled)
    segment->name = keep_size (analysis, segment->span.length);
  segment->retransmission = g_strcmp0 (name, "retransmission") == 0;
  g_ptr_array_add (analysis->segments, segment);
  return segment;
}

void
rt_segment_sent (RtAnalysis *analysis, RtConduit *conduit, RtDirection way, const RtFold *fold)
{
  RtSegment *segment = add_segment (analysis, conduit, way, fold);

  if (conduit->under_way[way]->len == UNDER_WAY_MAX)
    g_ptr_array_remove_range (conduit->under_way[way], 0, UNDER_WAY_MAX / 2);
  g_ptr_array_add (conduit->under_way[way], segment);
  if (segment->span.length > 0)
    conduit->sent_end[way] = MAX (conduit->sent_end[way], rt_span_end (segment->span));
}

static gboolean
has_name (const RtSegment *segment, const RtFold *fold)
{
  const char *name = fold->detail != NULL ? g_variant_get_string (fold->detail, NULL) : NULL;

  return segment->span.length == 0 && g_strcmp0 (segment->name, name) == 0;
}

/* A recipient may read several segments at once, or one in parts: a segment has arrived when its
 * last byte has. */
static gboolean
arrives_with (const RtSegment *segment, const RtFold *fold)
{
  RtSpan arrived = fold->event->span;

  if (arrived.length == 0)
    return has_name (segment, fold);
  return segment->span.length > 0 && segment->span.buffer == arrived.buffer
         && rt_span_end (segment->span) > arrived.offset
         && rt_span_end (segment->span) <= rt_span_end (arrived);
}

void
rt_segment_received (RtAnalysis *analysis, RtConduit *conduit, RtDirection way, const RtFold *fold)
{
  GPtrArray *under_way = conduit->under_way[way];
  gboolean was_sent
      = fold->event->span.length > 0 && rt_span_end (fold->event->span) <= conduit->sent_end[way];

  for (guint i = 0; i < under_way->len; i++)
    {
      RtSegment *segment = under_way->pdata[i];

      if (!arrives_with (segment, fold))
        continue;
      segment->received = fold->event->time;
      was_sent = TRUE;
      g_ptr_array_remove_index (under_way, i--);
      if (fold->event->span.length == 0)
        break;
    }
  if (was_sent)
    return;
  /* Nobody saw it leave: recorded at this end alone. */
  add_segment (analysis, conduit, way, fold)->received = fold->event->time;
  conduit->sent_end[way] = MAX (conduit->sent_end[way], rt_span_end (fold->event->span));
}

void
rt_segment_lost (RtAnalysis *analysis, RtConduit *conduit, RtDirection way, const RtFold *fold)
{
  GPtrArray *under_way = conduit->under_way[way];

  for (guint i = 0; i < under_way->len; i++)
    {
      RtSegment *segment = under_way->pdata[i];
      RtSpan span = fold->event->span;
      gboolean same = span.length == 0
                          ? has_name (segment, fold)
                          : segment->span.length > 0 && rt_span_contains (span, segment->span);

      if (!same)
        continue;
      segment->lost = TRUE;
      g_ptr_array_remove_index (under_way, i--);
      if (span.length == 0)
        break;
    }
}
