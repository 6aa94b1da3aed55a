/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Plays a lesson's runs and writes them to a session as they are played; and reads a session file
 * that was written before. */
#include "rt-tutor-private.h"

#include "rt-session-parts.h"
#include "rt-session-rows.h"

/* Returns: (transfer full) (nullable): where the lesson's runs are recorded. */
RtSession *
rt_tutor_begin_session (const RtLesson *lesson, RtShelf *shelf, char **notice)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = rt_tutor_dup_lesson_id (lesson);
  RtSessionLibrary *library = rt_shelf_get_sessions (shelf, &error);
  RtSession *session = NULL;

  if (library != NULL)
    session = rt_session_library_create (library, id, lesson->title, g_get_real_time (), &error);
  rt_tutor_take_notice (notice, &error);
  return session;
}

/* A run is played even where it cannot be recorded. */
RtPlay *
rt_tutor_play_run (const RtLesson *lesson,
                   const RtScenario *scenario,
                   RtSession *session,
                   char **notice,
                   GError **error)
{
  g_autoptr (RtRecorder) recorder = NULL;
  g_autoptr (GError) trouble = NULL;
  RtPlayOptions options = { 0 };
  RtRunInfo about = { .name = scenario->name,
                      .title = lesson->title,
                      .source = RT_SOURCE_LESSON,
                      .started = lesson->clock,
                      .lesson_path = lesson->file,
                      .lesson_text = lesson->text };
  RtPlay *play;

  if (session != NULL)
    recorder = rt_session_begin_run (session, &about, NULL, NULL, &trouble);
  if (recorder != NULL)
    {
      options.sink = rt_recorder_add_page;
      options.data = recorder;
    }
  play = rt_play_new (lesson, scenario, &options, error);
  if (play != NULL && recorder != NULL)
    rt_recorder_finish (g_steal_pointer (&recorder), &trouble);
  rt_tutor_take_notice (notice, &trouble);
  return play;
}

/* Opening a session file */

typedef struct
{
  char *path;
  GPtrArray *views;
  GArray *runs;         /* gint64: of each view */
  GPtrArray *marks;     /* of each view an array of RtMark */
  RtExchangeList *list; /* NULL: all runs are shown whole */
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  g_free (opening->path);
  g_clear_pointer (&opening->views, g_ptr_array_unref);
  g_clear_pointer (&opening->runs, g_array_unref);
  g_clear_pointer (&opening->marks, g_ptr_array_unref);
  g_clear_pointer (&opening->list, rt_exchange_list_unref);
  g_free (opening);
}

static void
unref_marks (gpointer marks)
{
  g_clear_pointer ((GPtrArray **)&marks, g_ptr_array_unref);
}

static void
open_work (GTask *task, gpointer data, RtShelf *shelf)
{
  Opening *opening = data;
  GError *error = NULL;
  g_autoptr (RtSession) session = rt_session_open (opening->path, &error);
  g_autoptr (GPtrArray) runs = session != NULL ? rt_session_list_runs (session, &error) : NULL;

  opening->views = g_ptr_array_new_with_free_func (g_object_unref);
  opening->runs = g_array_new (FALSE, FALSE, sizeof (gint64));
  opening->marks = g_ptr_array_new_with_free_func (unref_marks);
  for (guint i = 0; runs != NULL && i < runs->len && error == NULL; i++)
    {
      const RtRunInfo *run = runs->pdata[i];
      g_autoptr (RtReader) reader = rt_session_open_run (session, run->id, &error);
      RtView *view;

      if (reader == NULL)
        break;
      view = rt_view_new (reader, run->name);
      rt_view_set_file (view, opening->path, run->source);
      rt_view_set_observed (view, run->source != RT_SOURCE_LESSON);
      g_ptr_array_add (opening->views, view);
      rt_view_set_cut (view, run->n_events > RT_SESSION_WHOLE ? RT_SESSION_PART : G_MAXUINT64,
                       &error);
      rt_view_get_model (view);
      if (run->n_events > RT_SESSION_WHOLE && error == NULL && opening->list == NULL)
        opening->list = rt_exchange_list_new (session, &error);
      g_array_append_val (opening->runs, run->id);
      g_ptr_array_add (opening->marks, rt_session_list_marks (session, run->id, NULL));
    }
  if (error == NULL && opening->views->len == 0)
    rt_set_error (&error, RT_ERROR_MISSING, &(RtPlace){ opening->path, 0, 0 }, "at least one run",
                  "the session is empty");
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* What a view does not hold can be listed, sorted and searched all the same, and is brought when it
 * is asked for. */
static void
give_rows (RtView *view, RtExchangeList *list, gint64 run)
{
  g_autoptr (RtSessionRows) rows = NULL;
  guint64 first, end, all;

  if (!rt_view_get_part (view, &first, &end, &all))
    return;
  rows = rt_session_rows_new (list, run);
  rt_session_rows_give (rows, view);
  rt_session_parts_attach (view, rt_exchange_list_get_session (list), run);
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Opening *opening = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_signal_emit_by_name (object, "failed", error);
      return;
    }
  for (guint i = 0; i < opening->views->len; i++)
    {
      RtView *view = opening->views->pdata[i];
      gint64 run = g_array_index (opening->runs, gint64, i);

      rt_tutor_follow_session_notes (RT_TUTOR (object), view, opening->path, run,
                                     opening->marks->pdata[i]);
      if (opening->list != NULL)
        give_rows (view, opening->list, run);
    }
  g_signal_emit_by_name (object, "opened", opening->views);
}

/** rt_tutor_open_session: @path: a session file */
void
rt_tutor_open_session (RtTutor *self, const char *path)
{
  GTask *task = g_task_new (self, NULL, opened_cb, NULL);
  Opening *opening = g_new0 (Opening, 1);

  opening->path = g_strdup (path);
  g_task_set_task_data (task, opening, opening_free);
  rt_worker_run (self->worker, task, open_work);
}
