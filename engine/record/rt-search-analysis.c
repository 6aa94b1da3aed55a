/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Searches a run whose rows do not say what filters ask: a file of an older version that cannot be
 * changed. Its log is analysed as a whole, as slowly as that is. */
#include "rt-search-private.h"

#include "rt-observer.h"

static RtFilterMarks
marks_of (const GArray *marks, gint64 run, const RtExchange *exchange)
{
  const RtTransfer *first = exchange->request != NULL ? exchange->request : exchange->response;
  const RtTransfer *last = exchange->response != NULL ? exchange->response : exchange->request;
  RtFilterMarks found = RT_FILTER_UNMARKED;

  for (guint i = 0; marks != NULL && first != NULL && i < marks->len; i++)
    {
      const RtSearchMark *mark = &g_array_index (marks, RtSearchMark, i);

      if (mark->run == run && mark->connection == exchange->connection
          && (guint64)mark->event >= first->first_event && (guint64)mark->event <= last->last_event)
        found |= RT_FILTER_MARKED | (mark->noted ? RT_FILTER_NOTED : 0);
    }
  return found;
}

static RtAnalysis *
analyse (RtReader *reader, gboolean observed, GCancellable *cancellable, GError **error)
{
  g_autoptr (RtAnalysis) analysis = rt_analysis_new ();

  rt_analysis_set_observed (analysis, observed);
  while (rt_analysis_get_length (analysis) < rt_reader_get_length (reader))
    {
      guint64 known = rt_analysis_get_length (analysis);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      /* A page that is damaged is where the analysis ends. */
      if (!rt_analysis_feed_reader (analysis, reader, known + 4096, NULL)
          || rt_analysis_get_length (analysis) == known)
        break;
    }
  return g_steal_pointer (&analysis);
}

/**
 * rt_search_run_by_analysis:
 * @db: a connection to the session's file
 * @marks: (nullable) (element-type RtSearchMark)
 * @ids: (element-type gint64): the rows of @run that match are appended to it
 */
gboolean
rt_search_run_by_analysis (RtSession *session,
                           sqlite3 *db,
                           gint64 run,
                           const RtFilter *filter,
                           const GArray *marks,
                           GArray *ids,
                           GCancellable *cancellable,
                           GError **error)
{
  g_autoptr (RtRunInfo) info = rt_session_get_run (session, run, error);
  g_autoptr (RtReader) reader = info != NULL ? rt_session_open_run (session, run, error) : NULL;
  g_autoptr (RtAnalysis) analysis
      = reader != NULL ? analyse (reader, info->source != RT_SOURCE_LESSON, cancellable, error)
                       : NULL;
  g_autoptr (sqlite3_stmt) select = NULL;
  gboolean row;

  if (analysis == NULL)
    return FALSE;
  select
      = rt_store_prepare (db, "SELECT id, number FROM exchange WHERE run = ?1 ORDER BY id", error);
  if (select == NULL)
    return FALSE;
  sqlite3_bind_int64 (select, 1, run);
  for (;;)
    {
      gint64 id;
      const RtExchange *exchange;

      if (g_cancellable_set_error_if_cancelled (cancellable, error)
          || !rt_store_row (select, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      id = sqlite3_column_int64 (select, 0);
      exchange = rt_analysis_get_exchange (analysis, (guint)sqlite3_column_int64 (select, 1));
      if (exchange != NULL
          && rt_filter_matches (filter, analysis, exchange, marks_of (marks, run, exchange)))
        g_array_append_val (ids, id);
    }
}
