/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * GtkSourceView in a frame of our own, in the colours of the window. */
#include "rt-code-box.h"

#include "rt-appearance.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>

/* Name of the tag that is on all of the text. */
#define UNHYPHENED "unhyphened"

struct _RtCodeBox
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkLabel *caption;
  GtkSourceView *source;
};

G_DEFINE_FINAL_TYPE (RtCodeBox, rt_code_box, GTK_TYPE_WIDGET)

static GtkSourceBuffer *
get_buffer (RtCodeBox *self)
{
  return GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->source)));
}

/* No scheme has colours for high contrast: there, code is ink on paper. */
static void
update_scheme (RtCodeBox *self)
{
  RtScheme scheme = rt_appearance_get_scheme ();
  gboolean dark = scheme == RT_SCHEME_DARK || scheme == RT_SCHEME_HIGH_CONTRAST_DARK;
  GtkSourceStyleSchemeManager *schemes = gtk_source_style_scheme_manager_get_default ();

  gtk_source_buffer_set_style_scheme (
      get_buffer (self),
      gtk_source_style_scheme_manager_get_scheme (schemes, dark ? "Adwaita-dark" : "Adwaita"));
  gtk_source_buffer_set_highlight_syntax (get_buffer (self),
                                          scheme == RT_SCHEME_LIGHT || scheme == RT_SCHEME_DARK);
}

static void
rt_code_box_dispose (GObject *object)
{
  RtCodeBox *self = RT_CODE_BOX (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (rt_code_box_parent_class)->dispose (object);
}

static void
rt_code_box_class_init (RtCodeBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_code_box_dispose;
  g_type_ensure (GTK_SOURCE_TYPE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-code-box.ui");
  gtk_widget_class_bind_template_child (widget_class, RtCodeBox, box);
  gtk_widget_class_bind_template_child (widget_class, RtCodeBox, caption);
  gtk_widget_class_bind_template_child (widget_class, RtCodeBox, source);
}

static void
rt_code_box_init (RtCodeBox *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_source_buffer_set_highlight_matching_brackets (get_buffer (self), FALSE);
  /* A hyphen where a line is wrapped would look like code. */
  gtk_text_buffer_create_tag (GTK_TEXT_BUFFER (get_buffer (self)), UNHYPHENED, "insert-hyphens",
                              FALSE, NULL);
  update_scheme (self);
  rt_appearance_watch (self, G_CALLBACK (update_scheme));
}

/**
 * rt_code_box_new:
 * @caption: (nullable): above it
 * @text: the code
 * @language: (nullable): id of a GtkSourceView language
 *
 * Returns: a box to read
 */
GtkWidget *
rt_code_box_new (const char *caption, const char *text, const char *language)
{
  RtCodeBox *self = g_object_new (RT_TYPE_CODE_BOX, NULL);

  gtk_label_set_text (self->caption, caption != NULL ? caption : "");
  gtk_widget_set_visible (GTK_WIDGET (self->caption), caption != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->source), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  caption != NULL ? caption : _ ("Example"), -1);
  rt_code_box_set_language (self, language);
  rt_code_box_set_text (self, text);
  return GTK_WIDGET (self);
}

/** rt_code_box_set_text: @text: without the line break at its end */
void
rt_code_box_set_text (RtCodeBox *self, const char *text)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (get_buffer (self));
  GtkTextIter start, end;
  gsize length = strlen (text);

  while (length > 0 && text[length - 1] == '\n')
    length--;
  gtk_text_buffer_set_text (buffer, text, (int)length);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_apply_tag_by_name (buffer, UNHYPHENED, &start, &end);
}

char *
rt_code_box_dup_text (RtCodeBox *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (GTK_TEXT_BUFFER (get_buffer (self)), &start, &end);
  return gtk_text_buffer_get_text (GTK_TEXT_BUFFER (get_buffer (self)), &start, &end, TRUE);
}

/** rt_code_box_set_language: @language: (nullable): `yaml`; one that is not known is not coloured
 */
void
rt_code_box_set_language (RtCodeBox *self, const char *language)
{
  GtkSourceLanguageManager *languages = gtk_source_language_manager_get_default ();

  gtk_source_buffer_set_language (
      get_buffer (self),
      language != NULL ? gtk_source_language_manager_get_language (languages, language) : NULL);
}

void
rt_code_box_set_editable (RtCodeBox *self, gboolean editable)
{
  /* What is only read is wrapped: a line that is cut off cannot be read. */
  gtk_text_view_set_editable (GTK_TEXT_VIEW (self->source), editable);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (self->source),
                               editable ? GTK_WRAP_NONE : GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_cursor_visible (GTK_TEXT_VIEW (self->source), editable);
}
