/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An empty note is a mark: it stays where one was and is nothing where there was none. */
#include "rt-note-editor.h"

#include "rt-note.h"
#include "rt-notebook.h"

#include <glib/gi18n.h>

/** MAX_NOTE: characters of a note. */
#define MAX_NOTE 4000

struct _RtNoteEditor
{
  AdwWindow parent_instance;

  RtView *view;
  guint exchange;
  RtSpan span;

  AdwWindowTitle *title;
  GtkTextView *text;
  GtkWidget *remove;
};

G_DEFINE_FINAL_TYPE (RtNoteEditor, rt_note_editor, ADW_TYPE_WINDOW)

static char *
dup_text (RtNoteEditor *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);
  GtkTextIter start, end;
  char *text;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  if (gtk_text_iter_get_offset (&end) > MAX_NOTE)
    gtk_text_buffer_get_iter_at_offset (buffer, &end, MAX_NOTE);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  return g_strstrip (text);
}

static void
save_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtNoteEditor *self = RT_NOTE_EDITOR (widget);
  RtNotebook *notebook = rt_notebook_of (self->view);
  g_autofree char *text = dup_text (self);
  gboolean was_there = rt_notebook_find (notebook, self->exchange, self->span) != NULL;

  if (*text != '\0' || was_there)
    rt_notebook_put (notebook, self->exchange, self->span, text);
  gtk_window_close (GTK_WINDOW (self));
}

static void
remove_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtNoteEditor *self = RT_NOTE_EDITOR (widget);

  rt_notebook_put (rt_notebook_of (self->view), self->exchange, self->span, NULL);
  gtk_window_close (GTK_WINDOW (self));
}

static void
rt_note_editor_dispose (GObject *object)
{
  g_clear_object (&RT_NOTE_EDITOR (object)->view);
  G_OBJECT_CLASS (rt_note_editor_parent_class)->dispose (object);
}

static void
rt_note_editor_class_init (RtNoteEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_note_editor_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-note-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, RtNoteEditor, title);
  gtk_widget_class_bind_template_child (widget_class, RtNoteEditor, text);
  gtk_widget_class_bind_template_child (widget_class, RtNoteEditor, remove);
  gtk_widget_class_install_action (widget_class, "note.save", NULL, save_cb);
  gtk_widget_class_install_action (widget_class, "note.remove", NULL, remove_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, "note.save",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
rt_note_editor_init (RtNoteEditor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* What it is about: the line itself, or the message. */
static char *
dup_subject (RtNoteEditor *self)
{
  RtAnalysis *analysis = rt_view_get_analysis (self->view);
  const RtExchange *exchange = rt_analysis_get_exchange (analysis, self->exchange);
  g_autoptr (GBytes) bytes = NULL;
  gsize length;
  const char *data;

  if (rt_span_is_none (self->span))
    return exchange->request != NULL ? rt_transfer_dup_title (exchange->request)
                                     : rt_transfer_dup_title (exchange->response);
  bytes = rt_analysis_dup_bytes (analysis, rt_span_sub (self->span, 0, MIN (self->span.length, 80)),
                                 NULL);
  if (bytes == NULL)
    return g_strdup ("");
  data = g_bytes_get_data (bytes, &length);
  return rt_text_escape ((RtText){ data, length });
}

/**
 * rt_note_editor_new:
 * @exchange: id of an exchange of @view
 * @span: bytes of it, or none
 *
 * Returns: (transfer none): a window above @parent
 */
RtNoteEditor *
rt_note_editor_new (GtkWindow *parent, RtView *view, guint exchange, RtSpan span)
{
  RtNoteEditor *self = g_object_new (RT_TYPE_NOTE_EDITOR, "transient-for", parent, NULL);
  const RtMark *mark = rt_notebook_find (rt_notebook_of (view), exchange, span);
  g_autofree char *subject = NULL;

  self->view = g_object_ref (view);
  self->exchange = exchange;
  self->span = span;
  subject = dup_subject (self);
  adw_window_title_set_subtitle (self->title, subject);
  if (mark != NULL)
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), mark->text, -1);
  gtk_widget_set_visible (self->remove, mark != NULL);
  gtk_widget_grab_focus (GTK_WIDGET (self->text));
  return self;
}
