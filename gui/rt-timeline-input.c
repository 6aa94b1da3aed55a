/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What mouse and keys do to the timeline. */
#include "rt-timeline-private.h"

#include <math.h>

#define ZOOM_STEP 1.25
/* A click on a column of counts looks so much closer. */
#define ZOOM_CLICK 6.0

static double
scroll_x (RtTimeline *self)
{
  return rt_timeline_get_scroll (self, GTK_ORIENTATION_HORIZONTAL);
}

static double
scroll_y (RtTimeline *self)
{
  return rt_timeline_get_scroll (self, GTK_ORIENTATION_VERTICAL);
}

/* @x, @y: of the widget, but for sideways scrolling */
static guint
message_at (RtTimeline *self, double x, double y)
{
  if (self->layout == NULL || y < self->layout->header || self->layout->level == RT_TIMELINE_HEAT)
    return RT_TIMELINE_NONE;
  return rt_timeline_layout_hit (self->layout, x, y - self->layout->header + scroll_y (self));
}

static void
set_hover (RtTimeline *self, guint index)
{
  if (self->view.hover == index)
    return;
  self->view.hover = index;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), index != RT_TIMELINE_NONE ? "pointer" : NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
motion_cb (RtTimeline *self, double x, double y)
{
  set_hover (self, message_at (self, x + scroll_x (self), y));
}

static void
leave_cb (RtTimeline *self)
{
  set_hover (self, RT_TIMELINE_NONE);
}

/* Keeps what stands at @y of the widget there while the zoom changes. */
static void
zoom_at (RtTimeline *self, double zoom, double y)
{
  GtkAdjustment *vertical = self->adjustments[GTK_ORIENTATION_VERTICAL];
  double offset = self->layout != NULL ? y - self->layout->header : 0;
  gboolean overview;
  RtTime time;

  if (self->layout == NULL || vertical == NULL)
    {
      rt_timeline_set_zoom (self, zoom);
      return;
    }
  time = rt_timeline_scale_time (self->layout->scale, scroll_y (self) + offset);
  overview = rt_timeline_get_shows_overview (self);
  rt_timeline_set_zoom (self, zoom);
  rt_timeline_update_layout (self);
  if (overview && !rt_timeline_get_shows_overview (self))
    g_signal_emit_by_name (self, "jump", (gint64)time);
  gtk_adjustment_set_value (vertical, rt_timeline_layout_y (self->layout, time) - offset);
}

/* From the overview to the messages, wherever in the run they are. */
static void
jump (RtTimeline *self, RtTime time)
{
  rt_timeline_set_zoom (self, 1);
  g_signal_emit_by_name (self, "jump", (gint64)time);
}

static void
menu_pressed_cb (RtTimeline *self, int n_press, double x, double y)
{
  guint lane;

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (self->layout == NULL)
    return;
  if (y >= self->layout->header)
    {
      guint message = message_at (self, x + scroll_x (self), y);

      if (message == RT_TIMELINE_NONE)
        return;
      rt_timeline_select (self, message);
      g_signal_emit_by_name (self, "menu", x, y);
      return;
    }
  lane = rt_timeline_layout_hit_lane (self->layout, x + scroll_x (self));
  if (lane != RT_TIMELINE_NONE)
    rt_timeline_open_lane_menu (self, lane, x);
}

/* With Ctrl, the message is of the other side of a comparison with what is selected. */
static void
compare_with (RtTimeline *self, guint message)
{
  if (message != RT_TIMELINE_NONE)
    g_signal_emit_by_name (self, "compare",
                           rt_timeline_model_get_message (self->model, message)->exchange);
}

static void
pressed_cb (RtTimeline *self, int n_press, double x, double y, GtkEventController *click)
{
  double content = self->layout != NULL ? y - self->layout->header + scroll_y (self) : 0;
  guint card;

  x += scroll_x (self);
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (self->layout == NULL)
    return;
  if (y < self->layout->header)
    {
      guint lane = rt_timeline_layout_hit_lane (self->layout, x);

      if (lane != RT_TIMELINE_NONE)
        rt_timeline_toggle_fold (self, lane);
      return;
    }
  if (rt_timeline_get_shows_overview (self))
    {
      jump (self, rt_timeline_scale_time (self->layout->scale, content));
      return;
    }
  if (self->layout->level == RT_TIMELINE_HEAT)
    {
      zoom_at (self, self->params.zoom * ZOOM_CLICK, y);
      return;
    }
  card = rt_timeline_layout_hit_card (self->layout, x, content);
  if (card == RT_TIMELINE_NONE)
    card = rt_timeline_layout_hit_number (self->layout, x, content);
  if (card != RT_TIMELINE_NONE)
    {
      const RtTimelineCard *of = &g_array_index (self->model->cards, RtTimelineCard, card);

      rt_timeline_select (self, of->message);
      g_signal_emit_by_name (self, "card-activated", card);
      return;
    }
  if (x < self->layout->gutter)
    {
      g_signal_emit_by_name (self, "seek",
                             (gint64)rt_timeline_scale_time (self->layout->scale, content));
      return;
    }
  if (gtk_event_controller_get_current_event_state (click) & GDK_CONTROL_MASK)
    compare_with (self, message_at (self, x, y));
  else
    rt_timeline_select (self, message_at (self, x, y));
}

