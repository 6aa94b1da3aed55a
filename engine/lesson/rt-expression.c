/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The language of checks, captures and notes: reading one line of it.
 *
 *     check    = subject condition
 *     subject  = message property / "body" / exchange ["duration"] / step "duration" / result /
 *                state /
 * count / decision message  = ("request" / "response") which [ends] / "last" ("request" /
 * "response") [ends] exchange = "exchange" which [ends] / "last exchange" [ends] which    = number
 * from 1 / name that a step was given with "as" ends     = ["from" party] ["to" party] state    =
 * "state" party key [member] count    = ("count" / "most") ("requests" [method] / "responses"
 * [status] / "exchanges" / "connections" / "bytes" / "states" kind) [ends] ["in" step] step     =
 * "step" which / "last step" decision = "decision" clause; behind its condition: ["in" (exchange /
 * step)]
 *
 * What follows a comparison is its value, literally, up to the end of the line: `field ETag ==
 * "1"` compares with the quotes, as they stand on the wire. */
#include "rt-expression-private.h"

#include <string.h>

/* clang-format off */
static const char *const subjects[] = {
  "last", "request", "response", "exchange", "body", "state", "count", "most", "decision", "step",
  "result", "run",
};
static const char *const messages[] = { "request", "response", "exchange", "step", "result" };
static const char *const step_properties[] = { "duration" };
static const char *const result_properties[] = {
  "type", "status", "url", "redirected", "from-cache", "error", "body", "field",
};
static const char *const request_properties[] = {
  "method", "target", "version", "field", "trailer", "body", "member", "size", "content-size",
};
static const char *const response_properties[] = {
  "status", "reason", "version", "field", "trailer", "body", "member", "size", "content-size",
};
static const char *const countables[] = {
  "requests", "responses", "exchanges", "connections", "bytes", "states",
};
static const char *const operator_words[] = {
  "==", "!=", "<", "<=", ">", ">=", "contains", "lacks",
};
static const RtOperator operator_values[] = {
  RT_OPERATOR_IS, RT_OPERATOR_IS_NOT, RT_OPERATOR_LESS, RT_OPERATOR_AT_MOST, RT_OPERATOR_GREATER,
  RT_OPERATOR_AT_LEAST, RT_OPERATOR_CONTAINS, RT_OPERATOR_LACKS,
};
static const char *const outcomes[] = { "holds", "fails", "decides" };
/* clang-format on */

/* What is left of the line that is being read. */
typedef struct
{
  const char *at;
  const RtPlace *place;
  GError **error;
} Reader;

/* The next word, or NULL at the end. */
static char *
next_word (Reader *reader)
{
  const char *start;

  while (g_ascii_isspace (*reader->at))
    reader->at++;
  if (*reader->at == '\0')
    return NULL;
  start = reader->at;
  while (*reader->at != '\0' && !g_ascii_isspace (*reader->at))
    reader->at++;
  return g_strndup (start, (gsize)(reader->at - start));
}

static gboolean
next_is (Reader *reader, const char *word)
{
  const char *before = reader->at;
  g_autofree char *next = next_word (reader);

  if (g_strcmp0 (next, word) == 0)
    return TRUE;
  reader->at = before;
  return FALSE;
}

/* The next word, which must be there: @expected says what it is. */
static char *
need_word (Reader *reader, const char *expected)
{
  char *word = next_word (reader);

  if (word == NULL)
    rt_set_error (reader->error, RT_ERROR_SYNTAX, reader->place, expected,
                  "the line ends too early");
  return word;
}

/* The next word, which must be one of @names: its index, or -1. */
static int
need_one_of (Reader *reader, const char *what, const char *const *names, gsize n)
{
  g_autofree char *word = need_word (reader, what);

  if (word == NULL)
    return -1;
  for (gsize i = 0; i < n; i++)
    if (g_str_equal (word, names[i]))
      return (int)i;
  rt_set_unknown (reader->error, reader->place, what, word, names, n);
  return -1;
}

/* which: a number or a step's name. */
static gboolean
read_which (Reader *reader, RtExpression *out)
{
  g_autofree char *word = need_word (reader, "a number from 1 or a step's name");
  guint64 number;

  if (word == NULL)
    return FALSE;
  if (!g_ascii_isdigit (word[0]))
    {
      out->step_name = g_steal_pointer (&word);
      return TRUE;
    }
  if (!rt_text_to_uint64 (rt_text (word), &number) || number == 0 || number > G_MAXUINT)
    {
      rt_set_error (reader->error, RT_ERROR_SYNTAX, reader->place,
                    "a number from 1 or a step's name", "“%s” numbers no exchange", word);
      return FALSE;
    }
  out->number = (guint)number;
  return TRUE;
}

