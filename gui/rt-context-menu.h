/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Context menus: by the right mouse button, by the menu key and by Shift+F10. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * RtContextMenuFunc:
 * @x, @y: where it was asked for; negative: by keyboard
 *
 * Returns: (transfer full) (nullable): the menu there; what it is about is selected before
 */
typedef GMenuModel *(*RtContextMenuFunc) (GtkWidget *widget, double x, double y, gpointer data);

void rt_context_menu_popup (GtkWidget *widget, GMenuModel *menu, double x, double y);
void rt_context_menu_attach (GtkWidget *widget, RtContextMenuFunc make, gpointer data);

G_END_DECLS
