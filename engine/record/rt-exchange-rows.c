/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows of the table `exchange` from the analysis of a log that is still growing, connection by
 * connection (rt-lane.c). An exchange has its row when it begins, a second time when it has ended;
 * once it has, what it was is taken down (rt-exchange-values.c) and its connection's analysis can
 * forget it. What was written counts as written only when its transaction is committed. */
#include "rt-exchange-rows.h"

#include "rt-exchange-values.h"

/* Entries that are kept for later use. */
#define SPARE_MAX 4096

/* A connection; @open: (Entry) those of its exchanges whose row is not the last word. */
typedef struct
{
  RtLane *lane;
  GPtrArray *open;
  guint64 round; /* of the last page that had something of it */
} Line;

/* @line: (nullable): of an exchange that goes on: @values are taken when they are written. */
typedef struct
{
  Line *line;
  const RtExchange *exchange;
  guint number;
  guint64 begun; /* event */
  gboolean stored;
  RtRowValues values;
} Entry;

struct _RtExchangeRows
{
  gint64 run;
  sqlite3_stmt *insert, *stamp;
  RtRowShare share;
  guint settled;  /* bytes of its text that a rolled back transaction leaves */
  guint64 length; /* events fed */
  guint n_exchanges;
  GPtrArray *names;   /* of parties, by id */
  GHashTable *lines;  /* RtConnection → Line; looked up, never walked */
  GHashTable *owners; /* RtBufferId → Line */
  GPtrArray *touched; /* Line, of this page */
  GPtrArray *fresh;   /* Entry, begun in this page */
  GPtrArray *entries; /* Entry, by number: those without a row, and those whose row may change */
  GPtrArray *spare;   /* Entry: not in use */
};

static void
free_line (gpointer data)
{
  Line *line = data;

  rt_lane_free (line->lane);
  g_ptr_array_unref (line->open);
  g_free (line);
}

static gboolean
prepare (RtExchangeRows *rows, sqlite3 *db, GError **error)
{
  rows->insert = rt_store_prepare (db, rt_row_values_insert, error);
  if (rows->insert == NULL)
    return FALSE;
  rows->share.names = rt_names_table_new (db, error);
  if (rows->share.names == NULL)
    return FALSE;
  rows->stamp = rt_store_prepare (
      db, "UPDATE run SET analysis_version = ?2, analysis_events = ?3 WHERE id = ?1", error);
  return rows->stamp != NULL;
}

/**
 * rt_exchange_rows_new:
 * @db: borrowed, outlives it
 * @run: a run without rows
 */
RtExchangeRows *
rt_exchange_rows_new (sqlite3 *db, gint64 run, GError **error)
{
  g_autoptr (RtExchangeRows) rows = g_new0 (RtExchangeRows, 1);

  rows->run = run;
  rows->share.text = g_byte_array_new ();
  rows->share.scratch = g_string_new (NULL);
  rows->names = g_ptr_array_new_with_free_func (g_free);
  rows->lines = g_hash_table_new_full (NULL, NULL, NULL, free_line);
  rows->owners = g_hash_table_new (NULL, NULL);
  rows->touched = g_ptr_array_new ();
  rows->fresh = g_ptr_array_new ();
  rows->entries = g_ptr_array_new ();
  rows->spare = g_ptr_array_new_with_free_func (g_free);
  return prepare (rows, db, error) ? g_steal_pointer (&rows) : NULL;
}

static void
free_entry (gpointer entry, gpointer unused)
{
  g_free (entry);
}

void
rt_exchange_rows_free (RtExchangeRows *rows)
{
  g_ptr_array_unref (rows->fresh); /* empty but while a page is fed */
  g_ptr_array_foreach (rows->entries, free_entry, NULL);
  g_ptr_array_unref (rows->entries);
  g_ptr_array_unref (rows->spare);
  g_ptr_array_unref (rows->touched);
  g_hash_table_unref (rows->owners);
  g_hash_table_unref (rows->lines);
  g_ptr_array_unref (rows->names);
  sqlite3_finalize (rows->insert);
  sqlite3_finalize (rows->stamp);
  g_clear_pointer (&rows->share.names, rt_names_table_free);
  g_byte_array_unref (rows->share.text);
  g_string_free (rows->share.scratch, TRUE);
  g_free (rows);
}

/* -- Connections -- */

static void
note_party (RtExchangeRows *rows, const RtPage *page, guint i)
{
  g_autoptr (GVariant) detail = rt_page_dup_detail (page, i);
  RtPartyId id = page->events[i].party;

  if (detail == NULL)
    return;
  if (id >= rows->names->len)
    g_ptr_array_set_size (rows->names, id + 1);
  g_free (rows->names->pdata[id]);
  g_variant_get_child (detail, 0, "s", &rows->names->pdata[id]);
}

