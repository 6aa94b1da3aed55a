/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Looks for bytes in messages as they stand in the file, without putting a message together.
 *
 * The bytes of many messages stand in one blob of about 64 KiB, so a blob is searched at once;
 * where something is found, the page's placements say in which buffer that is, and the rows in
 * which message. Only stretches of 16 KiB or more are in `content`: searched once, however many
 * messages share them. What stands in two pieces (two pages, or a blob and a content) is found by
 * keeping the end of each buffer. */
#include "rt-search-private.h"

#include "rt-needle.h"
#include "rt-page-code.h"

/* Bytes may stand in a page before that of the event that sent them. */
#define EVENTS_BEFORE 2048

typedef struct
{
  RtNeedle needle;
  const RtFilterTerm *term;
  guint bit;
} Literal;

/* A message of a row, to be found by its place. */
typedef struct
{
  RtBufferId buffer;
  guint row, message;
  guint64 offset, end;
} Entry;

typedef struct
{
  guint64 end;
  GByteArray *bytes;
} Tail;

struct _RtByteScan
{
  sqlite3 *db; /* borrowed */
  sqlite3_stmt *pages, *blob, *content;
  GArray *literals; /* Literal */
  gsize longest;    /* needle */
  RtPageParts parts;
  RtSearchRow *rows; /* of this call */
  guint n_rows;
  GArray *entries;      /* Entry, by buffer and offset; made when something is found */
  GHashTable *tails;    /* RtBufferId → Tail; looked up, never walked */
  GHashTable *contents; /* id → mask of the literals in it, +1 */
  GByteArray *seam;     /* scratch */
};

static void
free_tail (gpointer data)
{
  g_byte_array_unref (((Tail *)data)->bytes);
  g_free (data);
}

static void
collect_literals (RtByteScan *scan, const RtFilter *filter)
{
  for (guint i = 0; i < rt_filter_get_n_terms (filter); i++)
    {
      const RtFilterTerm *term = rt_filter_get_term (filter, i);
      Literal literal = { .term = term, .bit = i };

      if (term->bytes == NULL)
        continue;
      literal.needle.text.at = g_bytes_get_data (term->bytes, &literal.needle.text.length);
      literal.needle.ignore_case = term->ignore_case;
      scan->longest = MAX (scan->longest, literal.needle.text.length);
      g_array_append_val (scan->literals, literal);
    }
}

/**
 * rt_byte_scan_new:
 * @db: borrowed; @filter: borrowed; both outlive it
 *
 * Returns: (transfer full) (nullable): a scan for the terms of @filter that look for bytes
 */
RtByteScan *
rt_byte_scan_new (sqlite3 *db, const RtFilter *filter, GError **error)
{
  g_autoptr (RtByteScan) scan = g_new0 (RtByteScan, 1);

  scan->db = db;
  scan->literals = g_array_new (FALSE, FALSE, sizeof (Literal));
  scan->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  scan->tails = g_hash_table_new_full (NULL, NULL, NULL, free_tail);
  scan->contents = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  scan->seam = g_byte_array_new ();
  rt_page_parts_init (&scan->parts, 0);
  collect_literals (scan, filter);
  scan->pages = rt_store_prepare (db,
                                  "SELECT first, events, encoding, data FROM page WHERE run = ?1"
                                  " AND first >= ifnull ((SELECT max (first) FROM page"
                                  " WHERE run = ?1 AND first <= ?2), 0)"
                                  " AND first <= ?3 ORDER BY first",
                                  error);
  if (scan->pages == NULL)
    return NULL;
  scan->blob = rt_store_prepare (db, "SELECT data FROM blob WHERE id = ?1", error);
  if (scan->blob == NULL)
    return NULL;
  scan->content = rt_store_prepare (db, "SELECT data FROM content WHERE id = ?1", error);
  return scan->content != NULL ? g_steal_pointer (&scan) : NULL;
}

void
rt_byte_scan_free (RtByteScan *scan)
{
  sqlite3_finalize (scan->pages);
  sqlite3_finalize (scan->blob);
  sqlite3_finalize (scan->content);
  rt_page_parts_clear (&scan->parts);
  g_array_unref (scan->literals);
  g_array_unref (scan->entries);
  g_hash_table_unref (scan->tails);
  g_hash_table_unref (scan->contents);
  g_byte_array_unref (scan->seam);
  g_free (scan);
}

