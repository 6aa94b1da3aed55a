/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Helps to write a filter: what may stand at the cursor, and what it means. */
#pragma once

#include <gtk/gtk.h>

#include "rt-filter.h"

G_BEGIN_DECLS

#define RT_TYPE_FILTER_HELP (rt_filter_help_get_type ())
G_DECLARE_FINAL_TYPE (RtFilterHelp, rt_filter_help, RT, FILTER_HELP, GtkPopover)

RtFilterHelp *rt_filter_help_new (GtkEditable *entry);
void rt_filter_help_set_analysis (RtFilterHelp *self, RtAnalysis *analysis);
guint rt_filter_help_get_n (RtFilterHelp *self);
gboolean rt_filter_help_accept (RtFilterHelp *self);

G_END_DECLS
