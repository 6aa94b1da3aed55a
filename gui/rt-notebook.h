/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the user adds to a view: marks, and notes of their own on exchanges and on bytes. */
#pragma once

#include "rt-filter.h"
#include "rt-mark.h"
#include "rt-view.h"

G_BEGIN_DECLS

/**
 * RtNotebook:
 *
 * Signals: `put (RtMark)`: it was changed here and is to be kept; `changed`: it is another now.
 */
#define RT_TYPE_NOTEBOOK (rt_notebook_get_type ())
G_DECLARE_FINAL_TYPE (RtNotebook, rt_notebook, RT, NOTEBOOK, GObject)

RtNotebook *rt_notebook_of (RtView *view);

void rt_notebook_take_marks (RtNotebook *self, GPtrArray *marks);
void rt_notebook_put (RtNotebook *self, guint exchange, RtSpan span, const char *text);

const RtMark *rt_notebook_find (RtNotebook *self, guint exchange, RtSpan span);
guint rt_notebook_get_exchange (RtNotebook *self, const RtMark *mark);
GPtrArray *rt_notebook_get_marks (RtNotebook *self); /* RtMark */
RtFilterMarks rt_notebook_get_state (RtNotebook *self, guint exchange);

G_END_DECLS
