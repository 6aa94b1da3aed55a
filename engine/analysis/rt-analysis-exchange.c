/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Exchanges: requests paired with responses, in order per connection (RFC 9112 §9.3.2). */
#include "rt-analysis-private.h"

#include "rt-target-uri.h"

RtTransfer *
rt_transfer_new (RtAnalysis *analysis, RtStream *stream, RtMessage *message, guint64 at)
{
  RtTransfer *transfer = g_new0 (RtTransfer, 1);
  const RtConnectionInfo *info = &stream->conduit->info;
  gboolean forward = stream->direction == RT_FORWARD;

  transfer->message = rt_message_ref (message);
  transfer->message->reconstructed |= stream->provenance == RT_BYTES_RECONSTRUCTED;
  transfer->connection = info->id;
  transfer->direction = stream->direction;
  transfer->from = forward ? info->from : info->to;
  transfer->to = forward ? info->to : info->from;
  transfer->whole = (RtSpan){ at, 0, stream->buffer };
  transfer->sent_first = transfer->sent_head = transfer->sent_last = RT_TIME_UNKNOWN;
  transfer->received_first = transfer->received_head = transfer->received_last = RT_TIME_UNKNOWN;
  transfer->first_event = transfer->last_event = RT_EVENT_NONE;
  transfer->findings = g_array_new (FALSE, FALSE, sizeof (RtFinding));
  g_ptr_array_add (analysis->transfers, transfer);
  g_ptr_array_add (stream->transfers, transfer);
  return transfer;
}

void
rt_transfer_free (gpointer data)
{
  RtTransfer *transfer = data;

  rt_message_unref (transfer->message);
  g_clear_pointer (&transfer->facts, g_variant_unref);
  g_array_unref (transfer->findings);
  g_free (transfer);
}

void
rt_exchange_free (gpointer data)
{
  RtExchange *exchange = data;

  g_ptr_array_unref (exchange->interim);
  g_ptr_array_unref (exchange->decisions);
  g_ptr_array_unref (exchange->states);
  g_ptr_array_unref (exchange->notes);
  g_free (exchange);
}

static RtExchange *
begin (RtAnalysis *analysis, RtConduit *conduit, const RtFold *fold)
{
  RtExchange *exchange = g_new0 (RtExchange, 1);

  exchange->connection = conduit->info.id;
  exchange->id = rt_part_number_exchange (analysis, exchange, fold->number);
  exchange->client = conduit->info.from;
  exchange->server = conduit->info.to;
  exchange->interim = g_ptr_array_new ();
  exchange->decisions = g_ptr_array_new ();
  exchange->states = g_ptr_array_new ();
  exchange->notes = g_ptr_array_new ();
  exchange->started = exchange->ended = RT_TIME_UNKNOWN;
  exchange->step = analysis->step;
  exchange->scheme = conduit->info.secure ? "https" : "http";
  exchange->authority = "";
  g_ptr_array_add (analysis->exchanges, exchange);
  g_ptr_array_add (conduit->exchanges, exchange);
  conduit->info.n_exchanges++;
  return exchange;
}

static gboolean
is_settled (const RtExchange *exchange)
{
  return exchange->response != NULL || exchange->failed != NULL;
}

/* The first exchange of the connection that waits for its final response, or NULL. */
RtExchange *
rt_exchange_waiting (RtConduit *conduit)
{
  while (conduit->answered < conduit->exchanges->len
         && is_settled (conduit->exchanges->pdata[conduit->answered]))
    conduit->answered++;
  return conduit->answered < conduit->exchanges->len ? conduit->exchanges->pdata[conduit->answered]
                                                     : NULL;
}

void
rt_exchange_fail (RtAnalysis *analysis, RtExchange *exchange, const RtFold *fold, const char *why)
{
  if (exchange->failed != NULL)
    return;
  exchange->failed = rt_analysis_keep (analysis, why);
  exchange->failed_event = fold->number;
  if (exchange->ended == RT_TIME_UNKNOWN)
    exchange->ended = fold->event->time;
  rt_note_add_failed (analysis, exchange, fold);
  rt_observer_note_end (analysis, exchange->id);
}

