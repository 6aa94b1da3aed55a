/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The exchanges of a view as a list model. Items are made when they are asked for. */
#pragma once

#include <gio/gio.h>

#include "rt-exchange-item.h"
#include "rt-filter.h"

G_BEGIN_DECLS

#define RT_TYPE_EXCHANGE_MODEL (rt_exchange_model_get_type ())
G_DECLARE_FINAL_TYPE (RtExchangeModel, rt_exchange_model, RT, EXCHANGE_MODEL, GObject)

RtExchangeModel *rt_exchange_model_new (void);
void rt_exchange_model_set_view (RtExchangeModel *self, RtView *view);
void rt_exchange_model_set_filter (RtExchangeModel *self, RtFilter *filter);
void
rt_exchange_model_set_order (RtExchangeModel *self, RtExchangeOrder order, gboolean descending);
GArray *rt_exchange_model_dup_ids (RtExchangeModel *self); /* guint */
guint rt_exchange_model_find (RtExchangeModel *self, guint exchange);

G_END_DECLS
