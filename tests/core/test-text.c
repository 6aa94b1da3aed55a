/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Borrowed text, errors with their place, and the random source. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rt-error.h"
#include "rt-random.h"
#include "rt-text.h"

/* A static initialiser cannot be RT_TEXT(). */
#define LITERAL(text)                                                                              \
  {                                                                                                \
    text, sizeof (text) - 1                                                                        \
  }

typedef struct
{
  const char *name;
  RtText in;
  const char *want;
} Row;

/* clang-format off */
static const Row escapes[] = {
  { "plain text stays", LITERAL ("GET /"), "GET /" },
  { "line breaks and tabs are named", LITERAL ("a\r\n\tb"), "a\\r\\n\\tb" },
  { "NUL is a byte like others", LITERAL ("a\0b"), "a\\x00b" },
  { "UTF-8 stays", LITERAL ("Bücher"), "Bücher" },
  { "Latin-1 is escaped", LITERAL ("B\xfc""cher"), "B\\xfccher" },
  { "half a character is escaped", LITERAL ("B\xc3"), "B\\xc3" },
  { "controls beyond ASCII are escaped", LITERAL ("\xc2\x85"), "\\xc2\\x85" },
  { "DEL is a control", LITERAL ("\x7f"), "\\x7f" },
  { "nothing gives nothing", { NULL, 0 }, "" },
};

static const struct
{
  const char *name;
  RtText in;
  gboolean ok;
  guint64 want;
} numbers[] = {
  { "zero", LITERAL ("0"), TRUE, 0 },
  { "leading zeros", LITERAL ("007"), TRUE, 7 },
  { "the largest", LITERAL ("18446744073709551615"), TRUE, G_MAXUINT64 },
  { "one more", LITERAL ("18446744073709551616"), FALSE, 0 },
  { "ten times more", LITERAL ("99999999999999999999"), FALSE, 0 },
  { "a sign", LITERAL ("+1"), FALSE, 0 },
  { "a space", LITERAL ("1 "), FALSE, 0 },
  { "hex", LITERAL ("0x1"), FALSE, 0 },
  { "nothing", { NULL, 0 }, FALSE, 0 },
};
/* clang-format on */

static void
test_escape (void **state)
{
  const Row *row = *state;
  g_autofree char *is = rt_text_escape (row->in);

  assert_string_equal (is, row->want);
}

static void
test_numbers (void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      guint64 value = 4711;

      assert_int_equal (rt_text_to_uint64 (numbers[i].in, &value), numbers[i].ok);
      assert_int_equal (value, numbers[i].ok ? numbers[i].want : 4711);
    }
}

static void
test_comparing (void **state)
{
  assert_true (rt_text_is (RT_TEXT ("abc"), "abc"));
  assert_false (rt_text_is (RT_TEXT ("abc"), "ABC"));
  assert_true (rt_text_is_nocase (RT_TEXT ("abc"), "ABC"));
  assert_false (rt_text_is_nocase (RT_TEXT ("abc"), "abcd"));
  assert_false (rt_text_equal_nocase (RT_TEXT ("\xe4"), RT_TEXT ("\xc4")));
  assert_false (rt_text_equal_nocase (RT_TEXT ("a\0b"), RT_TEXT ("a\0c")));
  assert_true (rt_text_equal (RT_TEXT_NONE, RT_TEXT ("")));
  assert_true (rt_text_starts_with (RT_TEXT ("abc"), RT_TEXT ("")));
  assert_true (rt_text_starts_with (RT_TEXT ("abc"), RT_TEXT ("abc")));
  assert_false (rt_text_starts_with (RT_TEXT ("ab"), RT_TEXT ("abc")));
}

