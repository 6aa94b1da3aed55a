/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Edits of a buffer in the order of their offsets. Where two meet, the one that begins first, or
 * else the longer one, has its way, and the rest of the other follows: nothing of either is left.
 */
#include "rt-redaction-private.h"

#include <string.h>

typedef struct
{
  guint64 offset;
  gsize length;
  char *bytes;
  gsize skip; /* of @bytes: what an edit before it has covered */
} Edit;

struct _RtEdits
{
  GHashTable *by_buffer; /* RtBufferId → GArray of Edit */
};

static void
clear_edit (gpointer edit)
{
  g_free (((Edit *)edit)->bytes);
}

RtEdits *
rt_edits_new (void)
{
  RtEdits *edits = g_new (RtEdits, 1);

  edits->by_buffer = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
  return edits;
}

void
rt_edits_free (RtEdits *edits)
{
  g_hash_table_unref (edits->by_buffer);
  g_free (edits);
}

/** rt_edits_add: @bytes: as many as @span is long */
void
rt_edits_add (RtEdits *edits, RtSpan span, const char *bytes)
{
  GArray *of = g_hash_table_lookup (edits->by_buffer, GUINT_TO_POINTER (span.buffer));
  Edit edit = { span.offset, span.length, g_memdup2 (bytes, span.length), 0 };

  if (of == NULL)
    {
      of = g_array_new (FALSE, FALSE, sizeof (Edit));
      g_array_set_clear_func (of, clear_edit);
      g_hash_table_insert (edits->by_buffer, GUINT_TO_POINTER (span.buffer), of);
    }
  g_array_append_val (of, edit);
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
settle (GArray *of)
{
  guint64 end = 0;
  guint kept = 0;

  g_array_sort (of, compare);
  for (guint i = 0; i < of->len; i++)
    {
      Edit edit = g_array_index (of, Edit, i);

      if (edit.offset + edit.length <= end)
        continue;
      edit.skip = edit.offset < end ? (gsize)(end - edit.offset) : 0;
      end = edit.offset + edit.length;
      g_array_index (of, Edit, i) = g_array_index (of, Edit, kept);
      g_array_index (of, Edit, kept++) = edit;
    }
  g_array_set_size (of, kept);
}

/** rt_edits_settle: after the last was added, before the first is applied. */
void
rt_edits_settle (RtEdits *edits)
{
  GHashTableIter iter;
  gpointer of;

  g_hash_table_iter_init (&iter, edits->by_buffer);
  while (g_hash_table_iter_next (&iter, NULL, &of))
    settle (of);
}

/* The first edit that ends behind @offset. */
static guint
find (GArray *of, guint64 offset)
{
  guint low = 0, high = of->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const Edit *edit = &g_array_index (of, Edit, middle);

      if (edit->offset + edit->length <= offset)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
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
  GArray *of = g_hash_table_lookup (edits->by_buffer, GUINT_TO_POINTER (span.buffer));
  guint64 end = span.offset + span.length;
  char *copy = NULL;

  for (guint i = of != NULL ? find (of, span.offset) : 0; of != NULL && i < of->len; i++)
    {
      const Edit *edit = &g_array_index (of, Edit, i);
      guint64 from = MAX (edit->offset + edit->skip, span.offset);
      guint64 to = MIN (edit->offset + edit->length, end);

      if (edit->offset >= end)
        break;
      if (from >= to)
        continue;
      if (copy == NULL)
        copy = g_memdup2 (g_bytes_get_data (bytes, NULL), span.length);
      memcpy (copy + (from - span.offset), edit->bytes + (from - edit->offset), (gsize)(to - from));
    }
  return copy != NULL ? g_bytes_new_take (copy, span.length) : g_bytes_ref (bytes);
}
