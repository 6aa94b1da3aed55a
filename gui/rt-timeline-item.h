/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An invisible child of the timeline: what a screen reader finds where a message is drawn. GTK 4.8
 * has no accessible objects without widgets. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RT_TYPE_TIMELINE_ITEM (rt_timeline_item_get_type ())
G_DECLARE_FINAL_TYPE (RtTimelineItem, rt_timeline_item, RT, TIMELINE_ITEM, GtkWidget)

GtkWidget *rt_timeline_item_new (void);
void rt_timeline_item_set (RtTimelineItem *self, const char *words, gboolean selected);
const char *rt_timeline_item_get_words (RtTimelineItem *self);

G_END_DECLS
