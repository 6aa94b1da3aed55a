/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parts of a handout. */
#pragma once

#include "rt-fonts.h"
#include "rt-html.h"
#include "rt-scenario.h"

G_BEGIN_DECLS

/**
 * RtHandout:
 * @plays: (element-type RtPlay): a run each, played once
 * @terms: (element-type utf8): the terms that were used, in order, for the glossary
 * @n_figures: so far: their buttons need names of their own
 */
typedef struct
{
  const RtLesson *lesson;
  GPtrArray *plays, *terms;
  RtFonts *fonts;
  RtHtml html;
  guint n_figures;
} RtHandout;

void rt_handout_add_inlines (RtHandout *self, GPtrArray *inlines);
void rt_handout_add_block (RtHandout *self, const RtBlock *block);
void rt_handout_add_question (RtHandout *self, const RtPrediction *prediction, guint number);
void rt_handout_add_figure (
    RtHandout *self, RtPlay *play, const char *caption, GArray *steps, guint64 cut);
void rt_handout_add_proof (RtHandout *self, const RtMisconception *misconception);
void rt_handout_add_exchange (RtHandout *self, RtAnalysis *analysis, const RtExchange *exchange);
void rt_handout_add_dark_colors (GString *out);

G_END_DECLS
