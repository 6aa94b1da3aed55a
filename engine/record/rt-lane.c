/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An analysis remembers all that it was fed, which a recording of days cannot afford. But what is
 * said of an exchange depends on its own connection alone. So each connection has an analysis of
 * its own, fed by a reader that shows it that connection's events and bytes, numbered anew; bytes
 * are let go of once they were folded. Where all exchanges have ended and no byte is left over,
 * the connection is as good as new: the analysis is replaced by a fresh one, which is told again
 * how the connection was opened and sees its buffers begin here.
 *
 * An analysis that knows of no exchange yet is spared those that are read without one
 * (rt-whole-exchange.c): for it, the buffers begin behind them. */
#include "rt-lane-private.h"

/* Exchanges after which an analysis is replaced, at the next moment at which it can be. */
#define REST_AFTER 16
/* Events that wait for it at most, where there is such a moment. */
#define EVENTS_MAX 64

/* -- What the analysis reads -- */

static guint64
lane_get_length (gpointer self)
{
  RtLane *lane = self;

  return lane->first + lane->events->len;
}

static RtPage *
lane_dup_page (gpointer self, guint64 event, GError **error)
{
  RtLane *lane = self;
  g_autoptr (GBytes) arena = g_bytes_new (lane->arena->data, lane->arena->len);

  return rt_page_new (lane->first, (const RtEvent *)(gpointer)lane->events->data, lane->events->len,
                      arena, NULL, 0);
}

static GBytes *
lane_dup_bytes (gpointer self, RtSpan span, GError **error)
{
  return rt_lane_dup_bytes (self, span, error);
}

/* The lane owns its reader, not the other way round. */
static void
lane_free_reader (gpointer self)
{
}

static void
start (RtLane *lane)
{
  static const RtReaderClass klass
      = { lane_get_length, lane_dup_page, lane_dup_bytes, lane_free_reader };

  lane->analysis = rt_analysis_new ();
  lane->reader = rt_reader_new (&klass, lane);
  lane->first = 0;
  lane->next = 0;
  lane->analysed = FALSE;
  if (lane->observer != NULL)
    rt_analysis_set_observer (lane->analysis, lane->observer);
}

RtLane *
rt_lane_new (RtConnection connection)
{
  RtLane *lane = g_new0 (RtLane, 1);

  lane->connection = connection;
  lane->events = g_array_new (FALSE, FALSE, sizeof (RtEvent));
  lane->arena = g_byte_array_new ();
  lane->numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  lane->opening = g_array_new (FALSE, FALSE, sizeof (RtEvent));
  lane->opening_arena = g_byte_array_new ();
  lane->opening_numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  lane->buffers = g_ptr_array_new_with_free_func (rt_lane_buffer_free);
  lane->whole = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_whole_exchange_free);
  start (lane);
  return lane;
}

/**
 * rt_lane_new_over:
 * @source: a reader of the log: all bytes of the connection can be asked for at any time
 */
RtLane *
rt_lane_new_over (RtConnection connection, RtReader *source)
{
  RtLane *lane = rt_lane_new (connection);

  lane->source = rt_reader_ref (source);
  return lane;
}

/**
 * rt_lane_new_observed:
 * @source: as for rt_lane_new_over()
 * @observer: (nullable): looks at its exchanges; reffed. All lanes that have it are fed in the
 *   log's order, with rt_lane_fold() for each event
 */
RtLane *
rt_lane_new_observed (RtConnection connection, RtReader *source, RtObserver *observer)
{
  RtLane *lane = rt_lane_new_over (connection, source);

  if (observer == NULL)
    return lane;
  lane->observer = rt_observer_ref (observer);
  rt_analysis_set_observer (lane->analysis, observer);
  return lane;
}

