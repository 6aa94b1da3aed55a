/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One row of the exchange list, drawn by itself: lists of a million rows scroll by it. */
#pragma once

#include <gtk/gtk.h>

#include "rt-exchange-item.h"

G_BEGIN_DECLS

#define RT_TYPE_LIST_ROW (rt_list_row_get_type ())
G_DECLARE_FINAL_TYPE (RtListRow, rt_list_row, RT, LIST_ROW, GtkWidget)

GtkWidget *rt_list_row_new (void);
void rt_list_row_set_item (RtListRow *self, RtExchangeItem *item);
guint rt_list_row_get_exchange (RtListRow *self);
const char *rt_list_row_get_words (RtListRow *self);

G_END_DECLS
