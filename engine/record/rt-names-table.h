/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table `names`, as those who write rows of exchanges see it. For this folder. */
#pragma once

#include "rt-store.h"

G_BEGIN_DECLS

typedef struct _RtNamesTable RtNamesTable;

RtNamesTable *rt_names_table_new (sqlite3 *db, GError **error);
void rt_names_table_free (RtNamesTable *table);
guint rt_names_table_add (RtNamesTable *table, const char *text, gsize length);
gboolean rt_names_table_get_row (RtNamesTable *table, guint place, gint64 *ret_id, GError **error);
void rt_names_table_forget_rows (RtNamesTable *table);
void rt_names_table_trim (RtNamesTable *table);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtNamesTable, rt_names_table_free)

G_END_DECLS
