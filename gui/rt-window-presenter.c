/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * In front of a class: everything is larger, question and votes stand where the text was, one row
 * lies in the light, and a clicker's keys go through the lesson. */
#include "rt-window-private.h"

#include "rt-appearance.h"
#include "rt-presenter-notes.h"
#include "rt-presenter-pane.h"
#include "rt-user-settings.h"

/* Everything is so many times as large. */
#define SCALE 1.75
/* The question's part of the width; more of a small screen. */
#define PANE_SHARE 0.36
#define PANE_SHARE_SMALL 0.44
#define SMALL_WIDTH 1500
/* A lower screen has no room for air, and an old projector none for wide buttons. */
#define SHORT_HEIGHT 860
#define TIGHT_WIDTH 1200

static void
set_style (RtWindow *self, const char *name, gboolean wanted)
{
  if (wanted)
    gtk_widget_add_css_class (GTK_WIDGET (self), name);
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), name);
}

/* A projector has its own size: the parts are set when it is known. */
static gboolean
set_pane_width (gpointer data)
{
  RtWindow *self = data;
  int width = gtk_widget_get_width (GTK_WIDGET (self));

  if (self->stage != NULL && self->presenting)
    {
      gtk_paned_set_position (self->columns,
                              (int)(width * (width < SMALL_WIDTH ? PANE_SHARE_SMALL : PANE_SHARE)));
      set_style (self, "short", gtk_widget_get_height (GTK_WIDGET (self)) < SHORT_HEIGHT);
      set_style (self, "tight", width < TIGHT_WIDTH);
    }
  g_object_unref (self);
  return G_SOURCE_REMOVE;
}

/* The window has another size: its parts cannot get theirs while they are being placed. */
void
rt_window_presenting_resized (RtWindow *self)
{
  if (self->presenting)
    g_idle_add_full (GTK_PRIORITY_RESIZE, set_pane_width, g_object_ref (self), NULL);
}

/* Black: nothing but the speaker is to be looked at. */
static void
set_blank (RtWindow *self, gboolean blank)
{
  self->blank = blank;
  gtk_widget_set_opacity (GTK_WIDGET (self->toasts), blank ? 0 : 1);
  set_style (self, "blank", blank);
}

static void
close_notes (RtWindow *self)
{
  if (self->notes != NULL)
    gtk_window_close (GTK_WINDOW (self->notes));
}

static void
toggle_notes (RtWindow *self)
{
  if (self->notes != NULL)
    {
      close_notes (self);
      return;
    }
  self->notes = GTK_WIDGET (rt_presenter_notes_new (self->presenter));
  g_object_add_weak_pointer (G_OBJECT (self->notes), (gpointer *)&self->notes);
  gtk_window_set_transient_for (GTK_WINDOW (self->notes), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (self->notes));
}

static void
notes_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  toggle_notes (window);
}

static void
blank_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  RtWindow *self = window;

  set_blank (self, !self->blank);
}

static void
reset_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  rt_presenter_reset (((RtWindow *)window)->presenter);
}

static gboolean
key_cb (RtWindow *self, guint key)
{
  /* Whatever is pressed, the class sees again; some clickers have a full stop for black. */
  if (self->blank || key == GDK_KEY_b || key == GDK_KEY_B || key == GDK_KEY_period)
    {
      set_blank (self, !self->blank);
      return GDK_EVENT_STOP;
    }
  if (key == GDK_KEY_F7)
    toggle_notes (self);
  else if (key == GDK_KEY_Escape)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.presenter", NULL);
  else
    return rt_presenter_key (self->presenter, key);
  return GDK_EVENT_STOP;
}

/* What only a presenter needs can be done while there is one. */
static const GActionEntry entries[] = {
  { "presenter-notes", notes_cb },
  { "presenter-blank", blank_cb },
  { "presenter-reset", reset_cb },
};

static void
enable_actions (RtWindow *self, gboolean enabled)
{
  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    g_simple_action_set_enabled (
        G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), entries[i].name)),
        enabled);
}

static void
add_keys (RtWindow *self)
{
  self->presenter_keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (self->presenter_keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (self->presenter_keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), self->presenter_keys);
}

/* The lesson on ports is for a class, too. */
static void
move_live (RtWindow *self, GtkWidget *column)
{
  GtkWidget *live = GTK_WIDGET (self->live);

  g_object_ref (live);
  gtk_box_remove (GTK_BOX (gtk_widget_get_parent (live)), live);
  gtk_box_prepend (GTK_BOX (column), live);
  rt_window_renew_actions (live);
  g_object_unref (live);
}

/* What stands where the text was. */
static GtkWidget *
new_column (RtWindow *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  move_live (self, column);
  gtk_box_append (GTK_BOX (column), rt_presenter_pane_new (self->presenter));
  return column;
}

static void
begin (RtWindow *self)
{
  adw_flap_set_reveal_flap (self->flap, FALSE);
  gtk_window_fullscreen (GTK_WINDOW (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "presenting");
  self->presenter = rt_presenter_new (self->tutor, self->narrative, self->stage);
  gtk_paned_set_start_child (self->columns, new_column (self));
  add_keys (self);
  enable_actions (self, TRUE);
  rt_tutor_set_presenting (self->tutor, TRUE);
}

static void
end (RtWindow *self)
{
  gtk_window_unfullscreen (GTK_WINDOW (self));
  gtk_widget_remove_css_class (GTK_WIDGET (self), "presenting");
  set_style (self, "short", FALSE);
  set_style (self, "tight", FALSE);
  set_blank (self, FALSE);
  close_notes (self);
  enable_actions (self, FALSE);
  gtk_widget_remove_controller (GTK_WIDGET (self), self->presenter_keys);
  move_live (self, gtk_widget_get_parent (GTK_WIDGET (self->narrative)));
  gtk_paned_set_start_child (self->columns, GTK_WIDGET (self->wide_lesson));
  g_clear_object (&self->presenter);
  gtk_paned_set_position (self->columns,
                          g_settings_get_int (rt_user_settings_get (), RT_KEY_LESSON_WIDTH));
  rt_tutor_set_presenting (self->tutor, FALSE);
}

/**
 * rt_window_set_presenting:
 * @presenting: everything 1.75 times as large, what is not for a class out of the way
 */
void
rt_window_set_presenting (RtWindow *self, gboolean presenting)
{
  RtTimeline *timeline = rt_stage_get_timeline (self->stage);

  if (self->presenting == presenting)
    return;
  self->presenting = presenting;
  rt_appearance_magnify (presenting ? SCALE : 1);
  gtk_widget_set_visible (GTK_WIDGET (self->wide_inspector), !presenting);
  rt_stage_set_beside (self->stage, NULL, NULL);
  rt_timeline_set_spotlight (timeline, presenting);
  rt_timeline_set_no_cards (timeline, presenting);
  if (presenting)
    begin (self);
  else
    end (self);
  rt_window_presenting_resized (self);
}

/** rt_window_get_presenter: Returns: (nullable) (transfer none): while the window is presenting */
RtPresenter *
rt_window_get_presenter (RtWindow *self)
{
  return self->presenter;
}

/* The text's place is kept while the question stands in it. */
void
rt_window_add_presenting (RtWindow *self)
{
  g_object_ref (self->wide_lesson);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  enable_actions (self, FALSE);
}

void
rt_window_remove_presenting (RtWindow *self)
{
  if (self->presenting)
    rt_appearance_magnify (1);
  close_notes (self);
  g_clear_object (&self->presenter);
  g_clear_object (&self->wide_lesson);
}
