/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Choosing what goes before a part, and a reader that gives both.
 *
 * The events of the part keep their numbers. Those that are put before it have the numbers right
 * below; so the log that is read has no hole, and no event of the part changes its number. Where
 * an event of the part names a cause further up, the cause is renamed as well, or is none.
 *
 * Of each connection that the part mentions go before it: the events that opened it, and all from
 * where the first exchange began that was under way at the beginning of the part. So each buffer is
 * read from the first byte of a message. What began much further up is not read from there: a
 * tunnel's head is, and of anything else the bytes are left out up to the end of the message. */
#include "rt-excerpt-private.h"
#include "rt-observer.h"

/** TUNNEL_EVENTS: among so many the head of an exchange is looked for that opened a tunnel. */
#define TUNNEL_EVENTS 2048

typedef struct
{
  RtRunMap *map;
  guint64 first, end;
  RtTime from;
  GArray *lines;   /* RtExcerptLine, by id */
  GArray *near;    /* RtRunExchange, from RT_RUN_MAP_NEAR before @first to @end */
  GArray *events;  /* RtEvent that go before */
  GArray *origins; /* guint64: the numbers they had */
  GByteArray *arena;
  guint n_parties; /* that were put */
} Building;

/* -- Connections -- */

/* Those that the part mentions. */
static gboolean
find_lines (Building *building, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint64 at = building->first; at < building->end;)
    {
      g_autoptr (RtPage) page = rt_run_map_dup_page (building->map, at, error);

      if (page == NULL)
        return FALSE;
      if (at == building->first)
        building->from = page->events[at - page->first].time;
      for (; at < MIN (page->first + page->n, building->end); at++)
        {
          RtConnection id = page->events[at - page->first].connection;
          RtExcerptLine line = { .id = id, .start = RT_EVENT_NONE, .head = RT_EVENT_NONE };

          if (id != 0 && g_hash_table_add (seen, GUINT_TO_POINTER (id)))
            g_array_append_val (building->lines, line);
        }
    }
  g_array_sort (building->lines, rt_excerpt_compare_lines);
  return TRUE;
}

/* Whether anything of it is yet to come at the beginning of the part, or is just then. */
static gboolean
is_under_way (const Building *building, const RtRunExchange *exchange)
{
  return exchange->tunnel || exchange->last_event == RT_EVENT_NONE
         || exchange->last_event >= building->first || exchange->ended >= building->from;
}

/* From the latest to the earliest, so that what overlaps one that is read from its beginning is
 * read from its beginning, too: a client may pipeline. */
static void
choose_starts (Building *building)
{
  RtTime *starts = g_new (RtTime, building->lines->len);

  for (guint i = 0; i < building->lines->len; i++)
    starts[i] = RT_TIME_NEVER;
  for (guint i = building->near->len; i-- > 0;)
    {
      const RtRunExchange *exchange = &g_array_index (building->near, RtRunExchange, i);
      RtExcerptLine *line = exchange->first_event < building->first
                                ? rt_excerpt_find_line (building->lines, exchange->connection)
                                : NULL;
      RtTime *start
          = line != NULL ? &starts[line - (RtExcerptLine *)(gpointer)building->lines->data] : NULL;

      if (line == NULL || (!is_under_way (building, exchange) && exchange->ended < *start))
        continue;
      line->start = MIN (line->start, exchange->first_event);
      *start = exchange->started;
    }
  g_free (starts);
}

/* What began before all that is near. */
static void
choose_long_ones (Building *building, guint64 near_first)
{
  const GArray *all = rt_run_map_get_long (building->map);

  for (guint i = 0; i < all->len; i++)
    {
      const RtRunExchange *exchange = &g_array_index (all, RtRunExchange, i);
      RtExcerptLine *line = exchange->first_event < near_first
                                ? rt_excerpt_find_line (building->lines, exchange->connection)
                                : NULL;

      if (line == NULL || !is_under_way (building, exchange))
        continue;
      if (exchange->tunnel)
        {
          line->head = exchange->first_event;
          line->head_end = exchange->first_event + TUNNEL_EVENTS;
          continue;
        }
      for (guint way = 0; way < 2; way++)
        {
          line->buffers[way] = exchange->buffers[way];
          line->ends[way]
              = exchange->last_event == RT_EVENT_NONE ? G_MAXUINT64 : exchange->ends[way];
        }
    }
}

