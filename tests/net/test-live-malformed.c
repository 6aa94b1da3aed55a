/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every request that the strict reader refuses, sent to an origin server, a gateway and a proxy on
 * loopback, with and without TLS: each answers with the status of the violation and closes, and
 * goes on serving. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "http1-request-rows.h"
#include "rt-gateway.h"
#include "rt-http1-findings.h"
#include "rt-live.h"
#include "rt-origin.h"
#include "rt-proxy.h"
#include "tls-client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct
{
  RtLog *log;
  RtLive *live;
  GThread *thread;
  guint16 ports[3];
} Served;

/* Whether the rows are sent over TLS. */
static gboolean secure;

static const char *const hosts[] = { "origin.test", "gateway.test", "proxy.test" };

static gpointer
serve (gpointer data)
{
  rt_live_driver.run (((Served *)data)->live, RT_TIME_NEVER, NULL);
  return NULL;
}

static void
add (Served *served, guint i, const RtPartyClass *klass, gpointer party)
{
  RtPartyId id = rt_live_driver.add (served->live, hosts[i], klass, party);

  assert_true (rt_live_driver.listen (served->live, id, &(RtEndpoint){ .port = 80 }, NULL));
  served->ports[i] = rt_live_get_port (served->live, hosts[i], 80);
  if (!secure)
    return;
  assert_true (rt_live_driver.listen (served->live, id,
                                      &(RtEndpoint){ .port = 443, .tls = &rt_tls_standard }, NULL));
  served->ports[i] = rt_live_get_port (served->live, hosts[i], 443);
}

static int
set_up (void **state)
{
  Served *served = g_new0 (Served, 1);
  RtGatewaySettings gateway = rt_gateway_settings_standard ();
  RtProxySettings proxy = rt_proxy_settings_standard ();
  const RtEndpoint upstream = { .host = hosts[0], .port = 80 };
  RtOrigin *origin = rt_origin_new (NULL);

  served->log = rt_log_new (RT_LOG_KEEP_ALL, NULL, NULL);
  served->live = rt_live_new (served->log, RT_LIVE_CLOCK_REAL, 0, NULL);
  assert_true (rt_origin_add (origin, "/", "document",
                              g_variant_new_parsed ("{'content': <'hello'>}"), NULL));
  gateway.upstreams = &upstream;
  gateway.n_upstreams = 1;
  add (served, 0, &rt_origin_class, origin);
  add (served, 1, &rt_gateway_class, rt_gateway_new (&gateway));
  add (served, 2, &rt_proxy_class, rt_proxy_new (&proxy));
  served->thread = g_thread_new ("server", serve, served);
  *state = served;
  return 0;
}

static int
tear_down (void **state)
{
  Served *served = *state;

  rt_live_stop (served->live);
  g_thread_join (served->thread);
  rt_live_free (served->live);
  rt_log_free (served->log);
  g_free (served);
  return 0;
}

/* All that comes back up to the end of the connection, which is not cut off. */
static char *
ask_over_tls (int fd, RtText bytes)
{
  TlsClient *client = tls_client_new (fd, "origin.test", TLS_CLIENT_WHOLE);
  char *text;
  int end;

  assert_non_null (client);
  assert_true (tls_client_say (client, bytes.at, bytes.length));
  text = tls_client_hear (client, &end);
  assert_int_equal (end, 0);
  tls_client_free (client);
  return text;
}

/* All that comes back up to the end of the connection. */
static char *
ask (guint16 port, RtText bytes)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons (port),
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  GString *text;
  char part[4096];
  gssize n;

  assert_int_equal (connect (fd, (struct sockaddr *)&address, sizeof address), 0);
  if (secure)
    return ask_over_tls (fd, bytes);
  text = g_string_new (NULL);
  assert_int_equal (send (fd, bytes.at, bytes.length, MSG_NOSIGNAL), bytes.length);
  while ((n = recv (fd, part, sizeof part, 0)) > 0)
    g_string_append_len (text, part, n);
  close (fd);
  return g_string_free (text, FALSE);
}

/* The status that the violation @name, as scripts have it, is answered with. */
static guint
status_of (const char *name, gsize length)
{
  for (guint i = 0; i < RT_HTTP1_N_VIOLATIONS; i++)
    {
      const RtFindingKind *kind = rt_http1_finding_kind ((RtHttp1Violation)i);
      const char *id = kind->clause.id + strlen ("http1.");

      if (strlen (id) == length && strncmp (id, name, length) == 0)
        return kind->status;
    }
  fail_msg ("no violation is called %.*s", (int)length, name);
  return 0;
}

static guint
last_status (const char *answers)
{
  const char *last = NULL;

  for (const char *at = answers; (at = strstr (at, "HTTP/1.1 ")) != NULL; at++)
    if (g_ascii_isdigit (at[strlen ("HTTP/1.1 ")]))
      last = at;
  return last != NULL ? (guint)atoi (last + strlen ("HTTP/1.1 ")) : 0;
}

static void
test_row (void **state)
{
  const Http1Row *row = *state;
  void *servers = NULL;
  Served *served;
  const char *error = strstr (row->strict, "ERROR ") + strlen ("ERROR ");
  guint want = status_of (error, strcspn (error, "[ |"));

  set_up (&servers);
  served = servers;
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autofree char *answers = ask (served->ports[i], row->input);
      g_autofree char *well = NULL;

      print_message ("# %s: %u\n", hosts[i], last_status (answers));
      /* What stands before the violation is answered by its own merits, which at a proxy that is
       * asked for no other host is a refusal, too. */
      if (i < 2 || error == row->strict + strlen ("ERROR "))
        assert_int_equal (last_status (answers), want);
      else
        assert_int_not_equal (last_status (answers), 0);
      well = ask (served->ports[i],
                  RT_TEXT ("GET http://origin.test/ HTTP/1.1\r\nHost: origin.test\r\n"
                           "Connection: close\r\n\r\n"));
      assert_int_equal (last_status (well), 200);
    }
  tear_down (&servers);
}

int
main (int argc, char **argv)
{
  g_autofree struct CMUnitTest *tests = g_new0 (struct CMUnitTest, http1_n_request_rows);
  gsize n = 0;

  secure = argc > 1 && g_str_equal (argv[1], "tls");
  for (gsize i = 0; i < http1_n_request_rows; i++)
    if (strstr (http1_request_rows[i].strict, "ERROR ") != NULL)
      tests[n++] = (struct CMUnitTest){ http1_request_rows[i].name, test_row, NULL, NULL,
                                        (void *)&http1_request_rows[i] };
  return _cmocka_run_group_tests (secure ? "malformed requests over TLS, live"
                                         : "malformed requests, live",
                                  tests, n, NULL, NULL);
}
