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
 * RtObservedRow:
 * @first_event: of the exchange
 * @connection: that it crossed
 * @offset: where its request, or else its response, stands in its buffer: several may begin with
 *   one event; -1: nowhere
 * @flags: #RtTraitFlags that it has
 */
typedef struct
{
  guint64 first_event;
  RtConnection connection;
  gint64 offset;
  guint flags;
} RtObservedRow;

/** RtFlagsFunc: Returns: %FALSE to stop */
typedef gboolean (*RtFlagsFunc) (const RtObservedRow *row, gpointer data, GError **error);

gboolean rt_observed_rows_find (RtReader *reader,
                                gboolean observed,
                                RtFlagsFunc found,
                                gpointer data,
                                RtObserveFunc progress,
                                gpointer progress_data,
                                GCancellable *cancellable,
                                GError **error);

G_END_DECLS
