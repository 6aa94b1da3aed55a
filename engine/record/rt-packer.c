/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Packs pages of a log into the file: events into one row of `page`, their bytes, sorted by
 * buffer, into rows of `blob` of about 64 KiB, long stretches into `content`. Never a row an event
 * or a chunk: that takes half as much again on disk and twice the time.
 *
 * To find the bytes of a buffer, a page notes in `buffer_start` the buffers that begin in it, a
 * whole range of numbers in one row, and in `buffer_part` those that go on in it. */
#include "rt-packer.h"

#include "rt-hash.h"
#include "rt-page-code.h"

#include <string.h>

#define BLOB_SIZE (64 * 1024)
/* Stretches from here on are worth looking up. */
#define CONTENT_MIN (16 * 1024)
/* A body comes in chunks of at least this size, but for its last. */
#define JOIN_MIN (4 * 1024)
/* Heads differ where bodies repeat (dates, counters), so a long stretch that has an empty line
 * within this many bytes is cut behind it. */
#define HEAD_MAX (8 * 1024)

enum
{
  INSERT_PAGE,
  INSERT_BLOB,
  INSERT_START,
  INSERT_PART,
  LAST_PAGE,
  LAST_BLOB,
  N_STATEMENTS,
};

/* clang-format off */
static const char *const statements[N_STATEMENTS] = {
  [INSERT_PAGE] = "INSERT INTO page (id, run, first, events, encoding, check_sum, data)"
                  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
  [INSERT_BLOB] = "INSERT INTO blob (id, page, check_sum, data) VALUES (?1, ?2, ?3, ?4)",
  [INSERT_START] = "INSERT INTO buffer_start (run, last, first, page) VALUES (?1, ?2, ?3, ?4)",
  [INSERT_PART] = "INSERT INTO buffer_part (run, buffer, offset, page) VALUES (?1, ?2, ?3, ?4)",
  [LAST_PAGE] = "SELECT max(id) FROM page",
  [LAST_BLOB] = "SELECT max(id) FROM blob",
};
/* clang-format on */

struct _RtPacker
{
  sqlite3 *db; /* borrowed */
  RtContents *contents;
  sqlite3_stmt *statements[N_STATEMENTS];
  gint64 last_page, last_blob;
  GByteArray *blob;    /* being filled */
  GByteArray *stretch; /* scratch */
  GArray *chunks;      /* scratch: RtChunk, borrowed */
};

/**
 * rt_packer_new:
 * @db: borrowed, outlives it
 * @hash: as for rt_contents_new()
 */
RtPacker *
rt_packer_new (sqlite3 *db, RtHashFunc hash, GError **error)
{
  g_autoptr (RtPacker) packer = g_new0 (RtPacker, 1);

  packer->db = db;
  packer->blob = g_byte_array_sized_new (BLOB_SIZE);
  packer->stretch = g_byte_array_new ();
  packer->chunks = g_array_new (FALSE, FALSE, sizeof (RtChunk));
  packer->contents = rt_contents_new (db, hash, error);
  if (packer->contents == NULL)
    return NULL;
  for (guint i = 0; i < N_STATEMENTS; i++)
    {
      packer->statements[i] = rt_store_prepare (db, statements[i], error);
      if (packer->statements[i] == NULL)
        return NULL;
    }
  return g_steal_pointer (&packer);
}

void
rt_packer_free (RtPacker *packer)
{
  g_clear_pointer (&packer->contents, rt_contents_free);
  for (guint i = 0; i < N_STATEMENTS; i++)
    sqlite3_finalize (packer->statements[i]);
  g_byte_array_unref (packer->blob);
  g_byte_array_unref (packer->stretch);
  g_array_unref (packer->chunks);
  g_free (packer);
}

static gboolean
last_id (sqlite3_stmt *statement, gint64 *ret_id, GError **error)
{
  gboolean row;

  if (!rt_store_row (statement, &row, error))
    return FALSE;
  *ret_id = row ? sqlite3_column_int64 (statement, 0) : 0;
  sqlite3_reset (statement);
  return TRUE;
}

/**
 * rt_packer_begin:
 * @packer: a packer
 *
 * Begins a transaction. Another program may have written since the last one, so numbers are asked
 * for anew.
 */
gboolean
rt_packer_begin (RtPacker *packer, GError **error)
{
  return rt_store_exec (packer->db, "BEGIN IMMEDIATE", error)
         && last_id (packer->statements[LAST_PAGE], &packer->last_page, error)
         && last_id (packer->statements[LAST_BLOB], &packer->last_blob, error);
}

gboolean
rt_packer_commit (RtPacker *packer, GError **error)
{
  return rt_store_exec (packer->db, "COMMIT", error);
}

/**
 * rt_packer_roll_back:
 * @packer: something of its transaction failed; SQLite may have rolled back already
 */
