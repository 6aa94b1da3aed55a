/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Undoing codings may take long, so it is done on another thread from bytes that were copied; what
 * comes back late, for a message that is not selected any more, is dropped. */
#include "rt-body-pane.h"

#include "rt-body-text.h"
#include "rt-content.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>

struct _RtBodyPane
{
  GtkWidget parent_instance;

  RtView *view;
  GSignalGroup *signals;
  const RtTransfer *shown;
  gboolean raw;
  GCancellable *decoding; /* NULL: nothing is on its way */

  GtkWidget *box;
  GtkLabel *about;
  GtkStack *stack;
  GtkSourceView *text;
  GtkPicture *picture;
};

G_DEFINE_FINAL_TYPE (RtBodyPane, rt_body_pane, GTK_TYPE_WIDGET)

typedef struct
{
  RtFields *fields;
  GBytes *coded;
  char *media_type;
  gboolean raw;

  RtContent *content;
  char *text;
  const char *language;
} Decoding;

static void
decoding_free (gpointer data)
{
  Decoding *decoding = data;

  g_clear_pointer (&decoding->fields, rt_fields_unref);
  g_clear_pointer (&decoding->coded, g_bytes_unref);
  g_clear_pointer (&decoding->content, rt_content_unref);
  g_free (decoding->media_type);
  g_free (decoding->text);
  g_free (decoding);
}

static void
decoding_work (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  Decoding *decoding = data;

  decoding->content = rt_content_decode (decoding->fields, decoding->coded, RT_SPAN_NONE);
  decoding->text = rt_body_text (
      decoding->raw ? "" : decoding->media_type,
      decoding->raw ? decoding->content->coded : decoding->content->bytes, &decoding->language);
  g_task_return_boolean (task, TRUE);
}

static void
show_text (RtBodyPane *self, const char *text, const char *language)
{
  GtkSourceBuffer *buffer
      = GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text)));
  GtkSourceLanguageManager *languages = gtk_source_language_manager_get_default ();

  gtk_source_buffer_set_language (
      buffer,
      language != NULL ? gtk_source_language_manager_get_language (languages, language) : NULL);
  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (buffer), text, -1);
  gtk_stack_set_visible_child_name (self->stack, "text");
}

/* Returns whether a picture could be made of it. */
static gboolean
show_image (RtBodyPane *self, const Decoding *decoding)
{
  g_autoptr (GdkTexture) texture = NULL;

  if (decoding->raw || !rt_body_is_image (decoding->media_type))
    return FALSE;
  texture = gdk_texture_new_from_bytes (decoding->content->bytes, NULL);
  if (texture == NULL)
    return FALSE;
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
  gtk_picture_set_alternative_text (self->picture, decoding->media_type);
  gtk_stack_set_visible_child_name (self->stack, "image");
  return TRUE;
}

static void
show_about (RtBodyPane *self, const Decoding *decoding)
{
  const RtContent *content = decoding->content;
  g_autofree char *undone = g_strjoinv (", ", content->undone);
  g_autofree char *size = g_format_size (g_bytes_get_size (content->bytes));
  g_autofree char *coded = g_format_size (g_bytes_get_size (content->coded));
  g_autoptr (GString) words
      = g_string_new (*decoding->media_type != '\0' ? decoding->media_type : _ ("no media type"));

  g_string_append_printf (words, " · %s", decoding->raw ? coded : size);
  if (*undone != '\0' && !decoding->raw)
    g_string_append_printf (words, _ (" · %s undone, %s on the wire"), undone, coded);
  if (content->problem != NULL)
    g_string_append_printf (words, " · %s", content->problem);
  gtk_label_set_text (self->about, words->str);
}

static void
decoded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  RtBodyPane *self = RT_BODY_PANE (object);
  const Decoding *decoding = g_task_get_task_data (G_TASK (result));

  if (g_task_get_cancellable (G_TASK (result)) != self->decoding
      || !g_task_propagate_boolean (G_TASK (result), NULL))
    return;
  g_clear_object (&self->decoding);
  show_about (self, decoding);
  if (!show_image (self, decoding))
    show_text (self, decoding->text, decoding->language);
}

