/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What becomes of a message from hop to hop and from try to try: which requests are sent again, and
 * which messages waited in a buffer until all of them was there. Both are read off the bytes and
 * their times, so that a capture shows them as a lesson does. */
#include "rt-timeline-derive-private.h"

#include <string.h>

/* How far apart two exchanges may be that belong together: as many as may be under way at once. */
#define MAX_APART 256

static RtTimelineMessage *
message_of (RtTimelineDerive *derive, guint exchange, gboolean request)
{
  guint i = rt_timeline_derive_message (derive, exchange, request);

  return i != RT_TIMELINE_NONE ? &g_array_index (derive->model->messages, RtTimelineMessage, i)
                               : NULL;
}

static gboolean
has_head (const RtExchange *exchange)
{
  return exchange->request != NULL && exchange->request->has_head;
}

static gboolean
same_request (const RtExchange *a, const RtExchange *b)
{
  return a->client == b->client && has_head (a) && has_head (b)
         && rt_text_equal (a->request->message->method, b->request->message->method)
         && rt_text_equal (a->request->message->target, b->request->message->target)
         && g_strcmp0 (a->authority, b->authority) == 0;
}

/* Whether the client gave @exchange up, or decided to send it again. */
static gboolean
is_repeated (const RtExchange *exchange)
{
  if (exchange->failed != NULL && exchange->response == NULL)
    return TRUE;
  for (guint i = 0; i < exchange->decisions->len; i++)
    {
      const RtDecisionInfo *info = exchange->decisions->pdata[i];

      if (info->party == exchange->client && rt_decision_get_acted (info->decision)
          && strcmp (rt_decision_get_rule (info->decision), "retry") == 0)
        return TRUE;
    }
  return FALSE;
}

/* The first request that says the same again is the retry. */
static void
mark_retries (RtTimelineDerive *derive)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (derive->analysis);

  for (guint i = 0; i < exchanges->len; i++)
    {
      const RtExchange *first = exchanges->pdata[i];

      if (!has_head (first) || !is_repeated (first))
        continue;
      for (guint j = i + 1; j < MIN (exchanges->len, i + MAX_APART); j++)
        if (same_request (first, exchanges->pdata[j]))
          {
            RtTimelineMessage *again
                = message_of (derive, ((const RtExchange *)exchanges->pdata[j])->id, TRUE);

            if (again != NULL)
              again->retry = TRUE;
            break;
          }
    }
}

/* Content that came in more than one piece was all there before any of it went on. */
static gboolean
waited (const RtTransfer *in, const RtTransfer *out)
{
  return in != NULL && out != NULL && in->complete && in->received_first != RT_TIME_UNKNOWN
         && in->received_last > in->received_first && out->sent_first != RT_TIME_UNKNOWN
         && out->sent_first >= in->received_last && in->content_length > 0
         && out->content_length > 0;
}

/* Whether @outer was being answered while its server asked @inner for the same target. */
static gboolean
relays (const RtExchange *outer, const RtExchange *inner)
{
  return outer->server == inner->client && has_head (outer) && has_head (inner)
         && outer->request->received_first != RT_TIME_UNKNOWN
         && outer->request->received_first <= inner->started
         && (outer->response == NULL || inner->response == NULL
             || outer->response->sent_first == RT_TIME_UNKNOWN
             || outer->response->sent_first >= inner->started)
         && rt_text_equal (outer->request->message->method, inner->request->message->method)
         && rt_text_equal (outer->request->message->target, inner->request->message->target);
}

static const RtExchange *
outer_of (GPtrArray *exchanges, guint inner)
{
  for (guint back = 1; back <= MIN (inner, MAX_APART); back++)
    if (relays (exchanges->pdata[inner - back], exchanges->pdata[inner]))
      return exchanges->pdata[inner - back];
  return NULL;
}

static void
mark_buffered (RtTimelineDerive *derive)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (derive->analysis);

  for (guint i = 0; i < exchanges->len; i++)
    {
      const RtExchange *inner = exchanges->pdata[i];
      const RtExchange *outer = outer_of (exchanges, i);
      RtTimelineMessage *request, *response;

      if (outer == NULL)
        continue;
      request = message_of (derive, inner->id, TRUE);
      response = message_of (derive, outer->id, FALSE);
      if (request != NULL && waited (outer->request, inner->request))
        request->buffered = TRUE;
      if (response != NULL && waited (inner->response, outer->response))
        response->buffered = TRUE;
    }
}

/* Marks retries and what was buffered; the messages are there. */
void
rt_timeline_derive_hops (RtTimelineDerive *derive)
{
  mark_retries (derive);
  mark_buffered (derive);
}
