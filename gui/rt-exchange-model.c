/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rows are numbers of exchanges; which of them are shown is decided by the filter once, when
 * it is set or the view was fed more. */
#include "rt-exchange-model.h"

#include "rt-notebook.h"

#include <string.h>

struct _RtExchangeModel
{
  GObject parent_instance;

  RtView *view;
  GSignalGroup *signals, *notes;
  RtFilter *filter; /* NULL: all */
  RtExchangeOrder order;
  gboolean descending;
  GArray *ids; /* guint, in that order */
};

static GType
get_item_type (GListModel *model)
{
  return RT_TYPE_EXCHANGE_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return RT_EXCHANGE_MODEL (model)->ids->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  RtExchangeModel *self = RT_EXCHANGE_MODEL (model);

  if (position >= self->ids->len)
    return NULL;
  return rt_exchange_item_new (self->view, g_array_index (self->ids, guint, position));
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (RtExchangeModel,
                               rt_exchange_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static guint64
bytes_of (const RtTransfer *transfer)
{
  return transfer != NULL ? transfer->whole.length : 0;
}

static int
compare_numbers (gint64 a, gint64 b)
{
  return a < b ? -1 : a > b;
}

static int
compare_texts (RtText a, RtText b)
{
  int order = memcmp (a.at, b.at, MIN (a.length, b.length));

  return order != 0 ? order : compare_numbers ((gint64)a.length, (gint64)b.length);
}

static RtText
target_of (const RtExchange *exchange, gboolean method)
{
  const RtMessage *message = exchange->request != NULL ? exchange->request->message : NULL;

  if (message == NULL)
    return rt_text ("");
  return method ? message->method : message->target;
}

static guint
status_of (const RtExchange *exchange)
{
  return exchange->response != NULL ? exchange->response->message->status : 0;
}

static gint64
duration_of (const RtExchange *exchange)
{
  return exchange->ended != RT_TIME_UNKNOWN ? exchange->ended - exchange->started : RT_TIME_NEVER;
}

static int
compare_by (RtExchangeOrder order, const RtExchange *a, const RtExchange *b)
{
  switch (order)
    {
    case RT_EXCHANGE_BY_DURATION:
      return compare_numbers (duration_of (a), duration_of (b));
    case RT_EXCHANGE_BY_METHOD:
      return compare_texts (target_of (a, TRUE), target_of (b, TRUE));
    case RT_EXCHANGE_BY_AUTHORITY:
      return g_strcmp0 (a->authority, b->authority);
    case RT_EXCHANGE_BY_TARGET:
      return compare_texts (target_of (a, FALSE), target_of (b, FALSE));
    case RT_EXCHANGE_BY_STATUS:
      return compare_numbers (status_of (a), status_of (b));
    case RT_EXCHANGE_BY_REQUEST_BYTES:
      return compare_numbers ((gint64)bytes_of (a->request), (gint64)bytes_of (b->request));
    case RT_EXCHANGE_BY_RESPONSE_BYTES:
      return compare_numbers ((gint64)bytes_of (a->response), (gint64)bytes_of (b->response));
    case RT_EXCHANGE_BY_START:
    case RT_N_EXCHANGE_ORDERS:
      break;
    }
  return 0;
}

/* Equals keep the order of their start. */
static int
compare (gconstpointer left, gconstpointer right, gpointer data)
{
  RtExchangeModel *self = data;
  RtAnalysis *analysis = rt_view_get_analysis (self->view);
  guint a = *(const guint *)left, b = *(const guint *)right;
  int order = compare_by (self->order, rt_analysis_get_exchange (analysis, a),
                          rt_analysis_get_exchange (analysis, b));

  order = order != 0 ? order : compare_numbers (a, b);
  return self->descending ? -order : order;
}

static void
refill (RtExchangeModel *self)
{
  guint before = self->ids->len;
  RtAnalysis *analysis = self->view != NULL ? rt_view_get_analysis (self->view) : NULL;
  GPtrArray *exchanges = analysis != NULL ? rt_analysis_get_exchanges (analysis) : NULL;
  RtNotebook *notebook = self->view != NULL ? rt_notebook_of (self->view) : NULL;

  g_array_set_size (self->ids, 0);
  for (guint i = 0; exchanges != NULL && i < exchanges->len; i++)
    {
      const RtExchange *exchange = exchanges->pdata[i];

      if (self->filter == NULL
          || rt_filter_matches (self->filter, analysis, exchange,
                                rt_notebook_get_state (notebook, exchange->id)))
        g_array_append_val (self->ids, exchange->id);
    }
  if (self->order != RT_EXCHANGE_BY_START || self->descending)
    g_array_sort_with_data (self->ids, compare, self);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before, self->ids->len);
}

static void
rt_exchange_model_finalize (GObject *object)
{
  RtExchangeModel *self = RT_EXCHANGE_MODEL (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->notes);
  g_clear_object (&self->view);
  g_clear_pointer (&self->filter, rt_filter_unref);
  g_array_unref (self->ids);
  G_OBJECT_CLASS (rt_exchange_model_parent_class)->finalize (object);
}

static void
rt_exchange_model_class_init (RtExchangeModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_exchange_model_finalize;
}

static void
rt_exchange_model_init (RtExchangeModel *self)
{
  self->ids = g_array_new (FALSE, FALSE, sizeof (guint));
  self->signals = g_signal_group_new (RT_TYPE_VIEW);
  g_signal_group_connect_swapped (self->signals, "changed", G_CALLBACK (refill), self);
  self->notes = g_signal_group_new (RT_TYPE_NOTEBOOK);
  g_signal_group_connect_swapped (self->notes, "changed", G_CALLBACK (refill), self);
}

RtExchangeModel *
rt_exchange_model_new (void)
{
  return g_object_new (RT_TYPE_EXCHANGE_MODEL, NULL);
}

/** rt_exchange_model_set_view: @view: (nullable): whose exchanges are listed */
void
rt_exchange_model_set_view (RtExchangeModel *self, RtView *view)
{
  if (!g_set_object (&self->view, view))
    return;
  g_signal_group_set_target (self->signals, view);
  g_signal_group_set_target (self->notes, view != NULL ? rt_notebook_of (view) : NULL);
  refill (self);
}

/**
 * rt_exchange_model_set_filter:
 * @filter: (nullable): %NULL: all are shown
 */
void
rt_exchange_model_set_filter (RtExchangeModel *self, RtFilter *filter)
{
  g_clear_pointer (&self->filter, rt_filter_unref);
  self->filter = filter != NULL ? rt_filter_ref (filter) : NULL;
  refill (self);
}

/** rt_exchange_model_set_order: @order: by what they are sorted; equals by their start */
void
rt_exchange_model_set_order (RtExchangeModel *self, RtExchangeOrder order, gboolean descending)
{
  self->order = order;
  self->descending = descending;
  refill (self);
}

/** rt_exchange_model_dup_ids: Returns: (transfer full): of those that are listed, in order */
GArray *
rt_exchange_model_dup_ids (RtExchangeModel *self)
{
  return g_array_copy (self->ids);
}

/** rt_exchange_model_find: Returns: the position of an exchange; %G_MAXUINT: it is not listed */
guint
rt_exchange_model_find (RtExchangeModel *self, guint exchange)
{
  for (guint i = 0; i < self->ids->len; i++)
    if (g_array_index (self->ids, guint, i) == exchange)
      return i;
  return G_MAXUINT;
}
