/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * See honesty.h. Mutations work on the text of the messages, which are then read again: so a
 * replacement may have another length, and what it turns the line into is up to the reader. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"

#include <string.h>

/* What changes meaning in many fields. */
static const char *const common_values[] = {
  "",
  "x",
  "0",
  "1",
  "99999999",
  "*",
  "\"x\"",
  "GET",
  "HEAD",
  "POST",
  "OPTIONS",
  "200",
  "304",
  "404",
  "no-store",
  "no-cache",
  "private",
  "public",
  "max-age=0",
  "max-age=99999999",
  "bytes=0-0",
  "Mon, 01 Jan 2001 00:00:00 GMT",
  "Fri, 31 Dec 2049 23:59:59 GMT",
  "/elsewhere",
};

typedef struct
{
  const char *clause; /* that decided; "" for none */
  char *answer;
} Outcome;

static void
outcome_clear (Outcome *outcome)
{
  g_free (outcome->answer);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
read_request_line (RtMessage *message, RtText line, RtBufferId buffer)
{
  const char *first = memchr (line.at, ' ', line.length);
  const char *last = memrchr (line.at, ' ', line.length);
  RtSpan span = { 0, (guint32)line.length, buffer };

  rt_message_set_method (message, (RtText){ line.at, (gsize)(first - line.at) });
  message->method_span = rt_span_sub (span, 0, (guint64)(first - line.at));
  message->target = last > first ? (RtText){ first + 1, (gsize)(last - first - 1) } : RT_TEXT ("");
  rt_message_set_target (message, message->target);
  message->target_span = rt_span_sub (span, (guint64)(first + 1 - line.at), message->target.length);
}

static void
read_status_line (RtMessage *message, RtText line, RtBufferId buffer)
{
  RtText status = rt_text_sub (line, 9, MIN (line.length - 9, 3));
  guint64 code = 0;

  rt_text_to_uint64 (status, &code);
  rt_message_set_status (message, (guint)code, RT_TEXT (""));
  message->status_span = (RtSpan){ 9, (guint32)status.length, buffer };
}

static void
read_field_line (RtMessage *message, RtText line, guint64 offset, RtBufferId buffer)
{
  gssize colon = rt_text_find (line, RT_TEXT (":"));
  RtSpan span = { offset, (guint32)line.length, buffer };
  RtField field = { .line = span };

  if (colon <= 0)
    return;
  field.name = rt_text_sub (line, 0, (gsize)colon);
  field.name_span = rt_span_sub (span, 0, field.name.length);
  field.value = rt_text_trim (rt_text_sub (line, (gsize)colon + 1, line.length - (gsize)colon - 1));
  field.value_span = rt_span_sub (span, (guint64)(field.value.at - line.at), field.value.length);
  rt_fields_append_field (message->fields, &field);
}

/* The kind is set by how the text begins: a message never turns from a request into a response. */
RtMessage *
honesty_message_read (RtText text, RtBufferId buffer)
{
  gboolean is_response = rt_text_starts_with (text, RT_TEXT ("HTTP/"));
  RtMessage *message = rt_message_new (is_response ? RT_MESSAGE_RESPONSE : RT_MESSAGE_REQUEST);
  gsize at = 0;

  if (!is_response)
    rt_message_set_method (message, RT_TEXT ("GET"));
  while (at < text.length)
    {
      RtText rest = rt_text_sub (text, at, text.length - at);
      const char *end = memchr (rest.at, '\n', rest.length);
      RtText line = { rest.at, end != NULL ? (gsize)(end - rest.at) : rest.length };

      if (at == 0 && is_response && line.length >= 9)
        read_status_line (message, line, buffer);
      else if (at == 0 && line.length > 9
               && rt_text_is (rt_text_sub (line, line.length - 9, 9), " HTTP/1.1"))
        read_request_line (message, line, buffer);
      else
        read_field_line (message, line, at, buffer);
      at += line.length + (end != NULL);
    }
  return message;
}

RtMessage *
honesty_message_new (const char *text, RtBufferId buffer)
{
  return honesty_message_read (rt_text (text), buffer);
}

static char *
run_texts (const HonestyCase *c, const char *const texts[HONESTY_MESSAGES_MAX], RtDecision *why)
{
  RtMessage *messages[HONESTY_MESSAGES_MAX] = { NULL };
  char *answer;

  for (guint i = 0; i < HONESTY_MESSAGES_MAX && texts[i] != NULL; i++)
    messages[i] = honesty_message_new (texts[i], i + 1);
  answer = c->run (messages, c->row, why);
  for (guint i = 0; i < HONESTY_MESSAGES_MAX; i++)
    g_clear_pointer (&messages[i], rt_message_unref);
  return answer;
}

/**
 * honesty_run:
 * @c: a case
 * @why: (nullable): receives the explanation
 *
 * Returns: (transfer full): what the rule answers to the case as it is written
 */
char *
honesty_run (const HonestyCase *c, RtDecision *why)
{
  return run_texts (c, c->texts, why);
}

static Outcome
outcome_of (const HonestyCase *c, const char *const texts[HONESTY_MESSAGES_MAX])
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  Outcome outcome = { "", run_texts (c, texts, why) };
  g_autofree char *unexplained = run_texts (c, texts, NULL);
  RtCheck check;

  assert_string_equal (outcome.answer, unexplained);
  if (rt_decision_get_deciding (why, &check))
    outcome.clause = check.clause.id;
  outcome.clause = g_intern_string (outcome.clause);
  return outcome;
}

