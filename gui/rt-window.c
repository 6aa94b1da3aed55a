/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Brings the parts together: what the lesson says is to be seen goes to stage and inspector. Wide,
 * the parts stand side by side; narrow, each has a tab. */
#include "rt-window-private.h"

#include "rt-action-table.h"
#include "rt-appearance.h"
#include "rt-user-settings.h"

#include <glib/gi18n.h>

/* It has where nothing else is said. */
#define WIDTH 1280
#define HEIGHT 800

G_DEFINE_FINAL_TYPE (RtWindow, rt_window, ADW_TYPE_APPLICATION_WINDOW)

/* What is shown */

static void
show_view (RtWindow *self, RtView *view)
{
  /* An inspector with nothing in it explains nothing. */
  if (rt_view_get_selection (view).exchange == 0)
    rt_view_select (view, 1, FALSE, RT_SPAN_NONE);
  if (rt_stage_get_beside (self->stage) == view)
    rt_stage_set_beside (self->stage, NULL, NULL);
  rt_stage_set_view (self->stage, view);
  rt_inspector_set_view (self->inspector, view);
}

/* @other: (nullable): what @view is where it is none of the lesson's runs. */
void
rt_window_show_other (RtWindow *self, RtView *view, const char *other)
{
  g_clear_pointer (&self->opened, g_ptr_array_unref);
  show_view (self, view);
  rt_window_update_lists (self, other);
}

/**
 * rt_window_show_run:
 * @run: index of a run of the lesson
 */
void
rt_window_show_run (RtWindow *self, guint run)
{
  RtView *view = rt_tutor_get_view (self->tutor, run);

  if (view == NULL)
    return;
  self->run = run;
  rt_window_show_other (self, view, NULL);
}

static void
show_other_cb (RtWindow *self, RtView *view)
{
  g_autofree char *words = g_strdup_printf (_ ("showing a probe: %s"), rt_view_get_title (view));

  rt_window_show_other (self, view, words);
  if (self->narrow)
    adw_view_stack_set_visible_child_name (self->tabs, "messages");
}

static void
branched_cb (RtWindow *self, RtView *view)
{
  g_autofree char *words = g_strdup_printf (_ ("showing a counter-example, branched off %s"),
                                            rt_view_get_title (view));

  rt_window_show_other (self, view, words);
  if (rt_analysis_get_length (rt_view_get_analysis (view)) > 0)
    rt_transport_play_from (rt_stage_get_transport (self->stage),
                            rt_analysis_get_start (rt_view_get_analysis (view)));
}

