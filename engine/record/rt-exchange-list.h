/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A list of the exchanges of a session, sorted and filtered, of which only what is seen is read:
 * eight bytes an exchange in memory, rows by key. */
#pragma once

#include "rt-exchanges.h"
#include "rt-filter.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RtExchangeList:
 *
 * Has connections of its own to the file and so waits for nobody. Its functions wait for the disk
 * and may be called from any thread; searches wait for one another, and so do the others, but rows
 * can be read while a search goes on. For a window: call them from a worker's thread and give it
 * the arrays; they are the caller's.
 *
 * Of a run that is being recorded, what is committed is seen; ask again for more.
 */
typedef struct _RtExchangeList RtExchangeList;

/**
 * RtExchangeSearch:
 * @run: 0 = all runs
 * @filter: (nullable): which; %NULL: all
 * @order: by what they are sorted; equals in the order of their start
 * @descending: the other way round
 * @after: only rows with a greater id: those that were not there when it was asked before
 * @limit: how many at most; 0: all. With the order of the start it ends the search early
 */
typedef struct
{
  gint64 run;
  RtFilter *filter;
  RtExchangeOrder order;
  gboolean descending;
  gint64 after;
  guint limit;
} RtExchangeSearch;

/**
 * RtExchangeBatchFunc:
 * @ids: (array length=n): rows that match and were not told before, in the order of their start,
 *   whatever the order asked for
 * @done: how much was looked at, of @total; where rows have to be made before they can be searched
 *   it goes through that first
 *
 * Called in the thread that searches, some times a second, for progress and first results.
 */
typedef void (*RtExchangeBatchFunc) (
    const gint64 *ids, guint n, guint64 done, guint64 total, gpointer data);

RtExchangeList *rt_exchange_list_new (RtSession *session, GError **error);
RtExchangeList *rt_exchange_list_ref (RtExchangeList *list);
void rt_exchange_list_unref (RtExchangeList *list);
RtSession *rt_exchange_list_get_session (RtExchangeList *list);

GArray *rt_exchange_list_search (RtExchangeList *list,
                                 const RtExchangeSearch *search,
                                 RtExchangeBatchFunc batch,
                                 gpointer data,
                                 GCancellable *cancellable,
                                 GError **error); /* gint64 */
gint64 rt_exchange_list_count (RtExchangeList *list, gint64 run, GError **error);
GPtrArray *rt_exchange_list_get_rows (RtExchangeList *list,
                                      const gint64 *ids,
                                      guint n,
                                      GError **error);               /* RtExchangeRow */
char **rt_exchange_list_dup_values (RtFilterKey key, gpointer list); /* a RtFilterValuesFunc */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtExchangeList, rt_exchange_list_unref)

G_END_DECLS
