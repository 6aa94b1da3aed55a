/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fills the table `exchange` from what the analysis says of a log. For this folder. */
#pragma once

#include "rt-event.h"
#include "rt-store.h"

G_BEGIN_DECLS

typedef struct _RtExchangeRows RtExchangeRows;

RtExchangeRows *rt_exchange_rows_new (sqlite3 *db, gint64 run, GError **error);
void rt_exchange_rows_free (RtExchangeRows *rows);
void rt_exchange_rows_feed (RtExchangeRows *rows, RtPage *page);
gboolean rt_exchange_rows_store (RtExchangeRows *rows, gboolean all, GError **error);
void rt_exchange_rows_forget (RtExchangeRows *rows);
void rt_exchange_rows_settle (RtExchangeRows *rows);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtExchangeRows, rt_exchange_rows_free)

G_END_DECLS
