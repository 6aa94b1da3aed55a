/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between the files that read a lesson. */
#pragma once

#include "rt-lesson.h"
#include "rt-party-settings.h"
#include "rt-yaml.h"

G_BEGIN_DECLS

/**
 * RtLessonReader:
 * @run: (nullable): the run that the lesson is in
 * @probe: (nullable): the probe that it is in, or else the run counts
 * @pending: (element-type RtPrediction): predictions that wait for the step that answers them
 * @captures: (element-type utf8): names that are known in the run or probe
 * @page: the page that is being filled
 *
 * A lesson while it is read.
 */
typedef struct
{
  RtLesson *lesson;
  RtScenario *run, *probe;
  GPtrArray *pending, *captures;
  RtLessonPage *page;
} RtLessonReader;

gsize rt_front_matter_read (
    RtLesson *lesson, const char *text, gsize length, guint *ret_lines, GError **error);

gboolean
rt_fence_read (gpointer data, const char *info, const char *text, guint line, GError **error);
gboolean rt_lesson_split_name (const char *base, guint *ret_number, char **ret_name);

RtScenario *rt_scenario_new (const char *name, guint line);
void rt_scenario_free (RtScenario *scenario);
RtScenario *rt_lesson_reader_scenario (RtLessonReader *reader, guint line);
void rt_lesson_reader_add_step (RtLessonReader *reader, RtStep *step);
RtBlock *rt_lesson_reader_add_block (RtLessonReader *reader, RtBlockKind kind, guint line);

RtLessonLink *
rt_lesson_link_read (const RtLesson *lesson, const char *name, const RtYaml *node, GError **error);
void rt_lesson_link_free (RtLessonLink *link);
void rt_lesson_fault_free (RtLessonFault *fault);

RtStep *rt_step_new (RtStepKind kind, guint line);
void rt_step_free (RtStep *step);
void rt_prediction_free (RtPrediction *prediction);
void rt_option_free (RtOption *option);
void rt_misconception_free (RtMisconception *misconception);
void rt_author_note_free (RtAuthorNote *note);
void rt_challenge_free (RtChallenge *challenge);
void rt_variable_free (RtVariable *variable);

/* The file that is read, at @line. */
static inline RtPlace
rt_lesson_place (const RtLesson *lesson, guint line)
{
  return (RtPlace){ lesson->file, line, 0 };
}

gboolean
rt_lesson_wrong (const RtLesson *lesson, const RtYaml *node, const char *expected, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtLessonLink, rt_lesson_link_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtLessonFault, rt_lesson_fault_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtStep, rt_step_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtPrediction, rt_prediction_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtOption, rt_option_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtMisconception, rt_misconception_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtAuthorNote, rt_author_note_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtScenario, rt_scenario_free)

G_END_DECLS
