/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading, undoing codings and making pictures may take long, so it is done on another thread; what
 * comes back late, for a message that is not selected any more, is dropped. */
#include "rt-body-pane.h"

#include "rt-body-text.h"
#include "rt-content.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>

/** LARGE: bytes of content that the main thread does not read from a file. */
#define LARGE (64 * 1024)
/** STEP: bytes of it that are read at a time. */
#define STEP (256 * 1024)
/** PART_WIDTH, PART_HEIGHT: the most that a picture among other parts takes. */
#define PART_WIDTH 360
#define PART_HEIGHT 200

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
  GBytes *coded;    /* NULL: it is read first */
  RtReader *reader; /* … from here */
  GArray *sources;  /* … RtSpan: where it stands */
  char *media_type;
  gboolean raw, whole;

  RtContent *content; /* NULL: it was not kept */
  RtBodyText *text;
  GdkTexture *picture; /* NULL: it is text */
  char *why_not;       /* (nullable): why it is no picture */
} Decoding;

static void
decoding_free (gpointer data)
{
  Decoding *decoding = data;

  g_clear_pointer (&decoding->fields, rt_fields_unref);
  g_clear_pointer (&decoding->coded, g_bytes_unref);
  g_clear_pointer (&decoding->reader, rt_reader_unref);
  g_clear_pointer (&decoding->sources, g_array_unref);
  g_clear_pointer (&decoding->content, rt_content_unref);
  g_clear_pointer (&decoding->text, rt_body_text_free);
  g_clear_object (&decoding->picture);
  g_free (decoding->media_type);
  g_free (decoding->why_not);
  g_free (decoding);
}

/* A step at a time: who else reads waits no longer than that. */
static gboolean
read_source (const Decoding *decoding, RtSpan span, GByteArray *out, GCancellable *cancellable)
{
  for (guint64 at = 0; at < span.length; at += STEP)
    {
      RtSpan step = rt_span_sub (span, at, MIN (STEP, span.length - at));
      g_autoptr (GBytes) part = g_cancellable_is_cancelled (cancellable)
                                    ? NULL
                                    : rt_reader_dup_bytes (decoding->reader, step, NULL);

      if (part == NULL)
        return FALSE;
      g_byte_array_append (out, g_bytes_get_data (part, NULL), (guint)g_bytes_get_size (part));
    }
  return TRUE;
}

/* Returns: (nullable): what is at all sources, one behind the other. */
static GBytes *
read_sources (const Decoding *decoding, GCancellable *cancellable)
{
  g_autoptr (GByteArray) joined = g_byte_array_new ();

  for (guint i = 0; i < decoding->sources->len; i++)
    if (!read_source (decoding, g_array_index (decoding->sources, RtSpan, i), joined, cancellable))
      return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&joined));
}

static void
decoding_work (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  Decoding *decoding = data;

  if (decoding->coded == NULL)
    decoding->coded = read_sources (decoding, cancellable);
  if (decoding->coded != NULL && !g_cancellable_is_cancelled (cancellable))
    {
      decoding->content = rt_content_decode (decoding->fields, decoding->coded, RT_SPAN_NONE);
      if (!decoding->raw && rt_body_is_image (decoding->media_type))
        decoding->picture = rt_body_image_new (decoding->content->bytes, &decoding->why_not);
      if (decoding->picture == NULL)
        decoding->text = rt_body_text_new (decoding->raw ? "" : decoding->media_type,
                                           decoding->raw ? decoding->content->coded
                                                         : decoding->content->bytes);
    }
  g_task_return_boolean (task, TRUE);
}

/* A picture in its place in the text, no larger than is needed to tell what it is. */
static void
insert_picture (RtBodyPane *self, const RtBodyPicture *picture)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text));
  GtkWidget *widget = gtk_picture_new_for_paintable (GDK_PAINTABLE (picture->texture));
  int width = gdk_texture_get_width (picture->texture);
  int height = gdk_texture_get_height (picture->texture);
  double scale = MIN (1.0, MIN ((double)PART_WIDTH / width, (double)PART_HEIGHT / height));
  GtkTextIter at;

  gtk_picture_set_alternative_text (GTK_PICTURE (widget), picture->media_type);
  gtk_widget_set_size_request (widget, MAX (1, (int)(width * scale)),
                               MAX (1, (int)(height * scale)));
  gtk_text_buffer_get_iter_at_offset (buffer, &at, (int)picture->offset);
  gtk_text_view_add_child_at_anchor (GTK_TEXT_VIEW (self->text), widget,
                                     gtk_text_buffer_create_child_anchor (buffer, &at));
}

