/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table `content`. Long stretches of bytes are cut where their own bytes say so, not at fixed
 * places: then the same body gives the same pieces however the network split it and whatever head
 * stands before it. A piece is looked up by its hash and, since a hash proves nothing, compared. */
#include "rt-contents.h"

#include "rt-hash.h"
#include "rt-random.h"

#include <string.h>

/* A piece is cut where the rolling hash of the last 64 bytes has MASK's bits clear: after
 * PIECE_MIN every 32 KiB on the average. */
#define PIECE_MIN (16 * 1024)
#define PIECE_MAX (64 * 1024)
#define MASK (G_GUINT64_CONSTANT (0x7fff) << 48)

/** CANDIDATES_MAX: pieces of one hash that are compared before the bytes count as new. */
#define CANDIDATES_MAX 4
#define SLOTS 256

typedef struct
{
  guint64 hash;
  gint64 id; /* 0 = empty */
  GBytes *bytes;
} Slot;

struct _RtContents
{
  sqlite3 *db; /* borrowed */
  RtHashFunc hash;
  sqlite3_stmt *find, *load, *insert;
  Slot slots[SLOTS]; /* what was stored last, at most 16 MiB */
};

/**
 * rt_contents_new:
 * @db: borrowed, outlives it
 * @hash: rt_hash(), or a worse one for tests
 *
 * Returns: (transfer full) (nullable): access to the table
 */
RtContents *
rt_contents_new (sqlite3 *db, RtHashFunc hash, GError **error)
{
  g_autoptr (RtContents) contents = g_new0 (RtContents, 1);

  contents->db = db;
  contents->hash = hash;
  contents->find = rt_store_prepare (db, "SELECT id, data FROM content WHERE hash = ?1", error);
  if (contents->find == NULL)
    return NULL;
  contents->load = rt_store_prepare (db, "SELECT hash, data FROM content WHERE id = ?1", error);
  if (contents->load == NULL)
    return NULL;
  contents->insert
      = rt_store_prepare (db, "INSERT INTO content (hash, data) VALUES (?1, ?2)", error);
  return contents->insert != NULL ? g_steal_pointer (&contents) : NULL;
}

void
rt_contents_free (RtContents *contents)
{
  rt_contents_forget (contents);
  sqlite3_finalize (contents->find);
  sqlite3_finalize (contents->load);
  sqlite3_finalize (contents->insert);
  g_free (contents);
}

/**
 * rt_contents_forget:
 * @contents: whose transaction was rolled back: what it remembers may not be in the table
 */
void
rt_contents_forget (RtContents *contents)
{
  for (guint i = 0; i < SLOTS; i++)
    {
      g_clear_pointer (&contents->slots[i].bytes, g_bytes_unref);
      contents->slots[i].id = 0;
    }
}

static void
remember (RtContents *contents, guint64 hash, gint64 id, const guint8 *data, gsize size)
{
  Slot *slot = &contents->slots[hash % SLOTS];

  g_clear_pointer (&slot->bytes, g_bytes_unref);
  *slot = (Slot){ hash, id, g_bytes_new (data, size) };
}

static gboolean
find (RtContents *contents,
      guint64 hash,
      const guint8 *data,
      gsize size,
      gint64 *ret_id,
      GError **error)
{
  gboolean row;

  *ret_id = 0;
  sqlite3_bind_int64 (contents->find, 1, (gint64)hash);
  for (guint i = 0; i < CANDIDATES_MAX && *ret_id == 0; i++)
    {
      if (!rt_store_row (contents->find, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      if ((gsize)sqlite3_column_bytes (contents->find, 1) == size
          && memcmp (sqlite3_column_blob (contents->find, 1), data, size) == 0)
        *ret_id = sqlite3_column_int64 (contents->find, 0);
    }
  sqlite3_reset (contents->find);
  return TRUE;
}

/**
 * rt_contents_store:
 * @data: (array length=size): a piece
 * @ret_id: (out): its row, be it an old one or new
 */
gboolean
rt_contents_store (
    RtContents *contents, const guint8 *data, gsize size, gint64 *ret_id, GError **error)
{
  guint64 hash = contents->hash (data, size);
  const Slot *slot = &contents->slots[hash % SLOTS];
  gint64 id = 0;
  gboolean stored;

  if (slot->id != 0 && slot->hash == hash && g_bytes_get_size (slot->bytes) == size
      && memcmp (g_bytes_get_data (slot->bytes, NULL), data, size) == 0)
    {
      *ret_id = slot->id;
      return TRUE;
    }
  if (!find (contents, hash, data, size, &id, error))
    return FALSE;
  if (id == 0)
    {
      sqlite3_bind_int64 (contents->insert, 1, (gint64)hash);
      sqlite3_bind_blob64 (contents->insert, 2, data, size, SQLITE_STATIC);
      stored = rt_store_run (contents->insert, error);
      sqlite3_bind_null (contents->insert, 2);
      if (!stored)
        return FALSE;
      id = sqlite3_last_insert_rowid (contents->db);
    }
  remember (contents, hash, id, data, size);
  *ret_id = id;
  return TRUE;
}

/**
 * rt_contents_load:
 * @id: a row
 *
 * Errors: %RT_ERROR_MISSING, %RT_ERROR_SYNTAX where its bytes are not those that were stored.
 *
 * Returns: (transfer full): its bytes
 */
GBytes *
rt_contents_load (RtContents *contents, gint64 id, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  guint64 hash;
  gboolean row;

  sqlite3_bind_int64 (contents->load, 1, id);
  if (!rt_store_row (contents->load, &row, error))
    return NULL;
  if (!row)
    {
      rt_set_error (error, RT_ERROR_MISSING, NULL, NULL,
                    "content %" G_GINT64_FORMAT " is not in the file", id);
      return NULL;
    }
  hash = (guint64)sqlite3_column_int64 (contents->load, 0);
  bytes = g_bytes_new (sqlite3_column_blob (contents->load, 1),
                       (gsize)sqlite3_column_bytes (contents->load, 1));
  sqlite3_reset (contents->load);
  if (contents->hash (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) != hash)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, NULL, NULL, "content %" G_GINT64_FORMAT " is damaged",
                    id);
      return NULL;
    }
  return g_steal_pointer (&bytes);
}

static const guint64 *
gear (void)
{
  static guint64 table[256];
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      RtRandom random;

      rt_random_init (&random, 1);
      for (guint i = 0; i < G_N_ELEMENTS (table); i++)
        table[i] = rt_random_next (&random);
      g_once_init_leave (&once, 1);
    }
  return table;
}

/**
 * rt_contents_cut:
 * @data: (array length=size): what is left of a stretch
 *
 * Returns: how long its first piece is
 */
gsize
rt_contents_cut (const guint8 *data, gsize size)
{
  const guint64 *table = gear ();
  gsize end = MIN (size, PIECE_MAX);
  guint64 rolling = 0;

  if (size <= PIECE_MIN)
    return size;
  for (gsize i = PIECE_MIN - 64; i < end; i++)
    {
      rolling = (rolling << 1) + table[data[i]];
      if (i >= PIECE_MIN && (rolling & MASK) == 0)
        return i + 1;
    }
  return end;
}
