/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bytes are found at every place, in every length, as a plain comparison finds them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-needle.h"
#include "rt-random.h"

static gssize
find_plainly (const RtNeedle *needle, RtText in, gsize from)
{
  for (; from + needle->text.length <= in.length; from++)
    {
      RtText part = rt_text_sub (in, from, needle->text.length);

      if (needle->ignore_case ? rt_text_equal_nocase (part, needle->text)
                              : rt_text_equal (part, needle->text))
        return (gssize)from;
    }
  return -1;
}

/* Of few different bytes, so that much nearly fits; each ends where its memory does. */
static RtText
random_text (RtRandom *random, gsize length)
{
  static const char bytes[] = { 'a', 'A', 'b', '@', '`', '\0', '\xff', '{', '[' };
  char *text = g_malloc (MAX (length, 1));

  for (gsize i = 0; i < length; i++)
    text[i] = bytes[rt_random_below (random, sizeof bytes)];
  return (RtText){ text, length };
}

static void
test_random (void **state)
{
  RtRandom random;

  rt_random_init (&random, 3);
  for (guint round = 0; round < 20000; round++)
    {
      RtNeedle needle = { .text = random_text (&random, rt_random_below (&random, 5)),
                          .ignore_case = rt_random_below (&random, 2) == 0 };
      RtText in = random_text (&random, rt_random_below (&random, 150));
      gsize from = rt_random_below (&random, 40);

      assert_int_equal (rt_needle_find (&needle, in, from),
                        from <= in.length ? find_plainly (&needle, in, from) : -1);
      g_free ((char *)needle.text.at);
      g_free ((char *)in.at);
    }
}

static void
test_every_place (void **state)
{
  const RtNeedle needle = { RT_TEXT ("Needle"), TRUE };

  for (gsize size = 6; size < 120; size++)
    for (gsize at = 0; at + 6 <= size; at++)
      {
        g_autofree char *text = g_malloc (size);

        memset (text, 'e', size);
        memcpy (text + at, "nEEDLe", 6);
        assert_int_equal (rt_needle_find (&needle, (RtText){ text, size }, 0), at);
        assert_int_equal (rt_needle_find (&needle, (RtText){ text, size }, at + 1), -1);
      }
}

typedef struct
{
  const char *pattern, *text;
  gboolean matches;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "", "", TRUE },
  { "", "a", FALSE },
  { "*", "", TRUE },
  { "*", "anything", TRUE },
  { "GET", "get", TRUE },
  { "GET", "gets", FALSE },
  { "*.shop.test", "api.shop.test", TRUE },
  { "*.shop.test", "shop.test", FALSE },
  { "a*b*c", "aXbYbZc", TRUE },
  { "a*b*c", "aXbYbZ", FALSE },
  { "*a*", "bab", TRUE },
  { "a**", "a", TRUE },
};
/* clang-format on */

static void
test_patterns (void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rt_pattern_matches (rows[i].pattern, rt_text (rows[i].text)) != rows[i].matches)
      fail_msg ("“%s” and “%s”", rows[i].pattern, rows[i].text);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    { "as a plain comparison finds it", test_random, NULL, NULL, NULL },
    { "at every place of every length", test_every_place, NULL, NULL, NULL },
    { "patterns with stars", test_patterns, NULL, NULL, NULL },
  };

  return cmocka_run_group_tests_name ("needle", tests, NULL, NULL);
}
