/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How far bytes got: a frontier that moves forward, and when it passed each byte. */
#include "rt-analysis-private.h"

void
rt_progress_init (RtProgress *progress)
{
  progress->frontier = 0;
  progress->marks = g_array_new (FALSE, FALSE, sizeof (RtMark));
  progress->ahead = g_array_new (FALSE, FALSE, sizeof (RtSpan));
}

void
rt_progress_clear (RtProgress *progress)
{
  g_array_unref (progress->marks);
  g_array_unref (progress->ahead);
}

/* Moves over spans that waited for the one before them. */
static guint64
take_waiting (RtProgress *progress, guint64 end)
{
  gboolean moved;

  do
    {
      moved = FALSE;
      for (guint i = 0; i < progress->ahead->len; i++)
        {
          RtSpan waiting = g_array_index (progress->ahead, RtSpan, i);

          if (waiting.offset > end)
            continue;
          end = MAX (end, rt_span_end (waiting));
          g_array_remove_index (progress->ahead, i--);
          moved = TRUE;
        }
    }
  while (moved);
  return end;
}

/* Bytes of @span are there since @time: again, in order, or ahead of others. */
void
rt_progress_add (RtProgress *progress, RtSpan span, RtTime time, guint64 event)
{
  RtMark mark = { rt_span_end (span), time, event };

  if (mark.end <= progress->frontier)
    return;
  if (span.offset > progress->frontier)
    {
      g_array_append_val (progress->ahead, span);
      return;
    }
  if (progress->ahead->len > 0)
    mark.end = take_waiting (progress, mark.end);
  progress->frontier = mark.end;
  g_array_append_val (progress->marks, mark);
}

/* What is before @to will not come. */
void
rt_progress_jump (RtProgress *progress, guint64 to)
{
  progress->frontier = MAX (progress->frontier, to);
}

/* The mark that byte @offset came with, or NULL if it did not come yet. */
const RtMark *
rt_progress_find (const RtProgress *progress, guint64 offset)
{
  guint low = 0;
  guint high = progress->marks->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (progress->marks, RtMark, middle).end <= offset)
        low = middle + 1;
      else
        high = middle;
    }
  return low < progress->marks->len ? &g_array_index (progress->marks, RtMark, low) : NULL;
}
