/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The exchanges of a view as a list model. Items are made when they are asked for. */
#pragma once

#include <gio/gio.h>

#include "rt-view.h"

G_BEGIN_DECLS

#define RT_TYPE_EXCHANGE_ITEM (rt_exchange_item_get_type ())
G_DECLARE_FINAL_TYPE (RtExchangeItem, rt_exchange_item, RT, EXCHANGE_ITEM, GObject)

RtView *rt_exchange_item_get_view (RtExchangeItem *self);
guint rt_exchange_item_get_id (RtExchangeItem *self);

#define RT_TYPE_EXCHANGE_MODEL (rt_exchange_model_get_type ())
G_DECLARE_FINAL_TYPE (RtExchangeModel, rt_exchange_model, RT, EXCHANGE_MODEL, GObject)

RtExchangeModel *rt_exchange_model_new (void);
void rt_exchange_model_set_view (RtExchangeModel *self, RtView *view);
gboolean rt_exchange_model_set_filter (RtExchangeModel *self, const char *text, GError **error);
guint rt_exchange_model_find (RtExchangeModel *self, guint exchange);

G_END_DECLS
