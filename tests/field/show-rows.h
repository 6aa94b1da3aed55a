/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tests of a grammar as table rows: a field value, and what a walker shows of it. Each row is a
 * test of its own. Include it behind cmocka.h. */
#pragma once

#include "rt-text.h"

/**
 * ShowRow:
 * @name: the sentence wanted on failure
 * @show: writes what it reads from the value
 * @value: NUL-terminated; @length where it holds NULs
 */
typedef struct
{
  const char *name;
  void (*show) (RtText value, GString *out);
  const char *value, *want;
  gsize length;
} ShowRow;

static inline void
show_text (GString *out, const char *tag, RtText text)
{
  g_autofree char *escaped = rt_text_escape (text);

  g_string_append_printf (out, "%s[%s]", tag, escaped);
}

static inline void
test_show_row (void **state)
{
  const ShowRow *row = *state;
  g_autoptr (GString) got = g_string_new (NULL);
  gsize length = row->length > 0 ? row->length : strlen (row->value);
  /* A copy of exact size: ASan sees a read past the end. */
  g_autofree char *exact = g_memdup2 (row->value, MAX (length, 1));

  row->show ((RtText){ exact, length }, got);
  assert_string_equal (got->str, row->want);
}

/* Runs every row, and then the @n_more tests of @more. */
static inline int
run_show_rows (const char *name,
               const ShowRow *rows,
               gsize n_rows,
               const struct CMUnitTest *more,
               gsize n_more)
{
  g_autofree struct CMUnitTest *tests = g_new0 (struct CMUnitTest, n_rows + n_more);

  for (gsize i = 0; i < n_rows; i++)
    tests[i] = (struct CMUnitTest){ .name = rows[i].name,
                                    .test_func = test_show_row,
                                    .initial_state = (void *)&rows[i] };
  for (gsize i = 0; i < n_more; i++)
    tests[n_rows + i] = more[i];
  return _cmocka_run_group_tests (name, tests, n_rows + n_more, NULL, NULL);
}
