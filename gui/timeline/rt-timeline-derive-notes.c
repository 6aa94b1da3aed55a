/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Decisions, and the numbered notes in their three layers: the engine's, the author's, one's own.
 */
#include "rt-timeline-derive-private.h"

#include <string.h>

/* "no request: fresh, 40 s left": the deciding check says why. */
static char *
decision_words (const RtTimelineDerive *derive, const RtDecisionInfo *info)
{
  const RtNote *note = g_hash_table_lookup (derive->titles, &info->event);
  RtCheck check;

  if (note != NULL)
    return g_strdup (note->title);
  if (rt_decision_get_deciding (info->decision, &check))
    return g_strdup_printf ("%s: %s", rt_decision_get_verdict (info->decision), check.clause.title);
  return g_strdup (rt_decision_get_verdict (info->decision));
}

/* Adds what was decided, acted upon or not. */
void
rt_timeline_derive_decisions (RtTimelineDerive *derive)
{
  GPtrArray *decisions = rt_analysis_get_decisions (derive->analysis);

  for (guint i = 0; i < decisions->len; i++)
    {
      const RtDecisionInfo *info = decisions->pdata[i];
      g_autofree char *words = decision_words (derive, info);
      guint party = rt_timeline_derive_party (derive, info->party);
      const char *kind = rt_timeline_model_get_party (derive->model, party)->kind;
      RtTimelineDecision decision = {
        .party = party,
        .to = RT_TIMELINE_NONE,
        .time = info->time,
        .acted = rt_decision_get_acted (info->decision),
        .own_store = strcmp (kind, "browser") == 0
                     && g_str_has_prefix (rt_decision_get_rule (info->decision), "cache"),
        .text = rt_timeline_model_string (derive->model, words),
      };

      g_array_append_val (derive->model->decisions, decision);
    }
}

/* The message that @transfer of exchange @id is drawn as, and when and where it arrives. */
static void
place_at_message (RtTimelineDerive *derive,
                  guint id,
                  const RtTransfer *transfer,
                  RtTimelineCard *card)
{
  const RtExchange *exchange = rt_analysis_get_exchange (derive->analysis, id);

  card->message = rt_timeline_derive_message (derive, id, transfer == exchange->request);
  card->party = rt_timeline_derive_party (derive, transfer->to);
  card->time = transfer->received_first != RT_TIME_UNKNOWN ? transfer->received_first
                                                           : transfer->sent_first;
}

/* When and at whom @event happened, as far as its exchange tells. */
static void
locate_note (RtTimelineDerive *derive, const RtNote *note, RtTimelineCard *card)
{
  const RtExchange *exchange = rt_analysis_get_exchange (derive->analysis, note->exchange);
  const RtTransfer *transfer = exchange->response != NULL ? exchange->response : exchange->request;

  for (guint i = 0; i < exchange->decisions->len; i++)
    {
      const RtDecisionInfo *info = exchange->decisions->pdata[i];

      if (info->event != note->event)
        continue;
      card->party = rt_timeline_derive_party (derive, info->party);
      card->time = info->time;
      card->message
          = rt_timeline_derive_message (derive, note->exchange, exchange->response == NULL);
      return;
    }
  if (exchange->request != NULL && note->event <= exchange->request->last_event)
    transfer = exchange->request;
  place_at_message (derive, note->exchange, transfer, card);
}

static int
compare_cards (gconstpointer a, gconstpointer b, gpointer data)
{
  const RtTimelineCard *p = a;
  const RtTimelineCard *q = b;

  return p->time < q->time ? -1 : p->time > q->time;
}

static gboolean
is_shown (const RtTimelineDerive *derive, RtTimelineLayer layer)
{
  return !(derive->extras->hidden_layers & (1u << layer));
}

static const char *
mark_of (RtTimelineDerive *derive, RtTimelineLayer layer, guint number)
{
  g_autofree char *mark = rt_timeline_layer_dup_mark (layer, number);

  return rt_timeline_model_string (derive->model, mark);
}

/* Cards are what is worth stopping at; the rest stands in the inspector under the same numbers. */
static void
add_engine_cards (RtTimelineDerive *derive)
{
  GPtrArray *notes = rt_analysis_get_notes (derive->analysis);

  for (guint i = 0; i < notes->len; i++)
    {
      const RtNote *note = notes->pdata[i];
      RtTimelineCard card = {
        .number = i + 1,
        .exchange = note->exchange,
        .event = note->event,
        .span = note->span,
        .severity = note->severity,
        .mark = mark_of (derive, RT_TIMELINE_LAYER_ENGINE, i + 1),
        .title = rt_timeline_model_string (derive->model, note->title),
        .text = rt_timeline_model_string (derive->model, note->text),
        .reference = rt_timeline_model_string (derive->model, note->reference),
      };
      gboolean acted = note->decision == NULL || rt_decision_get_acted (note->decision);

      if (note->exchange == 0 || (note->severity == RT_SEVERITY_INFO && acted))
        continue;
      locate_note (derive, note, &card);
      g_array_append_val (derive->model->cards, card);
    }
}

/* The message of @exchange that @note hangs on; NULL: nothing of it was seen yet. */
static const RtTransfer *
transfer_of_note (RtTimelineDerive *derive, const RtTimelineNote *note, const RtExchange *exchange)
{
  if (note->span.length > 0)
    return rt_analysis_find_transfer (derive->analysis, note->span);
  if (exchange == NULL)
    return NULL;
  return exchange->response != NULL ? exchange->response : exchange->request;
}

/* What hangs on bytes that were not seen yet is not there, either. */
static void
add_written_card (RtTimelineDerive *derive, const RtTimelineNote *note)
{
  const RtExchange *exchange = rt_analysis_get_exchange (derive->analysis, note->exchange);
  const RtTransfer *transfer = transfer_of_note (derive, note, exchange);
  RtTimelineCard card = {
    .layer = note->layer,
    .number = note->number,
    .span = note->span,
    .severity = RT_SEVERITY_INFO,
    .mark = mark_of (derive, note->layer, note->number),
    .title = rt_timeline_model_string (derive->model, note->title != NULL ? note->title
                                                      : note->layer == RT_TIMELINE_LAYER_AUTHOR
                                                          ? "The lesson says"
                                                          : "My note"),
    .text = rt_timeline_model_string (derive->model, note->text),
  };

  if (transfer == NULL || transfer->exchange == 0)
    return;
  card.exchange = transfer->exchange;
  card.event = transfer->first_event;
  place_at_message (derive, transfer->exchange, transfer, &card);
  if (card.time != RT_TIME_UNKNOWN)
    g_array_append_val (derive->model->cards, card);
}

/* Adds the notes of all layers that are shown. */
void
rt_timeline_derive_cards (RtTimelineDerive *derive)
{
  GPtrArray *written = derive->extras->notes;

  if (is_shown (derive, RT_TIMELINE_LAYER_ENGINE))
    add_engine_cards (derive);
  for (guint i = 0; written != NULL && i < written->len; i++)
    if (is_shown (derive, ((const RtTimelineNote *)written->pdata[i])->layer))
      add_written_card (derive, written->pdata[i]);
  g_array_sort_with_data (derive->model->cards, compare_cards, NULL);
}
