/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What became of a request that was sent once more: the answer that was recorded beside the one
 * that came now. */
#pragma once

#include "rt-comparison.h"

G_BEGIN_DECLS

/**
 * RtResentOutcome:
 * @RT_RESENT_KEPT_BACK: it was not sent
 * @RT_RESENT_SAME: the answer is as recorded
 * @RT_RESENT_DIFFERENT: it is another one
 * @RT_RESENT_UNANSWERED: there is none, though one was recorded
 */
typedef enum
{
  RT_RESENT_KEPT_BACK,
  RT_RESENT_SAME,
  RT_RESENT_DIFFERENT,
  RT_RESENT_UNANSWERED,
  RT_N_RESENT_OUTCOMES,
} RtResentOutcome;

/**
 * RtResent:
 * @before: as it was recorded
 * @now: (nullable): as it went now
 * @failure: (nullable): why there is no whole answer; borrowed
 * @comparison: (nullable): of both; %NULL: there is nothing to compare
 * @scope: which of its differences count: not those of the requests
 * @other_content: of an answer that was reconstructed: its content differs, with codings undone
 * @n_differences: that count, @other_content among them
 */
typedef struct
{
  RtResentOutcome outcome;
  const RtExchange *before, *now;
  const char *failure;
  RtComparison *comparison;
  RtComparedScope scope;
  gboolean other_content;
  guint n_differences;
} RtResent;

void rt_resent_compare (RtResent *resent,
                        RtAnalysis *recorded,
                        RtAnalysis *resending,
                        const char *const *ignore);
void rt_resent_clear (RtResent *resent);
char *rt_resent_dup_words (const RtResent *resent);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtResent, rt_resent_clear)

G_END_DECLS
