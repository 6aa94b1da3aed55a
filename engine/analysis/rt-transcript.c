/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The transcript: what happened, in the order of the log, with times counted from its beginning,
 * 80 columns wide. Whatever the analysis was not fed is not in it. */
#include "rt-transcript.h"

#include "rt-note.h"

#include <string.h>

#define WIDTH 80
/* Where the text begins: behind the time. */
#define TEXT 11
/* So many checks that were not reached are named. */
#define NAMED_CHECKS 4
/* Texts within a state are cut behind so many characters. */
#define STATE_CHARACTERS 40

typedef enum
{
  ENTRY_STEP_ENDED,
  ENTRY_STEP,
  ENTRY_OPENED,
  ENTRY_TRANSFER,
  ENTRY_TUNNELLED,
  ENTRY_DECISION,
  ENTRY_STATE,
  ENTRY_FAILED,
  ENTRY_CLOSED,
} EntryKind;

/* Something to tell, at the event that made it known. */
typedef struct
{
  guint64 event;
  EntryKind kind;
  guint order;
  gconstpointer what;
} Entry;

typedef struct
{
  RtAnalysis *analysis;
  RtTranscriptFlags flags;
  GString *out;
} Writer;

/* Lines */

/* Appends @text word by word; @indent: where lines after the first begin; @column: where the first
 * one goes on. Ends the line. A word that fits no line stands alone. */
static void
append_wrapped (GString *out, guint column, guint indent, const char *text)
{
  gboolean at_start = TRUE;

  while (*text != '\0')
    {
      gsize length = strcspn (text, " ");
      guint width = (guint)g_utf8_strlen (text, (gssize)length);

      if (!at_start && column + 1 + width > WIDTH)
        {
          g_string_append_printf (out, "\n%*s", (int)indent, "");
          column = indent;
          at_start = TRUE;
        }
      if (!at_start)
        g_string_append_c (out, ' ');
      g_string_append_len (out, text, (gssize)length);
      column += width + (at_start ? 0 : 1);
      at_start = FALSE;
      text += length + (text[length] == ' ' ? 1 : 0);
    }
  g_string_append_c (out, '\n');
}

static void
append_line (GString *out, guint indent, const char *text)
{
  g_string_append_printf (out, "%*s", (int)indent, "");
  append_wrapped (out, indent, indent + 2, text);
}

static char *
moment (RtAnalysis *analysis, RtTime time)
{
  if (time == RT_TIME_UNKNOWN)
    return g_strdup ("?");
  return rt_duration_format (time - rt_analysis_get_start (analysis));
}

static void G_GNUC_PRINTF (3, 4) append_at (Writer *w, RtTime time, const char *format, ...)
{
  g_autofree char *when = moment (w->analysis, time);
  g_autofree char *text = NULL;
  glong pad = TEXT - 2 - g_utf8_strlen (when, -1);
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_string_append_printf (w->out, "%*s%s  ", (int)MAX (pad, 0), "", when);
  append_wrapped (w->out, TEXT, TEXT, text);
}

static const char *
party_name (RtAnalysis *analysis, RtPartyId id)
{
  const RtPartyInfo *party = rt_analysis_get_party (analysis, id);

  return party != NULL ? party->name : "somebody";
}

/* Decisions */

/* `request bytes 0..3`, counted within the message; an older message is told apart by its
 * exchange. */
static char *
proof_words (RtAnalysis *analysis, RtSpan proof, guint exchange)
{
  const RtTransfer *transfer = rt_analysis_find_transfer (analysis, proof);
  const char *kind;
  guint64 first;

  if (transfer == NULL)
    return NULL;
  kind = transfer->direction == RT_FORWARD ? "request" : "response";
  first = proof.offset - transfer->whole.offset;
  if (transfer->exchange == exchange || exchange == 0)
    return g_strdup_printf ("%s bytes %" G_GUINT64_FORMAT "..%" G_GUINT64_FORMAT, kind, first,
                            first + proof.length - 1);
  return g_strdup_printf ("%s %u bytes %" G_GUINT64_FORMAT "..%" G_GUINT64_FORMAT, kind,
                          transfer->exchange, first, first + proof.length - 1);
}

