/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Structured fields: what is read, what is refused and where, what is written. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rt-structured.h"
#include "show-rows.h"

/* The canonical form, or the error. */
static void
show_canonical (RtText value, RtSfKind kind, GString *out)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtSf) sf = rt_sf_parse (value, kind, &error);
  g_autofree char *canonical = sf != NULL ? rt_sf_serialize (sf, &error) : NULL;

  g_string_append (out, canonical != NULL ? canonical : error->message);
}

static void
show_item (RtText value, GString *out)
{
  show_canonical (value, RT_SF_ITEM, out);
}

static void
show_list (RtText value, GString *out)
{
  show_canonical (value, RT_SF_LIST, out);
}

static void
show_dictionary (RtText value, GString *out)
{
  show_canonical (value, RT_SF_DICTIONARY, out);
}

#define BAD(column, expected) "line 1:" #column ": this is no structured field; expected " expected
#define CUT(column, expected) "line 1:" #column ": the field ends here; expected " expected

/* clang-format off */
static const ShowRow rows[] = {
  { "integers lose leading zeros and a minus of nothing", show_list, "007, -0, -42", "7, 0, -42" },
  { "decimals lose zeros at the end", show_list, "1.500, -0.010, 2.000", "1.5, -0.01, 2.0" },
  { "an integer of 16 digits", show_item, "1000000000000000", BAD (1, "a number of at most 15 digits") },
  { "a decimal with four decimals", show_item, "1.0001", CUT (7, "one to three decimals") },
  { "a decimal without decimals", show_item, "1.", CUT (3, "one to three decimals") },
  { "a minus alone", show_item, "-", BAD (1, "a number of at most 15 digits") },
  { "a string with escapes", show_item, "\"a\\\\b\\\"c\"", "\"a\\\\b\\\"c\"" },
  { "another character escaped", show_item, "\"\\n\"", BAD (3, "a string that escapes only its quotes and backslashes") },
  { "a string beyond ASCII", show_item, "\"\xc3\xa9\"", BAD (2, "a string of printable ASCII") },
  { "a tab in a string", show_item, "\"\t\"", BAD (2, "a string of printable ASCII") },
  { "an unclosed string", show_item, "\"a", BAD (1, "a string that is closed") },
  { "a NUL in a string", show_item, "\"\0\"", BAD (1, "a string that is closed"), 3 },
  { "tokens", show_list, "*a/b:c, d!#$%&'*+-.^_`|~", "*a/b:c, d!#$%&'*+-.^_`|~" },
  { "bytes, padding missing", show_item, ":YQ:", ":YQ==:" },
  { "bytes, unclosed", show_item, ":YQ==", CUT (6, "a byte sequence that ends with “:”") },
  { "bytes, not base64", show_item, ":_:", BAD (1, "base64 between the colons") },
  { "no bytes", show_item, "::", "::" },
  { "booleans", show_list, "?1, ?0", "?1, ?0" },
  { "a boolean of two", show_item, "?2", BAD (2, "“?1” or “?0”") },
  { "dates", show_list, "@1659578233, @-1", "@1659578233, @-1" },
  { "a date with a fraction", show_item, "@1.5", CUT (5, "a date in whole seconds") },
  { "a display string", show_item, "%\"f%c3%bc%25 %22\"", "%\"f%c3%bc%25 %22\"" },
  { "a display string with upper-case digits", show_item, "%\"%C3%BC\"", BAD (4, "two lower-case hex digits") },
  { "a display string cut off", show_item, "%\"%c", BAD (4, "two hex digits") },
  { "a display string that is no UTF-8", show_item, "%\"%ff\"", CUT (7, "a display string that is UTF-8") },
  { "a display string with a NUL", show_item, "%\"a%00b\"", "%\"a%00b\"" },
  { "an unclosed display string", show_item, "%\"a", CUT (4, "a display string of printable ASCII that is closed") },
  { "parameters: spaces, flags, the last of two wins in place", show_item, "a; b ;c=1", BAD (5, "nothing behind the item") },
  { "parameters: a later one overwrites", show_item, "a;b=1;c;b=2", "a;b=2;c" },
  { "parameters: true is left out", show_item, "a;b=?1;c=?0", "a;b;c=?0" },
  { "parameters: upper-case key", show_item, "a;B=1", BAD (3, "a key, which starts with a lower-case letter or “*”") },
  { "parameters: no inner list as value", show_item, "a;b=(1)", BAD (5, "an item") },
  { "list: empty", show_list, "  ", "" },
  { "list: white space around the comma, tabs too", show_list, "a\t , \tb", "a, b" },
  { "list: comma at the end", show_list, "a, ", CUT (3, "a member behind the comma") },
  { "list: two commas", show_list, "a,,b", BAD (3, "an item") },
  { "list: no comma", show_list, "a b", BAD (3, "a comma between members") },
  { "inner lists", show_list, "( a  b;c );d=1, ()", "(a b;c);d=1, ()" },
  { "inner list in an inner list", show_list, "((a))", BAD (2, "an item") },
  { "inner list: no space", show_list, "(\"a\"\"b\")", BAD (5, "a space or “)” in an inner list") },
  { "inner list: a tab", show_list, "(a\tb)", BAD (3, "a space or “)” in an inner list") },
  { "inner list: unclosed", show_list, "(a ", CUT (3, "a space or “)” in an inner list") },
  { "dictionary: a later member overwrites in place", show_dictionary, "a=1, b, a;x", "a;x, b" },
  { "dictionary: true is left out, parameters stay", show_dictionary, "a=?1;q=1, b=(1 2)", "a;q=1, b=(1 2)" },
  { "dictionary: no key", show_dictionary, "=1", BAD (1, "a key, which starts with a lower-case letter or “*”") },
  { "dictionary: no value", show_dictionary, "a=", CUT (3, "an item") },
  { "item: a tab before it", show_item, "\ta", BAD (1, "an item") },
  { "item: none", show_item, "", CUT (1, "an item") },
  { "item: a list is none", show_item, "a, b", BAD (2, "nothing behind the item") },
};
/* clang-format on */