static void
clear (RtBodyPane *self, const char *about)
{
  gtk_label_set_text (self->about, about);
  show_text (self, "", NULL);
}

static char *
dup_media_type (const RtMessage *message)
{
  const RtField *field
      = message->fields != NULL ? rt_fields_first (message->fields, "content-type") : NULL;
  char *text = field != NULL ? g_strndup (field->value.at, field->value.length) : g_strdup ("");

  if (g_utf8_validate (text, -1, NULL))
    return text;
  g_free (text);
  return g_strdup ("");
}

static void
show_transfer (RtBodyPane *self, const RtTransfer *transfer)
{
  Decoding *decoding;
  GTask *task;
  GBytes *coded;

  self->shown = transfer;
  if (self->decoding != NULL)
    g_cancellable_cancel (self->decoding);
  g_clear_object (&self->decoding);
  if (transfer == NULL || transfer->content_length == 0)
    {
      clear (self, transfer != NULL ? _ ("This message has no content.") : "");
      return;
    }
  coded = rt_analysis_dup_content (rt_view_get_analysis (self->view), transfer);
  if (coded == NULL)
    {
      clear (self, _ ("The content was not kept."));
      return;
    }
  decoding = g_new0 (Decoding, 1);
  decoding->coded = coded;
  decoding->fields
      = transfer->message->fields != NULL ? rt_fields_ref (transfer->message->fields) : NULL;
  decoding->media_type = dup_media_type (transfer->message);
  decoding->raw = self->raw;
  self->decoding = g_cancellable_new ();
  task = g_task_new (self, self->decoding, decoded_cb, NULL);
  g_task_set_task_data (task, decoding, decoding_free);
  g_task_run_in_thread (task, decoding_work);
  g_object_unref (task);
}

static void
selected_cb (RtBodyPane *self)
{
  const RtTransfer *transfer = rt_view_get_transfer (self->view);

  if (transfer != self->shown)
    show_transfer (self, transfer);
}

static void
changed_cb (RtBodyPane *self)
{
  if (self->view != NULL)
    show_transfer (self, rt_view_get_transfer (self->view));
}

void
rt_body_pane_set_view (RtBodyPane *self, RtView *view)
{
  if (!g_set_object (&self->view, view))
    return;
  g_signal_group_set_target (self->signals, view);
  changed_cb (self);
}

/** rt_body_pane_set_raw: @raw: as the message has it, its codings not undone */
void
rt_body_pane_set_raw (RtBodyPane *self, gboolean raw)
{
  if (self->raw == raw)
    return;
  self->raw = raw;
  changed_cb (self);
}

static void
update_scheme (RtBodyPane *self)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  GtkSourceStyleSchemeManager *schemes = gtk_source_style_scheme_manager_get_default ();

  gtk_source_buffer_set_style_scheme (
      GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text))),
      gtk_source_style_scheme_manager_get_scheme (schemes, dark ? "Adwaita-dark" : "Adwaita"));
}

static gboolean
grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (RT_BODY_PANE (widget)->text));
}

static void
rt_body_pane_dispose (GObject *object)
{
  RtBodyPane *self = RT_BODY_PANE (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->view);
  g_clear_object (&self->decoding);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (rt_body_pane_parent_class)->dispose (object);
}

static void
rt_body_pane_class_init (RtBodyPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_body_pane_dispose;
  widget_class->grab_focus = grab_focus;
  g_type_ensure (GTK_SOURCE_TYPE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-body-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, RtBodyPane, box);
  gtk_widget_class_bind_template_child (widget_class, RtBodyPane, about);
  gtk_widget_class_bind_template_child (widget_class, RtBodyPane, stack);
  gtk_widget_class_bind_template_child (widget_class, RtBodyPane, text);
  gtk_widget_class_bind_template_child (widget_class, RtBodyPane, picture);
}

static void
rt_body_pane_init (RtBodyPane *self)
{
  self->signals = g_signal_group_new (RT_TYPE_VIEW);
  gtk_widget_init_template (GTK_WIDGET (self));
  update_scheme (self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (update_scheme), self, G_CONNECT_SWAPPED);
  g_signal_group_connect_swapped (self->signals, "changed", G_CALLBACK (changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "selected", G_CALLBACK (selected_cb), self);
}
