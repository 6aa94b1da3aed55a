/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A play as others see it: how it begins, and what can be asked of it. */
#include "rt-play-private.h"

static void
result_of_page_free (RtResult *result)
{
  if (result == NULL)
    return;
  g_free (result->url);
  g_free (result->body);
  g_free (result->error);
  g_clear_pointer (&result->fields, rt_fields_unref);
  g_free (result);
}

static void
taken_free (gpointer data)
{
  RtTaken *taken = data;

  g_clear_pointer (&taken->client_task.request.message, rt_message_unref);
  g_clear_pointer (&taken->client_task.request.content, g_bytes_unref);
  rt_byte_pieces_free ((RtBytePiece *)taken->byte_task.pieces, taken->byte_task.n_pieces);
  g_clear_pointer (&taken->browser_task.fields, rt_fields_unref);
  g_clear_pointer (&taken->browser_task.content, g_bytes_unref);
  g_free ((char *)taken->browser_task.url);
  g_free ((char *)taken->browser_task.page);
  g_free ((char *)taken->browser_task.method);
  result_of_page_free (taken->result);
  g_free (taken);
}

static void
capture_free (gpointer data)
{
  RtCapture *capture = data;

  g_free (capture->name);
  g_free (capture->value);
  g_free (capture);
}

static void
result_free (gpointer data)
{
  RtCheckResult *result = data;

  g_free (result->message);
  g_free (result);
}

static RtPlay *
play_new (const RtLesson *lesson,
          const RtScenario *scenario,
          const RtPlayOptions *options,
          RtPlay *base)
{
  RtPlay *play = g_new0 (RtPlay, 1);

  play->ref_count = 1;
  play->lesson = rt_lesson_ref ((RtLesson *)lesson);
  play->scenario = scenario;
  if (options != NULL)
    {
      play->answer = options->answer != NULL ? g_ptr_array_ref (options->answer) : NULL;
      play->changes = options->changes != NULL ? g_ptr_array_ref (options->changes) : NULL;
      play->variation = options->variation;
      play->ground = options->ground;
    }
  play->base = base != NULL ? rt_play_ref (base) : NULL;
  play->log = base != NULL ? base->log
                           : rt_log_new (RT_LOG_KEEP_ALL, options != NULL ? options->sink : NULL,
                                         options != NULL ? options->data : NULL);
  play->analysis = base != NULL ? base->analysis : rt_analysis_new ();
  play->results = g_ptr_array_new_with_free_func (result_free);
  play->captures = g_ptr_array_new_with_free_func (capture_free);
  play->taken = g_ptr_array_new_with_free_func (taken_free);
  return play;
}

/**
 * rt_play_new:
 * @lesson: reffed
 * @scenario: one of its runs or probes
 * @options: (nullable): how
 *
 * Plays @scenario to its end: fresh parties, a log of its own, the lesson's clock. Checks that do
 * not hold are no errors of this function: see rt_play_get_results(). With changes, the run's own
 * checks are left out: they were written for the run as it stands.
 *
 * Errors: the lesson cannot be set up or brought to its end; with file and line.
 *
 * Returns: (nullable) (transfer full): what happened
 */
RtPlay *
rt_play_new (const RtLesson *lesson,
             const RtScenario *scenario,
             const RtPlayOptions *options,
             GError **error)
{
  g_autoptr (RtPlay) play = NULL;
  gboolean with_checks = options == NULL || options->changes == NULL || options->changes->len == 0;

  g_return_val_if_fail (lesson != NULL && scenario != NULL, NULL);
  g_return_val_if_fail (options == NULL || options->variation < scenario->n_variations, NULL);
  play = play_new (lesson, scenario, options, NULL);
  if (!rt_play_run (play, with_checks, error))
    return NULL;
  play->ground = NULL;
  return g_steal_pointer (&play);
}

/* One that others play, from outside; @base: (nullable): one that it shares log and analysis with.
 */
RtPlay *
rt_play_new_served (const RtLesson *lesson,
                    const RtScenario *scenario,
                    const RtPlayOptions *options,
                    RtPlay *base)
{
  RtPlay *play = play_new (lesson, scenario, options, base);

  play->served = TRUE;
  return play;
}

/**
 * rt_play_new_counterexample:
 * @lesson: reffed
 * @misconception: one of its misconceptions
 *
 * Plays the run that proves it wrong. The results are those of the misconception's own checks.
 *
 * Returns: (nullable) (transfer full): what happened
 */
RtPlay *
rt_play_new_counterexample (const RtLesson *lesson,
                            const RtMisconception *misconception,
                            GError **error)
{
  return rt_play_new_counterexample_on (lesson, misconception, NULL, error);
}

/**
 * rt_play_new_counterexample_on:
 * @lesson: reffed
 * @misconception: one of its misconceptions
 * @ground: (nullable): what it is played on
 *
 * As rt_play_new_counterexample().
 *
 * Errors: %RT_ERROR_UNSUPPORTED: it cannot be played there.
 *
 * Returns: (nullable) (transfer full): what happened
 */
