/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Arranging the lanes by menu and keys: choose one, move it, pin it, fold and unfold. */
#include "rt-timeline-private.h"

#include <glib/gi18n.h>

/* The lane in which the chosen party stands, or RT_TIMELINE_NONE. */
static guint
chosen_lane (RtTimeline *self)
{
  for (guint i = 0;
       self->layout != NULL && self->lane != 0 && i < self->layout->model->parties->len; i++)
    if (rt_timeline_model_get_party (self->layout->model, i)->id == self->lane)
      return self->layout->lane_of[i];
  return RT_TIMELINE_NONE;
}

static RtPartyId
party_of_lane (RtTimeline *self, guint lane)
{
  return rt_timeline_model_get_party (
             self->layout->model, g_array_index (self->layout->lanes, RtLaneGeometry, lane).party)
      ->id;
}

/* Where keys begin: at the lane of who sent what is selected. */
static guint
current_lane (RtTimeline *self)
{
  guint lane = chosen_lane (self);

  if (lane != RT_TIMELINE_NONE || self->layout == NULL)
    return lane;
  return self->view.selected != RT_TIMELINE_NONE && !rt_timeline_get_shows_overview (self)
             ? self->layout
                   ->lane_of[rt_timeline_model_get_message (self->model, self->view.selected)->from]
             : 0;
}

static gboolean
has_lanes (RtTimeline *self)
{
  return self->layout != NULL && self->layout->n_lanes > 0;
}

static void
choose (RtTimeline *self, guint lane)
{
  self->lane = party_of_lane (self, lane);
  self->view.lane = lane + 1;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
choose_cb (GtkWidget *widget, const char *action, GVariant *by)
{
  RtTimeline *self = RT_TIMELINE (widget);
  int lane;

  if (!has_lanes (self))
    return;
  lane = (int)current_lane (self);
  if (chosen_lane (self) != RT_TIMELINE_NONE)
    lane = CLAMP (lane + g_variant_get_int32 (by), 0, (int)self->layout->n_lanes - 1);
  choose (self, (guint)lane);
}

/* The order of all lanes as they stand, with two of them changed. */
static void
swap_lanes (RtTimeline *self, guint a, guint b)
{
  g_array_set_size (self->order, 0);
  for (guint i = 0; i < self->layout->n_lanes; i++)
    {
      RtPartyId party = party_of_lane (self, i == a ? b : i == b ? a : i);

      g_array_append_val (self->order, party);
    }
}

static void
move_cb (GtkWidget *widget, const char *action, GVariant *by)
{
  RtTimeline *self = RT_TIMELINE (widget);
  int lane, to;

  if (!has_lanes (self))
    return;
  lane = (int)current_lane (self);
  to = CLAMP (lane + g_variant_get_int32 (by), 0, (int)self->layout->n_lanes - 1);
  self->lane = party_of_lane (self, (guint)lane);
  if (to == lane)
    return;
  swap_lanes (self, (guint)lane, (guint)to);
  rt_timeline_invalidate (self);
}

static void
pin_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtTimeline *self = RT_TIMELINE (widget);
  guint lane;

  if (!has_lanes (self))
    return;
  lane = current_lane (self);
  self->lane = party_of_lane (self, lane);
  for (guint i = 0; i < self->pinned->len; i++)
    if (g_array_index (self->pinned, RtPartyId, i) == self->lane)
      {
        g_array_remove_index (self->pinned, i);
        rt_timeline_invalidate (self);
        return;
      }
  g_array_append_val (self->pinned, self->lane);
  rt_timeline_invalidate (self);
}

static void
fold_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtTimeline *self = RT_TIMELINE (widget);

  rt_timeline_set_unfolded (self, !self->params.unfolded);
}

static void
reset_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtTimeline *self = RT_TIMELINE (widget);

  rt_timeline_forget_lanes (self);
  rt_timeline_invalidate (self);
}

/* A folded lane's header unfolds all; when all are unfolded, any header folds them again. */
void
rt_timeline_toggle_fold (RtTimeline *self, guint lane)
{
  choose (self, lane);
  if (g_array_index (self->layout->lanes, RtLaneGeometry, lane).n_parties > 1
      || self->params.unfolded)
    rt_timeline_set_unfolded (self, !self->params.unfolded);
}

/* Another cast: nothing is arranged. */
void
rt_timeline_forget_lanes (RtTimeline *self)
{
  g_array_set_size (self->order, 0);
  g_array_set_size (self->pinned, 0);
  self->lane = 0;
  self->view.lane = 0;
  self->params.unfolded = FALSE;
  self->params.selected = 0;
}

/* Before a layout is made: what was arranged goes into its parameters. */
void
rt_timeline_apply_lanes (RtTimeline *self)
{
  self->params.order = (const RtPartyId *)self->order->data;
  self->params.n_order = self->order->len;
  self->params.pinned = (const RtPartyId *)self->pinned->data;
  self->params.n_pinned = self->pinned->len;
}

static GtkWidget *
new_menu (RtTimeline *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) lanes = g_menu_new ();
  GtkWidget *popover;

  g_menu_append (menu, _ ("Pin or unpin"), "timeline.pin-lane");
  g_menu_append (menu, _ ("Move to the left"), "timeline.move-lane(-1)");
  g_menu_append (menu, _ ("Move to the right"), "timeline.move-lane(1)");
  g_menu_append (lanes, _ ("Fold or unfold hosts"), "timeline.fold");
  g_menu_append (lanes, _ ("All as they were"), "timeline.reset-lanes");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (lanes));
  popover = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
  gtk_widget_set_parent (popover, GTK_WIDGET (self));
  return popover;
}

/* @x: of the widget, where the menu points to */
void
rt_timeline_open_lane_menu (RtTimeline *self, guint lane, double x)
{
  choose (self, lane);
  if (self->menu == NULL)
    self->menu = new_menu (self);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu),
                               &(GdkRectangle){ (int)x, (int)self->layout->header - 8, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
menu_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtTimeline *self = RT_TIMELINE (widget);
  guint lane;

  if (!has_lanes (self))
    return;
  lane = current_lane (self);
  rt_timeline_open_lane_menu (self, lane,
                              g_array_index (self->layout->lanes, RtLaneGeometry, lane).x
                                  - rt_timeline_get_scroll (self, GTK_ORIENTATION_HORIZONTAL));
}

/* The actions, and their keys. */
void
rt_timeline_add_lane_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key;
    GdkModifierType modifiers;
    const char *action;
    int argument;
  } keys[] = {
    { GDK_KEY_Right, GDK_CONTROL_MASK, "timeline.choose-lane", 1 },
    { GDK_KEY_Left, GDK_CONTROL_MASK, "timeline.choose-lane", -1 },
    { GDK_KEY_Right, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "timeline.move-lane", 1 },
    { GDK_KEY_Left, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "timeline.move-lane", -1 },
  };

  gtk_widget_class_install_action (widget_class, "timeline.choose-lane", "i", choose_cb);
  gtk_widget_class_install_action (widget_class, "timeline.move-lane", "i", move_cb);
  gtk_widget_class_install_action (widget_class, "timeline.pin-lane", NULL, pin_cb);
  gtk_widget_class_install_action (widget_class, "timeline.fold", NULL, fold_cb);
  gtk_widget_class_install_action (widget_class, "timeline.reset-lanes", NULL, reset_cb);
  gtk_widget_class_install_action (widget_class, "timeline.lane-menu", NULL, menu_cb);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].modifiers,
                                         keys[i].action, "i", keys[i].argument);
}
