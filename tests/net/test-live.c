/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The live driver on loopback. Outcomes and order only: what real time does is not asserted. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "live-world.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static char *
play (const RtDriverClass *klass)
{
  World world;
  char *text;

  world_init (&world, klass, RT_LIVE_CLOCK_JUMPS);
  ask (&world, "api.shop.test", "GET /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\n\r\n");
  ask (&world, "api.shop.test",
       "PUT /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\nIf-Match: \"1\"\r\nContent-Length: "
       "3\r\n\r\nnew");
  ask (&world, "api.shop.test",
       "PUT /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\nIf-Match: \"1\"\r\nContent-Length: "
       "3\r\n\r\nold");
  ask (&world, "api.shop.test", "GET /doc/1 HTTP/1.0\r\n\r\n");
  ask (&world, "api.shop.test", "GET /doc/1 HTTP/1.1\r\n\r\n");
  text = describe (&world);
  world_clear (&world);
  return text;
}

static void
test_same_exchanges (void **state)
{
  g_autofree char *sim = play (&rt_sim_driver);
  g_autofree char *live = play (&rt_live_driver);

  assert_non_null (strstr (sim, "412"));
  assert_non_null (strstr (sim, "400"));
  assert_string_equal (sim, live);
}

static void
test_same_twice (void **state)
{
  g_autofree char *once = play (&rt_live_driver);
  g_autofree char *again = play (&rt_live_driver);

  assert_string_equal (once, again);
}

