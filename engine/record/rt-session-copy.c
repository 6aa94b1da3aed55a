/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A session as a new session file. Runs are recorded again, page by page, so what was derived is
 * derived anew and what was damaged is left behind. */
#include "rt-session-copy.h"

#include "rt-exchanges.h"
#include "rt-recorder.h"
#include "rt-redact.h"

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

/* A text of the user's; @redaction: (nullable): what is kept from it */
static char *
copy_text (RtRedaction *redaction, const char *text)
{
  return redaction != NULL && text != NULL ? rt_redaction_dup_text (redaction, text)
                                           : g_strdup (text);
}

static gboolean
copy_marks (RtSession *from,
            gint64 from_run,
            RtSession *to,
            gint64 to_run,
            RtRedaction *redaction,
            GError **error)
{
  g_autoptr (GPtrArray) marks = rt_session_list_marks (from, from_run, error);

  if (marks == NULL)
    return FALSE;
  for (guint i = 0; i < marks->len; i++)
    {
      const RtMark *mark = marks->pdata[i];
      g_autofree char *text = copy_text (redaction, mark->text);

      if (!rt_session_put_mark (to, to_run, &(RtMark){ mark->event, mark->span, text }, error))
        return FALSE;
    }
  return TRUE;
}

static RtRedaction *
redact (RtReader *reader, const RtExportOptions *options, GError **error)
{
  RtRedaction *redaction = rt_redact (reader, options->cancellable, error);

  if (redaction != NULL && options->redactions != NULL)
    g_ptr_array_add (options->redactions, rt_redaction_ref (redaction));
  return redaction;
}

/* What a run says of itself is the user's, and the file's path may name them. */
static void
redact_info (RtRunInfo *info, RtRedaction *redaction)
{
  char **texts[] = { &info->name, &info->title, &info->lesson_text, &info->metadata };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      char *text = copy_text (redaction, *texts[i]);

      g_free (*texts[i]);
      *texts[i] = text;
    }
  g_clear_pointer (&info->lesson_path, g_free);
}

static gboolean
copy_run (
    RtSession *from, RtRunInfo *info, RtSession *to, const RtExportOptions *options, GError **error)
{
  g_autoptr (RtReader) reader = rt_session_open_run (from, info->id, error);
  g_autoptr (RtRedaction) redaction = NULL;
  g_autoptr (RtRecorder) recorder = NULL;
  gint64 run;

  if (reader == NULL)
    return FALSE;
  if (options->redact)
    {
      redaction = redact (reader, options, error);
      if (redaction == NULL)
        return FALSE;
      rt_reader_unref (reader);
      reader = rt_redaction_dup_reader (redaction);
      redact_info (info, redaction);
    }
  /* The one it branched off is not in the file if it was left out. */
  if (options->run != 0)
    info->parent = 0;
  recorder = rt_session_begin_run (to, info, NULL, NULL, error);
  if (recorder == NULL)
    return FALSE;
  run = rt_recorder_get_run (recorder);
  return copy_pages (reader, recorder, options, error)
         && rt_recorder_finish (g_steal_pointer (&recorder), error)
         && copy_marks (from, info->id, to, run, redaction, error);
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

/* The row in @copy of what is @row in the original: runs are copied in their order. */
static gboolean
find_row (RtSession *copy, gint64 run, guint number, GArray *ret_ids, GError **error)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func ((GDestroyNotify)g_variant_unref);
  RtExchangeQuery query = { .run = run, .where = "number = ?1", .values = values };
  g_autoptr (GArray) found = NULL;

  g_ptr_array_add (values, g_variant_ref_sink (g_variant_new_int64 (number)));
  found = rt_session_select_exchanges (copy, &query, error);
  if (found == NULL)
    return FALSE;
  g_array_append_vals (ret_ids, found->data, found->len);
  return TRUE;
}

static gint64
place_of_run (GPtrArray *infos, const RtExportOptions *options, gint64 run)
{
  for (guint i = 0; i < infos->len && options->run == 0; i++)
    if (((const RtRunInfo *)infos->pdata[i])->id == run)
      return i + 1;
  return 1;
}

static GArray *
find_rows (RtSession *session, const RtExportOptions *options, RtSession *copy, GError **error)
{
  g_autoptr (GPtrArray) infos = rt_session_list_runs (session, error);
  g_autoptr (GPtrArray) rows = rt_session_get_exchanges (
      session, (const gint64 *)(gpointer)options->ids->data, options->ids->len, error);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; infos != NULL && rows != NULL && i < rows->len; i++)
    {
      const RtExchangeRow *row = rows->pdata[i];

      if (!find_row (copy, place_of_run (infos, options, row->run), row->number, ids, error))
        return NULL;
    }
  return infos != NULL && rows != NULL ? g_steal_pointer (&ids) : NULL;
}

/**
 * rt_session_open_redacted:
 * @session: a session
 * @path: where the copy is made, which is not there yet
 * @options: which part of it is wanted
 * @ret_options: what asks the copy for the same part; its @ids is to be freed
 *
 * Returns: (transfer full) (nullable): a copy of @session without its secrets
 */
RtSession *
rt_session_open_redacted (RtSession *session,
                          const char *path,
                          const RtExportOptions *options,
                          RtExportOptions *ret_options,
                          GError **error)
{
  RtExportOptions whole = *options;
  g_autoptr (RtSession) copy = NULL;
  GArray *ids = NULL;

  whole.ids = NULL;
  whole.redact = TRUE;
  if (!rt_session_copy (session, path, &whole, error))
    return NULL;
  copy = rt_session_open (path, error);
  if (copy == NULL)
    return NULL;
  if (options->ids != NULL)
    {
      ids = find_rows (session, options, copy, error);
      if (ids == NULL)
        return NULL;
    }
  *ret_options = *options;
  ret_options->run = 0;
  ret_options->ids = ids;
  ret_options->redact = FALSE;
  return g_steal_pointer (&copy);
}
