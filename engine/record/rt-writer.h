/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The thread that writes a session file, and its queue. For this folder. */
#pragma once

#include "rt-exchange-rows.h"
#include "rt-packer.h"
#include "rt-recorder.h"
#include "rt-session-private.h"

G_BEGIN_DECLS

/**
 * RtJob:
 * @page: (nullable): to be written; %NULL: a hole
 * @first, @n_events, @time, @bytes: what is missing, for a hole
 * @cost: what it takes of the queue
 * @arrived: monotonic clock
 * @fed: its exchanges are known already; an attempt to write it failed
 */
typedef struct
{
  RtRecorder *recorder;
  RtPage *page;
  guint64 first, n_events;
  RtTime time;
  guint64 bytes;
  gsize cost;
  gint64 arrived;
  gboolean fed;
} RtJob;

/* The engine's thread has what stands above the line, the writer's lock guards what is above it
 * too where both need it, and its thread has what stands below. */
struct _RtRecorder
{
  RtSession *session;
  RtWriter *writer;
  gint64 run;
  gboolean wait; /* rather than leave something out */
  gsize queue_limit;
  guint64 dropped;
  gboolean dropping;
  GPtrArray *eventless; /* RtPage: bytes that wait for an event */
  RtNoticeFunc notice;
  gpointer notice_data;
  /* -- */
  guint64 n_events;
  RtExchangeRows *rows;
};

RtWriter *rt_writer_new (RtSession *session, GError **error);
void rt_writer_free (RtWriter *writer);
gint64 rt_writer_add_run (RtWriter *writer,
                          const RtRunInfo *about,
                          RtExchangeRows **ret_rows,
                          GError **error);
void rt_writer_add (RtWriter *writer, RtRecorder *recorder, RtPage *page);
gboolean rt_writer_flush (RtWriter *writer, GError **error);
gboolean rt_writer_finish (RtWriter *writer, RtRecorder *recorder, GError **error);
void rt_writer_forget (RtWriter *writer, RtRecorder *recorder);
void rt_writer_limit_file (RtWriter *writer, guint64 bytes);

G_END_DECLS
