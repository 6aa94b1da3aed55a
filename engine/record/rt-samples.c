/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where samples are found: in a folder that the environment names, `samples` in the current folder
 * or beside the program's, or that of the system. The first that is there counts. Its README.md
 * lists them, one a line: "- `NAME`: what to look at". */
#include "rt-samples.h"

#include <string.h>

/** ENVIRONMENT: names a folder with samples. */
#define ENVIRONMENT "ROUNDTRIP_SAMPLES"
#define INDEX "README.md"

static void
sample_free (gpointer data)
{
  RtSample *sample = data;

  g_free (sample->name);
  g_free (sample->path);
  g_free (sample->about);
  g_free (sample);
}

static gboolean
read_index (const char *folder, char **ret_text)
{
  g_autofree char *path = g_build_filename (folder, INDEX, NULL);

  return g_file_get_contents (path, ret_text, NULL, NULL);
}

/* Not installed, the program is in the build folder of the sources. */
static char *
beside_program (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = program != NULL ? g_path_get_dirname (program) : g_strdup (".");

  return g_build_filename (folder, "..", "samples", NULL);
}

/* Returns: (transfer full) (nullable): the folder that counts */
static char *
find_folder (char **ret_text)
{
  const char *named = g_getenv (ENVIRONMENT);
  const char *const *system = g_get_system_data_dirs ();
  g_autofree char *beside = beside_program ();

  if (named != NULL && *named != '\0')
    return read_index (named, ret_text) ? g_strdup (named) : NULL;
  if (read_index ("samples", ret_text))
    return g_strdup ("samples");
  if (read_index (beside, ret_text))
    return g_steal_pointer (&beside);
  for (guint i = 0; system[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (system[i], "roundtrip", "samples", NULL);

      if (read_index (path, ret_text))
        return g_steal_pointer (&path);
    }
  return NULL;
}

static void
add_line (GPtrArray *samples, const char *folder, const char *line)
{
  static const char begin[] = "- `", between[] = "`: ";
  const char *end = g_str_has_prefix (line, begin) ? strstr (line, between) : NULL;
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  RtSample *sample;

  if (end == NULL)
    return;
  name = g_strndup (line + strlen (begin), (gsize)(end - line) - strlen (begin));
  path = g_build_filename (folder, name, NULL);
  if (strchr (name, G_DIR_SEPARATOR) != NULL || !g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return;
  sample = g_new (RtSample, 1);
  *sample = (RtSample){ .name = g_steal_pointer (&name),
                        .path = g_canonicalize_filename (path, NULL),
                        .about = g_strdup (end + strlen (between)) };
  g_ptr_array_add (samples, sample);
}

/**
 * rt_samples_list:
 *
 * Returns: (transfer full) (element-type RtSample): the samples that are there, in the order of
 *   their list; none where they are not installed
 */
GPtrArray *
rt_samples_list (void)
{
  GPtrArray *samples = g_ptr_array_new_with_free_func (sample_free);
  g_autofree char *text = NULL;
  g_autofree char *folder = find_folder (&text);
  g_auto (GStrv) lines = folder != NULL ? g_strsplit (text, "\n", -1) : NULL;

  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    add_line (samples, folder, lines[i]);
  return samples;
}
