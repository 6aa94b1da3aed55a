/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The clock that jumps, and a kernel that takes its time: what is under way is waited for. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "live-world.h"

#include <sys/epoll.h>

#define GET "GET /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\n\r\n"
#define CRASH "GET /crash HTTP/1.1\r\nHost: api.shop.test\r\n\r\n"

int __real_epoll_wait (int epoll, struct epoll_event *events, int n, int timeout);
int __wrap_epoll_wait (int epoll, struct epoll_event *events, int n, int timeout);

/* Who only looks finds nothing; who waits, one event at a time. */
int
__wrap_epoll_wait (int epoll, struct epoll_event *events, int n, int timeout)
{
  return timeout == 0 ? 0 : __real_epoll_wait (epoll, events, 1, timeout);
}

/* The server's deadlines did not come into it. */
static void
test_no_time_passes (void **state)
{
  World world;

  world_init (&world, &rt_live_driver, RT_LIVE_CLOCK_JUMPS);
  for (guint i = 1; i <= 3; i++)
    {
      ask (&world, "api.shop.test", GET);
      assert_string_equal (finished (&world, i), "well");
      assert_int_equal (rt_live_driver.now (world.driver), START);
    }
  world_clear (&world);
}

static void
test_reset_is_waited_for (void **state)
{
  World world;

  world_init (&world, &rt_live_driver, RT_LIVE_CLOCK_JUMPS);
  ask (&world, "api.shop.test", CRASH);
  assert_string_equal (finished (&world, 1), "the connection was cut off");
  ask (&world, "api.shop.test", GET);
  assert_string_equal (finished (&world, 2), "api.shop.test:80: connection refused");
  /* It takes the crash so long to come. */
  assert_int_equal (rt_live_driver.now (world.driver), START + 50 * RT_TIME_MSEC);
  world_clear (&world);
}

/* More than the kernel keeps at a time. */
static void
test_much (void **state)
{
  World world;
  g_autofree char *content = g_strnfill (8 * 1000 * 1000, 'x');
  g_autofree char *request = g_strdup_printf (
      "PUT /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\nContent-Length: 8000000\r\n\r\n%s", content);

  world_init (&world, &rt_live_driver, RT_LIVE_CLOCK_JUMPS);
  ask (&world, "api.shop.test", request);
  assert_string_equal (finished (&world, 1), "well");
  assert_int_equal (rt_live_driver.now (world.driver), START);
  world_clear (&world);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_no_time_passes),
    cmocka_unit_test (test_reset_is_waited_for),
    cmocka_unit_test (test_much),
  };

  return cmocka_run_group_tests_name ("live-clock", tests, NULL, NULL);
}