static void
append_fact (GString *line, RtAnalysis *analysis, const RtFact *fact, guint exchange)
{
  g_autofree char *words = rt_fact_dup_words (fact);
  g_autofree char *proof
      = fact->proof.length > 0 ? proof_words (analysis, fact->proof, exchange) : NULL;

  g_string_append (line, words);
  if (proof != NULL)
    g_string_append_printf (line, " [%s]", proof);
}

static void
append_check (
    GString *out, RtAnalysis *analysis, const RtCheck *check, guint indent, guint exchange)
{
  g_autoptr (GString) line = g_string_new (check->clause.title);

  for (guint i = 0; i < check->n_facts; i++)
    {
      g_string_append (line, i == 0 ? ": " : ", ");
      append_fact (line, analysis, &check->facts[i], exchange);
    }
  if (check->decides)
    g_string_append (line, "  <- decides");
  g_string_append_printf (out, "%*s%s", (int)indent, "",
                          check->outcome == RT_OUTCOME_HOLDS ? " ok  " : " NO  ");
  append_wrapped (out, indent + 5, indent + 5, line->str);
}

/* The checks not reached share one line: nothing is known of them. Many are only counted. */
static void
append_not_reached (GString *out, RtDecision *decision, guint indent)
{
  g_autoptr (GString) line = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < rt_decision_get_n_checks (decision); i++)
    {
      RtCheck check = rt_decision_get_check (decision, i);

      if (check.outcome == RT_OUTCOME_NOT_REACHED)
        g_string_append_printf (line, "%s%s", n++ > 0 ? "; " : "not asked: ", check.clause.title);
    }
  if (n == 0)
    return;
  if (n > NAMED_CHECKS)
    g_string_printf (line, "not asked: %u more checks", n);
  g_string_append_printf (out, "%*s ..  ", (int)indent, "");
  append_wrapped (out, indent + 5, indent + 5, line->str);
}

static void
append_decision (
    GString *out, RtAnalysis *analysis, RtDecision *decision, guint indent, guint exchange)
{
  g_autofree char *head
      = g_strdup_printf ("%s  %s  -> %s", rt_decision_get_rule (decision),
                         rt_decision_get_subject (decision), rt_decision_get_verdict (decision));
  const char *reference = rt_decision_get_reference (decision);
  glong room = WIDTH - (glong)indent - g_utf8_strlen (head, -1) - g_utf8_strlen (reference, -1);

  if (room >= 2)
    g_string_append_printf (out, "%*s%s%*s%s\n", (int)indent, "", head, (int)room, "", reference);
  else
    {
      g_autofree char *both = g_strdup_printf ("%s  %s", head, reference);

      append_line (out, indent, both);
    }
  for (guint i = 0; i < rt_decision_get_n_checks (decision); i++)
    {
      RtCheck check = rt_decision_get_check (decision, i);

      if (check.outcome != RT_OUTCOME_NOT_REACHED)
        append_check (out, analysis, &check, indent, exchange);
    }
  append_not_reached (out, decision, indent);
}

/**
 * rt_transcript_dup_decision:
 * @analysis: an analysis
 * @decision: a decision of it
 *
 * Returns: (transfer full): its trace as a checklist, a line a check
 */
char *
rt_transcript_dup_decision (RtAnalysis *analysis, RtDecision *decision)
{
  GString *out = g_string_new (NULL);

  append_decision (out, analysis, decision, 0, 0);
  return g_string_free (out, FALSE);
}

/* Entries */

static void
write_heads (Writer *w, const RtTransfer *transfer)
{
  RtFields *fields = transfer->message->fields;

  for (guint i = 0; i < rt_fields_get_length (fields); i++)
    {
      const RtField *field = rt_fields_get (fields, i);
      g_autofree char *name = rt_text_escape (field->name);
      g_autofree char *value = rt_text_escape (field->value);
      g_autofree char *line = g_strdup_printf ("%s: %s", name, value);

      append_line (w->out, TEXT + 2, line);
    }
}

