/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table `exchange`: what lists, sorts and filters read instead of the logs. */
#pragma once

#include "rt-session.h"
#include "rt-traits.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RtExchangeRow:
 * @id: row in the file
 * @number: the analysis' number of the exchange within its run
 * @method, @target, @authority, @scheme, @client, @server: (nullable): what is not known is %NULL
 * @duration: %RT_TIME_NEVER while it goes on
 * @status: 0 = none
 * @request_bytes, @response_bytes: whole messages as they crossed
 * @first_event, @last_event: where it stands in the log
 * @reconstructed: put together from a source that kept no bytes
 * @media_type: (nullable): of the response
 * @flags: what else holds for it
 * @tunnel_bytes: that crossed the tunnel that it opened, in both directions
 */
typedef struct
{
  gint64 id, run;
  guint number;
  RtTime started, duration;
  char *method, *scheme, *authority, *target;
  guint status;
  guint64 request_bytes, response_bytes;
  RtConnection connection;
  char *client, *server;
  guint64 first_event, last_event;
  gboolean reconstructed;
  char *media_type;
  RtTraitFlags flags;
  guint64 tunnel_bytes;
} RtExchangeRow;

void rt_exchange_row_free (RtExchangeRow *row);

/**
 * RtExchangeOrder: what rows are sorted by; equals keep the order of their start.
 */
typedef enum
{
  RT_EXCHANGE_BY_START,
  RT_EXCHANGE_BY_DURATION,
  RT_EXCHANGE_BY_METHOD,
  RT_EXCHANGE_BY_AUTHORITY,
  RT_EXCHANGE_BY_TARGET,
  RT_EXCHANGE_BY_STATUS,
  RT_EXCHANGE_BY_REQUEST_BYTES,
  RT_EXCHANGE_BY_RESPONSE_BYTES,
  RT_N_EXCHANGE_ORDERS,
} RtExchangeOrder;

/**
 * RtExchangeQuery:
 * @run: 0 = all runs
 * @where: (nullable): an SQL expression over the documented columns, `status = ?1 AND method = ?2`;
 *   written by the program, never by a user
 * @values: (nullable) (element-type GVariant): its parameters: `s` or `x`
 * @descending: turns @order around
 */
typedef struct
{
  gint64 run;
  const char *where;
  GPtrArray *values;
  RtExchangeOrder order;
  gboolean descending;
} RtExchangeQuery;

gint64
rt_session_count_exchanges (RtSession *session, const RtExchangeQuery *query, GError **error);
GArray *rt_session_select_exchanges (RtSession *session,
                                     const RtExchangeQuery *query,
                                     GError **error); /* gint64 */
GPtrArray *rt_session_list_exchanges (RtSession *session,
                                      const RtExchangeQuery *query,
                                      gint64 after,
                                      guint limit,
                                      GError **error); /* RtExchangeRow */
GPtrArray *rt_session_get_exchanges (RtSession *session,
                                     const gint64 *ids,
                                     guint n,
                                     GError **error); /* RtExchangeRow */
gboolean rt_session_refresh_exchanges (RtSession *session, gint64 run, GError **error);

/** RtObserveFunc: Called on the way, @done of @total events. */
typedef void (*RtObserveFunc) (guint64 done, guint64 total, gpointer data);

gboolean rt_session_observe_exchanges (RtSession *session,
                                       gint64 run,
                                       RtObserveFunc progress,
                                       gpointer data,
                                       GCancellable *cancellable,
                                       GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtExchangeRow, rt_exchange_row_free)

G_END_DECLS
