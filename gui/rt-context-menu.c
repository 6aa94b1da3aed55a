/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A popover lives as long as it is open: a widget that goes must have no child of that kind left.
 */
#include "rt-context-menu.h"

/* Where the keyboard opens it. */
#define KEYBOARD_X 24
#define KEYBOARD_Y 24

typedef struct
{
  GtkWidget *widget;
  RtContextMenuFunc make;
  gpointer data;
} Attached;

static gboolean
drop_popover (gpointer popover)
{
  if (gtk_widget_get_parent (popover) != NULL)
    gtk_widget_unparent (popover);
  g_object_unref (popover);
  return G_SOURCE_REMOVE;
}

/* GTK does what was chosen after it has closed the menu: so it goes only afterwards. */
static void
closed_cb (GtkPopover *popover, gpointer widget)
{
  g_idle_add (drop_popover, g_object_ref (popover));
}

/**
 * rt_context_menu_popup:
 * @x, @y: of @widget, where it points to; negative: it was asked for by keyboard
 */
void
rt_context_menu_popup (GtkWidget *widget, GMenuModel *menu, double x, double y)
{
  GtkWidget *popover = gtk_popover_menu_new_from_model (menu);
  GdkRectangle at = { x < 0 ? KEYBOARD_X : (int)x, y < 0 ? KEYBOARD_Y : (int)y, 1, 1 };

  gtk_widget_set_parent (popover, widget);
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), &at);
  g_signal_connect (popover, "closed", G_CALLBACK (closed_cb), NULL);
  /* The widget may go while it is open. */
  g_signal_connect_object (widget, "destroy", G_CALLBACK (gtk_widget_unparent), popover,
                           G_CONNECT_SWAPPED);
  gtk_popover_popup (GTK_POPOVER (popover));
}

static void
popup (Attached *attached, double x, double y)
{
  g_autoptr (GMenuModel) menu = attached->make (attached->widget, x, y, attached->data);

  if (menu != NULL)
    rt_context_menu_popup (attached->widget, menu, x, y);
}

static void
pressed_cb (GtkGestureClick *gesture, int n, double x, double y, gpointer attached)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  popup (attached, x, y);
}

static gboolean
key_cb (GtkWidget *widget, GVariant *arguments, gpointer attached)
{
  popup (attached, -1, -1);
  return GDK_EVENT_STOP;
}

/**
 * rt_context_menu_attach:
 * @widget: gets a context menu
 * @make: (scope forever): makes it when it is asked for
 */
void
rt_context_menu_attach (GtkWidget *widget, RtContextMenuFunc make, gpointer data)
{
  Attached *attached = g_new (Attached, 1);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();
  GtkShortcutTrigger *trigger
      = gtk_alternative_trigger_new (gtk_keyval_trigger_new (GDK_KEY_Menu, 0),
                                     gtk_keyval_trigger_new (GDK_KEY_F10, GDK_SHIFT_MASK));

  *attached = (Attached){ widget, make, data };
  g_object_set_data_full (G_OBJECT (widget), "rt-context-menu", attached, g_free);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), attached);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (trigger, gtk_callback_action_new (key_cb, attached, NULL)));
  gtk_widget_add_controller (widget, keys);
}
