/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whatever is of one run is made of an analysis of its own, fed up to the view's cut: so an export
 * tells no more than the window does, and secrets are replaced in all of them alike. */
#include "rt-export.h"

#include "rt-curl.h"
#include "rt-error.h"
#include "rt-format.h"
#include "rt-handout.h"
#include "rt-redact.h"
#include "rt-timeline-picture.h"
#include "rt-transcript.h"

#include <glib/gi18n.h>
#include <string.h>

/* clang-format off */
static const RtExportKind kinds[] = {
  { "timeline-svg", N_ ("Export the timeline as SVG"), ".svg", RT_EXPORT_TIMELINE, 0, NULL },
  { "timeline-pdf", N_ ("Export the timeline as PDF"), ".pdf", RT_EXPORT_TIMELINE, 0, NULL },
  { "timeline-png", N_ ("Export the timeline as PNG"), ".png", RT_EXPORT_TIMELINE, 0, NULL },
  { "lesson", N_ ("Export the lesson as a page for browsers"), ".html", RT_EXPORT_LESSON, 0, NULL },
  { "transcript", N_ ("Export the transcript"), ".txt", RT_EXPORT_TRANSCRIPT, 0, NULL },
  { "curl", N_ ("Export the request as a curl command"), ".sh", RT_EXPORT_EXCHANGE, RT_EXCHANGE_AS_CURL, NULL },
  { "raw", N_ ("Export the exchange’s bytes"), ".http", RT_EXPORT_EXCHANGE, RT_EXCHANGE_AS_RAW, NULL },
  { "har", N_ ("Export the exchange as HAR"), ".har", RT_EXPORT_EXCHANGE, RT_EXCHANGE_AS_HAR, NULL },
  { "bytes", NULL, NULL, RT_EXPORT_MARKED, RT_MARKED_BYTES, NULL },
  { "hex", NULL, NULL, RT_EXPORT_MARKED, RT_MARKED_HEX, NULL },
  { "value", NULL, NULL, RT_EXPORT_MARKED, RT_MARKED_VALUE, NULL },
  { "address", NULL, NULL, RT_EXPORT_MARKED, RT_MARKED_ADDRESS, NULL },
  { "session-roundtrip", N_ ("Export a copy of the session"), ".roundtrip", RT_EXPORT_SESSION, 0, "roundtrip" },
  { "session-har", N_ ("Export the session as HAR"), ".har", RT_EXPORT_SESSION, 0, "har" },
  { "session-pcapng", N_ ("Export the session as pcapng"), ".pcapng", RT_EXPORT_SESSION, 0, "pcapng" },
};
/* clang-format on */

/** rt_export_kind_find: Returns: (nullable): the kind of that name */
const RtExportKind *
rt_export_kind_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].name, name))
      return &kinds[i];
  return NULL;
}

/* What it is of: the session's file, or the lesson. */
static char *
dup_base (RtView *view, const RtLesson *lesson)
{
  const char *file = view != NULL && rt_view_get_is_private (view) ? rt_view_get_file (view) : NULL;
  char *name, *dot;

  if (file == NULL)
    return g_strdup (lesson != NULL ? lesson->name : "roundtrip");
  name = g_path_get_basename (file);
  dot = strrchr (name, '.');
  if (dot != NULL && dot != name)
    *dot = '\0';
  return name;
}

/**
 * rt_export_kind_dup_file_name:
 * @view: (nullable): the run that is shown
 * @lesson: (nullable): that is open
 *
 * Returns: (transfer full): what its file could be called
 */
char *
rt_export_kind_dup_file_name (const RtExportKind *kind, RtView *view, const RtLesson *lesson)
{
  g_autofree char *base = dup_base (view, lesson);

  if (kind->scope == RT_EXPORT_EXCHANGE && view != NULL)
    return g_strdup_printf ("%s-%u%s", base, rt_view_get_selection (view).exchange, kind->suffix);
  return g_strconcat (base, kind->suffix, NULL);
}

static gboolean
refuse (GError **error, const char *problem)
{
  rt_set_error (error, RT_ERROR_MISSING, NULL, NULL, "%s", problem);
  return FALSE;
}

