/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Accepting while accept() fails: the listener goes on, and does not spin. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "live-world.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define FOR_EVER G_MAXINT

/* The fault: @code, so many times. Set before the server runs, counted by it. */
static int code;
static gint times, calls;

int __real_accept4 (int fd, struct sockaddr *address, socklen_t *length, int flags);
int __wrap_accept4 (int fd, struct sockaddr *address, socklen_t *length, int flags);

int
__wrap_accept4 (int fd, struct sockaddr *address, socklen_t *length, int flags)
{
  g_atomic_int_inc (&calls);
  if (g_atomic_int_get (&times) == 0)
    return __real_accept4 (fd, address, length, flags);
  if (g_atomic_int_get (&times) != FOR_EVER)
    g_atomic_int_add (&times, -1);
  errno = code;
  return -1;
}

/* clang-format off */
static const struct
{
  const char *name;
  int code;
} rows[] = {
  { "the connection is gone already", ECONNABORTED }, { "a protocol error", EPROTO },
  { "a firewall forbids it", EPERM }, { "a signal", EINTR }, { "the network is down", ENETDOWN },
  { "no route", EHOSTUNREACH }, { "no descriptor of this process", EMFILE },
  { "no descriptor of the system", ENFILE }, { "no buffers", ENOBUFS }, { "no memory", ENOMEM },
  { "something that no manual names", EIO },
};
/* clang-format on */

/* The last of them may stay as they are for a while. */
static const char *const lasting[]
    = { "no descriptor of the system, for ever", "no buffers, for ever", "no memory, for ever",
        "something unnamed, for ever" };

static void
set_fault (gconstpointer row, gint n)
{
  code = rows[GPOINTER_TO_SIZE (row)].code;
  g_atomic_int_set (&calls, 0);
  g_atomic_int_set (&times, n);
}

static void
test_goes_on (void **state)
{
  Served served = { 0 };
  g_autofree char *answer = NULL;
  int fd;

  /* An even number: where descriptors are short, every second try is to turn somebody away. */
  set_fault (*state, 4);
  served_init (&served);
  fd = dial (served.port);
  say (fd, "GET /doc/1 HTTP/1.0\r\n\r\n");
  answer = hear (fd);
  served_stop (&served);
  assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 OK\r\n"));
  assert_true (g_atomic_int_get (&calls) >= 5);
  world_clear (&served.world);
}

/* A fault that stays: asked a few times in a fifth of a second, not without end. */
static void
test_does_not_spin (void **state)
{
  World world;
  int fd;

  world_init (&world, &rt_live_driver, RT_LIVE_CLOCK_REAL);
  fd = dial (rt_live_get_port (world.driver, "api.shop.test", 80));
  set_fault (*state, FOR_EVER);
  world.klass->task (world.driver, world.ann, &(int){ 0 }, "nothing", RT_TIME_NEVER - 1);
  world.klass->run (world.driver, g_get_real_time () + 200 * RT_TIME_MSEC, NULL);
  assert_in_range (g_atomic_int_get (&calls), 1, 20);
  set_fault (*state, 0);
  close (fd);
  world_clear (&world);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + G_N_ELEMENTS (lasting)] = { { NULL } };
  gsize n = 0;

  for (; n < G_N_ELEMENTS (rows); n++)
    tests[n] = (struct CMUnitTest){ rows[n].name, test_goes_on, NULL, NULL, GSIZE_TO_POINTER (n) };
  for (gsize i = 0; i < G_N_ELEMENTS (lasting); i++)
    tests[n++] = (struct CMUnitTest){ lasting[i], test_does_not_spin, NULL, NULL,
                                      GSIZE_TO_POINTER (G_N_ELEMENTS (rows) - G_N_ELEMENTS (lasting)
                                                        + i) };
  return _cmocka_run_group_tests ("live-accept", tests, n, NULL, NULL);
}
