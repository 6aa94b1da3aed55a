/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is queued happens in the order of time, and of being queued; what is cancelled does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-random.h"
#include "rt-time-queue.h"

#define N_ITEMS 3000

typedef struct
{
  RtTimeItem *item; /* NULL: fired or cancelled */
  RtTime at;
  guint number;
} Planned;

typedef struct
{
  Planned planned[N_ITEMS];
  RtTime last_at;
  guint last_number, n_left, n_freed;
} World;

static void
fire (gpointer owner, gpointer data)
{
  World *world = owner;
  Planned *planned = data;

  assert_non_null (planned->item);
  assert_true (planned->at > world->last_at
               || (planned->at == world->last_at && planned->number > world->last_number));
  world->last_at = planned->at;
  world->last_number = planned->number;
  world->n_left--;
  planned->item = NULL;
}

static guint n_freed;

static void
count_freed (gpointer data)
{
  n_freed++;
}

static void
push (RtTimeQueue *queue, World *world, RtRandom *random, guint i)
{
  Planned *planned = &world->planned[i];

  /* Few times for many items, none of them past. */
  *planned = (Planned){ .at = world->last_at + 1 + (RtTime)rt_random_below (random, 100),
                        .number = i + 1 };
  planned->item = rt_time_queue_push (queue, planned->at, FALSE, fire, world, planned, count_freed);
  world->n_left++;
}

static void
cancel_one (RtTimeQueue *queue, World *world, RtRandom *random, guint n)
{
  Planned *planned = &world->planned[rt_random_below (random, n)];

  if (planned->item == NULL)
    return;
  rt_time_queue_cancel (queue, g_steal_pointer (&planned->item));
  world->n_left--;
}

static void
test_order (void **state)
{
  g_autoptr (RtTimeQueue) queue = rt_time_queue_new ();
  g_autofree World *world = g_new0 (World, 1);
  RtRandom random;

  n_freed = 0;
  rt_random_init (&random, 1);
  for (guint i = 0; i < N_ITEMS; i++)
    {
      push (queue, world, &random, i);
      if (rt_random_below (&random, 3) == 0)
        cancel_one (queue, world, &random, i + 1);
      if (rt_random_below (&random, 4) == 0 && world->n_left > 0)
        rt_time_queue_fire (queue);
    }
  while (world->n_left > 0)
    {
      assert_true (rt_time_queue_next (queue) >= world->last_at);
      rt_time_queue_fire (queue);
    }
  assert_true (rt_time_queue_next (queue) == RT_TIME_NEVER);
  assert_int_equal (n_freed, N_ITEMS);
}

static void
test_holds (void **state)
{
  g_autoptr (RtTimeQueue) queue = rt_time_queue_new ();
  g_autofree World *world = g_new0 (World, 1);
  RtTimeItem *item;

  world->planned[0] = (Planned){ .at = 1, .number = 1 };
  world->planned[0].item
      = rt_time_queue_push (queue, 1, FALSE, fire, world, &world->planned[0], NULL);
  assert_false (rt_time_queue_holds (queue));
  item = rt_time_queue_push (queue, 2, TRUE, fire, world, NULL, NULL);
  assert_true (rt_time_queue_holds (queue));
  rt_time_queue_fire (queue);
  assert_true (rt_time_queue_holds (queue));
  rt_time_queue_cancel (queue, item);
  assert_false (rt_time_queue_holds (queue));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    { .name = "what falls due first fires first, and nothing that was cancelled", test_order },
    { .name = "a run goes on for what holds it up, and no longer", test_holds },
  };

  return cmocka_run_group_tests_name ("time-queue", tests, NULL, NULL);
}
