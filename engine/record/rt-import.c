/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The import path.
 *
 * A log's time never goes backwards, but a foreign file tells of an exchange as a whole, and the
 * next one began before it had ended. So what is told of waits in a heap (rt-import-step.c), by
 * time, until the reader says that nothing earlier will come (rt_import_advance()). Readers whose
 * source is in the order of time, as captures are, advance to each packet first and nothing ever
 * waits.
 *
 * An import knows one moment of each byte, so both ends of the connection have it then. */
#include "rt-import-private.h"

#include "rt-facts.h"
#include "rt-json-value.h"

/* The progress is told so many times an import. */
#define PROGRESS_STEPS 200

void
rt_import_report_free (RtImportReport *report)
{
  g_ptr_array_unref (report->warnings);
  g_free (report);
}

/** rt_import_report_add: @more is of another part of the same file. */
void
rt_import_report_add (RtImportReport *report, const RtImportReport *more)
{
  report->n_connections += more->n_connections;
  report->n_exchanges += more->n_exchanges;
  report->n_warnings += more->n_warnings;
  report->whole &= more->whole;
  for (guint i = 0; i < more->warnings->len && report->warnings->len < RT_IMPORT_WARNINGS_MAX; i++)
    g_ptr_array_add (report->warnings, g_strdup (more->warnings->pdata[i]));
}

static void
clear_mark (gpointer data)
{
  g_free (((RtMark *)data)->text);
}

/**
 * rt_import_new:
 * @session: (nullable): a session that can be written: the import becomes a run of it. %NULL: it
 *   stays in memory, in rt_import_get_log()
 * @file: the path as the user gave it, for messages; its last part becomes the run's title
 * @format: `har`, `pcap`, …
 * @options: (nullable): copied
 *
 * Returns: (transfer full): an import that has read nothing
 */
RtImport *
rt_import_new (RtSession *session,
               const char *file,
               const char *format,
               const RtImportOptions *options)
{
  RtImport *import = g_new0 (RtImport, 1);

  import->session = session != NULL ? rt_session_ref (session) : NULL;
  import->file = g_strdup (file);
  import->format = g_strdup (format);
  import->run_name = g_strdup ("import");
  if (options != NULL)
    import->options = *options;
  if (import->options.cancellable != NULL)
    g_object_ref (import->options.cancellable);
  import->pending = g_array_new (FALSE, FALSE, sizeof (RtImportStep));
  import->lines = g_array_new (FALSE, TRUE, sizeof (RtImportLine));
  g_array_set_size (import->lines, 1);
  import->marks = g_array_new (FALSE, FALSE, sizeof (RtMark));
  g_array_set_clear_func (import->marks, clear_mark);
  import->report = g_new0 (RtImportReport, 1);
  import->report->warnings = g_ptr_array_new_with_free_func (g_free);
  import->report->whole = TRUE;
  return import;
}

/**
 * rt_import_free:
 * @import: an import that is given up: its run stays unfinished
 */
void
rt_import_free (RtImport *import)
{
  for (guint i = 0; i < import->pending->len; i++)
    rt_import_step_clear (&g_array_index (import->pending, RtImportStep, i));
  g_array_unref (import->pending);
  g_array_unref (import->lines);
  g_array_unref (import->marks);
  g_clear_pointer (&import->log, rt_log_free);
  g_clear_pointer (&import->recorder, rt_recorder_free);
  g_clear_pointer (&import->session, rt_session_unref);
  g_clear_object (&import->options.cancellable);
  g_clear_pointer (&import->report, rt_import_report_free);
  g_free (import->file);
  g_free (import->format);
  g_free (import->run_name);
  g_free (import);
}

/**
 * rt_import_set_run_name:
 * @import: an import that was not begun
 * @name: what the run is called; `import` otherwise
 */
void
rt_import_set_run_name (RtImport *import, const char *name)
{
  g_free (import->run_name);
  import->run_name = g_strdup (name);
}

/* The run begins with the first moment that the source tells of. */
static gboolean
begin (RtImport *import, RtTime time, GError **error)
{
  g_autofree char *title = g_path_get_basename (import->file);

  import->now = time;
  if (import->session == NULL)
    {
      import->log = rt_log_new (RT_LOG_KEEP_ALL, NULL, NULL);
      import->begun = TRUE;
      return TRUE;
    }
  import->recorder = rt_session_begin_run (
      import->session,
      &(RtRunInfo){
          .name = import->run_name, .title = title, .source = RT_SOURCE_IMPORT, .started = time },
      NULL, NULL, error);
  if (import->recorder == NULL)
    {
      import->failed = TRUE;
      return FALSE;
    }
  import->report->run = rt_recorder_get_run (import->recorder);
  import->log = rt_log_new (0, rt_recorder_add_page, import->recorder);
  import->begun = TRUE;
  return TRUE;
}

