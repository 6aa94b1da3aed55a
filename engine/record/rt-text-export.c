/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A session as text: the transcript of each run. */
#include "rt-text-export.h"

#include "rt-transcript.h"

static gboolean
write_run (RtSession *session,
           const RtRunInfo *info,
           GOutputStream *out,
           const RtExportOptions *options,
           GError **error)
{
  g_autoptr (RtReader) reader = rt_session_open_run (session, info->id, error);
  g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
  g_autofree char *text = NULL;

  if (reader == NULL || !rt_analysis_feed_reader (analysis, reader, G_MAXUINT64, error))
    return FALSE;
  text = rt_transcript_dup (analysis, RT_TRANSCRIPT_ALL);
  return g_output_stream_printf (out, NULL, options->cancellable, error, "%s%s%s\n\n%s\n",
                                 info->name, info->title != NULL ? ": " : "",
                                 info->title != NULL ? info->title : "", text);
}

/**
 * rt_text_export:
 * @session: a session
 * @out: where to
 * @options: which part of it; @ids has to be %NULL
 *
 * Errors: those of both; `G_IO_ERROR_CANCELLED`.
 *
 * Returns: %TRUE on success
 */
gboolean
rt_text_export (RtSession *session,
                GOutputStream *out,
                const RtExportOptions *options,
                GError **error)
{
  g_autoptr (GPtrArray) infos = rt_session_list_runs (session, error);

  if (infos == NULL)
    return FALSE;
  if (options->ids != NULL)
    {
      rt_set_error (error, RT_ERROR_UNSUPPORTED, NULL, "a whole session or one run",
                    "exchanges cannot be picked out of a session into a transcript");
      return FALSE;
    }
  for (guint i = 0; i < infos->len; i++)
    {
      const RtRunInfo *info = infos->pdata[i];

      if (options->run != 0 && info->id != options->run)
        continue;
      if (!write_run (session, info, out, options, error))
        return FALSE;
      if (options->progress != NULL)
        options->progress (i + 1, infos->len, options->progress_data);
    }
  return TRUE;
}
