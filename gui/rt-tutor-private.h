/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the tutor share. Only they include it. */
#pragma once

#include "rt-recorder.h"
#include "rt-tutor.h"

G_BEGIN_DECLS

/** RT_TUTOR_CHALLENGE: what a lesson's challenge is called where progress is kept. */
#define RT_TUTOR_CHALLENGE "challenge"

struct _RtTutor
{
  GObject parent_instance;

  RtWorker *worker;
  RtLesson *lesson;
  char *id;
  GPtrArray *plays, *views;
  GArray *answers; /* guint, one a prediction */
  guint position;
  gboolean passed, presenting;
  GPtrArray *branches; /* RtTutorBranch */
  guint n_branches;    /* that were ever made of this lesson */
  guint load;          /* number of the latest load: an older one that comes late is dropped */

  GPtrArray *lessons, *sessions, *excess;
  char **done;        /* ids of lessons */
  GCancellable *work; /* of what is being imported or exported, or NULL */
};

/**
 * RtTutorWork:
 * @words: what is done, for people
 * @done, @total: set by the working thread, read by the main thread
 *
 * The beginning of what long work has for its data.
 */
typedef struct
{
  char *words;
  guint64 done, total;
  GMutex lock;
} RtTutorWork;

void rt_tutor_work_init (RtTutorWork *work, char *words);
void rt_tutor_work_clear (RtTutorWork *work);
void rt_tutor_work_progress (guint64 done, guint64 total, gpointer work);
void rt_tutor_work_run (RtTutor *self,
                        gpointer data,
                        GDestroyNotify free_data,
                        GTaskThreadFunc work,
                        GAsyncReadyCallback done_cb);
void rt_tutor_work_end (RtTutor *self, GAsyncResult *result);

/**
 * RtTutorKeeping:
 * @lesson: filled in by rt_tutor_keep()
 * @prediction, @option: (nullable): what was answered; no option: it was skipped
 * @position, @last: (nullable): the page that is open, and in which lesson
 * @passed: the challenge
 * @reset: forget all that was kept before
 *
 * What is to be kept of a learner's progress.
 */
typedef struct
{
  char *lesson, *prediction, *option, *position, *last;
  gboolean passed, reset;
} RtTutorKeeping;

char *rt_tutor_dup_lesson_id (const RtLesson *lesson);
void rt_tutor_take_notice (char **notice, GError **error);

guint64 rt_tutor_get_cut (RtTutor *self, RtPlay *play);
void rt_tutor_branch_free (RtTutorBranch *branch);

void rt_tutor_apply_cuts (RtTutor *self);
void rt_tutor_apply_notes (RtTutor *self, RtView *view, RtPlay *play);
void rt_tutor_take_answers (RtTutor *self, GPtrArray *made);

RtSession *rt_tutor_begin_session (const RtLesson *lesson, RtShelf *shelf, char **notice);
RtPlay *rt_tutor_play_run (const RtLesson *lesson,
                           const RtScenario *scenario,
                           RtSession *session,
                           char **notice,
                           GError **error);

void rt_tutor_follow_lesson_notes (RtTutor *self, RtView *view, GPtrArray *marks);
void rt_tutor_follow_session_notes (
    RtTutor *self, RtView *view, const char *path, gint64 run, GPtrArray *marks);

char *rt_tutor_answer_to_text (guint options);
guint rt_tutor_answer_from_text (const char *text, guint n_options);
void rt_tutor_keep (RtTutor *self, RtTutorKeeping *keeping);

G_END_DECLS
