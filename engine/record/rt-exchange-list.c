/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A search goes through the rows in runs of 16,384: SQLite answers what it can of the filter, the
 * bytes of those that are left are scanned. Runs do not depend on each other, so that all
 * processors work on them; their results are joined in order, and told as they come. */
#include "rt-exchange-list.h"

#include "rt-exchanges-private.h"
#include "rt-search-private.h"
#include "rt-session-private.h"

/* Rows that are looked at in one go. */
#define CHUNK_ROWS 16384
/* Where fewer rows of a chunk are left, their messages are read one by one. */
#define SCAN_FROM (CHUNK_ROWS / 64)
/* An exchange that lasts longer than so many events is read by itself, or all that happened
 * meanwhile would have to be searched. */
#define LONG_EVENTS (8 * 4 * CHUNK_ROWS)
#define WORKERS_MAX 16
/* SQLite's operations between two looks at whether it was cancelled. */
#define PROGRESS_OPS 20000
/* The parameters of a condition are numbered from 1; ours stand behind them. */
#define AFTER_PARAMETER 997
#define UP_TO_PARAMETER 998

struct _RtExchangeList
{
  gint ref_count;
  RtSession *session;
  GMutex lock; /* guards @db */
  sqlite3 *db;
};

/**
 * rt_exchange_list_new:
 * @session: a session; it is kept
 *
 * Returns: (transfer full) (nullable): access to its exchanges
 */
RtExchangeList *
rt_exchange_list_new (RtSession *session, GError **error)
{
  sqlite3 *db = rt_store_reopen (session->path, session->state, error);
  RtExchangeList *list;

  if (db == NULL)
    return NULL;
  list = g_new0 (RtExchangeList, 1);
  *list = (RtExchangeList){ .ref_count = 1, .session = rt_session_ref (session), .db = db };
  g_mutex_init (&list->lock);
  rt_search_add_functions (db);
  return list;
}

RtExchangeList *
rt_exchange_list_ref (RtExchangeList *list)
{
  g_atomic_int_inc (&list->ref_count);
  return list;
}

void
rt_exchange_list_unref (RtExchangeList *list)
{
  if (!g_atomic_int_dec_and_test (&list->ref_count))
    return;
  sqlite3_close_v2 (list->db);
  rt_session_unref (list->session);
  g_mutex_clear (&list->lock);
  g_free (list);
}

RtSession *
rt_exchange_list_get_session (RtExchangeList *list)
{
  return list->session;
}

/**
 * rt_exchange_list_count:
 * @run: 0 = all runs
 *
 * Returns: how many exchanges there are; -1 on failure
 */
gint64
rt_exchange_list_count (RtExchangeList *list, gint64 run, GError **error)
{
  g_autoptr (GMutexLocker) lock = g_mutex_locker_new (&list->lock);

  return rt_exchanges_count (list->db, &(RtExchangeQuery){ .run = run }, error);
}

/**
 * rt_exchange_list_get_rows:
 * @ids: (array length=n): ids of rows, as many as are seen
 *
 * Returns: (transfer full) (element-type RtExchangeRow) (nullable): the rows, in the order of @ids;
 *   one that is gone is left out
 */
GPtrArray *
rt_exchange_list_get_rows (RtExchangeList *list, const gint64 *ids, guint n, GError **error)
{
  g_autoptr (GMutexLocker) lock = g_mutex_locker_new (&list->lock);

  return rt_exchanges_get (list->db, ids, n, error);
}

/* -- One search -- */

typedef struct
{
  gint64 first, last; /* ids */
  GArray *ids;        /* gint64; NULL: not done yet */
} Chunk;

typedef struct
{
  RtSession *session;
  const RtExchangeSearch *search;
  GCancellable *cancellable;
  char *condition; /* (nullable) */
  GPtrArray *values;
  gboolean of_bytes;
  GArray *marked; /* RtSearchMark */
  GArray *stale;  /* gint64: runs whose rows do not say what is asked */

  GMutex lock;
  GCond changed;
  GArray *chunks; /* Chunk, in the order they are to be told */
  guint next;     /* that nobody works on */
  gboolean stop;
  GError *error;
} Search;

/* What works on chunks: one a thread. */
typedef struct
{
  Search *search;
  sqlite3 *db;
  sqlite3_stmt *select;
  RtByteScan *scan;
  GArray *rows; /* RtSearchRow */
  gint64 reader_run;
  RtReader *reader;
} Worker;

