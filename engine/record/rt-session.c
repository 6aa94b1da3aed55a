/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The session file as a whole: opening it, its runs and what the user notes in it. */
#include "rt-session-private.h"

#include "rt-analysis.h"
#include "rt-mark-rows.h"

#include <string.h>

static const char *const sources[] = { "lesson", "capture", "import" };

void
rt_run_info_free (RtRunInfo *info)
{
  g_free (info->name);
  g_free (info->title);
  g_free (info->lesson_path);
  g_free (info->lesson_text);
  g_free (info->metadata);
  g_free (info);
}

static RtSession *
open_as (const char *path, RtStoreMode mode, GError **error)
{
  RtStoreState state = { 0 };
  g_autoptr (sqlite3) db = rt_store_open (path, &rt_session_kind, mode, &state, error);
  RtSession *session;

  if (db == NULL)
    return NULL;
  session = g_new0 (RtSession, 1);
  *session = (RtSession){
    .ref_count = 1, .path = g_strdup (path), .state = state, .db = g_steal_pointer (&db)
  };
  g_mutex_init (&session->lock);
  return session;
}

/**
 * rt_session_create:
 * @path: a file that is not there yet
 *
 * Errors: %RT_ERROR_IO.
 *
 * Returns: (transfer full) (nullable): a session without runs
 */
RtSession *
rt_session_create (const char *path, GError **error)
{
  RtSession *session = open_as (path, RT_STORE_CREATE, error);

  if (session != NULL)
    session->recorded = TRUE;
  return session;
}

/**
 * rt_session_open:
 * @path: a session file
 *
 * A file of an older version is brought up to date. One that may not be written, or is cut off or
 * damaged, is opened to be read.
 *
 * Errors: %RT_ERROR_SYNTAX: no session file, %RT_ERROR_VERSION: of a newer version, %RT_ERROR_IO.
 *
 * Returns: (transfer full) (nullable): the session
 */
RtSession *
rt_session_open (const char *path, GError **error)
{
  return open_as (path, RT_STORE_OPEN, error);
}

RtSession *
rt_session_ref (RtSession *session)
{
  g_atomic_int_inc (&session->ref_count);
  return session;
}

/* One file without side files can be mailed, copied and read from a disk that cannot be written.
 * It fails while another program has the file open; then that one's end does it, or nobody. */
static void
leave_wal (sqlite3 *db)
{
  sqlite3_busy_timeout (db, 0);
  sqlite3_exec (db, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
}

void
rt_session_unref (RtSession *session)
{
  if (!g_atomic_int_dec_and_test (&session->ref_count))
    return;
  g_assert (session->writer == NULL);
  if (session->recorded)
    leave_wal (session->db);
  sqlite3_close_v2 (session->db);
  g_mutex_clear (&session->lock);
  g_free (session->path);
  g_free (session);
}

sqlite3 *
rt_session_lock (RtSession *session)
{
  g_mutex_lock (&session->lock);
  return session->db;
}

void
rt_session_unlock (RtSession *session)
{
  g_mutex_unlock (&session->lock);
}

/* Names the file in an error that came from below its tables. */
void
rt_session_prefix (RtSession *session, GError **error)
{
  const RtPlace place = { session->path, 0, 0 };

  rt_prefix_place (error, &place);
}

const char *
rt_session_get_path (RtSession *session)
{
  return session->path;
}

/**
 * rt_session_get_read_only:
 *
 * Returns: %TRUE if nothing can be recorded or noted in it
 */
gboolean
rt_session_get_read_only (RtSession *session)
{
  return session->state.read_only;
}

/**
 * rt_session_get_damaged:
 *
 * Returns: %TRUE if the file is cut off: its runs end where they can be read no further; or if a
 *   reader has met bytes of a message that are damaged or gone
 */
gboolean
rt_session_get_damaged (RtSession *session)
{
  return session->state.damaged || g_atomic_int_get (&session->lost_bytes);
}

/**
 * rt_session_interrupt:
 * @session: a session that another thread waits for
 *
 * Stops a query that is under way on it, which then fails.
 */
void
rt_session_interrupt (RtSession *session)
{
  sqlite3_interrupt (session->db);
}

gboolean
rt_session_check_writable (RtSession *session, GError **error)
{
  const RtPlace place = { session->path, 0, 0 };

  if (!session->state.read_only)
    return TRUE;
  rt_set_error (error, RT_ERROR_IO, &place, "a session that can be written",
                session->state.damaged ? "the file is damaged" : "the file is read-only");
  return FALSE;
}

#define RUN_COLUMNS                                                                                \
  "SELECT run.id, run.name, title, source, parent, started_usec, recorded_usec, path, text,"       \
  " metadata, events, finished, analysis_version, analysis_events,"                                \
  " observed_version, observed_events"                                                             \
  " FROM run LEFT JOIN lesson ON lesson.id = run.lesson"

static RtRunSource
source_from_name (const char *name)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (sources); i++)
    if (g_str_equal (sources[i], name))
      return i;
  return RT_SOURCE_IMPORT;
}

