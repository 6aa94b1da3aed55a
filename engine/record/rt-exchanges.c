/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads the table `exchange`: by key and a page at a time, never as a whole, and sorted and
 * filtered by SQLite. */
#include "rt-exchanges.h"

#include "rt-exchange-rows.h"
#include "rt-exchanges-private.h"
#include "rt-session-private.h"

#define COLUMNS                                                                                    \
  "SELECT id, run, number, started_usec, duration_usec, method, scheme, authority, target,"        \
  " status, request_bytes, response_bytes, connection, client, server, first_event, last_event,"   \
  " reconstructed, media_type, flags, tunnel_bytes"                                                \
  " FROM exchange"

/* The run is the last parameter, so that a filter may number its own from 1. */
#define RUN_PARAMETER 999

static const char *const orders[RT_N_EXCHANGE_ORDERS] = {
  [RT_EXCHANGE_BY_START] = "id",
  [RT_EXCHANGE_BY_DURATION] = "duration_usec",
  [RT_EXCHANGE_BY_METHOD] = "method",
  [RT_EXCHANGE_BY_AUTHORITY] = "authority",
  [RT_EXCHANGE_BY_TARGET] = "target",
  [RT_EXCHANGE_BY_STATUS] = "status",
  [RT_EXCHANGE_BY_REQUEST_BYTES] = "request_bytes",
  [RT_EXCHANGE_BY_RESPONSE_BYTES] = "response_bytes",
};

void
rt_exchange_row_free (RtExchangeRow *row)
{
  g_free (row->method);
  g_free (row->scheme);
  g_free (row->authority);
  g_free (row->target);
  g_free (row->client);
  g_free (row->media_type);
  g_free (row->server);
  g_free (row);
}

static RtExchangeRow *
read_row (sqlite3_stmt *statement)
{
  RtExchangeRow *row = g_new (RtExchangeRow, 1);

  *row = (RtExchangeRow){
    .id = sqlite3_column_int64 (statement, 0),
    .run = sqlite3_column_int64 (statement, 1),
    .number = (guint)sqlite3_column_int64 (statement, 2),
    .started = sqlite3_column_int64 (statement, 3),
    .duration = sqlite3_column_type (statement, 4) != SQLITE_NULL
                    ? sqlite3_column_int64 (statement, 4)
                    : RT_TIME_NEVER,
    .method = rt_store_dup_text (statement, 5),
    .scheme = rt_store_dup_text (statement, 6),
    .authority = rt_store_dup_text (statement, 7),
    .target = rt_store_dup_text (statement, 8),
    .status = (guint)sqlite3_column_int64 (statement, 9),
    .request_bytes = (guint64)sqlite3_column_int64 (statement, 10),
    .response_bytes = (guint64)sqlite3_column_int64 (statement, 11),
    .connection = (RtConnection)sqlite3_column_int64 (statement, 12),
    .client = rt_store_dup_text (statement, 13),
    .server = rt_store_dup_text (statement, 14),
    .first_event = (guint64)sqlite3_column_int64 (statement, 15),
    .last_event = (guint64)sqlite3_column_int64 (statement, 16),
    .reconstructed = sqlite3_column_int (statement, 17) != 0,
    .media_type = rt_store_dup_text (statement, 18),
    .flags = (guint)sqlite3_column_int64 (statement, 19),
    .tunnel_bytes = (guint64)sqlite3_column_int64 (statement, 20),
  };
  return row;
}

/**
 * rt_exchanges_prepare:
 * @select: of what
 * @more: a further condition, or an empty text
 * @end: what follows
 *
 * Returns: (transfer full) (nullable): a query for the rows that @query asks for
 */
sqlite3_stmt *
rt_exchanges_prepare (sqlite3 *db,
                      const char *select,
                      const RtExchangeQuery *query,
                      const char *more,
                      const char *end,
                      GError **error)
{
  g_autoptr (GString) sql = g_string_new (select);
  sqlite3_stmt *statement;

  g_string_append (sql, " WHERE 1");
  if (query->run != 0)
    g_string_append_printf (sql, " AND run = ?%d", RUN_PARAMETER);
  if (query->where != NULL)
    g_string_append_printf (sql, " AND (%s)", query->where);
  g_string_append_printf (sql, "%s%s", more, end);
  statement = rt_store_prepare (db, sql->str, error);
  if (statement == NULL)
    return NULL;
  if (query->run != 0)
    sqlite3_bind_int64 (statement, RUN_PARAMETER, query->run);
  for (guint i = 0; query->values != NULL && i < query->values->len; i++)
    {
      GVariant *value = query->values->pdata[i];

      if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
        sqlite3_bind_int64 (statement, (int)i + 1, g_variant_get_int64 (value));
      else
        rt_store_bind_text (statement, (int)i + 1, g_variant_get_string (value, NULL));
    }
  return statement;
}

