/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is taken out of the window. */
#include "rt-tutor-private.h"

#include "rt-export.h"

#include <glib/gi18n.h>

typedef struct
{
  RtTutorWork work;
  RtExport *export;
} Exporting;

static void
exporting_free (gpointer data)
{
  Exporting *exporting = data;

  rt_tutor_work_clear (&exporting->work);
  rt_export_free (exporting->export);
  g_free (exporting);
}

static void
export_work (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  Exporting *exporting = data;
  GError *error = NULL;

  if (rt_export_run (exporting->export, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
exported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Exporting *exporting = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  gboolean done = g_task_propagate_boolean (G_TASK (result), &error);

  rt_tutor_work_end (RT_TUTOR (object), result);
  if (done)
    g_signal_emit_by_name (object, "exported", exporting->export);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit_by_name (object, "failed", error);
}

/* The runs of a lesson are in one file. */
static gboolean
is_any_masked (RtTutor *self, RtView *view)
{
  gboolean masked = FALSE;

  for (guint i = 0; i < self->views->len && rt_view_get_play (view) != NULL; i++)
    masked |= rt_view_get_masked (self->views->pdata[i]);
  return masked;
}

/**
 * rt_tutor_export:
 * @export: (transfer full): what is wanted
 * @view: (nullable): of which
 *
 * `exported` says that it is done; rt_tutor_cancel() stops it.
 */
void
rt_tutor_export (RtTutor *self, RtExport *export, RtView *view)
{
  Exporting *exporting;

  if (export->kind->scope == RT_EXPORT_SESSION && view != NULL && is_any_masked (self, view))
    {
      g_autoptr (GError) error = NULL;

      rt_export_refuse_masked (&error);
      g_signal_emit_by_name (self, "failed", error);
      rt_export_free (export);
      return;
    }
  exporting = g_new0 (Exporting, 1);
  rt_tutor_work_init (&exporting->work, g_strdup (_ ("Exporting")));
  exporting->export = export;
  export->progress = rt_tutor_work_progress;
  export->progress_data = &exporting->work;
  rt_tutor_work_run (self, exporting, exporting_free, export_work, exported_cb);
}
