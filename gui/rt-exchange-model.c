/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rows are numbers of exchanges; which of them are shown is decided by the filter once, when
 * it is set or the view was fed more. */
#include "rt-exchange-model.h"

#include "rt-notebook.h"

struct _RtExchangeItem
{
  GObject parent_instance;

  RtView *view;
  guint id;
};

G_DEFINE_FINAL_TYPE (RtExchangeItem, rt_exchange_item, G_TYPE_OBJECT)

static void
rt_exchange_item_finalize (GObject *object)
{
  g_object_unref (RT_EXCHANGE_ITEM (object)->view);
  G_OBJECT_CLASS (rt_exchange_item_parent_class)->finalize (object);
}

static void
rt_exchange_item_class_init (RtExchangeItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_exchange_item_finalize;
}

static void
rt_exchange_item_init (RtExchangeItem *self)
{
}

RtView *
rt_exchange_item_get_view (RtExchangeItem *self)
{
  return self->view;
}

guint
rt_exchange_item_get_id (RtExchangeItem *self)
{
  return self->id;
}

struct _RtExchangeModel
{
  GObject parent_instance;

  RtView *view;
  GSignalGroup *signals, *notes;
  RtFilter *filter; /* NULL: all */
  GArray *ids;      /* guint, ascending */
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
  RtExchangeItem *item;

  if (position >= self->ids->len)
    return NULL;
  item = g_object_new (RT_TYPE_EXCHANGE_ITEM, NULL);
  item->view = g_object_ref (self->view);
  item->id = g_array_index (self->ids, guint, position);
  return item;
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
 * @text: as rt_filter_new() has it; empty: all are shown
 *
 * Returns: whether it could be understood; else the list stays as it was
 */
gboolean
rt_exchange_model_set_filter (RtExchangeModel *self, const char *text, GError **error)
{
  RtFilter *filter = NULL;

  if (*text != '\0' && (filter = rt_filter_new (text, error)) == NULL)
    return FALSE;
  g_clear_pointer (&self->filter, rt_filter_unref);
  self->filter = filter;
  refill (self);
  return TRUE;
}

/** rt_exchange_model_find: Returns: the position of an exchange; %G_MAXUINT: it is not listed */
guint
rt_exchange_model_find (RtExchangeModel *self, guint exchange)
{
  guint low = 0, high = self->ids->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (g_array_index (self->ids, guint, middle) < exchange)
        low = middle + 1;
      else
        high = middle;
    }
  return low < self->ids->len && g_array_index (self->ids, guint, low) == exchange ? low
                                                                                   : G_MAXUINT;
}
