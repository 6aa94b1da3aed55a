/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Test vectors from elsewhere: JSON files in the folder of the build option `vectors`. They have
 * programs of their own, `test-…-vectors`, which are skipped whole where the option is empty: a
 * single test that cmocka skips counts as failed for meson. Include it behind cmocka.h. */
#pragma once

#include "rt-json-value.h"

/* Takes out the lines that are comments, which some of the files have and JSON has not. */
static inline char *
vectors_without_comments (const char *text)
{
  GString *out = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    if (!g_str_has_prefix (*line, "//"))
      g_string_append_printf (out, "%s\n", *line);
  return g_string_free (out, FALSE);
}

static inline const char *
vectors_folder (void)
{
  const char *folder = g_getenv ("RT_VECTORS");

  return folder != NULL && *folder != '\0' ? folder : NULL;
}

/* What the main function of such a program returns. */
static inline int
vectors_run_tests (const char *name, const struct CMUnitTest *tests, gsize n)
{
  if (vectors_folder () == NULL)
    {
      print_message ("1..0 # SKIP no vectors: -Dvectors=FOLDER\n");
      return 0;
    }
  return _cmocka_run_group_tests (name, tests, n, NULL, NULL);
}

/* The text of a file. */
static inline char *
vectors_load (const char *name)
{
  g_autofree char *path = g_build_filename (vectors_folder (), name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_file_get_contents (path, &text, NULL, &error))
    fail_msg ("%s", error->message);
  return vectors_without_comments (text);
}

/* The elements of the array that a file holds. */
static inline RtText
vectors_elements (const char *text)
{
  RtJson document;

  if (!rt_json_parse (rt_text (text), &document))
    fail_msg ("the vectors are no JSON");
  return document.text;
}

static inline gboolean
vectors_is_true (const RtJson *object, const char *name)
{
  RtJson value;

  return rt_json_find (object, name, &value) && value.type == RT_JSON_TRUE;
}
