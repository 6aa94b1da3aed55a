/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is played because the learner did something: the counter-example to a wrong prediction, and
 * the probes of a challenge. */
#include "rt-tutor-private.h"

#include <string.h>

/* Counter-examples */

typedef struct
{
  RtLesson *lesson;
  const RtMisconception *misconception;
} Branching;

static void
branching_free (gpointer data)
{
  Branching *branching = data;

  rt_lesson_unref (branching->lesson);
  g_free (branching);
}

static void
branch_work (GTask *task, gpointer data, RtShelf *shelf)
{
  const Branching *branching = data;
  GError *error = NULL;
  RtPlay *play = rt_play_new_counterexample (branching->lesson, branching->misconception, &error);

  if (play != NULL)
    g_task_return_pointer (task, play, (GDestroyNotify)rt_play_unref);
  else
    g_task_return_error (task, error);
}

static void
branched_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  const Branching *branching = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (RtPlay) play = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr (RtView) view = play != NULL ? rt_view_new_for_play (play) : NULL;

  /* It answers the question it belongs to, not those that come later. */
  if (view == NULL || !rt_view_set_cut (view, rt_tutor_get_cut (RT_TUTOR (object), play), &error))
    {
      g_signal_emit_by_name (object, "failed", error);
      return;
    }
  if (branching->misconception->point != 0)
    rt_view_select (view, branching->misconception->point, FALSE, RT_SPAN_NONE);
  g_signal_emit_by_name (object, "branched", view);
}

/** rt_tutor_show_counterexample: `branched` gives the view of the run that proves it wrong */
void
rt_tutor_show_counterexample (RtTutor *self, const RtMisconception *misconception)
{
  GTask *task = g_task_new (self, NULL, branched_cb, NULL);
  Branching *branching = g_new0 (Branching, 1);

  branching->lesson = rt_lesson_ref (self->lesson);
  branching->misconception = misconception;
  g_task_set_task_data (task, branching, branching_free);
  rt_worker_run (self->worker, task, branch_work);
}

/* The challenge */

typedef struct
{
  RtLesson *lesson;
  char *text;
} Trying;

static void
trying_free (gpointer data)
{
  Trying *trying = data;

  rt_lesson_unref (trying->lesson);
  g_free (trying->text);
  g_free (trying);
}

static void
try_work (GTask *task, gpointer data, RtShelf *shelf)
{
  const Trying *trying = data;
  GError *error = NULL;
  g_autoptr (GPtrArray) answer = rt_lesson_read_answer (trying->lesson, "settings", trying->text,
                                                        strlen (trying->text), &error);
  RtChallengeResult *result
      = answer != NULL ? rt_challenge_try (trying->lesson, answer, &error) : NULL;

  if (result != NULL)
    g_task_return_pointer (task, result, (GDestroyNotify)rt_challenge_result_free);
  else
    g_task_return_error (task, error);
}

static void
keep_passed (RtTutor *self)
{
  RtTutorKeeping *keeping = g_new0 (RtTutorKeeping, 1);

  keeping->passed = TRUE;
  rt_tutor_keep (self, keeping);
  self->passed = TRUE;
}

/** rt_tutor_pass_challenge: it was solved, but not here: `passed` is told */
void
rt_tutor_pass_challenge (RtTutor *self)
{
  if (self->lesson == NULL)
    return;
  keep_passed (self);
  g_signal_emit_by_name (self, "passed");
  rt_tutor_list_shelf (self);
}

static void
tried_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  RtTutor *self = RT_TUTOR (object);
  const Trying *trying = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (RtChallengeResult) tried = g_task_propagate_pointer (G_TASK (result), &error);

  if (trying->lesson != self->lesson)
    return;
  if (tried != NULL && tried->passed)
    keep_passed (self);
  g_signal_emit_by_name (self, "probed", tried, error);
  if (tried != NULL && tried->passed)
    rt_tutor_list_shelf (self);
}

/**
 * rt_tutor_try_challenge:
 * @text: the learner's YAML
 *
 * `probed` tells how it went.
 */
void
rt_tutor_try_challenge (RtTutor *self, const char *text)
{
  GTask *task = g_task_new (self, NULL, tried_cb, NULL);
  Trying *trying = g_new0 (Trying, 1);

  trying->lesson = rt_lesson_ref (self->lesson);
  trying->text = g_strdup (text);
  g_task_set_task_data (task, trying, trying_free);
  rt_worker_run (self->worker, task, try_work);
}
