/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lists and parameters. Both are cursors: what a peer sent is walked, never copied. */
#include "rt-list.h"

/* Where the quoted string, comment or `<…>` that opens at @at ends (behind its last byte). One
 * that never ends runs to the end of the text: whatever stands in it must not be read as elements
 * of their own, since the peer may have meant it as one. */
static gsize
skip_enclosed (RtText text, gsize at)
{
  char open = text.at[at];
  guint depth = 0;

  for (gsize i = at; i < text.length; i++)
    {
      char c = text.at[i];

      if (open == '<')
        {
          if (c == '>')
            return i + 1;
        }
      else if (c == '\\')
        i++;
      else if (open == '"' && c == '"' && i > at)
        return i + 1;
      else if (open == '(' && c == '(')
        depth++;
      else if (open == '(' && c == ')' && --depth == 0)
        return i + 1;
    }
  return text.length;
}

/* The length of what stands before the first @separator that nothing encloses. */
static gsize
length_until (RtText text, char separator, RtListFlags flags)
{
  gsize i = 0;

  while (i < text.length && text.at[i] != separator)
    {
      char c = text.at[i];

      if (c == '"' || (c == '(' && (flags & RT_LIST_COMMENTS))
          || (c == '<' && (flags & RT_LIST_ANGLES)))
        i = skip_enclosed (text, i);
      else
        i++;
    }
  return i;
}

static gboolean
next_separated (RtText *rest, char separator, RtListFlags flags, RtText *ret_element)
{
  while (rest->length > 0)
    {
      gsize n = length_until (*rest, separator, flags);
      RtText element = rt_text_trim (rt_text_sub (*rest, 0, n));

      rt_skip (rest, MIN (n + 1, rest->length));
      if (element.length > 0)
        {
          *ret_element = element;
          return TRUE;
        }
    }
  return FALSE;
}

/**
 * rt_list_next:
 * @rest: (inout): cursor; starts as the whole field value
 * @ret_element: (out): the next element, white space around it left out
 *
 * Empty elements are skipped, as a recipient must (RFC 9110 §5.6.1.2). A comma in a quoted string
 * separates nothing. For entity tags, in which a backslash escapes nothing, see
 * rt_etag_list_next().
 *
 * Returns: %FALSE at the end
 */
gboolean
rt_list_next (RtText *rest, RtText *ret_element)
{
  return next_separated (rest, ',', RT_LIST_PLAIN, ret_element);
}

/**
 * rt_list_next_full:
 * @rest: (inout): cursor
 * @flags: what else encloses commas in this field
 * @ret_element: (out): the next element
 *
 * Returns: %FALSE at the end
 */
gboolean
rt_list_next_full (RtText *rest, RtListFlags flags, RtText *ret_element)
{
  return next_separated (rest, ',', flags, ret_element);
}

/**
 * rt_list_contains_token:
 * @value: a list such as `Connection: close, X-A`
 * @token: what to look for
 *
 * Returns: whether one of its elements is @token; case is ignored
 */
gboolean
rt_list_contains_token (RtText value, RtText token)
{
  RtText rest = value;
  RtText element;

  while (rt_list_next (&rest, &element))
    if (rt_text_equal_nocase (element, token))
      return TRUE;
  return FALSE;
}

static RtParameter
parse_parameter (RtText text, gboolean spaced)
{
  RtText rest = text;
  RtParameter p = { .whole = text };
  RtText name = rt_take_token (&rest);
  RtText value;

  if (name.length == 0)
    return p;
  p.name = name;
  if (spaced)
    rt_take_ows (&rest);
  if (rest.length == 0)
    {
      p.kind = RT_PARAMETER_FLAG;
      p.value = rest;
    }
  else if (rt_take_char (&rest, '='))
    {
      if (spaced)
        rt_take_ows (&rest);
      if (rt_text_is_token (rest))
        {
          p.kind = RT_PARAMETER_TOKEN;
          p.value = rest;
        }
      else if (rt_take_quoted (&rest, &value) && rest.length == 0)
        {
          p.kind = RT_PARAMETER_QUOTED;
          p.value = value;
        }
    }
  return p;
}

/**
 * rt_parameter_parse:
 * @text: one parameter, white space around it left out
 *
 * No white space is allowed around "=" (RFC 9110 §5.6.6).
 *
 * Returns: the parameter, perhaps a malformed one
 */
RtParameter
rt_parameter_parse (RtText text)
{
  return parse_parameter (text, FALSE);
}

/**
 * rt_parameter_parse_spaced:
 * @text: one parameter, white space around it left out
 *
 * For the two grammars that have "bad" white space around "=": auth-param (RFC 9110 §11.2) and
 * link-param (RFC 8288 §3).
 *
 * Returns: the parameter, perhaps a malformed one
 */
RtParameter
rt_parameter_parse_spaced (RtText text)
{
  return parse_parameter (text, TRUE);
}

/**
 * rt_parameter_next:
 * @rest: (inout): cursor; starts behind the value that the parameters belong to
 * @ret_parameter: (out): the next parameter, perhaps a malformed one
 *
 * Empty parameters (`;;`) are skipped: the grammar has them.
 *
 * Returns: %FALSE at the end
 */
gboolean
rt_parameter_next (RtText *rest, RtParameter *ret_parameter)
{
  RtText text;

  if (!next_separated (rest, ';', RT_LIST_PLAIN, &text))
    return FALSE;
  *ret_parameter = rt_parameter_parse (text);
  return TRUE;
}

/**
 * rt_parameter_find:
 * @parameters: what stands behind the value that they belong to
 * @name: case is ignored
 * @ret_parameter: (out): the first well-formed one of that name
 *
 * Returns: whether there is one
 */
gboolean
rt_parameter_find (RtText parameters, const char *name, RtParameter *ret_parameter)
{
  RtText rest = parameters;
  RtParameter p;

  while (rt_parameter_next (&rest, &p))
    if (p.kind != RT_PARAMETER_MALFORMED && rt_text_is_nocase (p.name, name))
      {
        *ret_parameter = p;
        return TRUE;
      }
  return FALSE;
}

/**
 * rt_parameter_equal:
 * @parameter: a parameter
 * @plain: a value
 * @ignore_case: of ASCII letters
 *
 * Returns: whether its value, escapes resolved, is @plain
 */
gboolean
rt_parameter_equal (const RtParameter *parameter, RtText plain, gboolean ignore_case)
{
  if (parameter->kind == RT_PARAMETER_QUOTED)
    return rt_quoted_equal (parameter->value, plain, ignore_case);
  return ignore_case ? rt_text_equal_nocase (parameter->value, plain)
                     : rt_text_equal (parameter->value, plain);
}

/**
 * rt_parameter_dup_value:
 * @parameter: a parameter
 *
 * Returns: (transfer full): its value, escapes resolved; empty for a flag
 */
char *
rt_parameter_dup_value (const RtParameter *parameter)
{
  return parameter->kind == RT_PARAMETER_QUOTED ? rt_quoted_dup (parameter->value)
                                                : rt_text_dup (parameter->value);
}
