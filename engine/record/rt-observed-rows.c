/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows are derived while a run is recorded, connection by connection. What the observer has to say
 * of an exchange depends on what the client did before, on any connection, and what a party decided
 * stands in events that are of no connection: both take another walk through the log, in its order,
 * an event at a time. Connections keep analyses of their own for it (rt-lane.c), so that it needs
 * no more memory for a long run than for a short one; one observer follows the clients across them,
 * and a decision goes to the connection whose event led to it. */
#include "rt-observed-rows.h"

#include "rt-lane.h"
#include "rt-traits.h"

#include <string.h>

/* Events, counted back, that are known as causes. */
#define CAUSES 65536

typedef struct
{
  RtObserver *observer; /* (nullable) */
  RtReader *reader;     /* borrowed */
  GHashTable *lanes; /* RtConnection → RtLane; looked up, and walked where order shows nowhere */
  GPtrArray *over;   /* RtLane, whose connection has ended */
  RtConnection *causes; /* by number of an event: the connection that it belongs to; 0: none */
  RtFlagsFunc found;
  gpointer data;
} Walk;

static RtLane *
find_lane (Walk *walk, RtConnection connection)
{
  return g_hash_table_lookup (walk->lanes, GUINT_TO_POINTER (connection));
}

static const RtConnectionInfo *
find_connection (RtConnection connection, gpointer data)
{
  RtLane *lane = find_lane (data, connection);

  return lane != NULL ? rt_lane_get_info (lane) : NULL;
}

/* A connection is known from its opening on. */
static RtLane *
lane_of (Walk *walk, const RtEvent *event)
{
  RtLane *lane = find_lane (walk, event->connection);

  if (lane != NULL || event->connection == 0
      || (event->kind != RT_EVENT_CONNECT && event->kind != RT_EVENT_BUFFER))
    return lane;
  lane = rt_lane_new_observed (event->connection, walk->reader, walk->observer);
  g_hash_table_insert (walk->lanes, GUINT_TO_POINTER (event->connection), lane);
  return lane;
}

static gint64
offset_of (RtLane *lane, const RtTransfer *transfer)
{
  if (transfer == NULL || rt_span_is_none (transfer->whole))
    return -1;
  return (gint64)(transfer->whole.offset + rt_lane_get_base (lane, transfer->whole.buffer));
}

/* Tells what is known of the lane's exchanges. */
static gboolean
tell (Walk *walk, RtLane *lane, GError **error)
{
  const RtExchange *exchange;

  while ((exchange = rt_lane_next_exchange (lane)) != NULL)
    {
      const RtTransfer *first = exchange->request != NULL ? exchange->request : exchange->response;
      RtObservedRow row = { .connection = exchange->connection,
                            .offset = offset_of (lane, exchange->request),
                            .flags = rt_traits_get_flags (exchange) };

      if (first == NULL)
        continue;
      if (row.offset < 0)
        row.offset = offset_of (lane, exchange->response);
      row.first_event = rt_lane_get_number (lane, first->first_event);
      if (!walk->found (&row, walk->data, error))
        return FALSE;
    }
  return TRUE;
}

static RtConnection
cause_of (const Walk *walk, guint64 number, guint64 cause)
{
  return cause < number && number - cause < CAUSES ? walk->causes[cause % CAUSES] : 0;
}

static gboolean
walk_event (Walk *walk, const RtPage *page, guint i, GError **error)
{
  const RtEvent *event = &page->events[i];
  guint64 number = page->first + i;
  RtConnection connection = event->connection;
  RtLane *lane;

  if (event->kind == RT_EVENT_DECISION)
    connection = cause_of (walk, number, event->cause);
  walk->causes[number % CAUSES] = connection;
  lane = event->kind == RT_EVENT_DECISION ? find_lane (walk, connection) : lane_of (walk, event);
  if (lane == NULL)
    return TRUE;
  if (rt_lane_is_due (lane, event) && rt_lane_can_rest (lane))
    {
      if (!tell (walk, lane, error))
        return FALSE;
      rt_lane_rest (lane);
    }
  if (event->kind == RT_EVENT_DECISION)
    rt_lane_add_caused (lane, page, i);
  else
    rt_lane_add_event (lane, page, i);
  rt_lane_fold (lane);
  if (rt_lane_is_over (lane)
      && (walk->over->len == 0 || !g_ptr_array_find (walk->over, lane, NULL)))
    g_ptr_array_add (walk->over, lane);
  return TRUE;
}

/* Connections that have ended by the end of a page are done with at the end of the next one: their
 * last exchange may lead to decisions. */
static gboolean
forget_ended (Walk *walk, guint n, GError **error)
{
  for (guint i = 0; i < n; i++)
    {
      RtLane *lane = walk->over->pdata[i];

      if (!tell (walk, lane, error))
        return FALSE;
      g_hash_table_remove (walk->lanes, GUINT_TO_POINTER (rt_lane_get_connection (lane)));
    }
  if (n > 0)
    g_ptr_array_remove_range (walk->over, 0, n);
  return TRUE;
}

static gboolean
walk_page (Walk *walk, const RtPage *page, GError **error)
{
  guint ended = walk->over->len;

  for (guint i = 0; i < page->n; i++)
    if (!walk_event (walk, page, i, error))
      return FALSE;
  return forget_ended (walk, ended, error);
}

static gboolean
tell_rest (Walk *walk, GError **error)
{
  GHashTableIter iter;
  gpointer lane;

  g_hash_table_iter_init (&iter, walk->lanes);
  while (g_hash_table_iter_next (&iter, NULL, &lane))
    if (!tell (walk, lane, error))
      return FALSE;
  return TRUE;
}

/**
 * rt_observed_rows_find:
 * @reader: a run; of a damaged one the part before the damage
 * @observed: its parties left no decisions: the observer looks at it
 * @found: told of each exchange once, in no certain order
 * @data: for @found
 * @progress: (nullable): told after each page
 * @progress_data: for @progress
 * @cancellable: (nullable)
 *
 * Walks through the run. Takes as long as it is long, and memory for what is under way in it and
 * for what the observer remembers.
 *
 * Errors: those of @found, or it was cancelled.
 *
 * Returns: %TRUE on success
 */
gboolean
rt_observed_rows_find (RtReader *reader,
                       gboolean observed,
                       RtFlagsFunc found,
                       gpointer data,
                       RtObserveFunc progress,
                       gpointer progress_data,
                       GCancellable *cancellable,
                       GError **error)
{
  Walk walk = { .reader = reader,
                .lanes = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)rt_lane_free),
                .over = g_ptr_array_new (),
                .causes = g_new0 (RtConnection, CAUSES),
                .found = found,
                .data = data };
  guint64 length = rt_reader_get_length (reader);
  gboolean good = TRUE;

  if (observed)
    {
      walk.observer = rt_observer_new ();
      rt_observer_look_up (walk.observer, find_connection, &walk);
    }
  for (guint64 at = 0; good && at < length;)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, at, NULL);

      if (page == NULL)
        break;
      at = page->first + page->n;
      good = !g_cancellable_set_error_if_cancelled (cancellable, error)
             && walk_page (&walk, page, error);
      if (progress != NULL)
        progress (at, length, progress_data);
    }
  good = good && tell_rest (&walk, error);
  g_ptr_array_unref (walk.over);
  g_hash_table_unref (walk.lanes);
  g_clear_pointer (&walk.observer, rt_observer_unref);
  g_free (walk.causes);
  return good;
}