static gboolean
scroll_cb (RtTimeline *self, double dx, double dy, GtkEventController *controller)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (controller);

  if (!(state & GDK_CONTROL_MASK))
    return GDK_EVENT_PROPAGATE;
  zoom_at (self, self->params.zoom * pow (ZOOM_STEP, -dy),
           gtk_widget_get_height (GTK_WIDGET (self)) / 2.0);
  return GDK_EVENT_STOP;
}

static void
move_selection_cb (GtkWidget *widget, const char *action, GVariant *by)
{
  rt_timeline_move_selection (RT_TIMELINE (widget), g_variant_get_int32 (by));
}

static void
step_cb (GtkWidget *widget, const char *action, GVariant *by)
{
  g_signal_emit_by_name (widget, "step", g_variant_get_int32 (by));
}

static void
zoom_cb (GtkWidget *widget, const char *action, GVariant *by)
{
  RtTimeline *self = RT_TIMELINE (widget);
  int steps = g_variant_get_int32 (by);

  zoom_at (self, steps == 0 ? 1 : self->params.zoom * pow (ZOOM_STEP, steps),
           gtk_widget_get_height (widget) / 2.0);
}

/* Of the message that is selected; of the lane, where one was chosen or no message is. */
static void
menu_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtTimeline *self = RT_TIMELINE (widget);
  guint selected = self->view.selected;
  double y;

  if (self->lane != 0 || selected == RT_TIMELINE_NONE || self->layout == NULL
      || rt_timeline_get_shows_overview (self))
    {
      gtk_widget_activate_action (widget, "timeline.lane-menu", NULL);
      return;
    }
  y = self->layout->header - scroll_y (self)
      + rt_timeline_layout_get_message (self->layout, selected)->bottom;
  g_signal_emit_by_name (self, "menu", gtk_widget_get_width (widget) / 2.0,
                         CLAMP (y, self->layout->header, gtk_widget_get_height (widget)));
}

/* The keys of the timeline, and the actions behind them. */
void
rt_timeline_add_bindings (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key;
    GdkModifierType modifiers;
    const char *action;
    int argument;
  } bindings[] = {
    { GDK_KEY_j, 0, "timeline.move", 1 },
    { GDK_KEY_k, 0, "timeline.move", -1 },
    { GDK_KEY_Down, 0, "timeline.move", 1 },
    { GDK_KEY_Up, 0, "timeline.move", -1 },
    { GDK_KEY_Page_Down, 0, "timeline.move", 10 },
    { GDK_KEY_Page_Up, 0, "timeline.move", -10 },
    { GDK_KEY_Right, 0, "timeline.step", 1 },
    { GDK_KEY_Left, 0, "timeline.step", -1 },
    { GDK_KEY_plus, GDK_CONTROL_MASK, "timeline.zoom", 1 },
    { GDK_KEY_equal, GDK_CONTROL_MASK, "timeline.zoom", 1 },
    { GDK_KEY_minus, GDK_CONTROL_MASK, "timeline.zoom", -1 },
    { GDK_KEY_0, GDK_CONTROL_MASK, "timeline.zoom", 0 },
  };

  gtk_widget_class_install_action (widget_class, "timeline.move", "i", move_selection_cb);
  gtk_widget_class_install_action (widget_class, "timeline.step", "i", step_cb);
  gtk_widget_class_install_action (widget_class, "timeline.zoom", "i", zoom_cb);
  gtk_widget_class_install_action (widget_class, "timeline.menu", NULL, menu_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "timeline.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "timeline.menu",
                                       NULL);
  for (guint i = 0; i < G_N_ELEMENTS (bindings); i++)
    gtk_widget_class_add_binding_action (widget_class, bindings[i].key, bindings[i].modifiers,
                                         bindings[i].action, "i", bindings[i].argument);
}

void
rt_timeline_add_controllers (RtTimeline *self)
{
  GtkEventController *controller = gtk_event_controller_motion_new ();

  g_signal_connect_swapped (controller, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (controller, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
  controller = GTK_EVENT_CONTROLLER (gtk_gesture_click_new ());
  g_signal_connect_swapped (controller, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
  controller = GTK_EVENT_CONTROLLER (gtk_gesture_click_new ());
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (controller), GDK_BUTTON_SECONDARY);
  g_signal_connect_swapped (controller, "pressed", G_CALLBACK (menu_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
  controller = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (controller, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}
