/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A search goes through the rows in chunks of 16,384, which do not depend on each other: all
 * processors work on them. Their results are joined in order, and told as they come. */
#include "rt-search-private.h"
#include "rt-session-private.h"

#define WORKERS_MAX 16

/** rt_search_is_stopped: a progress handler of SQLite's; not 0: it is to stop */
int
rt_search_is_stopped (gpointer data)
{
  RtSearch *search = data;

  return g_cancellable_is_cancelled (search->cancellable) || g_atomic_int_get (&search->stop);
}

int
rt_search_compare_ids (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *)a;
  gint64 right = *(const gint64 *)b;

  return left < right ? -1 : left > right;
}

static int
compare_ids_descending (gconstpointer a, gconstpointer b)
{
  return rt_search_compare_ids (b, a);
}

/** rt_search_get_compare: Returns: the order in which ids are told and kept */
GCompareFunc
rt_search_get_compare (const RtSearch *search)
{
  return search->about->descending && search->about->order == RT_EXCHANGE_BY_START
             ? compare_ids_descending
             : rt_search_compare_ids;
}

/* -- Many threads -- */

/* What fails because all was told to stop has not failed. The lock is held. */
static void
fail (RtSearch *search, GError *error)
{
  if (search->stop)
    g_error_free (error);
  else
    search->error = error;
  g_atomic_int_set (&search->stop, TRUE);
  g_cond_broadcast (&search->changed);
}

static void
work (RtSearch *search, RtSearchWorker *worker)
{
  g_mutex_lock (&search->lock);
  while (!search->stop && search->next < search->chunks->len)
    {
      guint i = search->next++;
      const RtSearchChunk chunk = g_array_index (search->chunks, RtSearchChunk, i);
      GError *error = NULL;
      GArray *ids;

      g_mutex_unlock (&search->lock);
      ids = rt_search_worker_run (worker, &chunk, &error);
      g_mutex_lock (&search->lock);
      g_array_index (search->chunks, RtSearchChunk, i).ids = ids;
      if (ids == NULL)
        fail (search, error);
      g_cond_broadcast (&search->changed);
    }
  g_mutex_unlock (&search->lock);
}

static gpointer
worker_main (gpointer data)
{
  RtSearch *search = data;
  GError *error = NULL;
  g_autoptr (RtSearchWorker) worker = rt_search_worker_new (search, &error);

  if (worker != NULL)
    {
      work (search, worker);
      return NULL;
    }
  g_mutex_lock (&search->lock);
  fail (search, error);
  g_mutex_unlock (&search->lock);
  return NULL;
}

