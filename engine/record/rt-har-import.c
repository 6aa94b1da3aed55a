/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The import of a HAR. Entries are read one at a time, so memory does not grow with the file. HAR
 * wants them in the order of time and most programs write them so; where they are not, their places
 * and times are gathered first and the entries read in the order of time after that. */
#include "rt-har-private.h"

#include <unistd.h>

/* An entry of a HAR that is not in the order of time. */
typedef struct
{
  RtTime started;
  guint64 offset;
  guint number, line;
} Place;

typedef struct
{
  int fd;
  guint64 size;
  RtImport *import;
  RtHarReader *reader;
  RtHarRebuilder *rebuilder;
  const RtHarPage *page; /* entries of this one alone; NULL: all */
  char *broken;          /* why the file could not be read to its end, when that was looked for */
} Work;

static gboolean
is_wanted (const Work *work, const RtHarEntry *entry)
{
  return work->page == NULL || rt_text_is (rt_har_text (entry, entry->page), work->page->id);
}

static gboolean
read_in_order (Work *work, GError **error)
{
  const RtHarEntry *entry;

  while ((entry = rt_har_reader_next (work->reader)) != NULL)
    {
      if (!rt_import_step (work->import, rt_har_reader_get_offset (work->reader), work->size, error)
          || (entry->started != RT_HAR_UNKNOWN
              && !rt_import_advance (work->import, entry->started, error)))
        return FALSE;
      rt_har_rebuilder_add (work->rebuilder, entry);
    }
  return TRUE;
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Place *left = a;
  const Place *right = b;

  if (left->started != right->started)
    return left->started < right->started ? -1 : 1;
  return left->number < right->number ? -1 : left->number > right->number;
}

/* Where each entry is, by time. Half of the work; the other half is told of as the rest. */
static GArray *
find_places (Work *work, GError **error)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (Place));
  const RtHarEntry *entry;
  RtTime last = 0;

  rt_har_reader_set_quiet (work->reader, TRUE);
  while ((entry = rt_har_reader_next (work->reader)) != NULL)
    {
      Place place;

      if (!rt_import_step (work->import, rt_har_reader_get_offset (work->reader) / 2, work->size,
                           error))
        return NULL;
      if (!is_wanted (work, entry))
        continue;
      last = entry->started != RT_HAR_UNKNOWN ? entry->started : last;
      place = (Place){ last, rt_har_reader_get_start (work->reader), entry->number, entry->line };
      g_array_append_val (places, place);
    }
  rt_har_reader_set_quiet (work->reader, FALSE);
  work->broken = g_strdup (rt_har_reader_get_error (work->reader));
  if (places->len > 0)
    qsort (places->data, places->len, sizeof (Place), compare_places);
  return g_steal_pointer (&places);
}

static gboolean
read_by_time (Work *work, GError **error)
{
  g_autoptr (GArray) places = find_places (work, error);

  if (places == NULL)
    return FALSE;
  for (guint i = 0; i < places->len; i++)
    {
      const Place *place = &g_array_index (places, Place, i);
      const RtHarEntry *entry;

      if (!rt_import_step (work->import, work->size / 2 + work->size / 2 * i / places->len,
                           work->size, error)
          || !rt_import_advance (work->import, place->started, error))
        return FALSE;
      rt_har_reader_seek (work->reader, place->offset, place->line, place->number - 1);
      entry = rt_har_reader_next (work->reader);
      if (entry != NULL)
        rt_har_rebuilder_add (work->rebuilder, entry);
    }
  return TRUE;
}

/**
 * rt_har_read:
 * @import: an import that was not begun
 * @fd: as rt_har_open() gives it
 * @path: for messages
 * @page: (nullable): the page whose entries are wanted; %NULL: all
 *
 * Errors: %RT_ERROR_SYNTAX if there is no entry that can be read; `G_IO_ERROR_CANCELLED`.
 *
 * Returns: %TRUE if anything could be read
 */
