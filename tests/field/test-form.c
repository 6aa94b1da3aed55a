/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Forms. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-form.h"

typedef struct
{
  const char *name, *form, *want;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "nothing", "", NULL },
  { "another name", "ab=1", NULL },
  { "the value of a", "b=1&a=2&c=3", "2" },
  { "the first of two", "a=1&a=2", "1" },
  { "an empty value", "a=&b=1", "" },
  { "no equals sign", "a&b", "" },
  { "an equals sign in the value", "a=b=c", "b=c" },
  { "spaces", "a=x+y%20z", "x y z" },
  { "a plus", "a=x%2By", "x+y" },
  { "an ampersand", "a=x%26y", "x&y" },
  { "an encoded name", "%61=1", "1" },
  { "a percent sign that begins nothing", "a=5%&b=1", "5%" },
  { "empty pairs", "&&a=1&", "1" },
  { "what is no text", "a=%ff", NULL },
  { "letters beyond ASCII", "a=%C3%A4", "ä" },
  { "a NUL is no text", "a=%00", NULL },
};
/* clang-format on */

static void
test_row (void **state)
{
  const Row *row = *state;
  g_autofree char *value = rt_form_dup_value (rt_text (row->form), "a");

  if (row->want == NULL)
    assert_null (value);
  else
    {
      assert_non_null (value);
      assert_string_equal (value, row->want);
    }
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows)];

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("form", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
