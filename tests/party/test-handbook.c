/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The handbook's section on resources is written by the lists that the program itself goes by:
 *
 *   test-handbook AUTHORING.md            is it what the lists say?
 *   test-handbook AUTHORING.md --write    makes it so */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "rt-resource.h"
#include "rt-server.h"
#include "rt-server-tls.h"

#define BEGIN "<!-- written by test-handbook --write: begin -->\n"
#define END "<!-- written by test-handbook --write: end -->\n"

static const char *path;

/* What stands in the table for a kind of value whose standard does not show it. */
static const char *
shape (const RtSetting *setting)
{
  switch (setting->type)
    {
    case RT_SETTING_FIELDS:
      return "a mapping of names to values: ";
    case RT_SETTING_LIST:
      return "a list: ";
    case RT_SETTING_ROWS:
      return "a list of mappings: ";
    default:
      return "";
    }
}

static void
append_choices (GString *out, const RtSetting *setting)
{
  if (setting->choices == NULL)
    return;
  g_string_append (out, setting->type == RT_SETTING_ROWS ? "; keys: " : ": ");
  for (guint i = 0; setting->choices[i] != NULL; i++)
    g_string_append_printf (out, "%s`%s`", i > 0 ? ", " : "", setting->choices[i]);
}

static void
append_table (GString *out, const RtSetting *settings, guint n)
{
  g_string_append (out, "| setting | standard | what |\n|---|---|---|\n");
  for (guint i = 0; i < n; i++)
    {
      const RtSetting *setting = &settings[i];
      const char *quote = *setting->standard != '\0' ? "`" : "";

      g_string_append_printf (out, "| `%s` | %s%s%s | %s%s", setting->name, quote,
                              setting->standard, quote, shape (setting), setting->summary);
      append_choices (out, setting);
      g_string_append (out, " |\n");
    }
  g_string_append_c (out, '\n');
}

static char *
write_section (void)
{
  GString *out = g_string_new (BEGIN "\nSettings of every resource, beside `kind`:\n\n");
  guint n_kinds, n;
  const RtResourceKind *const *kinds = rt_resource_kinds (&n_kinds);
  const RtSetting *settings = rt_resource_common_settings (&n);

  append_table (out, settings, n);
  for (guint i = 0; i < n_kinds; i++)
    {
      g_string_append_printf (out, "#### `kind: %s`\n\n%c%s.", kinds[i]->name,
                              g_ascii_toupper (kinds[i]->summary[0]), kinds[i]->summary + 1);
      if (kinds[i]->tree)
        g_string_append (out, " It serves the paths below its own, too.");
      if (kinds[i]->notes != NULL)
        g_string_append_printf (out, "\n%s", kinds[i]->notes);
      g_string_append (out, "\n\n");
      append_table (out, kinds[i]->settings, kinds[i]->n_settings);
    }
  settings = rt_server_limits_settings (&n);
  g_string_append (out, "#### `limits`\n\nWhat the server puts up with, beside the paths.\n\n");
  append_table (out, settings, n);
  settings = rt_server_tls_settings (&n);
  g_string_append (out, "#### `tls`\n\nWhat the server shows to those who connect with TLS, beside "
                        "the paths; `tls: true` is enough.\n\n");
  append_table (out, settings, n);
  g_string_append (out, END);
  return g_string_free (out, FALSE);
}

static char *
replace_section (const char *text)
{
  const char *begin = strstr (text, BEGIN), *end = strstr (text, END);
  g_autofree char *section = write_section ();

  if (begin == NULL || end == NULL)
    return NULL;
  return g_strdup_printf ("%.*s%s%s", (int)(begin - text), text, section, end + strlen (END));
}

static void
test_section (void **state)
{
  g_autofree char *text = NULL, *wanted = NULL;

  assert_true (g_file_get_contents (path, &text, NULL, NULL));
  wanted = replace_section (text);
  assert_non_null (wanted);
  if (strcmp (text, wanted) != 0)
    print_message ("# run “test-handbook %s --write”\n", path);
  assert_string_equal (text, wanted);
}

int
main (int argc, char **argv)
{
  static const struct CMUnitTest tests[] = {
    { "the handbook has the settings that there are", test_section, NULL, NULL, NULL },
  };
  g_autofree char *text = NULL, *written = NULL;

  if (argc < 2)
    return 2;
  path = argv[1];
  if (argc == 2)
    return _cmocka_run_group_tests ("handbook", tests, G_N_ELEMENTS (tests), NULL, NULL);
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 1;
  written = replace_section (text);
  return written != NULL && g_file_set_contents (path, written, -1, NULL) ? 0 : 1;
}