static RtRunInfo *
read_run (sqlite3_stmt *statement)
{
  RtRunInfo *info = g_new0 (RtRunInfo, 1);
  gint64 n_events = sqlite3_column_int64 (statement, 10);

  info->id = sqlite3_column_int64 (statement, 0);
  info->name = rt_store_dup_text (statement, 1);
  info->title = rt_store_dup_text (statement, 2);
  info->source = source_from_name ((const char *)sqlite3_column_text (statement, 3));
  info->parent = sqlite3_column_int64 (statement, 4);
  info->started = sqlite3_column_int64 (statement, 5);
  info->recorded = sqlite3_column_int64 (statement, 6);
  info->lesson_path = rt_store_dup_text (statement, 7);
  info->lesson_text = rt_store_dup_text (statement, 8);
  info->metadata = rt_store_dup_text (statement, 9);
  info->n_events = (guint64)MAX (n_events, 0);
  info->finished = sqlite3_column_int (statement, 11) != 0;
  info->stale = sqlite3_column_int64 (statement, 12) != RT_ANALYSIS_VERSION
                || sqlite3_column_int64 (statement, 13) < n_events;
  info->observed = !info->stale && sqlite3_column_int64 (statement, 14) == RT_ANALYSIS_VERSION
                   && sqlite3_column_int64 (statement, 15) == n_events;
  return info;
}

static GPtrArray *
query_runs (sqlite3 *db, const char *sql, gint64 run, GError **error)
{
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_run_info_free);
  g_autoptr (sqlite3_stmt) statement = rt_store_prepare (db, sql, error);
  gboolean row;

  if (statement == NULL)
    return NULL;
  if (run != 0)
    sqlite3_bind_int64 (statement, 1, run);
  for (;;)
    {
      if (!rt_store_row (statement, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&runs);
      g_ptr_array_add (runs, read_run (statement));
    }
}

/**
 * rt_session_list_runs:
 *
 * Returns: (transfer full) (element-type RtRunInfo) (nullable): the runs, by id
 */
GPtrArray *
rt_session_list_runs (RtSession *session, GError **error)
{
  GPtrArray *runs
      = query_runs (rt_session_lock (session), RUN_COLUMNS " ORDER BY run.id", 0, error);

  rt_session_unlock (session);
  return runs;
}

/**
 * rt_session_get_run:
 * @run: id of a run
 *
 * Errors: %RT_ERROR_MISSING.
 *
 * Returns: (transfer full) (nullable): the run
 */
RtRunInfo *
rt_session_get_run (RtSession *session, gint64 run, GError **error)
{
  const RtPlace place = { session->path, 0, 0 };
  g_autoptr (GPtrArray) runs
      = query_runs (rt_session_lock (session), RUN_COLUMNS " WHERE run.id = ?1", run, error);

  rt_session_unlock (session);
  if (runs == NULL)
    return NULL;
  if (runs->len == 0)
    {
      rt_set_error (error, RT_ERROR_MISSING, &place, NULL,
                    "there is no run %" G_GINT64_FORMAT " in this session", run);
      return NULL;
    }
  return g_ptr_array_steal_index (runs, 0);
}

static gint64
find_lesson (sqlite3 *db, const RtRunInfo *about, GError **error)
{
  g_autoptr (sqlite3_stmt) find
      = rt_store_prepare (db, "SELECT id FROM lesson WHERE path IS ?1 AND text = ?2", error);
  g_autoptr (sqlite3_stmt) insert
      = rt_store_prepare (db, "INSERT INTO lesson (path, text) VALUES (?1, ?2)", error);
  gboolean row;

  if (find == NULL || insert == NULL)
    return 0;
  rt_store_bind_text (find, 1, about->lesson_path);
  rt_store_bind_text (find, 2, about->lesson_text);
  if (!rt_store_row (find, &row, error))
    return 0;
  if (row)
    return sqlite3_column_int64 (find, 0);
  rt_store_bind_text (insert, 1, about->lesson_path);
  rt_store_bind_text (insert, 2, about->lesson_text);
  return rt_store_run (insert, error) ? sqlite3_last_insert_rowid (db) : 0;
}

/* Adds the row of a run; 0 on failure. */
gint64
rt_session_insert_run (sqlite3 *db, const RtRunInfo *about, GError **error)
{
  g_autoptr (sqlite3_stmt) insert = rt_store_prepare (
      db,
      "INSERT INTO run (name, title, source, parent, started_usec, recorded_usec, lesson,"
      " metadata) VALUES (?1, ?2, ?3, nullif (?4, 0), ?5, ?6, nullif (?7, 0), ?8)",
      error);
  gint64 lesson = 0;

  if (insert == NULL)
    return 0;
  if (about->lesson_text != NULL)
    {
      lesson = find_lesson (db, about, error);
      if (lesson == 0)
        return 0;
    }
  rt_store_bind_text (insert, 1, about->name != NULL ? about->name : "");
  rt_store_bind_text (insert, 2, about->title);
  rt_store_bind_text (insert, 3, sources[about->source]);
  sqlite3_bind_int64 (insert, 4, about->parent);
  sqlite3_bind_int64 (insert, 5, about->started);
  sqlite3_bind_int64 (insert, 6, about->recorded);
  sqlite3_bind_int64 (insert, 7, lesson);
  rt_store_bind_text (insert, 8, about->metadata);
  return rt_store_run (insert, error) ? sqlite3_last_insert_rowid (db) : 0;
}

