/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pages of events. A page owns everything it shows, so a reader on another thread needs nothing
 * but a reference. */
#include "rt-event.h"

static const struct
{
  const char *name, *detail;
} kinds[] = {
  [RT_EVENT_PARTY] = { "party", "(ss)" },
  [RT_EVENT_BUFFER] = { "buffer", "(yyu)" },
  [RT_EVENT_CONNECT] = { "connect", "(sqsq)" },
  [RT_EVENT_ESTABLISHED] = { "established", "(sqsq)" },
  [RT_EVENT_SECURED] = { "secured", "a{sv}" },
  [RT_EVENT_SENT] = { "sent", "s" },
  [RT_EVENT_RECEIVED] = { "received", "s" },
  [RT_EVENT_LOST] = { "lost", "s" },
  [RT_EVENT_EOF] = { "eof", NULL },
  [RT_EVENT_RESET] = { "reset", "s" },
  [RT_EVENT_DECISION] = { "decision", "(bsssssa(sssyyba(smsx(tuu))))" },
  [RT_EVENT_STATE] = { "state", "(ssmv)" },
  [RT_EVENT_CLOCK] = { "clock", "x" },
  [RT_EVENT_STEP] = { "step", "(usb)" },
  [RT_EVENT_TASK] = { "task", "(ts)" },
  [RT_EVENT_FINISHED] = { "finished", "(tms)" },
  [RT_EVENT_GAP] = { "gap", "(ts)" },
  [RT_EVENT_REBUILT] = { "rebuilt", "(uttmsa{sv})" },
};
G_STATIC_ASSERT (G_N_ELEMENTS (kinds) == RT_N_EVENT_KINDS);

/**
 * rt_event_kind_name:
 * @kind: a kind
 *
 * Returns: its stable name, as the command line and the session file have it
 */
const char *
rt_event_kind_name (RtEventKind kind)
{
  return (guint)kind < RT_N_EVENT_KINDS ? kinds[kind].name : "unknown";
}

/**
 * rt_event_kind_detail_type:
 * @kind: a kind
 *
 * Returns: (nullable): the type of such an event's detail; %NULL where it has none
 */
const GVariantType *
rt_event_kind_detail_type (RtEventKind kind)
{
  if ((guint)kind >= RT_N_EVENT_KINDS || kinds[kind].detail == NULL)
    return NULL;
  return G_VARIANT_TYPE (kinds[kind].detail);
}

/**
 * rt_page_new:
 * @first: number of the first event
 * @events: (array length=n): copied
 * @arena: the details; reffed
 * @chunks: (array length=n_chunks): copied, their bytes reffed
 *
 * Returns: (transfer full): a page
 */
RtPage *
rt_page_new (guint64 first,
             const RtEvent *events,
             guint n,
             GBytes *arena,
             const RtChunk *chunks,
             guint n_chunks)
{
  RtPage *page = g_new (RtPage, 1);

  *page = (RtPage){
    .ref_count = 1,
    .n = n,
    .first = first,
    .events = g_memdup2 (events, n * sizeof *events),
    .arena = g_bytes_ref (arena),
    .n_chunks = n_chunks,
    .chunks = g_memdup2 (chunks, n_chunks * sizeof *chunks),
  };
  for (guint i = 0; i < n_chunks; i++)
    g_bytes_ref (chunks[i].bytes);
  return page;
}

RtPage *
rt_page_ref (RtPage *page)
{
  g_atomic_int_inc (&page->ref_count);
  return page;
}

void
rt_page_unref (RtPage *page)
{
  if (!g_atomic_int_dec_and_test (&page->ref_count))
    return;
  for (guint i = 0; i < page->n_chunks; i++)
    g_bytes_unref (page->chunks[i].bytes);
  g_free ((gpointer)page->chunks);
  g_free ((gpointer)page->events);
  g_bytes_unref (page->arena);
  g_free (page);
}

/**
 * rt_page_dup_detail:
 * @page: a page
 * @i: index of an event in the page
 *
 * Returns: (transfer full) (nullable): the event's detail. A page read from a file may lie: what is
 *   outside the arena counts as no detail, and a wrong serialisation reads as default values.
 */
GVariant *
rt_page_dup_detail (const RtPage *page, guint i)
{
  const RtEvent *event = &page->events[i];
  const GVariantType *type = rt_event_kind_detail_type (event->kind);
  g_autoptr (GBytes) bytes = NULL;

  if (type == NULL || event->detail_length == 0
      || (gsize)event->detail + event->detail_length > g_bytes_get_size (page->arena))
    return NULL;
  bytes = g_bytes_new_from_bytes (page->arena, event->detail, event->detail_length);
  return g_variant_ref_sink (g_variant_new_from_bytes (type, bytes, FALSE));
}
