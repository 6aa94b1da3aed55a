/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An import tells of a message where it begins and how long it is, so the few events of an exchange
 * hold all that its row says. Where they are as an import writes them, one exchange after the
 * other, they are read here; an analysis takes three times as long for the same. Whatever is the
 * least bit odd is left to the analysis (tests/record/test-whole-exchange.c holds each row against
 * it). */
#include "rt-whole-exchange.h"

#include "rt-calendar.h"
#include "rt-facts.h"
#include "rt-http1.h"
#include "rt-target-uri.h"

#include <string.h>

/* A message as far as its events tell of it. */
typedef struct
{
  RtRebuiltDetail detail;
  RtSpan whole; /* of no bytes until it was announced */
  guint32 sent, received;
  RtTime sent_first, received_last;
  guint64 first_event, last_event;
} Half;

static gboolean
is_complete (const Half *half)
{
  return half->whole.length > 0 && half->sent == half->whole.length
         && half->received == half->whole.length;
}

static gboolean
announce (const RtWholeSource *source, const RtEvent *event, RtDirection way, Half *half)
{
  guint64 length;

  if (half->whole.length > 0 || event->span.offset != source->offsets[way]
      || (gsize)event->detail + event->detail_length > source->arena_size
      || !rt_facts_read_rebuilt (source->arena + event->detail, event->detail_length,
                                 &half->detail))
    return FALSE;
  if (half->detail.head == 0 || half->detail.content >= G_MAXUINT32
      || half->detail.head + half->detail.content >= G_MAXUINT32)
    return FALSE;
  length = half->detail.head + half->detail.content;
  half->whole = (RtSpan){ event->span.offset, (guint32)length, source->buffers[way] };
  return TRUE;
}

/* Bytes that left or arrived are believed where they follow those before. */
static gboolean
take (const Half *half, guint32 *so_far, guint32 limit, RtSpan span)
{
  if (span.length == 0 || span.offset != half->whole.offset + *so_far
      || span.length > limit - *so_far)
    return FALSE;
  *so_far += span.length;
  return TRUE;
}

static gboolean
read_event (const RtWholeSource *source, guint i, Half halves[2])
{
  const RtEvent *event = &source->events[i];
  RtDirection way = event->span.buffer == source->buffers[RT_FORWARD] ? RT_FORWARD : RT_BACKWARD;
  Half *half = &halves[way];

  if (event->span.buffer != source->buffers[way] || event->time < RT_TIME_FIRST
      || event->time > RT_TIME_LAST || (way == RT_BACKWARD && !is_complete (&halves[RT_FORWARD])))
    return FALSE;
  switch (event->kind)
    {
    case RT_EVENT_REBUILT:
      return announce (source, event, way, half);
    case RT_EVENT_SENT:
      if (half->sent == 0)
        {
          half->sent_first = event->time;
          half->first_event = source->numbers[i];
        }
      half->last_event = source->numbers[i];
      return take (half, &half->sent, half->whole.length, event->span);
    case RT_EVENT_RECEIVED:
      half->received_last = event->time;
      return take (half, &half->received, half->sent, event->span);
    default:
      return FALSE;
    }
}

static RtMessage *
read_message (const RtWholeSource *source, const Half *half, RtMessageKind kind)
{
  RtSpan span = rt_span_sub (half->whole, 0, half->detail.head);
  g_autoptr (GBytes) head = source->dup_bytes (source->data, span);
  RtMessage *message = head != NULL ? rt_http1_read_plain (kind, head, span) : NULL;

  if (message == NULL)
    return NULL;
  message->framing = half->detail.content > 0 ? RT_FRAMING_LENGTH : RT_FRAMING_NONE;
  message->content_length = half->detail.content;
  message->reconstructed = TRUE;
  return message;
}

/* 1xx but for 101 are not final: RFC 9110 §15.2. */
static gboolean
is_final (const RtMessage *response)
{
  return response->status >= 200 || response->status == 101;
}

