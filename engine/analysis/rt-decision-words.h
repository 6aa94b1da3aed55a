/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is said of a decision, in words for people. */
#pragma once

#include "rt-decision.h"
#include "rt-note.h"

G_BEGIN_DECLS

/**
 * RtDecisionWords:
 * @severity: who was wronged, not which class a status is in
 * @title: (nullable): %NULL: there is nothing worth saying; the decision stands in the log and in
 *   the traces all the same
 */
typedef struct
{
  RtSeverity severity;
  const char *title;
} RtDecisionWords;

const RtDecisionWords *rt_decision_words_find (RtDecision *decision);

G_END_DECLS
