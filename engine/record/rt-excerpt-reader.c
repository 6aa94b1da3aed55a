/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads a part and what goes before it as one log. */
#include "rt-excerpt-private.h"

/** NO_KIND: what an event is made that is not to be told of. */
#define NO_KIND RT_N_EVENT_KINDS

int
rt_excerpt_compare_numbers (gconstpointer a, gconstpointer b)
{
  guint64 p = *(const guint64 *)a;
  guint64 q = *(const guint64 *)b;

  return p < q ? -1 : p > q;
}

int
rt_excerpt_compare_lines (gconstpointer a, gconstpointer b)
{
  const RtExcerptLine *p = a;
  const RtExcerptLine *q = b;

  return p->id < q->id ? -1 : p->id > q->id;
}

RtExcerptLine *
rt_excerpt_find_line (const GArray *lines, RtConnection id)
{
  const RtExcerptLine key = { .id = id };
  guint at;

  return g_array_binary_search ((GArray *)lines, &key, rt_excerpt_compare_lines, &at)
             ? &g_array_index (lines, RtExcerptLine, at)
             : NULL;
}

typedef struct
{
  RtReader *reader;
  RtExcerpt *of;
} Part;

static void
part_free (gpointer self)
{
  Part *part = self;

  rt_reader_unref (part->reader);
  rt_excerpt_unref (part->of);
  g_free (part);
}

static guint64
part_get_length (gpointer self)
{
  return ((Part *)self)->of->end;
}

/* A cause further up is renamed, if it goes before the part. */
static guint64
rename_cause (const RtExcerpt *of, guint64 cause)
{
  guint at;

  if (cause == RT_EVENT_NONE || cause >= of->first)
    return cause;
  return g_array_binary_search (of->origins, &cause, rt_excerpt_compare_numbers, &at)
             ? of->begin + at
             : RT_EVENT_NONE;
}

/* Bytes of a message that began too far up. */
static gboolean
is_left_out (const RtExcerpt *of, const RtEvent *event)
{
  const RtExcerptLine *line;

  if (event->span.buffer == 0 || event->connection == 0
      || (event->kind != RT_EVENT_SENT && event->kind != RT_EVENT_RECEIVED
          && event->kind != RT_EVENT_LOST && event->kind != RT_EVENT_REBUILT))
    return FALSE;
  line = rt_excerpt_find_line (of->lines, event->connection);
  for (guint way = 0; line != NULL && way < 2; way++)
    if (line->buffers[way] == event->span.buffer && event->span.offset < line->ends[way])
      return TRUE;
  return FALSE;
}

static RtPage *
part_dup_page (gpointer self, guint64 event, GError **error)
{
  Part *part = self;
  g_autoptr (RtPage) page = NULL;
  g_autofree RtEvent *events = NULL;

  if (event < part->of->first && part->of->before != NULL)
    return rt_page_ref (part->of->before);
  page = rt_reader_dup_page (part->reader, event, error);
  if (page == NULL)
    return NULL;
  events = g_memdup2 (page->events, page->n * sizeof (RtEvent));
  for (guint i = 0; i < page->n; i++)
    {
      events[i].cause = rename_cause (part->of, events[i].cause);
      if (is_left_out (part->of, &events[i]))
        events[i].kind = NO_KIND;
    }
  return rt_page_new (page->first, events, page->n, page->arena, page->chunks, page->n_chunks);
}

static GBytes *
part_dup_bytes (gpointer self, RtSpan span, GError **error)
{
  return rt_reader_dup_bytes (((Part *)self)->reader, span, error);
}

/** rt_excerpt_open: Returns: (transfer full) (nullable): a reader of its events, with their bytes
 */
RtReader *
rt_excerpt_open (const RtExcerpt *excerpt, GError **error)
{
  static const RtReaderClass klass = { part_get_length, part_dup_page, part_dup_bytes, part_free };
  RtReader *reader = rt_session_open_run (excerpt->session, excerpt->run, error);
  Part *part;

  if (reader == NULL)
    return NULL;
  part = g_new (Part, 1);
  *part = (Part){ reader, rt_excerpt_ref ((RtExcerpt *)excerpt) };
  return rt_reader_new (&klass, part);
}
