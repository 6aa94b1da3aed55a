/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The event log. Events gather in an open page; at its cap, or when flushed, the page is sealed,
 * given to the sink and, where the log keeps anything, to the pages in memory. */
#include "rt-log.h"

#include "rt-error.h"

/* Long enough to pack well in a session file, short enough that a live view is not behind. */
#define PAGE_EVENTS 1024
#define PAGE_BYTES (256 * 1024)

struct _RtLog
{
  gsize keep_bytes;
  RtLogSink sink;
  gpointer sink_data;

  guint64 first; /* of the open page */
  GArray *events;
  GByteArray *arena;
  GArray *chunks;
  gsize chunk_bytes;

  RtPages *pages; /* NULL: keeps nothing */
  RtReader *reader;
  gsize kept;
  GArray *written; /* guint64 by buffer id: bytes so far */
  RtTime last;
  RtConnection n_connections;
  RtPartyId n_parties;
};

static void
clear_chunk (gpointer chunk)
{
  g_bytes_unref (((RtChunk *)chunk)->bytes);
}

/**
 * rt_log_new:
 * @keep_bytes: 0 keeps nothing: a gateway that does not record. %RT_LOG_KEEP_ALL keeps all: a
 *   lesson. In between: over so many bytes of buffers and details the log forgets what it kept, as
 *   one that records does, whose sink has stored the pages
 * @sink: (nullable): told of every sealed page
 *
 * Returns: (transfer full): an empty log
 */
RtLog *
rt_log_new (gsize keep_bytes, RtLogSink sink, gpointer data)
{
  RtLog *log = g_new0 (RtLog, 1);

  log->keep_bytes = keep_bytes;
  log->sink = sink;
  log->sink_data = data;
  log->events = g_array_sized_new (FALSE, FALSE, sizeof (RtEvent), PAGE_EVENTS);
  log->arena = g_byte_array_new ();
  log->chunks = g_array_new (FALSE, FALSE, sizeof (RtChunk));
  g_array_set_clear_func (log->chunks, clear_chunk);
  log->written = g_array_new (FALSE, TRUE, sizeof (guint64));
  g_array_set_size (log->written, 1);
  if (keep_bytes > 0)
    {
      log->pages = rt_pages_new ();
      log->reader = rt_pages_dup_reader (log->pages);
    }
  log->last = G_MININT64;
  return log;
}

void
rt_log_free (RtLog *log)
{
  g_array_unref (log->events);
  g_byte_array_unref (log->arena);
  g_array_unref (log->chunks);
  g_array_unref (log->written);
  g_clear_pointer (&log->reader, rt_reader_unref);
  g_clear_pointer (&log->pages, rt_pages_unref);
  g_free (log);
}

/* Lets go of all pages kept so far; whoever still reads them holds them by the old reader. */
static void
forget (RtLog *log)
{
  g_clear_pointer (&log->reader, rt_reader_unref);
  g_clear_pointer (&log->pages, rt_pages_unref);
  log->pages = rt_pages_new ();
  log->reader = rt_pages_dup_reader (log->pages);
  log->kept = 0;
}

/**
 * rt_log_flush:
 * @log: a log
 *
 * Seals the open page, so that readers and the sink see all that was appended. Bytes that no event
 * shows yet wait for the page of the one that does: a page has events, or it could not be found by
 * their numbers.
 */
void
rt_log_flush (RtLog *log)
{
  g_autoptr (GBytes) arena = NULL;
  g_autoptr (RtPage) page = NULL;

  if (log->events->len == 0)
    return;
  if (log->sink == NULL && log->pages == NULL)
    {
      /* Nobody reads: reuse what is there and allocate nothing. */
      log->first += log->events->len;
      g_array_set_size (log->events, 0);
      g_byte_array_set_size (log->arena, 0);
      g_array_set_size (log->chunks, 0);
      log->chunk_bytes = 0;
      return;
    }
  arena = g_bytes_new (log->arena->data, log->arena->len);
  page = rt_page_new (log->first, (const RtEvent *)(gpointer)log->events->data, log->events->len,
                      arena, (const RtChunk *)(gpointer)log->chunks->data, log->chunks->len);
  log->first += page->n;
  log->kept += log->chunk_bytes + log->arena->len;
  g_array_set_size (log->events, 0);
  g_byte_array_set_size (log->arena, 0);
  g_array_set_size (log->chunks, 0);
  log->chunk_bytes = 0;
  if (log->pages != NULL)
    {
      if (log->kept > log->keep_bytes)
        forget (log);
      rt_pages_add (log->pages, page);
    }
  if (log->sink != NULL)
    log->sink (page, log->sink_data);
}

static void
flush_when_full (RtLog *log)
{
  if (log->events->len >= PAGE_EVENTS || log->arena->len + log->chunk_bytes >= PAGE_BYTES)
    rt_log_flush (log);
}

static void
append_detail (RtLog *log, RtEvent *event, GVariant *detail)
{
  gsize length = g_variant_get_size (detail);
  static const guint8 padding[8] = { 0 };

  /* GVariant reads in place only when aligned. */
  g_byte_array_append (log->arena, padding, (8 - log->arena->len % 8) % 8);
  event->detail = log->arena->len;
  event->detail_length = (guint32)length;
  g_byte_array_set_size (log->arena, log->arena->len + (guint)length);
  g_variant_store (detail, log->arena->data + event->detail);
}

