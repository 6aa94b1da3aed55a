/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which runs there are to choose from, a run beside another, and branches: a run that the learner
 * changed in one thing. */
#include "rt-window-private.h"

#include "rt-branch-dialog.h"

#include <glib/gi18n.h>

/* How many of the lesson's runs the text has spoken of; the others are not named yet. */
static guint
n_named_runs (RtWindow *self)
{
  const RtLesson *lesson = rt_tutor_get_lesson (self->tutor);
  guint last = MAX (rt_narrative_get_last_run (self->narrative), self->run);

  return lesson != NULL ? MIN (last + 1, lesson->runs->len) : 0;
}

/* What can be shown, in the order of the list: the lesson's runs, then its branches; or the runs of
 * a session. */
GPtrArray *
rt_window_list_names (RtWindow *self)
{
  const RtLesson *lesson = rt_tutor_get_lesson (self->tutor);
  GPtrArray *branches = rt_tutor_get_branches (self->tutor);
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; self->opened != NULL && i < self->opened->len; i++)
    {
      const char *title = rt_view_get_title (self->opened->pdata[i]);

      g_ptr_array_add (names, title != NULL && *title != '\0'
                                  ? g_strdup (title)
                                  : g_strdup_printf (_ ("run %u"), i + 1));
    }
  if (self->opened != NULL)
    return names;
  for (guint i = 0; i < n_named_runs (self); i++)
    g_ptr_array_add (names, g_strdup (((const RtScenario *)lesson->runs->pdata[i])->name));
  for (guint i = 0; i < branches->len; i++)
    g_ptr_array_add (names, g_strdup (((const RtTutorBranch *)branches->pdata[i])->name));
  return names;
}

/* The branch at @index of the list; NULL: it is none. */
RtTutorBranch *
rt_window_branch_at (RtWindow *self, guint index)
{
  GPtrArray *branches = rt_tutor_get_branches (self->tutor);
  guint first = n_named_runs (self);

  return self->opened == NULL && index >= first && index - first < branches->len
             ? branches->pdata[index - first]
             : NULL;
}

/* What stands at @index of the list. */
RtView *
rt_window_view_at (RtWindow *self, guint index)
{
  RtTutorBranch *branch = rt_window_branch_at (self, index);

  if (self->opened != NULL)
    return index < self->opened->len ? self->opened->pdata[index] : NULL;
  return branch != NULL ? branch->view : rt_tutor_get_view (self->tutor, index);
}

static guint
index_of_view (RtWindow *self, RtView *view)
{
  g_autoptr (GPtrArray) names = rt_window_list_names (self);

  for (guint i = 0; view != NULL && i < names->len; i++)
    if (rt_window_view_at (self, i) == view)
      return i;
  return GTK_INVALID_LIST_POSITION;
}

/* Both lists say what there is and what is shown; @note: what is shown where it is none of them. */
void
rt_window_update_lists (RtWindow *self, const char *note)
{
  g_autoptr (GPtrArray) names = rt_window_list_names (self);
  g_autoptr (GPtrArray) others = g_ptr_array_new ();
  guint shown = index_of_view (self, rt_stage_get_view (self->stage));
  guint beside = index_of_view (self, rt_stage_get_beside (self->stage));

  g_ptr_array_add (others, (gpointer)_ ("none"));
  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (others, names->pdata[i]);
  g_ptr_array_add (names, NULL);
  g_ptr_array_add (others, NULL);
  rt_stage_set_runs (self->stage, (const char *const *)names->pdata, shown, note);
  rt_stage_set_others (self->stage, (const char *const *)others->pdata,
                       beside == GTK_INVALID_LIST_POSITION ? 0 : beside + 1);
  rt_stage_set_discardable (self->stage, rt_window_branch_at (self, shown) != NULL
                                             || rt_window_branch_at (self, beside) != NULL);
}

