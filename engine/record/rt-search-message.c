/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Looks into the messages of one exchange: codings undone, as the analysis would show them. Needed
 * where the bytes as they stand do not tell. */
#include "rt-search-private.h"

#include "rt-content.h"
#include "rt-http1.h"

typedef struct
{
  RtReader *reader;
  const RtSearchRow *row;
  GBytes *whole[2], *content[2]; /* once they were needed */
} Loaded;

static GBytes *
load_whole (Loaded *loaded, guint i)
{
  const RtSearchMessage *message = &loaded->row->messages[i];

  if (loaded->whole[i] == NULL && !rt_span_is_none (message->span))
    {
      RtSpan span = message->span;

      span.length = MIN (span.length, RT_SEARCH_MESSAGE_MAX);
      loaded->whole[i] = rt_reader_dup_bytes (loaded->reader, span, NULL);
    }
  if (loaded->whole[i] == NULL)
    loaded->whole[i] = g_bytes_new (NULL, 0);
  return loaded->whole[i];
}

/* Reads the message again: its fields say how its content is coded. */
static GBytes *
decode (Loaded *loaded, guint i)
{
  GBytes *whole = load_whole (loaded, i);
  RtHttp1Reader *reader = rt_http1_reader_new (i == 0 ? RT_MESSAGE_REQUEST : RT_MESSAGE_RESPONSE,
                                               RT_HTTP1_TOLERANT, NULL);
  g_autoptr (GByteArray) plain = g_byte_array_new ();
  g_autoptr (RtMessage) message = NULL;
  g_autoptr (RtContent) content = NULL;
  g_autoptr (GBytes) bytes = NULL;
  RtHttp1Event event;

  rt_http1_reader_feed (reader, whole, loaded->row->messages[i].span);
  rt_http1_reader_end (reader);
  while ((event = rt_http1_reader_next (reader)).kind != RT_HTTP1_NEED_MORE
         && event.kind != RT_HTTP1_END)
    {
      if (event.kind == RT_HTTP1_HEAD && message == NULL)
        message = rt_message_ref (event.message);
      else if (event.kind == RT_HTTP1_CONTENT)
        g_byte_array_append (plain, g_bytes_get_data (event.bytes, NULL),
                             (guint)g_bytes_get_size (event.bytes));
    }
  rt_http1_reader_free (reader);
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&plain));
  if (message == NULL || message->fields == NULL)
    return g_steal_pointer (&bytes);
  content = rt_content_decode (message->fields, bytes, RT_SPAN_NONE);
  return g_bytes_ref (content->bytes);
}

static GBytes *
load_content (Loaded *loaded, guint i)
{
  const RtSearchMessage *message = &loaded->row->messages[i];

  if (loaded->content[i] == NULL && message->coded)
    loaded->content[i] = decode (loaded, i);
  else if (loaded->content[i] == NULL)
    {
      GBytes *whole = load_whole (loaded, i);
      gsize size = g_bytes_get_size (whole);
      gsize head = MIN (message->head, size);

      loaded->content[i] = g_bytes_new_from_bytes (whole, head, size - head);
    }
  return loaded->content[i];
}

static gboolean
message_contains (Loaded *loaded, const RtFilterTerm *term, guint i)
{
  RtText text;

  if (rt_span_is_none (loaded->row->messages[i].span))
    return FALSE;
  text.at = g_bytes_get_data (load_whole (loaded, i), &text.length);
  if (term->key == RT_FILTER_BYTES)
    return rt_filter_term_finds (term, text);
  text.length = MIN (text.length, loaded->row->messages[i].head);
  if (text.length > 0 && rt_search_looks_at (term, i, FALSE) && rt_filter_term_finds (term, text))
    return TRUE;
  if (text.length == 0 || !rt_search_looks_at (term, i, TRUE))
    return FALSE;
  text.at = g_bytes_get_data (load_content (loaded, i), &text.length);
  return rt_filter_term_finds (term, text);
}

static gboolean
was_found (const RtSearchRow *row, guint i)
{
  return (row->found >> i & 1) != 0;
}

/* Whether a scan of the bytes as they stand has left the question open. Of a regular expression it
 * finds where a match may be. */
static gboolean
is_open (const RtSearchRow *row, const RtFilterTerm *term, guint i)
{
  if (!row->scanned || (term->regex != NULL && (term->bytes == NULL || was_found (row, i))))
    return TRUE;
  if (term->key == RT_FILTER_BYTES)
    return FALSE;
  return (row->messages[0].coded && rt_search_looks_at (term, 0, TRUE))
         || (row->messages[1].coded && rt_search_looks_at (term, 1, TRUE));
}

static gboolean
holds (Loaded *loaded, const RtFilterTerm *term, guint i)
{
  if (term->regex == NULL && was_found (loaded->row, i))
    return TRUE;
  return is_open (loaded->row, term, i)
         && (message_contains (loaded, term, 0) || message_contains (loaded, term, 1));
}

/**
 * rt_search_row_matches:
 * @row: what SQL answered is true of it
 * @reader: of its run
 *
 * Returns: whether the terms of bytes hold for it
 */
gboolean
rt_search_row_matches (const RtSearchRow *row, const RtFilter *filter, RtReader *reader)
{
  Loaded loaded = { .reader = reader, .row = row };
  gboolean matches = TRUE;

  for (guint i = 0; matches && i < rt_filter_get_n_terms (filter); i++)
    {
      const RtFilterTerm *term = rt_filter_get_term (filter, i);

      if (rt_search_is_of_bytes (term))
        matches = holds (&loaded, term, i) != term->negated;
    }
  for (guint i = 0; i < 2; i++)
    {
      g_clear_pointer (&loaded.whole[i], g_bytes_unref);
      g_clear_pointer (&loaded.content[i], g_bytes_unref);
    }
  return matches;
}
