/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the selected exchange means: notes as cards, decisions as checklists. */
#pragma once

#include <gtk/gtk.h>

#include "rt-view.h"

G_BEGIN_DECLS

#define RT_TYPE_MEANING_PANE (rt_meaning_pane_get_type ())
G_DECLARE_FINAL_TYPE (RtMeaningPane, rt_meaning_pane, RT, MEANING_PANE, GtkWidget)

void rt_meaning_pane_set_view (RtMeaningPane *self, RtView *view);

G_END_DECLS
