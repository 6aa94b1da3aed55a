/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From an analysis to the timeline's model. What the analysis was not fed is not there, so a
 * masked timeline needs nothing but an analysis that was fed up to the cut. */
#include "rt-timeline-model.h"

#include "rt-note.h"
#include "rt-reference.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  RtAnalysis *analysis;
  RtTimelineModel *model;
  GHashTable *parties; /* id → index + 1 */
  GHashTable *rails;   /* connection → index + 1 */
  GHashTable *reused;  /* connections that carried a request */
  GHashTable *notes;   /* event → the note on the decision made there */
  guint *messages;     /* by exchange: its request, its response */
} Derive;

static guint
party_index (Derive *derive, RtPartyId id)
{
  gpointer index = g_hash_table_lookup (derive->parties, GUINT_TO_POINTER (id));

  if (index == NULL)
    {
      /* The other end of a captured connection may never have been introduced. */
      g_autofree char *name = g_strdup_printf ("party %u", id);

      index = GUINT_TO_POINTER (
          rt_timeline_model_add_party (derive->model, id, id != 0 ? name : "unknown", "origin")
          + 1);
      g_hash_table_insert (derive->parties, GUINT_TO_POINTER (id), index);
    }
  return GPOINTER_TO_UINT (index) - 1;
}

static void
add_parties (Derive *derive)
{
  GPtrArray *parties = rt_analysis_get_parties (derive->analysis);

  for (guint i = 0; i < parties->len; i++)
    {
      const RtPartyInfo *party = parties->pdata[i];
      guint index
          = rt_timeline_model_add_party (derive->model, party->id, party->name, party->kind);

      g_hash_table_insert (derive->parties, GUINT_TO_POINTER (party->id),
                           GUINT_TO_POINTER (index + 1));
    }
}

static void
add_rails (Derive *derive)
{
  GPtrArray *connections = rt_analysis_get_connections (derive->analysis);

  for (guint i = 0; i < connections->len; i++)
    {
      const RtConnectionInfo *connection = connections->pdata[i];
      RtTimelineRail rail = {
        .id = connection->id,
        .from = party_index (derive, connection->from),
        .to = party_index (derive, connection->to),
        .opened = connection->opened,
        .closed = connection->closed,
        .end = connection->end,
        .secure = connection->secure,
      };

      if (connection->opened == RT_TIME_UNKNOWN)
        continue;
      g_array_append_val (derive->model->rails, rail);
      g_hash_table_insert (derive->rails, GUINT_TO_POINTER (connection->id),
                           GUINT_TO_POINTER (derive->model->rails->len));
    }
}

static guint
rail_index (Derive *derive, RtConnection connection)
{
  gpointer index = g_hash_table_lookup (derive->rails, GUINT_TO_POINTER (connection));

  return index != NULL ? GPOINTER_TO_UINT (index) - 1 : RT_TIMELINE_NONE;
}

