/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each connection has a lane (rt-lane.c), which forgets its exchanges once they were looked at. */
#include "rt-exchange-walk.h"

/* An exchange that was not looked at yet. */
typedef struct
{
  const RtExchange *exchange;
  guint number;
  guint64 begun; /* event */
} Item;

typedef struct
{
  RtLane *lane;
  GPtrArray *items;
  guint64 round; /* of the last page that had something of it */
} Line;

typedef struct
{
  RtReader *source;
  GHashTable *only;
  RtWalkFunc func;
  gpointer data;
  GHashTable *lines;  /* RtConnection → Line */
  GHashTable *owners; /* RtBufferId → Line */
  GPtrArray *touched; /* Line, of the page at hand */
  GPtrArray *fresh;   /* Item, begun in the page at hand */
  guint n_exchanges;
} Walk;

static void
free_line (gpointer data)
{
  Line *line = data;

  rt_lane_free (line->lane);
  g_ptr_array_unref (line->items);
  g_free (line);
}

static void
clear_walk (Walk *walk)
{
  g_hash_table_unref (walk->owners);
  g_hash_table_unref (walk->lines);
  g_ptr_array_unref (walk->touched);
  g_ptr_array_unref (walk->fresh);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Walk, clear_walk)

static Line *
find_line (Walk *walk, RtConnection connection)
{
  return g_hash_table_lookup (walk->lines, GUINT_TO_POINTER (connection));
}

static gboolean
is_wanted (const Walk *walk, RtConnection connection)
{
  return connection != 0
         && (walk->only == NULL
             || g_hash_table_contains (walk->only, GUINT_TO_POINTER (connection)));
}

static Line *
ensure_line (Walk *walk, RtConnection connection)
{
  Line *line = find_line (walk, connection);

  if (line != NULL || !is_wanted (walk, connection))
    return line;
  line = g_new0 (Line, 1);
  line->lane = rt_lane_new_over (connection, walk->source);
  line->items = g_ptr_array_new_with_free_func (g_free);
  g_hash_table_insert (walk->lines, GUINT_TO_POINTER (connection), line);
  return line;
}

static void
forget_line (Walk *walk, Line *line)
{
  for (guint i = 0; i < rt_lane_get_n_buffers (line->lane); i++)
    g_hash_table_remove (walk->owners, GUINT_TO_POINTER (rt_lane_get_buffer (line->lane, i)));
  g_hash_table_remove (walk->lines, GUINT_TO_POINTER (rt_lane_get_connection (line->lane)));
}

static void
add_events (Walk *walk, const RtPage *page)
{
  for (guint i = 0; i < page->n; i++)
    {
      const RtEvent *event = &page->events[i];
      gboolean opens = event->kind == RT_EVENT_CONNECT || event->kind == RT_EVENT_BUFFER;
      Line *line
          = opens ? ensure_line (walk, event->connection) : find_line (walk, event->connection);

      if (line == NULL)
        continue;
      if (event->kind == RT_EVENT_BUFFER)
        g_hash_table_insert (walk->owners, GUINT_TO_POINTER (event->span.buffer), line);
      rt_lane_add_event (line->lane, page, i);
      if (line->round != page->first + 1)
        g_ptr_array_add (walk->touched, line);
      line->round = page->first + 1;
    }
  for (guint i = 0; i < page->n_chunks; i++)
    {
      Line *line
          = g_hash_table_lookup (walk->owners, GUINT_TO_POINTER (page->chunks[i].span.buffer));

      if (line != NULL)
        rt_lane_add_chunk (line->lane, &page->chunks[i]);
    }
}

static void
collect (Walk *walk, Line *line)
{
  const RtExchange *exchange;

  while ((exchange = rt_lane_next_exchange (line->lane)) != NULL)
    {
      const RtTransfer *first = exchange->request != NULL ? exchange->request : exchange->response;
      Item *item = g_new (Item, 1);

      *item = (Item){ .exchange = exchange, .begun = RT_EVENT_NONE };
      if (first != NULL)
        item->begun = rt_lane_get_number (line->lane, first->first_event);
      g_ptr_array_add (line->items, item);
      g_ptr_array_add (walk->fresh, item);
    }
}

