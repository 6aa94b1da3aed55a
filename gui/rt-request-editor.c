/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each line break that is seen is CR LF on the wire, and where there is none, nothing is sent: so
 * the text of a block `bytes`, in which a backslash takes a line's end away, is shown without the
 * one at its end. What a server would make of it is said in the margin and, because a margin can
 * neither be read aloud nor by keyboard, in a list below. */
#include "rt-request-editor.h"

#include "rt-card-strip.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>
#include <string.h>

#define ROW_LINE "rt-line"
/** MAX_TEXT, MAX_LINE: bytes that are edited; a message and its lines may have more. */
#define MAX_TEXT (64 * 1024)
#define MAX_LINE 4000
/* Name of the tag that is on all of the text. */
#define UNHYPHENED "unhyphened"

struct _RtRequestEditor
{
  GtkWidget parent_instance;

  RtByteReport *report;
  GBytes *rest; /* (nullable): what follows the text */

  GtkWidget *box;
  GtkLabel *caption, *summary;
  GtkSourceView *source;
  GtkListBox *remarks;
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RtRequestEditor, rt_request_editor, GTK_TYPE_WIDGET)

static const char *const categories[] = { "good", "info", "warning", "problem" };

static GtkSourceBuffer *
get_buffer (RtRequestEditor *self)
{
  return GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->source)));
}

static void
update_scheme (RtRequestEditor *self)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  GtkSourceStyleSchemeManager *schemes = gtk_source_style_scheme_manager_get_default ();

  gtk_source_buffer_set_style_scheme (
      get_buffer (self),
      gtk_source_style_scheme_manager_get_scheme (schemes, dark ? "Adwaita-dark" : "Adwaita"));
}

/* The end of a text: whether a backslash there takes the line's end away, and is none of two. */
static gboolean
ends_with_backslash (const char *text, gsize length)
{
  gsize n = 0;

  while (n < length && text[length - 1 - n] == '\\')
    n++;
  return n % 2 == 1;
}

static gboolean
last_line_is_pause (const char *text)
{
  const char *line = strrchr (text, '\n');

  return g_str_has_prefix (line != NULL ? line + 1 : text, "... ");
}

/* As it is shown. */
static char *
dup_shown (const char *text)
{
  gsize length = strlen (text);

  if (length >= 2 && text[length - 1] == '\n' && ends_with_backslash (text, length - 1))
    length -= 2;
  return g_strndup (text, length);
}

/* What was pasted may have its CRs already. */
static char *
dup_buffer_text (RtRequestEditor *self)
{
  GtkTextIter start, end;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  gtk_text_buffer_get_bounds (GTK_TEXT_BUFFER (get_buffer (self)), &start, &end);
  text = gtk_text_buffer_get_text (GTK_TEXT_BUFFER (get_buffer (self)), &start, &end, TRUE);
  lines = g_strsplit (text, "\r\n", -1);
  return g_strjoinv ("\n", lines);
}

/* Remarks */

static GtkWidget *
new_remark_row (const RtByteRemark *remark)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *icon = gtk_image_new_from_icon_name (rt_severity_icon (remark->severity));
  g_autofree char *source
      = remark->reference != NULL ? g_strdup_printf (" · %s", remark->reference) : g_strdup ("");
  g_autofree char *words
      = g_strdup_printf (_ ("Line %u: %s%s"), remark->line, remark->text, source);
  GtkWidget *label = gtk_label_new (words);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_add_css_class (row, rt_severity_class (remark->severity));
  gtk_box_append (GTK_BOX (line), icon);
  gtk_box_append (GTK_BOX (line), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  g_object_set_data (G_OBJECT (row), ROW_LINE, GUINT_TO_POINTER (remark->line));
  return row;
}

static void
list_remarks (RtRequestEditor *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->remarks, 0)) != NULL)
    gtk_list_box_remove (self->remarks, GTK_WIDGET (row));
  for (guint i = 0; i < self->report->remarks->len; i++)
    gtk_list_box_append (self->remarks, new_remark_row (self->report->remarks->pdata[i]));
  gtk_widget_set_visible (GTK_WIDGET (self->remarks), self->report->remarks->len > 0);
}

static void
mark_lines (RtRequestEditor *self)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (get_buffer (self));
  GtkTextIter start, end;
  guint last = 0;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_source_buffer_remove_source_marks (GTK_SOURCE_BUFFER (buffer), &start, &end, NULL);
  for (guint i = 0; i < self->report->remarks->len; i++)
    {
      const RtByteRemark *remark = self->report->remarks->pdata[i];

      if (remark->line == last)
        continue;
      last = remark->line;
      gtk_text_buffer_get_iter_at_line (buffer, &start, (int)last - 1);
      gtk_source_buffer_create_source_mark (
          GTK_SOURCE_BUFFER (buffer), NULL,
          categories[rt_byte_report_get_severity (self->report, last)], &start);
    }
}