/* -- From a place to a message -- */

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *left = a;
  const Entry *right = b;

  if (left->buffer != right->buffer)
    return left->buffer < right->buffer ? -1 : 1;
  return left->offset < right->offset ? -1 : left->offset > right->offset;
}

static void
index_rows (RtByteScan *scan)
{
  for (guint i = 0; i < scan->n_rows; i++)
    for (guint j = 0; j < 2; j++)
      {
        RtSpan span = scan->rows[i].messages[j].span;
        Entry entry = { span.buffer, i, j, span.offset, rt_span_end (span) };

        if (!rt_span_is_none (span))
          g_array_append_val (scan->entries, entry);
      }
  g_array_sort (scan->entries, compare_entries);
}

static const Entry *
find_entry (RtByteScan *scan, RtBufferId buffer, guint64 offset)
{
  guint low = 0, high;

  if (scan->entries->len == 0)
    index_rows (scan);
  for (high = scan->entries->len; low < high;)
    {
      guint middle = low + (high - low) / 2;
      const Entry *entry = &g_array_index (scan->entries, Entry, middle);

      if (entry->buffer < buffer || (entry->buffer == buffer && entry->end <= offset))
        low = middle + 1;
      else
        high = middle;
    }
  if (low == scan->entries->len)
    return NULL;
  return &g_array_index (scan->entries, Entry, low);
}

/* Something was found. Returns where it makes sense to look further: behind the part of a message
 * that now is known to have it. */
static guint64
found (RtByteScan *scan, const Literal *literal, RtBufferId buffer, guint64 offset)
{
  const Entry *entry = find_entry (scan, buffer, offset);
  guint64 end = offset + literal->needle.text.length;
  RtSearchRow *row;
  const RtSearchMessage *message;
  guint64 head_end;

  if (entry == NULL || entry->buffer != buffer || entry->offset > offset)
    return offset + 1;
  row = &scan->rows[entry->row];
  message = &row->messages[entry->message];
  head_end = entry->offset + message->head;
  if (literal->term->key == RT_FILTER_BYTES)
    head_end = entry->end;
  if (offset < head_end)
    {
      if (end > head_end || !rt_search_looks_at (literal->term, entry->message, FALSE))
        return offset + 1;
      row->found |= 1u << literal->bit;
      return head_end;
    }
  if (end > entry->end || message->coded
      || !rt_search_looks_at (literal->term, entry->message, TRUE))
    return offset + 1;
  row->found |= 1u << literal->bit;
  return entry->end;
}

/* -- Pieces -- */

static const RtPlacement *
placement (const RtByteScan *scan, guint i)
{
  return &g_array_index (scan->parts.placements, RtPlacement, i);
}

/* Whether @b goes on where @a ends, in the buffer and in the file. */
static gboolean
is_joined (const RtPlacement *a, const RtPlacement *b)
{
  return a->span.buffer == b->span.buffer && rt_span_end (a->span) == b->span.offset
         && a->id == b->id && a->content == b->content
         && (guint64)a->position + a->span.length == b->position;
}

/* The placement, of those from @first to before @end, that has byte @position. */
static guint
find_placement (const RtByteScan *scan, guint first, guint end, gsize position)
{
  while (end - first > 1)
    {
      guint middle = first + (end - first) / 2;

      if (placement (scan, middle)->position <= position)
        first = middle;
      else
        end = middle;
    }
  return first;
}

/* @text: the piece in which the placements from @first to before @end stand, one behind another */
static void
search_piece (RtByteScan *scan, const Literal *literal, RtText text, guint first, guint end)
{
  gssize at;

  for (gsize from = 0; (at = rt_needle_find (&literal->needle, text, from)) >= 0;)
    {
      guint i = find_placement (scan, first, end, (gsize)at);
      const RtPlacement *place = placement (scan, i);
      guint64 offset = place->span.offset + ((gsize)at - place->position);
      gsize needed = (gsize)at + literal->needle.text.length;
      guint last = i;

      while (last + 1 < end
             && placement (scan, last)->position + placement (scan, last)->span.length < needed
             && is_joined (placement (scan, last), placement (scan, last + 1)))
        last++;
      from = (gsize)at + 1;
      if ((gsize)at >= place->position
          && (gsize)placement (scan, last)->position + placement (scan, last)->span.length
                 >= needed)
        from = MAX (from,
                    (gsize)at
                        + (gsize)MIN (found (scan, literal, place->span.buffer, offset) - offset,
                                      place->span.length));
    }
}

