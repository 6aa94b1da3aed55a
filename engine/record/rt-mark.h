/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the user adds to a log: a mark, or a note of their own, at an event or at some of its bytes.
 */
#pragma once

#include "rt-error.h"
#include "rt-span.h"

G_BEGIN_DECLS

/**
 * RtMark:
 * @event: the event it is set at
 * @span: the bytes it is about; %RT_SPAN_NONE: the event as a whole
 * @text: what the user wrote; empty: a mark alone; %NULL, where one is set: it is taken away
 */
typedef struct
{
  guint64 event;
  RtSpan span;
  char *text;
} RtMark;

RtMark *rt_mark_new (guint64 event, RtSpan span, const char *text);
void rt_mark_free (RtMark *mark);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtMark, rt_mark_free)

G_END_DECLS
