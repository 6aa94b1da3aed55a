/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lists of lessons and sessions, and which lessons are done. */
#include "rt-tutor-private.h"

#include "rt-lesson-library.h"
#include "rt-user-settings.h"

/* @cap: bytes that sessions may take; @excess: those that have no room */
typedef struct
{
  guint64 cap;
  GPtrArray *lessons, *sessions, *excess;
  GPtrArray *done; /* ids, NULL at the end */
} Listing;

static void
listing_free (gpointer data)
{
  Listing *listing = data;

  g_clear_pointer (&listing->lessons, g_ptr_array_unref);
  g_clear_pointer (&listing->sessions, g_ptr_array_unref);
  g_clear_pointer (&listing->excess, g_ptr_array_unref);
  g_clear_pointer (&listing->done, g_ptr_array_unref);
  g_free (listing);
}

static gboolean
read_done (RtProgress *progress, const RtLesson *lesson, const char *id)
{
  g_autoptr (GPtrArray) made = NULL;

  if (lesson->challenge != NULL)
    return rt_progress_get_passed (progress, id, RT_TUTOR_CHALLENGE, NULL, NULL);
  made = rt_progress_list_predictions (progress, id, NULL);
  return made != NULL && lesson->predictions->len > 0 && made->len >= lesson->predictions->len;
}

/* Every file is opened for this, so only when it is due. */
static void
find_excess (Listing *listing, RtSessionLibrary *library)
{
  guint64 size = 0;

  for (guint i = 0; listing->sessions != NULL && i < listing->sessions->len; i++)
    size += ((RtLibraryEntry *)listing->sessions->pdata[i])->size;
  if (size > listing->cap)
    listing->excess = rt_session_library_list_excess (library, listing->cap, NULL);
}

static void
list_work (GTask *task, gpointer data, RtShelf *shelf)
{
  Listing *listing = data;
  RtProgress *progress = rt_shelf_get_progress (shelf, NULL);
  RtSessionLibrary *library = rt_shelf_get_sessions (shelf, NULL);

  listing->lessons = rt_lesson_library_list (NULL);
  listing->sessions = library != NULL ? rt_session_library_list (library, NULL) : NULL;
  find_excess (listing, library);
  listing->done = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; progress != NULL && i < listing->lessons->len; i++)
    {
      g_autofree char *id = rt_tutor_dup_lesson_id (listing->lessons->pdata[i]);

      if (read_done (progress, listing->lessons->pdata[i], id))
        g_ptr_array_add (listing->done, g_steal_pointer (&id));
    }
  g_ptr_array_add (listing->done, NULL);
  g_task_return_boolean (task, TRUE);
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  RtTutor *self = RT_TUTOR (object);
  Listing *listing = g_task_get_task_data (G_TASK (result));

  g_clear_pointer (&self->lessons, g_ptr_array_unref);
  g_clear_pointer (&self->sessions, g_ptr_array_unref);
  g_strfreev (self->done);
  self->lessons = g_steal_pointer (&listing->lessons);
  self->sessions = g_steal_pointer (&listing->sessions);
  g_clear_pointer (&self->excess, g_ptr_array_unref);
  self->excess = g_steal_pointer (&listing->excess);
  self->done = (char **)g_ptr_array_free (g_steal_pointer (&listing->done), FALSE);
  g_signal_emit_by_name (self, "shelf");
}

/** rt_tutor_list_shelf: reads what there is; `shelf` says when it is done */
void
rt_tutor_list_shelf (RtTutor *self)
{
  GTask *task = g_task_new (self, NULL, listed_cb, NULL);
  Listing *listing = g_new0 (Listing, 1);

  listing->cap = (guint64)g_settings_get_int (rt_user_settings_get (), RT_KEY_CAP) * 1000 * 1000;
  g_task_set_task_data (task, listing, listing_free);
  rt_worker_run (self->worker, task, list_work);
}

/** rt_tutor_get_lessons: Returns: (nullable) (element-type RtLesson) */
GPtrArray *
rt_tutor_get_lessons (RtTutor *self)
{
  return self->lessons;
}

/** rt_tutor_get_sessions: Returns: (nullable) (element-type RtLibraryEntry) */
GPtrArray *
rt_tutor_get_sessions (RtTutor *self)
{
  return self->sessions;
}

/** rt_tutor_get_excess: Returns: (nullable) (element-type RtLibraryEntry): sessions without room */
GPtrArray *
rt_tutor_get_excess (RtTutor *self)
{
  return self->excess != NULL && self->excess->len > 0 ? self->excess : NULL;
}

gboolean
rt_tutor_is_done (RtTutor *self, const RtLesson *lesson)
{
  g_autofree char *id = rt_tutor_dup_lesson_id (lesson);

  return self->done != NULL && g_strv_contains ((const char *const *)self->done, id);
}
