/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Export and copy. Of people's own traffic secrets are kept back unless they say otherwise; a
 * lesson has none. */
#include "rt-window-private.h"

#include "rt-export.h"
#include "rt-redacted-window.h"
#include "rt-redaction.h"

#include <glib/gi18n.h>
#include <string.h>

#define CHOICE_REDACT "redact"
#define DIALOG_KIND "rt-export-kind"

static RtView *
get_view (RtWindow *self)
{
  return rt_stage_get_acting_view (self->stage);
}

/**
 * rt_window_export:
 * @kind: name of an #RtExportKind
 * @path: (nullable): the file, which is replaced if it is there; %NULL: to the clipboard
 * @redact: secrets are replaced by pseudonyms
 */
void
rt_window_export (RtWindow *self, const char *kind, const char *path, gboolean redact)
{
  g_autoptr (GError) error = NULL;
  RtExport *export = rt_export_new (rt_export_kind_find (kind), get_view (self),
                                    rt_tutor_get_lesson (self->tutor), path, redact, &error);

  if (export == NULL)
    {
      rt_window_notice (self, error->message);
      return;
    }
  export->true_scale = rt_timeline_get_true_scale (rt_stage_get_timeline (self->stage));
  rt_tutor_export (self->tutor, export, get_view (self));
}

/* To a file */

static void
chosen_cb (GtkNativeDialog *dialog, int response, gpointer window)
{
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);
  const RtExportKind *kind = g_object_get_data (G_OBJECT (dialog), DIALOG_KIND);
  g_autoptr (GFile) file = gtk_file_chooser_get_file (chooser);
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (response == GTK_RESPONSE_ACCEPT && path != NULL)
    rt_window_export (window, kind->name, path,
                      g_strcmp0 (gtk_file_chooser_get_choice (chooser, CHOICE_REDACT), "true")
                          == 0);
  g_object_unref (dialog);
}

static void
export_cb (GSimpleAction *action, GVariant *name, gpointer window)
{
  RtWindow *self = window;
  const RtExportKind *kind = rt_export_kind_find (g_variant_get_string (name, NULL));
  RtView *view = get_view (self);
  GtkFileChooserNative *dialog;
  g_autofree char *file = NULL;

  if (kind == NULL || kind->scope == RT_EXPORT_MARKED)
    return;
  file = rt_export_kind_dup_file_name (kind, view, rt_tutor_get_lesson (self->tutor));
  dialog = gtk_file_chooser_native_new (_ (kind->title), window, GTK_FILE_CHOOSER_ACTION_SAVE,
                                        _ ("_Export"), NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), file);
  if (kind->scope != RT_EXPORT_LESSON)
    {
      gtk_file_chooser_add_choice (GTK_FILE_CHOOSER (dialog), CHOICE_REDACT,
                                   _ ("Replace passwords, cookies and tokens by pseudonyms"), NULL,
                                   NULL);
      gtk_file_chooser_set_choice (GTK_FILE_CHOOSER (dialog), CHOICE_REDACT,
                                   view != NULL && rt_view_get_is_private (view) ? "true"
                                                                                 : "false");
    }
  g_object_set_data (G_OBJECT (dialog), DIALOG_KIND, (gpointer)kind);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (chosen_cb), window, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* To the clipboard */

static void
copy_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  RtView *view = get_view (window);

  rt_window_export (window, g_action_get_name (G_ACTION (action)) + strlen ("copy-"), NULL,
                    view != NULL && rt_view_get_is_private (view));
}

/* Once more, with what was kept back. */
static void
copy_whole_cb (GSimpleAction *action, GVariant *kind, gpointer window)
{
  rt_window_export (window, g_variant_get_string (kind, NULL), NULL, FALSE);
}

static void
copy_bytes (RtWindow *self, GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autofree char *text = g_utf8_validate_len (data, length, NULL)
                              ? g_strndup (data, length)
                              : rt_text_escape ((RtText){ data, length });

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

/* What came of it */

static guint
count (GPtrArray *redactions)
{
  guint n = 0;

  for (guint i = 0; i < redactions->len; i++)
    n += rt_redaction_get_list (redactions->pdata[i])->len;
  return n;
}

static void
exported_cb (RtWindow *self, const RtExport *export)
{
  guint n = count (export->redactions);
  g_autofree char *name = export->path != NULL ? g_path_get_basename (export->path) : NULL;
  g_autoptr (GString) words = g_string_new (NULL);
  AdwToast *toast;

  if (name != NULL)
    g_string_append_printf (words, _ ("Exported to %s"), name);
  else
    {
      copy_bytes (self, export->bytes);
      g_string_append (words, _ ("Copied"));
    }
  if (export->body != NULL)
    g_string_append (words, _ (": the command reads its content from body.bin"));
  if (n > 0)
    g_string_append_printf (words, ngettext ("; %u secret was found", "; %u secrets were found", n),
                            n);
  toast = rt_window_new_toast (words->str);
  g_clear_pointer (&self->redactions, g_ptr_array_unref);
  self->redactions = g_ptr_array_ref (export->redactions);
  if (n > 0 && name == NULL)
    {
      adw_toast_set_button_label (toast, _ ("Copy With Them"));
      adw_toast_set_action_name (toast, "win.copy-whole");
      adw_toast_set_action_target (toast, "s", export->kind->name);
    }
  else if (n > 0)
    {
      adw_toast_set_button_label (toast, _ ("Which?"));
      adw_toast_set_action_name (toast, "win.redacted");
    }
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* What was replaced in what was exported last. */
static void
redacted_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  RtWindow *self = window;

  if (self->redactions == NULL)
    {
      rt_window_notice (self, _ ("Nothing was exported without its secrets so far"));
      return;
    }
  gtk_window_present (GTK_WINDOW (rt_redacted_window_new (window, self->redactions)));
}

/** rt_window_add_exporting: @self: gets its actions */
void
rt_window_add_exporting (RtWindow *self)
{
  static const GActionEntry entries[] = {
    { "export", export_cb, "s" }, { "copy-transcript", copy_cb },       { "copy-curl", copy_cb },
    { "copy-value", copy_cb },    { "copy-address", copy_cb },          { "copy-bytes", copy_cb },
    { "copy-hex", copy_cb },      { "copy-whole", copy_whole_cb, "s" }, { "redacted", redacted_cb },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect_object (self->tutor, "exported", G_CALLBACK (exported_cb), self,
                           G_CONNECT_SWAPPED);
}
