/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Queries of the table `exchange` on a connection of one's own. For this folder. */
#pragma once

#include "rt-exchanges.h"
#include "rt-store.h"

G_BEGIN_DECLS

sqlite3_stmt *rt_exchanges_prepare (sqlite3 *db,
                                    const char *select,
                                    const RtExchangeQuery *query,
                                    const char *more,
                                    const char *end,
                                    GError **error);
char *rt_exchanges_order (const RtExchangeQuery *query);
gint64 rt_exchanges_count (sqlite3 *db, const RtExchangeQuery *query, GError **error);
GPtrArray *
rt_exchanges_get (sqlite3 *db, const gint64 *ids, guint n, GError **error); /* RtExchangeRow */

G_END_DECLS
