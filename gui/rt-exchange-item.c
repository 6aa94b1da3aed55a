/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Items are made when they are asked for and go when they are out of sight. */
#include "rt-exchange-item.h"

struct _RtExchangeItem
{
  GObject parent_instance;

  RtView *view; /* NULL: of a session file */
  guint id;
  gint64 row_id;
  RtExchangeRow *row; /* NULL: on its way */
};

static guint loaded;

G_DEFINE_FINAL_TYPE (RtExchangeItem, rt_exchange_item, G_TYPE_OBJECT)

static void
rt_exchange_item_finalize (GObject *object)
{
  RtExchangeItem *self = RT_EXCHANGE_ITEM (object);

  g_clear_object (&self->view);
  g_clear_pointer (&self->row, rt_exchange_row_free);
  G_OBJECT_CLASS (rt_exchange_item_parent_class)->finalize (object);
}

static void
rt_exchange_item_class_init (RtExchangeItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_exchange_item_finalize;
  loaded = g_signal_new ("loaded", RT_TYPE_EXCHANGE_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                         G_TYPE_NONE, 0);
}

static void
rt_exchange_item_init (RtExchangeItem *self)
{
}

/** rt_exchange_item_new: @id: of an exchange of @view */
RtExchangeItem *
rt_exchange_item_new (RtView *view, guint id)
{
  RtExchangeItem *self = g_object_new (RT_TYPE_EXCHANGE_ITEM, NULL);

  self->view = g_object_ref (view);
  self->id = id;
  return self;
}

/** rt_exchange_item_new_for_row: @row_id: of a row that rt_exchange_item_take_row() will bring */
RtExchangeItem *
rt_exchange_item_new_for_row (gint64 row_id)
{
  RtExchangeItem *self = g_object_new (RT_TYPE_EXCHANGE_ITEM, NULL);

  self->row_id = row_id;
  return self;
}

/** rt_exchange_item_get_view: Returns: (nullable): %NULL: it is a row of a session file */
RtView *
rt_exchange_item_get_view (RtExchangeItem *self)
{
  return self->view;
}

/** rt_exchange_item_get_id: Returns: the exchange's number in its run; 0: not known yet */
guint
rt_exchange_item_get_id (RtExchangeItem *self)
{
  return self->row != NULL ? self->row->number : self->id;
}

gint64
rt_exchange_item_get_row_id (RtExchangeItem *self)
{
  return self->row_id;
}

/** rt_exchange_item_get_row: Returns: (nullable): %NULL: on its way */
const RtExchangeRow *
rt_exchange_item_get_row (RtExchangeItem *self)
{
  return self->row;
}

/** rt_exchange_item_take_row: @row: (transfer full) */
void
rt_exchange_item_take_row (RtExchangeItem *self, RtExchangeRow *row)
{
  g_clear_pointer (&self->row, rt_exchange_row_free);
  self->row = row;
  g_signal_emit (self, loaded, 0);
}
