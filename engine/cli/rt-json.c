/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An analysis as JSON: exchanges with their messages, fields, spans and decisions, states,
 * connections and notes. Times are microseconds since 1970; a time that is not known is null. */
#include "rt-json.h"

#include "rt-note.h"
#include "rt-rule.h"

#include <stdio.h>

/** MAX_CONTENT: longer content is given by its length alone. */
#define MAX_CONTENT (256 * 1024)

/**
 * rt_json_from_span:
 * @span: a span
 *
 * Returns: (transfer full): buffer, offset and length
 */
JsonObject *
rt_json_from_span (RtSpan span)
{
  JsonObject *out = json_object_new ();

  json_object_set_int_member (out, "buffer", span.buffer);
  json_object_set_int_member (out, "offset", (gint64)span.offset);
  json_object_set_int_member (out, "length", span.length);
  return out;
}

static void
set_span (JsonObject *out, const char *name, RtSpan span)
{
  if (!rt_span_is_none (span))
    json_object_set_object_member (out, name, rt_json_from_span (span));
}

static void
set_time (JsonObject *out, const char *name, RtTime time)
{
  if (time == RT_TIME_UNKNOWN)
    json_object_set_null_member (out, name);
  else
    json_object_set_int_member (out, name, time);
}

/* Bytes of a peer: shown escaped where they are no text. */
static void
set_text (JsonObject *out, const char *name, RtText text)
{
  g_autofree char *copy = g_utf8_validate_len (text.at != NULL ? text.at : "", text.length, NULL)
                              ? rt_text_dup (text)
                              : rt_text_escape (text);

  json_object_set_string_member (out, name, copy);
}

static void
set_string_or_null (JsonObject *out, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (out, name, text);
  else
    json_object_set_null_member (out, name);
}

static void
set_party (JsonObject *out, const char *name, RtAnalysis *analysis, RtPartyId id)
{
  const RtPartyInfo *info = rt_analysis_get_party (analysis, id);

  set_string_or_null (out, name, info != NULL ? info->name : NULL);
}

static JsonArray *
fields_to_json (RtFields *fields)
{
  JsonArray *out = json_array_new ();

  for (guint i = 0; fields != NULL && i < rt_fields_get_length (fields); i++)
    {
      const RtField *field = rt_fields_get (fields, i);
      JsonObject *one = json_object_new ();

      set_text (one, "name", field->name);
      set_text (one, "value", field->value);
      set_span (one, "span", field->line);
      set_span (one, "name_span", field->name_span);
      set_span (one, "value_span", field->value_span);
      json_array_add_object_element (out, one);
    }
  return out;
}

static JsonArray *
findings_to_json (GArray *findings)
{
  JsonArray *out = json_array_new ();

  for (guint i = 0; findings != NULL && i < findings->len; i++)
    {
      const RtFinding *finding = &g_array_index (findings, RtFinding, i);
      JsonObject *one = json_object_new ();

      json_object_set_string_member (one, "id", finding->kind->clause.id);
      json_object_set_string_member (one, "severity", rt_severity_name (finding->kind->severity));
      json_object_set_string_member (one, "title", finding->kind->clause.title);
      json_object_set_string_member (one, "reference", finding->kind->clause.reference);
      set_span (one, "span", finding->span);
      json_array_add_object_element (out, one);
    }
  return out;
}

/* Content as text where it is text, else in base64. */
static void
set_content (JsonObject *out, RtAnalysis *analysis, const RtTransfer *transfer)
{
  g_autoptr (GBytes) content = NULL;
  gsize length = 0;
  const char *bytes;

  json_object_set_int_member (out, "content_length", (gint64)transfer->content_length);
  if (transfer->content_length == 0 || transfer->content_length > MAX_CONTENT)
    return;
  content = rt_analysis_dup_content (analysis, transfer);
  bytes = content != NULL ? g_bytes_get_data (content, &length) : NULL;
  set_span (out, "content_span", transfer->content);
  if (bytes != NULL && g_utf8_validate_len (bytes, length, NULL))
    {
      g_autofree char *text = g_strndup (bytes, length);

      json_object_set_string_member (out, "content", text);
    }
  else if (bytes != NULL)
    {
      g_autofree char *base64 = g_base64_encode ((const guchar *)bytes, length);

      json_object_set_string_member (out, "content_base64", base64);
    }
}

