/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One exchange: both messages, what they mean, and the decisions behind them as checklists. */
#include "rt-handout-private.h"

#include "rt-note.h"

/* More of a body is not printed. */
#define MAX_BODY 4000
#define MAX_BODY_TEXT "4,000"

static void
append_line (GString *out, RtText text)
{
  g_autofree char *shown = rt_text_escape (text);

  g_string_append (out, shown);
  g_string_append_c (out, '\n');
}

static void
append_start_line (GString *out, RtAnalysis *analysis, const RtTransfer *transfer)
{
  g_autoptr (GBytes) line = rt_analysis_dup_bytes (analysis, transfer->message->start_line, NULL);
  g_autofree char *title = NULL;
  gsize size = 0;
  const char *bytes = line != NULL ? g_bytes_get_data (line, &size) : NULL;

  if (bytes != NULL)
    append_line (out, (RtText){ bytes, size });
  else
    {
      title = rt_transfer_dup_title (transfer);
      append_line (out, rt_text (title));
    }
}

static void
append_body (GString *out, RtAnalysis *analysis, const RtTransfer *transfer)
{
  g_autoptr (GBytes) content = rt_analysis_dup_content (analysis, transfer);
  gsize size = 0;
  const char *bytes = content != NULL ? g_bytes_get_data (content, &size) : NULL;
  gsize shown = MIN (size, MAX_BODY);

  if (size == 0)
    return;
  g_string_append_c (out, '\n');
  for (gsize at = 0; at < shown;)
    {
      RtText rest = { bytes + at, shown - at };
      gssize end = rt_text_find (rest, rt_text ("\n"));
      gsize length = end >= 0 ? (gsize)end : rest.length;

      append_line (out, rt_text_sub (rest, 0, length));
      at += length + 1;
    }
  if (shown < size)
    g_string_append_printf (out, "… the first " MAX_BODY_TEXT " of %" G_GSIZE_FORMAT " bytes\n",
                            size);
}

static void
add_message (RtHandout *self, RtAnalysis *analysis, const RtTransfer *transfer, const char *style)
{
  g_autoptr (GString) text = g_string_new (NULL);
  RtFields *fields;

  if (transfer == NULL || !transfer->has_head)
    return;
  append_start_line (text, analysis, transfer);
  fields = transfer->message->fields;
  for (guint i = 0; i < rt_fields_get_length (fields); i++)
    {
      const RtField *field = rt_fields_get (fields, i);
      g_autofree char *name = rt_text_escape (field->name);
      g_autofree char *value = rt_text_escape (field->value);

      g_string_append_printf (text, "%s: %s\n", name, value);
    }
  append_body (text, analysis, transfer);
  rt_html_element (&self->html, "pre", style, text->str);
}

static const char *
severity_style (RtSeverity severity)
{
  static const char *const styles[] = {
    [RT_SEVERITY_GOOD] = "note good",
    [RT_SEVERITY_INFO] = "note info",
    [RT_SEVERITY_WARNING] = "note warning",
    [RT_SEVERITY_PROBLEM] = "note problem",
  };

  return styles[severity];
}

static void
add_note (RtHandout *self, const RtNote *note)
{
  g_autofree char *title
      = g_strdup_printf ("%s: %s", rt_severity_name (note->severity), note->title);
  g_autofree char *source = g_strdup_printf (
      "%s · %s", note->reference != NULL ? note->reference : "", rt_level_name (note->level));

  rt_html_open (&self->html, "div", "class", severity_style (note->severity), NULL);
  rt_html_element (&self->html, "p", "title", title);
  if (note->text != NULL && *note->text != '\0')
    rt_html_element (&self->html, "p", NULL, note->text);
  if (note->reference != NULL)
    rt_html_element (&self->html, "p", "source", source);
  rt_html_close (&self->html);
}

static void
add_facts (RtHandout *self, const RtCheck *check)
{
  g_autoptr (GString) facts = g_string_new (NULL);

  for (guint i = 0; i < check->n_facts; i++)
    {
      g_autofree char *words = rt_fact_dup_words (&check->facts[i]);

      g_string_append_printf (facts, "%s%s", i > 0 ? ", " : " ", words);
    }
  if (facts->len > 0)
    rt_html_element (&self->html, "span", "facts", facts->str);
}

static void
add_check (RtHandout *self, const RtCheck *check)
{
  static const char *const marks[] = { "○ ", "✓ ", "✗ " };
  static const char *const styles[] = { "not-reached", "holds", "fails" };
  g_autofree char *style
      = g_strdup_printf ("%s%s", styles[check->outcome], check->decides ? " decides" : "");
  g_autofree char *source
      = g_strdup_printf (" %s · %s%s", check->clause.reference, rt_level_name (check->clause.level),
                         check->decides ? " · decides" : "");

  rt_html_open (&self->html, "li", "class", style, NULL);
  rt_html_open (&self->html, "span", "class", "mark", "aria-label",
                rt_outcome_name (check->outcome), "role", "img", NULL);
  rt_html_text (&self->html, marks[check->outcome]);
  rt_html_close (&self->html);
  rt_html_text (&self->html, check->clause.title);
  add_facts (self, check);
  if (check->outcome != RT_OUTCOME_NOT_REACHED)
    rt_html_element (&self->html, "span", "source", source);
  rt_html_close (&self->html);
}

static void
add_decision (RtHandout *self, RtDecision *decision)
{
  const char *verdict = rt_decision_get_verdict (decision);
  g_autofree char *title
      = g_strdup_printf ("%s %s", rt_decision_get_title (decision), verdict != NULL ? verdict : "");

  rt_html_element (&self->html, "p", "title", title);
  rt_html_open (&self->html, "ul", "class", "decision", NULL);
  for (guint i = 0; i < rt_decision_get_n_checks (decision); i++)
    {
      RtCheck check = rt_decision_get_check (decision, i);

      add_check (self, &check);
    }
  rt_html_close (&self->html);
}

static char *
dup_summary (const RtExchange *exchange)
{
  g_autofree char *request
      = exchange->request != NULL ? rt_transfer_dup_title (exchange->request) : g_strdup ("?");
  g_autofree char *response
      = exchange->response != NULL ? rt_transfer_dup_title (exchange->response) : NULL;

  if (response != NULL)
    return g_strdup_printf ("%s → %s", request, response);
  return g_strdup_printf ("%s → %s", request,
                          exchange->failed != NULL ? exchange->failed : "no answer yet");
}

/** rt_handout_add_exchange: folded; its summary says request and answer. */
void
rt_handout_add_exchange (RtHandout *self, RtAnalysis *analysis, const RtExchange *exchange)
{
  g_autofree char *summary = dup_summary (exchange);

  rt_html_open (&self->html, "details", "class", "exchange", NULL);
  rt_html_element (&self->html, "summary", NULL, summary);
  rt_html_open (&self->html, "div", "class", "messages", NULL);
  add_message (self, analysis, exchange->request, "request");
  for (guint i = 0; i < exchange->interim->len; i++)
    add_message (self, analysis, exchange->interim->pdata[i], "response");
  add_message (self, analysis, exchange->response, "response");
  rt_html_close (&self->html);
  for (guint i = 0; i < exchange->notes->len; i++)
    add_note (self, exchange->notes->pdata[i]);
  for (guint i = 0; i < exchange->decisions->len; i++)
    add_decision (self, ((const RtDecisionInfo *)exchange->decisions->pdata[i])->decision);
  rt_html_close (&self->html);
}