static RtText
load (sqlite3_stmt *statement, gint64 id, gboolean *ret_row)
{
  RtText text = { NULL, 0 };

  sqlite3_bind_int64 (statement, 1, id);
  if (!rt_store_row (statement, ret_row, NULL))
    *ret_row = FALSE;
  if (*ret_row)
    {
      text.at = sqlite3_column_blob (statement, 0);
      text.length = (gsize)sqlite3_column_bytes (statement, 0);
    }
  return text;
}

/* The literals that a content has anywhere: most have none. */
static guint32
mask_of (RtByteScan *scan, RtText text)
{
  guint32 mask = 0;

  for (guint i = 0; i < scan->literals->len; i++)
    {
      const Literal *literal = &g_array_index (scan->literals, Literal, i);

      if (rt_needle_find (&literal->needle, text, 0) >= 0)
        mask |= 1u << literal->bit;
    }
  return mask;
}

/* The end of a buffer, as far as it was seen, and what follows it in another piece. */
static void
search_seam (RtByteScan *scan, const Tail *tail, const RtPlacement *place, RtText text)
{
  gsize take = MIN (text.length, scan->longest - 1);

  g_byte_array_set_size (scan->seam, 0);
  g_byte_array_append (scan->seam, tail->bytes->data, tail->bytes->len);
  g_byte_array_append (scan->seam, (const guint8 *)text.at, (guint)take);
  for (guint i = 0; i < scan->literals->len; i++)
    {
      const Literal *literal = &g_array_index (scan->literals, Literal, i);
      const RtText seam = { (const char *)scan->seam->data, scan->seam->len };
      gssize at;

      for (gsize from = 0; (at = rt_needle_find (&literal->needle, seam, from)) >= 0;
           from = (gsize)at + 1)
        if ((gsize)at < tail->bytes->len
            && (gsize)at + literal->needle.text.length > tail->bytes->len)
          found (scan, literal, place->span.buffer,
                 place->span.offset - tail->bytes->len + (gsize)at);
    }
}

static void
keep_tail (RtByteScan *scan, const RtPlacement *place, RtText text)
{
  gpointer key = GUINT_TO_POINTER (place->span.buffer);
  Tail *tail = g_hash_table_lookup (scan->tails, key);
  gsize keep = scan->longest - 1;
  gsize take = MIN (text.length, keep);

  if (tail == NULL)
    {
      tail = g_new0 (Tail, 1);
      tail->bytes = g_byte_array_new ();
      g_hash_table_insert (scan->tails, key, tail);
    }
  if (tail->end != place->span.offset)
    g_byte_array_set_size (tail->bytes, 0);
  g_byte_array_append (tail->bytes, (const guint8 *)text.at + text.length - take, (guint)take);
  if (tail->bytes->len > keep)
    g_byte_array_remove_range (tail->bytes, 0, tail->bytes->len - (guint)keep);
  tail->end = rt_span_end (place->span);
}

/* @text: the piece in which @i stands */
static void
mind_seams (RtByteScan *scan, guint i, RtText text)
{
  const RtPlacement *place = placement (scan, i);
  const RtPlacement *before = i > 0 ? placement (scan, i - 1) : NULL;
  const RtPlacement *after = i + 1 < scan->parts.placements->len ? placement (scan, i + 1) : NULL;
  const Tail *tail;

  if (scan->longest < 2 || (guint64)place->position + place->span.length > text.length)
    return;
  text = rt_text_sub (text, place->position, place->span.length);
  if (place->span.offset > 0 && (before == NULL || !is_joined (before, place)))
    {
      tail = g_hash_table_lookup (scan->tails, GUINT_TO_POINTER (place->span.buffer));
      if (tail != NULL && tail->end == place->span.offset)
        search_seam (scan, tail, place, text);
    }
  if (after == NULL || !is_joined (place, after))
    keep_tail (scan, place, text);
}