/* What readers call */

/**
 * rt_import_advance:
 * @import: an import
 * @time: nothing earlier will be told of from now on
 *
 * To be called before anything else is told of: the first time is that at which the run begins. An
 * earlier @time than before changes nothing.
 *
 * Returns: %FALSE if the run could not be begun
 */
gboolean
rt_import_advance (RtImport *import, RtTime time, GError **error)
{
  if (!import->begun && !begin (import, time, error))
    return FALSE;
  rt_import_write_until (import, time);
  import->now = MAX (import->now, time);
  return TRUE;
}

/**
 * rt_import_step:
 * @import: an import
 * @done: how far the reader is
 * @total: … of how much; 0: not known
 *
 * To be called often; the progress is told seldom.
 *
 * Errors: `G_IO_ERROR_CANCELLED`.
 *
 * Returns: %FALSE if the import is to stop
 */
gboolean
rt_import_step (RtImport *import, guint64 done, guint64 total, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (import->options.cancellable, error))
    return FALSE;
  if (import->options.progress == NULL || (done < import->told && done > 0))
    return TRUE;
  import->told = done + MAX (total / PROGRESS_STEPS, 1);
  import->options.progress (done, total, import->options.progress_data);
  return TRUE;
}

/**
 * rt_import_warn:
 * @import: an import
 * @place: (nullable): where; its file defaults to the imported one
 * @format: what is wrong there and what was made of it; UTF-8
 */
void
rt_import_warn (RtImport *import, const RtPlace *place, const char *format, ...)
{
  RtImportReport *report = import->report;
  RtPlace whole = place != NULL ? *place : (RtPlace){ NULL, 0, 0 };
  g_autofree char *words = NULL;
  g_autofree char *where = NULL;
  va_list arguments;

  if (report->n_warnings++ >= RT_IMPORT_WARNINGS_MAX)
    return;
  if (whole.file == NULL)
    whole.file = import->file;
  where = rt_place_format (&whole);
  va_start (arguments, format);
  words = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_ptr_array_add (report->warnings, g_strdup_printf ("%s: %s", where, words));
}

/**
 * rt_import_broke_off:
 * @import: an import whose source cannot be read on
 * @message: why, its place included: the last of the warnings
 */
void
rt_import_broke_off (RtImport *import, const char *message)
{
  RtImportReport *report = import->report;

  report->whole = FALSE;
  report->n_warnings++;
  if (report->warnings->len > RT_IMPORT_WARNINGS_MAX)
    g_ptr_array_set_size (report->warnings, RT_IMPORT_WARNINGS_MAX);
  g_ptr_array_add (report->warnings, g_strdup (message));
}

/** rt_import_count_exchange: the reader has told of an exchange. */
void
rt_import_count_exchange (RtImport *import)
{
  import->report->n_exchanges++;
}

/**
 * rt_import_mark:
 * @text: somebody's words on what is written next; made valid if it is not
 */
void
rt_import_mark (RtImport *import, const char *text)
{
  RtMark mark = { .event = rt_log_get_length (import->log) };

  if (import->marks->len >= RT_IMPORT_MARKS_MAX)
    return;
  mark.text = g_utf8_make_valid (text, -1);
  g_array_append_val (import->marks, mark);
}

/** rt_import_get_report: (transfer none): what there is to say until now. */
const RtImportReport *
rt_import_get_report (RtImport *import)
{
  return import->report;
}

/**
 * rt_import_get_log:
 *
 * Returns: (transfer none) (nullable): the log; without a session it keeps everything
 */
RtLog *
rt_import_get_log (RtImport *import)
{
  return import->log;
}

/**
 * rt_import_party:
 * @name: what people call it: a host's name, an address
 * @kind: `client`, `origin`, `proxy`, …
 *
 * Returns: its number
 */
RtPartyId
rt_import_party (RtImport *import, const char *name, const char *kind)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);

  g_return_val_if_fail (import->begun, 0);
  return rt_log_add_party (import->log, import->now, valid, kind);
}

/**
 * rt_import_connect:
 * @time: when @from began to open it, or the first that was seen of it
 * @host: what it was opened to
 * @provenance: %RT_BYTES_CROSSED for rt_import_bytes(), %RT_BYTES_RECONSTRUCTED for
 *   rt_import_rebuilt()
 *
 * Returns: the new connection's number
 */
