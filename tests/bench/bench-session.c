/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * On 16 connections; each fiftieth exchange is answered by 404, and a word is in each ten
 * thousandth body. */
#include "bench-session.h"

#include "rt-log.h"
#include "rt-recorder.h"

#include <string.h>

#define CONNECTIONS 16
#define BODY 1360
#define FLUSH_EVERY 128
#define WORD_EVERY 10000

typedef struct
{
  RtLog *log;
  RtConnection connections[CONNECTIONS];
  RtBufferId buffers[CONNECTIONS][2];
  RtTime now;
} Bench;

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

static void
send_text (Bench *bench, guint i, guint way, const char *text, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, size);
  RtSpan span = rt_log_write (bench->log, bench->buffers[i][way], bytes);

  for (guint end = 0; end < 2; end++)
    rt_log_append (bench->log,
                   &(RtEvent){ .time = bench->now += 3,
                               .cause = RT_EVENT_NONE,
                               .span = span,
                               .connection = bench->connections[i],
                               .party = (RtPartyId)((way + end) % 2 + 1),
                               .kind = end == 0 ? RT_EVENT_SENT : RT_EVENT_RECEIVED },
                   NULL);
}

static void
exchange (Bench *bench, guint number, const char *body)
{
  guint i = number % CONNECTIONS;
  char request[256];
  char response[BODY + 512];
  gsize length = (gsize)g_snprintf (request, sizeof request,
                                    "GET /item/%u HTTP/1.1\r\nHost: api.test\r\n"
                                    "User-Agent: bench\r\nAccept: */*\r\n\r\n",
                                    number);
  gsize head;

  send_text (bench, i, 0, request, length);
  head = (gsize)g_snprintf (response, sizeof response,
                            "HTTP/1.1 %s\r\nContent-Type: application/json\r\nServer: bench\r\n"
                            "ETag: \"%u\"\r\nContent-Length: %u\r\n\r\n",
                            number % 50 == 0 ? "404 Not Found" : "200 OK", number, BODY);
  memcpy (response + head, body, BODY);
  g_snprintf (response + head, 16, "{\"id\": %07u", number);
  if (number % WORD_EVERY == 0)
    memcpy (response + head + 700, BENCH_SESSION_WORD, sizeof BENCH_SESSION_WORD - 1);
  send_text (bench, i, 1, response, head + BODY);
  if (number % FLUSH_EVERY == 0)
    rt_log_flush (bench->log);
}

/** bench_session_write: @n: exchanges of 1.7 KB in a session file */
gboolean
bench_session_write (const char *path, guint n, GError **error)
{
  g_autoptr (RtSession) session = rt_session_create (path, error);
  const RtRunInfo about = { .name = (char *)"bench", .source = RT_SOURCE_IMPORT };
  RtRecorder *recorder;
  Bench bench = { 0 };
  char body[BODY];

  if (session == NULL
      || (recorder = rt_session_begin_run (session, &about, NULL, NULL, error)) == NULL)
    return FALSE;
  for (gsize i = 0; i < BODY; i++)
    body[i] = "the quick brown fox jumps over a lazy dog, "[i % 43];
  bench.log = rt_log_new (0, rt_recorder_add_page, recorder);
  connect_all (&bench);
  for (guint i = 1; i <= n; i++)
    exchange (&bench, i, body);
  rt_log_flush (bench.log);
  rt_log_free (bench.log);
  return rt_recorder_finish (recorder, error);
}
