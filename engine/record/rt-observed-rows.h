/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a run's exchanges are found to have, beyond what their own bytes say. For this folder. */
#pragma once

#include "rt-exchanges.h"
#include "rt-reader.h"

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/**
 * RtFlagsFunc:
 * @first_event: of the exchange
 * @connection: that it crossed
 * @flags: #RtTraitFlags that it has
 *
 * Returns: %FALSE to stop
 */
typedef gboolean (*RtFlagsFunc) (
    guint64 first_event, RtConnection connection, guint flags, gpointer data, GError **error);

gboolean rt_observed_rows_find (RtReader *reader,
                                gboolean observed,
                                RtFlagsFunc found,
                                gpointer data,
                                RtObserveFunc progress,
                                gpointer progress_data,
                                GCancellable *cancellable,
                                GError **error);

G_END_DECLS