static Line *
find_line (RtExchangeRows *rows, RtConnection connection)
{
  return g_hash_table_lookup (rows->lines, GUINT_TO_POINTER (connection));
}

static Line *
ensure_line (RtExchangeRows *rows, RtConnection connection)
{
  Line *line = find_line (rows, connection);

  if (line != NULL)
    return line;
  line = g_new0 (Line, 1);
  line->lane = rt_lane_new (connection);
  line->open = g_ptr_array_new ();
  g_hash_table_insert (rows->lines, GUINT_TO_POINTER (connection), line);
  return line;
}

/* A connection is known from its opening on; what comes after its end tells nothing new. Bytes are
 * given out before the events that tell of them are looked at. */
static void
look_ahead (RtExchangeRows *rows, const RtPage *page)
{
  for (guint i = 0; i < page->n; i++)
    {
      const RtEvent *event = &page->events[i];

      if (event->kind == RT_EVENT_PARTY)
        note_party (rows, page, i);
      if (event->connection == 0
          || (event->kind != RT_EVENT_CONNECT && event->kind != RT_EVENT_BUFFER))
        continue;
      ensure_line (rows, event->connection);
      if (event->kind == RT_EVENT_BUFFER)
        g_hash_table_insert (rows->owners, GUINT_TO_POINTER (event->span.buffer),
                             find_line (rows, event->connection));
    }
  for (guint i = 0; i < page->n_chunks; i++)
    {
      Line *line
          = g_hash_table_lookup (rows->owners, GUINT_TO_POINTER (page->chunks[i].span.buffer));

      if (line != NULL)
        rt_lane_add_chunk (line->lane, &page->chunks[i]);
    }
}

static void
forget_line (RtExchangeRows *rows, Line *line)
{
  for (guint i = 0; i < rt_lane_get_n_buffers (line->lane); i++)
    g_hash_table_remove (rows->owners, GUINT_TO_POINTER (rt_lane_get_buffer (line->lane, i)));
  g_hash_table_remove (rows->lines, GUINT_TO_POINTER (rt_lane_get_connection (line->lane)));
}

/* -- Exchanges -- */

static Entry *
take_entry (RtExchangeRows *rows)
{
  if (rows->spare->len == 0)
    return g_new0 (Entry, 1);
  return g_ptr_array_steal_index_fast (rows->spare, rows->spare->len - 1);
}

static Entry *
add_entry (RtExchangeRows *rows, Line *line, const RtExchange *exchange)
{
  const RtTransfer *first = exchange->request != NULL ? exchange->request : exchange->response;
  Entry *entry = take_entry (rows);

  *entry = (Entry){ .line = line, .exchange = exchange };
  entry->begun = first != NULL ? first->first_event : RT_EVENT_NONE;
  g_ptr_array_add (rows->fresh, entry);
  return entry;
}

static void
collect (RtExchangeRows *rows, Line *line)
{
  const RtExchange *exchange;

  while ((exchange = rt_lane_next_whole (line->lane)) != NULL)
    {
      Entry *entry = add_entry (rows, NULL, exchange);

      rt_row_values_take (&entry->values, &rows->share, NULL, exchange);
    }
  rt_lane_forget_whole (line->lane);
  while ((exchange = rt_lane_next_exchange (line->lane)) != NULL)
    {
      Entry *entry = add_entry (rows, line, exchange);

      entry->begun = rt_lane_get_number (line->lane, entry->begun);
      g_ptr_array_add (line->open, entry);
    }
}

static void
take_down_ended (RtExchangeRows *rows, Line *line)
{
  guint kept = 0;

  for (guint i = 0; i < line->open->len; i++)
    {
      Entry *entry = line->open->pdata[i];

      if (rt_lane_is_open (line->lane, entry->exchange))
        {
          line->open->pdata[kept++] = entry;
          continue;
        }
      rt_row_values_take (&entry->values, &rows->share, line->lane, entry->exchange);
      entry->line = NULL;
    }
  g_ptr_array_set_size (line->open, (int)kept);
}

static void
fold (RtExchangeRows *rows, Line *line)
{
  rt_lane_fold (line->lane);
  collect (rows, line);
  take_down_ended (rows, line);
  if (line->open->len == 0)
    rt_lane_rest (line->lane);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *left = *(Entry *const *)a;
  const Entry *right = *(Entry *const *)b;

  return left->begun < right->begun ? -1 : left->begun > right->begun;
}

