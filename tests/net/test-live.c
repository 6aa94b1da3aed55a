/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The live driver on loopback. Outcomes and order only: what real time does is not asserted. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-analysis.h"
#include "rt-client.h"
#include "rt-live.h"
#include "rt-origin.h"
#include "rt-sim.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define START (1767268800 * RT_TIME_SEC)

static const char settings[] = "{'content': <'Opening hours: 9-17'>}";

/* The same cast on either driver. */
typedef struct
{
  RtLog *log;
  const RtDriverClass *klass;
  gpointer driver;
  RtPartyId ann, origin;
  GPtrArray *tasks;
} World;

static void
task_free (gpointer data)
{
  RtClientTask *task = data;

  g_clear_pointer (&task->request.bytes, g_bytes_unref);
  g_free (task);
}

static void
world_init (World *world, const RtDriverClass *klass, RtLiveClock clock)
{
  g_autoptr (GError) error = NULL;
  RtOrigin *origin = rt_origin_new (NULL);
  RtEndpoint here = { .port = 80 };

  *world = (World){ .log = rt_log_new (RT_LOG_KEEP_ALL, NULL, NULL), .klass = klass };
  world->driver = klass == &rt_live_driver
                      ? (gpointer)rt_live_new (world->log, clock, START, &error)
                      : (gpointer)rt_sim_new (world->log, START);
  assert_non_null (world->driver);
  assert_true (
      rt_origin_add (origin, "/doc/1", "document", g_variant_new_parsed (settings), &error));
  assert_true (rt_origin_add (origin, "/crash", "crash", NULL, &error));
  world->ann = klass->add (world->driver, "ann", &rt_client_class, rt_client_new ());
  world->origin = klass->add (world->driver, "api.shop.test", &rt_origin_class, origin);
  assert_true (klass->listen (world->driver, world->origin, &here, &error));
  world->tasks = g_ptr_array_new_with_free_func (task_free);
}

static void
world_clear (World *world)
{
  world->klass->free (world->driver);
  rt_log_free (world->log);
  g_ptr_array_unref (world->tasks);
}

static void
ask (World *world, const char *host, const char *request)
{
  RtClientTask *task = g_new0 (RtClientTask, 1);

  task->request.to = (RtEndpoint){ .host = host, .port = 80 };
  task->request.bytes = g_bytes_new (request, strlen (request));
  g_ptr_array_add (world->tasks, task);
  world->klass->task (world->driver, world->ann, task, "request",
                      world->klass->now (world->driver));
  assert_int_equal (world->klass->run (world->driver, RT_TIME_NEVER, NULL), RT_RUN_SETTLED);
}

static RtAnalysis *
analyse (World *world)
{
  RtAnalysis *analysis = rt_analysis_new ();

  rt_log_flush (world->log);
  assert_true (
      rt_analysis_feed_reader (analysis, rt_log_get_reader (world->log), G_MAXUINT64, NULL));
  return analysis;
}

static void
describe_message (GString *out, RtAnalysis *analysis, const RtTransfer *transfer)
{
  g_autoptr (GBytes) content = NULL;

  if (transfer == NULL)
    {
      g_string_append (out, "nothing\n");
      return;
    }
  content = rt_analysis_dup_content (analysis, transfer);
  g_string_append_printf (out, "%.*s %.*s %u %s\n", (int)transfer->message->method.length,
                          transfer->message->method.at, (int)transfer->message->target.length,
                          transfer->message->target.at, transfer->message->status,
                          transfer->complete ? "complete" : "cut");
  for (guint i = 0; i < rt_fields_get_length (transfer->message->fields); i++)
    {
      const RtField *field = rt_fields_get (transfer->message->fields, i);

      if (!rt_text_is (field->name, "Date") && !rt_text_is (field->name, "Last-Modified"))
        g_string_append_printf (out, "  %.*s: %.*s\n", (int)field->name.length, field->name.at,
                                (int)field->value.length, field->value.at);
    }
  if (content != NULL)
    g_string_append_printf (out, "  [%.*s]\n", (int)g_bytes_get_size (content),
                            (const char *)g_bytes_get_data (content, NULL));
}

/* What has to be the same on both drivers: per connection order, method, target, status, fields but
 * dates, content and deciding checks. */
