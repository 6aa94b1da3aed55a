/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The directive walker and the number of seconds in its arguments. What a directive means, and
 * which of two wins, is for the rules. */
#include "rt-cache-control.h"

#include "rt-list.h"

/**
 * rt_directive_next:
 * @rest: (inout): cursor; starts as the field value
 * @ret_directive: (out): the next directive, perhaps a malformed one
 *
 * Both argument forms are taken for every directive, since a recipient ought to accept both
 * (RFC 9111 §5.2).
 *
 * Returns: %FALSE at the end
 */
gboolean
rt_directive_next (RtText *rest, RtDirective *ret_directive)
{
  RtText element;
  RtParameter p;

  if (!rt_list_next (rest, &element))
    return FALSE;
  p = rt_parameter_parse (element);
  *ret_directive = (RtDirective){
    .name = p.name,
    .value = p.value,
    .whole = element,
    .has_value = p.kind == RT_PARAMETER_TOKEN || p.kind == RT_PARAMETER_QUOTED,
    .quoted = p.kind == RT_PARAMETER_QUOTED,
    .malformed = p.kind == RT_PARAMETER_MALFORMED,
  };
  return TRUE;
}

/**
 * rt_directive_find:
 * @value: a field value
 * @name: case is ignored
 * @ret_directive: (out): the first directive of that name, perhaps a malformed one
 *
 * Returns: whether there is one
 */
gboolean
rt_directive_find (RtText value, const char *name, RtDirective *ret_directive)
{
  RtText rest = value;
  RtDirective directive;

  while (rt_directive_next (&rest, &directive))
    if (rt_text_is_nocase (directive.name, name))
      {
        *ret_directive = directive;
        return TRUE;
      }
  return FALSE;
}

/**
 * rt_directive_get_seconds:
 * @directive: a directive such as `max-age=60`
 * @ret_seconds: (out): its argument; untouched on failure
 *
 * Returns: whether it has an argument that is delta-seconds
 */
gboolean
rt_directive_get_seconds (const RtDirective *directive, gint64 *ret_seconds)
{
  return directive->has_value && rt_delta_seconds_parse (directive->value, ret_seconds);
}

/**
 * rt_delta_seconds_parse:
 * @text: `1*DIGIT`
 * @ret_seconds: (out): at most %RT_DELTA_SECONDS_MAX; untouched on failure
 *
 * Source: RFC 9111 §1.2.2: one that is too large is not an error but very long.
 *
 * Returns: whether it is digits and nothing else
 */
gboolean
rt_delta_seconds_parse (RtText text, gint64 *ret_seconds)
{
  gint64 value = 0;

  if (text.length == 0)
    return FALSE;
  for (gsize i = 0; i < text.length; i++)
    {
      if (!g_ascii_isdigit (text.at[i]))
        return FALSE;
      value = MIN (value * 10 + (text.at[i] - '0'), RT_DELTA_SECONDS_MAX);
    }
  *ret_seconds = value;
  return TRUE;
}