void
rt_packer_roll_back (RtPacker *packer)
{
  for (guint i = 0; i < N_STATEMENTS; i++)
    sqlite3_reset (packer->statements[i]);
  if (!sqlite3_get_autocommit (packer->db))
    sqlite3_exec (packer->db, "ROLLBACK", NULL, NULL, NULL);
  rt_contents_forget (packer->contents);
  g_byte_array_set_size (packer->blob, 0);
}

static gboolean
flush_blob (RtPacker *packer, GError **error)
{
  sqlite3_stmt *insert = packer->statements[INSERT_BLOB];

  if (packer->blob->len == 0)
    return TRUE;
  packer->last_blob++;
  sqlite3_bind_int64 (insert, 1, packer->last_blob);
  sqlite3_bind_int64 (insert, 2, packer->last_page + 1);
  sqlite3_bind_int64 (insert, 3, (gint64)rt_hash (packer->blob->data, packer->blob->len));
  sqlite3_bind_blob64 (insert, 4, packer->blob->data, packer->blob->len, SQLITE_STATIC);
  if (!rt_store_run (insert, error))
    return FALSE;
  g_byte_array_set_size (packer->blob, 0);
  return TRUE;
}

static gboolean
place_packed (RtPacker *packer, GArray *placements, RtSpan span, const guint8 *data, GError **error)
{
  RtPlacement place;

  if (packer->blob->len > 0 && packer->blob->len + span.length > BLOB_SIZE
      && !flush_blob (packer, error))
    return FALSE;
  place = (RtPlacement){ span, packer->last_blob + 1, packer->blob->len, FALSE };
  g_byte_array_append (packer->blob, data, span.length);
  g_array_append_val (placements, place);
  return TRUE;
}

static gsize
head_length (const guint8 *data, gsize size)
{
  const guint8 *end = memmem (data, MIN (size, HEAD_MAX), "\r\n\r\n", 4);

  return end != NULL ? (gsize)(end - data) + 4 : 0;
}

/* @span: bytes of one buffer without a hole in between */
static gboolean
place_stretch (
    RtPacker *packer, GArray *placements, RtSpan span, const guint8 *data, GError **error)
{
  gsize at = span.length >= CONTENT_MIN ? head_length (data, span.length) : span.length;

  if (span.length - at < CONTENT_MIN)
    at = span.length;
  if (at > 0 && !place_packed (packer, placements, rt_span_sub (span, 0, at), data, error))
    return FALSE;
  while (at < span.length)
    {
      gsize piece = rt_contents_cut (data + at, span.length - at);
      RtPlacement place = { .span = rt_span_sub (span, at, piece), .content = TRUE };

      if (!rt_contents_store (packer->contents, data + at, piece, &place.id, error))
        return FALSE;
      g_array_append_val (placements, place);
      at += piece;
    }
  return TRUE;
}

static int
compare_chunks (gconstpointer a, gconstpointer b)
{
  const RtSpan *left = &((const RtChunk *)a)->span;
  const RtSpan *right = &((const RtChunk *)b)->span;

  if (left->buffer != right->buffer)
    return left->buffer < right->buffer ? -1 : 1;
  return left->offset < right->offset ? -1 : left->offset > right->offset;
}

/* How many chunks from @i on follow one another and may be of one body: a small one is the last of
 * it, or a message of its own. */
static guint
count_joined (const GArray *chunks, guint i, RtSpan *ret_span)
{
  const RtChunk *chunk = &g_array_index (chunks, RtChunk, i);
  guint n = 1;

  *ret_span = chunk->span;
  for (; i + n < chunks->len; n++)
    {
      RtSpan next = chunk[n].span;

      if (chunk[n - 1].span.length < JOIN_MIN || next.buffer != ret_span->buffer
          || next.offset != rt_span_end (*ret_span)
          || (guint64)ret_span->length + next.length > G_MAXINT32)
        break;
      ret_span->length += next.length;
    }
  return n;
}

static const guint8 *
join (RtPacker *packer, guint i, guint n)
{
  const RtChunk *chunk = &g_array_index (packer->chunks, RtChunk, i);

  if (n == 1)
    return g_bytes_get_data (chunk->bytes, NULL);
  g_byte_array_set_size (packer->stretch, 0);
  for (guint j = 0; j < n; j++)
    g_byte_array_append (packer->stretch, g_bytes_get_data (chunk[j].bytes, NULL),
                         chunk[j].span.length);
  return packer->stretch->data;
}

static gboolean
place_chunks (RtPacker *packer, GArray *placements, GError **error)
{
  guint n;

  g_array_sort (packer->chunks, compare_chunks);
  for (guint i = 0; i < packer->chunks->len; i += n)
    {
      RtSpan span;

      n = count_joined (packer->chunks, i, &span);
      if (!place_stretch (packer, placements, span, join (packer, i, n), error))
        return FALSE;
    }
  return flush_blob (packer, error);
}

