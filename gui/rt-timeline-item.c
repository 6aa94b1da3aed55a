/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The accessible stand-in of a message. */
#include "rt-timeline-item.h"

struct _RtTimelineItem
{
  GtkWidget parent_instance;

  char *words;
};

G_DEFINE_FINAL_TYPE (RtTimelineItem, rt_timeline_item, GTK_TYPE_WIDGET)

static void
rt_timeline_item_finalize (GObject *object)
{
  g_free (RT_TIMELINE_ITEM (object)->words);
  G_OBJECT_CLASS (rt_timeline_item_parent_class)->finalize (object);
}

static void
rt_timeline_item_class_init (RtTimelineItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_timeline_item_finalize;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_LIST_ITEM);
}

static void
rt_timeline_item_init (RtTimelineItem *self)
{
  self->words = g_strdup ("");
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

GtkWidget *
rt_timeline_item_new (void)
{
  return g_object_new (RT_TYPE_TIMELINE_ITEM, NULL);
}

/**
 * rt_timeline_item_set:
 * @words: the message in a sentence; empty: stands for none
 */
void
rt_timeline_item_set (RtTimelineItem *self, const char *words, gboolean selected)
{
  g_free (self->words);
  self->words = g_strdup (words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_SELECTED, selected,
                               GTK_ACCESSIBLE_STATE_HIDDEN, *words == '\0', -1);
}

const char *
rt_timeline_item_get_words (RtTimelineItem *self)
{
  return self->words;
}