static gboolean
read_property (Reader *reader, RtExpression *out)
{
  const char *const *names
      = out->subject == RT_SUBJECT_REQUEST ? request_properties : response_properties;
  int i = need_one_of (reader,
                       out->subject == RT_SUBJECT_REQUEST ? "property of a request"
                                                          : "property of a response",
                       names, G_N_ELEMENTS (request_properties));

  if (i < 0)
    return FALSE;
  out->property = g_strdup (names[i]);
  if (g_str_equal (names[i], "field") || g_str_equal (names[i], "trailer"))
    out->name = need_word (reader, "a field's name");
  else if (g_str_equal (names[i], "member"))
    out->name = need_word (reader, "a member of a JSON object");
  else
    return TRUE;
  return out->name != NULL;
}

/* `from PARTY`, `to PARTY`, in any order, each once. */
static gboolean
read_ends (Reader *reader, RtExpression *out)
{
  for (;;)
    {
      char **slot = next_is (reader, "from") ? &out->from
                    : next_is (reader, "to") ? &out->to
                                             : NULL;

      if (slot == NULL)
        return TRUE;
      if (*slot != NULL)
        {
          rt_set_error (reader->error, RT_ERROR_SYNTAX, reader->place, "one party",
                        "an end is named twice");
          return FALSE;
        }
      *slot = need_word (reader, "a party");
      if (*slot == NULL)
        return FALSE;
    }
}

static gboolean
read_message (Reader *reader, RtExpression *out, gboolean last)
{
  if ((!last && !read_which (reader, out)) || !read_ends (reader, out))
    return FALSE;
  if (out->subject != RT_SUBJECT_EXCHANGE)
    return read_property (reader, out);
  if (next_is (reader, "duration"))
    out->property = g_strdup ("duration");
  return TRUE;
}

/* `step 2 duration`, `last step duration` */
static gboolean
read_step (Reader *reader, RtExpression *out, gboolean last)
{
  out->subject = RT_SUBJECT_STEP;
  out->within = RT_WITHIN_STEP;
  return (last || read_which (reader, out))
         && need_one_of (reader, "property of a step", step_properties, 1) == 0;
}

/* `result 2 status`, `last result field ETag`: what a page got; the number is the step's. */
static gboolean
read_result (Reader *reader, RtExpression *out, gboolean last)
{
  int i;

  out->subject = RT_SUBJECT_RESULT;
  out->within = RT_WITHIN_STEP;
  if (!last && !read_which (reader, out))
    return FALSE;
  i = need_one_of (reader, "property of a result", result_properties,
                   G_N_ELEMENTS (result_properties));
  if (i < 0)
    return FALSE;
  out->property = g_strdup (result_properties[i]);
  if (!g_str_equal (out->property, "field"))
    return TRUE;
  out->name = need_word (reader, "a field's name");
  return out->name != NULL;
}

static gboolean
read_last (Reader *reader, RtExpression *out)
{
  int i = need_one_of (reader, "message", messages, G_N_ELEMENTS (messages));

  if (i < 0)
    return FALSE;
  if (i >= 3)
    return i == 3 ? read_step (reader, out, TRUE) : read_result (reader, out, TRUE);
  out->subject = i == 0 ? RT_SUBJECT_REQUEST : i == 1 ? RT_SUBJECT_RESPONSE : RT_SUBJECT_EXCHANGE;
  return read_message (reader, out, TRUE);
}

static gboolean
is_operator (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (operator_words); i++)
    if (g_str_equal (word, operator_words[i]))
      return TRUE;
  return g_str_equal (word, "is");
}

static gboolean
read_state (Reader *reader, RtExpression *out)
{
  const char *before;
  g_autofree char *member = NULL;

  out->from = need_word (reader, "a party and a key");
  out->name = out->from != NULL ? need_word (reader, "the key of what the party keeps") : NULL;
  if (out->name == NULL)
    return FALSE;
  before = reader->at;
  member = next_word (reader);
  if (member != NULL && is_operator (member))
    reader->at = before;
  else
    out->property = g_steal_pointer (&member);
  return TRUE;
}

/* `in exchange 3`, `in step 2`, `in last step`, `in run`; where it is not there, all is looked at.
 */
