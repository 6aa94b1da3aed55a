/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The folder with the recorded sessions. What the user calls a session and whether it is pinned
 * stands in its own file, so the folder can be copied, sorted and cleaned by any means. */
#include "rt-session-library.h"

#include "rt-session-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define SUFFIX ".roundtrip"

/** SAME_SECOND_MAX: sessions of one lesson that may begin within one second. */
#define SAME_SECOND_MAX 1000

/* SQLite's, beside a file that is open or was left open. */
static const char *const side_files[] = { "-wal", "-shm", "-journal" };

struct _RtSessionLibrary
{
  char *folder;
};

void
rt_library_entry_free (RtLibraryEntry *entry)
{
  g_free (entry->path);
  g_free (entry->name);
  g_free (entry->lesson);
  g_free (entry->problem);
  g_free (entry);
}

/**
 * rt_session_library_new:
 * @folder: (nullable): %NULL: `$XDG_DATA_HOME/roundtrip/sessions`; made if it is missing
 *
 * Errors: %RT_ERROR_IO.
 *
 * Returns: (transfer full) (nullable): the library
 */
RtSessionLibrary *
rt_session_library_new (const char *folder, GError **error)
{
  g_autofree char *path = folder != NULL ? g_strdup (folder) : rt_store_data_path ("sessions");
  RtSessionLibrary *library;

  if (!rt_store_make_folder (path, error))
    return NULL;
  library = g_new (RtSessionLibrary, 1);
  library->folder = g_steal_pointer (&path);
  return library;
}

void
rt_session_library_free (RtSessionLibrary *library)
{
  g_free (library->folder);
  g_free (library);
}

const char *
rt_session_library_get_folder (RtSessionLibrary *library)
{
  return library->folder;
}

/* A file name of the lesson's id and the moment: sorted by date within a lesson. */
static char *
new_path (RtSessionLibrary *library, const char *lesson, RtTime now, guint attempt)
{
  g_autofree char *stem = g_strdup (lesson != NULL ? lesson : "session");
  RtCivil civil = rt_civil_from_time (now);
  g_autofree char *more = attempt > 0 ? g_strdup_printf ("-%u", attempt + 1) : g_strdup ("");
  g_autofree char *name = NULL;

  g_strcanon (stem, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_", '-');
  name = g_strdup_printf ("%.80s-%04d%02d%02d-%02d%02d%02d%s" SUFFIX, stem, civil.year, civil.month,
                          civil.day, civil.hour, civil.minute, civil.second, more);
  return g_build_filename (library->folder, name, NULL);
}

/**
 * rt_session_library_create:
 * @lesson: (nullable): id of the lesson
 * @name: (nullable): what to call it
 * @now: real time
 *
 * Returns: (transfer full) (nullable): a new session in the folder
 */
RtSession *
rt_session_library_create (
    RtSessionLibrary *library, const char *lesson, const char *name, RtTime now, GError **error)
{
  g_autoptr (RtSession) session = NULL;
  g_autofree char *path = new_path (library, lesson, now, 0);

  for (guint i = 1; i < SAME_SECOND_MAX && g_file_test (path, G_FILE_TEST_EXISTS); i++)
    {
      g_free (path);
      path = new_path (library, lesson, now, i);
    }
  session = rt_session_create (path, error);
  if (session == NULL || !rt_session_set_property (session, "lesson", lesson, error)
      || !rt_session_set_property (session, "name", name, error))
    return NULL;
  return g_steal_pointer (&session);
}

static guint64
file_size (const char *path)
{
  GStatBuf info;

  return g_stat (path, &info) == 0 && info.st_size > 0 ? (guint64)info.st_size : 0;
}

static guint64
whole_size (const char *path)
{
  guint64 size = file_size (path);

  for (guint i = 0; i < G_N_ELEMENTS (side_files); i++)
    {
      g_autofree char *side = g_strconcat (path, side_files[i], NULL);

      size += file_size (side);
    }
  return size;
}

static gboolean
describe (RtLibraryEntry *entry, RtSession *session, GError **error)
{
  GError *problem = NULL;
  g_autofree char *pinned = NULL;

  entry->name = rt_session_dup_property (session, "name", &problem);
  if (problem == NULL)
    entry->lesson = rt_session_dup_property (session, "lesson", &problem);
  if (problem == NULL)
    pinned = rt_session_dup_property (session, "pinned", &problem);
  if (problem == NULL)
    {
      gint64 recorded = 0;

      entry->pinned = g_strcmp0 (pinned, "1") == 0;
      rt_store_number (rt_session_lock (session), "SELECT min(recorded_usec) FROM run", &recorded,
                       &problem);
      rt_session_unlock (session);
      if (recorded != 0)
        entry->recorded = recorded;
    }
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, problem);
  return FALSE;
}

