/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How long the import of a big HAR takes and how much memory. Usage: bench-har ENTRIES */
#include "bench-archive.h"
#include "bench-figure.h"
#include "rt-har.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

int
main (int argc, char **argv)
{
  guint entries = argc > 1 ? (guint)atoi (argv[1]) : 100000;
  g_autofree char *folder = g_dir_make_tmp ("roundtrip-bench-XXXXXX", NULL);
  g_autofree char *har = g_build_filename (folder, "a.har", NULL);
  g_autofree char *path = g_build_filename (folder, "a.roundtrip", NULL);
  guint64 size = bench_archive_write (har, entries);
  g_autoptr (GError) error = NULL;
  RtSession *session = rt_session_create (path, &error);
  double processor = bench_processor_seconds ();
  gint64 start = g_get_monotonic_time ();
  g_autoptr (RtImportReport) report
      = session != NULL ? rt_har_import (session, har, NULL, &error) : NULL;
  double took = (double)(g_get_monotonic_time () - start) / 1e6;
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  processor = bench_processor_seconds () - processor;
  if (report == NULL)
    fprintf (stderr, "bench-har: %s\n", error->message);
  else
    {
      printf (
          "HAR import: %u entries, %.0f MB: %.2f s, %.2f s of processor time, at most %ld MiB\n",
          report->n_exchanges, (double)size / 1e6, took, processor, usage.ru_maxrss / 1024);
      fflush (stdout);
      bench_figure ("HAR of 100,000 entries, imported in", took * 100000 / entries, "s",
                    BENCH_AT_MOST, 1.5);
      bench_figure ("HAR import, memory", (double)usage.ru_maxrss / 1024, "MiB", BENCH_AT_MOST,
                    300);
    }
  g_clear_pointer (&session, rt_session_unref);
  g_unlink (har);
  g_unlink (path);
  g_rmdir (folder);
  return report != NULL ? 0 : 1;
}
