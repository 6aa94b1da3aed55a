/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Stands in for libFuzzer in a normal build: gives a fuzz target each seed of its corpus, and each
 * of the seed's beginnings, because what is cut off is what parsers forget. */
#include <glib.h>
#include <stdint.h>

/* Longer seeds are not cut at every place but at as many. */
#define MAX_CUTS 256

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* In memory of exactly that size, so that reading past the end is seen. */
static void
give (const char *data, gsize size)
{
  g_autofree uint8_t *copy = size > 0 ? g_memdup2 (data, size) : g_malloc (1);

  LLVMFuzzerTestOneInput (copy, size);
}

static void
replay (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;
  gsize size;
  gsize step;

  if (!g_file_get_contents (path, &data, &size, &error))
    g_error ("%s", error->message);
  step = size / MAX_CUTS + 1;
  for (gsize cut = 0; cut < size; cut += step)
    give (data, cut);
  give (data, size);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *
list_seeds (const char *folder)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const char *name;

  if (dir == NULL)
    g_error ("%s", error->message);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return names;
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) names = NULL;

  if (argc != 2)
    g_error ("usage: %s FOLDER", argv[0]);
  names = list_seeds (argv[1]);
  g_print ("1..%u\n", MAX (names->len, 1));
  if (names->len == 0)
    g_print ("not ok 1 - the corpus has seeds\n");
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (argv[1], names->pdata[i], NULL);

      replay (path);
      g_print ("ok %u - %s\n", i + 1, (const char *)names->pdata[i]);
    }
  return names->len == 0;
}
