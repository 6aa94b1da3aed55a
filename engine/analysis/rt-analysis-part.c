/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An analysis that begins in the middle of a log: its exchanges have the numbers that they have in
 * the whole. Who knows them says with which event each begins. */
#include "rt-analysis-private.h"

/** UNKNOWN_FROM: exchanges that nobody said anything of have numbers from here on. */
#define UNKNOWN_FROM 0x80000000u

struct _RtPart
{
  GArray *numbers; /* RtAnalysisNumber */
  GArray *used;    /* gboolean, likewise */
  GHashTable *exchanges;
  guint n_unknown;
};

void
rt_part_free (RtPart *part)
{
  g_array_unref (part->numbers);
  g_array_unref (part->used);
  g_hash_table_unref (part->exchanges);
  g_free (part);
}

/**
 * rt_analysis_begin_at:
 * @analysis: that was fed nothing
 * @event: number of the first event that it will be fed
 * @first: number of the first that is itself; those before stand for others further up
 * @numbers: (array length=n): in the order of their events
 *
 * Without this an analysis begins at event 0, and exchanges are numbered from 1.
 */
void
rt_analysis_begin_at (
    RtAnalysis *analysis, guint64 event, guint64 first, const RtAnalysisNumber *numbers, guint n)
{
  g_return_if_fail (analysis->exchanges->len == 0 && analysis->length == 0);

  analysis->base = analysis->length = event;
  analysis->first = first;
  analysis->part = g_new0 (RtPart, 1);
  analysis->part->numbers = g_array_new (FALSE, FALSE, sizeof (RtAnalysisNumber));
  g_array_append_vals (analysis->part->numbers, numbers, n);
  analysis->part->used = g_array_new (FALSE, TRUE, sizeof (gboolean));
  g_array_set_size (analysis->part->used, n);
  analysis->part->exchanges = g_hash_table_new (NULL, NULL);
}

static const RtAnalysisNumber *
get_number (const RtPart *part, guint i)
{
  return &g_array_index (part->numbers, RtAnalysisNumber, i);
}

/* Index behind the last number whose event is not after @event. */
static guint
count_until (const RtPart *part, guint64 event)
{
  guint low = 0;
  guint high = part->numbers->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (get_number (part, middle)->event <= event)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* What begins with its head, as a response does that nobody asked for, has its number from the
 * event with its first byte, which was before. Several may begin with one event. */
static guint
take_number (RtPart *part, RtConnection connection, guint64 event)
{
  guint found = G_MAXUINT;

  for (guint i = count_until (part, event); i-- > 0;)
    {
      const RtAnalysisNumber *number = get_number (part, i);

      if (found != G_MAXUINT && number->event < get_number (part, found)->event)
        break;
      if (number->connection == connection && !g_array_index (part->used, gboolean, i))
        found = i;
      else if (number->connection == connection)
        break;
    }
  if (found == G_MAXUINT)
    return UNKNOWN_FROM + part->n_unknown++;
  g_array_index (part->used, gboolean, found) = TRUE;
  return get_number (part, found)->number;
}

/* The number of @exchange, which begins now. */
guint
rt_part_number_exchange (RtAnalysis *analysis, RtExchange *exchange, guint64 event)
{
  guint number;

  if (analysis->part == NULL)
    return analysis->exchanges->len + 1;
  number = take_number (analysis->part, exchange->connection, event);
  g_hash_table_insert (analysis->part->exchanges, GUINT_TO_POINTER (number), exchange);
  return number;
}

/* The exchange of that number, NULL if there is none. */
RtExchange *
rt_part_get_exchange (RtAnalysis *analysis, guint number)
{
  if (analysis->part != NULL)
    return g_hash_table_lookup (analysis->part->exchanges, GUINT_TO_POINTER (number));
  return number > 0 && number <= analysis->exchanges->len ? analysis->exchanges->pdata[number - 1]
                                                          : NULL;
}
