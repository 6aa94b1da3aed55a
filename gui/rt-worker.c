/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A pool of one thread: GTask's own pool keeps no order, and both databases want one thread. */
#include "rt-worker.h"

struct _RtShelf
{
  RtProgress *progress;
  RtSessionLibrary *sessions;
};

struct _RtWorker
{
  GThreadPool *pool;
  RtShelf shelf;
};

typedef struct
{
  GTask *task;
  RtWork work;
} Job;

/**
 * rt_shelf_get_progress:
 *
 * Returns: (nullable) (transfer none): what the learner did so far
 */
RtProgress *
rt_shelf_get_progress (RtShelf *shelf, GError **error)
{
  if (shelf->progress == NULL)
    shelf->progress = rt_progress_open (NULL, error);
  return shelf->progress;
}

/**
 * rt_shelf_get_sessions:
 *
 * Returns: (nullable) (transfer none): the folder that runs are recorded in
 */
RtSessionLibrary *
rt_shelf_get_sessions (RtShelf *shelf, GError **error)
{
  if (shelf->sessions == NULL)
    shelf->sessions = rt_session_library_new (NULL, error);
  return shelf->sessions;
}

static void
run_job (gpointer data, gpointer user_data)
{
  Job *job = data;
  RtWorker *worker = user_data;

  if (!g_task_return_error_if_cancelled (job->task))
    job->work (job->task, g_task_get_task_data (job->task), &worker->shelf);
  g_object_unref (job->task);
  g_free (job);
}

RtWorker *
rt_worker_new (void)
{
  RtWorker *worker = g_new0 (RtWorker, 1);

  worker->pool = g_thread_pool_new (run_job, worker, 1, TRUE, NULL);
  return worker;
}

/**
 * rt_worker_free:
 *
 * Lets the work that was given be done, so that nothing recorded is lost.
 */
void
rt_worker_free (RtWorker *worker)
{
  g_thread_pool_free (worker->pool, FALSE, TRUE);
  g_clear_pointer (&worker->shelf.progress, rt_progress_free);
  g_clear_pointer (&worker->shelf.sessions, rt_session_library_free);
  g_free (worker);
}

/**
 * rt_worker_run:
 * @task: (transfer full): made on the main thread; its callback runs there
 * @work: what is to be done
 */
void
rt_worker_run (RtWorker *worker, GTask *task, RtWork work)
{
  Job *job = g_new (Job, 1);

  *job = (Job){ task, work };
  g_thread_pool_push (worker->pool, job, NULL);
}