/* -- What goes before -- */

static void
put_event (Building *building, RtEvent event, gconstpointer detail, guint64 origin)
{
  static const guint8 padding[8] = { 0 };

  g_byte_array_append (building->arena, padding, (8 - building->arena->len % 8) % 8);
  event.cause = RT_EVENT_NONE;
  event.detail = building->arena->len;
  g_byte_array_append (building->arena, detail, event.detail_length);
  g_array_append_val (building->events, event);
  g_array_append_val (building->origins, origin);
}

/* Those that joined before event @number and were not put yet: all that goes before is in the order
 * in which it happened. */
static void
put_parties (Building *building, guint64 number)
{
  const GArray *parties = rt_run_map_get_parties (building->map);

  for (; building->n_parties < parties->len; building->n_parties++)
    {
      const RtRunParty *party = &g_array_index (parties, RtRunParty, building->n_parties);
      g_autoptr (GVariant) detail = NULL;
      RtEvent event = { .time = party->time, .party = party->id, .kind = RT_EVENT_PARTY };

      if (party->event >= number)
        break;
      detail = g_variant_ref_sink (g_variant_new ("(ss)", party->name, party->kind));
      event.detail_length = (guint32)g_variant_get_size (detail);
      put_event (building, event, g_variant_get_data (detail), party->event);
    }
}

static gboolean
is_opening (const RtEvent *event)
{
  return event->kind >= RT_EVENT_BUFFER && event->kind <= RT_EVENT_SECURED;
}

/* A message that was put together is announced by the event before the one with its first byte. */
static gboolean
goes_before (const RtExcerptLine *line, const RtEvent *event, guint64 number)
{
  guint64 first = event->kind == RT_EVENT_REBUILT ? number + 1 : number;

  if (is_opening (event))
    return TRUE;
  return first >= line->start || (first >= line->head && number < line->head_end);
}

static void
put_page (Building *building, const RtPage *page)
{
  const guint8 *arena = g_bytes_get_data (page->arena, NULL);

  for (guint i = 0; i < page->n && page->first + i < building->first; i++)
    {
      const RtEvent *event = &page->events[i];
      const RtExcerptLine *line = event->connection != 0
                                      ? rt_excerpt_find_line (building->lines, event->connection)
                                      : NULL;

      if (line == NULL || !goes_before (line, event, page->first + i))
        continue;
      put_parties (building, page->first + i);
      put_event (building, *event, arena != NULL ? arena + event->detail : NULL, page->first + i);
    }
}

/* Whether one of the connections may have been opened there. */
static gboolean
is_wanted (const Building *building, const RtRunOpening *opening)
{
  guint low = 0;
  guint high = building->lines->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (building->lines, RtExcerptLine, middle).id < opening->low)
        low = middle + 1;
      else
        high = middle;
    }
  return low < building->lines->len
         && g_array_index (building->lines, RtExcerptLine, low).id <= opening->high;
}

static void
want (GArray *ranges, guint64 first, guint64 end)
{
  guint64 range[2] = { first, end };

  g_array_append_vals (ranges, range, 1);
}

/* Ranges of events among which something is that goes before. */
static GArray *
find_ranges (const Building *building)
{
  GArray *ranges = g_array_new (FALSE, FALSE, 2 * sizeof (guint64));
  const GArray *openings = rt_run_map_get_openings (building->map);
  guint64 start = building->first;

  for (guint i = 0; i < openings->len; i++)
    {
      const RtRunOpening *opening = &g_array_index (openings, RtRunOpening, i);

      if (opening->first < building->first && is_wanted (building, opening))
        want (ranges, opening->first, opening->first + 1);
    }
  for (guint i = 0; i < building->lines->len; i++)
    {
      const RtExcerptLine *line = &g_array_index (building->lines, RtExcerptLine, i);

      start = MIN (start, line->start);
      if (line->head != RT_EVENT_NONE)
        want (ranges, line->head, MIN (line->head_end, building->first));
    }
  if (start < building->first)
    want (ranges, start > 0 ? start - 1 : 0, building->first);
  g_array_sort (ranges, rt_excerpt_compare_numbers);
  return ranges;
}

