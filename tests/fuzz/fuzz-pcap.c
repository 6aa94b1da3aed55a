/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariant: whatever stands in a capture, reading it ends; fed whole or in pieces it tells the
 * same; of each connection that was opened the end is told. */
#include "capture-events.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *whole = tell_capture (data, size, MAX (size, 1));
  g_autofree char *pieces = tell_capture (data, size, 7);

  if (strcmp (whole, pieces) != 0)
    g_error ("in pieces something else is told");
  return 0;
}
