/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Everything that can be done or gone to, found by typing. */
#pragma once

#include "rt-window.h"

G_BEGIN_DECLS

#define RT_TYPE_COMMAND_LIST (rt_command_list_get_type ())
G_DECLARE_FINAL_TYPE (RtCommandList, rt_command_list, RT, COMMAND_LIST, GtkWindow)

RtCommandList *rt_command_list_new (RtWindow *window);
void rt_command_list_search (RtCommandList *self, const char *query);
guint rt_command_list_get_n_found (RtCommandList *self);
const char *rt_command_list_get_found (RtCommandList *self, guint i);

G_END_DECLS
