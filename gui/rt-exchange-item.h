/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One row of the exchange list: an exchange of a view, or a row of a session file that may still be
 * on its way. */
#pragma once

#include "rt-exchanges.h"
#include "rt-view.h"

G_BEGIN_DECLS

/** RtExchangeItem: Signals: `loaded`: its row is there. */
#define RT_TYPE_EXCHANGE_ITEM (rt_exchange_item_get_type ())
G_DECLARE_FINAL_TYPE (RtExchangeItem, rt_exchange_item, RT, EXCHANGE_ITEM, GObject)

RtExchangeItem *rt_exchange_item_new (RtView *view, guint id);
RtExchangeItem *rt_exchange_item_new_for_row (gint64 row_id);

RtView *rt_exchange_item_get_view (RtExchangeItem *self);
guint rt_exchange_item_get_id (RtExchangeItem *self);
gint64 rt_exchange_item_get_row_id (RtExchangeItem *self);
const RtExchangeRow *rt_exchange_item_get_row (RtExchangeItem *self);
void rt_exchange_item_take_row (RtExchangeItem *self, RtExchangeRow *row);

G_END_DECLS
