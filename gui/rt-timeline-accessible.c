/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The timeline's accessible children: one for each message that can be seen. */
#include "rt-timeline-private.h"

#include "rt-timeline-item.h"

/* Says what is in sight. */
void
rt_timeline_update_items (RtTimeline *self)
{
  guint first, end;
  double top = rt_timeline_get_scroll (self, GTK_ORIENTATION_VERTICAL);

  if (self->layout == NULL)
    return;
  rt_timeline_layout_visible (self->layout, top, top + gtk_widget_get_height (GTK_WIDGET (self)),
                              &first, &end);
  end = MIN (end, first + N_ITEMS);
  if (first == self->first_item && end == self->end_item)
    return;
  self->first_item = first;
  self->end_item = end;
  for (guint i = 0; i < N_ITEMS; i++)
    {
      gboolean used = first + i < end;
      g_autofree char *words
          = used ? rt_timeline_model_describe (self->model, first + i) : g_strdup ("");

      rt_timeline_item_set (RT_TIMELINE_ITEM (self->items[i]), words,
                            used && first + i == self->view.selected);
      gtk_widget_set_child_visible (self->items[i], used);
    }
}

/* Puts them where the messages are. */
void
rt_timeline_allocate_items (RtTimeline *self)
{
  for (guint i = 0; self->first_item + i < self->end_item && i < N_ITEMS; i++)
    {
      const RtMessageGeometry *geometry
          = rt_timeline_layout_get_message (self->layout, self->first_item + i);
      const RtBox *pill = &geometry->pill;
      double x = (pill->width > 0 ? pill->x : MIN (geometry->x0, geometry->x1))
                 - rt_timeline_get_scroll (self, GTK_ORIENTATION_HORIZONTAL);
      double y = (pill->width > 0 ? pill->y : geometry->sent0)
                 - rt_timeline_get_scroll (self, GTK_ORIENTATION_VERTICAL) + self->layout->header;

      gtk_widget_size_allocate (
          self->items[i],
          &(GtkAllocation){ (int)x, (int)y, MAX (1, (int)pill->width), MAX (1, (int)pill->height) },
          -1);
    }
}

/* Nothing of the old model is said any more. */
void
rt_timeline_forget_items (RtTimeline *self)
{
  for (guint i = 0; i < N_ITEMS; i++)
    {
      rt_timeline_item_set (RT_TIMELINE_ITEM (self->items[i]), "", FALSE);
      gtk_widget_set_child_visible (self->items[i], FALSE);
    }
  self->first_item = self->end_item = 0;
}