/* A session that cannot be opened is listed all the same: the user may know what to do. */
static RtLibraryEntry *
read_entry (const char *path)
{
  RtLibraryEntry *entry = g_new0 (RtLibraryEntry, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (RtSession) session = rt_session_open (path, &error);
  GStatBuf info;

  entry->path = g_strdup (path);
  entry->size = whole_size (path);
  if (g_stat (path, &info) == 0)
    entry->recorded = (RtTime)info.st_mtime * RT_TIME_SEC;
  if (session == NULL || !describe (entry, session, &error))
    entry->problem = g_strdup (error->message);
  if (entry->name == NULL)
    entry->name = g_path_get_basename (path);
  return entry;
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *
list_paths (RtSessionLibrary *library, GError **error)
{
  const RtPlace place = { library->folder, 0, 0 };
  g_autoptr (GDir) folder = g_dir_open (library->folder, 0, NULL);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (folder == NULL)
    {
      rt_set_error (error, RT_ERROR_IO, &place, "a folder that can be read", "%s",
                    g_strerror (errno));
      return NULL;
    }
  while ((name = g_dir_read_name (folder)) != NULL)
    if (g_str_has_suffix (name, SUFFIX))
      g_ptr_array_add (paths, g_build_filename (library->folder, name, NULL));
  g_ptr_array_sort (paths, compare_strings);
  return g_steal_pointer (&paths);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const RtLibraryEntry *left = *(RtLibraryEntry *const *)a;
  const RtLibraryEntry *right = *(RtLibraryEntry *const *)b;
  int lessons = g_strcmp0 (left->lesson, right->lesson);

  if (lessons != 0)
    return lessons;
  if (left->recorded != right->recorded)
    return left->recorded > right->recorded ? -1 : 1;
  return strcmp (left->path, right->path);
}

/**
 * rt_session_library_list:
 *
 * Opens every file, so call it from a thread of its own.
 *
 * Returns: (transfer full) (element-type RtLibraryEntry) (nullable): the sessions, by lesson, the
 *   latest first
 */
GPtrArray *
rt_session_library_list (RtSessionLibrary *library, GError **error)
{
  g_autoptr (GPtrArray) paths = list_paths (library, error);
  GPtrArray *entries;

  if (paths == NULL)
    return NULL;
  entries = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_library_entry_free);
  for (guint i = 0; i < paths->len; i++)
    g_ptr_array_add (entries, read_entry (paths->pdata[i]));
  g_ptr_array_sort (entries, compare_entries);
  return entries;
}

/* Only files of the folder itself: whoever asks may have the path from elsewhere. */
static gboolean
check_path (RtSessionLibrary *library, const char *path, GError **error)
{
  const RtPlace place = { path, 0, 0 };
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_str_equal (folder, library->folder) && g_str_has_suffix (path, SUFFIX))
    return TRUE;
  rt_set_error (error, RT_ERROR_UNKNOWN, &place, "a session of the library",
                "this file is not in the library");
  return FALSE;
}

static gboolean
set_property (RtSessionLibrary *library,
              const char *path,
              const char *property,
              const char *value,
              GError **error)
{
  g_autoptr (RtSession) session = NULL;

  if (!check_path (library, path, error))
    return FALSE;
  session = rt_session_open (path, error);
  return session != NULL && rt_session_check_writable (session, error)
         && rt_session_set_property (session, property, value, error);
}

/**
 * rt_session_library_rename:
 * @path: of an entry
 * @name: what to call it from now on; the file keeps its name
 */
gboolean
rt_session_library_rename (RtSessionLibrary *library,
                           const char *path,
                           const char *name,
                           GError **error)
{
  return set_property (library, path, "name", name, error);
}

/**
 * rt_session_library_pin:
 * @pinned: it is never among rt_session_library_list_excess()
 */
gboolean
rt_session_library_pin (RtSessionLibrary *library,
                        const char *path,
                        gboolean pinned,
                        GError **error)
{
  return set_property (library, path, "pinned", pinned ? "1" : "0", error);
}

/**
 * rt_session_library_delete:
 * @path: of an entry; its file goes, and those that SQLite keeps beside it
 */
gboolean
rt_session_library_delete (RtSessionLibrary *library, const char *path, GError **error)
{
  const RtPlace place = { path, 0, 0 };

  if (!check_path (library, path, error))
    return FALSE;
  if (g_unlink (path) != 0)
    {
      rt_set_error (error, RT_ERROR_IO, &place, "a session that can be deleted", "%s",
                    g_strerror (errno));
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (side_files); i++)
    {
      g_autofree char *side = g_strconcat (path, side_files[i], NULL);

      if (g_unlink (side) != 0 && errno != ENOENT)
        {
          rt_set_error (error, RT_ERROR_IO, &place, NULL, "%s: %s", side, g_strerror (errno));
          return FALSE;
        }
    }
  return TRUE;
}

static int
compare_age (gconstpointer a, gconstpointer b)
{
  const RtLibraryEntry *left = *(RtLibraryEntry *const *)a;
  const RtLibraryEntry *right = *(RtLibraryEntry *const *)b;

  if (left->recorded != right->recorded)
    return left->recorded < right->recorded ? -1 : 1;
  return strcmp (left->path, right->path);
}

/**
 * rt_session_library_list_excess:
 * @cap: bytes that all sessions may take: %RT_LIBRARY_CAP
 *
 * What would have to go: the user is told of it before rt_session_library_delete() is called. A
 * pinned session never is, nor one that cannot be opened: it may be in use, or of a newer version.
 *
 * Returns: (transfer full) (element-type RtLibraryEntry) (nullable): the oldest ones, the oldest
 *   first; empty where the sessions fit
 */
GPtrArray *
rt_session_library_list_excess (RtSessionLibrary *library, guint64 cap, GError **error)
{
  g_autoptr (GPtrArray) entries = rt_session_library_list (library, error);
  GPtrArray *excess;
  guint64 total = 0;

  if (entries == NULL)
    return NULL;
  excess = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_library_entry_free);
  for (guint i = 0; i < entries->len; i++)
    total += ((RtLibraryEntry *)entries->pdata[i])->size;
  g_ptr_array_sort (entries, compare_age);
  for (guint i = 0; i < entries->len && total > cap;)
    {
      RtLibraryEntry *entry = entries->pdata[i];

      if (entry->pinned || entry->problem != NULL)
        {
          i++;
          continue;
        }
      total -= entry->size;
      g_ptr_array_add (excess, g_ptr_array_steal_index (entries, i));
    }
  return excess;
}
