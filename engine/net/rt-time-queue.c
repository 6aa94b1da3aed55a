/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A queue in time: a heap ordered by time, then by the number in which items were pushed, so that
 * what falls due at one time happens in the order it was caused. Each item knows where it stands
 * and leaves at once when it is cancelled: a timer that is no longer needed must not keep a run
 * going. Most items are deadlines that lie behind all others and are cancelled before their time:
 * they come and go at the heap's end. */
#include "rt-time-queue.h"

struct _RtTimeItem
{
  RtTime at;
  guint64 number;
  guint place;
  gboolean holds;
  RtTimeFire fire;
  gpointer owner, data;
  GDestroyNotify free_data;
};

struct _RtTimeQueue
{
  GPtrArray *heap; /* RtTimeItem: none is due before the one at half its place */
  guint64 last;
  guint n_holding;
};

static void
free_item (RtTimeItem *item)
{
  if (item->free_data != NULL)
    item->free_data (item->data);
  g_free (item);
}

RtTimeQueue *
rt_time_queue_new (void)
{
  RtTimeQueue *queue = g_new0 (RtTimeQueue, 1);

  queue->heap = g_ptr_array_new ();
  return queue;
}

void
rt_time_queue_free (RtTimeQueue *queue)
{
  for (guint i = 0; i < queue->heap->len; i++)
    free_item (queue->heap->pdata[i]);
  g_ptr_array_unref (queue->heap);
  g_free (queue);
}

static gboolean
is_before (const RtTimeItem *a, const RtTimeItem *b)
{
  return a->at != b->at ? a->at < b->at : a->number < b->number;
}

static void
put (RtTimeQueue *queue, guint place, RtTimeItem *item)
{
  queue->heap->pdata[place] = item;
  item->place = place;
}

static void
rise (RtTimeQueue *queue, RtTimeItem *item)
{
  guint place = item->place;

  while (place > 0 && is_before (item, queue->heap->pdata[(place - 1) / 2]))
    {
      put (queue, place, queue->heap->pdata[(place - 1) / 2]);
      place = (place - 1) / 2;
    }
  put (queue, place, item);
}

static void
sink (RtTimeQueue *queue, RtTimeItem *item)
{
  guint place = item->place;

  for (guint next = 2 * place + 1; next < queue->heap->len; next = 2 * place + 1)
    {
      if (next + 1 < queue->heap->len
          && is_before (queue->heap->pdata[next + 1], queue->heap->pdata[next]))
        next++;
      if (is_before (item, queue->heap->pdata[next]))
        break;
      put (queue, place, queue->heap->pdata[next]);
      place = next;
    }
  put (queue, place, item);
}

/* Takes @item off the heap; it is not freed. */
static void
take_out (RtTimeQueue *queue, RtTimeItem *item)
{
  guint place = item->place;
  RtTimeItem *last = g_ptr_array_steal_index_fast (queue->heap, queue->heap->len - 1);

  queue->n_holding -= item->holds ? 1 : 0;
  if (last == item)
    return;
  put (queue, place, last);
  rise (queue, last);
  sink (queue, last);
}

/**
 * rt_time_queue_push:
 * @queue: a queue
 * @at: when
 * @holds: a run goes on until it has fired
 * @fire: what to do
 * @owner: its first argument
 * @data: its second argument
 * @free_data: (nullable): frees @data once the item has fired or is cancelled
 *
 * Returns: (transfer none): the item
 */
RtTimeItem *
rt_time_queue_push (RtTimeQueue *queue,
                    RtTime at,
                    gboolean holds,
                    RtTimeFire fire,
                    gpointer owner,
                    gpointer data,
                    GDestroyNotify free_data)
{
  RtTimeItem *item = g_new (RtTimeItem, 1);

  *item = (RtTimeItem){ .at = at,
                        .number = ++queue->last,
                        .place = queue->heap->len,
                        .holds = holds,
                        .fire = fire,
                        .owner = owner,
                        .data = data,
                        .free_data = free_data };
  queue->n_holding += holds ? 1 : 0;
  g_ptr_array_add (queue->heap, item);
  rise (queue, item);
  return item;
}

void
rt_time_queue_cancel (RtTimeQueue *queue, RtTimeItem *item)
{
  take_out (queue, item);
  free_item (item);
}

/**
 * rt_time_queue_next:
 * @queue: a queue
 *
 * Returns: when the next item falls due, or %RT_TIME_NEVER
 */
RtTime
rt_time_queue_next (RtTimeQueue *queue)
{
  return queue->heap->len > 0 ? ((RtTimeItem *)queue->heap->pdata[0])->at : RT_TIME_NEVER;
}

/**
 * rt_time_queue_holds:
 * @queue: a queue
 *
 * Returns: whether any item holds up a run
 */
gboolean
rt_time_queue_holds (RtTimeQueue *queue)
{
  return queue->n_holding > 0;
}

/**
 * rt_time_queue_fire:
 * @queue: a queue that is not empty
 *
 * Takes the next item off the queue and does what it is there for.
 */
void
rt_time_queue_fire (RtTimeQueue *queue)
{
  RtTimeItem *first = queue->heap->pdata[0];

  take_out (queue, first);
  first->fire (first->owner, first->data);
  free_item (first);
}
