/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip export`: a lesson as a page for browsers. */
#include "rt-command-export.h"

#include "rt-error.h"
#include "rt-handout.h"
#include "rt-lesson-library.h"

static gboolean
check_path (const char *path, gboolean force, GError **error)
{
  if (!g_str_has_suffix (path, ".html") && !g_str_has_suffix (path, ".htm")
      && !g_str_has_suffix (path, ".xhtml"))
    {
      rt_set_error (error, RT_ERROR_UNSUPPORTED, &(RtPlace){ .file = path },
                    "a name that ends in .html", "a lesson is exported as an HTML page");
      return FALSE;
    }
  if (!force && g_file_test (path, G_FILE_TEST_EXISTS))
    {
      rt_set_error (error, RT_ERROR_IO, &(RtPlace){ .file = path },
                    "a new name, or --force to replace it", "the file is there already");
      return FALSE;
    }
  return TRUE;
}

static int
run_export (int argc, char **argv)
{
  g_autofree char *path = NULL;
  gboolean force = FALSE;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &path, "Where to: .html", "FILE" },
    { "force", 'f', 0, G_OPTION_ARG_NONE, &force, "Replace the file if it is there", NULL },
    { NULL },
  };
  g_autoptr (RtLesson) lesson = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!rt_cli_parse (&rt_command_export, entries, &argc, &argv, &status))
    return status;
  if (argc != 2 || path == NULL)
    return rt_cli_usage (&rt_command_export, "it takes one lesson and -o FILE");
  if (!check_path (path, force, &error))
    return rt_cli_fail (error);
  lesson = rt_lesson_open (argv[1], &error);
  if (lesson == NULL || !rt_handout_write (lesson, path, &error))
    return rt_cli_fail (error);
  return RT_EXIT_OK;
}

const RtCommand rt_command_export = {
  "export",
  "LESSON -o FILE.html [--force]",
  "Write a lesson as one HTML page that needs no program",
  run_export,
};