/** rt_exchanges_order: Returns: (transfer full): `ORDER BY …` */
char *
rt_exchanges_order (const RtExchangeQuery *query)
{
  const char *way = query->descending ? "DESC" : "ASC";

  if (query->order == RT_EXCHANGE_BY_START)
    return g_strdup_printf (query->run != 0 ? " ORDER BY number %s" : " ORDER BY id %s", way);
  return g_strdup_printf (" ORDER BY %s %s, id", orders[query->order], way);
}

/**
 * rt_session_count_exchanges:
 * @query: which; its order does not matter
 *
 * Returns: how many there are; -1 on failure
 */
gint64
rt_session_count_exchanges (RtSession *session, const RtExchangeQuery *query, GError **error)
{
  g_autoptr (GMutexLocker) lock = g_mutex_locker_new (&session->lock);

  return rt_exchanges_count (session->db, query, error);
}

gint64
rt_exchanges_count (sqlite3 *db, const RtExchangeQuery *query, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  gboolean row;

  statement = rt_exchanges_prepare (db, "SELECT count(*) FROM exchange", query, "", "", error);
  if (statement == NULL || !rt_store_row (statement, &row, error))
    return -1;
  return sqlite3_column_int64 (statement, 0);
}

/**
 * rt_session_select_exchanges:
 * @query: which, and in which order
 *
 * For lists that show any part of a long result: eight bytes an exchange, the rows are read when
 * they are seen (rt_session_get_exchanges()). Stopped by rt_session_interrupt().
 *
 * Returns: (transfer full) (element-type gint64) (nullable): the ids of the rows
 */
GArray *
rt_session_select_exchanges (RtSession *session, const RtExchangeQuery *query, GError **error)
{
  g_autoptr (GMutexLocker) lock = NULL;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *order = rt_exchanges_order (query);
  g_autoptr (sqlite3_stmt) statement = NULL;
  gboolean row;

  lock = g_mutex_locker_new (&session->lock);
  statement
      = rt_exchanges_prepare (session->db, "SELECT id FROM exchange", query, "", order, error);
  if (statement == NULL)
    return NULL;
  for (;;)
    {
      gint64 id;

      if (!rt_store_row (statement, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&ids);
      id = sqlite3_column_int64 (statement, 0);
      g_array_append_val (ids, id);
    }
}

static GPtrArray *
read_rows (sqlite3_stmt *statement, guint limit, GError **error)
{
  g_autoptr (GPtrArray) rows
      = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_exchange_row_free);
  gboolean row;

  while (rows->len < limit)
    {
      if (!rt_store_row (statement, &row, error))
        return NULL;
      if (!row)
        break;
      g_ptr_array_add (rows, read_row (statement));
    }
  return g_steal_pointer (&rows);
}

/**
 * rt_session_list_exchanges:
 * @query: which; in the order of their start, or against it if it says so
 * @after: id of the row that was seen last; 0: from the beginning
 * @limit: how many at most
 *
 * Returns: (transfer full) (element-type RtExchangeRow) (nullable): the rows that follow @after
 */
GPtrArray *
rt_session_list_exchanges (
    RtSession *session, const RtExchangeQuery *query, gint64 after, guint limit, GError **error)
{
  g_autoptr (GMutexLocker) lock = NULL;
  RtExchangeQuery by_start = *query;
  g_autofree char *order = NULL;
  g_autofree char *more = NULL;
  g_autoptr (sqlite3_stmt) statement = NULL;

  by_start.order = RT_EXCHANGE_BY_START;
  order = rt_exchanges_order (&by_start);
  /* Within a run the index of run and number gives both the rows and their order. */
  if (after != 0)
    more = g_strdup_printf (
        query->run != 0 ? " AND number %s (SELECT number FROM exchange WHERE id = %" G_GINT64_FORMAT
                          ")"
                        : " AND id %s %" G_GINT64_FORMAT,
        query->descending ? "<" : ">", after);
  lock = g_mutex_locker_new (&session->lock);
  statement = rt_exchanges_prepare (session->db, COLUMNS, &by_start, more != NULL ? more : "",
                                    order, error);
  return statement != NULL ? read_rows (statement, limit, error) : NULL;
}