static int
progress_cb (gpointer data)
{
  Search *search = data;

  return g_cancellable_is_cancelled (search->cancellable) || g_atomic_int_get (&search->stop);
}

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
prepare_select (Worker *worker, GError **error)
{
  Search *search = worker->search;
  const RtExchangeQuery query
      = { .run = search->search->run, .where = search->condition, .values = search->values };

  worker->select = rt_exchanges_prepare (
      worker->db, search->of_bytes ? SEARCH_COLUMNS : "SELECT id FROM exchange", &query,
      " AND id BETWEEN ?" G_STRINGIFY (AFTER_PARAMETER) " AND ?" G_STRINGIFY (UP_TO_PARAMETER),
      " ORDER BY id", error);
  return worker->select != NULL;
}

static gboolean
worker_init (Worker *worker, Search *search, GError **error)
{
  worker->search = search;
  worker->rows = g_array_new (FALSE, TRUE, sizeof (RtSearchRow));
  worker->db = rt_store_reopen (search->session->path, search->session->state, error);
  if (worker->db == NULL)
    return FALSE;
  rt_search_add_functions (worker->db);
  sqlite3_progress_handler (worker->db, PROGRESS_OPS, progress_cb, search);
  if (search->marked != NULL && !make_marked (worker->db, search->marked, error))
    return FALSE;
  if (!prepare_select (worker, error))
    return FALSE;
  if (search->of_bytes)
    worker->scan = rt_byte_scan_new (worker->db, search->search->filter, error);
  return !search->of_bytes || worker->scan != NULL;
}

static void
worker_clear (Worker *worker)
{
  g_clear_pointer (&worker->scan, rt_byte_scan_free);
  g_clear_pointer (&worker->reader, rt_reader_unref);
  sqlite3_finalize (worker->select);
  g_array_unref (worker->rows);
  g_clear_pointer (&worker->db, sqlite3_close_v2);
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
add_row (Worker *worker)
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
select_rows (Worker *worker, const Chunk *chunk, GArray *ids, GError **error)
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
reader_of (Worker *worker, gint64 run, GError **error)
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
scan_run (Worker *worker, guint first, guint end, GError **error)
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
search_bytes (Worker *worker, GArray *ids, GError **error)
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
      if (rt_search_row_matches (row, worker->search->search->filter, reader))
        g_array_append_val (ids, row->id);
    }
  return TRUE;
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *)a;
  gint64 right = *(const gint64 *)b;

  return left < right ? -1 : left > right;
}

static int
compare_ids_descending (gconstpointer a, gconstpointer b)
{
  return compare_ids (b, a);
}

/* The order in which ids are told and kept. */
static GCompareFunc
compare_search (const Search *search)
{
  return search->search->descending && search->search->order == RT_EXCHANGE_BY_START
             ? compare_ids_descending
             : compare_ids;
}

static GArray *
search_chunk (Worker *worker, const Chunk *chunk, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!select_rows (worker, chunk, ids, error)
      || (worker->scan != NULL && !search_bytes (worker, ids, error)))
    return NULL;
  g_array_sort (ids, compare_search (worker->search));
  return g_steal_pointer (&ids);
}

/* -- Many threads -- */

/* What fails because all was told to stop has not failed. The lock is held. */
static void
fail (Search *search, GError *error)
{
  if (search->stop)
    g_error_free (error);
  else
    search->error = error;
  g_atomic_int_set (&search->stop, TRUE);
  g_cond_broadcast (&search->changed);
}

static void
work (Worker *worker)
{
  Search *search = worker->search;

  g_mutex_lock (&search->lock);
  while (!search->stop && search->next < search->chunks->len)
    {
      guint i = search->next++;
      const Chunk chunk = g_array_index (search->chunks, Chunk, i);
      GError *error = NULL;
      GArray *ids;

      g_mutex_unlock (&search->lock);
      ids = search_chunk (worker, &chunk, &error);
      g_mutex_lock (&search->lock);
      g_array_index (search->chunks, Chunk, i).ids = ids;
      if (ids == NULL)
        fail (search, error);
      g_cond_broadcast (&search->changed);
    }
  g_mutex_unlock (&search->lock);
}

