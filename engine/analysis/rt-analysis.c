/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The fold over the log: feeding, and what can be asked of the result. */
#include "rt-analysis-private.h"

#include "rt-calendar.h"
#include "rt-error.h"

static void
free_decision (gpointer data)
{
  RtDecisionInfo *info = data;

  rt_decision_unref (info->decision);
  g_free (info);
}

static void
free_state (gpointer data)
{
  RtStateInfo *info = data;

  g_clear_pointer (&info->value, g_variant_unref);
  g_free (info);
}

static void
free_derived (gpointer data)
{
  RtDerived *derived = data;

  g_array_unref (derived->runs);
  g_array_unref (derived->starts);
  g_free (derived);
}

/**
 * rt_analysis_new:
 *
 * Returns: (transfer full): an analysis of nothing
 */
RtAnalysis *
rt_analysis_new (void)
{
  RtAnalysis *analysis = g_new0 (RtAnalysis, 1);
  RtRoot none = { .first = 1 };

  analysis->start = analysis->end = RT_TIME_UNKNOWN;
  analysis->parties = g_ptr_array_new_with_free_func (g_free);
  analysis->connections = g_ptr_array_new_with_free_func (rt_conduit_free);
  analysis->segments = g_ptr_array_new_with_free_func (g_free);
  analysis->exchanges = g_ptr_array_new_with_free_func (rt_exchange_free);
  analysis->decisions = g_ptr_array_new_with_free_func (free_decision);
  analysis->states = g_ptr_array_new_with_free_func (free_state);
  analysis->steps = g_ptr_array_new_with_free_func (g_free);
  analysis->notes = g_ptr_array_new_with_free_func (rt_note_free);
  analysis->transfers = g_ptr_array_new_with_free_func (rt_transfer_free);
  analysis->derived = g_ptr_array_new_with_free_func (free_derived);
  analysis->party_by_id = g_hash_table_new (NULL, NULL);
  analysis->conduit_by_id = g_hash_table_new (NULL, NULL);
  analysis->stream_by_id = g_hash_table_new (NULL, NULL);
  analysis->event_roots = g_array_new (FALSE, FALSE, sizeof (guint32));
  analysis->event_tasks = g_array_new (FALSE, FALSE, sizeof (guint32));
  analysis->roots = g_array_new (FALSE, FALSE, sizeof (RtRoot));
  g_array_append_val (analysis->roots, none);
  analysis->unowned = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);
  analysis->text = g_string_chunk_new (1024);
  analysis->pages = rt_pages_new ();
  analysis->own = rt_pages_dup_reader (analysis->pages);
  return analysis;
}

void
rt_analysis_free (RtAnalysis *analysis)
{
  g_hash_table_unref (analysis->unowned);
  g_hash_table_unref (analysis->party_by_id);
  g_hash_table_unref (analysis->conduit_by_id);
  g_hash_table_unref (analysis->stream_by_id);
  g_ptr_array_unref (analysis->notes);
  g_ptr_array_unref (analysis->steps);
  g_ptr_array_unref (analysis->states);
  g_ptr_array_unref (analysis->decisions);
  g_ptr_array_unref (analysis->exchanges);
  g_ptr_array_unref (analysis->segments);
  g_ptr_array_unref (analysis->connections);
  g_ptr_array_unref (analysis->parties);
  g_ptr_array_unref (analysis->transfers);
  g_ptr_array_unref (analysis->derived);
  g_array_unref (analysis->event_roots);
  g_array_unref (analysis->event_tasks);
  g_array_unref (analysis->roots);
  g_clear_pointer (&analysis->observer, rt_observer_unref);
  g_clear_pointer (&analysis->part, rt_part_free);
  g_string_chunk_free (analysis->text);
  rt_reader_unref (analysis->own);
  rt_pages_unref (analysis->pages);
  g_clear_pointer (&analysis->reader, rt_reader_unref);
  g_free (analysis);
}

const char *
rt_analysis_keep (RtAnalysis *analysis, const char *text)
{
  return g_string_chunk_insert_const (analysis->text, text);
}

/* Bytes of a buffer of the log, wherever they are kept. */
GBytes *
rt_analysis_read (RtAnalysis *analysis, RtSpan span, GError **error)
{
  gboolean by_hand = rt_reader_get_length (analysis->own) > 0;
  GBytes *bytes = by_hand ? rt_reader_dup_bytes (analysis->own, span, NULL) : NULL;

  if (bytes != NULL)
    return bytes;
  return rt_reader_dup_bytes (analysis->reader != NULL ? analysis->reader : analysis->own, span,
                              error);
}

static void
fold_party (RtAnalysis *analysis, const RtFold *fold)
{
  RtPartyInfo *party;
  const char *name, *kind;
  gpointer id = GUINT_TO_POINTER ((guint)fold->event->party);

  if (fold->detail == NULL || g_hash_table_contains (analysis->party_by_id, id))
    return;
  g_variant_get (fold->detail, "(&s&s)", &name, &kind);
  party = g_new (RtPartyInfo, 1);
  *party = (RtPartyInfo){ .id = fold->event->party,
                          .name = rt_analysis_keep (analysis, name),
                          .kind = rt_analysis_keep (analysis, kind),
                          .joined = fold->event->time };
  g_hash_table_insert (analysis->party_by_id, id, party);
  g_ptr_array_add (analysis->parties, party);
}