static int
compare_items (gconstpointer a, gconstpointer b)
{
  const Item *left = *(Item *const *)a;
  const Item *right = *(Item *const *)b;

  return left->begun < right->begun ? -1 : left->begun > right->begun;
}

/* Of two that began with one event the first stays first: the sort is stable. */
static void
number_fresh (Walk *walk)
{
  g_ptr_array_sort (walk->fresh, compare_items);
  for (guint i = 0; i < walk->fresh->len; i++)
    ((Item *)walk->fresh->pdata[i])->number = walk->only == NULL ? ++walk->n_exchanges : 0;
  g_ptr_array_set_size (walk->fresh, 0);
}

static void
show_ended (Walk *walk, Line *line, gboolean all)
{
  for (guint i = 0; i < line->items->len;)
    {
      const Item *item = line->items->pdata[i];

      if (!all && rt_lane_is_open (line->lane, item->exchange))
        {
          i++;
          continue;
        }
      walk->func (line->lane, item->exchange, item->number, walk->data);
      g_ptr_array_remove_index (line->items, i);
    }
}

static void
walk_page (Walk *walk, const RtPage *page)
{
  add_events (walk, page);
  for (guint i = 0; i < walk->touched->len; i++)
    {
      Line *line = walk->touched->pdata[i];

      rt_lane_fold (line->lane);
      collect (walk, line);
    }
  number_fresh (walk);
  for (guint i = 0; i < walk->touched->len; i++)
    {
      Line *line = walk->touched->pdata[i];

      show_ended (walk, line, FALSE);
      if (line->items->len > 0)
        continue;
      if (rt_lane_is_over (line->lane))
        forget_line (walk, line);
      else
        rt_lane_rest (line->lane);
    }
  g_ptr_array_set_size (walk->touched, 0);
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  RtConnection left = rt_lane_get_connection ((*(Line *const *)a)->lane);
  RtConnection right = rt_lane_get_connection ((*(Line *const *)b)->lane);

  return left < right ? -1 : left > right;
}

/* What goes on when the log ends. */
static void
show_rest (Walk *walk)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer line;

  g_hash_table_iter_init (&iter, walk->lines);
  while (g_hash_table_iter_next (&iter, NULL, &line))
    g_ptr_array_add (lines, line);
  g_ptr_array_sort (lines, compare_lines);
  for (guint i = 0; i < lines->len; i++)
    show_ended (walk, lines->pdata[i], TRUE);
}

/**
 * rt_exchange_walk:
 * @source: the log
 * @only: (nullable): (element-type RtConnection): exchanges of other connections are left out, and
 *   have no number: 0
 * @stop: (nullable): set to something else than 0 by another thread, it stops
 *
 * Errors: those of reading.
 *
 * Returns: %FALSE if it could not go to the end; without an error: stopped
 */
gboolean
rt_exchange_walk (RtReader *source,
                  GHashTable *only,
                  const gint *stop,
                  RtWalkFunc func,
                  gpointer data,
                  GError **error)
{
  guint64 length = rt_reader_get_length (source);
  g_auto (Walk) walk = { .source = source,
                         .only = only,
                         .func = func,
                         .data = data,
                         .lines = g_hash_table_new_full (NULL, NULL, NULL, free_line),
                         .owners = g_hash_table_new (NULL, NULL),
                         .touched = g_ptr_array_new (),
                         .fresh = g_ptr_array_new () };

  for (guint64 event = 0; event < length;)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (source, event, error);

      if (page == NULL || (stop != NULL && g_atomic_int_get (stop) != 0))
        return FALSE;
      walk_page (&walk, page);
      event = page->first + page->n;
    }
  show_rest (&walk);
  return TRUE;
}