/** rt_export_refuse_masked: a file has no mask: it would tell what was not predicted yet */
void
rt_export_refuse_masked (GError **error)
{
  refuse (error, _ ("what was recorded can be exported once all is predicted"));
}

static gboolean
check (const RtExportKind *kind, RtView *view, const RtLesson *lesson, GError **error)
{
  if (kind->scope == RT_EXPORT_LESSON)
    return lesson != NULL || refuse (error, _ ("no lesson is open"));
  if (view == NULL)
    return refuse (error, _ ("there is nothing to export"));
  if ((kind->scope == RT_EXPORT_EXCHANGE || kind->scope == RT_EXPORT_MARKED)
      && rt_view_get_exchange (view) == NULL)
    return refuse (error, _ ("no exchange is selected"));
  if (kind->scope == RT_EXPORT_SESSION && rt_view_get_file (view) == NULL)
    return refuse (error, _ ("this run is not recorded"));
  return TRUE;
}

/**
 * rt_export_new:
 * @view: (nullable): the run that is shown
 * @lesson: (nullable): that is open
 * @path: (nullable): the file, which is replaced if it is there
 * @redact: secrets are replaced by pseudonyms
 *
 * Errors: %RT_ERROR_MISSING: there is no such thing to export.
 *
 * Returns: (transfer full) (nullable): for rt_export_run() on any thread
 */
RtExport *
rt_export_new (const RtExportKind *kind,
               RtView *view,
               const RtLesson *lesson,
               const char *path,
               gboolean redact,
               GError **error)
{
  RtExport *export;

  if (!check (kind, view, lesson, error))
    return NULL;
  export = g_new0 (RtExport, 1);
  export->kind = kind;
  export->path = g_strdup (path);
  export->redact = redact;
  export->redactions = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_redaction_unref);
  export->lesson = lesson != NULL ? rt_lesson_ref ((RtLesson *)lesson) : NULL;
  if (view == NULL)
    return export;
  export->reader = rt_view_dup_reader (view);
  if (rt_view_get_excerpt (view) != NULL)
    export->excerpt = rt_excerpt_ref (rt_view_get_excerpt (view));
  export->cut = rt_view_get_cut (view);
  export->masked = rt_view_get_masked (view);
  export->selection = rt_view_get_selection (view);
  export->notes = rt_view_dup_notes (view);
  export->hidden_layers = rt_view_get_hidden_layers (view);
  export->session = g_strdup (rt_view_get_file (view));
  return export;
}

void
rt_export_free (RtExport *export)
{
  g_free (export->path);
  g_free (export->session);
  g_clear_pointer (&export->bytes, g_bytes_unref);
  g_clear_pointer (&export->body, g_bytes_unref);
  g_clear_pointer (&export->redactions, g_ptr_array_unref);
  g_clear_pointer (&export->reader, rt_reader_unref);
  g_clear_pointer (&export->excerpt, rt_excerpt_unref);
  g_clear_pointer (&export->notes, g_ptr_array_unref);
  g_clear_pointer (&export->lesson, rt_lesson_unref);
  g_free (export);
}

/* Each kind */

static gboolean
write_bytes (const char *path, GBytes *bytes, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  return g_file_set_contents (path, data != NULL ? data : "", (gssize)size, error);
}

/* What one's notes say is kept from others, too. */
static void
redact_notes (RtExport *export, RtRedaction *redaction)
{
  for (guint i = 0; i < export->notes->len; i++)
    {
      RtTimelineNote *note = export->notes->pdata[i];
      char *text = rt_redaction_dup_text (redaction, note->text);

      g_free (note->text);
      note->text = text;
    }
}