/* A hyphen where a line is wrapped would look like one of its bytes. */
static void
unhyphen (RtRequestEditor *self)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (get_buffer (self));
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_apply_tag_by_name (buffer, UNHYPHENED, &start, &end);
}

static void
changed_cb (RtRequestEditor *self)
{
  g_autofree char *text = rt_request_editor_dup_text (self);
  g_autofree char *summary = NULL;

  unhyphen (self);
  g_clear_pointer (&self->report, rt_byte_report_free);
  self->report = rt_byte_report_new (text, self->rest);
  summary = rt_byte_report_dup_summary (self->report);
  gtk_label_set_text (self->summary, summary);
  list_remarks (self);
  mark_lines (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* What is said of the line of a mark. */
static char *
mark_tooltip_cb (GtkSourceMarkAttributes *attributes, GtkSourceMark *mark, RtRequestEditor *self)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (get_buffer (self));
  GString *words = g_string_new (NULL);
  GtkTextIter at;

  gtk_text_buffer_get_iter_at_mark (buffer, &at, GTK_TEXT_MARK (mark));
  for (guint i = 0; i < self->report->remarks->len; i++)
    {
      const RtByteRemark *remark = self->report->remarks->pdata[i];

      if ((int)remark->line == gtk_text_iter_get_line (&at) + 1)
        g_string_append_printf (words, "%s%s", words->len > 0 ? "\n" : "", remark->text);
    }
  return g_string_free (words, FALSE);
}

static void
remark_activated_cb (RtRequestEditor *self, GtkListBoxRow *row)
{
  guint line = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (row), ROW_LINE));
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (get_buffer (self));
  GtkTextIter start, end;

  gtk_text_buffer_get_iter_at_line (buffer, &start, (int)line - 1);
  end = start;
  if (!gtk_text_iter_ends_line (&end))
    gtk_text_iter_forward_to_line_end (&end);
  gtk_text_buffer_select_range (buffer, &start, &end);
  gtk_text_view_scroll_to_iter (GTK_TEXT_VIEW (self->source), &start, 0, FALSE, 0, 0);
  gtk_widget_grab_focus (GTK_WIDGET (self->source));
}

/* The widget */

static gboolean
grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (RT_REQUEST_EDITOR (widget)->source));
}