RtPlay *
rt_play_new_counterexample_on (const RtLesson *lesson,
                               const RtMisconception *misconception,
                               const RtPlayground *ground,
                               GError **error)
{
  RtPlayOptions options = { .changes = misconception->changes, .ground = ground };
  g_autoptr (RtPlay) play
      = play_new (lesson, lesson->runs->pdata[misconception->run], &options, NULL);

  if (!rt_play_run (play, FALSE, error))
    return NULL;
  for (guint i = 0; i < misconception->checks->len; i++)
    rt_play_check (play, misconception->checks->pdata[i]);
  play->ground = NULL;
  return g_steal_pointer (&play);
}

/**
 * rt_play_ref:
 * @play: a play
 *
 * Returns: (transfer full): @play
 */
RtPlay *
rt_play_ref (RtPlay *play)
{
  g_atomic_int_inc (&play->ref_count);
  return play;
}

/**
 * rt_play_unref:
 * @play: a play
 */
void
rt_play_unref (RtPlay *play)
{
  if (!g_atomic_int_dec_and_test (&play->ref_count))
    return;
  if (play->base == NULL)
    {
      rt_analysis_free (play->analysis);
      rt_log_free (play->log);
    }
  g_clear_pointer (&play->base, rt_play_unref);
  g_ptr_array_unref (play->results);
  g_ptr_array_unref (play->captures);
  g_ptr_array_unref (play->taken);
  g_clear_pointer (&play->answer, g_ptr_array_unref);
  g_clear_pointer (&play->changes, g_ptr_array_unref);
  rt_lesson_unref (play->lesson);
  g_free (play);
}

/**
 * rt_play_get_lesson:
 * @play: a play
 *
 * Returns: the lesson that is played
 */
const RtLesson *
rt_play_get_lesson (RtPlay *play)
{
  return play->lesson;
}

/**
 * rt_play_get_scenario:
 * @play: a play
 *
 * Returns: the run or probe that is played
 */
const RtScenario *
rt_play_get_scenario (RtPlay *play)
{
  return play->scenario;
}

/**
 * rt_play_get_reader:
 * @play: a play
 *
 * Returns: its whole log
 */
RtReader *
rt_play_get_reader (RtPlay *play)
{
  return rt_log_get_reader (play->log);
}

/**
 * rt_play_get_analysis:
 * @play: a play
 *
 * Returns: what the whole log tells. Who must not see past a cut feeds an analysis of its own.
 */
RtAnalysis *
rt_play_get_analysis (RtPlay *play)
{
  return play->analysis;
}

/**
 * rt_play_get_results:
 * @play: a play
 *
 * Returns: (element-type RtCheckResult): its checks in their order, and captures and steps that
 *   went wrong
 */
GPtrArray *
rt_play_get_results (RtPlay *play)
{
  return play->results;
}

/**
 * rt_play_get_passed:
 * @play: a play
 *
 * Returns: whether every check holds that can be looked at
 */
gboolean
rt_play_get_passed (RtPlay *play)
{
  for (guint i = 0; i < play->results->len; i++)
    {
      const RtCheckResult *result = play->results->pdata[i];

      if (!result->holds && !result->skipped)
        return FALSE;
    }
  return TRUE;
}

static const RtTaken *
find_taken (RtPlay *play, guint step)
{
  for (guint i = 0; i < play->taken->len; i++)
    {
      const RtTaken *taken = play->taken->pdata[i];

      if (taken->step->number == step)
        return taken;
    }
  return NULL;
}

/**
 * rt_play_get_cut:
 * @play: a run of the lesson
 * @prediction: a prediction that is not answered yet
 *
 * Returns: the number of the first event that must not be seen; events before it tell nothing of
 *   the answer
 */
guint64
rt_play_get_cut (RtPlay *play, const RtPrediction *prediction)
{
  if (play->scenario->probe != RT_PROBE_NONE || prediction->run > play->scenario->index)
    return rt_log_get_length (play->log);
  /* A later run would tell what an earlier one is about to show. */
  return rt_play_get_step_start (play,
                                 prediction->run == play->scenario->index ? prediction->step : 1);
}

/**
 * rt_play_get_step_start:
 * @play: a play
 * @step: number of a step of its scenario
 *
 * Returns: the number of the event with which it begins; the log's length: it was not taken
 */
guint64
rt_play_get_step_start (RtPlay *play, guint step)
{
  const RtTaken *taken = find_taken (play, step);

  return taken != NULL ? taken->start : rt_log_get_length (play->log);
}

/**
 * rt_play_get_step_end:
 * @play: a play
 * @step: number of a step of its scenario
 *
 * Returns: the number of the event with which it ends; the log's length: it was not taken
 */
guint64
rt_play_get_step_end (RtPlay *play, guint step)
{
  const RtTaken *taken = find_taken (play, step);

  return taken != NULL ? taken->end : rt_log_get_length (play->log);
}

/**
 * rt_play_get_step_exchange:
 * @play: a play
 * @step: number of a step of its scenario
 *
 * Returns: the id of the exchange that it started; 0: none
 */
guint
rt_play_get_step_exchange (RtPlay *play, guint step)
{
  const RtTaken *taken = find_taken (play, step);

  return taken != NULL ? taken->exchange : 0;
}

/**
 * rt_play_find:
 * @play: a play
 * @target: what an author's note hangs on
 * @ret_found: (out): where it is
 *
 * Returns: whether it is there
 */
gboolean
rt_play_find (RtPlay *play, const RtExpression *target, RtFound *ret_found, GError **error)
{
  RtExpressionScope scope = rt_play_get_scope (play);

  return rt_expression_find (target, &scope, ret_found, error);
}
