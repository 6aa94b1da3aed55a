/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lesson on ports, in the window: a toggle, and a challenge's answer that is served. */
#include "rt-window-private.h"

#include <glib/gi18n.h>

static void
live_cb (GSimpleAction *action, GVariant *state, gpointer window)
{
  RtWindow *self = window;
  const RtLesson *lesson = rt_tutor_get_lesson (self->tutor);

  if (!g_variant_get_boolean (state))
    rt_live_pane_stop (self->live);
  else if (lesson != NULL)
    {
      rt_window_show_tab (self, "lesson");
      rt_live_pane_start (self->live, lesson, NULL);
    }
}

static void
live_answer_cb (GSimpleAction *action, GVariant *text, gpointer window)
{
  RtWindow *self = window;

  if (rt_tutor_get_lesson (self->tutor) != NULL)
    rt_live_pane_start (self->live, rt_tutor_get_lesson (self->tutor),
                        g_variant_get_string (text, NULL));
}

static void
serving_cb (RtWindow *self)
{
  gboolean serving = rt_live_pane_get_serving (self->live);
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "live");

  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (serving));
  if (!serving)
    rt_tutor_list_shelf (self->tutor);
}

static void
show_cb (RtWindow *self, RtView *view)
{
  rt_window_show_other (self, view, _ ("showing what comes from outside"));
}

static void
solved_cb (RtWindow *self)
{
  rt_tutor_pass_challenge (self->tutor);
}

/* Another lesson is read: its servers are others. */
static void
loaded_cb (RtWindow *self)
{
  rt_live_pane_stop (self->live);
}

/** rt_window_add_live: @self: gets its actions */
void
rt_window_add_live (RtWindow *self)
{
  static const GActionEntry entries[] = {
    { "live", NULL, NULL, "false", live_cb },
    { "live-answer", live_answer_cb, "s" },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect_object (self->live, "notify::serving", G_CALLBACK (serving_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->live, "show-view", G_CALLBACK (show_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->live, "solved", G_CALLBACK (solved_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tutor, "loaded", G_CALLBACK (loaded_cb), self, G_CONNECT_SWAPPED);
}

/** rt_window_get_live: Returns: (transfer none): the pane of what is served */
RtLivePane *
rt_window_get_live (RtWindow *self)
{
  return self->live;
}
