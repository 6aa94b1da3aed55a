/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finds a lesson, plays its runs, and reads how far the learner had come. */
#include "rt-tutor-private.h"

#include "rt-lesson-library.h"

typedef struct
{
  char *name;
  guint load;
  RtLesson *lesson;
  GPtrArray *plays; /* RtPlay */
  GPtrArray *made;  /* RtPredictionMade, NULL: none is known */
  GPtrArray *marks; /* of each run an array of RtMark, or NULL */
  guint position;
  gboolean passed;
  char *notice;
  char *session; /* path of what the runs are recorded in, or NULL */
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_free (load->name);
  g_free (load->notice);
  g_free (load->session);
  g_clear_pointer (&load->lesson, rt_lesson_unref);
  g_clear_pointer (&load->plays, g_ptr_array_unref);
  g_clear_pointer (&load->made, g_ptr_array_unref);
  g_clear_pointer (&load->marks, g_ptr_array_unref);
  g_free (load);
}

static void
unref_marks (gpointer marks)
{
  g_clear_pointer ((GPtrArray **)&marks, g_ptr_array_unref);
}

static void
read_marks (Load *load, RtProgress *progress, const char *id)
{
  GPtrArray *runs = load->lesson->runs;

  load->marks = g_ptr_array_new_with_free_func (unref_marks);
  for (guint i = 0; i < runs->len; i++)
    g_ptr_array_add (
        load->marks,
        rt_progress_list_marks (progress, id, ((const RtScenario *)runs->pdata[i])->name, NULL));
}

static void
read_progress (Load *load, RtShelf *shelf)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = rt_tutor_dup_lesson_id (load->lesson);
  g_autofree char *position = NULL;
  RtProgress *progress = rt_shelf_get_progress (shelf, &error);
  guint64 page = 0;

  if (progress != NULL)
    load->made = rt_progress_list_predictions (progress, id, &error);
  if (load->made != NULL)
    position = rt_progress_dup_position (progress, id, NULL);
  if (position != NULL && rt_text_to_uint64 (rt_text (position), &page))
    load->position = (guint)MIN (page, load->lesson->pages->len - 1);
  if (progress != NULL)
    {
      load->passed = rt_progress_get_passed (progress, id, RT_TUTOR_CHALLENGE, NULL, NULL);
      read_marks (load, progress, id);
    }
  rt_tutor_take_notice (&load->notice, &error);
}

/* Without a name: the lesson last open, or the first one. */
static RtLesson *
find_lesson (const char *name, RtShelf *shelf, GError **error)
{
  RtProgress *progress = name == NULL ? rt_shelf_get_progress (shelf, NULL) : NULL;
  g_autofree char *last
      = progress != NULL ? rt_progress_dup_position (progress, "last", NULL) : NULL;
  g_autoptr (GPtrArray) lessons = NULL;
  RtLesson *lesson;

  if (name != NULL)
    return rt_lesson_open (name, error);
  lesson = last != NULL ? rt_lesson_open (last, NULL) : NULL;
  if (lesson != NULL)
    return lesson;
  lessons = rt_lesson_library_list (NULL);
  if (lessons->len > 0)
    return rt_lesson_ref (lessons->pdata[0]);
  rt_set_error (error, RT_ERROR_MISSING, NULL, "a folder with lessons", "no lesson was found");
  return NULL;
}

static void
load_work (GTask *task, gpointer data, RtShelf *shelf)
{
  Load *load = data;
  GError *error = NULL;
  RtSession *session;

  load->lesson = find_lesson (load->name, shelf, &error);
  if (load->lesson == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  load->plays = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_play_unref);
  session = rt_tutor_begin_session (load->lesson, shelf, &load->notice);
  if (session != NULL)
    load->session = g_strdup (rt_session_get_path (session));
  for (guint i = 0; i < load->lesson->runs->len && error == NULL; i++)
    {
      RtPlay *play = rt_tutor_play_run (load->lesson, load->lesson->runs->pdata[i], session,
                                        &load->notice, &error);

      if (play != NULL)
        g_ptr_array_add (load->plays, play);
    }
  g_clear_pointer (&session, rt_session_unref);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  read_progress (load, shelf);
  g_task_return_boolean (task, TRUE);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  RtTutor *self = RT_TUTOR (object);
  Load *load = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_signal_emit_by_name (self, "failed", error);
      /* A window without a lesson would teach nothing. */
      if (self->lesson == NULL && load->name != NULL && load->load == self->load)
        rt_tutor_open_lesson (self, NULL);
      return;
    }
  if (load->load != self->load)
    return;
  g_ptr_array_set_size (self->views, 0);
  g_ptr_array_set_size (self->plays, 0);
  g_ptr_array_set_size (self->branches, 0);
  self->n_branches = 0;
  g_clear_pointer (&self->lesson, rt_lesson_unref);
  g_free (self->id);
  self->lesson = rt_lesson_ref (load->lesson);
  self->id = rt_tutor_dup_lesson_id (load->lesson);
  self->position = load->position;
  self->passed = load->passed;
  rt_tutor_take_answers (self, self->presenting ? NULL : load->made);
  for (guint i = 0; i < load->plays->len; i++)
    {
      g_ptr_array_add (self->plays, rt_play_ref (load->plays->pdata[i]));
      g_ptr_array_add (self->views, rt_view_new_for_play (load->plays->pdata[i]));
      rt_view_set_file (self->views->pdata[i], load->session, RT_SOURCE_LESSON);
    }
  for (guint i = 0; i < self->views->len; i++)
    rt_tutor_follow_lesson_notes (self, self->views->pdata[i],
                                  load->marks != NULL ? load->marks->pdata[i] : NULL);
  rt_tutor_apply_cuts (self);
  g_signal_emit_by_name (self, "loaded");
  if (load->notice != NULL)
    g_signal_emit_by_name (self, "noticed", load->notice);
  rt_tutor_list_shelf (self);
}

/**
 * rt_tutor_open_lesson:
 * @path_or_name: (nullable): %NULL: the lesson last open
 */
void
rt_tutor_open_lesson (RtTutor *self, const char *path_or_name)
{
  GTask *task = g_task_new (self, NULL, loaded_cb, NULL);
  Load *load = g_new0 (Load, 1);

  load->name = g_strdup (path_or_name);
  load->load = ++self->load;
  g_task_set_task_data (task, load, load_free);
  rt_worker_run (self->worker, task, load_work);
}
