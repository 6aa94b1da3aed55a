/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Runs of a lesson's text as a label. */
#pragma once

#include <gtk/gtk.h>

#include "rt-lesson-text.h"

G_BEGIN_DECLS

GtkWidget *rt_inline_label_new (GPtrArray *inlines);
void rt_inline_label_set (GtkLabel *label, GPtrArray *inlines);

G_END_DECLS
