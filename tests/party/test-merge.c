/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Three-way merge. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-merge.h"

typedef struct
{
  const char *name, *base, *mine, *theirs, *want;
  guint conflicts;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "nobody changed anything", "a\nb\n", "a\nb\n", "a\nb\n", "a\nb\n", 0 },
  { "only I changed a line", "a\nb\nc\n", "a\nB\nc\n", "a\nb\nc\n", "a\nB\nc\n", 0 },
  { "only they changed a line", "a\nb\nc\n", "a\nb\nc\n", "a\nB\nc\n", "a\nB\nc\n", 0 },
  { "both changed different lines", "a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n", "A\nb\nc\nD\n", 0 },
  { "both made the same change", "a\nb\nc\n", "a\nB\nc\n", "a\nB\nc\n", "a\nB\nc\n", 0 },
  { "both changed one line: theirs, then mine", "a\nb\nc\n", "a\nX\nc\n", "a\nY\nc\n", "a\nY\nX\nc\n", 1 },
  { "I removed what they left", "a\nb\nc\n", "a\nc\n", "a\nb\nc\n", "a\nc\n", 0 },
  { "I added at the end, they at the beginning", "a\n", "a\nz\n", "0\na\n", "0\na\nz\n", 0 },
  { "one line without a line break", "Opening hours: 9-17", "Opening hours: 9-17, not on Sundays", "Opening hours: 9-18", "Opening hours: 9-18\nOpening hours: 9-17, not on Sundays", 1 },
  { "nothing was known before", "", "mine\n", "theirs\n", "theirs\nmine\n", 1 },
  { "two conflicts", "a\nb\nc\n", "1\nb\n3\n", "x\nb\nz\n", "x\n1\nb\nz\n3\n", 2 },
  { "a line break at the end comes and goes", "a", "a\n", "a", "a\n", 0 },
  { "all empty", "", "", "", "", 0 },
  { "one shortened a run of equal lines, one lengthened it", "a\na\na\n", "a\na\n", "a\na\na\na\n", "a\na\na\na\n", 1 },
};
/* clang-format on */

static void
test_row (void **state)
{
  const Row *row = *state;
  guint conflicts;
  g_autoptr (GBytes) merged
      = rt_merge (rt_text (row->base), rt_text (row->mine), rt_text (row->theirs), &conflicts);
  g_autofree char *text = g_strndup (g_bytes_get_data (merged, NULL), g_bytes_get_size (merged));

  assert_string_equal (text, row->want);
  assert_int_equal (conflicts, row->conflicts);
}

static void
test_many_lines (void **state)
{
  g_autofree char *lines = g_strnfill (100000, '\n');
  guint conflicts;
  g_autoptr (GBytes) merged
      = rt_merge (rt_text (lines), rt_text (lines), rt_text ("other"), &conflicts);

  assert_int_equal (g_bytes_get_size (merged), 5);
  assert_int_equal (conflicts, 0);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + 1];

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  tests[G_N_ELEMENTS (rows)] = (struct CMUnitTest){ "a text with too many lines is one line",
                                                    test_many_lines, NULL, NULL, NULL };
  return _cmocka_run_group_tests ("merge", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
