/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the SQLite files of the program have in common: opening them with care, bringing them up to
 * date, and errors that name the file. For this folder. */
#pragma once

#include "rt-error.h"

#include <sqlite3.h>

G_BEGIN_DECLS

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3, sqlite3_close_v2)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

/**
 * RtStoreKind:
 * @what: what such a file is, for messages: `a Roundtrip session`
 * @application_id: in the file's header
 * @page_size: of a new file
 * @migrations: (array length=n_migrations): element i takes a file of version i to i + 1
 * @readings: (nullable) (array length=n_migrations): element i lets a file of version i that cannot
 *   be changed be read as if it were the newest: by temporary tables and views
 */
typedef struct
{
  const char *what;
  gint32 application_id;
  guint page_size;
  const char *const *migrations;
  const char *const *readings;
  guint n_migrations;
} RtStoreKind;

/**
 * RtStoreMode:
 * @RT_STORE_OPEN: the file is there; written where the system lets us, else only read
 * @RT_STORE_CREATE: the file must not be there yet
 * @RT_STORE_ENSURE: opened, or created where it is missing
 * @RT_STORE_READ: opened to be read alone; nothing is brought up to date
 */
typedef enum
{
  RT_STORE_OPEN,
  RT_STORE_CREATE,
  RT_STORE_ENSURE,
  RT_STORE_READ,
} RtStoreMode;

/**
 * RtStoreState:
 * @read_only: it cannot be written
 * @damaged: SQLite found it cut off or inconsistent; what can be read is read
 * @reading: (nullable): what each connection runs first, for a file of an older version; static
 */
typedef struct
{
  gboolean read_only, damaged;
  const char *reading;
} RtStoreState;

sqlite3 *rt_store_open (const char *path,
                        const RtStoreKind *kind,
                        RtStoreMode mode,
                        RtStoreState *ret_state,
                        GError **error);
sqlite3 *rt_store_reopen (const char *path, RtStoreState state, GError **error);
gboolean rt_store_exec (sqlite3 *db, const char *sql, GError **error);
sqlite3_stmt *rt_store_prepare (sqlite3 *db, const char *sql, GError **error);
gboolean rt_store_run (sqlite3_stmt *statement, GError **error);
gboolean rt_store_row (sqlite3_stmt *statement, gboolean *ret_row, GError **error);
gboolean rt_store_number (sqlite3 *db, const char *sql, gint64 *ret_number, GError **error);
void rt_store_set_error (sqlite3 *db, GError **error);
char *rt_store_dup_text (sqlite3_stmt *statement, int column);
void rt_store_bind_text (sqlite3_stmt *statement, int parameter, const char *text);
char *rt_store_data_path (const char *name);
gboolean rt_store_make_folder (const char *path, GError **error);

G_END_DECLS
