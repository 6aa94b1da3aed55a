/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariant: whatever the bytes are, they can be written as a text that is UTF-8 and read back as
 * the same bytes; and as a text they are read, or refused with the line, and remarked upon without
 * a crash, at lines that there are. */
#include "rt-byte-report.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const RtPlace place = { "text", 1, 0 };
  g_autofree char *written = rt_byte_text_write ((RtText){ (const char *)data, size });
  g_autoptr (GByteArray) back = rt_byte_text_flatten (written, &place, NULL, NULL);
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (RtByteReport) report = rt_byte_report_new (valid, NULL);
  guint n_lines = 2;

  g_assert (g_utf8_validate (written, -1, NULL));
  g_assert (back != NULL && back->len == size
            && (size == 0 || memcmp (back->data, data, size) == 0));
  for (const char *at = valid; *at != '\0'; at++)
    n_lines += *at == '\n';
  for (guint i = 0; i < report->remarks->len; i++)
    {
      const RtByteRemark *remark = report->remarks->pdata[i];

      g_assert (remark->line >= 1 && remark->line <= n_lines && *remark->text != '\0');
    }
  return 0;
}
