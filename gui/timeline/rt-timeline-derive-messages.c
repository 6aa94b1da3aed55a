/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Messages: what they are called, and what their colour and badge say. */
#include "rt-timeline-derive-private.h"

#include "rt-note.h"
#include "rt-reference.h"

#include <string.h>

/* Whether @note tells of a decision that the server made, and not of one about its answer. */
static gboolean
is_of_server (const RtExchange *exchange, const RtNote *note)
{
  for (guint i = 0; i < exchange->decisions->len; i++)
    {
      const RtDecisionInfo *info = exchange->decisions->pdata[i];

      if (info->event == note->event)
        return info->party == exchange->server;
    }
  return FALSE;
}

/* @ret_good: the server did well by somebody, whatever its status is. */
static RtSeverity
worst_note (const RtExchange *exchange, gboolean *ret_good)
{
  RtSeverity worst = RT_SEVERITY_GOOD;

  *ret_good = FALSE;
  for (guint i = 0; i < exchange->notes->len; i++)
    {
      const RtNote *note = exchange->notes->pdata[i];

      worst = MAX (worst, note->severity);
      *ret_good |= note->severity == RT_SEVERITY_GOOD && is_of_server (exchange, note);
    }
  return worst;
}

static gboolean
is_from_store (const RtMessage *message)
{
  g_autofree char *status = rt_fields_dup_combined (message->fields, "Cache-Status");

  return rt_fields_first (message->fields, "Age") != NULL
         || (status != NULL && strstr (status, "hit") != NULL);
}

/* Colour says who was wronged: what the notes say counts, and the status only where they are
 * silent. */
static void
dress_response (RtTimelineMessage *message, const RtExchange *exchange, guint status)
{
  gboolean good;
  RtSeverity worst = worst_note (exchange, &good);

  message->kind = RT_TIMELINE_RESPONSE;
  if (worst == RT_SEVERITY_PROBLEM || status >= 500 || (status >= 400 && !good))
    {
      message->kind = RT_TIMELINE_ERROR;
      message->badge = RT_TIMELINE_PROBLEM;
    }
  else if (worst == RT_SEVERITY_WARNING)
    message->badge = RT_TIMELINE_WARNING;
  else if (status >= 400)
    message->badge = RT_TIMELINE_SHIELD;
}

static void
name_request (RtTimelineDerive *derive, RtTimelineMessage *message, const RtTransfer *transfer)
{
  g_autofree char *method = rt_text_escape (transfer->message->method);
  g_autofree char *target = rt_text_escape (transfer->message->target);

  message->code = rt_timeline_model_string (derive->model, transfer->has_head ? method : "…");
  message->text = rt_timeline_model_string (derive->model, transfer->has_head ? target : "");
  message->kind = RT_TIMELINE_REQUEST;
  if (strcmp (method, "OPTIONS") == 0
      && rt_fields_first (transfer->message->fields, "Access-Control-Request-Method") != NULL)
    message->kind = RT_TIMELINE_PREFLIGHT;
}

static void
name_response (RtTimelineDerive *derive,
               RtTimelineMessage *message,
               const RtExchange *exchange,
               const RtTransfer *transfer)
{
  guint status = transfer->message->status;
  const RtStatusInfo *info = rt_status_info (status);
  /* Bytes that are no HTTP have no status. */
  g_autofree char *code = status > 0 ? g_strdup_printf ("%u", status) : g_strdup ("no HTTP");
  g_autofree char *reason = rt_text_escape (transfer->message->reason);

  message->code = rt_timeline_model_string (derive->model, code);
  message->text = rt_timeline_model_string (
      derive->model, *reason != '\0' || info == NULL ? reason : info->reason);
  message->kind = RT_TIMELINE_RESPONSE;
  if (transfer != exchange->response)
    return;
  dress_response (message, exchange, status);
  if (message->badge == RT_TIMELINE_NO_BADGE && is_from_store (transfer->message))
    {
      message->kind = RT_TIMELINE_CACHE;
      message->badge = RT_TIMELINE_BOLT;
    }
}

