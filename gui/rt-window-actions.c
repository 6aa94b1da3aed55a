/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Actions and keys. A single letter acts only where nobody writes: its binding lets the key go on
 * while the focus is in a text. */
#include "rt-window-actions.h"

#include "rt-action-table.h"
#include "rt-command-list.h"
#include "rt-format.h"
#include "rt-preferences.h"
#include "rt-room-question.h"
#include "rt-url-inspection.h"
#include "rt-user-settings.h"

#include <glib/gi18n.h>

static void
open_lesson_cb (GSimpleAction *action, GVariant *name, gpointer window)
{
  rt_tutor_open_lesson (rt_window_get_tutor (window), g_variant_get_string (name, NULL));
}

static void
open_session_cb (GSimpleAction *action, GVariant *path, gpointer window)
{
  rt_tutor_open_session (rt_window_get_tutor (window), g_variant_get_string (path, NULL));
}

static void
open_file_cb (GSimpleAction *action, GVariant *path, gpointer window)
{
  rt_tutor_open_file (rt_window_get_tutor (window), g_variant_get_string (path, NULL));
}

static void
symptom_cb (GSimpleAction *action, GVariant *name, gpointer window)
{
  rt_window_show_symptom (window, g_variant_get_string (name, NULL));
}

static void
make_room_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  rt_room_question_ask (window, rt_window_get_tutor (window));
}

static void
cancel_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  rt_tutor_cancel (rt_window_get_tutor (window));
}

static void
run_cb (GSimpleAction *action, GVariant *run, gpointer window)
{
  rt_window_show_run (window, g_variant_get_uint32 (run));
  rt_window_show_tab (window, "timeline");
}

static void
apply_scale (GSettings *settings, const char *key, gpointer window)
{
  g_autofree char *scale = g_settings_get_string (settings, RT_KEY_SCALE);

  rt_stage_set_true_scale (rt_window_get_stage (window), g_str_equal (scale, "true"));
}

static void
presenter_cb (GSimpleAction *action, GVariant *state, gpointer window)
{
  g_simple_action_set_state (action, state);
  rt_window_set_presenting (window, g_variant_get_boolean (state));
}

/* What the transport bar does by itself, from anywhere in the window. */
static void
transport_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  GtkWidget *transport = GTK_WIDGET (rt_stage_get_transport (rt_window_get_stage (window)));
  const char *name = g_action_get_name (G_ACTION (action));
  g_autofree char *full = g_strconcat ("transport.", name, NULL);

  gtk_widget_activate_action_variant (transport, full, parameter);
}

static void
next_exchange_cb (GSimpleAction *action, GVariant *by, gpointer window)
{
  RtView *view = rt_stage_get_view (rt_window_get_stage (window));
  GPtrArray *exchanges
      = view != NULL ? rt_analysis_get_exchanges (rt_view_get_analysis (view)) : NULL;
  guint64 first, end, all;
  guint at, last;

  if (exchanges == NULL || exchanges->len == 0)
    return;
  last = ((const RtExchange *)exchanges->pdata[exchanges->len - 1])->id;
  /* Behind the last one of a part of a long run there is another. */
  if (rt_view_get_part (view, &first, &end, &all) && end < all)
    last++;
  at = (guint)MAX (1, (int)rt_view_get_selection (view).exchange + g_variant_get_int32 (by));
  rt_view_select (view, MIN (at, last), FALSE, RT_SPAN_NONE);
}

static void
move_row_cb (GSimpleAction *action, GVariant *by, gpointer window)
{
  rt_timeline_move_selection (rt_stage_get_timeline (rt_window_get_stage (window)),
                              g_variant_get_int32 (by));
}

static void
predict_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  GtkWidget *card = rt_narrative_get_card (rt_window_get_narrative (window));

  rt_window_show_tab (window, "lesson");
  if (card != NULL)
    gtk_widget_grab_focus (card);
}

static void
rerun_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  RtView *view = rt_stage_get_view (rt_window_get_stage (window));

  if (view != NULL && rt_analysis_get_length (rt_view_get_analysis (view)) > 0)
    rt_transport_play_from (rt_stage_get_transport (rt_window_get_stage (window)),
                            rt_analysis_get_start (rt_view_get_analysis (view)));
}

static void
filter_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  rt_window_show_tab (window, "messages");
  rt_inspector_focus_filter (rt_window_get_inspector (window));
}

