/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Adds to the rows of exchanges what was found by a walk through their run (rt-observed-rows.c).
 * Few exchanges have any of it, so what was found is gathered beside the file and brought in at the
 * end, in one short transaction: whoever reads or records meanwhile is not held up. */
#include "rt-exchanges.h"

#include "rt-observed-rows.h"
#include "rt-session-private.h"
#include "rt-traits.h"

/* What the rows that are written while a run is recorded do not have. */
#define FOUND (RT_TRAIT_WARNING | RT_TRAIT_PROBLEM | RT_TRAIT_RETRIED)

static gboolean
keep (const RtObservedRow *row, gpointer data, GError **error)
{
  sqlite3_stmt *insert = data;

  if ((row->flags & FOUND) == 0)
    return TRUE;
  sqlite3_bind_int64 (insert, 1, (gint64)row->first_event);
  sqlite3_bind_int64 (insert, 2, row->connection);
  sqlite3_bind_int64 (insert, 3, row->offset);
  sqlite3_bind_int64 (insert, 4, row->flags & FOUND);
  return rt_store_run (insert, error);
}

static gboolean
gather (sqlite3 *db,
        RtReader *reader,
        const RtRunInfo *run,
        RtObserveFunc progress,
        gpointer data,
        GCancellable *cancellable,
        GError **error)
{
  g_autoptr (sqlite3_stmt) insert = NULL;

  if (!rt_store_exec (db,
                      "CREATE TEMP TABLE found (event INTEGER, connection INTEGER, offset INTEGER,"
                      " flags INTEGER, PRIMARY KEY (event, connection, offset)) WITHOUT ROWID",
                      error))
    return FALSE;
  insert
      = rt_store_prepare (db, "INSERT OR REPLACE INTO temp.found VALUES (?1, ?2, ?3, ?4)", error);
  return insert != NULL
         && rt_observed_rows_find (reader, run->source != RT_SOURCE_LESSON, keep, insert, progress,
                                   data, cancellable, error);
}

static gboolean
run_with (sqlite3 *db, const char *sql, gint64 run, guint64 length, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = rt_store_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, run);
  sqlite3_bind_int64 (statement, 2, (gint64)length);
  sqlite3_bind_int64 (statement, 3, RT_ANALYSIS_VERSION);
  return rt_store_run (statement, error);
}

static gboolean
bring_in (sqlite3 *db, gint64 run, guint64 length, GError **error)
{
  gboolean done
      = rt_store_exec (db, "BEGIN IMMEDIATE", error)
        && run_with (db,
                     "UPDATE exchange SET flags = coalesce (exchange.flags, 0) | found.flags"
                     " FROM temp.found WHERE run = ?1 AND first_event = found.event"
                     " AND exchange.connection = found.connection"
                     " AND coalesce (request_offset, response_offset, -1) = found.offset",
                     run, length, error)
        && run_with (db, "UPDATE run SET observed_version = ?3, observed_events = ?2 WHERE id = ?1",
                     run, length, error)
        && rt_store_exec (db, "COMMIT", error);

  if (!sqlite3_get_autocommit (db))
    sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);
  return done;
}

/**
 * rt_session_observe_exchanges:
 * @session: a session that can be written
 * @run: a run whose rows are up to date
 * @progress: (nullable): told how far it is
 * @data: for @progress
 * @cancellable: (nullable): what was found so far is forgotten then
 *
 * Adds to the run's rows what takes a look at all of it: what the observer finds, what parties
 * decided. Takes as long as its log is long; until it is done the rows stay as they are. For any
 * thread.
 *
 * Returns: %TRUE if the rows say all that an analysis of the whole run says
 */
gboolean
rt_session_observe_exchanges (RtSession *session,
                              gint64 run,
                              RtObserveFunc progress,
                              gpointer data,
                              GCancellable *cancellable,
                              GError **error)
{
  g_autoptr (RtRunInfo) info = rt_session_get_run (session, run, error);
  g_autoptr (RtReader) reader = NULL;
  g_autoptr (sqlite3) db = NULL;

  if (info == NULL)
    return FALSE;
  if (info->observed)
    return TRUE;
  if (!rt_session_check_writable (session, error))
    return FALSE;
  reader = rt_session_open_run (session, run, error);
  if (reader == NULL)
    return FALSE;
  db = rt_store_reopen (session->path, session->state, error);
  if (db == NULL)
    return FALSE;
  rt_session_lock (session);
  session->recorded = TRUE;
  rt_session_unlock (session);
  return rt_store_exec (db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;", error)
         && gather (db, reader, info, progress, data, cancellable, error)
         && bring_in (db, run, info->n_events, error);
}
