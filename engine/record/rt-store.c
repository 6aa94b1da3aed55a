/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Opening SQLite files that anybody may have had in hands. A file is taken only if its header
 * says that it is ours, its own triggers and views are never run, a newer version is refused, an
 * older one is brought up to date step by step, and a damaged one is opened to read what is left.
 * Nothing here ever deletes or truncates a file. */
#include "rt-store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* How long another program may hold the file before we say so. */
#define BUSY_MSEC 2000

static const char *
file_name (sqlite3 *db)
{
  const char *name = sqlite3_db_filename (db, "main");

  return name != NULL && *name != '\0' ? name : "session";
}

/**
 * rt_store_set_error:
 * @db: a connection whose last call failed
 * @error: (out) (optional): set; names the file, what is wrong and what was expected
 */
void
rt_store_set_error (sqlite3 *db, GError **error)
{
  const RtPlace place = { file_name (db), 0, 0 };

  switch (sqlite3_errcode (db))
    {
    case SQLITE_NOTADB:
      rt_set_error (error, RT_ERROR_SYNTAX, &place, "an SQLite database", "this is no database");
      break;
    case SQLITE_CORRUPT:
      rt_set_error (error, RT_ERROR_SYNTAX, &place, "a whole file",
                    "the file is damaged or cut off");
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      rt_set_error (error, RT_ERROR_IO, &place, "a file that is free",
                    "another program has locked it");
      break;
    case SQLITE_FULL:
      rt_set_error (error, RT_ERROR_IO, &place, "free space", "the disk is full");
      break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      rt_set_error (error, RT_ERROR_IO, &place, "the permission to write it and its folder",
                    "the file cannot be written");
      break;
    case SQLITE_CANTOPEN:
      rt_set_error (error, RT_ERROR_IO, &place, "a file that can be opened",
                    "the file cannot be opened: %s", g_strerror (sqlite3_system_errno (db)));
      break;
    case SQLITE_IOERR:
      /* No number: less was written than asked for. */
      rt_set_error (error, RT_ERROR_IO, &place, NULL, "reading or writing failed: %s",
                    sqlite3_system_errno (db) != 0 ? g_strerror (sqlite3_system_errno (db))
                                                   : "the file cannot grow");
      break;
    default:
      rt_set_error (error, RT_ERROR_SYNTAX, &place,
                    "the tables that docs/session-file.md describes", "the database says: %s",
                    sqlite3_errmsg (db));
    }
}

/**
 * rt_store_exec:
 * @sql: statements without results
 *
 * Returns: %TRUE if all ran
 */
gboolean
rt_store_exec (sqlite3 *db, const char *sql, GError **error)
{
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  rt_store_set_error (db, error);
  return FALSE;
}

/**
 * rt_store_prepare:
 * @sql: one statement; it is kept for many uses
 *
 * Returns: (transfer full) (nullable): the statement
 */
sqlite3_stmt *
rt_store_prepare (sqlite3 *db, const char *sql, GError **error)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v3 (db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) == SQLITE_OK)
    return statement;
  rt_store_set_error (db, error);
  return NULL;
}

/**
 * rt_store_row:
 * @statement: a query; reset once it has no more rows or failed
 * @ret_row: (out): whether it stands on a row
 *
 * Returns: %TRUE unless it failed
 */
gboolean
rt_store_row (sqlite3_stmt *statement, gboolean *ret_row, GError **error)
{
  int code = sqlite3_step (statement);

  *ret_row = code == SQLITE_ROW;
  if (code == SQLITE_ROW)
    return TRUE;
  if (code != SQLITE_DONE)
    rt_store_set_error (sqlite3_db_handle (statement), error);
  sqlite3_reset (statement);
  return code == SQLITE_DONE;
}

/**
 * rt_store_run:
 * @statement: a change with its parameters bound; reset afterwards, bindings kept
 *
 * Returns: %TRUE if it was made
 */
gboolean
rt_store_run (sqlite3_stmt *statement, GError **error)
{
  gboolean row;

  if (!rt_store_row (statement, &row, error))
    return FALSE;
  if (row)
    sqlite3_reset (statement);
  return TRUE;
}

/**
 * rt_store_number:
 * @sql: a query for one number
 * @ret_number: (out): the number; 0 for NULL or no row; untouched on failure
 */
