/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Structured fields. Invariants, whatever the bytes are:
 * - what is read can be written, and what was written reads as the same and is written the same;
 * - every value stands within the field value, behind the one before it.
 *
 * The first byte picks item, list or dictionary. */
#include "rt-structured.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_places (const RtSfMember *members, guint n, RtText within)
{
  for (guint i = 0; i < n; i++)
    {
      const RtSfValue *value = &members[i].value;

      /* A parameter or member that is true without saying so stands nowhere. */
      if (value->raw.at != NULL)
        g_assert_true (value->raw.at >= within.at
                       && value->raw.at + value->raw.length <= within.at + within.length);
      check_places (value->items, value->n_items, value->raw);
      check_places (value->parameters, value->n_parameters, within);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (RtSf) sf = NULL;
  g_autoptr (RtSf) again = NULL;
  g_autofree char *written = NULL;
  g_autofree char *rewritten = NULL;
  RtText value;
  RtSfKind kind;

  if (size == 0)
    return 0;
  kind = (RtSfKind)(data[0] % 3);
  value = (RtText){ (const char *)data + 1, size - 1 };
  sf = rt_sf_parse (value, kind, NULL);
  if (sf == NULL)
    return 0;
  check_places (sf->members, sf->n_members, value);
  written = rt_sf_serialize (sf, NULL);
  g_assert_nonnull (written);
  again = rt_sf_parse (rt_text (written), kind, NULL);
  g_assert_nonnull (again);
  g_assert_cmpuint (again->n_members, ==, sf->n_members);
  rewritten = rt_sf_serialize (again, NULL);
  g_assert_cmpstr (written, ==, rewritten);
  return 0;
}
