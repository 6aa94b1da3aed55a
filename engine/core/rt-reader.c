/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The reader interface, and pages kept in memory. */
#include "rt-reader.h"

#include "rt-error.h"

#include <string.h>

struct _RtReader
{
  gint ref_count;
  const RtReaderClass *klass;
  gpointer self;
};

/**
 * rt_reader_new:
 * @klass: (transfer none): static
 * @self: (transfer full): given to every call, released by @klass
 *
 * Returns: (transfer full): a reader. It may be used by one thread at a time.
 */
RtReader *
rt_reader_new (const RtReaderClass *klass, gpointer self)
{
  RtReader *reader = g_new (RtReader, 1);

  *reader = (RtReader){ .ref_count = 1, .klass = klass, .self = self };
  return reader;
}

RtReader *
rt_reader_ref (RtReader *reader)
{
  g_atomic_int_inc (&reader->ref_count);
  return reader;
}

void
rt_reader_unref (RtReader *reader)
{
  if (!g_atomic_int_dec_and_test (&reader->ref_count))
    return;
  reader->klass->free (reader->self);
  g_free (reader);
}

guint64
rt_reader_get_length (RtReader *reader)
{
  return reader->klass->get_length (reader->self);
}

/**
 * rt_reader_dup_page:
 * @reader: a reader
 * @event: number of an event
 *
 * Errors: %RT_ERROR_MISSING past the end, those of the keeper.
 *
 * Returns: (transfer full): the page that holds the event
 */
RtPage *
rt_reader_dup_page (RtReader *reader, guint64 event, GError **error)
{
  return reader->klass->dup_page (reader->self, event, error);
}

/**
 * rt_reader_dup_bytes:
 * @reader: a reader
 * @span: where the bytes stand
 *
 * Errors: %RT_ERROR_MISSING where not all of them were kept.
 *
 * Returns: (transfer full): the bytes
 */
GBytes *
rt_reader_dup_bytes (RtReader *reader, RtSpan span, GError **error)
{
  return reader->klass->dup_bytes (reader->self, span, error);
}

struct _RtPages
{
  gint ref_count;
  GPtrArray *pages;   /* RtPage, in order, without holes */
  GPtrArray *buffers; /* by id: GArray of RtChunk in order of offset, or NULL; bytes of the pages */
};

static void
free_chunks (gpointer chunks)
{
  if (chunks != NULL)
    g_array_unref (chunks);
}

/**
 * rt_pages_new:
 *
 * Returns: (transfer full): an empty collection of pages in memory. Used by one thread.
 */
RtPages *
rt_pages_new (void)
{
  RtPages *pages = g_new (RtPages, 1);

  *pages = (RtPages){
    .ref_count = 1,
    .pages = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_page_unref),
    .buffers = g_ptr_array_new_with_free_func (free_chunks),
  };
  return pages;
}

RtPages *
rt_pages_ref (RtPages *pages)
{
  g_atomic_int_inc (&pages->ref_count);
  return pages;
}

void
rt_pages_unref (RtPages *pages)
{
  if (!g_atomic_int_dec_and_test (&pages->ref_count))
    return;
  g_ptr_array_unref (pages->buffers);
  g_ptr_array_unref (pages->pages);
  g_free (pages);
}

static GArray *
chunks_of (RtPages *pages, RtBufferId buffer, gboolean create)
{
  if (buffer >= pages->buffers->len)
    {
      if (!create)
        return NULL;
      g_ptr_array_set_size (pages->buffers, (gint)buffer + 1);
    }
  if (pages->buffers->pdata[buffer] == NULL && create)
    pages->buffers->pdata[buffer] = g_array_new (FALSE, FALSE, sizeof (RtChunk));
  return pages->buffers->pdata[buffer];
}

static guint64
pages_get_length (gpointer self)
{
  RtPages *pages = self;
  const RtPage *last;

  if (pages->pages->len == 0)
    return 0;
  last = pages->pages->pdata[pages->pages->len - 1];
  return last->first + last->n;
}

