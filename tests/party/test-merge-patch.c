/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON merge patch: the examples of RFC 7396 appendix A, and what is no JSON. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "rt-merge-patch.h"

typedef struct
{
  const char *name, *document, *patch, *want;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "a member is replaced", "{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}" },
  { "a member is added", "{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}" },
  { "null removes", "{\"a\":\"b\"}", "{\"a\":null}", "{}" },
  { "null removes one of two", "{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}" },
  { "an array is replaced whole", "{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}" },
  { "objects are merged", "{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}" },
  { "objects in arrays are not", "{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}" },
  { "an array for an array", "[\"a\",\"b\"]", "[\"c\",\"d\"]", "[\"c\",\"d\"]" },
  { "an array for an object", "{\"a\":\"b\"}", "[\"c\"]", "[\"c\"]" },
  { "null for all", "{\"a\":\"foo\"}", "null", "null" },
  { "null in the document stays", "{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}" },
  { "an object for an array", "[1,2]", "{\"a\":\"b\",\"c\":null}", "{\"a\":\"b\"}" },
  { "nulls inside what is new go away", "{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}" },
  { "numbers keep their digits", "{\"price\":9.90,\"n\":1e400}", "{\"x\":0.10}", "{\"price\":9.90,\"n\":1e400,\"x\":0.10}" },
  { "a name may be written in two ways", "{\"a\\/b\":1}", "{\"a/b\":2}", "{\"a\\/b\":2}" },
  { "… also by code points", "{\"\\u0061\\ud83d\\ude00\":1}", "{\"a\xf0\x9f\x98\x80\":2}", "{\"\\u0061\\ud83d\\ude00\":2}" },
  { "an escaped backslash makes no code point", "{\"\\\\u0061\":1}", "{\"a\":2}", "{\"\\\\u0061\":1,\"a\":2}" },
  { "half a pair is a name of its own", "{\"\\ud83d\":1}", "{\"\\ud83e\":2}", "{\"\\ud83d\":1,\"\\ud83e\":2}" },
  { "the last of equal names counts", "{\"a\":1,\"a\":2}", "{}", "{\"a\":2}" },
  { "space is allowed around everything", " { \"a\" : 1 } \n", " { } ", "{\"a\":1}" },
  { "no value", "", "{}", NULL },
  { "two values", "{} {}", "{}", NULL },
  { "a comma too many", "{\"a\":1,}", "{}", NULL },
  { "a leading zero", "01", "{}", NULL },
  { "a comment", "{}/* x */", "{}", NULL },
  { "a line break in a string", "\"a\nb\"", "{}", NULL },
  { "an escape that is none", "\"\\x\"", "{}", NULL },
  { "a patch that is cut off", "{}", "{\"a\":", NULL },
  { "too deep", "[[[[[[[[[[[]]]]]]]]]]]", "{}", NULL },
};
/* clang-format on */

static void
test_row (void **state)
{
  const Row *row = *state;
  g_autoptr (GBytes) document = g_bytes_new (row->document, strlen (row->document));
  g_autoptr (GBytes) patch = g_bytes_new (row->patch, strlen (row->patch));
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) result = rt_merge_patch (document, patch, 10, &error);
  g_autofree char *text = NULL;

  assert_int_equal (result == NULL, row->want == NULL);
  assert_int_equal (error != NULL, row->want == NULL);
  if (result == NULL)
    return;
  text = g_strndup (g_bytes_get_data (result, NULL), g_bytes_get_size (result));
  assert_string_equal (text, row->want);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows)];

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("merge-patch", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
