/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An analysis as text: for terminals, screen readers and print. */
#pragma once

#include "rt-analysis.h"

G_BEGIN_DECLS

/**
 * RtTranscriptFlags:
 * @RT_TRANSCRIPT_DECISIONS: with the trace of each decision
 * @RT_TRANSCRIPT_NOTES: with what the engine has to say
 * @RT_TRANSCRIPT_HEADS: with the fields of each message
 */
typedef enum
{
  RT_TRANSCRIPT_DECISIONS = 1 << 0,
  RT_TRANSCRIPT_NOTES = 1 << 1,
  RT_TRANSCRIPT_HEADS = 1 << 2,
  RT_TRANSCRIPT_ALL = (1 << 3) - 1,
} RtTranscriptFlags;

char *rt_transcript_dup (RtAnalysis *analysis, RtTranscriptFlags flags);
char *rt_transcript_dup_decision (RtAnalysis *analysis, RtDecision *decision);

G_END_DECLS
