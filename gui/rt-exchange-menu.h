/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can be done with an exchange and with a part of it, as context menus. */
#pragma once

#include <gtk/gtk.h>

#include "rt-view.h"

G_BEGIN_DECLS

GMenuModel *rt_exchange_menu_new (RtView *view);
GMenuModel *rt_exchange_menu_new_beside (RtView *view);
GMenuModel *rt_element_menu_new (void);

G_END_DECLS
