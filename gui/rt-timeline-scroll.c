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

static gboolean
has_place (RtTimeline *self, guint message)
{
  return self->layout != NULL && self->layout->model == self->model
         && message < self->layout->messages->len;
}

void
rt_timeline_reveal_message (RtTimeline *self, guint message, double margin)
{
  if (has_place (self, message))
    {
      const RtMessageGeometry *geometry = rt_timeline_layout_get_message (self->layout, message);

      rt_timeline_reveal (self, geometry->top - margin, geometry->bottom + margin);
    }
}

/** rt_timeline_get_message_y: Returns: where in the widget the message begins, at its sender's end
 */
double
rt_timeline_get_message_y (RtTimeline *self, guint message)
{
  return has_place (self, message)
             ? rt_timeline_layout_get_message (self->layout, message)->sent0 + self->layout->header
                   - rt_timeline_get_scroll (self, GTK_ORIENTATION_VERTICAL)
             : 0;
}

/* Before another model comes: what is on top stays there, whatever is above it then. */
void
rt_timeline_remember_place (RtTimeline *self)
{
  double top = rt_timeline_get_scroll (self, GTK_ORIENTATION_VERTICAL);
  guint first, end;

  /* Of a model that was never laid out nothing could be seen: what was before it counts. */
  if (!has_place (self, 0))
    return;
  self->anchor = 0;
  rt_timeline_layout_visible (self->layout, top, top + 1, &first, &end);
  if (!has_place (self, first))
    return;
  self->anchor = rt_timeline_model_get_message (self->model, first)->exchange;
  self->anchor_request = rt_timeline_model_get_message (self->model, first)->request;
  self->anchor_y = rt_timeline_layout_get_message (self->layout, first)->sent0 - top;
}

void
rt_timeline_restore_place (RtTimeline *self)
{
  GtkAdjustment *vertical = self->adjustments[GTK_ORIENTATION_VERTICAL];
  guint message = self->anchor != 0
                      ? rt_timeline_model_find (self->model, self->anchor, self->anchor_request)
                      : RT_TIMELINE_NONE;

  self->anchor = 0;
  if (vertical != NULL && has_place (self, message))
    gtk_adjustment_set_value (
        vertical, rt_timeline_layout_get_message (self->layout, message)->sent0 - self->anchor_y);
}

/* Somebody came to the end of what is shown of a long run. */
static void
tell_of_edge (RtTimeline *self)
{
  GtkAdjustment *vertical = self->adjustments[GTK_ORIENTATION_VERTICAL];
  double value = gtk_adjustment_get_value (vertical);
  double page = gtk_adjustment_get_page_size (vertical);
  double last = self->last_scroll;

  self->last_scroll = value;
  if (self->placing || self->layout == NULL || self->layout->model != self->model)
    return;
  if (value > last && value + 1.5 * page >= gtk_adjustment_get_upper (vertical))
    g_signal_emit_by_name (self, "edge", 1);
  else if (value < last && value <= page / 2)
    g_signal_emit_by_name (self, "edge", -1);
}

static void
scrolled_cb (RtTimeline *self, GtkAdjustment *adjustment)
{
  if (adjustment == self->adjustments[GTK_ORIENTATION_VERTICAL])
    tell_of_edge (self);
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