/* Lesson, timeline, and the panes of the inspector, in a ring. */
static void
pane_cb (GSimpleAction *action, GVariant *by, gpointer window)
{
  GtkWidget *panes[] = { GTK_WIDGET (rt_window_get_narrative (window)),
                         GTK_WIDGET (rt_stage_get_timeline (rt_window_get_stage (window))),
                         GTK_WIDGET (rt_window_get_inspector (window)) };
  static const char *const tabs[] = { "lesson", "timeline", "messages" };
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (window));
  guint at = G_N_ELEMENTS (panes) - 1;

  for (guint i = 0; focus != NULL && i < G_N_ELEMENTS (panes); i++)
    if (focus == panes[i] || gtk_widget_is_ancestor (focus, panes[i]))
      at = i;
  if (at == 2
      && rt_inspector_focus_next (rt_window_get_inspector (window), g_variant_get_int32 (by)))
    return;
  at = (at + G_N_ELEMENTS (panes) + (guint)g_variant_get_int32 (by)) % G_N_ELEMENTS (panes);
  rt_window_show_tab (window, tabs[at]);
  if (at == 2)
    rt_inspector_focus_pane (rt_window_get_inspector (window), 0);
  else if (at == 1)
    gtk_widget_grab_focus (panes[at]);
  else
    gtk_widget_child_focus (panes[at], GTK_DIR_TAB_FORWARD);
}

static void
inspect_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  rt_window_show_tab (window, "messages");
  rt_inspector_focus_pane (rt_window_get_inspector (window), 1);
}

static void
page_cb (GSimpleAction *action, GVariant *by, gpointer window)
{
  gtk_widget_activate_action (
      GTK_WIDGET (rt_window_get_narrative (window)),
      g_variant_get_int32 (by) > 0 ? "narrative.next" : "narrative.previous", NULL);
}

static void
reset_lesson_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  rt_tutor_forget (rt_window_get_tutor (window));
}

static void
sidebar_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  rt_window_toggle_sidebar (window);
}

static void
chosen_file_cb (GtkNativeDialog *dialog, int response, gpointer window)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (response == GTK_RESPONSE_ACCEPT && path != NULL)
    rt_window_open (window, path);
  g_object_unref (dialog);
}

static void
add_file_filter (GtkFileChooser *chooser, const char *title, const char *const *extensions)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, title);
  for (; *extensions != NULL; extensions++)
    gtk_file_filter_add_suffix (filter, *extensions);
  gtk_file_chooser_add_filter (chooser, filter);
}

/* All that can be opened, then each kind by itself. */
static void
add_file_filters (GtkFileChooser *chooser)
{
  static const char *const lessons[] = { "md", NULL };
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  guint n;
  const RtFormat *formats = rt_format_list (&n);

  g_ptr_array_add (all, (gpointer)lessons[0]);
  for (guint i = 0; i < n; i++)
    for (guint j = 0; rt_format_can_read (&formats[i]) && formats[i].extensions[j] != NULL; j++)
      g_ptr_array_add (all, (gpointer)formats[i].extensions[j]);
  g_ptr_array_add (all, NULL);
  add_file_filter (chooser, _ ("Everything that can be opened"), (const char *const *)all->pdata);
  add_file_filter (chooser, _ ("Lessons"), lessons);
  for (guint i = 0; i < n; i++)
    if (rt_format_can_read (&formats[i]))
      add_file_filter (chooser, _ (formats[i].title), formats[i].extensions);
}

static void
open_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  GtkFileChooserNative *dialog
      = gtk_file_chooser_native_new (_ ("Open a lesson, a session or a capture"), window,
                                     GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), NULL);

  add_file_filters (GTK_FILE_CHOOSER (dialog));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (chosen_file_cb), window);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
inspect_url_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  rt_url_inspection_ask (window);
}

/* GtkPaned has a use of its own for F6: the window comes first. */
static void
add_pane_keys (RtWindow *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  for (int by = -1; by <= 1; by += 2)
    gtk_shortcut_controller_add_shortcut (
        GTK_SHORTCUT_CONTROLLER (controller),
        gtk_shortcut_new_with_arguments (
            gtk_keyval_trigger_new (GDK_KEY_F6, by < 0 ? GDK_SHIFT_MASK : 0),
            gtk_named_action_new ("win.pane"), "i", by));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
commands_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  gtk_window_present (GTK_WINDOW (rt_command_list_new (window)));
}

static void
preferences_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  gtk_window_present (GTK_WINDOW (rt_preferences_new (window)));
}

static void
shortcuts_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  GtkShortcutsWindow *shortcuts = rt_actions_new_shortcuts_window ();

  gtk_window_set_transient_for (GTK_WINDOW (shortcuts), window);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (shortcuts), TRUE);
  gtk_window_present (GTK_WINDOW (shortcuts));
}

/* To an exchange by its number. */
static void
exchange_cb (GSimpleAction *action, GVariant *exchange, gpointer window)
{
  RtView *view = rt_stage_get_view (rt_window_get_stage (window));

  if (view != NULL)
    rt_view_select (view, g_variant_get_uint32 (exchange), FALSE, RT_SPAN_NONE);
}

/* Some settings are actions: a menu or a key changes them, and they are kept. */
static const char *const settings_keys[]
    = { RT_KEY_SCALE,        RT_KEY_COLOR_SCHEME, RT_KEY_HIGH_CONTRAST, RT_KEY_LETTERS,
        RT_KEY_AUTHOR_NOTES, RT_KEY_ENGINE_NOTES, RT_KEY_MY_NOTES };