static gboolean
read_in (Reader *reader, RtExpression *out)
{
  static const char *const places[] = { "exchange", "step" };
  gboolean last;
  int i;

  if (!next_is (reader, "in"))
    return TRUE;
  if (next_is (reader, "run"))
    {
      out->within = RT_WITHIN_ALL;
      return TRUE;
    }
  last = next_is (reader, "last");
  i = need_one_of (reader, "part of the run", places, G_N_ELEMENTS (places));
  if (i < 0)
    return FALSE;
  out->within = i == 0 ? RT_WITHIN_EXCHANGE : RT_WITHIN_STEP;
  return last || read_which (reader, out);
}

/* A method, a status or a kind of state. */
static gboolean
read_filter (Reader *reader, RtExpression *out)
{
  static const char *const others[] = { "from", "to", "of", "in" };
  const char *before = reader->at;
  g_autofree char *word = next_word (reader);

  if (word != NULL && !is_operator (word))
    {
      gsize i = 0;

      while (i < G_N_ELEMENTS (others) && !g_str_equal (word, others[i]))
        i++;
      if (i == G_N_ELEMENTS (others) && out->countable != RT_COUNT_EXCHANGES
          && out->countable != RT_COUNT_CONNECTIONS && out->countable != RT_COUNT_BYTES)
        {
          out->filter = g_steal_pointer (&word);
          return TRUE;
        }
    }
  reader->at = before;
  if (out->countable == RT_COUNT_STATES)
    rt_set_error (reader->error, RT_ERROR_SYNTAX, reader->place, "“states slot of PARTY”",
                  "it does not say what kind of states are counted");
  return out->countable != RT_COUNT_STATES;
}

static gboolean
read_count (Reader *reader, RtExpression *out)
{
  int i = need_one_of (reader, "countable thing", countables, G_N_ELEMENTS (countables));

  if (i < 0)
    return FALSE;
  out->countable = (RtCountable)i;
  if (!read_filter (reader, out))
    return FALSE;
  if (out->countable == RT_COUNT_STATES)
    {
      if (!next_is (reader, "of"))
        {
          rt_set_error (reader->error, RT_ERROR_SYNTAX, reader->place, "“of PARTY”",
                        "it does not say whose states are counted");
          return FALSE;
        }
      out->from = need_word (reader, "a party");
      return out->from != NULL;
    }
  if (out->most)
    {
      rt_set_error (reader->error, RT_ERROR_SYNTAX, reader->place, "“states KIND of PARTY”",
                    "only states come and go");
      return FALSE;
    }
  if (!read_ends (reader, out) || !read_in (reader, out))
    return FALSE;
  if (out->within == RT_WITHIN_EXCHANGE)
    rt_set_error (reader->error, RT_ERROR_SYNTAX, reader->place, "“in step N”",
                  "one exchange is nothing to count");
  return out->within != RT_WITHIN_EXCHANGE;
}

static gboolean
read_decision (Reader *reader, RtExpression *out)
{
  out->name = need_word (reader, "a clause, as a decision's trace names it");
  return out->name != NULL;
}

static gboolean
read_subject (Reader *reader, RtExpression *out)
{
  int i = need_one_of (reader, "subject", subjects, G_N_ELEMENTS (subjects));

  if (i < 0)
    return FALSE;
  switch (subjects[i][0])
    {
    case 'l':
      return read_last (reader, out);
    case 'r':
      if (g_str_equal (subjects[i], "run"))
        {
          out->subject = RT_SUBJECT_STEP;
          return need_one_of (reader, "property of a run", step_properties, 1) == 0;
        }
      if (g_str_equal (subjects[i], "result"))
        return read_result (reader, out, FALSE);
      out->subject
          = g_str_equal (subjects[i], "request") ? RT_SUBJECT_REQUEST : RT_SUBJECT_RESPONSE;
      return read_message (reader, out, FALSE);
    case 'e':
      out->subject = RT_SUBJECT_EXCHANGE;
      return read_message (reader, out, FALSE);
    case 'b':
      out->subject = RT_SUBJECT_RESPONSE;
      out->property = g_strdup ("body");
      return TRUE;
    case 's':
      if (g_str_equal (subjects[i], "step"))
        return read_step (reader, out, FALSE);
      out->subject = RT_SUBJECT_STATE;
      return read_state (reader, out);
    case 'm':
      out->most = TRUE;
      /* fall through */
    case 'c':
      out->subject = RT_SUBJECT_COUNT;
      return read_count (reader, out);
    default:
      out->subject = RT_SUBJECT_DECISION;
      return read_decision (reader, out);
    }
}

