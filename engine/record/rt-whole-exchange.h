/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Exchanges that were put together from a source without bytes, read without an analysis. For this
 * folder. */
#pragma once

#include "rt-analysis.h"

G_BEGIN_DECLS

/**
 * RtWholeExchange:
 * @exchange: as an analysis of its connection gives it, but without notes; its events have the
 *   numbers of the log and its messages the offsets of the log
 *
 * An exchange whose request and response are all there.
 */
typedef struct
{
  RtExchange exchange;
  RtTransfer request, response;
  char *scheme, *authority;
} RtWholeExchange;

/**
 * RtWholeSource:
 * @connection: that the events are of
 * @buffers: by direction
 * @offsets: by direction: where the next message begins
 * @events: (array length=n): that follow, their spans by the log's offsets
 * @numbers: (array length=n): of the events in the log
 * @arena: (array length=arena_size): their details
 * @dup_bytes: Returns: (transfer full) (nullable): bytes of one of the buffers; with @data
 */
typedef struct
{
  const RtConnectionInfo *connection;
  RtBufferId buffers[2];
  guint64 offsets[2];
  const RtEvent *events;
  const guint64 *numbers;
  guint n;
  const guint8 *arena;
  gsize arena_size;
  GBytes *(*dup_bytes) (gpointer data, RtSpan span);
  gpointer data;
} RtWholeSource;

RtWholeExchange *rt_whole_exchange_read (RtWholeSource *source);
void rt_whole_exchange_free (RtWholeExchange *whole);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtWholeExchange, rt_whole_exchange_free)

G_END_DECLS
