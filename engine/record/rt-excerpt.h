/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A part of a long run, to be analysed as if all before it had been. */
#pragma once

#include "rt-analysis.h"
#include "rt-run-map.h"

G_BEGIN_DECLS

/**
 * RtExcerpt:
 * @begin: number of the first event that its readers give. Those before @first are taken from
 * further up: how the connections came about, and what was under way on them
 * @first, @end: the part of the run: its readers give no event from @end on
 * @session, @run: what it is of
 * @before: (nullable): the events before @first; @origins: the numbers they had; @lines: which
 *   bytes are left out
 * @from: time of the event @first
 * @numbers: (element-type RtAnalysisNumber): of the exchanges in it
 *
 * Immutable, for any thread.
 */
typedef struct
{
  gint ref_count;
  RtSession *session;
  gint64 run;
  RtPage *before;
  GArray *origins, *lines;
  guint64 begin, first, end;
  RtTime from;
  GArray *numbers;
} RtExcerpt;

RtExcerpt *rt_excerpt_new (RtRunMap *map, guint64 around, guint64 n_events, GError **error);
RtExcerpt *rt_excerpt_ref (RtExcerpt *excerpt);
void rt_excerpt_unref (RtExcerpt *excerpt);
RtReader *rt_excerpt_open (const RtExcerpt *excerpt, GError **error);
void rt_excerpt_begin (const RtExcerpt *excerpt, RtAnalysis *analysis);
RtAnalysis *rt_excerpt_analyse (const RtExcerpt *excerpt, gboolean observed, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtExcerpt, rt_excerpt_unref)

G_END_DECLS
