/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How samples are found: what their list names and what is there. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-samples.h"

#include <glib/gstdio.h>

static char *folder;

static char *
in_folder (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static void
write_file (const char *name, const char *text)
{
  g_autofree char *path = in_folder (name);

  assert_true (g_file_set_contents (path, text, -1, NULL));
}

static int
set_up (void **state)
{
  folder = g_dir_make_tmp ("roundtrip-samples-XXXXXX", NULL);
  return folder != NULL && g_setenv ("ROUNDTRIP_SAMPLES", folder, TRUE) ? 0 : -1;
}

static int
tear_down (void **state)
{
  static const char *const names[] = { "README.md", "b.pcap", "a.har" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = in_folder (names[i]);

      g_unlink (path);
    }
  g_rmdir (folder);
  g_clear_pointer (&folder, g_free);
  return 0;
}

static void
test_the_list_says_which_there_are_and_in_which_order (void **state)
{
  g_autoptr (GPtrArray) samples = NULL;
  g_autofree char *path = in_folder ("b.pcap");
  const RtSample *first;

  write_file ("README.md",
              "# Samples\n\n- `b.pcap`: look at `this`: here.\n- `a.har`: and there.\n");
  write_file ("a.har", "");
  write_file ("b.pcap", "");
  samples = rt_samples_list ();
  assert_int_equal (samples->len, 2);
  first = samples->pdata[0];
  assert_string_equal (first->name, "b.pcap");
  assert_string_equal (first->about, "look at `this`: here.");
  assert_string_equal (first->path, path);
}

static void
test_what_is_not_there_or_elsewhere_is_left_out (void **state)
{
  g_autoptr (GPtrArray) samples = NULL;

  write_file ("README.md", "- `gone.pcap`: it is not there\n- `../x/a.har`: elsewhere\n- `a.har`\n"
                           "- ``: nameless\n- `a.har`: the one\n");
  write_file ("a.har", "");
  samples = rt_samples_list ();
  assert_int_equal (samples->len, 1);
  assert_string_equal (((const RtSample *)samples->pdata[0])->about, "the one");
}

static void
test_a_folder_without_a_list_has_none (void **state)
{
  g_autoptr (GPtrArray) samples = rt_samples_list ();

  assert_int_equal (samples->len, 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_the_list_says_which_there_are_and_in_which_order, set_up,
                                     tear_down),
    cmocka_unit_test_setup_teardown (test_what_is_not_there_or_elsewhere_is_left_out, set_up,
                                     tear_down),
    cmocka_unit_test_setup_teardown (test_a_folder_without_a_list_has_none, set_up, tear_down),
  };

  return cmocka_run_group_tests_name ("samples", tests, NULL, NULL);
}
