/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How long the import of a big HAR takes and how much memory. Usage: bench-har ENTRIES */
#include "bench-figure.h"
#include "rt-har.h"
#include "rt-random.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

static void
write_fields (FILE *out, RtRandom *random, guint n)
{
  for (guint i = 0; i < n; i++)
    fprintf (out, "%s{\"name\":\"X-Field-%u\",\"value\":\"%016" G_GINT64_MODIFIER "x\"}",
             i > 0 ? "," : "", i, rt_random_next (random));
}

/* About 2.5 KB, as browsers write them. */
static void
write_entry (FILE *out, RtRandom *random, guint i)
{
  guint items = 14 + (guint)rt_random_below (random, 14);

  fprintf (
      out,
      "%s\n{\"startedDateTime\":\"2026-01-01T%02u:%02u:%02u.%03uZ\",\"time\":12.5,\"request\":{"
      "\"method\":\"GET\",\"url\":\"https://h%u.example.test/api/%u?x=1\",\"httpVersion\":"
      "\"HTTP/1.1\",\"cookies\":[],\"headers\":[{\"name\":\"Host\",\"value\":"
      "\"h%u.example.test\"},",
      i > 0 ? "," : "", i / 360000, i / 6000 % 60, i / 100 % 60, i % 100 * 10, i % 20, i, i % 20);
  write_fields (out, random, 8);
  fputs ("],\"queryString\":[{\"name\":\"x\",\"value\":\"1\"}],\"headersSize\":300,\"bodySize\":0},"
         "\"response\":{\"status\":200,\"statusText\":\"OK\",\"httpVersion\":\"HTTP/1.1\","
         "\"cookies\":[],\"headers\":[",
         out);
  write_fields (out, random, 10);
  fputs ("],\"content\":{\"mimeType\":\"application/json\",\"text\":\"[", out);
  for (guint item = 0; item < items; item++)
    fprintf (out, "%s{\\\"name\\\":\\\"%016" G_GINT64_MODIFIER "x\\\",\\\"value\\\":%u}",
             item > 0 ? "," : "", rt_random_next (random), item);
  fprintf (
      out,
      "]\"},\"redirectURL\":\"\",\"headersSize\":300,\"bodySize\":900},\"cache\":{},\"timings\":{"
      "\"blocked\":1.2,\"dns\":-1,\"connect\":-1,\"ssl\":-1,\"send\":0.1,\"wait\":9.5,"
      "\"receive\":1.7},\"connection\":\"%u\"}",
      i % 60);
}

static guint64
write_har (const char *path, guint entries)
{
  FILE *out = g_fopen (path, "w");
  RtRandom random;
  guint64 size;

  rt_random_init (&random, 1);
  fputs ("{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"bench\",\"version\":\"1\"},"
         "\"entries\":[",
         out);
  for (guint i = 0; i < entries; i++)
    write_entry (out, &random, i);
  fputs ("]}}\n", out);
  size = (guint64)ftell (out);
  fclose (out);
  return size;
}

int
main (int argc, char **argv)
{
  guint entries = argc > 1 ? (guint)atoi (argv[1]) : 100000;
  g_autofree char *folder = g_dir_make_tmp ("roundtrip-bench-XXXXXX", NULL);
  g_autofree char *har = g_build_filename (folder, "a.har", NULL);
  g_autofree char *path = g_build_filename (folder, "a.roundtrip", NULL);
  guint64 size = write_har (har, entries);
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
