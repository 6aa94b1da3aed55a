/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The content of a message with its content codings undone: what a person would read. A buffer of
 * its own, linked to the bytes it was made from. */
#pragma once

#include "rt-analysis.h"

G_BEGIN_DECLS

/**
 * RtContentState:
 * @RT_CONTENT_WHOLE: all codings are undone
 * @RT_CONTENT_MISSING: its bytes were not kept: @bytes is empty and means nothing
 * @RT_CONTENT_CODED: a coding that nothing here can undo stands in the way; @bytes is still coded
 * @RT_CONTENT_CUT: the coded bytes end too early: @bytes is a beginning
 * @RT_CONTENT_DAMAGED: they follow no grammar: @bytes is what could be decoded before
 * @RT_CONTENT_TOO_LARGE: a cap of size or ratio was reached: @bytes is a beginning
 */
typedef enum
{
  RT_CONTENT_WHOLE,
  RT_CONTENT_MISSING,
  RT_CONTENT_CODED,
  RT_CONTENT_CUT,
  RT_CONTENT_DAMAGED,
  RT_CONTENT_TOO_LARGE,
} RtContentState;

/**
 * RtContent:
 * @bytes: the content, as far as its codings could be undone
 * @coded: the content as the message has it, transfer coding removed; the same object as @bytes
 *   where nothing was coded
 * @source: where @coded stands: on the wire or in a derived buffer (rt_analysis_trace_span()); none
 *   where nobody said
 * @undone: (array zero-terminated=1): names of the codings that were undone, in that order
 * @problem: (nullable): in words why it is not %RT_CONTENT_WHOLE
 *
 * Immutable and reference-counted.
 */
typedef struct
{
  gint ref_count;
  RtContentState state;
  GBytes *bytes, *coded;
  RtSpan source;
  char **undone;
  char *problem;
} RtContent;

RtContent *rt_content_new (RtAnalysis *analysis, const RtTransfer *transfer);
RtContent *rt_content_decode (RtFields *fields, GBytes *coded, RtSpan source);
RtContent *rt_content_ref (RtContent *content);
void rt_content_unref (RtContent *content);

gboolean rt_content_is_coded (RtFields *fields);
RtSpan rt_content_trace (const RtContent *content, gsize offset, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtContent, rt_content_unref)

G_END_DECLS
