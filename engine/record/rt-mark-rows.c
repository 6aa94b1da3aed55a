/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sessions keep marks by run, the progress database by lesson and run: what they share is here. */
#include "rt-mark-rows.h"

/**
 * rt_mark_new:
 * @text: (nullable): copied
 *
 * Returns: (transfer full): a mark
 */
RtMark *
rt_mark_new (guint64 event, RtSpan span, const char *text)
{
  RtMark *mark = g_new (RtMark, 1);

  *mark = (RtMark){ event, span, g_strdup (text) };
  return mark;
}

void
rt_mark_free (RtMark *mark)
{
  g_free (mark->text);
  g_free (mark);
}

/* Parameters 1 to 4 are the place, 5 is the text where the statement has one. */
void
rt_mark_rows_bind (sqlite3_stmt *statement, const RtMark *mark)
{
  sqlite3_bind_int64 (statement, 1, (gint64)mark->event);
  sqlite3_bind_int64 (statement, 2, mark->span.buffer);
  sqlite3_bind_int64 (statement, 3, (gint64)mark->span.offset);
  sqlite3_bind_int64 (statement, 4, mark->span.length);
  if (mark->text != NULL)
    rt_store_bind_text (statement, 5, mark->text);
}

static RtMark *
read_mark (sqlite3_stmt *statement)
{
  RtMark *mark = g_new (RtMark, 1);

  *mark = (RtMark){ (guint64)sqlite3_column_int64 (statement, 0),
                    { .buffer = (RtBufferId)sqlite3_column_int64 (statement, 1),
                      .offset = (guint64)sqlite3_column_int64 (statement, 2),
                      .length = (guint32)sqlite3_column_int64 (statement, 3) },
                    rt_store_dup_text (statement, 4) };
  return mark;
}

/* Returns: (transfer full) (element-type RtMark) (nullable): of a statement that selects
 * %RT_MARK_COLUMNS and the text. */
GPtrArray *
rt_mark_rows_list (sqlite3_stmt *statement, GError **error)
{
  g_autoptr (GPtrArray) marks = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_mark_free);
  gboolean row;

  for (;;)
    {
      if (!rt_store_row (statement, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&marks);
      g_ptr_array_add (marks, read_mark (statement));
    }
}
