/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one thread on which the window's work is done, in order: the engine and SQLite. The main
 * thread never waits for it. */
#pragma once

#include <gio/gio.h>

#include "rt-progress.h"
#include "rt-session-library.h"

G_BEGIN_DECLS

/**
 * RtShelf:
 *
 * What lies on the disk. Only for work on the worker's thread.
 */
typedef struct _RtShelf RtShelf;

RtProgress *rt_shelf_get_progress (RtShelf *shelf, GError **error);
RtSessionLibrary *rt_shelf_get_sessions (RtShelf *shelf, GError **error);

/** RtWork: does it and returns by one of the g_task_return functions; @data: the task's data. */
typedef void (*RtWork) (GTask *task, gpointer data, RtShelf *shelf);

typedef struct _RtWorker RtWorker;

RtWorker *rt_worker_new (void);
void rt_worker_free (RtWorker *worker);
void rt_worker_run (RtWorker *worker, GTask *task, RtWork work);

G_END_DECLS