static gboolean
insert_range (sqlite3_stmt *insert, gint64 run, gint64 a, gint64 b, gint64 page, GError **error)
{
  sqlite3_bind_int64 (insert, 1, run);
  sqlite3_bind_int64 (insert, 2, a);
  sqlite3_bind_int64 (insert, 3, b);
  sqlite3_bind_int64 (insert, 4, page);
  return rt_store_run (insert, error);
}

/* The placements are sorted by buffer and offset. */
static gboolean
index_buffers (RtPacker *packer, gint64 run, const GArray *placements, GError **error)
{
  gint64 page = packer->last_page + 1;
  gint64 first = 0;
  gint64 last = -1; /* the range of buffers that begin here, so far */
  RtBufferId before = 0;

  for (guint i = 0; i < placements->len; i++)
    {
      RtSpan span = g_array_index (placements, RtPlacement, i).span;

      if (span.buffer == before)
        continue;
      before = span.buffer;
      if (span.offset > 0)
        {
          if (!insert_range (packer->statements[INSERT_PART], run, span.buffer, (gint64)span.offset,
                             page, error))
            return FALSE;
          continue;
        }
      if (first > 0 && span.buffer != last + 1
          && !insert_range (packer->statements[INSERT_START], run, last, first, page, error))
        return FALSE;
      if (first == 0 || span.buffer != last + 1)
        first = span.buffer;
      last = span.buffer;
    }
  return first == 0
         || insert_range (packer->statements[INSERT_START], run, last, first, page, error);
}

static gboolean
insert_page (RtPacker *packer,
             gint64 run,
             guint64 first,
             guint n_events,
             RtPageEncoding encoding,
             const GByteArray *data,
             GError **error)
{
  sqlite3_stmt *insert = packer->statements[INSERT_PAGE];

  packer->last_page++;
  sqlite3_bind_int64 (insert, 1, packer->last_page);
  sqlite3_bind_int64 (insert, 2, run);
  sqlite3_bind_int64 (insert, 3, (gint64)first);
  sqlite3_bind_int64 (insert, 4, n_events);
  sqlite3_bind_int64 (insert, 5, encoding);
  sqlite3_bind_int64 (insert, 6, (gint64)rt_hash (data->data, data->len));
  sqlite3_bind_blob64 (insert, 7, data->data, data->len, SQLITE_STATIC);
  return rt_store_run (insert, error);
}

/* Details are read in place, so each arena begins at a multiple of 8. */
static void
append_events (RtPageParts *parts, const RtPage *page)
{
  static const guint8 padding[8] = { 0 };
  gsize size;
  const guint8 *arena = g_bytes_get_data (page->arena, &size);
  guint32 start;

  g_byte_array_append (parts->arena, padding, (8 - parts->arena->len % 8) % 8);
  start = parts->arena->len;
  for (guint i = 0; i < page->n; i++)
    {
      RtEvent event = page->events[i];

      event.detail = event.detail_length > 0 ? event.detail + start : 0;
      g_array_append_val (parts->events, event);
    }
  g_byte_array_append (parts->arena, arena, (guint)size);
}

/**
 * rt_packer_store:
 * @packer: within a transaction
 * @run: the run
 * @pages: (array length=n): pages that follow one another, with at least one event; they become
 *   one page of the file
 */
gboolean
rt_packer_store (RtPacker *packer, gint64 run, RtPage *const *pages, guint n, GError **error)
{
  g_auto (RtPageParts) parts = { 0 };
  g_autoptr (GByteArray) data = NULL;
  RtPageEncoding encoding;

  rt_page_parts_init (&parts, pages[0]->first);
  g_array_set_size (packer->chunks, 0);
  for (guint i = 0; i < n; i++)
    {
      append_events (&parts, pages[i]);
      g_array_append_vals (packer->chunks, pages[i]->chunks, pages[i]->n_chunks);
    }
  if (!place_chunks (packer, parts.placements, error)
      || !index_buffers (packer, run, parts.placements, error))
    return FALSE;
  data = rt_page_encode (&parts, &encoding);
  return insert_page (packer, run, parts.first, parts.events->len, encoding, data, error);
}

/**
 * rt_packer_store_hole:
 * @packer: within a transaction
 * @first, @n_events: the events that are missing
 * @time: of the last one
 * @bytes: of the buffers, that are missing with them
 */
gboolean
rt_packer_store_hole (RtPacker *packer,
                      gint64 run,
                      guint64 first,
                      guint64 n_events,
                      RtTime time,
                      guint64 bytes,
                      GError **error)
{
  while (n_events > 0)
    {
      g_autoptr (GByteArray) data = rt_page_encode_hole (time, bytes);
      guint n = (guint)MIN (n_events, RT_PAGE_HOLE_MAX);

      if (!insert_page (packer, run, first, n, RT_PAGE_HOLE, data, error))
        return FALSE;
      first += n;
      n_events -= n;
      bytes = 0;
    }
  return TRUE;
}
