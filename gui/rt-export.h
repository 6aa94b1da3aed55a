/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can be taken out of the window: a table of the kinds, and the work, which is done on a
 * thread of its own. */
#pragma once

#include <gio/gio.h>

#include "rt-exchange-export.h"
#include "rt-import.h"
#include "rt-lesson.h"
#include "rt-marked.h"
#include "rt-view.h"

G_BEGIN_DECLS

/**
 * RtExportScope:
 * @RT_EXPORT_TIMELINE: a picture of the run that is shown, in the format of the file's name
 * @RT_EXPORT_LESSON: the lesson as a page for browsers
 * @RT_EXPORT_TRANSCRIPT: the run in words
 * @RT_EXPORT_EXCHANGE: the exchange that is selected
 * @RT_EXPORT_MARKED: what is marked in it; to the clipboard alone
 * @RT_EXPORT_SESSION: all that was recorded with the run
 *
 * How much is taken.
 */
typedef enum
{
  RT_EXPORT_TIMELINE,
  RT_EXPORT_LESSON,
  RT_EXPORT_TRANSCRIPT,
  RT_EXPORT_EXCHANGE,
  RT_EXPORT_MARKED,
  RT_EXPORT_SESSION,
} RtExportScope;

/**
 * RtExportKind:
 * @name: target of the action `win.export`, or behind `win.copy-`
 * @title: (nullable): heading of the question for a file; to be translated
 * @suffix: (nullable): what a name of its file ends in
 * @form: EXCHANGE: an #RtExchangeForm; MARKED: an #RtMarkedForm
 * @format: SESSION: name of an #RtFormat
 */
typedef struct
{
  const char *name, *title, *suffix;
  RtExportScope scope;
  guint form;
  const char *format;
} RtExportKind;

/**
 * RtExport:
 * @path: (nullable): the file; %NULL: @bytes get what would be in it
 * @body: (nullable): content of a request that does not fit on its command line
 * @redactions: (element-type RtRedaction): what was replaced by pseudonyms, if that was asked for
 *
 * An export: what is wanted, and what came of it.
 */
typedef struct
{
  const RtExportKind *kind;
  char *path;
  GBytes *bytes, *body;
  GPtrArray *redactions;

  /* Of what: taken when it was asked for. */
  gboolean redact, masked, true_scale;
  RtReader *reader;
  RtExcerpt *excerpt; /* (nullable) */
  guint64 cut;
  RtViewSelection selection;
  guint hidden_layers;
  GPtrArray *notes;
  RtLesson *lesson;
  char *session;

  /* How far it is: for RtImportProgress. */
  RtImportProgress progress;
  gpointer progress_data;
} RtExport;

const RtExportKind *rt_export_kind_find (const char *name);
char *rt_export_kind_dup_file_name (const RtExportKind *kind, RtView *view, const RtLesson *lesson);

RtExport *rt_export_new (const RtExportKind *kind,
                         RtView *view,
                         const RtLesson *lesson,
                         const char *path,
                         gboolean redact,
                         GError **error);
gboolean rt_export_run (RtExport *export, GCancellable *cancellable, GError **error);
void rt_export_refuse_masked (GError **error);
void rt_export_free (RtExport *export);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtExport, rt_export_free)

G_END_DECLS
