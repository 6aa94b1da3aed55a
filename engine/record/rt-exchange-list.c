/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The list: its own connection to the file, what a search found in the order that was asked for,
 * and rows by key. */
#include "rt-exchange-list.h"

#include "rt-exchanges-private.h"
#include "rt-search-private.h"
#include "rt-session-private.h"

struct _RtExchangeList
{
  gint ref_count;
  RtSession *session;
  GMutex lock;        /* guards @db */
  sqlite3 *db;        /* rows are read from */
  GMutex search_lock; /* guards @search_db */
  sqlite3 *search_db;
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
  g_autoptr (sqlite3) db = rt_store_reopen (session->path, session->state, error);
  g_autoptr (sqlite3) search_db = NULL;
  RtExchangeList *list;

  if (db == NULL)
    return NULL;
  search_db = rt_store_reopen (session->path, session->state, error);
  if (search_db == NULL)
    return NULL;
  rt_search_add_functions (search_db);
  list = g_new0 (RtExchangeList, 1);
  *list = (RtExchangeList){ .ref_count = 1,
                            .session = rt_session_ref (session),
                            .db = g_steal_pointer (&db),
                            .search_db = g_steal_pointer (&search_db) };
  g_mutex_init (&list->lock);
  g_mutex_init (&list->search_lock);
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
  sqlite3_close_v2 (list->search_db);
  rt_session_unref (list->session);
  g_mutex_clear (&list->lock);
  g_mutex_clear (&list->search_lock);
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

/* -- Sorting -- */

static void
wanted_cb (sqlite3_context *context, int n, sqlite3_value **values)
{
  const GArray *ids = sqlite3_user_data (context);
  gint64 id = sqlite3_value_int64 (values[0]);

  sqlite3_result_int (context,
                      g_array_binary_search ((GArray *)ids, &id, rt_search_compare_ids, NULL));
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
take_all (RtExchangeList *list, RtSearch *search, GError **error)
{
  const RtExchangeSearch *about = search->about;
  const RtExchangeQuery query = { .run = about->run, .descending = about->descending };
  gboolean any_order = about->run == 0 && about->limit == 0;
  g_autofree char *order = any_order ? g_strdup ("") : rt_exchanges_order (&query);
  g_autofree char *after = g_strdup_printf (" AND id > %" G_GINT64_FORMAT, about->after);
  g_autoptr (sqlite3_stmt) select = NULL;
  GArray *ids = NULL;

  sqlite3_progress_handler (list->search_db, RT_SEARCH_PROGRESS_OPS, rt_search_is_stopped, search);
  select = rt_exchanges_prepare (list->search_db, "SELECT id FROM exchange", &query, after, order,
                                 error);
  if (select != NULL)
    ids = take_ids (select, about->limit, error);
  sqlite3_progress_handler (list->search_db, 0, NULL, NULL);
  if (ids != NULL && any_order)
    g_array_sort (ids, rt_search_get_compare (search));
  return ids;
}

/* @found: ids in ascending order; NULL: all rows. */
static GArray *
sort (RtExchangeList *list, RtSearch *search, GArray *found, GError **error)
{
  g_autoptr (sqlite3_stmt) select = NULL;
  RtExchangeQuery query = { .run = search->about->run,
                            .order = search->about->order,
                            .descending = search->about->descending };
  g_autofree char *order = rt_exchanges_order (&query);
  g_autofree char *after = g_strdup_printf (" AND id > %" G_GINT64_FORMAT, search->about->after);
  GArray *ids = NULL;

  if (found != NULL)
    {
      sqlite3_create_function_v2 (list->search_db, "rt_wanted", 1, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                  found, wanted_cb, NULL, NULL, NULL);
      query.where = "rt_wanted (id)";
    }
  sqlite3_progress_handler (list->search_db, RT_SEARCH_PROGRESS_OPS, rt_search_is_stopped, search);
  search->stop = FALSE;
  select = rt_exchanges_prepare (list->search_db, "SELECT id FROM exchange", &query, after, order,
                                 error);
  if (select != NULL)
    ids = take_ids (select, search->about->limit, error);
  sqlite3_progress_handler (list->search_db, 0, NULL, NULL);
  return ids;
}

static GArray *
search_all (RtExchangeList *list,
            RtSearch *search,
            RtExchangeBatchFunc batch,
            gpointer data,
            GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  gboolean asks = search->condition != NULL || search->of_bytes;

  if (!asks && search->about->order == RT_EXCHANGE_BY_START)
    {
      GArray *all = take_all (list, search, error);

      if (all != NULL && batch != NULL)
        batch (&g_array_index (all, gint64, 0), all->len, 1, 1, data);
      return all;
    }
  if (asks && !rt_search_run (search, list->search_db, ids, batch, data, error))
    return NULL;
  if (search->about->order != RT_EXCHANGE_BY_START)
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
  g_autoptr (GMutexLocker) lock = g_mutex_locker_new (&list->search_lock);
  g_autoptr (GError) problem = NULL;
  GArray *ids = NULL;
  RtSearch state;

  rt_search_init (&state, list->session, search, cancellable);
  if (rt_search_prepare (&state, list->search_db, batch, data, &problem))
    ids = search_all (list, &state, batch, data, &problem);
  rt_search_clear (&state);
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