static gpointer
worker_main (gpointer data)
{
  Search *search = data;
  Worker worker = { 0 };
  GError *error = NULL;

  if (worker_init (&worker, search, &error))
    work (&worker);
  else
    {
      g_mutex_lock (&search->lock);
      fail (search, error);
      g_mutex_unlock (&search->lock);
    }
  worker_clear (&worker);
  return NULL;
}

/* Waits for the chunks in order and tells of them; @ids takes all. */
static void
gather (Search *search, GArray *ids, RtExchangeBatchFunc batch, gpointer data)
{
  guint limit = search->search->limit;
  gboolean by_start = search->search->order == RT_EXCHANGE_BY_START;

  g_mutex_lock (&search->lock);
  for (guint i = 0; i < search->chunks->len; i++)
    {
      Chunk *chunk = &g_array_index (search->chunks, Chunk, i);
      guint n;

      while (chunk->ids == NULL && !search->stop)
        g_cond_wait (&search->changed, &search->lock);
      if (chunk->ids == NULL)
        break;
      n = chunk->ids->len;
      if (limit > 0 && by_start)
        n = MIN (n, limit - ids->len);
      g_array_append_vals (ids, chunk->ids->data, n);
      g_mutex_unlock (&search->lock);
      if (batch != NULL)
        batch (&g_array_index (ids, gint64, ids->len - n), n, i + 1, search->chunks->len, data);
      g_mutex_lock (&search->lock);
      g_array_set_size (chunk->ids, 0);
      if (limit > 0 && by_start && ids->len == limit)
        break;
    }
  g_atomic_int_set (&search->stop, TRUE);
  g_mutex_unlock (&search->lock);
}

static void
free_chunk (gpointer data)
{
  Chunk *chunk = data;

  g_clear_pointer (&chunk->ids, g_array_unref);
}

/* Rows from @first to @last in pieces that end at the same places however it is asked. */
static void
cut_chunks (Search *search, gint64 first, gint64 last)
{
  for (gint64 at = first; at <= last;)
    {
      Chunk chunk = { .first = at, .last = MIN (last, (at / CHUNK_ROWS + 1) * CHUNK_ROWS - 1) };

      g_array_append_val (search->chunks, chunk);
      at = chunk.last + 1;
    }
  if (!search->search->descending || search->search->order != RT_EXCHANGE_BY_START)
    return;
  for (guint i = 0; i < search->chunks->len / 2; i++)
    {
      Chunk *left = &g_array_index (search->chunks, Chunk, i);
      Chunk *right = &g_array_index (search->chunks, Chunk, search->chunks->len - 1 - i);
      Chunk chunk = *left;

      *left = *right;
      *right = chunk;
    }
}

static gboolean
plan_chunks (Search *search, sqlite3 *db, GError **error)
{
  gint64 first, last;

  if (!rt_store_number (db, "SELECT min (id) FROM exchange", &first, error)
      || !rt_store_number (db, "SELECT max (id) FROM exchange", &last, error))
    return FALSE;
  if (last > 0)
    cut_chunks (search, MAX (first, search->search->after + 1), last);
  return TRUE;
}

static void
run_workers (Search *search, GArray *ids, RtExchangeBatchFunc batch, gpointer data)
{
  GThread *threads[WORKERS_MAX];
  guint n = MIN (MIN (g_get_num_processors (), WORKERS_MAX), search->chunks->len);

  for (guint i = 0; i < n; i++)
    threads[i] = g_thread_new ("rt-search", worker_main, search);
  gather (search, ids, batch, data);
  for (guint i = 0; i < n; i++)
    g_thread_join (threads[i]);
}

/* -- Marks -- */

/* A mark stands at an event; the exchanges of that event's connection are meant. */
static gboolean
add_marks (Search *search, gint64 run, GError **error)
{
  g_autoptr (GPtrArray) marks = rt_session_list_marks (search->session, run, error);
  g_autoptr (RtReader) reader = NULL;

  if (marks == NULL)
    return FALSE;
  if (marks->len > 0 && (reader = rt_session_open_run (search->session, run, error)) == NULL)
    return FALSE;
  for (guint i = 0; i < marks->len; i++)
    {
      const RtMark *mark = marks->pdata[i];
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, mark->event, NULL);
      RtSearchMark marked
          = { .run = run, .event = (gint64)mark->event, .noted = *mark->text != '\0' };

      if (page == NULL)
        continue;
      marked.connection = page->events[mark->event - page->first].connection;
      g_array_append_val (search->marked, marked);
    }
  return TRUE;
}

