/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Plays rows. */
#include "resources.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "dialogue.h"

/**
 * resources_new:
 * @text: `{path: (kind, settings)}`
 *
 * Returns: (transfer full) (nullable): an origin server with these resources
 */
RtOrigin *
resources_new (const char *text, GError **error)
{
  g_autoptr (GVariant) parsed
      = g_variant_parse (G_VARIANT_TYPE ("a{s(sa{sv})}"), text, NULL, NULL, error);
  g_autoptr (RtOrigin) origin = NULL;
  GVariantIter iter;
  const char *path, *kind;
  GVariant *settings;

  if (parsed == NULL)
    return NULL;
  origin = rt_origin_new (NULL);
  g_variant_iter_init (&iter, parsed);
  while (g_variant_iter_next (&iter, "{&s(&s@a{sv})}", &path, &kind, &settings))
    {
      gboolean added = rt_origin_add (origin, path, kind, settings, error);

      g_variant_unref (settings);
      if (!added)
        return NULL;
    }
  return rt_origin_check (origin, error) ? g_steal_pointer (&origin) : NULL;
}

static gconstpointer
no_task (gpointer data, const char *text)
{
  return NULL;
}

static void
test_row (void **state)
{
  const ResourceRow *row = *state;
  g_autoptr (GError) error = NULL;
  RtOrigin *origin = resources_new (row->origin, &error);
  Dialogue dialogue = { .klass = &rt_origin_class, .self = origin, .task = no_task };
  g_autofree char *out = NULL, *shown = NULL;

  if (origin == NULL)
    fail_msg ("%s", error->message);
  out = dialogue_play (&dialogue, row->script);
  shown = dialogue_without_dates (out);
  assert_string_equal (shown, row->want);
}

/**
 * resources_run:
 * @group: what the rows are about
 *
 * Returns: how many failed
 */
int
resources_run (const char *group, const ResourceRow *rows, guint n_rows)
{
  g_autofree struct CMUnitTest *tests = g_new0 (struct CMUnitTest, n_rows);

  for (guint i = 0; i < n_rows; i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests (group, tests, n_rows, NULL, NULL);
}