static JsonObject *
transfer_to_json (RtAnalysis *analysis, const RtTransfer *transfer)
{
  RtMessage *message = transfer->message;
  JsonObject *out = json_object_new ();

  json_object_set_string_member (out, "version", rt_version_name (message->version));
  if (message->kind == RT_MESSAGE_REQUEST)
    {
      set_text (out, "method", message->method);
      set_text (out, "target", message->target);
    }
  else
    {
      json_object_set_int_member (out, "status", message->status);
      set_text (out, "reason", message->reason);
    }
  json_object_set_boolean_member (out, "complete", transfer->complete);
  json_object_set_boolean_member (out, "reconstructed", message->reconstructed);
  set_time (out, "sent_usec", transfer->sent_first);
  set_time (out, "received_usec", transfer->received_last);
  set_span (out, "span", transfer->whole);
  set_span (out, "start_line_span", message->start_line);
  json_object_set_array_member (out, "fields", fields_to_json (message->fields));
  if (message->trailers != NULL)
    json_object_set_array_member (out, "trailers", fields_to_json (message->trailers));
  set_content (out, analysis, transfer);
  if (transfer->missing != NULL)
    {
      json_object_set_string_member (out, "missing", transfer->missing);
      json_object_set_int_member (out, "missing_length", (gint64)transfer->missing_length);
    }
  if (transfer->facts != NULL)
    json_object_set_member (out, "facts", json_gvariant_serialize (transfer->facts));
  json_object_set_array_member (out, "findings", findings_to_json (transfer->findings));
  return out;
}

static JsonObject *
decision_to_json (RtAnalysis *analysis, const RtDecisionInfo *info)
{
  JsonObject *out = json_object_new ();

  set_party (out, "party", analysis, info->party);
  json_object_set_int_member (out, "event", (gint64)info->event);
  set_time (out, "time_usec", info->time);
  json_object_set_boolean_member (out, "acted", rt_decision_get_acted (info->decision));
  rt_rule_set_decision (out, info->decision);
  return out;
}

static JsonObject *
exchange_to_json (RtAnalysis *analysis, gconstpointer element)
{
  const RtExchange *exchange = element;
  JsonObject *out = json_object_new ();
  JsonArray *interim = json_array_new ();
  JsonArray *decisions = json_array_new ();

  json_object_set_int_member (out, "id", exchange->id);
  json_object_set_int_member (out, "step", exchange->step);
  json_object_set_int_member (out, "connection", exchange->connection);
  set_party (out, "client", analysis, exchange->client);
  set_party (out, "server", analysis, exchange->server);
  set_string_or_null (out, "scheme", exchange->scheme);
  set_string_or_null (out, "authority", exchange->authority);
  set_time (out, "started_usec", exchange->started);
  set_time (out, "ended_usec", exchange->ended);
  set_string_or_null (out, "failed", exchange->failed);
  if (exchange->request != NULL)
    json_object_set_object_member (out, "request", transfer_to_json (analysis, exchange->request));
  for (guint i = 0; exchange->interim != NULL && i < exchange->interim->len; i++)
    json_array_add_object_element (interim,
                                   transfer_to_json (analysis, exchange->interim->pdata[i]));
  json_object_set_array_member (out, "interim", interim);
  if (exchange->response != NULL)
    json_object_set_object_member (out, "response",
                                   transfer_to_json (analysis, exchange->response));
  for (guint i = 0; exchange->decisions != NULL && i < exchange->decisions->len; i++)
    json_array_add_object_element (decisions,
                                   decision_to_json (analysis, exchange->decisions->pdata[i]));
  json_object_set_array_member (out, "decisions", decisions);
  return out;
}

static JsonObject *
state_to_json (RtAnalysis *analysis, gconstpointer element)
{
  const RtStateInfo *state = element;
  JsonObject *out = json_object_new ();

  set_party (out, "party", analysis, state->party);
  json_object_set_string_member (out, "kind", state->kind);
  json_object_set_string_member (out, "key", state->key);
  if (state->value != NULL)
    json_object_set_member (out, "value", json_gvariant_serialize (state->value));
  else
    json_object_set_null_member (out, "value");
  set_time (out, "time_usec", state->time);
  json_object_set_int_member (out, "event", (gint64)state->event);
  json_object_set_int_member (out, "exchange", state->exchange);
  return out;
}

