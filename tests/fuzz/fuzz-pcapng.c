/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariant: that of fuzz-pcap, for blocks of pcapng behind a section's header and an interface,
 * which the first byte describes: the byte order and the link type. */
#include "capture-events.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const uint8_t little[] = "\n\r\r\n\x1c\0\0\0\x4d\x3c\x2b\x1a\1\0\0\0\xff\xff\xff\xff\xff\xff"
                                "\xff\xff\x1c\0\0\0\1\0\0\0\x14\0\0\0\1\0\0\0\0\0\0\0\x14\0\0\0";
static const uint8_t big[] = "\n\r\r\n\0\0\0\x1c\x1a\x2b\x3c\x4d\0\1\0\0\xff\xff\xff\xff\xff\xff"
                             "\xff\xff\0\0\0\x1c\0\0\0\1\0\0\0\x14\0\1\0\0\0\0\0\0\0\0\0\x14";

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const guint links[] = { 1, 101, 113, 20 };
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autofree char *whole = NULL;
  g_autofree char *pieces = NULL;

  if (size == 0)
    return 0;
  g_byte_array_append (file, (data[0] & 1) != 0 ? big : little, sizeof little - 1);
  file->data[(data[0] & 1) != 0 ? 37 : 36] = (guint8)links[data[0] >> 1 & 3];
  g_byte_array_append (file, data + 1, (guint)(size - 1));
  whole = tell_capture (file->data, file->len, file->len);
  pieces = tell_capture (file->data, file->len, 7);
  if (strcmp (whole, pieces) != 0)
    g_error ("in pieces something else is told");
  return 0;
}
