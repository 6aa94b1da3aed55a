/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads a run from its file: by key, a page of events with the bytes that were written meanwhile
 * at a time. The pages used last stay in memory up to a cap, so that it does not matter how long
 * the run is. Each reader has a connection of its own and so does not wait for the writer; it may
 * be called from any thread, one at a time. */
#include "rt-contents.h"
#include "rt-hash.h"
#include "rt-page-code.h"
#include "rt-session-private.h"

#include <string.h>

/** CACHE_BYTES: cap of the pages kept, but for the one that was used last. */
#define CACHE_BYTES (16 * 1024 * 1024)

typedef struct
{
  RtPage *page;
  gint64 id;
  gsize cost;
} Cached;

typedef struct
{
  GMutex lock; /* of all below: a window reads on two threads */
  RtSession *session;
  gint64 run;
  sqlite3 *db;
  RtContents *contents;
  sqlite3_stmt *length, *by_event, *by_id, *blobs, *part, *start;
  GQueue cached; /* Cached, the one used last at the head */
  gsize cached_bytes;
  guint64 known; /* events, when last asked */
} Reader;

static void
free_cached (gpointer data)
{
  Cached *cached = data;

  rt_page_unref (cached->page);
  g_free (cached);
}

static void
reader_free (gpointer self)
{
  Reader *reader = self;

  g_queue_clear_full (&reader->cached, free_cached);
  g_clear_pointer (&reader->contents, rt_contents_free);
  sqlite3_finalize (reader->length);
  sqlite3_finalize (reader->by_event);
  sqlite3_finalize (reader->by_id);
  sqlite3_finalize (reader->blobs);
  sqlite3_finalize (reader->part);
  sqlite3_finalize (reader->start);
  g_mutex_clear (&reader->lock);
  g_clear_pointer (&reader->db, sqlite3_close_v2);
  rt_session_unref (reader->session);
  g_free (reader);
}

/* The bytes of a placement, or NULL where they are damaged or gone. @blob: the row used last. */
static GBytes *
load_placement (Reader *reader, const RtPlacement *place, gint64 *blob_id, GBytes **blob)
{
  gboolean row;

  if (*blob == NULL || *blob_id != (place->content ? -place->id : place->id))
    {
      g_clear_pointer (blob, g_bytes_unref);
      *blob_id = place->content ? -place->id : place->id;
      if (place->content)
        *blob = rt_contents_load (reader->contents, place->id, NULL);
      else
        {
          sqlite3_bind_int64 (reader->blobs, 1, place->id);
          if (rt_store_row (reader->blobs, &row, NULL) && row)
            {
              gconstpointer data = sqlite3_column_blob (reader->blobs, 1);
              gsize size = (gsize)sqlite3_column_bytes (reader->blobs, 1);

              if (rt_hash (data, size) == (guint64)sqlite3_column_int64 (reader->blobs, 0))
                *blob = g_bytes_new (data, size);
              sqlite3_reset (reader->blobs);
            }
        }
    }
  if (*blob == NULL || (gsize)place->position + place->span.length > g_bytes_get_size (*blob))
    return NULL;
  return g_bytes_new_from_bytes (*blob, place->position, place->span.length);
}

static void
clear_chunk (gpointer chunk)
{
  g_bytes_unref (((RtChunk *)chunk)->bytes);
}

static RtPage *
make_page (Reader *reader, RtPageParts *parts)
{
  g_autoptr (GArray) chunks = g_array_new (FALSE, FALSE, sizeof (RtChunk));
  g_autoptr (GBytes) arena = NULL;
  g_autoptr (GBytes) blob = NULL;
  gint64 blob_id = 0;

  g_array_set_clear_func (chunks, clear_chunk);
  for (guint i = 0; i < parts->placements->len; i++)
    {
      const RtPlacement *place = &g_array_index (parts->placements, RtPlacement, i);
      RtChunk chunk = { place->span, load_placement (reader, place, &blob_id, &blob) };

      if (chunk.bytes != NULL)
        g_array_append_val (chunks, chunk);
      else
        g_atomic_int_set (&reader->session->lost_bytes, TRUE);
    }
  arena = g_byte_array_free_to_bytes (g_steal_pointer (&parts->arena));
  return rt_page_new (parts->first, (const RtEvent *)(gpointer)parts->events->data,
                      parts->events->len, arena, (const RtChunk *)(gpointer)chunks->data,
                      chunks->len);
}

/* @statement stands on a row: id, first, events, encoding, check_sum, data */
static RtPage *
read_page (Reader *reader, sqlite3_stmt *statement, GError **error)
{
  g_auto (RtPageParts) parts = { 0 };
  gint64 n_events = sqlite3_column_int64 (statement, 2);
  const guint8 *data = sqlite3_column_blob (statement, 5);
  gsize size = (gsize)sqlite3_column_bytes (statement, 5);

  rt_page_parts_init (&parts, (guint64)sqlite3_column_int64 (statement, 1));
  if (rt_hash (data, size) != (guint64)sqlite3_column_int64 (statement, 4) || n_events < 1
      || n_events > G_MAXINT32)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, NULL, NULL,
                    "the page of events from %" G_GUINT64_FORMAT " is damaged", parts.first);
      return NULL;
    }
  if (!rt_page_decode (&parts, (RtPageEncoding)sqlite3_column_int (statement, 3), (guint)n_events,
                       data, size, error))
    return NULL;
  return make_page (reader, &parts);
}

