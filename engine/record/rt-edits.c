/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Edits of a buffer in the order of their offsets. Where two meet, the one that begins first, or
 * else the longer one, has its way, and the rest of the other follows: nothing of either is left.
 *
 * A log has few secrets and names them often, so an edit is small and shares its text with others.
 * What is long, content that was coded again, goes into a file that nobody else sees. */
#include "rt-redaction-private.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/** FILED_MIN: bytes of an edit from which on they go into the file. */
#define FILED_MIN 4096

/* @skip: of its bytes: what an edit before it has covered */
typedef struct
{
  guint64 offset;
  guint32 length;
  guint32 skip : 31, filed : 1;
  union
  {
    const char *bytes;
    guint64 at; /* @filed: in the file */
  };
} Edit;

/* @settled: so many are in order, and none covers another. */
typedef struct
{
  GArray *edits; /* Edit */
  guint settled;
} Buffer;

struct _RtEdits
{
  GHashTable *by_buffer; /* RtBufferId → Buffer */
  GHashTable *texts;     /* GBytes → itself */
  int file;              /* -1: none yet */
  guint64 file_size;
};

static void
free_buffer (gpointer data)
{
  Buffer *buffer = data;

  g_array_unref (buffer->edits);
  g_free (buffer);
}

RtEdits *
rt_edits_new (void)
{
  RtEdits *edits = g_new (RtEdits, 1);

  *edits = (RtEdits){ .by_buffer = g_hash_table_new_full (NULL, NULL, NULL, free_buffer),
                      .texts = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                                      (GDestroyNotify)g_bytes_unref, NULL),
                      .file = -1 };
  return edits;
}

void
rt_edits_free (RtEdits *edits)
{
  g_hash_table_unref (edits->by_buffer);
  g_hash_table_unref (edits->texts);
  if (edits->file >= 0)
    close (edits->file);
  g_free (edits);
}

/* The same bytes, kept for as long as the edits are. */
static const char *
keep (RtEdits *edits, const char *bytes, gsize length)
{
  g_autoptr (GBytes) key = g_bytes_new_static (bytes, length);
  GBytes *kept = g_hash_table_lookup (edits->texts, key);

  if (kept == NULL)
    {
      kept = g_bytes_new (bytes, length);
      g_hash_table_add (edits->texts, kept);
    }
  return g_bytes_get_data (kept, NULL);
}

/* FALSE: they have to be kept in memory. */
static gboolean
put_into_file (RtEdits *edits, const char *bytes, gsize length)
{
  if (edits->file < 0)
    {
      g_autofree char *path = NULL;

      edits->file = g_file_open_tmp ("roundtrip-XXXXXX", &path, NULL);
      if (edits->file < 0)
        return FALSE;
      g_unlink (path);
    }
  if (pwrite (edits->file, bytes, length, (off_t)edits->file_size) != (gssize)length)
    return FALSE;
  edits->file_size += length;
  return TRUE;
}

static Buffer *
ensure_buffer (RtEdits *edits, RtBufferId id)
{
  Buffer *buffer = g_hash_table_lookup (edits->by_buffer, GUINT_TO_POINTER (id));

  if (buffer != NULL)
    return buffer;
  buffer = g_new0 (Buffer, 1);
  buffer->edits = g_array_new (FALSE, FALSE, sizeof (Edit));
  g_hash_table_insert (edits->by_buffer, GUINT_TO_POINTER (id), buffer);
  return buffer;
}

static guint64
end_of (const Edit *edit)
{
  return edit->offset + edit->length;
}

