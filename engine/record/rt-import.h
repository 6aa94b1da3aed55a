/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What every import goes through: the traffic in a foreign file becomes events of a log, whose
 * pages take the same way as those of live traffic. A format's reader only says what happened when.
 */
#pragma once

#include "rt-error.h"
#include "rt-log.h"
#include "rt-session.h"
#include "rt-text.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/** RT_IMPORT_WARNINGS_MAX: warnings that are kept; what comes after is counted alone. */
#define RT_IMPORT_WARNINGS_MAX 200
/** RT_IMPORT_MARKS_MAX: comments that become marks. */
#define RT_IMPORT_MARKS_MAX 10000
/** RT_IMPORT_PENDING_MAX: bytes of messages that may wait until their time has come. */
#define RT_IMPORT_PENDING_MAX (64 * 1024 * 1024)

/**
 * RtImportProgress:
 * @done, @total: in the source's units, mostly bytes; @total 0: not known
 *
 * Called on the importing thread, some hundred times an import.
 */
typedef void (*RtImportProgress) (guint64 done, guint64 total, gpointer data);

/**
 * RtImportOptions:
 * @cancellable: (nullable): stops the import; what was read until then stays in the session
 * @progress: (nullable): told how far it is
 */
typedef struct
{
  GCancellable *cancellable;
  RtImportProgress progress;
  gpointer progress_data;
} RtImportOptions;

/**
 * RtImportReport:
 * @run: the new run, the first of several; 0 without a session
 * @n_connections: that were begun
 * @n_exchanges: that the reader told of; 0 where it cannot know (captures)
 * @n_warnings: all there were
 * @warnings: (element-type utf8): the first of them, each with its place
 * @whole: %FALSE if the file ended early or broke off: what was read until then is kept, and the
 *   last warning says where and why
 */
typedef struct
{
  gint64 run;
  guint n_connections, n_exchanges, n_warnings;
  GPtrArray *warnings;
  gboolean whole;
} RtImportReport;

void rt_import_report_free (RtImportReport *report);
void rt_import_report_add (RtImportReport *report, const RtImportReport *more);

/**
 * RtRebuilt:
 * @head: start line and field lines, the empty line included, as HTTP/1.1 would write them
 * @content: (nullable): without transfer and content codings; what the fields say of framing and
 *   codings binds nobody
 * @cut: bytes of content that were announced and never crossed: the connection ended before
 * @missing: bytes of content that the source speaks of and does not have; with @why
 * @why: (nullable): why content is missing; %NULL: it is whole
 * @facts: what the source says beyond the message (`version`, `from-cache`, …): the bytes of a
 *   variant of type `a{sv}`, or none
 * @comment: (nullable): what was said of it, which becomes a mark
 * @first, @last: when the first and the last byte crossed
 *
 * A message of a source that kept no bytes.
 */
typedef struct
{
  GBytes *head, *content;
  guint64 cut, missing;
  const char *why, *comment;
  RtText facts;
  RtTime first, last;
} RtRebuilt;

typedef struct _RtImport RtImport;

RtImport *rt_import_new (RtSession *session,
                         const char *file,
                         const char *format,
                         const RtImportOptions *options);
void rt_import_set_run_name (RtImport *import, const char *name);
RtImportReport *rt_import_finish (RtImport *import, GError **error);
void rt_import_free (RtImport *import);

gboolean rt_import_advance (RtImport *import, RtTime time, GError **error);
gboolean rt_import_step (RtImport *import, guint64 done, guint64 total, GError **error);
void rt_import_warn (RtImport *import, const RtPlace *place, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
void rt_import_broke_off (RtImport *import, const char *message);
void rt_import_count_exchange (RtImport *import);
void rt_import_mark (RtImport *import, const char *text);
const RtImportReport *rt_import_get_report (RtImport *import);
RtLog *rt_import_get_log (RtImport *import);

RtPartyId rt_import_party (RtImport *import, const char *name, const char *kind);
RtConnection rt_import_connect (RtImport *import,
                                RtTime time,
                                RtPartyId from,
                                RtPartyId to,
                                const char *host,
                                guint16 port,
                                RtProvenance provenance);
void rt_import_established (RtImport *import, RtConnection connection, RtTime time);
void rt_import_secured (
    RtImport *import, RtConnection connection, RtTime time, const char *version, const char *alpn);
void rt_import_bytes (
    RtImport *import, RtConnection connection, RtDirection direction, RtTime time, GBytes *bytes);
void rt_import_rebuilt (RtImport *import,
                        RtConnection connection,
                        RtDirection direction,
                        const RtRebuilt *message);
void rt_import_gap (RtImport *import,
                    RtConnection connection,
                    RtDirection direction,
                    RtTime time,
                    guint64 length,
                    const char *why);
void rt_import_state (RtImport *import,
                      RtConnection connection,
                      RtDirection direction,
                      RtTime time,
                      const char *kind,
                      const char *key,
                      GVariant *value);
void rt_import_end (RtImport *import, RtConnection connection, RtDirection direction, RtTime time);
void rt_import_abort (RtImport *import, RtConnection connection, RtTime time, const char *why);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtImport, rt_import_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtImportReport, rt_import_report_free)

G_END_DECLS
