/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip try`: take a lesson's challenge from the terminal. */
#include "rt-commands.h"

#include "rt-lesson-library.h"
#include "rt-output.h"
#include "rt-scenario.h"

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

static void
report (const RtProbeResult *result)
{
  printf ("%s  %s", result->passed ? "passed" : "FAILED", result->probe->name);
  if (result->probe->n_variations > 1)
    printf (" (%u of %u)", result->variation + 1, result->probe->n_variations);
  if (result->exchange != 0)
    printf (", exchange %u", result->exchange);
  printf ("\n");
  if (result->message != NULL)
    printf ("        %s\n", result->message);
}

static int
try_answer (const RtLesson *lesson, const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) answer = NULL;
  g_autoptr (RtChallengeResult) result = NULL;
  gsize length;

  if (!rt_lesson_read_file (path, &text, &length, &error))
    return rt_cli_fail (error);
  answer = rt_lesson_read_answer (lesson, path, text, length, &error);
  if (answer != NULL)
    result = rt_challenge_try (lesson, answer, &error);
  if (result == NULL)
    return rt_cli_fail (error);
  for (guint i = 0; i < result->probes->len; i++)
    report (result->probes->pdata[i]);
  puts (result->passed ? "The symptom is gone and the good path still works."
                       : "Not yet: see the probes that failed.");
  return result->passed ? RT_EXIT_OK : RT_EXIT_FAILED;
}

static int
run (int argc, char **argv)
{
  g_autofree char *path = NULL;
  const GOptionEntry options[]
      = { { "origin", 0, 0, G_OPTION_ARG_FILENAME, &path, "Your settings, YAML", "FILE" },
          { NULL } };
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLesson) lesson = NULL;
  int status;

  if (!rt_cli_parse (&rt_command_try, options, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return rt_cli_usage (&rt_command_try, "it takes one lesson");
  lesson = rt_lesson_open (argv[1], &error);
  if (lesson == NULL)
    return rt_cli_fail (error);
  if (lesson->challenge == NULL)
    {
      fprintf (stderr, "roundtrip: %s has no challenge\n", lesson->file);
      return RT_EXIT_FAILED;
    }
  return path != NULL ? try_answer (lesson, path) : print_starter (lesson);
}

const RtCommand rt_command_try = {
  "try",
  "LESSON [--origin FILE]",
  "Take a lesson's challenge; without a FILE, print the settings to begin with",
  run,
};