/* The first edit of those in order that ends behind @offset. */
static guint
find (const Buffer *buffer, guint64 offset)
{
  guint low = 0, high = buffer->settled;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (end_of (&g_array_index (buffer->edits, Edit, middle)) <= offset)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static gboolean
covers (const Buffer *buffer, guint i, RtSpan span)
{
  const Edit *edit = i < buffer->edits->len ? &g_array_index (buffer->edits, Edit, i) : NULL;

  return edit != NULL && edit->offset <= span.offset && end_of (edit) >= rt_span_end (span);
}

/** rt_edits_add: @bytes: as many as @span is long */
void
rt_edits_add (RtEdits *edits, RtSpan span, const char *bytes)
{
  Buffer *buffer = ensure_buffer (edits, span.buffer);
  Edit edit = { .offset = span.offset, .length = span.length };

  /* Most secrets are found by their place first and by their text later. */
  if (covers (buffer, find (buffer, span.offset), span)
      || covers (buffer, buffer->edits->len - 1, span))
    return;
  edit.at = edits->file_size;
  edit.filed = span.length >= FILED_MIN && put_into_file (edits, bytes, span.length);
  if (!edit.filed)
    edit.bytes = keep (edits, bytes, span.length);
  g_array_append_val (buffer->edits, edit);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const Edit *left = a, *right = b;

  if (left->offset != right->offset)
    return left->offset < right->offset ? -1 : 1;
  return left->length > right->length ? -1 : left->length < right->length;
}

/* What is covered goes, so that offsets and ends both grow. */
static void
settle (Buffer *buffer)
{
  GArray *of = buffer->edits;
  guint64 end = 0;
  guint kept = 0;

  if (buffer->settled == of->len)
    return;
  g_array_sort (of, compare);
  for (guint i = 0; i < of->len; i++)
    {
      Edit edit = g_array_index (of, Edit, i);

      if (end_of (&edit) <= end)
        continue;
      edit.skip = edit.offset < end ? (guint32)(end - edit.offset) & G_MAXINT32 : 0;
      end = end_of (&edit);
      g_array_index (of, Edit, kept++) = edit;
    }
  g_array_set_size (of, kept);
  buffer->settled = kept;
}

/** rt_edits_settle: after edits were added, before any is applied; more may be added afterwards. */
void
rt_edits_settle (RtEdits *edits)
{
  GHashTableIter iter;
  gpointer buffer;

  g_hash_table_iter_init (&iter, edits->by_buffer);
  while (g_hash_table_iter_next (&iter, NULL, &buffer))
    settle (buffer);
}

/* What cannot be read again is gone: zeros, never what stood there before. */
static void
apply (const RtEdits *edits, const Edit *edit, guint64 from, guint64 to, char *at)
{
  gsize skip = (gsize)(from - edit->offset);
  gsize length = (gsize)(to - from);

  if (!edit->filed)
    memcpy (at, edit->bytes + skip, length);
  else if (pread (edits->file, at, length, (off_t)(edit->at + skip)) != (gssize)length)
    memset (at, 0, length);
}

/**
 * rt_edits_apply:
 * @bytes: what stands at @span
 *
 * Returns: (transfer full): @bytes as it is to be read; itself if nothing is replaced in it
 */
GBytes *
rt_edits_apply (RtEdits *edits, RtSpan span, GBytes *bytes)
{
  const Buffer *buffer = g_hash_table_lookup (edits->by_buffer, GUINT_TO_POINTER (span.buffer));
  guint64 end = span.offset + span.length;
  char *copy = NULL;

  if (buffer == NULL)
    return g_bytes_ref (bytes);
  for (guint i = find (buffer, span.offset); i < buffer->settled; i++)
    {
      const Edit *edit = &g_array_index (buffer->edits, Edit, i);
      guint64 from = MAX (edit->offset + edit->skip, span.offset);
      guint64 to = MIN (end_of (edit), end);

      if (edit->offset >= end)
        break;
      if (from >= to)
        continue;
      if (copy == NULL)
        copy = g_memdup2 (g_bytes_get_data (bytes, NULL), span.length);
      apply (edits, edit, from, to, copy + (from - span.offset));
    }
  return copy != NULL ? g_bytes_new_take (copy, span.length) : g_bytes_ref (bytes);
}
