/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Branches: a run that the learner changed in one thing, played again from its beginning. They live
 * as long as the lesson is open. */
#include "rt-tutor-private.h"

typedef struct
{
  RtLesson *lesson;
  guint run, load;
  char *change;
} Branching;

static void
branching_free (gpointer data)
{
  Branching *branching = data;

  rt_lesson_unref (branching->lesson);
  g_free (branching->change);
  g_free (branching);
}

/* A branch as it is kept. */
void
rt_tutor_branch_free (RtTutorBranch *branch)
{
  g_object_unref (branch->view);
  rt_play_unref (branch->play);
  g_free (branch->name);
  g_free (branch->change);
  g_free (branch);
}

static void
branch_work (GTask *task, gpointer data, RtShelf *shelf)
{
  const Branching *branching = data;
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_change_free);
  RtPlayOptions options = { .changes = changes };
  GError *error = NULL;
  RtChange *change = rt_change_parse (branching->lesson, branching->change, &error);
  RtPlay *play = NULL;

  if (change != NULL)
    {
      g_ptr_array_add (changes, change);
      play = rt_play_new (branching->lesson, branching->lesson->runs->pdata[branching->run],
                          &options, &error);
    }
  if (play != NULL)
    g_task_return_pointer (task, play, (GDestroyNotify)rt_play_unref);
  else
    g_task_return_error (task, error);
}

static void
branched_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  RtTutor *self = RT_TUTOR (object);
  const Branching *branching = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (RtPlay) play = g_task_propagate_pointer (G_TASK (result), &error);
  RtTutorBranch *branch;

  if (play == NULL)
    {
      g_signal_emit_by_name (self, "failed", error);
      return;
    }
  if (branching->load != self->load)
    return;
  branch = g_new (RtTutorBranch, 1);
  *branch = (RtTutorBranch){
    .view = rt_view_new_for_play (play),
    .play = rt_play_ref (play),
    .run = branching->run,
    .name = g_strdup_printf ("%s, %u", rt_play_get_scenario (play)->name, ++self->n_branches),
    .change = g_strdup (branching->change),
  };
  g_ptr_array_add (self->branches, branch);
  rt_tutor_apply_cuts (self);
  g_signal_emit_by_name (self, "branch-made", branch);
}

/**
 * rt_tutor_make_branch:
 * @run: index of the run that is changed
 * @change: one line, see rt_change_parse()
 *
 * `branch-made` gives the branch, `failed` says why there is none.
 */
void
rt_tutor_make_branch (RtTutor *self, guint run, const char *change)
{
  GTask *task = g_task_new (self, NULL, branched_cb, NULL);
  Branching *branching = g_new0 (Branching, 1);

  branching->lesson = rt_lesson_ref (self->lesson);
  branching->run = run;
  branching->load = self->load;
  branching->change = g_strdup (change);
  g_task_set_task_data (task, branching, branching_free);
  rt_worker_run (self->worker, task, branch_work);
}

/** rt_tutor_discard_branch: @branch: one of those that rt_tutor_get_branches() has */
void
rt_tutor_discard_branch (RtTutor *self, RtTutorBranch *branch)
{
  g_ptr_array_remove (self->branches, branch);
}

/** rt_tutor_get_branches: Returns: (transfer none) (element-type RtTutorBranch) */
GPtrArray *
rt_tutor_get_branches (RtTutor *self)
{
  return self->branches;
}