RtConnection
rt_import_connect (RtImport *import,
                   RtTime time,
                   RtPartyId from,
                   RtPartyId to,
                   const char *host,
                   guint16 port,
                   RtProvenance provenance)
{
  g_autofree char *valid = g_utf8_make_valid (host, -1);
  RtImportLine line = { .ends = { from, to }, .provenance = provenance, .sent = RT_EVENT_NONE };
  RtImportStep step = { .time = time, .kind = RT_STEP_CONNECT };

  g_return_val_if_fail (import->begun, 0);
  step.connection = rt_log_next_connection (import->log);
  step.detail = g_variant_ref_sink (g_variant_new ("(sqsq)", valid, port, "tcp", to));
  g_array_append_val (import->lines, line);
  import->report->n_connections++;
  rt_import_schedule (import, step);
  return step.connection;
}

/** rt_import_established: the connection could be used from @time on. */
void
rt_import_established (RtImport *import, RtConnection connection, RtTime time)
{
  rt_import_schedule (
      import,
      (RtImportStep){ .time = time, .kind = RT_STEP_ESTABLISHED, .connection = connection });
}

/**
 * rt_import_secured:
 * @time: when TLS was up
 * @version: (nullable): `TLS 1.3`
 * @alpn: (nullable): what was settled on
 */
void
rt_import_secured (
    RtImport *import, RtConnection connection, RtTime time, const char *version, const char *alpn)
{
  g_auto (GVariantBuilder) about = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  if (version != NULL)
    g_variant_builder_add (&about, "{sv}", "version", g_variant_new_string (version));
  if (alpn != NULL)
    g_variant_builder_add (&about, "{sv}", "alpn", g_variant_new_string (alpn));
  rt_import_schedule (
      import, (RtImportStep){ .time = time,
                              .kind = RT_STEP_SECURED,
                              .connection = connection,
                              .detail = g_variant_ref_sink (g_variant_builder_end (&about)) });
}

/**
 * rt_import_bytes:
 * @direction: which way
 * @time: when they were seen
 * @bytes: in their order: what was out of order is put in order by the caller
 */
void
rt_import_bytes (
    RtImport *import, RtConnection connection, RtDirection direction, RtTime time, GBytes *bytes)
{
  if (g_bytes_get_size (bytes) == 0)
    return;
  rt_import_schedule (import, (RtImportStep){ .time = time,
                                              .kind = RT_STEP_BYTES,
                                              .connection = connection,
                                              .direction = direction,
                                              .bytes = g_bytes_ref (bytes) });
}

/* How much crosses at the first moment: the head, or the start line where there is nothing else. */
static gsize
first_part (const RtRebuilt *message, gsize content)
{
  gsize length;
  const char *head = g_bytes_get_data (message->head, &length);
  const char *end;

  if (message->first >= message->last)
    return length + content;
  if (content > 0)
    return length;
  end = memchr (head, '\n', length);
  return end != NULL ? (gsize)(end + 1 - head) : length;
}

static GBytes *
dup_whole (const RtRebuilt *message, gsize content)
{
  gsize head;
  const guint8 *start = g_bytes_get_data (message->head, &head);
  guint8 *whole;

  if (content == 0)
    return g_bytes_ref (message->head);
  whole = g_malloc (head + content);
  memcpy (whole, start, head);
  memcpy (whole + head, g_bytes_get_data (message->content, NULL), content);
  return g_bytes_new_take (whole, head + content);
}

/**
 * rt_import_rebuilt:
 * @connection: one with %RT_BYTES_RECONSTRUCTED
 * @direction: which way
 * @message: what was rebuilt; messages of one direction do not overlap
 */
void
rt_import_rebuilt (RtImport *import,
                   RtConnection connection,
                   RtDirection direction,
                   const RtRebuilt *message)
{
  gsize head = g_bytes_get_size (message->head);
  gsize content = message->content != NULL ? g_bytes_get_size (message->content) : 0;
  RtImportStep step = { .time = message->first,
                        .kind = RT_STEP_REBUILT,
                        .connection = connection,
                        .direction = direction,
                        .first = first_part (message, content) };

  step.bytes = dup_whole (message, content);
  step.comment = g_strdup (message->comment);
  step.detail = g_variant_ref_sink (rt_facts_new_rebuilt (
      (guint32)head, content + message->cut, message->missing, message->why, message->facts));
  rt_import_schedule (import, step);
  if (step.first < head + content)
    rt_import_schedule (import, (RtImportStep){ .time = message->last,
                                                .kind = RT_STEP_REST,
                                                .connection = connection,
                                                .direction = direction,
                                                .first = step.first });
}