static void
rt_request_editor_dispose (GObject *object)
{
  RtRequestEditor *self = RT_REQUEST_EDITOR (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (rt_request_editor_parent_class)->dispose (object);
}

static void
rt_request_editor_finalize (GObject *object)
{
  RtRequestEditor *self = RT_REQUEST_EDITOR (object);

  g_clear_pointer (&self->report, rt_byte_report_free);
  g_clear_pointer (&self->rest, g_bytes_unref);
  G_OBJECT_CLASS (rt_request_editor_parent_class)->finalize (object);
}

static void
rt_request_editor_class_init (RtRequestEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_request_editor_dispose;
  G_OBJECT_CLASS (klass)->finalize = rt_request_editor_finalize;
  widget_class->grab_focus = grab_focus;
  signals[CHANGED] = g_signal_new ("changed", RT_TYPE_REQUEST_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (GTK_SOURCE_TYPE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-request-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, RtRequestEditor, box);
  gtk_widget_class_bind_template_child (widget_class, RtRequestEditor, caption);
  gtk_widget_class_bind_template_child (widget_class, RtRequestEditor, summary);
  gtk_widget_class_bind_template_child (widget_class, RtRequestEditor, source);
  gtk_widget_class_bind_template_child (widget_class, RtRequestEditor, remarks);
  gtk_widget_class_bind_template_callback (widget_class, remark_activated_cb);
}

static void
add_marks (RtRequestEditor *self)
{
  for (guint i = RT_SEVERITY_INFO; i <= RT_SEVERITY_PROBLEM; i++)
    {
      g_autoptr (GtkSourceMarkAttributes) attributes = gtk_source_mark_attributes_new ();

      gtk_source_mark_attributes_set_icon_name (attributes, rt_severity_icon ((RtSeverity)i));
      g_signal_connect_object (attributes, "query-tooltip-text", G_CALLBACK (mark_tooltip_cb), self,
                               0);
      gtk_source_view_set_mark_attributes (self->source, categories[i], attributes, (int)i);
    }
}

/* A line's end is two bytes, and sends them: it is seen. */
static void
show_line_ends (RtRequestEditor *self)
{
  GtkSourceSpaceDrawer *drawer = gtk_source_view_get_space_drawer (self->source);

  gtk_source_space_drawer_set_types_for_locations (drawer, GTK_SOURCE_SPACE_LOCATION_ALL,
                                                   GTK_SOURCE_SPACE_TYPE_NONE);
  gtk_source_space_drawer_set_types_for_locations (drawer, GTK_SOURCE_SPACE_LOCATION_ALL,
                                                   GTK_SOURCE_SPACE_TYPE_NEWLINE);
  gtk_source_space_drawer_set_types_for_locations (drawer, GTK_SOURCE_SPACE_LOCATION_TRAILING,
                                                   GTK_SOURCE_SPACE_TYPE_ALL);
  gtk_source_space_drawer_set_enable_matrix (drawer, TRUE);
}

static void
rt_request_editor_init (RtRequestEditor *self)
{
  GtkSourceLanguageManager *languages = gtk_source_language_manager_get_default ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_source_buffer_set_language (get_buffer (self),
                                  gtk_source_language_manager_get_language (languages, "http"));
  gtk_source_buffer_set_highlight_matching_brackets (get_buffer (self), FALSE);
  gtk_text_buffer_create_tag (GTK_TEXT_BUFFER (get_buffer (self)), UNHYPHENED, "insert-hyphens",
                              FALSE, NULL);
  gtk_source_buffer_set_implicit_trailing_newline (get_buffer (self), FALSE);
  update_scheme (self);
  add_marks (self);
  show_line_ends (self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (update_scheme), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (get_buffer (self), "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  changed_cb (self);
}

/**
 * rt_request_editor_new:
 * @caption: what is edited
 * @text: written as in a block `bytes`
 *
 * Returns: an editor
 */
GtkWidget *
rt_request_editor_new (const char *caption, const char *text)
{
  RtRequestEditor *self = g_object_new (RT_TYPE_REQUEST_EDITOR, NULL);

  rt_request_editor_set_caption (self, caption);
  rt_request_editor_set_text (self, text);
  return GTK_WIDGET (self);
}

/** rt_request_editor_set_caption: @caption: what is edited */
void
rt_request_editor_set_caption (RtRequestEditor *self, const char *caption)
{
  gtk_label_set_text (self->caption, caption);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->source), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  caption, -1);
}

/* A text view lays out a line at a time, and takes seconds for a long one. */
static gboolean
has_long_line (const char *data, gsize length)
{
  gsize line = 0;

  for (gsize i = 0; i < length && line <= MAX_LINE; i++)
    line = data[i] == '\n' ? 0 : line + 1;
  return line > MAX_LINE;
}

/* How many bytes of @data are edited: the head, and the content if it is a text and no long one. */
static gsize
length_of_text (const char *data, gsize length)
{
  const char *end = g_strstr_len (data, (gssize)MIN (length, MAX_TEXT), "\r\n\r\n");
  gsize head = end != NULL ? (gsize)(end - data) + 4 : MIN (length, MAX_TEXT);

  if (length > MAX_TEXT || !g_utf8_validate_len (data + head, length - head, NULL)
      || has_long_line (data + head, length - head))
    return head;
  return length;
}

/** rt_request_editor_set_text: @text: written as in a block `bytes`; can be undone */
void
rt_request_editor_set_text (RtRequestEditor *self, const char *text)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (get_buffer (self));
  g_autofree char *shown = dup_shown (text);
  GtkTextIter start, end;

  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert (buffer, &start, shown, -1);
  gtk_text_buffer_end_user_action (buffer);
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_place_cursor (buffer, &start);
}

/** rt_request_editor_dup_text: Returns: written as in a block `bytes` */
char *
rt_request_editor_dup_text (RtRequestEditor *self)
{
  g_autofree char *shown = dup_buffer_text (self);
  gsize length = strlen (shown);
  gboolean ended = length == 0 || shown[length - 1] == '\n';

  if (ended)
    return g_steal_pointer (&shown);
  return g_strconcat (
      shown, ends_with_backslash (shown, length) || last_line_is_pause (shown) ? "\n" : "\\\n",
      NULL);
}

/**
 * rt_request_editor_set_bytes:
 * @bytes: what is edited. What is no text, or too long for an editor, stays as it is
 *
 * Returns: how many bytes that are, at the end of @bytes
 */
gsize
rt_request_editor_set_bytes (RtRequestEditor *self, GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  gsize shown = length_of_text (data, length);
  g_autofree char *text = rt_byte_text_write ((RtText){ data, shown });

  g_clear_pointer (&self->rest, g_bytes_unref);
  if (shown < length)
    self->rest = g_bytes_new_from_bytes (bytes, shown, length - shown);
  rt_request_editor_set_text (self, text);
  return length - shown;
}

/** rt_request_editor_get_report: Returns: what there is to say of the text as it stands */
const RtByteReport *
rt_request_editor_get_report (RtRequestEditor *self)
{
  return self->report;
}
