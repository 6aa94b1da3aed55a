/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Looks at the rows of a chunk: SQLite answers what it can of the filter; of those that are left
 * the bytes are scanned, or read where there are few. Has a connection of its own. */
#include "rt-exchanges-private.h"
#include "rt-search-private.h"
#include "rt-session-private.h"

/* Where fewer rows of a chunk are left, their messages are read one by one. */
#define SCAN_FROM (RT_SEARCH_CHUNK_ROWS / 64)
/* An exchange that lasts longer than so many events is read by itself, or all that happened
 * meanwhile would have to be searched. */
#define LONG_EVENTS (8 * 4 * RT_SEARCH_CHUNK_ROWS)
/* The parameters of a condition are numbered from 1; ours stand behind them. */
#define AFTER_PARAMETER 997
#define UP_TO_PARAMETER 998

struct _RtSearchWorker
{
  RtSearch *search;
  sqlite3 *db;
  sqlite3_stmt *select;
  RtByteScan *scan;
  GArray *rows; /* RtSearchRow */
  gint64 reader_run;
  RtReader *reader;
};

/* What is asked of the table `marked` (rt-search-sql.c). */
static gboolean
make_marked (sqlite3 *db, const GArray *marked, GError **error)
{
  g_autoptr (sqlite3_stmt) insert = NULL;

  if (!rt_store_exec (db,
                      "CREATE TEMP TABLE marked (run, connection, event, noted,"
                      " PRIMARY KEY (run, connection, event)) WITHOUT ROWID",
                      error))
    return FALSE;
  insert = rt_store_prepare (
      db, "INSERT OR IGNORE INTO temp.marked (run, connection, event, noted) VALUES (?, ?, ?, ?)",
      error);
  for (guint i = 0; insert != NULL && i < marked->len; i++)
    {
      const RtSearchMark *mark = &g_array_index (marked, RtSearchMark, i);

      sqlite3_bind_int64 (insert, 1, mark->run);
      sqlite3_bind_int64 (insert, 2, mark->connection);
      sqlite3_bind_int64 (insert, 3, mark->event);
      sqlite3_bind_int64 (insert, 4, mark->noted);
      if (!rt_store_run (insert, error))
        return FALSE;
    }
  return insert != NULL;
}

#define SEARCH_COLUMNS                                                                             \
  "SELECT id, run, first_event, last_event, flags, request_buffer, request_offset, request_bytes," \
  " request_head, response_buffer, response_offset, response_bytes, response_head FROM exchange"

static gboolean
prepare_select (RtSearchWorker *worker, GError **error)
{
  RtSearch *search = worker->search;
  const RtExchangeQuery query
      = { .run = search->about->run, .where = search->condition, .values = search->values };

  worker->select = rt_exchanges_prepare (
      worker->db, search->of_bytes ? SEARCH_COLUMNS : "SELECT id FROM exchange", &query,
      " AND id BETWEEN ?" G_STRINGIFY (AFTER_PARAMETER) " AND ?" G_STRINGIFY (UP_TO_PARAMETER),
      " ORDER BY id", error);
  return worker->select != NULL;
}

static gboolean
prepare (RtSearchWorker *worker, GError **error)
{
  RtSearch *search = worker->search;

  worker->db = rt_store_reopen (search->session->path, search->session->state, error);
  if (worker->db == NULL)
    return FALSE;
  rt_search_add_functions (worker->db);
  sqlite3_progress_handler (worker->db, RT_SEARCH_PROGRESS_OPS, rt_search_is_stopped, search);
  if (search->marked != NULL && !make_marked (worker->db, search->marked, error))
    return FALSE;
  if (!prepare_select (worker, error))
    return FALSE;
  if (search->of_bytes)
    worker->scan = rt_byte_scan_new (worker->db, search->about->filter, error);
  return !search->of_bytes || worker->scan != NULL;
}

/**
 * rt_search_worker_new:
 * @search: borrowed, outlives it
 *
 * Returns: (transfer full) (nullable): what looks at chunks, in one thread
 */
RtSearchWorker *
rt_search_worker_new (RtSearch *search, GError **error)
{
  RtSearchWorker *worker = g_new0 (RtSearchWorker, 1);

  worker->search = search;
  worker->rows = g_array_new (FALSE, TRUE, sizeof (RtSearchRow));
  if (prepare (worker, error))
    return worker;
  rt_search_worker_free (worker);
  return NULL;
}

void
rt_search_worker_free (RtSearchWorker *worker)
{
  g_clear_pointer (&worker->scan, rt_byte_scan_free);
  g_clear_pointer (&worker->reader, rt_reader_unref);
  sqlite3_finalize (worker->select);
  g_array_unref (worker->rows);
  g_clear_pointer (&worker->db, sqlite3_close_v2);
  g_free (worker);
}