static void
test_values_are_typed (void **state)
{
  RtText value = RT_TEXT ("hit;ttl=-5.25, \"q\\\"\";k=:AAE=:, @5, %\"%c3%bc\"");
  g_autoptr (RtSf) sf = rt_sf_parse (value, RT_SF_LIST, NULL);
  const RtSfValue *v;

  assert_non_null (sf);
  assert_int_equal (sf->n_members, 4);
  v = &sf->members[0].value;
  assert_int_equal (v->type, RT_SF_TOKEN);
  assert_ptr_equal (v->raw.at, value.at);
  assert_int_equal (rt_sf_find_parameter (v, "ttl")->type, RT_SF_DECIMAL);
  assert_int_equal (rt_sf_find_parameter (v, "ttl")->number, -5250);
  assert_null (rt_sf_find_parameter (v, "tt"));
  v = &sf->members[1].value;
  assert_true (rt_text_is (v->text, "q\""));
  assert_int_equal (rt_sf_find_parameter (v, "k")->text.length, 2);
  assert_memory_equal (rt_sf_find_parameter (v, "k")->text.at, "\0\1", 2);
  assert_int_equal (sf->members[2].value.number, 5);
  assert_true (rt_text_is (sf->members[3].value.text, "ü"));
}

static void
test_what_cannot_be_written_is_refused (void **state)
{
  const RtSfMember parameter = { RT_TEXT ("A"), { .type = RT_SF_BOOLEAN } };
  const RtSfMember inner = { { NULL, 0 }, { .type = RT_SF_INNER_LIST } };
  const RtSfValue values[] = {
    { .type = RT_SF_INTEGER, .number = RT_SF_INTEGER_MAX + 1 },
    { .type = RT_SF_DATE, .number = -RT_SF_INTEGER_MAX - 1 },
    { .type = RT_SF_DECIMAL, .number = G_GINT64_CONSTANT (1000000000000000) },
    { .type = RT_SF_STRING, .text = RT_TEXT ("\x7f") },
    { .type = RT_SF_STRING, .text = RT_TEXT ("é") },
    { .type = RT_SF_TOKEN, .text = RT_TEXT ("") },
    { .type = RT_SF_TOKEN, .text = RT_TEXT ("1a") },
    { .type = RT_SF_TOKEN, .text = RT_TEXT ("a b") },
    { .type = RT_SF_DISPLAY_STRING, .text = RT_TEXT ("\xff") },
    { .type = RT_SF_TOKEN, .text = RT_TEXT ("a"), .parameters = &parameter, .n_parameters = 1 },
    { .type = RT_SF_INNER_LIST, .items = &inner, .n_items = 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      RtSfMember member = { .value = values[i] };
      g_autoptr (GError) error = NULL;
      g_autofree char *text = rt_sf_serialize (&(RtSf){ RT_SF_LIST, &member, 1 }, &error);

      if (text != NULL)
        fail_msg ("value %d was written as “%s”", (int)i, text);
      assert_non_null (error);
    }
}

static void
test_decimals_are_rounded_to_even (void **state)
{
  assert_int_equal (rt_sf_decimal (15, 4), 2);
  assert_int_equal (rt_sf_decimal (25, 4), 2);
  assert_int_equal (rt_sf_decimal (-25, 4), -2);
  assert_int_equal (rt_sf_decimal (-35, 4), -4);
  assert_int_equal (rt_sf_decimal (99995, 4), 10000);
  assert_int_equal (rt_sf_decimal (5, 0), 5000);
  assert_int_equal (rt_sf_decimal (G_MAXINT64, 0), G_MAXINT64);
  assert_int_equal (rt_sf_decimal (1, 40), 0);
}

static void
test_members_are_capped (void **state)
{
  g_autoptr (GString) value = g_string_new ("a");
  g_autoptr (GError) error = NULL;
  g_autoptr (RtSf) sf = NULL;

  for (int i = 1; i < RT_SF_MEMBERS_MAX; i++)
    g_string_append (value, ",a");
  sf = rt_sf_parse (rt_text (value->str), RT_SF_LIST, NULL);
  assert_non_null (sf);
  assert_int_equal (sf->n_members, RT_SF_MEMBERS_MAX);
  g_string_append (value, ",a");
  assert_null (rt_sf_parse (rt_text (value->str), RT_SF_LIST, &error));
  assert_non_null (strstr (error->message, "no more than 4096 members"));
}

int
main (void)
{
  const struct CMUnitTest more[] = {
    cmocka_unit_test (test_values_are_typed),
    cmocka_unit_test (test_what_cannot_be_written_is_refused),
    cmocka_unit_test (test_decimals_are_rounded_to_even),
    cmocka_unit_test (test_members_are_capped),
  };

  return run_show_rows ("structured fields", rows, G_N_ELEMENTS (rows), more, G_N_ELEMENTS (more));
}