/* Nobody writes down when a program outside takes what is sent to it: on one machine, as good as at
 * once. The least time there is keeps the answer from lying on the request. */
static void
arrive_outside (RtTimelineDerive *derive, RtTimelineMessage *message)
{
  const RtTimelineParty *to = &g_array_index (derive->model->parties, RtTimelineParty, message->to);

  if (message->received_first != RT_TIME_UNKNOWN || !message->complete
      || strcmp (to->kind, "program") != 0)
    return;
  message->received_first = message->sent_first + 1;
  message->received_last = message->sent_last + 1;
}

static void
add_message (RtTimelineDerive *derive, const RtExchange *exchange, const RtTransfer *transfer)
{
  gboolean request = transfer == exchange->request;
  g_autofree char *meta = rt_exchange_telling_field (derive->analysis, exchange, transfer);
  RtTimelineMessage message = {
    .from = rt_timeline_derive_party (derive, transfer->from),
    .to = rt_timeline_derive_party (derive, transfer->to),
    .rail = rt_timeline_derive_rail (derive, transfer->connection),
    .exchange = exchange->id,
    .sent_first = transfer->sent_first,
    .sent_last = transfer->sent_last,
    .received_first = transfer->received_first,
    .received_last = transfer->received_last,
    .head = 1,
    .meta = rt_timeline_model_string (derive->model, meta),
    .request = request,
    .cut = transfer->broken != NULL,
    .complete = transfer->complete,
  };

  if (message.sent_first == RT_TIME_UNKNOWN)
    message.sent_first = message.received_first;
  if (message.sent_first == RT_TIME_UNKNOWN)
    return;
  arrive_outside (derive, &message);
  if (transfer->has_head && transfer->whole.length > 0)
    message.head = CLAMP ((double)transfer->message->head.length / transfer->whole.length, 0.05, 1);
  if (request)
    {
      name_request (derive, &message, transfer);
      message.reused = !g_hash_table_add (derive->reused, GUINT_TO_POINTER (transfer->connection))
                       || (derive->extras->part && transfer->whole.offset > 0);
    }
  else
    name_response (derive, &message, exchange, transfer);
  g_array_append_val (derive->model->messages, message);
}

static gpointer
key_of (guint exchange, gboolean request)
{
  return GSIZE_TO_POINTER (2 * (gsize)exchange + (request ? 0 : 1));
}

/* Index of the request, or the last response, of an exchange, or RT_TIMELINE_NONE. */
guint
rt_timeline_derive_message (RtTimelineDerive *derive, guint exchange, gboolean request)
{
  gpointer index = g_hash_table_lookup (derive->messages, key_of (exchange, request));

  return index != NULL ? GPOINTER_TO_UINT (index) - 1 : RT_TIMELINE_NONE;
}

/* In the order of their first bytes; what begins at the same moment keeps its order. */
static int
compare_messages (gconstpointer a, gconstpointer b, gpointer data)
{
  const RtTimelineMessage *p = a;
  const RtTimelineMessage *q = b;

  return p->sent_first < q->sent_first ? -1 : p->sent_first > q->sent_first;
}

/* Adds the messages, in the order their first bytes were sent. */
void
rt_timeline_derive_messages (RtTimelineDerive *derive)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (derive->analysis);

  for (guint i = 0; i < exchanges->len; i++)
    {
      const RtExchange *exchange = exchanges->pdata[i];

      if (exchange->request != NULL)
        add_message (derive, exchange, exchange->request);
      for (guint j = 0; j < exchange->interim->len; j++)
        add_message (derive, exchange, exchange->interim->pdata[j]);
      if (exchange->response != NULL)
        add_message (derive, exchange, exchange->response);
    }
  /* g_array_sort_with_data() keeps the order of equals. */
  g_array_sort_with_data (derive->model->messages, compare_messages, NULL);
  for (guint i = 0; i < derive->model->messages->len; i++)
    {
      const RtTimelineMessage *message = rt_timeline_model_get_message (derive->model, i);

      g_hash_table_insert (derive->messages, key_of (message->exchange, message->request),
                           GUINT_TO_POINTER (i + 1));
    }
}
