/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The recorded sessions, by lesson and date: opened, renamed, pinned, deleted. */
#pragma once

#include <gtk/gtk.h>

#include "rt-tutor.h"

G_BEGIN_DECLS

#define RT_TYPE_SESSION_LIST (rt_session_list_get_type ())
G_DECLARE_FINAL_TYPE (RtSessionList, rt_session_list, RT, SESSION_LIST, GtkWidget)

void rt_session_list_set_tutor (RtSessionList *self, RtTutor *tutor);
void rt_session_list_fill (RtSessionList *self, GPtrArray *sessions, GPtrArray *lessons);
char *rt_session_list_dup_summary (RtSessionList *self);

G_END_DECLS