/* Waits for the chunks in order and tells of them; @ids takes all. */
static void
gather (RtSearch *search, GArray *ids, RtExchangeBatchFunc batch, gpointer data)
{
  guint limit = search->about->limit;
  gboolean by_start = search->about->order == RT_EXCHANGE_BY_START;

  g_mutex_lock (&search->lock);
  for (guint i = 0; i < search->chunks->len; i++)
    {
      RtSearchChunk *chunk = &g_array_index (search->chunks, RtSearchChunk, i);
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

/* Rows from @first to @last in pieces that end at the same places however it is asked. */
static void
cut_chunks (RtSearch *search, gint64 first, gint64 last)
{
  for (gint64 at = first; at <= last;)
    {
      RtSearchChunk chunk
          = { .first = at,
              .last = MIN (last, (at / RT_SEARCH_CHUNK_ROWS + 1) * RT_SEARCH_CHUNK_ROWS - 1) };

      g_array_append_val (search->chunks, chunk);
      at = chunk.last + 1;
    }
  if (!search->about->descending || search->about->order != RT_EXCHANGE_BY_START)
    return;
  for (guint i = 0; i < search->chunks->len / 2; i++)
    {
      RtSearchChunk *left = &g_array_index (search->chunks, RtSearchChunk, i);
      RtSearchChunk *right
          = &g_array_index (search->chunks, RtSearchChunk, search->chunks->len - 1 - i);
      RtSearchChunk chunk = *left;

      *left = *right;
      *right = chunk;
    }
}

static gboolean
plan_chunks (RtSearch *search, sqlite3 *db, GError **error)
{
  gint64 first, last;

  if (!rt_store_number (db, "SELECT min (id) FROM exchange", &first, error)
      || !rt_store_number (db, "SELECT max (id) FROM exchange", &last, error))
    return FALSE;
  if (last > 0)
    cut_chunks (search, MAX (first, search->about->after + 1), last);
  return TRUE;
}

static void
run_workers (RtSearch *search, GArray *ids, RtExchangeBatchFunc batch, gpointer data)
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
add_marks (RtSearch *search, gint64 run, GError **error)
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
load_marks (RtSearch *search, GError **error)
{
  g_autoptr (GPtrArray) runs = NULL;

  if (search->about->filter == NULL || !rt_filter_asks_for_marks (search->about->filter))
    return TRUE;
  search->marked = g_array_new (FALSE, FALSE, sizeof (RtSearchMark));
  if (search->about->run != 0)
    return add_marks (search, search->about->run, error);
  runs = rt_session_list_runs (search->session, error);
  for (guint i = 0; runs != NULL && i < runs->len; i++)
    if (!add_marks (search, ((RtRunInfo *)runs->pdata[i])->id, error))
      return FALSE;
  return runs != NULL;
}

/* -- Runs of an older version -- */

typedef struct
{
  RtExchangeBatchFunc batch; /* (nullable) */
  gpointer data;
} Telling;

static void
tell_looked (guint64 done, guint64 total, gpointer data)
{
  const Telling *telling = data;

  if (telling->batch != NULL)
    telling->batch (NULL, 0, done, total, telling->data);
}

/* Whether @filter asks for what takes a look at whole runs. */
static gboolean
asks_observer (const RtFilter *filter)
{
  for (guint i = 0; filter != NULL && i < rt_filter_get_n_terms (filter); i++)
    {
      const RtFilterTerm *term = rt_filter_get_term (filter, i);

      if ((term->key == RT_FILTER_HAS && term->first != RT_FILTER_HAS_NOTE)
          || (term->key == RT_FILTER_IS && term->first == RT_FILTER_IS_RETRIED))
        return TRUE;
    }
  return FALSE;
}

/* Makes the rows of runs anew that do not say all; @stale takes those that cannot be changed. */
static gboolean
refresh (RtSearch *search, Telling *telling, GError **error)
{
  gboolean observed = asks_observer (search->about->filter);
  g_autoptr (GPtrArray) runs = rt_session_list_runs (search->session, error);

  for (guint i = 0; runs != NULL && i < runs->len; i++)
    {
      const RtRunInfo *info = runs->pdata[i];

      if ((!info->stale && (!observed || info->observed))
          || (search->about->run != 0 && search->about->run != info->id))
        continue;
      if (search->session->state.read_only)
        g_array_append_val (search->stale, info->id);
      else if (!rt_session_refresh_exchanges (search->session, info->id, error)
               || (observed
                   && !rt_session_observe_exchanges (search->session, info->id, tell_looked,
                                                     telling, search->cancellable, error)))
        return FALSE;
    }
  return runs != NULL;
}

/* The rows of these runs are not asked. */
static void
leave_out_stale (RtSearch *search)
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
search_stale (RtSearch *search,
              sqlite3 *db,
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
    if (!rt_search_run_by_analysis (search->session, db, g_array_index (search->stale, gint64, i),
                                    search->about->filter, search->marked, ids, search->cancellable,
                                    error))
      return FALSE;
  for (guint i = known; i < ids->len; i++)
    if (g_array_index (ids, gint64, i) > search->about->after)
      g_array_index (ids, gint64, kept++) = g_array_index (ids, gint64, i);
  g_array_set_size (ids, kept);
  if (batch != NULL)
    batch (&g_array_index (ids, gint64, known), kept - known, search->chunks->len,
           search->chunks->len, data);
  g_array_sort (ids, rt_search_get_compare (search));
  if (search->about->limit > 0 && search->about->order == RT_EXCHANGE_BY_START)
    g_array_set_size (ids, MIN (ids->len, search->about->limit));
  return TRUE;
}

/* -- All together -- */

static void
free_chunk (gpointer data)
{
  RtSearchChunk *chunk = data;

  g_clear_pointer (&chunk->ids, g_array_unref);
}

void
rt_search_init (RtSearch *search,
                RtSession *session,
                const RtExchangeSearch *about,
                GCancellable *cancellable)
{
  *search = (RtSearch){ .session = session, .about = about, .cancellable = cancellable };
  search->values = g_ptr_array_new_with_free_func ((GDestroyNotify)g_variant_unref);
  search->stale = g_array_new (FALSE, FALSE, sizeof (gint64));
  search->chunks = g_array_new (FALSE, FALSE, sizeof (RtSearchChunk));
  g_array_set_clear_func (search->chunks, free_chunk);
  g_mutex_init (&search->lock);
  g_cond_init (&search->changed);
}

void
rt_search_clear (RtSearch *search)
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

/**
 * rt_search_prepare:
 * @db: a connection to the file
 * @batch: (nullable): told how far it is, where rows have to be made first
 * @data: for @batch
 *
 * Finds out what SQL is asked, and how many rows there are.
 */
gboolean
rt_search_prepare (
    RtSearch *search, sqlite3 *db, RtExchangeBatchFunc batch, gpointer data, GError **error)
{
  Telling telling = { batch, data };
  const RtFilter *filter = search->about->filter;

  if (filter != NULL)
    search->condition = rt_search_write_condition (filter, search->values);
  for (guint i = 0; filter != NULL && i < rt_filter_get_n_terms (filter); i++)
    search->of_bytes |= rt_search_is_of_bytes (rt_filter_get_term (filter, i));
  if ((search->condition != NULL || search->of_bytes) && !refresh (search, &telling, error))
    return FALSE;
  leave_out_stale (search);
  return load_marks (search, error) && plan_chunks (search, db, error);
}

/**
 * rt_search_run:
 * @search: prepared
 * @db: a connection to the file
 * @ids: (element-type gint64): what is found is appended to it, by start
 */
gboolean
rt_search_run (RtSearch *search,
               sqlite3 *db,
               GArray *ids,
               RtExchangeBatchFunc batch,
               gpointer data,
               GError **error)
{
  run_workers (search, ids, batch, data);
  if (search->error == NULL)
    return search_stale (search, db, ids, batch, data, error);
  g_propagate_error (error, g_steal_pointer (&search->error));
  return FALSE;
}
