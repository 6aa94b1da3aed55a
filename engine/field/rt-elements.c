/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rt-elements.h"

#include "rt-list.h"

/**
 * rt_elements:
 * @fields: a section
 * @name: of a field that is a list, such as `Vary`
 *
 * Returns: a walk that stands before its first element
 */
RtElements
rt_elements (RtFields *fields, const char *name)
{
  return rt_elements_of (fields, rt_text (name));
}

/**
 * rt_elements_of:
 * @fields: a section
 * @name: of a field that is a list; outlives the walk
 *
 * Returns: a walk that stands before its first element
 */
RtElements
rt_elements_of (RtFields *fields, RtText name)
{
  return (RtElements){ .fields = fields, .name = name };
}

/**
 * rt_elements_next:
 * @elements: a walk
 * @ret_element: (out): without the white space around it, never empty
 *
 * Returns: %FALSE at the end
 */
gboolean
rt_elements_next (RtElements *elements, RtText *ret_element)
{
  while (!rt_list_next (&elements->rest, ret_element))
    {
      elements->field = rt_fields_next_of (elements->fields, elements->name, &elements->at);
      if (elements->field == NULL)
        return FALSE;
      elements->rest = elements->field->value;
    }
  return TRUE;
}
