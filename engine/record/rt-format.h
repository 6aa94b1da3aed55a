/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The kinds of files that traffic comes from and goes to. A row each: to open, to export and to
 * convert are the same for all of them. */
#pragma once

#include "rt-import.h"
#include "rt-redaction.h"
#include "rt-text.h"

G_BEGIN_DECLS

/**
 * RtExportOptions:
 * @run: one run alone; 0 = all
 * @ids: (nullable) (element-type gint64): the rows of the table `exchange` that go into it, in any
 *   order; %NULL: all
 * @redact: secrets are replaced by pseudonyms: what is written has none of them that were found
 * @redactions: (nullable) (element-type RtRedaction): with @redact, one a run is appended: the list
 *   of what was replaced
 * @cancellable: (nullable): stops it
 * @progress: (nullable): told how far it is
 */
typedef struct
{
  gint64 run;
  GArray *ids;
  gboolean redact;
  GPtrArray *redactions;
  GCancellable *cancellable;
  RtImportProgress progress;
  gpointer progress_data;
} RtExportOptions;

/**
 * RtFormat:
 * @name: `har`
 * @title: `HTTP archive`
 * @extensions: (array zero-terminated=1): of its files, without the dot; the first is the usual one
 * @native: a session file: nothing to import or export
 * @sniff: (nullable): whether a file that begins with @head is one
 * @import: (nullable): reads the file @path into a new run of @session; %NULL: it cannot be read
 * @write: (nullable): writes what is in @session; %NULL: it cannot be written
 *
 * A kind of file.
 */
typedef struct
{
  const char *name, *title;
  const char *const *extensions;
  gboolean native;
  gboolean (*sniff) (RtText head);
  RtImportReport *(*import) (RtSession *session,
                             const char *path,
                             const RtImportOptions *options,
                             GError **error);
  gboolean (*write) (RtSession *session,
                     GOutputStream *out,
                     const RtExportOptions *options,
                     GError **error);
} RtFormat;

const RtFormat *rt_format_list (guint *ret_n);
const RtFormat *rt_format_for_path (const char *path, GError **error);
const RtFormat *rt_format_of_file (const char *path, GError **error);

static inline gboolean
rt_format_can_read (const RtFormat *format)
{
  return format->native || format->import != NULL;
}

static inline gboolean
rt_format_can_write (const RtFormat *format)
{
  return format->native || format->write != NULL;
}

gboolean rt_format_is_same_file (const char *path, const char *from, GError **error);
gboolean rt_format_export (const RtFormat *format,
                           RtSession *session,
                           const char *path,
                           gboolean replace,
                           const RtExportOptions *options,
                           GError **error);
RtImportReport *rt_format_import_to_file (const RtFormat *format,
                                          const char *from,
                                          const char *path,
                                          gboolean replace,
                                          const RtImportOptions *options,
                                          GError **error);

G_END_DECLS
