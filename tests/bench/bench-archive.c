/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Entries of about 2.5 KB, on 60 connections, of 500 sessions with a cookie each. */
#include "bench-archive.h"

#include "rt-random.h"

#include <glib/gstdio.h>
#include <stdio.h>

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
  fprintf (out, "{\"name\":\"Cookie\",\"value\":\"sid=31d4d96e407a%04x\"},", i % 500);
  write_fields (out, random, 7);
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

/** bench_archive_write: a HAR at @path; returns its size. */
guint64
bench_archive_write (const char *path, guint entries)
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
