/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How long honest clients wait while 1,500 attackers hold on to a server that may have 1,024
 * descriptors. */
#include "slowloris.h"

#include <stdio.h>
#include <sys/resource.h>

#define ATTACKERS 1500
#define PROBES 1000

int
main (void)
{
  static const struct
  {
    const char *name;
    SlowlorisKind kind;
  } attacks[] = {
    { "header sections", SLOWLORIS_HEADER },
    { "contents", SLOWLORIS_BODY },
    { "TLS handshakes", SLOWLORIS_TLS },
    { "silent connections", SLOWLORIS_SILENT },
  };
  struct rlimit limit;

  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
  for (gsize i = 0; i < G_N_ELEMENTS (attacks); i++)
    {
      SlowlorisServer server;
      SlowlorisResult result;

      if (!slowloris_start (&server, attacks[i].kind == SLOWLORIS_TLS))
        return 1;
      result = slowloris_attack (&server, attacks[i].kind, ATTACKERS, PROBES);
      slowloris_stop (&server);
      printf ("slowloris: %d %s: %u of %u answered, median %.2f ms, worst %.2f ms\n", ATTACKERS,
              attacks[i].name, result.answered, result.probes, (double)result.median / 1000,
              (double)result.worst / 1000);
    }
  return 0;
}