static void
end_step (RtAnalysis *analysis, guint number, const RtFold *fold)
{
  for (guint i = analysis->steps->len; i-- > 0;)
    {
      RtStepInfo *step = analysis->steps->pdata[i];

      if (step->number != number)
        continue;
      step->ended = fold->event->time;
      step->last_event = fold->number;
      break;
    }
  if (analysis->step == number)
    analysis->step = 0;
}

static void
fold_step (RtAnalysis *analysis, const RtFold *fold)
{
  RtStepInfo *step;
  const char *title;
  guint32 number;
  gboolean ends;

  if (fold->detail == NULL)
    return;
  g_variant_get (fold->detail, "(u&sb)", &number, &title, &ends);
  if (ends)
    {
      end_step (analysis, number, fold);
      return;
    }
  step = g_new (RtStepInfo, 1);
  *step = (RtStepInfo){ .number = number,
                        .title = rt_analysis_keep (analysis, title),
                        .started = fold->event->time,
                        .ended = RT_TIME_UNKNOWN,
                        .first_event = fold->number,
                        .last_event = RT_EVENT_NONE };
  g_ptr_array_add (analysis->steps, step);
  analysis->step = number;
}

static void (*const folds[RT_N_EVENT_KINDS]) (RtAnalysis *analysis, const RtFold *fold) = {
  [RT_EVENT_PARTY] = fold_party,
  [RT_EVENT_BUFFER] = rt_conduit_fold_buffer,
  [RT_EVENT_CONNECT] = rt_conduit_fold_connect,
  [RT_EVENT_ESTABLISHED] = rt_conduit_fold_established,
  [RT_EVENT_SECURED] = rt_conduit_fold_secured,
  [RT_EVENT_SENT] = rt_conduit_fold_sent,
  [RT_EVENT_RECEIVED] = rt_conduit_fold_received,
  [RT_EVENT_LOST] = rt_conduit_fold_lost,
  [RT_EVENT_EOF] = rt_conduit_fold_eof,
  [RT_EVENT_RESET] = rt_conduit_fold_reset,
  [RT_EVENT_DECISION] = rt_cause_fold_decision,
  [RT_EVENT_STATE] = rt_cause_fold_state,
  [RT_EVENT_STEP] = fold_step,
  [RT_EVENT_GAP] = rt_conduit_fold_gap,
  [RT_EVENT_REBUILT] = rt_rebuilt_fold,
};

/* Bytes that an event shows can be asked for from now on. */
static void
know_bytes (RtAnalysis *analysis, RtSpan span)
{
  RtStream *stream = span.length > 0 ? g_hash_table_lookup (analysis->stream_by_id,
                                                            GUINT_TO_POINTER (span.buffer))
                                     : NULL;

  if (stream != NULL)
    stream->known = MAX (stream->known, rt_span_end (span));
}

/* Whether the event is about a connection and does not say which: a page read from a file may
 * lie. */
static gboolean
lacks_connection (const RtEvent *event)
{
  return event->connection == 0
         && (event->kind == RT_EVENT_GAP || event->kind == RT_EVENT_REBUILT
             || (event->kind >= RT_EVENT_BUFFER && event->kind <= RT_EVENT_RESET));
}

/* What a log gives goes forward and lies in the calendar; a file may give anything, and times are
 * subtracted from each other. */
static RtTime
sane_time (RtAnalysis *analysis, RtTime time)
{
  return MAX (CLAMP (time, RT_TIME_FIRST, RT_TIME_LAST), analysis->end);
}

static void
fold_event (RtAnalysis *analysis, RtPage *page, guint64 number)
{
  RtEvent copy = page->events[number - page->first];
  const RtEvent *event = &copy;
  g_autoptr (GVariant) detail = rt_page_dup_detail (page, (guint)(number - page->first));
  RtFold fold = { event, number, detail };

  copy.time = sane_time (analysis, copy.time);
  if (analysis->start == RT_TIME_UNKNOWN && number >= analysis->first)
    analysis->start = event->time;
  analysis->end = event->time;
  know_bytes (analysis, event->span);
  if (event->kind < RT_N_EVENT_KINDS && folds[event->kind] != NULL && !lacks_connection (event))
    folds[event->kind](analysis, &fold);
  rt_cause_note (analysis, &fold);
  rt_observer_fold (analysis, &fold);
  analysis->length = number + 1;
}

/* The part of @page that was not folded yet and stands before @end. */
static void
fold_page (RtAnalysis *analysis, RtPage *page, guint64 end)
{
  guint64 stop = MIN (end, page->first + page->n);

  if (page->first > analysis->length && stop > page->first)
    {
      /* Pages before this one are not kept: causes in them are not known. */
      analysis->base = analysis->length = page->first;
      g_array_set_size (analysis->event_roots, 0);
      g_array_set_size (analysis->event_tasks, 0);
    }
  for (guint64 number = MAX (analysis->length, page->first); number < stop; number++)
    fold_event (analysis, page, number);
}