static RtSearchMessage
read_message (sqlite3_stmt *select, int column, gboolean coded)
{
  RtSearchMessage message = { .coded = coded };

  if (sqlite3_column_type (select, column) == SQLITE_NULL)
    return message;
  message.span.buffer = (RtBufferId)sqlite3_column_int64 (select, column);
  message.span.offset = (guint64)sqlite3_column_int64 (select, column + 1);
  message.span.length = (guint32)sqlite3_column_int64 (select, column + 2);
  message.head = (guint32)sqlite3_column_int64 (select, column + 3);
  return message;
}

static void
add_row (RtSearchWorker *worker)
{
  sqlite3_stmt *select = worker->select;
  gint64 flags = sqlite3_column_int64 (select, 4);
  RtSearchRow row = {
    .id = sqlite3_column_int64 (select, 0),
    .run = sqlite3_column_int64 (select, 1),
    .first_event = (guint64)sqlite3_column_int64 (select, 2),
    .last_event = (guint64)sqlite3_column_int64 (select, 3),
    .messages[0] = read_message (select, 5, (flags & RT_TRAIT_REQUEST_CODED) != 0),
    .messages[1] = read_message (select, 9, (flags & RT_TRAIT_RESPONSE_CODED) != 0),
  };

  g_array_append_val (worker->rows, row);
}

/* The rows of a chunk that SQL lets through: as rows to be searched, or as @ids. */
static gboolean
select_rows (RtSearchWorker *worker, const RtSearchChunk *chunk, GArray *ids, GError **error)
{
  gboolean row;

  g_array_set_size (worker->rows, 0);
  sqlite3_bind_int64 (worker->select, AFTER_PARAMETER, chunk->first);
  sqlite3_bind_int64 (worker->select, UP_TO_PARAMETER, chunk->last);
  for (;;)
    {
      if (!rt_store_row (worker->select, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      if (worker->scan != NULL)
        add_row (worker);
      else
        {
          gint64 id = sqlite3_column_int64 (worker->select, 0);

          g_array_append_val (ids, id);
        }
    }
}

static RtReader *
reader_of (RtSearchWorker *worker, gint64 run, GError **error)
{
  if (worker->reader != NULL && worker->reader_run == run)
    return worker->reader;
  g_clear_pointer (&worker->reader, rt_reader_unref);
  worker->reader = rt_session_open_run (worker->search->session, run, error);
  worker->reader_run = run;
  return worker->reader;
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const RtSearchRow *left = a;
  const RtSearchRow *right = b;

  if (left->run != right->run)
    return left->run < right->run ? -1 : 1;
  return left->id < right->id ? -1 : left->id > right->id;
}

static gboolean
lasts_long (const RtSearchRow *row)
{
  return row->last_event > G_MAXINT64 || row->last_event < row->first_event
         || row->last_event - row->first_event > LONG_EVENTS;
}

/* Scans the rows from @first to before @end, all of one run, but for those that last long: they
 * are moved behind the others. */
static gboolean
scan_run (RtSearchWorker *worker, guint first, guint end, GError **error)
{
  RtSearchRow *rows = &g_array_index (worker->rows, RtSearchRow, 0);

  for (guint i = first; i < end;)
    if (lasts_long (&rows[i]))
      {
        RtSearchRow row = rows[i];

        rows[i] = rows[--end];
        rows[end] = row;
      }
    else
      i++;
  return end - first < SCAN_FROM
         || rt_byte_scan_rows (worker->scan, rows + first, end - first, worker->search->cancellable,
                               error);
}

static gboolean
search_bytes (RtSearchWorker *worker, GArray *ids, GError **error)
{
  GArray *rows = worker->rows;

  g_array_sort (rows, compare_rows);
  for (guint i = 0; i < rows->len;)
    {
      guint end = i + 1;

      while (end < rows->len
             && g_array_index (rows, RtSearchRow, end).run
                    == g_array_index (rows, RtSearchRow, i).run)
        end++;
      if (!scan_run (worker, i, end, error))
        return FALSE;
      i = end;
    }
  for (guint i = 0; i < rows->len; i++)
    {
      const RtSearchRow *row = &g_array_index (rows, RtSearchRow, i);
      RtReader *reader = reader_of (worker, row->run, error);

      if (reader == NULL
          || g_cancellable_set_error_if_cancelled (worker->search->cancellable, error))
        return FALSE;
      if (rt_search_row_matches (row, worker->search->about->filter, reader))
        g_array_append_val (ids, row->id);
    }
  return TRUE;
}

/**
 * rt_search_worker_run:
 *
 * Returns: (transfer full) (element-type gint64) (nullable): the rows of @chunk that match
 */
GArray *
rt_search_worker_run (RtSearchWorker *worker, const RtSearchChunk *chunk, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!select_rows (worker, chunk, ids, error)
      || (worker->scan != NULL && !search_bytes (worker, ids, error)))
    return NULL;
  g_array_sort (ids, rt_search_get_compare (worker->search));
  return g_steal_pointer (&ids);
}
