/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How fast sessions are written and opened: exchanges of 1.7 KB on 16 connections that stay open,
 * eight events each. Usage: bench-record [EXCHANGES] */
#include "bench-figure.h"
#include "rt-exchanges.h"
#include "rt-log.h"
#include "rt-recorder.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define CONNECTIONS 16
#define BODY 1360
#define FLUSH_EVERY 512

typedef struct
{
  RtLog *log;
  RtConnection connections[CONNECTIONS];
  RtBufferId buffers[CONNECTIONS][2];
  RtTime now;
  guint64 bytes;
} Bench;

static void
append (Bench *bench, RtEventKind kind, guint i, RtPartyId party, RtSpan span, const char *name)
{
  guint64 number = rt_log_get_length (bench->log);

  bench->now += 3;
  rt_log_append (bench->log,
                 &(RtEvent){ .time = bench->now,
                             .cause = number > 0 ? number - 1 : RT_EVENT_NONE,
                             .span = span,
                             .connection = bench->connections[i],
                             .party = party,
                             .kind = kind },
                 name != NULL ? g_variant_new_string (name) : NULL);
}

static void
connect_all (Bench *bench)
{
  rt_log_add_party (bench->log, bench->now, "client", "client");
  rt_log_add_party (bench->log, bench->now, "api.test", "origin");
  for (guint i = 0; i < CONNECTIONS; i++)
    {
      bench->connections[i] = rt_log_next_connection (bench->log);
      rt_log_append (bench->log,
                     &(RtEvent){ .time = bench->now,
                                 .cause = RT_EVENT_NONE,
                                 .connection = bench->connections[i],
                                 .party = 1,
                                 .kind = RT_EVENT_CONNECT },
                     g_variant_new ("(sqsq)", "api.test", 80, "tcp", 2));
      for (guint way = 0; way < 2; way++)
        bench->buffers[i][way] = rt_log_add_buffer (bench->log, bench->now, bench->connections[i],
                                                    (RtPartyId)(way + 1), way, RT_BYTES_CROSSED, 0);
    }
}

static RtSpan
write_bytes (Bench *bench, RtBufferId buffer, const char *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);

  bench->bytes += size;
  return rt_log_write (bench->log, buffer, bytes);
}

static void
exchange (Bench *bench, guint number, char *response, gsize head)
{
  guint i = number % CONNECTIONS;
  char request[256];
  gsize length = (gsize)g_snprintf (request, sizeof request,
                                    "GET /item/%u HTTP/1.1\r\nHost: api.test\r\n"
                                    "User-Agent: bench\r\nAccept: */*\r\n\r\n",
                                    number);
  RtSpan sent;

  sent = write_bytes (bench, bench->buffers[i][0], request, length);
  append (bench, RT_EVENT_SENT, i, 1, sent, NULL);
  append (bench, RT_EVENT_RECEIVED, i, 2, sent, NULL);
  append (bench, RT_EVENT_SENT, i, 2, RT_SPAN_NONE, "ACK");
  append (bench, RT_EVENT_RECEIVED, i, 1, RT_SPAN_NONE, "ACK");
  /* No two bodies are alike. */
  memcpy (response + head + (number % 64) * 16, &number, sizeof number);
  sent = write_bytes (bench, bench->buffers[i][1], response, head + BODY);
  append (bench, RT_EVENT_SENT, i, 2, sent, NULL);
  append (bench, RT_EVENT_RECEIVED, i, 1, sent, NULL);
  append (bench, RT_EVENT_SENT, i, 1, RT_SPAN_NONE, "ACK");
  append (bench, RT_EVENT_RECEIVED, i, 2, RT_SPAN_NONE, "ACK");
  if (number % FLUSH_EVERY == 0)
    rt_log_flush (bench->log);
}

static void
fail (GError *error)
{
  g_printerr ("bench-record: %s\n", error->message);
  exit (1);
}

static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
                           "Server: bench\r\nCache-Control: no-store\r\n"
                           "X-Request: 0123456789abcdef0123456789abcdef\r\n"
                           "Content-Length: 1360\r\n\r\n";
#define HEAD (sizeof head - 1)

typedef struct
{
  Bench bench;
  RtSession *session;
  RtRecorder *recorder;
  char response[HEAD + BODY];
} Writing;