/**
 * rt_analysis_feed:
 * @analysis: an analysis
 * @page: the page that follows, or the one fed last, of which more may now be known; reffed for
 *   its bytes
 * @end: events from this number on are not to be known
 *
 * Folds what is new. Feeding event by event gives the same as feeding all at once.
 */
void
rt_analysis_feed (RtAnalysis *analysis, RtPage *page, guint64 end)
{
  guint64 kept = rt_reader_get_length (analysis->own);

  if (kept == 0 || page->first == kept)
    rt_pages_add (analysis->pages, page);
  fold_page (analysis, page, end);
}

/**
 * rt_analysis_feed_reader:
 * @analysis: an analysis, always fed from this reader
 * @reader: reffed: bytes are asked of it when they are needed
 * @end: events from this number on are not to be known
 *
 * Folds what is new. Errors: those of the reader.
 *
 * Returns: %TRUE on success; on failure, what was read before stays
 */
gboolean
rt_analysis_feed_reader (RtAnalysis *analysis, RtReader *reader, guint64 end, GError **error)
{
  guint64 stop = MIN (end, rt_reader_get_length (reader));

  if (analysis->reader != reader)
    {
      g_clear_pointer (&analysis->reader, rt_reader_unref);
      analysis->reader = rt_reader_ref (reader);
    }
  while (analysis->length < stop)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, analysis->length, error);
      guint64 before = analysis->length;

      if (page == NULL)
        return FALSE;
      fold_page (analysis, page, stop);
      if (analysis->length == before)
        {
          rt_set_error (error, RT_ERROR_MISSING, NULL, NULL,
                        "the page with event %" G_GUINT64_FORMAT " does not hold it", before);
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * rt_analysis_get_length:
 * @analysis: an analysis
 *
 * Returns: the number of the first event that is not known
 */
guint64
rt_analysis_get_length (RtAnalysis *analysis)
{
  return analysis->length;
}

/**
 * rt_analysis_get_start:
 * @analysis: an analysis
 *
 * Returns: time of the first event, in a part of its first; %RT_TIME_UNKNOWN if there is none
 */
RtTime
rt_analysis_get_start (RtAnalysis *analysis)
{
  return analysis->start;
}

/**
 * rt_analysis_get_end:
 * @analysis: an analysis
 *
 * Returns: time of the last known event, %RT_TIME_UNKNOWN if there is none
 */
RtTime
rt_analysis_get_end (RtAnalysis *analysis)
{
  return analysis->end;
}

GPtrArray *
rt_analysis_get_parties (RtAnalysis *analysis)
{
  return analysis->parties;
}

GPtrArray *
rt_analysis_get_connections (RtAnalysis *analysis)
{
  return analysis->connections;
}

GPtrArray *
rt_analysis_get_segments (RtAnalysis *analysis)
{
  return analysis->segments;
}

GPtrArray *
rt_analysis_get_exchanges (RtAnalysis *analysis)
{
  return analysis->exchanges;
}

GPtrArray *
rt_analysis_get_decisions (RtAnalysis *analysis)
{
  return analysis->decisions;
}

GPtrArray *
rt_analysis_get_states (RtAnalysis *analysis)
{
  return analysis->states;
}

GPtrArray *
rt_analysis_get_steps (RtAnalysis *analysis)
{
  return analysis->steps;
}

GPtrArray *
rt_analysis_get_notes (RtAnalysis *analysis)
{
  return analysis->notes;
}

/**
 * rt_analysis_get_party:
 * @analysis: an analysis
 * @id: a party's number
 *
 * Returns: (transfer none) (nullable): the party
 */
const RtPartyInfo *
rt_analysis_get_party (RtAnalysis *analysis, RtPartyId id)
{
  return g_hash_table_lookup (analysis->party_by_id, GUINT_TO_POINTER ((guint)id));
}

/**
 * rt_analysis_get_connection:
 * @analysis: an analysis
 * @id: a connection's number
 *
 * Returns: (transfer none) (nullable): the connection
 */
const RtConnectionInfo *
rt_analysis_get_connection (RtAnalysis *analysis, RtConnection id)
{
  const RtConduit *conduit = g_hash_table_lookup (analysis->conduit_by_id, GUINT_TO_POINTER (id));

  return conduit != NULL ? &conduit->info : NULL;
}

/**
 * rt_analysis_get_exchange:
 * @analysis: an analysis
 * @id: its number
 *
 * Returns: (transfer none) (nullable): the exchange
 */
const RtExchange *
rt_analysis_get_exchange (RtAnalysis *analysis, guint id)
{
  return rt_part_get_exchange (analysis, id);
}

/**
 * rt_analysis_get_event_exchange:
 * @analysis: an analysis
 * @event: number of an event
 *
 * Returns: id of the exchange whose bytes the event carried, or that led to it; 0 = none
 */
guint
rt_analysis_get_event_exchange (RtAnalysis *analysis, guint64 event)
{
  return event >= analysis->first ? rt_cause_get_exchange (analysis, event) : 0;
}