/* Segments with bytes are drawn as their messages, unless they were lost. */
static void
add_segments (Derive *derive)
{
  GPtrArray *segments = rt_analysis_get_segments (derive->analysis);

  for (guint i = 0; i < segments->len; i++)
    {
      const RtSegment *segment = segments->pdata[i];
      guint rail = rail_index (derive, segment->connection);
      const RtTimelineRail *of;
      RtTimelineSegment drawn;

      if (rail == RT_TIMELINE_NONE || segment->sent == RT_TIME_UNKNOWN
          || (segment->span.length > 0 && segment->name == NULL && !segment->lost))
        continue;
      of = &g_array_index (derive->model->rails, RtTimelineRail, rail);
      drawn = (RtTimelineSegment){
        .rail = rail,
        .from = segment->direction == RT_FORWARD ? of->from : of->to,
        .to = segment->direction == RT_FORWARD ? of->to : of->from,
        .sent = segment->sent,
        .received = segment->received,
        .name
        = segment->name != NULL ? rt_timeline_model_string (derive->model, segment->name) : NULL,
        .lost = segment->lost,
      };
      g_array_append_val (derive->model->segments, drawn);
    }
}

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
name_request (Derive *derive, RtTimelineMessage *message, const RtTransfer *transfer)
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
name_response (Derive *derive,
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

static void
add_message (Derive *derive, const RtExchange *exchange, const RtTransfer *transfer)
{
  gboolean request = transfer == exchange->request;
  g_autofree char *meta = rt_exchange_telling_field (derive->analysis, exchange, transfer);
  RtTimelineMessage message = {
    .from = party_index (derive, transfer->from),
    .to = party_index (derive, transfer->to),
    .rail = rail_index (derive, transfer->connection),
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
  if (transfer->has_head && transfer->whole.length > 0)
    message.head = CLAMP ((double)transfer->message->head.length / transfer->whole.length, 0.05, 1);
  if (request)
    {
      name_request (derive, &message, transfer);
      message.reused = !g_hash_table_add (derive->reused, GUINT_TO_POINTER (transfer->connection));
    }
  else
    name_response (derive, &message, exchange, transfer);
  g_array_append_val (derive->model->messages, message);
}

/* In the order of their first bytes; what begins at the same moment keeps its order. */
static int
compare_messages (gconstpointer a, gconstpointer b, gpointer data)
{
  const RtTimelineMessage *p = a;
  const RtTimelineMessage *q = b;

  return p->sent_first < q->sent_first ? -1 : p->sent_first > q->sent_first;
}

static void
add_messages (Derive *derive)
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
  derive->messages = g_new (guint, 2 * (exchanges->len + 1));
  for (guint i = 0; i < 2 * (exchanges->len + 1); i++)
    derive->messages[i] = RT_TIMELINE_NONE;
  for (guint i = 0; i < derive->model->messages->len; i++)
    {
      const RtTimelineMessage *message = rt_timeline_model_get_message (derive->model, i);

      derive->messages[2 * message->exchange + (message->request ? 0 : 1)] = i;
    }
}

/* "no request: fresh, 40 s left": the deciding check says why. */
static char *
decision_words (const Derive *derive, const RtDecisionInfo *info)
{
  const RtNote *note = g_hash_table_lookup (derive->notes, &info->event);
  RtCheck check;

  if (note != NULL)
    return g_strdup (note->title);
  if (rt_decision_get_deciding (info->decision, &check))
    return g_strdup_printf ("%s: %s", rt_decision_get_verdict (info->decision), check.clause.title);
  return g_strdup (rt_decision_get_verdict (info->decision));
}

static void
add_decisions (Derive *derive)
{
  GPtrArray *decisions = rt_analysis_get_decisions (derive->analysis);

  for (guint i = 0; i < decisions->len; i++)
    {
      const RtDecisionInfo *info = decisions->pdata[i];
      g_autofree char *words = decision_words (derive, info);
      guint party = party_index (derive, info->party);
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

/* When and at whom @event happened, as far as its exchange tells. */
static void
locate_note (Derive *derive, const RtNote *note, RtTimelineCard *card)
{
  const RtExchange *exchange = rt_analysis_get_exchange (derive->analysis, note->exchange);
  const RtTransfer *transfer = exchange->response != NULL ? exchange->response : exchange->request;

  for (guint i = 0; i < exchange->decisions->len; i++)
    {
      const RtDecisionInfo *info = exchange->decisions->pdata[i];

      if (info->event != note->event)
        continue;
      card->party = party_index (derive, info->party);
      card->time = info->time;
      card->message = derive->messages[2 * note->exchange + (exchange->response != NULL ? 1 : 0)];
      return;
    }
  if (exchange->request != NULL && note->event <= exchange->request->last_event)
    transfer = exchange->request;
  card->message = derive->messages[2 * note->exchange + (transfer == exchange->request ? 0 : 1)];
  card->party = party_index (derive, transfer->to);
  card->time = transfer->received_first != RT_TIME_UNKNOWN ? transfer->received_first
                                                           : transfer->sent_first;
}

static int
compare_cards (gconstpointer a, gconstpointer b, gpointer data)
{
  const RtTimelineCard *p = a;
  const RtTimelineCard *q = b;

  return p->time < q->time ? -1 : p->time > q->time;
}

/* Cards are what is worth stopping at; the rest stands in the inspector under the same numbers. */
static void
add_cards (Derive *derive)
{
  GPtrArray *notes = rt_analysis_get_notes (derive->analysis);

  for (guint i = 0; i < notes->len; i++)
    {
      const RtNote *note = notes->pdata[i];
      RtTimelineCard card = {
        .number = i + 1,
        .exchange = note->exchange,
        .event = note->event,
        .severity = note->severity,
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
  g_array_sort_with_data (derive->model->cards, compare_cards, NULL);
}

/* A member of a dictionary, whatever integer type it has. */
static gboolean
lookup_number (GVariant *dictionary, const char *key, gint64 *ret_number)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (dictionary, key, NULL);

  if (value == NULL)
    return FALSE;
  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_INT64:
      *ret_number = g_variant_get_int64 (value);
      return TRUE;
    case G_VARIANT_CLASS_UINT64:
      *ret_number = (gint64)g_variant_get_uint64 (value);
      return TRUE;
    case G_VARIANT_CLASS_UINT32:
      *ret_number = g_variant_get_uint32 (value);
      return TRUE;
    case G_VARIANT_CLASS_INT32:
      *ret_number = g_variant_get_int32 (value);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
is_incomplete (GVariant *value)
{
  gboolean complete = TRUE;

  g_variant_lookup (value, "complete", "b", &complete);
  return !complete;
}

/* A value in few words: of a dictionary its version or its status, if that is a word. */
static char *
state_words (GVariant *value)
{
  gint64 number;

  if (value == NULL)
    return NULL;
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARIANT))
    {
      g_autoptr (GVariant) inner = g_variant_get_variant (value);

      return state_words (inner);
    }
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_variant_dup_string (value, NULL);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
    {
      g_autoptr (GVariant) text = g_variant_lookup_value (value, "status", G_VARIANT_TYPE_STRING);

      if (lookup_number (value, "version", &number))
        return g_strdup_printf ("v%" G_GINT64_FORMAT, number);
      if (text != NULL)
        return g_variant_dup_string (text, NULL);
      return g_strdup (is_incomplete (value) ? "coming" : "kept");
    }
  return g_variant_print (value, FALSE);
}

static RtTime
state_drains (GVariant *value)
{
  gint64 until;

  if (value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT)
      && (lookup_number (value, "fresh-until", &until) || lookup_number (value, "expires", &until)))
    return until;
  return RT_TIME_UNKNOWN;
}

/* Slots of one party are one strip that counts them; anything else has a strip a key. */
static gboolean
same_strip (const RtStateInfo *a, const RtStateInfo *b)
{
  return a->party == b->party && strcmp (a->kind, b->kind) == 0
         && (strcmp (a->kind, "slot") == 0 || strcmp (a->key, b->key) == 0);
}

static RtTimelineChange *
last_change (const Derive *derive)
{
  GArray *changes = derive->model->changes;

  return &g_array_index (changes, RtTimelineChange, changes->len - 1);
}

static void
add_changes (Derive *derive, GPtrArray *states, guint first)
{
  const RtStateInfo *of = states->pdata[first];
  gboolean counts = strcmp (of->kind, "slot") == 0;
  RtTimelineStrip strip = {
    .party = party_index (derive, of->party),
    .first = derive->model->changes->len,
    .label = rt_timeline_model_string (derive->model, counts ? "slots" : of->key),
  };
  guint taken = 0;

  for (guint i = first; i < states->len; i++)
    {
      const RtStateInfo *state = states->pdata[i];
      g_autofree char *text = NULL;
      RtTimelineChange change = { .time = state->time };

      if (!same_strip (of, state))
        continue;
      taken += state->value != NULL ? 1 : taken > 0 ? G_MAXUINT : 0;
      text = counts ? g_strdup_printf ("%u taken", taken) : state_words (state->value);
      change.text = rt_timeline_model_string (derive->model, text);
      change.drains = state_drains (state->value);
      /* Of changes at one moment only the last can be seen. */
      if (strip.n > 0 && last_change (derive)->time == change.time)
        {
          *last_change (derive) = change;
          continue;
        }
      g_array_append_val (derive->model->changes, change);
      strip.n++;
    }
  g_array_append_val (derive->model->strips, strip);
}

static void
add_strips (Derive *derive)
{
  GPtrArray *states = rt_analysis_get_states (derive->analysis);
  const RtStateInfo *firsts[RT_TIMELINE_MAX_STRIPS];
  guint n = 0;

  for (guint i = 0; i < states->len && n < RT_TIMELINE_MAX_STRIPS; i++)
    {
      gboolean seen = FALSE;

      for (guint j = 0; j < n && !seen; j++)
        seen = same_strip (firsts[j], states->pdata[i]);
      if (seen)
        continue;
      firsts[n++] = states->pdata[i];
      add_changes (derive, states, i);
    }
}

/* Where the next event is awaited: at the sender's end of what was asked last, else between the
 * first two lanes. Only what is known decides it. */
static void
await (Derive *derive)
{
  RtTimelineModel *model = derive->model;

  model->awaited = model->parties->len > 0;
  model->awaited_from = 0;
  model->awaited_to = model->parties->len > 1 ? 1 : 0;
  if (model->messages->len > 0)
    {
      const RtTimelineMessage *last
          = rt_timeline_model_get_message (model, model->messages->len - 1);

      model->awaited_from = last->to;
      model->awaited_to = last->from;
    }
}

static GHashTable *
notes_by_event (RtAnalysis *analysis)
{
  GPtrArray *notes = rt_analysis_get_notes (analysis);
  GHashTable *by_event = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < notes->len; i++)
    {
      RtNote *note = notes->pdata[i];

      if (note->decision != NULL)
        g_hash_table_insert (by_event, &note->event, note);
    }
  return by_event;
}

/**
 * rt_timeline_model_new_from_analysis:
 * @analysis: what is to be shown; not needed afterwards
 * @masked: what follows must not be known yet: one pill says that something does
 *
 * Returns: (transfer full): the timeline of all that @analysis was fed
 */
RtTimelineModel *
rt_timeline_model_new_from_analysis (RtAnalysis *analysis, gboolean masked)
{
  Derive derive = {
    .analysis = analysis,
    .model = rt_timeline_model_new (),
    .parties = g_hash_table_new (NULL, NULL),
    .rails = g_hash_table_new (NULL, NULL),
    .reused = g_hash_table_new (NULL, NULL),
    .notes = notes_by_event (analysis),
  };

  add_parties (&derive);
  add_rails (&derive);
  add_segments (&derive);
  add_messages (&derive);
  add_decisions (&derive);
  add_cards (&derive);
  add_strips (&derive);
  rt_timeline_model_seal (derive.model);
  if (masked)
    await (&derive);
  g_hash_table_unref (derive.parties);
  g_hash_table_unref (derive.rails);
  g_hash_table_unref (derive.reused);
  g_hash_table_unref (derive.notes);
  g_free (derive.messages);
  return derive.model;
}
