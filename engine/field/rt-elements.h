/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The elements of a list that may stand on several lines. */
#pragma once

#include "rt-fields.h"

G_BEGIN_DECLS

/**
 * RtElements:
 * @field: the line that the last element stands on; %NULL before the first
 *
 * A walk through the comma-separated elements of all lines of one name, which are one list
 * (RFC 9110 §5.3). Holds nothing; good until the section changes.
 */
typedef struct
{
  const RtField *field;

  /*< private >*/
  RtFields *fields;
  RtText name, rest;
  guint at;
} RtElements;

RtElements rt_elements (RtFields *fields, const char *name);
RtElements rt_elements_of (RtFields *fields, RtText name);
gboolean rt_elements_next (RtElements *elements, RtText *ret_element);

G_END_DECLS
