/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Playing a lesson: its parties are built, its steps are taken on the simulated network or on real
 * sockets, its checks are evaluated. A play is run to its end at once; whoever shows it reads its
 * log up to a cut. */
#pragma once

#include "rt-lesson.h"
#include "rt-log.h"
#include "rt-playground.h"

G_BEGIN_DECLS

/**
 * RtPlayOptions:
 * @answer: (nullable) (element-type RtPartySettings): a learner's settings, over all others
 * @changes: (nullable) (element-type RtChange): what makes this a branch of the run
 * @variation: of a probe, from 0
 * @ground: (nullable): what it is played on; %NULL: the simulated network. Borrowed for the call
 * @sink, @data: (nullable): given every page when it is sealed: a recorder
 */
typedef struct
{
  GPtrArray *answer, *changes;
  guint variation;
  const RtPlayground *ground;
  RtLogSink sink;
  gpointer data;
} RtPlayOptions;

/**
 * RtCheckResult:
 * @step: the check
 * @skipped: it does not hold, and it does not fail either: what it looks at cannot be seen on this
 *   playground; the message says why
 * @message: (nullable): why it failed: `FILE:LINE: check failed: last response status == 412; it
 *   was 204`
 * @exchange: id of the exchange that proves it, 0: none in particular
 * @span: the bytes that prove it
 */
typedef struct
{
  const RtStep *step;
  gboolean holds, skipped;
  char *message;
  guint exchange;
  RtSpan span;
} RtCheckResult;

typedef struct _RtPlay RtPlay;

RtPlay *rt_play_new (const RtLesson *lesson,
                     const RtScenario *scenario,
                     const RtPlayOptions *options,
                     GError **error);
RtPlay *rt_play_new_counterexample (const RtLesson *lesson,
                                    const RtMisconception *misconception,
                                    GError **error);
RtPlay *rt_play_new_counterexample_on (const RtLesson *lesson,
                                       const RtMisconception *misconception,
                                       const RtPlayground *ground,
                                       GError **error);
RtPlay *rt_play_ref (RtPlay *play);
void rt_play_unref (RtPlay *play);

const RtLesson *rt_play_get_lesson (RtPlay *play);
const RtScenario *rt_play_get_scenario (RtPlay *play);
RtReader *rt_play_get_reader (RtPlay *play);
RtAnalysis *rt_play_get_analysis (RtPlay *play);
GPtrArray *rt_play_get_results (RtPlay *play); /* RtCheckResult, in the order of the checks */
gboolean rt_play_get_passed (RtPlay *play);

guint64 rt_play_get_cut (RtPlay *play, const RtPrediction *prediction);
guint64 rt_play_get_step_start (RtPlay *play, guint step);
guint64 rt_play_get_step_end (RtPlay *play, guint step);
guint rt_play_get_step_exchange (RtPlay *play, guint step);
gboolean
rt_play_find (RtPlay *play, const RtExpression *target, RtFound *ret_found, GError **error);

/**
 * RtProbeResult:
 * @probe: which
 * @variation: of it, from 0
 * @skipped: it cannot be played there, or not one of its checks can be seen; it has not passed
 * @message: (nullable): why it failed or was skipped
 * @exchange: id of the exchange in @play that proves it, 0: none in particular
 * @play: (nullable): what happened; %NULL: it was not played
 */
typedef struct
{
  const RtScenario *probe;
  guint variation;
  gboolean passed, skipped;
  char *message;
  guint exchange;
  RtPlay *play;
} RtProbeResult;

/**
 * RtChallengeResult:
 * @passed: the symptom is gone and the good path still works, as far as that can be seen
 * @n_skipped: probes that say nothing
 * @probes: (element-type RtProbeResult): each variation of each probe, in order
 */
typedef struct
{
  gboolean passed;
  guint n_skipped;
  GPtrArray *probes;
} RtChallengeResult;

RtChallengeResult *rt_challenge_try (const RtLesson *lesson, GPtrArray *answer, GError **error);
RtChallengeResult *rt_challenge_try_on (const RtLesson *lesson,
                                        GPtrArray *answer,
                                        const RtPlayground *ground,
                                        GError **error);
void rt_challenge_result_free (RtChallengeResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtPlay, rt_play_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtChallengeResult, rt_challenge_result_free)

G_END_DECLS
