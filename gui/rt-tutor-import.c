/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files of other programs become sessions of the library, then are opened like them. An import may
 * take long: it has a thread of its own, says how far it is, and can be cancelled; what was read
 * until then stays. */
#include "rt-tutor-private.h"

#include "rt-format.h"

#include <glib/gi18n.h>

typedef struct
{
  RtTutorWork work;
  char *path, *session_path, *notice;
} Import;

static void
import_free (gpointer data)
{
  Import *import = data;

  g_free (import->path);
  g_free (import->session_path);
  g_free (import->notice);
  rt_tutor_work_clear (&import->work);
  g_free (import);
}

static RtImportReport *
import_into_library (Import *import,
                     const RtFormat *format,
                     GCancellable *cancellable,
                     GError **error)
{
  const RtImportOptions options = { cancellable, rt_tutor_work_progress, import };
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

static void
imported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  RtTutor *self = RT_TUTOR (object);
  Import *import = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  gboolean done = g_task_propagate_boolean (G_TASK (result), &error);

  rt_tutor_work_end (self, result);
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
  g_autofree char *name = g_path_get_basename (path);

  import->path = g_strdup (path);
  rt_tutor_work_init (&import->work, g_strdup_printf (_ ("Reading %s"), name));
  rt_tutor_work_run (self, import, import_free, import_work, imported_cb);
}
