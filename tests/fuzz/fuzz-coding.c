/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whatever stands in coded content, decoding it ends, gives no more than the cap, and gives the
 * same beginning whatever the cap. The first byte chooses the coding. */
#include "rt-coding.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char *const names[] = { "gzip", "deflate", "br", "zstd", "identity" };
  g_autoptr (GBytes) less = NULL;
  g_autoptr (GBytes) more = NULL;
  g_autoptr (GBytes) beginning = NULL;
  RtCoding coding;
  RtText coded;

  if (size == 0)
    return 0;
  coding = rt_coding_from_name (rt_text (names[data[0] % G_N_ELEMENTS (names)]));
  if (coding == RT_CODING_UNKNOWN)
    return 0;
  coded = (RtText){ (const char *)data + 1, size - 1 };
  rt_coding_decode (coding, coded, 1000, &less);
  rt_coding_decode (coding, coded, 100000, &more);
  g_assert_true (g_bytes_get_size (less) == MIN (g_bytes_get_size (more), 1000));
  g_assert_true (g_bytes_get_size (more) <= 100000);
  beginning = g_bytes_new_from_bytes (more, 0, g_bytes_get_size (less));
  g_assert_true (g_bytes_equal (less, beginning));
  return 0;
}
