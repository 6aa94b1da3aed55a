/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip try`: take a lesson's challenge from the terminal. */
#include "rt-commands.h"

#include "rt-ground-options.h"
#include "rt-lesson-library.h"
#include "rt-output.h"

#include <stdio.h>

/* The task and what to begin with, as YAML that can be edited and given back. */
static int
print_starter (const RtLesson *lesson)
{
  const RtChallenge *challenge = lesson->challenge;
  g_autofree char *task = rt_inlines_dup_text (challenge->task);

  printf ("# %s\n#\n", challenge->title);
  rt_output_wrapped (task, "# ");
  printf ("\n%s", challenge->starter);
  return RT_EXIT_OK;
}

static int
try_answer (const RtLesson *lesson, const RtGround *ground)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) answer = NULL;
  gboolean passed = rt_ground_read_answer (ground, lesson, &answer, &error)
                    && rt_ground_report_challenge (lesson, answer, &ground->ground, &error);

  if (error != NULL)
    return rt_cli_fail (error);
  return passed ? RT_EXIT_OK : RT_EXIT_FAILED;
}

static int
run (int argc, char **argv)
{
  g_auto (RtGroundOptions) options = { 0 };
  g_auto (RtGround) ground = { 0 };
  const GOptionEntry entries[] = { RT_GROUND_OPTION_DRIVER (options),
                                   RT_GROUND_OPTION_STACK (options),
                                   RT_GROUND_OPTIONS_ORIGIN (options),
                                   { NULL } };
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLesson) lesson = NULL;
  int status;

  if (!rt_cli_parse (&rt_command_try, entries, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return rt_cli_usage (&rt_command_try, "it takes one lesson");
  if (!rt_ground_options_read (&options, &ground, &error))
    return rt_cli_usage (&rt_command_try, "%s", error->message);
  lesson = rt_lesson_open (argv[1], &error);
  if (lesson == NULL)
    return rt_cli_fail (error);
  if (lesson->challenge == NULL)
    {
      fprintf (stderr, "roundtrip: %s has no challenge\n", lesson->file);
      return RT_EXIT_FAILED;
    }
  return options.origins != NULL ? try_answer (lesson, &ground) : print_starter (lesson);
}

const RtCommand rt_command_try = {
  "try",
  "LESSON [--origin FILE|HOST=URL]",
  "Take a lesson's challenge; without --origin, print the settings to begin with",
  run,
};