static void
write_transfer (Writer *w, const RtTransfer *transfer)
{
  const RtExchange *exchange = rt_analysis_get_exchange (w->analysis, transfer->exchange);
  g_autofree char *title = rt_transfer_dup_title (transfer);
  g_autofree char *telling = rt_exchange_telling_field (w->analysis, exchange, transfer);
  g_autofree char *arrival = transfer->received_last != RT_TIME_UNKNOWN
                                 ? moment (w->analysis, transfer->received_last)
                                 : NULL;

  append_at (w, transfer->sent_first, "%s -> %s: %s%s%s%s%s [exchange %u]",
             party_name (w->analysis, transfer->from), party_name (w->analysis, transfer->to),
             title,
             transfer->missing != NULL          ? " (reconstructed, content missing)"
             : transfer->message->reconstructed ? " (reconstructed)"
                                                : "",
             arrival != NULL ? ", there at " : "", arrival != NULL ? arrival : "",
             transfer->broken != NULL ? ", incomplete" : "", transfer->exchange);
  if ((w->flags & RT_TRANSCRIPT_HEADS) != 0 && transfer->has_head)
    write_heads (w, transfer);
  else
    append_line (w->out, TEXT + 2, telling);
}

/* Notes come in the order of events; each decision has one. */
static const RtNote *
note_of_event (RtAnalysis *analysis, guint64 event)
{
  GPtrArray *notes = rt_analysis_get_notes (analysis);
  guint low = 0;
  guint high = notes->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (((RtNote *)notes->pdata[middle])->event < event)
        low = middle + 1;
      else
        high = middle;
    }
  return low < notes->len && ((RtNote *)notes->pdata[low])->event == event ? notes->pdata[low]
                                                                           : NULL;
}

static void
write_note (Writer *w, const RtNote *note)
{
  g_autofree char *line
      = g_strdup_printf ("%s: %s.", rt_severity_name (note->severity), note->title);

  append_line (w->out, TEXT + 2, line);
}

static void
write_decision (Writer *w, const RtDecisionInfo *info)
{
  const RtNote *note
      = (w->flags & RT_TRANSCRIPT_NOTES) != 0 ? note_of_event (w->analysis, info->event) : NULL;

  append_at (w, info->time, "%s decides%s: %s", party_name (w->analysis, info->party),
             rt_decision_get_acted (info->decision) ? "" : " (and sends nothing)",
             rt_decision_get_title (info->decision));
  if ((w->flags & RT_TRANSCRIPT_DECISIONS) != 0)
    append_decision (w->out, w->analysis, info->decision, TEXT + 2, info->exchange);
  if (note != NULL)
    write_note (w, note);
}

static void
append_text_value (GString *out, const char *text)
{
  g_autofree char *shown = rt_text_dup_short (rt_text (text), STATE_CHARACTERS);

  g_string_append (out, shown);
}

/* A value without its types: `etag "1", version 1`. */
static void
append_value (GString *out, GVariant *value)
{
  g_autofree char *printed = NULL;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARIANT))
    {
      g_autoptr (GVariant) inner = g_variant_get_variant (value);

      append_value (out, inner);
    }
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
    for (gsize i = 0; i < g_variant_n_children (value); i++)
      {
        const char *key;
        g_autoptr (GVariant) member = NULL;

        g_variant_get_child (value, i, "{&sv}", &key, &member);
        g_string_append_printf (out, "%s%s ", i > 0 ? ", " : "", key);
        append_value (out, member);
      }
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    append_text_value (out, g_variant_get_string (value, NULL));
  else
    {
      printed = g_variant_print (value, FALSE);
      append_text_value (out, printed);
    }
}

static void
write_state (Writer *w, const RtStateInfo *info)
{
  g_autoptr (GString) value = g_string_new (NULL);

  if (info->value != NULL)
    append_value (value, info->value);
  append_at (w, info->time, "%s: %s %s is now %s", party_name (w->analysis, info->party),
             info->kind, info->key, info->value != NULL ? value->str : "gone");
}

static void
write_opened (Writer *w, const RtConnectionInfo *info)
{
  g_autofree char *up
      = info->established != RT_TIME_UNKNOWN ? moment (w->analysis, info->established) : NULL;
  g_autofree char *where = info->host != NULL ? g_strdup_printf ("%s:%u", info->host, info->port)
                                              : g_strdup (party_name (w->analysis, info->to));

  append_at (w, info->opened, "%s connects to %s [connection %u]%s%s%s",
             party_name (w->analysis, info->from), where, info->id, up != NULL ? ", up at " : "",
             up != NULL ? up : "", info->secure ? ", with TLS" : "");
}