/**
 * rt_log_append:
 * @log: a log
 * @event: what happened; its detail is set from @detail
 * @detail: (nullable): of the kind's type; a floating reference is sunk
 *
 * Time does not go backwards: an earlier @event->time counts as the last one.
 *
 * Returns: the event's number
 */
guint64
rt_log_append (RtLog *log, const RtEvent *event, GVariant *detail)
{
  g_autoptr (GVariant) owned = detail != NULL ? g_variant_ref_sink (detail) : NULL;
  RtEvent copy = *event;
  guint64 number = log->first + log->events->len;

  g_return_val_if_fail (event->kind < RT_N_EVENT_KINDS, RT_EVENT_NONE);
  g_return_val_if_fail (
      detail == NULL
          || (rt_event_kind_detail_type (event->kind) != NULL
              && g_variant_is_of_type (detail, rt_event_kind_detail_type (event->kind))),
      RT_EVENT_NONE);

  copy.time = MAX (copy.time, log->last);
  log->last = copy.time;
  copy.detail = copy.detail_length = 0;
  if (owned != NULL && (log->pages != NULL || log->sink != NULL))
    append_detail (log, &copy, owned);
  g_array_append_val (log->events, copy);
  flush_when_full (log);
  return number;
}

/**
 * rt_log_add_party:
 * @log: a log
 * @time: when it joined
 * @name: what people call it: `ann`, `api.shop.test`
 * @kind: what it is: `client`, `origin`, …
 *
 * Returns: its number, from 1
 */
RtPartyId
rt_log_add_party (RtLog *log, RtTime time, const char *name, const char *kind)
{
  RtPartyId id = ++log->n_parties;

  rt_log_append (
      log, &(RtEvent){ .time = time, .cause = RT_EVENT_NONE, .party = id, .kind = RT_EVENT_PARTY },
      g_variant_new ("(ss)", name, kind));
  return id;
}

/**
 * rt_log_next_connection:
 * @log: a log
 *
 * Returns: a connection number that was not used yet
 */
RtConnection
rt_log_next_connection (RtLog *log)
{
  return ++log->n_connections;
}

/**
 * rt_log_add_buffer:
 * @log: a log
 * @time: when
 * @connection: whose bytes
 * @from: the end that writes them
 * @direction: which way
 * @provenance: how they came to be
 * @source: the buffer they were made from; 0 = none
 *
 * Returns: the new buffer's id
 */
RtBufferId
rt_log_add_buffer (RtLog *log,
                   RtTime time,
                   RtConnection connection,
                   RtPartyId from,
                   RtDirection direction,
                   RtProvenance provenance,
                   RtBufferId source)
{
  RtBufferId id = log->written->len;

  g_array_set_size (log->written, id + 1);
  rt_log_append (log,
                 &(RtEvent){ .time = time,
                             .cause = RT_EVENT_NONE,
                             .span = { .buffer = id },
                             .connection = connection,
                             .party = from,
                             .kind = RT_EVENT_BUFFER },
                 g_variant_new ("(yyu)", (guint8)direction, (guint8)provenance, source));
  return id;
}

/**
 * rt_log_write:
 * @log: a log
 * @buffer: a buffer of it
 * @bytes: what follows in the buffer; reffed, not copied
 *
 * Returns: where they stand
 */
RtSpan
rt_log_write (RtLog *log, RtBufferId buffer, GBytes *bytes)
{
  gsize length = g_bytes_get_size (bytes);
  guint64 *written;
  RtChunk chunk;

  g_return_val_if_fail (buffer > 0 && buffer < log->written->len, RT_SPAN_NONE);
  g_return_val_if_fail (length <= G_MAXUINT32, RT_SPAN_NONE);

  written = &g_array_index (log->written, guint64, buffer);
  chunk = (RtChunk){ { *written, (guint32)length, buffer }, bytes };
  *written += length;
  if (length > 0 && (log->pages != NULL || log->sink != NULL))
    {
      g_bytes_ref (bytes);
      g_array_append_val (log->chunks, chunk);
      log->chunk_bytes += length;
    }
  return chunk.span;
}

/**
 * rt_log_get_length:
 * @log: a log
 *
 * Returns: how many events were appended: the number of the next one
 */
guint64
rt_log_get_length (RtLog *log)
{
  return log->first + log->events->len;
}

/**
 * rt_log_is_heard:
 * @log: a log
 *
 * Returns: whether anybody can read what is appended: where nobody can, details need not be made
 */
gboolean
rt_log_is_heard (RtLog *log)
{
  return log->pages != NULL || log->sink != NULL;
}

/**
 * rt_log_get_reader:
 * @log: a log that keeps its pages
 *
 * Returns: (transfer none) (nullable): reads all that was flushed
 */
RtReader *
rt_log_get_reader (RtLog *log)
{
  return log->reader;
}

/**
 * rt_log_dup_bytes:
 * @log: a log that keeps its pages
 * @span: where the bytes stand, which an event has shown
 *
 * Errors: %RT_ERROR_MISSING where they were not kept.
 *
 * Returns: (transfer full): the bytes
 */
GBytes *
rt_log_dup_bytes (RtLog *log, RtSpan span, GError **error)
{
  if (log->reader == NULL)
    {
      rt_set_error (error, RT_ERROR_MISSING, NULL, NULL, "this log keeps no bytes");
      return NULL;
    }
  rt_log_flush (log);
  return rt_reader_dup_bytes (log->reader, span, error);
}