/* All placements of one blob: those from @first to before @end. */
static void
search_blob (RtByteScan *scan, guint first, guint end)
{
  gboolean row;
  RtText text = load (scan->blob, placement (scan, first)->id, &row);

  for (guint i = 0; row && i < scan->literals->len; i++)
    search_piece (scan, &g_array_index (scan->literals, Literal, i), text, first, end);
  for (guint i = first; row && i < end; i++)
    mind_seams (scan, i, text);
  sqlite3_reset (scan->blob);
}

static void
search_content (RtByteScan *scan, guint i)
{
  gint64 id = placement (scan, i)->id;
  gpointer known = g_hash_table_lookup (scan->contents, &id);
  guint64 mask = GPOINTER_TO_SIZE (known);
  gboolean row;
  RtText text = load (scan->content, id, &row);

  if (row && mask == 0)
    {
      mask = (guint64)mask_of (scan, text) + 1;
      g_hash_table_insert (scan->contents, g_memdup2 (&id, sizeof id), GSIZE_TO_POINTER (mask));
    }
  for (guint j = 0; row && mask > 1 && j < scan->literals->len; j++)
    {
      const Literal *literal = &g_array_index (scan->literals, Literal, j);

      if (((mask - 1) >> literal->bit & 1) != 0)
        search_piece (scan, literal, text, i, i + 1);
    }
  if (row)
    mind_seams (scan, i, text);
  sqlite3_reset (scan->content);
}

static void
search_page (RtByteScan *scan)
{
  guint n = scan->parts.placements->len;

  for (guint i = 0; i < n;)
    {
      const RtPlacement *place = placement (scan, i);
      guint end = i + 1;

      if (place->content)
        search_content (scan, i);
      else
        {
          while (end < n && !placement (scan, end)->content
                 && placement (scan, end)->id == place->id
                 && placement (scan, end)->position >= placement (scan, end - 1)->position)
            end++;
          search_blob (scan, i, end);
        }
      i = end;
    }
}

/* A page that is damaged has nothing to be found in. */
static void
decode_page (RtByteScan *scan)
{
  gint64 n_events = sqlite3_column_int64 (scan->pages, 1);

  scan->parts.first = (guint64)sqlite3_column_int64 (scan->pages, 0);
  g_array_set_size (scan->parts.events, 0);
  g_byte_array_set_size (scan->parts.arena, 0);
  g_array_set_size (scan->parts.placements, 0);
  if (n_events < 1 || n_events > G_MAXINT32
      || !rt_page_decode (&scan->parts, (RtPageEncoding)sqlite3_column_int (scan->pages, 2),
                          (guint)n_events, sqlite3_column_blob (scan->pages, 3),
                          (gsize)sqlite3_column_bytes (scan->pages, 3), NULL))
    g_array_set_size (scan->parts.placements, 0);
}

static gboolean
search_pages (RtByteScan *scan,
              gint64 run,
              guint64 first,
              guint64 last,
              GCancellable *cancellable,
              GError **error)
{
  sqlite3_bind_int64 (scan->pages, 1, run);
  sqlite3_bind_int64 (scan->pages, 2, (gint64)(first - MIN (first, EVENTS_BEFORE)));
  sqlite3_bind_int64 (scan->pages, 3, (gint64)MIN (last, G_MAXINT64));
  for (;;)
    {
      gboolean row;

      if (!rt_store_row (scan->pages, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        {
          sqlite3_reset (scan->pages);
          return FALSE;
        }
      decode_page (scan);
      search_page (scan);
    }
}

/**
 * rt_byte_scan_rows:
 * @rows: (array length=n): rows of one run that stand near each other; @found and @scanned are set
 *
 * Errors: %G_IO_ERROR_CANCELLED, and those of SQLite.
 */
gboolean
rt_byte_scan_rows (
    RtByteScan *scan, RtSearchRow *rows, guint n, GCancellable *cancellable, GError **error)
{
  guint64 first = G_MAXUINT64;
  guint64 last = 0;

  if (n == 0 || scan->literals->len == 0)
    return TRUE;
  scan->rows = rows;
  scan->n_rows = n;
  g_array_set_size (scan->entries, 0);
  g_hash_table_remove_all (scan->tails);
  for (guint i = 0; i < n; i++)
    {
      first = MIN (first, rows[i].first_event);
      last = MAX (last, rows[i].last_event);
    }
  if (!search_pages (scan, rows[0].run, first, last, cancellable, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    rows[i].scanned = TRUE;
  return TRUE;
}