/* In words, what @branch changed; NULL: nothing. */
static const char *
change_of (RtWindow *self, RtView *view)
{
  GPtrArray *branches = rt_tutor_get_branches (self->tutor);

  for (guint i = 0; i < branches->len; i++)
    if (((const RtTutorBranch *)branches->pdata[i])->view == view)
      return ((const RtTutorBranch *)branches->pdata[i])->change;
  return NULL;
}

/**
 * rt_window_show_beside:
 * @index: in the list of runs and branches; %GTK_INVALID_LIST_POSITION: none
 */
void
rt_window_show_beside (RtWindow *self, guint index)
{
  RtView *shown = rt_stage_get_view (self->stage);
  RtView *view = index != GTK_INVALID_LIST_POSITION ? rt_window_view_at (self, index) : NULL;
  const char *change = view != NULL ? change_of (self, view) : NULL;

  if (view == shown)
    view = NULL;
  if (change == NULL)
    change = change_of (self, shown);
  rt_stage_set_beside (self->stage, view, view != NULL ? change : NULL);
}

static void
beside_chosen_cb (RtWindow *self, guint chosen)
{
  rt_window_show_beside (self, chosen > 0 ? chosen - 1 : GTK_INVALID_LIST_POSITION);
}

/* The branch stands beside the run that it was made of. */
static void
branch_made_cb (RtWindow *self, RtTutorBranch *branch)
{
  rt_window_show_run (self, branch->run);
  rt_stage_set_beside (self->stage, branch->view, branch->change);
  rt_window_update_lists (self, NULL);
  rt_window_show_tab (self, "timeline");
}

static void
branch_chosen_cb (RtWindow *self, const char *change)
{
  rt_tutor_make_branch (self->tutor, self->run, change);
}

static void
branch_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  RtWindow *self = window;
  RtView *view = rt_stage_get_view (self->stage);
  RtBranchDialog *dialog;

  if (self->opened != NULL || view == NULL || rt_view_get_play (view) == NULL)
    {
      /* A capture has no scenario that could run again, but its requests can be sent. */
      rt_window_resend (self);
      return;
    }
  dialog = rt_branch_dialog_new (view);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (self));
  g_signal_connect_object (dialog, "branch", G_CALLBACK (branch_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* `win.make-branch ('step 3 remove If-Match')`: for those who know what they want. */
static void
make_branch_cb (GSimpleAction *action, GVariant *change, gpointer window)
{
  RtWindow *self = window;

  if (self->opened == NULL && rt_tutor_get_lesson (self->tutor) != NULL)
    branch_chosen_cb (self, g_variant_get_string (change, NULL));
}

static void
discard_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  RtWindow *self = window;
  RtView *view = rt_stage_get_view (self->stage);
  RtView *beside = rt_stage_get_beside (self->stage);
  RtTutorBranch *branch = rt_window_branch_at (self, index_of_view (self, view));

  if (branch == NULL)
    branch = rt_window_branch_at (self, index_of_view (self, beside));
  if (branch == NULL)
    return;
  rt_stage_set_beside (self->stage, NULL, NULL);
  rt_window_show_run (self, branch->run);
  rt_tutor_discard_branch (self->tutor, branch);
  rt_window_update_lists (self, NULL);
}

static void
beside_cb (GSimpleAction *action, GVariant *index, gpointer window)
{
  guint i = g_variant_get_uint32 (index);

  rt_window_show_beside (window, i > 0 ? i - 1 : GTK_INVALID_LIST_POSITION);
  rt_window_update_lists (window, NULL);
}

/* The actions, and who is listened to. */
void
rt_window_add_branching (RtWindow *self)
{
  static const GActionEntry entries[] = {
    { "branch", branch_cb },
    { "make-branch", make_branch_cb, "s" },
    { "discard-branch", discard_cb },
    { "beside", beside_cb, "u" },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect_object (self->tutor, "branch-made", G_CALLBACK (branch_made_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->stage, "beside-chosen", G_CALLBACK (beside_chosen_cb), self,
                           G_CONNECT_SWAPPED);
}