static void
begin (Writing *writing, const char *path)
{
  GError *error = NULL;
  const RtRunInfo about = { .name = (char *)"bench", .source = RT_SOURCE_IMPORT };

  memcpy (writing->response, head, HEAD);
  for (gsize i = 0; i < BODY; i++)
    writing->response[HEAD + i] = (char)(i * i * 31 + i);
  writing->session = rt_session_create (path, &error);
  if (writing->session == NULL)
    fail (error);
  writing->recorder = rt_session_begin_run (writing->session, &about, NULL, NULL, &error);
  if (writing->recorder == NULL)
    fail (error);
  writing->bench.log = rt_log_new (0, rt_recorder_add_page, writing->recorder);
  connect_all (&writing->bench);
}

/* Bytes of the file. */
static guint64
end (Writing *writing, const char *path)
{
  GError *error = NULL;
  GStatBuf info = { 0 };

  rt_log_flush (writing->bench.log);
  if (!rt_recorder_finish (writing->recorder, &error))
    fail (error);
  rt_log_free (writing->bench.log);
  rt_session_unref (writing->session);
  g_stat (path, &info);
  return (guint64)info.st_size;
}

static void
bench_write (const char *path, guint n)
{
  Writing writing = { 0 };
  double processor = bench_processor_seconds ();
  gint64 start = g_get_monotonic_time ();
  guint64 size;
  double took;

  begin (&writing, path);
  for (guint i = 0; i < n; i++)
    exchange (&writing.bench, i, writing.response, HEAD);
  size = end (&writing, path);
  took = (double)MAX (g_get_monotonic_time () - start, 1) / 1e6;
  g_print ("write: %u exchanges of %" G_GUINT64_FORMAT " bytes in %.2f s: %.0f exchanges/s, "
           "%.1f microseconds of processor time each, %.3f bytes on disk a byte\n",
           n, writing.bench.bytes / n, took, n / took,
           (bench_processor_seconds () - processor) * 1e6 / n,
           (double)size / (double)writing.bench.bytes);
  bench_figure ("writer alone, sustained", n / took, "exchanges/s", BENCH_AT_LEAST, 50000);
  bench_figure ("disk an exchange", (double)size / (double)writing.bench.bytes,
                "of its bytes on the wire", BENCH_AT_MOST, 1.3);
}

/* From the last event to the commit, 1000 exchanges at a time. */
static void
bench_commit (const char *path, guint n)
{
  Writing writing = { 0 };
  gint64 worst = 0;
  gint64 sum = 0;
  guint rounds = MAX (n / 1000, 1);

  begin (&writing, path);
  for (guint round = 0; round < rounds; round++)
    {
      gint64 start;

      for (guint i = 0; i < 1000; i++)
        exchange (&writing.bench, round * 1000 + i, writing.response, HEAD);
      rt_log_flush (writing.bench.log);
      start = g_get_monotonic_time ();
      rt_recorder_flush (writing.recorder, NULL);
      worst = MAX (worst, g_get_monotonic_time () - start);
      sum += g_get_monotonic_time () - start;
    }
  end (&writing, path);
  g_print ("commit: 1000 exchanges in %.1f ms, at worst %.1f ms\n", (double)sum / rounds / 1e3,
           (double)worst / 1e3);
  bench_figure ("worst commit of 1000 exchanges", (double)worst / 1e3, "ms", BENCH_AT_MOST, 100);
}