/* Returns: (transfer full) (nullable): what the window knows, perhaps without its secrets. */
static RtAnalysis *
analyse (RtExport *export, GCancellable *cancellable, GError **error)
{
  g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
  g_autoptr (RtReader) reader = rt_reader_ref (export->reader);

  if (export->redact)
    {
      RtRedaction *redaction = rt_redact (export->reader, cancellable, error);

      if (redaction == NULL)
        return NULL;
      g_ptr_array_add (export->redactions, redaction);
      redact_notes (export, redaction);
      rt_reader_unref (reader);
      reader = rt_redaction_dup_reader (redaction);
    }
  if (export->excerpt != NULL)
    rt_excerpt_begin (export->excerpt, analysis);
  if (!rt_analysis_feed_reader (analysis, reader, export->cut, error)
      || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_steal_pointer (&analysis);
}

static gboolean
write_picture (RtExport *export, RtAnalysis *analysis, GError **error)
{
  const RtTimelineExtras extras
      = { .notes = export->notes, .hidden_layers = export->hidden_layers };
  g_autoptr (RtTimelineModel) model
      = rt_timeline_model_new_with_extras (analysis, &extras, export->masked);
  const RtPictureOptions options = { .now = RT_TIME_UNKNOWN, .true_scale = export->true_scale };

  return rt_timeline_picture_write (model, &options, export->path, error);
}

/* A command reads what does not fit on it from a file that lies beside it. */
static gboolean
write_body (const RtExport *export, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (export->path);
  g_autofree char *path = g_build_filename (folder, RT_CURL_BODY_FILE, NULL);

  return write_bytes (path, export->body, error);
}

static gboolean
make_exchange (RtExport *export, RtAnalysis *analysis, GError **error)
{
  const RtExchange *exchange = rt_analysis_get_exchange (analysis, export->selection.exchange);

  if (exchange == NULL)
    return refuse (error, _ ("no exchange is selected"));
  export->bytes = rt_exchange_export (analysis, exchange, (RtExchangeForm) export->kind->form,
                                      &export->body, error);
  return export->bytes != NULL
         && (export->path == NULL || export->body == NULL || write_body (export, error));
}

static gboolean
make_marked (RtExport *export, RtAnalysis *analysis, GError **error)
{
  export->bytes = rt_marked_copy (analysis, &export->selection, (RtMarkedForm) export->kind->form);
  return export->bytes != NULL || refuse (error, _ ("there is nothing marked to copy"));
}

static void
make_transcript (RtExport *export, RtAnalysis *analysis)
{
  char *text = rt_transcript_dup (analysis, RT_TRANSCRIPT_ALL);

  export->bytes = g_bytes_new_take (text, strlen (text));
}

static gboolean
export_run (RtExport *export, GCancellable *cancellable, GError **error)
{
  g_autoptr (RtAnalysis) analysis = analyse (export, cancellable, error);

  if (analysis == NULL)
    return FALSE;
  if (export->kind->scope == RT_EXPORT_TIMELINE)
    return write_picture (export, analysis, error);
  if (export->kind->scope == RT_EXPORT_TRANSCRIPT)
    make_transcript (export, analysis);
  else if (export->kind->scope == RT_EXPORT_MARKED)
    return make_marked (export, analysis, error);
  else if (!make_exchange (export, analysis, error))
    return FALSE;
  return export->path == NULL || write_bytes (export->path, export->bytes, error);
}

static const RtFormat *
find_format (const char *name)
{
  guint n;
  const RtFormat *formats = rt_format_list (&n);

  for (guint i = 0; i < n; i++)
    if (g_str_equal (formats[i].name, name))
      return &formats[i];
  g_assert_not_reached ();
}

static gboolean
export_session (RtExport *export, GCancellable *cancellable, GError **error)
{
  g_autoptr (RtSession) session = rt_session_open (export->session, error);
  const RtExportOptions options = { .redact = export->redact,
                                    .redactions = export->redactions,
                                    .cancellable = cancellable,
                                    .progress = export->progress,
                                    .progress_data = export->progress_data };

  return session != NULL
         && rt_format_export (find_format (export->kind->format), session, export->path, TRUE,
                              &options, error);
}

/**
 * rt_export_run:
 * @export: with a path, unless it is a transcript or an exchange
 * @cancellable: (nullable): stops it
 *
 * Errors: those of reading and writing; `G_IO_ERROR_CANCELLED`.
 *
 * Returns: %TRUE on success
 */
gboolean
rt_export_run (RtExport *export, GCancellable *cancellable, GError **error)
{
  if (export->kind->scope == RT_EXPORT_LESSON)
    return rt_handout_write (export->lesson, export->path, error);
  if (export->kind->scope == RT_EXPORT_SESSION)
    return export_session (export, cancellable, error);
  return export_run (export, cancellable, error);
}
