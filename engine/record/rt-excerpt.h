/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A part of a long run, to be analysed as if all before it had been. */
#pragma once

#include "rt-analysis.h"
#include "rt-run-map.h"

G_BEGIN_DECLS

/**
 * RtExcerpt:
 * @reader: gives the events from @begin to @end
 * @begin: number of the first event that it gives. Those before @first are taken from further up:
 *   how the connections came about, and what was under way on them
 * @first, @end: the part of the run
 * @from: time of the event @first
 * @numbers: (element-type RtAnalysisNumber): of the exchanges in it
 */
typedef struct
{
  RtReader *reader;
  guint64 begin, first, end;
  RtTime from;
  GArray *numbers;
} RtExcerpt;

RtExcerpt *rt_excerpt_new (RtRunMap *map, guint64 around, guint64 n_events, GError **error);
void rt_excerpt_free (RtExcerpt *excerpt);
RtAnalysis *rt_excerpt_analyse (const RtExcerpt *excerpt, gboolean observed, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtExcerpt, rt_excerpt_free)

G_END_DECLS