gboolean
rt_store_number (sqlite3 *db, const char *sql, gint64 *ret_number, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = rt_store_prepare (db, sql, error);
  gboolean row;

  if (statement == NULL || !rt_store_row (statement, &row, error))
    return FALSE;
  *ret_number = row ? sqlite3_column_int64 (statement, 0) : 0;
  return TRUE;
}

/**
 * rt_store_dup_text:
 *
 * Returns: (transfer full) (nullable): a column's text, valid UTF-8; %NULL for NULL
 */
char *
rt_store_dup_text (sqlite3_stmt *statement, int column)
{
  const char *text = (const char *)sqlite3_column_text (statement, column);

  return text != NULL ? g_utf8_make_valid (text, -1) : NULL;
}

/**
 * rt_store_bind_text:
 * @text: (nullable): copied; %NULL binds NULL
 */
void
rt_store_bind_text (sqlite3_stmt *statement, int parameter, const char *text)
{
  sqlite3_bind_text (statement, parameter, text, -1, SQLITE_TRANSIENT);
}

/* A file that a stranger wrote may hold triggers and views that run when ours is read. */
static void
distrust (sqlite3 *db)
{
  sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
  sqlite3_limit (db, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_busy_timeout (db, BUSY_MSEC);
}

/* SQLite counts its memory under one lock for all threads, and nobody asks for the sum. */
static gpointer
set_up_library (gpointer data)
{
  sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
  return NULL;
}

/* @query: how SQLite is to treat the file, as its URI says it: `mode=rw`, `immutable=1` */
static sqlite3 *
connect_to (const char *path, const char *query, int flags, GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (path, "/", FALSE);
  g_autofree char *uri = g_strdup_printf ("file:%s?%s", escaped, query);
  g_autoptr (sqlite3) db = NULL;
  static GOnce once = G_ONCE_INIT;

  g_once (&once, set_up_library, NULL);
  if (sqlite3_open_v2 (uri, &db, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
    {
      const RtPlace place = { path, 0, 0 };

      rt_set_error (error, RT_ERROR_IO, &place, "a file that can be opened", "%s",
                    db != NULL && sqlite3_system_errno (db) != 0
                        ? g_strerror (sqlite3_system_errno (db))
                        : "the file cannot be opened");
      return NULL;
    }
  distrust (db);
  return g_steal_pointer (&db);
}

/* Whether the first page and the list of tables can be read. */
static int
probe (sqlite3 *db)
{
  return sqlite3_exec (db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) & 0xff;
}

/* Whether the last page lacks some of its bytes: SQLite reads zeros instead and says nothing. Pages
 * that are still in the log beside the file need not be in it. */
static gboolean
is_cut_in_a_page (sqlite3 *db, const char *path)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  gint64 pages = 0;
  gint64 page_size = 0;
  GStatBuf info;

  if (g_stat (wal, &info) == 0 && info.st_size > 0)
    return FALSE;
  return rt_store_number (db, "PRAGMA page_count", &pages, NULL)
         && rt_store_number (db, "PRAGMA page_size", &page_size, NULL) && g_stat (path, &info) == 0
         && info.st_size < pages * page_size;
}

static sqlite3 *
reopen (const char *path, const RtStoreState *state, GError **error)
{
  g_autoptr (sqlite3) db = NULL;

  if (!state->read_only)
    return connect_to (path, "mode=rw", SQLITE_OPEN_READWRITE, error);
  if (!state->damaged)
    {
      db = connect_to (path, "mode=ro", SQLITE_OPEN_READONLY, error);
      if (db == NULL || probe (db) == SQLITE_OK)
        return g_steal_pointer (&db);
      g_clear_pointer (&db, sqlite3_close_v2);
    }
  db = connect_to (path, "mode=ro&immutable=1", SQLITE_OPEN_READONLY, error);
  if (db == NULL)
    return NULL;
  if (state->damaged)
    {
      /* SQLite refuses a file that is shorter than its header says, unless it is told that
       * somebody is repairing it. The connection cannot write. */
      sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
      sqlite3_exec (db, "PRAGMA writable_schema=ON", NULL, NULL, NULL);
      if (probe (db) != SQLITE_OK)
        {
          rt_store_set_error (db, error);
          return NULL;
        }
    }
  return g_steal_pointer (&db);
}

/* Opens what is there in the best way that it allows: for writing; for reading; in a folder where
 * SQLite may not put its side files, as a file that nobody changes; cut off, as what is left. */
static sqlite3 *
connect_somehow (const char *path, RtStoreMode mode, RtStoreState *state, GError **error)
{
  g_autoptr (sqlite3) db = NULL;
  int code;

  db = connect_to (path, mode == RT_STORE_READ ? "mode=ro" : "mode=rw",
                   mode == RT_STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE, error);
  if (db == NULL)
    return NULL;
  code = probe (db);
  state->read_only = sqlite3_db_readonly (db, "main") == 1;
  if (code == SQLITE_CANTOPEN || code == SQLITE_READONLY)
    {
      state->read_only = TRUE;
      g_clear_pointer (&db, sqlite3_close_v2);
      db = connect_to (path, "mode=ro&immutable=1", SQLITE_OPEN_READONLY, error);
      if (db == NULL)
        return NULL;
      code = probe (db);
    }
  if (code == SQLITE_CORRUPT || (code == SQLITE_OK && is_cut_in_a_page (db, path)))
    {
      *state = (RtStoreState){ .read_only = TRUE, .damaged = TRUE };
      g_clear_pointer (&db, sqlite3_close_v2);
      return reopen (path, state, error);
    }
  if (code != SQLITE_OK)
    {
      rt_store_set_error (db, error);
      return NULL;
    }
  return g_steal_pointer (&db);
}

/**
 * rt_store_reopen:
 * @path: a file that rt_store_open() has opened
 * @state: as it gave it
 *
 * Returns: (transfer full) (nullable): another connection to it, to be read alone
 */
sqlite3 *
rt_store_reopen (const char *path, RtStoreState state, GError **error)
{
  g_autoptr (sqlite3) db = reopen (path, &state, error);

  if (db == NULL || (state.reading != NULL && !rt_store_exec (db, state.reading, error)))
    return NULL;
  return g_steal_pointer (&db);
}

/* A pipe or a device would make SQLite wait, a folder would confuse it. */
static gboolean
check_is_file (const char *path, const RtStoreKind *kind, GError **error)
{
  const RtPlace place = { path, 0, 0 };
  GStatBuf info;

  if (g_stat (path, &info) != 0)
    {
      rt_set_error (error, RT_ERROR_IO, &place, kind->what, "%s", g_strerror (errno));
      return FALSE;
    }
  if (!S_ISREG (info.st_mode))
    {
      rt_set_error (error, RT_ERROR_SYNTAX, &place, kind->what, "this is no file");
      return FALSE;
    }
  if (info.st_size == 0)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, &place, kind->what, "the file is empty");
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_header (sqlite3 *db, const RtStoreKind *kind, gint64 *ret_version, GError **error)
{
  const RtPlace place = { file_name (db), 0, 0 };
  gint64 id = 0;

  if (!rt_store_number (db, "PRAGMA application_id", &id, error)
      || !rt_store_number (db, "PRAGMA user_version", ret_version, error))
    return FALSE;
  if (id != kind->application_id)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, &place, kind->what,
                    "this is a database of another program (application_id %" G_GINT64_FORMAT ")",
                    id);
      return FALSE;
    }
  if (*ret_version < 1 || *ret_version > kind->n_migrations)
    {
      g_autofree char *expected = g_strdup_printf ("version 1 to %u", kind->n_migrations);

      rt_set_error (error, RT_ERROR_VERSION, &place, expected,
                    *ret_version < 1 ? "its version %" G_GINT64_FORMAT " never was"
                                     : "version %" G_GINT64_FORMAT
                                       " was written by a newer Roundtrip",
                    *ret_version);
      return FALSE;
    }
  return TRUE;
}

