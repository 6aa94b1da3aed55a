/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All exchanges of a log, one at a time, in memory that does not grow with it. For this folder. */
#pragma once

#include "rt-lane.h"

G_BEGIN_DECLS

/**
 * RtWalkFunc:
 * @lane: whose analysis has @exchange; the numbers of its events and the offsets of its bytes are
 *   those of the lane, and all bytes of it can be read
 * @number: what an analysis of the whole log calls it
 *
 * Called once for each exchange, when it has ended or the log has.
 */
typedef void (*RtWalkFunc) (RtLane *lane, const RtExchange *exchange, guint number, gpointer data);

gboolean rt_exchange_walk (RtReader *source,
                           GHashTable *only,
                           const gint *stop,
                           RtWalkFunc func,
                           gpointer data,
                           GError **error);

G_END_DECLS
