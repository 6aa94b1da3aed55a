/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Going through a lesson in front of a class: what comes next, what the class says, what is
 * revealed. */
#pragma once

#include "rt-narrative.h"
#include "rt-stage.h"
#include "rt-tally.h"

G_BEGIN_DECLS

/** RtPresenter: Signals: `changed`: another page, question, vote, or moment. */
#define RT_TYPE_PRESENTER (rt_presenter_get_type ())
G_DECLARE_FINAL_TYPE (RtPresenter, rt_presenter, RT, PRESENTER, GObject)

RtPresenter *rt_presenter_new (RtTutor *tutor, RtNarrative *narrative, RtStage *stage);

void rt_presenter_forward (RtPresenter *self);
void rt_presenter_back (RtPresenter *self);
void rt_presenter_reset (RtPresenter *self);
gboolean rt_presenter_key (RtPresenter *self, guint key);

const RtLessonPage *rt_presenter_get_page (RtPresenter *self);
const RtPrediction *rt_presenter_get_question (RtPresenter *self);
gboolean rt_presenter_is_revealed (RtPresenter *self);
RtTally *rt_presenter_get_tally (RtPresenter *self);
char *rt_presenter_dup_next (RtPresenter *self);
gint64 rt_presenter_get_started (RtPresenter *self);
RtTutor *rt_presenter_get_tutor (RtPresenter *self);

G_END_DECLS