static gboolean
read_comparison (Reader *reader, RtExpression *out)
{
  static const char *const presence[] = { "present", "absent" };
  int i;

  if (next_is (reader, "is"))
    {
      i = need_one_of (reader, "condition", presence, G_N_ELEMENTS (presence));
      out->relation = i == 0 ? RT_OPERATOR_PRESENT : RT_OPERATOR_ABSENT;
      return i >= 0;
    }
  i = need_one_of (reader, "comparison", operator_words, G_N_ELEMENTS (operator_words));
  if (i < 0)
    return FALSE;
  out->relation = operator_values[i];
  out->value = g_strstrip (g_strdup (reader->at));
  reader->at += strlen (reader->at);
  if (*out->value != '\0')
    return TRUE;
  rt_set_error (reader->error, RT_ERROR_SYNTAX, reader->place, "a value", "nothing follows “%s”",
                operator_words[i]);
  return FALSE;
}

static gboolean
read_condition (Reader *reader, RtExpression *out)
{
  int i;

  if (out->subject != RT_SUBJECT_DECISION)
    return read_comparison (reader, out);
  out->within = RT_WITHIN_EXCHANGE;
  i = need_one_of (reader, "outcome", outcomes, G_N_ELEMENTS (outcomes));
  out->relation = (RtOperator)(RT_OPERATOR_HOLDS + i);
  return i >= 0;
}

static gboolean
read_end (Reader *reader)
{
  g_autofree char *word = next_word (reader);

  if (word == NULL)
    return TRUE;
  rt_set_error (reader->error, RT_ERROR_SYNTAX, reader->place, "the end of the line",
                "“%s” follows", word);
  return FALSE;
}

/**
 * rt_expression_parse:
 * @text: one line
 * @check: TRUE: a check, with a condition; FALSE: what a capture or a note points at, without
 * @place: where it stands
 *
 * Errors: %RT_ERROR_SYNTAX and %RT_ERROR_UNKNOWN.
 *
 * Returns: (nullable) (transfer full): the expression
 */
RtExpression *
rt_expression_parse (const char *text, gboolean check, const RtPlace *place, GError **error)
{
  RtExpression *expression = g_new0 (RtExpression, 1);
  Reader reader = { text, place, error };

  g_return_val_if_fail (text != NULL, NULL);
  expression->text = g_strstrip (g_strdup (text));
  if (!read_subject (&reader, expression) || (check && !read_condition (&reader, expression))
      || (expression->subject == RT_SUBJECT_DECISION && !read_in (&reader, expression))
      || !read_end (&reader))
    g_clear_pointer (&expression, rt_expression_free);
  return expression;
}

/**
 * rt_expression_free:
 * @expression: (nullable): an expression
 */
void
rt_expression_free (RtExpression *expression)
{
  if (expression == NULL)
    return;
  g_free (expression->text);
  g_free (expression->step_name);
  g_free (expression->property);
  g_free (expression->name);
  g_free (expression->from);
  g_free (expression->to);
  g_free (expression->filter);
  g_free (expression->value);
  g_free (expression);
}

/**
 * rt_expression_get_text:
 * @expression: an expression
 *
 * Returns: it, as it was written
 */
const char *
rt_expression_get_text (const RtExpression *expression)
{
  return expression->text;
}

/**
 * rt_expression_get_keeper:
 * @expression: an expression
 *
 * Returns: (nullable): the party whose states it is about; %NULL: it is about what can be seen on
 *   the wire, or about a decision
 */
const char *
rt_expression_get_keeper (const RtExpression *expression)
{
  gboolean states
      = expression->subject == RT_SUBJECT_STATE
        || (expression->subject == RT_SUBJECT_COUNT && expression->countable == RT_COUNT_STATES);

  return states ? expression->from : NULL;
}

/**
 * rt_expression_is_decision:
 * @expression: an expression
 *
 * Returns: whether it is about why somebody did something
 */
gboolean
rt_expression_is_decision (const RtExpression *expression)
{
  return expression->subject == RT_SUBJECT_DECISION;
}

/**
 * rt_expression_is_of_task:
 * @expression: an expression
 *
 * Returns: whether it is about what one of our own parties was told to do, and what it made of it
 */
gboolean
rt_expression_is_of_task (const RtExpression *expression)
{
  return expression->subject == RT_SUBJECT_RESULT || expression->subject == RT_SUBJECT_STEP
         || expression->within == RT_WITHIN_STEP;
}