void
rt_lane_free (RtLane *lane)
{
  g_clear_pointer (&lane->source, rt_reader_unref);
  g_clear_pointer (&lane->observer, rt_observer_unref);
  rt_analysis_free (lane->analysis);
  rt_reader_unref (lane->reader);
  g_array_unref (lane->events);
  g_byte_array_unref (lane->arena);
  g_array_unref (lane->numbers);
  g_array_unref (lane->opening);
  g_byte_array_unref (lane->opening_arena);
  g_array_unref (lane->opening_numbers);
  g_ptr_array_unref (lane->buffers);
  g_ptr_array_unref (lane->whole);
  g_free (lane);
}

/* -- What it is given -- */

/* Its event says which way its bytes go and how they came to be. */
static void
learn_buffer (RtLaneBuffer *buffer, const RtPage *page, guint i)
{
  g_autoptr (GVariant) detail = rt_page_dup_detail (page, i);
  guint8 direction = 0;
  guint8 provenance = 0;
  RtBufferId source = 0;

  if (detail == NULL)
    return;
  g_variant_get (detail, "(yyu)", &direction, &provenance, &source);
  buffer->direction = direction == RT_FORWARD ? RT_FORWARD : RT_BACKWARD;
  buffer->rebuilt = provenance == RT_BYTES_RECONSTRUCTED;
}

static void
put (GArray *events,
     GByteArray *arena,
     GArray *numbers,
     RtEvent event,
     const RtPage *page,
     guint64 number)
{
  static const guint8 padding[8] = { 0 };
  gsize size;
  const guint8 *details = g_bytes_get_data (page->arena, &size);

  if ((gsize)event.detail + event.detail_length > size)
    event.detail_length = 0;
  if (event.detail_length > 0)
    {
      g_byte_array_append (arena, padding, (8 - arena->len % 8) % 8);
      g_byte_array_append (arena, details + event.detail, event.detail_length);
      event.detail = arena->len - event.detail_length;
    }
  g_array_append_val (events, event);
  g_array_append_val (numbers, number);
}

/**
 * rt_lane_add_event:
 * @page: a page of the log
 * @i: index of an event of the connection in it
 */
void
rt_lane_add_event (RtLane *lane, const RtPage *page, guint i)
{
  RtEvent event = page->events[i];
  guint64 number = page->first + i;

  event.cause = RT_EVENT_NONE;
  switch (event.kind)
    {
    case RT_EVENT_BUFFER:
      learn_buffer (rt_lane_ensure_buffer (lane, event.span.buffer), page, i);
      G_GNUC_FALLTHROUGH;
    case RT_EVENT_CONNECT:
    case RT_EVENT_ESTABLISHED:
    case RT_EVENT_SECURED:
      put (lane->opening, lane->opening_arena, lane->opening_numbers, event, page, number);
      break;
    case RT_EVENT_SENT:
    case RT_EVENT_RECEIVED:
    case RT_EVENT_LOST:
    case RT_EVENT_EOF:
    case RT_EVENT_RESET:
    case RT_EVENT_GAP:
    case RT_EVENT_REBUILT:
      break;
    default:
      return;
    }
  if (event.span.length > 0)
    {
      RtLaneBuffer *buffer = rt_lane_ensure_buffer (lane, event.span.buffer);

      /* Of exchanges that have ended: late copies of their segments. */
      if (event.span.offset < buffer->base)
        return;
      buffer->ahead = MAX (buffer->ahead, rt_span_end (event.span));
      event.span.offset -= buffer->base;
    }
  else if (event.kind == RT_EVENT_REBUILT)
    {
      RtLaneBuffer *buffer = rt_lane_ensure_buffer (lane, event.span.buffer);

      buffer->announced = event.span.offset + 1;
      event.span.offset -= MIN (buffer->base, event.span.offset);
    }
  put (lane->events, lane->arena, lane->numbers, event, page, number);
}

static guint64
number_here (const RtLane *lane, guint64 event)
{
  guint low = 0;
  guint high = lane->numbers->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (g_array_index (lane->numbers, guint64, middle) < event)
        low = middle + 1;
      else
        high = middle;
    }
  return low < lane->numbers->len && g_array_index (lane->numbers, guint64, low) == event
             ? low
             : RT_EVENT_NONE;
}