/**
 * rt_session_get_exchanges:
 * @ids: (array length=n): ids of rows
 *
 * Returns: (transfer full) (element-type RtExchangeRow) (nullable): the rows, in the order of @ids;
 *   one that is gone is left out
 */
GPtrArray *
rt_session_get_exchanges (RtSession *session, const gint64 *ids, guint n, GError **error)
{
  g_autoptr (GMutexLocker) lock = g_mutex_locker_new (&session->lock);

  return rt_exchanges_get (session->db, ids, n, error);
}

GPtrArray *
rt_exchanges_get (sqlite3 *db, const gint64 *ids, guint n, GError **error)
{
  g_autoptr (GPtrArray) rows
      = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_exchange_row_free);
  g_autoptr (sqlite3_stmt) statement = NULL;
  gboolean row;

  statement = rt_store_prepare (db, COLUMNS " WHERE id = ?1", error);
  if (statement == NULL)
    return NULL;
  for (guint i = 0; i < n; i++)
    {
      sqlite3_bind_int64 (statement, 1, ids[i]);
      if (!rt_store_row (statement, &row, error))
        return NULL;
      if (row)
        g_ptr_array_add (rows, read_row (statement));
      sqlite3_reset (statement);
    }
  return g_steal_pointer (&rows);
}

static gboolean
delete_rows (sqlite3 *db, gint64 run, GError **error)
{
  g_autofree char *sql
      = g_strdup_printf ("DELETE FROM exchange WHERE run = %" G_GINT64_FORMAT
                         "; UPDATE run SET observed_version = 0 WHERE id = %" G_GINT64_FORMAT,
                         run, run);

  return rt_store_exec (db, sql, error);
}

/* Feeds all that can be read. A page that cannot be is where the rows end. */
static gboolean
derive (RtExchangeRows *rows, RtReader *reader, GError **error)
{
  guint64 length = rt_reader_get_length (reader);

  for (guint64 at = 0; at < length;)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, at, NULL);

      if (page == NULL)
        break;
      at = page->first + page->n;
      rt_exchange_rows_feed (rows, page);
      if (!rt_exchange_rows_store (rows, at >= length, error))
        return FALSE;
      rt_exchange_rows_settle (rows);
    }
  return rt_exchange_rows_store (rows, TRUE, error);
}

static gboolean
rebuild (sqlite3 *db, gint64 run, RtReader *reader, GError **error)
{
  g_autoptr (RtExchangeRows) rows = rt_exchange_rows_new (db, run, error);

  return rows != NULL && delete_rows (db, run, error) && derive (rows, reader, error);
}

/**
 * rt_session_refresh_exchanges:
 * @session: a session that can be written
 * @run: a run that is not being recorded
 *
 * Derives the run's rows again if it is stale: written by an older analysis, or cut off before its
 * end. Takes as long as its log is long.
 *
 * Returns: %TRUE if they are up to date
 */
gboolean
rt_session_refresh_exchanges (RtSession *session, gint64 run, GError **error)
{
  g_autoptr (RtRunInfo) info = rt_session_get_run (session, run, error);
  g_autoptr (RtReader) reader = NULL;
  gboolean done;
  sqlite3 *db;

  if (info == NULL)
    return FALSE;
  if (!info->stale)
    return TRUE;
  if (!rt_session_check_writable (session, error))
    return FALSE;
  reader = rt_session_open_run (session, run, error);
  if (reader == NULL)
    return FALSE;
  db = rt_session_lock (session);
  session->recorded = TRUE;
  /* The reader goes on reading while rows are written: only a write-ahead log allows that. */
  done = rt_store_exec (db, "PRAGMA journal_mode=WAL; BEGIN IMMEDIATE", error);
  if (done)
    {
      done = rebuild (db, run, reader, error) && rt_store_exec (db, "COMMIT", error);
      if (!done && !sqlite3_get_autocommit (db))
        sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);
    }
  rt_session_unlock (session);
  return done;
}
