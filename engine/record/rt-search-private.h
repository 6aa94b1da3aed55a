/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A search of a session file from within: what SQL answers of a filter, what is looked for in the
 * bytes as they stand, and what needs a message to be put together. For this folder. */
#pragma once

#include "rt-exchange-list.h"
#include "rt-reader.h"
#include "rt-store.h"

G_BEGIN_DECLS

/** RT_SEARCH_CHUNK_ROWS: rows that are looked at in one go. */
#define RT_SEARCH_CHUNK_ROWS 16384
/** RT_SEARCH_PROGRESS_OPS: of SQLite between two looks at whether it was cancelled. */
#define RT_SEARCH_PROGRESS_OPS 20000
/** RT_SEARCH_MESSAGE_MAX: bytes of one message that are put together; what follows is not seen. */
#define RT_SEARCH_MESSAGE_MAX (64 * 1024 * 1024)

/**
 * RtSearchMessage:
 * @span: all of it; none: there is none, or it was not kept
 * @head: how many of its bytes are its head
 * @coded: its content is not what its bytes are: in chunks, or with a content coding
 */
typedef struct
{
  RtSpan span;
  guint32 head;
  gboolean coded;
} RtSearchMessage;

/**
 * RtSearchRow:
 * @messages: request and response
 * @found: bit i: the bytes of the filter's term i were found as they stand
 * @scanned: its bytes were looked at as they stand
 */
typedef struct
{
  gint64 id, run;
  guint64 first_event, last_event;
  RtSearchMessage messages[2];
  guint32 found;
  gboolean scanned;
} RtSearchRow;

G_STATIC_ASSERT (RT_FILTER_TERMS_MAX <= 32);

/**
 * RtSearchMark:
 * @noted: the user wrote something there
 *
 * A mark of the user's, and the connection that its event is of.
 */
typedef struct
{
  gint64 run, event;
  RtConnection connection;
  gboolean noted;
} RtSearchMark;

/** RtSearchChunk: rows that are looked at in one go. @ids: (element-type gint64): what was found */
typedef struct
{
  gint64 first, last; /* ids */
  GArray *ids;        /* gint64; NULL: not done yet */
} RtSearchChunk;

/**
 * RtSearch:
 * @about: what is asked
 * @condition: (nullable): what SQL is asked; @values: its parameters
 * @of_bytes: bytes are asked for, too
 * @marked: (nullable) (element-type RtSearchMark)
 * @stale: (element-type gint64): runs whose rows do not say what is asked
 *
 * A search that is under way. What stands behind the lock is guarded by it.
 */
typedef struct
{
  RtSession *session;
  const RtExchangeSearch *about;
  GCancellable *cancellable;
  char *condition;
  GPtrArray *values;
  gboolean of_bytes;
  GArray *marked;
  GArray *stale;

  GMutex lock;
  GCond changed;
  GArray *chunks; /* RtSearchChunk, in the order they are to be told */
  guint next;     /* that nobody works on */
  gboolean stop;
  GError *error;
} RtSearch;

void rt_search_init (RtSearch *search,
                     RtSession *session,
                     const RtExchangeSearch *about,
                     GCancellable *cancellable);
void rt_search_clear (RtSearch *search);
gboolean rt_search_prepare (
    RtSearch *search, sqlite3 *db, RtExchangeBatchFunc batch, gpointer data, GError **error);
gboolean rt_search_run (RtSearch *search,
                        sqlite3 *db,
                        GArray *ids,
                        RtExchangeBatchFunc batch,
                        gpointer data,
                        GError **error);
int rt_search_is_stopped (gpointer search);
int rt_search_compare_ids (gconstpointer a, gconstpointer b);
GCompareFunc rt_search_get_compare (const RtSearch *search);

typedef struct _RtSearchWorker RtSearchWorker;

RtSearchWorker *rt_search_worker_new (RtSearch *search, GError **error);
void rt_search_worker_free (RtSearchWorker *worker);
GArray *rt_search_worker_run (RtSearchWorker *worker, const RtSearchChunk *chunk, GError **error);

gboolean rt_search_run_by_analysis (RtSession *session,
                                    sqlite3 *db,
                                    gint64 run,
                                    const RtFilter *filter,
                                    const GArray *marks,
                                    GArray *ids,
                                    GCancellable *cancellable,
                                    GError **error);

gboolean rt_search_is_of_bytes (const RtFilterTerm *term);
gboolean rt_search_looks_at (const RtFilterTerm *term, guint message, gboolean content);

void rt_search_add_functions (sqlite3 *db);
char *rt_search_write_condition (const RtFilter *filter, GPtrArray *values);

typedef struct _RtByteScan RtByteScan;

RtByteScan *rt_byte_scan_new (sqlite3 *db, const RtFilter *filter, GError **error);
void rt_byte_scan_free (RtByteScan *scan);
gboolean rt_byte_scan_rows (
    RtByteScan *scan, RtSearchRow *rows, guint n, GCancellable *cancellable, GError **error);

gboolean rt_search_row_matches (const RtSearchRow *row, const RtFilter *filter, RtReader *reader);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtByteScan, rt_byte_scan_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtSearchWorker, rt_search_worker_free)

G_END_DECLS