static JsonObject *
connection_to_json (RtAnalysis *analysis, gconstpointer element)
{
  const RtConnectionInfo *info = element;
  JsonObject *out = json_object_new ();

  json_object_set_int_member (out, "id", info->id);
  set_party (out, "from", analysis, info->from);
  set_party (out, "to", analysis, info->to);
  set_string_or_null (out, "host", info->host);
  json_object_set_int_member (out, "port", info->port);
  if (info->from_host != NULL)
    {
      json_object_set_string_member (out, "from_host", info->from_host);
      json_object_set_int_member (out, "from_port", info->from_port);
    }
  set_time (out, "opened_usec", info->opened);
  set_time (out, "established_usec", info->established);
  set_time (out, "closed_usec", info->closed);
  json_object_set_int_member (out, "exchanges", info->n_exchanges);
  return out;
}

/**
 * rt_json_from_note:
 * @note: a note
 *
 * Returns: (transfer full): it
 */
JsonObject *
rt_json_from_note (const RtNote *note)
{
  JsonObject *out = json_object_new ();

  json_object_set_string_member (out, "severity", rt_severity_name (note->severity));
  json_object_set_string_member (out, "title", note->title);
  json_object_set_string_member (out, "text", note->text);
  set_string_or_null (out, "reference", note->reference);
  json_object_set_string_member (out, "level", rt_level_name (note->level));
  json_object_set_int_member (out, "exchange", note->exchange);
  set_span (out, "span", note->span);
  if (note->finding != NULL)
    json_object_set_string_member (out, "finding", note->finding);
  if (note->symptom != NULL)
    json_object_set_string_member (out, "symptom", note->symptom);
  return out;
}

static JsonObject *
note_to_json (RtAnalysis *analysis, gconstpointer element)
{
  return rt_json_from_note (element);
}

static JsonObject *
party_to_json (RtAnalysis *analysis, gconstpointer element)
{
  const RtPartyInfo *info = element;
  JsonObject *out = json_object_new ();

  json_object_set_string_member (out, "name", info->name);
  json_object_set_string_member (out, "kind", info->kind);
  return out;
}

static JsonObject *
step_to_json (RtAnalysis *analysis, gconstpointer element)
{
  const RtStepInfo *info = element;
  JsonObject *out = json_object_new ();

  json_object_set_int_member (out, "number", info->number);
  json_object_set_string_member (out, "title", info->title);
  set_time (out, "started_usec", info->started);
  set_time (out, "ended_usec", info->ended);
  return out;
}

/* An array of what @to_json makes of each element. */
static void
set_all (JsonObject *out,
         const char *name,
         RtAnalysis *analysis,
         GPtrArray *all,
         JsonObject *(*to_json) (RtAnalysis *analysis, gconstpointer element))
{
  JsonArray *array = json_array_sized_new (all->len);

  for (guint i = 0; i < all->len; i++)
    json_array_add_object_element (array, to_json (analysis, all->pdata[i]));
  json_object_set_array_member (out, name, array);
}

/**
 * rt_json_from_analysis:
 * @analysis: an analysis
 *
 * Returns: (transfer full): all it knows
 */
JsonObject *
rt_json_from_analysis (RtAnalysis *analysis)
{
  JsonObject *out = json_object_new ();

  set_all (out, "parties", analysis, rt_analysis_get_parties (analysis), party_to_json);
  set_all (out, "steps", analysis, rt_analysis_get_steps (analysis), step_to_json);
  set_all (out, "connections", analysis, rt_analysis_get_connections (analysis),
           connection_to_json);
  set_all (out, "exchanges", analysis, rt_analysis_get_exchanges (analysis), exchange_to_json);
  set_all (out, "states", analysis, rt_analysis_get_states (analysis), state_to_json);
  set_all (out, "notes", analysis, rt_analysis_get_notes (analysis), note_to_json);
  return out;
}

/**
 * rt_json_print:
 * @object: (transfer full): what goes to standard output, as one document
 */
void
rt_json_print (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_alloc ();
  g_autofree char *text = NULL;

  json_node_init_object (node, object);
  json_object_unref (object);
  text = json_to_string (node, TRUE);
  fputs (text, stdout);
  fputc ('\n', stdout);
}
