/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The address is asked for in a dialog; what happens is recorded on a thread of its own into the
 * library of sessions, and opened from there. */
#include "rt-url-inspection.h"

#include "rt-session-library.h"
#include "rt-tutor-private.h"

#include <glib/gi18n.h>
#include <string.h>

static RtUrlInspector inspector;

typedef struct
{
  RtTutorWork work;
  RtWindow *window;
  char *url, *path;
} Inspection;

static void
inspection_free (gpointer data)
{
  Inspection *inspection = data;

  rt_tutor_work_clear (&inspection->work);
  g_object_unref (inspection->window);
  g_free (inspection->url);
  g_free (inspection->path);
  g_free (inspection);
}

/**
 * rt_url_inspector_set:
 * @function: (nullable): what inspects; %NULL: nothing can be inspected
 */
void
rt_url_inspector_set (RtUrlInspector function)
{
  inspector = function;
}

static char *
dup_new_path (GError **error)
{
  g_autoptr (RtSessionLibrary) library = rt_session_library_new (NULL, error);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *moment = g_date_time_format (now, "inspect-%Y%m%d-%H%M%S-%f.roundtrip");

  return library != NULL ? g_build_filename (rt_session_library_get_folder (library), moment, NULL)
                         : NULL;
}

static void
work (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Inspection *inspection = data;
  GError *error = NULL;

  inspection->path = dup_new_path (&error);
  if (inspection->path != NULL && inspector (inspection->url, inspection->path, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* A server that gave no answer may have said something all the same: that is shown, too. */
static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  RtTutor *tutor = RT_TUTOR (source);
  const Inspection *inspection = g_task_get_task_data (G_TASK (result));
  GCancellable *cancellable = g_task_get_cancellable (G_TASK (result));
  g_autoptr (GError) error = NULL;

  rt_tutor_work_end (tutor, result);
  g_task_propagate_boolean (G_TASK (result), &error);
  if (g_cancellable_is_cancelled (cancellable))
    return;
  if (inspection->path != NULL && g_file_test (inspection->path, G_FILE_TEST_EXISTS))
    rt_window_open (inspection->window, inspection->path);
  if (error != NULL)
    g_signal_emit_by_name (tutor, "failed", error);
}

/**
 * rt_url_inspection_run:
 *
 * Asks for @url, and opens in @window what came of it.
 */
void
rt_url_inspection_run (RtWindow *window, const char *url)
{
  Inspection *inspection;

  g_return_if_fail (inspector != NULL);

  inspection = g_new0 (Inspection, 1);
  inspection->window = g_object_ref (window);
  inspection->url
      = strstr (url, "://") != NULL ? g_strdup (url) : g_strconcat ("https://", url, NULL);
  rt_tutor_work_init (&inspection->work, g_strdup_printf (_ ("Asking %s"), inspection->url));
  rt_tutor_work_run (rt_window_get_tutor (window), inspection, inspection_free, work, done_cb);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, RtWindow *window)
{
  GtkEditable *entry = GTK_EDITABLE (adw_message_dialog_get_extra_child (dialog));
  g_autofree char *url = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  if (g_str_equal (response, "inspect") && *url != '\0')
    rt_url_inspection_run (window, url);
}

/** rt_url_inspection_ask: in a dialog */
void
rt_url_inspection_ask (RtWindow *window)
{
  GtkWidget *dialog
      = adw_message_dialog_new (GTK_WINDOW (window), _ ("Inspect a URL"),
                                _ ("Roundtrip asks the server once, goes where it redirects to, "
                                   "and shows all that crossed the wire."));
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), "https://www.example.com/");
  gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_URL);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("URL"),
                                  -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "inspect",
                                    _ ("_Inspect"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "inspect",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "inspect");
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), "inspect",
                                           inspector != NULL);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), window, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