/**
 * rt_import_gap:
 * @length: bytes that are missing; 0: not known
 * @why: in words
 */
void
rt_import_gap (RtImport *import,
               RtConnection connection,
               RtDirection direction,
               RtTime time,
               guint64 length,
               const char *why)
{
  rt_import_schedule (
      import, (RtImportStep){ .time = time,
                              .kind = RT_STEP_GAP,
                              .connection = connection,
                              .direction = direction,
                              .detail = g_variant_ref_sink (g_variant_new ("(ts)", length, why)) });
}

/**
 * rt_import_state:
 * @direction: of the end that keeps it: %RT_FORWARD: the one that opened the connection
 * @kind, @key: what changed, of the connection's last request
 * @value: (nullable): the new value; a floating reference is sunk
 *
 * Something that the source tells of an exchange and that is no message of HTTP.
 */
void
rt_import_state (RtImport *import,
                 RtConnection connection,
                 RtDirection direction,
                 RtTime time,
                 const char *kind,
                 const char *key,
                 GVariant *value)
{
  rt_import_schedule (import, (RtImportStep){ .time = time,
                                              .kind = RT_STEP_STATE,
                                              .connection = connection,
                                              .direction = direction,
                                              .detail = g_variant_ref_sink (
                                                  g_variant_new ("(ssmv)", kind, key, value)) });
}

/** rt_import_end: the end that writes in @direction sends no more. */
void
rt_import_end (RtImport *import, RtConnection connection, RtDirection direction, RtTime time)
{
  rt_import_schedule (import, (RtImportStep){ .time = time,
                                              .kind = RT_STEP_END,
                                              .connection = connection,
                                              .direction = direction });
}

/** rt_import_abort: the connection was cut off, or never came up; @why in words. */
void
rt_import_abort (RtImport *import, RtConnection connection, RtTime time, const char *why)
{
  rt_import_schedule (import,
                      (RtImportStep){ .time = time,
                                      .kind = RT_STEP_ABORT,
                                      .connection = connection,
                                      .detail = g_variant_ref_sink (g_variant_new_string (why)) });
}

/* Where the run came from and what was wrong with it, to be read with the session. */
static char *
dup_metadata (const RtImport *import)
{
  const RtImportReport *report = import->report;
  g_autofree char *name = g_path_get_basename (import->file);
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  GString *out = g_string_new ("{\"file\": ");

  rt_json_append_string (out, rt_text (valid));
  g_string_append (out, ", \"format\": ");
  rt_json_append_string (out, rt_text (import->format));
  g_string_append_printf (out, ", \"whole\": %s, \"n_warnings\": %u, \"warnings\": [",
                          report->whole ? "true" : "false", report->n_warnings);
  for (guint i = 0; i < report->warnings->len; i++)
    {
      g_autofree char *warning = g_utf8_make_valid (report->warnings->pdata[i], -1);

      g_string_append (out, i > 0 ? ", " : "");
      rt_json_append_string (out, rt_text (warning));
    }
  g_string_append (out, "]}");
  return g_string_free (out, FALSE);
}

/* Behind the last event there is nothing to be marked: then it is that one. */
static gboolean
set_marks (RtImport *import, guint64 length, GError **error)
{
  for (guint i = 0; i < import->marks->len && length > 0; i++)
    {
      const RtMark *mark = &g_array_index (import->marks, RtMark, i);

      if (!rt_session_set_mark (import->session, import->report->run, MIN (mark->event, length - 1),
                                mark->text, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * rt_import_finish:
 * @import: (not nullable): an import; only rt_import_free() and, without a session,
 *   rt_import_get_log() may follow
 *
 * Writes what still waits and ends the run.
 *
 * Errors: the file could not be written.
 *
 * Returns: (transfer full) (nullable): what there is to say of it
 */
RtImportReport *
rt_import_finish (RtImport *import, GError **error)
{
  g_autofree char *metadata = NULL;
  guint64 length;

  if (!rt_import_advance (import, import->now, error))
    return NULL;
  rt_import_write_until (import, G_MAXINT64);
  rt_log_flush (import->log);
  if (import->recorder == NULL)
    return g_steal_pointer (&import->report);
  metadata = dup_metadata (import);
  length = rt_log_get_length (import->log);
  if (!rt_recorder_finish (g_steal_pointer (&import->recorder), error)
      || !set_marks (import, length, error)
      || !rt_session_set_metadata (import->session, import->report->run, metadata, error))
    return NULL;
  return g_steal_pointer (&import->report);
}
