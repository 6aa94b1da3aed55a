/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The program, called in a folder of the test's own. Comes after cmocka.h. */
#pragma once

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>

static char *program_folder;

/* Calls @program with the words of @line, which are shell words. Returns its exit status. */
static inline int
call_other (const char *program, const char *line, char **ret_out, char **ret_err)
{
  g_autofree char *whole = g_strdup_printf ("%s %s", program, line);
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  int status;

  assert_true (g_shell_parse_argv (whole, NULL, &argv, NULL));
  if (!g_spawn_sync (program_folder, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err,
                     &status, &error))
    {
      print_message ("# %s\n", error->message);
      fail ();
    }
  if (ret_out != NULL)
    *ret_out = g_steal_pointer (&out);
  if (ret_err != NULL)
    *ret_err = g_steal_pointer (&err);
  return WIFEXITED (status) ? WEXITSTATUS (status) : -1;
}

static inline int
call (const char *line, char **ret_out, char **ret_err)
{
  return call_other (g_getenv ("ROUNDTRIP_PROGRAM"), line, ret_out, ret_err);
}

/* As call(), where nothing but success will do. */
static inline void call_well (const char *format, ...) G_GNUC_PRINTF (1, 2);

static inline void
call_well (const char *format, ...)
{
  va_list arguments;
  g_autofree char *line = NULL;
  g_autofree char *err = NULL;
  int status;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  status = call (line, NULL, &err);
  if (status != 0)
    print_message ("# roundtrip %s: %d\n# %s\n", line, status, err);
  assert_int_equal (status, 0);
}

static inline void
assert_contains (const char *text, const char *what)
{
  if (strstr (text, what) == NULL)
    assert_string_equal (text, what);
}

static inline int
program_set_up (void **state)
{
  program_folder = g_dir_make_tmp ("roundtrip-cli-XXXXXX", NULL);
  return program_folder != NULL ? 0 : -1;
}

static inline void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      if (g_file_test (inner, G_FILE_TEST_IS_DIR))
        remove_folder (inner);
      else
        g_remove (inner);
    }
  g_rmdir (path);
}

static inline int
program_tear_down (void **state)
{
  remove_folder (program_folder);
  g_clear_pointer (&program_folder, g_free);
  return 0;
}

static inline gint
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *)a, *(const char *const *)b);
}

/* The files of all lessons, in order. */
static inline GPtrArray *
list_lessons (void)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (g_getenv ("ROUNDTRIP_LESSONS"), 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_ascii_isdigit (name[0]) && g_str_has_suffix (name, ".md"))
      g_ptr_array_add (names, g_strndup (name, strlen (name) - strlen (".md")));
  g_ptr_array_sort (names, compare_names);
  return names;
}
