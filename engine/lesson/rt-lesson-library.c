/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where lessons are found: a folder that the environment names, `lessons` in the current folder,
 * those of the system, and the ones that are built into the program. What is found first under a
 * name counts. */
#include "rt-lesson-library.h"

#include "rt-lesson-private.h"
#include "rt-lesson-resources.h"

#include <string.h>

#define RESOURCE_PREFIX "/org/roundtrip/lessons/"
/** ENVIRONMENT: names a folder with lessons. */
#define ENVIRONMENT "ROUNDTRIP_LESSONS"

/* A lesson that was found. */
typedef struct
{
  char *name;
  guint number;
  char *path; /* of a file, or of a resource */
  gboolean built_in;
} Entry;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->name);
  g_free (entry->path);
  g_free (entry);
}

static void
add_entry (GPtrArray *entries, const char *base, char *path, gboolean built_in)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->path = path;
  entry->built_in = built_in;
  if (!rt_lesson_split_name (base, &entry->number, &entry->name))
    {
      entry_free (entry);
      return;
    }
  for (guint i = 0; i < entries->len; i++)
    if (g_str_equal (((Entry *)entries->pdata[i])->name, entry->name))
      {
        entry_free (entry);
        return;
      }
  g_ptr_array_add (entries, entry);
}

static void
add_folder (GPtrArray *entries, const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *base;

  while (dir != NULL && (base = g_dir_read_name (dir)) != NULL)
    add_entry (entries, base, g_build_filename (folder, base, NULL), FALSE);
}

static void
add_built_in (GPtrArray *entries)
{
  g_auto (GStrv) names
      = g_resource_enumerate_children (rt_lesson_get_resource (), RESOURCE_PREFIX, 0, NULL);

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    add_entry (entries, names[i], g_strconcat (RESOURCE_PREFIX, names[i], NULL), TRUE);
}

static gint
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *first = *(const Entry *const *)a;
  const Entry *second = *(const Entry *const *)b;

  if (first->number != second->number)
    return first->number < second->number ? -1 : 1;
  return strcmp (first->name, second->name);
}

static GPtrArray *
find_all (void)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (entry_free);
  const char *folder = g_getenv (ENVIRONMENT);
  const char *const *system = g_get_system_data_dirs ();

  if (folder != NULL && *folder != '\0')
    add_folder (entries, folder);
  add_folder (entries, "lessons");
  for (guint i = 0; system[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (system[i], "roundtrip", "lessons", NULL);

      add_folder (entries, path);
    }
  add_built_in (entries);
  g_ptr_array_sort (entries, compare_entries);
  return entries;
}

static RtLesson *
load (const Entry *entry, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *file = NULL;
  gsize length;
  const char *text;

  if (!entry->built_in)
    return rt_lesson_load (entry->path, error);
  bytes = g_resource_lookup_data (rt_lesson_get_resource (), entry->path, 0, error);
  if (bytes == NULL)
    return NULL;
  /* In the sources it stands under this path: so that a message leads there. */
  file = g_strconcat ("lessons/", entry->path + strlen (RESOURCE_PREFIX), NULL);
  text = g_bytes_get_data (bytes, &length);
  return rt_lesson_new_from_text (file, text, length, error);
}

/**
 * rt_lesson_open:
 * @path_or_name: a path, or the name or number of a lesson: `lost-update`, `11`
 *
 * Errors: %RT_ERROR_UNKNOWN: there is none; %RT_ERROR_IO; those of rt_lesson_new_from_text().
 *
 * Returns: (nullable) (transfer full): the lesson
 */
RtLesson *
rt_lesson_open (const char *path_or_name, GError **error)
{
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  guint64 number;
  gboolean is_number = rt_text_to_uint64 (rt_text (path_or_name), &number);

  if (strchr (path_or_name, '/') != NULL || g_str_has_suffix (path_or_name, ".md"))
    return rt_lesson_load (path_or_name, error);
  entries = find_all ();
  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = entries->pdata[i];

      if (g_str_equal (entry->name, path_or_name) || (is_number && entry->number == number))
        return load (entry, error);
      g_ptr_array_add (names, entry->name);
    }
  rt_set_unknown (error, NULL, "lesson", path_or_name, (const char *const *)names->pdata,
                  names->len);
  return NULL;
}

/**
 * rt_lesson_library_list:
 * @ret_broken: (out) (optional) (element-type utf8): a message for each lesson that cannot be read
 *
 * Returns: (transfer full) (element-type RtLesson): all lessons that are found, by number
 */
GPtrArray *
rt_lesson_library_list (GPtrArray **ret_broken)
{
  g_autoptr (GPtrArray) entries = find_all ();
  GPtrArray *lessons = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_lesson_unref);
  g_autoptr (GPtrArray) broken = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < entries->len; i++)
    {
      g_autoptr (GError) error = NULL;
      RtLesson *lesson = load (entries->pdata[i], &error);

      if (lesson != NULL)
        g_ptr_array_add (lessons, lesson);
      else
        g_ptr_array_add (broken, g_strdup (error->message));
    }
  if (ret_broken != NULL)
    *ret_broken = g_steal_pointer (&broken);
  return lessons;
}