void
rt_exchange_fail_waiting (RtAnalysis *analysis,
                          RtConduit *conduit,
                          const RtFold *fold,
                          const char *why)
{
  RtExchange *exchange;

  while ((exchange = rt_exchange_waiting (conduit)) != NULL)
    rt_exchange_fail (analysis, exchange, fold, why);
}

/* @transfer is complete: with the final response the exchange is. */
void
rt_exchange_note_end (RtAnalysis *analysis, const RtTransfer *transfer)
{
  const RtExchange *exchange
      = transfer->exchange != 0 ? rt_part_get_exchange (analysis, transfer->exchange) : NULL;

  if (exchange != NULL && exchange->response == transfer)
    rt_observer_note_end (analysis, exchange->id);
}

/* A request's first byte is there. */
void
rt_exchange_add_request (RtAnalysis *analysis,
                         RtStream *stream,
                         RtTransfer *request,
                         const RtFold *fold)
{
  RtExchange *exchange;

  /* Whoever asks again without having got an answer does not wait for it any more: where bytes
   * are missing, it was among them. Else the client pipelines. */
  if (stream->conduit->gap)
    rt_exchange_fail_waiting (analysis, stream->conduit, fold,
                              "The response is missing from the recording");
  stream->conduit->gap = FALSE;
  exchange = begin (analysis, stream->conduit, fold);
  exchange->request = request;
  exchange->started = fold->event->time;
  exchange->reconstructed = stream->provenance == RT_BYTES_RECONSTRUCTED;
  request->exchange = exchange->id;
}

static void
set_target_uri (RtAnalysis *analysis, RtConduit *conduit, RtExchange *exchange, RtMessage *message)
{
  g_autofree char *scheme = NULL;
  g_autofree char *authority = NULL;

  rt_target_uri_read (message, &conduit->info, &scheme, &authority);
  exchange->scheme = rt_analysis_keep (analysis, scheme);
  exchange->authority = rt_analysis_keep (analysis, authority);
}

/* The head of a request is there. */
void
rt_exchange_set_request_head (RtAnalysis *analysis,
                              RtStream *stream,
                              RtTransfer *request,
                              RtMessage *message,
                              const RtFold *fold)
{
  RtExchange *exchange = rt_part_get_exchange (analysis, request->exchange);
  GPtrArray *streams = stream->conduit->streams;

  rt_message_ref (message);
  rt_message_unref (request->message);
  request->message = message;
  message->reconstructed |= stream->provenance == RT_BYTES_RECONSTRUCTED;
  set_target_uri (analysis, stream->conduit, exchange, message);
  rt_cause_adopt (analysis, exchange, fold);
  if (is_settled (exchange))
    return;
  for (guint i = 0; i < streams->len; i++)
    {
      RtStream *other = streams->pdata[i];

      if (other->direction == RT_BACKWARD && other->reader != NULL)
        rt_http1_reader_expect (other->reader, message->method);
    }
}

/* The head of a response is there. */
void
rt_exchange_add_response (RtAnalysis *analysis,
                          RtStream *stream,
                          RtTransfer *response,
                          const RtFold *fold)
{
  guint status = response->message->status;
  /* 1xx but for 101, which is the final one in this protocol: RFC 9110 §15.2. */
  gboolean interim = status >= 100 && status < 200 && status != 101;
  RtExchange *exchange = rt_exchange_waiting (stream->conduit);

  if (exchange == NULL)
    {
      exchange = begin (analysis, stream->conduit, fold);
      exchange->started = fold->event->time;
    }
  exchange->reconstructed |= stream->provenance == RT_BYTES_RECONSTRUCTED;
  response->exchange = exchange->id;
  if (interim)
    g_ptr_array_add (exchange->interim, response);
  else
    exchange->response = response;
}
