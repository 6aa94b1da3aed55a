/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All there is to try traffic with: every lesson and every sample as a session in the folder of
 * program.h. Comes after cmocka.h. */
#pragma once

#include "program.h"

/* A session; @sample: (nullable): the file it is made of. NULL: a lesson */
typedef struct
{
  char *name, *sample;
} RecordedRow;

static inline void
recorded_clear (gpointer data)
{
  g_free (((RecordedRow *)data)->name);
  g_free (((RecordedRow *)data)->sample);
}

static inline void
recorded_add_samples (GArray *rows)
{
  const char *folder = g_getenv ("ROUNDTRIP_SAMPLES");
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".pcap") || g_str_has_suffix (name, ".har")
        || g_str_has_suffix (name, ".roundtrip"))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      const char *file = names->pdata[i];
      int stem = (int)(strrchr (file, '.') - file);
      RecordedRow row
          = { g_strdup_printf ("sample-%.*s", stem, file), g_build_filename (folder, file, NULL) };

      g_array_append_val (rows, row);
    }
}

static inline GArray *
recorded_list (void)
{
  GArray *rows = g_array_new (FALSE, TRUE, sizeof (RecordedRow));
  g_autoptr (GPtrArray) lessons = list_lessons ();

  g_array_set_clear_func (rows, recorded_clear);
  for (guint i = 0; i < lessons->len; i++)
    {
      /* Behind its number. */
      RecordedRow row = { g_strdup (strchr (lessons->pdata[i], '-') + 1), NULL };

      g_array_append_val (rows, row);
    }
  recorded_add_samples (rows);
  return rows;
}

/* Makes the session NAME.roundtrip if it is not there. FALSE: it was. */
static inline gboolean
recorded_make (const RecordedRow *row)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.roundtrip", program_folder, row->name);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return FALSE;
  if (row->sample != NULL)
    call_well ("convert --no-redact %s %s.roundtrip", row->sample, row->name);
  else
    call_well ("run %s --record %s.roundtrip", row->name, row->name);
  return TRUE;
}
