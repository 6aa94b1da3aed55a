/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files of other programs become sessions of the library, then are opened like them. An import may
 * take long: it has a thread of its own, says how far it is, and can be cancelled; what was read
 * until then stays. */
#include "rt-tutor-private.h"

#include "rt-format.h"

/* How often the window is told. */
#define TELL_MSEC 100

/* @done, @total: set by the importing thread, read by the main thread */
typedef struct
{
  char *path, *session_path, *notice;
  guint64 done, total;
  GMutex lock;
} Import;

static void
import_free (gpointer data)
{
  Import *import = data;

  g_free (import->path);
  g_free (import->session_path);
  g_free (import->notice);
  g_mutex_clear (&import->lock);
  g_free (import);
}

static void
progress_cb (guint64 done, guint64 total, gpointer data)
{
  Import *import = data;

  g_mutex_lock (&import->lock);
  import->done = done;
  import->total = total;
  g_mutex_unlock (&import->lock);
}

static RtImportReport *
import_into_library (Import *import,
                     const RtFormat *format,
                     GCancellable *cancellable,
                     GError **error)
{
  const RtImportOptions options = { cancellable, progress_cb, import };
  g_autoptr (RtSessionLibrary) library = rt_session_library_new (NULL, error);
  g_autofree char *name = g_path_get_basename (import->path);
  g_autoptr (RtSession) session = NULL;
  RtImportReport *report;

  if (library != NULL)
    session = rt_session_library_create (library, NULL, name, g_get_real_time (), error);
  if (session == NULL)
    return NULL;
  import->session_path = g_strdup (rt_session_get_path (session));
  report = format->import (session, import->path, &options, error);
  if (report == NULL)
    {
      g_clear_pointer (&session, rt_session_unref);
      rt_session_library_delete (library, import->session_path, NULL);
    }
  return report;
}

static void
import_work (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  Import *import = data;
  GError *error = NULL;
  const RtFormat *format = rt_format_of_file (import->path, &error);
  RtImportReport *report;

  if (format == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (format->native)
    {
      import->session_path = g_strdup (import->path);
      g_task_return_boolean (task, TRUE);
      return;
    }
  report = import_into_library (import, format, cancellable, &error);
  if (report == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (report->n_warnings > 0)
    import->notice = g_strdup (report->warnings->pdata[report->warnings->len - 1]);
  rt_import_report_free (report);
  g_task_return_boolean (task, TRUE);
}

static gboolean
tell_cb (gpointer task)
{
  Import *import = g_task_get_task_data (task);
  guint64 done, total;

  if (g_task_get_completed (task))
    return G_SOURCE_REMOVE;
  g_mutex_lock (&import->lock);
  done = import->done;
  total = import->total;
  g_mutex_unlock (&import->lock);
  g_signal_emit_by_name (g_task_get_source_object (task), "working", import->path,
                         GUINT_TO_POINTER (total > 0 ? (guint)(done * 1000 / total) : 0));
  return G_SOURCE_CONTINUE;
}

static void
imported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  RtTutor *self = RT_TUTOR (object);
  Import *import = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  gboolean done = g_task_propagate_boolean (G_TASK (result), &error);

  if (self->import == g_task_get_cancellable (G_TASK (result)))
    g_clear_object (&self->import);
  g_signal_emit_by_name (self, "working", NULL, NULL);
  if (done)
    {
      if (import->notice != NULL)
        g_signal_emit_by_name (self, "noticed", import->notice);
      rt_tutor_open_session (self, import->session_path);
      rt_tutor_list_shelf (self);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    rt_tutor_list_shelf (self);
  else
    g_signal_emit_by_name (self, "failed", error);
}

/**
 * rt_tutor_open_file:
 * @path: a session, or a file that a session can be made of: a HAR, a capture
 *
 * `working` says how far it is; rt_tutor_cancel() stops it.
 */
void
rt_tutor_open_file (RtTutor *self, const char *path)
{
  Import *import = g_new0 (Import, 1);
  GTask *task;

  rt_tutor_cancel (self);
  self->import = g_cancellable_new ();
  task = g_task_new (self, self->import, imported_cb, NULL);
  import->path = g_strdup (path);
  g_mutex_init (&import->lock);
  g_task_set_task_data (task, import, import_free);
  /* What was read until it was cancelled is there: so it is the work that says how it ended. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, import_work);
  g_timeout_add_full (G_PRIORITY_DEFAULT, TELL_MSEC, tell_cb, task, g_object_unref);
}

/** rt_tutor_cancel: stops the work that `working` tells of */
void
rt_tutor_cancel (RtTutor *self)
{
  if (self->import != NULL)
    g_cancellable_cancel (self->import);
  g_clear_object (&self->import);
}
