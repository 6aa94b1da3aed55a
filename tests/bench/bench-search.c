/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How fast a session file is opened, filtered and searched: exchanges of 1.7 KB on 16 connections,
 * each fiftieth answered by 404, a word in each ten thousandth body. Prints the most memory that
 * the searches took, too. Usage: bench-search [EXCHANGES] */
#include "bench-figure.h"
#include "bench-session.h"
#include "rt-exchange-list.h"

#include <glib/gstdio.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void
fail (GError *error)
{
  g_printerr ("bench-search: %s\n", error->message);
  exit (1);
}

static double
since (gint64 start)
{
  return (double)(g_get_monotonic_time () - start) / 1e3;
}

static void
first_cb (const gint64 *ids, guint n, guint64 done, guint64 total, gpointer data)
{
  gint64 *first = data;

  if (*first == 0 && n > 0)
    *first = g_get_monotonic_time ();
}

/* Milliseconds. */
static double
bench_filter (RtExchangeList *list, const char *text, RtExchangeOrder order)
{
  GError *error = NULL;
  gint64 start = g_get_monotonic_time ();
  gint64 first = 0;
  g_autoptr (RtFilter) filter = rt_filter_new (text, &error);
  g_autoptr (GArray) ids = NULL;
  double took;

  if (filter == NULL)
    fail (error);
  ids = rt_exchange_list_search (list, &(RtExchangeSearch){ .filter = filter, .order = order },
                                 first_cb, &first, NULL, &error);
  if (ids == NULL)
    fail (error);
  took = since (start);
  g_print ("filter: %-34s %8u found in %7.1f ms, the first after %.1f ms\n", text, ids->len, took,
           first != 0 ? (double)(first - start) / 1e3 : took);
  return took;
}

static void
bench_open (const char *path)
{
  GError *error = NULL;
  gint64 start = g_get_monotonic_time ();
  g_autoptr (RtSession) session = rt_session_open (path, &error);
  g_autoptr (RtExchangeList) list = session != NULL ? rt_exchange_list_new (session, &error) : NULL;
  g_autoptr (GArray) ids = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  double opened, status = 0, word = 0;
  gint64 count;

  if (list == NULL)
    fail (error);
  ids = rt_exchange_list_search (list, &(RtExchangeSearch){ .limit = 50 }, NULL, NULL, NULL,
                                 &error);
  if (ids == NULL)
    fail (error);
  rows = rt_exchange_list_get_rows (list, (const gint64 *)(gpointer)ids->data, ids->len, &error);
  opened = since (start);
  g_print ("open: first %u rows after %.1f ms\n", rows->len, opened);
  count = rt_exchange_list_count (list, 0, &error);
  g_print ("open: %" G_GINT64_FORMAT " counted after %.1f ms\n", count, since (start));
  g_array_unref (ids);
  start = g_get_monotonic_time ();
  ids = rt_exchange_list_search (list, &(RtExchangeSearch){ .run = 0 }, NULL, NULL, NULL, &error);
  g_print ("open: all %u ids after %.1f ms\n", ids->len, since (start));
  for (guint round = 0; round < 2; round++)
    {
      status = bench_filter (list, "status-code:404", RT_EXCHANGE_BY_START);
      word = bench_filter (list, "body:" BENCH_SESSION_WORD, RT_EXCHANGE_BY_START);
    }
  bench_filter (list, BENCH_SESSION_WORD, RT_EXCHANGE_BY_START);
  bench_filter (list, "bytes:5374696c746f6e", RT_EXCHANGE_BY_START);
  bench_filter (list, "has-response-header:etag", RT_EXCHANGE_BY_START);
  bench_filter (list, "url:/item/77", RT_EXCHANGE_BY_START);
  bench_filter (list, "/still?ton/ status-code:404", RT_EXCHANGE_BY_START);
  bench_filter (list, "/stil?ton/", RT_EXCHANGE_BY_START);
  bench_filter (list, "fox", RT_EXCHANGE_BY_START);
  bench_filter (list, "status-code:404", RT_EXCHANGE_BY_TARGET);
  bench_filter (list, "", RT_EXCHANGE_BY_STATUS);
  bench_figure ("1,000,000 exchanges, first rows", opened, "ms", BENCH_AT_MOST, 150);
  bench_figure ("1,000,000 exchanges, status-code:404", status, "ms", BENCH_AT_MOST, 500);
  bench_figure ("1,000,000 exchanges, a word in any body", word, "ms", BENCH_AT_MOST, 1000);
}

/* Of the process, in MiB. */
static double
peak_memory (void)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL)
      || (line = strstr (status, "VmHWM:")) == NULL)
    return 0;
  return (double)g_ascii_strtoull (line + 6 + strspn (line + 6, " \t"), NULL, 10) / 1024;
}

int
main (int argc, char **argv)
{
  guint n = argc > 1 ? (guint)g_ascii_strtoull (argv[1], NULL, 10) : 200000;
  g_autofree char *folder = g_dir_make_tmp ("roundtrip-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "bench.roundtrip", NULL);
  gint64 start = g_get_monotonic_time ();
  GError *error = NULL;
  int clear;

  if (!bench_session_write (path, n, &error))
    fail (error);
  g_print ("search: %u exchanges written in %.1f s\n", n, since (start) / 1e3);
  /* The peak of the searches alone. */
  if ((clear = g_open ("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)) >= 0)
    {
      if (write (clear, "5", 1) != 1)
        g_print ("memory: the peak counts the writing, too\n");
      g_close (clear, NULL);
    }
  bench_open (path);
  bench_figure ("1,000,000 exchanges, memory", peak_memory (), "MiB", BENCH_AT_MOST, 250);
  g_unlink (path);
  g_rmdir (folder);
  return 0;
}