/* Rows ask whether a cache had it. Few sources say so, and a name that is in the dictionary is in
 * its bytes. */
static gboolean
is_asked_for (RtText facts)
{
  static const char key[] = "from-cache";

  return facts.length > 0 && memmem (facts.at, facts.length, key, sizeof key) != NULL;
}

static void
fill_transfer (RtTransfer *transfer, const RtWholeSource *source, const Half *half, RtDirection way)
{
  const RtConnectionInfo *info = source->connection;

  *transfer = (RtTransfer){ .message = transfer->message,
                            .has_head = TRUE,
                            .connection = info->id,
                            .direction = way,
                            .from = way == RT_FORWARD ? info->from : info->to,
                            .to = way == RT_FORWARD ? info->to : info->from,
                            .whole = half->whole,
                            .sent_first = half->sent_first,
                            .received_last = half->received_last,
                            .first_event = half->first_event,
                            .last_event = half->last_event,
                            .complete = TRUE };
  if (is_asked_for (half->detail.facts))
    {
      g_autoptr (GBytes) facts = g_bytes_new (half->detail.facts.at, half->detail.facts.length);

      transfer->facts
          = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, facts, FALSE));
    }
}

static void
fill_exchange (RtWholeExchange *whole, const RtWholeSource *source, const Half halves[2])
{
  const RtConnectionInfo *info = source->connection;

  fill_transfer (&whole->request, source, &halves[RT_FORWARD], RT_FORWARD);
  fill_transfer (&whole->response, source, &halves[RT_BACKWARD], RT_BACKWARD);
  rt_target_uri_read (whole->request.message, info, &whole->scheme, &whole->authority);
  whole->exchange = (RtExchange){ .connection = info->id,
                                  .client = info->from,
                                  .server = info->to,
                                  .request = &whole->request,
                                  .response = &whole->response,
                                  .started = halves[RT_FORWARD].sent_first,
                                  .ended = halves[RT_BACKWARD].received_last,
                                  .scheme = whole->scheme,
                                  .authority = whole->authority,
                                  .reconstructed = TRUE };
}

/**
 * rt_whole_exchange_read:
 * @source: is behind the exchange afterwards; untouched on failure
 *
 * Returns: (transfer full) (nullable): the exchange that @source begins with; %NULL if it is not
 *   whole, or if it takes an analysis to say what it is
 */
RtWholeExchange *
rt_whole_exchange_read (RtWholeSource *source)
{
  g_autoptr (RtWholeExchange) whole = NULL;
  Half halves[2] = { 0 };
  guint n = 0;

  while (n < source->n && !is_complete (&halves[RT_BACKWARD]))
    if (!read_event (source, n++, halves))
      return NULL;
  if (!is_complete (&halves[RT_BACKWARD]))
    return NULL;
  whole = g_new0 (RtWholeExchange, 1);
  whole->request.message = read_message (source, &halves[RT_FORWARD], RT_MESSAGE_REQUEST);
  whole->response.message = read_message (source, &halves[RT_BACKWARD], RT_MESSAGE_RESPONSE);
  if (whole->request.message == NULL || whole->response.message == NULL
      || !is_final (whole->response.message))
    return NULL;
  fill_exchange (whole, source, halves);
  for (RtDirection way = RT_FORWARD; way <= RT_BACKWARD; way++)
    source->offsets[way] = rt_span_end (halves[way].whole);
  source->events += n;
  source->numbers += n;
  source->n -= n;
  return g_steal_pointer (&whole);
}

void
rt_whole_exchange_free (RtWholeExchange *whole)
{
  g_clear_pointer (&whole->request.message, rt_message_unref);
  g_clear_pointer (&whole->response.message, rt_message_unref);
  g_clear_pointer (&whole->request.facts, g_variant_unref);
  g_clear_pointer (&whole->response.facts, g_variant_unref);
  g_free (whole->scheme);
  g_free (whole->authority);
  g_free (whole);
}