static gboolean
change_mark (sqlite3 *db, gint64 run, const RtMark *mark, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = rt_store_prepare (
      db,
      mark->text != NULL ? "INSERT INTO mark (" RT_MARK_COLUMNS ", text, run)"
                           " VALUES (" RT_MARK_VALUES ", ?5, ?6)"
                           " ON CONFLICT DO UPDATE SET text = ?5"
                         : "DELETE FROM mark WHERE " RT_MARK_MATCH " AND run = ?6",
      error);

  if (statement == NULL)
    return FALSE;
  rt_mark_rows_bind (statement, mark);
  sqlite3_bind_int64 (statement, RT_MARK_OWN, run);
  return rt_store_run (statement, error);
}

/**
 * rt_session_put_mark:
 * @run: a run
 * @mark: is set; one of the same event and bytes is replaced; without a text it is taken away
 */
gboolean
rt_session_put_mark (RtSession *session, gint64 run, const RtMark *mark, GError **error)
{
  gboolean done;

  if (!rt_session_check_writable (session, error))
    return FALSE;
  done = change_mark (rt_session_lock (session), run, mark, error);
  rt_session_unlock (session);
  return done;
}

/**
 * rt_session_set_mark:
 * @run: a run
 * @event: number of an event of it
 * @text: (nullable): the note, empty for a mark alone; %NULL takes the mark away
 *
 * For an event as a whole: see rt_session_put_mark().
 */
gboolean
rt_session_set_mark (
    RtSession *session, gint64 run, guint64 event, const char *text, GError **error)
{
  return rt_session_put_mark (session, run, &(RtMark){ event, RT_SPAN_NONE, (char *)text }, error);
}

static gboolean
change_metadata (sqlite3 *db, gint64 run, const char *metadata, GError **error)
{
  g_autoptr (sqlite3_stmt) update
      = rt_store_prepare (db, "UPDATE run SET metadata = ?2 WHERE id = ?1", error);

  if (update == NULL)
    return FALSE;
  sqlite3_bind_int64 (update, 1, run);
  rt_store_bind_text (update, 2, metadata);
  return rt_store_run (update, error);
}

/**
 * rt_session_set_metadata:
 * @run: a run that is not being recorded
 * @metadata: a JSON object
 */
gboolean
rt_session_set_metadata (RtSession *session, gint64 run, const char *metadata, GError **error)
{
  gboolean done;

  if (!rt_session_check_writable (session, error))
    return FALSE;
  done = change_metadata (rt_session_lock (session), run, metadata, error);
  rt_session_unlock (session);
  return done;
}

static GPtrArray *
query_marks (sqlite3 *db, gint64 run, GError **error)
{
  g_autoptr (sqlite3_stmt) statement
      = rt_store_prepare (db,
                          "SELECT " RT_MARK_COLUMNS ", text FROM mark WHERE run = ?1"
                          " ORDER BY " RT_MARK_COLUMNS,
                          error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, run);
  return rt_mark_rows_list (statement, error);
}

/**
 * rt_session_list_marks:
 * @run: a run
 *
 * Returns: (transfer full) (element-type RtMark) (nullable): its marks, by event
 */
GPtrArray *
rt_session_list_marks (RtSession *session, gint64 run, GError **error)
{
  GPtrArray *marks = query_marks (rt_session_lock (session), run, error);

  rt_session_unlock (session);
  return marks;
}

static gboolean
query_property (sqlite3 *db, const char *name, char **ret_value, GError **error)
{
  g_autoptr (sqlite3_stmt) statement
      = rt_store_prepare (db, "SELECT value FROM property WHERE name = ?1", error);
  gboolean row;

  if (statement == NULL)
    return FALSE;
  rt_store_bind_text (statement, 1, name);
  if (!rt_store_row (statement, &row, error))
    return FALSE;
  *ret_value = row ? rt_store_dup_text (statement, 0) : NULL;
  return TRUE;
}

/* %NULL without an error: it is not set. */
char *
rt_session_dup_property (RtSession *session, const char *name, GError **error)
{
  char *value = NULL;

  query_property (rt_session_lock (session), name, &value, error);
  rt_session_unlock (session);
  return value;
}

gboolean
rt_session_set_property (RtSession *session, const char *name, const char *value, GError **error)
{
  sqlite3 *db = rt_session_lock (session);
  g_autoptr (sqlite3_stmt) statement = rt_store_prepare (
      db, "INSERT OR REPLACE INTO property (name, value) VALUES (?1, ?2)", error);
  gboolean done = statement != NULL;

  if (done)
    {
      rt_store_bind_text (statement, 1, name);
      rt_store_bind_text (statement, 2, value);
      done = rt_store_run (statement, error);
    }
  g_clear_pointer (&statement, sqlite3_finalize);
  rt_session_unlock (session);
  return done;
}
