/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The event log: what happened, in one order. Appended by the engine's thread alone. */
#pragma once

#include "rt-event.h"
#include "rt-reader.h"

G_BEGIN_DECLS

/** RT_LOG_KEEP_ALL: keep every byte and event in memory. */
#define RT_LOG_KEEP_ALL G_MAXSIZE

typedef struct _RtLog RtLog;

/**
 * RtLogSink:
 * @page: a page that was just sealed; take a reference to keep it
 *
 * Called on the engine's thread.
 */
typedef void (*RtLogSink) (RtPage *page, gpointer data);

RtLog *rt_log_new (gsize keep_bytes, RtLogSink sink, gpointer data);
void rt_log_free (RtLog *log);

RtPartyId rt_log_add_party (RtLog *log, RtTime time, const char *name, const char *kind);
RtBufferId rt_log_add_buffer (RtLog *log,
                              RtTime time,
                              RtConnection connection,
                              RtPartyId from,
                              RtDirection direction,
                              RtProvenance provenance,
                              RtBufferId source);
RtConnection rt_log_next_connection (RtLog *log);
RtSpan rt_log_write (RtLog *log, RtBufferId buffer, GBytes *bytes);
guint64 rt_log_append (RtLog *log, const RtEvent *event, GVariant *detail);
void rt_log_flush (RtLog *log);

gboolean rt_log_is_heard (RtLog *log);
guint64 rt_log_get_length (RtLog *log);
GBytes *rt_log_dup_bytes (RtLog *log, RtSpan span, GError **error);
RtReader *rt_log_get_reader (RtLog *log);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtLog, rt_log_free)

G_END_DECLS
