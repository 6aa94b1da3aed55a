/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A writer from within: what its thread and those that add to its queue share. */
#pragma once

#include "rt-writer.h"

G_BEGIN_DECLS

struct _RtWriter
{
  RtSession *session; /* borrowed: its recorders hold it */
  sqlite3 *db;
  RtPacker *packer;
  sqlite3_stmt *update_run;
  GThread *thread;
  GThreadPool *derivers; /* (nullable): one thread */
  GMutex db_lock;        /* guards @db and its statements; taken before @lock or without it */

  GMutex lock;
  GCond changed;
  GQueue jobs; /* RtJob; those being written stay at its head */
  gsize queued;
  guint64 n_added, n_done, n_attempts;
  guint in_hand; /* jobs at the head that the thread is writing */
  gboolean hurry, stop;
  gboolean deriving; /* rows of the jobs in hand */
  GError *pause;     /* why nothing can be written now */
  GError *failure;
  guint64 file_limit, limit_applied;
};

void
rt_recorder_notify (RtRecorder *recorder, RtNoticeKind kind, const GError *error, guint64 bytes);

G_END_DECLS