static gboolean
outcome_equal (const Outcome *a, const Outcome *b)
{
  return a->clause == b->clause && strcmp (a->answer, b->answer) == 0;
}

static char *
replace (const char *text, RtSpan span, const char *with)
{
  return g_strdup_printf ("%.*s%s%s", (int)span.offset, text, with, text + rt_span_end (span));
}

/* Whether the outcome with @with in place of @span differs from @base. */
static gboolean
changes (const HonestyCase *c, const Outcome *base, RtSpan span, const char *with)
{
  const char *texts[HONESTY_MESSAGES_MAX];
  g_autofree char *changed = replace (c->texts[span.buffer - 1], span, with);
  g_auto (Outcome) outcome = { 0 };

  memcpy (texts, c->texts, sizeof texts);
  texts[span.buffer - 1] = changed;
  outcome = outcome_of (c, texts);
  return !outcome_equal (base, &outcome);
}

/* Everything that a cited span is replaced by until something changes. */
static GPtrArray *
collect_values (const HonestyCase *c)
{
  GPtrArray *values = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; c->alternatives != NULL && c->alternatives[i] != NULL; i++)
    g_ptr_array_add (values, g_strdup (c->alternatives[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (common_values); i++)
    g_ptr_array_add (values, g_strdup (common_values[i]));
  for (guint i = 0; i < HONESTY_MESSAGES_MAX && c->texts[i] != NULL; i++)
    {
      g_autoptr (RtMessage) message = honesty_message_new (c->texts[i], i + 1);

      for (guint j = 0; j < rt_fields_get_length (message->fields); j++)
        g_ptr_array_add (values, rt_text_dup (rt_fields_get (message->fields, j)->value));
    }
  return values;
}

/* The line that @span is in, its line break included. */
static RtSpan
line_around (const char *text, RtSpan span)
{
  guint64 start = span.offset;

  while (start > 0 && text[start - 1] != '\n')
    start--;
  return (RtSpan){ start, (guint32)strcspn (text + start, "\n") + 1, span.buffer };
}

static gboolean
some_change_matters (const HonestyCase *c, const Outcome *base, RtSpan span, GPtrArray *values)
{
  const char *text = c->texts[span.buffer - 1];
  RtSpan line = line_around (text, span);

  for (guint i = 0; i < values->len; i++)
    if (changes (c, base, span, g_ptr_array_index (values, i)))
      return TRUE;
  /* Of two lines where one may stand, no value of either changes anything: its absence does. */
  return memchr (text + line.offset, ':', line.length) != NULL && changes (c, base, line, "");
}

static void
check_cited_bytes_matter (const HonestyCase *c, const Outcome *base, RtDecision *why)
{
  g_autoptr (GPtrArray) values = collect_values (c);
  RtCheck check;
  guint cited = 0;

  if (!rt_decision_get_deciding (why, &check))
    return;
  for (guint i = 0; i < check.n_facts; i++)
    {
      RtSpan span = check.facts[i].proof;

      if (rt_span_is_none (span))
        continue;
      cited++;
      if (some_change_matters (c, base, span, values))
        return;
    }
  if (cited > 0)
    fail_msg ("%s: nothing in the place of the bytes that %s cites changes the outcome", c->name,
              check.clause.id);
}

/* The name and the punctuation of the line that holds @proof. */
static void
mark_line (const char *text, RtSpan proof, guint8 *cited)
{
  const char *line = text + proof.offset;

  while (line > text && line[-1] != '\n')
    line--;
  for (const char *at = line; *at != '\0' && *at != '\n'; at++)
    if (at <= (const char *)memchr (line, ':', strlen (line)) || !g_ascii_isalnum (*at))
      cited[at - text] = 1;
}

/* Which bytes of message @i some check cites. */
static GByteArray *
cited_bytes (const HonestyCase *c, guint i, RtDecision *why)
{
  const char *text = c->texts[i];
  gsize length = strlen (text);
  GByteArray *cited = g_byte_array_new ();
  gboolean has_start_line = memchr (text, ':', strcspn (text, "\n")) == NULL;

  g_byte_array_set_size (cited, (guint)length + 1);
  memset (cited->data, 0, cited->len);
  for (guint j = 0; j < rt_decision_get_n_checks (why); j++)
    {
      RtCheck check = rt_decision_get_check (why, j);

      for (guint k = 0; k < check.n_facts; k++)
        {
          RtSpan proof = check.facts[k].proof;

          if (proof.buffer != i + 1)
            continue;
          assert_true (rt_span_end (proof) <= length);
          memset (cited->data + proof.offset, 1, proof.length);
          if (!has_start_line || proof.offset > strcspn (text, "\n"))
            mark_line (text, proof, cited->data);
        }
    }
  return cited;
}

static char
other_char (char c)
{
  if (g_ascii_isdigit (c))
    return c == '7' ? '6' : '7';
  return c == 'q' ? 'z' : 'q';
}

/* Where method, target, status, names and values stand: the rest of the text is no input. */
static gboolean
is_input (RtMessage *message, guint64 offset)
{
  RtSpan at = { offset, 1, 0 };

  at.buffer = message->method_span.buffer;
  if (at.buffer != 0
      && (rt_span_contains (message->method_span, at)
          || rt_span_contains (message->target_span, at)))
    return TRUE;
  at.buffer = message->status_span.buffer;
  if (at.buffer != 0 && rt_span_contains (message->status_span, at))
    return TRUE;
  for (guint i = 0; i < rt_fields_get_length (message->fields); i++)
    {
      const RtField *field = rt_fields_get (message->fields, i);

      at.buffer = field->line.buffer;
      if (rt_span_contains (field->name_span, at) || rt_span_contains (field->value_span, at))
        return TRUE;
    }
  return FALSE;
}

static void
check_other_bytes_do_not (const HonestyCase *c, const Outcome *base, RtDecision *why)
{
  for (guint i = 0; i < HONESTY_MESSAGES_MAX && c->texts[i] != NULL; i++)
    {
      g_autoptr (RtMessage) message = honesty_message_new (c->texts[i], i + 1);
      g_autoptr (GByteArray) cited = cited_bytes (c, i, why);

      for (guint64 at = 0; c->texts[i][at] != '\0'; at++)
        {
          char with[2] = { other_char (c->texts[i][at]), '\0' };

          if (!cited->data[at] && is_input (message, at)
              && changes (c, base, (RtSpan){ at, 1, i + 1 }, with))
            fail_msg ("%s: no check cites byte %u of message %u, and yet it matters: “%.*s|%s”",
                      c->name, (guint)at, i + 1, (int)MIN (at, 30), c->texts[i] + at - MIN (at, 30),
                      c->texts[i] + at);
        }
    }
}

/* A fact that has both text and bytes shows what stands in the bytes. */
static void
check_facts_quote (const HonestyCase *c, RtDecision *why)
{
  for (guint i = 0; i < rt_decision_get_n_checks (why); i++)
    {
      RtCheck check = rt_decision_get_check (why, i);

      for (guint j = 0; j < check.n_facts; j++)
        {
          const RtFact *fact = &check.facts[j];
          RtText bytes;

          if (rt_span_is_none (fact->proof) || fact->text.at == NULL || fact->text.length == 0)
            continue;
          assert_true (fact->proof.buffer <= HONESTY_MESSAGES_MAX);
          bytes = (RtText){ c->texts[fact->proof.buffer - 1] + fact->proof.offset,
                            fact->proof.length };
          if (!rt_text_equal (bytes, fact->text)
              && g_utf8_validate (bytes.at, (gssize)bytes.length, NULL))
            fail_msg ("%s: %s says “%.*s” of bytes that say “%.*s”", c->name, check.clause.id,
                      (int)fact->text.length, fact->text.at, (int)bytes.length, bytes.at);
        }
    }
}

/* For the table of clauses and their tests: which check decided, and which others were made. */
static void
print_clauses (const HonestyCase *c, RtDecision *why)
{
  for (guint i = 0; i < rt_decision_get_n_checks (why); i++)
    {
      RtCheck check = rt_decision_get_check (why, i);

      if (check.outcome != RT_OUTCOME_NOT_REACHED)
        print_message ("# %s %s: %s\n", check.decides ? "decides" : "checks", check.clause.id,
                       c->name);
    }
}

/**
 * honesty_check:
 * @c: a case
 *
 * Fails the test unless the decision is honest. Prints which clauses were checked, for the table of
 * clauses and their tests.
 */
void
honesty_check (const HonestyCase *c)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autofree char *answer = run_texts (c, c->texts, why);
  g_auto (Outcome) base = outcome_of (c, c->texts);

  assert_string_equal (answer, base.answer);
  print_clauses (c, why);
  check_facts_quote (c, why);
  check_cited_bytes_matter (c, &base, why);
  check_other_bytes_do_not (c, &base, why);
}

