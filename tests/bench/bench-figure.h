/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The figures that were promised, by name, beside what they have to be. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  BENCH_AT_LEAST,
  BENCH_AT_MOST,
} BenchSide;

void bench_figure (const char *name, double value, const char *unit, BenchSide side, double floor);
double bench_processor_seconds (void);

G_END_DECLS