/**
 * rt_pages_add:
 * @pages: a collection
 * @page: the page that follows the last one, or any page if there is none yet; reffed
 */
void
rt_pages_add (RtPages *pages, RtPage *page)
{
  g_return_if_fail (pages->pages->len == 0 || page->first == pages_get_length (pages));

  g_ptr_array_add (pages->pages, rt_page_ref (page));
  for (guint i = 0; i < page->n_chunks; i++)
    g_array_append_val (chunks_of (pages, page->chunks[i].span.buffer, TRUE), page->chunks[i]);
}

static RtPage *
pages_dup_page (gpointer self, guint64 event, GError **error)
{
  RtPages *pages = self;
  guint low = 0;
  guint high = pages->pages->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      RtPage *page = pages->pages->pdata[middle];

      if (event < page->first)
        high = middle;
      else if (event >= page->first + page->n)
        low = middle + 1;
      else
        return rt_page_ref (page);
    }
  rt_set_error (error, RT_ERROR_MISSING, NULL, NULL, "event %" G_GUINT64_FORMAT " is not kept",
                event);
  return NULL;
}

/* Index of the first chunk that ends behind @offset. */
static guint
find_chunk (const GArray *chunks, guint64 offset)
{
  guint low = 0;
  guint high = chunks->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (rt_span_end (g_array_index (chunks, RtChunk, middle).span) <= offset)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static GBytes *
missing_bytes (RtSpan span, GError **error)
{
  rt_set_error (error, RT_ERROR_MISSING, NULL, NULL,
                "bytes %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT " of buffer %u are not kept",
                span.offset, rt_span_end (span), span.buffer);
  return NULL;
}

/* Before anything is allocated: a span from a file may be any length. */
static gboolean
is_kept (const GArray *chunks, RtSpan span)
{
  guint64 at = span.offset;

  if (rt_span_end (span) < at)
    return FALSE;
  for (guint i = find_chunk (chunks, at); at < rt_span_end (span); i++)
    {
      if (i >= chunks->len || g_array_index (chunks, RtChunk, i).span.offset > at)
        return FALSE;
      at = rt_span_end (g_array_index (chunks, RtChunk, i).span);
    }
  return TRUE;
}

static GBytes *
pages_dup_bytes (gpointer self, RtSpan span, GError **error)
{
  GArray *chunks = chunks_of (self, span.buffer, FALSE);
  g_autoptr (GByteArray) joined = NULL;
  guint64 at = span.offset;

  if (span.length == 0)
    return g_bytes_new (NULL, 0);
  if (chunks == NULL || !is_kept (chunks, span))
    return missing_bytes (span, error);
  for (guint i = find_chunk (chunks, at); at < rt_span_end (span); i++)
    {
      const RtChunk *chunk = &g_array_index (chunks, RtChunk, i);
      guint64 skip = at - chunk->span.offset;
      guint64 take = MIN (chunk->span.length - skip, rt_span_end (span) - at);

      if (take == span.length)
        return g_bytes_new_from_bytes (chunk->bytes, skip, take);
      if (joined == NULL)
        joined = g_byte_array_sized_new (span.length);
      g_byte_array_append (joined, (const guint8 *)g_bytes_get_data (chunk->bytes, NULL) + skip,
                           (guint)take);
      at += take;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&joined));
}

static void
pages_free (gpointer self)
{
  rt_pages_unref (self);
}

/**
 * rt_pages_dup_reader:
 * @pages: a collection; pages added later can be read, too
 *
 * Returns: (transfer full): a reader of it
 */
RtReader *
rt_pages_dup_reader (RtPages *pages)
{
  static const RtReaderClass klass
      = { pages_get_length, pages_dup_page, pages_dup_bytes, pages_free };

  return rt_reader_new (&klass, rt_pages_ref (pages));
}
