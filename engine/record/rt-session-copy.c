/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A session as a new session file. Runs are recorded again, page by page, so what was derived is
 * derived anew and what was damaged is left behind. */
#include "rt-session-copy.h"

#include "rt-recorder.h"

static gboolean
copy_pages (RtReader *reader, RtRecorder *recorder, const RtExportOptions *options, GError **error)
{
  guint64 length = rt_reader_get_length (reader);

  for (guint64 at = 0; at < length;)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, at, error);

      if (page == NULL || g_cancellable_set_error_if_cancelled (options->cancellable, error))
        return FALSE;
      rt_recorder_add_page (page, recorder);
      at = page->first + page->n;
      if (options->progress != NULL)
        options->progress (at, length, options->progress_data);
    }
  return TRUE;
}

static gboolean
copy_marks (RtSession *from, gint64 from_run, RtSession *to, gint64 to_run, GError **error)
{
  g_autoptr (GPtrArray) marks = rt_session_list_marks (from, from_run, error);

  if (marks == NULL)
    return FALSE;
  for (guint i = 0; i < marks->len; i++)
    {
      const RtMark *mark = marks->pdata[i];

      if (!rt_session_set_mark (to, to_run, mark->event, mark->text, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
copy_run (
    RtSession *from, RtRunInfo *info, RtSession *to, const RtExportOptions *options, GError **error)
{
  g_autoptr (RtReader) reader = rt_session_open_run (from, info->id, error);
  g_autoptr (RtRecorder) recorder = NULL;
  gint64 run;

  if (reader == NULL)
    return FALSE;
  /* The one it branched off is not in the file if it was left out. */
  if (options->run != 0)
    info->parent = 0;
  recorder = rt_session_begin_run (to, info, NULL, NULL, error);
  if (recorder == NULL)
    return FALSE;
  run = rt_recorder_get_run (recorder);
  return copy_pages (reader, recorder, options, error)
         && rt_recorder_finish (g_steal_pointer (&recorder), error)
         && copy_marks (from, info->id, to, run, error);
}

/**
 * rt_session_copy:
 * @session: a session
 * @path: the new file, which is not there yet
 * @options: which part of it; @ids has to be %NULL
 *
 * Errors: those of both files; `G_IO_ERROR_CANCELLED`.
 *
 * Returns: %TRUE on success
 */
gboolean
rt_session_copy (RtSession *session,
                 const char *path,
                 const RtExportOptions *options,
                 GError **error)
{
  g_autoptr (GPtrArray) infos = rt_session_list_runs (session, error);
  g_autoptr (RtSession) copy = NULL;

  if (infos == NULL)
    return FALSE;
  if (options->ids != NULL)
    {
      rt_set_error (error, RT_ERROR_UNSUPPORTED, NULL, "a whole session or one run",
                    "exchanges cannot be picked out of a session into another one");
      return FALSE;
    }
  copy = rt_session_create (path, error);
  if (copy == NULL)
    return FALSE;
  for (guint i = 0; i < infos->len; i++)
    {
      RtRunInfo *info = infos->pdata[i];

      if ((options->run == 0 || info->id == options->run)
          && !copy_run (session, info, copy, options, error))
        return FALSE;
    }
  return TRUE;
}
