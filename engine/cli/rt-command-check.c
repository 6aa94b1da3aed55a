/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip check`: does each lesson do what it says? */
#include "rt-commands.h"

#include "rt-lesson-library.h"
#include "rt-scenario.h"

#include <stdio.h>

/* Says how a check went, on one line. */
static gboolean
report (const RtLesson *lesson, const RtCheckResult *result)
{
  if (result->holds)
    printf ("ok      %s:%u: %s\n", lesson->file, result->step->line, result->step->title);
  else
    printf ("FAILED  %s\n", result->message);
  return result->holds;
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

static gboolean
check_runs (const RtLesson *lesson, GError **error)
{
  gboolean ok = TRUE;

  for (guint i = 0; i < lesson->runs->len; i++)
    {
      g_autoptr (RtPlay) play = rt_play_new (lesson, lesson->runs->pdata[i], NULL, error);

      if (play == NULL)
        return FALSE;
      ok = report_play (lesson, play) && ok;
    }
  return ok;
}

/* Each counter-example shows what it claims. */
static gboolean
check_misconceptions (const RtLesson *lesson, GError **error)
{
  gboolean ok = TRUE;

  for (guint i = 0; i < lesson->misconceptions->len; i++)
    {
      g_autoptr (RtPlay) play
          = rt_play_new_counterexample (lesson, lesson->misconceptions->pdata[i], error);

      if (play == NULL)
        return FALSE;
      ok = report_play (lesson, play) && ok;
    }
  return ok;
}

/* A challenge whose starter passes is none. */
static gboolean
check_starter (const RtLesson *lesson, GError **error)
{
  const RtChallenge *challenge = lesson->challenge;
  RtPlace place = { lesson->file, challenge->starter_line, 0 };
  g_autoptr (GPtrArray) answer = rt_lesson_read_starter (lesson, error);
  g_autoptr (RtChallengeResult) result
      = answer != NULL ? rt_challenge_try (lesson, answer, error) : NULL;
  g_autofree char *where = rt_place_format (&place);
  gboolean good = TRUE, symptom = FALSE;

  if (result == NULL)
    return FALSE;
  for (guint i = 0; i < result->probes->len; i++)
    {
      const RtProbeResult *one = result->probes->pdata[i];

      if (one->probe->probe == RT_PROBE_SYMPTOM)
        symptom = symptom || !one->passed;
      else
        good = good && one->passed;
      if (one->probe->probe == RT_PROBE_GOOD && !one->passed)
        printf ("FAILED  %s\n", one->message);
    }
  if (!symptom)
    printf ("FAILED  %s: the challenge's starter does not show the symptom\n", where);
  else if (good)
    printf ("ok      %s: the challenge's starter shows the symptom and nothing else\n", where);
  return good && symptom;
}

static gboolean
check_lesson (const RtLesson *lesson)
{
  g_autoptr (GError) error = NULL;
  gboolean ok = check_runs (lesson, &error);

  if (error == NULL)
    ok = check_misconceptions (lesson, &error) && ok;
  if (error == NULL && lesson->challenge != NULL)
    ok = check_starter (lesson, &error) && ok;
  if (error != NULL)
    rt_cli_fail (error);
  return ok && error == NULL;
}

static gboolean
check_named (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLesson) lesson = rt_lesson_open (name, &error);

  if (lesson == NULL)
    rt_cli_fail (error);
  return lesson != NULL && check_lesson (lesson);
}

static gboolean
check_all (void)
{
  g_autoptr (GPtrArray) broken = NULL;
  g_autoptr (GPtrArray) lessons = rt_lesson_library_list (&broken);
  gboolean ok = broken->len == 0;

  for (guint i = 0; i < lessons->len; i++)
    ok = check_lesson (lessons->pdata[i]) && ok;
  for (guint i = 0; i < broken->len; i++)
    printf ("FAILED  %s\n", (const char *)broken->pdata[i]);
  return ok;
}

static int
run (int argc, char **argv)
{
  gboolean ok = TRUE;
  int status;

  if (!rt_cli_parse (&rt_command_check, NULL, &argc, &argv, &status))
    return status;
  for (int i = 1; i < argc; i++)
    ok = check_named (argv[i]) && ok;
  if (argc == 1)
    ok = check_all ();
  return ok ? RT_EXIT_OK : RT_EXIT_FAILED;
}

const RtCommand rt_command_check
    = { "check", "[LESSON…]", "Play lessons and say of each check whether it holds", run };
