/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The names of messages (rt-traits.h) repeat: the table has each once. A text gets its place here
 * when it is first seen, on whatever thread that is, and its row when it is first written. */
#include "rt-names-table.h"

/* Texts that are remembered from one transaction to the next. */
#define TEXTS_MAX 4096

typedef struct
{
  char *text;
  gsize length;
  gint64 id; /* 0: not known yet */
} Names;

struct _RtNamesTable
{
  sqlite3_stmt *find, *insert;
  GArray *all;         /* Names */
  GHashTable *by_text; /* text → its place, from 1 */
};

static void
clear_names (gpointer names)
{
  g_free (((Names *)names)->text);
}

/**
 * rt_names_table_new:
 * @db: borrowed, outlives it
 */
RtNamesTable *
rt_names_table_new (sqlite3 *db, GError **error)
{
  g_autoptr (RtNamesTable) table = g_new0 (RtNamesTable, 1);

  table->all = g_array_new (FALSE, FALSE, sizeof (Names));
  g_array_set_clear_func (table->all, clear_names);
  table->by_text = g_hash_table_new (g_str_hash, g_str_equal);
  table->find = rt_store_prepare (db, "SELECT id FROM names WHERE text = ?1", error);
  if (table->find == NULL)
    return NULL;
  table->insert
      = rt_store_prepare (db, "INSERT INTO names (text) VALUES (?1) ON CONFLICT DO NOTHING", error);
  return table->insert != NULL ? g_steal_pointer (&table) : NULL;
}

void
rt_names_table_free (RtNamesTable *table)
{
  sqlite3_finalize (table->find);
  sqlite3_finalize (table->insert);
  g_hash_table_unref (table->by_text);
  g_array_unref (table->all);
  g_free (table);
}

/**
 * rt_names_table_add:
 * @text: names
 * @length: of it
 *
 * Returns: the place of @text, from 1; good until rt_names_table_trim()
 */
guint
rt_names_table_add (RtNamesTable *table, const char *text, gsize length)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (table->by_text, text));
  Names names;

  if (place != 0)
    return place;
  names = (Names){ g_strndup (text, length), length, 0 };
  g_array_append_val (table->all, names);
  g_hash_table_insert (table->by_text, names.text, GUINT_TO_POINTER (table->all->len));
  return table->all->len;
}

/* Bytes of a peer are text only by chance. */
static void
bind (sqlite3_stmt *statement, const Names *names)
{
  g_autofree char *valid = g_utf8_make_valid (names->text, (gssize)names->length);

  rt_store_bind_text (statement, 1, valid);
}

/**
 * rt_names_table_get_row:
 * @place: of rt_names_table_add()
 * @ret_id: (out): its row
 *
 * Within a transaction; writes the row if it is not there.
 */
gboolean
rt_names_table_get_row (RtNamesTable *table, guint place, gint64 *ret_id, GError **error)
{
  Names *names = &g_array_index (table->all, Names, place - 1);
  gboolean row;

  if (names->id == 0)
    {
      bind (table->insert, names);
      bind (table->find, names);
      if (!rt_store_run (table->insert, error) || !rt_store_row (table->find, &row, error))
        return FALSE;
      names->id = sqlite3_column_int64 (table->find, 0);
      sqlite3_reset (table->find);
    }
  *ret_id = names->id;
  return TRUE;
}

/**
 * rt_names_table_forget_rows:
 * @table: whose transaction was rolled back: rows that it has seen may not be there
 */
void
rt_names_table_forget_rows (RtNamesTable *table)
{
  for (guint i = 0; i < table->all->len; i++)
    g_array_index (table->all, Names, i).id = 0;
}

/**
 * rt_names_table_trim:
 * @table: of whose places none is in use
 *
 * Forgets texts if there are too many.
 */
void
rt_names_table_trim (RtNamesTable *table)
{
  if (table->all->len <= TEXTS_MAX)
    return;
  g_hash_table_remove_all (table->by_text);
  g_array_set_size (table->all, 0);
}