/**
 * honesty_assert_decides:
 * @why: a concluded decision
 * @clause: (nullable): the id of the check that is to have decided; %NULL asks for nothing
 */
void
honesty_assert_decides (RtDecision *why, const char *clause)
{
  RtCheck check;

  if (clause == NULL)
    return;
  assert_true (rt_decision_get_deciding (why, &check));
  assert_string_equal (check.clause.id, clause);
}

/**
 * honesty_assert_cites_within:
 * @why: a concluded decision
 * @lengths: (array length=n_messages): of the messages' texts
 *
 * Aborts if a check cites bytes that are not there. For fuzz targets, which run no cmocka test.
 */
void
honesty_assert_cites_within (RtDecision *why, const gsize *lengths, guint n_messages)
{
  for (guint i = 0; i < rt_decision_get_n_checks (why); i++)
    {
      RtCheck check = rt_decision_get_check (why, i);

      for (guint j = 0; j < check.n_facts; j++)
        {
          RtSpan proof = check.facts[j].proof;

          if (!rt_span_is_none (proof))
            g_assert_true (proof.buffer <= n_messages
                           && rt_span_end (proof) <= lengths[proof.buffer - 1]);
        }
    }
}

/**
 * honesty_check_answer:
 * @c: a case
 * @want: what the rule is to answer
 * @clause: (nullable): the id of the check that is to decide
 *
 * One row of a table: the answer, what decided it, and whether the decision is honest.
 */
void
honesty_check_answer (const HonestyCase *c, const char *want, const char *clause)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autofree char *answer = honesty_run (c, why);

  assert_string_equal (answer, want);
  assert_string_not_equal (rt_decision_get_verdict (why), "");
  honesty_assert_decides (why, clause);
  honesty_check (c);
}