static gboolean
put_what_goes_before (Building *building, GError **error)
{
  g_autoptr (GArray) ranges = find_ranges (building);
  guint64 read = 0; /* all before it was looked at, as far as it is wanted */

  for (guint i = 0; i < ranges->len; i++)
    {
      const guint64 *range = &((const guint64 *)(gpointer)ranges->data)[2 * i];

      for (guint64 at = MAX (read, range[0]); at < range[1];)
        {
          g_autoptr (RtPage) page = rt_run_map_dup_page (building->map, at, error);

          if (page == NULL)
            return FALSE;
          put_page (building, page);
          at = read = page->first + page->n;
        }
    }
  put_parties (building, building->first);
  return TRUE;
}

/* -- Numbers -- */

static int
compare_exchange_numbers (gconstpointer a, gconstpointer b)
{
  const RtAnalysisNumber *p = a;
  const RtAnalysisNumber *q = b;

  if (p->event != q->event)
    return p->event < q->event ? -1 : 1;
  return p->number < q->number ? -1 : p->number > q->number;
}

static void
add_number (const Building *building, GArray *numbers, guint64 begin, const RtRunExchange *exchange)
{
  RtAnalysisNumber number = { exchange->first_event, exchange->number, exchange->connection };
  guint at;

  if (exchange->first_event < building->first)
    {
      if (!g_array_binary_search (building->origins, &exchange->first_event,
                                  rt_excerpt_compare_numbers, &at))
        return;
      number.event = begin + at;
    }
  g_array_append_val (numbers, number);
}

static GArray *
list_numbers (const Building *building, guint64 begin)
{
  const GArray *long_ones = rt_run_map_get_long (building->map);
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (RtAnalysisNumber));
  guint next = building->near->len > 0 ? g_array_index (building->near, RtRunExchange, 0).number
                                       : G_MAXUINT;

  for (guint i = 0; i < long_ones->len; i++)
    if (g_array_index (long_ones, RtRunExchange, i).number < next
        && g_array_index (long_ones, RtRunExchange, i).first_event < building->first)
      add_number (building, numbers, begin, &g_array_index (long_ones, RtRunExchange, i));
  for (guint i = 0; i < building->near->len; i++)
    add_number (building, numbers, begin, &g_array_index (building->near, RtRunExchange, i));
  g_array_sort (numbers, compare_exchange_numbers);
  return numbers;
}

/* -- All together -- */

/* Not between a message that was put together and the event that announces it. */
static gboolean
move_off_announcement (Building *building, GError **error)
{
  while (building->first > 0)
    {
      g_autoptr (RtPage) page = rt_run_map_dup_page (building->map, building->first - 1, error);

      if (page == NULL)
        return FALSE;
      if (page->events[building->first - 1 - page->first].kind != RT_EVENT_REBUILT)
        break;
      building->first--;
    }
  return TRUE;
}

/* NULL: nothing goes before. */
static RtPage *
new_page_before (const Building *building)
{
  g_autoptr (GBytes) arena = NULL;

  if (building->events->len == 0)
    return NULL;
  arena = g_bytes_new (building->arena->data, building->arena->len);
  return rt_page_new (building->first - building->events->len,
                      (const RtEvent *)(gpointer)building->events->data, building->events->len,
                      arena, NULL, 0);
}

