/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `./dev bench` gathers these lines at its end. A figure that is missed fails nothing: the machine
 * may be slow, or busy. */
#include "bench-figure.h"

#include <sys/resource.h>

/**
 * bench_figure:
 * @floor: what it has to be on a machine that does nothing else
 */
void
bench_figure (const char *name, double value, const char *unit, BenchSide side, double floor)
{
  gboolean kept = side == BENCH_AT_LEAST ? value >= floor : value <= floor;

  g_print ("figure: %s: %.*f %s; %s %g: %s\n", name, value < 100 ? 2 : 0, value, unit,
           side == BENCH_AT_LEAST ? "at least" : "at most", floor, kept ? "kept" : "missed");
}

/** bench_processor_seconds: of all threads of this process so far; others on the machine do not
 * change it much. */
double
bench_processor_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
         + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}
