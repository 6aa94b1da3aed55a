/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Scrolling: what the scroll bars are told, and what is brought into sight. */
#include "rt-timeline-private.h"

double
rt_timeline_get_scroll (RtTimeline *self, GtkOrientation orientation)
{
  GtkAdjustment *adjustment = self->adjustments[orientation];

  return adjustment != NULL ? gtk_adjustment_get_value (adjustment) : 0;
}

void
rt_timeline_configure_adjustments (RtTimeline *self, int width, int height)
{
  GtkAdjustment *vertical = self->adjustments[GTK_ORIENTATION_VERTICAL];
  GtkAdjustment *horizontal = self->adjustments[GTK_ORIENTATION_HORIZONTAL];
  double whole = self->layout->height;
  double wide = self->layout->params.width;

  if (horizontal != NULL)
    gtk_adjustment_configure (
        horizontal, CLAMP (gtk_adjustment_get_value (horizontal), 0, MAX (0, wide - width)), 0,
        MAX (wide, width), 48 * self->params.text_scale, width * 0.9, width);
  if (vertical != NULL)
    gtk_adjustment_configure (
        vertical, CLAMP (gtk_adjustment_get_value (vertical), 0, MAX (0, whole - height)), 0,
        MAX (whole, height), 48 * self->params.text_scale, (height - self->layout->header) * 0.9,
        height);
}

/* The line of the present stays in the middle part, so that what comes next can be seen coming. */
void
rt_timeline_follow_now (RtTimeline *self)
{
  GtkAdjustment *vertical = self->adjustments[GTK_ORIENTATION_VERTICAL];
  double y, page, scroll;

  self->following = self->layout == NULL;
  if (self->layout == NULL || self->view.now == RT_TIME_UNKNOWN || vertical == NULL)
    return;
  y = rt_timeline_layout_y (self->layout, self->view.now);
  page = gtk_adjustment_get_page_size (vertical) - self->layout->header;
  scroll = gtk_adjustment_get_value (vertical);
  if (y < scroll + page * 0.15)
    gtk_adjustment_set_value (vertical, y - page * 0.15);
  else if (y > scroll + page * 0.65)
    gtk_adjustment_set_value (vertical, y - page * 0.65);
}

/* Scrolls so that @top to @bottom, in the layout's y, can be seen. */
void
rt_timeline_reveal (RtTimeline *self, double top, double bottom)
{
  GtkAdjustment *vertical = self->adjustments[GTK_ORIENTATION_VERTICAL];

  if (vertical != NULL && self->layout != NULL)
    gtk_adjustment_clamp_page (vertical, MAX (0, top), bottom + self->layout->header);
}

static void
scrolled_cb (RtTimeline *self)
{
  rt_timeline_update_items (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
rt_timeline_set_adjustment (RtTimeline *self, GtkOrientation orientation, GtkAdjustment *adjustment)
{
  if (self->adjustments[orientation] != NULL)
    g_signal_handlers_disconnect_by_data (self->adjustments[orientation], self);
  g_clear_object (&self->adjustments[orientation]);
  if (adjustment == NULL)
    adjustment = gtk_adjustment_new (0, 0, 0, 0, 0, 0);
  self->adjustments[orientation] = g_object_ref_sink (adjustment);
  g_signal_connect_swapped (adjustment, "value-changed", G_CALLBACK (scrolled_cb), self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}
