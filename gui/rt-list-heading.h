/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Headings between the rows of a list box. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void rt_list_heading_set (GtkWidget *row, const char *heading);
void rt_list_heading_update (GtkListBoxRow *row, GtkListBoxRow *before, gpointer data);
void rt_list_box_clear (GtkListBox *list);

G_END_DECLS
