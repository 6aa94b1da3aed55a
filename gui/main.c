/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The program: a command, or the window. */
#include "rt-cli.h"
#include "rt-command-export.h"
#include "rt-command-picture.h"
#include "rt-lesson-library.h"

#ifdef RT_WITH_WINDOW
#include "rt-application.h"
#include "rt-inspect-url.h"
#include "rt-url-inspection.h"
#endif

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* Beside those of the command line library. */
static const RtCommand *const commands[] = { &rt_command_export, &rt_command_picture };
#define N_COMMANDS G_N_ELEMENTS (commands)

#ifdef __SANITIZE_ADDRESS__
const char *__lsan_default_suppressions (void);
const char *__lsan_default_options (void);

/* fontconfig keeps what it has read for as long as the program runs. */
const char *
__lsan_default_suppressions (void)
{
  return "leak:libfontconfig\n";
}

const char *
__lsan_default_options (void)
{
  return "print_suppressions=0";
}
#endif

/* Without a window a lesson or a session can still be read. @file: (nullable): the first lesson */
static int
play_as_text (const char *file, const char *why)
{
  g_autoptr (GPtrArray) broken = NULL;
  g_autoptr (GPtrArray) lessons = rt_lesson_library_list (&broken);
  const RtLesson *first = lessons->len > 0 ? lessons->pdata[0] : NULL;
  const char *standard = first != NULL ? first->name : "lost-update";
  gboolean is_lesson = file == NULL || g_str_has_suffix (file, ".md");
  char *arguments[] = { "roundtrip", is_lesson ? "run" : "inspect",
                        (char *)(file != NULL ? file : standard), NULL };

  fprintf (stderr,
           "roundtrip: no window: %s. Here is the %s as text; `roundtrip --help` lists "
           "the commands.\n\n",
           why, is_lesson ? "lesson" : "session");
  return rt_cli_main (G_N_ELEMENTS (arguments) - 1, arguments, commands, N_COMMANDS);
}

/* What is neither a command nor an option is a file for the window. */
static gboolean
wants_window (int argc, char **argv)
{
  return argc < 2
         || (argv[1][0] != '-' && !rt_cli_is_command (argv[1], commands, N_COMMANDS)
             && g_file_test (argv[1], G_FILE_TEST_IS_REGULAR));
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  /* A file that may not grow is an error like a full disk, not the end of the program. */
  signal (SIGXFSZ, SIG_IGN);
  if (!wants_window (argc, argv))
    return rt_cli_main (argc, argv, commands, N_COMMANDS);
#ifdef RT_WITH_WINDOW
  rt_url_inspector_set (rt_inspect_url_to_file);
  if (gtk_init_check ())
    {
      g_autoptr (GApplication) application = rt_application_new ();

      return g_application_run (application, argc, argv);
    }
  return play_as_text (argv[1],
                       "there is no display (neither WAYLAND_DISPLAY nor DISPLAY leads to one)");
#else
  return play_as_text (argv[1], "this program was built without it");
#endif
}