/* One transaction a step: whatever stops us, the file is of one version or of the next. */
static gboolean
migrate (sqlite3 *db, const RtStoreKind *kind, gint64 have, GError **error)
{
  for (gint64 version = have; version < kind->n_migrations; version++)
    {
      g_autofree char *sql = g_strdup_printf (
          "BEGIN IMMEDIATE; %s PRAGMA application_id=%d; PRAGMA user_version=%d; COMMIT;",
          kind->migrations[version], kind->application_id, (int)version + 1);

      if (!rt_store_exec (db, sql, error))
        {
          sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);
          return FALSE;
        }
    }
  return TRUE;
}

/* What is left of a file that could not be made, on a full disk for example, is nobody's file: it
 * would only be in the way of the next try. */
static void
remove_stub (const char *path)
{
  static const char *const endings[] = { "", "-wal", "-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *file = g_strconcat (path, endings[i], NULL);

      g_unlink (file);
    }
}

static sqlite3 *
create (const char *path, const RtStoreKind *kind, GError **error)
{
  const RtPlace place = { path, 0, 0 };
  g_autofree char *settings
      = g_strdup_printf ("PRAGMA page_size=%u; PRAGMA journal_mode=WAL;", kind->page_size);
  g_autoptr (sqlite3) db = NULL;
  int file = g_open (path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

  if (file < 0)
    {
      rt_set_error (error, RT_ERROR_IO, &place, "a new file", "%s", g_strerror (errno));
      return NULL;
    }
  g_close (file, NULL);
  db = connect_to (path, "mode=rw", SQLITE_OPEN_READWRITE, error);
  if (db != NULL && rt_store_exec (db, settings, error) && migrate (db, kind, 0, error))
    return g_steal_pointer (&db);
  g_clear_pointer (&db, sqlite3_close_v2);
  remove_stub (path);
  return NULL;
}

/* Brings an older file up to date, or where it cannot be changed lets it be read as it is. */
static gboolean
update (sqlite3 **db,
        const char *path,
        const RtStoreKind *kind,
        gint64 version,
        RtStoreState *state,
        GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (!state->read_only)
    {
      if (migrate (*db, kind, version, &problem))
        return TRUE;
      if (kind->readings == NULL || !g_error_matches (problem, RT_ERROR, RT_ERROR_IO))
        {
          g_propagate_prefixed_error (
              error, g_steal_pointer (&problem),
              "the file is of version %d and is to become %u: ", (int)version, kind->n_migrations);
          return FALSE;
        }
      state->read_only = TRUE;
    }
  if (kind->readings != NULL)
    state->reading = kind->readings[version];
  sqlite3_close_v2 (*db);
  *db = rt_store_reopen (path, *state, error);
  return *db != NULL;
}

/**
 * rt_store_open:
 * @path: the file
 * @kind: what it is to be
 * @mode: what is wanted of it
 * @ret_state: (out): how it could be opened; untouched on failure
 *
 * Errors: %RT_ERROR_SYNTAX: not such a file, %RT_ERROR_VERSION: of a newer version, %RT_ERROR_IO.
 *
 * Returns: (transfer full) (nullable): a connection for one thread at a time
 */
sqlite3 *
rt_store_open (const char *path,
               const RtStoreKind *kind,
               RtStoreMode mode,
               RtStoreState *ret_state,
               GError **error)
{
  RtStoreState state = { 0 };
  g_autoptr (sqlite3) db = NULL;
  gint64 version = 0;

  if (mode == RT_STORE_CREATE
      || (mode == RT_STORE_ENSURE && !g_file_test (path, G_FILE_TEST_EXISTS)))
    {
      db = create (path, kind, error);
      if (db != NULL)
        *ret_state = state;
      return g_steal_pointer (&db);
    }
  if (!check_is_file (path, kind, error))
    return NULL;
  db = connect_somehow (path, mode, &state, error);
  if (db == NULL || !check_header (db, kind, &version, error))
    return NULL;
  if (version < kind->n_migrations && mode != RT_STORE_READ
      && !update (&db, path, kind, version, &state, error))
    return NULL;
  *ret_state = state;
  return g_steal_pointer (&db);
}

/**
 * rt_store_data_path:
 * @name: a file or folder of the program's data
 *
 * Returns: (transfer full): its path below `$XDG_DATA_HOME/roundtrip`
 */
char *
rt_store_data_path (const char *name)
{
  return g_build_filename (g_get_user_data_dir (), "roundtrip", name, NULL);
}

/**
 * rt_store_make_folder:
 * @path: a folder, made with its parents where it is missing; for nobody but the user
 */
gboolean
rt_store_make_folder (const char *path, GError **error)
{
  const RtPlace place = { path, 0, 0 };

  if (g_mkdir_with_parents (path, 0700) == 0)
    return TRUE;
  rt_set_error (error, RT_ERROR_IO, &place, "a folder that can be made", "%s", g_strerror (errno));
  return FALSE;
}
