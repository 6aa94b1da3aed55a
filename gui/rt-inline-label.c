/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A label from runs: how a run is set becomes Pango attributes over the plain text. GtkLabel knows
 * links only as markup, so each link is an anchor that we write around escaped text, and what it
 * leads to is a number: nothing of a lesson is ever read as markup. */
#include "rt-inline-label.h"

#include <glib/gi18n.h>

#define LINKS "rt-links"

/** RtLinkTarget: where one anchor leads. */
typedef struct
{
  RtLinkKind kind;
  char *target, *title;
} RtLinkTarget;

static void
link_target_free (gpointer data)
{
  RtLinkTarget *link = data;

  g_free (link->target);
  g_free (link->title);
  g_free (link);
}

static void
add_attribute (PangoAttrList *attributes, PangoAttribute *attribute, gsize from, gsize to)
{
  attribute->start_index = (guint)from;
  attribute->end_index = (guint)to;
  pango_attr_list_insert (attributes, attribute);
}

static void
add_attributes (PangoAttrList *attributes, const RtInline *run, gsize from, gsize to)
{
  if (run->flags & RT_INLINE_EMPHASIS)
    add_attribute (attributes, pango_attr_style_new (PANGO_STYLE_ITALIC), from, to);
  if (run->flags & RT_INLINE_STRONG)
    add_attribute (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD), from, to);
  if (run->flags & RT_INLINE_CODE)
    {
      add_attribute (attributes, pango_attr_family_new ("JetBrains Mono, monospace"), from, to);
      add_attribute (attributes, pango_attr_scale_new (0.92), from, to);
      add_attribute (attributes, pango_attr_background_new (0x8080, 0x8080, 0x8080), from, to);
      add_attribute (attributes, pango_attr_background_alpha_new (0x2200), from, to);
    }
}

/* A term is explained on the spot, beside what a pointer hovering there would show. */
static void
explain_term (GtkLabel *label, const RtLinkTarget *link)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *words = gtk_label_new (link->title);

  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (words), 38);
  gtk_popover_set_child (GTK_POPOVER (popover), words);
  gtk_widget_set_parent (popover, GTK_WIDGET (label));
  g_signal_connect (popover, "closed", G_CALLBACK (gtk_widget_unparent), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}

static gboolean
activate_link_cb (GtkLabel *label, const char *uri, gpointer data)
{
  GPtrArray *links = g_object_get_data (G_OBJECT (label), LINKS);
  guint64 i = g_ascii_strtoull (uri, NULL, 10);
  const RtLinkTarget *link = i < links->len ? links->pdata[i] : NULL;
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (label)));
  g_autofree char *address = NULL;

  if (link == NULL)
    return TRUE;
  if (link->kind == RT_LINK_TERM && link->title != NULL)
    explain_term (label, link);
  else if (link->kind == RT_LINK_LESSON)
    gtk_widget_activate_action (GTK_WIDGET (label), "win.open-lesson", "s", link->target);
  else if (link->kind == RT_LINK_RFC)
    address = rt_reference_address (link->target);
  else if (link->kind == RT_LINK_WEB)
    address = g_strdup (link->target);
  if (address != NULL)
    gtk_show_uri (window, address, GDK_CURRENT_TIME);
  return TRUE;
}

static void
append_link (GString *markup, GPtrArray *links, const RtInline *run)
{
  RtLinkTarget *link = g_new0 (RtLinkTarget, 1);
  g_autofree char *text = g_markup_escape_text (run->text, -1);
  g_autofree char *title = g_markup_escape_text (run->title != NULL ? run->title : "", -1);

  link->kind = run->link;
  link->target = g_strdup (run->target);
  link->title = g_strdup (run->title);
  g_string_append_printf (markup, "<a href=\"%u\" title=\"%s\">%s</a>", links->len, title, text);
  g_ptr_array_add (links, link);
}

/**
 * rt_inline_label_set:
 * @label: shows them from now on
 * @inlines: (element-type RtInline)
 */
void
rt_inline_label_set (GtkLabel *label, GPtrArray *inlines)
{
  g_autoptr (GString) markup = g_string_new (NULL);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  GPtrArray *links = g_ptr_array_new_with_free_func (link_target_free);
  gsize at = 0;

  for (guint i = 0; i < inlines->len; i++)
    {
      const RtInline *run = inlines->pdata[i];
      gsize length = strlen (run->text);
      g_autofree char *escaped = g_markup_escape_text (run->text, -1);

      add_attributes (attributes, run, at, at + length);
      at += length;
      if (run->link == RT_LINK_NONE)
        g_string_append (markup, escaped);
      else
        append_link (markup, links, run);
    }
  if (g_object_get_data (G_OBJECT (label), LINKS) == NULL)
    g_signal_connect (label, "activate-link", G_CALLBACK (activate_link_cb), NULL);
  g_object_set_data_full (G_OBJECT (label), LINKS, links, (GDestroyNotify)g_ptr_array_unref);
  gtk_label_set_attributes (label, attributes);
  gtk_label_set_markup (label, markup->str);
}

/**
 * rt_inline_label_new:
 * @inlines: (element-type RtInline)
 *
 * Returns: a paragraph
 */
GtkWidget *
rt_inline_label_new (GPtrArray *inlines)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), FALSE);
  gtk_widget_add_css_class (label, "prose");
  rt_inline_label_set (GTK_LABEL (label), inlines);
  return label;
}