/* The exchanges that began in this page get their numbers. Of two that began with one event the
 * first stays first: the sort is stable. */
static void
number_fresh (RtExchangeRows *rows)
{
  g_ptr_array_sort (rows->fresh, compare_entries);
  for (guint i = 0; i < rows->fresh->len; i++)
    {
      Entry *entry = rows->fresh->pdata[i];

      entry->number = ++rows->n_exchanges;
      g_ptr_array_add (rows->entries, entry);
    }
  g_ptr_array_set_size (rows->fresh, 0);
}

static void
touch (RtExchangeRows *rows, Line *line, guint64 round)
{
  if (line->round != round)
    g_ptr_array_add (rows->touched, line);
  line->round = round;
}

/**
 * rt_exchange_rows_feed:
 * @page: the run's next page
 */
void
rt_exchange_rows_feed (RtExchangeRows *rows, RtPage *page)
{
  look_ahead (rows, page);
  for (guint i = 0; i < page->n; i++)
    {
      const RtEvent *event = &page->events[i];
      Line *line = find_line (rows, event->connection);

      if (line == NULL)
        continue;
      if (rt_lane_is_due (line->lane, event))
        fold (rows, line);
      rt_lane_add_event (line->lane, page, i);
      touch (rows, line, page->first + 1);
    }
  for (guint i = 0; i < rows->touched->len; i++)
    {
      Line *line = rows->touched->pdata[i];

      fold (rows, line);
      if (line->open->len == 0 && rt_lane_is_over (line->lane))
        forget_line (rows, line);
    }
  g_ptr_array_set_size (rows->touched, 0);
  number_fresh (rows);
  rows->length = page->first + page->n;
}

/* -- Writing -- */

static const char *
party_name (RtExchangeRows *rows, RtPartyId id)
{
  return id < rows->names->len ? rows->names->pdata[id] : NULL;
}

static gboolean
store (RtExchangeRows *rows, Entry *entry, GError **error)
{
  const RtRowValues *values = &entry->values;
  sqlite3_stmt *insert = rows->insert;

  if (entry->line != NULL)
    rt_row_values_take (&entry->values, &rows->share, entry->line->lane, entry->exchange);
  sqlite3_bind_text (insert, 11, party_name (rows, values->client), -1, SQLITE_STATIC);
  sqlite3_bind_text (insert, 12, party_name (rows, values->server), -1, SQLITE_STATIC);
  sqlite3_bind_int64 (insert, 13, rows->run);
  sqlite3_bind_int64 (insert, 14, entry->number);
  return rt_row_values_bind (values, &rows->share, insert, error) && rt_store_run (insert, error);
}

/**
 * rt_exchange_rows_store:
 * @rows: within a transaction
 * @all: those that go on, too: nothing will be fed any more
 *
 * Writes what is new since rt_exchange_rows_settle().
 */
gboolean
rt_exchange_rows_store (RtExchangeRows *rows, gboolean all, GError **error)
{
  rows->settled = rows->share.text->len;
  for (guint i = 0; i < rows->entries->len; i++)
    {
      Entry *entry = rows->entries->pdata[i];

      if ((all || !entry->stored || entry->line == NULL) && !store (rows, entry, error))
        return FALSE;
    }
  sqlite3_bind_int64 (rows->stamp, 1, rows->run);
  sqlite3_bind_int64 (rows->stamp, 2, RT_ANALYSIS_VERSION);
  sqlite3_bind_int64 (rows->stamp, 3, (gint64)rows->length);
  return rt_store_run (rows->stamp, error);
}

/**
 * rt_exchange_rows_forget:
 * @rows: whose transaction was rolled back: what it remembers may not be in the tables
 */
void
rt_exchange_rows_forget (RtExchangeRows *rows)
{
  rt_names_table_forget_rows (rows->share.names);
  g_byte_array_set_size (rows->share.text, rows->settled);
}

/**
 * rt_exchange_rows_settle:
 * @rows: whose transaction was committed
 *
 * Lets go of what has ended.
 */
void
rt_exchange_rows_settle (RtExchangeRows *rows)
{
  guint kept = 0;

  for (guint i = 0; i < rows->entries->len; i++)
    {
      Entry *entry = rows->entries->pdata[i];

      entry->stored = TRUE;
      if (entry->line != NULL)
        rows->entries->pdata[kept++] = entry;
      else if (rows->spare->len < SPARE_MAX)
        g_ptr_array_add (rows->spare, entry);
      else
        g_free (entry);
    }
  g_ptr_array_set_size (rows->entries, (int)kept);
  g_byte_array_set_size (rows->share.text, 0);
  rows->settled = 0;
  rt_names_table_trim (rows->share.names);
}
