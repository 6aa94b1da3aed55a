/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariant: whatever stands in the table `page`, decoding it ends, takes memory in proportion to
 * its size, and gives events whose details lie in the arena; what it gives is written and read
 * again as the same. The first byte is the encoding, the next two the number of events. */
#include "rt-page-code.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_again (const RtPageParts *parts)
{
  g_auto (RtPageParts) again = { 0 };
  RtPageEncoding encoding;
  g_autoptr (GByteArray) bytes = rt_page_encode (parts, &encoding);

  rt_page_parts_init (&again, parts->first);
  if (!rt_page_decode (&again, encoding, parts->events->len, bytes->data, bytes->len, NULL))
    g_error ("a page that was written cannot be read");
  if (parts->events->len > 0
      && memcmp (again.events->data, parts->events->data, parts->events->len * sizeof (RtEvent))
             != 0)
    g_error ("a page is read as another one");
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_auto (RtPageParts) parts = { 0 };

  if (size < 3)
    return 0;
  rt_page_parts_init (&parts, 1000);
  if (!rt_page_decode (&parts, data[0], data[1] | (guint)data[2] << 8, data + 3, size - 3, NULL))
    return 0;
  for (guint i = 0; i < parts.events->len; i++)
    {
      const RtEvent *event = &g_array_index (parts.events, RtEvent, i);

      if ((guint64)event->detail + event->detail_length > parts.arena->len)
        g_error ("a detail is outside the arena");
    }
  if (data[0] != RT_PAGE_HOLE)
    check_again (&parts);
  return 0;
}
