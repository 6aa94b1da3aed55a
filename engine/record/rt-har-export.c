/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The export to a HAR: a page each run, an entry each exchange, written as they are made. */
#include "rt-exchanges.h"
#include "rt-har-write.h"
#include "rt-har.h"
#include "rt-json-value.h"

/* What is gathered before it is written. */
#define PIECE (256 * 1024)

typedef struct
{
  RtSession *session;
  GOutputStream *out;
  const RtExportOptions *options;
  GString *text;
  GHashTable *wanted; /* (nullable): of `run << 32 | number`; looked up, never walked */
  guint64 done, total;
  gboolean any;
} Export;

static gboolean
write_text (Export *export, GError **error)
{
  gboolean done = g_output_stream_write_all (export->out, export->text->str, export->text->len,
                                             NULL, export->options->cancellable, error);

  g_string_truncate (export->text, 0);
  return done;
}

static gboolean
tell (Export *export, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (export->options->cancellable, error))
    return FALSE;
  export->done++;
  if (export->options->progress != NULL
      && (export->done % 1024 == 0 || export->done == export->total))
    export->options->progress (export->done, export->total, export->options->progress_data);
  return export->text->len < PIECE || write_text (export, error);
}

static gint64
key_of (gint64 run, guint number)
{
  return run << 32 | number;
}

/* The rows that were asked for, by run and number. */
static gboolean
find_wanted (Export *export, GError **error)
{
  const GArray *ids = export->options->ids;
  g_autoptr (GPtrArray) rows = NULL;

  if (ids == NULL)
    return TRUE;
  rows = rt_session_get_exchanges (export->session, (const gint64 *)(gpointer)ids->data, ids->len,
                                   error);
  if (rows == NULL)
    return FALSE;
  export->wanted = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  for (guint i = 0; i < rows->len; i++)
    {
      const RtExchangeRow *row = rows->pdata[i];
      gint64 key = key_of (row->run, row->number);

      g_hash_table_add (export->wanted, g_memdup2 (&key, sizeof key));
    }
  return TRUE;
}

static gboolean
is_wanted (const Export *export, gint64 run, guint number)
{
  gint64 key = key_of (run, number);

  return export->wanted == NULL || g_hash_table_contains (export->wanted, &key);
}

/* Which exchange an event is of: that whose request was the last to begin, the first of several
 * that one event brought. Its number; 0: none. */
static guint
find_exchange (GPtrArray *exchanges, guint64 event)
{
  guint64 latest = 0;
  guint found = 0;

  for (guint i = 0; i < exchanges->len; i++)
    {
      const RtExchange *exchange = exchanges->pdata[i];
      guint64 first = exchange->request != NULL ? exchange->request->first_event : G_MAXUINT64;

      if (first > event || (found != 0 && first <= latest))
        continue;
      latest = first;
      found = i + 1;
    }
  return found;
}

/* The words of marks, by exchange. */
static GPtrArray *
gather_comments (GPtrArray *exchanges, GPtrArray *marks)
{
  GPtrArray *comments = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_set_size (comments, (int)exchanges->len);
  for (guint i = 0; i < marks->len; i++)
    {
      const RtMark *mark = marks->pdata[i];
      guint at = find_exchange (exchanges, mark->event);
      g_autofree char *before = NULL;

      if (at == 0 || mark->text == NULL || *mark->text == '\0')
        continue;
      before = comments->pdata[at - 1];
      comments->pdata[at - 1]
          = before != NULL ? g_strconcat (before, "\n", mark->text, NULL) : g_strdup (mark->text);
    }
  return comments;
}

static gboolean
write_exchanges (Export *export, const RtRunInfo *info, GError **error)
{
  g_autoptr (RtReader) reader = rt_session_open_run (export->session, info->id, error);
  g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
  g_autofree char *page = g_strdup_printf ("run_%" G_GINT64_FORMAT, info->id);
  g_autoptr (GPtrArray) marks = rt_session_list_marks (export->session, info->id, error);
  g_autoptr (GPtrArray) comments = NULL;
  GPtrArray *exchanges;

  if (marks == NULL || reader == NULL
      || !rt_analysis_feed_reader (analysis, reader, G_MAXUINT64, error))
    return FALSE;
  exchanges = rt_analysis_get_exchanges (analysis);
  comments = gather_comments (exchanges, marks);
  export->total += exchanges->len;
  for (guint i = 0; i < exchanges->len; i++)
    {
      const RtExchange *exchange = exchanges->pdata[i];

      /* An entry has a request; a response that nobody asked for cannot be one. */
      if (exchange->request != NULL && exchange->request->has_head
          && is_wanted (export, info->id, exchange->id))
        {
          g_string_append (export->text, export->any ? ",\n" : "\n");
          export->any = TRUE;
          rt_har_append_entry (export->text, analysis, exchange, page, comments->pdata[i]);
        }
      if (!tell (export, error))
        return FALSE;
    }
  return TRUE;
}

static void
append_page (GString *out, const RtRunInfo *info, gboolean first)
{
  g_autofree char *started = rt_time_format (info->started);

  g_string_append_printf (
      out, "%s{\"startedDateTime\":\"%s\",\"id\":\"run_%" G_GINT64_FORMAT "\",\"title\":",
      first ? "" : ",", started, info->id);
  rt_json_append_string (out, rt_text (info->title != NULL ? info->title : info->name));
  g_string_append (out, ",\"pageTimings\":{},\"_run\":");
  rt_json_append_string (out, rt_text (info->name));
  g_string_append_c (out, '}');
}

static gboolean
is_asked_for (const RtExportOptions *options, const RtRunInfo *info)
{
  return options->run == 0 || options->run == info->id;
}

static gboolean
write_document (Export *export, GPtrArray *infos, GError **error)
{
  gboolean first = TRUE;

  rt_har_append_head (export->text);
  g_string_append (export->text, "\"pages\":[");
  for (guint i = 0; i < infos->len; i++)
    if (is_asked_for (export->options, infos->pdata[i]))
      {
        append_page (export->text, infos->pdata[i], first);
        first = FALSE;
      }
  g_string_append (export->text, "],\"entries\":[");
  for (guint i = 0; i < infos->len; i++)
    if (is_asked_for (export->options, infos->pdata[i])
        && !write_exchanges (export, infos->pdata[i], error))
      return FALSE;
  g_string_append (export->text, "\n]}}\n");
  return write_text (export, error);
}

/**
 * rt_har_export:
 * @session: a session
 * @out: where to
 * @options: which part of it
 *
 * Valid HAR 1.2. Content has its codings undone; what is no UTF-8 is base64. Times are exact to the
 * microsecond. What was reconstructed stays marked (`_reconstructed`).
 *
 * Errors: those of both; `G_IO_ERROR_CANCELLED`.
 *
 * Returns: %TRUE on success
 */
gboolean
rt_har_export (RtSession *session,
               GOutputStream *out,
               const RtExportOptions *options,
               GError **error)
{
  g_autoptr (GPtrArray) infos = rt_session_list_runs (session, error);
  Export export = { .session = session, .out = out, .options = options };
  gboolean done;

  if (infos == NULL)
    return FALSE;
  export.text = g_string_sized_new (PIECE + PIECE / 4);
  done = find_wanted (&export, error) && write_document (&export, infos, error);
  g_string_free (export.text, TRUE);
  g_clear_pointer (&export.wanted, g_hash_table_unref);
  return done;
}
