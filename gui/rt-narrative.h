/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lesson's text, page by page. A page ends at its first open question. */
#pragma once

#include <gtk/gtk.h>

#include "rt-tutor.h"

G_BEGIN_DECLS

/**
 * RtNarrative:
 *
 * Signals: `show-run (guint)`: the run that the page is about; `show-view (RtView)`: what a probe
 * showed.
 */
#define RT_TYPE_NARRATIVE (rt_narrative_get_type ())
G_DECLARE_FINAL_TYPE (RtNarrative, rt_narrative, RT, NARRATIVE, GtkWidget)

void rt_narrative_set_tutor (RtNarrative *self, RtTutor *tutor);
guint rt_narrative_get_page (RtNarrative *self);
void rt_narrative_set_page (RtNarrative *self, guint page);
guint rt_narrative_get_last_page (RtNarrative *self);
guint rt_narrative_get_last_run (RtNarrative *self);
GtkWidget *rt_narrative_get_card (RtNarrative *self);

G_END_DECLS
