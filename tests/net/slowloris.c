/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * See slowloris.h. */
#include "slowloris.h"

#include "rt-live.h"
#include "rt-origin.h"

#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define REQUEST "GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n"

/* The server. */

static guint16
listen_at (RtLive *live, RtPartyId id, guint16 port, const RtTls *tls)
{
  const RtEndpoint here = { .port = port, .tls = tls };

  return rt_live_driver.listen (live, id, &here, NULL) ? rt_live_get_port (live, "shop.test", port)
                                                       : 0;
}

static void
serve (int output, gboolean tls)
{
  const struct rlimit limit = { SLOWLORIS_DESCRIPTORS, SLOWLORIS_DESCRIPTORS };
  RtServerLimits limits = rt_server_limits_standard ();
  RtLog *log = rt_log_new (0, NULL, NULL);
  RtLive *live = rt_live_new (log, RT_LIVE_CLOCK_REAL, 0, NULL);
  RtOrigin *origin;
  RtPartyId id;
  guint16 ports[2];

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  setrlimit (RLIMIT_NOFILE, &limit);
  limits.slots = SLOWLORIS_SLOTS;
  limits.evict = TRUE;
  origin = rt_origin_new (&limits);
  rt_origin_add (origin, "/", "document", g_variant_new_parsed ("{'content': <'hello'>}"), NULL);
  id = rt_live_driver.add (live, "shop.test", &rt_origin_class, origin);
  ports[0] = listen_at (live, id, 80, NULL);
  ports[1] = tls ? listen_at (live, id, 443, &rt_tls_standard) : 0;
  if (write (output, ports, sizeof ports) == (gssize)sizeof ports)
    rt_live_driver.run (live, RT_TIME_NEVER, NULL);
  _exit (1);
}

/* Starts it. With @tls the attackers' port is the one that speaks it. */
gboolean
slowloris_start (SlowlorisServer *server, gboolean tls)
{
  guint16 ports[2] = { 0, 0 };
  int ends[2];
  gboolean ok;

  if (pipe (ends) != 0)
    return FALSE;
  server->pid = fork ();
  if (server->pid == 0)
    {
      close (ends[0]);
      serve (ends[1], tls);
    }
  close (ends[1]);
  ok = server->pid > 0 && read (ends[0], ports, sizeof ports) == (gssize)sizeof ports;
  close (ends[0]);
  server->port = ports[0];
  server->attacked = tls ? ports[1] : ports[0];
  return ok && server->attacked != 0;
}

void
slowloris_stop (SlowlorisServer *server)
{
  kill (server->pid, SIGKILL);
  waitpid (server->pid, NULL, 0);
}

/* The attackers. */

static int
dial (guint16 port, int flags)
{
  const struct sockaddr_in address = { .sin_family = AF_INET,
                                       .sin_port = htons (port),
                                       .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);

  if (fd >= 0)
    (void)!connect (fd, (const struct sockaddr *)&address, sizeof address);
  return fd;
}

/* What is said at first, and again and again. */
static const struct
{
  const char *first, *more;
  gsize n_first;
} says[] = {
  [SLOWLORIS_HEADER] = { "GET / HTTP/1.1\r\nHost: shop.test\r\n", "X-More: a\r\n", 33 },
  [SLOWLORIS_BODY]
  = { "PUT / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 100000\r\n\r\n", "x", 59 },
  /* A record of 512 bytes that does not become complete. */
  [SLOWLORIS_TLS] = { "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "x", 11 },
  [SLOWLORIS_SILENT] = { "", "", 0 },
};

static void
say (int fd, const char *text, gsize length)
{
  if (fd >= 0 && length > 0)
    (void)!send (fd, text, length, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Honest clients. */

/* How long an answer took; -1: there was none. */
static RtTime
probe (const SlowlorisServer *server)
{
  const struct timeval patience = { 20, 0 };
  gint64 start = g_get_monotonic_time ();
  int fd = dial (server->port, 0);
  char answer[4096];
  gsize length = 0;
  gssize n;

  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  say (fd, REQUEST, strlen (REQUEST));
  while (length < sizeof answer - 1
         && (n = recv (fd, answer + length, sizeof answer - 1 - length, 0)) > 0)
    length += (gsize)n;
  close (fd);
  answer[length] = '\0';
  return g_str_has_prefix (answer, "HTTP/1.1 200 OK\r\n") && g_str_has_suffix (answer, "hello")
             ? g_get_monotonic_time () - start
             : -1;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  RtTime left = *(const RtTime *)a, right = *(const RtTime *)b;

  return left < right ? -1 : left > right;
}

/* Attackers come, and while they come and while they go on, honest clients do. */
SlowlorisResult
slowloris_attack (const SlowlorisServer *server,
                  SlowlorisKind kind,
                  guint n_attackers,
                  guint n_probes)
{
  g_autofree int *attackers = g_new (int, n_attackers);
  g_autofree RtTime *times = g_new0 (RtTime, n_probes);
  SlowlorisResult result = { .probes = n_probes };
  guint come = 0;

  for (guint i = 0; i < n_probes; i++)
    {
      /* All are there when half of the probes are. */
      guint there = MIN (n_attackers, (guint)((guint64)n_attackers * (i + 1) * 2 / n_probes));
      RtTime took;

      for (; come < there; come++)
        {
          attackers[come] = dial (server->attacked, SOCK_NONBLOCK);
          say (attackers[come], says[kind].first, says[kind].n_first);
        }
      for (guint j = i % 10; j < come; j += 10)
        say (attackers[j], says[kind].more, strlen (says[kind].more));
      took = probe (server);
      if (took >= 0)
        times[result.answered++] = took;
    }
  for (guint i = 0; i < come; i++)
    close (attackers[i]);
  qsort (times, result.answered, sizeof *times, compare_times);
  if (result.answered > 0)
    {
      result.worst = times[result.answered - 1];
      result.median = times[result.answered / 2];
    }
  return result;
}
