/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keeps what was predicted, read and passed. */
#include "rt-tutor-private.h"

/** MAX_OPTIONS: of a prediction; more do not fit in an answer. */
#define MAX_OPTIONS 31

/* Answers as they are stored: `-` skipped, else the numbers of the options from 1: `2`, `1,3`. */
char *
rt_tutor_answer_to_text (guint options)
{
  GString *out = g_string_new (NULL);

  if (options == RT_TUTOR_SKIPPED)
    {
      g_string_free (out, TRUE);
      return NULL;
    }
  for (guint i = 0; i < MAX_OPTIONS; i++)
    if (options & (1u << i))
      g_string_append_printf (out, "%s%u", out->len > 0 ? "," : "", i + 1);
  return g_string_free (out, FALSE);
}

guint
rt_tutor_answer_from_text (const char *text, guint n_options)
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", ",", MAX_OPTIONS);
  guint options = RT_TUTOR_SKIPPED;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      guint64 n = 0;

      if (rt_text_to_uint64 (rt_text (parts[i]), &n) && n >= 1 && n <= n_options)
        options |= 1u << (n - 1);
    }
  return options;
}

static void
keeping_free (gpointer data)
{
  RtTutorKeeping *keeping = data;

  g_free (keeping->lesson);
  g_free (keeping->prediction);
  g_free (keeping->option);
  g_free (keeping->position);
  g_free (keeping->last);
  g_free (keeping);
}

static void
keep_work (GTask *task, gpointer data, RtShelf *shelf)
{
  const RtTutorKeeping *keeping = data;
  GError *error = NULL;
  RtTime now = g_get_real_time ();
  RtProgress *progress = rt_shelf_get_progress (shelf, &error);
  gboolean kept = progress != NULL;

  if (kept && keeping->reset)
    kept = rt_progress_reset (progress, keeping->lesson, &error);
  if (kept && keeping->prediction != NULL)
    kept = rt_progress_set_prediction (progress, keeping->lesson, keeping->prediction,
                                       keeping->option, now, &error);
  if (kept && keeping->position != NULL)
    kept = rt_progress_set_position (progress, keeping->lesson, keeping->position, now, &error)
           && rt_progress_set_position (progress, "last", keeping->last, now, &error);
  if (kept && keeping->passed)
    kept = rt_progress_set_passed (progress, keeping->lesson, RT_TUTOR_CHALLENGE, now, &error);
  if (kept)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
kept_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_signal_emit_by_name (object, "noticed", error->message);
}

/* @keeping: (transfer full). In front of a class nothing is stored. */
void
rt_tutor_keep (RtTutor *self, RtTutorKeeping *keeping)
{
  GTask *task;

  if (self->presenting)
    {
      keeping_free (keeping);
      return;
    }
  keeping->lesson = g_strdup (self->id);
  task = g_task_new (self, NULL, kept_cb, NULL);
  g_task_set_task_data (task, keeping, keeping_free);
  rt_worker_run (self->worker, task, keep_work);
}