static RtExcerpt *
build (Building *building, GError **error)
{
  guint64 near_first = building->first > RT_RUN_MAP_NEAR ? building->first - RT_RUN_MAP_NEAR : 0;
  RtExcerpt *excerpt;

  building->near = rt_run_map_list_exchanges (building->map, near_first, building->end, error);
  if (building->near == NULL || !find_lines (building, error))
    return NULL;
  choose_starts (building);
  choose_long_ones (building, near_first);
  if (building->first > 0 && !put_what_goes_before (building, error))
    return NULL;
  excerpt = g_new0 (RtExcerpt, 1);
  *excerpt = (RtExcerpt){ .ref_count = 1,
                          .session = rt_session_ref (rt_run_map_get_session (building->map)),
                          .run = rt_run_map_get_run (building->map),
                          .before = new_page_before (building),
                          .origins = g_array_ref (building->origins),
                          .lines = g_array_ref (building->lines),
                          .begin = building->first - building->events->len,
                          .first = building->first,
                          .end = building->end,
                          .from = building->from };
  excerpt->numbers = list_numbers (building, excerpt->begin);
  return excerpt;
}

/**
 * rt_excerpt_new:
 * @map: kept as long as the call lasts
 * @around: an event
 * @n_events: about how many
 *
 * Waits for the disk.
 *
 * Errors: those of the reader, %RT_ERROR_MISSING.
 *
 * Returns: (transfer full) (nullable): the part with @around in its middle, as far as there are
 *   events on both sides
 */
RtExcerpt *
rt_excerpt_new (RtRunMap *map, guint64 around, guint64 n_events, GError **error)
{
  guint64 length = rt_run_map_get_length (map);
  Building building = { .map = map };
  RtExcerpt *excerpt = NULL;

  building.first = around > n_events / 2 ? around - n_events / 2 : 0;
  building.end = MIN (building.first + n_events, length);
  building.first = MIN (building.first, building.end > n_events ? building.end - n_events : 0);
  building.lines = g_array_new (FALSE, FALSE, sizeof (RtExcerptLine));
  building.events = g_array_new (FALSE, FALSE, sizeof (RtEvent));
  building.origins = g_array_new (FALSE, FALSE, sizeof (guint64));
  building.arena = g_byte_array_new ();
  if (move_off_announcement (&building, error))
    excerpt = build (&building, error);
  g_array_unref (building.lines);
  g_array_unref (building.events);
  g_array_unref (building.origins);
  g_byte_array_unref (building.arena);
  g_clear_pointer (&building.near, g_array_unref);
  return excerpt;
}

RtExcerpt *
rt_excerpt_ref (RtExcerpt *excerpt)
{
  g_atomic_int_inc (&excerpt->ref_count);
  return excerpt;
}

void
rt_excerpt_unref (RtExcerpt *excerpt)
{
  if (!g_atomic_int_dec_and_test (&excerpt->ref_count))
    return;
  rt_session_unref (excerpt->session);
  g_clear_pointer (&excerpt->before, rt_page_unref);
  g_array_unref (excerpt->origins);
  g_array_unref (excerpt->lines);
  g_array_unref (excerpt->numbers);
  g_free (excerpt);
}

/** rt_excerpt_begin: @analysis: a new one, to be fed from a reader of @excerpt */
void
rt_excerpt_begin (const RtExcerpt *excerpt, RtAnalysis *analysis)
{
  rt_analysis_begin_at (analysis, excerpt->begin, excerpt->first,
                        (const RtAnalysisNumber *)(gpointer)excerpt->numbers->data,
                        excerpt->numbers->len);
}

/**
 * rt_excerpt_analyse:
 * @observed: the parties left no decisions: the rules are run over it. What was before the part is
 *   taken in the traffic's favour
 *
 * Returns: (transfer full) (nullable): the analysis of the part. Its exchanges have the numbers
 * that they have in the run
 */
RtAnalysis *
rt_excerpt_analyse (const RtExcerpt *excerpt, gboolean observed, GError **error)
{
  g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
  g_autoptr (RtReader) reader = rt_excerpt_open (excerpt, error);

  rt_analysis_set_observed (analysis, observed);
  rt_excerpt_begin (excerpt, analysis);
  return reader != NULL && rt_analysis_feed_reader (analysis, reader, excerpt->end, error)
             ? g_steal_pointer (&analysis)
             : NULL;
}