/**
 * rt_lane_add_caused:
 * @page: a page of the log
 * @i: index of an event of no connection whose cause is one of this one
 *
 * Adds it where the cause was not forgotten yet.
 */
void
rt_lane_add_caused (RtLane *lane, const RtPage *page, guint i)
{
  RtEvent event = page->events[i];

  event.cause = number_here (lane, event.cause);
  event.span = RT_SPAN_NONE;
  if (event.cause != RT_EVENT_NONE)
    put (lane->events, lane->arena, lane->numbers, event, page, page->first + i);
}

/* Without an analysis an exchange is read sooner. */
static guint
rest_after (const RtLane *lane)
{
  return lane->observer == NULL && rt_lane_is_rebuilt (lane) ? 1 : REST_AFTER;
}

/**
 * rt_lane_is_due:
 * @event: of the connection, the next one
 *
 * Returns: whether it is time to fold what was added: @event begins a request or has bytes of one,
 *   before which a connection is most likely at rest, and there is much that could be forgotten
 */
gboolean
rt_lane_is_due (RtLane *lane, const RtEvent *event)
{
  const RtLaneBuffer *buffer;

  if ((event->span.length == 0 && event->kind != RT_EVENT_REBUILT)
      || (lane->events->len < EVENTS_MAX
          && rt_analysis_get_exchanges (lane->analysis)->len < rest_after (lane)))
    return FALSE;
  buffer = rt_lane_find_buffer (lane, event->span.buffer);
  return buffer != NULL && buffer->direction == RT_FORWARD
         && buffer->rebuilt == (event->kind == RT_EVENT_REBUILT);
}

/**
 * rt_lane_fold:
 * @lane: a lane
 *
 * Analyses what was added, and lets go of the bytes.
 */
void
rt_lane_fold (RtLane *lane)
{
  /* Who has the whole log looks at an exchange after it was folded. */
  if (lane->source != NULL)
    rt_lane_let_go (lane);
  rt_lane_read_whole (lane);
  lane->analysed |= !rt_lane_only_opens (lane);
  rt_analysis_feed_reader (lane->analysis, lane->reader, G_MAXUINT64, NULL);
  lane->first += lane->events->len;
  g_array_set_size (lane->events, 0);
  g_byte_array_set_size (lane->arena, 0);
  for (guint i = 0; i < lane->buffers->len; i++)
    {
      RtLaneBuffer *buffer = lane->buffers->pdata[i];

      buffer->known = MAX (buffer->known, buffer->ahead);
    }
  if (lane->source == NULL)
    rt_lane_let_go (lane);
}

RtAnalysis *
rt_lane_get_analysis (RtLane *lane)
{
  return lane->analysis;
}

/**
 * rt_lane_next_exchange:
 *
 * Returns: (transfer none) (nullable): an exchange that was not given yet; it lives until
 *   rt_lane_rest()
 */
const RtExchange *
rt_lane_next_exchange (RtLane *lane)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (lane->analysis);

  return lane->next < exchanges->len ? exchanges->pdata[lane->next++] : NULL;
}

/**
 * rt_lane_get_number:
 * @event: a number that the lane's analysis gave
 *
 * Returns: the event's number in the log
 */
guint64
rt_lane_get_number (RtLane *lane, guint64 event)
{
  return event < lane->numbers->len ? g_array_index (lane->numbers, guint64, event) : RT_EVENT_NONE;
}

RtConnection
rt_lane_get_connection (RtLane *lane)
{
  return lane->connection;
}

guint
rt_lane_get_n_buffers (RtLane *lane)
{
  return lane->buffers->len;
}

RtBufferId
rt_lane_get_buffer (RtLane *lane, guint i)
{
  return ((RtLaneBuffer *)lane->buffers->pdata[i])->id;
}

/**
 * rt_lane_get_info:
 *
 * Returns: (transfer none) (nullable): what is known of the connection
 */
const RtConnectionInfo *
rt_lane_get_info (RtLane *lane)
{
  return rt_analysis_get_connection (lane->analysis, lane->connection);
}

