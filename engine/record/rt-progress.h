/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a learner has done so far: predictions, challenges, position; by lesson. */
#pragma once

#include "rt-mark.h"
#include "rt-time.h"

G_BEGIN_DECLS

/**
 * RtPredictionMade:
 * @prediction: its id in the lesson
 * @option: (nullable): id of the option that was chosen; %NULL: skipped
 */
typedef struct
{
  char *prediction, *option;
  RtTime made;
} RtPredictionMade;

void rt_prediction_made_free (RtPredictionMade *made);

typedef struct _RtProgress RtProgress;

RtProgress *rt_progress_open (const char *path, GError **error);
void rt_progress_free (RtProgress *progress);

gboolean rt_progress_set_prediction (RtProgress *progress,
                                     const char *lesson,
                                     const char *prediction,
                                     const char *option,
                                     RtTime now,
                                     GError **error);
GPtrArray *rt_progress_list_predictions (RtProgress *progress,
                                         const char *lesson,
                                         GError **error); /* RtPredictionMade */
gboolean rt_progress_set_passed (
    RtProgress *progress, const char *lesson, const char *challenge, RtTime now, GError **error);
gboolean rt_progress_get_passed (RtProgress *progress,
                                 const char *lesson,
                                 const char *challenge,
                                 RtTime *ret_when,
                                 GError **error);
gboolean rt_progress_set_position (
    RtProgress *progress, const char *lesson, const char *position, RtTime now, GError **error);
char *rt_progress_dup_position (RtProgress *progress, const char *lesson, GError **error);
gboolean rt_progress_put_mark (
    RtProgress *progress, const char *lesson, const char *run, const RtMark *mark, GError **error);
GPtrArray *rt_progress_list_marks (RtProgress *progress,
                                   const char *lesson,
                                   const char *run,
                                   GError **error); /* RtMark */
char **rt_progress_list_lessons (RtProgress *progress, GError **error);
gboolean rt_progress_reset (RtProgress *progress, const char *lesson, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtPredictionMade, rt_prediction_made_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtProgress, rt_progress_free)

G_END_DECLS
