/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The cheat sheet: what people see who have a bug, what to check first, which lesson explains it.
 */
#pragma once

#include <gtk/gtk.h>

#include "rt-lesson.h"

G_BEGIN_DECLS

#define RT_TYPE_SYMPTOM_LIST (rt_symptom_list_get_type ())
G_DECLARE_FINAL_TYPE (RtSymptomList, rt_symptom_list, RT, SYMPTOM_LIST, GtkWidget)

void rt_symptom_list_fill (RtSymptomList *self, GPtrArray *lessons);
void rt_symptom_list_show (RtSymptomList *self, const char *name);

G_END_DECLS