static void
write_closed (Writer *w, const RtConnectionInfo *info)
{
  static const char *const words[] = {
    [RT_CONNECTION_OPEN] = "goes on",
    [RT_CONNECTION_CLOSED] = "is closed",
    [RT_CONNECTION_CUT] = "is cut off",
    [RT_CONNECTION_FAILED] = "does not come up",
  };

  append_at (w, info->closed, "connection %u %s%s%s", info->id, words[info->end],
             info->why != NULL ? ": " : "", info->why != NULL ? info->why : "");
}

/* Bytes of a tunnel: how many is all that there is to tell. */
static void
write_tunnelled (Writer *w, const RtSegment *segment)
{
  const RtConnectionInfo *info = rt_analysis_get_connection (w->analysis, segment->connection);
  gboolean forward = segment->direction == RT_FORWARD;
  g_autofree char *arrival
      = segment->received != RT_TIME_UNKNOWN ? moment (w->analysis, segment->received) : NULL;

  append_at (w, segment->sent != RT_TIME_UNKNOWN ? segment->sent : segment->received,
             "%s -> %s: %s through the tunnel%s%s [connection %u]",
             party_name (w->analysis, forward ? info->from : info->to),
             party_name (w->analysis, forward ? info->to : info->from), segment->name,
             arrival != NULL ? ", there at " : "", arrival != NULL ? arrival : "",
             segment->connection);
}

static void
write_entry (Writer *w, const Entry *entry)
{
  const RtStepInfo *step = entry->what;
  const RtExchange *exchange = entry->what;

  switch (entry->kind)
    {
    case ENTRY_STEP:
      g_string_append_printf (w->out, "\nStep %u. ", step->number);
      append_wrapped (w->out, 8, 8, step->title);
      g_string_append_c (w->out, '\n');
      break;
    case ENTRY_STEP_ENDED:
      append_at (w, step->ended, "step %u is over", step->number);
      break;
    case ENTRY_OPENED:
      write_opened (w, entry->what);
      break;
    case ENTRY_TRANSFER:
      write_transfer (w, entry->what);
      break;
    case ENTRY_TUNNELLED:
      write_tunnelled (w, entry->what);
      break;
    case ENTRY_DECISION:
      write_decision (w, entry->what);
      break;
    case ENTRY_STATE:
      write_state (w, entry->what);
      break;
    case ENTRY_FAILED:
      append_at (w, exchange->ended, "exchange %u has failed: %s", exchange->id, exchange->failed);
      break;
    case ENTRY_CLOSED:
      write_closed (w, entry->what);
      break;
    }
}

/* Collecting */

static void
add (GArray *entries, guint64 event, EntryKind kind, gconstpointer what)
{
  Entry entry = { event, kind, entries->len, what };

  if (what != NULL)
    g_array_append_val (entries, entry);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *x = a;
  const Entry *y = b;

  if (x->event != y->event)
    return x->event < y->event ? -1 : 1;
  if (x->kind != y->kind)
    return x->kind < y->kind ? -1 : 1;
  return x->order < y->order ? -1 : 1;
}

static void
collect_exchanges (RtAnalysis *analysis, GArray *entries)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (analysis);

  for (guint i = 0; i < exchanges->len; i++)
    {
      const RtExchange *exchange = exchanges->pdata[i];

      if (exchange->request != NULL)
        add (entries, exchange->request->first_event, ENTRY_TRANSFER, exchange->request);
      for (guint j = 0; j < exchange->interim->len; j++)
        add (entries, ((RtTransfer *)exchange->interim->pdata[j])->first_event, ENTRY_TRANSFER,
             exchange->interim->pdata[j]);
      if (exchange->response != NULL)
        add (entries, exchange->response->first_event, ENTRY_TRANSFER, exchange->response);
      if (exchange->failed != NULL)
        add (entries, exchange->failed_event, ENTRY_FAILED, exchange);
    }
}

