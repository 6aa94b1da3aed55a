/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Many connections: nothing is left behind, and attackers keep nobody from being served. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "live-world.h"
#include "slowloris.h"

#include <dirent.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define ATTACKERS 1500
#define PROBES 200

static guint
count_descriptors (void)
{
  DIR *folder = opendir ("/proc/self/fd");
  guint n = 0;

  assert_non_null (folder);
  while (readdir (folder) != NULL)
    n++;
  closedir (folder);
  return n;
}

/* One of the ways that a program may use a connection. */
static void
visit (guint16 port, guint way)
{
  const struct linger none = { 1, 0 };
  int fd = dial (port);

  if (way % 4 == 0)
    say (fd, "GET /doc/1 HTTP/1.0\r\n\r\n");
  else if (way % 4 == 1)
    say (fd, "GET /doc/1 HTTP/1.1\r\nHost:");
  else if (way % 4 == 2)
    setsockopt (fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  if (way % 4 == 0)
    {
      g_autofree char *answer = hear (fd);

      assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 OK\r\n"));
    }
  else
    close (fd);
}

static void
visit_often (guint16 port, guint n)
{
  for (guint i = 0; i < n; i++)
    visit (port, i);
  /* The server has seen all of them when it has answered the last. */
  visit (port, 0);
}

/* Descriptors and memory stand where they stood after the first connections. Memory may be counted
 * only where the allocator counts: under a sanitizer it says 0, and looks for leaks itself. */
static void
test_nothing_is_left_behind (void **state)
{
  guint before = count_descriptors (), during;
  Served served = { .unheard = TRUE };
  gsize memory;

  served_init (&served);
  visit_often (served.port, 2000);
  during = count_descriptors ();
  memory = mallinfo2 ().uordblks;
  visit_often (served.port, 10000);
  assert_in_range (count_descriptors (), 0, during + 8);
  assert_in_range (mallinfo2 ().uordblks, 0, memory + 64 * 1024);
  served_stop (&served);
  world_clear (&served.world);
  assert_int_equal (count_descriptors (), before);
}

typedef struct
{
  const char *name;
  SlowlorisKind kind;
} Attack;

static const Attack attacks[] = {
  { "1,500 endless header sections", SLOWLORIS_HEADER },
  { "1,500 endless contents", SLOWLORIS_BODY },
  { "1,500 half TLS handshakes", SLOWLORIS_TLS },
  { "1,500 silent connections", SLOWLORIS_SILENT },
};

static void
test_attack (void **state)
{
  const Attack *attack = *state;
  SlowlorisServer server;
  SlowlorisResult result;
  struct rlimit limit;

  getrlimit (RLIMIT_NOFILE, &limit);
  if (limit.rlim_max < ATTACKERS + 100)
    {
      print_message ("# there can't be %d connections here\n", ATTACKERS);
      skip ();
    }
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
  assert_true (slowloris_start (&server, attack->kind == SLOWLORIS_TLS));
  result = slowloris_attack (&server, attack->kind, ATTACKERS, PROBES);
  slowloris_stop (&server);
  assert_int_equal (result.answered, result.probes);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (attacks) + 1]
      = { cmocka_unit_test (test_nothing_is_left_behind) };

  for (gsize i = 0; i < G_N_ELEMENTS (attacks); i++)
    tests[i + 1]
        = (struct CMUnitTest){ attacks[i].name, test_attack, NULL, NULL, (void *)&attacks[i] };
  return _cmocka_run_group_tests ("live-load", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