static void
test_unknown_host (void **state)
{
  World world;

  world_init (&world, &rt_live_driver, RT_LIVE_CLOCK_JUMPS);
  ask (&world, "nobody.test", "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  assert_non_null (strstr (finished (&world, 1), "no host has this name"));
  world_clear (&world);
}

static void
test_outside_is_refused (void **state)
{
  World world;

  world_init (&world, &rt_live_driver, RT_LIVE_CLOCK_JUMPS);
  ask (&world, "192.0.2.1", "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  assert_non_null (strstr (finished (&world, 1), "outside the sandbox"));
  world_clear (&world);
}

static void
test_refused (void **state)
{
  World world;

  world_init (&world, &rt_live_driver, RT_LIVE_CLOCK_JUMPS);
  /* A port that was free a moment ago: bound once, then given back. */
  ask (&world, "127.0.0.1", "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  assert_non_null (strstr (finished (&world, 1), "connection refused"));
  world_clear (&world);
}

/* Nobody listens where a program has died, until it runs again. */
static void
test_a_server_dies (void **state)
{
  static const RtDriverClass *const drivers[] = { &rt_sim_driver, &rt_live_driver };
  static const char get[] = "GET /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\n\r\n";

  for (guint i = 0; i < G_N_ELEMENTS (drivers); i++)
    {
      World world;
      g_autofree char *text = NULL;

      world_init (&world, drivers[i], RT_LIVE_CLOCK_JUMPS);
      ask (&world, "api.shop.test", "GET /crash HTTP/1.1\r\nHost: api.shop.test\r\n\r\n");
      assert_string_equal (finished (&world, 1), "the connection was cut off");
      ask (&world, "api.shop.test", get);
      assert_string_equal (finished (&world, 2), "api.shop.test:80: connection refused");
      drivers[i]->advance (world.driver, 10 * RT_TIME_SEC);
      ask (&world, "api.shop.test", get);
      assert_string_equal (finished (&world, 3), "well");
      text = describe (&world);
      assert_non_null (strstr (text, " 200 complete"));
      world_clear (&world);
    }
}

static void
test_port_in_use (void **state)
{
  World world;
  g_autoptr (GError) error = NULL;
  RtEndpoint taken = { .host = "127.0.0.1" };

  world_init (&world, &rt_live_driver, RT_LIVE_CLOCK_JUMPS);
  taken.port = rt_live_get_port (world.driver, "api.shop.test", 80);
  assert_false (rt_live_driver.listen (world.driver, world.origin, &taken, &error));
  assert_non_null (strstr (error->message, "expected a port that is free"));
  world_clear (&world);
}

static void
test_listens_on_loopback_alone (void **state)
{
  static const char *const addresses[] = { "0.0.0.0", "192.0.2.1", "::" };
  World world;

  world_init (&world, &rt_live_driver, RT_LIVE_CLOCK_JUMPS);
  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (GError) error = NULL;
      RtEndpoint endpoint = { .host = addresses[i], .port = 0 };

      assert_false (rt_live_driver.listen (world.driver, world.origin, &endpoint, &error));
      assert_non_null (strstr (error->message, "such as 127.0.0.1"));
    }
  world_clear (&world);
}

static void
test_a_program_is_served (void **state)
{
  Served served = { 0 };
  g_autofree char *answer = NULL;
  g_autofree char *text = NULL;
  g_autoptr (RtAnalysis) analysis = NULL;
  const RtConnectionInfo *info;
  struct sockaddr_in own;
  socklen_t length = sizeof own;
  int fd;

  served_init (&served);
  fd = dial (served.port);
  getsockname (fd, (struct sockaddr *)&own, &length);
  say (fd, "GET /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\nConnection: close\r\n\r\n");
  answer = hear (fd);
  served_stop (&served);
  assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 OK\r\n"));
  assert_true (g_str_has_suffix (answer, "\r\n\r\nOpening hours: 9-17"));
  text = describe (&served.world);
  assert_non_null (strstr (text, "GET /doc/1 0 complete"));
  assert_non_null (strstr (text, " 200 complete"));
  analysis = analyse (&served.world);
  info = rt_analysis_get_connection (analysis, 1);
  assert_string_equal (info->host, "api.shop.test");
  assert_int_equal (info->port, 80);
  assert_string_equal (info->from_host, "127.0.0.1");
  assert_int_equal (info->from_port, ntohs (own.sin_port));
  world_clear (&served.world);
}

static void
test_half_closed_request_is_answered (void **state)
{
  Served served = { 0 };
  g_autofree char *answer = NULL;
  int fd;

  served_init (&served);
  fd = dial (served.port);
  say (fd, "GET /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\n\r\n");
  shutdown (fd, SHUT_WR);
  answer = hear (fd);
  served_stop (&served);
  assert_true (g_str_has_suffix (answer, "\r\n\r\nOpening hours: 9-17"));
  world_clear (&served.world);
}

/* RFC 9112 §9.6: a client that goes on sending gets the answer all the same; closing at once would
 * have sent a reset after it. */
static void
test_answer_before_the_content (void **state)
{
  Served served = { 0 };
  g_autofree char *content = g_strnfill (4 * 1000 * 1000, 'x');
  g_autofree char *answer = NULL;
  int fd;

  served_init (&served);
  fd = dial (served.port);
  say (fd, "PUT /doc/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
  say (fd, content);
  shutdown (fd, SHUT_WR);
  answer = hear (fd);
  served_stop (&served);
  assert_true (g_str_has_prefix (answer, "HTTP/1.1 413 "));
  world_clear (&served.world);
}

#define NO_HTTP                                                                                    \
  "shop.test:80: the response can't be read: it does not hold that the first line is version"

/* A server that is none of HTTP's. */
typedef struct
{
  int fd;
  const char *says;
} Stranger;

static gpointer
be_strange (gpointer data)
{
  const Stranger *stranger = data;
  int fd = accept (stranger->fd, NULL, NULL);

  say (fd, stranger->says);
  shutdown (fd, SHUT_WR);
  g_free (hear (fd));
  return NULL;
}

static void
test_no_http_server (void **state)
{
  static const struct
  {
    const char *says, *end;
  } rows[] = {
    { "SSH-2.0-OpenSSH_9.2p1\r\n", NO_HTTP },
    { "220 mail.test ESMTP\r\n", NO_HTTP },
    { "", "the connection was closed before a response came" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      struct sockaddr_in address
          = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
      socklen_t length = sizeof address;
      Stranger stranger = { socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), rows[i].says };
      GThread *thread;
      World world;

      assert_int_equal (bind (stranger.fd, (struct sockaddr *)&address, length), 0);
      assert_int_equal (listen (stranger.fd, 1), 0);
      getsockname (stranger.fd, (struct sockaddr *)&address, &length);
      thread = g_thread_new ("stranger", be_strange, &stranger);
      world_init (&world, &rt_live_driver, RT_LIVE_CLOCK_REAL);
      rt_live_map (world.driver, "shop.test", 80, "127.0.0.1", ntohs (address.sin_port));
      ask_until (&world, "shop.test", "GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n",
                 g_get_real_time () + 20 * RT_TIME_SEC);
      if (strstr (finished (&world, 1), rows[i].end) == NULL)
        fail_msg ("“%s” is not in “%s”", rows[i].end, finished (&world, 1));
      world_clear (&world);
      g_thread_join (thread);
      close (stranger.fd);
    }
}

/* Cut off, by FIN and by RST, after every byte of a request: the server goes on. */
static void
test_cut_at_every_byte (void **state)
{
  static const char request[] = "PUT /doc/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
  Served served = { 0 };
  g_autofree char *answer = NULL;
  int fd;

  served_init (&served);
  for (gsize n = 0; n < sizeof request; n++)
    for (int reset = 0; reset < 2; reset++)
      {
        struct linger none = { 1, 0 };

        fd = dial (served.port);
        if (n > 0)
          assert_int_equal (send (fd, request, n, MSG_NOSIGNAL), n);
        if (reset)
          setsockopt (fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
        close (fd);
      }
  fd = dial (served.port);
  say (fd, "GET /doc/1 HTTP/1.0\r\n\r\n");
  answer = hear (fd);
  served_stop (&served);
  assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 OK\r\n"));
  world_clear (&served.world);
}

static guint
count_descriptors (void)
{
  guint n = 0;

  for (int fd = 0; fd < 1024; fd++)
    n += fcntl (fd, F_GETFD) >= 0;
  return n;
}

/* With no descriptor left, connections are turned away; with one again, they are served. */
static void
test_out_of_descriptors (void **state)
{
  Served served = { 0 };
  g_autofree char *answer = NULL;
  struct rlimit before, tight;
  int fds[64];
  int fd;

  served_init (&served);
  getrlimit (RLIMIT_NOFILE, &before);
  for (gsize i = 0; i < G_N_ELEMENTS (fds); i++)
    fds[i] = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  tight = before;
  tight.rlim_cur = (rlim_t)fds[G_N_ELEMENTS (fds) - 1] + 1;
  setrlimit (RLIMIT_NOFILE, &tight);
  for (gsize i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      struct sockaddr_in address = { .sin_family = AF_INET,
                                     .sin_port = htons (served.port),
                                     .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
      char byte;

      assert_int_equal (connect (fds[i], (struct sockaddr *)&address, sizeof address), 0);
      assert_true (recv (fds[i], &byte, 1, 0) <= 0);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
  setrlimit (RLIMIT_NOFILE, &before);
  fd = dial (served.port);
  say (fd, "GET /doc/1 HTTP/1.0\r\n\r\n");
  answer = hear (fd);
  served_stop (&served);
  assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 OK\r\n"));
  world_clear (&served.world);
}

static void
test_nothing_is_left_behind (void **state)
{
  guint before = count_descriptors ();
  Served served = { 0 };

  served_init (&served);
  for (int i = 0; i < 1000; i++)
    {
      int fd = dial (served.port);

      say (fd, "GET /doc/1 HTTP/1.0\r\n\r\n");
      g_free (hear (fd));
    }
  served_stop (&served);
  world_clear (&served.world);
  assert_int_equal (count_descriptors (), before);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_same_exchanges),
    cmocka_unit_test (test_same_twice),
    cmocka_unit_test (test_unknown_host),
    cmocka_unit_test (test_outside_is_refused),
    cmocka_unit_test (test_refused),
    cmocka_unit_test (test_a_server_dies),
    cmocka_unit_test (test_port_in_use),
    cmocka_unit_test (test_listens_on_loopback_alone),
    cmocka_unit_test (test_a_program_is_served),
    cmocka_unit_test (test_half_closed_request_is_answered),
    cmocka_unit_test (test_answer_before_the_content),
    cmocka_unit_test (test_no_http_server),
    cmocka_unit_test (test_cut_at_every_byte),
    cmocka_unit_test (test_out_of_descriptors),
    cmocka_unit_test (test_nothing_is_left_behind),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
