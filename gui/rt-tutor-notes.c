/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keeps what the user marks and notes: of a lesson's run with the progress, because each run is
 * recorded anew; of a session in its file. In front of a class nothing is kept. */
#include "rt-tutor-private.h"

#include "rt-notebook.h"

/* @lesson, @run_name: of a lesson's run; @path, @run: of a session's. */
typedef struct
{
  char *lesson, *run_name;
  char *path;
  gint64 run;
} Place;

typedef struct
{
  const Place *place; /* of the view, which lives until this is done */
  RtMark *mark;
} Put;

static void
place_free (gpointer data)
{
  Place *place = data;

  g_free (place->lesson);
  g_free (place->run_name);
  g_free (place->path);
  g_free (place);
}

static void
put_free (gpointer data)
{
  Put *put = data;

  rt_mark_free (put->mark);
  g_free (put);
}

static gboolean
put_in_session (const Place *place, const RtMark *mark, GError **error)
{
  g_autoptr (RtSession) session = rt_session_open (place->path, error);

  return session != NULL && rt_session_put_mark (session, place->run, mark, error);
}

static void
put_work (GTask *task, gpointer data, RtShelf *shelf)
{
  const Put *put = data;
  const Place *place = put->place;
  GError *error = NULL;
  gboolean kept;

  if (place->path != NULL)
    kept = put_in_session (place, put->mark, &error);
  else
    {
      RtProgress *progress = rt_shelf_get_progress (shelf, &error);

      kept = progress != NULL
             && rt_progress_put_mark (progress, place->lesson, place->run_name, put->mark, &error);
    }
  if (kept)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
put_cb (GObject *object, GAsyncResult *result, gpointer notebook)
{
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_signal_emit_by_name (object, "noticed", error->message);
  g_object_unref (notebook);
}

#define PLACE "rt-place"

static void
keep_cb (RtTutor *self, const RtMark *mark, RtNotebook *notebook)
{
  Put *put;
  GTask *task;

  if (self->presenting)
    return;
  put = g_new (Put, 1);
  *put = (Put){ g_object_get_data (G_OBJECT (notebook), PLACE),
                rt_mark_new (mark->event, mark->span, mark->text) };
  /* The notebook is kept until it is done, and with it the place. */
  task = g_task_new (self, NULL, put_cb, g_object_ref (notebook));
  g_task_set_task_data (task, put, put_free);
  rt_worker_run (self->worker, task, put_work);
}

static void
follow (RtTutor *self, RtView *view, Place *place, GPtrArray *marks)
{
  RtNotebook *notebook = rt_notebook_of (view);

  g_object_set_data_full (G_OBJECT (notebook), PLACE, place, place_free);
  if (marks != NULL)
    rt_notebook_take_marks (notebook, g_ptr_array_ref (marks));
  g_signal_connect_object (notebook, "put", G_CALLBACK (keep_cb), self, G_CONNECT_SWAPPED);
}

/* @marks: (nullable): as they were kept. */
void
rt_tutor_follow_lesson_notes (RtTutor *self, RtView *view, GPtrArray *marks)
{
  Place *place = g_new0 (Place, 1);

  place->lesson = g_strdup (self->id);
  place->run_name = g_strdup (rt_view_get_title (view));
  follow (self, view, place, self->presenting ? NULL : marks);
}

void
rt_tutor_follow_session_notes (
    RtTutor *self, RtView *view, const char *path, gint64 run, GPtrArray *marks)
{
  Place *place = g_new0 (Place, 1);

  place->path = g_strdup (path);
  place->run = run;
  follow (self, view, place, marks);
}
