/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How long it takes to write a big session without its secrets, and how much memory.
 * Usage: bench-redaction ENTRIES */
#include "bench-archive.h"
#include "bench-figure.h"
#include "rt-har.h"
#include "rt-redaction.h"

#include <glib/gstdio.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* From here on the kernel counts the most memory anew. */
static void
forget_peak (void)
{
  FILE *out;

  malloc_trim (0);
  out = g_fopen ("/proc/self/clear_refs", "w");
  if (out == NULL)
    return;
  fputs ("5", out);
  fclose (out);
}

static guint
peak_mib (void)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  line = strstr (status, "VmHWM:");
  return line != NULL ? (guint)atoi (line + 6) / 1024 : 0;
}

static gboolean
import (const char *folder, guint entries, const char *path, GError **error)
{
  g_autofree char *har = g_build_filename (folder, "a.har", NULL);
  g_autoptr (RtSession) session = rt_session_create (path, error);
  g_autoptr (RtImportReport) report = NULL;

  bench_archive_write (har, entries);
  if (session != NULL)
    report = rt_har_import (session, har, NULL, error);
  g_unlink (har);
  return report != NULL;
}

static void
measure (const char *from, const char *to, guint entries)
{
  g_autoptr (GPtrArray) redactions
      = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_redaction_unref);
  const RtExportOptions options = { .redact = TRUE, .redactions = redactions };
  g_autoptr (GError) error = NULL;
  g_autoptr (RtSession) session = rt_session_open (from, &error);
  gint64 start = g_get_monotonic_time ();
  double processor = bench_processor_seconds ();
  GStatBuf info = { 0 };
  double took;

  g_stat (from, &info);
  if (session == NULL
      || !rt_format_export (rt_format_for_path (to, NULL), session, to, FALSE, &options, &error))
    {
      fprintf (stderr, "bench-redaction: %s\n", error->message);
      return;
    }
  took = (double)(g_get_monotonic_time () - start) / 1e6;
  processor = bench_processor_seconds () - processor;
  printf ("redaction: a session of %u exchanges, %.0f MB: %.2f s, %.2f s of processor time, %u "
          "secrets, at most %u MiB\n",
          entries, (double)info.st_size / 1e6, took, processor,
          rt_redaction_get_list (redactions->pdata[0])->len, peak_mib ());
  fflush (stdout);
  bench_figure ("a session without its secrets, memory", peak_mib (), "MiB", BENCH_AT_MOST, 150);
}

int
main (int argc, char **argv)
{
  guint entries = argc > 1 ? (guint)atoi (argv[1]) : 100000;
  g_autofree char *folder = g_dir_make_tmp ("roundtrip-bench-XXXXXX", NULL);
  g_autofree char *from = g_build_filename (folder, "a.roundtrip", NULL);
  g_autofree char *to = g_build_filename (folder, "b.roundtrip", NULL);
  g_autoptr (GError) error = NULL;
  gboolean made = import (folder, entries, from, &error);

  if (!made)
    fprintf (stderr, "bench-redaction: %s\n", error->message);
  forget_peak ();
  if (made)
    measure (from, to, entries);
  g_unlink (from);
  g_unlink (to);
  g_rmdir (folder);
  return made ? 0 : 1;
}
