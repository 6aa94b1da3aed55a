/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Recording: pages of a log go through a bounded queue to the one thread that writes the file. */
#pragma once

#include "rt-session.h"

G_BEGIN_DECLS

/**
 * RtNoticeKind:
 * @RT_NOTICE_PAUSED: nothing can be written now (disk full, file locked); it is tried again and
 *   what comes is kept in the queue
 * @RT_NOTICE_RESUMED: it could be written
 * @RT_NOTICE_DROPPED: the queue was full: bytes were left out, and the log says so by
 *   %RT_EVENT_GAP
 * @RT_NOTICE_FAILED: the recording is over; what was written stays
 */
typedef enum
{
  RT_NOTICE_PAUSED,
  RT_NOTICE_RESUMED,
  RT_NOTICE_DROPPED,
  RT_NOTICE_FAILED,
} RtNoticeKind;

/**
 * RtNotice:
 * @error: (nullable): why; borrowed
 * @bytes: DROPPED: how many so far
 */
typedef struct
{
  RtNoticeKind kind;
  const GError *error;
  guint64 bytes;
} RtNotice;

/** RtNoticeFunc: called on the writer's thread; DROPPED on the engine's. Must not block. */
typedef void (*RtNoticeFunc) (const RtNotice *notice, gpointer data);

/**
 * RtRecorder:
 *
 * Records one run. Used by one thread, the engine's.
 */
typedef struct _RtRecorder RtRecorder;

RtRecorder *rt_session_begin_run (
    RtSession *session, const RtRunInfo *about, RtNoticeFunc notice, gpointer data, GError **error);
void rt_recorder_add_page (RtPage *page, gpointer recorder); /* an RtLogSink */
gboolean rt_recorder_flush (RtRecorder *recorder, GError **error);
gboolean rt_recorder_finish (RtRecorder *recorder, GError **error);
void rt_recorder_free (RtRecorder *recorder);
gint64 rt_recorder_get_run (RtRecorder *recorder);
void rt_recorder_set_wait (RtRecorder *recorder, gboolean wait);
void rt_recorder_set_queue_limit (RtRecorder *recorder, gsize bytes);
void rt_recorder_set_file_limit (RtRecorder *recorder, guint64 bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtRecorder, rt_recorder_free)

G_END_DECLS
