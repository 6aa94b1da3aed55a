/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The language of checks, captures and notes: whether what was found is as asked. */
#include "rt-expression-private.h"

#include <string.h>

static gboolean
compare_numbers (RtOperator relation, gint64 a, gint64 b)
{
  switch (relation)
    {
    case RT_OPERATOR_LESS:
      return a < b;
    case RT_OPERATOR_AT_MOST:
      return a <= b;
    case RT_OPERATOR_GREATER:
      return a > b;
    default:
      return a >= b;
    }
}

/* Whether @text is as asked. Only whole numbers have an order. */
static gboolean
compare (const RtExpression *e, const char *text, const char *value, GError **error)
{
  gint64 a, b;

  switch (e->relation)
    {
    case RT_OPERATOR_PRESENT:
      return text != NULL;
    case RT_OPERATOR_ABSENT:
      return text == NULL;
    case RT_OPERATOR_IS:
      return g_strcmp0 (text, value) == 0;
    case RT_OPERATOR_IS_NOT:
      return g_strcmp0 (text, value) != 0;
    case RT_OPERATOR_CONTAINS:
      return text != NULL && strstr (text, value) != NULL;
    case RT_OPERATOR_LACKS:
      return text == NULL || strstr (text, value) == NULL;
    case RT_OPERATOR_HOLDS:
      return g_strcmp0 (text, "holds") == 0;
    case RT_OPERATOR_FAILS:
      return g_strcmp0 (text, "fails") == 0;
    case RT_OPERATOR_DECIDES:
      return g_strcmp0 (text, "decides") == 0;
    default:
      if ((e->subject == RT_SUBJECT_EXCHANGE || e->subject == RT_SUBJECT_STEP) && text != NULL)
        return rt_duration_parse (text, &a, NULL) && rt_duration_parse (value, &b, NULL)
                   ? compare_numbers (e->relation, a, b)
                   : rt_expression_missing (error, "it cannot be compared: it is no duration");
      if (text == NULL || !g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &a, NULL)
          || !g_ascii_string_to_signed (value, 10, G_MININT64, G_MAXINT64, &b, NULL))
        return rt_expression_missing (error, "it cannot be compared: it is no whole number");
      return compare_numbers (e->relation, a, b);
    }
}

/* What was found, as a message shows it: short, on one line. */
static char *
shown (const char *text)
{
  g_autofree char *escaped = text != NULL ? rt_text_escape (rt_text (text)) : NULL;

  if (escaped == NULL)
    return g_strdup ("absent");
  if (g_utf8_strlen (escaped, -1) > 100)
    {
      g_autofree char *start = g_utf8_substring (escaped, 0, 100);

      return g_strconcat (start, "…", NULL);
    }
  return g_strdup (*escaped != '\0' ? escaped : "empty");
}

/**
 * rt_expression_holds:
 * @expression: a check
 * @scope: what it is evaluated on
 * @ret_found: (out): what it looked at
 *
 * Errors: %RT_ERROR_MISSING: `last response status == 412; it was 204`, or what it looks at is not
 * there.
 *
 * Returns: whether it holds; if not, @error says why
 */
gboolean
rt_expression_holds (const RtExpression *expression,
                     const RtExpressionScope *scope,
                     RtFound *ret_found,
                     GError **error)
{
  g_autofree char *value = NULL;
  g_autofree char *was = NULL;
  g_autoptr (GError) problem = NULL;

  g_return_val_if_fail (expression != NULL && expression->relation != RT_OPERATOR_NONE, FALSE);
  if (rt_expression_find (expression, scope, ret_found, &problem))
    {
      if (expression->value != NULL && scope->expand != NULL)
        value = scope->expand (scope->data, expression->value, &problem);
      else
        value = g_strdup (expression->value);
      if (problem == NULL && compare (expression, ret_found->text, value, &problem))
        return TRUE;
      was = shown (ret_found->text);
    }
  if (problem != NULL && was == NULL)
    return rt_expression_missing (error, "%s; %s", expression->text, problem->message);
  if (problem != NULL)
    return rt_expression_missing (error, "%s; %s: %s", expression->text, problem->message, was);
  if (value != NULL && !g_str_equal (value, expression->value))
    return rt_expression_missing (error, "%s (%s); it was %s", expression->text, value, was);
  return rt_expression_missing (error, "%s; it was %s", expression->text, was);
}
