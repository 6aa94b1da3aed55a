/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Links on real sockets: what a scenario says of them comes out as it does on the simulated
 * network. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "live-world.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define GET "GET /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\n\r\n"
#define LONG_TIME (24 * 60 * 60 * RT_TIME_SEC)
#define SLOW                                                                                       \
  {                                                                                                \
    .latency = 50 * RT_TIME_MSEC                                                                   \
  }
#define NARROW                                                                                     \
  {                                                                                                \
    .latency = 10 * RT_TIME_MSEC, .bandwidth = 100 * 1000, .queue = 4096                           \
  }

/* Which end's segments a fault is about. */
typedef enum
{
  ANN,
  ORIGIN,
} End;

/* @same_time: the model has no more to say about it than how long a trip takes. */
typedef struct
{
  const char *name;
  RtLink link;
  gboolean faulty;
  RtFault fault; /* from: an End */
  const char *request;
  const char *end; /* how the task finishes */
  gboolean same_time;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "a trip takes its time", SLOW, FALSE, { 0 }, GET, "well", TRUE },
  { "a narrow link", NARROW, FALSE, { 0 }, GET, "well", FALSE },
  { "nothing is in the way", { 0 }, FALSE, { 0 }, GET, "well", TRUE },
  { "the request is cut off", SLOW, TRUE, { RT_FAULT_RESET, ANN, 0, 1, 0, 0 }, GET, "the connection was cut off", FALSE },
  { "the answer is cut off", SLOW, TRUE, { RT_FAULT_RESET, ORIGIN, 0, 1, 0, 0 }, GET, "the connection was cut off", FALSE },
  { "the wish to connect is cut off", SLOW, TRUE, { RT_FAULT_RESET, ANN, 0, 0, 0, 0 }, GET, "api.shop.test:80: cut off by the network", TRUE },
  { "another connection is cut off", SLOW, TRUE, { RT_FAULT_RESET, ANN, 2, 1, 0, 0 }, GET, "well", TRUE },
  { "the request is lost", SLOW, TRUE, { RT_FAULT_LOSE, ANN, 0, 1, 1, 0 }, GET, "well", FALSE },
  { "the answer is lost three times", SLOW, TRUE, { RT_FAULT_LOSE, ORIGIN, 0, 1, 3, 0 }, GET, "well", FALSE },
  { "the wish to connect is lost", SLOW, TRUE, { RT_FAULT_LOSE, ANN, 0, 0, 2, 0 }, GET, "well", FALSE },
  { "no wish to connect comes through", SLOW, TRUE, { RT_FAULT_LOSE, ANN, 0, 0, G_MAXUINT, 0 }, GET, "api.shop.test:80: connection timed out", FALSE },
  { "the request never comes through", SLOW, TRUE, { RT_FAULT_LOSE, ANN, 0, 1, G_MAXUINT, 0 }, GET, "the connection was closed before a response came", FALSE },
  { "the answer never comes through", SLOW, TRUE, { RT_FAULT_LOSE, ORIGIN, 0, 1, G_MAXUINT, 0 }, GET, "the connection was cut off", FALSE },
  { "the answer stalls", SLOW, TRUE, { RT_FAULT_STALL, ORIGIN, 0, 1, 0, 5 * RT_TIME_SEC }, GET, "well", FALSE },
  { "the answer stalls for ever", SLOW, TRUE, { RT_FAULT_STALL, ORIGIN, 0, 1, 0, RT_TIME_NEVER }, GET, "the connection was cut off", FALSE },
  { "nobody listens", SLOW, FALSE, { 0 }, "GET /crash HTTP/1.1\r\nHost: api.shop.test\r\n\r\n", "the connection was cut off", TRUE },
};
/* clang-format on */

static void
set_link (World *world, const Row *row)
{
  RtLink link = row->link;
  RtFault fault = row->fault;

  fault.from = row->fault.from == ANN ? world->ann : world->origin;
  link.faults = &fault;
  link.n_faults = row->faulty ? 1 : 0;
  if (world->klass == &rt_live_driver)
    rt_live_set_link (world->driver, world->ann, world->origin, &link);
  else
    rt_sim_set_link (world->driver, world->ann, world->origin, &link);
}