static char *
describe (World *world)
{
  g_autoptr (RtAnalysis) analysis = analyse (world);
  GPtrArray *exchanges = rt_analysis_get_exchanges (analysis);
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < exchanges->len; i++)
    {
      const RtExchange *exchange = exchanges->pdata[i];

      g_string_append_printf (out, "connection %u, %u to %u%s\n", exchange->connection,
                              exchange->client, exchange->server,
                              exchange->failed != NULL ? ", failed" : "");
      describe_message (out, analysis, exchange->request);
      describe_message (out, analysis, exchange->response);
      for (guint j = 0; j < exchange->decisions->len; j++)
        {
          const RtDecisionInfo *info = exchange->decisions->pdata[j];
          RtCheck check;

          if (rt_decision_get_deciding (info->decision, &check))
            g_string_append_printf (out, "  %s: %s\n", check.clause.id,
                                    rt_decision_get_verdict (info->decision));
        }
    }
  return g_string_free (out, FALSE);
}

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

static const char *
finished (World *world, guint task)
{
  RtReader *reader = rt_log_get_reader (world->log);
  static char text[256];

  rt_log_flush (world->log);
  *text = '\0';
  for (guint64 i = 0; i < rt_reader_get_length (reader); i++)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, i, NULL);
      g_autoptr (GVariant) detail = NULL;
      guint64 number;
      const char *message;

      if (page->events[i - page->first].kind != RT_EVENT_FINISHED)
        continue;
      detail = rt_page_dup_detail (page, (guint)(i - page->first));
      g_variant_get (detail, "(tm&s)", &number, &message);
      if (number == task)
        g_strlcpy (text, message != NULL ? message : "well", sizeof text);
    }
  return text;
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

/* A program that is not ours: a thread that runs the server, and this one with plain sockets. */
typedef struct
{
  World world;
  GThread *thread;
  guint16 port;
} Served;

static gpointer
serve (gpointer data)
{
  World *world = data;

  rt_live_driver.run (world->driver, RT_TIME_NEVER, NULL);
  return NULL;
}

static void
served_init (Served *served)
{
  world_init (&served->world, &rt_live_driver, RT_LIVE_CLOCK_REAL);
  served->port = rt_live_get_port (served->world.driver, "api.shop.test", 80);
  served->thread = g_thread_new ("server", serve, &served->world);
}

static void
served_stop (Served *served)
{
  rt_live_stop (served->world.driver);
  g_thread_join (served->thread);
}

static int
dial (guint16 port)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons (port),
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  assert_true (fd >= 0);
  assert_int_equal (connect (fd, (struct sockaddr *)&address, sizeof address), 0);
  return fd;
}

static void
say (int fd, const char *text)
{
  assert_int_equal (send (fd, text, strlen (text), MSG_NOSIGNAL), strlen (text));
}

/* All that comes up to the end of the connection. */
static char *
hear (int fd)
{
  GString *text = g_string_new (NULL);
  char part[4096];
  gssize n;

  while ((n = recv (fd, part, sizeof part, 0)) > 0)
    g_string_append_len (text, part, n);
  close (fd);
  return g_string_free (text, FALSE);
}

static void
test_a_program_is_served (void **state)
{
  Served served;
  g_autofree char *answer = NULL;
  g_autofree char *text = NULL;
  int fd;

  served_init (&served);
  fd = dial (served.port);
  say (fd, "GET /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\nConnection: close\r\n\r\n");
  answer = hear (fd);
  served_stop (&served);
  assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 OK\r\n"));
  assert_true (g_str_has_suffix (answer, "\r\n\r\nOpening hours: 9-17"));
  text = describe (&served.world);
  assert_non_null (strstr (text, "GET /doc/1 0 complete"));
  assert_non_null (strstr (text, " 200 complete"));
  world_clear (&served.world);
}

static void
test_half_closed_request_is_answered (void **state)
{
  Served served;
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

/* Cut off, by FIN and by RST, after every byte of a request: the server goes on. */
static void
test_cut_at_every_byte (void **state)
{
  static const char request[] = "PUT /doc/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
  Served served;
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
  Served served;
  g_autofree char *answer = NULL;
  struct rlimit before, tight;
  int fds[64];
  int fd;

  served_init (&served);
  getrlimit (RLIMIT_NOFILE, &before);
  for (gsize i = 0; i < G_N_ELEMENTS (fds); i++)
    fds[i] = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  tight = before;
  tight.rlim_cur = count_descriptors ();
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
  Served served;

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
    cmocka_unit_test (test_cut_at_every_byte),
    cmocka_unit_test (test_out_of_descriptors),
    cmocka_unit_test (test_nothing_is_left_behind),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