/* Of a long session, a part is shown. */
static char *
describe_opened (RtView *view)
{
  guint64 first, end, all;

  return rt_view_get_part (view, &first, &end, &all)
             ? g_strdup_printf (_ ("of a long session: events %" G_GUINT64_FORMAT
                                   "–%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT),
                                first + 1, end, all)
             : g_strdup (_ ("of a session"));
}

static void
part_cb (RtWindow *self, RtView *view)
{
  g_autofree char *words = describe_opened (view);

  if (rt_stage_get_view (self->stage) == view)
    rt_window_update_lists (self, words);
}

static void
show_opened_run (RtWindow *self, guint run)
{
  RtView *view = self->opened->pdata[run];
  g_autofree char *words = describe_opened (view);

  show_view (self, view);
  rt_window_update_lists (self, words);
}

static void
opened_cb (RtWindow *self, GPtrArray *views)
{
  g_clear_pointer (&self->opened, g_ptr_array_unref);
  rt_stage_set_beside (self->stage, NULL, NULL);
  self->opened = g_ptr_array_ref (views);
  for (guint i = 0; i < views->len; i++)
    g_signal_connect_object (views->pdata[i], "changed", G_CALLBACK (part_cb), self,
                             G_CONNECT_SWAPPED);
  show_opened_run (self, 0);
  rt_window_show_tab (self, "timeline");
}

static void
run_chosen_cb (RtWindow *self, guint run)
{
  const RtTutorBranch *branch = rt_window_branch_at (self, run);

  if (branch != NULL)
    {
      rt_window_show_other (self, branch->view, branch->change);
      return;
    }
  if (self->opened == NULL)
    rt_window_show_run (self, run);
  else if (run < self->opened->len)
    show_opened_run (self, run);
}

static void
loaded_cb (RtWindow *self)
{
  const RtLesson *lesson = rt_tutor_get_lesson (self->tutor);
  g_autofree char *words
      = g_strdup_printf (ngettext ("%s · %u minute", "%s · %u minutes", lesson->minutes),
                         lesson->topic, lesson->minutes);

  rt_stage_set_beside (self->stage, NULL, NULL);
  *words = g_ascii_toupper (*words);
  adw_window_title_set_title (self->title, lesson->title);
  adw_window_title_set_subtitle (self->title, words);
  gtk_window_set_title (GTK_WINDOW (self), lesson->title);
}

static void
answered_cb (RtWindow *self, const RtPrediction *prediction)
{
  RtView *view;
  RtTime from;

  rt_window_show_run (self, prediction->run);
  view = rt_stage_get_view (self->stage);
  from = rt_view_get_old_end (view);
  if (from == RT_TIME_UNKNOWN && rt_analysis_get_length (rt_view_get_analysis (view)) > 0)
    from = rt_analysis_get_start (rt_view_get_analysis (view));
  rt_transport_play_from (rt_stage_get_transport (self->stage), from);
}

/* Text from outside is no markup, and may need more than one line. */
AdwToast *
rt_window_new_toast (const char *text)
{
  AdwToast *toast = adw_toast_new ("");
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  adw_toast_set_custom_title (toast, label);
  return toast;
}

static void
failed_cb (RtWindow *self, const GError *error)
{
  AdwToast *toast = rt_window_new_toast (error->message);

  adw_toast_set_timeout (toast, 0);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
noticed_cb (RtWindow *self, const char *text)
{
  adw_toast_overlay_add_toast (self->toasts, rt_window_new_toast (text));
}

/* Told once a window: the toast stays until it is answered. */
static void
shelf_cb (RtWindow *self)
{
  AdwToast *toast;

  if (rt_tutor_get_excess (self->tutor) == NULL || self->told_of_excess || self->presenting)
    return;
  self->told_of_excess = TRUE;
  toast = adw_toast_new (_ ("Recorded sessions take more room than they may"));
  adw_toast_set_button_label (toast, _ ("Make Room…"));
  adw_toast_set_action_name (toast, "win.make-room");
  adw_toast_set_timeout (toast, 0);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
working_cb (RtWindow *self, const char *words, gpointer permille)
{
  rt_progress_bar_set (self->progress, words, GPOINTER_TO_UINT (permille));
}

/* Wide and narrow */

/* GTK 4.8 forgets what a button's action can do when the button gets another root: so it is told
 * again. */
void
rt_window_renew_actions (GtkWidget *widget)
{
  if (GTK_IS_ACTIONABLE (widget)
      && gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)) != NULL)
    {
      g_autofree char *name = g_strdup (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)));

      gtk_actionable_set_action_name (GTK_ACTIONABLE (widget), NULL);
      gtk_widget_set_sensitive (widget, TRUE);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (widget), name);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    rt_window_renew_actions (child);
}

static void
move_child (AdwBin *from, AdwBin *to)
{
  GtkWidget *child = adw_bin_get_child (from);

  if (child == NULL)
    return;
  g_object_ref (child);
  adw_bin_set_child (from, NULL);
  adw_bin_set_child (to, child);
  rt_window_renew_actions (child);
  g_object_unref (child);
}

/* Wide or narrow: the parts go where they belong. */
void
rt_window_apply_mode (RtWindow *self)
{
  gboolean narrow = self->narrow;

  move_child (narrow ? self->wide_lesson : self->narrow_lesson,
              narrow ? self->narrow_lesson : self->wide_lesson);
  move_child (narrow ? self->wide_stage : self->narrow_stage,
              narrow ? self->narrow_stage : self->wide_stage);
  move_child (narrow ? self->wide_inspector : self->narrow_inspector,
              narrow ? self->narrow_inspector : self->wide_inspector);
  rt_inspector_set_narrow (self->inspector, narrow);
  gtk_stack_set_visible_child_name (self->modes, narrow ? "narrow" : "wide");
}

static gboolean
apply_mode_cb (gpointer data)
{
  RtWindow *self = data;

  if (self->stage != NULL)
    rt_window_apply_mode (self);
  g_object_unref (self);
  return G_SOURCE_REMOVE;
}

/* Larger text needs a wider window; the presenter's has panes of its own. */
gboolean
rt_window_is_narrow (RtWindow *self, int width)
{
  double scale = rt_tutor_get_presenting (self->tutor)
                     ? 1
                     : rt_appearance_get_text_scale (GTK_WIDGET (self));

  return width < RT_WINDOW_NARROW * scale;
}

