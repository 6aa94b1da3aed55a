/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A row knows its heading; where it is another than that of the row before, it is shown. */
#include "rt-list-heading.h"

#define HEADING "rt-heading"

/** rt_list_heading_set: @heading: what @row stands under */
void
rt_list_heading_set (GtkWidget *row, const char *heading)
{
  g_object_set_data_full (G_OBJECT (row), HEADING, g_strdup (heading), g_free);
}

/** rt_list_heading_update: for gtk_list_box_set_header_func() */
void
rt_list_heading_update (GtkListBoxRow *row, GtkListBoxRow *before, gpointer data)
{
  const char *heading = g_object_get_data (G_OBJECT (row), HEADING);
  const char *last = before != NULL ? g_object_get_data (G_OBJECT (before), HEADING) : NULL;
  GtkWidget *label;

  if (g_strcmp0 (heading, last) == 0)
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }
  label = gtk_label_new (heading);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 24);
  gtk_widget_add_css_class (label, "sidebar-heading");
  gtk_list_box_row_set_header (row, label);
}

/** rt_list_box_clear: takes all rows out */
void
rt_list_box_clear (GtkListBox *list)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list, 0)) != NULL)
    gtk_list_box_remove (list, GTK_WIDGET (row));
}
