/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A learner and a lesson: plays its runs, keeps what was predicted, and says how far each run may
 * be seen. All work is done on the worker's thread; the main thread hears of it by signals. */
#pragma once

#include "rt-export.h"
#include "rt-scenario.h"
#include "rt-view.h"
#include "rt-worker.h"

G_BEGIN_DECLS

/**
 * RtTutorBranch:
 * @run: index of the run that was changed
 * @change: … how, in one line
 */
typedef struct
{
  RtView *view;
  RtPlay *play;
  guint run;
  char *name, *change;
} RtTutorBranch;

/** RT_TUTOR_UNANSWERED, RT_TUTOR_SKIPPED: instead of the options that were ticked. */
#define RT_TUTOR_UNANSWERED G_MAXUINT
#define RT_TUTOR_SKIPPED 0u

/**
 * RtTutor:
 *
 * Signals: `loaded`: a lesson is there; `answered (prediction)`: one was answered or skipped;
 * `shelf`: lists of lessons and sessions were read; `probed (RtChallengeResult or NULL, GError or
 * NULL)`: a challenge was tried; `passed`: it was solved elsewhere; `branched (RtView)`: what was
 * asked for by rt_tutor_show_counterexample() is there; `branch-made (RtTutorBranch)`: … by
 * rt_tutor_make_branch(); `opened (views)`: a session file was read, with an array of #RtView;
 * `failed (GError)`: what was asked for last went wrong; `noticed (text)`: something beside it went
 * wrong; `working (words, permille)`: long work is done, as far as that (0: not known); no words:
 * not any more; `exported (RtExport)`: what rt_tutor_export() was asked for is there.
 */
#define RT_TYPE_TUTOR (rt_tutor_get_type ())
G_DECLARE_FINAL_TYPE (RtTutor, rt_tutor, RT, TUTOR, GObject)

RtTutor *rt_tutor_new (void);

void rt_tutor_open_lesson (RtTutor *self, const char *path_or_name);
void rt_tutor_open_session (RtTutor *self, const char *path);
void rt_tutor_open_file (RtTutor *self, const char *path);
void rt_tutor_export (RtTutor *self, RtExport *export, RtView *view);
void rt_tutor_cancel (RtTutor *self);
void rt_tutor_list_shelf (RtTutor *self);

const RtLesson *rt_tutor_get_lesson (RtTutor *self);
guint rt_tutor_get_position (RtTutor *self);
void rt_tutor_set_position (RtTutor *self, guint page);
RtView *rt_tutor_get_view (RtTutor *self, guint run);

guint rt_tutor_get_answer (RtTutor *self, const RtPrediction *prediction);
void rt_tutor_answer (RtTutor *self, const RtPrediction *prediction, guint options);
void rt_tutor_forget (RtTutor *self);
void rt_tutor_take_back (RtTutor *self, const RtPrediction *prediction);
void rt_tutor_set_presenting (RtTutor *self, gboolean presenting);
gboolean rt_tutor_get_presenting (RtTutor *self);

void rt_tutor_show_counterexample (RtTutor *self, const RtMisconception *misconception);
void rt_tutor_make_branch (RtTutor *self, guint run, const char *change);
void rt_tutor_discard_branch (RtTutor *self, RtTutorBranch *branch);
GPtrArray *rt_tutor_get_branches (RtTutor *self); /* RtTutorBranch */

void rt_tutor_try_challenge (RtTutor *self, const char *text);
void rt_tutor_pass_challenge (RtTutor *self);
gboolean rt_tutor_get_passed (RtTutor *self);

GPtrArray *rt_tutor_get_lessons (RtTutor *self); /* RtLesson */
gboolean rt_tutor_is_done (RtTutor *self, const RtLesson *lesson);
GPtrArray *rt_tutor_get_sessions (RtTutor *self); /* RtLibraryEntry */
GPtrArray *rt_tutor_get_excess (RtTutor *self);   /* RtLibraryEntry */
void rt_tutor_rename_session (RtTutor *self, const char *path, const char *name);
void rt_tutor_pin_session (RtTutor *self, const char *path, gboolean pinned);
void rt_tutor_delete_sessions (RtTutor *self, const char *const *paths);

G_END_DECLS
