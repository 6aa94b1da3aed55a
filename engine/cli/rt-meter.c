/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How far something is, on a terminal: one line that is written over. */
#include "rt-meter.h"

#include <stdio.h>
#include <unistd.h>

/**
 * rt_meter_begin:
 * @what: is being done; static
 *
 * Returns: a meter that shows nothing yet
 */
RtMeter
rt_meter_begin (const char *what)
{
  return (RtMeter){ what, -1, isatty (STDERR_FILENO) == 1 };
}

/**
 * rt_meter_tell:
 * @done: how far it is
 * @total: of how much; 0: not known
 * @meter: an #RtMeter
 */
void
rt_meter_tell (guint64 done, guint64 total, gpointer meter)
{
  RtMeter *self = meter;
  int percent = total > 0 ? (int)(MIN (done, total) / MAX (total / 100, 1)) : 0;

  percent = MIN (percent, 100);
  if (!self->terminal || percent == self->shown)
    return;
  self->shown = percent;
  fprintf (stderr, "\r%s %3d %%", self->what, percent);
  fflush (stderr);
}

/** rt_meter_end: takes away what is shown. */
void
rt_meter_end (RtMeter *meter)
{
  if (meter->shown >= 0)
    fputs ("\r\033[K", stderr);
  meter->shown = -1;
}