static void
keep (Reader *reader, gint64 id, RtPage *page)
{
  Cached *cached = g_new (Cached, 1);

  *cached = (Cached){ page, id, rt_page_get_size (page) };
  reader->cached_bytes += cached->cost;
  g_queue_push_head (&reader->cached, cached);
  while (reader->cached.length > 1 && reader->cached_bytes > CACHE_BYTES)
    {
      Cached *oldest = g_queue_pop_tail (&reader->cached);

      reader->cached_bytes -= oldest->cost;
      free_cached (oldest);
    }
}

/* Runs a query for one page; NULL without an error: there is none. */
static RtPage *
query_page (Reader *reader, sqlite3_stmt *statement, GError **error)
{
  RtPage *page;
  gboolean row;

  if (!rt_store_row (statement, &row, error) || !row)
    return NULL;
  page = read_page (reader, statement, error);
  if (page != NULL)
    keep (reader, sqlite3_column_int64 (statement, 0), page);
  sqlite3_reset (statement);
  return page;
}

static void
use (Reader *reader, GList *link)
{
  g_queue_unlink (&reader->cached, link);
  g_queue_push_head_link (&reader->cached, link);
}

/* Borrowed from the cache, until the next call. */
static RtPage *
page_of_event (Reader *reader, guint64 event, GError **error)
{
  const RtPlace place = { reader->session->path, 0, 0 };
  GError *problem = NULL;
  RtPage *page;

  for (GList *link = reader->cached.head; link != NULL; link = link->next)
    {
      Cached *cached = link->data;

      if (event - cached->page->first < cached->page->n)
        {
          use (reader, link);
          return cached->page;
        }
    }
  if (event <= G_MAXINT64)
    {
      sqlite3_bind_int64 (reader->by_event, 1, reader->run);
      sqlite3_bind_int64 (reader->by_event, 2, (gint64)event);
      page = query_page (reader, reader->by_event, &problem);
      if (page != NULL && event - page->first < page->n)
        return page;
      if (problem != NULL)
        {
          g_propagate_error (error, problem);
          return NULL;
        }
    }
  rt_set_error (error, RT_ERROR_MISSING, &place, NULL,
                "event %" G_GUINT64_FORMAT " is not in the file", event);
  return NULL;
}

static RtPage *
page_of_id (Reader *reader, gint64 id, GError **error)
{
  for (GList *link = reader->cached.head; link != NULL; link = link->next)
    if (((Cached *)link->data)->id == id)
      {
        use (reader, link);
        return ((Cached *)reader->cached.head->data)->page;
      }
  sqlite3_bind_int64 (reader->by_id, 1, id);
  return query_page (reader, reader->by_id, error);
}

static RtPage *
reader_dup_page (gpointer self, guint64 event, GError **error)
{
  Reader *reader = self;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&reader->lock);
  g_autoptr (GError) problem = NULL;
  RtPage *page = page_of_event (reader, event, &problem);

  if (page != NULL)
    return rt_page_ref (page);
  if (strstr (problem->message, reader->session->path) == NULL)
    rt_session_prefix (reader->session, &problem);
  g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

/* Finds the page in which the byte of @buffer at @offset was written: the last one in which the
 * buffer went on before it, or else the one in which it began. 0: none. */
static gint64
find_page (Reader *reader, RtBufferId buffer, guint64 offset)
{
  gint64 page = 0;
  gboolean row;

  if (offset > G_MAXINT64)
    return 0;
  sqlite3_bind_int64 (reader->part, 1, reader->run);
  sqlite3_bind_int64 (reader->part, 2, buffer);
  sqlite3_bind_int64 (reader->part, 3, (gint64)offset);
  if (rt_store_row (reader->part, &row, NULL) && row)
    {
      page = sqlite3_column_int64 (reader->part, 0);
      sqlite3_reset (reader->part);
      return page;
    }
  sqlite3_bind_int64 (reader->start, 1, reader->run);
  sqlite3_bind_int64 (reader->start, 2, buffer);
  if (rt_store_row (reader->start, &row, NULL) && row)
    {
      if (sqlite3_column_int64 (reader->start, 1) <= buffer)
        page = sqlite3_column_int64 (reader->start, 0);
      sqlite3_reset (reader->start);
    }
  return page;
}

/* The chunk of the page that holds a byte; they are sorted by buffer and offset. */
static const RtChunk *
find_chunk (const RtPage *page, RtBufferId buffer, guint64 offset)
{
  guint low = 0;
  guint high = page->n_chunks;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const RtChunk *chunk = &page->chunks[middle];

      if (chunk->span.buffer < buffer
          || (chunk->span.buffer == buffer && rt_span_end (chunk->span) <= offset))
        low = middle + 1;
      else
        high = middle;
    }
  if (low == page->n_chunks || page->chunks[low].span.buffer != buffer
      || page->chunks[low].span.offset > offset)
    return NULL;
  return &page->chunks[low];
}

