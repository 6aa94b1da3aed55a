/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A queue in time: a balanced tree ordered by time, then by the number in which items were pushed,
 * so that what falls due at one time happens in the order it was caused. Cancelled items leave at
 * once: a timer that is no longer needed must not keep a run going. */
#include "rt-time-queue.h"

typedef struct
{
  RtTime at;
  guint64 number;
  gboolean holds;
  RtTimeFire fire;
  gpointer owner, data;
  GDestroyNotify free_data;
} Item;

struct _RtTimeQueue
{
  GSequence *items;
  guint64 last;
  guint n_holding;
};

static void
free_item (gpointer data)
{
  Item *item = data;

  if (item->free_data != NULL)
    item->free_data (item->data);
  g_free (item);
}

static int
compare_items (gconstpointer a, gconstpointer b, gpointer unused)
{
  const Item *left = a, *right = b;

  if (left->at != right->at)
    return left->at < right->at ? -1 : 1;
  return left->number < right->number ? -1 : left->number > right->number;
}

RtTimeQueue *
rt_time_queue_new (void)
{
  RtTimeQueue *queue = g_new0 (RtTimeQueue, 1);

  queue->items = g_sequence_new (free_item);
  return queue;
}

void
rt_time_queue_free (RtTimeQueue *queue)
{
  g_sequence_free (queue->items);
  g_free (queue);
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
  Item *item = g_new (Item, 1);

  *item = (Item){ at, ++queue->last, holds, fire, owner, data, free_data };
  queue->n_holding += holds ? 1 : 0;
  return g_sequence_insert_sorted (queue->items, item, compare_items, NULL);
}

void
rt_time_queue_cancel (RtTimeQueue *queue, RtTimeItem *item)
{
  const Item *it = g_sequence_get (item);

  queue->n_holding -= it->holds ? 1 : 0;
  g_sequence_remove (item);
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
  RtTimeItem *first = g_sequence_get_begin_iter (queue->items);

  return g_sequence_iter_is_end (first) ? RT_TIME_NEVER : ((Item *)g_sequence_get (first))->at;
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
  RtTimeItem *first = g_sequence_get_begin_iter (queue->items);
  Item item = *(Item *)g_sequence_get (first);

  ((Item *)g_sequence_get (first))->free_data = NULL;
  rt_time_queue_cancel (queue, first);
  item.fire (item.owner, item.data);
  if (item.free_data != NULL)
    item.free_data (item.data);
}