/**
 * rt_lane_is_over:
 *
 * Returns: %TRUE if the connection has ended
 */
gboolean
rt_lane_is_over (RtLane *lane)
{
  const RtConnectionInfo *info = rt_lane_get_info (lane);

  return info != NULL && info->end != RT_CONNECTION_OPEN;
}

/**
 * rt_exchange_opened_tunnel:
 *
 * Returns: whether what follows on its connection is no HTTP
 */
gboolean
rt_exchange_opened_tunnel (const RtExchange *exchange)
{
  return exchange->response != NULL && exchange->response->has_head
         && exchange->response->message->framing == RT_FRAMING_TUNNEL;
}

/**
 * rt_lane_is_open:
 * @exchange: of the lane's analysis
 *
 * Returns: whether there may be more to say of it. Of a request that was answered early, that is
 *   until all of it was sent; of a tunnel, until its connection has ended
 */
gboolean
rt_lane_is_open (RtLane *lane, const RtExchange *exchange)
{
  const RtTransfer *request = exchange->request;

  if (exchange->ended == RT_TIME_UNKNOWN)
    return TRUE;
  if (rt_lane_is_over (lane))
    return FALSE;
  return rt_exchange_opened_tunnel (exchange)
         || (request != NULL && exchange->failed == NULL && !request->complete
             && request->broken == NULL);
}

static guint64
end_in (const RtTransfer *transfer, RtBufferId buffer)
{
  return transfer != NULL && transfer->whole.buffer == buffer ? rt_span_end (transfer->whole) : 0;
}

/* Whether the messages of a buffer end where its bytes do. One without messages (ciphertext below
 * a buffer of plaintext) may be cut anywhere. */
static gboolean
is_consumed (RtLane *lane, const RtLaneBuffer *buffer)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (lane->analysis);
  guint64 end = 0;

  for (guint i = 0; i < exchanges->len; i++)
    {
      const RtExchange *exchange = exchanges->pdata[i];

      end = MAX (end, end_in (exchange->request, buffer->id));
      end = MAX (end, end_in (exchange->response, buffer->id));
      for (guint j = 0; exchange->interim != NULL && j < exchange->interim->len; j++)
        end = MAX (end, end_in (exchange->interim->pdata[j], buffer->id));
    }
  return (end == 0 || end == buffer->known - buffer->base) && buffer->announced <= buffer->known;
}

/**
 * rt_lane_can_rest:
 *
 * Returns: whether what went over the connection so far changes nothing for what comes, and is
 *   enough to be worth forgetting
 */
gboolean
rt_lane_can_rest (RtLane *lane)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (lane->analysis);

  if (lane->events->len > 0 || exchanges->len < rest_after (lane))
    return FALSE;
  for (guint i = 0; i < exchanges->len; i++)
    if (((RtExchange *)exchanges->pdata[i])->ended == RT_TIME_UNKNOWN)
      return FALSE;
  for (guint i = 0; i < lane->buffers->len; i++)
    if (!is_consumed (lane, lane->buffers->pdata[i]))
      return FALSE;
  return TRUE;
}

/**
 * rt_lane_rest:
 * @lane: a lane none of whose exchanges is of interest any more
 *
 * Forgets what went over the connection, if that changes nothing for what comes.
 */
void
rt_lane_rest (RtLane *lane)
{
  if (!rt_lane_can_rest (lane))
    return;
  rt_analysis_free (lane->analysis);
  rt_reader_unref (lane->reader);
  start (lane);
  g_array_append_vals (lane->events, lane->opening->data, lane->opening->len);
  g_byte_array_append (lane->arena, lane->opening_arena->data, lane->opening_arena->len);
  g_array_set_size (lane->numbers, 0);
  g_array_append_vals (lane->numbers, lane->opening_numbers->data, lane->opening_numbers->len);
  for (guint i = 0; i < lane->buffers->len; i++)
    {
      RtLaneBuffer *buffer = lane->buffers->pdata[i];

      buffer->base = buffer->known;
    }
}