static void
rt_window_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  RtWindow *self = RT_WINDOW (widget);
  gboolean narrow;

  GTK_WIDGET_CLASS (rt_window_parent_class)->size_allocate (widget, width, height, baseline);
  if (self->stage == NULL)
    return;
  narrow = rt_window_is_narrow (self, width);
  if (width != self->presented_width || height != self->presented_height)
    rt_window_presenting_resized (self);
  self->presented_width = width;
  self->presented_height = height;
  if (narrow == self->narrow)
    return;
  /* Children cannot change places while they are being placed. */
  self->narrow = narrow;
  g_idle_add_full (GTK_PRIORITY_RESIZE, apply_mode_cb, g_object_ref (self), NULL);
}

/* For the actions */

/**
 * rt_window_show_tab:
 * @name: `lesson`, `timeline` or `messages`; where all are visible, nothing happens
 */
void
rt_window_show_tab (RtWindow *self, const char *name)
{
  if (self->narrow)
    adw_view_stack_set_visible_child_name (self->tabs, name);
}

void
rt_window_notice (RtWindow *self, const char *text)
{
  noticed_cb (self, text);
}

/** rt_window_show_symptom: @name: of the symptom that the sidebar is to show */
void
rt_window_show_symptom (RtWindow *self, const char *name)
{
  adw_flap_set_reveal_flap (self->flap, TRUE);
  rt_sidebar_show_symptom (self->sidebar, name);
}

RtTutor *
rt_window_get_tutor (RtWindow *self)
{
  rt_window_fill (self);
  return self->tutor;
}

RtNarrative *
rt_window_get_narrative (RtWindow *self)
{
  rt_window_fill (self);
  return self->narrative;
}

RtStage *
rt_window_get_stage (RtWindow *self)
{
  rt_window_fill (self);
  return self->stage;
}

RtInspector *
rt_window_get_inspector (RtWindow *self)
{
  rt_window_fill (self);
  return self->inspector;
}

/** rt_window_is_traffic: Returns: whether @path is a file, and no lesson */
gboolean
rt_window_is_traffic (const char *path)
{
  return !g_str_has_suffix (path, ".md") && g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

/**
 * rt_window_open:
 * @path: (nullable): a lesson, a session, or a file that a session can be made of; %NULL: the
 *   lesson last open
 */
void
rt_window_open (RtWindow *self, const char *path)
{
  if (self->waiting != NULL)
    g_ptr_array_add (self->waiting, g_strdup (path));
  else if (path != NULL && rt_window_is_traffic (path))
    rt_tutor_open_file (self->tutor, path);
  else
    rt_tutor_open_lesson (self->tutor, path);
}

static gboolean
rt_window_close_request (GtkWindow *window)
{
  rt_window_keep (RT_WINDOW (window));
  return GTK_WINDOW_CLASS (rt_window_parent_class)->close_request (window);
}

static void
rt_window_dispose (GObject *object)
{
  RtWindow *self = RT_WINDOW (object);

  if (self->stage != NULL)
    {
      rt_window_remove_actions (self);
      rt_window_remove_presenting (self);
    }
  self->stage = NULL;
  /* Nothing is made any more of what was not yet there. */
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_clear_pointer (&self->opened, g_ptr_array_unref);
  g_clear_pointer (&self->redactions, g_ptr_array_unref);
  if (self->tutor != NULL)
    rt_tutor_cancel (self->tutor);
  g_clear_object (&self->compared);
  g_clear_object (&self->tutor);
  G_OBJECT_CLASS (rt_window_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, RtWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, flap);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, title);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, menu);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, exports);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, modes);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, progress);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, tabs);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, columns);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, rows);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, wide_lesson);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, wide_stage);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, wide_inspector);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, narrow_lesson);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, narrow_stage);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, narrow_inspector);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, narrative);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, live);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, stage);
  gtk_widget_class_bind_template_child (widget_class, RtWindow, inspector);
}

