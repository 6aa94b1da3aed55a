/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A file that is there whole or not at all. */
#include "rt-new-file.h"

#include "rt-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

static gboolean
is_in_the_way (const char *path, gboolean replace, GError **error)
{
  const RtPlace place = { path, 0, 0 };

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    rt_set_error (error, RT_ERROR_IO, &place, "a file", "this is a folder");
  else if (!replace && g_file_test (path, G_FILE_TEST_EXISTS))
    rt_set_error (error, RT_ERROR_IO, &place, "a name that is free", "there is such a file");
  else
    return FALSE;
  return TRUE;
}

static void
set_io_error (GError **error, const char *path, const char *what)
{
  const RtPlace place = { path, 0, 0 };

  rt_set_error (error, RT_ERROR_IO, &place, NULL, "%s: %s", what, g_strerror (errno));
}

/**
 * rt_new_file_begin:
 * @path: what the file is to be called
 * @replace: there may be one
 *
 * Errors: %RT_ERROR_IO: there is one, or nothing can be written there.
 *
 * Returns: (transfer full) (nullable): the path to write to, an empty file
 */
char *
rt_new_file_begin (const char *path, gboolean replace, GError **error)
{
  g_autofree char *temporary = NULL;
  int fd;

  if (is_in_the_way (path, replace, error))
    return NULL;
  temporary = g_strconcat (path, ".XXXXXX", NULL);
  fd = g_mkstemp_full (temporary, O_RDWR | O_CLOEXEC, 0666);
  if (fd < 0)
    {
      set_io_error (error, path, "it cannot be written");
      return NULL;
    }
  close (fd);
  return g_steal_pointer (&temporary);
}

/* Some file systems cannot rename with a condition; then there is a moment in between. */
static gboolean
rename_to (const char *temporary, const char *path, gboolean replace)
{
  if (replace)
    return g_rename (temporary, path) == 0;
  if (renameat2 (AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
    return TRUE;
  if (errno != EINVAL && errno != ENOSYS)
    return FALSE;
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      errno = EEXIST;
      return FALSE;
    }
  return g_rename (temporary, path) == 0;
}

/**
 * rt_new_file_finish:
 * @temporary: what rt_new_file_begin() gave, written and closed
 *
 * Gives the file its name; on failure it is gone.
 *
 * Returns: %TRUE on success
 */
gboolean
rt_new_file_finish (const char *temporary, const char *path, gboolean replace, GError **error)
{
  if (rename_to (temporary, path, replace))
    return TRUE;
  set_io_error (error, path, "it cannot be written");
  rt_new_file_discard (temporary);
  return FALSE;
}

/** rt_new_file_discard: there will be no file, nor what SQLite puts beside one. */
void
rt_new_file_discard (const char *temporary)
{
  static const char *const tails[] = { "", "-wal", "-shm", "-journal" };

  for (gsize i = 0; i < G_N_ELEMENTS (tails); i++)
    {
      g_autofree char *path = g_strconcat (temporary, tails[i], NULL);

      g_unlink (path);
    }
}