static void
add_settings_actions (RtWindow *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (settings_keys); i++)
    {
      g_autoptr (GAction) action
          = g_settings_create_action (rt_user_settings_get (), settings_keys[i]);

      g_action_map_add_action (G_ACTION_MAP (self), action);
    }
  g_signal_connect_object (rt_user_settings_get (), "changed::" RT_KEY_SCALE,
                           G_CALLBACK (apply_scale), self, 0);
  apply_scale (rt_user_settings_get (), RT_KEY_SCALE, self);
}

/** rt_window_remove_actions: those that settings change: they outlive the window */
void
rt_window_remove_actions (RtWindow *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (settings_keys); i++)
    g_action_map_remove_action (G_ACTION_MAP (self), settings_keys[i]);
}

/** rt_window_add_actions: @self: gets its actions */
void
rt_window_add_actions (RtWindow *self)
{
  static const GActionEntry entries[] = {
    { "open", open_cb },
    { "inspect-url", inspect_url_cb },
    { "open-lesson", open_lesson_cb, "s" },
    { "open-session", open_session_cb, "s" },
    { "open-file", open_file_cb, "s" },
    { "symptom", symptom_cb, "s" },
    { "make-room", make_room_cb },
    { "cancel", cancel_cb },
    { "run", run_cb, "u" },
    { "presenter", NULL, NULL, "false", presenter_cb },
    { "play", transport_cb },
    { "step", transport_cb, "i" },
    { "first", transport_cb },
    { "last", transport_cb },
    { "next-exchange", next_exchange_cb, "i" },
    { "move-row", move_row_cb, "i" },
    { "predict", predict_cb },
    { "rerun", rerun_cb },
    { "filter", filter_cb },
    { "pane", pane_cb, "i" },
    { "inspect", inspect_cb },
    { "page", page_cb, "i" },
    { "reset-lesson", reset_lesson_cb },
    { "sidebar", sidebar_cb },
    { "commands", commands_cb },
    { "preferences", preferences_cb },
    { "show-help-overlay", shortcuts_cb },
    { "exchange", exchange_cb, "u" },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  add_settings_actions (self);
  add_pane_keys (self);
}

/* Where a key means itself: in texts, and on what it would press. */
static gboolean
takes_letters (GtkWidget *focus)
{
  return GTK_IS_EDITABLE (focus)
         || (GTK_IS_TEXT_VIEW (focus) && gtk_text_view_get_editable (GTK_TEXT_VIEW (focus)));
}

static gboolean
letter_cb (GtkWidget *widget, GVariant *index, gpointer data)
{
  RtWindow *self = RT_WINDOW (widget);
  guint n;
  const RtActionInfo *info = &rt_actions_get (&n)[g_variant_get_uint32 (index)];
  g_autoptr (GVariant) target = rt_action_dup_target (info);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  GtkWidget *stage = GTK_WIDGET (rt_window_get_stage (self));
  GtkWidget *inspector = GTK_WIDGET (rt_window_get_inspector (self));

  if (focus == NULL || takes_letters (focus)
      || (focus != stage && !gtk_widget_is_ancestor (focus, stage)
          && !gtk_widget_is_ancestor (focus, inspector)))
    return GDK_EVENT_PROPAGATE;
  /* What has no letter for a name stays: arrows, Space, Home. */
  if (info->keys[1] == '\0' && !g_settings_get_boolean (rt_user_settings_get (), RT_KEY_LETTERS))
    return GDK_EVENT_PROPAGATE;
  gtk_widget_activate_action_variant (widget, info->name, target);
  return GDK_EVENT_STOP;
}

static void
add_binding (GtkWidgetClass *widget_class, const RtActionInfo *info, guint index)
{
  g_autoptr (GVariant) target = rt_action_dup_target (info);
  GdkModifierType modifiers;
  guint key;
  g_autoptr (GtkShortcut) shortcut = NULL;

  if (!gtk_accelerator_parse (info->keys, &key, &modifiers))
    g_error ("%s is no key", info->keys);
  if (info->where == RT_ACTION_LETTERS)
    {
      gtk_widget_class_add_binding (widget_class, key, modifiers, letter_cb, "u", index);
      return;
    }
  shortcut = gtk_shortcut_new (gtk_keyval_trigger_new (key, modifiers),
                               gtk_named_action_new (info->name));
  gtk_shortcut_set_arguments (shortcut, target);
  gtk_widget_class_add_shortcut (widget_class, shortcut);
}

/** rt_window_add_bindings: @widget_class: the window's */
void
rt_window_add_bindings (GtkWidgetClass *widget_class)
{
  guint n;
  const RtActionInfo *actions = rt_actions_get (&n);

  for (guint i = 0; i < n; i++)
    if (actions[i].keys != NULL && actions[i].where != RT_ACTION_ELSEWHERE)
      add_binding (widget_class, &actions[i], i);
}