static void
test_trimming_and_finding (void **state)
{
  assert_true (rt_text_is (rt_text_trim (RT_TEXT (" \t a b\t ")), "a b"));
  assert_int_equal (rt_text_trim (RT_TEXT (" \t ")).length, 0);
  /* OWS has no line breaks: RFC 9110 §5.6.3. */
  assert_true (rt_text_is (rt_text_trim (RT_TEXT ("\ra\n")), "\ra\n"));
  assert_int_equal (rt_text_find (RT_TEXT ("abab"), RT_TEXT ("ba")), 1);
  assert_int_equal (rt_text_find (RT_TEXT ("abab"), RT_TEXT ("abc")), -1);
  assert_int_equal (rt_text_find (RT_TEXT ("a\0b"), RT_TEXT ("\0b")), 1);
  assert_int_equal (rt_text_find (RT_TEXT_NONE, RT_TEXT ("a")), -1);
}

/* clang-format off */
static const struct
{
  RtPlace place;
  const char *expected, *want;
} places[] = {
  { { "a.md", 3, 7 }, "a number", "a.md:3:7: found a word; expected a number" },
  { { "a.md", 3, 0 }, NULL, "a.md:3: found a word" },
  { { "a.md", 0, 7 }, NULL, "a.md: found a word" },
  { { NULL, 3, 7 }, NULL, "line 3:7: found a word" },
  { { NULL, 0, 0 }, "a number", "found a word; expected a number" },
};
/* clang-format on */

static void
test_errors_name_their_place (void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr (GError) error = NULL;

      rt_set_error (&error, RT_ERROR_SYNTAX, &places[i].place, places[i].expected, "found %s",
                    "a word");
      assert_true (g_error_matches (error, RT_ERROR, RT_ERROR_SYNTAX));
      assert_string_equal (error->message, places[i].want);
    }
  rt_set_error (NULL, RT_ERROR_IO, &places[0].place, NULL, "nobody listens");
}

static void
test_a_slip_of_the_pen_is_known (void **state)
{
  static const char *const names[] = { "origin", "client", "proxy", "cache" };

  assert_string_equal (rt_nearest ("orgin", names, 4), "origin");
  assert_string_equal (rt_nearest ("Proxi", names, 4), "proxy");
  assert_null (rt_nearest ("x", names, 4));
  assert_null (rt_nearest ("", names, 4));
  assert_null (rt_nearest ("something else", names, 4));
  assert_null (rt_nearest ("client", names, 0));
}

static void
test_random_is_the_same_everywhere (void **state)
{
  RtRandom random;

  /* SplitMix64 with seed 1234567: the reference implementation's first outputs. */
  rt_random_init (&random, 1234567);
  assert_int_equal (rt_random_next (&random), G_GUINT64_CONSTANT (6457827717110365317));
  assert_int_equal (rt_random_next (&random), G_GUINT64_CONSTANT (3203168211198807973));
  assert_int_equal (rt_random_next (&random), G_GUINT64_CONSTANT (9817491932198370423));
}

static void
test_random_below_stays_below (void **state)
{
  guint seen[6] = { 0 };
  RtRandom random;

  rt_random_init (&random, 0);
  for (int i = 0; i < 6000; i++)
    {
      guint64 value = rt_random_below (&random, 6);

      assert_true (value < 6);
      seen[value]++;
    }
  for (int i = 0; i < 6; i++)
    assert_in_range (seen[i], 850, 1150);
  assert_int_equal (rt_random_below (&random, 1), 0);
  assert_true (rt_random_below (&random, G_MAXUINT64) < G_MAXUINT64);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (escapes) + 7];
  gsize n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (escapes); i++)
    tests[n++]
        = (struct CMUnitTest){ escapes[i].name, test_escape, NULL, NULL, (gpointer)&escapes[i] };
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_numbers);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_comparing);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_trimming_and_finding);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_errors_name_their_place);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_a_slip_of_the_pen_is_known);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_random_is_the_same_everywhere);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_random_below_stays_below);
  return _cmocka_run_group_tests ("text, errors, random numbers", tests, n, NULL, NULL);
}
