/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The field section: order, case and duplicates are kept, names are compared without case. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-elements.h"

/* The section as `Name=value|…`. */
static char *
spell (RtFields *fields)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < rt_fields_get_length (fields); i++)
    {
      const RtField *field = rt_fields_get (fields, i);

      g_string_append_printf (out, "%s%.*s=%.*s", i > 0 ? "|" : "", (int)field->name.length,
                              field->name.at, (int)field->value.length, field->value.at);
    }
  return g_string_free (out, FALSE);
}

static void
assert_fields (RtFields *fields, const char *expected)
{
  g_autofree char *text = spell (fields);

  assert_string_equal (text, expected);
}

static RtFields *
three_lines (void)
{
  RtFields *fields = rt_fields_new ();

  rt_fields_append (fields, "Vary", "accept");
  rt_fields_append (fields, "Date", "now");
  rt_fields_append (fields, "vary", "cookie");
  return fields;
}

static void
lines_from_another_section_outlive_it (void **state)
{
  g_autoptr (RtFields) fields = rt_fields_new ();
  g_autoptr (RtFields) copy = NULL;
  RtFields *from = three_lines ();

  rt_fields_append_from (fields, from, 2);
  rt_fields_append (fields, "Age", "1");
  rt_fields_append_from (fields, from, 0);
  rt_fields_set (from, "Vary", "*");
  rt_fields_unref (from);
  copy = rt_fields_copy (fields);
  rt_fields_unref (g_steal_pointer (&fields));
  assert_fields (copy, "vary=cookie|Age=1|Vary=accept");
}

static void
order_case_and_duplicates_are_kept (void **state)
{
  g_autoptr (RtFields) fields = three_lines ();

  assert_fields (fields, "Vary=accept|Date=now|vary=cookie");
  assert_int_equal (rt_fields_count (fields, "VARY"), 2);
  assert_int_equal (rt_fields_count (fields, "Var"), 0);
  assert_true (rt_text_is (rt_fields_first (fields, "vary")->value, "accept"));
  assert_null (rt_fields_first (fields, "Age"));
}

static void
next_walks_the_lines_of_one_name (void **state)
{
  g_autoptr (RtFields) fields = three_lines ();
  guint at = 0;

  assert_true (rt_text_is (rt_fields_next (fields, "vary", &at)->value, "accept"));
  assert_true (rt_text_is (rt_fields_next (fields, "vary", &at)->value, "cookie"));
  assert_null (rt_fields_next (fields, "vary", &at));
  assert_null (rt_fields_next (fields, "vary", &at));
}

/* Several lines of one name are one list, RFC 9110 §5.3; empty elements do not count, §5.6.1.2. */
static void
elements_walks_through_all_lines (void **state)
{
  static const char *const wanted[] = { "a", "\"b, c\"", "d", "e" };
  g_autoptr (RtFields) fields = rt_fields_new ();
  RtElements walk = rt_elements (fields, "list");
  RtText element;

  assert_false (rt_elements_next (&walk, &element));
  rt_fields_append (fields, "List", "a, ,\"b, c\",");
  rt_fields_append (fields, "Other", "x");
  rt_fields_append (fields, "list", " , ");
  rt_fields_append (fields, "LIST", "d,e");
  walk = rt_elements (fields, "list");
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      assert_true (rt_elements_next (&walk, &element));
      assert_true (rt_text_is (element, wanted[i]));
      assert_ptr_equal (walk.field, rt_fields_get (fields, i < 2 ? 0 : 3));
    }
  assert_false (rt_elements_next (&walk, &element));
  assert_false (rt_elements_next (&walk, &element));
}

static void
combined_values_are_joined_by_comma_and_space (void **state)
{
  g_autoptr (RtFields) fields = three_lines ();
  g_autofree char *vary = rt_fields_dup_combined (fields, "VARY");

  assert_string_equal (vary, "accept, cookie");
  assert_null (rt_fields_dup_combined (fields, "Age"));
}

static void
set_keeps_the_first_place_and_spelling (void **state)
{
  g_autoptr (RtFields) fields = three_lines ();

  rt_fields_set (fields, "VARY", "*");
  assert_fields (fields, "Vary=*|Date=now");
  rt_fields_set (fields, "Age", "1");
  assert_fields (fields, "Vary=*|Date=now|Age=1");
}

static void
set_drops_the_span_of_what_it_replaced (void **state)
{
  g_autoptr (RtFields) fields = rt_fields_new ();
  RtField field = { RT_TEXT ("A"), RT_TEXT ("1"), { 0, 4, 7 }, { 0, 1, 7 }, { 3, 1, 7 } };

  rt_fields_append_field (fields, &field);
  assert_int_equal (rt_fields_get (fields, 0)->value_span.offset, 3);
  rt_fields_set (fields, "a", "2");
  assert_true (rt_span_is_none (rt_fields_get (fields, 0)->value_span));
}

static void
remove_takes_all_lines_of_the_name (void **state)
{
  g_autoptr (RtFields) fields = three_lines ();

  assert_int_equal (rt_fields_remove (fields, "vary"), 2);
  assert_fields (fields, "Date=now");
  assert_int_equal (rt_fields_remove (fields, "vary"), 0);
}

static void
copy_outlives_and_does_not_touch_the_original (void **state)
{
  RtFields *fields = three_lines ();
  g_autoptr (RtFields) copy = rt_fields_copy (fields);

  rt_fields_set (copy, "Date", "later");
  assert_fields (fields, "Vary=accept|Date=now|vary=cookie");
  rt_fields_unref (fields);
  assert_fields (copy, "Vary=accept|Date=later|vary=cookie");
}

static void
lines_over_bytes_keep_the_bytes (void **state)
{
  g_autoptr (RtFields) copy = NULL;
  GBytes *bytes = g_bytes_new ("Host: a", 7);
  RtFields *fields = rt_fields_new_over (bytes, 1);
  const char *at = g_bytes_get_data (bytes, NULL);

  rt_fields_append_over (fields, &(RtField){ .name = { at, 4 }, .value = { at + 6, 1 } });
  g_bytes_unref (bytes);
  copy = rt_fields_copy (fields);
  rt_fields_unref (fields);
  assert_fields (copy, "Host=a");
}

static void
part_span_is_within_the_value (void **state)
{
  RtField field
      = { RT_TEXT ("A"), RT_TEXT ("one, two"), { 10, 11, 3 }, { 10, 1, 3 }, { 13, 8, 3 } };
  RtSpan span = rt_field_part_span (&field, rt_text_sub (field.value, 5, 3));

  assert_int_equal (span.offset, 18);
  assert_int_equal (span.length, 3);
  assert_int_equal (span.buffer, 3);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (order_case_and_duplicates_are_kept),
    cmocka_unit_test (lines_from_another_section_outlive_it),
    cmocka_unit_test (next_walks_the_lines_of_one_name),
    cmocka_unit_test (elements_walks_through_all_lines),
    cmocka_unit_test (combined_values_are_joined_by_comma_and_space),
    cmocka_unit_test (set_keeps_the_first_place_and_spelling),
    cmocka_unit_test (set_drops_the_span_of_what_it_replaced),
    cmocka_unit_test (remove_takes_all_lines_of_the_name),
    cmocka_unit_test (copy_outlives_and_does_not_touch_the_original),
    cmocka_unit_test (lines_over_bytes_keep_the_bytes),
    cmocka_unit_test (part_span_is_within_the_value),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