static gboolean
load_marks (Search *search, GError **error)
{
  g_autoptr (GPtrArray) runs = NULL;

  if (search->search->filter == NULL || !rt_filter_asks_for_marks (search->search->filter))
    return TRUE;
  search->marked = g_array_new (FALSE, FALSE, sizeof (RtSearchMark));
  if (search->search->run != 0)
    return add_marks (search, search->search->run, error);
  runs = rt_session_list_runs (search->session, error);
  for (guint i = 0; runs != NULL && i < runs->len; i++)
    if (!add_marks (search, ((RtRunInfo *)runs->pdata[i])->id, error))
      return FALSE;
  return runs != NULL;
}

/* -- Runs of an older version -- */

/* Makes the rows of runs anew that do not say all; @stale takes those that cannot be changed. */
static gboolean
refresh (Search *search, GError **error)
{
  g_autoptr (GPtrArray) runs = rt_session_list_runs (search->session, error);

  for (guint i = 0; runs != NULL && i < runs->len; i++)
    {
      const RtRunInfo *info = runs->pdata[i];

      if (!info->stale || (search->search->run != 0 && search->search->run != info->id))
        continue;
      if (search->session->state.read_only)
        g_array_append_val (search->stale, info->id);
      else if (!rt_session_refresh_exchanges (search->session, info->id, error))
        return FALSE;
    }
  return runs != NULL;
}

/* The rows of these runs are not asked. */
static void
leave_out_stale (Search *search)
{
  g_autoptr (GString) condition = g_string_new (NULL);

  if (search->stale->len == 0)
    return;
  g_string_append_printf (condition, "(%s) AND run NOT IN (",
                          search->condition != NULL ? search->condition : "1");
  for (guint i = 0; i < search->stale->len; i++)
    g_string_append_printf (condition, "%s%" G_GINT64_FORMAT, i > 0 ? ", " : "",
                            g_array_index (search->stale, gint64, i));
  g_string_append_c (condition, ')');
  g_free (search->condition);
  search->condition = g_string_free (g_steal_pointer (&condition), FALSE);
}

static gboolean
search_stale (RtExchangeList *list,
              Search *search,
              GArray *ids,
              RtExchangeBatchFunc batch,
              gpointer data,
              GError **error)
{
  guint known = ids->len;
  guint kept = known;

  if (search->stale->len == 0)
    return TRUE;
  for (guint i = 0; i < search->stale->len; i++)
    if (!rt_search_run_by_analysis (
            search->session, list->db, g_array_index (search->stale, gint64, i),
            search->search->filter, search->marked, ids, search->cancellable, error))
      return FALSE;
  for (guint i = known; i < ids->len; i++)
    if (g_array_index (ids, gint64, i) > search->search->after)
      g_array_index (ids, gint64, kept++) = g_array_index (ids, gint64, i);
  g_array_set_size (ids, kept);
  if (batch != NULL)
    batch (&g_array_index (ids, gint64, known), kept - known, search->chunks->len,
           search->chunks->len, data);
  g_array_sort (ids, compare_search (search));
  if (search->search->limit > 0 && search->search->order == RT_EXCHANGE_BY_START)
    g_array_set_size (ids, MIN (ids->len, search->search->limit));
  return TRUE;
}

/* -- Sorting -- */

static void
wanted_cb (sqlite3_context *context, int n, sqlite3_value **values)
{
  const GArray *ids = sqlite3_user_data (context);
  gint64 id = sqlite3_value_int64 (values[0]);

  sqlite3_result_int (context, g_array_binary_search ((GArray *)ids, &id, compare_ids, NULL));
}

static GArray *
take_ids (sqlite3_stmt *select, guint limit, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  gboolean row = TRUE;

  while (limit == 0 || ids->len < limit)
    {
      gint64 id;

      if (!rt_store_row (select, &row, error))
        return NULL;
      if (!row)
        break;
      id = sqlite3_column_int64 (select, 0);
      g_array_append_val (ids, id);
    }
  return g_steal_pointer (&ids);
}

