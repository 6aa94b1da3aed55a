/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The exchanges of a run in a session file as a list model, however many there are: numbers of rows
 * in memory, and the rows themselves read when they come into sight. */
#pragma once

#include "rt-exchange-item.h"
#include "rt-exchange-list.h"

G_BEGIN_DECLS

/** RtSessionRows: Signals: `progress`: a search began, went on or ended. */
#define RT_TYPE_SESSION_ROWS (rt_session_rows_get_type ())
G_DECLARE_FINAL_TYPE (RtSessionRows, rt_session_rows, RT, SESSION_ROWS, GObject)

RtSessionRows *rt_session_rows_new (RtExchangeList *list, gint64 run);
RtSessionRows *rt_session_rows_of (RtView *view);
void rt_session_rows_give (RtSessionRows *self, RtView *view);

void rt_session_rows_search (RtSessionRows *self,
                             RtFilter *filter,
                             RtExchangeOrder order,
                             gboolean descending);
void rt_session_rows_cancel (RtSessionRows *self);
int rt_session_rows_get_progress (RtSessionRows *self);

G_END_DECLS