static void
show_text (RtBodyPane *self, const RtBodyText *text)
{
  GtkSourceBuffer *buffer
      = GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text)));
  GtkSourceLanguageManager *languages = gtk_source_language_manager_get_default ();
  const char *language = text != NULL ? text->language : NULL;

  gtk_source_buffer_set_language (
      buffer,
      language != NULL ? gtk_source_language_manager_get_language (languages, language) : NULL);
  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (buffer), text != NULL ? text->text : "", -1);
  /* From the last on: each one takes the place of a character. */
  for (guint i = text != NULL ? text->pictures->len : 0; i > 0; i--)
    insert_picture (self, text->pictures->pdata[i - 1]);
  gtk_stack_set_visible_child_name (self->stack, "text");
}

static void
show_picture (RtBodyPane *self, const Decoding *decoding)
{
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (decoding->picture));
  gtk_picture_set_alternative_text (self->picture, decoding->media_type);
  gtk_stack_set_visible_child_name (self->stack, "image");
}

static void
append_about (GString *words, const char *text)
{
  if (text != NULL && *text != '\0')
    g_string_append_printf (words, " · %s", text);
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

  append_about (words, decoding->raw ? coded : size);
  if (*undone != '\0' && !decoding->raw)
    g_string_append_printf (words, _ (" · %s undone, %s on the wire"), undone, coded);
  append_about (words, content->problem);
  append_about (words, decoding->why_not);
  append_about (words, decoding->text != NULL ? decoding->text->note : NULL);
  if (!decoding->whole)
    append_about (words, _ ("the message is not whole"));
  gtk_label_set_text (self->about, words->str);
}

static void
clear (RtBodyPane *self, const char *about)
{
  gtk_label_set_text (self->about, about);
  show_text (self, NULL);
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
  if (decoding->content == NULL)
    {
      clear (self, _ ("The content was not kept."));
      return;
    }
  show_about (self, decoding);
  if (decoding->picture != NULL)
    show_picture (self, decoding);
  else
    show_text (self, decoding->text);
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

/* What stands in a file is read by who decodes it: there may be much of it. A log that grows is in
 * memory, and only here it stands still. */
static gboolean
find_content (RtBodyPane *self, const RtTransfer *transfer, Decoding *decoding)
{
  RtAnalysis *analysis = rt_view_get_analysis (self->view);

  if (rt_view_get_file (self->view) == NULL || transfer->content_length < LARGE)
    {
      decoding->coded = rt_analysis_dup_content (analysis, transfer);
      return decoding->coded != NULL;
    }
  decoding->sources = g_array_new (FALSE, FALSE, sizeof (RtSpan));
  rt_analysis_trace_span (analysis, rt_analysis_get_content_span (analysis, transfer),
                          decoding->sources);
  decoding->reader = rt_view_dup_reader (self->view);
  return decoding->sources->len > 0;
}

static void
begin_decoding (RtBodyPane *self, Decoding *decoding)
{
  GTask *task;

  self->decoding = g_cancellable_new ();
  task = g_task_new (self, self->decoding, decoded_cb, NULL);
  g_task_set_task_data (task, decoding, decoding_free);
  g_task_run_in_thread (task, decoding_work);
  g_object_unref (task);
}

static void
show_nothing (RtBodyPane *self, const RtTransfer *transfer)
{
  g_autofree char *missing
      = transfer != NULL && transfer->missing != NULL
            ? g_strdup_printf (_ ("The content is missing: %s"), transfer->missing)
            : NULL;

  clear (self, missing != NULL    ? missing
               : transfer != NULL ? _ ("This message has no content.")
                                  : "");
}

static void
show_transfer (RtBodyPane *self, const RtTransfer *transfer)
{
  Decoding *decoding;

  self->shown = transfer;
  if (self->decoding != NULL)
    g_cancellable_cancel (self->decoding);
  g_clear_object (&self->decoding);
  if (transfer == NULL || transfer->content_length == 0)
    {
      show_nothing (self, transfer);
      return;
    }
  decoding = g_new0 (Decoding, 1);
  decoding->fields
      = transfer->message->fields != NULL ? rt_fields_ref (transfer->message->fields) : NULL;
  decoding->media_type = dup_media_type (transfer->message);
  decoding->raw = self->raw;
  decoding->whole = transfer->complete;
  if (find_content (self, transfer, decoding))
    {
      begin_decoding (self, decoding);
      return;
    }
  decoding_free (decoding);
  clear (self, _ ("The content was not kept."));
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
