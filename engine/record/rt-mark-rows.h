/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Marks as rows of a table. For this folder. */
#pragma once

#include "rt-mark.h"
#include "rt-store.h"

G_BEGIN_DECLS

/* The columns, in the order that rt_mark_rows_bind() and rt_mark_rows_list() have them. */
#define RT_MARK_COLUMNS "event, buffer, offset, length"
#define RT_MARK_VALUES "?1, ?2, ?3, ?4"
#define RT_MARK_MATCH "event = ?1 AND buffer = ?2 AND offset = ?3 AND length = ?4"
/* Number of the first parameter that is the caller's. */
#define RT_MARK_OWN 6

void rt_mark_rows_bind (sqlite3_stmt *statement, const RtMark *mark);
GPtrArray *rt_mark_rows_list (sqlite3_stmt *statement, GError **error); /* RtMark */

G_END_DECLS
