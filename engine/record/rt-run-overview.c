/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One pass over the rows. A beat and the pair of parties that it is of are one key; the beats are
 * put into order at the end. */
#include "rt-run-overview.h"

#include "rt-session-private.h"
#include "rt-traits.h"

#define CHECK_EVERY 4096

typedef struct
{
  RtRunOverview *overview;
  GHashTable *index; /* name → index + 1 */
  GHashTable *beats; /* gint64 → RtRunBeat; looked up, and put into order once */
  RtTime start, length;
} Counting;

void
rt_run_overview_free (RtRunOverview *overview)
{
  g_ptr_array_unref (overview->names);
  g_array_unref (overview->beats);
  g_free (overview);
}

static guint
index_of (Counting *counting, const char *name)
{
  gpointer found;

  if (name == NULL)
    name = "";
  found = g_hash_table_lookup (counting->index, name);
  if (found == NULL)
    {
      char *own = g_strdup (name);

      g_ptr_array_add (counting->overview->names, own);
      found = GUINT_TO_POINTER (counting->overview->names->len);
      g_hash_table_insert (counting->index, own, found);
    }
  return GPOINTER_TO_UINT (found) - 1;
}

static RtRunBeat *
beat_of (Counting *counting, RtTime started, guint client, guint server)
{
  gint64 at = (started - counting->start) / counting->length;
  gint64 key = (at << 40) | ((gint64)(client & 0xfffff) << 20) | (server & 0xfffff);
  RtRunBeat *beat = g_hash_table_lookup (counting->beats, &key);
  gint64 *own;

  if (beat != NULL)
    return beat;
  own = g_memdup2 (&key, sizeof key);
  beat = g_new0 (RtRunBeat, 1);
  beat->time = counting->start + at * counting->length;
  beat->length = counting->length;
  beat->client = client;
  beat->server = server;
  g_hash_table_insert (counting->beats, own, beat);
  return beat;
}

/* @select stands on a row: started_usec, client, server, status, flags */
static void
count (Counting *counting, sqlite3_stmt *select)
{
  guint client = index_of (counting, (const char *)sqlite3_column_text (select, 1));
  guint server = index_of (counting, (const char *)sqlite3_column_text (select, 2));
  RtRunBeat *beat = beat_of (counting, sqlite3_column_int64 (select, 0), client, server);
  int status = sqlite3_column_int (select, 3);
  RtTraitFlags flags = (RtTraitFlags)sqlite3_column_int (select, 4);

  if (flags & RT_TRAIT_PREFLIGHT)
    beat->preflights++;
  else
    beat->requests++;
  if (status >= 500 || flags & (RT_TRAIT_FAILED | RT_TRAIT_PROBLEM))
    beat->failed++;
  else if (flags & RT_TRAIT_FROM_CACHE)
    beat->cached++;
  else if (status != 0)
    beat->responses++;
}

static gboolean
count_all (Counting *counting, sqlite3 *db, gint64 run, GCancellable *cancellable, GError **error)
{
  g_autoptr (sqlite3_stmt) select
      = rt_store_prepare (db,
                          "SELECT started_usec, client, server, status, flags FROM exchange"
                          " WHERE run = ?1 AND started_usec IS NOT NULL",
                          error);
  gboolean row;

  if (select == NULL)
    return FALSE;
  sqlite3_bind_int64 (select, 1, run);
  for (guint n = 0;; n++)
    {
      if (n % CHECK_EVERY == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (!rt_store_row (select, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      count (counting, select);
    }
}

static int
compare_beats (gconstpointer a, gconstpointer b)
{
  const RtRunBeat *p = a;
  const RtRunBeat *q = b;

  if (p->time != q->time)
    return p->time < q->time ? -1 : 1;
  if (p->client != q->client)
    return p->client < q->client ? -1 : 1;
  return p->server < q->server ? -1 : p->server > q->server;
}

static void
put_into_order (Counting *counting)
{
  GHashTableIter iter;
  gpointer beat;

  g_hash_table_iter_init (&iter, counting->beats);
  while (g_hash_table_iter_next (&iter, NULL, &beat))
    g_array_append_vals (counting->overview->beats, beat, 1);
  g_array_sort (counting->overview->beats, compare_beats);
}

static gboolean
find_times (Counting *counting, sqlite3 *db, gint64 run, GError **error)
{
  g_autofree char *first = g_strdup_printf (
      "SELECT IFNULL(MIN(started_usec), 0) FROM exchange WHERE run = %" G_GINT64_FORMAT, run);
  g_autofree char *last = g_strdup_printf (
      "SELECT IFNULL(MAX(started_usec), 0) FROM exchange WHERE run = %" G_GINT64_FORMAT, run);
  gint64 start, end;

  if (!rt_store_number (db, first, &start, error) || !rt_store_number (db, last, &end, error))
    return FALSE;
  counting->start = start;
  counting->length = MAX (1, (end - start) / RT_RUN_OVERVIEW_BEATS + 1);
  return TRUE;
}

/**
 * rt_run_overview_new:
 * @run: one of its runs
 * @cancellable: (nullable)
 *
 * Waits for the disk: it reads all rows of the run.
 *
 * Errors: %G_IO_ERROR_CANCELLED, those of SQLite.
 *
 * Returns: (transfer full) (nullable): what is in the file now
 */
RtRunOverview *
rt_run_overview_new (RtSession *session, gint64 run, GCancellable *cancellable, GError **error)
{
  g_autoptr (RtRunOverview) overview = g_new0 (RtRunOverview, 1);
  g_autoptr (sqlite3) db = rt_store_reopen (session->path, session->state, error);
  Counting counting = { .overview = overview };
  gboolean counted;

  overview->names = g_ptr_array_new_with_free_func (g_free);
  overview->beats = g_array_new (FALSE, FALSE, sizeof (RtRunBeat));
  if (db == NULL)
    return NULL;
  counting.index = g_hash_table_new (g_str_hash, g_str_equal);
  counting.beats = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  counted = find_times (&counting, db, run, error)
            && count_all (&counting, db, run, cancellable, error);
  if (counted)
    put_into_order (&counting);
  g_hash_table_unref (counting.index);
  g_hash_table_unref (counting.beats);
  return counted ? g_steal_pointer (&overview) : NULL;
}