static void
collect_others (RtAnalysis *analysis, GArray *entries)
{
  GPtrArray *steps = rt_analysis_get_steps (analysis);
  GPtrArray *connections = rt_analysis_get_connections (analysis);
  GPtrArray *decisions = rt_analysis_get_decisions (analysis);
  GPtrArray *states = rt_analysis_get_states (analysis);
  GPtrArray *segments = rt_analysis_get_segments (analysis);

  for (guint i = 0; i < steps->len; i++)
    {
      const RtStepInfo *step = steps->pdata[i];

      add (entries, step->first_event, ENTRY_STEP, step);
      if (step->last_event != RT_EVENT_NONE)
        add (entries, step->last_event, ENTRY_STEP_ENDED, step);
    }
  for (guint i = 0; i < connections->len; i++)
    {
      const RtConnectionInfo *info = connections->pdata[i];

      add (entries, info->first_event, ENTRY_OPENED, info);
      if (info->end != RT_CONNECTION_OPEN)
        add (entries, info->last_event, ENTRY_CLOSED, info);
    }
  for (guint i = 0; i < decisions->len; i++)
    add (entries, ((RtDecisionInfo *)decisions->pdata[i])->event, ENTRY_DECISION,
         decisions->pdata[i]);
  for (guint i = 0; i < states->len; i++)
    add (entries, ((RtStateInfo *)states->pdata[i])->event, ENTRY_STATE, states->pdata[i]);
  for (guint i = 0; i < segments->len; i++)
    if (((RtSegment *)segments->pdata[i])->tunnelled)
      add (entries, ((RtSegment *)segments->pdata[i])->event, ENTRY_TUNNELLED, segments->pdata[i]);
}

static void
write_beginning (Writer *w)
{
  GPtrArray *parties = rt_analysis_get_parties (w->analysis);
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char *start = NULL;

  if (rt_analysis_get_length (w->analysis) == 0)
    return;
  start = rt_time_format (rt_analysis_get_start (w->analysis));
  g_string_append_printf (line, "Begins at %s.", start);
  for (guint i = 0; i < parties->len; i++)
    {
      const RtPartyInfo *party = parties->pdata[i];

      g_string_append_printf (line, "%s%s (%s)%s", i == 0 ? " There are " : ", ", party->name,
                              party->kind, i + 1 == parties->len ? "." : "");
    }
  append_wrapped (w->out, 0, 0, line->str);
}

/* Notes that stand behind no decision of a party's, at the end: what is wrong with the messages,
 * and what the observer found, with the decision that it came to by itself. */
static void
write_other_notes (Writer *w)
{
  GPtrArray *notes = rt_analysis_get_notes (w->analysis);
  gboolean any = FALSE;

  for (guint i = 0; i < notes->len; i++)
    {
      const RtNote *note = notes->pdata[i];
      g_autofree char *line = NULL;

      if (note->decision != NULL && note->finding == NULL)
        continue;
      if (!any)
        g_string_append (w->out, "\nOf the messages:\n");
      any = TRUE;
      line = g_strdup_printf ("%s, exchange %u: %s. %s", rt_severity_name (note->severity),
                              note->exchange, note->title, note->text);
      append_line (w->out, 2, line);
      if (note->decision != NULL && (w->flags & RT_TRANSCRIPT_DECISIONS) != 0)
        append_decision (w->out, w->analysis, note->decision, 4, note->exchange);
    }
}

/**
 * rt_transcript_dup:
 * @analysis: an analysis; what it was not fed is not in the transcript
 * @flags: how much to tell
 *
 * Returns: (transfer full): all that happened, as text of 80 columns; UTF-8
 */
char *
rt_transcript_dup (RtAnalysis *analysis, RtTranscriptFlags flags)
{
  Writer w = { analysis, flags, g_string_new (NULL) };
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));

  collect_exchanges (analysis, entries);
  collect_others (analysis, entries);
  g_array_sort (entries, compare_entries);
  write_beginning (&w);
  for (guint i = 0; i < entries->len; i++)
    write_entry (&w, &g_array_index (entries, Entry, i));
  if ((flags & RT_TRANSCRIPT_NOTES) != 0)
    write_other_notes (&w);
  return g_string_free (w.out, FALSE);
}
