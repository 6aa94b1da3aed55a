/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON merge patch; the document ends at the first line break, the rest is the patch. Invariants:
 * - either there is a result or an error, and the result is JSON that can be patched again;
 * - a patch applied twice changes nothing the second time (RFC 7396 is idempotent). */
#include <stdint.h>
#include <string.h>

#include "rt-merge-patch.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define NESTING 20

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const uint8_t *line_end = size > 0 ? memchr (data, '\n', size) : NULL;
  size_t length = line_end != NULL ? (size_t)(line_end - data) : size;
  g_autoptr (GBytes) document = g_bytes_new (data, length);
  g_autoptr (GBytes) patch = g_bytes_new (data + length, size - length);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) once = rt_merge_patch (document, patch, NESTING, &error);
  g_autoptr (GBytes) twice = NULL;

  g_assert ((once == NULL) == (error != NULL));
  if (once == NULL)
    return 0;
  twice = rt_merge_patch (once, patch, NESTING, NULL);
  g_assert (twice != NULL && g_bytes_equal (once, twice));
  return 0;
}