static void
connect_tutor (RtWindow *self)
{
  rt_narrative_set_tutor (self->narrative, self->tutor);
  rt_sidebar_set_tutor (self->sidebar, self->tutor);
  g_signal_connect_object (self->tutor, "loaded", G_CALLBACK (loaded_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tutor, "answered", G_CALLBACK (answered_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tutor, "branched", G_CALLBACK (branched_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tutor, "opened", G_CALLBACK (opened_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tutor, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tutor, "shelf", G_CALLBACK (shelf_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tutor, "working", G_CALLBACK (working_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tutor, "noticed", G_CALLBACK (noticed_cb), self,
                           G_CONNECT_SWAPPED);
}

/* Files that are dropped: the first is shown here, each other in a window of its own. */
static gboolean
dropped_cb (RtWindow *self, const GValue *value)
{
  GSList *files = g_value_get_boxed (value);
  g_autofree char *path = files != NULL ? g_file_get_path (files->data) : NULL;

  if (path == NULL)
    return FALSE;
  rt_window_open (self, path);
  for (GSList *at = files->next; at != NULL; at = at->next)
    {
      GFile *file = at->data;

      g_application_open (G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))), &file, 1,
                          "");
    }
  return TRUE;
}

static void
accept_files (RtWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (target, "drop", G_CALLBACK (dropped_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static void
connect_parts (RtWindow *self)
{
  g_signal_connect_object (self->narrative, "show-run", G_CALLBACK (rt_window_show_run), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->narrative, "show-view", G_CALLBACK (show_other_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->stage, "run-chosen", G_CALLBACK (run_chosen_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * rt_window_fill:
 *
 * The first frame is that of a bare window, which is there at once. Its parts are made after it,
 * or when they are asked for, and what it was told to open is opened: reading that would take the
 * processor from the window.
 */
void
rt_window_fill (RtWindow *self)
{
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&self->waiting);
  g_autoptr (GMenuModel) menu = NULL, exports = NULL;

  if (waiting == NULL)
    return;
  gtk_widget_init_template (GTK_WIDGET (self));
  menu = rt_actions_new_menu ();
  exports = rt_actions_new_export_menu ();
  gtk_menu_button_set_menu_model (self->menu, menu);
  gtk_menu_button_set_menu_model (self->exports, exports);
  /* A wide menu stays within the window. */
  gtk_widget_set_halign (GTK_WIDGET (gtk_menu_button_get_popover (self->menu)), GTK_ALIGN_END);
  rt_window_add_actions (self);
  rt_window_add_exchange_actions (self);
  self->tutor = rt_tutor_new ();
  accept_files (self);
  connect_tutor (self);
  rt_window_add_exporting (self);
  rt_window_add_live (self);
  rt_window_add_branching (self);
  rt_window_add_resending (self);
  rt_window_add_presenting (self);
  connect_parts (self);
  rt_window_arrange (self);
  for (guint i = 0; i < waiting->len; i++)
    rt_window_open (self, waiting->pdata[i]);
}

static gboolean
fill_cb (gpointer data)
{
  RtWindow *self = data;

  rt_window_fill (self);
  g_object_unref (self);
  return G_SOURCE_REMOVE;
}

/* It is on its way to the display once the loop has turned. */
static void
first_frame_cb (RtWindow *self, GdkFrameClock *clock)
{
  g_clear_signal_handler (&self->first_frame, clock);
  g_idle_add_full (G_PRIORITY_DEFAULT, fill_cb, g_object_ref (self), NULL);
}

static void
rt_window_realize (GtkWidget *widget)
{
  RtWindow *self = RT_WINDOW (widget);

  GTK_WIDGET_CLASS (rt_window_parent_class)->realize (widget);
  if (self->first_frame == 0 && self->waiting != NULL)
    self->first_frame
        = g_signal_connect_object (gtk_widget_get_frame_clock (widget), "after-paint",
                                   G_CALLBACK (first_frame_cb), self, G_CONNECT_SWAPPED);
}

static void
rt_window_class_init (RtWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = rt_window_close_request;
  widget_class->size_allocate = rt_window_size_allocate;
  widget_class->realize = rt_window_realize;
  g_type_ensure (RT_TYPE_SIDEBAR);
  g_type_ensure (RT_TYPE_PROGRESS_BAR);
  g_type_ensure (RT_TYPE_NARRATIVE);
  g_type_ensure (RT_TYPE_LIVE_PANE);
  g_type_ensure (RT_TYPE_STAGE);
  g_type_ensure (RT_TYPE_INSPECTOR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-window.ui");
  bind_children (widget_class);
  rt_window_add_bindings (widget_class);
}

static void
rt_window_init (RtWindow *self)
{
  self->waiting = g_ptr_array_new_with_free_func (g_free);
  gtk_window_set_title (GTK_WINDOW (self), "Roundtrip");
  rt_window_set_size (self, WIDTH, HEIGHT);
}

/** rt_window_new: Returns: a window that opens nothing before rt_window_open() */
RtWindow *
rt_window_new (GtkApplication *application)
{
  RtWindow *self = g_object_new (RT_TYPE_WINDOW, "application", application, NULL);

  return self;
}