/* What came of it; @ret_took: when the task ended. */
static char *
play (const RtDriverClass *klass, const Row *row, RtTime *ret_took)
{
  World world;
  char *text;

  world_init (&world, klass, RT_LIVE_CLOCK_JUMPS);
  set_link (&world, row);
  ask_until (&world, "api.shop.test", row->request, START + LONG_TIME);
  *ret_took = 0;
  assert_string_equal (finished_at (&world, 1, ret_took), row->end);
  text = describe (&world);
  world_clear (&world);
  return text;
}

static void
test_row (void **state)
{
  const Row *row = *state;
  RtTime on_sim, on_sockets, again;
  g_autofree char *sim = play (&rt_sim_driver, row, &on_sim);
  g_autofree char *live = play (&rt_live_driver, row, &on_sockets);
  g_autofree char *twice = play (&rt_live_driver, row, &again);

  assert_string_equal (sim, live);
  assert_string_equal (live, twice);
  assert_int_equal (on_sockets, again);
  if (row->same_time)
    assert_int_equal (on_sim, on_sockets);
}

/* What is sent over a narrow link takes as long as its bits do. */
static void
test_bandwidth (void **state)
{
  RtLink link = { .bandwidth = 80 * 1000 };
  World world;
  g_autofree char *content = g_strnfill (100 * 1000, 'x');
  g_autofree char *request = g_strdup_printf (
      "PUT /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\nContent-Length: 100000\r\n\r\n%s", content);

  world_init (&world, &rt_live_driver, RT_LIVE_CLOCK_JUMPS);
  rt_live_set_link (world.driver, 0, 0, &link);
  ask (&world, "api.shop.test", request);
  assert_string_equal (finished (&world, 1), "well");
  assert_true (rt_live_driver.now (world.driver) - START >= 10 * RT_TIME_SEC);
  assert_true (rt_live_driver.now (world.driver) - START < 11 * RT_TIME_SEC);
  world_clear (&world);
}

/* A program's bytes are held back as well, both ways, and nothing is lost or torn. */
static void
test_program (void **state)
{
  RtLink link = { .latency = 2 * RT_TIME_MSEC, .bandwidth = 1000 * 1000 * 1000 };
  Served served = { .link = &link };
  g_autofree char *answer = NULL;
  int fd;

  served_init (&served);
  fd = dial (served.port);
  say (fd, "GET /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\n\r\n");
  say (fd, "GET /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\nConnection: close\r\n\r\n");
  answer = hear (fd);
  served_stop (&served);
  assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 OK\r\n"));
  assert_non_null (strstr (answer, "\r\n\r\nOpening hours: 9-17HTTP/1.1 200 OK\r\n"));
  assert_true (g_str_has_suffix (answer, "\r\n\r\nOpening hours: 9-17"));
  world_clear (&served.world);
}

/* A reset that a link makes is a real one. */
static void
test_program_is_cut_off (void **state)
{
  RtFault fault = { .kind = RT_FAULT_RESET, .segment = 1 };
  RtLink link = { .latency = RT_TIME_MSEC, .faults = &fault, .n_faults = 1 };
  Served served = { .link = &link };
  char byte;
  int fd;

  served_init (&served);
  fd = dial (served.port);
  say (fd, GET);
  assert_int_equal (recv (fd, &byte, 1, 0), -1);
  assert_int_equal (errno, ECONNRESET);
  close (fd);
  served_stop (&served);
  world_clear (&served.world);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + 3] = { { NULL } };
  gsize n = 0;

  for (; n < G_N_ELEMENTS (rows); n++)
    tests[n] = (struct CMUnitTest){ rows[n].name, test_row, NULL, NULL, (void *)&rows[n] };
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_bandwidth);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_program);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_program_is_cut_off);
  return _cmocka_run_group_tests ("live-links", tests, n, NULL, NULL);
}