static GBytes *
missing (Reader *reader, RtSpan span, GError **error)
{
  const RtPlace place = { reader->session->path, 0, 0 };

  g_atomic_int_set (&reader->session->lost_bytes, TRUE);
  rt_set_error (error, RT_ERROR_MISSING, &place, NULL,
                "bytes %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
                " of buffer %u are not in the file",
                span.offset, rt_span_end (span), span.buffer);
  return NULL;
}

static GBytes *
reader_dup_bytes (gpointer self, RtSpan span, GError **error)
{
  Reader *reader = self;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&reader->lock);
  g_autoptr (GByteArray) joined = NULL;
  guint64 at = span.offset;

  if (span.length == 0)
    return g_bytes_new (NULL, 0);
  while (at < rt_span_end (span))
    {
      gint64 id = find_page (reader, span.buffer, at);
      const RtPage *page = id != 0 ? page_of_id (reader, id, NULL) : NULL;
      const RtChunk *chunk = page != NULL ? find_chunk (page, span.buffer, at) : NULL;
      gsize skip, take;

      if (chunk == NULL)
        return missing (reader, span, error);
      skip = (gsize)(at - chunk->span.offset);
      take = (gsize)MIN (chunk->span.length - skip, rt_span_end (span) - at);
      if (take == span.length)
        return g_bytes_new_from_bytes (chunk->bytes, skip, take);
      if (joined == NULL)
        joined = g_byte_array_new ();
      g_byte_array_append (joined, (const guint8 *)g_bytes_get_data (chunk->bytes, NULL) + skip,
                           (guint)take);
      at += take;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&joined));
}

static guint64
reader_get_length (gpointer self)
{
  Reader *reader = self;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&reader->lock);
  gboolean row;

  if (reader->session->state.damaged)
    return reader->known;
  sqlite3_bind_int64 (reader->length, 1, reader->run);
  if (rt_store_row (reader->length, &row, NULL) && row)
    {
      reader->known = (guint64)MAX (sqlite3_column_int64 (reader->length, 0), 0);
      sqlite3_reset (reader->length);
    }
  return reader->known;
}

/* Of a file that is cut off: how far its events can be read without a gap. */
static void
count_good (Reader *reader)
{
  RtPage *page;

  while ((page = page_of_event (reader, reader->known, NULL)) != NULL)
    reader->known = page->first + page->n;
}

static gboolean
prepare (Reader *reader, GError **error)
{
  static const char by_event[] = "SELECT id, first, events, encoding, check_sum, data FROM page"
                                 " WHERE run = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1";
  static const char by_id[]
      = "SELECT id, first, events, encoding, check_sum, data FROM page WHERE id = ?1";
  static const char part[] = "SELECT page FROM buffer_part WHERE run = ?1 AND buffer = ?2"
                             " AND offset <= ?3 ORDER BY offset DESC LIMIT 1";
  static const char start[] = "SELECT page, first FROM buffer_start WHERE run = ?1"
                              " AND last >= ?2 ORDER BY last LIMIT 1";
  const struct
  {
    sqlite3_stmt **statement;
    const char *sql;
  } wanted[] = {
    { &reader->length, "SELECT events FROM run WHERE id = ?1" },
    { &reader->by_event, by_event },
    { &reader->by_id, by_id },
    { &reader->blobs, "SELECT check_sum, data FROM blob WHERE id = ?1" },
    { &reader->part, part },
    { &reader->start, start },
  };

  reader->db = rt_store_reopen (reader->session->path, reader->session->state, error);
  if (reader->db == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      *wanted[i].statement = rt_store_prepare (reader->db, wanted[i].sql, error);
      if (*wanted[i].statement == NULL)
        return FALSE;
    }
  reader->contents = rt_contents_new (reader->db, rt_hash, error);
  return reader->contents != NULL;
}

/**
 * rt_session_open_run:
 * @session: a session
 * @run: id of a run
 *
 * What is committed to a run that is being recorded can be read at once. Pages whose bytes are
 * damaged come without them; rt_reader_dup_bytes() then says %RT_ERROR_MISSING.
 *
 * Errors: %RT_ERROR_MISSING: no such run.
 *
 * Returns: (transfer full) (nullable): a reader of the run's log
 */
RtReader *
rt_session_open_run (RtSession *session, gint64 run, GError **error)
{
  static const RtReaderClass klass
      = { reader_get_length, reader_dup_page, reader_dup_bytes, reader_free };
  g_autoptr (RtRunInfo) info = rt_session_get_run (session, run, error);
  Reader *reader;

  if (info == NULL)
    return NULL;
  reader = g_new0 (Reader, 1);
  reader->session = rt_session_ref (session);
  reader->run = run;
  g_mutex_init (&reader->lock);
  g_queue_init (&reader->cached);
  if (!prepare (reader, error))
    {
      reader_free (reader);
      return NULL;
    }
  if (session->state.damaged)
    count_good (reader);
  return rt_reader_new (&klass, reader);
}
