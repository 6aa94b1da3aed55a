/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is marked in a message, as it is copied. */
#pragma once

#include "rt-view.h"

G_BEGIN_DECLS

/**
 * RtMarkedForm:
 * @RT_MARKED_BYTES: the marked bytes, or the whole message
 * @RT_MARKED_HEX: likewise, as numbers
 * @RT_MARKED_VALUE: the value of the field that is marked, or what else the element says
 * @RT_MARKED_ADDRESS: the URL of the exchange
 */
typedef enum
{
  RT_MARKED_BYTES,
  RT_MARKED_HEX,
  RT_MARKED_VALUE,
  RT_MARKED_ADDRESS,
} RtMarkedForm;

GBytes *rt_marked_copy (RtAnalysis *analysis, const RtViewSelection *selection, RtMarkedForm form);

G_END_DECLS
