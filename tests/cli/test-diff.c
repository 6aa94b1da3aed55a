/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip diff` as its users call it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "program.h"

#include <json-glib/json-glib.h>

typedef struct
{
  const char *name, *line;
  int status;
  const char *says; /* on standard output; with status 2: on standard error */
} Row;

/* clang-format off */
static const Row rows[] = {
  { "one recording is too few", "diff a.roundtrip", 2, "it takes two recordings" },
  { "what is not there is trouble", "diff none.roundtrip a.roundtrip", 2, "none.roundtrip" },
  { "a run has to be there", "diff --run X a.roundtrip a.roundtrip", 2, "there is no run “X”" },
  { "all fields or all but some", "diff --exact --ignore ETag a.roundtrip a.roundtrip", 2,
    "exclude each other" },
  { "a recording is the same as itself", "diff a.roundtrip a.roundtrip", 0,
    "No difference in 27 exchanges.\n" },
  { "a lesson is the same as its recording", "diff lost-update a.roundtrip", 0,
    "No difference in 27 exchanges.\n" },
  { "a recording is the same as its capture", "diff a.roundtrip all.pcapng", 0,
    "Run “by date” and run “by date”\nNo difference in 27 exchanges.\n" },
  { "a field is named", "diff lost-update a.roundtrip --left 'without If-Match' "
    "--right 'with If-Match'", 1,
    "exchange 3 and 3: PUT /doc/1\n"
    "  request: field If-Match: nothing on the left, “\"1\"” on the right\n" },
  { "so is what one side has alone", "diff lost-update a.roundtrip --left 'without If-Match' "
    "--right 'with If-Match'", 1, "exchange 4 of the right alone: PUT /doc/1\n" },
  { "the first difference is named", "diff lost-update a.roundtrip --left 'without If-Match' "
    "--right 'with If-Match'", 1, "\nThe first difference: exchange 3 and 3: PUT /doc/1: request: "
    "field If-Match: nothing on the left, “\"1\"” on the right\n2 the same, 3 different, 0 of the "
    "left alone, 2 of the right alone, 0 in another order.\n" },
  { "a field that is ignored is not", "diff lost-update a.roundtrip --left 'without If-Match' "
    "--right 'with If-Match' --ignore if-match --ignore Last-Modified", 1,
    "The first difference: exchange 4 of the right alone" },
  { "a run that one side lacks is named", "diff a.roundtrip one.roundtrip", 1,
    "run “by date” of the left alone\n" },
  { "a file that is not there is missed as a file", "diff a.roundtrip none.har", 2,
    "none.har: it cannot be read: No such file" },
  { "standard input is no file", "diff - a.roundtrip", 2, "-: a pipe or a device is no file" },
  { "a file cut off is trouble", "diff cut.pcapng cut.pcapng", 2, "in the middle of a block" },
};
/* clang-format on */

static void
test_row (void **state)
{
  const Row *row = *state;
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;

  assert_int_equal (call (row->line, &out, &err), row->status);
  assert_contains (row->status == 2 ? err : out, row->says);
}

static void
test_json (void **state)
{
  g_autofree char *out = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *document, *run, *pair, *item;

  assert_int_equal (
      call ("diff --json lost-update a.roundtrip --left 'without If-Match' --right 'with If-Match'",
            &out, NULL),
      1);
  root = json_from_string (out, NULL);
  assert_non_null (root);
  document = json_node_get_object (root);
  assert_false (json_object_get_boolean_member (document, "same"));
  assert_int_equal (json_object_get_int_member (document, "n_right"), 2);
  run = json_array_get_object_element (json_object_get_array_member (document, "runs"), 0);
  pair = json_array_get_object_element (json_object_get_array_member (run, "exchanges"), 2);
  assert_string_equal (json_object_get_string_member (pair, "request"), "PUT /doc/1");
  item = json_array_get_object_element (json_object_get_array_member (pair, "differences"), 0);
  assert_string_equal (json_object_get_string_member (item, "what"), "request: field If-Match");
  assert_string_equal (json_object_get_string_member (item, "difference"), "right");
  assert_string_equal (json_object_get_string_member (item, "right"), "\"1\"");
}

static int
set_up (void **state)
{
  g_autofree char *whole = NULL;
  g_autofree char *cut = NULL;
  g_autofree char *data = NULL;
  gsize size;

  if (program_set_up (state) != 0)
    return -1;
  call_well ("run lost-update --record a.roundtrip");
  call_well ("convert a.roundtrip one.roundtrip --run 'with If-Match'");
  call_well ("convert a.roundtrip whole.pcapng --run 'with If-Match'");
  call_well ("convert a.roundtrip all.pcapng");
  whole = g_build_filename (program_folder, "whole.pcapng", NULL);
  cut = g_build_filename (program_folder, "cut.pcapng", NULL);
  assert_true (g_file_get_contents (whole, &data, &size, NULL));
  assert_true (g_file_set_contents (cut, data, (gssize)(size - 10), NULL));
  return 0;
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + 1];

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  tests[G_N_ELEMENTS (rows)] = (struct CMUnitTest)cmocka_unit_test (test_json);
  return _cmocka_run_group_tests ("diff", tests, G_N_ELEMENTS (tests), set_up, program_tear_down);
}
