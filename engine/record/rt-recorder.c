/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The engine's side of recording: what it is given it hands to the session's writer. */
#include "rt-writer.h"

/* What may wait for the disk: two seconds of a fast one. */
#define QUEUE_LIMIT (64 * 1024 * 1024)

static RtWriter *
use_writer (RtSession *session, GError **error)
{
  RtWriter *writer;

  rt_session_lock (session);
  if (session->writer == NULL)
    session->writer = rt_writer_new (session, error);
  if (session->writer != NULL)
    {
      session->n_recorders++;
      session->recorded = TRUE;
    }
  writer = session->writer;
  rt_session_unlock (session);
  return writer;
}

static void
leave_writer (RtSession *session)
{
  RtWriter *done = NULL;

  rt_session_lock (session);
  if (--session->n_recorders == 0)
    done = g_steal_pointer (&session->writer);
  rt_session_unlock (session);
  g_clear_pointer (&done, rt_writer_free);
}

/**
 * rt_session_begin_run:
 * @session: a session that can be written; several runs may be recorded at a time
 * @about: name, title, source, parent, started, lesson and metadata count
 * @notice: (nullable): told when something goes wrong and when it is right again
 * @data: for @notice
 *
 * A lesson or an import waits while the queue is full; a capture, whose traffic must not wait,
 * leaves out bytes and says so in its log. While the disk is full both do.
 *
 * Returns: (transfer full) (nullable): the recorder of a new run
 */
RtRecorder *
rt_session_begin_run (
    RtSession *session, const RtRunInfo *about, RtNoticeFunc notice, gpointer data, GError **error)
{
  RtRunInfo stamped = *about;
  RtExchangeRows *rows = NULL;
  RtRecorder *recorder;
  RtWriter *writer;
  gint64 run;

  if (!rt_session_check_writable (session, error))
    return NULL;
  writer = use_writer (session, error);
  if (writer == NULL)
    return NULL;
  stamped.recorded = g_get_real_time ();
  run = rt_writer_add_run (writer, &stamped, &rows, error);
  if (run == 0)
    {
      leave_writer (session);
      return NULL;
    }
  recorder = g_new0 (RtRecorder, 1);
  *recorder
      = (RtRecorder){ .session = rt_session_ref (session),
                      .writer = writer,
                      .run = run,
                      .wait = about->source != RT_SOURCE_CAPTURE,
                      .queue_limit = QUEUE_LIMIT,
                      .notice = notice,
                      .notice_data = data,
                      .eventless = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_page_unref),
                      .rows = rows };
  return recorder;
}

/* @page with the bytes of the pages that had no event. */
static RtPage *
gather (RtRecorder *recorder, RtPage *page)
{
  g_autoptr (GArray) chunks = g_array_new (FALSE, FALSE, sizeof (RtChunk));
  RtPage *whole;

  for (guint i = 0; i < recorder->eventless->len; i++)
    {
      const RtPage *early = recorder->eventless->pdata[i];

      g_array_append_vals (chunks, early->chunks, early->n_chunks);
    }
  g_array_append_vals (chunks, page->chunks, page->n_chunks);
  whole = rt_page_new (page->first, page->events, page->n, page->arena,
                       (const RtChunk *)(gpointer)chunks->data, chunks->len);
  g_ptr_array_set_size (recorder->eventless, 0);
  return whole;
}

/**
 * rt_recorder_add_page:
 * @page: the log's next page
 * @recorder: (type RtRecorder): a recorder
 *
 * Of the type #RtLogSink. Does not wait for the disk, but see rt_session_begin_run().
 */
void
rt_recorder_add_page (RtPage *page, gpointer recorder)
{
  RtRecorder *self = recorder;
  g_autoptr (RtPage) whole = NULL;

  if (page->n == 0)
    {
      /* Bytes are found by the events of their page, so they go with the next one that has any.
       * Without it nothing refers to them. */
      g_ptr_array_add (self->eventless, rt_page_ref (page));
      return;
    }
  if (self->eventless->len > 0)
    whole = gather (self, page);
  rt_writer_add (self->writer, self, whole != NULL ? whole : page);
}

/**
 * rt_recorder_flush:
 * @recorder: a recorder
 *
 * Waits until what was added is committed: a process that is killed from here on keeps it. The log
 * itself is flushed by its owner.
 *
 * Errors: that of the attempt to write it. It is tried again all the same.
 *
 * Returns: %TRUE if it is
 */
gboolean
rt_recorder_flush (RtRecorder *recorder, GError **error)
{
  return rt_writer_flush (recorder->writer, error);
}

/**
 * rt_recorder_finish:
 * @recorder: (transfer full): a recorder
 *
 * Writes what is left, marks the run as finished and frees the recorder.
 *
 * Returns: %TRUE if all that was added is in the file
 */
gboolean
rt_recorder_finish (RtRecorder *recorder, GError **error)
{
  gboolean done = rt_writer_finish (recorder->writer, recorder, error);

  rt_recorder_free (recorder);
  return done;
}

/**
 * rt_recorder_free:
 * @recorder: a recorder that is given up: its run stays unfinished
 */
void
rt_recorder_free (RtRecorder *recorder)
{
  rt_writer_forget (recorder->writer, recorder);
  leave_writer (recorder->session);
  rt_session_unref (recorder->session);
  g_ptr_array_unref (recorder->eventless);
  g_free (recorder);
}

gint64
rt_recorder_get_run (RtRecorder *recorder)
{
  return recorder->run;
}

/**
 * rt_recorder_set_wait:
 * @recorder: a recorder that nothing was added to
 * @wait: while the queue is full, rt_recorder_add_page() waits for the disk, rather than leave
 *   something out; see rt_session_begin_run() for what is done otherwise
 */
void
rt_recorder_set_wait (RtRecorder *recorder, gboolean wait)
{
  recorder->wait = wait;
}

/**
 * rt_recorder_set_queue_limit:
 * @bytes: what may wait for the disk. Without bytes of streams half as much again may wait; what
 *   comes after is counted alone
 */
void
rt_recorder_set_queue_limit (RtRecorder *recorder, gsize bytes)
{
  recorder->queue_limit = bytes;
}

/**
 * rt_recorder_set_file_limit:
 * @bytes: size of the file from which on the disk counts as full; 0: none
 */
void
rt_recorder_set_file_limit (RtRecorder *recorder, guint64 bytes)
{
  rt_writer_limit_file (recorder->writer, bytes);
}
