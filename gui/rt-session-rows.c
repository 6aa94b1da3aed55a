/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two kinds of work, each on a thread of GTask's: a search, which gives all numbers in their order
 * and of which the latest counts; and reading the rows that somebody looks at, many at once. The
 * main thread never waits for the file. */
#include "rt-session-rows.h"

#define ROWS "rt-session-rows"
/* How often a search says how far it is. */
#define TELL_MSEC 100
/* Rows that are read at once: those that scrolled past meanwhile are not wanted any more. */
#define MAX_BATCH 400

struct _RtSessionRows
{
  GObject parent_instance;

  RtExchangeList *list;
  gint64 run;
  GArray *ids;        /* gint64 */
  GPtrArray *waiting; /* RtExchangeItem: rows that are to be read */
  gboolean reading;
  GCancellable *search; /* NULL: none is under way */
  gint permille;        /* atomic: of the search */
};

static guint progress;

static GType
get_item_type (GListModel *model)
{
  return RT_TYPE_EXCHANGE_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return RT_SESSION_ROWS (model)->ids->len;
}

static void read_waiting (RtSessionRows *self);

static gpointer
get_item (GListModel *model, guint position)
{
  RtSessionRows *self = RT_SESSION_ROWS (model);
  RtExchangeItem *item;

  if (position >= self->ids->len)
    return NULL;
  item = rt_exchange_item_new_for_row (g_array_index (self->ids, gint64, position));
  g_ptr_array_add (self->waiting, g_object_ref (item));
  read_waiting (self);
  return item;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (RtSessionRows,
                               rt_session_rows,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* Reading rows */

typedef struct
{
  RtExchangeList *list;
  GPtrArray *items;
  GPtrArray *rows; /* RtExchangeRow: those there are, in any order */
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  rt_exchange_list_unref (reading->list);
  g_ptr_array_unref (reading->items);
  g_clear_pointer (&reading->rows, g_ptr_array_unref);
  g_free (reading);
}

static void
reading_work (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  Reading *reading = data;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  GError *error = NULL;

  for (guint i = 0; i < reading->items->len; i++)
    {
      gint64 id = rt_exchange_item_get_row_id (reading->items->pdata[i]);

      g_array_append_val (ids, id);
    }
  reading->rows
      = rt_exchange_list_get_rows (reading->list, (const gint64 *)ids->data, ids->len, &error);
  if (reading->rows != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static RtExchangeRow *
steal_row (GPtrArray *rows, gint64 id)
{
  for (guint i = 0; i < rows->len; i++)
    if (rows->pdata[i] != NULL && ((const RtExchangeRow *)rows->pdata[i])->id == id)
      return g_ptr_array_steal_index_fast (rows, i);
  return NULL;
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  RtSessionRows *self = RT_SESSION_ROWS (object);
  Reading *reading = g_task_get_task_data (G_TASK (result));

  self->reading = FALSE;
  if (g_task_propagate_boolean (G_TASK (result), NULL))
    for (guint i = 0; i < reading->items->len; i++)
      {
        RtExchangeItem *item = reading->items->pdata[i];
        RtExchangeRow *row = steal_row (reading->rows, rt_exchange_item_get_row_id (item));

        if (row != NULL)
          rt_exchange_item_take_row (item, row);
      }
  read_waiting (self);
}

/* What is asked for while some are read is read together afterwards, the latest first. */
static void
read_waiting (RtSessionRows *self)
{
  Reading *reading;
  GTask *task;

  if (self->reading || self->waiting->len == 0)
    return;
  self->reading = TRUE;
  reading = g_new0 (Reading, 1);
  reading->list = rt_exchange_list_ref (self->list);
  reading->items = g_ptr_array_new_with_free_func (g_object_unref);
  while (self->waiting->len > 0 && reading->items->len < MAX_BATCH)
    {
      RtExchangeItem *item = g_ptr_array_steal_index (self->waiting, self->waiting->len - 1);

      /* Nobody but this list holds it any more: it went out of sight. */
      if (G_OBJECT (item)->ref_count > 1 || reading->items->len == 0)
        g_ptr_array_add (reading->items, item);
      else
        g_object_unref (item);
    }
  task = g_task_new (self, NULL, read_cb, NULL);
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, reading_work);
  g_object_unref (task);
}

/* Searching */

typedef struct
{
  RtSessionRows *rows;
  RtExchangeList *list;
  RtExchangeSearch search;
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  rt_exchange_list_unref (search->list);
  g_clear_pointer (&search->search.filter, rt_filter_unref);
  g_free (search);
}

static void
batch_cb (const gint64 *ids, guint n, guint64 done, guint64 total, gpointer data)
{
  Search *search = data;

  g_atomic_int_set (&search->rows->permille, total > 0 ? (gint)(done * 1000 / total) : 0);
}

static void
search_work (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  Search *search = data;
  GError *error = NULL;
  GArray *ids = rt_exchange_list_search (search->list, &search->search, batch_cb, search,
                                         cancellable, &error);

  if (ids != NULL)
    g_task_return_pointer (task, ids, (GDestroyNotify)g_array_unref);
  else
    g_task_return_error (task, error);
}

static void
searched_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  RtSessionRows *self = RT_SESSION_ROWS (object);
  GArray *ids = g_task_propagate_pointer (G_TASK (result), NULL);

  /* A search that was overtaken by another is of no use. */
  if (g_task_get_cancellable (G_TASK (result)) != self->search)
    {
      g_clear_pointer (&ids, g_array_unref);
      return;
    }
  g_clear_object (&self->search);
  if (ids != NULL)
    {
      guint before = self->ids->len;

      g_array_unref (self->ids);
      self->ids = ids;
      g_ptr_array_set_size (self->waiting, 0);
      g_list_model_items_changed (G_LIST_MODEL (self), 0, before, ids->len);
    }
  g_signal_emit (self, progress, 0);
}

static gboolean
tell_cb (gpointer task)
{
  RtSessionRows *self = g_task_get_source_object (task);

  if (g_task_get_completed (task) || self->search != g_task_get_cancellable (task))
    return G_SOURCE_REMOVE;
  g_signal_emit (self, progress, 0);
  return G_SOURCE_CONTINUE;
}

/**
 * rt_session_rows_search:
 * @filter: (nullable): which are listed; %NULL: all
 *
 * The list stays as it is until the search is done; a search that is under way is cancelled.
 */
void
rt_session_rows_search (RtSessionRows *self,
                        RtFilter *filter,
                        RtExchangeOrder order,
                        gboolean descending)
{
  Search *search = g_new0 (Search, 1);
  g_autoptr (GTask) task = NULL;

  rt_session_rows_cancel (self);
  self->search = g_cancellable_new ();
  g_atomic_int_set (&self->permille, 0);
  search->rows = self; /* is kept by the task */
  search->list = rt_exchange_list_ref (self->list);
  search->search = (RtExchangeSearch){ .run = self->run,
                                       .filter = filter != NULL ? rt_filter_ref (filter) : NULL,
                                       .order = order,
                                       .descending = descending };
  task = g_task_new (self, self->search, searched_cb, NULL);
  g_task_set_task_data (task, search, search_free);
  g_task_run_in_thread (task, search_work);
  g_timeout_add_full (G_PRIORITY_DEFAULT, TELL_MSEC, tell_cb, g_object_ref (task), g_object_unref);
  g_signal_emit (self, progress, 0);
}

/** rt_session_rows_cancel: stops a search; the list stays as it is */
void
rt_session_rows_cancel (RtSessionRows *self)
{
  if (self->search == NULL)
    return;
  g_cancellable_cancel (self->search);
  g_clear_object (&self->search);
  g_signal_emit (self, progress, 0);
}

/** rt_session_rows_get_progress: Returns: permille of the search under way; -1: there is none */
int
rt_session_rows_get_progress (RtSessionRows *self)
{
  return self->search != NULL ? g_atomic_int_get (&self->permille) : -1;
}

static void
rt_session_rows_dispose (GObject *object)
{
  RtSessionRows *self = RT_SESSION_ROWS (object);

  if (self->search != NULL)
    g_cancellable_cancel (self->search);
  g_clear_object (&self->search);
  g_ptr_array_set_size (self->waiting, 0);
  G_OBJECT_CLASS (rt_session_rows_parent_class)->dispose (object);
}

static void
rt_session_rows_finalize (GObject *object)
{
  RtSessionRows *self = RT_SESSION_ROWS (object);

  g_ptr_array_unref (self->waiting);
  g_array_unref (self->ids);
  rt_exchange_list_unref (self->list);
  G_OBJECT_CLASS (rt_session_rows_parent_class)->finalize (object);
}

static void
rt_session_rows_class_init (RtSessionRowsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rt_session_rows_dispose;
  G_OBJECT_CLASS (klass)->finalize = rt_session_rows_finalize;
  progress = g_signal_new ("progress", RT_TYPE_SESSION_ROWS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                           G_TYPE_NONE, 0);
}

static void
rt_session_rows_init (RtSessionRows *self)
{
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
}

/** rt_session_rows_new: @run: whose exchanges are listed once rt_session_rows_search() is done */
RtSessionRows *
rt_session_rows_new (RtExchangeList *list, gint64 run)
{
  RtSessionRows *self = g_object_new (RT_TYPE_SESSION_ROWS, NULL);

  self->list = rt_exchange_list_ref (list);
  self->run = run;
  return self;
}

/** rt_session_rows_give: @view: of the same run: what does not fit into it is listed all the same
 */
void
rt_session_rows_give (RtSessionRows *self, RtView *view)
{
  g_object_set_data_full (G_OBJECT (view), ROWS, g_object_ref (self), g_object_unref);
}

/** rt_session_rows_of: Returns: (nullable): of a view that does not hold all of its run */
RtSessionRows *
rt_session_rows_of (RtView *view)
{
  return view != NULL ? g_object_get_data (G_OBJECT (view), ROWS) : NULL;
}
