/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Facts are the bytes that GVariant would write, at each width of the ends behind a container. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-facts.h"

#include <string.h>

static void
assert_same (GVariant *ours, GVariant *theirs)
{
  assert_true (g_variant_is_normal_form (ours));
  assert_int_equal (g_variant_get_size (ours), g_variant_get_size (theirs));
  assert_memory_equal (g_variant_get_data (ours), g_variant_get_data (theirs),
                       g_variant_get_size (ours));
}

static GVariant *
end (RtFacts *facts)
{
  RtText text = rt_facts_end (facts);
  g_autoptr (GBytes) bytes = g_bytes_new (text.at, text.length);

  return g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, bytes, TRUE));
}

static GVariant *
new_facts (guint n, const char *text)
{
  static const gint64 numbers[] = { -1, 0, G_MAXINT64 };
  g_auto (RtFacts) facts = { 0 };

  rt_facts_init (&facts);
  for (guint i = 0; i < n; i++)
    {
      rt_facts_add_text (&facts, i % 2 == 0 ? "even" : "odder", rt_text (text));
      rt_facts_add_number (&facts, "number", i);
      rt_facts_add_numbers (&facts, "numbers", numbers, i % 4);
    }
  return end (&facts);
}

static GVariant *
new_variant (guint n, const char *text)
{
  static const gint64 numbers[] = { -1, 0, G_MAXINT64 };
  g_auto (GVariantBuilder) facts = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (guint i = 0; i < n; i++)
    {
      g_variant_builder_add (&facts, "{sv}", i % 2 == 0 ? "even" : "odder",
                             g_variant_new_string (text));
      g_variant_builder_add (&facts, "{sv}", "number", g_variant_new_int64 (i));
      g_variant_builder_add (
          &facts, "{sv}", "numbers",
          g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, numbers, i % 4, sizeof (gint64)));
    }
  return g_variant_ref_sink (g_variant_builder_end (&facts));
}

/* What is read out of it is what was put in, and no byte less will do. */
static void
check_read (GVariant *variant, GVariant *facts)
{
  const guint8 *bytes = g_variant_get_data (variant);
  gsize size = g_variant_get_size (variant);
  RtRebuiltDetail detail;

  assert_true (rt_facts_read_rebuilt (bytes, size, &detail));
  assert_int_equal (detail.head, 7);
  assert_true (detail.content == G_MAXUINT64 && detail.missing == 9);
  assert_int_equal (detail.facts.length, g_variant_get_size (facts));
  if (detail.facts.length > 0)
    assert_memory_equal (detail.facts.at, g_variant_get_data (facts), detail.facts.length);
  for (gsize cut = 0; cut < MIN (size, 25); cut++)
    assert_false (rt_facts_read_rebuilt (bytes, cut, &detail));
}

static void
check (guint n, const char *text, const char *why)
{
  g_autoptr (GVariant) ours = new_facts (n, text);
  g_autoptr (GVariant) theirs = new_variant (n, text);
  g_autoptr (GVariant) our_detail = g_variant_ref_sink (rt_facts_new_rebuilt (
      7, G_MAXUINT64, 9, why,
      n > 0 ? (RtText){ g_variant_get_data (ours), g_variant_get_size (ours) } : RT_TEXT ("")));
  g_autoptr (GVariant) their_detail = g_variant_ref_sink (
      g_variant_new ("(uttms@a{sv})", 7, G_MAXUINT64, (guint64)9, why, theirs));

  assert_same (ours, theirs);
  assert_same (our_detail, their_detail);
  check_read (our_detail, n > 0 ? ours : theirs);
}

static void
test_sizes (void **state)
{
  for (guint n = 0; n < 4; n++)
    for (guint length = 0; length < 300; length++)
      {
        g_autofree char *text = g_strnfill (length, 'x');

        check (n, text, NULL);
        check (n, "v", text);
      }
}

static void
test_wide (void **state)
{
  for (guint length = 65400; length < 65600; length++)
    {
      g_autofree char *text = g_strnfill (length, 'x');

      check (1, text, NULL);
    }
  check (3000, "some text", "for a reason");
}

static void
test_invalid (void **state)
{
  g_auto (RtFacts) facts = { 0 };
  g_autoptr (GVariant) variant = NULL;
  const char *text;

  rt_facts_init (&facts);
  rt_facts_add_text (&facts, "bytes", (RtText){ "a\xff\0b", 4 });
  variant = end (&facts);
  assert_true (g_variant_is_normal_form (variant));
  assert_true (g_variant_lookup (variant, "bytes", "&s", &text));
  assert_string_equal (text, "a\xef\xbf\xbd\xef\xbf\xbd"
                             "b");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    { "every length that has ends of one byte, and those around", test_sizes, NULL, NULL, NULL },
    { "ends of two bytes and of four", test_wide, NULL, NULL, NULL },
    { "what is no text is made text", test_invalid, NULL, NULL, NULL },
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