gboolean
rt_har_read (RtImport *import, int fd, const char *path, const RtHarPage *page, GError **error)
{
  g_autoptr (RtHarReader) reader = rt_har_reader_new (fd, import);
  g_autoptr (RtHarRebuilder) rebuilder = rt_har_rebuilder_new (import, reader);
  Work work = { fd, 0, import, reader, rebuilder, page, NULL };
  g_autofree char *problem = NULL;
  gboolean sorted, done;
  RtTime first;

  if (!rt_har_scan (fd, &first, &sorted, &work.size))
    {
      rt_set_error (error, RT_ERROR_IO, &(RtPlace){ path, 0, 0 }, NULL, "it cannot be read");
      return FALSE;
    }
  if (page != NULL && page->started != RT_HAR_UNKNOWN)
    first = page->started;
  if (!rt_import_advance (import, first, error))
    return FALSE;
  done = sorted && page == NULL ? read_in_order (&work, error) : read_by_time (&work, error);
  if (work.broken == NULL)
    work.broken = g_strdup (rt_har_reader_get_error (reader));
  problem = work.broken != NULL ? g_strdup_printf ("%s:%s", path, work.broken) : NULL;
  g_free (work.broken);
  if (!done)
    return FALSE;
  /* Another page may have what this one has not. */
  if (problem != NULL && page == NULL && rt_import_get_report (import)->n_exchanges == 0)
    {
      g_set_error_literal (error, RT_ERROR, RT_ERROR_SYNTAX, problem);
      return FALSE;
    }
  if (problem != NULL)
    rt_import_broke_off (import, problem);
  return TRUE;
}

/* Each run tells why the file broke off; it did so once. */
static void
add_report (RtImportReport *report, RtImportReport *more)
{
  if (!report->whole && !more->whole)
    {
      g_ptr_array_set_size (more->warnings, (int)more->warnings->len - 1);
      more->n_warnings--;
    }
  rt_import_report_add (report, more);
}

/* What becomes one run: the file, or a page of one of ours. */
static RtImportReport *
import_page (RtSession *session,
             const char *path,
             int fd,
             const RtHarPage *page,
             const RtImportOptions *options,
             GError **error)
{
  g_autoptr (RtImport) import = rt_import_new (session, path, "har", options);

  if (page != NULL)
    rt_import_set_run_name (import, page->run);
  return rt_har_read (import, fd, path, page, error) ? rt_import_finish (import, error) : NULL;
}

/* A run of each. What cannot be read of the file is told of once. */
static RtImportReport *
import_pages (RtSession *session,
              const char *path,
              int fd,
              const GArray *pages,
              const RtImportOptions *options,
              GError **error)
{
  g_autoptr (RtImportReport) report = NULL;

  for (guint i = 0; i < pages->len; i++)
    {
      RtImportReport *more
          = import_page (session, path, fd, &g_array_index (pages, RtHarPage, i), options, error);

      if (more == NULL)
        return NULL;
      if (report == NULL)
        report = more;
      else
        {
          add_report (report, more);
          rt_import_report_free (more);
        }
    }
  if (!report->whole && report->n_exchanges == 0)
    {
      g_set_error_literal (error, RT_ERROR, RT_ERROR_SYNTAX,
                           report->warnings->pdata[report->warnings->len - 1]);
      return NULL;
    }
  return g_steal_pointer (&report);
}

/**
 * rt_har_import:
 * @session: a session that can be written: it gets a new run
 * @path: a HAR, also compressed by gzip or zlib (`.zhar`)
 * @options: (nullable): how to stop it and whom to tell of its progress
 *
 * What rt_har_export() wrote becomes as many runs as it was made of; the report's is the first.
 * Every message is marked as reconstructed: a HAR keeps no bytes. What is wrong with the file and
 * can be read all the same is in the report's warnings, each with its place.
 *
 * Errors: with the place, if there is nothing that can be read; %RT_ERROR_LIMIT for a compressed
 * file of more than %RT_HAR_SIZE_MAX or %RT_HAR_RATIO_MAX; `G_IO_ERROR_CANCELLED`. The new run, if
 * one was begun, stays unfinished.
 *
 * Returns: (transfer full) (nullable): what there is to say of it
 */
RtImportReport *
rt_har_import (RtSession *session, const char *path, const RtImportOptions *options, GError **error)
{
  int fd = rt_har_open (path, error);
  g_autoptr (RtImport) quiet = NULL;
  g_autoptr (RtHarReader) reader = NULL;
  RtImportReport *report;
  GArray *pages;

  if (fd < 0)
    return NULL;
  quiet = rt_import_new (NULL, path, "har", NULL);
  reader = rt_har_reader_new (fd, quiet);
  pages = rt_har_reader_get_pages (reader);
  report = pages->len > 0 ? import_pages (session, path, fd, pages, options, error)
                          : import_page (session, path, fd, NULL, options, error);
  close (fd);
  return report;
}