/* Without a filter the index of runs and numbers has all there is to know; rows are not read. */
static GArray *
take_all (RtExchangeList *list, Search *search, GError **error)
{
  const RtExchangeSearch *about = search->search;
  const RtExchangeQuery query = { .run = about->run, .descending = about->descending };
  gboolean any_order = about->run == 0 && about->limit == 0;
  g_autofree char *order = any_order ? g_strdup ("") : rt_exchanges_order (&query);
  g_autofree char *after = g_strdup_printf (" AND id > %" G_GINT64_FORMAT, about->after);
  g_autoptr (sqlite3_stmt) select = NULL;
  GArray *ids = NULL;

  sqlite3_progress_handler (list->db, PROGRESS_OPS, progress_cb, search);
  select = rt_exchanges_prepare (list->db, "SELECT id FROM exchange", &query, after, order, error);
  if (select != NULL)
    ids = take_ids (select, about->limit, error);
  sqlite3_progress_handler (list->db, 0, NULL, NULL);
  if (ids != NULL && any_order)
    g_array_sort (ids, compare_search (search));
  return ids;
}

/* @found: ids in ascending order; NULL: all rows. */
static GArray *
sort (RtExchangeList *list, Search *search, GArray *found, GError **error)
{
  g_autoptr (sqlite3_stmt) select = NULL;
  RtExchangeQuery query = { .run = search->search->run,
                            .order = search->search->order,
                            .descending = search->search->descending };
  g_autofree char *order = rt_exchanges_order (&query);
  g_autofree char *after = g_strdup_printf (" AND id > %" G_GINT64_FORMAT, search->search->after);
  GArray *ids = NULL;

  if (found != NULL)
    {
      sqlite3_create_function_v2 (list->db, "rt_wanted", 1, SQLITE_UTF8 | SQLITE_DIRECTONLY, found,
                                  wanted_cb, NULL, NULL, NULL);
      query.where = "rt_wanted (id)";
    }
  sqlite3_progress_handler (list->db, PROGRESS_OPS, progress_cb, search);
  search->stop = FALSE;
  select = rt_exchanges_prepare (list->db, "SELECT id FROM exchange", &query, after, order, error);
  if (select != NULL)
    ids = take_ids (select, search->search->limit, error);
  sqlite3_progress_handler (list->db, 0, NULL, NULL);
  return ids;
}

/* -- All together -- */

static void
search_clear (Search *search)
{
  g_free (search->condition);
  g_ptr_array_unref (search->values);
  g_array_unref (search->chunks);
  g_clear_pointer (&search->marked, g_array_unref);
  g_array_unref (search->stale);
  g_clear_error (&search->error);
  g_mutex_clear (&search->lock);
  g_cond_clear (&search->changed);
}

static gboolean
prepare (Search *search, RtExchangeList *list, GError **error)
{
  const RtFilter *filter = search->search->filter;

  if (filter != NULL)
    search->condition = rt_search_write_condition (filter, search->values);
  for (guint i = 0; filter != NULL && i < rt_filter_get_n_terms (filter); i++)
    search->of_bytes |= rt_search_is_of_bytes (rt_filter_get_term (filter, i));
  if ((search->condition != NULL || search->of_bytes) && !refresh (search, error))
    return FALSE;
  leave_out_stale (search);
  return load_marks (search, error) && plan_chunks (search, list->db, error);
}

static GArray *
search_all (
    RtExchangeList *list, Search *search, RtExchangeBatchFunc batch, gpointer data, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  gboolean asks = search->condition != NULL || search->of_bytes;

  if (!asks && search->search->order == RT_EXCHANGE_BY_START)
    {
      GArray *all = take_all (list, search, error);

      if (all != NULL && batch != NULL)
        batch (&g_array_index (all, gint64, 0), all->len, 1, 1, data);
      return all;
    }
  if (asks)
    run_workers (search, ids, batch, data);
  if (search->error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&search->error));
      return NULL;
    }
  if (!search_stale (list, search, ids, batch, data, error))
    return NULL;
  if (search->search->order != RT_EXCHANGE_BY_START)
    return sort (list, search, asks ? ids : NULL, error);
  return g_steal_pointer (&ids);
}

/**
 * rt_exchange_list_search:
 * @search: what is asked; borrowed for the call
 * @batch: (nullable): told of progress and of what was found so far
 * @cancellable: (nullable): stops it within some milliseconds
 *
 * Errors: %G_IO_ERROR_CANCELLED; %RT_ERROR_IO, %RT_ERROR_SYNTAX: the file cannot be read.
 *
 * Returns: (transfer full) (element-type gint64) (nullable): the ids of the rows, sorted
 */
