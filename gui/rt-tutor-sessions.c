/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the user does with recorded sessions. When it is done, or was tried, the list is read anew.
 */
#include "rt-tutor-private.h"

/* @name: (nullable): the new name; @pin: -1: as it is */
typedef struct
{
  char **paths;
  char *name;
  int pin;
  gboolean remove;
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_strfreev (change->paths);
  g_free (change->name);
  g_free (change);
}

static gboolean
change_one (const Change *change, RtSessionLibrary *library, const char *path, GError **error)
{
  if (change->remove)
    return rt_session_library_delete (library, path, error);
  if (change->name != NULL)
    return rt_session_library_rename (library, path, change->name, error);
  return rt_session_library_pin (library, path, change->pin != 0, error);
}

static void
change_work (GTask *task, gpointer data, RtShelf *shelf)
{
  const Change *change = data;
  GError *error = NULL;
  RtSessionLibrary *library = rt_shelf_get_sessions (shelf, &error);
  gboolean done = library != NULL;

  for (char **path = change->paths; done && *path != NULL; path++)
    done = change_one (change, library, *path, &error);
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
changed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_signal_emit_by_name (object, "noticed", error->message);
  rt_tutor_list_shelf (RT_TUTOR (object));
}

static void
run_change (RtTutor *self, const Change *change)
{
  GTask *task = g_task_new (self, NULL, changed_cb, NULL);

  g_task_set_task_data (task, g_memdup2 (change, sizeof *change), change_free);
  rt_worker_run (self->worker, task, change_work);
}

static char **
one_path (const char *path)
{
  const char *const paths[] = { path, NULL };

  return g_strdupv ((char **)paths);
}

/** rt_tutor_rename_session: @name: what to call it from now on */
void
rt_tutor_rename_session (RtTutor *self, const char *path, const char *name)
{
  run_change (self, &(Change){ .paths = one_path (path), .name = g_strdup (name) });
}

/** rt_tutor_pin_session: @pinned: it is never deleted to make room */
void
rt_tutor_pin_session (RtTutor *self, const char *path, gboolean pinned)
{
  run_change (self, &(Change){ .paths = one_path (path), .pin = pinned });
}

/** rt_tutor_delete_sessions: @paths: (array zero-terminated=1): go for good */
void
rt_tutor_delete_sessions (RtTutor *self, const char *const *paths)
{
  run_change (self, &(Change){ .paths = g_strdupv ((char **)paths), .remove = TRUE });
}
