/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every lesson's first run goes out as pcapng and comes back the same. What differs by its nature:
 * plaintext of TLS comes back without TLS, and a capture does not tell why somebody cut a
 * connection off. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "program.h"

#include "rt-session.h"

#define LESSONS_MAX 200

static char *
dup_first_run (const char *file)
{
  g_autofree char *path = g_build_filename (program_folder, file, NULL);
  g_autoptr (RtSession) session = rt_session_open (path, NULL);
  g_autoptr (GPtrArray) infos = session != NULL ? rt_session_list_runs (session, NULL) : NULL;

  assert_non_null (infos);
  return g_strdup (((RtRunInfo *)infos->pdata[0])->name);
}

static gboolean
may_differ (const char *line)
{
  return g_str_has_prefix (line, "  request: scheme: ") || g_str_has_prefix (line, "  outcome: ");
}

static void
test_lesson (void **state)
{
  const char *lesson = *state;
  const char *folder = g_getenv ("ROUNDTRIP_LESSONS");
  g_autofree char *run = NULL;
  g_autofree char *line = NULL;
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  g_auto (GStrv) lines = NULL;

  call_well ("run '%s/%s.md' --record %s.roundtrip", folder, lesson, lesson);
  line = g_strdup_printf ("%s.roundtrip", lesson);
  run = dup_first_run (line);
  call_well ("convert --run '%s' %s.roundtrip %s.pcapng", run, lesson, lesson);
  g_free (line);
  line = g_strdup_printf ("diff --exact --left '%s' %s.roundtrip %s.pcapng", run, lesson, lesson);
  assert_in_range (call (line, &out, &err), 0, 1);
  assert_string_equal (err, "");
  lines = g_strsplit (out, "\n", -1);
  for (char **one = lines; *one != NULL; one++)
    if (g_str_has_prefix (*one, "  ") && !may_differ (*one))
      assert_string_equal (*one, "");
  assert_null (strstr (out, "alone: "));
  assert_null (strstr (out, "another order: "));
}

int
main (void)
{
  g_autoptr (GPtrArray) lessons = list_lessons ();
  struct CMUnitTest tests[LESSONS_MAX];
  guint n = MIN (lessons->len, LESSONS_MAX);

  for (guint i = 0; i < n; i++)
    tests[i] = (struct CMUnitTest){ lessons->pdata[i], test_lesson, NULL, NULL, lessons->pdata[i] };
  return _cmocka_run_group_tests ("pcapng", tests, n, program_set_up, program_tear_down);
}