/* Bytes a second that the disk takes one behind another, MB. */
static double
disk_rate (const char *path)
{
  enum
  {
    SIZE = 4 * 1024 * 1024,
    TIMES = 64,
  };
  g_autofree char *data = g_malloc (SIZE);
  gint64 start = g_get_monotonic_time ();
  int fd = g_open (path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  gboolean good = fd >= 0;

  memset (data, 'x', SIZE);
  for (guint i = 0; good && i < TIMES; i++)
    good = write (fd, data, SIZE) == SIZE;
  good = good && fsync (fd) == 0;
  if (fd >= 0)
    g_close (fd, NULL);
  g_unlink (path);
  return good ? (double)SIZE * TIMES / (double)(g_get_monotonic_time () - start) : 0;
}

/* Bodies of 100 KB in chunks as a socket gives them. Returns MB a second. */
static double
bench_bodies (const char *path, guint n, gboolean distinct)
{
  enum
  {
    SIZE = 100 * 1000,
    CHUNK = 64 * 1024,
  };
  Writing writing = { 0 };
  g_autofree char *body = g_malloc (SIZE);
  gint64 start = g_get_monotonic_time ();
  guint64 size, seed = 1;
  double took;

  begin (&writing, path);
  for (gsize i = 0; i < SIZE; i++)
    body[i] = (char)((seed = seed * 6364136223846793005u + 1442695040888963407u) >> 56);
  for (guint i = 0; i < n; i++)
    {
      guint c = i % CONNECTIONS;
      RtBufferId buffer = writing.bench.buffers[c][1];

      for (gsize at = 0; distinct && at < SIZE; at += 512)
        memcpy (body + at, &i, sizeof i);
      append (&writing.bench, RT_EVENT_SENT, c, 2, write_bytes (&writing.bench, buffer, head, HEAD),
              NULL);
      for (gsize at = 0; at < SIZE; at += CHUNK)
        append (&writing.bench, RT_EVENT_SENT, c, 2,
                write_bytes (&writing.bench, buffer, body + at, MIN (CHUNK, SIZE - at)), NULL);
    }
  size = end (&writing, path);
  took = (double)MAX (g_get_monotonic_time () - start, 1) / 1e6;
  g_print ("bodies: %u of 100 KB, %s: %.0f MB/s, %.3f bytes on disk a byte\n", n,
           distinct ? "distinct" : "one repeated", (double)writing.bench.bytes / took / 1e6,
           (double)size / (double)writing.bench.bytes);
  return (double)writing.bench.bytes / took / 1e6;
}

static void
bench_open (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GPtrArray) values = g_ptr_array_new ();
  gint64 start = g_get_monotonic_time ();
  g_autoptr (RtSession) session = rt_session_open (path, &error);
  gint64 n;

  if (session == NULL)
    fail (error);
  rows = rt_session_list_exchanges (session, &(RtExchangeQuery){ .run = 1 }, 0, 50, &error);
  if (rows == NULL)
    fail (error);
  g_print ("open: first %u rows after %.1f ms\n", rows->len,
           (double)(g_get_monotonic_time () - start) / 1e3);
  start = g_get_monotonic_time ();
  n = rt_session_count_exchanges (session, &(RtExchangeQuery){ .where = "status = 404" }, &error);
  g_print ("filter: %" G_GINT64_FORMAT " of status 404 after %.1f ms\n", n,
           (double)(g_get_monotonic_time () - start) / 1e3);
}

static void
bench_read (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtSession) session = rt_session_open (path, &error);
  g_autoptr (RtReader) reader = rt_session_open_run (session, 1, &error);
  guint64 length = rt_reader_get_length (reader);
  gint64 start = g_get_monotonic_time ();

  for (guint64 at = 0; at < length;)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, at, &error);

      if (page == NULL)
        fail (error);
      at = page->first + page->n;
    }
  g_print ("read: %.0f events/s\n",
           (double)length * 1e6 / (double)MAX (g_get_monotonic_time () - start, 1));
}

int
main (int argc, char **argv)
{
  guint n = argc > 1 ? (guint)g_ascii_strtoull (argv[1], NULL, 10) : 200000;
  g_autofree char *folder = g_dir_make_tmp ("roundtrip-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "bench.roundtrip", NULL);
  double rate;

  bench_write (path, MAX (n, 1));
  bench_open (path);
  bench_read (path);
  g_unlink (path);
  bench_commit (path, MIN (n / 2, 200000));
  g_unlink (path);
  bench_figure ("bodies of 100 KB, one repeated", bench_bodies (path, MIN (n / 50, 4000), FALSE),
                "MB/s", BENCH_AT_LEAST, 500);
  g_unlink (path);
  rate = disk_rate (path);
  bench_figure ("bodies of 100 KB, distinct", bench_bodies (path, MIN (n / 100, 4000), TRUE),
                "MB/s", BENCH_AT_LEAST, rate / 2);
  g_print ("disk: %.0f MB/s in sequence\n", rate);
  g_unlink (path);
  g_rmdir (folder);
  return 0;
}