GArray *
rt_exchange_list_search (RtExchangeList *list,
                         const RtExchangeSearch *search,
                         RtExchangeBatchFunc batch,
                         gpointer data,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (GMutexLocker) lock = g_mutex_locker_new (&list->lock);
  g_autoptr (GError) problem = NULL;
  GArray *ids = NULL;
  Search state = { .session = list->session, .search = search, .cancellable = cancellable };

  state.values = g_ptr_array_new_with_free_func ((GDestroyNotify)g_variant_unref);
  state.stale = g_array_new (FALSE, FALSE, sizeof (gint64));
  state.chunks = g_array_new (FALSE, FALSE, sizeof (Chunk));
  g_array_set_clear_func (state.chunks, free_chunk);
  g_mutex_init (&state.lock);
  g_cond_init (&state.changed);
  if (prepare (&state, list, &problem))
    ids = search_all (list, &state, batch, data, &problem);
  search_clear (&state);
  /* SQLite was interrupted, says SQLite. */
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      g_clear_pointer (&ids, g_array_unref);
      return NULL;
    }
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return ids;
}

/* -- Values -- */

static const char *
values_query (RtFilterKey key)
{
  switch (key)
    {
    case RT_FILTER_METHOD:
      return "SELECT DISTINCT method FROM recent LIMIT 100";
    case RT_FILTER_STATUS_CODE:
      return "SELECT DISTINCT status FROM recent LIMIT 100";
    case RT_FILTER_DOMAIN:
      return "SELECT DISTINCT authority FROM recent LIMIT 100";
    case RT_FILTER_URL:
      return "SELECT DISTINCT target FROM recent LIMIT 100";
    case RT_FILTER_MIME_TYPE:
      return "SELECT DISTINCT media_type FROM recent LIMIT 100";
    case RT_FILTER_PARTY:
      return "SELECT client FROM recent UNION SELECT server FROM recent LIMIT 100";
    case RT_FILTER_HAS_REQUEST_HEADER:
    case RT_FILTER_COOKIE_NAME:
      return "SELECT text FROM names WHERE id IN (SELECT request_names FROM recent) LIMIT 100";
    case RT_FILTER_HAS_RESPONSE_HEADER:
    case RT_FILTER_SET_COOKIE_NAME:
      return "SELECT text FROM names WHERE id IN (SELECT response_names FROM recent) LIMIT 100";
    default:
      return NULL;
    }
}

static void
take_value (GPtrArray *texts, RtFilterKey key, const char *text)
{
  char mark = key == RT_FILTER_COOKIE_NAME || key == RT_FILTER_SET_COOKIE_NAME ? '=' : ':';
  g_auto (GStrv) lines = NULL;

  if (text == NULL || *text == '\0')
    return;
  if (*text != '\n')
    {
      g_ptr_array_add (texts, g_strdup (text));
      return;
    }
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] == mark)
      g_ptr_array_add (texts, g_strdup (lines[i] + 1));
}

/**
 * rt_exchange_list_dup_values:
 * @list: (type RtExchangeList): where to look
 *
 * For rt_filter_complete().
 *
 * Returns: (transfer full) (nullable): the values of @key in the last 10,000 exchanges
 */
char **
rt_exchange_list_dup_values (RtFilterKey key, gpointer list)
{
  RtExchangeList *self = list;
  g_autoptr (GMutexLocker) lock = g_mutex_locker_new (&self->lock);
  const char *query = values_query (key);
  g_autofree char *sql = NULL;
  g_autoptr (sqlite3_stmt) select = NULL;
  GPtrArray *texts;
  gboolean row;

  if (query == NULL)
    return NULL;
  sql = g_strconcat ("WITH recent AS MATERIALIZED"
                     " (SELECT * FROM exchange ORDER BY id DESC LIMIT 10000) ",
                     query, NULL);
  select = rt_store_prepare (self->db, sql, NULL);
  if (select == NULL)
    return NULL;
  texts = g_ptr_array_new_with_free_func (g_free);
  while (rt_store_row (select, &row, NULL) && row)
    take_value (texts, key, (const char *)sqlite3_column_text (select, 0));
  return rt_filter_sort_values (texts);
}
