/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Grading a challenge: every variation of every probe is played against the learner's settings. */
#include "rt-scenario.h"

static void
probe_result_free (gpointer data)
{
  RtProbeResult *result = data;

  g_free (result->message);
  g_clear_pointer (&result->play, rt_play_unref);
  g_free (result);
}

/**
 * rt_challenge_result_free:
 * @result: a result
 */
void
rt_challenge_result_free (RtChallengeResult *result)
{
  g_ptr_array_unref (result->probes);
  g_free (result);
}

/* The first check that does not hold says why; where all do, the last one proves it. A check that
 * cannot be seen is mentioned, and counts for nothing. What is not there cannot be pointed at: then
 * it is the last exchange to look at. */
static void
judge (RtProbeResult *result)
{
  GPtrArray *checks = rt_play_get_results (result->play);
  gboolean seen = FALSE;

  result->passed = TRUE;
  for (guint i = 0; i < checks->len && result->passed; i++)
    {
      const RtCheckResult *check = checks->pdata[i];

      if (!check->holds && (!check->skipped || result->message == NULL))
        {
          g_free (result->message);
          result->message = g_strdup (check->message);
        }
      if (check->skipped)
        continue;
      seen = TRUE;
      result->passed = check->holds;
      if (check->exchange != 0)
        result->exchange = check->exchange;
      else if (!check->holds)
        result->exchange = rt_analysis_get_exchanges (rt_play_get_analysis (result->play))->len;
    }
  result->skipped = !seen && checks->len > 0;
  if (result->skipped)
    result->passed = FALSE;
}

/* Each probe finds the lesson's documents as the challenge's starter has them. */
static gboolean
prepare_programs (const RtLesson *lesson, const RtPlayground *ground, GError **error)
{
  g_autoptr (GPtrArray) settings = NULL;

  if (!rt_playground_has_program (ground, NULL))
    return TRUE;
  settings = rt_lesson_read_starter (lesson, error);
  if (settings == NULL || !rt_playground_check (ground, lesson, error))
    return FALSE;
  for (guint i = 0; i < ground->stand_ins->len; i++)
    if (!rt_stand_in_prepare (ground->stand_ins->pdata[i], lesson, settings, ground->outside,
                              error))
      return FALSE;
  return TRUE;
}

static RtProbeResult *
play_probe (const RtLesson *lesson,
            const RtScenario *probe,
            guint variation,
            GPtrArray *answer,
            const RtPlayground *ground,
            GError **error)
{
  RtPlayOptions options = { .answer = answer, .variation = variation, .ground = ground };
  char *obstacle = rt_playground_dup_obstacle (ground, lesson, probe);
  RtPlay *play = obstacle == NULL && prepare_programs (lesson, ground, error)
                     ? rt_play_new (lesson, probe, &options, error)
                     : NULL;
  RtProbeResult *result;

  if (play == NULL && obstacle == NULL)
    return NULL;
  result = g_new0 (RtProbeResult, 1);
  result->probe = probe;
  result->variation = variation;
  result->play = play;
  result->skipped = play == NULL;
  result->message = obstacle;
  if (play != NULL)
    judge (result);
  return result;
}

/**
 * rt_challenge_try:
 * @lesson: a lesson with a challenge
 * @answer: (element-type RtPartySettings): from rt_lesson_read_answer()
 *
 * Returns: (nullable) (transfer full): how each probe went; %NULL: a probe could not be played
 */
RtChallengeResult *
rt_challenge_try (const RtLesson *lesson, GPtrArray *answer, GError **error)
{
  return rt_challenge_try_on (lesson, answer, NULL, error);
}

/**
 * rt_challenge_try_on:
 * @lesson: a lesson with a challenge
 * @answer: (nullable) (element-type RtPartySettings): as for rt_challenge_try()
 * @ground: (nullable): what the probes are played on
 *
 * Returns: (nullable) (transfer full): how each probe went; %NULL: a probe could not be played
 */
RtChallengeResult *
rt_challenge_try_on (const RtLesson *lesson,
                     GPtrArray *answer,
                     const RtPlayground *ground,
                     GError **error)
{
  g_autoptr (RtChallengeResult) result = g_new0 (RtChallengeResult, 1);

  g_return_val_if_fail (lesson->challenge != NULL, NULL);
  result->probes = g_ptr_array_new_with_free_func (probe_result_free);
  result->passed = TRUE;
  for (guint i = 0; i < lesson->challenge->probes->len; i++)
    {
      const RtScenario *probe = lesson->challenge->probes->pdata[i];

      for (guint variation = 0; variation < probe->n_variations; variation++)
        {
          RtProbeResult *one = play_probe (lesson, probe, variation, answer, ground, error);

          if (one == NULL)
            return NULL;
          g_ptr_array_add (result->probes, one);
          result->n_skipped += one->skipped;
          result->passed = result->passed && (one->passed || one->skipped);
        }
    }
  /* Who could not look has seen nothing. */
  if (result->n_skipped == result->probes->len)
    result->passed = FALSE;
  return g_steal_pointer (&result);
}
