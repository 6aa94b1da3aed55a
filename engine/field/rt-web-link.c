/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Link, RFC 8288. */
#include "rt-web-link.h"

/**
 * rt_web_link_next:
 * @rest: (inout): cursor; starts as the field value
 * @ret_link: (out): the next link, perhaps a malformed one
 *
 * Returns: %FALSE at the end
 */
gboolean
rt_web_link_next (RtText *rest, RtWebLink *ret_link)
{
  RtWebLink link = { .malformed = TRUE };
  RtText text;

  if (!rt_list_next_full (rest, RT_LIST_ANGLES, &link.whole))
    return FALSE;
  text = link.whole;
  if (rt_take_char (&text, '<'))
    {
      link.target = rt_take_until (&text, ">");
      link.malformed = !rt_take_char (&text, '>');
      link.parameters = text;
      rt_take_ows (&text);
      link.malformed |= text.length > 0 && text.at[0] != ';';
    }
  *ret_link = link;
  return TRUE;
}

/**
 * rt_web_link_parameter_next:
 * @rest: (inout): cursor; starts as #RtWebLink.parameters
 * @ret_parameter: (out): the next parameter, perhaps a malformed one
 *
 * Returns: %FALSE at the end
 */
gboolean
rt_web_link_parameter_next (RtText *rest, RtParameter *ret_parameter)
{
  RtParameter p;

  if (!rt_parameter_next (rest, &p))
    return FALSE;
  *ret_parameter = p.kind == RT_PARAMETER_MALFORMED ? rt_parameter_parse_spaced (p.whole) : p;
  return TRUE;
}

/**
 * rt_web_link_find:
 * @link: a link
 * @name: of a parameter; case is ignored
 * @ret_parameter: (out): the first well-formed one of that name: later ones of `rel`, `media`,
 *   `title`, `type` must be ignored (RFC 8288 §3.3, §3.4.1)
 *
 * Returns: whether there is one
 */
gboolean
rt_web_link_find (const RtWebLink *link, const char *name, RtParameter *ret_parameter)
{
  RtText rest = link->parameters;
  RtParameter p;

  while (rt_web_link_parameter_next (&rest, &p))
    if (p.kind != RT_PARAMETER_MALFORMED && rt_text_is_nocase (p.name, name))
      {
        *ret_parameter = p;
        return TRUE;
      }
  return FALSE;
}

/**
 * rt_web_link_has_relation:
 * @link: a link
 * @relation: `preload`; case is ignored
 *
 * Returns: whether its `rel`, a list with spaces between, has it
 */
gboolean
rt_web_link_has_relation (const RtWebLink *link, RtText relation)
{
  RtParameter rel;
  RtText rest;

  if (!rt_web_link_find (link, "rel", &rel))
    return FALSE;
  for (rest = rel.value; rest.length > 0; rt_take_ows (&rest))
    if (rt_text_equal_nocase (rt_take_until (&rest, " \t"), relation))
      return TRUE;
  return FALSE;
}
