/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Work that may take long: it has a thread of its own, says how far it is, and can be cancelled. */
#include "rt-tutor-private.h"

/* How often the window is told. */
#define TELL_MSEC 100

/** rt_tutor_work_init: @words: (transfer full): what is done, for people */
void
rt_tutor_work_init (RtTutorWork *work, char *words)
{
  work->words = words;
  g_mutex_init (&work->lock);
}

void
rt_tutor_work_clear (RtTutorWork *work)
{
  g_free (work->words);
  g_mutex_clear (&work->lock);
}

/* For whom an #RtImportProgress is asked. */
void
rt_tutor_work_progress (guint64 done, guint64 total, gpointer data)
{
  RtTutorWork *work = data;

  g_mutex_lock (&work->lock);
  work->done = done;
  work->total = total;
  g_mutex_unlock (&work->lock);
}

static gboolean
tell_cb (gpointer task)
{
  RtTutorWork *work = g_task_get_task_data (task);
  guint64 done, total;

  if (g_task_get_completed (task))
    return G_SOURCE_REMOVE;
  g_mutex_lock (&work->lock);
  done = work->done;
  total = work->total;
  g_mutex_unlock (&work->lock);
  g_signal_emit_by_name (g_task_get_source_object (task), "working", work->words,
                         GUINT_TO_POINTER (total > 0 ? (guint)(done * 1000 / total) : 0));
  return G_SOURCE_CONTINUE;
}

/**
 * rt_tutor_work_run:
 * @data: (transfer full): begins with an #RtTutorWork
 * @work: done on a thread of its own
 * @done_cb: calls rt_tutor_work_end()
 */
void
rt_tutor_work_run (RtTutor *self,
                   gpointer data,
                   GDestroyNotify free_data,
                   GTaskThreadFunc work,
                   GAsyncReadyCallback done_cb)
{
  GTask *task;

  rt_tutor_cancel (self);
  self->work = g_cancellable_new ();
  task = g_task_new (self, self->work, done_cb, NULL);
  g_task_set_task_data (task, data, free_data);
  /* What was done until it was cancelled is there: so it is the work that says how it ended. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, work);
  g_timeout_add_full (G_PRIORITY_DEFAULT, TELL_MSEC, tell_cb, task, g_object_unref);
}

/* The window need not show it any more. */
void
rt_tutor_work_end (RtTutor *self, GAsyncResult *result)
{
  if (self->work != NULL && self->work != g_task_get_cancellable (G_TASK (result)))
    return;
  g_clear_object (&self->work);
  g_signal_emit_by_name (self, "working", NULL, NULL);
}

/** rt_tutor_cancel: stops the work that `working` tells of */
void
rt_tutor_cancel (RtTutor *self)
{
  if (self->work != NULL)
    g_cancellable_cancel (self->work);
  g_clear_object (&self->work);
}
