/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip check`: does each lesson do what it says? */
#include "rt-commands.h"

#include "rt-error.h"
#include "rt-ground-options.h"
#include "rt-lesson-library.h"
#include "rt-scenario.h"

#include <stdio.h>

/* Says how a check went, on one line. What cannot be looked at has not failed, and is said. */
static gboolean
report (const RtLesson *lesson, const RtCheckResult *result)
{
  if (result->holds)
    printf ("ok      %s:%u: %s\n", lesson->file, result->step->line, result->step->title);
  else
    printf ("%s  %s\n", result->skipped ? "--    " : "FAILED", result->message);
  return result->holds || result->skipped;
}

static gboolean
report_play (const RtLesson *lesson, RtPlay *play)
{
  GPtrArray *results = rt_play_get_results (play);
  gboolean ok = TRUE;

  for (guint i = 0; i < results->len; i++)
    ok = report (lesson, results->pdata[i]) && ok;
  return ok;
}

/* Says why a run cannot be played there, if so. */
static gboolean
is_not_here (const RtLesson *lesson,
             const RtScenario *run,
             const char *what,
             guint line,
             const RtPlayground *ground)
{
  g_autofree char *obstacle = rt_playground_dup_obstacle (ground, lesson, run);

  if (obstacle == NULL)
    return FALSE;
  printf ("--      %s:%u: %s: not on this driver: %s\n", lesson->file, line, what, obstacle);
  return TRUE;
}

static gboolean
check_runs (const RtLesson *lesson, const RtPlayground *ground, GError **error)
{
  RtPlayOptions options = { .ground = ground };
  gboolean ok = TRUE;

  for (guint i = 0; i < lesson->runs->len; i++)
    {
      const RtScenario *run = lesson->runs->pdata[i];
      g_autoptr (RtPlay) play = NULL;

      if (is_not_here (lesson, run, run->name, run->line, ground))
        continue;
      play = rt_play_new (lesson, run, &options, error);
      if (play == NULL)
        return FALSE;
      ok = report_play (lesson, play) && ok;
    }
  return ok;
}

/* Each counter-example shows what it claims. */
static gboolean
check_misconceptions (const RtLesson *lesson, const RtPlayground *ground, GError **error)
{
  gboolean ok = TRUE;

  for (guint i = 0; i < lesson->misconceptions->len; i++)
    {
      const RtMisconception *misconception = lesson->misconceptions->pdata[i];
      g_autoptr (RtPlay) play = NULL;

      if (is_not_here (lesson, lesson->runs->pdata[misconception->run], misconception->id,
                       misconception->line, ground))
        continue;
      play = rt_play_new_counterexample_on (lesson, misconception, ground, error);
      if (play == NULL)
        return FALSE;
      ok = report_play (lesson, play) && ok;
    }
  return ok;
}

/* A challenge whose starter passes is none. */
static gboolean
check_starter (const RtLesson *lesson, const RtPlayground *ground, GError **error)
{
  const RtChallenge *challenge = lesson->challenge;
  RtPlace place = { lesson->file, challenge->starter_line, 0 };
  g_autoptr (GPtrArray) answer = rt_lesson_read_starter (lesson, error);
  g_autoptr (RtChallengeResult) result
      = answer != NULL ? rt_challenge_try_on (lesson, answer, ground, error) : NULL;
  g_autofree char *where = rt_place_format (&place);
  gboolean good = TRUE, symptom = FALSE;

  if (result == NULL)
    return FALSE;
  for (guint i = 0; i < result->probes->len; i++)
    {
      const RtProbeResult *one = result->probes->pdata[i];

      if (one->skipped)
        printf ("--      %s: not on this driver: %s\n", one->probe->name, one->message);
      else if (one->probe->probe == RT_PROBE_SYMPTOM)
        symptom = symptom || !one->passed;
      else
        good = good && one->passed;
      if (one->probe->probe == RT_PROBE_GOOD && !one->passed && !one->skipped)
        printf ("FAILED  %s\n", one->message);
    }
  if (!symptom)
    printf ("FAILED  %s: the challenge's starter does not show the symptom\n", where);
  else if (good)
    printf ("ok      %s: the challenge's starter shows the symptom and nothing else\n", where);
  return good && symptom;
}

/* With settings or a server of the learner's own: the runs show the fault, the probes ask whether
 * it is gone. */
static gboolean
check_answer (const RtLesson *lesson, const RtGround *ground, GError **error)
{
  g_autoptr (GPtrArray) answer = NULL;

  if (lesson->challenge == NULL)
    {
      rt_set_error (error, RT_ERROR_MISSING, NULL, NULL, "%s has no challenge", lesson->file);
      return FALSE;
    }
  return rt_ground_read_answer (ground, lesson, &answer, error)
         && rt_ground_report_challenge (lesson, answer, &ground->ground, error);
}

static gboolean
check_itself (const RtLesson *lesson, const RtPlayground *ground, GError **error)
{
  gboolean ok = check_runs (lesson, ground, error);

  if (*error == NULL)
    ok = check_misconceptions (lesson, ground, error) && ok;
  if (*error == NULL && lesson->challenge != NULL)
    ok = check_starter (lesson, ground, error) && ok;
  return ok && *error == NULL;
}

static gboolean
check_lesson (const RtLesson *lesson, const RtGround *ground)
{
  g_autoptr (GError) error = NULL;
  gboolean own = ground->answer_path != NULL || rt_playground_has_program (&ground->ground, NULL);
  gboolean ok = own ? check_answer (lesson, ground, &error)
                    : check_itself (lesson, &ground->ground, &error);

  if (error != NULL)
    rt_cli_fail (error);
  return ok;
}

static gboolean
check_named (const char *name, const RtGround *ground)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLesson) lesson = rt_lesson_open (name, &error);

  if (lesson == NULL)
    rt_cli_fail (error);
  return lesson != NULL && check_lesson (lesson, ground);
}

static gboolean
check_all (const RtGround *ground)
{
  g_autoptr (GPtrArray) broken = NULL;
  g_autoptr (GPtrArray) lessons = rt_lesson_library_list (&broken);
  gboolean ok = broken->len == 0;

  for (guint i = 0; i < lessons->len; i++)
    ok = check_lesson (lessons->pdata[i], ground) && ok;
  for (guint i = 0; i < broken->len; i++)
    printf ("FAILED  %s\n", (const char *)broken->pdata[i]);
  return ok;
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
  gboolean ok = TRUE;
  int status;

  if (!rt_cli_parse (&rt_command_check, entries, &argc, &argv, &status))
    return status;
  if (!rt_ground_options_read (&options, &ground, &error))
    return rt_cli_usage (&rt_command_check, "%s", error->message);
  if (argc == 1 && options.origins != NULL)
    return rt_cli_usage (&rt_command_check, "--origin is about one lesson");
  for (int i = 1; i < argc; i++)
    ok = check_named (argv[i], &ground) && ok;
  if (argc == 1)
    ok = check_all (&ground);
  return ok ? RT_EXIT_OK : RT_EXIT_FAILED;
}

const RtCommand rt_command_check
    = { "check", "[LESSON…] [--driver sim|live] [--origin FILE|HOST=URL]",
        "Play lessons and say of each check whether it holds", run };
