/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Settings: what is refused, and in which words. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-error.h"
#include "rt-origin.h"

typedef struct
{
  const char *name, *kind, *settings, *want;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "a slip of the pen", "document", "{'contents': <'a'>}", "there is no setting “contents”; expected “content”" },
  { "another type", "document", "{'atomic': <'no'>}", "atomic has a value of another kind; expected true or false" },
  { "no such choice", "document", "{'require': <'if-matches'>}", "there is no require “if-matches”; expected “if-match”" },
  { "no such kind", "documents", "{}", "there is no kind of resource “documents”; expected “document”" },
};
/* clang-format on */

static void
test_refused (void **state)
{
  const Row *row = *state;
  g_autoptr (RtOrigin) origin = rt_origin_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) settings
      = g_variant_parse (G_VARIANT_TYPE_VARDICT, row->settings, NULL, NULL, NULL);

  assert_false (rt_origin_add (origin, "/d", row->kind, settings, &error));
  assert_string_equal (error->message, row->want);
}

static void
test_paths (void **state)
{
  g_autoptr (RtOrigin) origin = rt_origin_new (NULL);

  assert_false (rt_origin_add (origin, "d", "document", NULL, NULL));
  assert_true (rt_origin_add (origin, "/d", "document", NULL, NULL));
  assert_false (rt_origin_add (origin, "/d", "document", NULL, NULL));
}

typedef struct
{
  const char *name, *setting, *text, *want;
} Parsed;

/* clang-format off */
static const Parsed parsed[] = {
  { "a duration", "save-delay", "1.5s", "int64 1500000" },
  { "no duration", "save-delay", "soon", NULL },
  { "yes", "atomic", "true", "true" },
  { "a boolean has two words only", "atomic", "yes", NULL },
  { "a choice", "validators", "weak-etag", "'weak-etag'" },
  { "no choice", "validators", "strong", NULL },
  { "text", "content", "Opening hours: 9-17", "'Opening hours: 9-17'" },
};
/* clang-format on */

static void
test_parse (void **state)
{
  const Parsed *row = *state;
  const RtResourceKind *kind = rt_resource_kind_find ("document", NULL);
  const RtSetting *setting = rt_setting_find (kind->settings, kind->n_settings, row->setting, NULL);
  GVariant *value = rt_setting_parse (setting, row->text, NULL);
  g_autofree char *shown = NULL;

  if (row->want == NULL)
    {
      assert_null (value);
      return;
    }
  value = g_variant_ref_sink (value);
  shown = g_variant_print (value, TRUE);
  assert_string_equal (shown, row->want);
  g_variant_unref (value);
}

static void
test_fields (void **state)
{
  guint n;
  const RtSetting *common = rt_resource_common_settings (&n);
  const RtSetting *setting = rt_setting_find (common, n, "fields", NULL);
  g_autoptr (GVariant) value
      = g_variant_ref_sink (rt_setting_parse (setting, "A: 1\n\n B:  2 \nA: 3", NULL));
  g_autofree char *shown = g_variant_print (value, FALSE);

  assert_string_equal (shown, "[('A', '1'), ('B', '2'), ('A', '3')]");
  assert_null (rt_setting_parse (setting, "no field", NULL));
}

static void
test_limits (void **state)
{
  g_autoptr (GVariant) good = g_variant_ref_sink (
      g_variant_new_parsed ("{'slots': <int64 8>, 'evict': <true>, 'header-time': <int64 0>}"));
  g_autoptr (GVariant) bad
      = g_variant_ref_sink (g_variant_new_parsed ("{'slots': <int64 100000>}"));
  g_autoptr (GError) error = NULL;
  RtServerLimits limits;

  assert_true (rt_server_limits_from_settings (good, &limits, NULL));
  assert_int_equal (limits.slots, 8);
  assert_true (limits.evict);
  assert_int_equal (limits.header, 0);
  assert_int_equal (limits.idle, rt_server_limits_standard ().idle);
  assert_false (rt_server_limits_from_settings (bad, &limits, &error));
  assert_string_equal (error->message, "slots can't be more than 65536");
}

/* What is not given has to be right, too. */
static void
test_standards (void **state)
{
  guint n_kinds, n_common;
  const RtResourceKind *const *kinds = rt_resource_kinds (&n_kinds);
  const RtSetting *common = rt_resource_common_settings (&n_common);

  for (guint i = 0; i < n_kinds; i++)
    for (guint j = 0; j < kinds[i]->n_settings; j++)
      {
        const RtSetting *setting = &kinds[i]->settings[j];
        g_autoptr (GVariant) value = rt_setting_parse (setting, setting->standard, NULL);

        assert_non_null (value);
        assert_true (g_variant_is_of_type (value, rt_setting_type (setting)));
        assert_null (rt_setting_find (common, n_common, setting->name, NULL));
        g_variant_ref_sink (value);
      }
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + G_N_ELEMENTS (parsed) + 4];
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[n++] = (struct CMUnitTest){ rows[i].name, test_refused, NULL, NULL, (void *)&rows[i] };
  for (guint i = 0; i < G_N_ELEMENTS (parsed); i++)
    tests[n++] = (struct CMUnitTest){ parsed[i].name, test_parse, NULL, NULL, (void *)&parsed[i] };
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_paths);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_fields);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_limits);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_standards);
  return _cmocka_run_group_tests ("settings", tests, n, NULL, NULL);
}
